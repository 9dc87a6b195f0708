"""What a notice may say: text in both languages that is the same for everybody, and nothing that a mail program would break."""

import re
from hashlib import sha256

import msgspec

from aggregates.account.facts import Language
from aggregates.notice.facts import NoticeDrafted
from aggregates.notice.refusals import (
    NoticeControlCharacter,
    NoticeLineTooLong,
    NoticePlaceholder,
    NoticeTextMissing,
    NoticeTextTooLong,
)

SUBJECT_MAX = 30
"""With the name of the service before it a subject is still read on a small telephone."""
BODY_MAX = 4_000
LINE_MAX = 120
_LINK = re.compile(r"https?://\S+")
_NO_TEXT = re.compile(r"[^\n\x20-\x7e\xa0-\U0010ffff]")


def wording(draft: NoticeDrafted, language: Language) -> tuple[str, str]:
    """Subject and body in one language."""
    japanese = language is Language.JAPANESE
    return (draft.subject_ja, draft.body_ja) if japanese else (draft.subject_en, draft.body_en)


def wording_digest(draft: NoticeDrafted) -> str:
    """Names one wording: SHA-256 over all four texts."""
    return sha256(msgspec.json.encode([wording(draft, language) for language in Language])).hexdigest()


def draft_digest(draft: NoticeDrafted) -> str:
    """Names one wording for one audience, whoever drafted it."""
    fields = msgspec.structs.asdict(draft)
    del fields["operator"]
    return sha256(msgspec.json.encode(sorted(fields.items()))).hexdigest()


def require_fit(draft: NoticeDrafted) -> None:
    """Refuse a wording that cannot be sent as it is."""
    for part, text, limit in (
        ("subject_ja", draft.subject_ja, SUBJECT_MAX),
        ("subject_en", draft.subject_en, SUBJECT_MAX),
        ("body_ja", draft.body_ja, BODY_MAX),
        ("body_en", draft.body_en, BODY_MAX),
    ):
        _require_text(part, text, limit)
        lines = text.split("\n")
        if part.startswith("subject") and len(lines) > 1:
            raise NoticeControlCharacter(part=part)
        if any(len(_LINK.sub("", line)) > LINE_MAX for line in lines):
            raise NoticeLineTooLong(part=part, limit=LINE_MAX)


def _require_text(part: str, text: str, limit: int) -> None:
    if not text.strip():
        raise NoticeTextMissing(part=part)
    if len(text) > limit:
        raise NoticeTextTooLong(part=part, limit=limit)
    if _NO_TEXT.search(text):
        raise NoticeControlCharacter(part=part)
    if "{" in text or "}" in text:
        raise NoticePlaceholder(part=part)
