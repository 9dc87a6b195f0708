"""Where a form meets what somebody else has written since it was opened (記録の食いちがい): both are shown, none dropped."""

from collections.abc import Callable, Container, Iterable
from datetime import date
from typing import TypeAlias
from uuid import UUID

from markupsafe import Markup
from msgspec import Struct

from app.pages.due import Due
from app.pages.forms import Form
from app.pages.text import Words

KNOWN = "known"
"""How each series stood on the page when the form was opened, such as `BCG:0 HEPB:2`."""
BOTH = "twice"

Standing: TypeAlias = Callable[[Due], str]
"""What of a series the form is about, in a word without blanks."""


class Conflict(Struct, frozen=True):
    """What stands in the record, and what the form would add to it."""

    theirs: list[Markup]
    ours: list[Markup]


def doses_given(own: Container[UUID] = ()) -> Standing:
    """How many doses were given; those that the form itself has recorded, when it is sent again, do not count."""
    return lambda item: str(sum(dose.dose_id not in own for dose in item.given))


def plans(item: Due) -> str:
    """How many doses were given, and until when the next one has to wait."""
    visit = item.visit.on if item.visit else ""
    postponement = item.postponement.postponement_id if item.postponement else ""
    return f"{len(item.given)}/{visit}/{postponement}"


def note_known(form: Form, items: Iterable[Due], standing: Standing) -> None:
    """Let the form carry what its page knew, however long it waits on a device."""
    form.fill(KNOWN, " ".join(f"{item.series}:{standing(item)}" for item in items))


def changed(form: Form, asked: Iterable[Due], standing: Standing) -> list[Due]:
    """The series that stand otherwise than the page told, as long as nobody has said that this is meant.

    A page that told nothing of a series is not asked.
    """
    if form.has(BOTH, "yes"):
        return []
    known = dict(pair.split(":", 1) for pair in form.value(KNOWN).split() if ":" in pair)
    return [item for item in asked if known.get(item.series, standing(item)) != standing(item)]


def ask_about_doses(form: Form, asked: Iterable[Due], own: Container[UUID], words: Words) -> None:
    """Find doses that were recorded since the form was opened, by another device or parent."""
    of_others = doses_given(own)
    news = [item for item in changed(form, asked, of_others) if of_others(item) != "0"]
    if news:
        form.problem(BOTH, words("record.e_meanwhile", vaccines=words.join([item.name for item in news])))


def conflict_of(form: Form, asked: Iterable[Due], ours: list[Markup], words: Words) -> Conflict | None:
    """Both versions, where the form asks about them."""
    if form.problem_of(BOTH) is None:
        return None
    return Conflict([version(words, item.name, dose.given_on) for item in asked for dose in item.given], ours)


def version(words: Words, name: str, day: date | None) -> Markup:
    """One dose as one side has it."""
    return words("record.version", vaccine=name, date=words.date(day, year=True) if day else words("record.unknown"))
