"""Addresses that are good no more: said in the log, shown in the app, mailed to no more."""

import re
from collections.abc import Callable
from datetime import date
from functools import reduce
from uuid import UUID

from aggregates.account.mail import fail_address, pause_unanswered
from aggregates.account.state import Account, evolve
from aggregates.fact import Fact, Meta, Recorded
from eventstore.errors import StaleVersion, SubjectErased
from eventstore.ward import Ward

ATTEMPTS_MAX = 5
_NOBODY_THERE = re.compile(r"5\.1\.\d+|5\.2\.1|55[013]")
"""Bad addresses, mailboxes that are closed, and the plain answers to RCPT that say so. Full mailboxes and policies pass."""


def nobody_there(status: str) -> bool:
    """Whether a refusal (RFC 3463, or a plain reply code) means that the address itself is no good."""
    return _NOBODY_THERE.fullmatch(status) is not None


class FailingAddresses:
    """Writes `account.address_failed` where a refusal or a report means the address itself, and who kept silent when asked."""

    def __init__(self, ward: Ward) -> None:
        self._ward = ward

    def note(self, account_id: UUID, address_version: int, status: str) -> None:
        """An address given anew meanwhile is not meant; saying it again changes nothing."""
        if nobody_there(status):
            self.give_up(account_id, address_version, status)

    def give_up(self, account_id: UUID, address_version: int, status: str) -> None:
        """Whatever the status says: the address is good no more."""
        self._tell(account_id, lambda account: fail_address(account, address_version, status))

    def unanswered(self, account_id: UUID, address_version: int, confirmed_on: date | None) -> None:
        """An answer that came meanwhile counts."""
        self._tell(account_id, lambda account: pause_unanswered(account, address_version, confirmed_on))

    def _tell(self, account_id: UUID, decide: Callable[[Account], list[Fact]]) -> None:
        for _ in range(ATTEMPTS_MAX):
            try:
                self._append(account_id, decide)
            except StaleVersion:
                continue
            except SubjectErased:
                pass
            return

    def _append(self, account_id: UUID, decide: Callable[[Account], list[Fact]]) -> None:
        history = self._ward.history(account_id)
        account = reduce(evolve, (recorded.fact for recorded in history), Account())
        version = history[-1].originator_version if history else 0
        for fact in decide(account):
            self._ward.save(Recorded(account_id, version + 1, fact, Meta(), subject=account_id, partition=account.household_id))
