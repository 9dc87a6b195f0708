"""A family's way through all pages without JavaScript. Every page passes the checks of the reader (conftest)."""

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from app.pages.text import catalogue
from commands.open_day import open_days
from projections.models import reminder

if TYPE_CHECKING:
    from app.service import Service

PASSWORD = "correct horse battery staple"


def _typed(name: str, day: date) -> dict[str, str]:
    return {f"{name}_y": str(day.year), f"{name}_m": str(day.month), f"{name}_d": str(day.day)}


def _plan(family: Any, on: date) -> Any:
    page = family.submit(family.open("/plan"), "/plan", **_typed("go", on))
    return family.submit(page, "/plan", method="post")


def _record(family: Any, **typed: Any) -> Any:
    child = family.open("/").link("/record/")
    page = family.open(child)
    return family.submit(page, "/record/", **typed)


def _doses(family: Any) -> Any:
    return family.open(family.open("/chart").link("/doses"))


def test_terms_come_first(stranger: Any) -> None:
    assert stranger.open("/register").h1 == "利用規約をたしかめてください"
    page = stranger.submit(stranger.open("/terms"), "/terms", status=422)
    assert page.title.startswith("まちがい：")
    assert page.problems == ["登録するには、利用規約への同意が必要です"]


def test_registration_shows_login_id_and_recovery_code_and_signs_in(stranger: Any) -> None:
    page = stranger.register()
    assert page.h1 == "登録しました"
    assert re.fullmatch(r"(\w{4}-){2}\w{2}", stranger.login_id)
    assert re.search(r"\d{4}-\d{4}-\d{4}-\d{4}", page.text)
    assert stranger.open("/").h1 == "次の予防接種"


def test_a_passphrase_is_made_up_and_the_same_when_sent_again(stranger: Any) -> None:
    page = stranger.submit(stranger.open("/terms"), "/terms", agreed="1")
    first = stranger.submit(page, "/register", handle="父", postal_code="1020074")
    again = stranger.submit(page, "/register", handle="父", postal_code="1020074")
    assert first.text == again.text
    login_id, passphrase, _ = (code.text for code in first.main.all("b", **{"class": "big-code"}))
    stranger.submit(stranger.open("/menu"), "/signout")
    page = stranger.submit(stranger.open("/signin"), "/signin", login_id=login_id, password=passphrase)
    assert page.h1 == "次の予防接種"


def test_home_leads_from_no_child_to_the_first_dates(mother: Any, today: date) -> None:
    assert "お子さんがまだ登録されていません" in mother.open("/").text
    page = mother.add_child(born_on=today - timedelta(days=70))
    assert "はるちゃんを登録しました" in page.text
    assert "5種混合 1回目" in page.text
    assert page.links("/why/")


def test_the_chart_lists_every_window(family: Any) -> None:
    page = family.open("/chart")
    assert page.h1 == "はるちゃんの年齢表"
    for name in ("BCG", "B型肝炎", "麻しん風しん（MR）第1期", "日本脳炎 第1期", "1歳6か月児健診"):
        assert name in page.text
    assert page.main.all("figure", **{"class": "gantt"})


def test_why_gives_rules_and_articles_behind_a_date(family: Any) -> None:
    page = family.open(family.open("/").link("/why/"))
    assert page.h1.startswith("なぜこの日？ はるちゃん")
    assert "予防接種法施行令" in page.text or "実施要領" in page.text
    assert "無料の最後の日" in page.text


def test_a_visit_is_recorded_with_a_tap_a_dose_and_undone(family: Any) -> None:
    page = _record(family, v=["BCG", "HEPB"])
    assert "はるちゃんの2件を記録しました" in page.text
    assert "BCGは、これで全部受けました" in page.text
    page = family.submit(page, "/undo/")
    assert "はるちゃんの記録を取り消しました" in page.text
    assert "受けた予防接種は0回" in family.open("/chart").text


def test_sending_a_form_twice_records_once(family: Any) -> None:
    form = family.open(family.open("/").link("/record/"))
    first = family.submit(form, "/record/", v=["BCG"])
    again = family.submit(form, "/record/", v=["BCG"])
    assert "はるちゃんの1件を記録しました" in first.text
    assert "はるちゃんの1件を記録しました" in again.text
    assert "受けた予防接種は1回" in family.open("/chart").text


