from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import Connection

from aggregates.fact import Recorded, Redacted
from eventstore.bulk_read import Placed, read_range
from eventstore.database import DatabaseRole, connect
from eventstore.errors import SealBroken, SubjectErased
from eventstore.ward import Ward
from tests.eventstore.samples import day, profile

LOWEST, HIGHEST = UUID(int=0), UUID(int=2**128 - 1)


@pytest.fixture
def reader(database: str) -> Iterator[Connection]:
    with connect(database, DatabaseRole.PROJECTOR) as connection:
        yield connection


def read_all(reader: Connection, ward: Ward, up_to: int = 10**9) -> dict[UUID, list[Placed]]:
    return dict(read_range(reader, ward.keys, LOWEST, HIGHEST, up_to))


def placed(facts: Iterable[Recorded]) -> list[Placed]:
    return [Placed(recorded.originator_version, recorded.position, recorded.fact) for recorded in facts]


def some_streams(count: int) -> list[Recorded]:
    accounts = [uuid4() for _ in range(count)]
    firsts = [profile(account, 1, f"handle {n}") for n, account in enumerate(accounts)]
    seconds = [profile(account, 2, f"another {n}") for n, account in enumerate(accounts)]
    return [*firsts, day(), *seconds]


def test_reading_in_bulk_equals_reading_stream_by_stream(reader: Connection, ward: Ward) -> None:
    facts = some_streams(30)
    ward.save(*facts)
    read = read_all(reader, ward)
    assert list(read) == sorted({fact.originator_id for fact in facts})
    assert read == {stream: placed(history) for stream, history in ward.histories(list(read)).items()}


def test_ranges_and_positions_bound_what_is_read(reader: Connection, ward: Ward) -> None:
    facts = some_streams(30)
    ward.save(*facts)
    middle = UUID(int=2**127)
    low = dict(read_range(reader, ward.keys, LOWEST, UUID(int=middle.int - 1), 10**9))
    high = dict(read_range(reader, ward.keys, middle, HIGHEST, 10**9))
    assert low.keys().isdisjoint(high.keys())
    assert low | high == read_all(reader, ward)
    assert sorted(fact.position for fact in chain(*read_all(reader, ward, up_to=17).values())) == list(range(1, 18))


def test_facts_about_a_subject_on_another_stream_are_opened_with_its_key(reader: Connection, ward: Ward) -> None:
    account, mail = UUID(int=2**127), UUID(int=7)
    ward.save(profile(account))
    about = Recorded(mail, 1, profile(account).fact, subject=account, partition=uuid4())
    (saved,) = ward.save(about)
    assert dict(read_range(reader, ward.keys, mail, mail, 10**9)) == {mail: placed([saved])}


def test_erased_subjects_read_redacted_in_bulk(reader: Connection, ward: Ward) -> None:
    account = uuid4()
    ward.save(profile(account))
    ward.keys.erase(account)
    ((recorded,),) = read_all(reader, ward).values()
    assert recorded.fact == Redacted("account.profile_changed.v1")


def test_the_connection_is_free_from_the_first_stream_on(reader: Connection, ward: Ward) -> None:
    ward.save(*some_streams(30))
    reading = read_range(reader, ward.keys, LOWEST, HIGHEST, 10**9)
    first, _ = next(reading)
    assert reader.execute("SELECT 1").fetchone() == (1,)
    assert len(dict(reading).keys() - {first}) == 30


def test_a_copy_that_fails_is_told_and_the_connection_goes_on(reader: Connection, ward: Ward) -> None:
    ward.save(*some_streams(3_000))
    reader.execute("SET statement_timeout = 1")
    with pytest.raises(psycopg.errors.QueryCanceled):
        read_all(reader, ward)
    reader.execute("RESET statement_timeout")
    assert len(read_all(reader, ward)) == 3_001


def test_an_altered_row_is_found(database: str, reader: Connection, ward: Ward) -> None:
    account = uuid4()
    ward.save(profile(account))
    with psycopg.connect(database) as connection:
        connection.execute("ALTER TABLE events.event DISABLE TRIGGER append_only")
        connection.execute('UPDATE events.event SET meta = \'{"role":"staff"}\'')
    with pytest.raises(SealBroken):
        read_all(reader, ward)
    with pytest.raises(SealBroken):
        ward.history(account)


def test_appending_in_bulk_equals_appending(ward: Ward) -> None:
    facts = some_streams(30)
    ward.save(day(1))
    assert ward.bulk_append(facts) == 62
    stored = ward.since(1, 100)
    assert [fact.fact for fact in stored] == [fact.fact for fact in facts]
    assert [fact.position for fact in stored] == list(range(2, 63))
    ward.save(profile(facts[0].originator_id, 3))
    assert ward.head() == 63


def test_times_given_in_bulk_are_kept_but_never_turn_back(ward: Ward) -> None:
    noon = datetime(2010, 4, 1, 12, tzinfo=UTC)
    given = [noon, noon - timedelta(hours=1), noon + timedelta(hours=1)]
    ward.bulk_append(Recorded(uuid4(), 1, day().fact, recorded_at=at) for at in given)
    assert [fact.recorded_at for fact in ward.since(0, 10)] == [noon, noon, noon + timedelta(hours=1)]


def test_subjects_erased_in_bulk_take_no_more_facts(ward: Ward) -> None:
    account = uuid4()
    ward.bulk_append([profile(account)], erases=[account])
    with pytest.raises(SubjectErased):
        ward.save(profile(account, 2))
