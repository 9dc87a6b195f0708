"""What operators do about mail, as they type it."""

import json
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from app.cli import cli


@pytest.fixture(autouse=True)
def here(database: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("HAGUKUMI_DATA_DIR", str(tmp_path_factory.mktemp("ward") / "data"))


def run(*words: str, given: str = "") -> str:
    result = CliRunner().invoke(cli, ["mail", *words], input=given, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_mail_is_held_and_let_go() -> None:
    run("hold", "relay is moved")
    assert json.loads(run("status", "--json"))["hold"]["held_for"] == "relay is moved"
    assert "relay is moved" in run("status")
    run("resume")
    assert "Mail goes out." in run("status")


def test_mail_that_rests_because_of_the_clock_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = CliRunner().invoke(cli, ["open-days", "--until", "2026-11-23"])
    assert opened.exit_code == 0
    for day, said in ((26, "Mail goes out."), (27, "Mail rests")):
        monkeypatch.setattr("app.day_opener.now_in_ward", lambda day=day: datetime(2026, 11, day, tzinfo=UTC))
        assert said in run("status")


def test_after_a_restore_mail_is_held() -> None:
    assert "0 outcomes" in run("reseed")
    assert json.loads(run("status", "--json"))["hold"]["held_for"] == "restored"


def test_a_letter_that_is_no_report_of_ours_is_taken_in_quietly() -> None:
    assert run("bounce", given="To: somebody@ward.example\n\nhello\n") == "not ours\n"


@pytest.mark.parametrize(("language", "words"), [("ja", "育み"), ("en", "Hagukumi")])
def test_letters_can_be_looked_at_before_anybody_gets_them(language: str, words: str) -> None:
    shown = run("preview", "--language", language)
    assert shown.count("Subject: ") == 4
    assert words in shown
    assert "--- html" in shown