def test_a_changed_form_sent_again_asks_once_more_and_then_records(family: Any) -> None:
    form = family.open(family.open("/").link("/record/"))
    family.submit(form, "/record/", v=["BCG"])
    page = family.submit(form, "/record/", status=422, v=["HEPB"])
    assert page.problems == [
        "前に送った内容は、もう保存されています。変えた内容も保存するときは、もう一度ボタンを押してください。"
    ]
    family.submit(page, "/record/")
    assert "受けた予防接種は2回" in family.open("/chart").text


def test_the_same_vaccine_on_the_same_day_is_asked_about(family: Any) -> None:
    _record(family, v=["HEPB"])
    form = family.open(family.open("/chart").link("/entry").removesuffix("/entry"))
    page = family.submit(form, "/record/", status=422, other=["HEPB"])
    assert "もう記録されています" in page.problems[0]
    page = family.submit(page, "/record/", twice="yes")
    assert "はるちゃんの1件を記録しました" in page.text


def test_a_dose_of_unknown_day_is_kept(family: Any) -> None:
    page = _record(family, other=["MUMPS"], setting="abroad", unknown="unknown")
    assert "日がわからないもの：" in page.text
    assert "日がわからない" in family.open("/chart").text


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"v": []}, "受けたものを1つ以上えらんでください"),
        ({"v": ["BCG"], "on_m": "１３"}, "受けた月は、1から12の数字で入れてください"),
        ({"v": ["BCG"], "on_y": "令和99"}, "受けた日は、今日（"),
        ({"v": ["BCG"], "on_y": "平成元"}, "受けた日は、生まれた日（"),
    ],
)
def test_impossible_records_are_explained_and_nothing_typed_is_lost(family: Any, typed: dict[str, Any], problem: str) -> None:
    form = family.open(family.open("/").link("/record/"))
    page = family.submit(form, "/record/", status=422, **typed)
    assert page.problems[0].startswith(problem)
    assert page.title.startswith("まちがい：")
    for name, value in typed.items():
        values = family.filled(page.form("/record/"), {}).get(name.replace("_", "-"), [])
        assert values == (value if isinstance(value, list) else [value])


def test_a_dose_is_corrected_and_taken_back(family: Any, today: date) -> None:
    _record(family, v=["BCG"])
    page = family.open(_doses(family).link("/dose/"))
    page = family.submit(page, "/dose/", **_typed("on", today - timedelta(days=3)))
    assert "はるちゃんの記録をなおしました" in page.text
    page = family.open(_doses(family).link("/dose/"))
    assert str((today - timedelta(days=3)).day) in family.filled(page.form("/dose/"), {})["on-d"]
    page = family.submit(page, "/void", reason="wrong_child")
    assert "はるちゃんの記録を取り消しました" in page.text


def test_past_doses_are_entered_in_the_grid_of_the_handbook(family: Any, today: date) -> None:
    child = family.open("/").link("/entry")
    first = today - timedelta(days=160)
    typed = {
        f"e-HEPB-1_{part}": value for part, value in zip("ymd", (str(first.year), str(first.month), str(first.day)), strict=True)
    }
    page = family.submit(family.open(child), "/entry", **typed, **{"e-ROTA-1_y": "8"})
    assert "はるちゃんのこれまでの記録を保存しました" in page.text
    assert "受けた予防接種は1回" in family.open("/chart").text


def _cells(**days: date) -> dict[str, str]:
    return {
        f"e-{cell.replace('_', '-')}_{part}": str(value)
        for cell, day in days.items()
        for part, value in zip("ymd", (day.year, day.month, day.day), strict=True)
    }


def test_the_grid_names_a_dose_that_breaks_a_rule_once_before_it_is_saved(family: Any, today: date) -> None:
    grid = family.open(family.open("/").link("/entry"))
    first = today - timedelta(days=60)
    early = _cells(HEPB_1=first, HEPB_2=first + timedelta(days=26), BCG_1=today)
    page = family.submit(grid, "/entry", status=422, **early)
    assert [problem.split("手帳が")[0] for problem in page.problems] == ["B型肝炎 2回目：前回から27日以上の間隔をおきます。"]
    assert page.text.count("「要確認」として残します") == 2  # in the summary and beside the cell
    assert "受けた予防接種は0回" in family.open("/chart").text
    still_early = first + timedelta(days=27)
    moved = family.submit(page, "/entry", status=422, **_cells(HEPB_2=still_early))
    assert f"{still_early.month}月{still_early.day}日" in moved.problems[0]
    page = family.submit(moved, "/entry")
    assert "はるちゃんのこれまでの記録を保存しました" in page.text
    assert "1件が「要確認」です" in page.text
    assert "これまでの記録を保存しました" in family.submit(moved, "/entry").text
    assert "受けた予防接種は3回" in family.open("/chart").text


