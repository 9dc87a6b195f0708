"""A guardian wants another password."""

from typing import ClassVar

from aggregates.account.facts import CredentialChange
from aggregates.account.registration import replace_credential
from commands.command import Command, Secret
from commands.identity.passwords import acceptable
from commands.work import UnitOfWork


class ChangePassword(Command):
    """Change the password; every session of the account ends."""

    needs_terms: ClassVar[bool] = False
    proves: ClassVar[bool] = True

    current_password: Secret
    new_password: Secret

    def decide(self, work: UnitOfWork) -> None:
        """The present password proves that it is not somebody at an unlocked telephone."""
        work.account(target=True)
        credentials = work.context.credentials
        credential = credentials.prove_password(work.account_id, self.current_password.get_secret_value())
        password = acceptable(self.new_password.get_secret_value(), credential.login_id)
        work.append(work.account_id, replace_credential(CredentialChange.PASSWORD_CHANGED))
        work.besides.append(credentials.replacement(work.account_id, password))
