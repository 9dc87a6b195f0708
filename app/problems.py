"""Everything that goes wrong, told as RFC 9457 problems in the reader's language.

A problem is known by its stable `code`. Titles and details live in `problems.ja.toml` and `problems.en.toml`, never in code.
"""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field

from aggregates.refusal import Refusal

LANGUAGES = ("ja", "en")
MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "/api/v1/problems/"


class FieldError(BaseModel):
    """What is wrong with one field of the request. `pointer` is a JSON pointer (RFC 6901) into the body, or names a header."""

    pointer: Annotated[str, Field(examples=["#/doses/0/vaccine"])]
    code: Annotated[str, Field(examples=["missing"])]
    detail: str


class Problem(BaseModel):
    """A problem (RFC 9457). Programs go by `code`; `title` and `detail` are for people, in the language asked for."""

    type: Annotated[str, Field(examples=[TYPE_PREFIX + "not_found"])]
    title: str
    status: int
    detail: str
    code: Annotated[str, Field(examples=["not_found"])]
    errors: list[FieldError] = []


class MalformedJson(Refusal):
    """The body is no JSON."""

    code, status = "malformed_json", 400


class MalformedHeader(Refusal):
    """A header cannot be understood; `header` names it."""

    code, status = "malformed_header", 400


class MalformedCursor(Refusal):
    """The text is no cursor that this service has handed out."""

    code, status = "malformed_cursor", 400


class IdempotencyKeyRequired(Refusal):
    """The answer holds secrets, so that only the sender of the first request may see it again."""

    code, status = "idempotency_key_required", 400


class Unauthenticated(Refusal):
    """Nobody is signed in, or the session has ended."""

    code, status = "unauthenticated", 401


class HttpsRequired(Refusal):
    """Plain HTTP from another machine."""

    code, status = "https_required", 403


class CrossSite(Refusal):
    """A write that carries the session cookie but was not sent by a page of this service."""

    code, status = "cross_site", 403


class MethodNotAllowed(Refusal):
    """The resource exists and does not take this method."""

    code, status = "method_not_allowed", 405


class BodyTooLarge(Refusal):
    """The body is longer than the service reads."""

    code, status = "body_too_large", 413


class UnsupportedMediaType(Refusal):
    """The body is not of a type this resource reads."""

    code, status = "unsupported_media_type", 415


class MisdirectedHost(Refusal):
    """Plain HTTP to this machine under a name that is not its own (DNS rebinding)."""

    code, status = "misdirected_host", 421


class InvalidRequest(Refusal):
    """Fields are missing or not of the right shape; `errors` names them."""

    code, status = "invalid_request", 422


class InternalError(Refusal):
    """A mistake of the service itself."""

    code, status = "internal_error", 500


@cache
def texts(language: str) -> dict[str, dict[str, Any]]:
    """The catalogue of one language: a table per code, and `validation` for single fields."""
    return tomllib.loads((Path(__file__).parent / f"problems.{language}.toml").read_text("utf-8"))


def language_of(accept_language: str | None) -> str:
    """The best of our languages for an Accept-Language header; Japanese when none is wished for."""
    wishes = [_wish(part) for part in (accept_language or "").split(",")]
    known = [(quality, tag) for quality, tag in wishes if tag in LANGUAGES and quality > 0]
    return max(known, key=lambda wish: wish[0])[1] if known else LANGUAGES[0]


def _wish(part: str) -> tuple[float, str]:
    tag, _, parameters = part.strip().partition(";")
    quality = parameters.strip().removeprefix("q=")
    try:
        return float(quality or 1), tag.strip().lower()[:2]
    except ValueError:
        return 0.0, ""


def problem_of(refusal: Refusal, language: str, errors: Sequence[FieldError] = ()) -> Problem:
    """The problem that tells of a refusal."""
    text = texts(language).get(refusal.code) or texts(language)[InvalidRequest.code]
    return Problem(
        type=TYPE_PREFIX + refusal.code,
        title=text["title"],
        status=refusal.status,
        detail=_filled(text["detail"], refusal.fields),
        code=refusal.code,
        errors=list(errors) or _field_errors(refusal, text),
    )


def _field_errors(refusal: Refusal, text: Mapping[str, str]) -> list[FieldError]:
    """The field that a rule objects to, where the catalogue names one."""
    if "pointer" not in text:
        return []
    return [FieldError(pointer=text["pointer"], code=refusal.code, detail=text["title"])]


def validation_errors(found: Sequence[Mapping[str, Any]], language: str) -> list[FieldError]:
    """What pydantic found, in our own codes and words. The input itself is never repeated."""
    sentences: Mapping[str, str] = texts(language)["validation"]
    return [_validation_error(error, sentences) for error in found]


def _validation_error(error: Mapping[str, Any], sentences: Mapping[str, str]) -> FieldError:
    code = _FIELD_CODES.get(error["type"], "invalid")
    detail = _filled(sentences[code], error.get("ctx", {}))
    return FieldError(pointer=_pointer(error["loc"]), code=code, detail=detail)


def _pointer(location: Sequence[str | int]) -> str:
    origin, *path = location
    steps = [str(step).replace("~", "~0").replace("/", "~1") for step in path]
    return "/".join(["#", *steps]) if origin == "body" else f"{origin}:{'/'.join(steps)}"


class _Gaps(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"


def _filled(template: str, fields: Mapping[str, object]) -> str:
    return template.format_map(_Gaps(fields))


_FIELD_CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "string_too_short": "too_short",
    "string_too_long": "too_long",
    "too_short": "too_few",
    "too_long": "too_many",
    "string_pattern_mismatch": "pattern",
    "string_type": "not_text",
    "uuid_parsing": "not_uuid",
    "uuid_type": "not_uuid",
    "date_parsing": "not_date",
    "date_from_datetime_parsing": "not_date",
    "date_from_datetime_inexact": "not_date",
    "date_type": "not_date",
    "enum": "not_a_choice",
    "literal_error": "not_a_choice",
    "bool_type": "not_boolean",
    "bool_parsing": "not_boolean",
    "int_parsing": "not_number",
    "int_type": "not_number",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "model_attributes_type": "not_object",
    "model_type": "not_object",
}
"""pydantic's error types → our codes, which stay when pydantic changes."""
