from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from aggregates.fact import Redacted, Role
from aggregates.inquiry.facts import InquiryOpened
from aggregates.inquiry.state import Standing
from aggregates.inquiry.thread import TEXT_MAX
from aggregates.operation.facts import SubjectRevealed
from aggregates.refusal import NotFound, TooManyEntries
from commands.answer_inquiry import answer_inquiry, end_inquiry
from commands.close_inquiry import CloseInquiry
from commands.continue_inquiry import ContinueInquiry
from commands.delete_account import DeleteAccount
from commands.inquiries import INQUIRY, MESSAGES_A_DAY_MAX, inquiries_known
from commands.invite_guardian import InviteGuardian
from commands.open_inquiry import OpenInquiry
from commands.show_inquiry import show_inquiry
from eventstore.ward import Ward
from tests.commands.family import BORN, TODAY, Family

OPERATOR = UUID(int=7)


@pytest.fixture
def inquiry(family: Family) -> UUID:
    inquiry_id = uuid4()
    family.do(OpenInquiry(inquiry_id=inquiry_id, text="記録を印刷できますか"))
    return inquiry_id


def standing(ward: Ward, inquiry_id: UUID) -> Standing:
    return ward.state(inquiry_id, INQUIRY.project)[0].standing


def test_a_thread_is_sealed_with_the_key_of_the_guardian_whoever_writes(family: Family, ward: Ward, inquiry: UUID) -> None:
    assert answer_inquiry(ward, inquiry, "メニューにあります", OPERATOR, uuid4())
    family.do(ContinueInquiry(inquiry_id=inquiry, message_id=uuid4(), text="できました"))
    assert end_inquiry(ward, inquiry, OPERATOR)
    history = ward.history(inquiry)
    assert {f.subject for f in history} == {family.account_id}
    assert {f.partition for f in history} == {family.household_id}
    assert [f.meta.role for f in history] == [Role.GUARDIAN, Role.STAFF, Role.GUARDIAN, Role.STAFF]
    assert standing(ward, inquiry) is Standing.CLOSED


def test_the_same_answer_twice_is_one_answer(ward: Ward, inquiry: UUID) -> None:
    message_id = uuid4()
    assert answer_inquiry(ward, inquiry, "はい", OPERATOR, message_id)
    assert not answer_inquiry(ward, inquiry, "はい", OPERATOR, message_id)


def test_sending_the_same_form_twice_asks_once(family: Family, ward: Ward) -> None:
    asked, command_id = OpenInquiry(inquiry_id=uuid4(), text="印刷"), uuid4()
    family.do(asked, command_id=command_id)
    assert family.do(asked, command_id=command_id).replayed
    assert len(ward.history(asked.inquiry_id)) == 1


def test_another_guardian_does_not_read_or_write_it_and_neither_does_a_stranger(
    family: Family, stranger: Family, inquiry: UUID
) -> None:
    second = family.joined_with(family.do(InviteGuardian(invitation_id=uuid4())).answer["code"])
    for other in (second, stranger):
        for command in (ContinueInquiry(inquiry_id=inquiry, message_id=uuid4(), text="?"), CloseInquiry(inquiry_id=inquiry)):
            with pytest.raises(NotFound):
                other.do(command)


def test_only_a_child_of_the_own_family_is_attached(family: Family, stranger: Family, ward: Ward) -> None:
    with pytest.raises(NotFound):
        stranger.do(OpenInquiry(inquiry_id=uuid4(), text="?", child_id=family.child_id))
    inquiry_id = uuid4()
    family.do(OpenInquiry(inquiry_id=inquiry_id, text="日付", child_id=family.child_id))
    opened = ward.history(inquiry_id)[0].fact
    assert isinstance(opened, InquiryOpened)
    assert (opened.child_id, opened.on) == (family.child_id, TODAY)


def test_a_view_is_in_the_log_before_anything_is_shown(family: Family, ward: Ward, inquiry: UUID) -> None:
    shown = show_inquiry(ward, inquiry, OPERATOR)
    assert shown.child is None
    [view] = [f for f in ward.since(0, 100) if isinstance(f.fact, SubjectRevealed)]
    assert view.fact == SubjectRevealed(subject=family.account_id, purpose="inquiry")
    assert (view.meta.role, view.meta.actor, view.partition) == (Role.STAFF, OPERATOR, family.household_id)


def test_staff_see_the_child_that_was_attached_and_that_is_in_the_log(family: Family, ward: Ward) -> None:
    inquiry_id = uuid4()
    family.do(OpenInquiry(inquiry_id=inquiry_id, text="日付", child_id=family.child_id))
    child = show_inquiry(ward, inquiry_id, OPERATOR).child
    assert child is not None
    assert child.born_on == BORN
    views = {f.fact.subject for f in ward.since(0, 100) if isinstance(f.fact, SubjectRevealed)}
    assert views == {family.account_id, family.child_id}


def test_where_the_view_cannot_be_written_down_nothing_is_shown(
    ward: Ward, inquiry: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr("commands.show_inquiry.reveal", away)
    with pytest.raises(ConnectionError):
        show_inquiry(ward, inquiry, OPERATOR)


def test_with_the_account_every_word_of_its_inquiries_goes(family: Family, ward: Ward, inquiry: UUID) -> None:
    answer_inquiry(ward, inquiry, "メニューにあります", OPERATOR, uuid4())
    family.do(DeleteAccount())
    assert all(isinstance(f.fact, Redacted) for f in ward.history(inquiry))
    assert inquiries_known(ward) == []
    for late in (lambda: show_inquiry(ward, inquiry, OPERATOR), lambda: answer_inquiry(ward, inquiry, "", OPERATOR, uuid4())):
        with pytest.raises(NotFound):
            late()


def test_the_list_of_the_staff_says_nothing_of_the_text(family: Family, ward: Ward, inquiry: UUID) -> None:
    other = uuid4()
    family.do(OpenInquiry(inquiry_id=other, text="?"))
    answer_inquiry(ward, inquiry, "はい", OPERATOR, uuid4())
    assert [(one.inquiry_id, one.standing) for one in inquiries_known(ward)] == [
        (other, Standing.OPEN),
        (inquiry, Standing.ANSWERED),
    ]


def test_a_family_writes_so_often_a_day_and_no_more(family: Family, inquiry: UUID) -> None:
    for _ in range(MESSAGES_A_DAY_MAX - 1):
        family.do(ContinueInquiry(inquiry_id=inquiry, message_id=uuid4(), text="もう一つ"))
    with pytest.raises(TooManyEntries):
        family.do(OpenInquiry(inquiry_id=uuid4(), text="もう一つ"))


@pytest.mark.parametrize("text", ["", " \r\n ", "あ" * (TEXT_MAX + 1), "a\x00b", "a\x1b[31mb"])
def test_a_message_says_something_in_plain_characters(text: str) -> None:
    with pytest.raises(ValidationError):
        OpenInquiry(inquiry_id=uuid4(), text=text)


def test_lines_end_in_one_way_whatever_the_browser_sends() -> None:
    assert OpenInquiry(inquiry_id=uuid4(), text="一行目\r\n二行目\t").text == "一行目\n二行目"
