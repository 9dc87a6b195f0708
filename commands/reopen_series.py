"""A series is for this child after all."""

from uuid import UUID

from aggregates.child import programme
from commands.command import Code, Command
from commands.work import UnitOfWork


class ReopenSeries(Command):
    """Reopen a series that was closed."""

    child_id: UUID
    series: Code

    def decide(self, work: UnitOfWork) -> None:
        """The schedule counts the series again."""
        child = work.child(self.child_id)
        work.append(self.child_id, programme.reopen_series(child, self.series, work.context.vocabulary().series))
