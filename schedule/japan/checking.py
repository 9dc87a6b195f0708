"""Checks that an edition makes sense as a whole: words, names, and dates."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import msgspec

from schedule.japan.faults import Fault
from schedule.japan.law import LONGEST_SPACING_DAYS
from schedule.japan.locating import Locator
from schedule.japan.reckoning import parse_interval, parse_point
from schedule.japan.source import EditionFile, VaccineFile

_POINTS = {
    "from",
    "to",
    "start_from",
    "start_to",
    "previous_from",
    "previous_to",
    "standard_from",
    "standard_to",
    "counts_from",
    "equal_until",
}
_INTERVALS = {"after_previous", "after_previous_doctor", "after_first", "at_most_after_previous", "least"}
_INTERVAL_LISTS = {"standard_after_previous", "standard_after_first"}
_DAYS = re.compile(r"\d+日")
_SERIES = {"order", "components", "equal_to", "advances"}
_PRODUCTS = {"offers", "started_with", "continue_with"}


def check_edition(edition: EditionFile, files: Mapping[str, VaccineFile], locators: Mapping[str, Locator]) -> list[Fault]:
    """All faults of an edition whose files can be read."""
    names = _Names(files.values())
    trees = {"edition.toml": edition, **files}
    faults = [
        Fault(name, locators[name].line(path), sentence)
        for name, file in trees.items()
        for path, sentence in names.faults(msgspec.to_builtins(file, builtin_types=(date,)), "")
    ]
    faults += [
        Fault(
            "edition.toml",
            locators["edition.toml"].line(f".spacing[{place}].least"),
            f"«{rule.least}» is no number of days up to 40.",
        )
        for place, rule in enumerate(edition.spacing)
        if not _DAYS.fullmatch(rule.least) or int(rule.least[:-1]) > LONGEST_SPACING_DAYS
    ]
    return faults + [
        Fault("edition.toml", locators["edition.toml"].line(".order"), f"Series {code} is missing from the order.")
        for code in sorted(names.series - set(edition.order))
    ]


class _Names:
    def __init__(self, files: Iterable[VaccineFile]) -> None:
        vaccines = list(files)
        self.series = {series.code for file in vaccines for series in file.series}
        self.products = {product.code for file in vaccines for product in file.product}

    def faults(self, node: object, path: str) -> Iterator[tuple[str, str]]:
        if isinstance(node, list):
            for position, item in enumerate(node):
                yield from self.faults(item, f"{path}[{position}]")
        if not isinstance(node, dict):
            return
        for sentence in _dates(node):
            yield path, sentence
        for key, value in node.items():
            for sentence in self._value(key, value, path):
                yield f"{path}.{key}", sentence
            yield from self.faults(value, f"{path}.{key}")

    def _value(self, key: str, value: object, path: str) -> Iterator[str]:
        words = value if isinstance(value, list) else [value]
        if key == "season" or (key in {"from", "to"} and path.endswith(".season")):
            return
        for word in words:
            if not isinstance(word, str):
                continue
            if key in _POINTS:
                yield from _unreadable(parse_point, word)
            elif key in _INTERVALS or key in _INTERVAL_LISTS:
                yield from _unreadable(parse_interval, word)
            elif key in _SERIES and word not in self.series:
                yield f"There is no series {word} in this edition."
            elif key in _PRODUCTS and word not in self.products:
                yield f"There is no product {word} in this edition."


def _unreadable(parse: object, word: str) -> Iterator[str]:
    try:
        if callable(parse):
            parse(word)
    except ValueError as error:
        yield f"{error}."


def _dates(node: dict[str, object]) -> Iterator[str]:
    in_force, replaced, until = (node.get(key) for key in ("in_force", "replaced", "until"))
    if isinstance(in_force, date) and isinstance(replaced, date) and replaced <= in_force:
        yield f"The rule is replaced on {replaced}, not after it comes into force on {in_force}."
    if isinstance(in_force, date) and isinstance(until, date) and until < in_force:
        yield f"The rule ends on {until}, before it comes into force on {in_force}."
