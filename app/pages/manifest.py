"""The web app manifest, with which a phone installs the pages beside its other apps."""

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from app.pages.assets import address
from app.pages.text import LANGUAGES, Language, catalogue

router = APIRouter(include_in_schema=False)
MEDIA_TYPE = "application/manifest+json"
_COLOUR = "#00566b"
_PAPER = "#ffffff"
_SIZES = (192, 512)
_SHORTCUTS = ("record", "chart", "plan")


def _manifest_of(language: Language) -> Callable[[], JSONResponse]:
    """The app in one language."""
    return lambda: JSONResponse(_content(language), media_type=MEDIA_TYPE, headers={"Cache-Control": "public, max-age=86400"})


def _content(language: Language) -> dict[str, object]:
    texts = catalogue(language.code)
    home = f"{language.prefix}/"
    return {
        "id": home,
        "name": f"{texts['common.brand']} {texts['common.tagline']}",
        "short_name": texts["common.brand"],
        "lang": language.tag,
        "start_url": home,
        "scope": "/",
        "display": "standalone",
        "theme_color": _COLOUR,
        "background_color": _PAPER,
        "icons": [_icon(size) for size in _SIZES],
        "shortcuts": [_shortcut(language, section) for section in _SHORTCUTS],
    }


def _shortcut(language: Language, section: str) -> dict[str, object]:
    """An entry of the menu that a long press on the icon offers."""
    return {"name": catalogue(language.code)[f"common.nav_{section}"], "url": f"{language.prefix}/{section}"}


def _icon(size: int) -> dict[str, str]:
    return {"src": address(f"icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any maskable"}


for _language in LANGUAGES:
    router.add_api_route(f"{_language.prefix}/manifest.webmanifest", _manifest_of(_language), methods=["GET"])
