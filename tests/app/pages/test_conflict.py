"""Two people record the same dose: the second is asked, sees both versions, and decides."""

from datetime import date, timedelta
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


def open_postponing(family: "Reader") -> "Document":
    return family.open(family.open("/").link("/postpone"))


def put_off(family: Any, page: "Document", until: date, **also: Any) -> Any:
    return family.submit(page, "/postpone", button="save", reason="unwell", to=str(until), **also)


def test_a_postponement_that_others_have_made_meanwhile_is_asked_about(family: Any, today: date) -> None:
    first, second = open_postponing(family), open_postponing(family)
    earlier, later = today + timedelta(weeks=1), today + timedelta(weeks=4)
    put_off(family, first, earlier)
    page = put_off(family, second, later, status=422)
    assert page.problems[0].endswith("何もしなくて大丈夫です。")
    theirs, ours = versions(page)
    assert len(theirs) == len(ours) > 0
    assert f"{earlier.month}月{earlier.day}日" in theirs[0]
    assert f"{later.month}月{later.day}日" in ours[0]


def test_the_postponement_that_was_chosen_alone_holds(family: Any, today: date) -> None:
    first, second = open_postponing(family), open_postponing(family)
    earlier, later = today + timedelta(weeks=1), today + timedelta(weeks=4)
    put_off(family, first, later)
    page = put_off(family, second, earlier, status=422)
    page = put_off(family, page, earlier, twice="yes")
    assert f"{earlier.month}月{earlier.day}日" in page.text
    assert f"{later.month}月{later.day}日" not in page.main.all("article")[0].text
    standing = {form.get("action") for form in family.open("/chart").forms() if "/lift/" in form.get("action")}
    assert len(standing) == 1


def test_what_is_put_off_anew_leaves_the_rest_put_off(family: Any, today: date) -> None:
    both = open_postponing(family)
    put_off(family, both, today + timedelta(weeks=4), series=["BCG", "HEPB"])
    page = family.open(family.open("/plan").link("/postpone"))
    page = put_off(family, page, today + timedelta(weeks=2), series=["BCG"])
    assert "に延期しました" in page.text
    standing = {form.get("action") for form in family.open("/chart").forms() if "/lift/" in form.get("action")}
    assert len(standing) == 2


def test_a_dose_that_was_recorded_meanwhile_is_asked_about_before_it_is_put_off(family: Any, today: date) -> None:
    form = open_postponing(family)
    family.submit(open_form(family), "/record/", v="BCG")
    page = put_off(family, form, today + timedelta(weeks=1), status=422)
    assert "BCG：受けました" in versions(page)[0]


def test_a_postponement_that_is_sent_again_is_no_conflict(family: Any, today: date) -> None:
    form = open_postponing(family)
    for _ in range(2):
        assert "に延期しました" in put_off(family, form, today + timedelta(weeks=1)).text


def test_the_question_has_a_name(family: "Reader") -> None:
    first, second = open_form(family), open_form(family)
    family.submit(first, "/record/", v="BCG")
    page = family.submit(second, "/record/", v="BCG", status=422)
    (box,) = (fieldset for fieldset in page.main.all("fieldset") if fieldset.all("div", **{"class": "sides"}))
    assert [legend.text for legend in box.all("legend")] == ["送った記録が、いまの記録と合いません"]
