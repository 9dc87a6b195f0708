"""What commands about the read models work on: the log, its keys and the engine, with the rights of the projector."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING

from app.database import database
from app.settings import load_settings

if TYPE_CHECKING:
    from eventstore.ward import Ward
    from projections.workers import Source


@contextmanager
def read_side() -> Iterator[tuple["Source", "Ward"]]:
    """How worker processes reach the log, and the log itself."""
    from app.keys import open_keys
    from eventstore.database import DatabaseRole
    from eventstore.ward import Ward
    from projections.engine import engine_in_force
    from projections.workers import Source

    settings = load_settings()
    with database(settings) as owner, closing(open_keys(settings)) as keys:
        conninfo = settings.database_url_of("projector") or owner
        with closing(Ward(conninfo, keys, role=DatabaseRole.PROJECTOR)) as ward:
            yield Source(conninfo, partial(open_keys, settings), engine_in_force(conninfo)), ward
