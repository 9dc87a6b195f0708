"""From an address that is given to the letter that asks for its confirmation, through the whole service."""

import re
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import dkim  # type: ignore[import-untyped] # it ships no types
import pytest
from argon2 import PasswordHasher

from aggregates.fact import Actor
from app.composition import build_service
from app.settings import Settings
from commands.identity.passwords import Passwords
from commands.work import ACCOUNT
from tests.app.clock import noon
from tests.app.registration import registration
from tests.notifier.test_dkim import RSA, in_dns, key_file

ORIGIN = "http://127.0.0.1:8000"
WAIT_SECONDS = 20


def letter_in(folder: Path) -> bytes:
    deadline = monotonic() + WAIT_SECONDS
    while not (found := list(folder.glob("*.eml"))):
        assert monotonic() < deadline, "no letter was written"
        sleep(0.05)
    return found[0].read_bytes()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path / "data",
        demo=False,
        mail_sender="hagukumi@ward.example",
        dkim_key_file=key_file(tmp_path, RSA),
        dkim_selector="s2026",
    )


def test_a_given_address_gets_a_signed_letter_whose_button_confirms_it(settings: Settings, database: str, browser: Any) -> None:
    cheap = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    service = build_service(settings, database, passwords=cheap, now=noon)
    service.start_background()
    try:
        account_id = uuid4()
        service.commands(registration(service, account_id), actor=Actor(), command_id=uuid4())
        raw = letter_in(settings.mail_dir)
        assert dkim.verify(raw, dnsfunc=lambda name, timeout: {b"s2026._domainkey.ward.example.": in_dns()}[name])
        letter = BytesParser(policy=policy.default).parsebytes(raw)
        assert isinstance(letter, EmailMessage)
        body = letter.get_body(("plain",))
        assert body
        (path,) = re.findall(r"/mail/confirm/\S+", body.get_content())
        reader = browser(service.asgi, ORIGIN, headers={"Origin": ORIGIN})
        assert reader.get(path).status_code == 200
        assert not service.ward.state(account_id, ACCOUNT.project)[0].email_confirmed
        assert reader.post(path, data={"command": str(uuid4())}).status_code == 303
        assert service.ward.state(account_id, ACCOUNT.project)[0].mailable
    finally:
        service.stop()
