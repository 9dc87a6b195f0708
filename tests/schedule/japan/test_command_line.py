"""`hagukumi forecast --schedule japan`, `hagukumi rules` and `hagukumi explain`."""

import json
import subprocess
import sys
from pathlib import Path

_DOSES = '[{"date": "2024-08-05", "vaccine": "ROTARIX"}]'
_LINE = f'{{"id": "a", "birth_date": "2024-06-03", "assessment_date": "2024-09-10", "doses": {_DOSES}}}'


def _run(*words: str, text: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from app.cli import main; main()", *words]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False, timeout=60)


def test_a_bad_line_is_answered_with_an_error_and_the_run_goes_on() -> None:
    done = _run("forecast", "--schedule", "japan", text=f'{_LINE}\n{{"id": "b"}}\n{_LINE.replace("a", "c", 1)}\n')
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [answer["id"] for answer in answers[:2]] == ["a", "b"]
    assert answers[1]["error"]["code"] == "line.invalid"
    assert len(answers) == 3
    rota = next(entry for entry in answers[0]["forecasts"] if entry["series"] == "ROTA")
    assert (rota["due_status"], rota["earliest"], rota["latest"]) == ("due", "2024-09-02", "2024-11-18")


def test_a_date_beyond_reckoning_is_refused_in_its_line_only() -> None:
    done = _run("forecast", "--schedule", "japan", text=_LINE.replace("2024-06-03", "9999-06-03") + "\n" + _LINE + "\n")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert answers[0]["error"]["code"] == "date.out_of_range"
    assert answers[1]["forecasts"]


def test_an_edition_is_validated_from_the_command_line(tmp_path: Path) -> None:
    assert _run("rules", "validate").returncode == 0
    (tmp_path / "edition.toml").write_text("name = 3\n", encoding="utf-8")
    done = _run("rules", "validate", str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith("edition.toml:1: ")
    for words in (["show", "HIB", "--folder"], ["book"]):
        again = _run("rules", *words, str(tmp_path))
        assert (again.returncode, again.stderr) == (1, done.stderr)


def test_a_rule_is_shown_as_it_stood_on_a_day() -> None:
    assert "生後3月" in _run("rules", "show", "DPT-IPV", "--on", "2023-03-31").stdout
    assert "生後3月" not in _run("rules", "show", "DPT-IPV", "--on", "2023-04-01").stdout


def test_a_child_is_explained_in_both_languages() -> None:
    told = _run("explain", "--series", "ROTA", text=_LINE).stdout
    assert "前回から27日以上の間隔をおきます。 [dose 2024-08-05 → 2024-09-02]" in told
    assert "At least 27 full days after the previous dose." in told
