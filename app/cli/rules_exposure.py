"""`hagukumi rules exposure`: who would have been shown, or was mailed, a date that a later edition makes wrong."""

import os
from collections import defaultdict
from datetime import date, timedelta
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import msgspec
import typer
from msgspec import Struct
from rich.console import Console

from app.cli.edition_desk import BUSY, STOPPED, fail, which
from app.cli.narrow_tables import narrow
from app.cli.read_side import read_side
from app.cli.rules_impact import trial_progress

if TYPE_CHECKING:
    from projections.exposure import Exposed

Mailed = dict[tuple[UUID, str], list[date]]
"""The days on which a mail about a series of a child was accepted by the relay."""


class Told(Struct, frozen=True):
    """One series of one child: the days on which it read wrong, and those of mails that rested on that."""

    child_id: UUID
    series: str
    since: date
    until: date
    mailed: list[date]


def exposure(
    edition: Annotated[str, typer.Option(help="Hash of the edition that families were shown.")],
    until: Annotated[str, typer.Option(help="Hash of the edition that puts it right.")],
    *,
    workers: Annotated[int, typer.Option(min=1, help="Processes that look beside each other.")] = os.cpu_count() or 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, and no progress.")] = False,
) -> None:
    """List by pseudonymous id who would have been shown a wrong date, and since when. What parents read is not logged.

    One family at a time is named by `hagukumi replay --child ID --reveal PURPOSE`, which the log keeps.
    Exit status: 0 done, whether anybody was exposed or not; 3 no such edition; 4 families were never
    shown it, or a worker was killed; 130 stopped.
    """
    from concurrent.futures.process import BrokenProcessPool

    from projections.engine import engine_of
    from projections.exposure import NeverShown
    from projections.exposure import exposure as searched

    try:
        with read_side() as (source, _):
            wrong, right = (partial(engine_of, source.conninfo, which(source.conninfo, given)) for given in (edition, until))
            with trial_progress("Searching the log", quiet=as_json) as progress:
                found, unreadable = searched(source, wrong, right, workers=workers, progress=progress)
            told = _with_mails(found, _mails())
    except NeverShown as never:
        fail(f"Nobody is exposed: {never}.", BUSY)
    except BrokenProcessPool:
        fail("A worker was killed. Nothing was written; run it again.", BUSY)
    except KeyboardInterrupt:
        fail("Stopped. Nothing was written.", STOPPED)
    if as_json:
        typer.echo(msgspec.json.encode({"exposed": told, "unreadable": unreadable}))
    else:
        _print(told, unreadable)


def _with_mails(found: "list[Exposed]", mails: Mailed) -> list[Told]:
    return [
        Told(one.child_id, one.series, one.since, one.until, _within(mails[one.child_id, one.series], one.since, one.until))
        for one in found
    ]


def _within(days: list[date], since: date, until: date) -> list[date]:
    return [day for day in days if since <= day <= until + timedelta(1)]  # a letter of the last day may leave after midnight


def _mails() -> Mailed:
    """From the ledger of mail, which the application may read."""
    from app.database import database
    from app.settings import load_settings
    from eventstore.database import DatabaseRole, connect

    mails: Mailed = defaultdict(list)
    settings = load_settings()
    query = """
        SELECT o.child_id, o.series, (m.settled_at AT TIME ZONE 'Asia/Tokyo')::date
        FROM mail.occasion o JOIN mail.message m USING (message_id) WHERE m.state = 'accepted' ORDER BY 3"""
    with database(settings) as owner, connect(settings.database_url_of("app") or owner, DatabaseRole.APP) as connection:
        for child_id, series, day in connection.execute(query):
            mails[child_id, series].append(day)
    return mails


_COLUMNS = ("Child", "Series", "Since, until", "Mailed on")


def _print(told: list[Told], unreadable: int) -> None:
    console = Console(highlight=False)
    if told:
        table = narrow(*_COLUMNS, whole=_COLUMNS, gap=1)
        for child_id, series in groupby(told, key=lambda one: one.child_id):
            for place, one in enumerate(series):
                table.add_row(str(child_id) if place == 0 else "", one.series, _days(one), "\n".join(map(str, one.mailed)))
        console.print(table)
        console.print()
    children, mailed = len({one.child_id for one in told}), len({one.child_id for one in told if one.mailed})
    console.print(f"{children:,} children would have been shown it, {mailed:,} of them were mailed on it.", soft_wrap=True)
    if unreadable:
        console.print(f"{unreadable:,} children could not be looked at: erased, or not to be folded.", soft_wrap=True)


def _days(one: Told) -> str:
    return f"{one.since}" if one.since == one.until else f"{one.since},\n{one.until}"
