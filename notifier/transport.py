"""How a composed message leaves the house."""

import os
import smtplib
import threading
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from time import monotonic
from typing import Protocol
from urllib.parse import unquote, urlsplit
from uuid import UUID

import msgspec

from notifier.wire import unsigned

TIMEOUT_SECONDS = 30
KEPT_SECONDS = 60.0
"""A connection is used anew no longer than this; relays close older ones by themselves."""
TEMPORARY = range(400, 500)
DONE, FORWARDED, GO_ON, CLOSING = 250, 251, 354, 421


class NotSent(Exception):
    """The message was not taken over. `status` is the enhanced status code (RFC 3463) where one was given."""

    def __init__(self, status: str, code: int = 0) -> None:
        super().__init__(status)
        self.status = status
        self.code = code


class Deferred(NotSent):
    """Not now: a 4xx answer, or nobody answered before DATA."""


class RelayAway(Deferred):
    """Not now, and no fault of the recipient's domain: the relay did not answer, or hung up before DATA."""


class Refused(NotSent):
    """Never: a 5xx answer."""


class LostAfterData(NotSent):
    """The connection broke after DATA had begun: nobody can say whether the message was taken over."""


class Envelope(msgspec.Struct, frozen=True):
    """One message for one recipient (RFC 5321). There is no way to name a second recipient."""

    message_id: UUID
    sender: str
    recipient: str
    content: EmailMessage


class Transport(Protocol):
    """Hands one envelope over; calls `data_starts` at the last moment at which nothing has been said yet."""

    def send(self, envelope: Envelope, data_starts: Callable[[], None]) -> None:
        """Raises Deferred, Refused or LostAfterData where the message was not surely taken over."""

    def close(self) -> None:
        """Give back what is kept open between messages."""


Wire = Callable[[EmailMessage], bytes]
"""Makes the bytes that go over the wire; a DKIM signer is one."""


class FileTransport:
    """Writes `.eml` files: for a trial without a mail server. Sending again overwrites the same file."""

    def __init__(self, folder: Path, wire: Wire = unsigned) -> None:
        self._folder = folder
        self._wire = wire
        folder.mkdir(parents=True, exist_ok=True)

    def send(self, envelope: Envelope, data_starts: Callable[[], None]) -> None:
        """Write the message under its id, whole or not at all."""
        content = self._wire(envelope.content)
        data_starts()
        target = self._folder / f"{envelope.message_id}.eml"
        draft = target.with_suffix(".part")
        draft.write_bytes(content)
        os.replace(draft, target)  # noqa: PTH105 - the atomic call is meant, by its name

    def close(self) -> None:
        """Nothing is kept open."""


