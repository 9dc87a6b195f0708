"""A ledger over a real database, with a mailing list that the test writes."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import Connection
from psycopg_pool import ConnectionPool

from aggregates.account.facts import AccountRegistered, EmailConfirmed, EmailGiven, MailWishesSet, TermsAccepted
from aggregates.answer.facts import AnswerTold, Medium
from aggregates.calendar.facts import DayOpened
from aggregates.child.facts import ChildRegistered, Sex
from aggregates.child.state import Child
from aggregates.fact import Fact, Recorded
from aggregates.household.facts import GuardianJoined, HouseholdFounded
from aggregates.streams import calendar_stream
from eventstore.ward import Ward
from notifier import ledger
from notifier.assembly import ledger_pool
from notifier.failing import FailingAddresses
from notifier.gate import Gate
from notifier.ledger import Ledger
from notifier.letter import Letterhead, Tokens
from notifier.occasion import Occasion
from notifier.outcomes import Outcomes
from notifier.pace import Pace
from notifier.planner import Planner
from notifier.questions import Questions
from notifier.recheck import Reasons, Recheck, ReminderKey
from notifier.rhythm import Rhythm
from notifier.sender import Sender
from notifier.transport import Envelope, Transport

TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 3, tzinfo=UTC)
"""Noon in the ward."""
SCHEMA = "gen_test"
TOKENS = Tokens(
    confirmation=lambda account, version: f"{account}-{version}",
    unsubscribe=lambda account, version: f"out-{account}-{version}",
    keep=lambda account, version: f"keep-{account}-{version}",
    bounce=lambda message: message.hex[:16],
)
HEAD = Letterhead("hagukumi@ward.example", "育み", "https://hagukumi.example")


class Outbox:
    """A transport that keeps what it was given, after raising what the test has prepared."""

    def __init__(self) -> None:
        self.sent: list[Envelope] = []
        self.troubles: list[tuple[bool, BaseException]] = []

    def send(self, envelope: Envelope, data_starts: Callable[[], None]) -> None:
        if self.troubles:
            after_data, trouble = self.troubles.pop(0)
            if after_data:
                data_starts()
            raise trouble
        data_starts()
        self.sent.append(envelope)

    def close(self) -> None:
        """Nothing is open."""


class Post:
    """Everything a notifier test touches."""

    def __init__(self, database: str, pool: ConnectionPool[Connection[tuple[Any, ...]]], ward: Ward) -> None:
        self.database = database
        self.ward = ward
        self.outbox = Outbox()
        self.household_id = uuid4()
        self.due: dict[ReminderKey, date] = {}
        self.edition = "old rules"
        self.vaccinated: set[UUID] = set()
        self.stands: dict[UUID, dict[str, str]] = {}
        self.now = NOON
        self.pool = pool
        self.gate = Gate(pool)
        self.pace = Pace(pool)
        self.ledger = Ledger(pool)
        rhythm, addresses = Rhythm(), FailingAddresses(ward)
        self.planner = Planner(self.ledger, lambda _: SCHEMA, lambda _, schema: self.edition, rhythm)
        self.questions = Questions(self.ledger, addresses, lambda _: SCHEMA, rhythm)
        self.outcomes = Outcomes(self.ledger, ward, addresses)

    def sender(self, transport: Transport | None = None) -> Sender:
        recheck = Recheck(self.ward, self._reasons_of, lambda child_id, _: self.stands.get(child_id, {}))
        return Sender(self.ledger, recheck, transport or self.outbox, self.pace, HEAD, TOKENS, lambda: self.now)

    def _reasons_of(self, child_id: UUID, child: Child, version: int) -> Reasons:
        answer = AnswerTold(
            child_version=version, on=TODAY, edition=self.edition, engine="1", answer_digest="ab" * 32, medium=Medium.MAIL
        )
        return Reasons({} if child_id in self.vaccinated else dict(self.due), answer)

    def says(self, stream: UUID, *facts: Fact) -> None:
        version = len(self.ward.history(stream))
        place = partial(Recorded, subject=stream, partition=self.household_id)
        self.ward.keys.create(stream)
        self.ward.save(*(place(stream, version + n, fact) for n, fact in enumerate(facts, start=1)))

    def family(self, address: str = "a..b@docomo.ne.jp") -> tuple[UUID, UUID]:
        """A guardian who wants mail, and a child."""
        account, child = uuid4(), uuid4()
        self.member(account)
        self.says(
            account,
            TermsAccepted(version="1", text_hash="0" * 64),
            AccountRegistered(handle="はるの親", postal_code="102-0074", household_id=self.household_id),
            EmailGiven(address=address, address_version=1),
            EmailConfirmed(address_version=1),
            MailWishesSet(vaccinations=True, checkups=True, notices=False),
        )
        self.says(
            child, ChildRegistered(household_id=self.household_id, handle="はる", born_on=date(2026, 4, 10), sex=Sex.FEMALE)
        )
        return account, child

    def member(self, account: UUID) -> None:
        """Founds the household, or joins it."""
        founded = bool(self.ward.history(self.household_id))
        joined = GuardianJoined(account_id=account, invitation_id=uuid4())
        self.says(self.household_id, joined if founded else HouseholdFounded(account_id=account))

    def lists(self, account: UUID, child: UUID, *, kind: str = "latest_near", due_on: date = TODAY, cycle: int = 0) -> None:
        """One line of the mailing list, and the reason for it in the child's record."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            connection.execute(
                f"INSERT INTO {SCHEMA}.mailing_list VALUES (%s, %s, 'HIB', 2, %s, %s, %s, 1, NULL)",
                (account, child, kind, cycle, due_on),
            )
        self.due["HIB", 2, kind, cycle] = due_on

    def plan(self, today: date = TODAY) -> list[UUID]:
        return self.planner.plan(today, NOON)

    def unsettled(self, most: int) -> list[UUID]:
        """Some messages that have no end yet, whoever has them."""
        drawn = f"SELECT message_id FROM mail.message WHERE settled_at IS NULL ORDER BY random() LIMIT {most}"
        return self.value(f"SELECT array_agg(message_id) FROM ({drawn}) AS drawn") or []

    def time_passes(self) -> None:
        """Leases have run out, domains have room again, and everything that waits is due."""
        self.execute("""
            UPDATE mail.message SET lease_until = now() - interval '1 second' WHERE lease_until IS NOT NULL;
            UPDATE mail.domain SET filled_at = now() - interval '1 hour', closed_until = NULL, tokens = 100, per_second = 50;""")
        self.ledger.release_expired()
        self.execute("UPDATE mail.message SET not_before = now() WHERE settled_at IS NULL")

    def occasions(self, message_id: UUID) -> list[Occasion]:
        with self.pool.connection() as connection:
            return ledger.occasions(connection, [message_id])[message_id]

    def states(self) -> dict[str, int]:
        return self.ledger.counts()

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.database, autocommit=True) as connection:
            connection.execute(statement.encode())

    def value(self, query: str) -> Any:
        with psycopg.connect(self.database) as connection:
            row = connection.execute(query.encode()).fetchone()
        return row[0] if row else None


