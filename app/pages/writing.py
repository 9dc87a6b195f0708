"""From a form to a command, and from a refusal back to the form, in the reader's language."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from markupsafe import Markup
from pydantic import ValidationError

from aggregates.fact import Actor, Role
from aggregates.refusal import NotFound, Refusal
from app.pages.desk import Desk
from app.pages.forms import Form
from app.pages.phrase import phrase
from app.problems import texts
from commands.command import Command
from commands.receipt import Receipt
from commands.refusals import CommandReused

At = Mapping[str, str]
"""Which field a refusal code or a command's field belongs to."""


def write(
    desk: Desk,
    form: Form,
    kind: type[Command],
    fields: Mapping[str, object] | None = None,
    *,
    at: At | None = None,
    says: Mapping[str, str] | None = None,
    command_id: UUID | None = None,
) -> Receipt | None:
    """Carry out the command of a form and wait until pages show it.

    Args:
        desk: The request.
        form: Carries the command id, and receives what is to be mended.
        kind: The command.
        fields: The fields of the command.
        at: Where on the form a refusal or a wrong field is shown; without it, it is shown in the summary only.
        says: Other words (keys of the catalogue) for a refusal code than it has elsewhere.
        command_id: Another id than that of the form, where one form carries several commands.

    Returns:
        The receipt, or None where the form has to be shown again.
    """
    try:
        command = kind(**(fields or {}))
        receipt = _carry_out(desk, command, command_id or form.command_id)
    except ValidationError as error:
        _invalid(form, desk, at or {}, error)
    except NotFound:
        raise
    except Refusal as refusal:
        _refused(form, desk, at or {}, says or {}, refusal)
    else:
        desk.service.queries.wait_for(receipt.position)
        return receipt
    return None


def _carry_out(desk: Desk, command: Command, command_id: UUID) -> Receipt:
    actor = Actor(desk.account_id, Role.GUARDIAN)
    return desk.service.commands(command, actor=actor, command_id=command_id, shown=desk.service.shown)


def _refused(form: Form, desk: Desk, at: At, says: Mapping[str, str], refusal: Refusal) -> None:
    if refusal.code == CommandReused.code:
        form.renew_command()
        form.problem("", desk.words("common.reused"))
        return
    field = at.get(refusal.code, "")
    text = desk.words(says[refusal.code]) if refusal.code in says else refusal_text(refusal, desk)
    if f"{field}-y" in form:
        form.date_problem(field, text)
    else:
        form.problem(field, text)


def _invalid(form: Form, desk: Desk, at: At, error: ValidationError) -> None:
    fields = {at.get(str(problem["loc"][0]), str(problem["loc"][0])) for problem in error.errors() if problem["loc"]}
    for field in sorted(fields):
        form.problem(field if field in form else "", desk.words("common.long_text"))


def refusal_text(refusal: Refusal, desk: Desk) -> Markup:
    """What a refusal says to a parent; one without words of its own here says what the service says elsewhere."""
    key = f"refusal.{refusal.code}"
    shown = {name: _shown(name, value, desk) for name, value in refusal.fields.items()}
    if desk.words.has(key):
        return desk.words(key, **shown, terms=desk.url("/terms"))
    told = texts(desk.language.tag)
    text = told.get(refusal.code, told["refused"])
    return Markup("{} {}").format(*(phrase(desk.words.read(text[part]))(shown) for part in ("title", "detail")))


def _shown(name: str, value: object, desk: Desk) -> object:
    if isinstance(value, date):
        return desk.words.date(value)
    return desk.names.product(value) if name == "vaccine" and isinstance(value, str) else value
