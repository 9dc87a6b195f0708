"""The command line `hagukumi`: one module a command, listed here and nowhere else."""

import importlib

import typer

COMMANDS = ("forecast", "migrate", "rebuild", "replay", "serve")

cli = typer.Typer(name="hagukumi", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
for _name in COMMANDS:
    cli.command(_name)(getattr(importlib.import_module(f"app.cli.{_name}"), _name))


def main() -> None:
    """Entry point of the installed command."""
    cli()
