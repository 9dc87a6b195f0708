"""The audience that is asked of the read models is the one that the records and the rules give, family by family."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from uuid import UUID

import msgspec
import pytest
from isal.isal_zlib import decompress
from msgspec.structs import replace
from typer.testing import CliRunner

from aggregates.account.facts import Language
from aggregates.notice.facts import DueStatus, NoticeDrafted
from app.cli import cli
from eventstore.database import DatabaseRole, connect
from projections import audience
from projections.audience import Database
from schedule.contract import ForecastAnswer
from schedule.japan import due_status
from tests.conftest import fresh_database

TODAY = date(2026, 11, 22)
EVERYBODY = NoticeDrafted(subject_ja="", body_ja="", subject_en="", body_en="", operator=UUID(int=1))
Child = tuple[date, Mapping[str, str]]
"""Birthday, and where each series stands."""


@pytest.fixture(scope="module")
def ward_of_60(postgres: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One ward for all of these tests, which only read it."""
    with fresh_database(postgres, migrated_template) as database, pytest.MonkeyPatch.context() as environment:
        environment.setenv("DATABASE_URL", database)
        environment.setenv("HAGUKUMI_DATA_DIR", str(tmp_path_factory.mktemp("ward") / "data"))
        for words in (["demo", "--families", "60", "--seed", "1", "--until", str(TODAY), "--json"], ["rebuild", "--json"]):
            assert CliRunner().invoke(cli, words).exit_code == 0
        yield database


@contextmanager
def read(ward_of_60: str) -> Iterator[Database]:
    with connect(ward_of_60, DatabaseRole.MAILER) as connection:
        yield connection


def found(connection: Database, draft: NoticeDrafted, chunk: int = 1000) -> set[UUID]:
    """The guardians of an audience, read chunk by chunk."""
    guardians: list[UUID] = []
    while True:
        more = audience.members(connection, "gen_1", draft, TODAY, guardians[-1] if guardians else None, chunk)
        guardians += [member.account_id for member in more]
        if len(more) < chunk:
            assert len(set(guardians)) == len(guardians)
            return set(guardians)


def children(connection: Database) -> dict[UUID, list[Child]]:
    """By guardian, from the stored answers alone."""
    known: dict[UUID, list[Child]] = {}
    query = """
        SELECT g.account_id, c.born_on, s.answer_deflated FROM gen_1.guardian g
        JOIN gen_1.child c USING (household_id) JOIN gen_1.schedule_answer s USING (child_id) WHERE NOT c.moved_out"""
    for account_id, born_on, packed in connection.execute(query):
        answer = msgspec.json.decode(decompress(packed), type=ForecastAnswer)
        known.setdefault(account_id, []).append((born_on, {f.series: due_status(f, TODAY) for f in answer.forecasts}))
    return known


def expected(connection: Database, holds: Callable[[Child], bool]) -> set[UUID]:
    return {guardian for guardian, kids in children(connection).items() if any(map(holds, kids))}


def months(born: date) -> int:
    return (TODAY.year - born.year) * 12 + TODAY.month - born.month - (TODAY.day < born.day)


def test_ages_count_completed_months(ward_of_60: str) -> None:
    draft = replace(EVERYBODY, age_months_from=12, age_months_to=71)
    with read(ward_of_60) as connection:
        meant = found(connection, draft)
        assert meant == expected(connection, lambda child: 12 <= months(child[0]) <= 71)
        assert found(connection, draft, chunk=3) == meant
        assert 0 < len(meant) < len(found(connection, EVERYBODY))


@pytest.mark.parametrize("status", list(DueStatus))
def test_a_series_stands_as_the_rules_say(ward_of_60: str, status: DueStatus) -> None:
    with read(ward_of_60) as connection:
        known = children(connection)
        for series in ("MR2", "JE1", "HEPB", "FLU"):
            meant = found(connection, replace(EVERYBODY, series=(series,), due=(status,)))
            assert meant == {who for who, kids in known.items() if any(stands.get(series) == status for _, stands in kids)}


def test_criteria_on_children_hold_for_one_and_the_same_child(ward_of_60: str) -> None:
    with read(ward_of_60) as connection:
        draft = replace(EVERYBODY, age_months_from=36, series=("MR2", "JE1"))
        assert found(connection, draft) == expected(
            connection,
            lambda child: months(child[0]) >= 36 and any(child[1].get(code) in ("due", "overdue") for code in draft.series),
        )


def test_postal_codes_and_languages_are_those_of_the_guardian(ward_of_60: str) -> None:
    with read(ward_of_60) as connection:
        rows = connection.execute(
            "SELECT account_id, postal_code, language FROM gen_1.account JOIN gen_1.guardian USING (account_id)"
        )
        known = {account_id: (code, language) for account_id, code, language in rows}
        prefix = next(iter(known.values()))[0][:5]
        meant = found(connection, replace(EVERYBODY, postal_prefixes=(prefix, "999")))
        assert meant == {account for account, (code, _) in known.items() if code.startswith(prefix)}
        english = found(connection, replace(EVERYBODY, languages=(Language.ENGLISH,)))
        assert english == {account for account, (_, language) in known.items() if language == "en"}
        assert found(connection, EVERYBODY) == set(known)


def test_families_whose_dates_an_edition_changed(ward_of_60: str) -> None:
    with connect(ward_of_60, DatabaseRole.PROJECTOR) as writing, read(ward_of_60) as connection:
        one = writing.execute(
            "SELECT household_id, child_id FROM gen_1.child WHERE NOT moved_out ORDER BY child_id LIMIT 1"
        ).fetchone()
        assert one
        writing.execute("INSERT INTO projection.publication (edition, instead_of, position) VALUES ('ab', 'cd', 1)")
        writing.execute(
            """INSERT INTO projection.changed
               SELECT publication, %s, %s, 'HIB', ARRAY['changed', 'moved'], NULL, NULL FROM projection.publication""",
            one,
        )
        writing.execute(  # of all others the last day of a series reads differently, that is long past
            """INSERT INTO projection.changed
               SELECT publication, household_id, child_id, 'BCG', ARRAY['changed'], NULL, NULL
               FROM projection.publication, gen_1.child WHERE child_id <> %s""",
            one[1:],
        )
        guardians = connection.execute("SELECT account_id FROM gen_1.guardian WHERE household_id = %s", one[:1])
        assert found(connection, replace(EVERYBODY, edition="ab")) == {account_id for (account_id,) in guardians}
        assert found(connection, replace(EVERYBODY, edition="cd")) == set()