def test_a_grid_put_right_is_saved_without_another_question(family: Any, today: date) -> None:
    grid = family.open(family.open("/").link("/entry"))
    first = today - timedelta(days=60)
    page = family.submit(grid, "/entry", status=422, **_cells(HEPB_1=first, HEPB_2=first + timedelta(days=26)))
    page = family.submit(page, "/entry", **_cells(HEPB_2=first + timedelta(days=28)))
    assert "これまでの記録を保存しました" in page.text
    assert "要確認" not in page.text


def test_the_grid_says_that_a_dose_may_not_count(family: Any, today: date) -> None:
    grid = family.open(family.open("/").link("/entry"))
    page = family.submit(grid, "/entry", status=422, **_cells(FLU_1=today - timedelta(days=120)))
    assert "回数に数えないことがあります" in page.problems[0]


def test_the_grid_names_the_cell_that_is_wrong(family: Any) -> None:
    child = family.open("/").link("/entry")
    page = family.submit(family.open(child), "/entry", status=422, **{"e-HEPB-2_y": "8", "e-HEPB-2_m": "13", "e-HEPB-2_d": "1"})
    assert page.problems == ["B型肝炎 2回目：受けた月は、1から12の数字で入れてください"]


def test_a_visit_is_planned_recorded_from_its_card_and_needs_no_reminder(family: Any, today: date) -> None:
    page = _plan(family, today)
    assert "に決めました" in page.text
    assert "受ける予定の日" in page.text
    page = family.open(page.link("visit="))
    assert "予定していたもの" in page.text
    page = family.submit(page, "/record/")
    assert "この日の予定のお知らせメールは送りません。" in page.text


def test_what_is_not_part_of_the_next_visit_is_named_beside_it(family: Any, today: date) -> None:
    page = family.submit(family.open("/plan"), "/plan", **_typed("go", today))
    box = page.form("/plan", "post").all("input", type="checkbox")[0].get("name")
    page = family.submit(page, "/plan", method="post", **{box: ["BCG"]})
    assert page.main.all("p", **{"class": "what"})[0].text == "BCG"
    assert "ほかに、いま受けられるもの" in page.text
    assert "B型肝炎" in page.text


def test_a_visit_whose_day_has_passed_is_asked_about(service: "Service", family: Any, today: date) -> None:
    _plan(family, today)
    open_days(service.ward, today + timedelta(days=1))
    service.queries.wait_for(service.ward.head())
    page = family.open("/")
    assert "の予定はどうなりましたか" in page.text
    page = family.submit(family.open(page.link("visit=")), "/record/")
    assert "の予定はどうなりましたか" not in page.text


def test_a_plan_is_cancelled(family: Any, today: date) -> None:
    _plan(family, today + timedelta(days=10))
    page = family.submit(family.open("/plan"), "/cancel/")
    assert "はるちゃんの予定をやめました" in page.text


def test_choosing_another_day_takes_what_was_planned_along(family: Any, today: date) -> None:
    _plan(family, today + timedelta(days=3))
    page = family.submit(family.open("/plan"), "/plan", **_typed("go", today + timedelta(days=9)))
    box = page.form("/plan", "post").all("input", type="checkbox")[0].get("name")
    family.submit(page, "/plan", method="post", **{box: ["BCG"]})
    moved, left = (form.parent.text for form in reversed(family.open("/plan").forms()[:2]))
    assert "BCG" in moved
    assert "BCG" not in left


def test_no_visit_is_planned_in_the_past(family: Any, today: date) -> None:
    page = family.submit(family.open("/plan"), "/plan", status=422, **_typed("go", today - timedelta(days=1)))
    assert page.problems[0].startswith("行く日は、今日（")