class SmtpTransport:
    """Sends through one relay: `smtp://user:password@relay:25`, `smtp+starttls://…` or `smtps://…`.

    Each thread keeps its connection and sends one message after another over it, each to one recipient.
    """

    def __init__(self, url: str, wire: Wire = unsigned, *, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtp+starttls", "smtps") or not parts.hostname:
            raise ValueError("SMTP_URL must look like smtp://host:25, smtp+starttls://host:587 or smtps://host:465")
        self._scheme = parts.scheme
        self._host, self._port = parts.hostname, parts.port or (465 if parts.scheme == "smtps" else 25)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._wire = wire
        self._timeout_seconds = timeout_seconds
        self._mine = threading.local()
        self._all: set[smtplib.SMTP] = set()
        self._lock = threading.Lock()

    def send(self, envelope: Envelope, data_starts: Callable[[], None]) -> None:
        """One recipient, one message."""
        content = self._wire(envelope.content)
        connection = self._addressed(envelope)
        try:
            data_starts()
            _say(connection, content)
        except Refused:
            raise
        except BaseException:
            self._drop(connection)
            raise

    def close(self) -> None:
        """Hang up, in all threads; call it when none sends any more."""
        while self._all:
            self._drop(next(iter(self._all)))

    def _addressed(self, envelope: Envelope) -> smtplib.SMTP:
        """A connection on which the relay has taken sender and recipient. One that was hung up meanwhile is replaced, once."""
        kept = self._kept()
        if kept is not None:
            try:
                return self._address(kept, envelope)
            except RelayAway:
                pass
        return self._address(self._connect(), envelope)

    def _address(self, connection: smtplib.SMTP, envelope: Envelope) -> smtplib.SMTP:
        try:
            _expect(connection.mail(envelope.sender))
            _expect(connection.docmd("RCPT", f"TO:<{envelope.recipient}>"))
        except NotSent as answer:
            if answer.code == CLOSING:
                self._drop(connection)
                raise RelayAway(answer.status) from answer
            self._reset(connection)
            raise
        except (OSError, smtplib.SMTPException) as broken:
            self._drop(connection)
            raise RelayAway("4.4.2") from broken
        except BaseException:
            self._drop(connection)
            raise
        return connection

    def _kept(self) -> smtplib.SMTP | None:
        connection: smtplib.SMTP | None = getattr(self._mine, "connection", None)
        if connection is not None and (connection not in self._all or monotonic() - self._mine.since > KEPT_SECONDS):
            self._drop(connection)
            return None
        return connection

    def _connect(self) -> smtplib.SMTP:
        try:
            connection = self._dialled()
        except smtplib.SMTPResponseException as answer:
            raise RelayAway(_status(answer.smtp_code, answer.smtp_error)) from answer
        except (OSError, smtplib.SMTPException) as broken:
            raise RelayAway("4.4.1") from broken
        self._mine.connection, self._mine.since = connection, monotonic()
        with self._lock:
            self._all.add(connection)
        return connection

    def _dialled(self) -> smtplib.SMTP:
        kind = smtplib.SMTP_SSL if self._scheme == "smtps" else smtplib.SMTP
        connection = kind(self._host, self._port, timeout=self._timeout_seconds)
        try:
            if self._scheme == "smtp+starttls":
                connection.starttls()
            if self._user:
                connection.login(self._user, self._password)
            else:
                connection.ehlo_or_helo_if_needed()
        except BaseException:
            connection.close()
            raise
        return connection

    def _reset(self, connection: smtplib.SMTP) -> None:
        try:
            connection.rset()
        except (OSError, smtplib.SMTPException):
            self._drop(connection)

    def _drop(self, connection: smtplib.SMTP) -> None:
        connection.close()
        with self._lock:
            self._all.discard(connection)
        if getattr(self._mine, "connection", None) is connection:
            self._mine.connection = None


def _say(connection: smtplib.SMTP, content: bytes) -> None:
    """DATA and the message. Until the relay has said «go on» nothing can have been taken over."""
    try:
        _expect(connection.docmd("DATA"), GO_ON)
    except (OSError, smtplib.SMTPException) as broken:
        raise RelayAway("4.4.2") from broken
    try:
        connection.send(_dotted(content))
        answer = connection.getreply()
    except (OSError, smtplib.SMTPException) as broken:
        raise LostAfterData("4.4.2") from broken
    if answer[0] == CLOSING:
        raise RelayAway(_status(*answer))
    _expect(answer)


def _dotted(content: bytes) -> bytes:
    """With the dots of RFC 5321, section 4.5.2, and the one that ends it."""
    stuffed = content.replace(b"\r\n.", b"\r\n..")
    stuffed = b"." + stuffed if stuffed.startswith(b".") else stuffed
    return stuffed + (b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n")


def _expect(answer: tuple[int, bytes], wanted: int = DONE) -> None:
    code, text = answer
    if code != wanted and (code, wanted) != (FORWARDED, DONE):
        raise (Deferred if code in TEMPORARY else Refused)(_status(code, text), code)


def _status(code: int, text: bytes | str) -> str:
    """The enhanced status code (RFC 3463) at the head of an answer, or else its plain code."""
    words = (text.decode("ascii", "replace") if isinstance(text, bytes) else text).split()
    return words[0] if words and words[0][:2] in ("4.", "5.") else str(code)
