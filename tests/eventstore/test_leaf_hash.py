from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID, uuid4

import psycopg

from eventstore.bulk_read import copy_rows
from eventstore.canonical import canonical_row, leaf_hash
from eventstore.database import DatabaseRole, connect
from eventstore.recorder import COLUMNS
from eventstore.stored import StoredFact
from eventstore.ward import Ward
from tests.eventstore.samples import day, profile

STREAM = UUID("00112233-4455-6677-8899-aabbccddeeff")
PARTITION = UUID("11111111-2222-3333-4444-555555555555")
AT = datetime(2026, 4, 1, 0, 0, 0, 123456, tzinfo=UTC)
GOLDEN_ROW = bytes.fromhex(
    "00000008" "0000000000000007"  # position 7
    "00000008" "0002f15988a20240"  # microseconds since 2000-01-01
    "00000010" "00112233445566778899aabbccddeeff"
    "00000008" "0000000000000003"  # version 3
    "0000000e" "e5a489e69bb42e" "6368616e676564"  # 変更.changed
    "00000010" "11111111222233334444555555555555"
    "ffffffff"  # no key
    "00000002" "7b7d"
    "00000003" "00ff01"
)  # fmt: skip


def golden_fact() -> StoredFact:
    return StoredFact(STREAM, 3, "変更.changed", b"\x00\xff\x01", 7, PARTITION, None, b"{}", AT)


def test_the_canonical_row_is_what_it_always_was() -> None:
    assert canonical_row(golden_fact(), 7, AT).hex() == GOLDEN_ROW.hex()
    assert leaf_hash(GOLDEN_ROW) == sha256(b"\x00" + GOLDEN_ROW).digest()


def test_the_database_computes_the_same_leaf(database: str) -> None:
    with psycopg.connect(database) as connection:
        row = connection.execute(
            "SELECT events.leaf_hash(7, %s, %s, 3, '変更.changed', %s, NULL, '{}', '\\x00ff01')", (AT, STREAM, PARTITION)
        ).fetchone()
    assert row == (leaf_hash(GOLDEN_ROW),)


def test_every_leaf_of_the_log_verifies_outside_the_database(database: str, ward: Ward) -> None:
    account = uuid4()
    ward.save(profile(account), day())
    ward.bulk_append([profile(account, 2), day(1)])
    with psycopg.connect(database) as connection:
        leaves = connection.execute("SELECT leaf_hash FROM events.event ORDER BY originator_id, originator_version").fetchall()
    with connect(database, DatabaseRole.AUDITOR) as connection:
        rows = copy_rows(connection, UUID(int=0), UUID(int=2**128 - 1), 10**9)
    assert [leaf_hash(row) for row in rows] == [leaf for (leaf,) in leaves]
    assert len(leaves) == 4


def test_the_columns_of_the_canonical_row_are_those_of_the_table(database: str) -> None:
    with psycopg.connect(database) as connection:
        cursor = connection.execute("SELECT * FROM events.event")
        assert cursor.description is not None
        assert [column.name for column in cursor.description] == [*COLUMNS.split(", "), "leaf_hash"]
