"""A guardian takes the service up again."""

from aggregates.account import mail
from commands.command import Command
from commands.work import UnitOfWork


class ResumeEverything(Command):
    """Take up again what was stopped; wishes are as they were."""

    def decide(self, work: UnitOfWork) -> None:
        """Mails begin again with the next occasion."""
        work.append(work.account_id, mail.resume_everything(work.account(target=True)))
