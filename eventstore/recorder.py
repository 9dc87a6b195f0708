"""Reads and appends rows of the log: the library's recorder over our table and our append function."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import psycopg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder
from psycopg.rows import TupleRow

from eventstore import append_call
from eventstore.append_call import Beside, Reads
from eventstore.arrays import uuids
from eventstore.datastore import WardConnection, WardDatastore
from eventstore.stored import Appended, CommandRow, StoredFact

CHANNEL = "event_appended"
COLUMNS = "position, recorded_at, originator_id, originator_version, topic, partition, key_id, meta, state"

FAMILY = """
    %b::uuid[] || ARRAY(SELECT last.partition FROM unnest(%b::uuid[]) AS asked (stream), LATERAL (
        SELECT e.partition FROM events.event e WHERE e.originator_id = asked.stream ORDER BY e.originator_version DESC LIMIT 1
    ) AS last)
"""


class WardRecorder(PostgresApplicationRecorder):
    """Appends in one round trip. An append whose answer was lost is looked up and never guessed."""

    def __init__(self, datastore: WardDatastore) -> None:
        super().__init__(datastore, events_table_name="event")
        self.store = datastore
        self.channel_name = CHANNEL

    def create_table(self) -> None:
        """Nothing is created at start-up: the schema comes from the migrations."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """The library's entrance: answers the positions."""
        if not stored_events:
            return None
        head = self.append([_as_stored(event) for event in stored_events], **kwargs).head
        return list(range(head - len(stored_events) + 1, head + 1))

    def append(
        self,
        facts: Sequence[StoredFact],
        *,
        command: CommandRow | None = None,
        reads: Reads = (),
        erases: Sequence[UUID] = (),
        beside: Beside | None = None,
    ) -> Appended:
        """Appends facts, the idempotency row and the rows written beside them: all or nothing.

        Raises:
            StaleVersion: a stream of `facts` or of `reads` has moved on.
            SubjectErased: the key of a subject is destroyed.
            CommandKnown: the command was answered before.
            DuplicateRow: what `beside` writes is taken.
            StoreUnavailable: the database does not answer; ask again with the same command id.
        """
        arguments = append_call.parameters(facts, command, reads, erases)

        def work(connection: WardConnection, again: bool) -> Appended:  # noqa: FBT001 - the datastore says it so
            try:
                return append_call.call(connection, arguments, beside)
            except psycopg.Error as error:
                refusal = append_call.refusal(error)
                if refusal is None:
                    raise
                if again and (mine := append_call.already_appended(connection, facts, command)):
                    return mine
                raise refusal from error

        return self.store.attempt(work)

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredFact]:
        """The rows of one stream, in version order."""
        bounds = [("originator_id = %b", originator_id), ("originator_version > %b", gt), ("originator_version <= %b", lte)]
        return self._select(bounds, f"originator_version {'DESC' if desc else 'ASC'}", limit)

    def select_streams(self, streams: Sequence[UUID], up_to: int | None = None) -> Sequence[StoredFact]:
        """The rows of several streams, stream by stream in version order, at most up to a position."""
        bounds = [("originator_id = ANY (%b::uuid[])", uuids(streams)), ("position <= %b", up_to)]
        return self._select(bounds, "originator_id, originator_version") if streams else []

    def select_families(self, streams: Sequence[UUID]) -> Sequence[StoredFact]:
        """The rows of streams and of the households they belong to, in one round trip."""
        query = (
            f"SELECT {COLUMNS} FROM events.event WHERE originator_id = ANY ({FAMILY}) ORDER BY originator_id, originator_version"  # noqa: S608
        )
        return [_stored(row) for row in self.select(query, (uuids(streams), uuids(streams)))]

    def select_sealed(self, subjects: Sequence[UUID]) -> Sequence[StoredFact]:
        """The rows sealed under the keys of some subjects, whatever streams they are on, in the order of the log."""
        query = (
            f"SELECT {COLUMNS} FROM events.event WHERE (originator_id = ANY (%b::uuid[]) AND key_id = originator_id)"  # noqa: S608
            " OR (key_id = ANY (%b::uuid[]) AND key_id <> originator_id) ORDER BY position"
        )
        return [_stored(row) for row in self.select(query, (uuids(subjects), uuids(subjects)))]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[StoredFact]:
        """Rows in the order of the log."""
        bounds = [
            ("position >= %b" if inclusive_of_start else "position > %b", start),
            ("position <= %b", stop),
            ("topic = ANY (%b)", list(topics) or None),
        ]
        return self._select(bounds, "position", limit)

    def max_notification_id(self) -> int | None:
        """The head of the log; None while it is empty."""
        row = self.select_one("SELECT max(position) FROM events.event")
        return row[0] if row else None

    def find_command(self, account: UUID, command_id: UUID) -> CommandRow | None:
        """How a command was answered, if it was."""
        row = self.select_one(
            "SELECT account, command_id, body_mac, answer, position, at FROM events.command"
            " WHERE account = %b AND command_id = %b",
            (account, command_id),
        )
        return CommandRow(*row) if row else None

    def select_one(self, query: str, parameters: Sequence[Any] = ()) -> TupleRow | None:
        """The first row of a query."""
        rows = self.select(query, parameters)
        return rows[0] if rows else None

    def select(self, query: str, parameters: Sequence[Any] = ()) -> list[TupleRow]:
        """All rows of a query that may be repeated."""
        return self.store.read(lambda connection: connection.quick.execute(query, parameters, prepare=True).fetchall())

    def _select(self, bounds: Sequence[tuple[str, Any]], order: str, limit: int | None = None) -> Sequence[StoredFact]:
        given = [(clause, value) for clause, value in bounds if value is not None]
        where = " AND ".join(clause for clause, _ in given) or "true"
        query = f"SELECT {COLUMNS} FROM events.event WHERE {where} ORDER BY {order} LIMIT %b"  # noqa: S608 - own words only
        return [_stored(row) for row in self.select(query, [*(value for _, value in given), limit])]


def _stored(row: TupleRow) -> StoredFact:
    position, recorded_at, stream, version, topic, partition, key_id, meta, state = row
    return StoredFact(stream, version, topic, state, position, partition, key_id, meta, recorded_at)


def _as_stored(event: StoredEvent) -> StoredFact:
    if isinstance(event, StoredFact):
        return event
    return StoredFact(UUID(str(event.originator_id)), event.originator_version, event.topic, event.state, 0)
