"""What one child can have on a day, and what not and why (その日に受けられるもの)."""

from datetime import date, timedelta

from markupsafe import Markup
from msgspec import Struct

from app.pages.ahead import Move, moves
from app.pages.desk import Desk
from app.pages.due import Due, possible_on
from app.pages.forms import COMMAND, Form
from app.pages.kids import Kid
from app.pages.options import Option
from app.pages.records import Folder
from app.pages.text import Words
from app.pages.why import told
from schedule.contract import Reason

_SOON = timedelta(days=365)
"""How far ahead it is told what cannot be given yet."""


class Barred(Struct, frozen=True):
    """What cannot be given on the day: when it can, or until when it could, and the rule behind it where one sets that day."""

    item: Due
    when: Markup
    why: str = ""


class Possible(Struct, frozen=True):
    """What one child can have on the day looked at; `moves` is None as long as nothing is ticked."""

    kid: Kid
    field: str
    options: list[Option]
    barred: list[Barred]
    first: date | None
    moves: list[Move] | None


def field_of(kid: Kid) -> str:
    """The field with what was chosen for one child."""
    return f"p-{kid.child_id}"


def offered(held: Folder, day: date) -> list[Due]:
    """What may be given on the day and is not put off beyond it."""
    return [item for item in possible_on(held.items, day) if not _waits(item, day)]


def possible(desk: Desk, form: Form, held: Folder, day: date) -> Possible:
    """One child's part of the page. As long as nothing was sent, what the programme recommends is ticked."""
    can, field = offered(held, day), field_of(held.kid)
    if COMMAND not in form:
        form.fill(field, *(item.series for item in can if _suggested(item, day)))
    ticked = {item.series: day for item in can if form.has(field, item.series)}
    rest = [item for item in held.items if not item.finished and item.forecast.earliest and item not in can]
    rest.sort(key=_earliest)
    begins = [_earliest(item) for item in rest if _earliest(item) > day]
    return Possible(
        kid=held.kid,
        field=field,
        options=[_option(desk.words, item, day) for item in can],
        barred=[_barred(desk, item, day) for item in rest if _earliest(item) <= day + _SOON],
        first=next(iter(begins), None),
        moves=moves(desk, held, ticked) if ticked else None,
    )


def _suggested(item: Due, day: date) -> bool:
    """Whether a box is ticked beforehand: what the public programme recommends by then and has no other day yet."""
    recommended = item.forecast.recommended
    settled = item.voluntary or item.checkup or item.visit
    return not settled and (recommended is None or recommended <= day)


def _waits(item: Due, day: date) -> bool:
    """Whether the family has put this off beyond the day."""
    return item.postponement is not None and item.postponement.until is not None and item.postponement.until > day


def _earliest(item: Due) -> date:
    return item.forecast.earliest or date.max


def _barred(desk: Desk, item: Due, day: date) -> Barred:
    words, earliest, rule = desk.words, _earliest(item), _rule(item)
    if earliest > day:
        return Barred(item, words("common.from", date=words.date(earliest)), told(desk, rule) if rule else "")
    if _waits(item, day):
        return Barred(item, item.badge.words)
    return Barred(item, _until(words, item))


def _rule(item: Due) -> Reason | None:
    """The rule that sets the first day; one that names no day is the standard period, where that begins on the first day."""
    f = item.forecast
    setting = [reason for reason in f.reasons if reason.date == f.earliest]
    standard = [reason for reason in f.reasons if reason.code == "standard" and f.recommended == f.earliest]
    return next(iter([*reversed(setting), *standard]), None)


def _option(words: Words, item: Due, day: date) -> Option:
    f = item.forecast
    hints = [item.sub] if item.sub else []
    if f.recommended and f.recommended > day:
        hints.append(str(words("badge.recommended_later", date=words.day(f.recommended))))
    elif f.past_due and f.past_due >= words.today:
        hints.append(str(words("postpone.std_until", date=words.day(f.past_due))))
    elif f.latest:
        hints.append(str(_until(words, item)))
    if item.visit:
        hints.append(str(words("plan.planned_already", date=words.day(item.visit.on))))
    if item.checkup:
        hints.append(str(words("plan.clinic")))
    return Option(item.series, item.full_name, words.sentences(hints))


def _until(words: Words, item: Due) -> Markup:
    """The last day of what the ward pays for."""
    latest = item.forecast.latest
    if latest is None:
        return Markup()
    return words("plan.until_aid" if item.voluntary else "plan.until_free", date=words.day(latest))
