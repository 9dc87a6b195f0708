"""A ward with its write side, and families in it."""

from collections.abc import Callable

import pytest
from argon2 import PasswordHasher

from commands.compose import WriteSide, compose
from commands.identity.passwords import Passwords
from commands.open_day import open_days
from eventstore.ward import Ward
from tests.commands.family import TODAY, Family, InForce


@pytest.fixture
def in_force() -> InForce:
    return InForce()


@pytest.fixture
def composed(in_force: InForce) -> Callable[[Ward], WriteSide]:
    """Composes a write side over any ward, with hashing that costs nothing."""

    def over(ward: Ward) -> WriteSide:
        cheap = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        return compose(
            ward, secret=bytes(32), terms=lambda: in_force.terms, vocabulary=lambda: in_force.vocabulary, passwords=cheap
        )

    return over


@pytest.fixture
def write(ward: Ward, composed: Callable[[Ward], WriteSide]) -> WriteSide:
    open_days(ward, TODAY)
    return composed(ward)


@pytest.fixture
def family(write: WriteSide) -> Family:
    """A registered guardian with one child."""
    family = Family(write)
    family.register()
    family.add_child()
    return family


@pytest.fixture
def stranger(write: WriteSide) -> Family:
    """Another registered guardian with a household of their own and no child."""
    stranger = Family(write)
    stranger.register()
    return stranger
