"""The way out of mail that every letter carries (RFC 8058)."""

from typing import ClassVar
from uuid import UUID

from aggregates.account import mail
from aggregates.fact import Actor
from aggregates.refusal import NotFound
from commands.command import Command, Secret
from commands.context import Context
from commands.identity.mail_tokens import Addressee
from commands.work import UnitOfWork


class Unsubscribe(Command):
    """End the reminders to one address, with the token of any letter to it; one need not be signed in."""

    needs_terms: ClassVar[bool] = False

    token: Secret

    def account(self, actor: Actor, context: Context) -> UUID:  # noqa: ARG002 - the token says whose it is
        """Whose reminders end."""
        return self._addressee(context).account_id

    def decide(self, work: UnitOfWork) -> None:
        """A token of an address that was given up meanwhile has nothing left to end."""
        account = work.account(target=True)
        if self._addressee(work.context).address_version == account.address_version:
            work.append(work.account_id, mail.unsubscribe(account))

    def _addressee(self, context: Context) -> Addressee:
        found = context.mail_tokens.addressee(self.token.get_secret_value())
        if found is None:
            raise NotFound
        return found
