"""The Postgres that starts with the service, where no DATABASE_URL names another."""

from app.embedded.cluster import EmbeddedPostgresError
from app.embedded.server import embedded_postgres, scratch_postgres

__all__ = ["EmbeddedPostgresError", "embedded_postgres", "scratch_postgres"]
