"""Mail: how fast due messages leave beside a bare loop that sends the same letters, and how fast a campaign is planned.

Workload: families with one child of a month, each due one digest. Both send signed letters (text and HTML, RSA 2048) in four
threads of one process over four connections to one sink in another process. The bare loop builds, signs and hands over with
smtplib; the notifier also claims, asks the log again with the schedule forecast anew, notes that DATA begins and settles, each
durable (`fsync` on). No domain limits. Planning: a mailing list of 50,000 guardians, through the real view, embedded Postgres;
and a notice to families with a child of an age, 50,000 guardians too, beside those reminders.
"""

import smtplib
import socket
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, sleep
from typing import Any
from uuid import UUID, uuid4

import psycopg
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from psycopg import Connection
from psycopg_pool import ConnectionPool

from aggregates.account.facts import AccountRegistered, EmailConfirmed, EmailGiven, Language, MailWishesSet, TermsAccepted
from aggregates.child.facts import ChildRegistered, Sex
from aggregates.fact import Fact, Recorded
from aggregates.household.facts import ChildAdded, HouseholdFounded
from aggregates.notice.facts import NoticeDrafted, NoticeReleased
from bench.rebuild import TODAY, filled
from eventstore.ward import Ward
from notifier import campaign_ledger
from notifier.assembly import current_schema, due_of, edition_of, ledger_pool, reasons_of
from notifier.campaigns import Campaigns
from notifier.dkim import Signer, load_signer
from notifier.ledger import Ledger
from notifier.letter import Letterhead, News, Sheet, Tokens, digest_letter
from notifier.pace import Pace
from notifier.planner import Planner
from notifier.recheck import Recheck
from notifier.rhythm import Rhythm
from notifier.sender import Sender
from notifier.transport import SmtpTransport
from notifier.wakeups import WORKER_THREADS, Wakeups
from projections.rebuild import Rebuild
from projections.workers import Source
from schedule.days import Period, add

MESSAGES = 1_000
RECIPIENTS = 50_000
NOON = datetime(TODAY.year, TODAY.month, TODAY.day, 3, tzinfo=UTC)
HEAD = Letterhead("hagukumi@ward.example", "育み", "https://hagukumi.example")
TOKENS = Tokens(lambda *_: "c" * 32, lambda *_: "u" * 48, lambda *_: "k" * 48, lambda _: "b" * 16)
KEY_BITS, PUBLIC_EXPONENT = 2048, 65537
DEADLINE_SECONDS = 120
BORN_ON = TODAY.fromordinal(add(TODAY.toordinal(), Period(months=-1)))
"""A month before the first vaccines can be given."""

Pool = ConnectionPool[Connection[tuple[Any, ...]]]


def families() -> Iterator[Recorded]:
    """So many guardians who wish mail, each with a child of a month."""
    for number in range(MESSAGES):
        account, household, child = uuid4(), uuid4(), uuid4()
        streams: tuple[tuple[UUID, Sequence[Fact]], ...] = (
            (account, _account(household, number)),
            (household, (HouseholdFounded(account_id=account), ChildAdded(child_id=child))),
            (child, (ChildRegistered(household_id=household, handle="はる", born_on=BORN_ON, sex=Sex.FEMALE),)),
        )
        for stream, facts in streams:
            for version, fact in enumerate(facts, start=1):
                yield Recorded(stream, version, fact, subject=stream, partition=household)


def _account(household: UUID, number: int) -> Sequence[Fact]:
    return (
        TermsAccepted(version="2026-04", text_hash="ab" * 32),
        AccountRegistered(handle="すみれ", postal_code="1020074", household_id=household),
        EmailGiven(address=f"parent{number}@example.jp", address_version=1),
        EmailConfirmed(address_version=1, on=TODAY),
        MailWishesSet(vaccinations=True, checkups=True, notices=False),
    )


def sink(port: int) -> None:
    """Takes everything and keeps nothing."""
    Controller(Sink(), hostname="127.0.0.1", port=port).start()
    sleep(DEADLINE_SECONDS * 10)


