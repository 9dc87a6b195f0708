"""`hagukumi articles`: the desk for articles on circulating viruses (記事)."""

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID, uuid4

import msgspec
import typer

from app.cli.edition_desk import REFUSED, UNKNOWN, Operator, fail, told
from app.cli.read_side import read_side

if TYPE_CHECKING:
    from datetime import date

    from aggregates.article.facts import ArticleDrafted
    from aggregates.article.state import Article
    from commands.draft_article import Wording

cli = typer.Typer(no_args_is_help=True, help="Draft articles, have a second person approve them, publish and withdraw them.")

ArticleId = Annotated[UUID, typer.Argument(help="Id of the article, as `draft` and `list` say it.")]


@cli.command()
def draft(
    file: Annotated[Path, typer.Argument(help="TOML file with title, body and source in both languages, as_of and expires_on.")],
    operator: Operator,
    *,
    article: Annotated[UUID | None, typer.Option(help="Word this article anew; it has to be approved again.")] = None,
) -> None:
    """Lay an article before the ward. Nobody can read it yet. Prints its id."""
    from commands.draft_article import draft_article

    wording = _wording(file)
    with read_side() as (_, ward), told():
        article_id = article or uuid4()
        draft_article(ward, article_id, wording, operator)
    typer.echo(article_id)


@cli.command()
def preview(article: ArticleId) -> None:
    """Print an article in both languages as families would read it, and where it stands."""
    from commands.article_life import article_known

    with read_side() as (_, ward):
        known, today = article_known(ward, article), ward.today()
    if known.draft is None:
        fail("There is no such article.", UNKNOWN)
    for line in _preview(known, known.draft, today):
        typer.echo(line)


@cli.command()
def approve(article: ArticleId, operator: Operator) -> None:
    """Agree to an article that somebody else has drafted. Look at `hagukumi articles preview` first."""
    from commands.approve_article import approve_article

    with read_side() as (_, ward), told():
        changed = approve_article(ward, article, operator)
    typer.echo("It is approved." if changed else "It was approved before; nothing changed.")


@cli.command()
def publish(article: ArticleId, operator: Operator) -> None:
    """Let everybody read an approved article, until its last day."""
    from commands.publish_article import publish_article

    with read_side() as (_, ward), told():
        changed = publish_article(ward, article, operator)
    typer.echo("It is published." if changed else "It was published before; nothing changed.")


@cli.command()
def withdraw(article: ArticleId, operator: Operator) -> None:
    """Take an article back for good, published or not."""
    from commands.withdraw_article import withdraw_article

    with read_side() as (_, ward), told():
        changed = withdraw_article(ward, article, operator)
    typer.echo("It is withdrawn." if changed else "It was withdrawn before; nothing changed.")


@cli.command("list")
def list_articles(*, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List all articles that were ever drafted, and where each stands today."""
    from rich.console import Console
    from rich.table import Table

    from commands.article_life import articles_known

    with read_side() as (_, ward):
        known, today = articles_known(ward), ward.today()
    lines = [
        (str(article_id), one.standing(today).value, str(one.draft.as_of), str(one.draft.expires_on), one.draft.title_ja)
        for article_id, one in known.items()
        if one.draft is not None
    ]
    columns = ("article", "standing", "as_of", "expires_on", "title_ja")
    if as_json:
        typer.echo(msgspec.json.encode([dict(zip(columns, line, strict=True)) for line in lines]))
        return
    table = Table("Article", "Standing", "As of", "Expires on", "Title")
    for line in lines:
        table.add_row(*line)
    Console().print(table)


def _wording(file: Path) -> "Wording":
    from pydantic import ValidationError

    from commands.draft_article import Wording

    try:
        return Wording.model_validate(tomllib.loads(file.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        fail(f"{file} cannot be read: {error}", REFUSED)
    except ValidationError as faults:
        for fault in faults.errors():
            typer.echo(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}", err=True)
        raise typer.Exit(REFUSED) from None


def _preview(article: "Article", draft: "ArticleDrafted", today: "date") -> list[str]:
    return [
        f"{article.standing(today).value}; of {draft.as_of}, to be read until {draft.expires_on}",
        *("", f"# {draft.title_ja}", "", draft.body_ja, "", f"出典：{draft.source_ja} {draft.source_url}"),
        *("", f"# {draft.title_en}", "", draft.body_en, "", f"Source: {draft.source_en} {draft.source_url}"),
    ]
