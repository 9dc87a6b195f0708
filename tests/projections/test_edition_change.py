"""Whose dates a published edition changed is kept, counted, and forgotten with the child."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import psycopg
import pytest

from aggregates.child.facts import ChildErased, ChildMovedOut
from aggregates.edition.facts import EditionPublished
from aggregates.fact import Meta, Recorded
from aggregates.streams import edition_stream
from eventstore.ward import Ward
from projections.edition_change import EditionChanges
from projections.impact import impact
from projections.impact_effect import Effect
from projections.queries import Queries
from projections.rebuild import Rebuild, Stage
from projections.workers import Source
from tests.projections.family import BORN, MONDAY, SERIES, Family, open_day, toy_engine
from tests.projections.test_impact import later_engine, more_families

LATER = later_engine().edition


@pytest.fixture
def publish(source: Source, projecting: Ward) -> Callable[..., Rebuild]:
    """Publishes an edition in which ONE begins a week later and TWO is not known any more."""
    later = msgspec.structs.replace(source, open_engine=later_engine)
    fact = EditionPublished(name="later", content_hash=LATER)

    def rebuild(**options: object) -> Rebuild:
        publishing = [Recorded(edition_stream(LATER), 1, fact, Meta())]
        return Rebuild(later, projecting, **{"workers": 1, "publishing": publishing, "shown": toy_engine, **options})  # type: ignore[arg-type]

    return rebuild


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


def test_publishing_keeps_the_children_whom_the_trial_counted(
    built: Family, source: Source, publish: Callable[..., Rebuild], queries: Queries, catch_up: Callable[[], None]
) -> None:
    others = more_families(built.ward, 11)
    others[0].tell(others[0].child, ChildMovedOut(on=MONDAY))
    others[1].is_given("TWO", MONDAY)
    catch_up()
    tally = impact(source, later_engine, workers=1).tally
    publish().run()
    changes = queries.edition_changes(LATER)
    assert changes.effects == tally.totals
    assert (changes.households, changes.children) == (len(tally.households), tally.totals[Effect.CHANGED])
    assert set(queries.changed_households(LATER)) == tally.households
    first, second = queries.changed_households(LATER, limit=2)
    assert queries.changed_households(LATER, after=first, limit=1) == [second]


def test_workers_find_the_same(
    built: Family, publish: Callable[..., Rebuild], queries: Queries, catch_up: Callable[[], None]
) -> None:
    more_families(built.ward, 5)
    catch_up()
    publish(workers=2, small_log=0).run()
    assert queries.edition_changes(LATER).children == 6


def test_old_and_new_first_days_are_kept(built: Family, publish: Callable[..., Rebuild], database: str) -> None:
    publish().run()
    opens = BORN + timedelta(SERIES["ONE"])
    with psycopg.connect(database) as connection:
        query = "SELECT edition, instead_of, position FROM projection.publication"
        ((*publication, position),) = connection.execute(query).fetchall()
        rows = connection.execute("SELECT child_id, series, effect, before, after FROM projection.edition_change").fetchall()
    assert publication == [LATER, "toy edition"]
    assert position == built.ward.head() - 1, "the publishing fact, before the switch"
    assert set(rows) == {
        (built.child, "ONE", "changed", opens, opens),
        (built.child, "ONE", "moved", opens, opens),
        (built.child, "TWO", "changed", BORN + timedelta(SERIES["TWO"]), None),
        (built.child, "TWO", "lost", BORN + timedelta(SERIES["TWO"]), None),
    }


def test_facts_and_days_that_come_while_an_edition_is_published_are_in_what_changed(
    built: Family, publish: Callable[..., Rebuild], source: Source, queries: Queries
) -> None:
    late = Family(built.ward)

    def meanwhile(stage: Stage, _done: int, _total: int) -> None:
        if stage is Stage.SWITCH and built.ward.today() == MONDAY:
            late.moves_in()
            built.is_given("TWO", MONDAY)
            open_day(built.ward, MONDAY + timedelta(1))

    publish(report=meanwhile).run()
    assert built.ward.today() == MONDAY + timedelta(1)
    changes = queries.edition_changes(LATER)
    assert (changes.households, changes.children) == (2, 2)
    assert changes.effects == {Effect.CHANGED: 2, Effect.MOVED: 2, Effect.LOST: 2}
    assert set(queries.changed_households(LATER)) == {built.household, late.household}


def test_a_publication_that_was_cut_off_leaves_nothing_that_counts(
    built: Family, publish: Callable[..., Rebuild], queries: Queries
) -> None:
    def cut(stage: Stage, _done: int, _total: int) -> None:
        if stage is Stage.SWITCH:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(report=cut).run()
    assert queries.edition_changes(LATER).children == 0
    publish().run()
    assert queries.edition_changes(LATER).children == 1