def test_a_visit_is_postponed_after_seeing_what_changes_and_lifted(family: Any, today: date) -> None:
    page = _plan(family, today + timedelta(days=4))
    page = family.open(page.link("/postpone"))
    assert "の予定を延期する" in page.h1
    page = family.submit(page, "/postpone", button="preview", to=str(today + timedelta(days=4, weeks=4)))
    assert "にすると、こう変わります" in page.text
    assert page.main.all("table")
    page = family.submit(page, "/postpone", button="save", reason="unwell")
    assert "に延期しました" in page.text
    assert "受ける予定の日" in page.text
    page = family.submit(family.open("/chart"), "/lift/")
    assert "はるちゃんの延期をやめました" in page.text


def test_postponing_without_a_day_takes_the_plan_away(family: Any, today: date) -> None:
    page = family.open(_plan(family, today + timedelta(days=4)).link("/postpone"))
    page = family.submit(page, "/postpone", button="save", reason="unsaid", to="undecided")
    assert "はるちゃんの予定を延期しました" in page.text
    assert "受ける予定の日" not in page.text
    assert "延期中" in family.open("/chart").text


def test_postponing_asks_for_a_reason_and_a_day(family: Any) -> None:
    page = family.open(family.open("/").link("/postpone"))
    page = family.submit(page, "/postpone", button="save", status=422)
    assert page.problems == ["いつにするかをえらんでください", "理由を1つえらんでください。「答えない」でもかまいません"]


def test_a_childs_birthday_is_put_right_and_doses_stay(family: Any, today: date) -> None:
    _record(family, v=["BCG"])
    page = family.open(family.open("/menu").link("/child/"))
    page = family.submit(page, "/child/", **_typed("born", today - timedelta(days=260)))
    assert "はるちゃんの登録をなおしました" in page.text
    assert "受けた予防接種は1回" in family.open("/chart").text


def test_siblings_with_like_handles_are_told_apart(family: Any, today: date) -> None:
    family.add_child("はるチャン", born_on=today - timedelta(days=1500), sex="M")
    family.add_child("はるちゃん", born_on=today - timedelta(days=900), sex="M")
    page = family.open("/")
    born = (today - timedelta(days=900)).strftime("%Y年%-m月%-d日")
    assert f"はるちゃん（{born}生まれ）" in page.text
    assert family.open("/chart").h1 == "だれのページを見ますか"


def test_a_second_guardian_joins_by_code_and_sees_the_child(service: "Service", browser: Any, family: Any) -> None:
    page = family.submit(family.open("/menu/family"), "/invite")
    code = page.main.all("b", **{"class": "big-code"})[0].text
    father = type(family)(browser(service.asgi, "http://127.0.0.1:8000", headers={"Origin": "http://127.0.0.1:8000"}))
    page = father.submit(
        father.open("/join"), "/join", status=422, handle="父", postal_code="1020074", code="k7mq-3xhp-wd", agreed="1"
    )
    assert page.problems[0].startswith("この招待は使えません")
    page = father.submit(page, "/join", code=code.upper())
    assert page.h1 == "登録しました"
    assert "はるちゃん" in father.open("/").text
    page = family.open(family.open("/menu/family").link("/remove/"))
    assert page.h1 == "父を保護者からはずす"
    page = family.submit(page, "/remove/")
    assert "保護者をはずしました" in page.text
    family.open(f"/menu/family/remove/{uuid4()}", status=404)
    outside = father.open("/", status=404)
    assert outside.h1 == "この家族のページは、もう見られません"
    assert "はるちゃん" not in outside.text
    taken = father.browser.get(outside.link("/menu/data/export"))
    assert taken.headers["content-disposition"].startswith("attachment")
    held = taken.json()
    assert (held["account"]["handle"], held["household"], held["children"]) == ("父", None, [])
    assert "account.registered.v1" in [fact["topic"] for fact in held["facts"]]
    assert "はるちゃん" not in taken.text
    assert father.open("/menu/data/print", status=404).h1 == outside.h1
    page = father.open(outside.link("/menu/delete"))
    assert "お子さんの記録" not in page.text
    assert father.submit(page, "/menu/delete", checked="1").h1 == "アカウントを消しました"
    assert "はるちゃん" in family.open("/").text


def test_an_invitation_is_withdrawn(family: Any) -> None:
    family.submit(family.open("/menu/family"), "/invite")
    page = family.submit(family.open("/menu/family"), "/withdraw/")
    assert "招待コードを使えなくしました" in page.text


