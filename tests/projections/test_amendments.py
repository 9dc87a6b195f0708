"""The real amendments of the law, one after the other, over a ward that lives through all of them."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from isal.isal_zlib import decompress

from aggregates.account.registration import Terms
from app.demo.history import History, Plan
from eventstore.database import DatabaseRole, connect
from eventstore.keys import KeyStore
from eventstore.ward import Ward
from projections.check import check
from projections.impact import impact
from projections.impact_effect import Effect
from projections.load import Source
from projections.rebuild import Rebuild
from tests.projections.amendments import AMENDMENTS, known_until

FAMILIES = 50
UNTOLD = {"reasons", "basis", "valid_until"}


@pytest.fixture
def source(database: str, keys: KeyStore, tmp_path: Path) -> Source:
    opener = partial(KeyStore.at, tmp_path / "keys.sqlite", bytes(range(32)))
    return Source(database, opener, partial(known_until, date(2015, 4, 1)))


@pytest.fixture
def projecting(database: str, keys: KeyStore) -> Iterator[Ward]:
    with closing(Ward(database, keys, role=DatabaseRole.PROJECTOR)) as ward:
        yield ward


@pytest.mark.parametrize(("name", "on"), AMENDMENTS.items(), ids=AMENDMENTS)
def test_an_amendment_concerns_exactly_the_children_that_the_trial_counted(
    ward: Ward, source: Source, projecting: Ward, name: str, on: date
) -> None:
    history = History(Plan(FAMILIES, 1, on, Terms("1", "00")))
    ward.keys.create_many(sorted(history.subjects()))
    ward.bulk_append(history.facts(), history.erased)
    old = msgspec.structs.replace(source, open_engine=partial(known_until, on - timedelta(1)))
    new = msgspec.structs.replace(source, open_engine=partial(known_until, on))
    Rebuild(old, projecting, workers=1, small_log=10**9).run()
    tally = impact(old, new.open_engine, workers=1, small_log=10**9).tally
    Rebuild(new, projecting, workers=1, small_log=10**9).run()
    changed = Counter[str]()
    for (series, _), counts in tally.cells.items():
        changed[series] += counts[Effect.CHANGED]
    assert changed == _found(source.conninfo)
    assert changed, name
    assert check(new).differences == 0


def _found(conninfo: str) -> Counter[str]:
    """Children whose answer reads differently afterwards, by series, as the bytes of the two generations have it."""
    query = """
        SELECT o.answer_deflated, n.answer_deflated
        FROM gen_1.schedule_answer o JOIN gen_2.schedule_answer n USING (child_id) JOIN gen_2.child c USING (child_id)
        WHERE NOT c.moved_out"""
    found = Counter[str]()
    with connect(conninfo, DatabaseRole.PROJECTOR) as connection:
        for old, new in connection.execute(query):
            before, after = _by_series(old), _by_series(new)
            found.update(series for series in before | after if before.get(series) != after.get(series))
    return found


def _by_series(deflated: bytes) -> dict[str, dict[str, Any]]:
    """What families are shown of each series; reasons quote the law and are no dates."""
    forecasts = json.loads(decompress(deflated))["forecasts"]
    return {f["series"]: {name: value for name, value in f.items() if name not in UNTOLD} for f in forecasts}
