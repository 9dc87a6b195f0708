"""The command line `hagukumi`: one module a command, listed here and nowhere else."""

import importlib
import sys

import typer

COMMANDS = ("demo", "explain", "forecast", "migrate", "rebuild", "replay", "serve")
GROUPS = ("mail", "rules")

cli = typer.Typer(name="hagukumi", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
for _name in COMMANDS:
    cli.command(_name)(getattr(importlib.import_module(f"app.cli.{_name}"), _name))
for _name in GROUPS:
    cli.add_typer(importlib.import_module(f"app.cli.{_name}").cli, name=_name)


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
