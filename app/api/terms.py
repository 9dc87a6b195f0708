"""The terms of use (利用規約)."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from app.api import API
from app.api.body import Answer
from app.api.caller import Serving
from app.api.openapi import ALWAYS, problems

router = APIRouter(prefix=f"{API}/terms", tags=["terms"])


class TermsOut(Answer):
    """The terms in force, in Markdown by language. Consent names version and hash."""

    version: str
    hash: Annotated[
        str, Field(validation_alias="text_hash", description="SHA-256 of the Japanese text and the English one after it.")
    ]
    texts: dict[str, str]


@router.get("", responses=problems(*ALWAYS))
def get_terms(service: Serving) -> TermsOut:
    """The terms in force. They are accepted before registering, and again whenever they have changed."""
    return TermsOut.model_validate(service.terms)
