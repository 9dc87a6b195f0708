"""`hagukumi inquiries`: the desk for inquiries on using the service (お問い合わせ). Whoever reads one is written down first."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID, uuid5

import msgspec
import typer

from app.cli.edition_desk import REFUSED, Operator, fail, told
from app.cli.read_side import read_side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aggregates.child.state import Child
    from aggregates.inquiry.state import Inquiry

cli = typer.Typer(no_args_is_help=True, help="See which inquiries wait, read and answer them. Each view is told to the family.")

InquiryId = Annotated[UUID, typer.Argument(help="Id of the inquiry, as `list` says it.")]


@cli.command("list")
def list_inquiries(
    *,
    everything: Annotated[bool, typer.Option("--all", help="Answered and closed ones too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the inquiries that wait for an answer, the oldest first. Ids and times only: nothing that was said."""
    from rich.console import Console
    from rich.table import Table

    from aggregates.inquiry.state import Standing
    from commands.inquiries import inquiries_known

    with read_side() as (_, ward):
        known = [one for one in inquiries_known(ward) if everything or one.standing is Standing.OPEN]
    if as_json:
        typer.echo(msgspec.json.encode(known))
        return
    table = Table("Inquiry", "Standing", "Since")
    for one in known:
        table.add_row(str(one.inquiry_id), one.standing.value, f"{one.since:%Y-%m-%d %H:%M}")
    Console().print(table)


@cli.command()
def show(inquiry: InquiryId, operator: Operator) -> None:
    """Read an inquiry, with the child's record where one is attached. The log keeps who looked, and the family can see it."""
    from commands.show_inquiry import show_inquiry

    with read_side() as (_, ward), told():
        opened = show_inquiry(ward, inquiry, operator)
    for line in (*_thread(opened.inquiry), *_record(opened.child)):
        typer.echo(line)


@cli.command()
def answer(
    inquiry: InquiryId,
    operator: Operator,
    file: Annotated[Path | None, typer.Option(help="File that holds the answer; standard input where left out.")] = None,
) -> None:
    """Answer an inquiry. The same text again is not sent twice."""
    from pydantic import TypeAdapter, ValidationError

    from commands.answer_inquiry import answer_inquiry
    from commands.inquiries import MessageText

    try:
        text = TypeAdapter(MessageText).validate_python(file.read_text("utf-8") if file else sys.stdin.read())
    except (OSError, UnicodeDecodeError) as error:
        fail(f"The answer cannot be read: {type(error).__name__}", REFUSED)
    except ValidationError as faults:
        fail(f"The answer cannot be sent: {faults.errors()[0]['msg']}", REFUSED)
    with read_side() as (_, ward), told():
        changed = answer_inquiry(ward, inquiry, text, operator, uuid5(inquiry, text))
    typer.echo("It is answered." if changed else "It was answered so before; nothing changed.")


@cli.command()
def close(inquiry: InquiryId, operator: Operator) -> None:
    """Close an inquiry; the family can still read it, and write a new one."""
    from commands.answer_inquiry import end_inquiry

    with read_side() as (_, ward), told():
        changed = end_inquiry(ward, inquiry, operator)
    typer.echo("It is closed." if changed else "It was closed before; nothing changed.")


def _thread(inquiry: "Inquiry") -> "Iterator[str]":
    yield f"{inquiry.standing.value}, {len(inquiry.messages)} messages"
    for message in inquiry.messages:
        yield f"\n--- {message.on}, {'the ward' if message.by_ward else 'the guardian'}\n{message.text}"


def _record(child: "Child | None") -> "Iterator[str]":
    if child is None:
        return
    yield f"\n--- attached: {child.handle}, born {child.born_on}, {child.sex or 'sex unknown'}"
    for dose in child.doses.values():
        yield f"{dose.given_on or 'day unknown'} {dose.vaccine} ({dose.setting.value})"
