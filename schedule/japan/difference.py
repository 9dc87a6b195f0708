"""Which series two editions can answer differently (改正の及ぶ範囲): those whose rules differ, and those tied to them.

The forecast of a series follows from its own rules, from the doses counted for it, and from the days on which other vaccines
were given. So a series is *tied* to another where one dose may count for both (periods of one vaccine, combinations) or where
it asks how far the other has come. Intervals between vaccines tie nothing: they are kept from every dose given, counted or
not, and the table of them that a series keeps is part of its own rules.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec

from schedule.japan.edition import Edition
from schedule.japan.law import Law, Series, Spacing


def differing(old: Edition, new: Edition, since: date) -> frozenset[str]:
    """The series that may be answered differently on some day from `since` on, for whatever child; the others never are.

    Every state of the law that either edition comes to from that day on is looked at, because an answer says until when it holds.
    """
    day = since.toordinal()
    days = {day, *(turning for edition in (old, new) for turning in edition.turning_days if turning > day)}
    laws = [(old.law(known), new.law(known)) for known in sorted(days)]
    changed = {code for before, after in laws for code in _changed(before, after)}
    return _closure(changed, [group for pair in laws for law in pair for group in _ties(law)])


def _changed(old: Law, new: Law) -> Iterator[str]:
    """Series whose own rules differ, or those of a product that may count for them."""
    for code in old.series.keys() | new.series.keys():
        if code not in old.series or code not in new.series or not _alike(old, new, code):
            yield code
    for code in old.products.keys() | new.products.keys():
        before, after = old.products.get(code), new.products.get(code)
        if before != after:
            yield from (series for product in (before, after) if product for series in (*product.series, *product.advances))


def _alike(old: Law, new: Law, code: str) -> bool:
    """Whether all is the same that is written of one series, and the intervals that it keeps from other vaccines."""
    if _spacings(old, code) != _spacings(new, code):
        return False
    before, after = (replace(law.series[code], spacing=0) for law in (old, new))
    return before == after or _written(before) == _written(after)


def _spacings(law: Law, code: str) -> dict[str, tuple[str, tuple[Spacing, ...]]]:
    """The intervals after other products, with their families: none is kept within a family."""
    table = law.spacings[law.series[code].spacing]
    return {product: (law.products[product].family, rules) for product, rules in table.items()}


def _written(series: Series) -> Any:
    return _renumbered(msgspec.to_builtins(series, order="sorted"), {})


def _renumbered(node: Any, numbers: dict[int, int]) -> Any:
    """The same with rules numbered by their place within the series: elsewhere in the edition rules may come and go."""
    if isinstance(node, dict):
        return {
            name: numbers.setdefault(value, len(numbers)) if name == "uid" else _renumbered(value, numbers)
            for name, value in node.items()
        }
    if isinstance(node, list | tuple):
        return [_renumbered(value, numbers) for value in node]
    return node


def _ties(law: Law) -> Iterator[set[str]]:
    """Groups of series that know of each other."""
    for product in law.products.values():
        yield {*product.series, *product.advances}
    for series in law.series.values():
        yield {series.code, *series.components, *(window.equal_to for window in series.windows if window.equal_to)}


def _closure(codes: Iterable[str], ties: list[set[str]]) -> frozenset[str]:
    """The codes with all that is tied to one of them, directly or by others."""
    found, left = set(codes), ties
    while reached := [group for group in left if not found.isdisjoint(group)]:
        left = [group for group in left if found.isdisjoint(group)]
        found = found.union(*reached)
    return frozenset(found)
