from collections.abc import Callable
from datetime import date
from functools import partial
from uuid import UUID, uuid4

import pytest

from aggregates.fact import Fact, Redacted
from aggregates.inquiry.facts import InquiryAnswered, InquiryClosed, InquiryContinued, InquiryOpened
from aggregates.inquiry.state import Inquiry, Standing, evolve
from aggregates.inquiry.thread import MESSAGES_MAX, InquiryIsClosed, answer, close, continue_inquiry, open_inquiry
from aggregates.refusal import IdTaken, NotFound, TooManyEntries
from tests.aggregates.case import Case

MINE, THEIRS, OPERATOR, CHILD = (UUID(int=n) for n in (1, 2, 3, 4))
FIRST, SECOND = UUID(int=11), UUID(int=12)
TODAY = date(2026, 11, 23)
OPENED = InquiryOpened(account_id=MINE, child_id=CHILD, text="印刷のしかた", on=TODAY)
ANSWERED = InquiryAnswered(message_id=FIRST, text="メニューにあります", on=TODAY, operator=OPERATOR)
CONTINUED = InquiryContinued(message_id=SECOND, text="わかりました", on=TODAY)
CLOSED = InquiryClosed(on=TODAY)

given = Case(Inquiry, evolve).given
opening = partial(open_inquiry, account_id=MINE, child_id=CHILD, text=OPENED.text, today=TODAY)
continuing = partial(continue_inquiry, account_id=MINE, message_id=SECOND, text=CONTINUED.text, today=TODAY)
answering = partial(answer, message_id=FIRST, text=ANSWERED.text, operator=OPERATOR, today=TODAY)
closing = partial(close, today=TODAY)


def test_an_inquiry_is_opened_answered_continued_and_closed() -> None:
    given().when(opening).then(OPENED)
    given(OPENED).when(answering).then(ANSWERED)
    given(OPENED, ANSWERED).when(continuing).then(CONTINUED)
    given(OPENED, ANSWERED, CONTINUED).when(closing).then(CLOSED)
    given(OPENED).when(partial(close, today=TODAY, operator=OPERATOR)).then(InquiryClosed(on=TODAY, operator=OPERATOR))


def test_it_shows_whose_turn_it_is() -> None:
    lives = [(OPENED,), (OPENED, ANSWERED), (OPENED, ANSWERED, CONTINUED), (OPENED, CLOSED)]
    standings = [given(*life).state.standing for life in lives]
    assert standings == [Standing.OPEN, Standing.ANSWERED, Standing.OPEN, Standing.CLOSED]


def test_the_same_message_again_changes_nothing() -> None:
    given(OPENED, ANSWERED).when(answering).then()
    given(OPENED, CONTINUED).when(continuing).then()
    given(OPENED, CLOSED).when(closing).then()
    given(OPENED).when(opening).refuses(IdTaken)


def test_somebody_elses_inquiry_is_as_unknown_as_one_that_never_was() -> None:
    theirs = partial(continue_inquiry, account_id=THEIRS, message_id=SECOND, text="", today=TODAY)
    given(OPENED).when(theirs).refuses(NotFound)
    given().when(theirs).refuses(NotFound)


@pytest.mark.parametrize("decide", [answering, closing])
def test_the_ward_answers_only_what_was_asked_and_not_erased(decide: Callable[[Inquiry], list[Fact]]) -> None:
    given().when(decide).refuses(NotFound)
    state = evolve(Inquiry(), Redacted("inquiry.opened.v1"))
    assert state == Inquiry()


def test_a_closed_inquiry_stays_closed() -> None:
    given(OPENED, CLOSED).when(continuing).refuses(InquiryIsClosed)
    given(OPENED, CLOSED).when(answering).refuses(InquiryIsClosed)


def test_a_thread_has_an_end() -> None:
    more = [InquiryContinued(message_id=uuid4(), text="もう一つ", on=TODAY) for _ in range(MESSAGES_MAX - 1)]
    given(OPENED, *more).when(continuing).refuses(TooManyEntries, limit=MESSAGES_MAX)
    given(OPENED, *more).when(answering).refuses(TooManyEntries, limit=MESSAGES_MAX)
    given(OPENED, *more).when(closing).then(CLOSED)
