"""The schedule engine and rule edition that a process forecasts with."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache, partial

from msgspec import Struct

from eventstore.database import DatabaseRole, connect
from eventstore.editions import kept_files
from schedule.contract import ForecastAnswer, ForecastRequest, SeriesForecast
from schedule.japan.difference import differing
from schedule.japan.edition import Edition, edition_from_files, load_edition
from schedule.japan.engine import forecast_some
from schedule.japan.faults import EditionFaultError

EDITIONS_MAX = 4
"""So many compiled editions are kept by a process; an impact report needs two at once."""


class Engine(Struct, frozen=True):
    """One edition under one engine version. The same request always gets the same answer.

    `rules` is what `forecast` applies; None where it applies something else than a whole edition as it is written.
    """

    edition: str
    version: str
    forecast: Callable[[ForecastRequest], ForecastAnswer]
    rules: Edition | None = None

    def forecasts(self, request: ForecastRequest, series: frozenset[str] | None) -> tuple[SeriesForecast, ...]:
        """The forecasts of some series, which `concerned` has told; of all where that is None."""
        if series is None or self.rules is None:
            return self.forecast(request).forecasts
        return forecast_some(self.rules, request, series)


class EditionMissing(LookupError):
    """The files of an edition are not kept, or are not what their hash says."""


def japan() -> Engine:
    """The Japanese edition that ships with this build."""
    return engine_with(load_edition())


def engine_with(edition: Edition) -> Engine:
    """This build's engine with an edition."""
    from schedule import ENGINE_VERSION
    from schedule.japan import forecast

    return Engine(edition.content_hash, ENGINE_VERSION, partial(forecast, edition), edition)


def concerned(old: Engine, new: Engine, since: date) -> frozenset[str] | None:
    """The series that may be answered differently from a day on; None where that cannot be told, so that all may be."""
    if old.rules is None or new.rules is None or old.version != new.version:
        return None
    return differing(old.rules, new.rules, since)


@lru_cache(EDITIONS_MAX)
def edition_of(conninfo: str, content_hash: str, role: DatabaseRole = DatabaseRole.PROJECTOR) -> Edition:
    """An edition by its hash: the one that ships with this build, or else the files that the ward keeps.

    Raises:
        EditionMissing: they are not kept.
        EditionFaultError: this build's engine cannot read them.
    """
    if load_edition().content_hash == content_hash:
        return load_edition()
    files = kept_files(conninfo, role, content_hash)
    edition = edition_from_files(files) if files else None
    if edition is None or edition.content_hash != content_hash:
        raise EditionMissing(f"the files of edition {content_hash[:12]} are not kept")
    return edition


def engine_of(conninfo: str, content_hash: str) -> Engine:
    """This build's engine with an edition named by its hash; a function that worker processes can be sent."""
    return engine_with(edition_of(conninfo, content_hash))


def engine_from_files(files: Mapping[str, bytes]) -> Engine:
    """This build's engine with an edition that nobody has drafted yet; worker processes can be sent this function too."""
    return engine_with(edition_from_files(files))


def engine_in_force(conninfo: str) -> Callable[[], Engine]:
    """Opens the engine with the edition that requests read; with the one that ships where there is none to be had."""
    content_hash = edition_in_force(conninfo)
    if content_hash is None or not is_kept(conninfo, content_hash):
        return japan
    return partial(engine_of, conninfo, content_hash)


def edition_in_force(conninfo: str) -> str | None:
    """The edition of the generation that requests read."""
    with connect(conninfo, DatabaseRole.PROJECTOR) as connection:
        query = "SELECT edition FROM projection.pointer JOIN projection.generation USING (generation)"
        row = connection.execute(query).fetchone()
    return row[0] if row else None


def is_kept(conninfo: str, content_hash: str) -> bool:
    """Whether an edition can be had, and this build's engine can read it."""
    try:
        edition_of(conninfo, content_hash)
    except (EditionMissing, EditionFaultError):
        return False
    return True
