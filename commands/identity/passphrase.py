"""Passphrases (合いことば) that the service makes up: short Japanese words in Latin letters, and four digits."""

from functools import cache
from importlib.resources import files

WORDS = 4
DIGITS = 4


def passphrase(number: int) -> str:
    """A passphrase such as `sakura-tanuki-yuzu-hato-4821`: 45 bits of the number, typed without a Japanese keyboard."""
    parts = []
    for _ in range(WORDS):
        number, place = divmod(number, len(_words()))
        parts.append(_words()[place])
    return "-".join([*parts, f"{number % 10**DIGITS:0{DIGITS}}"])


@cache
def _words() -> tuple[str, ...]:
    return tuple(files(__package__ or "").joinpath("words.txt").read_text().split())
