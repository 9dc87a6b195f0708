from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import cycle, islice
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest

from aggregates.calendar.facts import DayOpened
from aggregates.child.facts import DoseRecorded
from aggregates.child.refusals import DoseAlreadyRecorded
from aggregates.household.refusals import LastGuardian
from aggregates.refusal import NotFound
from commands.compose import WriteSide
from commands.delete_account import DeleteAccount
from commands.invite_guardian import InviteGuardian
from commands.open_day import open_days
from commands.record_visit import GivenDose
from commands.refusals import StoreUnavailable
from commands.remove_guardian import RemoveGuardian
from eventstore.keys import KeyStore
from eventstore.ward import Ward
from tests.commands.family import TODAY, Family
from tests.eventstore.cutting_proxy import CuttingProxy, commits

Racing = Callable[[Callable[[], object]], None]


@pytest.fixture
def meanwhile(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> Racing:
    """Lets something happen between the next decision and its append."""

    def race(action: Callable[[], object]) -> None:
        save = ward.save

        def late(*recorded: Any, **options: Any) -> Any:
            monkeypatch.setattr(ward, "save", save)
            action()
            return save(*recorded, **options)

        monkeypatch.setattr(ward, "save", late)

    return race


@pytest.fixture
def second(family: Family) -> Family:
    """The other guardian of the family."""
    return family.joined_with(family.do(InviteGuardian(invitation_id=uuid4())).answer["code"])


def doses(ward: Ward, family: Family) -> list[DoseRecorded]:
    return [recorded.fact for recorded in ward.history(family.child_id) if isinstance(recorded.fact, DoseRecorded)]


def test_a_guardian_removed_while_recording_records_nothing(
    family: Family, second: Family, meanwhile: Racing, ward: Ward
) -> None:
    meanwhile(lambda: family.do(RemoveGuardian(account_id=second.account_id)))
    with pytest.raises(NotFound):
        second.do(second.bcg())
    assert doses(ward, family) == []


def test_an_account_deleted_while_recording_records_nothing(
    family: Family, second: Family, meanwhile: Racing, ward: Ward
) -> None:
    meanwhile(lambda: second.do(DeleteAccount()))
    with pytest.raises(NotFound):
        second.do(second.bcg())
    assert doses(ward, family) == []


def test_the_second_guardian_is_asked_and_may_confirm(family: Family, second: Family, meanwhile: Racing, ward: Ward) -> None:
    meanwhile(lambda: family.do(family.bcg()))
    with pytest.raises(DoseAlreadyRecorded):
        second.do(second.bcg())
    assert len(doses(ward, family)) == 1
    second.do(second.bcg(confirm_duplicate=True))
    assert len(doses(ward, family)) == 2


def test_both_guardians_recording_different_vaccines_are_both_heard(
    family: Family, second: Family, meanwhile: Racing, ward: Ward
) -> None:
    meanwhile(lambda: family.do(family.bcg()))
    second.do(second.bcg(doses=(GivenDose(dose_id=uuid4(), vaccine="HEPB"),)))
    assert {dose.vaccine for dose in doses(ward, family)} == {"BCG", "HEPB"}


def test_two_guardians_cannot_remove_each_other(family: Family, second: Family, meanwhile: Racing) -> None:
    meanwhile(lambda: family.do(RemoveGuardian(account_id=second.account_id)))
    with pytest.raises(NotFound):
        second.do(RemoveGuardian(account_id=family.account_id))
    with pytest.raises(LastGuardian):
        family.do(RemoveGuardian(account_id=family.account_id))


def test_one_command_sent_twice_at_once_is_carried_out_once(family: Family, meanwhile: Racing, ward: Ward) -> None:
    command, command_id = family.bcg(), uuid4()
    meanwhile(lambda: family.do(command, command_id=command_id))
    assert family.do(command, command_id=command_id).replayed
    assert len(doses(ward, family)) == 1


def test_many_at_once_never_record_a_visit_twice(family: Family, second: Family, ward: Ward) -> None:
    start = Barrier(4)

    def record(guardian: Family) -> bool:
        start.wait()
        try:
            guardian.do(guardian.bcg())
        except DoseAlreadyRecorded:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        recorded = list(pool.map(record, [family, second] * 2))
    assert recorded.count(True) == len(doses(ward, family)) == 1


def test_two_schedulers_open_each_day_once(database: str, keys: KeyStore, ward: Ward) -> None:
    open_days(ward, TODAY)
    start = Barrier(2)

    def schedule(own: Ward) -> int:
        own.today()
        start.wait()
        return len(open_days(own, TODAY + timedelta(days=30), operator=True))

    other = Ward(database, keys)
    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(schedule, [ward, other])) == 30
    other.close()
    opened = [recorded.fact for recorded in ward.since(0, 100)]
    assert opened == [DayOpened(date=TODAY + timedelta(days=n)) for n in range(31)]


@pytest.fixture
def proxy(database: str) -> Iterator[CuttingProxy]:
    proxy = CuttingProxy(database)
    yield proxy
    proxy.away()


@pytest.fixture
def far(proxy: CuttingProxy, keys: KeyStore, composed: Callable[[Ward], WriteSide], family: Family) -> Iterator[Family]:
    """The same family, reaching the log through the proxy."""
    ward = Ward(proxy.conninfo, keys)
    ward.head()
    yield Family(composed(ward), family.account_id, family.household_id, family.child_id)
    ward.close()


def carries(command_id: UUID, said: bytes) -> bool:
    """Whether a client's words are the append of this command."""
    return command_id.bytes in said


def test_a_hundred_lost_answers_are_all_answered_right(far: Family, proxy: CuttingProxy, ward: Ward) -> None:
    for number, when in enumerate(islice(cycle(["before", "after", "meanwhile"]), 100), start=1):
        command, command_id = far.bcg(given_on=None), uuid4()
        proxy.cut_next(when, partial(carries, command_id))
        first = far.do(command, command_id=command_id)
        again = far.do(command, command_id=command_id)
        assert (again.position, again.versions, again.replayed) == (first.position, first.versions, True), when
        assert len(doses(ward, far)) == number
    assert proxy.cuts == 100


def test_a_lost_registration_tells_the_same_secrets(proxy: CuttingProxy, far: Family) -> None:
    for when in ["before", "after", "meanwhile"]:
        newcomer, command_id = Family(far.write), uuid4()
        proxy.cut_next(when, commits)
        told = newcomer.anonymously(newcomer.registration(), command_id).answer
        assert newcomer.anonymously(newcomer.registration(), command_id).answer == told
        assert far.write.sessions.sign_in(told["login_id"], told["passphrase"]).account_id == newcomer.account_id


def test_a_command_cut_off_by_an_outage_is_answered_after_it(far: Family, proxy: CuttingProxy, ward: Ward) -> None:
    command, command_id = far.bcg(), uuid4()
    proxy.away()
    with pytest.raises(StoreUnavailable) as away:
        far.do(command, command_id=command_id)
    assert away.value.fields == {"retry_after": 2}
    proxy.back()
    far.do(command, command_id=command_id)
    assert len(doses(ward, far)) == 1
