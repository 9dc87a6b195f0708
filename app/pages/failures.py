"""Pages that tell of a failure, in the language of the address, without reading anything."""

from datetime import date

from fastapi import Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from app.pages.desk import Desk
from app.pages.forms import Form
from app.problems import Problem, texts

_NOT_FOUND = frozenset({404, 405})
_AWAY = 503


def problem_page(request: Request, problem: Problem) -> HTMLResponse:
    """What went wrong, for people."""
    return failure(request, problem.status, problem.code)


def failure(request: Request, status: int, code: str, typed: Form | None = None) -> HTMLResponse:
    """A page that needs neither database nor session. What was typed can be sent again from it, under the same command id."""
    desk = Desk(request, today=date.min)
    title, text = _told(desk, status, code)
    response = desk.page("error.html", title=title, text=text, kept=typed.kept() if typed else [], then=request.url.path)
    response.status_code = status
    return response


def _told(desk: Desk, status: int, code: str) -> tuple[Markup, Markup]:
    words = desk.words
    if status in _NOT_FOUND:
        return words("error.title_404"), words("error.text_404")
    if status == _AWAY:
        return words("error.title_503"), words("error.text_503")
    told = texts(desk.language.tag).get(code)
    if told is None:
        return words("error.title_other"), words("error.text_other")
    return Markup("{}").format(words.read(told["title"])), Markup("{}").format(words.read(told["detail"]))
