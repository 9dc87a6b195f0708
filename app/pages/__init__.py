"""The parents' pages: server-rendered HTML that needs no JavaScript, in Japanese, やさしい日本語 (/easy) and English (/en)."""

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from app.pages.failures import problem_page
from app.pages.text import LANGUAGES, Language

__all__ = ["pages_router", "problem_page"]


def pages_router() -> APIRouter:
    """Every page in every language."""
    from app.pages import assets, manifest, worker
    from app.pages.screens import SCREENS

    router = APIRouter(include_in_schema=False)
    router.include_router(assets.router)
    router.include_router(manifest.router)
    router.include_router(worker.router)
    for language in LANGUAGES:
        if language.prefix:
            router.add_api_route(language.prefix, _home_of(language), methods=["GET"], response_class=RedirectResponse)
        for screen in SCREENS:
            router.include_router(screen, prefix=language.prefix)
    return router


def _home_of(language: Language) -> Callable[[], str]:
    """The address without its slash leads to the one with it."""
    return lambda: f"{language.prefix}/"
