"""A restored database holds mail by itself."""

from pathlib import Path

import pytest

from notifier.landmark import REASON, Landmark
from tests.notifier.conftest import TODAY, Post


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    return tmp_path / "data" / "mail-landmark"


def test_a_database_that_only_grows_sends(post: Post, memory: Path) -> None:
    for _ in range(3):
        post.family()
        Landmark(post.pool, post.ward, memory).look()
    assert post.gate.state().held_since is None
    assert int(memory.read_text()) == post.ward.head()


def test_a_log_shorter_than_the_one_remembered_was_restored(post: Post, memory: Path) -> None:
    account, child = post.family()
    post.lists(account, child, due_on=TODAY)
    post.plan()
    memory.parent.mkdir()
    memory.write_text(str(post.ward.head() + 1))
    Landmark(post.pool, post.ward, memory).look()
    assert post.gate.state().held_for == REASON
    assert post.ledger.wake_due(10) == []


def test_another_server_or_timeline_was_restored_to(post: Post, memory: Path) -> None:
    Landmark(post.pool, post.ward, memory).look()
    post.execute("UPDATE mail.gate SET server = '7000000000000000000/1'")
    memory.unlink()
    Landmark(post.pool, post.ward, memory).look()
    assert post.gate.state().held_for == REASON


def test_once_let_go_it_stays_open(post: Post, memory: Path) -> None:
    memory.parent.mkdir()
    memory.write_text("1000000")
    landmark = Landmark(post.pool, post.ward, memory)
    landmark.look()
    post.gate.resume()
    landmark.look()
    Landmark(post.pool, post.ward, memory).look()
    assert post.gate.state().held_since is None
