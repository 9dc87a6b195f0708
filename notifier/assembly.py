"""Puts a notifier together from a database, a ward and a transport."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from psycopg import Connection, sql
from psycopg_pool import ConnectionPool

from aggregates.child.state import Child
from eventstore.database import DatabaseRole, with_defaults
from eventstore.ward import Ward
from notifier.ledger import Ledger
from notifier.letter import Letterhead
from notifier.notifier import Notifier
from notifier.outcomes import Outcomes
from notifier.planner import Planner
from notifier.recheck import Recheck, ReminderKey
from notifier.sender import ConfirmationToken, Sender
from notifier.transport import Transport
from projections import generation as generations
from projections.engine import Engine
from projections.models import reminder
from projections.record import Context, record_of

POOL_SIZE_MAX = 6
"""One connection for each worker thread, one for the rounds, one to spare."""


def ledger_pool(conninfo: str) -> ConnectionPool[Connection[tuple[Any, ...]]]:
    """Connections with the rights of the mailer; the caller opens and closes the pool."""
    return ConnectionPool(
        with_defaults(conninfo), configure=_be_mailer, min_size=1, max_size=POOL_SIZE_MAX, open=False, name=DatabaseRole.MAILER
    )


def build_notifier(
    pool: ConnectionPool[Connection[tuple[Any, ...]]],
    ward: Ward,
    engine: Engine,
    *,
    transport: Transport,
    head: Letterhead,
    token: ConfirmationToken,
    redis_url: str | None,
) -> Notifier:
    """A notifier that is not started yet. The caller closes the pool after having stopped it."""
    ledger = Ledger(pool)
    recheck = Recheck(ward, lambda child_id, child: _reminders_of(ward, engine, child_id, child))
    sender = Sender(ledger, recheck, transport, head, token)
    planner = Planner(ledger, _current_schema)
    return Notifier(ledger, planner, sender, Outcomes(ledger, ward), today=ward.today, redis_url=redis_url)


def _reminders_of(ward: Ward, engine: Engine, child_id: UUID, child: Child) -> Iterator[ReminderKey]:
    record = record_of(child_id, 0, child, Context(engine, ward.today()))
    for _, series, dose_number, kind, cycle, _, withheld in reminder.rows(record):
        if withheld is None:
            yield series, dose_number, kind, cycle


def _current_schema(connection: Connection[tuple[Any, ...]]) -> str | None:
    generation = generations.current(connection.cursor())
    return generation.schema if generation else None


def _be_mailer(connection: Connection[tuple[Any, ...]]) -> None:
    connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(DatabaseRole.MAILER)))
    connection.commit()
