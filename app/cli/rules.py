"""`hagukumi rules`: check, show and print the rules of an edition."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from app.cli.edition_desk import read_folder
from app.cli.rules_exposure import exposure
from app.cli.rules_impact import impact
from app.cli.rules_life import approve, draft, editions, publish, withdraw

cli = typer.Typer(help="Check, show and print the rules of an edition (版), and bring it into force.", no_args_is_help=True)
for _command in (draft, impact, approve, publish, withdraw, exposure):
    cli.command()(_command)
cli.command("list")(editions)
_Folder = Annotated[Path | None, typer.Argument(help="Folder of an edition; the ward's own where left out.")]


@cli.command()
def validate(folder: _Folder = None) -> None:
    """Check an edition; every fault is told with file, line and a sentence."""
    edition, _ = read_folder(folder)
    typer.echo(
        f"{edition.name}: {len(edition.series)} series, {len(edition.products)} products, no fault. "
        f"SHA-256 {edition.content_hash}"
    )


@cli.command()
def show(
    series: Annotated[str, typer.Argument(help="Code of a series, such as HIB.")],
    on: Annotated[
        str | None, typer.Option(help="The day whose law is shown, as YYYY-MM-DD; today's newest where left out.")
    ] = None,
    folder: Annotated[Path | None, typer.Option(help="Folder of an edition.")] = None,
) -> None:
    """Print the rule of one series in force on a day."""
    from rich.console import Console

    from app.cli.rule_tables import tables

    edition, _ = read_folder(folder)
    if series not in edition.series:
        raise typer.BadParameter(f"There is no series {series}; there are {', '.join(edition.series)}.")
    console = Console()
    for table in tables(edition, series, _day(on)):
        console.print(table)


def _day(text: str | None) -> date:
    try:
        return date.max if text is None else date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is no day such as 2024-05-01.") from None


@cli.command()
def book(folder: _Folder = None) -> None:
    """Print every rule with its citation as Markdown, as in docs/rules.md."""
    from schedule.japan.book import rule_book

    typer.echo(rule_book(read_folder(folder)[0]), nl=False)


@cli.command()
def schema() -> None:
    """Print the JSON Schema that gives editors completion, as in schedule/japan/edition.schema.json."""
    from schedule.japan.source import schema as edition_schema

    typer.echo(json.dumps(edition_schema(), ensure_ascii=False, indent=2, sort_keys=True))
