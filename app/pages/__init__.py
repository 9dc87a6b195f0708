"""The parents' pages: server-rendered HTML that needs no JavaScript, in Japanese and, under /en, in English."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from app.pages.failures import problem_page
from app.pages.text import ENGLISH, LANGUAGES

__all__ = ["pages_router", "problem_page"]


def pages_router() -> APIRouter:
    """Every page in every language."""
    from app.pages import assets, manifest, worker
    from app.pages.screens import SCREENS

    router = APIRouter(include_in_schema=False)
    router.include_router(assets.router)
    router.include_router(manifest.router)
    router.include_router(worker.router)
    router.add_api_route(ENGLISH.prefix, _english_home, methods=["GET"], response_class=RedirectResponse)
    for language in LANGUAGES:
        for screen in SCREENS:
            router.include_router(screen, prefix=language.prefix)
    return router


def _english_home() -> str:
    """The address without its slash leads to the one with it."""
    return f"{ENGLISH.prefix}/"
