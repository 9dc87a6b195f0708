"""A ward with its write side, and families in it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

import pytest
from argon2 import PasswordHasher

from aggregates.account.registration import Terms
from aggregates.child.facts import Sex
from aggregates.fact import Actor, Role
from commands.add_child import AddChild
from commands.command import Command
from commands.compose import WriteSide, compose
from commands.context import Vocabulary
from commands.identity.passwords import Passwords
from commands.open_day import open_days
from commands.receipt import Receipt
from commands.record_visit import GivenDose, RecordVisit
from commands.register_account import RegisterAccount
from eventstore.ward import Ward

TODAY = date(2026, 11, 23)
BORN = date(2026, 4, 10)
TERMS = Terms("2026-04", "ab" * 32)
VOCABULARY = Vocabulary(frozenset({"BCG", "HEPB", "DPT-IPV-Hib", "PCV20"}), frozenset({"BCG", "HEPB", "PCV"}))


@dataclass
class InForce:
    """What a test may change while it runs."""

    terms: Terms = TERMS
    vocabulary: Vocabulary = VOCABULARY


@dataclass(frozen=True)
class Family:
    """One guardian and the household; every command under a fresh id unless a test names one."""

    write: WriteSide
    account_id: UUID = field(default_factory=uuid4)
    household_id: UUID = field(default_factory=uuid4)
    child_id: UUID = field(default_factory=uuid4)

    def do(self, command: Command, *, command_id: UUID | None = None, if_version: int | None = None) -> Receipt:
        actor = Actor(self.account_id, Role.GUARDIAN)
        return self.write.commands(command, actor=actor, command_id=command_id or uuid4(), if_version=if_version)

    def registration(self, **changes: object) -> RegisterAccount:
        told: dict[str, object] = {
            "account_id": self.account_id,
            "household_id": self.household_id,
            "terms_version": TERMS.version,
            "terms_hash": TERMS.text_hash,
            "handle": "はるママ",
            "postal_code": "100-0001",
        }
        return RegisterAccount.model_validate(told | changes)

    def anonymously(self, command: Command, command_id: UUID | None = None) -> Receipt:
        return self.write.commands(command, actor=Actor(None, Role.GUARDIAN), command_id=command_id or uuid4())

    def register(self, **changes: object) -> Receipt:
        return self.anonymously(self.registration(**changes))

    def add_child(self) -> Receipt:
        return self.do(AddChild(child_id=self.child_id, handle="はるちゃん", born_on=BORN, sex=Sex.FEMALE))

    def bcg(self, **changes: object) -> RecordVisit:
        told: dict[str, object] = {
            "child_id": self.child_id,
            "visit_id": uuid4(),
            "given_on": date(2026, 9, 12),
            "doses": (GivenDose(dose_id=uuid4(), vaccine="BCG"),),
        }
        return RecordVisit.model_validate(told | changes)


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
