"""The reasons of a forecast: which rules made it, where they stand, and what they were measured from."""

from datetime import date
from typing import Final

from schedule.contract import Reason
from schedule.japan import saying
from schedule.japan.child import Child
from schedule.japan.law import Row, Series
from schedule.japan.outcome import Outcome
from schedule.japan.pieces import Chance, Piece
from schedule.japan.projecting import Prospect
from schedule.japan.reckoning import first_after

_from_day: Final = date.fromordinal


def reasons_of(child: Child, series: Series, prospect: Prospect, outcome: Outcome, today: int) -> tuple[Reason, ...]:
    """The reasons behind one outcome."""
    if outcome.why is not None:
        return (outcome.why,)
    laid = prospect.chance_at(today)
    piece = next(piece for piece in laid.lawful if piece.last >= today)
    return (
        _eligible(child, series, piece),
        piece.row.dose_said,
        *_intervals(child, laid, piece.row),
        *_closing(laid, piece.row, outcome),
        *((saying.INTERVAL_EXCEEDED,) if piece.beyond else ()),
    )


def _eligible(child: Child, series: Series, piece: Piece) -> Reason:
    """Who may have it, measured from the birthday or the expected delivery."""
    said = piece.window.said
    anchor = "expected_delivery" if series.per_pregnancy else "birth"
    since = child.request.expected_delivery_date if series.per_pregnancy else child.request.birth_date
    day = child.life.day(piece.window.start)
    return _anchored(said, anchor, since, day)


def _intervals(child: Child, laid: Chance, row: Row) -> list[Reason]:
    tally = laid.tally
    if not tally.last:
        return []
    found = []
    gap, said = (row.gap_doctor, row.doctor_said) if child.hib_doctor and row.gap_doctor is not None else (row.gap, row.gap_said)
    if gap is not None and said is not None:
        found.append(_anchored(said, "dose", _from_day(tally.last), first_after(tally.last, gap)))
    if row.gap_from_first is not None and row.gap_from_first_said is not None and tally.days:
        first = tally.days[0]
        found.append(_anchored(row.gap_from_first_said, "dose", _from_day(first), first_after(first, row.gap_from_first)))
    return found


def _closing(laid: Chance, row: Row, outcome: Outcome) -> list[Reason]:
    """The interval from another vaccine where it set the earliest day, and the standard period."""
    found = [
        _anchored(block.rule.said, "dose", _from_day(block.given), block.last + 1)
        for block in laid.blocks
        if block.last + 1 == outcome.earliest
    ]
    if row.standard_said is not None:
        found.append(row.standard_said)
    return found


def _anchored(said: Reason, anchor: str, since: date | None, day: int | None) -> Reason:
    return Reason(said.code, said.text, said.citation, said.text_en, anchor, since, None if day is None else _from_day(day))
