"""Two people record the same dose: the second is asked, sees both versions, and decides."""

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.app.pages.conftest import Document, Reader


def open_form(family: "Reader") -> "Document":
    return family.open(family.open("/").link("/record/").removesuffix("/entry"))


def versions(page: "Document") -> list[list[str]]:
    box = page.root.all("div", **{"class": "sides"})[0]
    return [[line.text for line in side.all("li")] for side in box.all("section")]


def test_a_dose_that_was_recorded_since_the_form_was_opened_is_asked_about(family: "Reader") -> None:
    first, second = open_form(family), open_form(family)
    family.submit(first, "/record/", v="BCG")
    page = family.submit(second, "/record/", v="BCG", status=422)
    theirs, ours = versions(page)
    assert theirs == ours
    assert len(theirs) == 1
    assert "2件" not in family.submit(page, "/record/", twice="yes").text


def test_another_day_is_no_way_round_the_question(family: "Reader") -> None:
    first, second = open_form(family), open_form(family)
    family.submit(first, "/record/", v="BCG")
    day_before = int(second.form("/record/").all("input", id="on-y")[0].get("value")) - 1
    page = family.submit(second, "/record/", v="BCG", on_y=str(day_before), on_m="12", on_d="28", status=422)
    theirs, ours = versions(page)
    assert theirs != ours


def test_what_others_recorded_of_other_vaccines_is_no_conflict(family: "Reader") -> None:
    first, second = open_form(family), open_form(family)
    family.submit(first, "/record/", v="BCG")
    assert "1件を記録しました" in family.submit(second, "/record/", v="HEPB").text


def test_sending_the_same_form_again_is_no_conflict(family: "Reader") -> None:
    form = open_form(family)
    for _ in range(2):
        assert "1件を記録しました" in family.submit(form, "/record/", v="BCG").text


def cell(name: str, day: str) -> dict[str, str]:
    """A filled cell of the grid; the day as 2026-11-1."""
    return {f"e-{name}_{part}": value for part, value in zip("ymd", day.split("-"), strict=True)}


def open_grid(family: "Reader") -> "Document":
    return family.open(family.open("/").link("/entry"))


def test_a_grid_that_is_sent_again_says_the_same(family: Any, today: date) -> None:
    grid, day = open_grid(family), str(today)
    for _ in range(2):
        page = family.submit(grid, "/entry", **cell("BCG-1", day), **cell("HEPB-1", day), **cell("HEPB-2", "2026-10-1"))
        assert "これまでの記録を保存しました" in page.text
    assert "受けた予防接種は3回" in family.open("/chart").text


def test_a_cell_that_was_recorded_since_the_grid_was_opened_is_asked_about(family: Any, today: date) -> None:
    grid = open_grid(family)
    family.submit(open_form(family), "/record/", v="BCG")
    page = family.submit(grid, "/entry", status=422, **cell("BCG-1", "2026-10-1"), **cell("HEPB-1", str(today)))
    assert [problem.split("、")[0] for problem in page.problems] == ["BCG 1回：この画面を開いたあとに"]
    assert family.filled(page.form("/entry"), {})["e-BCG-1-m"] == ["10"]
    page = family.submit(page, "/entry", **cell("BCG-1", "--"))
    assert "これまでの記録を保存しました" in page.text
    assert "受けた予防接種は2回" in family.open("/chart").text
