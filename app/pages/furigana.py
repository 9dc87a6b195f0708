"""Readings above kanji (ふりがな) for やさしい日本語.

The word list `catalogue/readings.txt` and texts of their own write a reading as 記録[きろく]. Through the program a word
travels with its reading between the interlinear annotation marks of Unicode, so that it can go wherever text goes. Only the
finished page turns it into <ruby>, or leaves the reading out where no markup can stand: in attributes, titles and figures.
"""

import re
from functools import cache
from pathlib import Path

_WORDS = Path(__file__).parent / "catalogue" / "readings.txt"
_BEGIN, _BETWEEN, _END = "\ufff9\ufffa\ufffb"
_NOTED = re.compile(r"([0-9々ヶ一-鿿]+)\[([ぁ-ゖー]+)\]")
_MARKED = re.compile(f"{_BEGIN}([^<{_BEGIN}]+?){_BETWEEN}([^<{_BEGIN}]+?){_END}")
_PARTS = re.compile(rf"(<title.*?</title>|<svg.*?</svg>|<[^>]*>)|([0-9]*){_MARKED.pattern}", re.DOTALL)
_COUNTERS = {"日": "にち", "月": "がつ", "人": "にん"}
"""What is read otherwise behind a number."""

_WITH_NUMBER = {
    "2日": "ふつか",
    "3日": "みっか",
    "4日": "よっか",
    "5日": "いつか",
    "6日": "むいか",
    "7日": "なのか",
    "8日": "ようか",
    "9日": "ここのか",
    "10日": "とおか",
    "14日": "じゅうよっか",
    "20日": "はつか",
    "24日": "にじゅうよっか",
    "1人": "ひとり",
    "2人": "ふたり",
}
"""Where number and counter are one word."""


def annotated(text: str) -> str:
    """The text with the reading of every word known."""
    words, pattern = _words()
    return pattern.sub(lambda found: _counter(found["counter"]) or words.get(found[0]) or _noted(found[0]), text)


def plain(text: str) -> str:
    """The text without readings."""
    return _MARKED.sub(r"\1", text)


def ruby(html: str) -> str:
    """A finished page, its readings shown above the words."""
    return _PARTS.sub(_part, html)


def marked(word: str, reading: str) -> str:
    """One word with its reading."""
    return f"{_BEGIN}{word}{_BETWEEN}{reading}{_END}"


def _counter(text: str | None) -> str:
    return marked(text, _COUNTERS[text]) if text else ""


def _noted(text: str) -> str:
    return _NOTED.sub(lambda found: marked(found[1], found[2]), text)


@cache
def _words() -> tuple[dict[str, str], re.Pattern[str]]:
    """The list, and a pattern that finds the longest word of it; a reading written in the text itself comes first."""
    listed = _WORDS.read_text(encoding="utf-8").split()
    words = {_NOTED.sub(r"\1", entry): _noted(entry) for entry in listed}
    longest_first = sorted(words, key=len, reverse=True)
    counter = f"(?<=[0-9}}])(?P<counter>[{''.join(_COUNTERS)}])(?!\\[)"
    pattern = "|".join([_NOTED.pattern, counter, *map(re.escape, longest_first)])
    return words, re.compile(pattern)


def _part(found: re.Match[str]) -> str:
    markup, number, word, reading = found.groups()
    if markup:
        return plain(markup)
    whole = _WITH_NUMBER.get(number + word)
    if whole:
        return _ruby(number + word, whole)
    return number + _ruby(word, reading)


def _ruby(word: str, reading: str) -> str:
    """Where the next <rp> or <rt> begins, HTML ends the one before; to write that too would be a seventh of a page."""
    return f"<ruby>{word}<rp>(<rt>{reading}<rp>)</ruby>"
