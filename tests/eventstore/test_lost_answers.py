from collections.abc import Iterator
from itertools import cycle, islice
from time import monotonic
from uuid import uuid4

import pytest
from psycopg import Cursor
from psycopg.rows import TupleRow

from eventstore.errors import CommandKnown, StoreUnavailable
from eventstore.keys import KeyStore
from eventstore.stored import CommandRow
from eventstore.ward import Ward
from tests.eventstore.cutting_proxy import CuttingProxy, commits
from tests.eventstore.samples import day, profile

CUTS = 100


@pytest.fixture
def proxy(database: str) -> Iterator[CuttingProxy]:
    proxy = CuttingProxy(database)
    yield proxy
    proxy.away()


@pytest.fixture
def far(proxy: CuttingProxy, keys: KeyStore) -> Iterator[Ward]:
    """The same ward behind the proxy, with a warm connection."""
    far = Ward(proxy.conninfo, keys)
    far.head()
    yield far
    far.close()


def test_every_append_whose_answer_is_lost_is_answered_right(ward: Ward, far: Ward, proxy: CuttingProxy) -> None:
    for number, when in enumerate(islice(cycle(["before", "after", "meanwhile"]), CUTS), 1):
        account = uuid4()
        row = CommandRow(account, uuid4(), b"mac", b"{}")
        proxy.cut_next(when)
        saved = far.save(profile(account), command=row)
        assert ward.history(account) == saved, when
        found = ward.find_command(account, row.command_id)
        assert found is not None
        assert found.position == saved[0].position
        assert proxy.cuts == ward.head() == number


def test_a_lost_commit_of_rows_beside_is_answered_right(ward: Ward, far: Ward, proxy: CuttingProxy) -> None:
    def session(cursor: Cursor[TupleRow]) -> None:
        cursor.execute("INSERT INTO identity.session VALUES (%s, %s, now(), now())", (account.bytes, account))

    for when in ["before", "after", "meanwhile"]:
        account = uuid4()
        proxy.cut_next(when, commits)
        saved = far.save(profile(account), beside=session)
        assert ward.history(account) == saved, when
    assert proxy.cuts == ward.head() == 3
    assert ward.recorder.select_one("SELECT count(*) FROM identity.session") == (3,)


def test_a_lost_append_without_facts_is_answered_right(ward: Ward, far: Ward, proxy: CuttingProxy) -> None:
    row = CommandRow(uuid4(), uuid4(), b"mac", b"{}")
    proxy.cut_next("after")
    assert far.save(command=row) == []
    assert ward.find_command(row.account, row.command_id) is not None


def test_a_lost_append_that_had_been_refused_stays_refused(far: Ward, proxy: CuttingProxy) -> None:
    row = CommandRow(uuid4(), uuid4(), b"mac", b"{}")
    far.save(day(), command=row)
    proxy.cut_next("after")
    with pytest.raises(CommandKnown):
        far.save(day(1), command=row)


def test_a_caller_who_was_given_up_finds_the_answer_by_command_id(ward: Ward, far: Ward, proxy: CuttingProxy) -> None:
    account = uuid4()
    row = CommandRow(account, uuid4(), b"mac", b"{}")
    proxy.go_after_next()
    with pytest.raises(StoreUnavailable):
        far.save(profile(account), command=row)
    proxy.back()
    assert far.find_command(account, row.command_id) is not None
    with pytest.raises(CommandKnown):
        far.save(profile(account), command=row)
    assert ward.head() == 1


def test_an_absent_database_is_told_quickly_and_its_return_noticed(far: Ward, proxy: CuttingProxy) -> None:
    for _ in range(2):
        proxy.away()
        for attempt in (far.head, lambda: far.save(day())):
            asked = monotonic()
            with pytest.raises(StoreUnavailable):
                attempt()
            assert monotonic() - asked < 3
        proxy.back()
        returned = monotonic()
        assert far.head() == 0
        assert monotonic() - returned < 3


def test_a_restart_of_the_database_is_not_noticed(far: Ward, proxy: CuttingProxy) -> None:
    proxy.away()
    proxy.back()
    assert far.save(day())[0].position == 1
