"""Who acts at the command line is bound to an account of the machine, where a register says so."""

import os
import pwd
from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner

from app.cli import cli, operators

MINE, THEIRS, NOBODYS = (UUID(int=n) for n in (1, 2, 3))
ME = pwd.getpwuid(os.getuid()).pw_name


@pytest.fixture(autouse=True)
def here(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("HAGUKUMI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(operators, "SIGNED_IN_AS", tmp_path / "loginuid")


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The register, which gives one id to this account."""
    path = tmp_path / "operators.toml"
    path.write_text(f'"{MINE}" = "{ME}"\n"{THEIRS}" = "somebody else"\n', encoding="utf-8")
    monkeypatch.setenv("HAGUKUMI_OPERATORS_FILE", str(path))
    return path


def run(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(cli, [str(word) for word in words], env={"COLUMNS": "200"})
    return result.exit_code, result.stderr


@pytest.mark.usefixtures("register")
def test_an_id_of_somebody_else_is_refused_before_anything_is_done() -> None:
    assert run("rules", "draft", "--as", MINE)[0] == 0
    for other in (THEIRS, NOBODYS):
        status, said = run("rules", "draft", "--as", other)
        assert (status, "does not give this id" in said) == (2, True)
        assert run("rules", "impact", "--approver", other)[0] == 2
        assert run("replay", "--child", MINE, "--reveal", "a question", "--as", other)[0] == 2
        assert run("notices", "cancel", MINE, "--as", other)[0] == 2


@pytest.mark.usefixtures("register")
def test_the_id_that_the_environment_names_is_looked_at_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAGUKUMI_OPERATOR", str(THEIRS))
    assert run("rules", "draft")[0] == 2


def test_whoever_signed_in_acts_whatever_account_the_process_runs_as(
    register: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    register.write_text(f'"{MINE}" = "signed-in"', encoding="utf-8")
    (tmp_path / "loginuid").write_text("4711", encoding="ascii")
    person = pwd.struct_passwd(("signed-in", "x", 4711, 4711, "", "/", "/"))
    monkeypatch.setattr(pwd, "getpwuid", lambda uid: {4711: person}[uid])
    assert operators.own(MINE) == MINE


def test_a_process_that_nobody_signed_in_for_is_known_by_its_own_account(tmp_path: Path) -> None:
    assert operators.account() == ME
    (tmp_path / "loginuid").write_text(str(operators.NOBODY), encoding="ascii")
    assert operators.account() == ME
    (tmp_path / "loginuid").write_text("4000000000", encoding="ascii")
    assert operators.account() == "4000000000"


@pytest.mark.parametrize("text", [b"", b"no toml", b'"no id" = "me"', b"\xff"])
def test_a_register_that_cannot_be_read_or_names_nobody_lets_nobody_act(register: Path, text: bytes) -> None:
    register.write_bytes(text)
    assert run("rules", "draft", "--as", MINE)[0] == 2


def test_without_a_register_an_id_is_taken_as_it_is_said() -> None:
    assert run("rules", "draft", "--as", THEIRS)[0] == 0
