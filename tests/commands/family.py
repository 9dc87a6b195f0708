"""Families for tests of the write side."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from aggregates.account.registration import Terms
from aggregates.child.facts import Sex
from aggregates.fact import Actor, Role
from commands.add_child import AddChild
from commands.command import Command
from commands.compose import WriteSide
from commands.context import Vocabulary
from commands.join_household import JoinHousehold
from commands.receipt import Receipt
from commands.record_visit import GivenDose, RecordVisit
from commands.register_account import RegisterAccount

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

    def joined_with(self, code: str) -> "Family":
        """A second guardian who registers with an invitation code."""
        second = Family(self.write, household_id=self.household_id, child_id=self.child_id)
        told = second.registration().model_dump(exclude={"household_id"})
        second.anonymously(JoinHousehold.model_validate(told | {"invitation_code": code}))
        return second

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
