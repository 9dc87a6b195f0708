"""The impact report (影響調査) as one page with charts, to be printed and signed, or read by screen readers as tables."""

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from msgspec import Struct

from projections.impact_effect import Effect
from projections.impact_report import ImpactReport, Moves
from schedule.japan import Edition

FOLDER = Path(__file__).parent
BAR_WIDTH_MAX = 320

EFFECTS = {
    Effect.CHANGED: ("表示が変わる", "Shown differently"),
    Effect.MOVED: ("日が動く", "Dates move"),
    Effect.GAINED: ("新たに必要になる", "Doses gained"),
    Effect.LOST: ("対象でなくなる", "Doses lost"),
    Effect.COMPLETED: ("完了になる", "Complete now"),
    Effect.OVERDUE: ("遅れになる", "Newly overdue"),
    Effect.ELIGIBLE: ("きょうから受けられる", "Newly eligible"),
}


class Bar(Struct, frozen=True):
    """One line of a chart. A number that is not told has no width."""

    ja: str
    en: str
    count: int | None
    width: float


class Chart(Struct, frozen=True):
    """Horizontal bars, and the same numbers for the table beside them."""

    name: str
    ja: str
    en: str
    counted_ja: str
    counted_en: str
    bars: list[Bar]


def page(report: ImpactReport, edition: Edition | None, *, approver: bool) -> str:
    """The whole page."""
    return (
        _environment()
        .get_template("impact.html")
        .render(
            report=report,
            edition=edition,
            approver=approver,
            charts=charts(report, edition),
            effects=EFFECTS,
            series=_namer(edition),
            years=_years,
        )
    )


def charts(report: ImpactReport, edition: Edition | None) -> list[Chart]:
    """Children by effect, by series and by cohort, and doses by the days they move."""
    children, name = ("お子さん", "children"), _namer(edition)
    effects = ((*EFFECTS[effect], count) for effect, count in report.counts.items())
    series = ((*name(one.series), one.counts[Effect.CHANGED]) for one in report.series)
    born = ((*_years(group.born_from, group.born_to), group.children) for group in report.born)
    moves = ((*_days(band), band.doses) for band in report.moves)
    return [
        Chart("effects", "変わり方ごと", "By effect", *children, _bars(effects)),
        Chart("series", "ワクチンごと", "By vaccine", *children, _bars(series)),
        Chart("born", "生まれた年度ごと", "By fiscal year of birth", *children, _bars(born)),
        Chart("moves", "動く日数", "Days by which doses move", "接種の回", "doses", _bars(moves)),
    ]


def _bars(lines: Iterable[tuple[str, str, int | None]]) -> list[Bar]:
    told = list(lines)
    most = max((count or 0 for _, _, count in told), default=0) or 1
    return [Bar(ja, en, count, round(BAR_WIDTH_MAX * (count or 0) / most, 1)) for ja, en, count in told]


def _namer(edition: Edition | None) -> Callable[[str], tuple[str, str]]:
    """What a series is called; one that the edition no longer knows is told by its code."""

    def name(code: str) -> tuple[str, str]:
        label = edition.series.get(code) if edition else None
        return (label.ja, label.en) if label else (code, code)

    return name


def _years(first: int, last: int) -> tuple[str, str]:
    if first == last:
        return f"{first}年度", f"FY {first}"
    return f"{first}〜{last}年度", f"FY {first}–{last}"


def _days(band: Moves) -> tuple[str, str]:
    match band.days_from, band.days_to:
        case 0, 0:
            return "初めの日は同じ", "same first day"
        case None, int(last):
            return f"{-last}日以上早く", f"{-last} days or more earlier"
        case int(first), None:
            return f"{first}日以上遅く", f"{first} days or more later"
        case int(first), int(last) if last < 0:
            return f"{-last}〜{-first}日早く", f"{-last} to {-first} days earlier"
    return f"{band.days_from}〜{band.days_to}日遅く", f"{band.days_from} to {band.days_to} days later"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.globals["style"] = (FOLDER / "impact.css").read_text("utf-8")
    return made
