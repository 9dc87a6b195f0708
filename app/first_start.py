"""What a service of its own does before it answers: whatever is missing in its database is made, what is there is left."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from app.demo.family import demo_family
from app.keys import open_keys
from app.shipped_edition import publish_shipped
from commands.open_day import open_days
from eventstore.database import DatabaseRole, connect
from eventstore.ward import Ward
from projections import generation as generations
from projections.engine import engine_in_force
from projections.rebuild import Rebuild, needs_rebuild
from projections.workers import Source
from schedule.japan import load_edition

if TYPE_CHECKING:
    from app.service import Service


def complete(service: "Service", today: date) -> Sequence[str]:
    """Publish the edition, open the days that were missed, build the first read models; answer what is to be told.

    Somebody has started the embedded service by hand, and so vouches for its clock even after a long pause.
    """
    ward, settings = service.ward, service.settings
    publish_shipped(ward, service.conninfo)
    open_days(ward, today, operator=settings.is_embedded)
    family = demo_family(service.commands, service.shown) if settings.demo and settings.is_embedded else None
    if not _has_generation(service):
        _build_first_generation(service)
    return [*(family.lines if family else ()), *_greeting(service)]


def build_first(source: Source, ward: Ward) -> None:
    """Publish the edition that ships with this build and build the first read models with it."""
    publish_shipped(ward, source.conninfo)
    Rebuild(source, ward, workers=1).run()


def _build_first_generation(service: "Service") -> None:
    source = Source(service.conninfo, partial(open_keys, service.settings), engine_in_force(service.conninfo))
    with closing(Ward(service.conninfo, service.ward.keys, role=DatabaseRole.PROJECTOR)) as ward:
        build_first(source, ward)


def _has_generation(service: "Service") -> bool:
    with connect(service.conninfo, DatabaseRole.PROJECTOR) as connection, connection.cursor() as cursor:
        return generations.current(cursor) is not None


def _greeting(service: "Service") -> Iterator[str]:
    if needs_rebuild(service.conninfo, service.engine):
        yield "The read models were made by another edition or version; run `hagukumi rebuild` beside this service."
    if service.edition.content_hash != load_edition().content_hash:
        yield f"This build comes with edition {load_edition().name}, which is not in force; see `hagukumi rules draft --help`."
