"""A guardian wants to be left alone."""

from typing import ClassVar

from aggregates.account import mail
from commands.command import Command
from commands.work import UnitOfWork


class StopEverything(Command):
    """Stop every kind of mail at once; no reason is asked."""

    needs_terms: ClassVar[bool] = False

    def decide(self, work: UnitOfWork) -> None:
        """Wishes stay as they are, for a return."""
        work.append(work.account_id, mail.stop_everything(work.account(target=True)))
