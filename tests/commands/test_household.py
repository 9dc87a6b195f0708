from datetime import date
from uuid import uuid4

import pytest

from aggregates.child.facts import ChildTransferred, Sex
from aggregates.fact import Actor, Role
from aggregates.household.refusals import InvitationLapsed, LastGuardian
from aggregates.refusal import NotFound
from commands.add_child import AddChild
from commands.compose import WriteSide
from commands.correct_child import CorrectChild
from commands.invite_guardian import InviteGuardian
from commands.open_day import open_days
from commands.remove_guardian import RemoveGuardian
from commands.transfer_child import TransferChild
from commands.withdraw_invitation import WithdrawInvitation
from eventstore.ward import Ward
from tests.commands.family import BORN, Family


def test_an_invited_guardian_records_for_the_same_child(family: Family) -> None:
    code = family.do(InviteGuardian(invitation_id=uuid4())).answer["code"]
    second = family.joined_with(code.upper().replace("-", " "))
    assert second.do(second.bcg()).versions == {family.child_id: 2}


def test_a_code_is_good_once_and_until_it_is_withdrawn(family: Family) -> None:
    code = family.do(InviteGuardian(invitation_id=uuid4())).answer["code"]
    family.joined_with(code)
    with pytest.raises(InvitationLapsed):
        family.joined_with(code)
    invitation_id = uuid4()
    withdrawn = family.do(InviteGuardian(invitation_id=invitation_id)).answer["code"]
    family.do(WithdrawInvitation(invitation_id=invitation_id))
    with pytest.raises(InvitationLapsed):
        family.joined_with(withdrawn)
    with pytest.raises(InvitationLapsed):
        family.joined_with("2222-2222-22")


def test_a_code_lapses(family: Family, ward: Ward) -> None:
    answer = family.do(InviteGuardian(invitation_id=uuid4())).answer
    assert answer["expires_on"] == "2026-12-07"
    open_days(ward, date(2026, 12, 8), operator=True)
    with pytest.raises(InvitationLapsed):
        family.joined_with(answer["code"])


def test_a_removed_guardian_finds_nothing(family: Family) -> None:
    second = family.joined_with(family.do(InviteGuardian(invitation_id=uuid4())).answer["code"])
    family.do(RemoveGuardian(account_id=second.account_id))
    with pytest.raises(NotFound):
        second.do(second.bcg())
    with pytest.raises(LastGuardian):
        family.do(RemoveGuardian(account_id=family.account_id))


def test_nobody_invites_or_removes_in_another_household(family: Family, stranger: Family) -> None:
    with pytest.raises(NotFound):
        stranger.do(RemoveGuardian(account_id=family.account_id))
    with pytest.raises(NotFound):
        stranger.do(CorrectChild(child_id=family.child_id, handle="x", born_on=BORN, sex=Sex.MALE))


def test_a_child_sent_again_is_the_same_child(family: Family, ward: Ward) -> None:
    head = ward.head()
    assert family.add_child().versions == {family.child_id: 1}
    assert ward.head() == head


def test_another_familys_child_id_cannot_be_claimed(family: Family, stranger: Family) -> None:
    with pytest.raises(NotFound):
        stranger.do(AddChild(child_id=family.child_id, handle="はるちゃん", born_on=BORN, sex=Sex.FEMALE))


def test_an_operator_transfers_a_child_and_a_guardian_cannot(
    family: Family, stranger: Family, write: WriteSide, ward: Ward
) -> None:
    transfer = TransferChild(child_id=family.child_id, to_household=stranger.household_id)
    with pytest.raises(NotFound):
        family.do(transfer)
    write.commands(transfer, actor=Actor(uuid4(), Role.OPERATOR), command_id=uuid4())
    last = ward.history(family.child_id)[-1]
    assert last.fact == ChildTransferred(household_id=stranger.household_id)
    assert last.partition == stranger.household_id
    stranger.do(stranger.bcg(child_id=family.child_id))
    with pytest.raises(NotFound):
        family.do(family.bcg())


def test_a_child_is_not_transferred_to_nowhere(family: Family, write: WriteSide) -> None:
    transfer = TransferChild(child_id=family.child_id, to_household=uuid4())
    with pytest.raises(NotFound):
        write.commands(transfer, actor=Actor(uuid4(), Role.OPERATOR), command_id=uuid4())
