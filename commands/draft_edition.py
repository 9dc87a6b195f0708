"""An operator lays an edition before the ward (起案)."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from aggregates.edition.life import draft, validate
from aggregates.edition.state import Edition
from aggregates.fact import Fact
from commands.edition_life import EDITION, change
from eventstore.editions import keep_files
from eventstore.ward import Ward
from schedule import ENGINE_VERSION
from schedule.japan.edition import edition_from_files


def draft_edition(ward: Ward, files: Mapping[str, bytes], operator: UUID) -> str:
    """Keeps the files of an edition and answers their hash. The engine has read them, so the edition is validated as well.

    Raises:
        EditionFaultError: the engine found faults; nothing is kept.
        Withdrawn: this very edition was withdrawn.
    """
    edition = edition_from_files(files)

    def decide(state: Edition) -> Sequence[Fact]:
        drafted = draft(state, name=edition.name, content_hash=edition.content_hash, operator=operator)
        for fact in drafted:
            state = EDITION.evolve(state, fact)
        return [*drafted, *validate(state, engine=ENGINE_VERSION, operator=operator)]

    change(ward, edition.content_hash, operator, decide, lambda cursor: keep_files(cursor, edition.content_hash, files))
    return edition.content_hash
