"""`hagukumi notices`: the ward tells many families something by mail (お知らせの一斉配信)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID, uuid4

import msgspec
import typer

from aggregates.notice.life import CANCEL_WINDOW_MINUTES
from app.cli.edition_desk import REFUSED, UNKNOWN, Approver, Operator, fail, told, which
from app.cli.notice_file import drafted, read_notice
from app.cli.read_side import read_side

if TYPE_CHECKING:
    from psycopg import Connection

    from aggregates.notice.facts import NoticeDrafted
    from aggregates.notice.state import Notice
    from eventstore.ward import Ward

cli = typer.Typer(no_args_is_help=True, help="Tell many families something by mail (お知らせの一斉配信), approved by two people.")

FOLLOW_SECONDS = 2
WINDOW_MINUTES = (5, 24 * 60)
TEST_LETTERS_MOST = 10
NoticeId = Annotated[UUID, typer.Argument(metavar="NOTICE", help="The notice, by the id that `draft` has told.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="TOML file with both languages and the audience.")]


@cli.command()
def draft(
    file: _File,
    operator: Operator,
    notice: Annotated[UUID | None, typer.Option(metavar="NOTICE", help="The notice of which this is a new version.")] = None,
) -> None:
    """Keep a notice as a draft. Exit status: 0 done; 1 the file or a rule is against it; 3 no such edition."""
    from commands.draft_notice import draft_notice

    try:
        written = read_notice(file)
    except msgspec.DecodeError as error:
        fail(f"{file}: {error}", REFUSED)
    notice_id = notice or uuid4()
    with read_side() as (source, ward), told():
        edition = which(source.conninfo, written.audience.edition) if written.audience.edition else ""
        new = drafted(written, edition, operator)
        draft_notice(ward, notice_id, new, _series(source.conninfo))
    typer.echo(f"Notice {notice_id}, draft {_digest(new)}")


@cli.command()
def preview(
    notice: NoticeId,
    folder: Annotated[Path | None, typer.Option("--html", file_okay=False, help="Write the HTML parts into this folder.")] = None,
) -> None:
    """Print the letter in both languages as a family gets it."""
    from app.settings import load_settings
    from notifier.preview import notice_letters

    with _draft_of(notice) as (new, _):
        letters = notice_letters(new, notice, load_settings().base_url)
    for language, letter in letters.items():
        plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
        typer.echo(f"--- {language}\nSubject: {letter['Subject']}\n\n{plain.get_content() if plain else ''}")
        if folder is not None and html is not None:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{notice}.{language}.html").write_text(html.get_content(), encoding="utf-8")


@cli.command()
def audience(
    notice: NoticeId,
    approver: Approver = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Count whom a notice is meant for today, with some families by pseudonymous id. Numbers below ten are left out."""
    from app.cli.notice_tables import print_audience
    from notifier.assembly import current_schema
    from projections.audience import report

    with _draft_of(notice) as (new, ward):
        if approver == new.operator:
            fail("own_approval: Whoever drafted it does not approve it.", REFUSED)
        with _ledger() as connection:
            schema = current_schema(connection)
            if schema is None:
                fail("There are no read models yet: start the service, or run `hagukumi rebuild`.", UNKNOWN)
            found = report(connection, schema, new, ward.today(), approver=approver is not None)
    if as_json:
        typer.echo(msgspec.json.encode(found))
    else:
        print_audience(found)


@cli.command()
def test(
    notice: NoticeId,
    operator: Operator,
    to: Annotated[list[str], typer.Option(help="Address of a member of staff; may be given several times. It is not kept.")],
) -> None:
    """Send the letter as it stands, in both languages, to members of staff; one letter for each."""
    from aggregates.notice.wording import wording_digest
    from app.notice_trial import send_test
    from app.settings import load_settings
    from commands.note_test_letters import note_test_letters
    from notifier.transport import NotSent

    if len(to) > TEST_LETTERS_MOST:
        raise typer.BadParameter(f"No more than {TEST_LETTERS_MOST} addresses.")
    with _draft_of(notice) as (new, ward), told():
        try:
            letters = send_test(load_settings(), new, notice, to)
        except NotSent as trouble:
            fail(f"The relay has not taken a test letter over: {trouble.status or 'no answer'}", REFUSED)
        note_test_letters(ward, notice, wording=wording_digest(new), letters=letters, operator=operator)
    typer.echo(f"{letters} test letters have left.")


