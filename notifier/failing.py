"""Addresses to which nothing can be delivered: said in the log, shown in the app, mailed to no more."""

import re
from functools import reduce
from uuid import UUID

from aggregates.account.mail import fail_address
from aggregates.account.state import Account, evolve
from aggregates.fact import Meta, Recorded
from eventstore.errors import StaleVersion, SubjectErased
from eventstore.ward import Ward

ATTEMPTS_MAX = 5
_NOBODY_THERE = re.compile(r"5\.1\.\d+|5\.2\.1|55[013]")
"""Bad addresses, mailboxes that are closed, and the plain answers to RCPT that say so. Full mailboxes and policies pass."""


def nobody_there(status: str) -> bool:
    """Whether a refusal (RFC 3463, or a plain reply code) means that the address itself is no good."""
    return _NOBODY_THERE.fullmatch(status) is not None


class FailingAddresses:
    """Writes `account.address_failed` where a refusal or a report means the address itself."""

    def __init__(self, ward: Ward) -> None:
        self._ward = ward

    def note(self, account_id: UUID, address_version: int, status: str) -> None:
        """An address given anew meanwhile is not meant; saying it again changes nothing."""
        if not nobody_there(status):
            return
        for _ in range(ATTEMPTS_MAX):
            try:
                self._note(account_id, address_version, status)
            except StaleVersion:
                continue
            except SubjectErased:
                pass
            return

    def _note(self, account_id: UUID, address_version: int, status: str) -> None:
        history = self._ward.history(account_id)
        account = reduce(evolve, (recorded.fact for recorded in history), Account())
        version = history[-1].originator_version if history else 0
        for fact in fail_address(account, address_version, status):
            self._ward.save(Recorded(account_id, version + 1, fact, Meta(), subject=account_id, partition=account.household_id))
