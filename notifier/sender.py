"""Delivers one message of the ledger."""

import logging
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from notifier.ledger import Claim, Ledger
from notifier.letter import Letterhead, confirmation_letter, digest_letter
from notifier.recheck import Recheck, StillDue, Suppressed
from notifier.transport import Deferred, Envelope, LostAfterData, Refused, Transport

log = logging.getLogger(__name__)

ConfirmationToken = Callable[[UUID, int], str]
"""The token that confirms one version of an account's address; the same each time it is asked for."""

WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))
"""How long to wait after each «not now» (RFC 5321, section 4.5.4.1); after the last the message has failed."""


class LeaseLost(Exception):
    """Another worker has the message by now; this one stays silent."""


class Sender:
    """Claims a message, asks the log whether it still holds, and hands it to the transport."""

    def __init__(
        self, ledger: Ledger, recheck: Recheck, transport: Transport, head: Letterhead, token: ConfirmationToken
    ) -> None:
        self._ledger = ledger
        self._recheck = recheck
        self._transport = transport
        self._head = head
        self._token = token

    def deliver(self, message_id: UUID) -> None:
        """Send the message if it is due and nobody else has it. Every end is written down; nothing is raised for one."""
        claim = self._ledger.claim(message_id)
        if claim is None:
            return
        try:
            due = self._recheck(claim.account_id, self._ledger.occasions(message_id))
        except Suppressed as no_more:
            self._ledger.settle(message_id, "suppressed", no_more.reason)
            return
        self._hand_over(claim, self._compose(claim, due))

    def _compose(self, claim: Claim, due: StillDue) -> Envelope:
        account = due.account
        recipient, language = account.email or "", account.wishes.language
        if due.confirmation:
            token = self._token(claim.account_id, account.address_version)
            return confirmation_letter(self._head, claim.message_id, recipient, language, token)
        return digest_letter(self._head, claim.message_id, recipient, language, due.news)

    def _hand_over(self, claim: Claim, envelope: Envelope) -> None:
        message_id = claim.message_id
        try:
            self._transport.send(envelope, lambda: self._data_starts(message_id))
        except Deferred as later:
            self._defer(claim, later.status)
        except Refused as never:
            self._ledger.settle(message_id, "failed", never.status)
        except LostAfterData:
            self._ledger.lost(message_id)
        except LeaseLost:
            log.warning("the lease of message %s ended before DATA", message_id)
        else:
            self._ledger.settle(message_id, "accepted", "2.0.0")

    def _data_starts(self, message_id: UUID) -> None:
        if not self._ledger.data_starts(message_id):
            raise LeaseLost

    def _defer(self, claim: Claim, status: str) -> None:
        if claim.attempts > len(WAITS):
            self._ledger.settle(claim.message_id, "failed", status)
        else:
            self._ledger.defer(claim.message_id, status, WAITS[claim.attempts - 1])
