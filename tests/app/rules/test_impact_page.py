"""The impact report as a page: self-contained, the same numbers in charts and tables, small ones for the approver alone."""

import re
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from app.reports.impact import charts, page
from projections.impact_effect import Effect
from projections.impact_report import BornImpact, CohortImpact, Counts, ImpactReport, Moves, SeriesImpact
from schedule.japan import load_edition
from tests.app.rules.conftest import Run
from tests.app.rules.test_life import tried

APPROVER = UUID(int=2)
NONE: Counts = dict.fromkeys(Effect, 0)


def a_report() -> ImpactReport:
    counts = NONE | {Effect.CHANGED: 1200, Effect.MOVED: 1100, Effect.LOST: None}
    cohorts = [CohortImpact(2020, 2022, counts), CohortImpact(2023, 2023, counts)]
    return ImpactReport(
        edition=load_edition().content_hash,
        instead_of="0" * 64,
        engine="1",
        position=1234567,
        as_of=date(2026, 11, 23),
        children=100_000,
        unreadable=0,
        households=900,
        to_tell=400,
        counts=counts,
        series=[SeriesImpact("HEPB", counts, cohorts, []), SeriesImpact("GONE", NONE, [], [])],
        born=[BornImpact(2020, 2022, 700), BornImpact(2023, 2023, 500)],
        moves=[Moves(None, -181, None), Moves(-30, -1, 20), Moves(0, 0, 1000), Moves(1, 30, 100), Moves(181, None, None)],
    )


def test_every_number_of_a_chart_stands_in_its_table() -> None:
    html = page(a_report(), load_edition(), approver=False)
    figures, tables = re.findall(r"<svg.*?</svg>", html, re.DOTALL), re.findall(r"<table>.*?</table>", html, re.DOTALL)
    assert len(figures) == len(tables) == len(charts(a_report(), load_edition())) == 4
    for figure, table in zip(figures, tables, strict=True):
        drawn = set(re.findall(r">([\d,]+)</text>", figure))
        assert drawn
        assert drawn == set(re.findall(r"<td>([\d,]+)</td>", table))


def test_the_page_needs_nothing_from_elsewhere_and_no_script() -> None:
    html = page(a_report(), load_edition(), approver=False)
    assert not re.search(r"<script|https?:|\bsrc=|<link|@import|url\(", html)
    assert "B型肝炎" in html
    assert "GONE" in html, "a series that the edition does not know is told by its code"
    assert "left out" in html


def test_a_bar_is_as_long_as_its_number() -> None:
    effects = charts(a_report(), None)[0].bars
    assert [(bar.count, bar.width) for bar in effects[:4]] == [(1200, 320.0), (1100, 293.3), (0, 0.0), (None, 0.0)]


def test_the_command_writes_the_page_with_small_numbers_for_the_approver_alone(
    run: Run, ward_of_60: str, revised: Path, tmp_path: Path
) -> None:
    public, full = tmp_path / "public.html", tmp_path / "full.html"
    anybody = tried(run, revised, "--html", public)
    report = tried(run, revised, "--approver", APPROVER, "--html", full)
    assert sum(group["children"] for group in report["born"]) == report["counts"]["changed"]
    moved = sum(series["counts"]["moved"] for series in report["series"])
    assert 0 < sum(band["doses"] for band in report["moves"]) <= moved
    assert examples(public) == named(anybody) <= named(report) == examples(full)


def examples(file: Path) -> set[str]:
    return set(re.findall(r"<code>([0-9a-f-]{36})</code>", file.read_text("utf-8")))


def named(report: dict[str, Any]) -> set[str]:
    return {sample["child_id"] for series in report["series"] for sample in series["samples"]}
