"""What was told of a schedule is kept once, and held against what the engine says later."""

from datetime import timedelta

import msgspec

from aggregates.answer.facts import AnswerTold, Medium
from aggregates.child import state as child_state
from aggregates.child.facts import ChildErased
from aggregates.child.state import Child
from aggregates.fact import Recorded
from aggregates.streams import answers_stream
from projections.engine import EditionMissing, Engine
from projections.record import Context, record_of
from projections.told import Verdict, keep, recheck
from schedule.contract import ForecastAnswer, ForecastRequest
from tests.projections.family import MONDAY, Family, toy_engine, toy_forecast


def repaired(request: ForecastRequest) -> ForecastAnswer:
    """The toy rules, but every first lawful day is a day later: the engine was altered, and its version was not."""
    answer = toy_forecast(request)
    later = [msgspec.structs.replace(f, earliest=f.earliest and f.earliest + timedelta(1)) for f in answer.forecasts]
    return msgspec.structs.replace(answer, forecasts=tuple(later))


def told(family: Family, medium: Medium = Medium.MAIL) -> AnswerTold:
    """What the toy engine says of the child now."""
    engine, trail = toy_engine(), family.ward.history(family.child)
    child = Child()
    for recorded in trail:
        child = child_state.evolve(child, recorded.fact)
    digest = record_of(family.child, len(trail), child, Context(engine, MONDAY)).digest.hex()
    return AnswerTold(
        child_version=len(trail), on=MONDAY, edition=engine.edition, engine=engine.version, answer_digest=digest, medium=medium
    )


def verdicts(family: Family, engine: Engine) -> list[Verdict]:
    return [one.verdict for one in recheck(family.ward, lambda _: engine, family.child, family.ward.head())]


def test_an_answer_is_kept_once_for_each_way_of_telling(family: Family) -> None:
    mailed, seen = told(family), told(family, Medium.REPLAY)
    for _ in range(2):
        keep(family.ward, [(family.child, mailed), (family.child, mailed), (family.child, seen)])
    assert [recorded.fact for recorded in family.ward.history(answers_stream(family.child))] == [mailed, seen]


def test_an_altered_engine_is_told_by_the_digest_that_was_kept(family: Family) -> None:
    first = told(family)
    keep(family.ward, [(family.child, first)])
    family.is_given("ONE", MONDAY)
    keep(family.ward, [(family.child, told(family))])
    assert verdicts(family, toy_engine()) == [Verdict.EQUAL, Verdict.EQUAL]
    altered = msgspec.structs.replace(toy_engine(), forecast=repaired)
    assert verdicts(family, altered) == [Verdict.ENGINE_CHANGED, Verdict.ENGINE_CHANGED]
    found = recheck(family.ward, lambda _: altered, family.child, family.ward.head())[0]
    assert found.told == first
    assert found.digest_now not in {None, first.answer_digest}


def test_an_edition_that_is_not_kept_proves_nothing(family: Family) -> None:
    def gone(_: str) -> Engine:
        raise EditionMissing

    keep(family.ward, [(family.child, told(family))])
    (found,) = recheck(family.ward, gone, family.child, family.ward.head())
    assert (found.digest_now, found.verdict) == (None, Verdict.EDITION_MISSING)


def test_what_was_told_later_is_not_looked_at(family: Family) -> None:
    before = family.ward.head()
    keep(family.ward, [(family.child, told(family))])
    assert recheck(family.ward, lambda _: toy_engine(), family.child, before) == []


def test_of_an_erased_child_nothing_is_kept_and_nothing_is_left(family: Family) -> None:
    other = Family(family.ward)
    other.moves_in()
    keep(family.ward, [(family.child, told(family))])
    lately = told(family, Medium.REPLAY)
    version = len(family.ward.history(family.child)) + 1
    family.ward.save(Recorded(family.child, version, ChildErased(on=MONDAY)), erases=[family.child])
    keep(family.ward, [(family.child, lately), (other.child, told(other))])
    assert recheck(family.ward, lambda _: toy_engine(), family.child, family.ward.head()) == []
    assert verdicts(other, toy_engine()) == [Verdict.EQUAL]
