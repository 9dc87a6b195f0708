"""Puts a notifier together from a database, a ward and a transport."""

from typing import Any
from uuid import UUID

from psycopg import Connection, sql
from psycopg_pool import ConnectionPool

from aggregates.child.state import Child
from eventstore.database import DatabaseRole, with_defaults
from eventstore.ward import Ward
from notifier.failing import FailingAddresses
from notifier.ledger import Ledger
from notifier.letter import Letterhead, Tokens
from notifier.notifier import Notifier
from notifier.outcomes import Outcomes
from notifier.pace import Pace
from notifier.planner import Planner
from notifier.questions import Questions
from notifier.recheck import Reasons, Recheck
from notifier.rhythm import Rhythm
from notifier.sender import Sender
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
    tokens: Tokens,
    rhythm: Rhythm,
    redis_url: str | None,
) -> Notifier:
    """A notifier that is not started yet. The caller closes the pool after having stopped it."""
    ledger = Ledger(pool)
    recheck = Recheck(ward, lambda child_id, child: reasons_of(ward, engine, child_id, child))
    sender = Sender(ledger, recheck, transport, Pace(pool), head, tokens)
    addresses = FailingAddresses(ward)
    return Notifier(
        ledger,
        Planner(ledger, current_schema, rhythm),
        Questions(ledger, addresses, current_schema, rhythm),
        sender,
        Outcomes(ledger, ward, addresses),
        today=ward.today,
        redis_url=redis_url,
    )


def reasons_of(ward: Ward, engine: Engine, child_id: UUID, child: Child) -> Reasons:
    """What a child gives reason to tell today, by the same rules as the read model."""
    record = record_of(child_id, 0, child, Context(engine, ward.today()))
    told = ((row[1:5], row[6]) for row in reminder.rows(record))
    return Reasons(frozenset(key for key, withheld in told if withheld is None), record.digest)


def current_schema(connection: Connection[tuple[Any, ...]]) -> str | None:
    """The schema that requests read now; None before the first was built."""
    generation = generations.current(connection.cursor())
    return generation.schema if generation else None


def _be_mailer(connection: Connection[tuple[Any, ...]]) -> None:
    connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(DatabaseRole.MAILER)))
    connection.commit()
