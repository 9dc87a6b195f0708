from functools import reduce

from aggregates.child import state as child_state
from aggregates.child.state import Child
from eventstore.ward import Ward
from notifier.assembly import reasons_of
from projections.told import Verdict, keep, recheck
from tests.projections.family import MONDAY, Family, open_day, toy_engine


def test_what_a_mail_rests_on_can_be_reckoned_again(ward: Ward) -> None:
    open_day(ward)
    family = Family(ward)
    family.moves_in()
    family.is_given("ONE", MONDAY)
    trail = [recorded.fact for recorded in ward.history(family.child)]
    answer = reasons_of(ward, toy_engine, family.child, reduce(child_state.evolve, trail, Child()), len(trail)).answer
    keep(ward, [(family.child, answer)])
    family.is_given("TWO", MONDAY)
    (found,) = recheck(ward, lambda _: toy_engine(), family.child, ward.head())
    assert (found.told, found.verdict) == (answer, Verdict.EQUAL)
