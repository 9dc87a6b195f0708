from uuid import UUID, uuid4

import pytest

from aggregates.account.facts import AccountErased
from aggregates.fact import Redacted, topic_of
from aggregates.refusal import NotFound
from commands.compose import WriteSide
from commands.delete_account import DeleteAccount
from commands.invite_guardian import InviteGuardian
from commands.refusals import WrongCredentials
from eventstore.errors import SubjectErased
from eventstore.ward import Ward
from tests.commands.family import Family


def redacted(ward: Ward, stream: UUID) -> bool:
    return all(isinstance(recorded.fact, Redacted) for recorded in ward.history(stream))


def test_the_last_guardian_takes_household_and_children_along(family: Family, ward: Ward) -> None:
    family.do(DeleteAccount())
    for stream in (family.account_id, family.household_id, family.child_id):
        assert redacted(ward, stream)
    assert topic_of(ward.history(family.account_id)[-1].fact) == topic_of(AccountErased)


def test_with_another_guardian_left_the_child_stays(family: Family, ward: Ward) -> None:
    second = family.joined_with(family.do(InviteGuardian(invitation_id=uuid4())).answer["code"])
    family.do(DeleteAccount())
    assert redacted(ward, family.account_id)
    assert not redacted(ward, family.child_id)
    second.do(second.bcg())


def test_after_deletion_there_is_no_login_and_no_session(write: WriteSide) -> None:
    family = Family(write)
    told = family.register().answer
    token = write.sessions.sign_in(told["login_id"], told["passphrase"]).token
    family.do(DeleteAccount())
    assert write.sessions.session_account(token) is None
    with pytest.raises(WrongCredentials):
        write.sessions.sign_in(told["login_id"], told["passphrase"])


def test_nothing_is_written_for_the_erased(family: Family, ward: Ward) -> None:
    family.do(DeleteAccount())
    with pytest.raises(NotFound):
        family.do(family.bcg())
    with pytest.raises(NotFound):
        family.register()
    assert ward.keys.aead(family.account_id) is None
    with pytest.raises(SubjectErased):
        ward.keys.mac(family.account_id, b"anything")


def test_a_deletion_whose_answer_was_lost_is_answered_again(family: Family, ward: Ward) -> None:
    command_id = uuid4()
    first = family.do(DeleteAccount(), command_id=command_id)
    again = family.do(DeleteAccount(), command_id=command_id)
    assert (again.position, again.replayed) == (first.position, True)
