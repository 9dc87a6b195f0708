"""Facts of one rule edition (版). Operators are named by their ids on the roster."""

from uuid import UUID

from aggregates.fact import Fact


class EditionDrafted(Fact, frozen=True, tag="edition.drafted.v1"):
    """Somebody laid an edition before the ward (起案). Its files are kept from now on, under their SHA-256 `content_hash`."""

    name: str
    content_hash: str
    operator: UUID


class EditionValidated(Fact, frozen=True, tag="edition.validated.v1"):
    """This engine found no fault in the files (検証)."""

    engine: str
    operator: UUID


class EditionApproved(Fact, frozen=True, tag="edition.approved.v1"):
    """A second person agrees that families may be shown this edition (承認)."""

    operator: UUID


class EditionPublished(Fact, frozen=True, tag="edition.published.v1"):
    """From this position on families are shown this edition. `content_hash` is the SHA-256 of its files."""

    name: str
    content_hash: str


class EditionWithdrawn(Fact, frozen=True, tag="edition.withdrawn.v1"):
    """This edition is never to be published, or never again (取下げ)."""

    operator: UUID
