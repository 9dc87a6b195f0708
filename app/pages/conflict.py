"""Where a form meets what somebody else has recorded since it was opened (記録の食いちがい): both are shown, none dropped."""

from collections.abc import Iterable
from datetime import date

from markupsafe import Markup
from msgspec import Struct

from app.pages.due import Due
from app.pages.forms import Form
from app.pages.text import Words

KNOWN = "known"
"""How many doses of each series the page showed when the form was opened, such as `BCG:0 HEPB:2`."""
BOTH = "twice"


class Conflict(Struct, frozen=True):
    """What stands in the record, and what the form would add to it."""

    theirs: list[Markup]
    ours: list[Markup]


def note_known(form: Form, items: Iterable[Due]) -> None:
    """Let the form carry what its page knew, however long it waits on a device."""
    form.fill(KNOWN, " ".join(f"{item.series}:{len(item.given)}" for item in items))


def ask_about_news(form: Form, items: Iterable[Due], words: Words) -> None:
    """Find doses that were recorded since the form was opened, by another device or parent; its own, sent again, are none."""
    if form.has(BOTH, "yes"):
        return
    known = set(form.value(KNOWN).split())
    news = [item for item in items if form.has("v", item.series) and _is_news(form, item, known)]
    if news:
        form.problem(BOTH, words("record.e_meanwhile", vaccines=words.join([item.name for item in news])))


def conflict_of(form: Form, items: Iterable[Due], given_on: date | None, words: Words) -> Conflict | None:
    """Both versions, where the form asks about them; `given_on` is the day that the form says."""
    if form.problem_of(BOTH) is None:
        return None
    asked = [item for item in items if form.has("v", item.series) and item.given]
    theirs = [_line(words, item.name, dose.given_on) for item in asked for dose in item.given]
    return Conflict(theirs, [_line(words, item.name, given_on) for item in asked])


def _is_news(form: Form, item: Due, known: set[str]) -> bool:
    """Whether another number of doses stands there than the page showed; a page that told none is not asked."""
    of_others = sum(dose.dose_id != form.derived_id(dose.vaccine) for dose in item.given)
    told = any(pair.startswith(f"{item.series}:") for pair in known)
    return told and of_others > 0 and f"{item.series}:{of_others}" not in known


def _line(words: Words, name: str, day: date | None) -> Markup:
    return words("record.version", vaccine=name, date=words.date(day, year=True) if day else words("record.unknown"))
