"""A guardian leaves the service for good."""

from typing import ClassVar
from uuid import UUID

from aggregates.account import registration
from aggregates.child import profile
from aggregates.household import guardians
from aggregates.household.state import Household
from commands.command import Command
from commands.work import CHILD, HOUSEHOLD, UnitOfWork


class DeleteAccount(Command):
    """Delete the account (アカウントの削除): its key is destroyed. Children and household go with the last guardian."""

    needs_terms: ClassVar[bool] = False

    def decide(self, work: UnitOfWork) -> None:
        """What is erased here stays in the log, unreadable for ever."""
        account = work.account(target=True)
        if account.household_id is not None:
            self._leave(work, account.household_id)
        work.append(work.account_id, registration.erase(account, work.today))
        work.erases.append(work.account_id)
        store = work.context.credentials.store
        work.besides.append(lambda cursor: store.delete_identity(cursor, work.account_id))

    def _leave(self, work: UnitOfWork, household_id: UUID) -> None:
        household = work.load(household_id, HOUSEHOLD)
        if household.guardians == (work.account_id,):
            self._erase_children(work, household)
            work.erases.append(household_id)
            store = work.context.credentials.store
            work.besides.append(lambda cursor: store.delete_invitations(cursor, household_id))
        work.append(household_id, guardians.leave(household, work.account_id, work.today))

    def _erase_children(self, work: UnitOfWork, household: Household) -> None:
        for child_id in household.children:
            work.append(child_id, profile.erase(work.load(child_id, CHILD), work.today))
            work.erases.append(child_id)
