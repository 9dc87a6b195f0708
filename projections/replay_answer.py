"""How a replay of one child is told: pseudonymous, unless it is revealed."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from aggregates.fact import Redacted, topic_of
from projections.replay import Then
from projections.told import Recheck
from schedule.contract import SeriesForecast
from schedule.japan import due_status


class DoseThen(Struct, frozen=True):
    """A dose as it was recorded then."""

    given_on: date | None
    vaccine: str
    setting: str
    validity: str | None
    programme: str | None


class SeriesThen(Struct, frozen=True):
    """What a series said then, on that day."""

    series: str
    status: str
    due_status: str | None
    dose_number: int | None
    earliest: date | None
    recommended: date | None
    past_due: date | None
    latest: date | None


class EventThen(Struct, frozen=True):
    """One thing that somebody did."""

    position: int
    recorded_at: datetime
    topic: str
    redacted: bool
    role: str
    actor: UUID | None
    command_id: UUID | None
    edition: str
    engine: str


class ToldThen(Struct, frozen=True):
    """An answer that somebody was told, and what comes of the same question with this build's engine."""

    position: int
    on: date
    medium: str
    edition: str
    engine: str
    digest: str
    digest_now: str | None
    verdict: str


class ThenAnswer(Struct, frozen=True):
    """A child on a day. `digest` is that of the schedule answer; `rules` says whether families saw the same.

    `told` are all answers up to that day that were mailed, or shown under a name.
    """

    child_id: UUID
    as_of: date
    position: int
    handle: str | None
    born_on: date | None
    standing: str
    doses: list[DoseThen]
    schedule: list[SeriesThen]
    trail: list[EventThen]
    digest: str | None
    rules: str
    told: list[ToldThen]


def answer(then: Then, told: list[Recheck], *, reveal: bool) -> ThenAnswer:
    """What may be told of a replay."""
    return ThenAnswer(
        child_id=then.child_id,
        as_of=then.day,
        position=then.position,
        handle=then.child.handle if reveal else None,
        born_on=then.child.born_on if reveal else None,
        standing=_standing(then),
        doses=_doses(then),
        schedule=[_series(forecast, then.day) for forecast in then.record.answer.forecasts] if then.record else [],
        trail=_trail(then),
        digest=then.record.digest.hex() if then.record else None,
        rules=_rules(then),
        told=[_told(one) for one in told],
    )


def _standing(then: Then) -> str:
    if then.child.erased or (then.record is None and any(isinstance(r.fact, Redacted) for r in then.trail)):
        return "erased"
    if then.record is None:
        return "not registered"
    return "moved out" if then.child.moved_out else "in the ward"


def _doses(then: Then) -> list[DoseThen]:
    if then.record is None:
        return []
    pairs = zip(then.record.doses, then.record.answer.doses, strict=True)
    return [DoseThen(d.given_on, d.vaccine, d.setting.value, v.validity, v.programme) for d, v in pairs]


def _series(f: SeriesForecast, day: date) -> SeriesThen:
    return SeriesThen(f.series, f.status, due_status(f, day), f.dose_number, f.earliest, f.recommended, f.past_due, f.latest)


def _trail(then: Then) -> list[EventThen]:
    return [
        EventThen(
            position=recorded.position,
            recorded_at=recorded.recorded_at,
            topic=topic_of(recorded.fact),
            redacted=isinstance(recorded.fact, Redacted),
            role=recorded.meta.role.value,
            actor=recorded.meta.actor,
            command_id=recorded.meta.command_id,
            edition=recorded.meta.edition,
            engine=recorded.meta.engine,
        )
        for recorded in then.trail
    ]


def _told(one: Recheck) -> ToldThen:
    told = one.told
    return ToldThen(
        position=one.position,
        on=told.on,
        medium=told.medium.value,
        edition=told.edition,
        engine=told.engine,
        digest=told.answer_digest,
        digest_now=one.digest_now,
        verdict=one.verdict.value,
    )


def _rules(then: Then) -> str:
    edition, engine = then.engine
    replayed = f"Replayed with edition {edition[:12]}, engine {engine}"
    if then.shown is None:
        return f"{replayed}; no read models had been built by then."
    if then.same_rules:
        return f"{replayed}: the same as families were shown."
    if then.shown[0] == edition:
        return f"{replayed}; engine changed: families were shown what engine {then.shown[1]} made of this edition."
    return f"{replayed}; families were shown edition {then.shown[0][:12]}, engine {then.shown[1]}."
