from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from psycopg import Cursor
from psycopg.rows import TupleRow

from aggregates.account.facts import ProfileChanged
from aggregates.fact import Recorded, Redacted
from eventstore.errors import CommandKnown, DayNotOpened, DuplicateRow, StaleVersion, SubjectErased
from eventstore.stored import CommandRow
from eventstore.ward import Ward
from tests.eventstore.samples import MONDAY, day, profile


def test_what_is_saved_is_read_again_with_its_place_in_the_log(ward: Ward) -> None:
    account = uuid4()
    saved = ward.save(profile(account), profile(account, 2, "たんぽぽ"))
    assert [fact.position for fact in saved] == [1, 2]
    assert saved[0].recorded_at == saved[1].recorded_at
    assert datetime.now(UTC) - saved[0].recorded_at < timedelta(minutes=1)
    assert ward.history(account) == saved
    assert ward.since(0, 10) == saved
    assert ward.since(1, 10) == saved[1:]
    assert ward.head() == 2


def test_histories_answers_every_stream_up_to_a_position(ward: Ward) -> None:
    ann, ben, nobody = uuid4(), uuid4(), uuid4()
    saved = ward.save(profile(ann), profile(ben), profile(ann, 2))
    assert ward.histories([ann, ben, nobody]) == {ann: [saved[0], saved[2]], ben: [saved[1]], nobody: []}
    assert ward.histories([ann, ben], up_to=1) == {ann: [saved[0]], ben: []}
    assert ward.histories([]) == {}


def test_state_is_folded_by_the_library_repository(ward: Ward) -> None:
    account = uuid4()
    ward.save(profile(account, 1, "a"), profile(account, 2, "b"))

    def handles(_: str | None, facts: Iterable[Recorded]) -> str:
        return "".join(recorded.fact.handle for recorded in facts if isinstance(recorded.fact, ProfileChanged))

    assert ward.state(account, handles) == ("ab", 2)
    assert ward.state(uuid4(), handles) == ("", 0)


def test_a_version_is_taken_once(ward: Ward) -> None:
    account = uuid4()
    ward.save(profile(account))
    with pytest.raises(StaleVersion) as refused:
        ward.save(profile(uuid4()), profile(account))
    assert refused.value.stream == account
    assert ward.head() == 1


def test_a_stream_that_was_read_must_not_have_moved_on(ward: Ward) -> None:
    household, child, unborn = uuid4(), uuid4(), uuid4()
    ward.save(profile(household))
    ward.save(profile(child), reads=[(household, 1), (unborn, 0)])
    ward.save(profile(household, 2))
    with pytest.raises(StaleVersion) as refused:
        ward.save(profile(child, 2), reads=[(household, 1)])
    assert refused.value.stream == household
    with pytest.raises(StaleVersion):
        ward.save(profile(child, 2), reads=[(household, 0)])


def test_a_command_is_answered_once(ward: Ward) -> None:
    account = uuid4()
    row = CommandRow(account, uuid4(), b"mac", b'{"versions":{}}')
    (saved,) = ward.save(profile(account), command=row)
    with pytest.raises(CommandKnown) as refused:
        ward.save(profile(account, 2), command=row)
    assert refused.value.command_id == row.command_id
    found = ward.find_command(account, row.command_id)
    assert found == CommandRow(account, row.command_id, b"mac", row.answer, saved.position, saved.recorded_at)
    assert ward.find_command(uuid4(), row.command_id) is None
    assert ward.head() == 1


def test_a_command_without_facts_is_remembered(ward: Ward) -> None:
    ward.save(day())
    row = CommandRow(uuid4(), uuid4(), b"mac", b"{}")
    assert ward.save(command=row) == []
    found = ward.find_command(row.account, row.command_id)
    assert found is not None
    assert found.position == 1


def test_old_commands_are_forgotten(ward: Ward) -> None:
    row = CommandRow(uuid4(), uuid4(), b"mac", b"{}")
    (saved,) = ward.save(day(), command=row)
    assert ward.forget_commands(saved.recorded_at) == 0
    assert ward.forget_commands(saved.recorded_at + timedelta(seconds=1)) == 1
    assert ward.find_command(row.account, row.command_id) is None


def test_facts_of_a_destroyed_key_read_redacted(ward: Ward) -> None:
    account = uuid4()
    (saved,) = ward.save(profile(account))
    ward.keys.erase(account)
    (kept,) = ward.history(account)
    assert kept.fact == Redacted("account.profile_changed.v1")
    assert (kept.meta, kept.position, kept.originator_version) == (saved.meta, 1, 1)


def test_a_destroyed_key_never_comes_back(ward: Ward) -> None:
    account = uuid4()
    ward.keys.erase(account)
    with pytest.raises(SubjectErased):
        ward.save(profile(account))


def test_rows_beside_are_written_with_the_facts_or_not_at_all(ward: Ward) -> None:
    def register(account: UUID, holder: UUID, login: str) -> None:
        def credential(cursor: Cursor[TupleRow]) -> None:
            cursor.execute("INSERT INTO identity.credential VALUES (%s, %s, 'hash', 'hash')", (holder, login))

        ward.save(profile(account), beside=credential)

    first, second = uuid4(), uuid4()
    register(first, first, "HG-1")
    with pytest.raises(DuplicateRow) as refused:
        register(second, second, "HG-1")
    assert refused.value.constraint == "credential_login_id"
    assert ward.history(second) == []
    with pytest.raises(StaleVersion):
        register(first, second, "HG-2")
    rows = ward.recorder.select_one("SELECT count(*) FROM identity.credential")
    assert rows == (1,)


def test_today_is_the_last_opened_day(ward: Ward) -> None:
    with pytest.raises(DayNotOpened):
        ward.today()
    ward.save(day())
    assert ward.today() == MONDAY
    ward.save(day(1))
    assert ward.today() == MONDAY + timedelta(days=1)


def test_two_schedulers_open_a_day_once(ward: Ward) -> None:
    ward.save(day())
    with pytest.raises(StaleVersion):
        ward.save(day())
    assert ward.head() == 1
