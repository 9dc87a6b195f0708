"""Carries out commands: once, whatever happens to the answer."""

from typing import NamedTuple
from uuid import UUID

from aggregates.fact import Actor, Meta
from aggregates.refusal import NotFound, Refusal
from commands.command import Command
from commands.context import Context
from commands.receipt import Receipt, StoredAnswer, decode_answer, encode_answer
from commands.recent import RecentHistories
from commands.refusals import CommandReused, DayNotOpened, StoreUnavailable
from commands.work import Shown, UnitOfWork
from eventstore import errors
from eventstore.stored import CommandRow

ATTEMPTS_MAX = 5
RETRY_SECONDS = 2


class _Call(NamedTuple):
    """One call of one command."""

    command: Command
    command_id: UUID
    account_id: UUID
    meta: Meta
    if_version: int | None


class Commands:
    """The only way to append facts of families.

    A command id names one command of one account for 90 days: the same command again gets the first answer again,
    another command under the same id is refused.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self._recent = RecentHistories()

    def __call__(
        self,
        command: Command,
        *,
        actor: Actor,
        command_id: UUID,
        if_version: int | None = None,
        shown: Shown | None = None,
        correlation_id: UUID | None = None,
    ) -> Receipt:
        """Carries out a command.

        Args:
            command: what is wanted.
            actor: who wants it.
            command_id: chosen by the caller; kept when the same command is sent again.
            if_version: refuse unless the stream that the command is about has this version.
            shown: the edition and engine whose answer the caller saw.
            correlation_id: names the request that this belongs to, as logs do; without one the command itself.

        Raises:
            Refusal: a rule speaks against it; nothing was appended.
        """
        try:
            account_id = command.account(actor, self.context)
            meta = _meta(actor, account_id, command_id, shown or Shown(), correlation_id or command_id)
            return self._carry_out(_Call(command, command_id, account_id, meta, if_version))
        except (errors.StoreUnavailable, errors.StaleVersion, errors.DuplicateRow) as away:
            raise StoreUnavailable(retry_after=RETRY_SECONDS) from away
        except errors.DayNotOpened as early:
            raise DayNotOpened from early

    def _carry_out(self, call: _Call) -> Receipt:
        """Decides first and looks for an earlier answer only when something stands in the way: that is the rare case."""
        try:
            work = self._decide(call)
        except (Refusal, errors.CommandKnown, errors.SubjectErased) as obstacle:
            earlier = self._earlier(call)
            if earlier is not None:
                return earlier
            if isinstance(obstacle, Refusal):
                raise
            raise NotFound from obstacle
        if work.position:
            return self._receipt(call, work.stored_answer(), work.position)
        return self._earlier(call) or self._receipt(call, work.stored_answer(), self.context.ward.head())

    def _decide(self, call: _Call) -> UnitOfWork:
        """What is remembered serves the first attempt. Only what the log holds now can be a reason to refuse or to do nothing."""
        for attempt in range(1, ATTEMPTS_MAX + 1):
            work = self._begin(call, recall=attempt == 1 and not call.command.proves)
            try:
                call.command.decide(work)
                work.commit(lambda answer: self._command_row(call, answer))
            except Refusal:
                if not work.recalled:
                    raise
            except (errors.StaleVersion, errors.DuplicateRow):
                if attempt == ATTEMPTS_MAX:
                    raise
            else:
                if work.position or not work.recalled:
                    break
        return work

    def _begin(self, call: _Call, *, recall: bool) -> UnitOfWork:
        return UnitOfWork(
            self.context,
            call.account_id,
            call.command_id,
            call.meta,
            call.if_version,
            needs_terms=call.command.needs_terms,
            recent=self._recent,
            recall=recall,
        )

    def _command_row(self, call: _Call, answer: StoredAnswer) -> CommandRow:
        return CommandRow(call.account_id, call.command_id, self._mac(call), encode_answer(answer))

    def _earlier(self, call: _Call) -> Receipt | None:
        row = self.context.ward.find_command(call.account_id, call.command_id)
        if row is None:
            return None
        try:
            same = self._mac(call) == row.body_mac
        except errors.SubjectErased:
            same = True  # the key that could tell is destroyed; the account's last command is all that can be repeated
        if not same:
            raise CommandReused
        return self._receipt(call, decode_answer(row.answer), row.position, replayed=True)

    def _receipt(self, call: _Call, stored: StoredAnswer, position: int, *, replayed: bool = False) -> Receipt:
        secrets = call.command.secrets(call.account_id, call.command_id, self.context)
        return Receipt(position, stored.versions, stored.answer | secrets, replayed)

    def _mac(self, call: _Call) -> bytes:
        body = f"{type(call.command).__name__} {call.command.model_dump_json()}".encode()
        return self.context.ward.keys.mac(call.account_id, body)


def _meta(actor: Actor, account_id: UUID, command_id: UUID, shown: Shown, correlation_id: UUID) -> Meta:
    return Meta(
        role=actor.role,
        actor=account_id,
        command_id=command_id,
        correlation_id=correlation_id,
        edition=shown.edition,
        engine=shown.engine,
    )
