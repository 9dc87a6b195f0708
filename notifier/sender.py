"""Delivers messages of the ledger."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from notifier.ledger import Claim, Ledger
from notifier.letter import (
    Letterhead,
    Sheet,
    Tokens,
    answer_letter,
    confirmation_letter,
    digest_letter,
    notice_letter,
    question_letter,
)
from notifier.occasion import Kind, Occasion, first_waking_moment
from notifier.pace import UNKNOWN_USER, Pace, known_as
from notifier.recheck import DatesChanged, Recheck, StillDue, Suppressed
from notifier.transport import Deferred, Envelope, LostAfterData, Refused, RelayAway, Transport

log = logging.getLogger(__name__)

WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))
"""How long to wait after each «not now» (RFC 5321, section 4.5.4.1); after the last the message has failed."""
SLOW_LANE = timedelta(seconds=20)
"""The shortest wait for a domain that is at its limit: coming back sooner would only cost, and keep other domains waiting."""


class Stopped(Exception):
    """The lease is another worker's by now, or mail is held; nothing has been said to the relay."""


class Sender(Struct, frozen=True):
    """Claims messages, asks the log whether each still holds, and hands it to the transport."""

    ledger: Ledger
    recheck: Recheck
    transport: Transport
    pace: Pace
    head: Letterhead
    tokens: Tokens
    now: Callable[[], datetime]

    def deliver(self, messages: Sequence[UUID]) -> None:
        """Send those that are due and that nobody else has. Every end is written down; nothing is raised for one."""
        for claim, occasions in self.ledger.claim(messages):
            self._deliver(claim, occasions)

    def _deliver(self, claim: Claim, occasions: Sequence[Occasion]) -> None:
        try:
            due = self.recheck(claim.account_id, occasions)
        except Suppressed as no_more:
            self.ledger.settle(claim, "suppressed", no_more.reason)
            return
        except DatesChanged as later:
            self.ledger.withdraw(claim, later.occasions)
            return
        recipient = due.account.email or ""
        wait = self._wait(due, recipient)
        if wait is None:
            self._hand_over(claim, due, self._compose(claim, due, occasions[0]), known_as(recipient))
        else:
            self.ledger.put_back(claim, wait)

    def _wait(self, due: StillDue, recipient: str) -> timedelta | None:
        """How long to leave it, because it is night or its domain is at its limit."""
        now = self.now()
        sleeps = timedelta() if due.asks is Kind.ADDRESS_CONFIRMATION else first_waking_moment(now) - now
        if sleeps:
            return sleeps
        full = self.pace.take(known_as(recipient))
        return full and max(full, SLOW_LANE)

    def _compose(self, claim: Claim, due: StillDue, about: Occasion) -> Envelope:
        account_id, version = claim.account_id, due.account.address_version
        recipient, language = due.account.email or "", due.account.wishes.language
        sheet = Sheet(self.head, self.tokens, claim.message_id, recipient, language, self.now())
        if due.asks is Kind.ADDRESS_CONFIRMATION:
            return confirmation_letter(sheet, self.tokens.confirmation(account_id, version))
        if due.asks is Kind.ADDRESS_QUESTION:
            return question_letter(sheet, self.tokens.keep(account_id, version), self.tokens.unsubscribe(account_id, version))
        if due.notice is not None:
            return notice_letter(sheet, due.notice, about.child_id, self.tokens.unsubscribe(account_id, version))
        if due.answered is not None:
            return answer_letter(sheet, due.answered, self.tokens.unsubscribe(account_id, version))
        return digest_letter(sheet, due.news, self.tokens.unsubscribe(account_id, version))

    def _hand_over(self, claim: Claim, due: StillDue, envelope: Envelope, domain: str) -> None:
        try:
            self.transport.send(envelope, lambda: self._data_starts(claim))
        except Deferred as later:
            if not isinstance(later, RelayAway):
                self.pace.slow_down(domain)
            self._defer(claim, later.status)
        except Refused as never:
            if never.status.startswith(UNKNOWN_USER):
                self.pace.unknown_user(domain)
            self.ledger.settle(claim, "failed", never.status)
        except LostAfterData:
            self.ledger.lost(claim)
        except Stopped:
            self.ledger.put_back(claim)
        else:
            self.ledger.settle(claim, "accepted", "2.0.0", due.answer_digest, due.answers)

    def _data_starts(self, claim: Claim) -> None:
        if not self.ledger.data_starts(claim):
            raise Stopped

    def _defer(self, claim: Claim, status: str) -> None:
        if claim.deferrals >= len(WAITS):
            self.ledger.settle(claim, "failed", status)
        else:
            self.ledger.defer(claim, status, WAITS[claim.deferrals])
