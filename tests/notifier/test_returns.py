"""Reports come in by LMTP, as the ward's relay hands them over."""

import smtplib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest

from notifier.bounces import Verdict
from notifier.returns import Returns

OURS = "bounce+ours@ward.example"


class Desk:
    """Takes everything for its one return path, or fails."""

    def __init__(self) -> None:
        self.taken: list[tuple[bytes, str]] = []
        self.trouble: Exception | None = None

    def is_ours(self, recipient: str) -> bool:
        return recipient == OURS

    def take(self, raw: bytes, recipient: str = "") -> Verdict:
        if self.trouble:
            raise self.trouble
        self.taken.append((raw, recipient))
        return Verdict.BOUNCED


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def listening(reports: Desk) -> Iterator[smtplib.LMTP]:
    listen = f"127.0.0.1:{free_port()}"
    returns = Returns(listen, reports)
    returns.start()
    try:
        with smtplib.LMTP(*listen.split(":")) as relay:  # type: ignore[arg-type] # it takes a port as text too
            yield relay
    finally:
        returns.stop()


def test_a_report_to_a_return_path_of_ours_is_taken() -> None:
    desk = Desk()
    with listening(desk) as relay:
        relay.sendmail("", OURS, b"Subject: failure notice\r\n\r\nno\r\n")
    assert desk.taken == [(b"Subject: failure notice\r\n\r\nno\r\n", OURS)]


def test_nothing_else_is() -> None:
    desk = Desk()
    with listening(desk) as relay, pytest.raises(smtplib.SMTPRecipientsRefused) as caught:
        relay.sendmail("", f"bounce+{uuid4()}@ward.example", b"\r\n")
    assert [code for code, _ in caught.value.recipients.values()] == [550]
    assert desk.taken == []


def test_a_second_recipient_is_asked_to_come_again() -> None:
    desk = Desk()
    with listening(desk) as relay:
        relay.ehlo_or_helo_if_needed()
        relay.mail("")
        assert [relay.rcpt(OURS)[0] for _ in range(2)] == [250, 452]


def test_what_cannot_be_written_down_stays_with_the_relay() -> None:
    desk = Desk()
    desk.trouble = OSError("the database is away")
    with listening(desk) as relay:
        with pytest.raises(smtplib.SMTPDataError) as caught:
            relay.sendmail("", OURS, b"\r\n")
        desk.trouble = None
        relay.sendmail("", OURS, b"again\r\n")
    assert (caught.value.smtp_code, [raw for raw, _ in desk.taken]) == (451, [b"again\r\n"])
