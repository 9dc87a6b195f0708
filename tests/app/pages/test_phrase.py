"""Texts taken apart say what formatting them anew would say."""

import pytest
from markupsafe import Markup

from app.pages.phrase import phrase
from app.pages.text import LANGUAGES, catalogue

VALUES = {"n": 3, "day": "<b>7</b>", "name": Markup("<i>はる</i>")}


@pytest.mark.parametrize("text", ["", "plain", "{{literally}}", "{n}", "a {n} b {day}", "{name}{name} c"])
def test_gaps_are_filled_as_formatting_fills_them(text: str) -> None:
    assert phrase(text)(VALUES) == Markup(text).format(**VALUES)  # noqa: S704 - the text of a test


def test_every_text_of_every_language_comes_out_the_same() -> None:
    class Anything(dict[str, object]):
        def __missing__(self, name: str) -> object:
            return f"<{name}>"

    known = [text for language in LANGUAGES for text in catalogue(language.code).values()]
    for text in [form for entry in known for form in (entry.values() if isinstance(entry, dict) else (entry,))]:
        assert phrase(text)(Anything()) == Markup(text).format_map(Anything()), text  # noqa: S704 - catalogues are ours


def test_a_gap_without_a_value_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        phrase("{n}")({})
