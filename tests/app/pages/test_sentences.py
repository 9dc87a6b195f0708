"""Sentences that pages put together stand apart, and do not repeat themselves."""

import re
from datetime import date, timedelta
from typing import Any

import pytest


@pytest.fixture
def siblings(family: Any, today: date) -> Any:
    """A baby and a boy of four."""
    family.add_child("りくくん", today - timedelta(days=1754), "M")
    return family


def test_english_sentences_are_parted(siblings: Any, today: date) -> None:
    home = siblings.open("/en/")
    pages = [
        home,
        siblings.open("/en/plan?go-y=2026&go-m=12&go-d=4"),
        siblings.open(home.link("/record/").removesuffix("/entry")),
    ]
    pages.append(siblings.open(home.link("/entry")))
    told = [paragraph.text for page in pages for paragraph in page.main.all("p")]
    assert [text for text in told if re.search(r"[a-z][.?][A-Z]", text)] == []


def test_a_last_free_day_that_several_share_is_told_once(family: Any, today: date) -> None:
    page = family.open(family.open("/").link("/postpone"))
    page = family.submit(page, "/postpone", button="preview", to=str(today + timedelta(weeks=2)), series=["BCG", "HEPB"])
    (care,) = (note for note in page.main.all("div") if "気をつけること" in note.text and "n-soon" in note.get("class"))
    (line,) = care.all("li")
    assert "BCG、B型肝炎は、" in line.text or "B型肝炎、BCGは、" in line.text
