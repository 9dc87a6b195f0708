"""The web application: REST and pages over one service."""

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.middleware import Middleware

from app.api import (
    API,
    account,
    accounts,
    articles,
    children,
    doses,
    edition,
    fhir,
    health,
    household,
    inquiries,
    plans,
    problem_types,
    schedule,
    session,
    terms,
)
from app.api.openapi import complete_openapi
from app.compression import Compression
from app.edge import Edge
from app.handlers import install_handlers
from app.held import Held
from app.pages import pages_router, problem_page
from app.service import Service

RESOURCES = (
    schedule,
    children,
    doses,
    plans,
    household,
    account,
    inquiries,
    session,
    accounts,
    terms,
    articles,
    edition,
    fhir,
    problem_types,
    health,
)
"""What is asked for most comes first, because routes are tried in order."""
_QUIET: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}


def create_app(service: Service) -> FastAPI:
    """The application over a service. Its documentation is the OpenAPI document alone: no page of it loads foreign scripts."""
    app = FastAPI(
        title="Hagukumi",
        summary="Vaccination schedules for the families of a ward",
        version="1",
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=_QUIET,
        middleware=[Middleware(Edge), Middleware(Compression, except_under=API)],
    )
    app.state.service = service
    install_handlers(app, problem_page)
    for resource in RESOURCES:
        app.include_router(resource.router)
    app.include_router(pages_router())
    complete_openapi(app, (schedule.ScheduleOut, Held))
    return app
