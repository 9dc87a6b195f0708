"""Facts of one rule edition (版)."""

from aggregates.fact import Fact


class EditionPublished(Fact, frozen=True, tag="edition.published.v1"):
    """From this position on families are shown this edition. `content_hash` is the SHA-256 of its files."""

    name: str
    content_hash: str
