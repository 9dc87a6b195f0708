"""`hagukumi rules draft | approve | publish | withdraw | list`: the life of an edition, step by step."""

import os
from functools import partial
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from app.cli.edition_desk import Hash, Operator, read_folder, told, told_families, which
from app.cli.narrow_tables import narrow
from app.cli.read_side import read_side
from app.cli.rebuild import shown_progress, told_failures

_Folder = Annotated[Path | None, typer.Argument(help="Folder of an edition; the one that ships with this build where left out.")]


def draft(operator: Operator, folder: _Folder = None) -> None:
    """Keep an edition for good, as a draft that the engine finds sound. Again after an upgrade: the new engine looks too."""
    from commands.draft_edition import draft_edition

    edition, files = read_folder(folder)
    with read_side() as (_, ward), told():
        content_hash = draft_edition(ward, files, operator)
    typer.echo(f"{edition.name} is drafted and validated. SHA-256 {content_hash}")


def approve(edition: Hash, operator: Operator) -> None:
    """Agree to an edition that somebody else has drafted. Look at `hagukumi rules impact` first."""
    from commands.approve_edition import approve_edition

    with read_side() as (source, ward), told():
        content_hash = which(source.conninfo, edition)
        changed = approve_edition(ward, content_hash, operator)
    typer.echo(f"{content_hash[:12]} is approved." if changed else "It was approved before; nothing changed.")


def withdraw(edition: Hash, operator: Operator) -> None:
    """Take an edition back for good; the one in force cannot be taken back."""
    from commands.withdraw_edition import withdraw_edition

    with read_side() as (source, ward), told():
        content_hash = which(source.conninfo, edition)
        changed = withdraw_edition(ward, content_hash, operator)
    typer.echo(f"{content_hash[:12]} is withdrawn." if changed else "It was withdrawn before; nothing changed.")


def publish(
    edition: Hash,
    operator: Operator,
    *,
    workers: Annotated[int, typer.Option(min=1, help="Processes that fold beside each other.")] = os.cpu_count() or 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON, and no progress.")] = False,
) -> None:
    """Recompute every schedule with an approved edition beside those in use, and show it to all families at once.

    Cut off at any point, the next run goes on; until its end families are shown the old edition and nothing else.
    Exit status as of `hagukumi rebuild`; 1 also where a rule refuses.
    """
    from commands.publish_edition import publication
    from projections.engine import engine_of
    from projections.rebuild import Rebuild

    with read_side() as (source, ward), told(), told_failures():
        content_hash = which(source.conninfo, edition)
        publishing = publication(ward, content_hash, operator)
        if not publishing:
            typer.echo("null" if as_json else "It is in force; nothing changed.")
            return
        new = msgspec.structs.replace(source, open_engine=partial(engine_of, source.conninfo, content_hash))
        with shown_progress(quiet=as_json) as report:
            work = Rebuild(new, ward, workers=workers, report=report, publishing=publishing, shown=source.open_engine)
            outcome = work.run()
        families = _to_tell(source.conninfo, content_hash)
    if as_json:
        typer.echo(msgspec.json.encode(outcome))
        return
    typer.echo(f"{content_hash[:12]} is in force: generation {outcome.generation}, {outcome.events:,} facts.")
    typer.echo(f"Dates of doses changed for {told_families(families)}. A notice tells them: hagukumi notices draft FILE, with")
    typer.echo(f'[audience] edition = "{content_hash[:12]}".')


def _to_tell(conninfo: str, content_hash: str) -> int | None:
    """How many families a notice of the edition is for; not told where they are few."""
    from eventstore.database import DatabaseRole, connect
    from projections.impact_report import hidden

    with connect(conninfo, DatabaseRole.PROJECTOR) as connection:
        query = "SELECT count(DISTINCT household_id) FROM projection.edition_change WHERE edition = %s AND effect <> 'changed'"
        ((families,),) = connection.execute(query, (content_hash,)).fetchall()
    return hidden([families])[0]


def editions(*, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List all editions that were ever drafted or published, and where each stands."""
    from rich.console import Console

    from commands.edition_life import editions_known, in_force

    with read_side() as (_, ward):
        known, shown = editions_known(ward), in_force(ward)
    if as_json:
        typer.echo(msgspec.json.encode([{**msgspec.structs.asdict(e), "in_force": e.content_hash == shown} for e in known]))
        return
    whole = ("SHA-256", "Standing", "Drafted by, approved by")
    table = narrow("Edition", *whole, whole=whole)
    for one in known:
        name = f"{one.name}\nengine {one.validated_with}" if one.validated_with else one.name
        who = f"{one.drafted_by or 'with the build'}\n{one.approved_by or '-'}"
        table.add_row(name, one.content_hash[:12], one.standing(shown).replace("_", " "), who)
    Console().print(table)
