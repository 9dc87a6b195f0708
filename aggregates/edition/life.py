"""The life of an edition: drafted, validated, approved by a second person, published, withdrawn.

What has been done already is not done again: the same hash drafted, approved or published twice makes no fact.
"""

from uuid import UUID

from aggregates.edition.facts import (
    EditionApproved,
    EditionDrafted,
    EditionPublished,
    EditionValidated,
    EditionWithdrawn,
)
from aggregates.edition.state import Edition
from aggregates.fact import Fact
from aggregates.refusal import NotFound, Refusal
from aggregates.second_person import NotApproved, OwnApproval, OwnPublication


class NotValidated(Refusal):
    """The engine of this build has not yet found the edition sound."""

    code = "not_validated"


class Withdrawn(Refusal):
    """The edition was withdrawn, which is for good."""

    code = "edition_withdrawn"


class InForce(Refusal):
    """Families are shown this edition; publish another one first."""

    code = "edition_in_force"


def draft(edition: Edition, *, name: str, content_hash: str, operator: UUID) -> list[Fact]:
    """Lay an edition before the ward."""
    _refuse_withdrawn(edition)
    return [] if edition.known else [EditionDrafted(name=name, content_hash=content_hash, operator=operator)]


def validate(edition: Edition, *, engine: str, operator: UUID) -> list[Fact]:
    """Note that an engine found no fault; a new engine has to look again."""
    _require_alive(edition)
    return [] if edition.validated_with == engine else [EditionValidated(engine=engine, operator=operator)]


def approve(edition: Edition, *, engine: str, operator: UUID) -> list[Fact]:
    """Agree to an edition that somebody else drafted."""
    _require_alive(edition)
    if edition.drafted_by == operator:
        raise OwnApproval
    if edition.validated_with != engine:
        raise NotValidated(engine=engine)
    return [] if edition.approved_by else [EditionApproved(operator=operator)]


def publish(edition: Edition, *, engine: str, operator: UUID, in_force: str | None) -> list[Fact]:
    """Show families an approved edition. One that they have been shown before may be returned to."""
    _require_alive(edition)
    if edition.drafted_by == operator:
        raise OwnPublication
    if edition.content_hash == in_force:
        return []
    if edition.approved_by is None and not edition.published:
        raise NotApproved
    if edition.validated_with != engine:
        raise NotValidated(engine=engine)
    return [EditionPublished(name=edition.name, content_hash=edition.content_hash)]


def withdraw(edition: Edition, *, operator: UUID, in_force: str | None) -> list[Fact]:
    """Take an edition back for good."""
    if not edition.known:
        raise NotFound
    if edition.content_hash == in_force:
        raise InForce
    return [] if edition.withdrawn else [EditionWithdrawn(operator=operator)]


def _require_alive(edition: Edition) -> None:
    if not edition.known:
        raise NotFound
    _refuse_withdrawn(edition)


def _refuse_withdrawn(edition: Edition) -> None:
    if edition.withdrawn:
        raise Withdrawn
