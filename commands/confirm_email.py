"""The button in the confirmation mail was pressed."""

from typing import ClassVar
from uuid import UUID

from aggregates.account import mail
from aggregates.account.refusals import ConfirmationLapsed
from aggregates.fact import Actor
from commands.command import Command, Secret
from commands.context import Context
from commands.work import UnitOfWork


class ConfirmEmail(Command):
    """Confirm a mail address with the token of its mail; one need not be signed in."""

    needs_terms: ClassVar[bool] = False

    token: Secret

    def account(self, actor: Actor, context: Context) -> UUID:  # noqa: ARG002 - the token says whose it is
        """Whose address the token confirms."""
        found = context.confirmations.find(self.token.get_secret_value())
        if found is None:
            raise ConfirmationLapsed
        return found.account_id

    def decide(self, work: UnitOfWork) -> None:
        """Only the present address can be confirmed."""
        found = work.context.confirmations.find(self.token.get_secret_value())
        account = work.account(target=True)
        work.append(work.account_id, mail.confirm_email(account, found.address_version if found else 0, work.today))
