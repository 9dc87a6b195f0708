"""The edition and a short way to ask it about one child."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from schedule.contract import DoseGiven, ForecastAnswer, ForecastRequest, SeriesForecast
from schedule.japan import Edition, due_status, forecast, load_edition


class Asked:
    """An answer, read by series."""

    def __init__(self, answer: ForecastAnswer, on: date) -> None:
        self.answer = answer
        self.on = on

    def __getitem__(self, series: str) -> SeriesForecast:
        return next(entry for entry in self.answer.forecasts if entry.series == series)

    def status(self, series: str) -> str:
        return due_status(self[series], self.on)

    @property
    def validities(self) -> list[str | None]:
        return [verdict.validity for verdict in self.answer.doses]


def given(words: str) -> tuple[DoseGiven, ...]:
    """Doses written as «MR 2024-05-01, VAR 2024-06-01»."""
    pairs = [entry.split() for entry in words.split(",") if entry.strip()]
    return tuple(DoseGiven(code, date.fromisoformat(day)) for code, day in pairs)


@pytest.fixture(scope="session")
def edition() -> Edition:
    return load_edition()


@pytest.fixture(scope="session")
def ask(edition: Edition) -> Callable[..., Asked]:
    def asked(
        born: str | None, on: str, doses: str = "", *, sex: str | None = "F", known: str | None = None, **more: Any
    ) -> Asked:
        day = date.fromisoformat(on)
        request = ForecastRequest(
            id="child",
            assessment_date=day,
            birth_date=None if born is None else date.fromisoformat(born),
            sex=sex,
            rule_date=day if known is None else date.fromisoformat(known),
            doses=given(doses),
            **more,
        )
        return Asked(forecast(edition, request), day)

    return asked
