"""A guardian says that the mail address is still theirs."""

from typing import ClassVar
from uuid import UUID

from aggregates.account import mail
from aggregates.account.refusals import ConfirmationLapsed
from aggregates.fact import Actor
from commands.command import Command, Secret
from commands.context import Context
from commands.identity.mail_tokens import Addressee
from commands.work import UnitOfWork


class KeepEmail(Command):
    """Say that the address is still one's own (宛先の再確認): signed in, or with the token of the mail that asked."""

    needs_terms: ClassVar[bool] = False

    token: Secret | None = None

    def account(self, actor: Actor, context: Context) -> UUID:
        """Whoever is signed in speaks for the own address, whoever holds a token for the one it was sent to."""
        return super().account(actor, context) if self.token is None else self._addressee(self.token, context).account_id

    def decide(self, work: UnitOfWork) -> None:
        """An address that was given up meanwhile stays given up."""
        account = work.account(target=True)
        meant = account if self.token is None else self._addressee(self.token, work.context)
        work.append(work.account_id, mail.keep_email(account, meant.address_version, work.today))

    def _addressee(self, token: Secret, context: Context) -> Addressee:
        found = context.mail_tokens.kept(token.get_secret_value())
        if found is None:
            raise ConfirmationLapsed
        return found
