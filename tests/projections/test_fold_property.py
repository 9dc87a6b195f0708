"""Whatever happens in a ward and whenever it is folded: the rows are those of the log."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from aggregates.account.facts import AccountErased, EmailRemoved, EverythingResumed, EverythingStopped
from aggregates.child.facts import (
    ChildErased,
    ChildMovedIn,
    ChildMovedOut,
    DoseCorrected,
    DoseVoided,
    PostponementLifted,
    PostponementReason,
    SeriesClosed,
    SeriesReopened,
    VisitCancelled,
    VisitPlanned,
    VisitPostponed,
)
from aggregates.household.facts import GuardianRemoved
from projections.check import check
from projections.queries import Queries
from projections.workers import Source
from tests.examples import examples
from tests.projections.family import MONDAY, SERIES, Family, open_day

DAYS_BACK = st.integers(0, 80).map(lambda n: MONDAY - timedelta(n)) | st.none()
DAYS_AHEAD = st.integers(0, 200).map(lambda n: MONDAY + timedelta(n))
CODES = st.sampled_from(sorted(SERIES))


class Life(RuleBasedStateMachine):
    """One family, its doses, visits and postponements, kept beside in the plainest way."""

    start: Callable[[], tuple[Family, Queries, Callable[[], None], Source]]

    def __init__(self) -> None:
        super().__init__()
        self.family, self.queries, self.catch_up, self.source = type(self).start()
        self.doses: dict[UUID, tuple[str, date | None]] = {}
        self.visits: dict[UUID, date] = {}
        self.postponements: set[UUID] = set()
        self.erased = False

    def tell(self, *facts: Any) -> None:
        if not self.erased:
            self.family.tell(self.family.child, *facts)

    @rule(code=CODES, on=DAYS_BACK)
    def dose(self, code: str, on: date | None) -> None:
        if not self.erased:
            self.doses[self.family.is_given(code, on)] = (code, on)

    @rule(code=CODES, on=DAYS_BACK, data=st.data())
    def correct(self, code: str, on: date | None, data: st.DataObject) -> None:
        if self.doses and not self.erased:
            dose_id = data.draw(st.sampled_from(sorted(self.doses)))
            self.tell(DoseCorrected(dose_id=dose_id, vaccine=code, given_on=on))
            self.doses[dose_id] = (code, on)

    @rule(data=st.data())
    def void(self, data: st.DataObject) -> None:
        if self.doses and not self.erased:
            dose_id = data.draw(st.sampled_from(sorted(self.doses)))
            self.tell(DoseVoided(dose_id=dose_id))
            del self.doses[dose_id]

    @rule(codes=st.lists(CODES, min_size=1, unique=True), on=DAYS_AHEAD, data=st.data())
    def plan(self, codes: list[str], on: date, data: st.DataObject) -> None:
        visit_id = data.draw(st.sampled_from([*sorted(self.visits), uuid4()]))
        self.tell(VisitPlanned(visit_id=visit_id, on=on, series=tuple(codes)))
        self.visits[visit_id] = on

    @rule()
    def cancel(self) -> None:
        if self.visits:
            self.tell(VisitCancelled(visit_id=self.visits.popitem()[0]))

    @rule(codes=st.lists(CODES, min_size=1, unique=True), until=DAYS_AHEAD | st.none())
    def postpone(self, codes: list[str], until: date | None) -> None:
        postponement_id, reason = uuid4(), PostponementReason.UNWELL
        self.tell(VisitPostponed(postponement_id=postponement_id, series=tuple(codes), reason=reason, until=until))
        self.postponements.add(postponement_id)

    @rule()
    def lift(self) -> None:
        if self.postponements:
            self.tell(PostponementLifted(postponement_id=self.postponements.pop()))

    @rule(code=CODES, reopened=st.booleans())
    def close(self, code: str, *, reopened: bool) -> None:
        self.tell(SeriesReopened(series=code) if reopened else SeriesClosed(series=code))

    @rule(gone=st.booleans())
    def move(self, *, gone: bool) -> None:
        self.tell(ChildMovedOut(on=MONDAY) if gone else ChildMovedIn(on=MONDAY))

    @rule(fact=st.sampled_from([EverythingStopped(), EverythingResumed(), EmailRemoved()]))
    def mail(self, fact: Any) -> None:
        if not self.erased:
            self.family.tell(self.family.account, fact)

    @rule(days=st.integers(1, 90))
    def sleep(self, days: int) -> None:
        today = self.family.ward.today()
        open_day(self.family.ward, today + timedelta(days))

    @rule()
    def fold(self) -> None:
        self.catch_up()

    @rule()
    def erase(self) -> None:
        if not self.erased:
            family, self.erased = self.family, True
            family.tell(family.child, ChildErased(on=MONDAY), erases=(family.child,))
            family.tell(family.household, GuardianRemoved(account_id=family.account))
            family.tell(family.account, AccountErased(on=MONDAY), erases=(family.account,))
            family.ward.keys.erase(family.child)
            family.ward.keys.erase(family.account)

    @invariant()
    def nothing_waits_for_ever(self) -> None:
        assert self.queries.lag().parked == 0

    def teardown(self) -> None:
        self.catch_up()
        child_id = self.family.child
        assert check(self.source).listed == []
        assert {d.dose_id: (d.vaccine, d.given_on) for d in self.queries.doses(child_id)} == ({} if self.erased else self.doses)
        assert len(self.queries.postponements(child_id)) == (0 if self.erased else len(self.postponements))
        assert (self.queries.child(self.family.account, child_id) is None) == self.erased


def test_rows_are_those_of_the_log(built: Family, queries: Queries, catch_up: Callable[[], None], source: Source) -> None:
    def start() -> tuple[Family, Queries, Callable[[], None], Source]:
        family = Family(built.ward)
        family.moves_in()
        return family, queries, catch_up, source

    machine = type("LifeHere", (Life,), {"start": staticmethod(start)})
    checks = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture)
    run_state_machine_as_test(machine, settings=examples(15, stateful_step_count=20, suppress_health_check=checks))
