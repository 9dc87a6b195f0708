import re
from email import policy
from email.parser import BytesParser
from html.parser import HTMLParser
from uuid import UUID

import pytest

from aggregates.account.facts import Language
from notifier.address import on_the_wire
from notifier.letter import (
    News,
    Sheet,
    answer_letter,
    confirmation_letter,
    digest_letter,
    notice_letter,
    question_letter,
    told_kinds,
)
from notifier.transport import Envelope
from notifier.wire import unsigned
from tests.notifier.campaign import DRAFTED
from tests.notifier.conftest import HEAD, NOON, TOKENS

MESSAGE = UUID(int=7)


def sheet(language: Language = Language.JAPANESE, recipient: str = "parent@example.jp") -> Sheet:
    return Sheet(HEAD, TOKENS, MESSAGE, recipient, language, NOON)


def body_of(envelope: Envelope) -> str:
    parsed = BytesParser(policy=policy.default).parsebytes(unsigned(envelope.content))
    body = parsed.get_body(("plain",))
    assert body
    return str(body.get_content())


@pytest.mark.parametrize("language", list(Language))
def test_a_digest_tells_handle_and_kind_of_news(language: Language) -> None:
    news = [News("はる", ("visit_eve", "latest_near")), News("りく", ("checkup",))]
    envelope = digest_letter(sheet(language), news, "out")
    body = body_of(envelope)
    assert body.index("はる") < body.index("りく")
    assert "https://hagukumi.example/" in body


@pytest.mark.parametrize(("language", "tree"), [(Language.JAPANESE, ""), (Language.ENGLISH, "/en")])
def test_every_link_of_a_letter_leads_to_pages_in_its_language(language: Language, tree: str) -> None:
    written = sheet(language)
    letters = [
        digest_letter(written, [News("はる", ("checkup",))], "token"),
        confirmation_letter(written, "token"),
        question_letter(written, "token", "token"),
        notice_letter(written, DRAFTED, MESSAGE, "token"),
        answer_letter(written, MESSAGE, "token"),
    ]
    pages = rf"{HEAD.base_url}{tree}(/|/menu/mail|/mail/(confirm|keep|unsubscribe)/token|/(notices|inquiries)/{MESSAGE})"
    for letter in letters:
        links = re.findall(r"https?://[^\s>]+", f"{body_of(letter)} {letter.content['List-Unsubscribe'] or ''}")
        assert links
        assert [link for link in links if not re.fullmatch(pages, link)] == []


@pytest.mark.parametrize("language", list(Language))
def test_no_subject_holds_a_handle(language: Language) -> None:
    letters = [
        digest_letter(sheet(language), [News("はる", ("checkup",))], "out"),
        confirmation_letter(sheet(language), "token"),
    ]
    assert all("はる" not in str(letter.content["Subject"]) for letter in letters)


def test_both_languages_have_words_for_the_same_kinds() -> None:
    assert told_kinds(Language.JAPANESE) == told_kinds(Language.ENGLISH)


def test_the_message_id_is_the_ledger_s_own() -> None:
    first, second = (digest_letter(sheet(), [News("はる", ("checkup",))], "out") for _ in range(2))
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
    envelope = confirmation_letter(sheet(recipient=address), "token")
    assert envelope.recipient == wire
    assert f"To: {wire}\r\n".encode() in unsigned(envelope.content)


def test_long_lines_never_reach_the_wire() -> None:
    news = [News("長" * 30, tuple(sorted(told_kinds(Language.JAPANESE))))] * 10
    envelope = digest_letter(sheet(), news, "out")
    assert max(map(len, unsigned(envelope.content).split(b"\r\n"))) <= 78


def test_a_letter_tells_where_reports_about_it_come_back_to() -> None:
    envelope = confirmation_letter(sheet(), "token")
    assert envelope.sender == f"bounce+{MESSAGE.hex}.{MESSAGE.hex[:16]}@ward.example"
    assert len(envelope.sender.partition("@")[0]) <= 64


def test_the_way_out_reaches_the_wire_as_rfc_8058_wants_it() -> None:
    token = "x" * 48
    parsed = BytesParser(policy=policy.compat32).parsebytes(
        unsigned(digest_letter(sheet(), [News("はる", ("checkup",))], token).content)
    )
    assert str(parsed["List-Unsubscribe"]).split() == [f"<{HEAD.base_url}/mail/unsubscribe/{token}>"]
    assert parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_confirmation_is_no_list_mail() -> None:
    assert "List-Unsubscribe" not in confirmation_letter(sheet(), "token").content


def test_a_letter_bears_its_date() -> None:
    assert confirmation_letter(sheet(), "token").content["Date"] == "Mon, 23 Nov 2026 12:00:00 +0900"


@pytest.mark.parametrize("language", list(Language))
def test_the_html_part_says_the_same_words(language: Language) -> None:
    news = [News("<はる>", ("visit_eve", "latest_near"))]
    letter = digest_letter(sheet(language), news, "out").content
    plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain
    assert html
    reader = _Words()
    reader.feed(html.get_content())
    assert reader.language == language
    for line in plain.get_content().replace("■ ", "").splitlines():
        assert line in reader.words


class _Words(HTMLParser):
    """What a screen reader says."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.language = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"html", "head", "meta", "title", "body", "h1", "h2", "p", "br", "ul", "li", "a"}
        self.language = self.language or dict(attrs).get("lang") or ""

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("language", list(Language))
def test_every_template_is_filled_and_short_enough_to_read(language: Language) -> None:
    news = [News("はる", tuple(sorted(told_kinds(language))))]
    written = sheet(language)
    for envelope in (
        digest_letter(written, news, "out"),
        confirmation_letter(written, "token"),
        answer_letter(written, MESSAGE, "out"),
    ):
        body = body_of(envelope)
        assert "{" not in body
        assert max(len(line) for line in body.splitlines() if "https://" not in line) <= 120
        assert len(str(envelope.content["Subject"])) <= 40