@pytest.fixture
def post(database: str, ward: Ward) -> Iterator[Post]:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"""
            CREATE SCHEMA {SCHEMA};
            CREATE TABLE {SCHEMA}.mailing_list (account_id uuid, child_id uuid, series text, dose_number int4, kind text,
                cycle int4, due_on date, address_version int4, withheld_reason text);
            CREATE TABLE {SCHEMA}.account (account_id uuid, address_version int4, email_state text, confirmed_on date,
                stopped bool DEFAULT false, wish_vaccinations bool DEFAULT true, wish_checkups bool DEFAULT true,
                wish_notices bool DEFAULT false);
            CREATE TABLE {SCHEMA}.inquiry (inquiry_id uuid, account_id uuid, standing text, last_on date, version int8);
            GRANT USAGE ON SCHEMA {SCHEMA} TO hagukumi_mailer;
            GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO hagukumi_mailer;""")
    with ledger_pool(database) as pool:
        ward.save(Recorded(calendar_stream(TODAY), 1, DayOpened(date=TODAY)))
        yield Post(database, pool, ward)


def eventually(condition: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("NO REDIS: redis-server is not installed, so wake-ups over Redis are NOT tested here")
    socket = tmp_path / "redis.sock"
    command = [server, "--port", "0", "--unixsocket", str(socket), "--save", "", "--appendonly", "no", "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        assert eventually(socket.exists)
        yield f"unix://{socket}"
        process.terminate()
