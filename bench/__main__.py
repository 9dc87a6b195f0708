"""`make bench`: runs every benchmark, each beside its reference, and writes what they print into docs/performance.md.

Where a page of prose stands around the figures, it stays: only what is between the marks of a benchmark is replaced.
"""

import importlib
import subprocess
import sys
from pathlib import Path

BENCHMARKS = (
    "append",
    "rebuild",
    "impact",
    "lag",
    "forecast_cdsi",
    "forecast_japan",
    "api",
    "pages",
    "slow_link",
    "publishing",
    "mail",
    "redis_lost",
    "first_start",
)
PAGE = Path(__file__).parent.parent / "docs" / "performance.md"


def measured(name: str) -> str:
    """What one benchmark prints, passed on to the terminal as it comes."""
    print(f"\n== bench.{name}", flush=True)
    lines = []
    with subprocess.Popen([sys.executable, "-m", f"bench.{name}"], stdout=subprocess.PIPE, text=True) as run:
        for line in run.stdout or ():
            print(line, end="", flush=True)
            lines.append(line)
    if run.returncode:
        raise SystemExit(run.returncode)
    return "".join(lines).strip("\n")


def published(page: str, name: str, figures: str) -> str:
    """The page with the figures of one benchmark between its marks."""
    begin, end = f"<!-- bench.{name} -->", f"<!-- end of bench.{name} -->"
    if begin not in page:
        title = (importlib.import_module(f"bench.{name}").__doc__ or name).split("\n", 1)[0]
        page += f"\n## {title}\n\n    python -m bench.{name}\n\n{begin}\n{end}\n"
    before, rest = page.split(begin)
    after = rest.split(end)[1]
    return f"{before}{begin}\n```\n{figures}\n```\n{end}{after}"


def main(names: tuple[str, ...]) -> None:
    for name in names:
        figures = measured(name)
        PAGE.write_text(published(PAGE.read_text(encoding="utf-8"), name, figures), encoding="utf-8")


if __name__ == "__main__":
    main(tuple(sys.argv[1:]) or BENCHMARKS)
