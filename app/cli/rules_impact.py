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
from rich.table import Table

from app.cli.edition_desk import BUSY, REFUSED, STOPPED, Approver, fail, read_folder, which
from app.cli.read_side import read_side

if TYPE_CHECKING:
    from eventstore.ward import Ward
    from projections.engine import Engine
    from projections.impact_report import Counts, ImpactReport, SeriesImpact


def impact(
    edition: Annotated[str | None, typer.Argument(help="Folder of an edition, or the hash of one that is kept.")] = None,
    *,
    approver: Approver = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes that try beside each other.")] = os.cpu_count() or 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, and no progress.")] = False,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page with charts that can be printed, too.")] = None,
) -> None:
    """Try an edition on every child, beside what families are shown now. Nothing is written; Ctrl-C stops it.

    Numbers below ten are merged or left out. Exit status: 0 done; 1 the edition has faults, or the approver drafted it;
    3 no such edition; 4 there is nothing to compare with, or a worker was killed; 130 stopped.
    """
    from concurrent.futures.process import BrokenProcessPool

    from app.reports.impact import page
    from projections.impact import NothingShown
    from projections.impact import impact as tried
    from projections.impact_report import report

    with read_side() as (source, ward), trial_progress("Trying the edition", quiet=as_json) as progress:
        try:
            open_engine = _engine(source.conninfo, edition)
            if approver is not None:
                _require_other(ward, open_engine().edition, approver)
            outcome = tried(source, open_engine, workers=workers, progress=progress)
            rules = open_engine().rules
        except NothingShown as nothing:
            fail(f"Nothing to compare with: {nothing}.", BUSY)
        except BrokenProcessPool:
            fail("A worker was killed. Nothing was written; run it again.", BUSY)
        except KeyboardInterrupt:
            fail("Stopped. Nothing was written.", STOPPED)
    found = report(outcome, approver=approver is not None)
    if html is not None:
        html.write_text(page(found, rules, approver=approver is not None), encoding="utf-8")
    if as_json:
        typer.echo(msgspec.json.encode(found))
    else:
        _print(found)


def _engine(conninfo: str, given: str | None) -> "Callable[[], Engine]":
    from projections.engine import engine_from_files, engine_of

    if given is None or Path(given).is_dir():
        _, files = read_folder(Path(given) if given else None)
        return partial(engine_from_files, files)
    return partial(engine_of, conninfo, which(conninfo, given))


def _require_other(ward: "Ward", content_hash: str, approver: UUID) -> None:
    from commands.edition_life import edition_known

    if edition_known(ward, content_hash).drafted_by == approver:
        fail("own_approval: whoever drafted an edition does not approve it.", REFUSED)


def _print(found: "ImpactReport") -> None:
    console = Console()
    console.print(f"Edition {found.edition[:12]} instead of {found.instead_of[:12]}, as of {found.as_of}", highlight=False)
    console.print(
        f"{found.children:,} children; {_number(found.households)} families would be shown other dates", highlight=False
    )
    if found.unreadable:
        console.print(f"{found.unreadable:,} children could not be read and are not counted", highlight=False)
    console.print(_table(found))
    for series in found.series:
        for line in _examples(series):
            console.print(line, highlight=False, soft_wrap=True)


def _table(found: "ImpactReport") -> Table:
    names = list(found.counts)
    table = Table("Series", "Born in fiscal years", *(name.value.capitalize() for name in names))
    table.add_row("All", "", *_cells(found.counts), end_section=True)
    for series in found.series:
        table.add_row(series.series, "", *_cells(series.counts))
        for group in series.cohorts:
            years = f"{group.born_from}" if group.born_from == group.born_to else f"{group.born_from}-{group.born_to}"
            table.add_row("", years, *_cells(group.counts))
    return table


def _cells(counts: "Counts") -> Iterator[str]:
    return (_number(count) for count in counts.values())


def _number(count: int | None) -> str:
    return "<10 or left out" if count is None else f"{count:,}"


def _examples(series: "SeriesImpact") -> Iterator[str]:
    for sample in series.samples:
        told = "; ".join(f"{name} {sample.before.get(name, '-')} → {sample.after.get(name, '-')}" for name in sample.changed)
        yield f"{series.series} of {sample.child_id}: {told}"


@contextmanager
def trial_progress(doing: str, *, quiet: bool) -> "Iterator[Callable[[int, int], None]]":
    """A bar that is told how many more facts were folded, and of how many."""
    with Progress(console=Console(stderr=True, quiet=quiet)) as progress:
        task = progress.add_task(doing, total=None)
        yield lambda events, total: progress.update(task, advance=events, total=total)
