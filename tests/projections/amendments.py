"""The real amendments since 2015: the law as it was known before and after each."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache, partial
from typing import NamedTuple

import msgspec

from projections.engine import Engine, engine_with, japan
from schedule.contract import ForecastAnswer, ForecastRequest
from schedule.japan.edition import CHIYODA, edition_from_files, read_files

TRANSITIONAL_ENDS = date(2026, 3, 31)


class Amendment(NamedTuple):
    """One amendment, and series that it is known to concern (others may be tied to them)."""

    on: date
    name: str
    concerns: tuple[str, ...]
    before: Callable[[], Engine]
    after: Callable[[], Engine]


def known_until(day: date) -> Engine:
    """The engine of one who knows the law up to a day and nothing of what comes after."""
    return _knowing(japan(), day)


def with_endless_transition(day: date) -> Engine:
    """The same, of one who has not read that the transitional measure of HPV ends."""
    return _knowing(_endless(), day)


def amendment(on: date, name: str, *concerns: str) -> Amendment:
    """What became known on its day in force."""
    return Amendment(on, name, concerns, partial(known_until, on - timedelta(1)), partial(known_until, on))


AMENDMENTS = (
    amendment(date(2016, 10, 1), "hepatitis B", "HEPB"),
    amendment(date(2017, 4, 1), "mumps in Chiyoda", "MUMPS"),
    amendment(date(2020, 10, 1), "rotavirus, and intervals between vaccines", "ROTA", "BCG", "JE1"),
    amendment(date(2022, 4, 1), "HPV catch-up", "HPV"),
    amendment(date(2022, 10, 24), "COVID-19 of infants", "COVID_INF"),
    amendment(date(2023, 4, 1), "DPT and IPV from two months, HPV 9-valent", "DPT-IPV", "HPV"),
    amendment(date(2024, 4, 1), "5-in-1, PCV15, mumps twice, end of COVID-19", "DPT-IPV-Hib", "PCV", "MUMPS"),
    amendment(date(2024, 10, 1), "PCV20", "PCV"),
    amendment(date(2025, 4, 1), "MR extended for want of vaccine, HPV transitional", "HPV"),
    amendment(date(2025, 7, 25), "5-in-1 whatever the count of Hib", "DPT-IPV-Hib"),
    Amendment(
        TRANSITIONAL_ENDS,
        "end of HPV transitional",
        ("HPV",),
        partial(with_endless_transition, TRANSITIONAL_ENDS),
        partial(known_until, TRANSITIONAL_ENDS),
    ),
    amendment(date(2026, 4, 1), "HPV 2-valent and 4-valent removed, RSV of mothers", "HPV"),
)


def _knowing(engine: Engine, day: date) -> Engine:
    known = partial(_as_known, engine, day)
    return msgspec.structs.replace(engine, edition=f"{engine.edition[:12]} known on {day}", forecast=known, rules=None)


def _as_known(engine: Engine, day: date, request: ForecastRequest) -> ForecastAnswer:
    return engine.forecast(msgspec.structs.replace(request, rule_date=day))


@cache
def _endless() -> Engine:
    files, line = read_files(CHIYODA), f"until = {TRANSITIONAL_ENDS}\n".encode()
    assert files["hpv.toml"].count(line) == 1
    return engine_with(edition_from_files(files | {"hpv.toml": files["hpv.toml"].replace(line, b"")}))
