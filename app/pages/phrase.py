"""Texts of the catalogues, taken apart once: a page says some two hundred, and formatting each anew was half of its cost."""

from collections.abc import Mapping
from functools import cache
from string import Formatter

from markupsafe import Markup, escape


class Phrase:
    """One text with its gaps.

    Args:
        text: Markup from a catalogue; `{name}` is a gap.
    """

    def __init__(self, text: str) -> None:
        pieces = [(literal, gap) for literal, gap, _, _ in Formatter().parse(text)]
        self._begins = [(literal, gap) for literal, gap in pieces if gap is not None]
        self._end = "".join(literal for literal, gap in pieces if gap is None)
        self._whole = Markup(text.format()) if not self._begins else None  # noqa: S704 - catalogues are ours

    def __call__(self, values: Mapping[str, object]) -> Markup:
        """The text with its gaps filled; values are escaped unless they are markup already.

        Raises:
            KeyError: A gap has no value.
        """
        if self._whole is not None:
            return self._whole
        filled = "".join([part for literal, gap in self._begins for part in (literal, escape(values[gap]))])
        return Markup(filled + self._end)  # noqa: S704 - catalogues are ours, and values were escaped


@cache
def phrase(text: str) -> Phrase:
    """A text taken apart; catalogues are finite, so all of them stay."""
    return Phrase(text)
