"""`hagukumi replay`: what was known of a child on a day and who did what, or the whole log against all read models."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import msgspec
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from app.cli.edition_desk import fail, which
from app.cli.narrow_tables import narrow
from app.cli.operators import own
from app.cli.read_side import read_side
from app.day_opener import JST

if TYPE_CHECKING:
    from eventstore.ward import Ward
    from projections.check import Finding
    from projections.engine import Engine
    from projections.replay_answer import ThenAnswer
    from projections.workers import Source

DIFFERS, UNKNOWN = 1, 3
Row = tuple[object, ...]


def replay(
    *,
    child: Annotated[UUID | None, typer.Option(help="The child whose record is replayed.")] = None,
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The end of this day; default: now.")] = None,
    edition: Annotated[
        str | None, typer.Option(help="What this edition makes of it, by its hash; default: the one that families were shown.")
    ] = None,
    reveal: Annotated[str | None, typer.Option(help="Show handle and birthday, for this purpose; the log keeps that.")] = None,
    operator: Annotated[
        UUID | None,
        typer.Option("--as", envvar="HAGUKUMI_OPERATOR", callback=own, help="Who looks: the operator's id on the ward's roster."),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Fold the whole log and compare it with every read model.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, and no progress.")] = False,
) -> None:
    """Replay the log. Nothing that names a person is shown, unless --reveal says what for.

    With --as-of alone: the schedule as families were shown it on that day. With --edition: what that edition makes of what is
    known now, or was known on that day. Answers that were mailed, or shown under a name, are reckoned again: where the engine
    has been repaired since and answers otherwise, it is told with the digest that was kept and the one that comes out now.

    Exit status: 0 equal, or the child was replayed; 1 rows differ; 3 the child was not known, the day has not come, or
    nothing can be compared.
    """
    if check == (child is not None):
        raise typer.BadParameter("Say either --check or --child.")
    if reveal is not None and (operator is None or not reveal.strip()):
        raise typer.BadParameter("--reveal needs a purpose, and --as who looks: the log keeps both.")
    with read_side() as (source, ward):
        if child is None:
            _tell_finding(_check(source, quiet=as_json), as_json=as_json)
        else:
            today = ward.today()
            day = as_of.date() if as_of else today
            if day > today:
                fail(f"{day} has not come yet; today is {today}.", UNKNOWN)
            if reveal is not None:
                _write_down(ward, child, reveal, operator)
            told = _replay(source, ward, _engine(source, ward, day, edition), child, day, reveal)
            _tell_child(told, as_json=as_json)


def _write_down(ward: "Ward", child: UUID, purpose: str, operator: UUID | None) -> None:
    """The family sees under «my data» who looked and what for."""
    from aggregates.fact import Actor, Role
    from commands.reveal_subject import reveal

    reveal(ward, [child], purpose, Actor(operator, Role.OPERATOR))


def _check(source: "Source", *, quiet: bool) -> "Finding":
    from projections.check import CannotCompare, check

    with Progress(console=Console(stderr=True, quiet=quiet)) as progress:
        task = progress.add_task("Folding the log", total=None)
        try:
            return check(source, lambda events, total: progress.update(task, advance=events, total=total))
        except CannotCompare as cannot:
            typer.echo(f"Not compared: {cannot}.", err=True)
            raise typer.Exit(UNKNOWN) from None


def _tell_finding(finding: "Finding", *, as_json: bool) -> None:
    if as_json:
        typer.echo(msgspec.json.encode(finding))
    else:
        for difference in finding.listed:
            typer.echo(f"{difference.table} of {difference.stream}: {difference.problem}")
        said = f"Generation {finding.generation}: {finding.events:,} facts make {finding.rows:,} rows"
        typer.echo(f"{said}; {finding.differences:,} differ." if finding.differences else f"{said}, all equal.")
    if finding.differences:
        raise typer.Exit(DIFFERS)


def _engine(source: "Source", ward: "Ward", day: date, edition: str | None) -> "Engine":
    from projections.engine import engine_of, is_kept
    from projections.replay import end_of, shown_at

    if edition is not None:
        return engine_of(source.conninfo, which(source.conninfo, edition))
    shown = shown_at(ward, end_of(ward, day))
    if shown is not None and is_kept(source.conninfo, shown[0]):
        return engine_of(source.conninfo, shown[0])
    return source.open_engine()


def _replay(source: "Source", ward: "Ward", engine: "Engine", child: UUID, day: date, purpose: str | None) -> "ThenAnswer":
    from projections.engine import engine_of
    from projections.replay import as_of, note_shown
    from projections.replay_answer import answer
    from projections.told import recheck

    then = as_of(ward, engine, child, day)
    if not then.trail:
        typer.echo(f"The child was not known at the end of {then.day}.", err=True)
        raise typer.Exit(UNKNOWN)
    told = recheck(ward, partial(engine_of, source.conninfo), child, then.position)
    if purpose is not None:
        note_shown(ward, engine, then)
    return answer(then, told, reveal=purpose is not None)


def _tell_child(then: "ThenAnswer", *, as_json: bool) -> None:
    if as_json:
        typer.echo(msgspec.json.encode(then))
        return
    console = Console()
    console.print(f"Child {then.child_id} at the end of {then.as_of}", highlight=False, soft_wrap=True)
    console.print(
        f"{then.handle or 'handle hidden'}, born {then.born_on or 'hidden'}, {then.standing}; position {then.position}",
        highlight=False,
        soft_wrap=True,
    )
    for title, columns, rows in _tables(then):
        console.print()
        console.print(_table(title, rows, columns))
    console.print()
    console.print(then.rules, highlight=False, soft_wrap=True)


def _tables(then: "ThenAnswer") -> Iterator[tuple[str, tuple[str, ...], list[Row]]]:
    yield "Doses", _DOSE, [(d.given_on, d.vaccine, d.setting, d.validity, d.programme) for d in then.doses]
    yield (
        "Schedule",
        _SERIES,
        [(f.series, f.status, f.due_status, f.earliest, f.recommended, f.latest) for f in then.schedule],
    )
    yield (
        "Who did what (Japan time; ids by their first digits, whole in --json)",
        _TRAIL,
        [(_moment(e.recorded_at), e.topic, e.role, _short(e.actor), _short(e.command_id)) for e in then.trail],
    )
    if then.told:
        digests: list[Row] = [(t.on, t.medium, t.engine, t.digest[:12], (t.digest_now or "")[:12], t.verdict) for t in then.told]
        yield "Answers told", _TOLD, digests


def _moment(at: datetime) -> str:
    return f"{at.astimezone(JST):%Y-%m-%d %H:%M:%S}"


def _short(some_id: UUID | None) -> str:
    return str(some_id or "")[:8]


_DOSE = ("Given on", "Vaccine", "Setting", "Validity", "Programme")
_SERIES = ("Series", "Status", "Due", "Earliest", "Recommended", "Latest")
_TOLD = ("On", "By", "Engine", "Digest kept", "Digest now", "Verdict")
_TRAIL = ("Recorded at", "Fact", "Role", "Actor", "Command")


def _table(title: str, rows: list[Row], columns: tuple[str, ...]) -> Table:
    table = narrow(*columns, gap=1, title=title)
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row))
    return table
