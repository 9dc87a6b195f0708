"""What the commands on rule editions share: read one edition's stream, decide, append what follows."""

from collections.abc import Callable, Sequence
from uuid import UUID

from aggregates.catalogue import decode
from aggregates.edition.facts import EditionPublished
from aggregates.edition.state import Edition, evolve
from aggregates.fact import Actor, Fact, Recorded, Role, topic_of
from aggregates.streams import edition_stream
from commands import desk
from commands.work import Kind
from eventstore.append_call import Beside
from eventstore.ward import Ward

EDITION = Kind(Edition, evolve)
PUBLISHED = topic_of(EditionPublished)


def edition_known(ward: Ward, content_hash: str) -> Edition:
    """Where an edition stands; one of which nothing is known has no hash."""
    return ward.state(edition_stream(content_hash), EDITION.project)[0]


def in_force(ward: Ward) -> str | None:
    """The hash of the edition that was published last."""
    row = ward.recorder.select_one(
        "SELECT state FROM events.event WHERE topic = %b AND topic LIKE 'edition.%%' ORDER BY position DESC LIMIT 1",
        (PUBLISHED,),
    )
    if row is None:
        return None
    published = decode(PUBLISHED, row[0])
    assert isinstance(published, EditionPublished)  # noqa: S101 - its topic says so
    return published.content_hash


def histories(ward: Ward) -> list[list[Recorded]]:
    """The facts of each edition, in the order in which they were first heard of."""
    return [ward.history(stream) for stream in desk.streams_of(ward, "edition")]


def editions_known(ward: Ward) -> list[Edition]:
    """All editions, in the order in which they were first heard of."""
    return [EDITION.project(None, history) for history in histories(ward)]


def decided(ward: Ward, content_hash: str, operator: UUID, decide: Callable[[Edition], Sequence[Fact]]) -> list[Recorded]:
    """What a decider makes of an edition, ready to be appended."""
    return desk.decided(ward, edition_stream(content_hash), EDITION, Actor(operator, Role.OPERATOR), decide)


def change(
    ward: Ward,
    content_hash: str,
    operator: UUID,
    decide: Callable[[Edition], Sequence[Fact]],
    beside: Beside | None = None,
) -> bool:
    """Append what a decider makes of an edition; whether that was anything.

    Raises:
        StaleVersion: somebody else was faster; look again.
    """
    return desk.change(ward, edition_stream(content_hash), EDITION, Actor(operator, Role.OPERATOR), decide, beside)
