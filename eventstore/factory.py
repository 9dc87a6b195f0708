"""Builds the recorder for the library from a connection string instead of its environment variables."""

from eventsourcing.postgres import BasePostgresFactory, PostgresFactory
from eventsourcing.utils import Environment

from eventstore.database import DatabaseRole
from eventstore.datastore import WardDatastore
from eventstore.recorder import WardRecorder


class WardFactory(PostgresFactory):
    """The library's factory over our datastore."""

    def __init__(self, env: Environment, conninfo: str, role: DatabaseRole, pool_size_max: int) -> None:
        super(BasePostgresFactory, self).__init__(env)  # not its direct parent: that one wants POSTGRES_* variables
        self.datastore: WardDatastore = WardDatastore(conninfo, role, pool_size_max=pool_size_max)

    def application_recorder(self) -> WardRecorder:
        """The recorder over events.event."""
        return WardRecorder(self.datastore)
