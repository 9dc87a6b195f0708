"""Families are shown another edition of the rules."""

from aggregates.edition.facts import EditionPublished
from aggregates.fact import Meta, Recorded
from aggregates.streams import edition_stream
from eventstore.errors import StaleVersion
from eventstore.ward import Ward


def publish_edition(ward: Ward, *, name: str, content_hash: str) -> bool:
    """Publishes an edition (版) once and answers whether it was this call that did."""
    published = EditionPublished(name=name, content_hash=content_hash)
    try:
        ward.save(Recorded(edition_stream(content_hash), 1, published, Meta()))
    except StaleVersion:
        return False
    return True
