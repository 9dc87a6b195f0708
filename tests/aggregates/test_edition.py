from collections.abc import Callable
from functools import partial
from uuid import UUID

import pytest

from aggregates.edition.facts import EditionApproved, EditionDrafted, EditionPublished, EditionValidated, EditionWithdrawn
from aggregates.edition.life import (
    InForce,
    NotValidated,
    Withdrawn,
    approve,
    draft,
    publish,
    validate,
    withdraw,
)
from aggregates.edition.state import Edition, evolve
from aggregates.fact import Fact
from aggregates.refusal import NotFound
from aggregates.second_person import NotApproved, OwnApproval, OwnPublication
from tests.aggregates.case import Case

DRAFTER, APPROVER, THIRD = (UUID(int=n) for n in (1, 2, 3))
HASH, ENGINE = "ab", "1"
DRAFTED = EditionDrafted(name="2026", content_hash=HASH, operator=DRAFTER)
VALIDATED = EditionValidated(engine=ENGINE, operator=DRAFTER)
APPROVED = EditionApproved(operator=APPROVER)
PUBLISHED = EditionPublished(name="2026", content_hash=HASH)
GONE = EditionWithdrawn(operator=THIRD)

given = Case(Edition, evolve).given
drafting = partial(draft, name="2026", content_hash=HASH, operator=DRAFTER)
approving = partial(approve, engine=ENGINE, operator=APPROVER)
publishing = partial(publish, engine=ENGINE, operator=APPROVER, in_force="other")
withdrawing = partial(withdraw, operator=THIRD, in_force="other")


def test_an_edition_is_drafted_validated_approved_and_published() -> None:
    given().when(drafting).then(DRAFTED)
    given(DRAFTED).when(partial(validate, engine=ENGINE, operator=DRAFTER)).then(VALIDATED)
    given(DRAFTED, VALIDATED).when(approving).then(APPROVED)
    given(DRAFTED, VALIDATED, APPROVED).when(publishing).then(PUBLISHED)


def test_what_was_done_is_not_done_again() -> None:
    life = (DRAFTED, VALIDATED, APPROVED)
    given(*life).when(drafting).then()
    given(*life).when(partial(draft, name="2026", content_hash=HASH, operator=THIRD)).then()
    given(*life).when(partial(validate, engine=ENGINE, operator=THIRD)).then()
    given(*life).when(approving).then()
    given(*life, PUBLISHED).when(partial(publish, engine=ENGINE, operator=APPROVER, in_force=HASH)).then()
    given(*life, GONE).when(withdrawing).then()


def test_nobody_approves_or_publishes_what_they_drafted() -> None:
    given(DRAFTED, VALIDATED).when(partial(approve, engine=ENGINE, operator=DRAFTER)).refuses(OwnApproval)
    life = given(DRAFTED, VALIDATED, APPROVED)
    life.when(partial(publish, engine=ENGINE, operator=DRAFTER, in_force=None)).refuses(OwnPublication)


def test_only_what_was_approved_is_published() -> None:
    given(DRAFTED, VALIDATED).when(publishing).refuses(NotApproved)


def test_an_engine_that_has_not_looked_at_an_edition_does_not_apply_it() -> None:
    given(DRAFTED).when(approving).refuses(NotValidated, engine=ENGINE)
    life = given(DRAFTED, VALIDATED, APPROVED)
    life.when(partial(publish, engine="2", operator=APPROVER, in_force=None)).refuses(NotValidated, engine="2")
    life.when(partial(validate, engine="2", operator=THIRD)).then(EditionValidated(engine="2", operator=THIRD))


def test_an_edition_that_families_were_shown_before_may_be_returned_to() -> None:
    given(PUBLISHED, VALIDATED).when(publishing).then(PUBLISHED)
    given(DRAFTED, VALIDATED, APPROVED, PUBLISHED).when(publishing).then(PUBLISHED)


def test_a_withdrawn_edition_stays_withdrawn() -> None:
    given(DRAFTED, VALIDATED, APPROVED).when(withdrawing).then(GONE)
    for decide in (drafting, approving, publishing):
        given(DRAFTED, VALIDATED, APPROVED, GONE).when(decide).refuses(Withdrawn)


def test_the_edition_in_force_is_not_withdrawn() -> None:
    given(PUBLISHED).when(partial(withdraw, operator=THIRD, in_force=HASH)).refuses(InForce)


@pytest.mark.parametrize("decide", [approving, publishing, withdrawing])
def test_an_edition_that_nobody_drafted_is_unknown(decide: Callable[[Edition], list[Fact]]) -> None:
    given().when(decide).refuses(NotFound)
