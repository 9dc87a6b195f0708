from datetime import date
from uuid import uuid4

import pytest

from aggregates.refusal import NotFound
from commands.refusals import CommandReused, VersionStale
from eventstore.ward import Ward
from tests.commands.family import Family


def test_a_visit_is_recorded_and_its_receipt_names_position_and_version(family: Family, ward: Ward) -> None:
    receipt = family.do(family.bcg())
    assert receipt.position == ward.head()
    assert receipt.versions == {family.child_id: 2}
    assert not receipt.replayed


def test_the_same_command_again_gets_the_first_answer_again(family: Family, ward: Ward) -> None:
    command, command_id = family.bcg(), uuid4()
    first = family.do(command, command_id=command_id)
    family.do(family.bcg(confirm_duplicate=True))
    again = family.do(command, command_id=command_id)
    assert (again.position, again.versions, again.answer, again.replayed) == (first.position, first.versions, first.answer, True)
    assert ward.head() == first.position + 1


def test_the_same_id_with_another_body_is_refused(family: Family) -> None:
    command_id = uuid4()
    family.do(family.bcg(), command_id=command_id)
    with pytest.raises(CommandReused):
        family.do(family.bcg(), command_id=command_id)


def test_a_stale_version_is_refused_and_the_present_one_named(family: Family) -> None:
    family.do(family.bcg(), if_version=1)
    with pytest.raises(VersionStale) as refused:
        family.do(family.bcg(given_on=date(2026, 9, 13)), if_version=1)
    assert refused.value.fields == {"version": 2}


def test_another_familys_child_is_as_unknown_as_one_that_never_was(family: Family, stranger: Family) -> None:
    with pytest.raises(NotFound):
        stranger.do(family.bcg())
    with pytest.raises(NotFound):
        stranger.do(family.bcg(child_id=uuid4()))
