"""From exceptions to answers: a problem document for programs, a page for people."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import TypeAlias

import msgspec
import psycopg
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from psycopg_pool import PoolTimeout
from starlette.exceptions import HTTPException
from starlette.types import Scope

from aggregates.refusal import NotFound, Refusal
from app.problems import (
    MEDIA_TYPE,
    BodyTooLarge,
    FieldError,
    InvalidRequest,
    MalformedJson,
    MethodNotAllowed,
    Problem,
    UnsupportedMediaType,
    language_of,
    problem_of,
    validation_errors,
)
from commands import refusals
from eventstore.errors import DayNotOpened, StoreUnavailable
from projections.queries import NotBuilt

API_PREFIX = "/api/"
RETRY_AFTER_SECONDS = 5

ProblemPage: TypeAlias = Callable[[Request, Problem], Response]

_BY_STATUS: Mapping[int, type[Refusal]] = {
    400: MalformedJson,
    404: NotFound,
    405: MethodNotAllowed,
    413: BodyTooLarge,
    415: UnsupportedMediaType,
}


def install_handlers(app: FastAPI, problem_page: ProblemPage | None = None) -> None:
    """Make the app answer every failure as a problem; `problem_page` shows it to people outside the REST interface."""
    app.state.problem_page = problem_page
    app.add_exception_handler(Refusal, _on_refusal)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    for kind in (StoreUnavailable, psycopg.OperationalError, PoolTimeout, NotBuilt):
        app.add_exception_handler(kind, _on_unavailable)
    app.add_exception_handler(DayNotOpened, _on_day_missing)


def answer_refusal(
    request: Request, refusal: Refusal, errors: Sequence[FieldError] = (), headers: Mapping[str, str] | None = None
) -> Response:
    """The answer that tells of a refusal, in the language the request asks for."""
    language = language_of(request.headers.get("accept-language"))
    problem = problem_of(refusal, language, errors)
    page: ProblemPage | None = request.app.state.problem_page
    if page is None or request.url.path.startswith(API_PREFIX):
        response = Response(_body(problem), problem.status, media_type=MEDIA_TYPE)
        response.headers.update({"Content-Language": language, "Vary": "Accept-Language"})
    else:
        response = page(request, problem)
    response.headers.update({**_headers_for(refusal), **(headers or {})})
    return response


def _headers_for(refusal: Refusal) -> dict[str, str]:
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": "Bearer"}
    if refusal.status in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}:
        return {"Retry-After": str(refusal.fields.get("retry_after", RETRY_AFTER_SECONDS))}
    return {}


def _body(problem: Problem) -> bytes:
    return msgspec.json.encode(problem.model_dump(exclude_defaults=True))


async def _on_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)  # noqa: S101 - what it was registered for
    if isinstance(error, NotFound) and getattr(request.state, "behind", False):
        error = refusals.StoreUnavailable()  # what the caller has just written may only not be readable yet
    return answer_refusal(request, error)


async def _on_unavailable(request: Request, _: Exception) -> Response:
    return answer_refusal(request, refusals.StoreUnavailable())


async def _on_day_missing(request: Request, _: Exception) -> Response:
    return answer_refusal(request, refusals.DayNotOpened())


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - what it was registered for
    refusal = _BY_STATUS.get(error.status_code, NotFound)()
    headers = {"Allow": _methods(request)} if refusal.status == HTTPStatus.METHOD_NOT_ALLOWED else None
    return answer_refusal(request, refusal, headers=headers)


def _methods(request: Request) -> str:
    """All methods of the resource; its endpoints know only their own."""
    template = route_template(request.scope)
    contexts = iter_route_contexts(request.app.routes)
    return ", ".join(sorted({method for context in contexts if context.path == template for method in context.methods or ()}))


def route_template(scope: Scope) -> str:
    """The template that a request's path fits, such as `/api/v1/children/{child_id}`; a dash where there is none."""
    return getattr(scope.get("route"), "path", "-")


async def _on_invalid(request: Request, error: Exception) -> Response:
    """A path that cannot name anything is not found; a body that is no JSON is told from one with wrong fields."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - what it was registered for
    found = error.errors()
    if any(item["loc"][0] == "path" for item in found):
        return answer_refusal(request, NotFound())
    if any(item["type"] == "json_invalid" for item in found):
        return answer_refusal(request, MalformedJson())
    language = language_of(request.headers.get("accept-language"))
    return answer_refusal(request, InvalidRequest(), validation_errors(found, language))
