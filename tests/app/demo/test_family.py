from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from argon2 import PasswordHasher

from aggregates.account.registration import Terms
from aggregates.child.facts import DoseRecorded, VisitPlanned
from aggregates.fact import Actor, Role
from app.demo.family import CHILDREN, demo_family
from commands.change_password import ChangePassword
from commands.compose import WriteSide, compose
from commands.context import Vocabulary
from commands.delete_account import DeleteAccount
from commands.identity.passwords import Passwords
from commands.open_day import open_days
from commands.record_visit import RecordVisit
from eventstore.ward import Ward
from schedule.japan import load_edition

TODAY = date(2026, 11, 23)
Opened = Callable[[date], WriteSide]


@pytest.fixture
def opened(ward: Ward) -> Opened:
    """The write side of a ward in which a day has begun."""

    def on(day: date) -> WriteSide:
        open_days(ward, day)
        edition = load_edition()
        vocabulary = Vocabulary(frozenset(edition.products), frozenset(edition.series))
        terms = Terms("2026-04", "ab" * 32)
        cheap = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        return compose(ward, secret=bytes(32), terms=lambda: terms, vocabulary=lambda: vocabulary, passwords=cheap)

    return on


def test_the_demo_family_has_both_children_and_can_sign_in(ward: Ward, opened: Opened) -> None:
    write = opened(TODAY)
    greeting = demo_family(write.commands)
    assert greeting is not None
    assert write.sessions.sign_in(greeting.login_id, greeting.password)
    facts = [recorded.fact for recorded in ward.since(0, 1000)]
    given = sum(len(vaccines) for child in CHILDREN for vaccines in child.visits.values())
    assert sum(isinstance(fact, DoseRecorded) for fact in facts) == given
    assert [fact.on for fact in facts if isinstance(fact, VisitPlanned)] == [date(2026, 11, 27)]


def test_every_start_after_the_first_greets_and_changes_nothing(ward: Ward, opened: Opened) -> None:
    write = opened(TODAY)
    first, head = demo_family(write.commands), ward.head()
    assert demo_family(write.commands) == first
    assert ward.head() == head


def test_an_interrupted_start_is_finished_by_the_next(ward: Ward, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    write = opened(TODAY)
    with monkeypatch.context() as interrupted:
        interrupted.setattr(RecordVisit, "decide", None)
        with pytest.raises(TypeError):
            demo_family(write.commands)
    assert demo_family(write.commands) is not None
    assert any(isinstance(recorded.fact, DoseRecorded) for recorded in ward.since(0, 1000))


def test_nobody_is_told_a_password_that_was_changed(opened: Opened) -> None:
    write = opened(TODAY)
    greeting = demo_family(write.commands)
    assert greeting is not None
    me = Actor(write.sessions.sign_in(greeting.login_id, greeting.password).account_id, Role.GUARDIAN)
    change = ChangePassword(current_password=greeting.password, new_password="another long password")
    write.commands(change, actor=me, command_id=uuid4())
    again = demo_family(write.commands)
    assert again is not None
    assert again.password == ""
    assert greeting.password not in "".join(again.lines)


def test_a_deleted_demo_family_stays_deleted(ward: Ward, opened: Opened) -> None:
    write = opened(TODAY)
    greeting = demo_family(write.commands)
    assert greeting is not None
    me = Actor(write.sessions.sign_in(greeting.login_id, greeting.password).account_id, Role.GUARDIAN)
    write.commands(DeleteAccount(), actor=me, command_id=uuid4())
    head = ward.head()
    assert demo_family(write.commands) is None
    assert ward.head() == head


def test_on_an_earlier_clock_only_what_had_happened_is_recorded(ward: Ward, opened: Opened) -> None:
    assert demo_family(opened(date(2024, 1, 1)).commands) is not None
    days = [recorded.fact.given_on for recorded in ward.since(0, 1000) if isinstance(recorded.fact, DoseRecorded)]
    assert max(day for day in days if day) == date(2023, 8, 22)
