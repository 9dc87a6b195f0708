"""Writes docs/events.md from the facts themselves: `python -m aggregates.events_page > docs/events.md`."""

import inspect
import sys
from collections.abc import Iterator
from enum import Enum
from typing import Any, get_args, get_origin

import msgspec

from aggregates.catalogue import CATALOGUE
from aggregates.dictionary import PERSONAL, entry
from aggregates.fact import Fact

INTRODUCTION = """\
# Events

Every fact (事実) of the log, made from `aggregates/` by `python -m aggregates.events_page > docs/events.md`; a test fails
when this page is not current. A topic is stable for ever: a changed shape gets a new topic, and an upcaster for the old
one. **Bold** fields are personal data, each under an item of the ward's closed list; facts that hold any are encrypted
under the key of the account, household or child whose stream they are on; inquiries and outcomes of mail, which have
streams of their own, under that of the account. What a fact says about who caused it (role,
actor, command, edition and engine shown) is in its metadata.
"""


def page() -> str:
    """The whole page."""
    topics = sorted(CATALOGUE)
    streams = sorted({topic.partition(".")[0] for topic in topics})
    return INTRODUCTION + "".join(
        f"\n## {stream}\n" + "".join(_section(topic) for topic in topics if topic.startswith(f"{stream}.")) for stream in streams
    )


def _section(topic: str) -> str:
    kind = CATALOGUE[topic]
    rows = list(_rows(topic, kind))
    table = ["", "| field | type | meaning | item |", "|---|---|---|---|", *rows] if rows else []
    return "\n".join(["", f"### `{topic}`", "", inspect.cleandoc(kind.__doc__ or ""), *table, ""])


def _rows(topic: str, kind: type[Fact]) -> Iterator[str]:
    for field in msgspec.structs.fields(kind):
        known = entry(topic, field.name)
        name = f"**{field.name}**" if known.item in PERSONAL else field.name
        yield f"| {name} | {_type(field.type)} | {known.meaning} | {known.item} |"


def _type(kind: Any) -> str:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return ", ".join(f"`{member.value}`" for member in kind)
    if get_origin(kind) is tuple and issubclass(get_args(kind)[0], Enum):
        return f"list of {_type(get_args(kind)[0])}"
    name = kind.__name__ if isinstance(kind, type) and not hasattr(kind, "__args__") else str(kind)
    plain = {"str": "text", "int": "number", "bool": "yes or no", "date": "day", "UUID": "id"}
    spelled = {
        "datetime.date | None": "day or null",
        "int | None": "number or null",
        "uuid.UUID | None": "id or null",
        "tuple[str, ...]": "list of text",
        "tuple[uuid.UUID, ...]": "list of ids",
    }
    return plain.get(name) or spelled[name]


if __name__ == "__main__":
    sys.stdout.write(page())
