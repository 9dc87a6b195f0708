"""Which children belong to a household."""

from uuid import UUID

from aggregates.fact import Fact
from aggregates.household.facts import ChildAdded, ChildRemoved
from aggregates.household.refusals import ChildLimit
from aggregates.household.state import Household
from aggregates.refusal import NotFound

CHILDREN_MAX = 20


def add(household: Household, child_id: UUID) -> list[Fact]:
    """One more child, up to a number that no family reaches."""
    if child_id in household.children:
        return []
    if len(household.children) >= CHILDREN_MAX:
        raise ChildLimit(limit=CHILDREN_MAX)
    return [ChildAdded(child_id=child_id)]


def remove(household: Household, child_id: UUID) -> list[Fact]:
    """The child goes to another household."""
    if child_id not in household.children:
        raise NotFound
    return [ChildRemoved(child_id=child_id)]
