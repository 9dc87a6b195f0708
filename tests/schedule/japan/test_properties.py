"""Properties that hold for every child, whatever its history."""

import random
from datetime import date, timedelta

import msgspec
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from schedule.contract import DoseGiven, ForecastRequest, SeriesForecast
from schedule.japan import Edition, forecast
from tests.examples import examples

_OPENED = date(2008, 4, 1)
_NEWEST = date(2027, 6, 1)
_PRODUCTS = (
    "DPT-IPV-Hib", "DPT-IPV", "DPT", "IPV", "OPV", "HIB", "PCV7", "PCV13", "PCV15", "PCV20", "HEPB", "ROTARIX", "ROTATEQ", "BCG",
    "MR", "M", "R", "VAR", "JE", "DT", "HPV2", "HPV4", "HPV9", "MUMPS", "FLU", "COVID_INF", "CHK18M", "CHK3Y",
)  # fmt: skip
_FIXTURES = [HealthCheck.function_scoped_fixture]


@st.composite
def children(draw: st.DrawFn, *, known: bool) -> ForecastRequest:
    """A child with a plausible or less plausible history."""
    today = draw(st.dates(date(2013, 1, 1), _NEWEST))
    born = draw(st.dates(max(_OPENED, today - timedelta(days=19 * 365)), today))
    age = (today - born).days
    doses = draw(st.lists(st.tuples(st.sampled_from(_PRODUCTS), st.integers(0, age)), max_size=12))
    special: dict[str, object] = {}
    if draw(st.booleans()) and age:
        special["long_illness_resolved"] = (born + timedelta(days=draw(st.integers(0, age)))).isoformat()
    if draw(st.booleans()):
        special["mr_shortage_2024"] = True
    return ForecastRequest(
        id="child",
        assessment_date=today,
        birth_date=born,
        sex=draw(st.sampled_from(("F", "M", None))),
        rule_date=max(today, draw(st.dates(today, _NEWEST))) if known else None,
        special=special,
        doses=tuple(DoseGiven(code, born + timedelta(days=days)) for code, days in doses),
    )


def _at(edition: Edition, request: ForecastRequest, day: date) -> dict[str, SeriesForecast]:
    answer = forecast(edition, msgspec.structs.replace(request, assessment_date=day))
    return {entry.series: entry for entry in answer.forecasts}


def _check_until(edition: Edition, request: ForecastRequest, span: int) -> None:
    today = request.assessment_date
    now = _at(edition, request, today)
    for step in range(1, span):
        day = today + timedelta(days=step)
        for series, entry in _at(edition, request, day).items():
            before = now[series]
            if before.valid_until is None or day < before.valid_until:
                assert entry == before, (series, day, before, entry)
            elif day == before.valid_until:
                assert entry != before, (series, day, before)
                now[series] = entry


@examples(12, suppress_health_check=_FIXTURES)
@given(request=children(known=True))
def test_nothing_but_the_due_status_changes_before_valid_until_and_something_does_on_it(
    edition: Edition, request: ForecastRequest
) -> None:
    _check_until(edition, request, 400)


@examples(12, suppress_health_check=_FIXTURES)
@given(request=children(known=False))
def test_valid_until_holds_while_the_known_law_moves_on_with_the_day(edition: Edition, request: ForecastRequest) -> None:
    _check_until(edition, request, 400)


@examples(60, suppress_health_check=_FIXTURES)
@given(request=children(known=True))
def test_on_valid_until_itself_something_changes_however_far_away_it_is(edition: Edition, request: ForecastRequest) -> None:
    for series, entry in _at(edition, request, request.assessment_date).items():
        if entry.valid_until is not None:
            assert _at(edition, request, entry.valid_until - timedelta(days=1))[series] == entry
            assert _at(edition, request, entry.valid_until)[series] != entry


@examples(60, suppress_health_check=_FIXTURES)
@given(request=children(known=True))
def test_a_dose_recorded_on_its_proposed_day_is_valid(edition: Edition, request: ForecastRequest) -> None:
    for entry in forecast(edition, request).forecasts:
        if entry.closed is not None or entry.earliest is None:
            continue
        for proposed in {max(request.assessment_date, entry.earliest), entry.recommended, entry.latest} - {None}:
            if proposed is None or proposed < request.assessment_date:
                continue
            product = _product_on(edition, request, entry.series, proposed)
            if product is not None:
                doses = (*request.doses, DoseGiven(product, proposed))
                verdict = forecast(edition, msgspec.structs.replace(request, doses=doses)).doses[-1]
                assert (verdict.validity, verdict.counts) == ("valid", True), (entry.series, proposed, product, verdict)


def _product_on(edition: Edition, request: ForecastRequest, series: str, day: date) -> str | None:
    entry = _at(edition, request, day)[series]
    if entry.closed is not None or entry.earliest is None or entry.earliest > day:
        return None  # a proposal in a later stretch of lawful days is proposed again when its day comes
    if "interval.exceeded" in [reason.code for reason in entry.reasons]:
        return None  # until 2014 the law had upper limits of intervals; beyond them only fever and the like excused a dose
    return entry.products[0] if entry.products else series


@examples(60, suppress_health_check=_FIXTURES)
@given(request=children(known=True))
def test_proposed_days_are_in_order(edition: Edition, request: ForecastRequest) -> None:
    for entry in forecast(edition, request).forecasts:
        days = [day for day in (entry.earliest, entry.recommended, entry.past_due, entry.latest) if day is not None]
        assert days == sorted(days), entry


@examples(60, suppress_health_check=_FIXTURES)
@given(request=children(known=True), seed=st.integers(0, 1000))
def test_the_order_of_recording_does_not_matter(edition: Edition, request: ForecastRequest, seed: int) -> None:
    doses = list(request.doses)
    random.Random(seed).shuffle(doses)
    assert (
        forecast(edition, msgspec.structs.replace(request, doses=tuple(doses))).forecasts == forecast(edition, request).forecasts
    )


@examples(60, suppress_health_check=_FIXTURES)
@given(request=children(known=True))
def test_the_same_input_gives_the_same_bytes(edition: Edition, request: ForecastRequest) -> None:
    again = msgspec.json.decode(msgspec.json.encode(request), type=ForecastRequest)
    assert msgspec.json.encode(forecast(edition, request)) == msgspec.json.encode(forecast(edition, again))


@examples(60, suppress_health_check=_FIXTURES)
@given(request=children(known=True), product=st.sampled_from(_PRODUCTS))
def test_a_later_dose_leaves_the_verdicts_on_earlier_ones(edition: Edition, request: ForecastRequest, product: str) -> None:
    before = forecast(edition, request).doses
    doses = (*request.doses, DoseGiven(product, request.assessment_date + timedelta(days=1)))
    assert forecast(edition, msgspec.structs.replace(request, doses=doses)).doses[:-1] == before


@examples(60, suppress_health_check=_FIXTURES)
@given(request=children(known=True))
def test_undated_and_unknown_doses_change_no_forecast(edition: Edition, request: ForecastRequest) -> None:
    strange = (DoseGiven("MR", None), DoseGiven("UNHEARD-OF", request.assessment_date))
    answer = forecast(edition, msgspec.structs.replace(request, doses=request.doses + strange))
    assert answer.forecasts == forecast(edition, request).forecasts
    assert [verdict.programme for verdict in answer.doses[-2:]] == ["needs_review", "needs_review"]
