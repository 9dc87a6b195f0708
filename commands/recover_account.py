"""A guardian has lost the password and kept the recovery code."""

from typing import ClassVar
from uuid import UUID

from aggregates.account.facts import CredentialChange
from aggregates.account.registration import replace_credential
from aggregates.fact import Actor
from commands.command import Command, Line, Secret
from commands.context import Context
from commands.identity.passwords import acceptable
from commands.refusals import WrongCredentials
from commands.work import UnitOfWork


class RecoverAccount(Command):
    """Set a new password with the recovery code (復旧コード); the answer holds the next recovery code."""

    needs_terms: ClassVar[bool] = False
    proves: ClassVar[bool] = True

    login_id: Line
    recovery_code: Secret
    new_password: Secret

    def account(self, actor: Actor, context: Context) -> UUID:  # noqa: ARG002 - nobody is signed in
        """Whose code it is.

        Raises:
            WrongCredentials: they do not belong together; an unknown login id reads the same and takes as long.
        """
        account_id = context.credentials.account_of(self.login_id)
        if account_id is None:
            context.credentials.prove_recovery_code(self.login_id, self.recovery_code.get_secret_value())
            raise WrongCredentials
        return account_id

    def decide(self, work: UnitOfWork) -> None:
        """The code is good for one recovery."""
        work.account(target=True)
        credentials = work.context.credentials
        credential = credentials.prove_recovery_code(self.login_id, self.recovery_code.get_secret_value())
        password = acceptable(self.new_password.get_secret_value(), credential.login_id)
        next_code = credentials.recovery_code(work.account_id, work.command_id)
        work.append(work.account_id, replace_credential(CredentialChange.RECOVERED))
        work.besides.append(credentials.replacement(work.account_id, password, next_code))

    def secrets(self, account_id: UUID, command_id: UUID, context: Context) -> dict[str, str]:
        """The next recovery code."""
        return {"recovery_code": context.credentials.recovery_code(account_id, command_id)}
