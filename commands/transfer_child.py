"""A child goes from one household to another."""

from uuid import UUID

from aggregates.child import profile
from aggregates.fact import Actor, Role
from aggregates.household import children
from aggregates.refusal import NotFound
from commands.command import Command
from commands.context import Context
from commands.work import CHILD, HOUSEHOLD, UnitOfWork


class TransferChild(Command):
    """Transfer a child's record to another household. Only an operator can: it takes the child out of somebody's sight."""

    child_id: UUID
    to_household: UUID

    def account(self, actor: Actor, context: Context) -> UUID:
        """To a guardian this reads as if there were no such thing."""
        if actor.role is not Role.OPERATOR:
            raise NotFound
        return super().account(actor, context)

    def decide(self, work: UnitOfWork) -> None:
        """Both households and the child change at once or not at all."""
        child = work.load(self.child_id, CHILD, target=True)
        to_household = work.load(self.to_household, HOUSEHOLD)
        if child.household_id is None or not to_household.guardians:
            raise NotFound
        if child.household_id == self.to_household:
            return
        from_household = work.load(child.household_id, HOUSEHOLD)
        work.partition = child.household_id
        work.append(child.household_id, children.remove(from_household, self.child_id))
        work.partition = self.to_household
        work.append(self.to_household, children.add(to_household, self.child_id))
        work.append(self.child_id, profile.transfer(child, self.to_household))
