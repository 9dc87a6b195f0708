"""How an impact report is told in a terminal."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.table import Table

from app.cli.edition_desk import told_families
from app.cli.narrow_tables import narrow
from projections.impact_report import Counts, ImpactReport, SeriesImpact
from schedule.japan import Edition

LEFT_OUT = "…"


def print_impact(found: ImpactReport, rules: Edition | None) -> None:
    """Whose dates would change: by series, cohort and effect, with examples."""
    console = Console(highlight=False)
    name = f"{rules.name} ({found.edition[:12]})" if rules else found.edition[:12]
    console.print(f"{name} instead of {found.instead_of[:12]}, as of {found.as_of}", soft_wrap=True)
    if found.unreadable:
        console.print(f"{found.unreadable:,} children could not be read and are not counted", soft_wrap=True)
    if not found.series:
        console.print(f"Nothing that families are shown of {found.children:,} children would read differently.", soft_wrap=True)
        return
    console.print(f"{found.children:,} children; {told_families(found.households)} would be shown something else.")
    console.print(f"Dates of doses would change for {told_families(found.to_tell)}: these are to be told.")
    console.print()
    console.print(_table(found))
    if None in _told(found):
        console.print(f"{LEFT_OUT} below ten, or left out lest a sum tell it", soft_wrap=True)
    console.print()
    for series in found.series:
        for line in _examples(series):
            console.print(line, soft_wrap=True)


def _table(found: ImpactReport) -> Table:
    names = [name.value.capitalize() for name in found.counts]
    table = narrow("Series, born in", *names, numbers=names)
    table.add_row("All", *_cells(found.counts), end_section=True)
    for series in found.series:
        table.add_row(series.series, *_cells(series.counts))
        for group in series.cohorts:
            years = f"{group.born_from}" if group.born_from == group.born_to else f"{group.born_from}-{group.born_to}"
            table.add_row(f"  {years}", *_cells(group.counts))
    return table


def _told(found: ImpactReport) -> Iterator[int | None]:
    yield from found.counts.values()
    for series in found.series:
        yield from series.counts.values()
        for group in series.cohorts:
            yield from group.counts.values()


def _cells(counts: Counts) -> Iterator[str]:
    return (LEFT_OUT if count is None else f"{count:,}" for count in counts.values())


def _examples(series: SeriesImpact) -> Iterator[str]:
    for sample in series.samples:
        told = "; ".join(f"{name} {_value(sample.before, name)} → {_value(sample.after, name)}" for name in sample.changed)
        yield f"{series.series} of {sample.child_id}: {told}"


def _value(told: dict[str, Any], name: str) -> str:
    value = told.get(name, "-")
    return ", ".join(value) if isinstance(value, tuple) else str(value)
