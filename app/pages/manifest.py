"""The web app manifest, with which a phone installs the pages beside its other apps."""

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from msgspec import Struct

from app.pages.assets import address
from app.pages.text import LANGUAGES, Language, catalogue

router = APIRouter(include_in_schema=False)
MEDIA_TYPE = "application/manifest+json"
_COLOUR = "#00566b"
_PAPER = "#ffffff"
_SIZES = (192, 512)
_SHORTCUTS = ("record", "chart", "plan")
_CATEGORIES = ("government", "health", "medical")


class Screen(Struct, frozen=True):
    """A picture of a page, which the phone shows before it installs. `make screenshots` takes it anew."""

    page: str
    form_factor: str
    width_px: int
    height_px: int
    title: str

    def file_in(self, language: Language) -> str:
        """The plain name of the picture of the page in one language."""
        return f"screen-{self.page}-{language.code}.webp"


SCREENS = (
    Screen("home", "narrow", 360, 740, "home.title"),
    Screen("chart", "wide", 1280, 800, "common.nav_chart"),
)


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
        "categories": _CATEGORIES,
        "icons": [_icon(size) for size in _SIZES],
        "shortcuts": [_shortcut(language, section) for section in _SHORTCUTS],
        "screenshots": [_screenshot(language, screen) for screen in SCREENS],
    }


def _shortcut(language: Language, section: str) -> dict[str, object]:
    """An entry of the menu that a long press on the icon offers."""
    return {"name": catalogue(language.code)[f"common.nav_{section}"], "url": f"{language.prefix}/{section}"}


def _icon(size: int) -> dict[str, str]:
    return {"src": address(f"icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any maskable"}


def _screenshot(language: Language, screen: Screen) -> dict[str, object]:
    return {
        "src": address(screen.file_in(language)),
        "sizes": f"{screen.width_px}x{screen.height_px}",
        "type": "image/webp",
        "form_factor": screen.form_factor,
        "label": catalogue(language.code)[screen.title],
    }


for _language in LANGUAGES:
    router.add_api_route(f"{_language.prefix}/manifest.webmanifest", _manifest_of(_language), methods=["GET"])