@cli.command()
def approve(
    notice: NoticeId,
    looked_at: Annotated[str, typer.Option("--draft", help="First digits of the draft that was looked at, as `show` tells it.")],
    operator: Operator,
) -> None:
    """Agree to a notice that somebody else has drafted. Look at `preview`, the test letter and `audience` first."""
    from commands.approve_notice import approve_notice

    with read_side() as (_, ward), told():
        changed = approve_notice(ward, notice, looked_at=looked_at, operator=operator)
    typer.echo("The notice is approved." if changed else "It was approved before; nothing changed.")


@cli.command()
def release(
    notice: NoticeId,
    operator: Operator,
    window: Annotated[
        int, typer.Option(min=WINDOW_MINUTES[0], max=WINDOW_MINUTES[1], help="Minutes in which it can be cancelled.")
    ] = CANCEL_WINDOW_MINUTES,
) -> None:
    """Let the letters of an approved notice be planned. None leaves before the time for cancelling is over."""
    from app.day_opener import now_in_ward
    from commands.release_notice import release_notice

    with read_side() as (_, ward), told():
        changed = release_notice(ward, notice, operator=operator, clock=now_in_ward().date(), window_minutes=window)
    said = f"The notice is released. For {window} minutes `hagukumi notices cancel` keeps every letter back."
    typer.echo(said if changed else "It was released before; nothing changed.")


@cli.command()
def cancel(notice: NoticeId, operator: Operator) -> None:
    """Take a notice back. Letters that are not on the wire yet do not leave; those that have left are counted by `status`."""
    from commands.cancel_notice import cancel_notice

    with read_side() as (_, ward), told():
        changed = cancel_notice(ward, notice, operator)
    typer.echo("The notice is cancelled." if changed else "It was cancelled before; nothing changed.")


@cli.command()
def status(
    notice: NoticeId,
    *,
    follow: Annotated[bool, typer.Option("--follow", help="Look again every two seconds until all letters have ended.")] = False,
    recipients: Annotated[bool, typer.Option("--recipients", help="List the result for each guardian, by id.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show how far the letters of a notice have come, and what became of each."""
    from app.cli.notice_tables import print_results, print_status, progress
    from notifier.campaign_ledger import ends, results

    with read_side() as (_, ward), _ledger() as connection:
        known = _known(ward, notice)
        with progress(quiet=as_json) as show:
            show(ends(connection, notice))
            while follow and known.finished is None and known.released is not None:
                sleep(FOLLOW_SECONDS)
                known = _known(ward, notice)
                show(ends(connection, notice))
        counts, listed = ends(connection, notice), results(connection, notice) if recipients else []
    if as_json:
        typer.echo(msgspec.json.encode({"standing": known.standing, "letters": counts, "recipients": listed}))
        return
    print_status(known, counts)
    print_results(listed)


@cli.command()
def show(
    notice: Annotated[UUID | None, typer.Argument(metavar="[NOTICE]", help="One notice; all of them where left out.")] = None,
) -> None:
    """Show a notice with its audience and where it stands, or list all."""
    from app.cli.notice_tables import print_list, print_notice
    from commands.notice_life import notices_known

    with read_side() as (_, ward):
        if notice is None:
            print_list(notices_known(ward))
        else:
            print_notice(_known(ward, notice))


def _known(ward: "Ward", notice_id: UUID) -> "Notice":
    from commands.notice_life import notice_known

    found = notice_known(ward, notice_id)
    if found.draft is None:
        fail(f"There is no notice {notice_id}.", UNKNOWN)
    return found


@contextmanager
def _draft_of(notice_id: UUID) -> "Iterator[tuple[NoticeDrafted, Ward]]":
    with read_side() as (_, ward):
        found = _known(ward, notice_id).draft
        assert found is not None  # noqa: S101 - `_known` has looked
        yield found, ward


@contextmanager
def _ledger() -> "Iterator[Connection[tuple[Any, ...]]]":
    """The ledger of mail and the read models, to be read with the rights of the application."""
    from app.database import database
    from app.settings import load_settings
    from eventstore.database import DatabaseRole, connect

    settings = load_settings()
    with database(settings) as owner, connect(settings.database_url_of("app") or owner, DatabaseRole.APP) as connection:
        yield connection


def _series(conninfo: str) -> frozenset[str]:
    """The codes of the edition that families are shown, or else of the one that ships."""
    from projections.engine import edition_in_force, edition_of
    from schedule.japan import load_edition

    shown = edition_in_force(conninfo)
    return frozenset((edition_of(conninfo, shown) if shown else load_edition()).series)


def _digest(new: "NoticeDrafted") -> str:
    from aggregates.notice.wording import draft_digest

    return draft_digest(new)[:12]
