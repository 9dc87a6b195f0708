"""A guardian's own handle or postal code changes."""

from aggregates.account import registration
from commands.command import Command, Handle, Line
from commands.work import UnitOfWork


class ChangeProfile(Command):
    """Change one's handle (ニックネーム) and postal code (郵便番号)."""

    handle: Handle
    postal_code: Line

    def decide(self, work: UnitOfWork) -> None:
        """Other guardians of the household are not told."""
        account = work.account(target=True)
        work.append(work.account_id, registration.change_profile(account, handle=self.handle, postal=self.postal_code))
