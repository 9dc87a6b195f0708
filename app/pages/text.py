"""The reader's language: texts from the catalogues, dates, ages and counts."""

import tomllib
from datetime import date as Day  # noqa: N812 - a method is called date
from functools import cache
from pathlib import Path
from typing import TypeAlias

from markupsafe import Markup, escape
from msgspec import Struct

from app.pages.furigana import annotated, marked, plain
from app.pages.holidays import is_holiday
from app.pages.phrase import phrase

CATALOGUES = Path(__file__).parent / "catalogue"
DYNAMIC_PREFIXES = (
    "action.",
    "actor.",
    "badge.",
    "carrier.",
    "chart.g_",
    "common.nav_",
    "date.part_",
    "date.what_",
    "mail.wish_",
    "mail_kind.",
    "mail_not.",
    "mail_end.",
    "inquiry.s_",
    "menu.",
    "purpose.",
    "reason.",
    "refusal.",
    "series.",
    "series_sub.",
    "setting.",
    "terms.step_",
)
"""Keys put together at run time begin with one of these; all others stand in the source as they are."""

Text: TypeAlias = "str | dict[str, str]"

_WEEKDAYS_JA = "月火水木金土日"
_MONTHS_EN = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_WEEKDAYS_EN = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_REIWA = (Day(2019, 5, 1), 2018, "令和")
_HEISEI = (Day(1989, 1, 8), 1988, "平成")
_DAYS_SHOWN_MAX = 365


class Language(Struct, frozen=True):
    """A language of the pages; `prefix` is where its tree of addresses begins, `tag` is what HTML calls it."""

    code: str
    prefix: str
    name: str
    tag: str


JAPANESE = Language("ja", "", "日本語", "ja")
EASY = Language("ja-easy", "/easy", "やさしい日本語", "ja")
ENGLISH = Language("en", "/en", "English", "en")
LANGUAGES = (JAPANESE, EASY, ENGLISH)


def language_at(path: str) -> Language:
    """The language whose tree of addresses a path is in."""
    return next((one for one in (EASY, ENGLISH) if path == one.prefix or path.startswith(f"{one.prefix}/")), JAPANESE)


@cache
def catalogue(code: str) -> dict[str, Text]:
    """Every text of one language by its key, such as `home.title`. A text with plural forms is a table of `one` and `other`."""
    tables = tomllib.loads((CATALOGUES / f"{code}.toml").read_text(encoding="utf-8"))
    return {f"{section}.{key}": text for section, texts in tables.items() for key, text in texts.items()}


@cache
def _texts(language: Language) -> dict[str, Text]:
    """The texts as pages show them: those of やさしい日本語 with readings, and in plain Japanese what is only for staff."""
    texts = catalogue(language.code)
    if language is not EASY:
        return texts
    return {key: annotated(text) if isinstance(text, str) else text for key, text in (catalogue(language.tag) | texts).items()}


def full_months(since: Day, until: Day) -> int:
    """Whole months from one day to another, as ages are said in daily life."""
    return (until.year - since.year) * 12 + until.month - since.month - (until.day < since.day)


