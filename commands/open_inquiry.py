"""A guardian asks the ward something."""

from uuid import UUID

from aggregates.inquiry.thread import open_inquiry
from aggregates.refusal import NotFound
from commands.command import Command
from commands.inquiries import INQUIRY, MessageText, require_patience
from commands.work import UnitOfWork


class OpenInquiry(Command):
    """Ask about using the service (お問い合わせ). Staff may look at a child only where one is attached here."""

    inquiry_id: UUID
    text: MessageText
    child_id: UUID | None = None

    def decide(self, work: UnitOfWork) -> None:
        """It is sealed with the key of the guardian who asks: the other guardian does not read it."""
        household_id, household = work.household()
        if self.child_id is not None and self.child_id not in household.children:
            raise NotFound
        require_patience(work.context.ward, household_id)
        inquiry = work.load(self.inquiry_id, INQUIRY, target=True)
        opened = open_inquiry(inquiry, account_id=work.account_id, child_id=self.child_id, text=self.text, today=work.today)
        work.append(self.inquiry_id, opened, subject=work.account_id)
