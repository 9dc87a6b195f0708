"""Consent to new terms."""

from typing import ClassVar

from aggregates.account import registration
from aggregates.account.registration import Terms
from commands.command import Code, Command
from commands.work import UnitOfWork


class AcceptTerms(Command):
    """Accept the terms in force (利用規約への同意), named by version and SHA-256 of the text that was shown."""

    needs_terms: ClassVar[bool] = False

    terms_version: Code
    terms_hash: Code

    def decide(self, work: UnitOfWork) -> None:
        """Terms that are no longer in force cannot be accepted."""
        account = work.account(target=True)
        accepted = Terms(self.terms_version, self.terms_hash)
        work.append(work.account_id, registration.accept_terms(account, accepted, work.context.terms()))
