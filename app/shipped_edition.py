"""The edition that ships with this build, as the ward's first one."""

from commands.edition_life import in_force
from commands.publish_edition import publish_edition
from eventstore.database import DatabaseRole, connect
from eventstore.editions import keep_files
from eventstore.ward import Ward
from projections.engine import is_kept
from schedule.japan import load_edition
from schedule.japan.edition import CHIYODA, read_files


def publish_shipped(ward: Ward, conninfo: str) -> None:
    """Keep its files; publish it where the ward has no edition that could be shown. Any later one is for operators.

    The files are kept at every start: the next build may ship another edition while this one is still in force.
    """
    shipped = load_edition()
    with connect(conninfo, DatabaseRole.PROJECTOR) as connection, connection.transaction():
        keep_files(connection.cursor(), shipped.content_hash, read_files(CHIYODA))
    published = in_force(ward)
    if published is None or not is_kept(conninfo, published):
        publish_edition(ward, name=shipped.name, content_hash=shipped.content_hash)
