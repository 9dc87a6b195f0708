"""Tells the log what became of messages; the facts carry the message's own id, so that none is told twice."""

from uuid import UUID

from aggregates.fact import Fact, Meta, Recorded
from aggregates.mail.facts import (
    MessageAccepted,
    MessageBounced,
    MessageFailed,
    MessageSuppressed,
    MessageUnknown,
    MessageWithdrawn,
)
from eventstore.errors import StaleVersion, SubjectErased
from eventstore.ward import Ward
from notifier.failing import FailingAddresses
from notifier.ledger import Ledger, Settled
from projections.told import keep

BATCH = 200


class Outcomes:
    """Appends settled messages to the log in batches."""

    def __init__(self, ledger: Ledger, ward: Ward, failing: FailingAddresses) -> None:
        self._ledger = ledger
        self._ward = ward
        self._failing = failing

    def report(self) -> int:
        """One batch; how many messages it held."""
        settled = self._ledger.to_report(BATCH)
        if settled:
            for message in settled:
                if message.state == "failed":
                    self._failing.note(message.account_id, message.address_version, message.status)
            keep(self._ward, [told for message in settled for told in message.told])
            self._append(settled)
            for back in self._ledger.reported([message.message_id for message in settled]):
                tell_bounced(self._ward, *back)
        return len(settled)

    def _append(self, settled: list[Settled]) -> None:
        try:
            self._ward.save(*(_recorded(message) for message in settled))
        except (StaleVersion, SubjectErased):
            if len(settled) > 1:
                for message in settled:
                    self._append([message])
            # Alone: its outcome is in the log already, or its account is erased and may get no more facts.


def tell_bounced(ward: Ward, message_id: UUID, account_id: UUID, status: str) -> None:
    """Say once that a message came back. Where the log does not know its outcome yet, that comes first and brings this along."""
    history = ward.history(message_id)
    if not history or any(isinstance(recorded.fact, MessageBounced) for recorded in history):
        return
    fact = MessageBounced(account_id=account_id, status=status)
    try:
        ward.save(Recorded(message_id, len(history) + 1, fact, Meta(), subject=account_id))
    except (StaleVersion, SubjectErased):
        return  # another report of the same message was quicker, or the account is erased


def _recorded(message: Settled) -> Recorded:
    return Recorded(message.message_id, 1, _fact(message), Meta(), subject=message.account_id)


def _fact(message: Settled) -> Fact:
    occasions: tuple[UUID, ...] = tuple(message.occasions)
    match message.state:
        case "accepted":
            return MessageAccepted(account_id=message.account_id, occasions=occasions, answer_digest=message.answer_digest)
        case "suppressed":
            return MessageSuppressed(account_id=message.account_id, occasions=occasions, reason=message.status)
        case "withdrawn":
            return MessageWithdrawn(account_id=message.account_id, occasions=occasions, reason=message.status)
        case "failed":
            return MessageFailed(account_id=message.account_id, occasions=occasions, status=message.status)
        case _:
            return MessageUnknown(account_id=message.account_id, occasions=occasions)
