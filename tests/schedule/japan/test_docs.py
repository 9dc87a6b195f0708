"""The page about the engine names every module of it."""

import re
from pathlib import Path

import schedule.japan

DOCS = Path(__file__).parents[3] / "docs" / "engine-japan.md"


def test_every_module_has_its_place_in_the_processing_model() -> None:
    rows = [line.split("|")[2] for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    told = {name for row in rows for name in re.findall("`([a-z_]+)`", row)}
    modules = {path.stem for path in Path(schedule.japan.__file__).parent.glob("[a-z]*.py")}
    assert modules <= told
