"""How fast a domain takes mail."""

from datetime import timedelta

import pytest

from notifier.pace import PER_SECOND_MOST, UNKNOWN_USERS_MOST, Pace, known_as
from notifier.transport import Deferred, Refused, RelayAway
from tests.notifier.conftest import Post
from tests.notifier.test_delivery import deliver_all

DOMAIN = "docomo.ne.jp"


def rate(post: Post) -> float:
    return float(post.value(f"SELECT per_second FROM mail.domain WHERE domain = '{DOMAIN}'"))


def aged(post: Post, seconds: int) -> None:
    """Let time pass."""
    post.execute(f"""UPDATE mail.domain SET filled_at = filled_at - interval '{seconds} seconds',
        slowed_at = slowed_at - interval '{seconds} seconds', closed_until = closed_until - interval '{seconds} seconds'""")


def test_a_large_domain_is_known_by_its_name_and_a_small_one_is_not() -> None:
    assert known_as("parent@Docomo.NE.jp") == DOMAIN
    assert known_as("me@tanaka-family.example").startswith("other-")


def taken(post: Post, most: int = 1000) -> int:
    for count in range(most):
        if post.pace.take(DOMAIN) is not None:
            return count
    return most


def test_no_more_than_a_burst_is_let_through_at_once(post: Post) -> None:
    assert 2 * PER_SECOND_MOST <= taken(post) <= 3 * PER_SECOND_MOST


def test_a_4xx_halves_the_rate_once_and_time_brings_it_back(post: Post) -> None:
    assert post.pace.take(DOMAIN) is None
    for _ in range(3):
        post.pace.slow_down(DOMAIN)
    assert rate(post) == PER_SECOND_MOST / 2
    aged(post, 11)
    post.pace.slow_down(DOMAIN)
    assert rate(post) == PER_SECOND_MOST / 4
    aged(post, 3600)
    assert post.pace.take(DOMAIN) is None
    assert rate(post) == PER_SECOND_MOST


def test_workers_in_other_processes_share_the_rate(post: Post) -> None:
    taken(post)
    elsewhere = Pace(post.pool)
    assert elsewhere.take(DOMAIN) is not None or taken(post, 20) < 20


def test_too_many_unknown_users_close_the_domain_for_a_while(post: Post) -> None:
    assert post.pace.take(DOMAIN) is None
    for _ in range(UNKNOWN_USERS_MOST):
        post.pace.unknown_user(DOMAIN)
    wait = Pace(post.pool).take(DOMAIN)
    assert wait is not None
    assert timedelta(minutes=59) < wait <= timedelta(hours=1)
    aged(post, 3601)
    assert Pace(post.pool).take(DOMAIN) is None


def test_few_unknown_users_among_many_close_nothing(post: Post) -> None:
    post.pace.take(DOMAIN)
    post.execute("UPDATE mail.domain SET let_through = 1000")
    for _ in range(UNKNOWN_USERS_MOST):
        post.pace.unknown_user(DOMAIN)
    assert Pace(post.pool).take(DOMAIN) is None


def test_a_message_waits_while_its_domain_is_at_its_limit(post: Post) -> None:
    post.lists(*post.family())
    post.plan()
    taken(post)
    post.execute("UPDATE mail.domain SET tokens = 0, per_second = 0.1")
    deliver_all(post)
    assert (post.outbox.sent, post.states()) == ([], {"planned": 1})
    post.execute("UPDATE mail.message SET not_before = now()")
    aged(post, 60)
    deliver_all(post)
    assert len(post.outbox.sent) == 1


@pytest.mark.parametrize(
    ("trouble", "share"), [(Deferred("4.2.0"), 0.5), (RelayAway("4.4.1"), 1), (Refused("5.1.1"), 1)], ids=["4xx", "away", "5xx"]
)
def test_only_the_domains_own_not_now_slows_it_down(post: Post, trouble: Exception, share: float) -> None:
    post.lists(*post.family())
    post.plan()
    post.outbox.troubles.append((False, trouble))
    deliver_all(post)
    assert rate(post) == PER_SECOND_MOST * share
