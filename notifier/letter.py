"""What a mail says: the child's handle and the kind of news, never a vaccine, a date or anything else of the record."""

import tomllib
from collections.abc import Mapping, Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from functools import cache
from importlib import resources
from typing import Any
from uuid import UUID

from msgspec import Struct

from aggregates.account.facts import Language
from notifier.address import on_the_wire
from notifier.transport import Envelope


class Letterhead(Struct, frozen=True):
    """What all letters of a ward share. `base_url` ends without a slash."""

    sender: str
    sender_name: str
    base_url: str

    @property
    def domain(self) -> str:
        """The domain of Message-IDs."""
        return self.sender.rpartition("@")[2]


class News(Struct, frozen=True):
    """What one letter tells of one child."""

    handle: str
    kinds: tuple[str, ...]


def digest_letter(head: Letterhead, message_id: UUID, recipient: str, language: Language, news: Sequence[News]) -> Envelope:
    """All that is due to one guardian today, in one letter."""
    words = _words(language)
    paragraphs = [words["opening"]]
    for child in news:
        told = [words["kind"][kind] for kind in child.kinds]
        paragraphs.append("\n".join([words["child"].format(handle=child.handle), *told]))
    paragraphs.append(words["link"].format(url=f"{head.base_url}/"))
    paragraphs.append(words["closing"].format(settings_url=f"{head.base_url}/menu/mail"))
    return _envelope(head, message_id, recipient, language, words["subject"], "\n\n".join(paragraphs))


def confirmation_letter(head: Letterhead, message_id: UUID, recipient: str, language: Language, token: str) -> Envelope:
    """Asks the owner of an address to press a button; opening the link changes nothing."""
    words = _words(language)["confirmation"]
    body = words["body"].format(url=f"{head.base_url}/mail/confirm/{token}")
    return _envelope(head, message_id, recipient, language, words["subject"], body)


def told_kinds(language: Language) -> frozenset[str]:
    """The kinds of reminder for which this language has words."""
    return frozenset(_words(language)["kind"])


def _envelope(head: Letterhead, message_id: UUID, recipient: str, language: Language, subject: str, body: str) -> Envelope:
    address = on_the_wire(recipient)
    letter = EmailMessage()
    letter["Message-ID"] = f"<{message_id}@{head.domain}>"
    letter["From"] = Address(head.sender_name, addr_spec=head.sender)
    letter["To"] = address
    letter["Subject"] = subject
    letter["Auto-Submitted"] = "auto-generated"
    letter["Content-Language"] = language.value
    letter.set_content(body + "\n", cte="base64")
    return Envelope(message_id, head.sender, address, letter)


@cache
def _words(language: Language) -> Mapping[str, Any]:
    text = resources.files("notifier").joinpath(f"letters/{language.value}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
