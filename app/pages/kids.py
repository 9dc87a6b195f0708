"""The children of a household as pages show them: always with handle, age and a colour of their own."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct

from app.pages.text import Words
from projections.views import ChildView

_COLOURS = 4


class Kid(Struct, frozen=True):
    """One child. `handle` tells it from its siblings even where two nicknames look alike."""

    child_id: UUID
    handle: str
    plain_handle: str
    born_on: date
    sex: str
    colour: str
    moved_out: bool
    version: int


def kids_of(children: Sequence[ChildView], words: Words) -> list[Kid]:
    """Every child with its colour and a handle that cannot be mixed up."""
    alike = Counter(_looks(child.handle) for child in children)
    return [
        Kid(
            child_id=child.child_id,
            handle=_told_apart(child, words) if alike[_looks(child.handle)] > 1 else child.handle,
            plain_handle=child.handle,
            born_on=child.born_on,
            sex=child.sex,
            colour=f"c{place % _COLOURS + 1}",
            moved_out=child.moved_out,
            version=child.version,
        )
        for place, child in enumerate(children)
    ]


def _told_apart(child: ChildView, words: Words) -> str:
    return f"{child.handle}{words('common.born', date=words.short(child.born_on))}"


def _looks(handle: str) -> str:
    return unicodedata.normalize("NFKC", handle).casefold().strip()
