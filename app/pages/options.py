"""Choices of radio buttons and tick boxes."""

from collections.abc import Iterable

from msgspec import Struct

from aggregates.child.facts import PostponementReason, Setting
from app.pages.text import Words


class Option(Struct, frozen=True):
    """One choice with its words, and perhaps a line of help below."""

    value: str
    label: str
    hint: str = ""


def settings(words: Words) -> list[Option]:
    """Under what arrangement a dose was given."""
    return _named(words, "setting", (setting.value for setting in Setting))


def reasons(words: Words) -> list[Option]:
    """Coarse reasons for postponing."""
    return _named(words, "reason", (reason.value for reason in PostponementReason))


def sexes(words: Words) -> list[Option]:
    """As the family register has it."""
    return [Option("F", str(words("common.girl"))), Option("M", str(words("common.boy")))]


def _named(words: Words, section: str, values: Iterable[str]) -> list[Option]:
    return [Option(value, str(words(f"{section}.{value}")), _hint(words, f"{section}.{value}_hint")) for value in values]


def _hint(words: Words, key: str) -> str:
    return str(words(key)) if words.has(key) else ""
