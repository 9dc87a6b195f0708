"""`hagukumi mail`: what operators do about mail."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from app.database import database
from app.settings import Settings, load_settings

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg_pool import ConnectionPool

    from eventstore.ward import Ward
    from notifier.explain import Line
    from notifier.status import Status

cli = typer.Typer(no_args_is_help=True, help="See how mail stands, hold it and let it go, take reports in, fill a lost ledger.")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@cli.command()
def status(*, as_json: AsJson = False) -> None:
    """Show how many messages stand where, what waits, and how fast each domain takes mail."""
    from notifier.status import status as read

    with _side() as (_, pool, ward):
        found = read(pool, resting=_rests(ward))
    if as_json:
        typer.echo(msgspec.json.encode(found))
    else:
        _tell_status(found)


@cli.command()
def hold(reason: Annotated[str, typer.Argument(help="What for; a word for whoever looks next, nothing personal.")]) -> None:
    """Hold all mail: from now on no worker anywhere begins another message."""
    from notifier.gate import Gate

    with _ledger() as pool:
        Gate(pool).hold(reason)
    typer.echo("Mail is held. `hagukumi mail resume` lets it go.")


@cli.command()
def resume() -> None:
    """Let mail go again. What has come too late meanwhile is suppressed and not sent."""
    from notifier.gate import Gate

    with _ledger() as pool:
        Gate(pool).resume()
    typer.echo("Mail goes out again.")


@cli.command()
def why(child: Annotated[UUID, typer.Option(help="The child's id.")], *, as_json: AsJson = False) -> None:
    """Say of each reminder of a child what became of it: sent and when; withheld, suppressed or failed and why. Ids only."""
    from notifier.assembly import current_schema
    from notifier.explain import explain

    with _side() as (_, pool, ward):
        today = ward.today()
        with pool.connection() as connection:
            schema = current_schema(connection)
            lines = explain(connection, schema, child) if schema else []
    if as_json:
        typer.echo(msgspec.json.encode([_as_json(line, today) for line in lines]))
    else:
        Console().print(_why([(line, *line.verdict(today)) for line in lines]))


@cli.command()
def preview(language: Annotated[str, typer.Option(help="ja or en.")] = "ja") -> None:
    """Print the letters as a family gets them, with every kind of news in one."""
    from aggregates.account.facts import Language
    from notifier.preview import letters

    for letter in letters(Language(language), load_settings().base_url):
        typer.echo(f"Subject: {letter['Subject']}")
        for kind in ("plain", "html"):
            part = letter.get_body((kind,))
            typer.echo(f"--- {kind}\n{part.get_content() if part else ''}")


@cli.command()
def bounce(recipient: Annotated[str, typer.Option(help="The return path, where the relay names it.")] = "") -> None:
    """Take in a report that came back to a return path, from standard input; made for a pipe of the relay."""
    from app.keys import derived_key
    from commands.identity.derivation import Derivation
    from commands.identity.mail_tokens import MailTokens
    from notifier.bounces import REPORT_BYTES_MAX, Bounces
    from notifier.failing import FailingAddresses
    from notifier.ledger import Ledger

    raw = sys.stdin.buffer.read(REPORT_BYTES_MAX)
    with _side() as (settings, pool, ward):
        mark = MailTokens(Derivation(derived_key(settings, "credentials"))).bounce
        typer.echo(Bounces(Ledger(pool), ward, FailingAddresses(ward), mark).take(raw, recipient))


@cli.command()
def reseed(
    relay_log: Annotated[Path | None, typer.Option(help="The relay's log: what it names was handed over.")] = None,
) -> None:
    """After a restore: hold mail, and fill the ledger from the log, so that nothing is sent a second time."""
    from notifier.gate import Gate
    from notifier.reseed import Reseed

    with _side() as (_, pool, ward):
        Gate(pool).hold("restored")
        work = Reseed(pool, ward)
        typer.echo(f"{work.from_log():,} outcomes of the log are in the ledger.")
        if relay_log is not None:
            with relay_log.open(encoding="utf-8", errors="replace") as lines:
                typer.echo(f"{work.from_relay(lines):,} open messages had been handed to the relay.")
    typer.echo("Mail is held. Look at `hagukumi mail status`, then `hagukumi mail resume`.")


@contextmanager
def _ledger() -> Iterator["ConnectionPool[Connection[tuple[Any, ...]]]"]:
    from notifier.assembly import ledger_pool

    settings = load_settings()
    with database(settings) as owner, ledger_pool(settings.database_url_of("mailer") or owner) as pool:
        yield pool


@contextmanager
def _side() -> Iterator[tuple[Settings, "ConnectionPool[Connection[tuple[Any, ...]]]", "Ward"]]:
    """The ledger, and the log with the rights of the mailer."""
    from app.keys import open_keys
    from eventstore.database import DatabaseRole
    from eventstore.ward import Ward
    from notifier.assembly import ledger_pool

    settings = load_settings()
    with database(settings) as owner, closing(open_keys(settings)) as keys:
        conninfo = settings.database_url_of("mailer") or owner
        with ledger_pool(conninfo) as pool, closing(Ward(conninfo, keys, role=DatabaseRole.MAILER)) as ward:
            yield settings, pool, ward


def _rests(ward: "Ward") -> bool:
    """Whether the notifier does, because it cannot believe the clock."""
    from aggregates.calendar.opening import agree
    from app.day_opener import now_in_ward
    from eventstore.errors import DayNotOpened

    try:
        return not agree(now_in_ward().date(), ward.today())
    except DayNotOpened:
        return False


def _tell_status(found: "Status") -> None:
    console, waiting = Console(), found.waiting
    held = found.hold.held_since
    goes_out = "Mail rests: clock and opened day are too far apart." if found.resting else "Mail goes out."
    console.print(f"Mail is held since {held:%Y-%m-%d %H:%M}: {found.hold.held_for}" if held else goes_out, highlight=False)
    console.print(_table("Messages", ("State", "Number"), list(found.states.items())))
    said = f"Due: {waiting.due:,}, the oldest since {waiting.oldest_due or '-'}."
    console.print(f"{said} Not yet in the log: {waiting.unreported:,}. Came back: {waiting.bounced:,}.", highlight=False)
    for message_id in found.unknown:
        console.print(f"Nobody knows whether it arrived: message {message_id}", highlight=False)
    rows = [(d.domain, f"{d.per_second:.1f}", d.let_through, d.unknown_users, d.closed_until) for d in found.domains]
    console.print(_table("Domains", ("Domain", "A second", "Let through", "Unknown users", "Closed until"), rows))


def _as_json(line: "Line", today: date) -> dict[str, object]:
    verdict, because = line.verdict(today)
    return msgspec.structs.asdict(line) | {"verdict": verdict, "because": because}


def _why(lines: Sequence[tuple["Line", str, str]]) -> Table:
    rows = [
        (line.due_on, line.series, line.dose_number, line.kind, line.cycle, str(line.account_id)[:8], verdict, because)
        for line, verdict, because in lines
    ]
    return _table("Reminders", ("Due on", "Series", "Dose", "Kind", "Cycle", "Guardian", "Verdict", "When or why"), rows)


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    table = Table(*columns, title=title, title_justify="left")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row))
    return table
