"""The impact report in a terminal, and what is said where nothing can be counted."""

from pathlib import Path
from uuid import UUID

import pytest

from app.cli import edition_desk
from tests.app.rules.conftest import Run
from tests.app.rules.test_life import draft, tried

APPROVER = UUID(int=2)


def test_the_table_fits_into_80_columns_and_says_what_is_left_out(run: Run, ward_of_60: str, revised: Path) -> None:
    report, said = tried(run, revised, "--approver", APPROVER), run("rules", "impact", revised, "--approver", APPROVER).stdout
    table = [line for line in said.splitlines() if " of " not in line]
    assert max(map(len, table)) <= 80
    assert "…" not in said
    (hepb,) = [line.split() for line in table if line.startswith("HEPB")]
    assert hepb[1:] == [str(n) for n in next(s["counts"] for s in report["series"] if s["series"] == "HEPB").values()]
    assert f"{report['to_tell']} families: these are to be told" in said
    public = run("rules", "impact", revised).stdout
    assert "…" in public
    assert "… below ten" in public


def test_an_edition_that_changes_nothing_has_no_table(run: Run, ward_of_60: str) -> None:
    said = run("rules", "impact").stdout
    assert "Nothing that families are shown" in said
    assert "Moved" not in said


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["nowhere"], 3, "There is no folder nowhere"),
        (["abcdef"], 3, "0 editions are kept"),
        (["--html", "/nowhere/page.html"], 2, "cannot be written"),
    ],
)
def test_what_cannot_be_tried_is_told_before_any_work(
    run: Run, ward_of_60: str, words: list[str], status: int, told: str
) -> None:
    said = run("rules", "impact", *words)
    assert (said.exit_code, said.stdout) == (status, "")
    assert told in said.stderr
    assert "Trying" not in said.stderr


def test_a_trial_that_is_stopped_says_so_below_its_bar(
    run: Run, ward_of_60: str, revised: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("projections.impact.impact", stopped)
    said = run("rules", "impact", revised)
    assert (said.exit_code, said.stdout) == (edition_desk.STOPPED, "")
    assert said.stderr.strip().endswith("Stopped. Nothing was written.")


def test_the_list_tells_whole_ids_and_publishing_whom_to_tell(run: Run, ward_of_60: str, revised: Path) -> None:
    edition, report = draft(run, revised), tried(run, revised, "--approver", APPROVER)
    run("rules", "approve", edition, "--as", APPROVER)
    said = run("rules", "publish", edition, "--as", APPROVER).stdout
    assert f"{report['to_tell']} families" in said
    listed = run("rules", "list").stdout
    assert {str(APPROVER), str(UUID(int=1)), edition[:12]} <= set(listed.split())
    assert max(map(len, listed.splitlines())) <= 80
