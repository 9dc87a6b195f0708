"""How a child's vaccinations get into its record: entered afterwards, recorded on the day, planned, put off, mistaken, mended."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from aggregates.child.facts import (
    DoseCorrected,
    DoseRecorded,
    DoseVoided,
    PostponementLifted,
    PostponementReason,
    Setting,
    VisitCancelled,
    VisitPlanned,
    VisitPostponed,
    VoidReason,
)
from aggregates.fact import Fact
from app.demo.chance import Chance
from app.demo.entry import Entry
from app.demo.visits import Given, Visit

REASONS = tuple(PostponementReason)
REASON_WEIGHTS = (0.62, 0.10, 0.15, 0.06, 0.01, 0.06)
VOID_REASONS = tuple(VoidReason)
VOID_WEIGHTS = (0.4, 0.35, 0.25)
DATE_SLIPS = (-365, -30, -10, -7, -1, 1, 7)
NEVER_RECORDED, PLANNED, MOVED, CANCELLED = 0.04, 0.35, 0.12, 0.05
DATE_WRONG, VOIDED, DAY_FORGOTTEN, LIFTED, UNTIL_FURTHER_NOTICE = 0.012, 0.008, 0.01, 0.6, 0.3
LIVED_ABROAD = 0.015
OLD_DOSES_LEFT_OUT = 0.03


class Record:
    """Writes one child's record from the day on which the child was added."""

    def __init__(self, child_id: UUID, born: int, added: int, chance: Chance) -> None:
        self._child_id = child_id
        self._born = born
        self._added = added
        self._chance = chance
        self._abroad_until = born + chance.between(200, 1500) if chance.yes(LIVED_ABROAD) else 0

    def entries(self, visits: Sequence[Visit]) -> Iterator[Entry]:
        """All entries; those of one day in the order in which they were made."""
        entered = self._added + (0 if self._chance.yes(0.7) else self._chance.days(6))
        for visit in visits:
            if visit.day < self._added:
                yield from self._afterwards(visit, entered)
            else:
                yield from self._attended(visit)

    def _afterwards(self, visit: Visit, entered: int) -> Iterator[Entry]:
        """First entry of past doses (母子手帳から)."""
        doses = tuple(dose for dose in visit.doses if not self._chance.yes(OLD_DOSES_LEFT_OUT))
        if doses:
            day = None if self._chance.yes(DAY_FORGOTTEN) else visit.day
            yield from self._recorded(doses, self._chance.uuid(), day, visit.day, entered)

    def _attended(self, visit: Visit) -> Iterator[Entry]:
        visit_id = self._chance.uuid()
        if self._chance.yes(PLANNED):
            yield from self._planned(visit, visit_id)
        if visit.put_off_from is not None and visit.put_off_from >= self._added:
            yield from self._put_off(visit, visit.put_off_from)
        if not self._chance.yes(NEVER_RECORDED):
            recorded = visit.day + (0 if self._chance.yes(0.6) else self._chance.days(4, 1.2))
            yield from self._recorded(visit.doses, visit_id, visit.day, visit.day, recorded)

    def _planned(self, visit: Visit, visit_id: UUID) -> Iterator[Entry]:
        aim = visit.put_off_from or visit.day
        told = max(self._added, aim - self._chance.between(2, 40))
        if told > aim:
            return
        series = _series(visit)
        yield self._entry(told, VisitPlanned(visit_id=visit_id, on=date.fromordinal(aim), series=series))
        if visit.put_off_from is not None or self._chance.yes(MOVED):
            moved = VisitPlanned(visit_id=visit_id, on=date.fromordinal(visit.day), series=series)
            yield self._entry(self._chance.between(told, aim), moved)
        elif self._chance.yes(CANCELLED):
            yield self._entry(self._chance.between(told, aim), VisitCancelled(visit_id=visit_id))

    def _put_off(self, visit: Visit, since: int) -> Iterator[Entry]:
        postponement_id = self._chance.uuid()
        until = None if self._chance.yes(UNTIL_FURTHER_NOTICE) else date.fromordinal(visit.day)
        reason = self._chance.one_of(REASONS, REASON_WEIGHTS)
        put_off = VisitPostponed(postponement_id=postponement_id, series=_series(visit), reason=reason, until=until)
        yield self._entry(since, put_off)
        if self._chance.yes(LIFTED):
            yield self._entry(visit.day, PostponementLifted(postponement_id=postponement_id))

    def _recorded(
        self, doses: Sequence[Given], visit_id: UUID, given_on: int | None, real: int, recorded: int
    ) -> Iterator[Entry]:
        facts = [self._dose(dose, visit_id, given_on, real) for dose in doses]
        slip = given_on is not None and self._chance.yes(DATE_WRONG * len(facts))
        wrong = real + self._chance.any_of(DATE_SLIPS) if slip else real
        if wrong != real and self._born <= wrong <= recorded:
            yield from self._mistaken(facts, date.fromordinal(wrong), recorded)
        else:
            yield self._entry(recorded, *facts)
        if self._chance.yes(VOIDED * len(facts)):
            yield from self._voided(doses, real, recorded)

    def _mistaken(self, facts: list[DoseRecorded], wrong: date, recorded: int) -> Iterator[Entry]:
        yield self._entry(
            recorded,
            *(
                DoseRecorded(dose_id=f.dose_id, visit_id=f.visit_id, vaccine=f.vaccine, given_on=wrong, setting=f.setting)
                for f in facts
            ),
        )
        noticed = recorded + self._chance.days(9, 1.3)
        for f in facts:
            yield self._entry(
                noticed, DoseCorrected(dose_id=f.dose_id, vaccine=f.vaccine, given_on=f.given_on, setting=f.setting)
            )

    def _voided(self, doses: Sequence[Given], real: int, recorded: int) -> Iterator[Entry]:
        """A dose of a sibling, or one that the other guardian had recorded already, taken back some days later."""
        stray = self._dose(doses[0], self._chance.uuid(), real, real)
        yield self._entry(recorded, stray)
        reason = self._chance.one_of(VOID_REASONS, VOID_WEIGHTS)
        yield self._entry(recorded + self._chance.days(4, 1.2), DoseVoided(dose_id=stray.dose_id, reason=reason))

    def _dose(self, dose: Given, visit_id: UUID, given_on: int | None, real: int) -> DoseRecorded:
        return DoseRecorded(
            dose_id=self._chance.uuid(),
            visit_id=visit_id,
            vaccine=dose.vaccine,
            given_on=None if given_on is None else date.fromordinal(given_on),
            setting=Setting.ABROAD if real < self._abroad_until else dose.setting,
        )

    def _entry(self, day: int, *facts: Fact) -> Entry:
        return Entry(day, self._child_id, facts)


def _series(visit: Visit) -> tuple[str, ...]:
    return tuple(dict.fromkeys(dose.series for dose in visit.doses))
