"""`hagukumi demo`: fill a database with an invented ward, for trials and benchmarks."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, NoReturn

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from app.database import database
from app.settings import Settings, load_settings

if TYPE_CHECKING:
    from app.demo.history import Plan, Tally
    from eventstore.ward import Ward

HOLDS_FAMILIES, FILLED_BEFORE = 1, 2


def demo(
    *,
    families: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many families to invent.")] = 1000,
    seed: Annotated[int, typer.Option(help="The same seed on the same day gives the same ward.")] = 1,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day of the past to invent; today unless said.")
    ] = None,
    add: Annotated[bool, typer.Option("--add", help="Add to a log that holds families. Nothing can be taken out again.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was made as JSON, and no progress.")] = False,
) -> None:
    """Invent a ward: births over 18 years, four years of service, vaccinations as families take, forget and mend them.

    Nobody can sign in as these families. Exit status: 0 done; 1 the log holds families; 2 it holds this very ward already.
    """
    settings = load_settings()
    with database(settings) as conninfo, _ward(settings, conninfo) as ward:
        if not add and _holds_families(ward):
            _fail("The log holds families; invented ones cannot be taken out again. With --add they are added.", HOLDS_FAMILIES)
        plan = _plan(ward, families, seed, until)
        with _progress(families, quiet=as_json) as family_begins:
            tally = _fill(ward, plan, family_begins)
    typer.echo(msgspec.json.encode(tally).decode() if as_json else _sentence(tally))


@contextmanager
def _ward(settings: Settings, conninfo: str) -> "Iterator[Ward]":
    from app.keys import open_keys
    from eventstore.database import DatabaseRole, migrate
    from eventstore.ward import Ward

    migrate(conninfo)
    with closing(open_keys(settings)) as keys, closing(Ward(conninfo, keys, role=DatabaseRole.APP)) as ward:
        yield ward


def _holds_families(ward: "Ward") -> bool:
    """Whether anybody registered but the family of the first start."""
    from app.demo.family import DEMO_ACCOUNT

    anybody = "SELECT 1 FROM events.event WHERE topic = 'account.registered.v1' AND originator_id <> %b LIMIT 1"
    return ward.recorder.select_one(anybody, (DEMO_ACCOUNT,)) is not None


def _plan(ward: "Ward", families: int, seed: int, until: datetime | None) -> "Plan":
    """An empty log gets its past day by day; to another everything is added as of its own today."""
    from app.day_opener import now_in_ward
    from app.demo.history import Plan
    from app.terms import terms_in_force
    from schedule import ENGINE_VERSION
    from schedule.japan import load_edition

    empty, now = ward.head() == 0, now_in_ward().date()
    if until and (not empty or until.date() > now):
        raise typer.BadParameter("--until is for an empty log and a day that has come")
    today = (until.date() if until else now) if empty else ward.today()
    return Plan(families, seed, today, terms_in_force().terms, load_edition().content_hash, ENGINE_VERSION, opens_days=empty)


def _fill(ward: "Ward", plan: "Plan", family_begins: Callable[[], None]) -> "Tally":
    from psycopg.errors import UniqueViolation

    from app.demo.history import History
    from eventstore.erasure import destroy_left_over_keys
    from eventstore.errors import SubjectErased

    history = History(plan, family_begins)
    try:
        ward.keys.create_many(sorted(history.subjects()))
        ward.bulk_append(history.facts(), history.erased)
    except (UniqueViolation, SubjectErased):
        _fail("The log holds this ward already; another --seed gives another.", FILLED_BEFORE)
    destroy_left_over_keys(ward)
    return history.tally


def _sentence(tally: "Tally") -> str:
    return (
        f"{tally.families:,} families with {tally.accounts:,} accounts and {tally.children:,} children:"
        f" {tally.doses:,} doses, {tally.facts:,} facts. `hagukumi rebuild` makes the read models."
    )


def _fail(message: str, status: int) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(status)


@contextmanager
def _progress(families: int, *, quiet: bool) -> Iterator[Callable[[], None]]:
    columns = (SpinnerColumn(), TextColumn("Inventing families"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True, quiet=quiet)) as progress:
        task = progress.add_task("", total=families)
        yield lambda: progress.advance(task)
