"""How many children a publication concerned, counted from the rows before and after it and by no code of the impact report."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from isal.isal_zlib import decompress

from eventstore.database import DatabaseRole, connect

Told = dict[str, Any] | None
"""What a family is shown of one series; None where there is nothing."""
Found = Counter[tuple[str, int, str]]
"""Children by series, fiscal year of birth, and effect."""

UNTOLD = {"reasons", "basis", "valid_until"}
"""Reasons quote the law; the others are no dates for families."""
DATES = ("dose_number", "doses_remaining", "earliest", "recommended", "past_due", "latest")


def counted(conninfo: str, on: date) -> Found:
    """The generation that is read, held against the one that was read before."""
    found: Found = Counter()
    with connect(conninfo, DatabaseRole.PROJECTOR) as connection:
        ((new, old),) = connection.execute("SELECT generation, previous FROM projection.pointer").fetchall()
        rows = connection.execute(
            f"""
            SELECT c.born_on, o.answer_deflated, n.answer_deflated
            FROM gen_{old}.schedule_answer o JOIN gen_{new}.schedule_answer n USING (child_id)
            JOIN gen_{new}.child c USING (child_id) WHERE NOT c.moved_out""".encode()
        )
        for born_on, before, after in rows:
            year = born_on.year - (born_on < date(born_on.year, 4, 1))
            found.update((series, year, effect) for series, effect in _effects(_shown(before), _shown(after), on.isoformat()))
    return found


def _shown(deflated: bytes) -> dict[str, dict[str, Any]]:
    forecasts = json.loads(decompress(deflated))["forecasts"]
    return {f["series"]: {name: value for name, value in f.items() if name not in UNTOLD} for f in forecasts}


def _effects(old: dict[str, dict[str, Any]], new: dict[str, dict[str, Any]], on: str) -> Iterator[tuple[str, str]]:
    for series in old | new:
        before, after = old.get(series), new.get(series)
        if before != after:
            yield from ((series, effect) for effect, holds in _table(before, after, on).items() if holds)


def _table(before: Told, after: Told, on: str) -> dict[str, bool]:
    """The table of docs/editions.md, for a series that reads differently."""
    wanted, wanted_now = _wanted(before), _wanted(after)
    complete = after is not None and after["status"] == "complete"
    return {
        "changed": True,
        "moved": wanted and wanted_now and [(before or {})[d] for d in DATES] != [(after or {})[d] for d in DATES],
        "gained": wanted_now and not wanted,
        "lost": wanted and not wanted_now and not complete,
        "completed": wanted and not wanted_now and complete,
        "overdue": _late(after, on) and not _late(before, on),
        "eligible": _lawful(after, on) and not _lawful(before, on),
    }


def _wanted(told: Told) -> bool:
    return told is not None and told["status"] == "not_complete" and told["closed"] is None


def _lawful(told: Told, on: str) -> bool:
    return told is not None and _wanted(told) and (told["earliest"] or "") <= on


def _late(told: Told, on: str) -> bool:
    return told is not None and _lawful(told, on) and told["overdue_from"] is not None and told["overdue_from"] <= on
