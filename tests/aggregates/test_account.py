from datetime import date, timedelta
from uuid import uuid4

import pytest

from aggregates.account import mail, registration
from aggregates.account.address import email_address, postal_code
from aggregates.account.facts import (
    AccountErased,
    AccountRegistered,
    AddressFailed,
    AddressUnanswered,
    CredentialChange,
    CredentialReplaced,
    EmailConfirmed,
    EmailGiven,
    EmailRemoved,
    EverythingResumed,
    EverythingStopped,
    Language,
    MailWishesSet,
    ProfileChanged,
    TermsAccepted,
)
from aggregates.account.refusals import ConfirmationLapsed, InvalidEmail, InvalidPostalCode, TermsOutdated
from aggregates.account.registration import Terms
from aggregates.account.state import Account, MailWishes, evolve
from aggregates.refusal import IdTaken
from tests.aggregates.case import Case, Decision

TODAY = date(2026, 11, 23)
OLD, NEW = Terms("2025-04", "aa" * 32), Terms("2026-04", "bb" * 32)
HOME = uuid4()
CONSENT = TermsAccepted(version=NEW.version, text_hash=NEW.text_hash)
REGISTERED = AccountRegistered(handle="はるママ", postal_code="1000001", household_id=HOME)
GIVEN = EmailGiven(address="mama@example.jp", address_version=1)
CONFIRMED = EmailConfirmed(address_version=1, on=TODAY)
given = Case(Account, evolve).given


def registering(accepted: Terms = NEW, postal: str = "100-0001") -> Decision[Account]:
    return lambda account: registration.register(
        account, handle="はるママ", postal=postal, household_id=HOME, accepted=accepted, in_force=NEW
    )


def test_consent_comes_before_the_login() -> None:
    given().when(registering()).then(CONSENT, REGISTERED)


def test_terms_that_are_not_in_force_are_no_consent() -> None:
    given().when(registering(OLD)).refuses(TermsOutdated, version=NEW.version)
    forged = Terms(NEW.version, OLD.text_hash)
    given().when(registering(forged)).refuses(TermsOutdated, version=NEW.version)


def test_an_account_is_registered_once_and_never_after_its_end() -> None:
    given(CONSENT, REGISTERED).when(registering()).refuses(IdTaken)
    given(CONSENT, REGISTERED, AccountErased(on=TODAY)).when(registering()).refuses(IdTaken)


def test_new_terms_are_accepted_once() -> None:
    before = TermsAccepted(version=OLD.version, text_hash=OLD.text_hash)
    given(before, REGISTERED).when(lambda account: registration.accept_terms(account, NEW, NEW)).then(CONSENT)
    given(CONSENT, REGISTERED).when(lambda account: registration.accept_terms(account, NEW, NEW)).then()


def test_a_text_that_changed_under_the_same_version_is_accepted_anew() -> None:
    before = TermsAccepted(version=NEW.version, text_hash=OLD.text_hash)
    given(before, REGISTERED).when(lambda account: registration.accept_terms(account, NEW, NEW)).then(CONSENT)


def test_nothing_is_written_without_the_terms_in_force() -> None:
    account = given(TermsAccepted(version=OLD.version, text_hash=OLD.text_hash), REGISTERED).state
    registration.require_terms(account, OLD)
    with pytest.raises(TermsOutdated):
        registration.require_terms(account, NEW)


def test_a_profile_is_changed() -> None:
    changed = ProfileChanged(handle="ママ", postal_code="1010002")
    given(CONSENT, REGISTERED).when(
        lambda account: registration.change_profile(account, handle="ママ", postal="〒101-0002")
    ).then(changed)
    given(CONSENT, REGISTERED).when(
        lambda account: registration.change_profile(account, handle="はるママ", postal="1000001")
    ).then()


def test_a_replaced_credential_is_told_without_the_credential() -> None:
    assert registration.replace_credential(CredentialChange.RECOVERED) == [CredentialReplaced(change=CredentialChange.RECOVERED)]


