"""The parents' pages: server-rendered HTML that needs no JavaScript, in Japanese and, under /en, in English."""

from fastapi import APIRouter

from app.pages.failures import problem_page
from app.pages.text import LANGUAGES

__all__ = ["pages_router", "problem_page"]


def pages_router() -> APIRouter:
    """Every page in every language."""
    from app.pages import assets
    from app.pages.screens import SCREENS

    router = APIRouter(include_in_schema=False)
    router.include_router(assets.router)
    for language in LANGUAGES:
        for screen in SCREENS:
            router.include_router(screen, prefix=language.prefix)
    return router
