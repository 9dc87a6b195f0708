"""The shipped edition as it was known before and after each real amendment."""

from datetime import date
from functools import partial

import msgspec

from projections.engine import Engine, japan
from schedule.contract import ForecastAnswer, ForecastRequest

AMENDMENTS = {
    "hepatitis B": date(2016, 10, 1),
    "rotavirus and intervals": date(2020, 10, 1),
    "4-in-1 from two months, HPV 9-valent": date(2023, 4, 1),
    "5-in-1 and PCV15": date(2024, 4, 1),
    "PCV20": date(2024, 10, 1),
    "end of transitional measures": date(2026, 4, 1),
}


def known_until(day: date) -> Engine:
    """The engine of one who knows the law up to a day and nothing of what comes after."""
    shipped = japan()
    return msgspec.structs.replace(shipped, edition=f"known on {day}", forecast=partial(_as_known, shipped, day))


def _as_known(engine: Engine, day: date, request: ForecastRequest) -> ForecastAnswer:
    return engine.forecast(msgspec.structs.replace(request, rule_date=day))
