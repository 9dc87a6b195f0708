from uuid import uuid4

import pytest

from aggregates.fact import Redacted
from eventstore.erasure import destroy_left_over_keys
from eventstore.errors import StaleVersion, SubjectErased
from eventstore.ward import Ward
from tests.eventstore.samples import erased, profile


def test_after_an_erasure_the_stream_is_closed_and_unreadable(ward: Ward) -> None:
    account = uuid4()
    ward.save(profile(account))
    (fact,) = ward.save(erased(account, 2), erases=[account])
    assert fact.position == 2
    assert [recorded.fact for recorded in ward.history(account)] == [
        Redacted("account.profile_changed.v1"),
        Redacted("account.erased.v1"),
    ]
    with pytest.raises(SubjectErased) as refused:
        ward.save(profile(account, 3))
    assert refused.value.subject == account
    assert ward.erased_subjects() == [account]


def test_a_refused_erasure_destroys_nothing(ward: Ward) -> None:
    account = uuid4()
    ward.save(profile(account), profile(account, 2))
    with pytest.raises(StaleVersion):
        ward.save(erased(account, 2), erases=[account])
    assert ward.keys.aead(account) is not None


def test_the_log_itself_refuses_an_erased_subject(ward: Ward) -> None:
    account = uuid4()
    row = ward.mapper.seal(profile(account))
    ward.save(erased(account, 2), erases=[account])
    with pytest.raises(SubjectErased):
        ward.recorder.append([row])


def test_an_erasure_that_was_interrupted_is_finished(ward: Ward) -> None:
    account, other = uuid4(), uuid4()
    ward.save(profile(account), profile(other))
    ward.recorder.append([ward.mapper.seal(erased(account, 2))], erases=[account])  # and then the process dies
    assert ward.keys.aead(account) is not None
    assert destroy_left_over_keys(ward) == 1
    assert ward.keys.aead(account) is None
    assert ward.keys.aead(other) is not None
    assert destroy_left_over_keys(ward) == 0
