"""A child's handle, birthday or sex was entered wrongly."""

from datetime import date
from uuid import UUID

from aggregates.child import profile
from aggregates.child.facts import Sex
from commands.command import Command, Handle
from commands.work import UnitOfWork


class CorrectChild(Command):
    """Correct what is known of a child; doses given stay as they are."""

    child_id: UUID
    handle: Handle
    born_on: date
    sex: Sex

    def decide(self, work: UnitOfWork) -> None:
        """Open dates follow by themselves: they are computed from the birthday."""
        child = work.child(self.child_id)
        corrected = profile.correct(child, handle=self.handle, born_on=self.born_on, sex=self.sex, today=work.today)
        work.append(self.child_id, corrected)
