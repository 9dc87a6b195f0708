"""Letters as they would look, with nobody's data in them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from uuid import UUID

from aggregates.account.facts import Language
from aggregates.notice.facts import NoticeDrafted
from notifier.letter import (
    Letterhead,
    News,
    Sheet,
    Tokens,
    answer_letter,
    confirmation_letter,
    digest_letter,
    notice_letter,
    question_letter,
    told_kinds,
)

HANDLE = "はる"
_TOKENS = Tokens(lambda *_: "token", lambda *_: "token", lambda *_: "token", lambda _: "mark")


def letters(language: Language, base_url: str) -> Iterator[EmailMessage]:
    """A digest with every kind of news, the letters that ask about the address, and the one that tells of an answer."""
    sheet = _sheet(language, base_url)
    yield digest_letter(sheet, [News(HANDLE, tuple(sorted(told_kinds(language))))], "token").content
    yield confirmation_letter(sheet, "token").content
    yield question_letter(sheet, "token", "token").content
    yield answer_letter(sheet, UUID(int=0), "token").content


def notice_letters(draft: NoticeDrafted, notice_id: UUID, base_url: str) -> dict[str, EmailMessage]:
    """A notice in each language."""
    return {language.value: notice_letter(_sheet(language, base_url), draft, notice_id, "token").content for language in Language}


def _sheet(language: Language, base_url: str) -> Sheet:
    head = Letterhead("hagukumi@ward.example", "育み", base_url)
    return Sheet(head, _TOKENS, UUID(int=0), "parent@example.jp", language, datetime.now(UTC))
