"""The rules in force (版): which vaccines and series there are, and what they are called."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from app.api import API
from app.api.body import Answer
from app.api.caller import Serving
from app.api.openapi import ALWAYS, problems

router = APIRouter(prefix=f"{API}/edition", tags=["edition"])


class VaccineOut(Answer):
    """A product (製品). Its code is what a dose names."""

    code: str
    ja: str
    en: str
    kind: str
    series: list[str]


class SeriesOut(Answer):
    """A series (各期). Its code is what plans and postponements name; `offers` are codes of products, the preferred first."""

    code: str
    ja: str
    disease_ja: str
    en: str
    group: str
    programme: str
    offers: list[str]


class EditionOut(Answer):
    """An edition, named by its content."""

    name: str
    ja: str
    en: str
    content_hash: Annotated[str, Field(description="SHA-256 over the edition's files.")]
    engine: Annotated[str, Field(description="Version of the engine that applies it.")]
    vaccines: list[VaccineOut]
    series: list[SeriesOut]


@router.get("", responses=problems(*ALWAYS))
def get_edition(service: Serving) -> EditionOut:
    """The edition in force."""
    edition = service.edition
    return EditionOut(
        name=edition.name,
        ja=edition.ja,
        en=edition.en,
        content_hash=edition.content_hash,
        engine=service.engine.version,
        vaccines=[VaccineOut.model_validate(product) for product in edition.products.values()],
        series=[SeriesOut.model_validate(series) for series in edition.series.values()],
    )
