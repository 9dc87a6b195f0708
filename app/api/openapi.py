"""How endpoints say in OpenAPI what can go wrong, and what answers outside pydantic look like."""

from collections import defaultdict
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from msgspec import Struct

from aggregates.account.refusals import TermsOutdated
from aggregates.refusal import NotFound, Refusal
from app.problems import (
    MEDIA_TYPE,
    BodyTooLarge,
    CrossSite,
    HttpsRequired,
    InternalError,
    InvalidRequest,
    MalformedHeader,
    MalformedJson,
    MisdirectedHost,
    Problem,
    Unauthenticated,
    UnsupportedMediaType,
)
from commands.refusals import CommandReused, DayNotOpened, StoreUnavailable, VersionStale

Responses = dict[int | str, dict[str, Any]]

_SCHEMA = "#/components/schemas/{name}"
ALWAYS = (MalformedHeader, HttpsRequired, MisdirectedHost, InvalidRequest, InternalError, StoreUnavailable)
SIGNED_IN = (Unauthenticated, NotFound)
WRITING = (
    MalformedJson,
    CrossSite,
    CommandReused,
    TermsOutdated,
    VersionStale,
    BodyTooLarge,
    UnsupportedMediaType,
    DayNotOpened,
)


def problems(*kinds: type[Refusal]) -> Responses:
    """The responses of refusals, one entry per status, their codes in its description."""
    by_status: dict[int, list[str]] = defaultdict(list)
    for kind in kinds:
        by_status[kind.status].append(kind.code)
    return {
        status: {
            "description": " | ".join(f"`{code}`" for code in codes),
            "content": {MEDIA_TYPE: {"schema": _reference(Problem)}},
        }
        for status, codes in sorted(by_status.items())
    }


def reads(*kinds: type[Refusal]) -> Responses:
    """The responses of an endpoint that only reads for somebody who is signed in."""
    return problems(*ALWAYS, *SIGNED_IN, *kinds)


def writes(*kinds: type[Refusal]) -> Responses:
    """The responses of an endpoint by which somebody who is signed in writes."""
    return problems(*ALWAYS, *SIGNED_IN, *WRITING, *kinds)


def struct_answer(struct: type[Struct], description: str, headers: dict[str, Any] | None = None) -> Responses:
    """The response of an endpoint that sends a struct as it is stored, with headers of its own."""
    content = {"application/json": {"schema": _reference(struct)}}
    return {200: {"description": description, "content": content, "headers": headers or {}}}


def _reference(kind: type) -> dict[str, str]:
    return {"$ref": _SCHEMA.format(name=kind.__name__)}


def complete_openapi(app: FastAPI, structs: tuple[type[Struct], ...]) -> None:
    """Let the app's document name the schemas that FastAPI does not find by itself."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
            _add_schemas(document["components"]["schemas"], structs)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to extend the document


def _add_schemas(schemas: dict[str, Any], structs: tuple[type[Struct], ...]) -> None:
    _, components = msgspec.json.schema_components(structs, ref_template=_SCHEMA)
    schemas.update(components)
    problem = Problem.model_json_schema(ref_template=_SCHEMA.replace("{name}", "{model}"))
    schemas.update(problem.pop("$defs"))
    schemas["Problem"] = problem
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
