"""`hagukumi rules impact`: what an edition would change for the children of the ward, before anybody is shown it."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import msgspec
import typer
from rich.console import Console
from rich.progress import Progress

from app.cli.edition_desk import BUSY, REFUSED, STOPPED, UNKNOWN, Approver, fail, is_hash, read_folder, which
from app.cli.read_side import read_side

if TYPE_CHECKING:
    from eventstore.ward import Ward
    from projections.engine import Engine


def impact(
    edition: Annotated[str | None, typer.Argument(help="Folder of an edition, or the hash of one that is kept.")] = None,
    *,
    approver: Approver = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes that try beside each other.")] = os.cpu_count() or 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, and no progress.")] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", dir_okay=False, help="Write a page with charts that can be printed, too.")
    ] = None,
) -> None:
    """Try an edition on every child, beside what families are shown now. Nothing is written; Ctrl-C stops it.

    Numbers below ten are merged or left out. Exit status: 0 done; 1 the edition has faults, or the approver drafted it;
    3 no such edition; 4 there is nothing to compare with, or a worker was killed; 130 stopped.
    """
    from app.cli.impact_tables import print_impact
    from app.reports.impact import page
    from projections.impact import impact as tried
    from projections.impact_report import report

    if html is not None and not os.access(html.parent, os.W_OK):
        raise typer.BadParameter(f"{html} cannot be written.")
    with _told_ends(), read_side() as (source, ward):
        open_engine = _engine(source.conninfo, edition)
        rules = open_engine().rules
        if approver is not None:
            _require_other(ward, open_engine().edition, approver)
        with trial_progress("Trying the edition", quiet=as_json) as progress:
            outcome = tried(source, open_engine, workers=workers, progress=progress)
    found = report(outcome, approver=approver is not None)
    if html is not None:
        html.write_text(page(found, rules, approver=approver is not None), encoding="utf-8")
    if as_json:
        typer.echo(msgspec.json.encode(found))
    else:
        print_impact(found, rules)


@contextmanager
def _told_ends() -> Iterator[None]:
    """Says in a sentence, below the bar, why nothing was counted."""
    from concurrent.futures.process import BrokenProcessPool

    from projections.impact import NothingShown

    try:
        yield
    except NothingShown as nothing:
        fail(f"Nothing to compare with: {nothing}.", BUSY)
    except BrokenProcessPool:
        fail("A worker was killed. Nothing was written; run it again.", BUSY)
    except KeyboardInterrupt:
        fail("Stopped. Nothing was written.", STOPPED)


def _engine(conninfo: str, given: str | None) -> "Callable[[], Engine]":
    from projections.engine import engine_from_files, engine_of

    if given is None or Path(given).is_dir():
        _, files = read_folder(Path(given) if given else None)
        return partial(engine_from_files, files)
    if not is_hash(given):
        fail(f"There is no folder {given}, and no edition has such a hash.", UNKNOWN)
    return partial(engine_of, conninfo, which(conninfo, given))


def _require_other(ward: "Ward", content_hash: str, approver: UUID) -> None:
    from commands.edition_life import edition_known

    if edition_known(ward, content_hash).drafted_by == approver:
        fail("own_approval: Whoever drafted it does not approve it.", REFUSED)


@contextmanager
def trial_progress(doing: str, *, quiet: bool) -> "Iterator[Callable[[int, int], None]]":
    """A bar that is told how many more facts were folded, and of how many."""
    with Progress(console=Console(stderr=True, quiet=quiet)) as progress:
        task = progress.add_task(doing, total=None)
        yield lambda events, total: progress.update(task, advance=events, total=total)
