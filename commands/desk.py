"""What all that members of staff do at a desk (窓口) has in common: read one stream, decide, append what follows."""

from collections.abc import Callable, Sequence
from uuid import UUID

from aggregates.fact import Actor, Fact, Meta, Recorded
from commands.work import Kind, S
from eventstore.append_call import Beside
from eventstore.ward import Ward


def streams_of(ward: Ward, kind: str) -> list[UUID]:
    """The streams of one kind, named by the first word of their topics, in the order in which they began."""
    query = f"""
        SELECT originator_id FROM events.event WHERE topic LIKE '{kind}.%%'
        GROUP BY originator_id ORDER BY min(position)"""  # noqa: S608 - callers name the kind in their source
    return [stream for (stream,) in ward.recorder.select(query)]


def decided(ward: Ward, stream: UUID, kind: Kind[S], actor: Actor, decide: Callable[[S], Sequence[Fact]]) -> list[Recorded]:
    """What a decider makes of a stream, ready to be appended under the key and household that the stream has already."""
    history = ward.history(stream)
    last = history[-1] if history else Recorded(stream, 0, Fact())
    meta = Meta(role=actor.role, actor=actor.id)
    return [
        Recorded(stream, last.originator_version + n, fact, meta, subject=last.subject, partition=last.partition)
        for n, fact in enumerate(decide(kind.project(None, history)), start=1)
    ]


def change(
    ward: Ward,
    stream: UUID,
    kind: Kind[S],
    actor: Actor,
    decide: Callable[[S], Sequence[Fact]],
    beside: Beside | None = None,
) -> bool:
    """Append what a decider makes of a stream; whether that was anything.

    Raises:
        StaleVersion: somebody else was faster; look again.
    """
    facts = decided(ward, stream, kind, actor, decide)
    if facts:
        ward.save(*facts, beside=beside)
    return bool(facts)
