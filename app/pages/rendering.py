"""Templates to answers."""

from functools import cache
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.pages.assets import address
from app.pages.furigana import ruby

TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """The templates, with every value escaped and every missing one an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.globals["asset"] = address
    return made


def render(template: str, status: int, context: dict[str, Any]) -> HTMLResponse:
    """One page."""
    html = environment().get_template(template).render(context)
    return HTMLResponse(ruby(html) if context["t"].easy else html, status_code=status)
