"""What a child is due for, from forecasts made by hand: badges, groups, cards, and vaccines that stand for one another."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from app.pages.due import GivenDose, Postponement, Record, Visit, coming, dues, not_on_card, on_card, possible_on, replaced_series
from app.pages.names import Names
from app.pages.text import JAPANESE, Words
from schedule.contract import SeriesForecast
from schedule.japan import load_edition

TODAY = date(2026, 11, 23)
WORDS = Words(JAPANESE, TODAY)
NAMES = Names(load_edition(), WORDS)


def _in(days: int) -> date:
    return TODAY + timedelta(days=days)


def _forecast(series: str = "BCG", due_status: str = "due", **fields: object) -> SeriesForecast:
    known = {"vaccine_group": series, "status": "not_complete", "dose_number": 1, "earliest": _in(-100), "latest": _in(137)}
    return SeriesForecast(series=series, due_status=due_status, **(known | fields))  # type: ignore[arg-type]


def _only(record: Record) -> tuple[str, str, str]:
    (due,) = dues(record, WORDS, NAMES)
    return due.badge.sign, due.group, str(due.badge.words)


@pytest.mark.parametrize(
    ("forecast", "shown"),
    [
        (_forecast(past_due=_in(16)), ("△", "near", "おすすめはあと16日")),
        (_forecast(past_due=_in(30)), ("△", "near", "おすすめはあと30日")),
        (_forecast(past_due=_in(31)), ("○", "now", "いま受けられます")),
        (_forecast(due_status="overdue", past_due=_in(-1)), ("▽", "now", "おすすめの時期を過ぎました（まだ無料）")),
        (_forecast(due_status="overdue", past_due=_in(-1), latest=_in(12)), ("▲", "near", "無料の期限まであと12日")),
        (_forecast(latest=_in(0)), ("▲", "near", "無料の期限まであと0日")),
        (_forecast(due_status="aged_out", status="aged_out", latest=_in(-1)), ("×", "closed", "無料の期間は終わりました")),
        (_forecast(due_status="complete", status="complete"), ("●", "done", "受けました")),
        (_forecast(due_status="not_due", earliest=date(2027, 4, 9)), ("□", "later", None)),
        (_forecast(due_status="eligible_early", recommended=date(2029, 4, 9)), ("□", "later", None)),
        (_forecast("MUMPS", latest=_in(5)), ("▲", "near", "区の助成の期限まであと5日")),
    ],
)
def test_a_badge_says_how_a_series_stands(forecast: SeriesForecast, shown: tuple[str, str, str | None]) -> None:
    sign, group, words = _only(Record((forecast,)))
    assert (sign, group) == shown[:2]
    assert shown[2] is None or words == shown[2]


def test_a_plan_counts_more_than_a_postponement_and_both_more_than_dates() -> None:
    visit, postponement = Visit(uuid4(), _in(4), ("BCG",)), Postponement(uuid4(), ("BCG",), "unwell", None)
    forecast = _forecast(past_due=_in(16))
    assert _only(Record((forecast,), postponements=(postponement,)))[:2] == ("＝", "later")
    assert _only(Record((forecast,), visits=(visit,), postponements=(postponement,)))[:2] == ("◇", "near")


def test_a_postponement_holds_until_its_day() -> None:
    until_today = Postponement(uuid4(), ("BCG",), "unwell", TODAY)
    assert _only(Record((_forecast(),), postponements=(until_today,)))[0] == "○"


@pytest.mark.parametrize("status", ["not_in_program", "not_applicable", "contraindicated", "excluded", "out_of_season"])
def test_what_does_not_concern_the_child_is_not_shown(status: str) -> None:
    assert dues(Record((_forecast(due_status=status, status=status),)), WORDS, NAMES) == []


def test_a_card_speaks_of_the_next_visit_and_names_what_else_could_be_given() -> None:
    visit = Visit(uuid4(), _in(4), ("BCG",))
    series = (_forecast(), _forecast("HEPB", latest=_in(9)), _forecast("MUMPS"), _forecast("VAR", due_status="not_due"))
    items = dues(Record(series, visits=(visit,)), WORDS, NAMES)
    shown = on_card(items, TODAY)
    assert [due.series for due in shown] == ["BCG"]
    assert [due.series for due in not_on_card(items, shown, TODAY)] == ["HEPB"]


def test_a_visit_whose_day_has_passed_is_asked_about() -> None:
    earlier, later = Visit(uuid4(), _in(-9), ("BCG",)), Visit(uuid4(), _in(-2), ("HEPB",))
    assert Record((), visits=(earlier, later)).missed_visit(TODAY) == later
    assert Record((), visits=(Visit(uuid4(), TODAY, ("BCG",)),)).missed_visit(TODAY) is None


def test_windows_are_inclusive_on_both_ends() -> None:
    items = dues(Record((_forecast(earliest=_in(1), latest=_in(40)),)), WORDS, NAMES)
    assert [bool(possible_on(items, _in(n))) for n in (0, 1, 40, 41)] == [False, True, True, False]


def test_what_comes_later_is_told_from_its_recommended_day() -> None:
    early = _forecast("JE1", due_status="eligible_early", recommended=date(2029, 4, 9))
    items = dues(Record((early, _forecast("VAR", due_status="not_due", earliest=date(2027, 4, 9)))), WORDS, NAMES)
    assert [(day, due.series) for day, due in coming(items)] == [(date(2027, 4, 9), "VAR"), (date(2029, 4, 9), "JE1")]


def _group(*codes: str, given: tuple[str, ...] = ()) -> set[str]:
    forecasts = tuple(_forecast(code, vaccine_group="DPT-IPV-Hib") for code in codes)
    doses = tuple(GivenDose(uuid4(), uuid4(), code, TODAY, "routine") for code in given)
    return {code for code in codes if code not in replaced_series(Record(forecasts, doses))}


ALL = ("DPT-IPV-Hib", "DPT-IPV", "DPT", "IPV", "HIB")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ((), {"DPT-IPV-Hib"}),
        (("DPT-IPV-Hib",), {"DPT-IPV-Hib"}),
        (("DPT-IPV", "DPT-IPV", "HIB"), {"DPT-IPV", "HIB"}),
        (("DPT-IPV",), {"DPT-IPV", "HIB"}),
        (("DPT", "DPT", "IPV"), {"DPT", "IPV", "HIB"}),
        (("DPT-IPV", "DPT-IPV", "DPT-IPV", "DPT-IPV-Hib"), {"DPT-IPV", "DPT-IPV-Hib", "HIB"}),
    ],
)
def test_of_vaccines_that_stand_for_one_another_the_family_sees_its_own(given: tuple[str, ...], shown: set[str]) -> None:
    assert _group(*ALL, given=given) == shown
