"""Where one rule edition (版) stands in its life."""

from enum import StrEnum
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from aggregates.edition.facts import (
    EditionApproved,
    EditionDrafted,
    EditionPublished,
    EditionValidated,
    EditionWithdrawn,
)
from aggregates.fact import Fact, Redacted


class Standing(StrEnum):
    """Where an edition stands, as its code."""

    DRAFTED = "drafted"
    APPROVED = "approved"
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class Edition(Struct, frozen=True):
    """One edition: who drafted and approved it, which engine found it sound, and whether families have ever been shown it."""

    name: str = ""
    content_hash: str = ""
    drafted_by: UUID | None = None
    validated_with: str | None = None
    approved_by: UUID | None = None
    published: bool = False
    withdrawn: bool = False

    @property
    def known(self) -> bool:
        """Whether there is such an edition at all."""
        return bool(self.content_hash)

    def standing(self, in_force: str | None) -> Standing:
        """Where it stands, given the hash of the edition that families are shown."""
        if self.content_hash == in_force:
            return Standing.IN_FORCE
        if self.withdrawn:
            return Standing.WITHDRAWN
        if self.published:
            return Standing.REPLACED
        return Standing.APPROVED if self.approved_by else Standing.DRAFTED


def evolve(edition: Edition, fact: Fact | Redacted) -> Edition:
    """The edition after one more fact."""
    match fact:
        case EditionDrafted():
            return replace(edition, name=fact.name, content_hash=fact.content_hash, drafted_by=fact.operator)
        case EditionValidated():
            return replace(edition, validated_with=fact.engine)
        case EditionApproved():
            return replace(edition, approved_by=fact.operator)
        case EditionPublished():
            return replace(edition, name=fact.name, content_hash=fact.content_hash, published=True)
        case EditionWithdrawn():
            return replace(edition, withdrawn=True)
    return edition
