import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Session
from aiosmtpd.smtp import Envelope as Received

from notifier.transport import Deferred, Envelope, FileTransport, LostAfterData, NotSent, Refused, SmtpTransport

MESSAGE = UUID(int=7)


def an_envelope(recipient: str = "parent@example.jp") -> Envelope:
    content = EmailMessage()
    content["Subject"] = "test"
    content.set_content("はる\n", cte="base64")
    return Envelope(MESSAGE, "hagukumi@ward.example", recipient, content)


class Sink:
    """A relay that answers as it is told and keeps what it accepted."""

    def __init__(self, rcpt: str = "", data: str = "") -> None:
        self.rcpt, self.data, self.accepted = rcpt, data, list[Received]()

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Received, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.rcpt or "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Received) -> str:  # noqa: N802 - as above
        if not self.data:
            self.accepted.append(envelope)
        return self.data or "250 2.0.0 OK"


@contextmanager
def relay(sink: Sink) -> Iterator[SmtpTransport]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield SmtpTransport(f"smtp://127.0.0.1:{port}")
    finally:
        controller.stop()


def nothing() -> None:
    """What follows DATA is not looked at."""


def test_a_message_reaches_the_relay_for_one_recipient() -> None:
    sink = Sink()
    with relay(sink) as transport:
        transport.send(an_envelope('"a..b"@docomo.ne.jp'), nothing)
    (received,) = sink.accepted
    assert received.rcpt_tos == ["a..b@docomo.ne.jp"]  # as the relay reads the quoted form
    assert isinstance(received.content, bytes)
    assert BytesParser(policy=policy.default).parsebytes(received.content).get_content().strip() == "はる"


@pytest.mark.parametrize(
    ("sink", "kind", "status"),
    [
        (Sink(rcpt="450 4.2.0 greylisted"), Deferred, "4.2.0"),
        (Sink(rcpt="550 5.1.1 unknown user"), Refused, "5.1.1"),
        (Sink(data="451 4.3.0 try later"), Deferred, "4.3.0"),
        (Sink(data="554 5.7.1 not wanted"), Refused, "5.7.1"),
        (Sink(data="554 go away"), Refused, "554"),
    ],
)
def test_answers_of_the_relay_become_outcomes(sink: Sink, kind: type[NotSent], status: str) -> None:
    with relay(sink) as transport, pytest.raises(NotSent) as caught:
        transport.send(an_envelope(), nothing)
    assert (type(caught.value), caught.value.status) == (kind, status)


def test_a_relay_that_is_away_defers() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        transport = SmtpTransport(f"smtp://127.0.0.1:{closed.getsockname()[1]}")
        with pytest.raises(Deferred):
            transport.send(an_envelope(), nothing)


def scripted(listener: socket.socket, answers: list[bytes], *, read_body: bool) -> None:
    """Answers each line of the client with the next line of the script, then hangs up."""
    connection, _ = listener.accept()
    with connection, connection.makefile("rwb", buffering=0) as line:
        line.write(b"220 relay\r\n")
        for answer in answers:
            line.readline()
            line.write(answer)
        while read_body and line.readline() not in (b".\r\n", b""):
            pass


@contextmanager
def hanging_up(answers: list[bytes], *, read_body: bool = False) -> Iterator[SmtpTransport]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=scripted, args=(listener, answers), kwargs={"read_body": read_body})
        thread.start()
        yield SmtpTransport(f"smtp://127.0.0.1:{listener.getsockname()[1]}")
        thread.join()


OK = b"250 ok\r\n"


def test_hanging_up_before_data_defers() -> None:
    started = list[bool]()
    with hanging_up([OK, OK]) as transport, pytest.raises(Deferred):
        transport.send(an_envelope(), lambda: started.append(True))
    assert not started


def test_hanging_up_after_the_body_leaves_the_end_unknown() -> None:
    started = list[bool]()
    with hanging_up([OK, OK, OK, b"354 go on\r\n"], read_body=True) as transport, pytest.raises(LostAfterData):
        transport.send(an_envelope(), lambda: started.append(True))
    assert started


def test_a_file_is_written_once_for_a_message(tmp_path: Path) -> None:
    transport = FileTransport(tmp_path / "outbox")
    for _ in range(2):
        transport.send(an_envelope(), nothing)
    assert [p.name for p in (tmp_path / "outbox").iterdir()] == [f"{MESSAGE}.eml"]


@pytest.mark.parametrize("url", ["http://relay", "smtp:relay", ""])
def test_a_wrong_url_is_named_at_start(url: str) -> None:
    with pytest.raises(ValueError, match="SMTP_URL"):
        SmtpTransport(url)
