"""The command line `hagukumi`: one module a command, listed here and nowhere else."""

import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

COMMANDS = ("demo", "explain", "forecast", "migrate", "open-days", "rebuild", "replay", "serve")
GROUPS = ("articles", "inquiries", "mail", "notices", "rules")


class _Commands(TyperGroup):
    """Imports a command's module when the command is asked for: a forecast loads no web server."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the library's signature
        return sorted((*COMMANDS, *GROUPS))

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.list_commands(ctx):
            return None
        function = cmd_name.replace("-", "_")
        module = import_module(f"app.cli.{function}")
        alone = typer.Typer(add_completion=False)
        if cmd_name in GROUPS:
            alone.add_typer(module.cli, name=cmd_name)
            return get_command(alone).get_command(ctx, cmd_name)  # type: ignore[attr-defined] # a Typer with a group is one
        alone.command(cmd_name)(getattr(module, function))
        return get_command(alone)


cli = typer.Typer(cls=_Commands, name="hagukumi", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@cli.callback()
def hagukumi() -> None:
    """Vaccination schedules for the families of a ward (育み)."""


def main() -> None:
    """Entry point of the installed command: what an operator can put right is told in a sentence, without a traceback."""
    try:
        cli()
    except Exception as failure:
        if not isinstance(failure, _for_operators()):
            raise
        sys.exit(f"{type(failure).__name__}: {failure}")


def _for_operators() -> tuple[type[Exception], ...]:
    from psycopg import OperationalError

    from app.cli.serve import PortTaken
    from app.embedded import EmbeddedPostgresError
    from app.settings import InvalidSettings
    from eventstore.database import MigrationChanged
    from eventstore.errors import StoreUnavailable
    from eventstore.kek import KekUnreadable

    return EmbeddedPostgresError, KekUnreadable, MigrationChanged, OperationalError, InvalidSettings, PortTaken, StoreUnavailable
