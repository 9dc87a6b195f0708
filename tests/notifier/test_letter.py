from email import policy
from email.parser import BytesParser
from uuid import UUID

import pytest

from aggregates.account.facts import Language
from notifier.address import on_the_wire
from notifier.letter import Letterhead, News, confirmation_letter, digest_letter, told_kinds
from notifier.transport import Envelope

HEAD = Letterhead("hagukumi@ward.example", "育み", "https://hagukumi.example")
MESSAGE = UUID(int=7)


def body_of(envelope: Envelope) -> str:
    parsed = BytesParser(policy=policy.default).parsebytes(envelope.content.as_bytes(policy=policy.SMTP))
    return str(parsed.get_content())


@pytest.mark.parametrize("language", list(Language))
def test_a_digest_tells_handle_and_kind_of_news(language: Language) -> None:
    news = [News("はる", ("visit_eve", "latest_near")), News("りく", ("checkup",))]
    envelope = digest_letter(HEAD, MESSAGE, "parent@example.jp", language, news)
    body = body_of(envelope)
    assert body.index("はる") < body.index("りく")
    assert "https://hagukumi.example/" in body


@pytest.mark.parametrize("language", list(Language))
def test_no_subject_holds_a_handle(language: Language) -> None:
    letters = [
        digest_letter(HEAD, MESSAGE, "parent@example.jp", language, [News("はる", ("checkup",))]),
        confirmation_letter(HEAD, MESSAGE, "parent@example.jp", language, "token"),
    ]
    assert all("はる" not in str(letter.content["Subject"]) for letter in letters)


def test_both_languages_have_words_for_the_same_kinds() -> None:
    assert told_kinds(Language.JAPANESE) == told_kinds(Language.ENGLISH)


def test_the_message_id_is_the_ledger_s_own() -> None:
    first, second = (
        digest_letter(HEAD, MESSAGE, "parent@example.jp", Language.JAPANESE, [News("はる", ("checkup",))]) for _ in range(2)
    )
    assert first.content["Message-ID"] == second.content["Message-ID"] == f"<{MESSAGE}@ward.example>"
    assert first.content["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("address", "wire"),
    [
        ("parent@example.jp", "parent@example.jp"),
        ("a.b@example.jp", "a.b@example.jp"),
        ("a..b@docomo.ne.jp", '"a..b"@docomo.ne.jp'),
        (".ab@docomo.ne.jp", '".ab"@docomo.ne.jp'),
        ("ab.@ezweb.ne.jp", '"ab."@ezweb.ne.jp'),
    ],
)
def test_carrier_addresses_are_quoted_only_where_they_must_be(address: str, wire: str) -> None:
    assert on_the_wire(address) == wire
    envelope = confirmation_letter(HEAD, MESSAGE, address, Language.JAPANESE, "token")
    assert envelope.recipient == wire
    assert f"To: {wire}\r\n".encode() in envelope.content.as_bytes(policy=policy.SMTP)


def test_long_lines_never_reach_the_wire() -> None:
    news = [News("長" * 30, tuple(sorted(told_kinds(Language.JAPANESE))))] * 10
    envelope = digest_letter(HEAD, MESSAGE, "parent@example.jp", Language.JAPANESE, news)
    assert max(map(len, envelope.content.as_bytes(policy=policy.SMTP).split(b"\r\n"))) <= 78
