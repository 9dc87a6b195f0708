"""How a few days compare, so that one of them can be chosen without typing it (ほかの日とくらべる)."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from msgspec import Struct

from app.pages.desk import Desk
from app.pages.due import Due
from app.pages.holidays import is_day_off
from app.pages.possible import offered
from app.pages.records import Folder
from app.pages.text import Words

_WEEKS = (0, 1, 2)


class Cell(Struct, frozen=True):
    """What one child can have on a day, whose recommended time is over by then, and what is no longer free."""

    handle: str
    what: str
    passed: str
    lost: str


class OtherDay(Struct, frozen=True):
    """One line of the comparison."""

    day: date
    address: str
    cells: list[Cell]


def compared(desk: Desk, folders: Sequence[Folder], day: date | None) -> list[OtherDay]:
    """The day looked at and those a week and two later; without one, from the first on which something can be given."""
    start = day or _first(folders, desk.today)
    if start is None:
        return []
    others = [_open_from(start + timedelta(weeks=weeks)) for weeks in _WEEKS]
    return [_line(desk, folders, other) for other in ([day, *others[1:]] if day else others)]


def _first(folders: Sequence[Folder], today: date) -> date | None:
    tomorrow = today + timedelta(days=1)
    open_items = [item for held in folders for item in held.items if not item.finished]
    begins = [item.forecast.earliest for item in open_items if item.forecast.earliest]
    return max(min(begins), tomorrow) if begins else None


def _open_from(day: date) -> date:
    """The day itself, or the next one on which clinics are likely to be open."""
    while is_day_off(day):
        day += timedelta(days=1)
    return day


def _line(desk: Desk, folders: Sequence[Folder], day: date) -> OtherDay:
    query = {"go-y": day.year, "go-m": day.month, "go-d": day.day}
    return OtherDay(day, desk.url("/plan", **query), [_cell(desk.words, held, day) for held in folders])


def _cell(words: Words, held: Folder, day: date) -> Cell:
    return Cell(held.kid.handle, _count(words, offered(held, day)), *over_by(words, held.items, day))


def over_by(words: Words, items: Iterable[Due], day: date) -> tuple[str, str]:
    """The names of what is past its recommended time by a day, and of what is no longer free."""
    public = [item for item in items if not item.finished and not item.voluntary]
    lost = [item for item in public if _over(words, item.forecast.latest, day)]
    passed = [item for item in public if item not in lost and _over(words, item.forecast.past_due, day)]
    return _names(words, passed), _names(words, lost)


def _over(words: Words, last: date | None, day: date) -> bool:
    """Whether a time that still runs will have ended by the day."""
    return last is not None and words.today <= last < day


def _count(words: Words, items: Sequence[Due]) -> str:
    vaccines = sum(not item.checkup for item in items)
    parts = [str(words("plan.count", n=vaccines))] if vaccines else []
    if vaccines < len(items):
        parts.append(str(words("plan.checkup")))
    return words.join(parts) or str(words("plan.nothing"))


def _names(words: Words, items: Sequence[Due]) -> str:
    return words.join([item.name for item in items])
