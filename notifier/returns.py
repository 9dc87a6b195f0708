"""The way back for reports: the ward's relay hands over by LMTP (RFC 2033) what comes to the return paths of our letters."""

import asyncio
import logging
from typing import Protocol

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from notifier.bounces import REPORT_BYTES_MAX, Verdict

log = logging.getLogger(__name__)

READY_SECONDS = 30
TAKEN, NOT_NOW, UNKNOWN, ONE_AT_A_TIME = "250 2.0.0 OK", "451 4.3.0 try later", "550 5.1.1 not ours", "452 4.5.3 one at a time"


class TakesReports(Protocol):
    """What `Bounces` does."""

    def is_ours(self, recipient: str) -> bool:
        """Whether an address is a return path that we have made."""

    def take(self, raw: bytes, recipient: str = "") -> Verdict:
        """Read one report."""


class Returns:
    """Listens, on a network that only the relay reaches. A report is taken over when it is written down, not before."""

    def __init__(self, listen: str, reports: TakesReports) -> None:
        host, _, port = listen.rpartition(":")
        self._listener = _Listener(_Handler(reports), hostname=host, port=int(port), ready_timeout=READY_SECONDS)

    def start(self) -> None:
        """Begin to listen."""
        self._listener.start()

    def stop(self) -> None:
        """Hang up."""
        self._listener.stop()


class _Listener(Controller):
    def factory(self) -> LMTP:
        return LMTP(self.handler, data_size_limit=REPORT_BYTES_MAX, ident="hagukumi", loop=self.loop)


class _Handler:
    def __init__(self, reports: TakesReports) -> None:
        self._reports = reports

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Nothing but reports is taken, and one recipient at a time: LMTP answers for each."""
        if envelope.rcpt_tos:
            return ONE_AT_A_TIME
        if not self._reports.is_ours(address):
            return UNKNOWN
        envelope.rcpt_tos.append(address)
        return TAKEN

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's name
        """What cannot be written down now stays with the relay."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        try:
            await asyncio.to_thread(self._reports.take, content, envelope.rcpt_tos[0])
        except Exception as broken:  # noqa: BLE001 - the database may be away; the relay comes back
            log.warning("a report was not taken: %s", type(broken).__name__)
            return NOT_NOW
        return TAKEN