def test_nothing_personal_is_left_of_an_erased_account() -> None:
    erased = AccountErased(on=TODAY)
    given(CONSENT, REGISTERED, GIVEN).when(lambda account: registration.erase(account, TODAY)).then(erased)
    assert given(CONSENT, REGISTERED, GIVEN, erased).state == Account(erased=True)


def test_an_address_is_given_and_confirmed() -> None:
    given(REGISTERED).when(lambda account: mail.give_email(account, "mama@Example.JP")).then(GIVEN)
    given(REGISTERED, GIVEN).when(lambda account: mail.confirm_email(account, 1, TODAY)).then(CONFIRMED)
    given(REGISTERED, GIVEN, CONFIRMED).when(lambda account: mail.confirm_email(account, 1, TODAY)).then()


def test_an_unconfirmed_address_given_again_gets_another_mail() -> None:
    second = EmailGiven(address="mama@example.jp", address_version=2)
    given(REGISTERED, GIVEN).when(lambda account: mail.give_email(account, "mama@example.jp")).then(second)
    given(REGISTERED, GIVEN, CONFIRMED).when(lambda account: mail.give_email(account, "mama@example.jp")).then()


def test_only_the_present_address_can_be_confirmed() -> None:
    other = EmailGiven(address="papa@example.jp", address_version=2)
    for later in (other, EmailRemoved()):
        given(REGISTERED, GIVEN, later).when(lambda account: mail.confirm_email(account, 1, TODAY)).refuses(ConfirmationLapsed)


NEXT_YEAR = TODAY + timedelta(days=365)
KEPT = EmailConfirmed(address_version=1, on=NEXT_YEAR)
UNANSWERED = AddressUnanswered(address_version=1)


def test_an_owner_says_again_that_the_address_is_theirs() -> None:
    given(REGISTERED, GIVEN, CONFIRMED).when(lambda account: mail.keep_email(account, 1, NEXT_YEAR)).then(KEPT)
    given(REGISTERED, GIVEN, CONFIRMED, KEPT).when(lambda account: mail.keep_email(account, 1, NEXT_YEAR)).then()
    given(REGISTERED, GIVEN, CONFIRMED, UNANSWERED).when(lambda account: mail.keep_email(account, 1, TODAY)).then(CONFIRMED)


def test_saying_so_does_not_make_an_address_good_that_never_was_or_that_fails() -> None:
    failed = AddressFailed(address_version=1, status="5.1.1")
    for facts in ((GIVEN,), (GIVEN, CONFIRMED, failed), (GIVEN, CONFIRMED, EmailRemoved())):
        given(REGISTERED, *facts).when(lambda account: mail.keep_email(account, 1, TODAY)).refuses(ConfirmationLapsed)
    given(REGISTERED, GIVEN, CONFIRMED).when(lambda account: mail.keep_email(account, 2, TODAY)).refuses(ConfirmationLapsed)


def test_a_question_without_an_answer_pauses_mail_until_the_owner_speaks() -> None:
    given(REGISTERED, GIVEN, CONFIRMED).when(lambda account: mail.pause_unanswered(account, 1, TODAY)).then(UNANSWERED)
    assert not given(REGISTERED, GIVEN, CONFIRMED, UNANSWERED).state.mailable
    assert given(REGISTERED, GIVEN, CONFIRMED, UNANSWERED, KEPT).state.mailable


def test_an_answer_that_came_meanwhile_counts() -> None:
    given(REGISTERED, GIVEN, CONFIRMED, KEPT).when(lambda account: mail.pause_unanswered(account, 1, TODAY)).then()
    given(REGISTERED, GIVEN, CONFIRMED, UNANSWERED).when(lambda account: mail.pause_unanswered(account, 1, TODAY)).then()


