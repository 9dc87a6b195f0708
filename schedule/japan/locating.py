"""Finds the line of a TOML text on which a value stands."""

import re

_TABLE = re.compile(r"\s*\[\[?\s*([A-Za-z0-9_.\-]+)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-]+)\s*=")
_STEP = re.compile(r"\.([A-Za-z0-9_\-]+)|\[(\d+)\]|\[\.\.\.\]")


class Locator:
    """Knows the line of every table and key of a TOML text.

    Args:
        text: The text.
    """

    def __init__(self, text: str) -> None:
        self._lines: dict[str, int] = {"": 1}
        counts: dict[str, int] = {}
        prefix = ""
        for number, line in enumerate(text.splitlines(), start=1):
            if table := _TABLE.match(line):
                prefix = _enter(table[1], counts, array=line.lstrip().startswith("[["))
                self._lines.setdefault(prefix, number)
            elif key := _KEY.match(line):
                self._lines.setdefault(f"{prefix}.{key[1]}", number)

    def line(self, path: str) -> int:
        """The line of a path such as `.series[0].window[1].from`, or of the nearest thing that holds it."""
        steps = [match[0] for match in _STEP.finditer(path)]
        while steps:
            found = self._lines.get("".join(steps))
            if found is not None:
                return found
            steps.pop()
        return 1


def _enter(name: str, counts: dict[str, int], *, array: bool) -> str:
    path = ""
    parts = name.split(".")
    for position, part in enumerate(parts):
        path = f"{path}.{part}"
        if array and position == len(parts) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = f"{path}[{counts[path]}]"
    return path
