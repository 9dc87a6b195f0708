"""A guardian comes to the service for the first time."""

from typing import ClassVar
from uuid import UUID

from aggregates.account import mail, registration
from aggregates.account.registration import Terms
from aggregates.account.state import Account
from aggregates.fact import Actor
from aggregates.household import guardians
from commands.command import Code, Command, Handle, Line, Secret
from commands.context import Context
from commands.give_email import offer_confirmation
from commands.work import ACCOUNT, HOUSEHOLD, UnitOfWork


class Registration(Command):
    """What every new guardian tells. Without a password the service makes up a passphrase."""

    needs_terms: ClassVar[bool] = False

    account_id: UUID
    terms_version: Code
    terms_hash: Code
    handle: Handle
    postal_code: Line
    email: Line | None = None
    password: Secret | None = None

    def account(self, actor: Actor, context: Context) -> UUID:  # noqa: ARG002 - nobody is signed in yet
        """The account that comes into being."""
        return self.account_id

    def secrets(self, account_id: UUID, command_id: UUID, context: Context) -> dict[str, str]:
        """Login id, recovery code and passphrase: what has to be written down."""
        return context.credentials.issue(account_id, command_id, own_password=self.password is not None).told()

    def register(self, work: UnitOfWork, household_id: UUID) -> None:
        """Consent, login, address, and the credential beside the log."""
        account = work.load(self.account_id, ACCOUNT, target=True)
        work.partition = household_id
        accepted = Terms(self.terms_version, self.terms_hash)
        registered = registration.register(
            account,
            handle=self.handle,
            postal=self.postal_code,
            household_id=household_id,
            accepted=accepted,
            in_force=work.context.terms(),
        )
        work.append(self.account_id, registered)
        if self.email is not None:
            work.append(self.account_id, mail.give_email(Account(), self.email))
            offer_confirmation(work, address_version=1)
        self._store_credential(work)

    def _store_credential(self, work: UnitOfWork) -> None:
        credentials = work.context.credentials
        own_password = self.password.get_secret_value() if self.password else None
        issued = credentials.issue(self.account_id, work.command_id, own_password=own_password is not None)
        row = credentials.hashed(self.account_id, issued, own_password)
        work.besides.append(lambda cursor: credentials.store.insert_credential(cursor, row))


class RegisterAccount(Registration):
    """Register (登録): consent, handle, postal code, and a household of one's own."""

    household_id: UUID

    def decide(self, work: UnitOfWork) -> None:
        """Account and household begin together."""
        household = work.load(self.household_id, HOUSEHOLD)
        founded = guardians.found(household, self.account_id)
        self.register(work, self.household_id)
        work.append(self.household_id, founded)