def test_an_address_given_anew_has_to_be_confirmed_anew() -> None:
    state = given(REGISTERED, GIVEN, CONFIRMED, EmailGiven(address="papa@example.jp", address_version=2)).state
    assert not state.mailable


def test_an_address_is_removed_once() -> None:
    given(REGISTERED, GIVEN).when(mail.remove_email).then(EmailRemoved())
    given(REGISTERED).when(mail.remove_email).then()


def test_wishes_are_set() -> None:
    wishes = MailWishes(vaccinations=True, checkups=False, notices=True, language=Language.ENGLISH)
    chosen = MailWishesSet(vaccinations=True, checkups=False, notices=True, language=Language.ENGLISH)
    given(REGISTERED).when(lambda account: mail.set_mail_wishes(account, wishes)).then(chosen)
    given(REGISTERED, chosen).when(lambda account: mail.set_mail_wishes(account, wishes)).then()


def test_everything_stops_and_resumes() -> None:
    given(REGISTERED).when(mail.stop_everything).then(EverythingStopped())
    given(REGISTERED, EverythingStopped()).when(mail.stop_everything).then()
    given(REGISTERED, EverythingStopped()).when(mail.resume_everything).then(EverythingResumed())
    given(REGISTERED).when(mail.resume_everything).then()
    assert not given(REGISTERED, GIVEN, CONFIRMED, EverythingStopped()).state.mailable


@pytest.mark.parametrize(
    ("typed", "used"),
    [
        ("mama@example.jp", "mama@example.jp"),
        ("a..b@docomo.ne.jp", "a..b@docomo.ne.jp"),
        ("ab.@ezweb.ne.jp", "ab.@ezweb.ne.jp"),
        (".ab@i.softbank.jp", ".ab@i.softbank.jp"),
        ("-a_b@docomo.ne.jp", "-a_b@docomo.ne.jp"),
        ('"a..b"@docomo.ne.jp', "a..b@docomo.ne.jp"),
        ('"ab."@EZWEB.ne.jp', "ab.@ezweb.ne.jp"),
        ("＂.ab＂＠i.softbank.jp", ".ab@i.softbank.jp"),
        (r'"a\.\.b"@docomo.ne.jp', "a..b@docomo.ne.jp"),
        ('"mama"@example.jp', "mama@example.jp"),
        (" mama+haru@Example.Co.JP ", "mama+haru@example.co.jp"),
        ("ｍａｍａ＠ｅｘａｍｐｌｅ．ｊｐ", "mama@example.jp"),
        ("a" * 64 + "@example.jp", "a" * 64 + "@example.jp"),
    ],
)
def test_addresses_as_they_are_in_use(typed: str, used: str) -> None:
    assert email_address(typed) == used


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "mama",
        "@example.jp",
        "mama@",
        "mama@example",
        "mama@-example.jp",
        "mama@example..jp",
        "ma ma@example.jp",
        "mama@example.jp\nBcc: all@example.jp",
        "ma\r\nma@example.jp",
        "まま@example.jp",
        '"ma ma"@example.jp',
        '"mama@example.jp',
        '""@example.jp',
        r'"ma\"ma"@example.jp',
        r'"mama\"@example.jp',
        "a" * 65 + "@example.jp",
        "mama@" + "a." * 125 + "jp",
    ],
)
def test_what_is_no_address(typed: str) -> None:
    with pytest.raises(InvalidEmail):
        email_address(typed)


@pytest.mark.parametrize("typed", ["1000001", "100-0001", "〒100-0001", "１００－０００１", "100ー0001", " 100−0001 "])
def test_postal_codes_as_people_type_them(typed: str) -> None:
    assert postal_code(typed) == "1000001"


@pytest.mark.parametrize("typed", ["", "100-001", "100-00011", "abc-defg", "1000001\n1"])
def test_what_is_no_postal_code(typed: str) -> None:
    with pytest.raises(InvalidPostalCode):
        postal_code(typed)
