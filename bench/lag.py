"""How far the read models are behind the log while little is written: from the answer of an append until it can be read.

Workload: 2,000 children with 10 doses each; 500 times one more fact, every 20 ms, each of which forecasts its child anew;
embedded Postgres with `fsync` on; writer and live runner are threads of one process. Beside it the time of the
same append alone.
"""

from itertools import islice
from time import perf_counter, sleep

from psycopg_pool import ConnectionPool

from aggregates.child.facts import ChildRegistered, SeriesClosed
from aggregates.fact import Meta, Recorded
from bench.rebuild import EVENTS_PER_CHILD, families, filled
from eventstore.ward import Ward
from projections.live import LiveRunner
from projections.queries import Queries
from projections.rebuild import Rebuild

CHILDREN = 2_000
WRITES = 500
PAUSE_SECONDS = 0.02
FACTS_OF_A_CHILD = 14


def writes(count: int) -> list[Recorded]:
    """One more fact for each of so many children."""
    children = (f for f in families(CHILDREN) if isinstance(f.fact, ChildRegistered))
    return [
        Recorded(child.originator_id, FACTS_OF_A_CHILD + 1, SeriesClosed(series="MUMPS"), Meta(), child.subject, child.partition)
        for child in islice(children, count)
    ]


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] * 1000


def main() -> None:
    with filled(CHILDREN * EVENTS_PER_CHILD) as (source, ward), ConnectionPool(source.conninfo, open=True) as pool:
        Rebuild(source, ward, workers=2).run()
        runner, queries = LiveRunner(source.conninfo, ward, source.open_engine()), Queries(pool)
        runner.start()
        appends, lags = _measure(ward, queries)
        runner.stop()
    for name, values in (("append alone", appends), ("append until readable", lags)):
        print(f"{name:<22} p50 {percentile(values, 0.5):6.1f} ms   p99 {percentile(values, 0.99):6.1f} ms")


def _measure(ward: Ward, queries: Queries) -> tuple[list[float], list[float]]:
    appends, lags = [], []
    for fact in writes(WRITES):
        begun = perf_counter()
        (saved,) = ward.save(fact)
        appends.append(perf_counter() - begun)
        assert queries.wait_for(saved.position)  # noqa: S101 - a benchmark that measures nothing shall say so
        lags.append(perf_counter() - begun)
        sleep(PAUSE_SECONDS)
    return appends, lags


if __name__ == "__main__":
    main()
