from uuid import UUID

import psycopg
import pytest

from aggregates.edition.facts import EditionApproved, EditionDrafted, EditionPublished, EditionValidated, EditionWithdrawn
from aggregates.edition.life import InForce
from aggregates.fact import Recorded, Role
from aggregates.refusal import NotFound
from aggregates.second_person import NotApproved, OwnApproval, OwnPublication
from commands.approve_edition import approve_edition
from commands.draft_edition import draft_edition
from commands.edition_life import in_force
from commands.publish_edition import publication, publish_edition
from commands.withdraw_edition import withdraw_edition
from eventstore.database import DatabaseRole, connect
from eventstore.editions import kept_files
from eventstore.ward import Ward
from schedule.japan import EditionFaultError, load_edition
from schedule.japan.edition import CHIYODA, read_files

DRAFTER, APPROVER = UUID(int=1), UUID(int=2)


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    files = read_files(CHIYODA)
    return files | {"edition.toml": files["edition.toml"].replace(b'name = "chiyoda', b'name = "draft')}


def kinds(facts: list[Recorded]) -> list[type]:
    return [type(recorded.fact) for recorded in facts]


def test_an_edition_goes_through_its_life_as_facts_with_their_actors(ward: Ward, files: dict[str, bytes]) -> None:
    drafted = draft_edition(ward, files, DRAFTER)
    assert approve_edition(ward, drafted, APPROVER)
    ward.save(*publication(ward, drafted, APPROVER))
    facts = ward.since(0, 10)
    assert kinds(facts) == [EditionDrafted, EditionValidated, EditionApproved, EditionPublished]
    assert [(f.meta.role, f.meta.actor) for f in facts] == [(Role.OPERATOR, DRAFTER)] * 2 + [(Role.OPERATOR, APPROVER)] * 2
    assert in_force(ward) == drafted


def test_the_same_step_twice_changes_nothing(ward: Ward, files: dict[str, bytes]) -> None:
    drafted = draft_edition(ward, files, DRAFTER)
    assert draft_edition(ward, files, APPROVER) == drafted
    assert approve_edition(ward, drafted, APPROVER)
    assert not approve_edition(ward, drafted, APPROVER)
    ward.save(*publication(ward, drafted, APPROVER))
    assert publication(ward, drafted, APPROVER) == []
    assert ward.head() == 4


def test_the_drafter_neither_approves_nor_publishes(ward: Ward, files: dict[str, bytes]) -> None:
    drafted = draft_edition(ward, files, DRAFTER)
    with pytest.raises(OwnApproval):
        approve_edition(ward, drafted, DRAFTER)
    with pytest.raises(NotApproved):
        publication(ward, drafted, APPROVER)
    approve_edition(ward, drafted, APPROVER)
    with pytest.raises(OwnPublication):
        publication(ward, drafted, DRAFTER)


def test_what_ships_is_published_by_the_service_and_may_be_replaced_but_not_withdrawn(
    ward: Ward, files: dict[str, bytes]
) -> None:
    shipped = load_edition()
    assert publish_edition(ward, name=shipped.name, content_hash=shipped.content_hash)
    with pytest.raises(InForce):
        withdraw_edition(ward, shipped.content_hash, DRAFTER)
    drafted = draft_edition(ward, files, DRAFTER)
    approve_edition(ward, drafted, APPROVER)
    ward.save(*publication(ward, drafted, APPROVER))
    assert withdraw_edition(ward, shipped.content_hash, DRAFTER)
    assert kinds(ward.since(5, 10)) == [EditionWithdrawn]
    with pytest.raises(NotFound):
        withdraw_edition(ward, "nothing", DRAFTER)


def test_files_are_kept_byte_by_byte_and_nobody_changes_them(ward: Ward, files: dict[str, bytes], database: str) -> None:
    drafted = draft_edition(ward, files, DRAFTER)
    for role in (DatabaseRole.APP, DatabaseRole.PROJECTOR, DatabaseRole.MAILER, DatabaseRole.AUDITOR):
        assert kept_files(database, role, drafted) == files
    assert kept_files(database, DatabaseRole.APP, "nothing") == {}
    with connect(database, DatabaseRole.OWNER) as owner:
        for statement in ("UPDATE edition.file SET content = ''", "DELETE FROM edition.file", "TRUNCATE edition.file"):
            with pytest.raises(psycopg.Error) as refused:
                owner.execute(statement)
            assert refused.value.sqlstate == "WD009"
    with connect(database, DatabaseRole.APP) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("DELETE FROM edition.file")


def test_of_a_faulty_edition_nothing_is_kept(ward: Ward, files: dict[str, bytes], database: str) -> None:
    with pytest.raises(EditionFaultError):
        draft_edition(ward, files | {"bcg.toml": b"vaccine = 1"}, DRAFTER)
    assert ward.head() == 0
    with connect(database, DatabaseRole.APP) as app:
        assert app.execute("SELECT count(*) FROM edition.file").fetchone() == (0,)