def test_an_address_is_confirmed_by_a_button_and_not_by_opening_the_link(service: "Service", family: Any) -> None:
    page = family.submit(family.open("/menu/mail"), "/menu/mail", address="haha..22@docomo.ne.jp", wish=["vaccinations"])
    assert "確認がまだです" in page.text
    account_id = service.sessions.session_account(family.browser.cookies["session-on-loopback"])
    assert account_id
    token = service.confirmations.token(account_id, 1)
    page = family.open(f"/mail/confirm/{token}")
    assert "確認がまだです" in family.open("/menu/mail").text
    assert family.submit(page, "/mail/confirm/").h1 == "メールアドレスを確認しました"
    page = family.open("/menu/mail")
    assert "このアドレスにお知らせを送ります" in page.text
    assert family.filled(page.form(), {})["wish"] == ["vaccinations"]


def test_the_mail_page_says_what_will_come_and_what_not_and_why(service: "Service", family: Any, today: date) -> None:
    family.submit(family.open("/menu/mail"), "/menu/mail", address="haha@example.jp", wish=["vaccinations"])
    account_id = service.sessions.session_account(family.browser.cookies["session-on-loopback"])
    assert account_id
    family.submit(family.open(f"/mail/confirm/{service.confirmations.token(account_id, 1)}"), "/mail/confirm/")
    _plan(family, today + timedelta(days=4))
    text = family.open("/menu/mail").text
    assert "予定の前の日のお知らせ" in text
    assert "送りません。 この種類のメールを選んでいないためです。" in text


def test_every_kind_of_mail_has_words() -> None:
    steps = (*reminder.VACCINATION, *reminder.CHECKUP, *reminder.VISIT)
    for kind in (*(step.kind for step in steps), reminder.POSTPONEMENT_ENDED):
        assert f"mail_kind.{kind}" in catalogue("ja")


def test_an_emptied_address_is_removed(family: Any) -> None:
    family.submit(family.open("/menu/mail"), "/menu/mail", address="haha@example.jp")
    page = family.submit(family.open("/menu/mail"), "/menu/mail", address=" ")
    assert "メールアドレスは預かっていません" in page.text


def test_a_wrong_address_is_named_and_kept(family: Any) -> None:
    page = family.submit(family.open("/menu/mail"), "/menu/mail", status=422, address="haha.example.jp")
    assert page.problems[0].startswith("メールアドレスの形ではありません")
    assert family.filled(page.form(), {})["address"] == ["haha.example.jp"]


def test_everything_is_stopped_and_taken_up_again(family: Any) -> None:
    page = family.submit(family.open("/menu/stop"), "/menu/stop")
    assert "すべて止めました" in page.text
    assert "メールを止めています" in family.open("/").text
    assert "また始めました" in family.submit(family.open("/menu/stop"), "/menu/resume").text


def test_the_password_is_changed(family: Any) -> None:
    page = family.submit(
        family.open("/menu/password"), "/menu/password", status=422, current_password="falsch", password="x" * 14
    )
    assert page.problems == ["いまのパスワードがちがいます"]
    page = family.submit(page, "/menu/password", current_password=PASSWORD, password="another horse entirely")
    assert "パスワードを変えました" in page.text
    page = family.submit(page, "/signin", login_id=family.login_id, password="another horse entirely")
    assert page.h1 == "次の予防接種"


def test_a_lost_password_is_replaced_with_the_recovery_code(stranger: Any) -> None:
    code = stranger.register().main.all("b", **{"class": "big-code"})[-1].text
    stranger.submit(stranger.open("/menu"), "/signout")
    typed = {"login_id": stranger.login_id, "password": "a brand new passphrase"}
    page = stranger.submit(stranger.open("/recover"), "/recover", status=422, recovery_code="1", **typed)
    assert page.problems == ["IDか復旧コードがちがいます"]
    page = stranger.submit(page, "/recover", recovery_code=code, **typed)
    assert page.h1 == "新しいパスワードにしました"


def test_my_data_shows_what_is_held_and_who_did_what(family: Any) -> None:
    _record(family, v=["BCG"])
    page = family.open("/menu/data")
    assert "はるのママ" in page.text
    assert "1020074" in page.text
    assert "接種を記録した" in page.text
    assert "利用規約に同意した" in page.text


