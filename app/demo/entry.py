"""What happens in a family, as it will be told to the log."""

from typing import NamedTuple
from uuid import UUID

from aggregates.fact import Fact


class Entry(NamedTuple):
    """Facts of one stream that one guardian causes at once on a day; entries of a day keep their order."""

    day: int
    stream: UUID
    facts: tuple[Fact, ...]


class Home(NamedTuple):
    """The streams of one family."""

    household_id: UUID
    guardians: tuple[UUID, ...]
    children: tuple[UUID, ...]

    def subjects(self) -> tuple[UUID, ...]:
        """Everybody with a key of their own."""
        return (self.household_id, *self.guardians, *self.children)
