"""The lawful days of the next dose, as pieces that each know the rules they come from."""

from schedule.dayset import DOOM, DaySet, between, minus
from schedule.japan.child import Block, Child, OpenDays, Tally, within
from schedule.japan.law import Course, Product, Row, Series, Window
from schedule.japan.reckoning import Point, first_after

Asked = tuple[int, int, Row, Window, str | None]
"""First and last day on which a row may provide the next dose, its window and its product."""


class Piece:
    """Days on which one row of one window allows the next dose.

    `beyond` marks days after an upper limit of the interval that was law: only fever and the like excused them.
    """

    __slots__ = ("beyond", "first", "last", "row", "window")

    def __init__(self, first: int, last: int, row: Row, window: Window, *, beyond: bool = False) -> None:
        self.first = first
        self.last = last
        self.row = row
        self.window = window
        self.beyond = beyond


class Chance:
    """Everything about the next dose that does not depend on the day of asking.

    Attributes:
        tally: What has been received.
        lawful: Lawful days, sorted.
        of_age: Days that age and eligibility alone allow, as (first, last, product).
        open_days: Windows that are open to this child with the doses given.
        blocks: Days shut by other vaccines.
    """

    __slots__ = ("blocks", "lawful", "of_age", "open_days", "tally")

    def __init__(
        self,
        tally: Tally,
        lawful: list[Piece],
        of_age: list[tuple[int, int, str | None]],
        open_days: list[OpenDays],
        blocks: list[Block],
    ) -> None:
        self.tally = tally
        self.lawful = lawful
        self.of_age = of_age
        self.open_days = open_days
        self.blocks = blocks


def chance(child: Child, series: Series, tally: Tally, season: tuple[int, int] | None) -> Chance:
    """The lawful days of the next dose of a series."""
    open_days = child.forecast_days(series)
    if series.conditional:
        open_days = [entry for entry in open_days if _admits(child, entry[2], tally)]
    asked = _rows(child, series, tally, open_days) if open_days else []
    if season is not None:
        asked = _clipped(asked, season)
    kept = [
        Piece(first, last, row, window)
        for row_first, row_last, row, window, _ in asked
        for first, last in (_kept(child, row, tally, row_first, row_last) if tally.last else ((row_first, row_last),))
    ]
    if tally.last:
        kept += [piece for asking in asked for piece in _beyond(tally, asking)]
    blocks: list[Block] = []
    if len(kept) == 1:
        blocks = child.blocks(series, kept[0].first, kept[0].last)
    elif kept:
        blocks = child.blocks(series, min([piece.first for piece in kept]), max([piece.last for piece in kept]))
    lawful = kept if len(kept) < 2 and not blocks else _disjoint(kept, blocks)  # noqa: PLR2004 -- one piece alone overlaps nothing
    return Chance(tally, lawful, [(first, last, product) for first, last, _, _, product in asked], open_days, blocks)


def _clipped(asked: list[Asked], season: tuple[int, int]) -> list[Asked]:
    """The rows cut down to one season."""
    cut = [(max(first, season[0]), min(last, season[1]), row, window, product) for first, last, row, window, product in asked]
    return [entry for entry in cut if entry[0] <= entry[1]]


def _disjoint(kept: list[Piece], blocks: list[Block]) -> list[Piece]:
    """Pieces without the days shut or already taken by a piece named before, sorted."""
    away: list[tuple[int, int]] = [(block.first, block.last) for block in blocks]
    lawful: list[Piece] = []
    for piece in kept:
        days: DaySet = ((piece.first, piece.last),)
        lawful += [Piece(first, last, piece.row, piece.window, beyond=piece.beyond) for first, last in minus(days, away)]
        away.append((piece.first, piece.last))
    lawful.sort(key=_first)
    return lawful


def _first(piece: Piece) -> int:
    return piece.first


