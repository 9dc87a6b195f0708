"""The real amendments of the law, one after the other, over one ward that lives through all of them."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path

import msgspec
import pytest

from aggregates.account.registration import Terms
from aggregates.calendar.facts import DayOpened
from aggregates.edition.facts import EditionPublished
from aggregates.fact import Meta, Recorded
from aggregates.streams import edition_stream
from app.demo.history import History, Plan
from eventstore.database import DatabaseRole
from eventstore.keys import KeyStore
from eventstore.ward import Ward
from projections.check import check
from projections.engine import Engine
from projections.impact import Tally, impact
from projections.rebuild import SMALL_LOG, Rebuild
from projections.workers import Source
from tests.projections.amendments import AMENDMENTS, Amendment
from tests.projections.counted import Found, counted

NAMED = {date(2016, 10, 1), date(2020, 10, 1), date(2023, 4, 1), date(2024, 4, 1), date(2024, 10, 1), date(2026, 4, 1)}
TODAY, YEARS_OF_SERVICE = date(2026, 10, 1), 11
WORKERS = 2


class Journey:
    """A ward whose families register, are vaccinated and grow up from the autumn of 2015 on."""

    def __init__(self, ward: Ward, projecting: Ward, source: Source, families: int, small_log: int = SMALL_LOG) -> None:
        self._source = source
        self._ward = ward
        self._projecting = projecting
        self._small_log = small_log
        self._history = History(Plan(families, 1, TODAY, Terms("1", "00"), years_of_service=YEARS_OF_SERVICE))
        self._facts = self._history.facts()
        ward.keys.create_many(sorted(self._history.subjects()))

    @property
    def children(self) -> int:
        return self._history.tally.children

    def goes_through(self, amendment: Amendment) -> Found:
        """Tries the amendment on the day it came into force, publishes it, and holds both against each other."""
        self._lives_until(amendment.on)
        self._rebuild(amendment.before)
        tally = impact(self._source, amendment.after, workers=WORKERS, small_log=self._small_log).tally
        after = self._rebuild(amendment.after, self._publishing(amendment))
        found = counted(self._source.conninfo, amendment.on)
        assert _flat(tally) == found, amendment.name
        assert check(after).differences == 0
        return found

    def _lives_until(self, day: date) -> None:
        """Everything up to the opening of a day."""
        self._ward.bulk_append(self._before(day), self._history.erased)
        self._history.erased.clear()

    def _before(self, day: date) -> Iterator[Recorded]:
        for recorded in self._facts:
            yield recorded
            if recorded.fact == DayOpened(date=day):
                return

    def _rebuild(self, engine: Callable[[], Engine], publishing: Sequence[Recorded] = ()) -> Source:
        source = msgspec.structs.replace(self._source, open_engine=engine)
        Rebuild(source, self._projecting, workers=WORKERS, small_log=self._small_log, publishing=publishing).run()
        return source

    def _publishing(self, amendment: Amendment) -> list[Recorded]:
        edition = amendment.after().edition
        published = EditionPublished(name=amendment.name, content_hash=edition)
        return [Recorded(edition_stream(edition), 1, published, Meta())]


@pytest.fixture
def source(database: str, keys: KeyStore, tmp_path: Path) -> Source:
    return Source(database, partial(KeyStore.at, tmp_path / "keys.sqlite", bytes(range(32))), AMENDMENTS[0].before)


@pytest.fixture
def projecting(database: str, keys: KeyStore) -> Iterator[Ward]:
    with closing(Ward(database, keys, role=DatabaseRole.PROJECTOR)) as ward:
        yield ward


def test_an_amendment_concerns_exactly_the_children_that_the_trial_counted(ward: Ward, projecting: Ward, source: Source) -> None:
    journey = Journey(ward, projecting, source, 60, small_log=10**9)
    concerned = set[str]()
    for amendment in AMENDMENTS:
        if amendment.on in NAMED:
            concerned |= {series for series, _, _ in journey.goes_through(amendment)}
    assert concerned >= {"HEPB", "ROTA", "HPV", "DPT-IPV-Hib", "MUMPS", "PCV"}


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_twenty_thousand_children_go_through_all_amendments(ward: Ward, projecting: Ward, source: Source) -> None:
    journey = Journey(ward, projecting, source, 14_000)
    for amendment in AMENDMENTS:
        found = journey.goes_through(amendment)
        print(f"{amendment.on} {amendment.name}: {_changed(found)}", flush=True)  # noqa: T201 - a table for docs/editions.md
        assert {series for series, _, _ in found} >= set(amendment.concerns), amendment.name
    assert journey.children >= 20_000


def _flat(tally: Tally) -> Found:
    return Counter(
        {(series, year, effect.value): n for (series, year), effects in tally.cells.items() for effect, n in effects.items()}
    )


def _changed(found: Found) -> dict[str, int]:
    changed = Counter[str]()
    for (series, _, effect), children in found.items():
        changed[series] += children if effect == "changed" else 0
    return dict(changed)
