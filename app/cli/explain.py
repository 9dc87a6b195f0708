"""`hagukumi explain`: why the dates and verdicts of one child are as they are, in Japanese and English."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from schedule.contract import BadLine, DoseVerdict, ForecastRequest, Reason, SeriesForecast, decode_line


def explain(
    series: Annotated[str | None, typer.Option(help="Only this series.")] = None,
    folder: Annotated[Path | None, typer.Option(help="Folder of an edition.")] = None,
) -> None:
    """Read one JSON line from standard input, as for `forecast`, and say why."""
    from schedule.japan import forecast, load_edition

    try:
        request = decode_line(sys.stdin.buffer.readline())
    except BadLine as bad:
        typer.echo(str(bad), err=True)
        raise typer.Exit(1) from None
    answer = forecast(load_edition(folder), request)
    for dose, verdict in zip(request.doses, answer.doses, strict=True):
        _say_dose(f"{dose.vaccine} {dose.date or '?'}", verdict)
    for entry in answer.forecasts:
        if series is None or entry.series == series:
            _say_series(request, entry)


def _say_dose(name: str, verdict: DoseVerdict) -> None:
    typer.echo(f"■ {name}: {verdict.validity or 'undated'} ({verdict.programme})")
    for evaluation in verdict.evaluations:
        _say_reasons(evaluation.reasons)


def _say_series(request: ForecastRequest, entry: SeriesForecast) -> None:
    from schedule.japan import due_status

    status = due_status(entry, request.assessment_date)
    standard = f"{entry.recommended}..{entry.past_due}"
    typer.echo(f"● {entry.series}: {status}  earliest {entry.earliest}  recommended {standard}  latest {entry.latest}")
    _say_reasons(entry.reasons)


def _say_reasons(reasons: tuple[Reason, ...]) -> None:
    for reason in reasons:
        measured = f" [{reason.anchor} {reason.anchor_date} → {reason.date}]" if reason.anchor else ""
        typer.echo(f"    {reason.text}{measured} 〔{reason.citation}〕")
        typer.echo(f"    {reason.text_en}")
