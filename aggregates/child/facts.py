"""Facts of one child's vaccination record (接種状況)."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from aggregates.fact import Fact


class Sex(StrEnum):
    """As entered in the family register; decides on sex-specific programmes only."""

    FEMALE = "F"
    MALE = "M"


class Setting(StrEnum):
    """Under what arrangement a dose was given."""

    ROUTINE = "routine"
    """定期接種"""
    SELF_PAID = "self_paid"
    """任意接種"""
    ABROAD = "abroad"
    """海外での接種"""
    UNKNOWN = "unknown"


class PostponementReason(StrEnum):
    """Coarse codes only; no text, no diagnosis."""

    UNWELL = "unwell"
    """熱・かぜなど"""
    CLINIC = "clinic"
    """医療機関のつごう"""
    FAMILY = "family"
    """家のつごう"""
    DOCTOR = "doctor"
    """お医者さんに言われた"""
    LONG_ILLNESS = "long_illness"
    """長い病気の治療中"""
    UNSAID = "unsaid"
    """答えない"""


class VoidReason(StrEnum):
    """Why a dose record is taken back."""

    MISTAKE = "mistake"
    WRONG_CHILD = "wrong_child"
    DUPLICATE = "duplicate"


class ChildRegistered(Fact, frozen=True, tag="child.registered.v1"):
    """A child came into the care of this service."""

    household_id: UUID
    handle: str
    born_on: date
    sex: Sex


class ChildProfileCorrected(Fact, frozen=True, tag="child.profile_corrected.v1"):
    """Handle, birthday (生年月日) and sex as they should have been."""

    handle: str
    born_on: date
    sex: Sex


class DoseRecorded(Fact, frozen=True, tag="child.dose_recorded.v1"):
    """A dose (接種) was given. `vaccine` is a product code; `given_on` is None where the day is unknown."""

    dose_id: UUID
    visit_id: UUID
    vaccine: str
    given_on: date | None
    setting: Setting = Setting.ROUTINE


class DoseCorrected(Fact, frozen=True, tag="child.dose_corrected.v1"):
    """The record of a dose as it should have been."""

    dose_id: UUID
    vaccine: str
    given_on: date | None
    setting: Setting = Setting.ROUTINE


class DoseVoided(Fact, frozen=True, tag="child.dose_voided.v1"):
    """The dose was not given to this child after all."""

    dose_id: UUID
    reason: VoidReason = VoidReason.MISTAKE


class VisitPlanned(Fact, frozen=True, tag="child.visit_planned.v1"):
    """A visit (受診予定) was planned, or moved to another day. `series` are series codes of the edition."""

    visit_id: UUID
    on: date
    series: tuple[str, ...]


class VisitCancelled(Fact, frozen=True, tag="child.visit_cancelled.v1"):
    """The planned visit will not take place."""

    visit_id: UUID


class VisitPostponed(Fact, frozen=True, tag="child.visit_postponed.v1"):
    """Vaccinations were put off (延期) until `until`, or with no day named. `series` are series codes of the edition."""

    postponement_id: UUID
    series: tuple[str, ...]
    reason: PostponementReason
    until: date | None = None


class PostponementLifted(Fact, frozen=True, tag="child.postponement_lifted.v1"):
    """The postponement no longer holds."""

    postponement_id: UUID


class SeriesClosed(Fact, frozen=True, tag="child.series_closed.v1"):
    """A doctor said that this series is not needed or must not be given; the illness itself is not kept."""

    series: str


class SeriesReopened(Fact, frozen=True, tag="child.series_reopened.v1"):
    """The series applies to the child after all."""

    series: str


class ExtensionGranted(Fact, frozen=True, tag="child.extension_granted.v1"):
    """Long-illness extension (長期療養特例): the special reason ended on this day. The illness itself is not kept."""

    reason_ended_on: date


class ChildTransferred(Fact, frozen=True, tag="child.transferred.v1"):
    """The child belongs to another household from now on."""

    household_id: UUID


class ChildMovedOut(Fact, frozen=True, tag="child.moved_out.v1"):
    """The child left the ward (転出): the ward's programme ends, the record stays readable."""

    on: date


class ChildMovedIn(Fact, frozen=True, tag="child.moved_in.v1"):
    """The child came back to the ward (転入)."""

    on: date


class ChildErased(Fact, frozen=True, tag="child.erased.v1"):
    """The key of the child's record is destroyed after this."""

    on: date
