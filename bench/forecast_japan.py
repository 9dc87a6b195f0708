"""The Japanese engine: children a second on one core, all 23 series with every reason.

Workload: distinct made-up children of 0 to 17 years with the doses that their birth year would have had (about 24 each), late and
missed doses among them, as input lines of `hagukumi forecast`; decoded, judged, forecast and encoded, the edition loaded once,
before; no result is reused from child to child. Reference: the same lines decoded and encoded again with the standard
library's `json`, in turns with the engine. CPU time of this process, best of the rounds.
"""

import random
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from inspect import isfunction

import msgspec

from bench.forecasting import engine, reference, seconds
from schedule.contract import DoseGiven, ForecastRequest, decode_line
from schedule.japan import forecast, load_edition

CHILDREN = 2_000
ROUNDS = 5
TODAY = date(2026, 10, 1)
YEAR = 365
LATE_DAYS = 40
SHARE_GIVEN = 0.93
# product, ages in days at which it is given, first and last birthday of those who get it
ROUTINE = (
    ("DPT-IPV-Hib", (62, 95, 130, 420), date(2024, 2, 1), date.max),
    ("DPT-IPV", (92, 125, 160, 540), date.min, date(2024, 1, 31)),
    ("HIB", (62, 95, 130, 400), date.min, date(2024, 1, 31)),
    ("PCV13", (62, 95, 130, 400), date.min, date(2024, 1, 31)),
    ("PCV15", (62, 95, 130, 400), date(2024, 2, 1), date(2024, 7, 31)),
    ("PCV20", (62, 95, 130, 400), date(2024, 8, 1), date.max),
    ("HEPB", (62, 95, 215), date(2016, 4, 1), date.max),
    ("ROTARIX", (62, 95), date(2020, 8, 1), date.max),
    ("BCG", (160,), date.min, date.max),
    ("MR", (370, 2000), date.min, date.max),
    ("VAR", (370, 600), date.min, date.max),
    ("MUMPS", (375,), date.min, date.max),
    ("JE", (1110, 1140, 1500, 3400), date.min, date.max),
    ("DT", (4100,), date.min, date.max),
    ("HPV9", (4500, 4700), date.min, date.max),
)


def children(count: int, seed: int) -> list[bytes]:
    """Input lines for made-up children."""
    rng = random.Random(seed)
    encode = msgspec.json.encode
    return [encode(_child(str(place), TODAY - timedelta(days=rng.randrange(18 * YEAR)), rng)) for place in range(count)]


def _child(name: str, born: date, rng: random.Random) -> ForecastRequest:
    doses = tuple(dose for dose in doses_given(born, rng) if dose.date is not None and dose.date <= TODAY)
    return ForecastRequest(id=name, assessment_date=TODAY, birth_date=born, sex=rng.choice("FM"), doses=doses)


def doses_given(born: date, rng: random.Random) -> Iterator[DoseGiven]:
    """What a child born on that day would be given in all its childhood, some of it late or missed."""
    for product, ages, first, last in ROUTINE:
        if first <= born <= last:
            for age in ages:
                if rng.random() < SHARE_GIVEN:
                    yield DoseGiven(product, born + timedelta(days=age + rng.randrange(LATE_DAYS)))
    for year in range(1, 8):
        if rng.random() < SHARE_GIVEN / 2:
            yield DoseGiven("FLU", date(born.year + year, 10, 1 + rng.randrange(30)))


def is_compiled(function: Callable[..., object]) -> bool:
    """Whether a function runs as machine code, not as what the interpreter reads."""
    return not isfunction(function)


def main() -> None:
    lines = children(CHILDREN, seed=1)
    started = time.process_time()
    edition = load_edition()
    edition.law(TODAY.toordinal())
    loading = time.process_time() - started
    answer = engine(partial(forecast, edition))
    times = [(seconds(answer, lines), seconds(reference, lines)) for _ in range(ROUNDS)]
    mine, other = (min(column) for column in zip(*times, strict=True))
    doses = sum(len(decode_line(line).doses) for line in lines)
    print(
        f"engine {'compiled' if is_compiled(forecast) else 'from its source'}, edition loaded in {loading:.2f} s; "
        f"{len(lines)} children, {doses / len(lines):.1f} doses each, best of {ROUNDS} rounds"
    )
    print(f"engine               {len(lines) / mine:10,.0f} children/s")
    print(f"reference: json      {len(lines) / other:10,.0f} lines/s")
    print(f"engine / reference   {mine / other:10,.1f} times the CPU time")


if __name__ == "__main__":
    main()
