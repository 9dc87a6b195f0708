"""`hagukumi rebuild`: make the read models anew from the log, beside those in use, and switch over."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, NoReturn

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from app.cli.read_side import read_side

if TYPE_CHECKING:
    from projections.rebuild import Outcome, Report, Stage

DIFFERS, POISON, BUSY, CUT_OFF = 1, 3, 4, 5
_SAYING = {
    "load": "Folding the log",
    "index": "Making indexes",
    "catch_up": "Catching up",
    "compare": "Comparing with the generation in use",
    "changes": "Finding whose dates change",
    "switch": "Switching over",
}


def rebuild(
    *,
    workers: Annotated[int, typer.Option(min=1, help="Processes that fold beside each other.")] = os.cpu_count() or 1,
    accept_differences: Annotated[bool, typer.Option(help="Switch over although tables differ that should be equal.")] = False,
    back: Annotated[bool, typer.Option("--back", help="Return to the generation before instead.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON, and no progress.")] = False,
) -> None:
    """Rebuild all read models; the service stays up. Cut off at any point, the next run goes on.

    Exit status: 0 done; 1 built, but it differs from what is in use and nothing was switched; 3 a stream cannot be folded;
    4 another rebuild runs, or there is no way back; 5 a worker was killed.
    """
    from app.shipped_edition import publish_shipped
    from projections.rebuild import Rebuild

    with read_side() as (source, ward), shown_progress(quiet=as_json) as report, told_failures():
        publish_shipped(ward, source.conninfo)
        work = Rebuild(source, ward, workers=workers, report=report)
        outcome = work.back() if back else work.run(accept_differences=accept_differences)
    typer.echo(msgspec.json.encode(outcome).decode() if as_json else _sentence(outcome))


@contextmanager
def told_failures() -> Iterator[None]:
    """Says in a sentence why nothing was switched, and ends with the status for it."""
    from concurrent.futures.process import BrokenProcessPool

    from aggregates.catalogue import UnknownTopic
    from eventstore.errors import DayNotOpened
    from projections.projector import PoisonStream
    from projections.rebuild import Differs, NoWayBack, RebuildRuns

    try:
        yield
    except Differs as differs:
        _fail(f"Not switched: {differs} differ. Look with `hagukumi replay --check`, or --accept-differences.", DIFFERS)
    except PoisonStream as poison:
        _fail(f"Not switched: {poison} cannot be folded.", POISON)
    except UnknownTopic as unknown:
        _fail(f"Not switched: a newer build wrote {unknown}.", POISON)
    except (RebuildRuns, NoWayBack, DayNotOpened) as busy:
        _fail(f"Nothing done: {busy}.", BUSY)
    except BrokenProcessPool:
        _fail("Not switched: a worker was killed. Run it again to go on.", CUT_OFF)


def _sentence(outcome: "Outcome") -> str:
    said = f"Generation {outcome.generation} is in use: {outcome.events:,} facts."
    if outcome.differing:
        return f"{said} It differs from generation {outcome.replaced} in {', '.join(outcome.differing)}."
    return f"{said} It equals generation {outcome.replaced} row by row." if outcome.compared else said


def _fail(message: str, status: int) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(status) from None


@contextmanager
def shown_progress(*, quiet: bool) -> Iterator["Report"]:
    """A bar that shows how far a rebuild has come."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True, quiet=quiet)) as progress:
        task = progress.add_task("", total=None)

        def report(stage: "Stage", done: int, total: int) -> None:
            progress.update(task, description=_SAYING[stage], completed=done, total=total or None)

        yield report
