"""Which database a command works on: the one that DATABASE_URL names, or the embedded one."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.embedded import embedded_postgres
from app.settings import Settings


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """Conninfo of the database's owner while the block runs; empty where only the roles' own URLs are set."""
    if settings.is_embedded:
        with embedded_postgres(settings.data_dir) as conninfo:
            yield conninfo
    else:
        yield settings.database_url.get_secret_value() if settings.database_url else ""
