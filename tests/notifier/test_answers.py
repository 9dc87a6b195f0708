"""Whoever asked the ward and wishes for its news is told by mail that an answer waits, and not a word of it."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from aggregates.account.facts import EmailConfirmed, MailWishesSet
from aggregates.fact import Fact, Recorded
from aggregates.inquiry.facts import InquiryAnswered, InquiryClosed, InquiryContinued, InquiryOpened
from notifier.address import on_the_wire
from tests.notifier.conftest import TODAY, Post
from tests.notifier.test_delivery import deliver_all
from tests.notifier.test_questions import a_day_begins, text_of

QUESTION, ANSWER = "印刷できますか", "メニューにあります"


class Asked:
    """An inquiry of a guardian who wishes for news of the ward, as log and read model say."""

    def __init__(self, post: Post) -> None:
        self.post = post
        self.account, _ = post.family()
        self.inquiry = uuid4()
        post.says(
            self.account,
            EmailConfirmed(address_version=1, on=TODAY),
            MailWishesSet(vaccinations=False, checkups=False, notices=True),
        )
        post.execute(
            f"INSERT INTO gen_test.account VALUES ('{self.account}', 1, 'confirmed', '{TODAY}', false, false, false, true)"
        )
        self.says(InquiryOpened(account_id=self.account, child_id=None, text=QUESTION, on=TODAY), "open")

    def says(self, fact: Fact, standing: str) -> None:
        version = len(self.post.ward.history(self.inquiry)) + 1
        place = Recorded(self.inquiry, version, fact, subject=self.account, partition=self.post.household_id)
        self.post.ward.save(place)
        self.post.execute(f"DELETE FROM gen_test.inquiry WHERE inquiry_id = '{self.inquiry}'")
        row = f"'{self.inquiry}', '{self.account}', '{standing}', '{TODAY}', {version}"
        self.post.execute(f"INSERT INTO gen_test.inquiry VALUES ({row})")

    def is_answered(self) -> None:
        answer = InquiryAnswered(message_id=uuid4(), text=ANSWER, on=TODAY, operator=UUID(int=1))
        self.says(answer, "answered")

    def is_continued(self) -> None:
        self.says(InquiryContinued(message_id=uuid4(), text=QUESTION, on=TODAY), "open")


@pytest.fixture
def asked(post: Post) -> Asked:
    return Asked(post)


def test_each_answer_is_told_once_and_no_word_of_it(post: Post, asked: Asked) -> None:
    for _ in range(2):
        asked.is_answered()
        for _ in range(2):
            post.plan()
            deliver_all(post)
        asked.is_continued()
    first, second = post.outbox.sent
    assert first.recipient == on_the_wire("a..b@docomo.ne.jp")
    for letter in (first, second):
        told = f"{letter.content['Subject']} {text_of(letter)}"
        assert f"/inquiries/{asked.inquiry}" in told
        assert f"/mail/unsubscribe/out-{asked.account}-1" in told
        assert [said for said in (QUESTION, ANSWER, "はる") if said in told] == []


def test_a_question_without_an_answer_sends_nothing(post: Post, asked: Asked) -> None:
    assert post.plan() == []


@pytest.mark.parametrize("change", ["stopped = true", "wish_notices = false", "email_state = 'unconfirmed', address_version = 2"])
def test_who_wants_no_news_of_the_ward_is_not_told(post: Post, asked: Asked, change: str) -> None:
    asked.is_answered()
    post.execute(f"UPDATE gen_test.account SET {change}")
    post.plan()
    assert post.value("SELECT count(*) FROM mail.occasion WHERE kind = 'inquiry_answered'") == 0


def test_what_was_read_meanwhile_is_not_told(post: Post, asked: Asked) -> None:
    asked.is_answered()
    post.plan()
    asked.says(InquiryClosed(on=TODAY, operator=None), "closed")
    deliver_all(post)
    assert (post.outbox.sent, post.states()) == ([], {"suppressed": 1})


def test_of_two_answers_on_the_way_the_later_is_told(post: Post, asked: Asked) -> None:
    for _ in range(2):
        asked.is_answered()
        post.plan()
    deliver_all(post)
    assert post.states() == {"accepted": 1, "suppressed": 1}


def test_a_wish_that_was_taken_back_holds(post: Post, asked: Asked) -> None:
    asked.is_answered()
    post.plan()
    post.says(asked.account, MailWishesSet(vaccinations=True, checkups=False, notices=False))
    deliver_all(post)
    assert (post.outbox.sent, post.states()) == ([], {"suppressed": 1})


def test_an_answer_that_lay_too_long_is_not_told(post: Post, asked: Asked) -> None:
    asked.is_answered()
    post.plan()
    a_day_begins(post, TODAY + timedelta(days=8))
    deliver_all(post)
    assert (post.outbox.sent, post.states()) == ([], {"suppressed": 1})
    assert post.plan(TODAY + timedelta(days=8)) == []
