"""What a process remembers may be out of date; its answers may not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from aggregates.child.facts import ChildRegistered, Sex
from aggregates.child.refusals import DoseAlreadyRecorded
from aggregates.fact import Recorded
from aggregates.refusal import NotFound
from commands import recent
from commands.compose import WriteSide
from commands.invite_guardian import InviteGuardian
from commands.recent import RecentHistories
from commands.record_visit import GivenDose
from commands.remove_guardian import RemoveGuardian
from commands.void_dose import VoidDose
from eventstore.ward import Ward
from tests.commands.family import Family


@pytest.fixture
def elsewhere(family: Family, ward: Ward, composed: Callable[[Ward], WriteSide]) -> Family:
    """The same guardian at another process, while this one remembers the family."""
    family.do(family.bcg())
    return replace(family, write=composed(ward))


@pytest.fixture
def reads(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> list[tuple[UUID, ...]]:
    """The families that were read from the log."""
    seen: list[tuple[UUID, ...]] = []
    families = ward.families

    def watched(streams: tuple[UUID, ...]) -> dict[UUID, list[Recorded]]:
        seen.append(tuple(streams))
        return families(streams)

    monkeypatch.setattr(ward, "families", watched)
    return seen


def hepb() -> tuple[GivenDose, ...]:
    return (GivenDose(dose_id=uuid4(), vaccine="HEPB"),)


def test_a_family_that_is_at_it_is_read_once(family: Family, reads: list[tuple[UUID, ...]]) -> None:
    for day in (1, 2, 3):
        family.do(family.bcg(given_on=date(2026, 10, day)))
    assert len(reads) == 1


def test_a_guardian_removed_elsewhere_is_refused_here(family: Family, elsewhere: Family) -> None:
    second = elsewhere.joined_with(elsewhere.do(InviteGuardian(invitation_id=uuid4())).answer["code"])
    here = replace(second, write=family.write)
    here.do(here.bcg(doses=hepb()))
    elsewhere.do(RemoveGuardian(account_id=second.account_id))
    with pytest.raises(NotFound):
        here.do(here.bcg(doses=hepb(), given_on=date(2026, 9, 13)))


def test_a_dose_recorded_elsewhere_is_seen_here(family: Family, elsewhere: Family) -> None:
    elsewhere.do(elsewhere.bcg(doses=hepb()))
    with pytest.raises(DoseAlreadyRecorded):
        family.do(family.bcg(doses=hepb()))


def test_nothing_is_refused_for_what_holds_no_more(family: Family, elsewhere: Family) -> None:
    dose = GivenDose(dose_id=uuid4(), vaccine="HEPB")
    family.do(family.bcg(doses=(dose,)))
    elsewhere.do(VoidDose(child_id=family.child_id, dose_id=dose.dose_id))
    assert family.do(family.bcg(doses=hepb())).position


def test_a_version_made_elsewhere_may_be_named_here(family: Family, elsewhere: Family) -> None:
    version = elsewhere.do(elsewhere.bcg(doses=hepb())).versions[family.child_id]
    receipt = family.do(family.bcg(doses=hepb(), given_on=date(2026, 9, 13)), if_version=version)
    assert receipt.versions[family.child_id] == version + 1


HOUSEHOLD = UUID(int=1)
CHILD = ChildRegistered(household_id=HOUSEHOLD, handle="はる", born_on=date(2026, 4, 10), sex=Sex.FEMALE)


def history(stream: UUID) -> list[Recorded]:
    return [Recorded(stream, 1, CHILD, partition=HOUSEHOLD)]


def test_what_lapsed_is_dropped_with_the_next_write(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(recent, "monotonic", lambda: now)
    memory = RecentHistories()
    memory.remember({UUID(int=n): history(UUID(int=n)) for n in (1, 2)})
    assert memory.families([UUID(int=2)]) is not None
    now = recent.REMEMBERED_SECONDS + 1
    assert memory.families([UUID(int=2)]) is None
    memory.remember({UUID(int=3): history(UUID(int=3))})
    assert list(memory._entries) == [UUID(int=3)]


def test_only_so_many_streams_are_remembered() -> None:
    memory = RecentHistories()
    for n in range(1, recent.STREAMS_MAX + 10):
        memory.remember({UUID(int=n): history(UUID(int=n))})
    assert len(memory._entries) == recent.STREAMS_MAX


def test_a_fact_after_a_gap_is_not_remembered() -> None:
    memory = RecentHistories()
    memory.remember({HOUSEHOLD: history(HOUSEHOLD)})
    memory.extend([Recorded(HOUSEHOLD, 3, CHILD, partition=HOUSEHOLD)])
    found = memory.families([HOUSEHOLD])
    assert found is not None
    assert len(found[HOUSEHOLD]) == 1
