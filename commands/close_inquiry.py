"""A guardian needs no answer any more."""

from typing import ClassVar
from uuid import UUID

from aggregates.inquiry.thread import close, require_own
from commands.command import Command
from commands.inquiries import INQUIRY
from commands.work import UnitOfWork


class CloseInquiry(Command):
    """Close an inquiry of one's own (解決)."""

    needs_terms: ClassVar[bool] = False

    inquiry_id: UUID

    def decide(self, work: UnitOfWork) -> None:
        """What was said stays until the account is deleted."""
        work.account()
        inquiry = work.load(self.inquiry_id, INQUIRY, target=True)
        require_own(inquiry, work.account_id)
        work.append(self.inquiry_id, close(inquiry, today=work.today), subject=work.account_id)
