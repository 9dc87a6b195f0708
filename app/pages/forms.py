"""A form as it was typed, what is wrong with it, and the id of the command it carries."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, TypeAlias
from uuid import UUID, uuid4, uuid5

from fastapi import Depends, Request
from markupsafe import Markup
from msgspec import Struct

from app.pages.dates import DateProblem, Part, TypedDate, typed
from app.pages.text import Words

COMMAND = "command"
_FIELDS_MAX = 400


class Problem(Struct, frozen=True):
    """One thing to mend. `target` is the id of the element that the summary links to."""

    field: str
    target: str
    text: Markup


class Form:
    """What was typed, kept as typed, with the problems found in it.

    Args:
        values: Every field with all its values.
    """

    def __init__(self, values: Mapping[str, list[str]]) -> None:
        self._values = dict(values)
        self.problems: list[Problem] = []
        self.bad_parts: set[str] = set()
        self.command_id = _uuid(self.value(COMMAND)) or uuid4()

    @property
    def good(self) -> bool:
        """Whether nothing has been found wrong so far."""
        return not self.problems

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def value(self, name: str) -> str:
        """A field as typed; the first, where there are several."""
        return next(iter(self._values.get(name, [])), "")

    def id(self, name: str) -> UUID | None:
        """A field that holds an id, if it does."""
        return _uuid(self.value(name))

    def values(self, name: str) -> list[str]:
        """Every value of a field, such as the ticked boxes of a list."""
        return self._values.get(name, [])

    def has(self, name: str, value: str) -> bool:
        """Whether this box is ticked or this choice made."""
        return value in self.values(name)

    def fill(self, name: str, *values: str) -> None:
        """Put values into a field that was not typed."""
        self._values.setdefault(name, list(values))

    def add(self, name: str, value: str) -> None:
        """Put one more value into a field."""
        self._values.setdefault(name, []).append(value)

    def fill_date(self, name: str, day: date | None) -> None:
        """Put a date into its three fields where none was typed."""
        fields = typed(day) if day else TypedDate()
        for part, text in zip("ymd", (fields.year, fields.month, fields.day), strict=True):
            self.fill(f"{name}-{part}", text)

    def typed_date(self, name: str) -> TypedDate:
        """The three fields of a date."""
        return TypedDate(self.value(f"{name}-y"), self.value(f"{name}-m"), self.value(f"{name}-d"))

    def kept(self) -> list[tuple[str, str]]:
        """Every field but secrets, to be carried through a page in between."""
        return [(name, value) for name, values in self._values.items() for value in values if "password" not in name]

    def renew_command(self) -> None:
        """Give the form a new command: what it carries now differs from what was saved under the old one."""
        self.command_id = uuid4()

    def derived_id(self, name: object) -> UUID:
        """An id that is the same whenever this form is sent again."""
        return uuid5(self.command_id, str(name))

    def problem(self, field: str, text: Markup, target: str | None = None) -> None:
        """Note what is to be mended, and where."""
        self.problems.append(Problem(field, target or field, text))

    def problem_of(self, field: str) -> Problem | None:
        """What is wrong with a field, if anything."""
        return next((problem for problem in self.problems if problem.field == field), None)

    def required(self, name: str, words: Words, key: str) -> str:
        """A field that must not be empty, without the blanks around it."""
        text = self.value(name).strip()
        if not text:
            self.problem(name, words(key))
        return text

    def choice(self, name: str, allowed: Iterable[str], words: Words, key: str) -> str:
        """The choice made in a list of radio buttons; the problem points to the first of them."""
        options = list(allowed)
        chosen = self.value(name)
        if chosen not in options:
            self.problem(name, words(key), f"{name}-{options[0]}")
        return chosen

    def date(self, name: str, words: Words, what: str, latest_year: int) -> date | None:
        """The date typed into three fields; `what` says in a problem which date is meant (`date.what_…`)."""
        try:
            return self.typed_date(name).read(latest_year)
        except DateProblem as problem:
            self.date_problem(name, words(problem.key, what=words(f"date.what_{what}")), problem.part)
            return None

    def date_problem(self, name: str, text: Markup, part: Part | None = None) -> None:
        """Note that a date will not do, as a whole or for one of its parts."""
        self.bad_parts |= {f"{name}-{letter}" for letter in (part or "ymd")}
        self.problem(name, text, f"{name}-{part or 'y'}")


def blank(**values: str) -> Form:
    """A form nobody has typed into yet."""
    return Form({name: [value] for name, value in values.items()})


async def typed_form(request: Request) -> Form:
    """Read the body of a form."""
    data = await request.form(max_files=0, max_fields=_FIELDS_MAX)
    values: dict[str, list[str]] = {}
    for name, value in data.multi_items():
        values.setdefault(name, []).append(str(value))
    return Form(values)


Typed: TypeAlias = Annotated[Form, Depends(typed_form)]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
