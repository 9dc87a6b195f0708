"""Whose dates a published edition changed is kept, counted, and forgotten with the child."""

from collections.abc import Callable

import psycopg
import pytest

from aggregates.child.facts import ChildErased, ChildMovedOut
from projections.edition_change import EditionChanges
from projections.impact_effect import Effect
from projections.queries import Queries
from tests.projections.family import MONDAY, Family


@pytest.fixture
def note(database: str) -> Callable[..., None]:
    """Notes what an edition changed for a child, in a publication of its own."""

    def run(edition: str, family: Family, *effects: str, position: int | None = 1) -> None:
        with psycopg.connect(database) as connection:
            ((publication,),) = connection.execute(
                "INSERT INTO projection.publication (edition, instead_of, position) VALUES (%s, 'old', %s) RETURNING publication",
                (edition, position),
            ).fetchall()
            connection.execute(
                "INSERT INTO projection.changed VALUES (%s, %s, %s, 'ONE', %s)",
                (publication, family.household, family.child, list(effects)),
            )

    return run


def test_families_are_counted_and_listed(built: Family, queries: Queries, note: Callable[..., None]) -> None:
    note("new", built, "changed", "moved")
    assert queries.edition_changes("new") == EditionChanges(1, 1, {Effect.CHANGED: 1, Effect.MOVED: 1})
    assert queries.changed_households("new") == [built.household]
    assert queries.changed_households("new", after=built.household) == []
    assert queries.edition_changes("unknown") == EditionChanges(0, 0, {})
    assert queries.changed_households("unknown") == []


def test_only_the_last_publication_of_an_edition_counts_and_none_that_was_not_finished(
    built: Family, queries: Queries, note: Callable[..., None]
) -> None:
    note("new", built, "changed", "moved")
    note("new", built, "changed", "lost")
    note("new", built, "changed", "gained", position=None)
    assert queries.edition_changes("new").effects == {Effect.CHANGED: 1, Effect.LOST: 1}


def test_a_child_that_has_moved_out_is_not_told(
    built: Family, queries: Queries, note: Callable[..., None], catch_up: Callable[[], None]
) -> None:
    note("new", built, "changed")
    built.tell(built.child, ChildMovedOut(on=MONDAY))
    catch_up()
    assert queries.changed_households("new") == []


def test_what_changed_for_an_erased_child_is_forgotten(
    built: Family, queries: Queries, note: Callable[..., None], catch_up: Callable[[], None]
) -> None:
    note("new", built, "changed")
    built.tell(built.child, ChildErased(on=MONDAY), erases=(built.child,))
    catch_up()
    assert queries.edition_changes("new") == EditionChanges(0, 0, {})
