"""What a change of the law costs: trying an edition on every child, and publishing it, beside moving the same rows by hand.

Workload: families of one guardian and one child of 0 to 17 years, with the doses that its birth year would have had (about 24,
so 31 facts a family), encrypted. «Trial» is `hagukumi rules impact` with an edition that opens HPV a year earlier; «of all
series» the same without leaving out what cannot differ. «Publication» recomputes every read model of every child into a new
generation, finds the families concerned and moves the pointer. Two worker processes; embedded Postgres with `fsync` on.

«By hand» is COPY out + decrypt + decode of the whole log and COPY in of all rows of the read models into their own tables, keys
and indexes included, in as many processes, without fold or forecast: log rows opened and rows written as the manuals of the
libraries have it. In brackets the same into bare tables, in which nobody could look anything up, and that with the product's own
reader: against it 1.00 would be a rebuild for which thinking and keys cost nothing. What makes a rebuild slower is the forecast,
so one stands beside it with an engine that says nothing. By hand and rebuild take turns, twice, since no machine is as fast in
one minute as in the next; a rebuild under the edition in use is also held against the generation that it replaces.

    python -m bench.impact [CHILDREN ...]        (10,000, 30,000 and 100,000 where none are named; 300,000 takes a while)
"""

import random
import sys
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from time import perf_counter
from uuid import UUID

import msgspec

from aggregates.child.facts import ChildRegistered, DoseRecorded, Sex
from aggregates.edition.facts import EditionPublished
from aggregates.fact import Fact, Meta, Recorded
from aggregates.streams import edition_stream
from bench.by_hand import as_documented, by_hand
from bench.forecast_japan import doses_given
from bench.rebuild import EVENTS_PER_CHILD, TODAY, WORKERS, filled, folds_only, read_and_drop
from eventstore.ward import Ward
from projections.engine import Engine, engine_from_files, japan
from projections.impact import impact
from projections.impact_effect import Effect
from projections.rebuild import Rebuild
from projections.workers import Source
from schedule.japan.edition import CHIYODA, read_files

TURNS = 2
SIZES = (10_000, 30_000, 100_000)
TWELVE, ELEVEN = "12歳の年度初日".encode(), "11歳の年度初日".encode()


def child(household: UUID, born: date, draw: random.Random) -> Iterator[Fact]:
    """A child with all its doses."""
    yield ChildRegistered(household_id=household, handle="たろう", born_on=born, sex=draw.choice(list(Sex)))
    for dose in doses_given(born, draw):
        if dose.date is not None and dose.date <= TODAY:
            dose_id = UUID(int=draw.getrandbits(128))
            yield DoseRecorded(dose_id=dose_id, visit_id=dose_id, vaccine=dose.vaccine, given_on=dose.date)


def amended() -> Engine:
    """The edition that ships, with HPV from a year earlier on."""
    files = read_files(CHIYODA)
    return engine_from_files(files | {"hpv.toml": files["hpv.toml"].replace(TWELVE, ELEVEN)})


def of_all_series() -> Engine:
    """The same, which cannot be told to answer for some series alone."""
    return msgspec.structs.replace(amended(), rules=None)


def rebuilt(source: Source, ward: Ward, engine: Callable[[], Engine], *publishing: Recorded) -> None:
    Rebuild(msgspec.structs.replace(source, open_engine=engine), ward, workers=WORKERS, publishing=publishing).run()


def published() -> Recorded:
    """The fact that goes with the switch."""
    edition = amended().edition
    return Recorded(edition_stream(edition), 1, EditionPublished(name="amended", content_hash=edition), Meta())


def tried(source: Source, engine: Callable[[], Engine]) -> int:
    """How many children are concerned."""
    return impact(source, engine, workers=WORKERS).tally.totals[Effect.CHANGED]


def seconds(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


def line(children: int, name: str, took: float, note: str = "") -> None:
    print(f"{children:>9,}  {name:<28} {took:>7.1f} s {took / children * 1000:>7.3f} ms a child  {note}".rstrip(), flush=True)


def measured(children: int) -> None:
    """One block of the table."""
    with filled(children * EVENTS_PER_CHILD, child) as (source, ward):
        rebuilt(source, ward, japan)
        line(children, "trial", seconds(lambda: tried(source, amended)), "(100,000 under 60 s)")
        line(children, "trial of all series", seconds(lambda: tried(source, of_all_series)))
        hand = bare = own = rebuild = 0.0
        for engine in (amended, japan):  # never the one in use, so that there is nothing to compare with
            hand += by_hand(source, as_documented, keys=True) / TURNS
            bare += by_hand(source, as_documented, keys=False) / TURNS
            own += by_hand(source, read_and_drop, keys=False) / TURNS
            rebuild += seconds(partial(rebuilt, source, ward, engine)) / TURNS
        compared = seconds(lambda: rebuilt(source, ward, japan))
        line(children, "publication", seconds(lambda: rebuilt(source, ward, amended, published())), "(100,000 under 90 s)")
        folds = seconds(lambda: rebuilt(source, ward, folds_only))
        line(children, "rows moved by hand", hand)
        line(children, "into bare tables", bare)
        line(children, "and with our own reader", own)
        for name, took in (
            ("rebuild, saying nothing", folds),
            ("rebuild with schedules", rebuild),
            ("and compared with the last", compared),
        ):
            line(children, name, took, f"{hand / took:.2f} of by hand ({bare / took:.2f}, {own / took:.2f})")
        print()


if __name__ == "__main__":
    for size in [int(size.replace(",", "")) for size in sys.argv[1:]] or SIZES:
        measured(size)
