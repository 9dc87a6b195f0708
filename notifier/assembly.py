"""Puts a notifier together from a database, a ward and a transport."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg import Connection, sql
from psycopg_pool import ConnectionPool

from aggregates.answer.facts import Medium
from aggregates.child.request import doses_known, forecast_request
from aggregates.child.state import Child
from eventstore.database import DatabaseRole, with_defaults
from eventstore.ward import Ward
from notifier.campaigns import Campaigns
from notifier.failing import FailingAddresses
from notifier.landmark import Landmark
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
from projections.told import answer_told
from schedule.japan import due_status

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
    open_engine: Callable[[], Engine],
    *,
    transport: Transport,
    head: Letterhead,
    tokens: Tokens,
    rhythm: Rhythm,
    redis_url: str | None,
    memory: Path,
    now: Callable[[], datetime],
) -> Notifier:
    """A notifier that is not started yet. The caller closes the pool after having stopped it."""
    ledger = Ledger(pool)
    recheck = Recheck(ward, partial(reasons_of, ward, open_engine), partial(due_of, ward, open_engine))
    sender = Sender(ledger, recheck, transport, Pace(pool), head, tokens, now)
    addresses = FailingAddresses(ward)
    return Notifier(
        ledger,
        Planner(ledger, current_schema, edition_of, rhythm),
        Campaigns(ledger, ward, current_schema),
        Questions(ledger, addresses, current_schema, rhythm),
        sender,
        Outcomes(ledger, ward, addresses),
        Landmark(pool, ward, memory),
        today=ward.today,
        now=now,
        redis_url=redis_url,
    )


def reasons_of(ward: Ward, open_engine: Callable[[], Engine], child_id: UUID, child: Child, version: int) -> Reasons:
    """What a child gives reason to tell today, by the same rules as the read model. The engine is the one in force right now."""
    engine, today = open_engine(), ward.today()
    record = record_of(child_id, version, child, Context(engine, today))
    told = ((row[1:5], row[5], row[6]) for row in reminder.rows(record))
    due = {key: due_on for key, due_on, withheld in told if withheld is None}
    return Reasons(due, answer_told(record, engine, today, Medium.MAIL))


def due_of(ward: Ward, open_engine: Callable[[], Engine], child_id: UUID, child: Child) -> dict[str, str]:
    """Where each series stands for a child today, by the engine in force right now."""
    today = ward.today()
    answer = open_engine().forecast(forecast_request(child_id, child, doses_known(child, today), today))
    return {forecast.series: due_status(forecast, today) for forecast in answer.forecasts}


def current_schema(connection: Connection[tuple[Any, ...]]) -> str | None:
    """The schema that requests read now; None before the first was built."""
    generation = generations.current(connection.cursor())
    return generation.schema if generation else None


def edition_of(connection: Connection[tuple[Any, ...]], schema: str) -> str:
    """The edition by which the generation in a schema was made."""
    query = "SELECT edition FROM projection.generation WHERE 'gen_' || generation = %s"
    row = connection.execute(query, (schema,)).fetchone()
    return row[0] if row else ""


def _be_mailer(connection: Connection[tuple[Any, ...]]) -> None:
    connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(DatabaseRole.MAILER)))
    connection.commit()
