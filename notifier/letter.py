"""What a mail says: the child's handle and the kind of news, never a vaccine, a date or anything else of the record."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from importlib import resources
from typing import Any
from uuid import UUID

from msgspec import Struct

from aggregates.account.facts import Language
from aggregates.notice.facts import NoticeDrafted
from aggregates.notice.wording import wording
from notifier.address import on_the_wire
from notifier.html import html_of
from notifier.occasion import JST
from notifier.transport import Envelope


class Letterhead(Struct, frozen=True):
    """What all letters of a ward share. `base_url` ends without a slash."""

    sender: str
    sender_name: str
    base_url: str

    @property
    def domain(self) -> str:
        """The domain of Message-IDs and return paths."""
        return self.sender.rpartition("@")[2]


class Tokens(Struct, frozen=True):
    """Secrets that letters carry. Each can be made again by whoever holds the secret of the service."""

    confirmation: Callable[[UUID, int], str]
    """Confirms one version of an account's address."""
    unsubscribe: Callable[[UUID, int], str]
    """Ends the reminders that go to one version of an account's address."""
    keep: Callable[[UUID, int], str]
    """Says that one version of an account's address is still its owner's."""
    bounce: Callable[[UUID], str]
    """Shows that a report about a message answers one that we sent."""


class News(Struct, frozen=True):
    """What one letter tells of one child."""

    handle: str
    kinds: tuple[str, ...]


class Sheet(Struct, frozen=True):
    """One letter before it is folded: to whom, about which message of the ledger, in which language."""

    head: Letterhead
    tokens: Tokens
    message_id: UUID
    recipient: str
    language: Language
    now: datetime

    @property
    def base_url(self) -> str:
        """Where the pages in the reader's language begin; without a slash at the end."""
        tree = "" if self.language is Language.JAPANESE else f"/{self.language.value}"
        return f"{self.head.base_url}{tree}"


def digest_letter(sheet: Sheet, news: Sequence[News], unsubscribe_token: str) -> Envelope:
    """All that is due to one guardian today, in one letter, with a way out that needs no sign-in (RFC 8058)."""
    words, base_url = _words(sheet.language), sheet.base_url
    way_out = _way_out(sheet, unsubscribe_token)
    paragraphs = [words["opening"]]
    for child in news:
        told = [words["kind"][kind] for kind in child.kinds]
        paragraphs.append("\n".join([words["child"].format(handle=child.handle), *told]))
    paragraphs.append(words["link"].format(url=f"{base_url}/"))
    paragraphs.append(words["closing"].format(settings_url=f"{base_url}/menu/mail", unsubscribe_url=way_out))
    return _envelope(sheet, words["subject"], paragraphs, _leaving(way_out))


def confirmation_letter(sheet: Sheet, token: str) -> Envelope:
    """Asks the owner of an address to press a button; opening the link changes nothing."""
    words = _words(sheet.language)["confirmation"]
    body = words["body"].format(url=f"{sheet.base_url}/mail/confirm/{token}")
    return _envelope(sheet, words["subject"], body.split("\n\n"), {})


def question_letter(sheet: Sheet, token: str, unsubscribe_token: str) -> Envelope:
    """Asks whether an old address is still its owner's; whoever got it since can end the mail instead."""
    words, way_out = _words(sheet.language)["question"], _way_out(sheet, unsubscribe_token)
    body = words["body"].format(url=f"{sheet.base_url}/mail/keep/{token}", unsubscribe_url=way_out)
    return _envelope(sheet, words["subject"], body.split("\n\n"), _leaving(way_out))


def notice_letter(sheet: Sheet, draft: NoticeDrafted, notice_id: UUID, unsubscribe_token: str) -> Envelope:
    """A notice of the ward in the reader's language: the same words for everybody, and the page where they can be read again."""
    words, base_url, way_out = _words(sheet.language), sheet.base_url, _way_out(sheet, unsubscribe_token)
    subject, body = wording(draft, sheet.language)
    paragraphs = [paragraph for paragraph in body.strip().split("\n\n") if paragraph.strip()]
    paragraphs.append(words["notice"]["link"].format(url=f"{base_url}/notices/{notice_id}"))
    paragraphs.append(words["closing"].format(settings_url=f"{base_url}/menu/mail", unsubscribe_url=way_out))
    return _envelope(sheet, words["notice"]["subject"].format(subject=subject), paragraphs, _leaving(way_out))


def answer_letter(sheet: Sheet, inquiry_id: UUID, unsubscribe_token: str) -> Envelope:
    """The ward has answered an inquiry: where the answer is to be read, and not a word of it."""
    words, base_url, way_out = _words(sheet.language), sheet.base_url, _way_out(sheet, unsubscribe_token)
    body = words["answer"]["body"].format(url=f"{base_url}/inquiries/{inquiry_id}")
    closing = words["closing"].format(settings_url=f"{base_url}/menu/mail", unsubscribe_url=way_out)
    return _envelope(sheet, words["answer"]["subject"], [*body.split("\n\n"), closing], _leaving(way_out))


def told_kinds(language: Language) -> frozenset[str]:
    """The kinds of reminder for which this language has words."""
    return frozenset(_words(language)["kind"])


def _way_out(sheet: Sheet, token: str) -> str:
    return f"{sheet.base_url}/mail/unsubscribe/{token}"


def _leaving(way_out: str) -> Mapping[str, str]:
    return {"List-Unsubscribe": f"<{way_out}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _envelope(sheet: Sheet, subject: str, paragraphs: Sequence[str], fields: Mapping[str, str]) -> Envelope:
    head, address = sheet.head, on_the_wire(sheet.recipient)
    letter = EmailMessage()
    letter["Message-ID"] = f"<{sheet.message_id}@{head.domain}>"
    letter["Date"] = format_datetime(sheet.now.astimezone(JST))
    letter["From"] = Address(head.sender_name, addr_spec=head.sender)
    letter["To"] = address
    letter["Subject"] = subject
    letter["Auto-Submitted"] = "auto-generated"
    for name, value in fields.items():
        letter[name] = value
    letter.set_content("\n\n".join(paragraphs) + "\n", cte="base64")
    letter.add_alternative(html_of(sheet.language.value, subject, paragraphs), subtype="html", cte="base64")
    letter["Content-Language"] = sheet.language.value  # last, because the library drops what it thinks is about other content
    return Envelope(sheet.message_id, return_path(sheet), address, letter)


def return_path(sheet: Sheet) -> str:
    """Where a report about this very message comes back to (VERP)."""
    return f"bounce+{sheet.message_id.hex}.{sheet.tokens.bounce(sheet.message_id)}@{sheet.head.domain}"


@cache
def _words(language: Language) -> Mapping[str, Any]:
    text = resources.files("notifier").joinpath(f"letters/{language.value}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
