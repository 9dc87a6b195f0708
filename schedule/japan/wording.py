"""Sentences for reasons, made from the rules themselves, in Japanese and English."""

from schedule.japan.reckoning import Interval, Point, parse_interval, parse_point

_YEAR = 12
_WHOLE_YEARS_FROM = 36

_FIXED_EN = {
    "school_year": "1 April of the year before school entry",
    "school_eve": "31 March before school entry",
}


def point_en(text: str) -> str:
    """An age or day of an edition in English."""
    point = parse_point(text)
    shifted = {1: "the day after ", -1: "the day before "}.get(point.shift, "")
    return shifted + _plain_point(point)


def _plain_point(point: Point) -> str:
    unit, amount, _ = point
    if unit in _FIXED_EN:
        return _FIXED_EN[unit]
    if unit == "delivery":
        return f"{-amount} days before the expected delivery"
    if unit == "day":
        return "birth" if not amount else f"{amount // 7} weeks and {amount % 7} days after birth"
    age = f"{amount // _YEAR} years" if amount >= _WHOLE_YEARS_FROM and amount % _YEAR == 0 else _counted(amount, "month")
    if unit == "fiscal_first":
        return f"the first day of the fiscal year of turning {amount // _YEAR}"
    if unit == "fiscal_last":
        return f"the last day of the fiscal year of turning {amount // _YEAR}"
    return f"the day {age} of age are reached"


def interval_en(text: str) -> str:
    """An interval of an edition in English."""
    interval: Interval = parse_interval(text)
    if interval.half:
        return f"{interval.months} and a half months"
    return _counted(interval.months, "month") if interval.months else _counted(interval.days, "full day")


def _counted(amount: int, unit: str) -> str:
    return f"{amount} {unit}" if amount == 1 else f"{amount} {unit}s"


def window_ja(start: str, stop: str | None, until: str | None) -> str:
    """Who may have it, in Japanese."""
    last = f"{stop}まで" if stop else ""
    day = f"({until}まで)" if until else ""
    return f"対象は{start}から{last}{day}です。"


def window_en(start: str, stop: str | None, until: str | None) -> str:
    """Who may have it, in English."""
    last = f" through {point_en(stop)}" if stop else ""
    day = f" (until {until})" if until else ""
    return f"Open from {point_en(start)}{last}{day}."


def standard_ja(start: str | None, stop: str | None, since_previous: list[str], since_first: list[str]) -> str:
    """The standard period in Japanese."""
    parts = []
    if start or stop:
        parts.append(f"{start + 'から' if start else ''}{stop + 'まで' if stop else ''}")
    parts += [f"{name}から{'～'.join(gap)}" for name, gap in (("前回", since_previous), ("1回目", since_first)) if gap]
    return f"標準的な接種期間は{'、'.join(parts)}です。"


def standard_en(start: str | None, stop: str | None, since_previous: list[str], since_first: list[str]) -> str:
    """The standard period in English."""
    parts = []
    if start:
        parts.append(f"from {point_en(start)}")
    if stop:
        parts.append(f"through {point_en(stop)}")
    for name, gap in (("the previous dose", since_previous), ("the first dose", since_first)):
        if gap:
            parts.append(f"{' to '.join(interval_en(g) for g in gap)} after {name}")
    return f"Standard period: {', '.join(parts)}."
