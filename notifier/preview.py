"""Letters as they would look, with nobody's data in them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from uuid import UUID

from aggregates.account.facts import Language
from notifier.letter import Letterhead, News, Sheet, Tokens, confirmation_letter, digest_letter, question_letter, told_kinds

HANDLE = "はる"
_TOKENS = Tokens(lambda *_: "token", lambda *_: "token", lambda *_: "token", lambda _: "mark")


def letters(language: Language, base_url: str) -> Iterator[EmailMessage]:
    """A digest with every kind of news, and the letters that ask about the address."""
    head = Letterhead("hagukumi@ward.example", "育み", base_url)
    sheet = Sheet(head, _TOKENS, UUID(int=0), "parent@example.jp", language, datetime.now(UTC))
    yield digest_letter(sheet, [News(HANDLE, tuple(sorted(told_kinds(language))))], "token").content
    yield confirmation_letter(sheet, "token").content
    yield question_letter(sheet, "token", "token").content
