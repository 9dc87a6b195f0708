import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Session
from aiosmtpd.smtp import Envelope as Received

from notifier.sender import Stopped
from notifier.transport import Deferred, Envelope, FileTransport, LostAfterData, NotSent, Refused, RelayAway, SmtpTransport

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
        self.connections = 0

    async def handle_EHLO(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Received, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

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
def serving(handler: object) -> Iterator[int]:
    """A real SMTP server; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@contextmanager
def relay(sink: Sink) -> Iterator[SmtpTransport]:
    with serving(sink) as port, closing(SmtpTransport(f"smtp://127.0.0.1:{port}")) as transport:
        yield transport


def test_one_thread_sends_many_messages_over_one_connection() -> None:
    sink = Sink()
    with relay(sink) as transport:
        for _ in range(3):
            transport.send(an_envelope(), nothing)
    assert len(sink.accepted) == 3
    assert sink.connections == 1


def test_a_refused_recipient_does_not_end_the_connection() -> None:
    sink = Sink(rcpt="550 5.1.1 unknown user")
    with relay(sink) as transport:
        for _ in range(2):
            with pytest.raises(Refused):
                transport.send(an_envelope(), nothing)
        sink.rcpt = ""
        transport.send(an_envelope(), nothing)
    assert (len(sink.accepted), sink.connections) == (1, 1)


def test_a_connection_that_was_hung_up_meanwhile_is_replaced() -> None:
    sink = Sink()
    with relay(sink) as transport:
        transport.send(an_envelope(), nothing)
        for connection in transport._all:
            assert connection.sock
            connection.sock.shutdown(socket.SHUT_RDWR)
        transport.send(an_envelope(), nothing)
    assert (len(sink.accepted), sink.connections) == (2, 2)


def test_whoever_may_not_begin_says_nothing_to_the_relay() -> None:
    sink = Sink()

    def may_not() -> None:
        raise Stopped

    with relay(sink) as transport:
        with pytest.raises(Stopped):
            transport.send(an_envelope(), may_not)
        transport.send(an_envelope(), nothing)
    assert len(sink.accepted) == 1


def test_lines_that_begin_with_a_dot_arrive_as_they_were() -> None:
    sink = Sink()
    content = EmailMessage()
    content.set_content(".one\n..two\n.\nend\n", cte="7bit")
    with relay(sink) as transport:
        transport.send(Envelope(MESSAGE, "hagukumi@ward.example", "parent@example.jp", content), nothing)
    (received,) = sink.accepted
    assert isinstance(received.content, bytes)
    assert received.content.endswith(b"\r\n\r\n.one\r\n..two\r\n.\r\nend\r\n")


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
        with closing(SmtpTransport(f"smtp://127.0.0.1:{listener.getsockname()[1]}")) as transport:
            yield transport
        thread.join()


OK = b"250 ok\r\n"


def test_hanging_up_before_data_defers() -> None:
    started = list[bool]()
    with hanging_up([OK, OK]) as transport, pytest.raises(Deferred):
        transport.send(an_envelope(), lambda: started.append(True))
    assert not started


def test_hanging_up_at_data_defers_because_nothing_was_handed_over() -> None:
    with hanging_up([OK, OK, OK]) as transport, pytest.raises(RelayAway):
        transport.send(an_envelope(), nothing)


def test_a_relay_that_closes_instead_of_taking_over_defers() -> None:
    with relay(Sink(data="421 4.3.2 going down")) as transport, pytest.raises(RelayAway):
        transport.send(an_envelope(), nothing)


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


def reading_slowly(listener: socket.socket, answers: list[bytes]) -> None:
    """Reads the letter byte by byte out of the smallest buffer there is, so that the sender has to wait for it."""
    connection, _ = listener.accept()
    with connection, connection.makefile("rwb", buffering=0) as line:
        line.write(b"220 relay\r\n")
        for answer in answers:
            line.readline()
            line.write(answer)
        tail = b""
        while tail != b"\r\n.\r\n":
            tail = (tail + connection.recv(1))[-5:]
        line.write(b"250 2.0.0 OK\r\n")
        line.readline()


def test_a_relay_that_reads_slowly_is_waited_for() -> None:
    content = EmailMessage()
    content.set_content("x" * 60 + "\n" + ("y" * 60 + "\n") * 2_000)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        thread = threading.Thread(target=reading_slowly, args=(listener, [OK, OK, OK, b"354 go on\r\n"]))
        thread.start()
        with closing(SmtpTransport(f"smtp://127.0.0.1:{listener.getsockname()[1]}")) as transport:
            transport.send(Envelope(MESSAGE, "hagukumi@ward.example", "parent@example.jp", content), nothing)
        thread.join()