@contextmanager
def relay() -> Iterator[int]:
    """A sink in a process of its own; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    process = get_context("spawn").Process(target=sink, args=(port,), daemon=True)
    process.start()
    _wait(lambda: _answers(port))
    yield port
    process.terminate()
    process.join()


def bare_loop(port: int, signer: Signer) -> float:
    """Messages a second of smtplib with the same letters."""

    def send(count: int) -> None:
        with smtplib.SMTP("127.0.0.1", port) as connection:
            for number in range(count):
                sheet = Sheet(HEAD, TOKENS, uuid4(), f"parent{number}@example.jp", Language.JAPANESE, NOON)
                letter = digest_letter(sheet, [News("はる", ("window_opens",))], "u" * 48)
                connection.sendmail(letter.sender, letter.recipient, signer(letter.content))

    return _rate(lambda: _at_once(send))


def notifier(port: int, signer: Signer, ledger: Ledger, sender: Callable[[SmtpTransport], Sender]) -> float:
    """Messages a second of the notifier, from the first wake-up until all are settled."""
    with closing(SmtpTransport(f"smtp://127.0.0.1:{port}", signer)) as transport:
        wakeups = Wakeups(None, sender(transport).deliver)
        wakeups.start()

        def deliver() -> None:
            wakeups.wake(ledger.wake_due(MESSAGES))
            _wait(lambda: ledger.counts() == {"accepted": MESSAGES})

        rate = _rate(deliver)
        wakeups.stop()
    return rate


def planning(conninfo: str, planner: Planner, schema: str) -> float:
    """Seconds for a mailing list of so many guardians, with the message and the occasion of each written down."""
    _fill(conninfo, schema)
    begun = perf_counter()
    planned = len(planner.plan(TODAY, NOON))
    seconds = perf_counter() - begun
    assert planned == RECIPIENTS, planned  # noqa: S101 - a benchmark that measures something else shall say so
    return seconds


def campaign(ledger: Ledger, ward: Ward) -> float:
    """Seconds for a notice to so many guardians, with the message, the occasion and the addressee of each written down."""
    notice_id, operator = uuid4(), uuid4()
    released = NoticeReleased(on=TODAY, window_minutes=30, operator=operator)
    draft = NoticeDrafted(
        subject_ja="", body_ja="", subject_en="", body_en="", operator=operator, age_months_from=1, age_months_to=1
    )
    ward.save(Recorded(notice_id, 1, draft), Recorded(notice_id, 2, released))
    begun = perf_counter()
    Campaigns(ledger, ward, current_schema).advance(NOON)
    seconds = perf_counter() - begun
    with ledger.planning() as connection:
        planned = campaign_ledger.ends(connection, notice_id).open
    assert planned == RECIPIENTS, planned  # noqa: S101 - as above
    return seconds


def _fill(conninfo: str, schema: str) -> None:
    """Rows of families that are in no log: planning reads no further."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(
            f"""
            SET search_path TO {schema};
            CREATE TEMP TABLE f AS SELECT gen_random_uuid() AS a, gen_random_uuid() AS h, gen_random_uuid() AS c
                FROM generate_series(1, {RECIPIENTS});
            INSERT INTO account SELECT a, h, '', '', '', '', 'confirmed', 1, date '{TODAY}', true, false, true, true, true,
                'ja', 1 FROM f;
            INSERT INTO guardian SELECT h, a, 1 FROM f;
            INSERT INTO child SELECT c, h, '', date '{BORN_ON}', 'F', false, ARRAY[]::text[], NULL, 1 FROM f;
            INSERT INTO schedule_answer SELECT c, '', '', NULL FROM f;
            INSERT INTO reminder SELECT c, 'HIB', 1, 'window_opens', n, date '{TODAY}' - n * 30, NULL
                FROM f, generate_series(0, 9) n;
            ANALYZE account; ANALYZE guardian; ANALYZE child; ANALYZE schedule_answer; ANALYZE reminder;""".encode()  # noqa: S608 - constants
        )


def main() -> None:
    with (
        filled(0) as (source, ward),
        ledger_pool(source.conninfo) as pool,
        relay() as port,
    ):
        signer, ledger = _signer(), Ledger(pool)
        schema = _built(source, ward, pool)
        planner = Planner(ledger, current_schema, edition_of, Rhythm())
        assert len(planner.plan(TODAY, NOON)) == MESSAGES  # noqa: S101 - as above
        loop = bare_loop(port, signer)
        engine = source.open_engine()
        recheck = Recheck(ward, partial(reasons_of, ward, lambda: engine), partial(due_of, ward, lambda: engine))
        pace = Pace(pool, per_second_most=1e6)
        sent = notifier(port, signer, ledger, lambda to: Sender(ledger, recheck, to, pace, HEAD, TOKENS, lambda: NOON))
        seconds = planning(source.conninfo, planner, schema)
        told = campaign(ledger, ward)
    print(f"{'bare smtplib loop':<26} {loop:8,.0f} messages/s")
    print(f"{'notifier':<26} {sent:8,.0f} messages/s   {sent / loop:.2f} of the loop (at least 0.40)")
    print(f"{f'planning {RECIPIENTS:,} digests':<26} {seconds:8.1f} s            (under 10 s)")
    print(f"{f'planning {RECIPIENTS:,} notices':<26} {told:8.1f} s            (under 10 s)")


def _built(source: Source, ward: Ward, pool: Pool) -> str:
    ward.bulk_append(families())
    Rebuild(source, ward, workers=2).run()
    with pool.connection() as connection:
        return current_schema(connection) or ""


def _signer() -> Signer:
    key = generate_private_key(public_exponent=PUBLIC_EXPONENT, key_size=KEY_BITS)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "key.pem"
        file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return load_signer(HEAD.domain, "bench", file)


def _at_once(send: Callable[[int], None]) -> None:
    with ThreadPoolExecutor(WORKER_THREADS) as threads:
        list(threads.map(send, [MESSAGES // WORKER_THREADS] * WORKER_THREADS))


def _rate(work: Callable[[], None]) -> float:
    begun = perf_counter()
    work()
    return MESSAGES / (perf_counter() - begun)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait(until: Callable[[], bool]) -> None:
    deadline = datetime.now(UTC) + timedelta(seconds=DEADLINE_SECONDS)
    while not until():
        assert datetime.now(UTC) < deadline, "not done in time"  # noqa: S101 - as above
        sleep(0.02)


if __name__ == "__main__":
    main()
