"""The publishing fact and the switch are one: both happen, or neither does."""

from collections.abc import Callable
from functools import partial

import msgspec
import pytest

from aggregates.edition.facts import EditionPublished, EditionWithdrawn
from aggregates.fact import Meta, Recorded
from aggregates.streams import edition_stream
from eventstore.errors import StaleVersion
from eventstore.ward import Ward
from projections.check import check
from projections.live import LiveRunner, Phase
from projections.queries import Queries
from projections.rebuild import Rebuild, Stage
from projections.workers import Source
from tests.projections.family import MONDAY, Family, other_engine, toy_engine

OTHER = "other edition"
PUBLISHED = EditionPublished(name="other", content_hash=OTHER)


@pytest.fixture
def publish(source: Source, projecting: Ward) -> Callable[..., Rebuild]:
    """A rebuild with the other edition that publishes it."""
    other = msgspec.structs.replace(source, open_engine=other_engine)
    publishing = [Recorded(edition_stream(OTHER), 1, PUBLISHED, Meta())]
    return partial(Rebuild, other, projecting, workers=1, small_log=0, publishing=publishing)


def published(ward: Ward) -> int:
    return sum(recorded.fact == PUBLISHED for recorded in ward.since(0, 1000))


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.COMPARE])
def test_a_publication_that_was_cut_off_has_not_happened_and_goes_on(
    built: Family, publish: Callable[..., Rebuild], queries: Queries, source: Source, stage: Stage
) -> None:
    def cut(now: Stage, _done: int, _total: int) -> None:
        if now is stage:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(report=cut).run()
    assert (queries.schema(), published(built.ward)) == ("gen_1", 0)
    built.is_given("ONE", MONDAY)
    assert publish().run().generation == 2
    assert (queries.schema(), published(built.ward)) == ("gen_2", 1)
    assert len(queries.doses(built.child)) == 1
    assert check(msgspec.structs.replace(source, open_engine=other_engine)).differences == 0


def test_an_edition_that_was_withdrawn_meanwhile_is_not_shown(
    built: Family, publish: Callable[..., Rebuild], queries: Queries
) -> None:
    def withdraw(stage: Stage, _done: int, _total: int) -> None:
        if stage is Stage.SWITCH:
            gone = EditionWithdrawn(operator=built.account)
            built.ward.save(Recorded(edition_stream(OTHER), 1, gone, Meta()))

    with pytest.raises(StaleVersion):
        publish(report=withdraw).run()
    assert (queries.schema(), published(built.ward)) == ("gen_1", 0)


def test_a_live_runner_goes_over_to_the_edition_that_is_read(
    built: Family, publish: Callable[..., Rebuild], queries: Queries, database: str, projecting: Ward
) -> None:
    engines = {"toy edition": toy_engine(), OTHER: other_engine()}
    runner = LiveRunner(database, projecting, toy_engine(), engine_of=engines.__getitem__)
    runner.start()
    try:
        publish().run()
        built.is_given("ONE", MONDAY)
        assert queries.wait_for(built.ward.head())
        assert runner.health.phase is Phase.LIVE
        assert len(queries.doses(built.child)) == 1
    finally:
        runner.stop()
