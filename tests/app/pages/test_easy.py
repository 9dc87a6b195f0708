"""やさしい日本語: short sentences, a reading above every word in kanji, and no reading where only text can stand."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from app.pages.furigana import annotated, plain, ruby
from app.pages.text import EASY, Text, Words, catalogue
from schedule.contract import Reason
from schedule.japan import load_edition, saying

SENTENCE_LETTERS_MAX = 48
KANJI = re.compile("[々一-鿿]")
MARKS = "\ufff9\ufffa\ufffb"
WORDS = Words(EASY, date(2026, 11, 23))


def _bare(text: str) -> str:
    """What is left of a text without the words that have a reading."""
    return re.sub(f"{MARKS[0]}[^{MARKS[2]}]*{MARKS[2]}", "", annotated(text))


def _forms(text: Text) -> list[str]:
    return [text] if isinstance(text, str) else list(text.values())


def _reasons(part: Any) -> Iterator[Reason]:
    """Every reason that an edition can give."""
    if isinstance(part, Reason):
        yield part
    elif isinstance(part, (dict, tuple, list)):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from _reasons(inner)
    elif is_dataclass(part):
        for one in fields(part):
            yield from _reasons(getattr(part, one.name))


def test_every_text_of_parents_pages_has_an_easy_one() -> None:
    assert {key for key in catalogue("ja") if not key.startswith("staff")} - set(catalogue("ja-easy")) == set()


def test_every_word_in_kanji_has_a_reading() -> None:
    bare = {key: _bare("".join(_forms(text))) for key, text in catalogue("ja-easy").items()}
    assert {key: text for key, text in bare.items() if KANJI.search(text)} == {}


def test_what_comes_from_elsewhere_has_readings_too() -> None:
    edition = load_edition()
    labels = [label.ja for label in edition.products.values()] + [label.ja for label in edition.series.values()]
    reasons = [reason.text for reason in (*_reasons(vars(saying)), *_reasons(edition.law(date.max.toordinal())))]
    assert len(reasons) > 100
    assert [text for text in (*labels, *reasons, edition.ja) if KANJI.search(_bare(text))] == []


def test_sentences_are_short() -> None:
    told = [re.sub("<[^>]*>", "", form) for text in catalogue("ja-easy").values() for form in _forms(text)]
    sentences = [sentence for text in told for sentence in re.split("[。：／]", text)]
    assert [sentence for sentence in sentences if len(sentence.replace(" ", "")) > SENTENCE_LETTERS_MAX] == []


def test_easy_texts_ask_for_no_value_that_plain_ones_do_not_get() -> None:
    def values(text: Text) -> set[str]:
        return set(re.findall(r"{(\w+)}", "".join(_forms(text))))

    easy, plain_ones = catalogue("ja-easy"), catalogue("ja")
    assert {key for key in easy.keys() & plain_ones.keys() if values(easy[key]) - values(plain_ones[key])} == set()


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 12, 1), "12月[がつ] 1日[ついたち] 火曜日[かようび]"),
        (date(2026, 12, 9), "12月[がつ] 9日[ここのか] 水曜日[すいようび]"),
        (date(2027, 1, 20), "2027年[ねん] 1月[がつ] 20日[はつか] 水曜日[すいようび]"),
        (date(2026, 11, 27), "11月[がつ] 27日[にち] 金曜日[きんようび]"),
    ],
)
def test_days_are_read_as_people_say_them(day: date, told: str) -> None:
    assert re.sub(r"<ruby>(.*?)<rp>.*?<rt>(.*?)<rp>.*?</ruby>", r"\1[\2]", ruby(WORDS.day(day))) == told


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("予防接種", "<ruby>予防接種<rp>(<rt>よぼうせっしゅ<rp>)</ruby>"),
        ("今日", "<ruby>今日<rp>(<rt>きょう<rp>)</ruby>"),
        ("日[にち]", "<ruby>日<rp>(<rt>にち<rp>)</ruby>"),
        ("あと 2日", "あと <ruby>2日<rp>(<rt>ふつか<rp>)</ruby>"),
        ("12日", "12<ruby>日<rp>(<rt>にち<rp>)</ruby>"),
        ("1か月", "1か<ruby>月<rp>(<rt>げつ<rp>)</ruby>"),
    ],
)
def test_the_longest_word_known_gets_its_reading(text: str, html: str) -> None:
    assert ruby(annotated(text)) == html


@pytest.mark.parametrize(
    "where", ['<p title="{}">', "<title>{}</title>", "<svg><text>{}</text></svg>", '<svg width="1"><title>{}</title></svg>']
)
def test_no_reading_stands_where_only_text_can(where: str) -> None:
    assert ruby(where.format(annotated("記録を 書きます"))) == where.format("記録を 書きます")


def test_what_people_type_is_escaped_and_gets_no_reading() -> None:
    shown = ruby(str(WORDS("record.title", child=f"<b>日</b>{MARKS[0]}<i>{MARKS[1]}")))
    assert shown.startswith("&lt;b&gt;日&lt;/b&gt;")
    assert "<i>" not in shown


def test_readings_can_be_left_out() -> None:
    assert plain(annotated("予診票〈病院に 出す 紙〉")) == "予診票〈病院に 出す 紙〉"


@pytest.mark.parametrize(
    "path",
    ["", "chart", "record", "plan", "menu", "menu/mail", "menu/family", "menu/data", "menu/stop", "menu/delete", "terms", "try"],
)
def test_every_page_is_there_in_easy_words(family: Any, path: str) -> None:
    page = family.open(f"/easy/{path}")
    assert page.root.all("rt")
    assert not set(MARKS) & set(page.html)
    assert all(link.startswith(("/easy/", "#")) for link in page.links("/"))


def test_a_visit_is_recorded_undone_and_postponed_in_easy_words(family: Any, today: date) -> None:
    page = family.submit(family.open(family.open("/easy/").link("/record/")), "/record/", v=["BCG"])
    assert "はるちゃんの 記録(きろく)を 1つ 書(か)きました" in page.text
    family.submit(page, "/undo/")
    page = family.open(family.open("/easy/").link("/why/"))
    assert "(よぼうせっしゅほうしこうれい)" in page.text
    page = family.open(family.open("/easy/").link("/postpone"))
    page = family.submit(page, "/postpone", button="save", status=422, to=str(today + timedelta(weeks=1)))
    assert page.problems == ["1つ えらんでください。「答(こた)えません」でも いいです"]


def test_the_calendar_file_is_plain_text(family: Any, today: date) -> None:
    page = family.open("/easy/plan")
    page = family.submit(page, "/plan", go_y=str(today.year), go_m=str(today.month), go_d=str(today.day))
    family.submit(page, "/plan", method="post")
    chart = family.open("/easy/chart")
    calendar = family.browser.get(chart.link(".ics")).text
    assert "母子健康手帳" in calendar
    assert not set(MARKS) & set(calendar)
