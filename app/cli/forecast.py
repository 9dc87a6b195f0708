"""`hagukumi forecast`: children as JSON lines in, one JSON line out for each, in order."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, BinaryIO

import msgspec
import typer

from schedule.contract import BadLine, ForecastAnswer, ForecastRequest, decode_line

Engine = Callable[[ForecastRequest], ForecastAnswer]


def forecast(
    supporting_data: Annotated[Path | None, typer.Option(help="Folder with the CDC's supporting data (XML).")] = None,
    schedule: Annotated[str | None, typer.Option(help="«japan» for the ward's own edition, or the folder of another.")] = None,
) -> None:
    """Evaluate and forecast the children on standard input; exit status 1 where a line could not be used."""
    if (supporting_data is None) == (schedule is None):
        raise typer.BadParameter("name the rules to use: --schedule japan or --supporting-data DIR")
    engine = _cdsi(supporting_data) if supporting_data is not None else _japan(str(schedule))
    if not answer_lines(engine, sys.stdin.buffer, sys.stdout.buffer):
        raise typer.Exit(1)


def answer_lines(engine: Engine, lines: Iterable[bytes], out: BinaryIO) -> bool:
    """Answer every line, one at a time, so that a peer may wait for each; False where any was bad."""
    all_good = True
    encoder = msgspec.json.Encoder()
    for line in lines:
        try:
            answer = encoder.encode(engine(decode_line(line)))
        except BadLine as bad:
            answer, all_good = encoder.encode(bad.answer()), False
        out.write(answer + b"\n")
        out.flush()
    return all_good


def _cdsi(folder: Path) -> Engine:
    from schedule.cdsi import SupportingDataError, forecast, load_supporting_data

    try:
        data = load_supporting_data(folder)
    except SupportingDataError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    return lambda request: forecast(data, request)


def _japan(name: str) -> Engine:
    from schedule.japan import EditionFaultError, forecast, load_edition, with_due_status

    try:
        edition = load_edition(None if name == "japan" else Path(name))
    except EditionFaultError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    return lambda request: with_due_status(forecast(edition, request), request.assessment_date)
