"""A guardian wants no mail address to be held."""

from typing import ClassVar

from aggregates.account import mail
from commands.command import Command
from commands.work import UnitOfWork


class RemoveEmail(Command):
    """Remove the mail address, and with it all mail."""

    needs_terms: ClassVar[bool] = False

    def decide(self, work: UnitOfWork) -> None:
        """Wishes stay as they are, for another address."""
        work.append(work.account_id, mail.remove_email(work.account(target=True)))
