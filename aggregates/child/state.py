"""What is known of one child."""

from datetime import date
from uuid import UUID

import msgspec
from msgspec import Struct

from aggregates.child.facts import (
    ChildErased,
    ChildMovedIn,
    ChildMovedOut,
    ChildProfileCorrected,
    ChildRegistered,
    ChildTransferred,
    DoseCorrected,
    DoseRecorded,
    DoseVoided,
    ExtensionGranted,
    PostponementLifted,
    PostponementReason,
    SeriesClosed,
    SeriesReopened,
    Setting,
    Sex,
    VisitCancelled,
    VisitPlanned,
    VisitPostponed,
)
from aggregates.fact import Fact, Redacted


class Dose(Struct, frozen=True):
    """One dose as it stands after corrections."""

    dose_id: UUID
    visit_id: UUID
    vaccine: str
    given_on: date | None
    setting: Setting


class PlannedVisit(Struct, frozen=True):
    """A visit the family means to make."""

    visit_id: UUID
    on: date
    series: tuple[str, ...]


class Postponement(Struct, frozen=True):
    """Series that are put off, until a day or until further notice."""

    postponement_id: UUID
    series: tuple[str, ...]
    reason: PostponementReason
    until: date | None


class Child(Struct):
    """One child's record.

    A fold fills it in place, once, from the first fact to the last: copying it for each fact would cost more than all
    else in a rebuild. Whoever receives a child from a fold does not change it.
    """

    household_id: UUID | None = None
    handle: str = ""
    born_on: date | None = None
    sex: Sex | None = None
    doses: dict[UUID, Dose] = msgspec.field(default_factory=dict)
    voided: set[UUID] = msgspec.field(default_factory=set)
    visits: dict[UUID, PlannedVisit] = msgspec.field(default_factory=dict)
    times_planned: dict[str, int] = msgspec.field(default_factory=dict)
    postponements: dict[UUID, Postponement] = msgspec.field(default_factory=dict)
    times_postponed: dict[str, int] = msgspec.field(default_factory=dict)
    lifted: set[UUID] = msgspec.field(default_factory=set)
    closed_series: set[str] = msgspec.field(default_factory=set)
    extension_from: date | None = None
    moved_out: bool = False
    erased: bool = False

    @property
    def registered(self) -> bool:
        """Whether the child is known and not erased."""
        return self.household_id is not None and not self.erased


def evolve(state: Child, fact: Fact | Redacted) -> Child:  # noqa: C901, PLR0912 - one case a fact
    """The same child after one more fact. The commonest facts come first."""
    match fact:
        case DoseRecorded():
            state.doses[fact.dose_id] = Dose(fact.dose_id, fact.visit_id, fact.vaccine, fact.given_on, fact.setting)
            if state.visits:  # a planned visit that was made is no plan any more
                state.visits.pop(fact.visit_id, None)
        case DoseCorrected():
            visit_id = state.doses[fact.dose_id].visit_id
            state.doses[fact.dose_id] = Dose(fact.dose_id, visit_id, fact.vaccine, fact.given_on, fact.setting)
        case DoseVoided():
            del state.doses[fact.dose_id]
            state.voided.add(fact.dose_id)
        case VisitPlanned():
            state.visits[fact.visit_id] = PlannedVisit(fact.visit_id, fact.on, fact.series)
            _count(state.times_planned, fact.series)
        case VisitCancelled():
            del state.visits[fact.visit_id]
        case VisitPostponed():
            state.postponements[fact.postponement_id] = Postponement(fact.postponement_id, fact.series, fact.reason, fact.until)
            _count(state.times_postponed, fact.series)
        case PostponementLifted():
            del state.postponements[fact.postponement_id]
            state.lifted.add(fact.postponement_id)
        case ChildRegistered():
            state.household_id, state.handle = fact.household_id, fact.handle
            state.born_on, state.sex = fact.born_on, fact.sex
        case ChildProfileCorrected():
            state.handle, state.born_on, state.sex = fact.handle, fact.born_on, fact.sex
        case SeriesClosed():
            state.closed_series.add(fact.series)
        case SeriesReopened():
            state.closed_series.discard(fact.series)
        case ExtensionGranted():
            state.extension_from = fact.reason_ended_on
        case ChildTransferred():
            state.household_id = fact.household_id
        case ChildMovedOut():
            state.moved_out = True
        case ChildMovedIn():
            state.moved_out = False
        case ChildErased():
            return Child(erased=True)
        case Redacted():
            pass
        case _:
            raise TypeError(type(fact).__name__)
    return state


def _count(times: dict[str, int], series: tuple[str, ...]) -> None:
    for code in series:
        times[code] = times.get(code, 0) + 1
