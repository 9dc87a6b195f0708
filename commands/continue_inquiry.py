"""A guardian writes more to the ward."""

from uuid import UUID

from aggregates.inquiry.thread import continue_inquiry
from commands.command import Command
from commands.inquiries import INQUIRY, MessageText, require_patience
from commands.work import UnitOfWork


class ContinueInquiry(Command):
    """Write more in an inquiry of one's own; it is the ward's turn again."""

    inquiry_id: UUID
    message_id: UUID
    text: MessageText

    def decide(self, work: UnitOfWork) -> None:
        """The same message again changes nothing."""
        account = work.account()
        inquiry = work.load(self.inquiry_id, INQUIRY, target=True)
        said = continue_inquiry(inquiry, account_id=work.account_id, message_id=self.message_id, text=self.text, today=work.today)
        require_patience(work.context.ward, account.household_id)
        work.append(self.inquiry_id, said, subject=work.account_id)
