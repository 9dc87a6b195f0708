"""Tables that fit into 80 columns, in a terminal as in a file: words are folded, and no id or number is cut off."""

from collections.abc import Collection

from rich import box
from rich.table import Table


def narrow(
    *names: str, whole: Collection[str] = (), numbers: Collection[str] = (), gap: int = 2, title: str | None = None
) -> Table:
    """A table without lines between its columns. `whole` columns are never broken; `numbers` stand to the right."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, gap - 1, 0, 0))
    table.title, table.title_justify = title, "left"
    for name in names:
        right = name in numbers
        table.add_column(name, justify="right" if right else "left", no_wrap=right or name in whole, overflow="fold")
    return table
