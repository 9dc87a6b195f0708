"""Why this date: the dates in order, the rules in plain words, then the articles of law (なぜこの日？)."""

import re
from datetime import date
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from msgspec import Struct

from app.pages.access import PageRoute, Parent
from app.pages.desk import Desk
from app.pages.due import Due
from app.pages.records import folder
from schedule.contract import Reason

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_MONTHS = re.compile(r"(?<=[0-9])月(?![0-9])")
"""Laws say 6月 for a span of months, which reads as June elsewhere."""


class Mark(Struct, frozen=True):
    """One day in the row of dates; `gap` is how many full days lie between it and the one before."""

    sign: str
    day: date
    text: Markup
    now: bool = False
    gap: int | None = None


class Step(Struct, frozen=True):
    """One rule and what came of it."""

    text: str
    day: date | None
    measured_from: date | None


@router.get("/why/{child_id}/{series}")
def why(desk: Parent, child_id: UUID, series: str) -> HTMLResponse:
    """The page behind every date."""
    kid = desk.about(child_id)
    item = folder(desk, kid).item(series)
    reasons = item.forecast.reasons
    return desk.page(
        "why.html",
        item=item,
        short=short(desk, item),
        marks=marks(desk, item),
        steps=[_step(desk, reason) for reason in reasons],
        laws=list(dict.fromkeys(desk.words.read(reason.citation) for reason in reasons if reason.citation)),
    )


def short(desk: Desk, item: Due) -> list[Markup]:
    """The answer in one or two sentences."""
    words, f = desk.words, item.forecast
    if item.group == "done":
        return [words("why.short_done")]
    if item.group == "closed":
        return [words("why.short_closed")]
    told: list[Markup] = []
    if f.earliest and f.latest:
        told.append(words("why.short", **{"from": words.date(f.earliest, year=True), "to": words.date(f.latest, year=True)}))
    elif f.earliest:
        told.append(words("why.short_from", **{"from": words.date(f.earliest, year=True)}))
    if f.past_due:
        told.append(words("why.std", date=words.date(f.past_due, year=True)))
    return told


def marks(desk: Desk, item: Due) -> list[Mark]:
    """Every day that matters, in order, with today among them."""
    words, f = desk.words, item.forecast
    found = [("●", dose.given_on, words("why.given", n=n)) for n, dose in enumerate(item.given, start=1)]
    if not item.finished:
        found += [
            ("○", f.earliest, words("why.first")),
            ("◎", f.recommended, words("why.std_from")),
            ("◇", item.visit.on if item.visit else None, words("why.planned")),
            ("△", f.past_due, words("why.std_end")),
            ("▲", f.latest, words("why.end")),
        ]
    known = [Mark(sign, day, text) for sign, day, text in found if day]
    known.append(Mark("|", words.today, words("why.today"), now=True))
    return _with_gaps(sorted(known, key=lambda mark: mark.day))


def _with_gaps(ordered: list[Mark]) -> list[Mark]:
    """Between doses, and from a dose to the first possible day, it is the full days that count."""
    told: list[Mark] = []
    dose: date | None = None
    for mark in ordered:
        counts = mark.sign in {"●", "○"} and dose is not None
        gap = (mark.day - dose).days - 1 if counts and dose else None
        told.append(Mark(mark.sign, mark.day, mark.text, mark.now, gap if gap and gap > 0 else None))
        dose = mark.day if mark.sign == "●" else dose
    return told


def told(desk: Desk, reason: Reason) -> str:
    """A rule in the reader's language."""
    words = desk.words
    return words.read(_MONTHS.sub("か月", reason.text)) if words.japanese else reason.text_en or reason.text


def _step(desk: Desk, reason: Reason) -> Step:
    return Step(told(desk, reason), reason.date, reason.anchor_date)
