"""What is wrong with an edition: file, line and a sentence."""

import re
import tomllib
from collections.abc import Sequence
from typing import NamedTuple, Self

import msgspec

from schedule.japan.locating import Locator

_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_PATH = re.compile(r" - at `\$(.*)`$")


class Fault(NamedTuple):
    """One fault in one line of one file."""

    file: str
    line: int
    sentence: str

    @classmethod
    def from_toml(cls, file: str, error: tomllib.TOMLDecodeError) -> Self:
        """The fault of a file that is no TOML."""
        message = str(error)
        place = _TOML_PLACE.search(message)
        line = int(place[1]) if place and place[1] else 1
        return cls(file, line, f"This is not TOML: {_TOML_PLACE.sub('', message)}.")

    @classmethod
    def from_validation(cls, file: str, locator: Locator, error: msgspec.ValidationError) -> Self:
        """The fault of a file whose words are not those of an edition."""
        message = str(error)
        path = _PATH.search(message)
        return cls(file, locator.line(path[1] if path else ""), _PATH.sub("", message) + ".")

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.sentence}"


class EditionFaultError(ValueError):
    """An edition cannot be loaded.

    Args:
        faults: All faults found.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)
