"""The schedule engine and rule edition that a process forecasts with."""

from collections.abc import Callable

from msgspec import Struct

from schedule.contract import ForecastAnswer, ForecastRequest


class Engine(Struct, frozen=True):
    """One edition under one engine version. The same request always gets the same answer."""

    edition: str
    version: str
    forecast: Callable[[ForecastRequest], ForecastAnswer]


def japan() -> Engine:
    """The Japanese edition that ships with this build."""
    from schedule import ENGINE_VERSION
    from schedule.japan import forecast, load_edition

    edition = load_edition()
    return Engine(edition.content_hash, ENGINE_VERSION, lambda request: forecast(edition, request))