def test_deleting_gives_a_receipt_and_ends_the_session(family: Any) -> None:
    page = family.submit(family.open("/menu/delete"), "/menu/delete", status=422)
    assert page.problems == ["消すときは、しるしを付けてください"]
    page = family.submit(page, "/menu/delete", checked="1")
    assert page.h1 == "アカウントを消しました"
    assert len(page.main.all("code")[0].text) > 20
    assert family.open("/").h1 == "ログイン"
    page = family.submit(family.open("/signin"), "/signin", status=422, login_id=family.login_id, password=PASSWORD)
    assert page.problems == ["IDかパスワードがちがいます"]


def test_the_record_can_be_printed_in_both_languages(family: Any) -> None:
    _record(family, v=["BCG"])
    page = family.open(family.open("/menu").link("/print/"))
    assert "保護者入力・公的記録ではありません" in page.text
    assert "BCG (tuberculosis) vaccine" in page.text


def test_planned_visits_go_into_a_calendar(family: Any, today: date) -> None:
    _plan(family, today + timedelta(days=4))
    response = family.browser.get(family.open("/chart").link(".ics"))
    lines = response.content.decode().split("\r\n")
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    assert f"DTSTART;VALUE=DATE:{today + timedelta(days=4):%Y%m%d}" in lines
    assert max(len(line.encode()) for line in lines) <= 75
    unfolded = response.content.decode().replace("\r\n ", "")
    assert re.search("SUMMARY:はるちゃん .*B型肝炎 1回目", unfolded)
    assert "保護者入力・公的記録ではありません" in unfolded


def test_the_trial_answers_and_stores_nothing(service: "Service", stranger: Any, today: date) -> None:
    head = service.ward.head()
    page = stranger.submit(stranger.open("/try"), "/try", sex="F", **_typed("born", today - timedelta(days=100)))
    assert "5種混合" in page.text
    assert service.ward.head() == head


def test_all_of_it_is_there_in_english(family: Any, today: date) -> None:
    page = family.open("/en/")
    assert page.h1 == "Next vaccinations"
    page = family.open(page.link("/en/record/"))
    page = family.submit(page, "/record/", v=["BCG"])
    assert "1 dose recorded for はるちゃん" in page.text
    page = family.submit(family.open("/en/plan"), "/plan", **_typed("go", today))
    assert "Can be given on" in page.text
    for path in (
        "chart",
        "menu",
        "menu/mail",
        "menu/family",
        "menu/data",
        "menu/stop",
        "menu/delete",
        "menu/profile",
        "terms",
        "try",
    ):
        family.open(f"/en/{path}")  # the reader finds fault with whatever is said in Japanese there


def test_the_chart_tells_the_later_doses_of_a_series_in_the_figure_and_in_words(family: Any) -> None:
    page = family.open("/chart")
    assert "2回目の目安" in page.text
    figure = page.main.all("figure")[0]
    expected = figure.all("path", **{"class": "g-sug"})
    told = [dt.text for dt in page.main.all("dt") if dt.text.endswith("の目安")]
    assert 0 < len(expected) <= len(told)


def test_choosing_a_day_tells_which_later_days_move(family: Any, today: date) -> None:
    page = family.submit(family.open("/plan"), "/plan", **_typed("go", today + timedelta(days=30)))
    assert "次の目安の日が変わります。" in page.text
    rows = [row.text for table in page.main.all("table") for row in table.all("tr")]
    assert any("5種混合 2回目" in row for row in rows)
    box = page.form("/plan", "post").all("input", type="checkbox")[0].get("name")
    page = family.submit(page, "/plan", method="post", button="preview", **{box: ["BCG"]})
    assert not any("5種混合" in row.text for table in page.main.all("table") for row in table.all("tr"))
    assert [e.get("value") for e in page.main.all("input", name=box) if "checked" in e.attributes] == ["BCG"]
    assert family.open("/plan").links("/postpone") == []


def test_postponing_tells_which_later_days_move_before_anything_is_recorded(family: Any, today: date) -> None:
    page = family.open(_plan(family, today + timedelta(days=4)).link("/postpone"))
    page = family.submit(page, "/postpone", button="preview", to=str(today + timedelta(days=4, weeks=4)))
    assert "あとの予防接種の目安の日" in page.text
    assert "5種混合 2回目" in page.main.all("table")[1].text
