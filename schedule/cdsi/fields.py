"""The small values inside the supporting data: periods, dates, flags, code lists. An empty element means «n/a»."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from schedule.cdsi.markup import Node
from schedule.days import BEGINNING, NEVER, Period, parse_period

NOT_APPLICABLE = ("", "n/a")

_Choice = TypeVar("_Choice")


def text(node: Node, tag: str) -> str:
    """The text of a child, empty where the child is absent or n/a."""
    child = node.find(tag)
    return "" if child is None or child.text.lower() in NOT_APPLICABLE else child.text


def needed_text(node: Node, tag: str) -> str:
    """The text of a child that must be there and must not be empty."""
    child = node.need(tag)
    if not child.text:
        raise child.error(f"<{tag}> is empty")
    return child.text


def period(node: Node, tag: str) -> Period | None:
    """The period in a child such as `<minAge>4 months - 4 days</minAge>`."""
    value = text(node, tag)
    if not value:
        return None
    try:
        return parse_period(value)
    except ValueError as error:
        raise node.need(tag).error(f"<{tag}>: {error}") from None


def day(node: Node, tag: str) -> int | None:
    """The day in a child, written `YYYYMMDD` or `MM/DD/YYYY`."""
    value = text(node, tag)
    if not value:
        return None
    form = "%m/%d/%Y" if "/" in value else "%Y%m%d"
    try:
        return datetime.strptime(value, form).toordinal()  # noqa: DTZ007 -- a calendar day has no time zone
    except ValueError:
        raise node.need(tag).error(f"<{tag}>: not a date: {value!r}") from None


def days_between(node: Node, first: str, last: str) -> tuple[int, int]:
    """The days in two children, open on a side where one is n/a."""
    begin, end = day(node, first), day(node, last)
    return (BEGINNING if begin is None else begin, NEVER if end is None else end)


def in_force(node: Node) -> tuple[int, int]:
    """First and last day on which a part of a rule is to be used."""
    return days_between(node, "effectiveDate", "cessationDate")


def whole_number(node: Node, tag: str) -> int | None:
    """The whole number in a child."""
    value = text(node, tag)
    if not value:
        return None
    if not value.isdecimal():
        raise node.need(tag).error(f"<{tag}>: not a whole number: {value!r}")
    return int(value)


def choice(node: Node, tag: str, choices: Mapping[str, _Choice], default: str | None = None) -> _Choice:
    """One of a closed list of words, in whatever case they are written."""
    value = text(node, tag).lower() or default
    if value is None:
        raise node.error(f"<{node.tag}> lacks a value for <{tag}>")
    if value not in choices:
        raise (node.find(tag) or node).error(f"<{tag}>: {value!r} is none of {', '.join(choices)}")
    return choices[value]


def flag(node: Node, tag: str) -> bool:
    """A yes-or-no value; empty means no."""
    return choice(node, tag, {"yes": True, "y": True, "no": False, "n": False}, default="no")


def code_list(node: Node, tag: str) -> frozenset[str]:
    """A `;`-separated list of vaccine (CVX) or group codes, possibly empty."""
    return frozenset(code for part in text(node, tag).split(";") if (code := part.strip()))


def cvx(code: str) -> str:
    """A vaccine code as the tables spell it: at least two digits."""
    return code.strip().zfill(2)


def cvx_list(node: Node, tag: str) -> frozenset[str]:
    """A `;`-separated list of vaccine codes."""
    return frozenset(map(cvx, code_list(node, tag)))
