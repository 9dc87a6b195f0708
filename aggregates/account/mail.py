"""The address, the wishes, and the quiet stop."""

from aggregates.account.address import email_address
from aggregates.account.facts import (
    AddressFailed,
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
    """An address to be confirmed; giving an unconfirmed or failing one again asks for another confirmation mail."""
    address = email_address(address)
    if account.email_confirmed and not account.address_failing and address == account.email:
        return []
    return [EmailGiven(address=address, address_version=account.address_version + 1)]


def confirm_email(account: Account, address_version: int) -> list[Fact]:
    """The button in the mail was pressed; a second press changes nothing."""
    if account.email is None or address_version != account.address_version:
        raise ConfirmationLapsed
    if account.email_confirmed and not account.address_failing:
        return []
    return [EmailConfirmed(address_version=address_version)]


def fail_address(account: Account, address_version: int, status: str) -> list[Fact]:
    """Mail to one version of the address came back for good; a later address is not meant, and once is enough."""
    meant = account.registered and account.email is not None and address_version == account.address_version
    return [AddressFailed(address_version=address_version, status=status)] if meant and not account.address_failing else []


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
