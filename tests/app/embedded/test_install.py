"""The programs are used where the wheel laid them, or copied when their folder is closed."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree

import pytest

from app.embedded import install
from app.embedded.account import account_for


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="hagukumi-test-"))
    path.chmod(0o711)
    yield path
    rmtree(path)


def test_programs_within_reach_are_not_copied(folder: Path) -> None:
    account = account_for(folder)
    if not account.reaches(install.carried()):
        pytest.skip("this checkout is closed to the server's user")
    assert install.bin_dir(account, folder) == install.carried() / "bin"
    assert not list(folder.iterdir())


@pytest.mark.skipif(os.geteuid() != 0, reason="root alone hands the server to another user")
def test_programs_out_of_reach_are_copied_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed, home = folder / "closed", folder / "home"
    closed.mkdir(mode=0o700)
    home.mkdir()
    (closed / "pginstall18").symlink_to(install.carried())
    monkeypatch.setattr(install, "carried", lambda: closed / "pginstall18")
    account = account_for(home)
    account.own(home)

    programs = install.bin_dir(account, home)
    assert home in programs.parents
    copied_at = programs.stat().st_ctime_ns
    assert install.bin_dir(account, home).stat().st_ctime_ns == copied_at
    ran = account.run(programs / "postgres", "--version")
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.startswith(b"postgres (PostgreSQL) 18")
