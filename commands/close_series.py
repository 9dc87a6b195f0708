"""A series is not for this child."""

from uuid import UUID

from aggregates.child import programme
from commands.command import Code, Command
from commands.work import UnitOfWork


class CloseSeries(Command):
    """Close a series because a doctor said so; no illness is asked for."""

    child_id: UUID
    series: Code

    def decide(self, work: UnitOfWork) -> None:
        """Only the effect is kept."""
        child = work.child(self.child_id)
        work.append(self.child_id, programme.close_series(child, self.series, work.context.vocabulary().series))
