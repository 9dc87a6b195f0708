"""Series that two editions cannot answer differently are answered alike, for every child."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from schedule.contract import ForecastRequest
from schedule.japan import Edition, forecast
from schedule.japan.difference import differing
from schedule.japan.edition import CHIYODA, edition_from_files, read_files
from schedule.japan.engine import forecast_some
from schedule.japan.law import Law
from tests.examples import examples
from tests.schedule.japan.test_properties import children

TODAY = date(2026, 10, 1)
COMBINED = {"DPT-IPV-Hib", "DPT-IPV", "DPT", "IPV", "HIB"}
AMENDMENTS = tuple(
    date.fromisoformat(day)
    for day in (
        "2016-10-01", "2017-04-01", "2020-10-01", "2022-04-01", "2022-10-24", "2023-04-01",
        "2024-04-01", "2024-10-01", "2025-04-01", "2025-07-25", "2026-04-01",
    )
)  # fmt: skip
"""The days on which the law changed since 2016, as the edition has them."""


class AsKnown(Edition):
    """The edition of one who knows the law up to a day and nothing of what comes after."""

    def __init__(self, edition: Edition, day: date) -> None:
        super().__init__(edition.sources, f"known on {day}")
        self.turning_days = ()
        self._known = edition.law(day.toordinal())

    def law(self, known: int) -> Law:
        return self._known


@cache
def amended(day: date) -> tuple[Edition, Edition]:
    """Before and after an amendment."""
    edition = edition_from_files(read_files(CHIYODA))
    return AsKnown(edition, day - timedelta(1)), AsKnown(edition, day)


@cache
def edited(file: str, old: str, new: str) -> tuple[Edition, Edition]:
    """The edition that ships, and another with one word of it changed."""
    files = read_files(CHIYODA)
    assert old.encode() in files[file]
    return edition_from_files(files), edition_from_files(files | {file: files[file].replace(old.encode(), new.encode())})


EDITS = (
    ("hpv.toml", "until = 2026-03-31\n", ""),
    ("hepb.toml", "27日", "20日"),
    ("bcg.toml", "生後5月", "生後4月"),
    ("edition.toml", 'least = "27日"', 'least = "20日"'),
    ("mr.toml", 'ja = "', 'ja = "新'),
    ("dpt-ipv-hib.toml", 'after_previous = "6月"', 'after_previous = "5月"'),
    ("flu.toml", "2", "2"),
)


def pairs_of_editions() -> Iterator[tuple[Edition, Edition]]:
    yield from map(amended, AMENDMENTS)
    yield from (edited(*edit) for edit in EDITS)


@examples(120, suppress_health_check=list(HealthCheck))
@given(request=children(known=False), place=st.integers(0, len(AMENDMENTS) + len(EDITS) - 1), back=st.booleans())
def test_other_series_are_answered_alike(request: ForecastRequest, place: int, back: bool) -> None:  # noqa: FBT001 - drawn
    old, new = list(pairs_of_editions())[place][:: -1 if back else 1]
    concerned = differing(old, new, request.assessment_date)
    before, after = forecast(old, request), forecast(new, request)
    assert [f for f in before.forecasts if f.series not in concerned] == [f for f in after.forecasts if f.series not in concerned]
    assert forecast_some(new, request, concerned) == tuple(f for f in after.forecasts if f.series in concerned)


@pytest.mark.parametrize(
    ("edit", "concerned"),
    [
        (("hpv.toml", "until = 2026-03-31\n", ""), {"HPV"}),
        (("hepb.toml", "27日", "20日"), {"HEPB"}),
        (("mr.toml", 'ja = "', 'ja = "新'), {"MR1", "MR2", "MR3"}),
        (("dpt-ipv-hib.toml", 'after_previous = "6月"', 'after_previous = "5月"'), COMBINED),
        (("flu.toml", "2", "2"), set()),
    ],
)
def test_what_differs_is_closed_over_what_counts_together(edit: tuple[str, str, str], concerned: set[str]) -> None:
    assert differing(*edited(*edit), TODAY) == concerned


def test_an_interval_from_live_vaccines_concerns_all_that_keep_it() -> None:
    old, new = edited("edition.toml", 'least = "27日"', 'least = "20日"')
    concerned = differing(old, new, TODAY)
    assert {"MR1", "VAR", "BCG"} <= concerned
    assert "CHK3Y" not in concerned


def test_the_amendments_concern_few_series() -> None:
    found = {day: differing(*amended(day), day) for day in AMENDMENTS}
    assert found[date(2016, 10, 1)] == {"HEPB", "FLU"}
    assert found[date(2024, 10, 1)] == {"PCV"}
    assert found[date(2025, 7, 25)] == COMBINED
    assert found[date(2020, 10, 1)] >= {"ROTA", "BCG", "JE1", "HEPB"}


def test_a_series_that_an_edition_does_not_know_differs(edition: Edition) -> None:
    files = read_files(CHIYODA)
    main = files.pop("flu.toml") and files["edition.toml"].replace(b'"FLU", ', b"")
    without = edition_from_files(files | {"edition.toml": main})
    assert "FLU" in differing(edition, without, TODAY)
    assert "FLU" in differing(without, edition, TODAY)


def test_a_law_that_comes_later_counts_already() -> None:
    old, new = edited("pcv.toml", "2024-10-01", "2030-10-01")
    assert differing(old, new, TODAY) == {"PCV"}
