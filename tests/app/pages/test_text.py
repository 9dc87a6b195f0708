"""The catalogues, and how dates, ages and counts are said."""

import re
from datetime import date
from pathlib import Path

import pytest

from app.pages.holidays import is_holiday
from app.pages.text import DYNAMIC_PREFIXES, ENGLISH, JAPANESE, LANGUAGES, Text, Words, catalogue

PAGES = Path(__file__).parents[3] / "app" / "pages"
TODAY = date(2026, 11, 23)
JA, EN = Words(JAPANESE, TODAY), Words(ENGLISH, TODAY)
_KEY = re.compile(r"""["']([a-z_]+\.[A-Za-z0-9_-]+)["']""")


def _sources() -> str:
    files = [*PAGES.glob("*.py"), *(PAGES / "templates").glob("*.html")]
    return "\n".join(path.read_text("utf-8") for path in files)


def _values(text: Text) -> set[str]:
    forms = text.values() if isinstance(text, dict) else [text]
    return {name for form in forms for name in re.findall(r"{(\w+)}", form)}


def test_every_language_has_every_text() -> None:
    assert set(catalogue("ja")) == set(catalogue("en"))


def test_no_text_asks_for_a_value_that_the_other_language_does_not_get() -> None:
    extra = {key: _values(catalogue("en")[key]) ^ _values(text) for key, text in catalogue("ja").items()}
    allowed = {"era", "n", "years", "months", "y", "m"}
    assert {key: names for key, names in extra.items() if names - allowed} == {}


def test_every_text_is_used() -> None:
    used = set(_KEY.findall(_sources()))
    unused = {key for key in catalogue("ja") if key not in used and not key.startswith(DYNAMIC_PREFIXES)}
    assert unused == set()


def test_every_text_that_is_used_exists() -> None:
    sections = {key.partition(".")[0] for key in catalogue("ja")}
    used = {key for key in _KEY.findall(_sources()) if key.partition(".")[0] in sections}
    endings = (".html", ".py", ".toml", ".svg", ".css", ".png", ".js")
    assert {key for key in used if key not in catalogue("ja") and not key.endswith((*endings, "_"))} == set()


def test_an_english_count_has_a_singular() -> None:
    assert str(EN("common.left", n=1)) == "1 day left"
    assert str(EN("common.left", n=2)) == "2 days left"


def test_values_are_escaped() -> None:
    assert "<script>" not in str(JA("record.title", child="<script>"))


@pytest.mark.parametrize(
    ("day", "ja", "en"),
    [
        (date(2026, 11, 23), "11月23日（月・祝）", "Mon 23 Nov"),
        (date(2027, 4, 9), "2027年4月9日（金）", "Fri 9 Apr 2027"),
    ],
)
def test_a_date_leaves_out_the_current_year_alone(day: date, ja: str, en: str) -> None:
    assert (JA.day(day), EN.day(day)) == (ja, en)


@pytest.mark.parametrize(
    ("until", "ja", "en"),
    [
        (date(2026, 11, 23), "今日です", "Today"),
        (date(2026, 12, 9), "あと16日", "16 days left"),
        (date(2029, 8, 2), "あと2年8か月", "2 years 8 months left"),
    ],
)
def test_the_time_left_is_told_in_days_up_to_a_year(until: date, ja: str, en: str) -> None:
    assert (str(JA.left(until)), str(EN.left(until))) == (ja, en)


@pytest.mark.parametrize(
    ("born", "ja", "en"),
    [
        (date(2026, 4, 10), "0歳7か月", "7 months"),
        (date(2022, 2, 3), "4歳9か月", "4 years 9 months"),
        (date(2026, 11, 20), "生後3日", "3 days old"),
        (date(2025, 11, 23), "1歳0か月", "1 year"),
    ],
)
def test_ages_are_said_as_parents_say_them(born: date, ja: str, en: str) -> None:
    assert (str(JA.age(born)), str(EN.age(born))) == (ja, en)


def test_era_years() -> None:
    assert [JA.era(date(2019, 4, 30)), JA.era(date(2019, 5, 1)), JA.era(date(2026, 4, 10))] == ["平成31年", "令和元年", "令和8年"]


@pytest.mark.parametrize(
    ("day", "off"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 9, 22), True),  # between 敬老の日 and 秋分の日
        (date(2026, 5, 6), True),  # in place of Sunday, 3 May
        (date(2027, 3, 22), True),  # in place of Sunday, 21 March
        (date(2020, 7, 24), True),
        (date(2020, 10, 12), False),
        (date(2026, 11, 24), False),
        (date(2026, 12, 23), False),
    ],
)
def test_national_holidays(day: date, *, off: bool) -> None:
    assert is_holiday(day) is off


def test_every_language_names_itself() -> None:
    assert [language.name for language in LANGUAGES] == ["日本語", "やさしい日本語", "English"]
