"""What was known of one child at the end of a day, what its schedule said then, and who had done what (再現)."""

from datetime import date, timedelta
from uuid import UUID

from msgspec import Struct

from aggregates.answer.facts import Medium
from aggregates.calendar.facts import DayOpened
from aggregates.catalogue import decode
from aggregates.child import state as child_state
from aggregates.child.state import Child
from aggregates.fact import Recorded, topic_of
from aggregates.operation.facts import GenerationSwitched
from aggregates.streams import calendar_stream
from eventstore.ward import Ward
from projections.engine import Engine
from projections.record import Context, Record, record_of
from projections.told import answer_told, keep

SWITCHED = topic_of(GenerationSwitched)


class Then(Struct, frozen=True):
    """A child as it was known at the end of a day. `record` is None where the child was unknown or its key is destroyed.

    `shown` names the edition and engine that families were shown then; `engine` those that the record was replayed with.
    """

    child_id: UUID
    day: date
    position: int
    trail: list[Recorded]
    child: Child
    record: Record | None
    shown: tuple[str, str] | None
    engine: tuple[str, str]

    @property
    def same_rules(self) -> bool:
        """Whether the schedule of this replay is, byte for byte, what families were shown."""
        return self.shown == self.engine


def as_of(ward: Ward, engine: Engine, child_id: UUID, day: date) -> Then:
    """Replay one child up to the end of a day.

    Raises:
        DayNotOpened: no day was opened yet.
    """
    position = end_of(ward, day)
    trail = ward.histories([child_id], position)[child_id]
    child = child_state.Child()
    for recorded in trail:
        child = child_state.evolve(child, recorded.fact)
    record = record_of(child_id, len(trail), child, Context(engine, day)) if child.registered else None
    return Then(child_id, day, position, trail, child, record, shown_at(ward, position), (engine.edition, engine.version))


def note_shown(ward: Ward, engine: Engine, then: Then) -> None:
    """Tell the log which answer an operator is about to see under a name."""
    if then.record is not None:
        keep(ward, [(then.child_id, answer_told(then.record, engine, then.day, Medium.REPLAY))])


def end_of(ward: Ward, day: date) -> int:
    """The last position of a day: what follows it was recorded after the next day had been opened."""
    if day >= ward.today():
        return ward.head()
    row = ward.recorder.select_one(
        "SELECT position FROM events.event WHERE originator_id = %b AND topic = %b",
        (calendar_stream(day + timedelta(days=1)), topic_of(DayOpened)),
    )
    return row[0] - 1 if row else 0


def ever_shown(ward: Ward) -> list[str]:
    """The editions that families have been shown, the first one first."""
    rows = ward.recorder.select(f"SELECT state FROM events.event WHERE topic = '{SWITCHED}' ORDER BY position")  # noqa: S608
    return list(dict.fromkeys(_switch(state).edition for (state,) in rows))


def shown_at(ward: Ward, position: int) -> tuple[str, str] | None:
    """The edition and engine that families were shown at a position; None before the first read models."""
    row = ward.recorder.select_one(
        f"SELECT state FROM events.event WHERE topic = '{SWITCHED}' AND position <= %b ORDER BY position DESC LIMIT 1",  # noqa: S608
        (position,),
    )
    if row is None:
        return None
    switched = _switch(row[0])
    return switched.edition, switched.engine


def _switch(state: bytes) -> GenerationSwitched:
    switched = decode(SWITCHED, state)
    assert isinstance(switched, GenerationSwitched)  # noqa: S101 - its topic says so
    return switched
