"""What a report says that came back: in the standard form (RFC 3464), or in the words of one of many mail systems.

A letter to a return path that bears our mark is about our message. Whether it says that the message did not arrive is read
from its standard part where it has one; else from who wrote it, from words that only such reports use, and from the codes in it.
An automatic reply of a person (holidays, «I have changed my address») is no report, whatever codes it mentions.
"""

import re
import tomllib
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from functools import cache
from importlib import resources

from msgspec import Struct

FAILED, DELAYED = "failed", "delayed"
TEXT_CHARS_MAX = 20_000
"""Reports say at their head what happened; what follows is often our own letter."""

_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_ENHANCED = re.compile(r"(?<![\d.])5\.\d{1,3}\.\d{1,3}(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.-])(55[1-4])(?=[ -]|$)", re.MULTILINE)
"""550 is left out: without a word beside it, mail systems mean anything by it."""
NOBODY_THERE, MAILBOX_FULL, UNWANTED, UNDEFINED = "5.1.1", "5.2.2", "5.7.1", "5.0.0"


class Words(Struct, frozen=True):
    """Regular expressions; `report_words.toml` says what each list means."""

    writers: re.Pattern[str]
    our_letter: re.Pattern[str]
    delayed: re.Pattern[str]
    not_delivered: re.Pattern[str]
    nobody: re.Pattern[str]
    full: re.Pattern[str]
    unwanted: re.Pattern[str]

    @property
    def meanings(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        """What words say where no code does; a full mailbox is a mailbox."""
        return (self.full, MAILBOX_FULL), (self.nobody, NOBODY_THERE), (self.unwanted, UNWANTED)


class Report(Struct, frozen=True):
    """What a report says of one message."""

    action: str
    status: str


def report_of(letter: Message) -> Report | None:
    """What a report says; None where the letter is none."""
    if letter.get_content_type() == "multipart/report":
        return _standard(letter)
    return _in_words(letter) if _by_a_machine(letter) else None


def _standard(letter: Message) -> Report | None:
    for fields in _status_blocks(letter):
        action, status = fields.get("Action", "").strip().lower(), _STATUS.match(fields.get("Status", "").strip())
        if action and status:
            return Report(action, status[0])
    return None


def _status_blocks(letter: Message) -> Iterator[Message]:
    for part in letter.walk():
        blocks = part.get_payload() if part.get_content_type() == "message/delivery-status" else []
        if isinstance(blocks, list):
            yield from (block for block in blocks if isinstance(block, Message))


def _by_a_machine(letter: Message) -> bool:
    """Mail systems write under names of their own; replies of persons come from an address or say what they are (RFC 3834)."""
    if "auto-replied" in str(letter.get("Auto-Submitted", "")).lower():
        return False
    local = parseaddr(str(letter.get("From", "")))[1].partition("@")[0]
    return bool(_words().writers.search(local)) or "X-Failed-Recipients" in letter


def _in_words(letter: Message) -> Report | None:
    said, words = _said(letter), _words()
    if words.delayed.search(said):
        return Report(DELAYED, "4.0.0")
    failed = any(sign.search(said) for sign in (words.not_delivered, words.nobody, words.full))
    return Report(FAILED, _status(said)) if failed else None


def _status(said: str) -> str:
    """The first code for good that is named; else what the words mean."""
    if enhanced := _ENHANCED.search(said):
        return enhanced[0]
    for words, status in _words().meanings:
        if words.search(said):
            return status
    code = _REPLY_CODE.search(said)
    return code[1] if code else UNDEFINED


def _said(letter: Message) -> str:
    """Subject and text, as far as they are the mail system's own and not our letter sent back."""
    text = "\n".join(_text(part) for part in _own_parts(letter) if part.get_content_type() == "text/plain")
    return f"{_subject(letter)}\n{_words().our_letter.split(text, maxsplit=1)[0]}"[:TEXT_CHARS_MAX]


def _own_parts(letter: Message) -> Iterator[Message]:
    """All parts but those of a letter within."""
    inside = letter.get_payload()
    if letter.get_content_maintype() != "multipart" or not isinstance(inside, list):
        yield letter
        return
    for part in inside:
        if isinstance(part, Message):
            yield from _own_parts(part)


def _subject(letter: Message) -> str:
    try:
        return str(make_header(decode_header(str(letter.get("Subject", "")))))
    except (LookupError, UnicodeError, HeaderParseError):
        return ""


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        return payload.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return payload.decode("utf-8", "replace")


@cache
def _words() -> Words:
    lists = tomllib.loads(resources.files("notifier").joinpath("report_words.toml").read_text(encoding="utf-8"))
    flags = re.IGNORECASE | re.MULTILINE
    return Words(**{name: re.compile("|".join(words), flags) for name, words in lists.items()})
