"""How a composed message leaves the house."""

import os
import smtplib
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit
from uuid import UUID

import msgspec

TIMEOUT_SECONDS = 30
TEMPORARY = range(400, 500)


class NotSent(Exception):
    """The message was not taken over. `status` is the enhanced status code (RFC 3463) where one was given."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class Deferred(NotSent):
    """Not now: a 4xx answer, or nobody answered before DATA."""


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


class FileTransport:
    """Writes `.eml` files: for a trial without a mail server. Sending again overwrites the same file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def send(self, envelope: Envelope, data_starts: Callable[[], None]) -> None:
        """Write the message under its id, whole or not at all."""
        data_starts()
        target = self._folder / f"{envelope.message_id}.eml"
        draft = target.with_suffix(".part")
        draft.write_bytes(envelope.content.as_bytes(policy=SMTP))
        os.replace(draft, target)  # noqa: PTH105 - the atomic call is meant, by its name


class SmtpTransport:
    """Sends through one relay: `smtp://user:password@relay:25`, `smtp+starttls://…` or `smtps://…`."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtp+starttls", "smtps") or not parts.hostname:
            raise ValueError("SMTP_URL must look like smtp://host:25, smtp+starttls://host:587 or smtps://host:465")
        self._scheme = parts.scheme
        self._host, self._port = parts.hostname, parts.port or (465 if parts.scheme == "smtps" else 25)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")

    def send(self, envelope: Envelope, data_starts: Callable[[], None]) -> None:
        """One connection, one recipient, one message."""
        try:
            connection = self._connect()
        except smtplib.SMTPResponseException as answer:
            raise _refusal(answer.smtp_code, answer.smtp_error) from answer
        except (OSError, smtplib.SMTPException) as broken:
            raise Deferred("4.4.1") from broken
        try:
            _hand_over(connection, envelope, data_starts)
        finally:
            connection.close()

    def _connect(self) -> smtplib.SMTP:
        kind = smtplib.SMTP_SSL if self._scheme == "smtps" else smtplib.SMTP
        connection = kind(self._host, self._port, timeout=TIMEOUT_SECONDS)
        if self._scheme == "smtp+starttls":
            connection.starttls()
        if self._user:
            connection.login(self._user, self._password)
        else:
            connection.ehlo_or_helo_if_needed()
        return connection


def _hand_over(connection: smtplib.SMTP, envelope: Envelope, data_starts: Callable[[], None]) -> None:
    try:
        _expect(connection.mail(envelope.sender), 250)
        _expect(connection.docmd("RCPT", f"TO:<{envelope.recipient}>"), 250)
    except (OSError, smtplib.SMTPServerDisconnected) as broken:
        raise Deferred("4.4.2") from broken
    data_starts()
    try:
        answer = connection.data(envelope.content.as_bytes(policy=SMTP))
    except smtplib.SMTPDataError as refused:
        raise _refusal(refused.smtp_code, refused.smtp_error) from refused
    except (OSError, smtplib.SMTPServerDisconnected) as broken:
        raise LostAfterData("4.4.2") from broken
    _expect(answer, 250)


def _expect(answer: tuple[int, bytes], wanted: int) -> None:
    if answer[0] != wanted:
        raise _refusal(*answer)


def _refusal(code: int, text: bytes | str) -> NotSent:
    words = (text.decode("ascii", "replace") if isinstance(text, bytes) else text).split()
    status = words[0] if words and words[0][:2] in ("4.", "5.") else str(code)
    return Deferred(status) if code in TEMPORARY else Refused(status)
