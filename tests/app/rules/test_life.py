"""An edition from its draft to the families, on the command line of an operator."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from aggregates.edition.facts import EditionPublished
from aggregates.fact import Role
from aggregates.operation.facts import GenerationSwitched
from app.composition import build_service
from app.keys import open_keys
from app.settings import load_settings
from eventstore.database import DatabaseRole, connect
from eventstore.ward import Ward
from schedule.japan import load_edition
from tests.app.clock import noon
from tests.app.rules.conftest import Run

DRAFTER, APPROVER = UUID(int=1), UUID(int=2)


def draft(run: Run, folder: Path) -> str:
    said = run("rules", "draft", folder, "--as", DRAFTER)
    assert said.exit_code == 0, said.stderr
    return str(said.stdout.split()[-1])


def tried(run: Run, *words: object) -> dict[str, Any]:
    said = run("rules", "impact", *words, "--json")
    assert said.exit_code == 0, said.stderr
    return json.loads(said.stdout)  # type: ignore[no-any-return]


@contextmanager
def log_of(database: str) -> Iterator[Ward]:
    with closing(open_keys(load_settings())) as keys, closing(Ward(database, keys)) as ward:
        yield ward


def changed_rows(database: str) -> Counter[str]:
    """Children whose row of a series reads differently in the generation in use than in the one before, by the tables alone."""
    row = "SELECT ROW({0}.status, {0}.dose_number, {0}.doses_remaining, {0}.earliest, {0}.recommended, {0}.past_due, {0}.latest)"
    rows = "SELECT s.* FROM gen_{0}.schedule s JOIN gen_{0}.child c USING (child_id) WHERE NOT c.moved_out"
    query = f"""
        SELECT coalesce(n.series, o.series), count(*)
        FROM ({rows.format(1)}) o FULL JOIN ({rows.format(2)}) n USING (child_id, series)
        WHERE ({row.format("o")}) IS DISTINCT FROM ({row.format("n")}) GROUP BY 1"""
    with connect(database, DatabaseRole.PROJECTOR) as connection:
        return Counter(dict(connection.execute(query.encode()).fetchall()))


def kept_changes(database: str, edition: str) -> tuple[int, dict[str, int]]:
    """How many families the publication of an edition concerned, and how many children in which way."""
    with connect(database, DatabaseRole.APP) as connection:
        query = "SELECT effect, count(DISTINCT child_id) FROM projection.edition_change WHERE edition = %s GROUP BY 1"
        effects: dict[str, int] = dict(connection.execute(query, (edition,)).fetchall())
        query = "SELECT count(DISTINCT household_id) FROM projection.edition_change WHERE edition = %s"
        ((households,),) = connection.execute(query, (edition,)).fetchall()
    return households, effects


def test_what_the_trial_counted_is_what_families_are_shown_afterwards(run: Run, ward_of_60: str, revised: Path) -> None:
    before = tried(run, revised, "--approver", APPROVER)
    edition = draft(run, revised)
    assert before["edition"] == edition
    assert before == tried(run, edition[:12], "--approver", APPROVER)
    run("rules", "approve", edition, "--as", APPROVER)
    published = run("rules", "publish", edition, "--as", APPROVER, "--json")
    assert published.exit_code == 0, published.stderr
    counted = {series["series"]: series["counts"]["changed"] for series in before["series"]}
    assert counted == changed_rows(ward_of_60)
    assert {"HEPB", "MR1"} <= set(counted)
    told = {effect: count for effect, count in before["counts"].items() if count}
    assert kept_changes(ward_of_60, edition) == (before["households"], told)
    assert run("replay", "--check").stdout.strip().endswith("all equal.")
    after = tried(run, edition)
    assert (after["households"], after["series"]) == (0, [])


def test_publishing_is_one_fact_beside_the_switch_and_done_once(run: Run, ward_of_60: str, revised: Path) -> None:
    edition = draft(run, revised)
    run("rules", "approve", edition, "--as", APPROVER)
    run("rules", "publish", edition, "--as", APPROVER)
    with log_of(ward_of_60) as ward:
        head = ward.head()
        published, switched = ward.since(head - 2, 2)
    assert isinstance(published.fact, EditionPublished)
    assert isinstance(switched.fact, GenerationSwitched)
    assert (published.meta.role, published.meta.actor) == (Role.OPERATOR, APPROVER)
    assert published.recorded_at == switched.recorded_at
    assert switched.fact.edition == edition
    assert "nothing changed" in run("rules", "publish", edition, "--as", APPROVER).stdout
    with log_of(ward_of_60) as ward:
        assert ward.head() == head


def test_a_second_person_is_needed(run: Run, ward_of_60: str, revised: Path) -> None:
    edition = draft(run, revised)
    refused = run("rules", "publish", edition, "--as", APPROVER)
    assert (refused.exit_code, refused.stderr.split(":")[0].strip()) == (1, "not_approved")
    refused = run("rules", "approve", edition, "--as", DRAFTER)
    assert (refused.exit_code, refused.stderr.split(":")[0]) == (1, "own_approval")
    run("rules", "approve", edition, "--as", APPROVER)
    refused = run("rules", "publish", edition, "--as", DRAFTER)
    assert (refused.exit_code, refused.stderr.split(":")[0].strip()) == (1, "own_publication")
    assert run("rules", "publish", "abcdef", "--as", APPROVER).exit_code == 3
    assert run("rules", "impact", edition, "--approver", DRAFTER).exit_code == 1


def test_editions_are_listed_with_their_standing(run: Run, ward_of_60: str, revised: Path) -> None:
    edition = draft(run, revised)
    _, one = json.loads(run("rules", "list", "--json").stdout)
    assert (one["content_hash"], one["drafted_by"], one["in_force"]) == (edition, str(DRAFTER), False)
    run("rules", "withdraw", edition, "--as", DRAFTER)
    assert "withdrawn" in run("rules", "list").stdout
    assert run("rules", "approve", edition, "--as", APPROVER).exit_code == 1


def test_an_edition_with_faults_is_not_tried_and_not_kept(run: Run, ward_of_60: str, revised: Path) -> None:
    (revised / "bcg.toml").write_text("vaccine = 1")
    for words in (("impact", revised), ("draft", revised, "--as", DRAFTER)):
        said = run("rules", *words)
        assert (said.exit_code, "bcg.toml" in said.stderr) == (1, True)


def test_a_running_service_goes_over_to_the_new_edition(run: Run, ward_of_60: str, revised: Path) -> None:
    service = build_service(load_settings(), ward_of_60, now=noon)
    service.background["notifier"].clear()
    try:
        service.start_background()
        edition = draft(run, revised)
        run("rules", "approve", edition, "--as", APPROVER)
        assert service.edition.content_hash == load_edition().content_hash
        assert run("rules", "publish", edition, "--as", APPROVER).exit_code == 0
        assert service.queries.wait_for(service.ward.head())
        assert (service.edition.content_hash, service.shown.edition) == (edition, edition)
    finally:
        service.stop()
