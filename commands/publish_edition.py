"""Families are shown another edition of the rules (公布)."""

from functools import partial
from uuid import UUID

from aggregates.edition.facts import EditionPublished
from aggregates.edition.life import publish
from aggregates.fact import Meta, Recorded
from aggregates.streams import edition_stream
from commands.edition_life import EDITION, decided, in_force
from eventstore.errors import StaleVersion
from eventstore.ward import Ward
from schedule import ENGINE_VERSION


def publication(ward: Ward, content_hash: str, operator: UUID) -> list[Recorded]:
    """The publishing fact, to be appended in the transaction that lets families see the edition; none where it is in force.

    Raises:
        NotApproved, NotValidated, OwnPublication, Withdrawn, NotFound: see `aggregates.edition.life`, `aggregates.second_person`.
    """
    decide = partial(publish, engine=ENGINE_VERSION, operator=operator, in_force=in_force(ward))
    return decided(ward, content_hash, operator, decide)


def publish_edition(ward: Ward, *, name: str, content_hash: str) -> bool:
    """Publishes the edition that ships with a build, and answers whether it was this call that did.

    This is for a ward that has no edition it could show; every later one is drafted, approved and published by operators.
    """
    stream = edition_stream(content_hash)
    edition, version = ward.state(stream, EDITION.project)
    if edition.published and in_force(ward) == content_hash:
        return False
    published = Recorded(stream, version + 1, EditionPublished(name=name, content_hash=content_hash), Meta())
    try:
        ward.save(published)
    except StaleVersion:
        return False
    return True
