"""Which rules this process shows and applies: those of the generation that its requests read."""

from time import monotonic

from commands.context import Vocabulary
from eventstore.database import DatabaseRole
from eventstore.errors import StoreUnavailable
from eventstore.ward import Ward
from projections.engine import EditionMissing, Engine, edition_of, engine_with
from projections.queries import Queries
from schedule.japan import Edition, load_edition
from schedule.japan.faults import EditionFaultError

LOOK_SECONDS = 1.0
"""A process that reads nothing notices another edition after this long; one that reads notices at once."""
IN_FORCE = "SELECT g.generation, g.edition FROM projection.pointer p JOIN projection.generation g USING (generation)"


class RulesInForce:
    """The edition in force (施行中の版) and all that follows from it.

    A request that has read from a new generation finds its edition here: `Queries` remembers which one it read last.

    Args:
        conninfo: Where the files of editions are kept, with the rights of the application.
        ward: The log, with the same rights.
        queries: The reads of this process.
    """

    def __init__(self, conninfo: str, ward: Ward, queries: Queries) -> None:
        self._conninfo = conninfo
        self._ward = ward
        self._queries = queries
        self._generation = 0
        self._looked_at = float("-inf")
        self._use(load_edition())

    @property
    def edition(self) -> Edition:
        """The edition."""
        self._look()
        return self._edition

    @property
    def engine(self) -> Engine:
        """The engine with this edition."""
        self._look()
        return self._engine

    @property
    def vocabulary(self) -> Vocabulary:
        """The codes that commands may name."""
        self._look()
        return self._vocabulary

    def edition_of(self, content_hash: str) -> Edition:
        """The edition that a row or a fact names, whichever is in force.

        Raises:
            EditionMissing: its files are not kept.
            EditionFaultError: this build's engine cannot read them.
        """
        if content_hash == self._edition.content_hash:
            return self._edition
        return edition_of(self._conninfo, content_hash, DatabaseRole.APP)

    def labels_of(self, content_hash: str) -> Edition:
        """The edition whose words belong to what was read; where it is not kept, the one in force has most of them."""
        try:
            return self.edition_of(content_hash)
        except (EditionMissing, EditionFaultError):
            return self.edition

    def _look(self) -> None:
        read = self._queries.generation
        if monotonic() < self._looked_at + LOOK_SECONDS and read in {0, self._generation}:
            return
        try:
            row = self._ward.recorder.select_one(IN_FORCE)
        except StoreUnavailable:
            return  # what was in force a moment ago still is
        self._looked_at = monotonic()
        if row is not None and row[0] != self._generation:
            self._generation = row[0]
            self._change(row[1])

    def _change(self, content_hash: str) -> None:
        if content_hash == self._edition.content_hash:
            return
        try:
            self._use(self.edition_of(content_hash))
        except EditionMissing:
            self._use(load_edition())  # the read models are to be rebuilt, which the service says at its start

    def _use(self, edition: Edition) -> None:
        self._edition = edition
        self._engine = engine_with(edition)
        self._vocabulary = Vocabulary(frozenset(edition.products), frozenset(edition.series))
