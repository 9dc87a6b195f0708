"""Whatever guardians try, in whatever order: what is accepted folds, and nothing impossible is ever in the record."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from aggregates.catalogue import decode, encode
from aggregates.child import doses, profile, programme, visits
from aggregates.child.facts import DoseCorrected, DoseRecorded, PostponementReason, Sex, VoidReason
from aggregates.child.state import Child, PlannedVisit, evolve
from aggregates.fact import Fact, topic_of
from aggregates.refusal import Refusal
from tests.examples import examples

BORN = date(2026, 4, 10)
VACCINES = frozenset({"BCG", "HEPB"})
SERIES = frozenset({"BCG", "PCV"})

few_ids = st.integers(1, 6).map(lambda n: UUID(int=n))
some_days = st.integers(-20, 60).map(lambda n: BORN + timedelta(days=n))
vaccines = st.sampled_from(["BCG", "HEPB", "XYZ"])
some_series = st.lists(st.sampled_from(["BCG", "PCV", "XYZ"]), min_size=1, max_size=2, unique=True).map(tuple)


class OneChild(RuleBasedStateMachine):
    """A child's stream under every decider."""

    def __init__(self) -> None:
        super().__init__()
        self.today = BORN + timedelta(days=20)
        self.log: list[Fact] = []
        self.child = Child()
        self.confirmed: set[UUID] = set()
        self.accept(profile.register(self.child, household_id=UUID(int=1), handle="は", born_on=BORN, sex=Sex.MALE, today=BORN))

    def accept(self, facts: Sequence[Fact]) -> None:
        self.log += facts
        for fact in facts:
            self.child = evolve(self.child, fact)

    @rule(days=st.integers(1, 10))
    def time_goes_by(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(dose_id=few_ids, visit_id=few_ids, vaccine=vaccines, on=st.none() | some_days, confirm=st.booleans())
    def record(self, dose_id: UUID, visit_id: UUID, vaccine: str, on: date | None, *, confirm: bool) -> None:
        dose = DoseRecorded(dose_id=dose_id, visit_id=visit_id, vaccine=vaccine, given_on=on)
        try:
            facts = doses.record(self.child, [dose], vaccines=VACCINES, today=self.today, confirm_duplicate=confirm)
        except Refusal:
            return
        self.confirmed |= {dose_id} if confirm else set()
        self.accept(facts)

    @rule(dose_id=few_ids, vaccine=vaccines, on=st.none() | some_days)
    def correct(self, dose_id: UUID, vaccine: str, on: date | None) -> None:
        dose = DoseCorrected(dose_id=dose_id, vaccine=vaccine, given_on=on)
        try:
            self.accept(doses.correct(self.child, dose, vaccines=VACCINES, today=self.today))
        except Refusal:
            return

    @rule(dose_id=few_ids)
    def void(self, dose_id: UUID) -> None:
        try:
            self.accept(doses.void(self.child, dose_id, VoidReason.MISTAKE))
        except Refusal:
            return

    @rule(visit_id=few_ids, on=some_days, series=some_series)
    def plan(self, visit_id: UUID, on: date, series: tuple[str, ...]) -> None:
        try:
            self.accept(visits.plan(self.child, PlannedVisit(visit_id, on, series), known=SERIES, today=self.today))
        except Refusal:
            return

    @rule(visit_id=few_ids)
    def cancel(self, visit_id: UUID) -> None:
        try:
            self.accept(visits.cancel(self.child, visit_id))
        except Refusal:
            return

    @rule(postponement_id=few_ids, series=some_series, until=st.none() | some_days)
    def postpone(self, postponement_id: UUID, series: tuple[str, ...], until: date | None) -> None:
        reason = PostponementReason.UNWELL
        try:
            self.accept(
                visits.postpone(
                    self.child, postponement_id, series=series, reason=reason, until=until, known=SERIES, today=self.today
                )
            )
        except Refusal:
            return

    @rule(postponement_id=few_ids)
    def lift(self, postponement_id: UUID) -> None:
        try:
            self.accept(visits.lift(self.child, postponement_id))
        except Refusal:
            return

    @rule(close=st.booleans())
    def close_or_reopen(self, *, close: bool) -> None:
        decide = programme.close_series if close else programme.reopen_series
        self.accept(decide(self.child, "BCG", SERIES))

    @rule(out=st.booleans())
    def move(self, *, out: bool) -> None:
        decide = profile.move_out if out else profile.move_in
        self.accept(decide(self.child, self.today, self.today))

    @rule(born_on=some_days)
    def correct_birthday(self, born_on: date) -> None:
        try:
            self.accept(profile.correct(self.child, handle="は", born_on=born_on, sex=Sex.MALE, today=self.today))
        except Refusal:
            return

    @invariant()
    def nothing_impossible_is_recorded(self) -> None:
        born_on = self.child.born_on
        assert born_on is not None
        assert born_on <= self.today
        for dose in self.child.doses.values():
            assert dose.vaccine in VACCINES
            assert dose.given_on is None or born_on <= dose.given_on <= self.today

    @invariant()
    def nothing_stands_twice_unless_somebody_said_so(self) -> None:
        standing = [dose for dose in self.child.doses.values() if dose.given_on and dose.dose_id not in self.confirmed]
        assert len({(dose.vaccine, dose.given_on) for dose in standing}) == len(standing)

    @invariant()
    def the_log_read_again_folds_to_the_same_child(self) -> None:
        again = Child()
        for fact in self.log:
            again = evolve(again, decode(topic_of(fact), encode(fact)))
        assert again == self.child


TestOneChild = OneChild.TestCase
TestOneChild.settings = examples(60, stateful_step_count=30)
