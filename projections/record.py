"""One child's record together with what the schedule engine says to it: what the rows of a child are made from."""

from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from uuid import UUID

import msgspec
from isal.isal_zlib import compress
from msgspec import Struct

from aggregates.child.request import doses_known, forecast_request, next_dose_day
from aggregates.child.state import Child, Dose, PlannedVisit
from projections.engine import Engine
from schedule.contract import ForecastAnswer

DEFLATE_LEVEL = 0
"""The quickest there is, not «stored»: an answer shrinks to a seventh all the same."""

ANSWER_BYTES = 40_000
"""Few answers are longer. In a buffer that need not grow, one is written in six tenths of the time."""

_encode_into = msgspec.json.Encoder().encode_into


class Context(Struct, frozen=True):
    """What rows depend on beside the facts of their stream: the engine with its edition, and the opened day."""

    engine: Engine
    today: date


class Record(Struct, frozen=True):
    """A registered child as of the opened day. Verdicts of the answer are in the order of `doses`."""

    child_id: UUID
    version: int
    child: Child
    doses: list[Dose]
    answer: ForecastAnswer
    answer_deflated: bytes
    digest: bytes
    valid_until: date | None
    open_visits: list[PlannedVisit]


class RunOut(ValueError):
    """An answer that does not hold on the very day it was asked for would be asked for again without end."""


def record_of(child_id: UUID, version: int, child: Child, context: Context) -> Record:
    """Forecast a child once; the rows of all its read models follow from this."""
    doses = doses_known(child, context.today)
    answer = context.engine.forecast(forecast_request(child_id, child, doses, context.today))
    valid_until = min(_turning_days(child, answer, context.today), default=None)
    if valid_until is not None and valid_until <= context.today:
        raise RunOut
    answer_json = bytearray(ANSWER_BYTES)
    _encode_into(answer, answer_json)
    return Record(
        child_id=child_id,
        version=version,
        child=child,
        doses=doses,
        answer=answer,
        answer_deflated=compress(answer_json, DEFLATE_LEVEL),
        digest=sha256(answer_json).digest(),
        valid_until=valid_until,
        open_visits=_open_visits(child, doses),
    )


def _turning_days(child: Child, answer: ForecastAnswer, today: date) -> Iterator[date]:
    yield from (f.valid_until for f in answer.forecasts if f.valid_until is not None)
    following = next_dose_day(child, today)
    if following is not None:
        yield following


def _open_visits(child: Child, doses: list[Dose]) -> list[PlannedVisit]:
    """Planned visits for which nothing was recorded, neither under their id nor on their day; the soonest first."""
    if not child.visits:
        return []
    visits, days = {dose.visit_id for dose in doses}, {dose.given_on for dose in doses}
    still_open = [v for v in child.visits.values() if v.visit_id not in visits and v.on not in days]
    return sorted(still_open, key=lambda visit: (visit.on, visit.visit_id))
