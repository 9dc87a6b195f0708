"""A guardian wants mail."""

from aggregates.account import mail
from commands.command import Command, Line
from commands.work import UnitOfWork


class GiveEmail(Command):
    """Give a mail address, or ask for another confirmation mail to it."""

    address: Line

    def decide(self, work: UnitOfWork) -> None:
        """Nothing but the confirmation is sent until its button is pressed."""
        account = work.account(target=True)
        given = mail.give_email(account, self.address)
        work.append(work.account_id, given)
        if given:
            offer_confirmation(work, address_version=account.address_version + 1)


def offer_confirmation(work: UnitOfWork, *, address_version: int) -> None:
    """The token of the confirmation mail begins to hold with the fact."""
    confirmations = work.context.confirmations
    work.besides.append(lambda cursor: confirmations.offer(cursor, work.account_id, address_version))
