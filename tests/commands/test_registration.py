from uuid import uuid4

import pytest

from aggregates.account.facts import AccountRegistered, EmailGiven, TermsAccepted
from aggregates.account.refusals import InvalidEmail, InvalidPostalCode, TermsOutdated
from aggregates.account.registration import Terms
from aggregates.household.facts import HouseholdFounded
from aggregates.refusal import IdTaken
from commands.accept_terms import AcceptTerms
from commands.change_profile import ChangeProfile
from commands.compose import WriteSide
from commands.delete_account import DeleteAccount
from commands.identity.codes import mistyped
from commands.refusals import WeakPassword
from commands.stop_everything import StopEverything
from eventstore.ward import Ward
from tests.commands.family import TERMS, Family, InForce


def test_registering_consents_first_and_founds_a_household(write: WriteSide, ward: Ward) -> None:
    family = Family(write)
    family.register(email="a..b@docomo.ne.jp")
    facts = [recorded.fact for recorded in ward.history(family.account_id)]
    assert [type(fact) for fact in facts] == [TermsAccepted, AccountRegistered, EmailGiven]
    (founded,) = ward.history(family.household_id)
    assert founded.fact == HouseholdFounded(account_id=family.account_id)
    assert founded.partition == family.household_id
    assert founded.meta.actor == family.account_id


def test_login_id_passphrase_and_recovery_code_are_issued_and_work(write: WriteSide) -> None:
    family = Family(write)
    told = family.register().answer
    assert not mistyped(told["login_id"])
    assert write.sessions.sign_in(told["login_id"], told["passphrase"]).account_id == family.account_id
    assert len(told["recovery_code"]) == len("0000-0000-0000-0000")


def test_a_password_of_ones_own_is_not_told_back(write: WriteSide) -> None:
    told = Family(write).register(password="かばのあくびは大きいなあ").answer
    assert "passphrase" not in told


def test_a_lost_answer_is_told_again_word_for_word(write: WriteSide, ward: Ward) -> None:
    family, command_id = Family(write), uuid4()
    first = family.anonymously(family.registration(), command_id)
    head = ward.head()
    again = family.anonymously(family.registration(), command_id)
    assert again.answer == first.answer
    assert again.replayed
    assert ward.head() == head


def test_secrets_are_never_stored(write: WriteSide, ward: Ward) -> None:
    family, command_id = Family(write), uuid4()
    told = family.anonymously(family.registration(), command_id).answer
    row = ward.find_command(family.account_id, command_id)
    assert row is not None
    for secret in told.values():
        assert secret.encode() not in row.answer


def test_an_account_or_household_id_is_used_once(family: Family, write: WriteSide) -> None:
    with pytest.raises(IdTaken):
        family.register(household_id=uuid4())
    intruder = Family(write)
    with pytest.raises(IdTaken):
        intruder.register(household_id=family.household_id)


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"terms_version": "2020-01"}, TermsOutdated),
        ({"terms_hash": "00"}, TermsOutdated),
        ({"postal_code": "100"}, InvalidPostalCode),
        ({"email": "mama"}, InvalidEmail),
        ({"password": "short"}, WeakPassword),
        ({"password": "aaaaaaaaaaaaaaaa"}, WeakPassword),
    ],
)
def test_nothing_is_stored_of_a_refused_registration(
    write: WriteSide, ward: Ward, told: dict[str, str], refusal: type[Exception]
) -> None:
    head, family = ward.head(), Family(write)
    with pytest.raises(refusal):
        family.register(**told)
    assert ward.head() == head
    family.register()


def test_new_terms_are_asked_for_before_the_next_write(family: Family, in_force: InForce) -> None:
    in_force.terms = Terms("2027-04", "cd" * 32)
    change = ChangeProfile(handle="ママ", postal_code="1000001")
    with pytest.raises(TermsOutdated):
        family.do(change)
    with pytest.raises(TermsOutdated):
        family.do(AcceptTerms(terms_version=TERMS.version, terms_hash=TERMS.text_hash))
    family.do(AcceptTerms(terms_version="2027-04", terms_hash="cd" * 32))
    family.do(change)


def test_nobody_has_to_accept_new_terms_to_leave(family: Family, in_force: InForce) -> None:
    in_force.terms = Terms("2027-04", "cd" * 32)
    family.do(StopEverything())
    family.do(DeleteAccount())


def test_a_command_shows_nothing_of_itself() -> None:
    command = ChangeProfile(handle="はるママ", postal_code="1000001")
    assert "はるママ" not in f"{command!r} {command} {[command]}"
