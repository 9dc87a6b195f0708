"""One attempt at one command: what it read, what it appends, and what happens in the same transaction."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

from msgspec import Struct
from psycopg import Cursor
from psycopg.rows import TupleRow

from aggregates.account.registration import require_terms
from aggregates.account.state import Account
from aggregates.account.state import evolve as evolve_account
from aggregates.child.state import Child
from aggregates.child.state import evolve as evolve_child
from aggregates.fact import Fact, Meta, Recorded, Redacted
from aggregates.household.state import Household
from aggregates.household.state import evolve as evolve_household
from aggregates.refusal import NotFound
from commands.context import Context
from commands.receipt import StoredAnswer
from commands.recent import Histories, RecentHistories
from commands.refusals import VersionStale
from eventstore.append_call import Beside
from eventstore.stored import CommandRow

S = TypeVar("S")


class Kind(Struct, Generic[S], frozen=True):
    """How a stream of one kind is folded."""

    initial: Callable[[], S]
    evolve: Callable[[S, Fact | Redacted], S]

    def project(self, _: S | None, history: Iterable[Recorded]) -> S:
        """The state after a whole history."""
        state = self.initial()
        for recorded in history:
            state = self.evolve(state, recorded.fact)
        return state


ACCOUNT = Kind(Account, evolve_account)
HOUSEHOLD = Kind(Household, evolve_household)
CHILD = Kind(Child, evolve_child)


class Shown(Struct, frozen=True):
    """The rules that the caller had before the eyes."""

    edition: str = ""
    engine: str = ""


class UnitOfWork:
    """Loads streams, checks who may touch them, and collects facts.

    Every stream that was read is asserted to be unchanged when the facts are appended, so a rule that looks at two
    streams cannot be broken by a race. With `recall` families may come from memory; `recalled` says whether they did.
    """

    def __init__(
        self,
        context: Context,
        account_id: UUID,
        command_id: UUID,
        meta: Meta,
        if_version: int | None = None,
        *,
        needs_terms: bool = True,
        recent: RecentHistories,
        recall: bool = False,
    ) -> None:
        self.context = context
        self.account_id = account_id
        self.partition: UUID | None = None
        self.besides: list[Beside] = []
        self.erases: list[UUID] = []
        self.answer: dict[str, str] = {}
        self.position = 0
        self.recalled = False
        self.command_id = command_id
        self._meta = meta
        self._if_version = if_version
        self._needs_terms = needs_terms
        self._recent = recent
        self._recall = recall
        self._states: dict[UUID, Any] = {}
        self._read: dict[UUID, int] = {}
        self._facts: list[Recorded] = []
        self._fetched: Histories = {}
        self._target: UUID | None = None

    @property
    def today(self) -> date:
        """The last opened day."""
        return self.context.ward.today()

    def account(self, *, target: bool = False) -> Account:
        """The caller's own login, with the terms in force accepted where the command needs that."""
        self._fetch(self.account_id)
        account = self.load(self.account_id, ACCOUNT, target=target)
        if not account.registered:
            raise NotFound
        self.partition = account.household_id
        if self._needs_terms:
            require_terms(account, self.context.terms())
        return account

    def household(self, *, target: bool = False) -> tuple[UUID, Household]:
        """The household whose guardian the caller is."""
        household_id = self.account().household_id
        if household_id is None:
            raise NotFound
        household = self.load(household_id, HOUSEHOLD, target=target)
        if self.account_id not in household.guardians:
            raise NotFound
        return household_id, household

    def child(self, child_id: UUID) -> Child:
        """A child of the caller's household; another family's child is as unknown as one that never was."""
        self._fetch(self.account_id, child_id)
        _, household = self.household()
        if child_id not in household.children:
            raise NotFound
        return self.load(child_id, CHILD, target=True)

    def load(self, stream: UUID, kind: Kind[S], *, target: bool = False) -> S:
        """The state of a stream. The target is the one whose version the caller may have named."""
        if stream not in self._states:
            self._states[stream], self._read[stream] = self._folded(stream, kind)
        if target:
            self._be_about(stream)
        state: S = self._states[stream]
        return state

    def _fetch(self, *streams: UUID) -> None:
        """Reads streams and their households at once; what is not among them is read when it is wanted."""
        if self.account_id in self._fetched:
            return
        remembered = self._recent.families(streams) if self._recall else None
        self.recalled = remembered is not None
        self._fetched = remembered or self.context.ward.families(streams)
        if not self.recalled:
            self._recent.remember(self._fetched)

    def _folded(self, stream: UUID, kind: Kind[S]) -> tuple[S, int]:
        history = self._fetched.get(stream)
        if history is None:
            return self.context.ward.state(stream, kind.project)
        return kind.project(None, history), history[-1].originator_version if history else 0

    def append(self, stream: UUID, facts: Sequence[Fact], *, subject: UUID | None = None) -> None:
        """Adds facts to a stream that was loaded before; each belongs to the household at hand.

        They are sealed under the stream's own key, or under that of another `subject`, with which they are erased.
        """
        start = self._versions().get(stream, 0) + 1
        self._facts += [
            Recorded(stream, version, fact, self._meta, subject=subject or stream, partition=self.partition)
            for version, fact in enumerate(facts, start=start)
        ]

    def commit(self, command_row: Callable[[StoredAnswer], CommandRow]) -> None:
        """Appends all facts at once; `position` stays 0 when there are none.

        Raises:
            AppendRefused: a stream has moved on, a subject is erased, or the command was carried out before.
        """
        if not self._facts:
            return
        saved = self.context.ward.save(
            *self._facts,
            command=command_row(self.stored_answer()),
            reads=self._only_read(),
            erases=self.erases,
            beside=self._write_besides if self.besides else None,
        )
        self._recent.extend(saved)
        self._recent.forget(self.erases)
        self.position = saved[-1].position

    def stored_answer(self) -> StoredAnswer:
        """The answer as it may be kept: it names the versions of the target and of what was written."""
        told = {self._target, *(recorded.originator_id for recorded in self._facts)}
        return StoredAnswer({stream: version for stream, version in self._versions().items() if stream in told}, self.answer)

    def _versions(self) -> dict[UUID, int]:
        return self._read | {recorded.originator_id: recorded.originator_version for recorded in self._facts}

    def _only_read(self) -> list[tuple[UUID, int]]:
        """Streams that are written are guarded by their next version already."""
        written = {recorded.originator_id for recorded in self._facts}
        return [(stream, version) for stream, version in self._read.items() if stream not in written]

    def _write_besides(self, cursor: Cursor[TupleRow]) -> None:
        for write in self.besides:
            write(cursor)

    def _be_about(self, stream: UUID) -> None:
        self._target = stream
        present = self._read[stream]
        if self._if_version is not None and self._if_version != present:
            raise VersionStale(version=present)
