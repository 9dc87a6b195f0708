"""How notices are told in a terminal."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from uuid import UUID

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from aggregates.notice.audience import is_for_everybody
from aggregates.notice.facts import NoticeDrafted
from aggregates.notice.state import Notice
from aggregates.notice.wording import draft_digest
from notifier.campaign_ledger import Ends, Result
from projections.audience import AudienceReport

CRITERIA = ("age_months_from", "age_months_to", "postal_prefixes", "series", "due", "languages", "edition")


def print_audience(found: AudienceReport) -> None:
    """Numbers, and some families by id."""
    console = Console()
    console.print(f"{_number(found.families)} families, {_number(found.guardians)} guardians", highlight=False)
    table = Table("What", "Guardians")
    for language, count in found.letters.items():
        table.add_row(f"letter in {language}", _number(count))
    for reason, count in found.withheld.items():
        table.add_row(f"no letter: {reason}", _number(count))
    console.print(table)
    for household_id in found.sample:
        console.print(f"for example family {household_id}", highlight=False)


def print_status(notice: Notice, counts: Ends) -> None:
    """Where a notice stands, in numbers."""
    table = Table("Standing", "Open", "Accepted", "Suppressed", "Failed", "Unknown")
    table.add_row(notice.standing.value, *(f"{count:,}" for count in msgspec.structs.astuple(counts)))
    Console().print(table)


def print_results(results: Sequence[Result]) -> None:
    """What became of the letter to each guardian."""
    if not results:
        return
    table = Table("Guardian", "Result", "Why")
    for one in results:
        outcome = ("bounced", one.bounced) if one.bounced else (one.state or "planned", one.status)
        table.add_row(str(one.account_id), *(("withheld", one.withheld) if one.withheld else outcome))
    Console().print(table)


def print_list(notices: Mapping[UUID, Notice]) -> None:
    """All notices, one a line."""
    table = Table("Notice", "Subject", "Draft", "Standing")
    for notice_id, notice in notices.items():
        if notice.draft is not None:
            table.add_row(str(notice_id), notice.draft.subject_ja, draft_digest(notice.draft)[:12], notice.standing.value)
    Console().print(table)


def print_notice(notice: Notice) -> None:
    """One notice in full."""
    draft, console = notice.draft, Console()
    if draft is None:
        return
    table = Table("Field", "Value", show_lines=True)
    for name, value in _rows(notice, draft):
        table.add_row(name, value)
    console.print(table)


def _rows(notice: Notice, draft: NoticeDrafted) -> Iterator[tuple[str, str]]:
    yield "standing", notice.standing.value
    yield "draft", draft_digest(draft)[:12]
    yield "drafted by", str(draft.operator)
    yield "approved by", str(notice.approved_by or "")
    yield "audience", "everybody" if is_for_everybody(draft) else "\n".join(_criteria(draft))
    for name in ("subject_ja", "body_ja", "subject_en", "body_en"):
        yield name, getattr(draft, name)


def _criteria(draft: NoticeDrafted) -> Iterator[str]:
    for name in CRITERIA:
        value = getattr(draft, name)
        if value not in (None, (), ""):
            yield f"{name}: {', '.join(map(str, value)) if isinstance(value, tuple) else value}"


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[Ends], None]]:
    """A bar of the letters that have ended."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True, quiet=quiet)) as bar:
        task = bar.add_task("Letters", total=None)

        def show(counts: Ends) -> None:
            total = sum(msgspec.structs.astuple(counts))
            bar.update(task, total=total, completed=total - counts.open)

        yield show


def _number(count: int | None) -> str:
    return "fewer than 10, or left out" if count is None else f"{count:,}"
