import pytest

from aggregates.account.facts import EmailConfirmed
from aggregates.account.refusals import ConfirmationLapsed
from aggregates.account.state import Account, evolve
from commands.compose import WriteSide
from commands.confirm_email import ConfirmEmail
from commands.give_email import GiveEmail
from commands.remove_email import RemoveEmail
from commands.resume_everything import ResumeEverything
from commands.set_mail_wishes import SetMailWishes
from commands.stop_everything import StopEverything
from eventstore.ward import Ward
from tests.commands.family import Family


def account_of(family: Family, ward: Ward) -> Account:
    account = Account()
    for recorded in ward.history(family.account_id):
        account = evolve(account, recorded.fact)
    return account


def token_of(family: Family, address_version: int = 1) -> str:
    return family.write.confirmations.token(family.account_id, address_version)


def test_an_address_is_confirmed_by_the_token_of_its_mail_alone(family: Family, ward: Ward) -> None:
    family.do(GiveEmail(address="ab.@ezweb.ne.jp"))
    assert not account_of(family, ward).mailable
    family.anonymously(ConfirmEmail(token=token_of(family)))
    assert ward.history(family.account_id)[-1].fact == EmailConfirmed(address_version=1, on=ward.today())
    assert account_of(family, ward).mailable


def test_a_second_press_changes_nothing(family: Family, ward: Ward) -> None:
    family.do(GiveEmail(address="mama@example.jp"))
    family.anonymously(ConfirmEmail(token=token_of(family)))
    head = ward.head()
    family.anonymously(ConfirmEmail(token=token_of(family)))
    assert ward.head() == head


def test_a_token_confirms_its_own_address_only(family: Family, stranger: Family) -> None:
    family.do(GiveEmail(address="mama@example.jp"))
    family.do(GiveEmail(address="papa@example.jp"))
    for token in (token_of(family, 1), token_of(stranger, 1), "made up"):
        with pytest.raises(ConfirmationLapsed):
            family.anonymously(ConfirmEmail(token=token))
    family.anonymously(ConfirmEmail(token=token_of(family, 2)))


def test_an_address_given_with_the_registration_is_confirmed_alike(write: WriteSide) -> None:
    newcomer = Family(write)
    newcomer.register(email="mama@example.jp")
    newcomer.anonymously(ConfirmEmail(token=token_of(newcomer)))


def test_wishes_stop_and_resumption_are_kept_apart(family: Family, ward: Ward) -> None:
    family.do(SetMailWishes(vaccinations=True, checkups=True, notices=False))
    family.do(StopEverything())
    assert account_of(family, ward).stopped
    family.do(ResumeEverything())
    account = account_of(family, ward)
    assert not account.stopped
    assert account.wishes.vaccinations


def test_a_removed_address_is_forgotten(family: Family, ward: Ward) -> None:
    family.do(GiveEmail(address="mama@example.jp"))
    family.do(RemoveEmail())
    assert account_of(family, ward).email is None
    with pytest.raises(ConfirmationLapsed):
        family.anonymously(ConfirmEmail(token=token_of(family)))
