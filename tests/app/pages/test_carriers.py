"""Addresses as Japanese carriers issued them, from the form on the page to the way out."""

import re
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from argon2 import PasswordHasher
from pydantic import SecretStr

from aggregates.account.state import Account
from app.composition import build_service
from app.settings import Settings
from commands.identity.passwords import Passwords
from commands.work import ACCOUNT
from notifier import notifier
from tests.app.clock import NOON, noon
from tests.app.pages.mailbox import grown_old
from tests.app.pages.test_journey import _plan
from tests.notifier.conftest import eventually
from tests.notifier.test_returns import free_port

if TYPE_CHECKING:
    from app.service import Service

PATIENCE_SECONDS = 30
FAILED = "このアドレスに届きませんでした"


class Carrier:
    """Takes all mail, and remembers how recipients were written on the wire."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.taken: list[Envelope] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's name
        self.taken.append(envelope)
        return "250 2.0.0 OK"

    def letter(self, ordinal: int) -> EmailMessage:
        """The letter that came in as the first, second, … one."""
        assert eventually(lambda: len(self.taken) >= ordinal, PATIENCE_SECONDS), f"letter {ordinal} did not come"
        letter = BytesParser(policy=policy.default).parsebytes(content_of(self.taken[ordinal - 1]))
        assert isinstance(letter, EmailMessage)
        return letter


def content_of(letter: Envelope) -> bytes:
    """What stood between DATA and the dot."""
    assert isinstance(letter.content, bytes)
    return letter.content


class Verbatim(SMTP):
    """A server that tells its handler what stood behind RCPT."""

    async def smtp_RCPT(self, arg: str) -> None:  # noqa: N802 - the library's name
        assert isinstance(self.event_handler, Carrier)
        self.event_handler.written.append(arg)
        await super().smtp_RCPT(arg)


class Listener(Controller):
    """Runs such a server."""

    def factory(self) -> Verbatim:
        return Verbatim(self.handler, loop=self.loop)


@pytest.fixture
def carrier() -> Carrier:
    return Carrier()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    smtp, returns = free_port(), free_port()
    return Settings(
        data_dir=tmp_path / "data",
        demo=False,
        mail_sender="hagukumi@ward.example",
        smtp_url=SecretStr(f"smtp://127.0.0.1:{smtp}"),
        returns_listen=f"127.0.0.1:{returns}",
    )


@pytest.fixture
def service(settings: Settings, database: str, carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> "Iterator[Service]":
    """The whole service with a busy notifier, at noon: nothing waits for the morning."""
    monkeypatch.setattr(notifier, "SWEEPS_A_PLAN", 1)
    cheap = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    service = build_service(settings, database, passwords=cheap, now=noon)
    with _listening(carrier, settings):
        service.start_background()
        yield service
        service.stop()


@contextmanager
def _listening(carrier: Carrier, settings: Settings) -> Iterator[None]:
    assert settings.smtp_url
    parts = urlsplit(settings.smtp_url.get_secret_value())
    listener = Listener(carrier, hostname="127.0.0.1", port=parts.port or 0)
    listener.start()
    yield
    listener.stop()


@pytest.mark.parametrize(
    ("bare", "quoted"),
    [
        ("a..b@docomo.ne.jp", '"a..b"@docomo.ne.jp'),
        (".ab@docomo.ne.jp", '".ab"@docomo.ne.jp'),
        ("ab.@ezweb.ne.jp", '"ab."@ezweb.ne.jp'),
    ],
)
def test_an_address_that_breaks_the_rfc_lives_like_any_other(
    service: "Service", settings: Settings, family: Any, carrier: Carrier, browser: Any, bare: str, quoted: str
) -> None:
    _gives(family, bare)
    _presses(family, carrier.letter(1), "/mail/confirm/")
    assert "届いています" in _gives(family, quoted).text  # the same address: nothing to confirm
    assert _state(service, family).address_version == 1

    _plan(family, NOON.date() + timedelta(days=1))
    carrier.letter(2)
    _comes_back(settings, carrier.taken[1], bare)
    service.queries.wait_for(service.ward.head())
    assert FAILED in family.open("/menu/mail").text

    _gives(family, quoted)
    assert _state(service, family).email == bare
    _presses(family, carrier.letter(3), "/mail/confirm/")
    assert FAILED not in family.open("/menu/mail").text
    grown_old(service, _account_id(service, family), address_version=2)
    question = carrier.letter(4)
    _presses(family, question, "/mail/keep/")
    assert _state(service, family).confirmed_on == NOON.date()

    _ends_with_one_post(browser(service.asgi, settings.base_url), question)
    assert not _state(service, family).wishes.vaccinations
    assert carrier.written == [f"TO:<{quoted}>"] * 4
    assert all(f"\r\nTo: {quoted}\r\n".encode() in content_of(letter) for letter in carrier.taken)


def _gives(family: Any, address: str) -> Any:
    return family.submit(family.open("/menu/mail"), "/menu/mail", address=address, wish=["vaccinations"])


def _presses(family: Any, letter: EmailMessage, path: str) -> None:
    """Open the link of a letter, and press its button."""
    family.submit(family.open(_link(letter, path)), path)


def _link(letter: EmailMessage, path: str) -> str:
    body = letter.get_body(("plain",))
    assert body
    (link,) = re.findall(rf"{path}\S+", body.get_content())
    return str(link)


def _comes_back(settings: Settings, letter: Envelope, address: str) -> None:
    """As carriers write it: in words, to the return path, over the ward's relay."""
    words = f"次の宛先へのメールは、エラーのため送信できませんでした。\n\n<{address}>\n550 Unknown user {address}\n"
    head = "From: MAILER-DAEMON@docomo.ne.jp\nSubject: Mail\nContent-Type: text/plain; charset=iso-2022-jp\n\n"
    assert settings.returns_listen
    assert letter.mail_from
    host, _, port = settings.returns_listen.rpartition(":")
    with smtplib.LMTP(host, int(port)) as relay:
        relay.sendmail("", letter.mail_from, head.encode() + words.encode("iso-2022-jp"))


def _ends_with_one_post(program: Any, letter: EmailMessage) -> None:
    """What a mail program does (RFC 8058)."""
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    way_out = urlsplit(str(letter["List-Unsubscribe"]).strip("<>"))
    answer = program.post(way_out.path, data={"List-Unsubscribe": "One-Click"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200


def _account_id(service: "Service", family: Any) -> Any:
    found = service.sessions.session_account(family.browser.cookies["session-on-loopback"])
    assert found
    return found


def _state(service: "Service", family: Any) -> Account:
    return service.ward.state(_account_id(service, family), ACCOUNT.project)[0]
