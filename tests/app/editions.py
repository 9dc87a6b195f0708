"""Another edition, published in a running service."""

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from app.keys import open_keys
from commands.approve_edition import approve_edition
from commands.draft_edition import draft_edition
from commands.publish_edition import publication
from eventstore.database import DatabaseRole
from eventstore.ward import Ward
from projections.engine import engine_of
from projections.rebuild import Rebuild
from projections.workers import Source
from schedule.japan.edition import CHIYODA, read_files

if TYPE_CHECKING:
    from app.service import Service

DRAFTER, APPROVER = UUID(int=1), UUID(int=2)


def publish_edition(service: "Service", *changes: tuple[str, str]) -> str:
    """Publish the shipped edition with some texts replaced; its hash."""
    files = read_files(CHIYODA)
    for old, new in changes:
        files = {name: content.replace(old.encode(), new.encode()) for name, content in files.items()}
    edition = draft_edition(service.ward, files, DRAFTER)
    approve_edition(service.ward, edition, APPROVER)
    source = Source(service.conninfo, partial(open_keys, service.settings), partial(engine_of, service.conninfo, edition))
    with closing(open_keys(service.settings)) as keys, closing(Ward(service.conninfo, keys, role=DatabaseRole.PROJECTOR)) as ward:
        Rebuild(source, ward, workers=1, publishing=publication(service.ward, edition, APPROVER)).run()
    return edition
