"""The address, the wishes, and the quiet stop."""

from datetime import date

from aggregates.account.address import email_address
from aggregates.account.facts import (
    AddressFailed,
    AddressUnanswered,
    EmailConfirmed,
    EmailGiven,
    EmailRemoved,
    EverythingResumed,
    EverythingStopped,
    MailWishesSet,
)
from aggregates.account.refusals import ConfirmationLapsed
from aggregates.account.state import Account, MailWishes
from aggregates.fact import Fact


def give_email(account: Account, address: str) -> list[Fact]:
    """An address to be confirmed; giving one again that is not, or not any more, asks for another confirmation mail."""
    address = email_address(address)
    if account.address_good and address == account.email:
        return []
    return [EmailGiven(address=address, address_version=account.address_version + 1)]


def confirm_email(account: Account, address_version: int, today: date) -> list[Fact]:
    """The button in the mail was pressed; a second press changes nothing."""
    if not _present(account, address_version):
        raise ConfirmationLapsed
    return [] if account.address_good else [EmailConfirmed(address_version=address_version, on=today)]


def keep_email(account: Account, address_version: int, today: date) -> list[Fact]:
    """Its owner says that the address is still theirs (carriers re-issue them); once a day is enough.

    An address that was never confirmed, or that mail came back from, is not good because somebody says so.
    """
    if not (_present(account, address_version) and account.email_confirmed) or account.address_failing:
        raise ConfirmationLapsed
    said_already = account.confirmed_on == today and account.address_good
    return [] if said_already else [EmailConfirmed(address_version=address_version, on=today)]


def pause_unanswered(account: Account, address_version: int, confirmed_on: date | None) -> list[Fact]:
    """The question after that confirmation stayed without an answer; a later confirmation or address is not meant."""
    meant = _present(account, address_version) and account.confirmed_on == confirmed_on
    return [AddressUnanswered(address_version=address_version)] if meant and account.address_good else []


def fail_address(account: Account, address_version: int, status: str) -> list[Fact]:
    """Mail to one version of the address came back for good; a later address is not meant, and once is enough."""
    meant = _present(account, address_version) and not account.address_failing
    return [AddressFailed(address_version=address_version, status=status)] if meant else []


def remove_email(account: Account) -> list[Fact]:
    """The address is forgotten, and with it all mail."""
    return [] if account.email is None else [EmailRemoved()]


def set_mail_wishes(account: Account, wishes: MailWishes) -> list[Fact]:
    """Which mails are wanted (メール配信の希望); there need not be an address yet."""
    if wishes == account.wishes:
        return []
    return [
        MailWishesSet(
            vaccinations=wishes.vaccinations,
            checkups=wishes.checkups,
            notices=wishes.notices,
            language=wishes.language,
        )
    ]


def unsubscribe(account: Account) -> list[Fact]:
    """No reminders and no notices any more; the address and the language stay, for a return."""
    return set_mail_wishes(account, MailWishes(language=account.wishes.language))


def stop_everything(account: Account) -> list[Fact]:
    """Left alone, no reason asked."""
    return [] if account.stopped else [EverythingStopped()]


def resume_everything(account: Account) -> list[Fact]:
    """Taken up again."""
    return [EverythingResumed()] if account.stopped else []


def _present(account: Account, address_version: int) -> bool:
    """Whether this is the address that the account has now."""
    return account.registered and account.email is not None and address_version == account.address_version