class Words:
    """Speaks one language on one day.

    Args:
        language: Which catalogue to read.
        today: The day that dates and ages are told from.
    """

    def __init__(self, language: Language, today: Day) -> None:
        self.language = language
        self.today = today
        self._texts = _texts(language)

    @property
    def japanese(self) -> bool:
        """Whether the page is in Japanese, easy or not."""
        return self.language.tag == JAPANESE.tag

    @property
    def easy(self) -> bool:
        """Whether the page is in やさしい日本語."""
        return self.language is EASY

    def read(self, japanese: str) -> str:
        """A Japanese text from elsewhere, with readings where this language shows them."""
        return annotated(japanese) if self.easy else japanese

    def __call__(self, key: str, **values: object) -> Markup:
        """The text of a key; values are escaped unless they are markup already."""
        text = self._texts[key]
        if isinstance(text, dict):
            text = text["one" if values.get("n") == 1 else "other"]
        return phrase(text)(values)

    def has(self, key: str) -> bool:
        """Whether the catalogue knows this key."""
        return key in self._texts

    def day(self, day: Day, *, year: bool = False) -> str:
        """A date in plain text; the year is left out in the current year unless asked for."""
        shown = year or day.year != self.today.year
        if self.easy:
            return f"{_easy_day(day, year=shown)} {annotated(f'{_WEEKDAYS_JA[day.weekday()]}曜日')}"
        if self.japanese:
            mark = "・祝" if is_holiday(day) else ""
            return f"{f'{day.year}年' if shown else ''}{day.month}月{day.day}日（{_WEEKDAYS_JA[day.weekday()]}{mark}）"
        return f"{_WEEKDAYS_EN[day.weekday()]} {day.day} {_MONTHS_EN[day.month - 1]}{f' {day.year}' if shown else ''}"

    def date(self, day: Day, *, year: bool = False) -> Markup:
        """A date as a `<time>` element."""
        return Markup(f'<time datetime="{day.isoformat()}">{self.day(day, year=year)}</time>')  # noqa: S704 - words of ours

    def short(self, day: Day) -> str:
        """A date with its year and without its weekday."""
        if self.easy:
            return _easy_day(day, year=True)
        if self.japanese:
            return f"{day.year}年{day.month}月{day.day}日"
        return f"{day.day} {_MONTHS_EN[day.month - 1]} {day.year}"

    def era(self, day: Day) -> str:
        """The Japanese era year (和暦) of a day, such as 令和8年; in English as the calendar year."""
        begin, offset, name = _REIWA if day >= _REIWA[0] else _HEISEI
        if not self.japanese or day < begin:
            return str(day.year)
        ordinal = day.year - offset
        return self.read(f"{name}{'元' if ordinal == 1 and not self.easy else ordinal}年")

    def left(self, until: Day) -> Markup:
        """How long it is until a day: in days up to a year, beyond that in years and months."""
        days = (until - self.today).days
        if days == 0:
            return self("common.today_is")
        if days <= _DAYS_SHOWN_MAX:
            return self("common.left", n=days)
        years, months = divmod(full_months(self.today, until), 12)
        return self(
            "common.left_long", y=years, m=months, years=self("common.years", n=years), months=self("common.months", n=months)
        )

    def age(self, born_on: Day) -> Markup:
        """The age as parents say it: years and months, in the first month days."""
        years, months = divmod(full_months(born_on, self.today), 12)
        if years == 0 and months == 0:
            return self("common.age_days", n=(self.today - born_on).days)
        if self.japanese:
            return self("common.age", y=years, m=months)
        parts = [self(f"common.{unit}", n=n) for unit, n in (("years", years), ("months", months)) if n]
        return Markup(" ").join(parts)

    def aside(self, text: str) -> Markup:
        """What a link is about, for those who hear it without seeing what stands around it: readings would be heard twice."""
        begin, end = ("（", "）") if self.japanese else (" (", ")")
        return Markup(f'<span class="vh">{begin}{plain(escape(text))}{end}</span>')  # noqa: S704 - the text is escaped

    @property
    def gap(self) -> str:
        """What stands between two sentences."""
        return " " if self.easy or not self.japanese else ""

    def sentences(self, parts: list[str]) -> str:
        """Short remarks one after another."""
        return ("。" if self.japanese else ". ").join(parts)

    def join(self, parts: list[str]) -> str:
        """Several things in one line."""
        return ("、" if self.japanese else ", ").join(parts)


def _easy_day(day: Day, *, year: bool) -> str:
    """The first of a month has a reading of its own (ついたち); the others follow their number."""
    ordinal = marked("1日", "ついたち") if day.day == 1 else annotated(f"{day.day}日")
    return f"{annotated(f'{day.year}年') + ' ' if year else ''}{annotated(f'{day.month}月')} {ordinal}"
