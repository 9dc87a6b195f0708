"""A child comes into the care of the service."""

from datetime import date
from uuid import UUID

from aggregates.child import profile
from aggregates.child.facts import Sex
from aggregates.household import children
from aggregates.refusal import NotFound
from commands.command import Command, Handle
from commands.work import CHILD, UnitOfWork


class AddChild(Command):
    """Add a child (お子さんの登録) under an id chosen by the client."""

    child_id: UUID
    handle: Handle
    born_on: date
    sex: Sex

    def decide(self, work: UnitOfWork) -> None:
        """The household lists the child, the child names the household."""
        household_id, household = work.household()
        child = work.load(self.child_id, CHILD, target=True)
        if child.registered and child.household_id != household_id:
            raise NotFound
        registered = profile.register(
            child, household_id=household_id, handle=self.handle, born_on=self.born_on, sex=self.sex, today=work.today
        )
        work.append(self.child_id, registered)
        work.append(household_id, children.add(household, self.child_id))
