"""Reports that come back from other relays, recognised by the return path of the message they are about."""

import hmac
import re
from collections.abc import Callable
from email import message_from_bytes
from email.message import Message
from enum import StrEnum
from uuid import UUID

from eventstore.ward import Ward
from notifier.failing import FailingAddresses
from notifier.ledger import Ledger
from notifier.outcomes import tell_bounced
from notifier.reports import FAILED, UNDEFINED, report_of

_RETURN_PATH = re.compile(r"bounce\+([0-9a-f]{32})\.([0-9a-f]{16})@", re.IGNORECASE)
REPORT_BYTES_MAX = 4 * 1024 * 1024
WITHOUT_A_REASON_MOST = 3
"""So many letters in a row that come back and nobody says why are as good as «unknown user»."""
_ADDRESSED = ("X-Original-To", "Delivered-To", "To")


class Verdict(StrEnum):
    """What became of a report."""

    NOT_OURS = "not ours"
    NO_REPORT = "no report"
    NOT_YET = "delayed"
    BOUNCED = "bounced"


def message_meant(letter: Message, recipient: str, mark: Callable[[UUID], str]) -> UUID | None:
    """Which message a report came back for: named by its return path, which bears our mark."""
    for text in (recipient, *(str(letter.get(name, "")) for name in _ADDRESSED)):
        for found in _RETURN_PATH.finditer(text):
            message_id = UUID(found[1])
            if hmac.compare_digest(found[2].lower(), mark(message_id)):
                return message_id
    return None


class Bounces:
    """Takes reports in. Each may come any number of times."""

    def __init__(self, ledger: Ledger, ward: Ward, failing: FailingAddresses, mark: Callable[[UUID], str]) -> None:
        self._ledger = ledger
        self._ward = ward
        self._failing = failing
        self._mark = mark

    def is_ours(self, recipient: str) -> bool:
        """Whether an address is a return path that we have made."""
        return message_meant(Message(), recipient, self._mark) is not None

    def take(self, raw: bytes, recipient: str = "") -> Verdict:
        """Read one letter that came to a return path. Only failures count: delays and automatic replies pass."""
        letter = message_from_bytes(raw)
        message_id, report = message_meant(letter, recipient, self._mark), report_of(letter)
        if message_id is None:
            return Verdict.NOT_OURS
        if report is None:
            return Verdict.NO_REPORT
        if report.action != FAILED:
            return Verdict.NOT_YET
        return self._bounced(message_id, report.status)

    def _bounced(self, message_id: UUID, status: str) -> Verdict:
        meant = self._ledger.bounced(message_id, status)
        if meant is None:
            return Verdict.NOT_OURS
        account_id, address_version = meant
        if status == UNDEFINED and self._ledger.only_comes_back(account_id, address_version, status, WITHOUT_A_REASON_MOST):
            self._failing.give_up(account_id, address_version, status)
        else:
            self._failing.note(account_id, address_version, status)
        tell_bounced(self._ward, message_id, account_id, status)
        return Verdict.BOUNCED
