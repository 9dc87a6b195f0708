"""Who the child is and where it belongs."""

from datetime import date
from uuid import UUID

from aggregates.child.facts import (
    ChildErased,
    ChildMovedIn,
    ChildMovedOut,
    ChildProfileCorrected,
    ChildRegistered,
    ChildTransferred,
    Sex,
)
from aggregates.child.refusals import BirthdayInFuture, BirthdayTooEarly, DayInFuture, DoseBeforeBirth
from aggregates.child.state import Child
from aggregates.fact import Fact
from aggregates.refusal import IdTaken

AGE_MAX_YEARS = 40
"""No programme, catch-up included, reaches anybody so old; the schedule reckons safely for everybody younger."""


def register(child: Child, *, household_id: UUID, handle: str, born_on: date, sex: Sex, today: date) -> list[Fact]:
    """A child comes into the care of the service; sent again with the same words it changes nothing."""
    require_birthday(born_on, today)
    registered = ChildRegistered(household_id=household_id, handle=handle, born_on=born_on, sex=sex)
    if not child.registered:
        return [registered]
    if (child.household_id, child.handle, child.born_on, child.sex) != (household_id, handle, born_on, sex):
        raise IdTaken
    return []


def correct(child: Child, *, handle: str, born_on: date, sex: Sex, today: date) -> list[Fact]:
    """Handle, birthday and sex as they should have been. Doses given stay, so the birthday cannot come after one."""
    require_birthday(born_on, today)
    for dose in child.doses.values():
        if dose.given_on is not None and dose.given_on < born_on:
            raise DoseBeforeBirth(given_on=dose.given_on, born_on=born_on)
    if (handle, born_on, sex) == (child.handle, child.born_on, child.sex):
        return []
    return [ChildProfileCorrected(handle=handle, born_on=born_on, sex=sex)]


def transfer(child: Child, household_id: UUID) -> list[Fact]:
    """The child belongs to another household from now on."""
    return [] if child.household_id == household_id else [ChildTransferred(household_id=household_id)]


def move_out(child: Child, on: date, today: date) -> list[Fact]:
    """The child left the ward (転出)."""
    _require_past(on, today)
    return [] if child.moved_out else [ChildMovedOut(on=on)]


def move_in(child: Child, on: date, today: date) -> list[Fact]:
    """The child came back to the ward (転入)."""
    _require_past(on, today)
    return [ChildMovedIn(on=on)] if child.moved_out else []


def erase(child: Child, today: date) -> list[Fact]:
    """The record ends with the last guardian; its key is destroyed after this."""
    return [] if child.erased else [ChildErased(on=today)]


def require_birthday(born_on: date, today: date) -> None:
    """A birthday of somebody who can be a child today.

    Raises:
        BirthdayInFuture: It is later than today.
        BirthdayTooEarly: It is more than a generation ago.
    """
    if born_on > today:
        raise BirthdayInFuture(born_on=born_on, today=today)
    earliest = date(today.year - AGE_MAX_YEARS, 1, 1)
    if born_on < earliest:
        raise BirthdayTooEarly(born_on=born_on, earliest=earliest)


def _require_past(on: date, today: date) -> None:
    if on > today:
        raise DayInFuture(on=on, today=today)
