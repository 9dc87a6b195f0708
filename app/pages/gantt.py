"""The age chart as a figure for wide screens: one row a series, drawn as SVG with classes and attributes only."""

from collections.abc import Mapping

from msgspec import Struct

from app.pages.bars import Axis, Bar, Span
from app.pages.due import Due
from app.pages.records import Folder
from app.pages.text import Words

LABEL_WIDTH = 220
PLOT_WIDTH = 790
END_WIDTH = 128
HEAD_HEIGHT = 44
ROW_HEIGHT = 40


class Piece(Struct, frozen=True):
    """A rectangle."""

    x: float
    width: float


class Later(Struct, frozen=True):
    """A dose after the next one."""

    number: int | None
    x: float
    recommended: Piece | None


class Row(Struct, frozen=True):
    """One series."""

    item: Due
    top: int
    middle: int
    striped: bool
    free: Piece | None
    recommended: Piece | None
    given: tuple[tuple[float, int], ...]
    planned: float | None
    risk: float | None
    later: tuple[Later, ...]
    end: str


class Gantt(Struct, frozen=True):
    """The whole figure."""

    width: int
    height: int
    rows: tuple[Row, ...]
    ticks: tuple[tuple[float, str, bool], ...]
    today: float


def gantt(held: Folder, axis: Axis, words: Words, bars: Mapping[str, Bar]) -> Gantt:
    """Lay the figure out, in the order of the edition, as handbooks print it."""
    order = [forecast.series for forecast in held.record.forecasts]
    items = sorted(held.items, key=lambda item: order.index(item.series))
    drawn = [(item, bars[item.series]) for item in items if not bars[item.series].empty]
    rows = tuple(_row(item, place, made, words) for place, (item, made) in enumerate(drawn))
    return Gantt(
        width=LABEL_WIDTH + PLOT_WIDTH + END_WIDTH,
        height=HEAD_HEIGHT + ROW_HEIGHT * len(rows) + 4,
        rows=rows,
        ticks=tuple((_x(tick.at), tick.label, tick.year) for tick in axis.ticks),
        today=_x(axis.at(axis.today)),
    )


def _row(item: Due, place: int, drawn: Bar, words: Words) -> Row:
    top = HEAD_HEIGHT + ROW_HEIGHT * place
    return Row(
        item=item,
        top=top,
        middle=top + ROW_HEIGHT // 2,
        striped=place % 2 == 0,
        free=_piece(drawn.free),
        recommended=_piece(drawn.recommended),
        given=tuple((_x(at), n) for n, at in enumerate(drawn.given, start=1)),
        planned=None if drawn.planned is None else _x(drawn.planned),
        risk=None if drawn.risk is None else _x(drawn.risk),
        later=tuple(Later(dose.number, _x(dose.at), _piece(dose.recommended)) for dose in drawn.later),
        end=_last_day(item, words),
    )


def _last_day(item: Due, words: Words) -> str:
    if item.finished:
        return f"{item.badge.sign} {words('chart.ended')}"
    return words.short(item.forecast.latest) if item.forecast.latest else ""


def _x(at: float) -> float:
    return round(LABEL_WIDTH + PLOT_WIDTH * at / 100, 1)


def _piece(span: Span | None) -> Piece | None:
    return None if span is None else Piece(_x(span.left), round(PLOT_WIDTH * span.width / 100, 1))
