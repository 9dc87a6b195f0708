"""A notice from its draft to its release, as operators type it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.app.rules.conftest import Run

DRAFTER, APPROVER = UUID(int=1), UUID(int=2)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
"""On the last day of the invented ward."""


def done(run: Run, *words: object, status: int = 0) -> str:
    said = run("notices", *words)
    assert said.exit_code == status, said.stderr or said.output
    return str(said.stdout or said.stderr)


def draft(run: Run, path: Path, *more: object) -> tuple[str, str]:
    """The id of the notice, and the digest of its draft."""
    words = done(run, "draft", path, "--as", DRAFTER, *more).split()
    return words[1].rstrip(","), words[-1]


def letters(folder: Path) -> list[Any]:
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(folder.glob("*.eml"))]


def test_two_people_bring_a_notice_on_its_way_and_no_address_of_staff_is_kept(
    run: Run, ward_of_60: str, written: Path, tmp_path: Path, read_all: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    notice, digest = draft(run, written)
    shown = done(run, "preview", notice, "--html", tmp_path / "html")
    assert "Subject: 【育み】麻しんが出ています" in shown
    assert "Subject: [Hagukumi] Measles in the ward" in shown
    assert '<html lang="ja">' in (tmp_path / "html" / f"{notice}.ja.html").read_text()
    done(run, "approve", notice, "--draft", digest, "--as", APPROVER, status=1)
    assert "4 test letters" in done(run, "test", notice, "--as", DRAFTER, "--to", "a@ward.example", "--to", "b@ward.example")
    test_letters = letters(tmp_path / "data" / "mail")
    assert sorted(letter["To"] for letter in test_letters) == ["a@ward.example"] * 2 + ["b@ward.example"] * 2
    assert "b@ward.example" not in read_all(ward_of_60)
    assert "own_approval" in run("notices", "approve", notice, "--draft", digest, "--as", DRAFTER).stderr
    assert "approved" in done(run, "approve", notice, "--draft", digest, "--as", APPROVER)
    assert "nothing changed" in done(run, "approve", notice, "--draft", digest, "--as", APPROVER)
    monkeypatch.setattr("app.day_opener.now_in_ward", lambda: NOON + timedelta(days=4))
    assert "clock_disagrees" in done(run, "release", notice, "--as", DRAFTER, status=1)
    monkeypatch.setattr("app.day_opener.now_in_ward", lambda: NOON)
    assert "30 minutes" in done(run, "release", notice, "--as", DRAFTER)
    state = json.loads(done(run, "status", notice, "--json"))
    assert (state["standing"], state["letters"]["open"]) == ("released", 0)
    assert "everybody" in done(run, "show", notice)
    assert "released" in done(run, "show")
    done(run, "cancel", notice, "--as", APPROVER)
    assert "cancelled" in done(run, "status", notice, "--recipients")


def test_small_numbers_are_shown_to_the_approver_alone(run: Run, ward_of_60: str, written: Path) -> None:
    everybody, _ = draft(run, written)
    counted = json.loads(done(run, "audience", everybody, "--json", "--approver", APPROVER))
    assert counted["families"] > 20
    assert counted["guardians"] == sum(counted["letters"].values()) + sum(counted["withheld"].values())
    assert len(counted["sample"]) == 5
    written.write_text(written.read_text() + "[audience]\nage_months_from = 0\nage_months_to = 2\n")
    few, _ = draft(run, written)
    hidden = json.loads(done(run, "audience", few, "--json"))
    assert (hidden["families"], hidden["guardians"], hidden["sample"]) == (None, None, [])
    assert not any([*hidden["letters"].values(), *hidden["withheld"].values()])
    assert 0 < json.loads(done(run, "audience", few, "--json", "--approver", APPROVER))["families"] < 10
    assert "own_approval" in run("notices", "audience", few, "--approver", DRAFTER).stderr
    assert "fewer than 10" in done(run, "audience", few)


def test_what_cannot_be_is_told_in_a_sentence(run: Run, ward_of_60: str, written: Path) -> None:
    good = written.read_text()
    assert "no notice" in done(run, "preview", uuid4(), status=3)
    for text, said in (
        (good + "[audience]\nseries = ['NO']", "unknown_series"),
        (good + "[audience]\nwishes = 1", "wishes"),
        (good + "[audience]\nedition = 'abcdef'", "0 editions"),
        (good.replace("まだの方", "{handle}"), "notice_placeholder"),
        ("no TOML", str(written)),
    ):
        written.write_text(text)
        said_instead = run("notices", "draft", written, "--as", DRAFTER)
        assert said_instead.exit_code in (1, 3)
        assert said in said_instead.stderr


def test_a_new_version_has_to_be_approved_anew(run: Run, ward_of_60: str, written: Path) -> None:
    notice, digest = draft(run, written)
    done(run, "test", notice, "--as", DRAFTER, "--to", "a@ward.example")
    done(run, "approve", notice, "--draft", digest, "--as", APPROVER)
    written.write_text(written.read_text() + "[audience]\npostal_codes = ['102']")
    again, changed = draft(run, written, "--notice", notice)
    assert again == notice
    assert changed != digest
    assert "not_approved" in run("notices", "release", notice, "--as", DRAFTER).stderr
    assert "notice_changed" in run("notices", "approve", notice, "--draft", digest, "--as", APPROVER).stderr


def test_the_families_whose_dates_a_published_edition_changed_can_be_told(
    run: Run, ward_of_60: str, written: Path, revised: Path
) -> None:
    edition = run("rules", "draft", revised, "--as", DRAFTER).stdout.split()[-1]
    run("rules", "approve", edition, "--as", APPROVER)
    impact = json.loads(run("rules", "impact", edition, "--approver", APPROVER, "--json").stdout)
    assert run("rules", "publish", edition, "--as", APPROVER, "--json").exit_code == 0
    written.write_text(written.read_text() + f"[audience]\nedition = '{edition[:12]}'\n")
    notice, _ = draft(run, written)
    counted = json.loads(done(run, "audience", notice, "--json", "--approver", APPROVER))
    assert counted["families"] == impact["to_tell"]
    assert 0 < impact["to_tell"] < impact["households"]
