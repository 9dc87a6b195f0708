"""Notices to many families: each letter once, or not at all and said why, whoever is killed and whatever changes meanwhile."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from aggregates.account.facts import AccountErased, EmailGiven, EverythingStopped, Language, MailWishesSet
from aggregates.calendar.facts import DayOpened
from aggregates.fact import Recorded
from aggregates.household.facts import ChildAdded, GuardianRemoved
from aggregates.notice.facts import NoticeFinished, NoticeSent
from aggregates.streams import calendar_stream
from commands import desk
from notifier import campaign_ledger, campaigns, ledger
from notifier.transport import LostAfterData, Refused
from projections import audience
from tests.notifier.campaign import DRAFTED, WISHED, Released
from tests.notifier.conftest import TODAY, Post

VACCINATIONS_ONLY = MailWishesSet(vaccinations=True, checkups=False, notices=False)


def test_a_notice_reaches_each_guardian_once_and_the_log_says_so(post: Post) -> None:
    released = Released(post, 5)
    for _ in range(3):
        released.advances()
        released.delivers()
    assert len(post.outbox.sent) == 5
    assert released.sent == [NoticeSent(recipients=5)]
    assert released.finished == [NoticeFinished(accepted=5, suppressed=0, failed=0, unknown=0)]
    assert post.states() == {"accepted": 5}


def test_chunks_end_where_the_audience_ends(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaigns, "CHUNK", 2)
    for families in (0, 1, 2, 4, 5):
        released = Released(post, families)
        released.advances()
        assert (released.ends.open, len(released.results)) == (families, families)
        released.cancels()
        released.advances()


def test_nothing_leaves_while_it_can_be_cancelled(post: Post) -> None:
    released = Released(post, 3)
    released.advances(after_window=False)
    released.delivers()
    assert (post.states(), released.sent) == ({"planned": 3}, [])
    earliest = post.value("SELECT min(not_before) FROM mail.message")
    assert earliest >= released.opens_at


def test_whoever_does_not_wish_or_cannot_be_reached_is_listed_with_the_reason(post: Post) -> None:
    released = Released(post, 1)
    for facts in (
        [VACCINATIONS_ONLY],
        [WISHED, EverythingStopped()],
        [WISHED, EmailGiven(address="b@example.jp", address_version=2)],
    ):
        guardian, _ = post.family()
        post.says(guardian, *facts)
        released.accounts.append(guardian)
        released.shows(guardian)
    released.advances()
    assert sorted(r.withheld for r in released.results if r.withheld) == ["not_confirmed", "not_wished", "stopped"]
    assert released.sent == [NoticeSent(recipients=1)]


def test_of_dates_that_an_edition_changed_either_wish_suffices(post: Post) -> None:
    for draft, letters in ((DRAFTED, 1), (replace(DRAFTED, edition="ab"), 2)):
        released = Released(post, 1, draft)
        guardian = released.adds(VACCINATIONS_ONLY)
        if draft.edition:
            _changes(post, released)
        released.advances()
        released.delivers()
        assert released.ends.accepted == letters, guardian


def _changes(post: Post, released: Released) -> None:
    post.execute("INSERT INTO projection.publication (edition, instead_of, position) VALUES ('ab', 'cd', 1)")
    for child_id in released.children.values():
        released.shows_child(child_id)
        post.execute(f"""
            INSERT INTO projection.changed
            SELECT publication, '{post.household_id}', '{child_id}', 'HIB', ARRAY['later'], NULL, NULL
            FROM projection.publication""")


def test_a_cancelled_notice_sends_nothing(post: Post) -> None:
    released = Released(post, 3)
    released.advances(after_window=False)
    released.cancels()
    released.advances()
    released.delivers()
    assert (post.outbox.sent, released.sent) == ([], [])
    assert released.finished == [NoticeFinished(accepted=0, suppressed=3, failed=0, unknown=0)]
    assert {r.status for r in released.results} == {"notice_cancelled"}


def test_cancelled_in_the_midst_the_rest_stays(post: Post) -> None:
    released = Released(post, 6)
    released.advances()
    released.delivers(2)
    post.outbox.troubles.append((True, LostAfterData("4.4.2")))
    released.delivers(1)
    released.cancels()
    released.delivers(1)  # a worker is quicker than the planner
    released.advances()
    released.delivers()
    assert len(post.outbox.sent) == 2
    assert released.finished == [NoticeFinished(accepted=2, suppressed=3, failed=0, unknown=1)]


def test_a_worker_that_has_looked_already_stops_before_data(post: Post) -> None:
    released = Released(post, 1)
    released.advances()
    sender = post.sender()
    (message_id,) = post.ledger.wake_due(10)
    recheck = sender.recheck

    def cancelled_meanwhile(*arguments: Any) -> Any:
        due = recheck(*arguments)
        released.cancels()
        released.advances()
        return due

    replace(sender, recheck=cancelled_meanwhile).deliver([message_id])
    assert (post.outbox.sent, post.states()) == ([], {"suppressed": 1})


def _erases(post: Post, guardian: Any) -> None:
    post.says(guardian, AccountErased(on=TODAY))
    post.ward.keys.erase(guardian)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda post, guardian: post.says(guardian, EverythingStopped()), "stopped"),
        (lambda post, guardian: post.says(guardian, VACCINATIONS_ONLY), "not_wished"),
        (lambda post, guardian: post.says(guardian, EmailGiven(address="b@example.jp", address_version=2)), "address_changed"),
        (_erases, "no_address"),
        (lambda post, guardian: post.says(post.household_id, GuardianRemoved(account_id=guardian)), "no_guardian"),
        (lambda post, _: _opens(post, 8), "too_late"),
    ],
)
def test_a_change_in_the_midst_is_heard(post: Post, change: Callable[[Post, Any], None], reason: str) -> None:
    released = Released(post, 2)
    released.advances()
    released.delivers(1)
    told = post.value("SELECT account_id FROM mail.message WHERE state = 'accepted'")
    change(post, next(guardian for guardian in released.accounts if guardian != told))
    post.ward._today = None
    released.delivers()
    released.advances()
    assert len(post.outbox.sent) == 1
    assert [r.status for r in released.results if r.state == "suppressed"] == [reason]
    assert released.finished == [NoticeFinished(accepted=1, suppressed=1, failed=0, unknown=0)]


def _opens(post: Post, days: int) -> None:
    day = TODAY + timedelta(days=days)
    post.ward.save(Recorded(calendar_stream(day), 1, DayOpened(date=day)))


def test_a_dose_recorded_in_the_midst_is_heard(post: Post) -> None:
    released = Released(post, 0, replace(DRAFTED, series=("MR2",)))
    for _ in range(3):
        guardian = released.adds(WISHED)
        post.says(post.household_id, ChildAdded(child_id=released.children[guardian]))
    released.lists_due()
    released.advances()
    first, second, _ = released.children.values()
    post.stands = {first: {"MR2": "overdue"}, second: {"MR2": "complete"}}
    released.delivers(1)
    post.stands[first] = {"MR2": "complete"}
    released.delivers()
    assert (released.ends.accepted, released.ends.suppressed) == (1, 2)
    assert {r.status for r in released.results} == {"2.0.0", "no_longer_due"}


def test_the_letter_says_the_wording_in_the_readers_language_and_nothing_of_the_reader(post: Post) -> None:
    released = Released(post, 1)
    released.adds(replace(WISHED, language=Language.ENGLISH))
    released.advances()
    released.delivers()
    letters = {str(envelope.content["Content-Language"]): envelope for envelope in post.outbox.sent}
    assert letters["ja"].content["Subject"] == "【育み】麻しんが出ています"
    assert letters["en"].content["Subject"] == "[Hagukumi] Measles in the ward"
    for language, words in (("ja", DRAFTED.body_ja), ("en", DRAFTED.body_en)):
        content = letters[language].content
        body = content.get_body(("plain",))
        assert body
        text = body.get_content()
        assert text.startswith(words)
        tree = "" if language == "ja" else "/en"
        assert f"https://hagukumi.example{tree}/notices/{released.notice_id}" in text
        assert "はる" not in text
        assert content["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert len(content.get_all("To", [])) == 1
        assert content["Cc"] is content["Bcc"] is None


def test_refused_and_lost_letters_are_counted_with_their_reasons(post: Post) -> None:
    released = Released(post, 3)
    released.advances()
    post.outbox.troubles += [(True, Refused("5.2.2")), (True, LostAfterData("4.4.2"))]
    released.delivers()
    post.outbox.troubles += [(True, LostAfterData("4.4.2"))]
    released.advances()
    released.delivers()
    released.advances()
    assert released.finished == [NoticeFinished(accepted=1, suppressed=0, failed=1, unknown=1)]
    assert Counter((r.state, r.status) for r in released.results)["failed", "5.2.2"] == 1


def test_two_planners_at_once_plan_one_letter_each(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaigns, "CHUNK", 3)
    released = Released(post, 8)
    threads = [threading.Thread(target=released.advances) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    released.advances()
    assert post.states() == {"planned": 8}
    assert released.sent == [NoticeSent(recipients=8)]


def test_a_restored_ledger_tells_nobody_again(post: Post) -> None:
    released = Released(post, 3)
    released.advances()
    released.delivers(2)
    post.outcomes.report()
    post.execute("""
        CREATE TEMP TABLE t AS SELECT occasion_id, message_id FROM mail.occasion JOIN mail.message USING (message_id)
            WHERE state = 'accepted';
        DELETE FROM mail.occasion; DELETE FROM mail.addressee; DELETE FROM mail.campaign;
        DELETE FROM mail.message WHERE state <> 'accepted';
        INSERT INTO mail.told SELECT * FROM t;""")
    released.advances()
    released.delivers()
    released.advances()
    assert len(post.outbox.sent) == 3
    assert released.finished == [NoticeFinished(accepted=3, suppressed=0, failed=0, unknown=0)]


class Killed(BaseException):
    """The planner is gone."""


def deadly(chance: random.Random, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step of a planner may be its last, before it or after."""

    def may_die() -> None:
        if chance.random() < 0.12:
            raise Killed

    def wrapped(step: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **named: Any) -> Any:
            may_die()
            outcome = step(*arguments, **named)
            may_die()
            return outcome

        return run

    for module, name in ((audience, "members"), (ledger, "insert"), (campaign_ledger, "reach"), (desk, "change")):
        monkeypatch.setattr(module, name, wrapped(getattr(module, name)))


def prove(post: Post, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    released = Released(post, 12)
    with monkeypatch.context() as patched:
        patched.setattr(campaigns, "CHUNK", 3)
        deadly(chance, patched)
        for turn in range(25):
            try:
                released.advances()
            except Killed:
                continue
            finally:
                released.delivers(chance.randrange(4))
            if turn > 5 and seed % 5 == 4 and not released.fact(NoticeFinished):
                patched.undo()
                released.cancels()
                break
    for _ in range(3):
        released.advances()
        released.delivers()
    accounts = Counter(post.value("SELECT array_agg(account_id) FROM mail.message"))
    assert set(accounts.values()) <= {1}
    (finished,) = released.finished
    assert isinstance(finished, NoticeFinished)
    assert len(post.outbox.sent) == finished.accepted
    assert finished.accepted + finished.suppressed == len(accounts)
    assert finished.suppressed == 0 or seed % 5 == 4
    assert len(accounts) == 12 or seed % 5 == 4


@pytest.mark.parametrize("seed", [0, 4])
def test_killed_at_any_point_a_campaign_goes_on(post: Post, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    prove(post, seed, monkeypatch)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 150))
def test_fifty_more_kills(post: Post, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    prove(post, seed, monkeypatch)