def _admits(child: Child, window: Window, tally: Tally) -> bool:
    """Whether a window that asks for certain doses is open with those given."""
    if window.equal_to is not None:
        other = child.tally(child.law.series[window.equal_to]).days
        begun_late = bool(other) and window.equal_until is not None and not within(child.life, other[0], None, window.equal_until)
        if len(other) != len(tally.days) and not begun_late:
            return False
    return child.admits(window, tally)


def _rows(child: Child, series: Series, tally: Tally, open_days: list[OpenDays]) -> list[Asked]:
    """Every row that may provide the next dose, with the days that age, eligibility and product leave it."""
    count = len(tally.days)
    asked: list[Asked] = []
    choices = _choices(child, series, tally) if series.choice else series.any_product
    for product, product_first, product_last in choices:
        for open_first, open_last, window in open_days:
            first = max(product_first, open_first)
            last = min(product_last, open_last)
            for course in window.courses:
                if count < len(course.rows) and first <= last and _suits(child, course, tally, product):
                    _add_rows(child, course, tally, (first, last, window, product), asked)
    return asked


def _add_rows(
    child: Child, course: Course, tally: Tally, around: tuple[int, int, Window, str | None], asked: list[Asked]
) -> None:
    first, last, window, product = around
    count = len(tally.days)
    if not count and (course.start_from is not None or course.start_to is not None):
        first, last = _clip(child, course.start_from, course.start_to, first, last)
    for row in course.rows[count]:
        if row.accepted_only or not child.previous_fits(row, tally):
            continue
        row_first = max(first, row.first)
        row_last = min(last, row.last)
        if row.start is not None or row.stop is not None:
            row_first, row_last = _clip(child, row.start, row.stop, row_first, row_last)
        if row_first <= row_last:
            asked.append((row_first, row_last, row, window, product))


def _suits(child: Child, course: Course, tally: Tally, product: str | None) -> bool:
    if tally.days:
        return child.fits(course, tally, 0, product)
    return (not course.started_with or product is None or product in course.started_with) and not course.dose_before


def _clip(child: Child, start: Point | None, stop: Point | None, first: int, last: int) -> tuple[int, int]:
    life = child.life
    if start is not None:
        day = life.day(start)
        first = first if day is None else max(first, day)
    if stop is not None:
        day = life.day(stop)
        last = last if day is None else min(last, day)
    return first, last


def _choices(child: Child, series: Series, tally: Tally) -> list[tuple[str | None, int, int]]:
    """The products the next dose may be given with and their days: as planned, else as begun while it is to be had."""
    offers = series.offers
    wanted = child.request.planned_product or (tally.products[-1] if tally.products else None)
    same = next((product for product in offers if product.code == wanted), None)
    if same is None:
        return [_days_of(product) for product in offers]
    others = [(product.code, max(product.first, same.last + 1), product.last) for product in offers if product is not same]
    return [_days_of(same), *others]


def _days_of(product: Product) -> tuple[str, int, int]:
    return (product.code, product.first, product.last)


def _kept(child: Child, row: Row, tally: Tally, first: int, last: int) -> DaySet:
    """The days on which the row's intervals are kept."""
    if not tally.last:
        return between(first, last)
    gap = row.gap_doctor if child.hib_doctor and row.gap_doctor is not None else row.gap
    first = max(first, tally.last + 1 if gap is None else first_after(tally.last, gap))
    if row.gap_from_first is not None and tally.days:
        first = max(first, first_after(tally.days[0], row.gap_from_first))
    if row.limit is None or not tally.days:
        return between(first, last)
    longest = first_after(tally.last, row.limit)
    if longest + 1 >= row.lifted:
        return between(first, last)
    return between(first, min(last, longest)) + between(max(first, row.lifted, longest + 1), last)


def _beyond(tally: Tally, asking: Asked) -> list[Piece]:
    """The days after an upper limit of the interval that is still law as far as is known."""
    first, last, row, window, _ = asking
    if row.limit is None or row.lifted <= DOOM or not tally.days:
        return []
    first = max(first, first_after(tally.last, row.limit) + 1)
    return [Piece(first, last, row, window, beyond=True)] if first <= last else []
