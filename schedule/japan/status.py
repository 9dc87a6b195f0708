"""The due status (接種の時期の状態), derived on reading so that a stored forecast never goes stale."""

from datetime import date
from typing import Protocol

import msgspec

from schedule.contract import ForecastAnswer


class Timed(Protocol):
    """What of a series' forecast the status follows from."""

    @property
    def closed(self) -> str | None:
        """Why nothing more is due, if so."""

    @property
    def earliest(self) -> date | None:
        """First lawful day."""

    @property
    def recommended(self) -> date | None:
        """First day of the standard period."""

    @property
    def overdue_from(self) -> date | None:
        """First day on which it is late."""


def due_status(forecast: Timed, on: date) -> str:
    """The status of a series on a day on which its forecast is still valid."""
    if forecast.closed is not None:
        return forecast.closed
    if forecast.earliest is not None and on < forecast.earliest:
        return "not_due"
    if forecast.overdue_from is not None and on >= forecast.overdue_from:
        return "overdue"
    if forecast.recommended is not None and on < forecast.recommended:
        return "eligible_early"
    return "due"


def with_due_status(answer: ForecastAnswer, on: date) -> ForecastAnswer:
    """The answer with the status of every series on a day filled in."""
    filled = tuple(msgspec.structs.replace(entry, due_status=due_status(entry, on)) for entry in answer.forecasts)
    return msgspec.structs.replace(answer, forecasts=filled)
