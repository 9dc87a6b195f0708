"""The file in which a notice is written: both languages, and whom it is meant for."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from aggregates.account.facts import Language
from aggregates.notice.facts import DueStatus

if TYPE_CHECKING:
    from aggregates.notice.facts import NoticeDrafted

Months = Annotated[int, Meta(ge=0)]


class Text(Struct, frozen=True, forbid_unknown_fields=True):
    """Subject and body in one language."""

    subject: str
    body: str


class Audience(Struct, frozen=True, forbid_unknown_fields=True):
    """Every criterion that is named has to hold; those on children for one and the same child. None named: everybody."""

    age_months_from: Months | None = None
    age_months_to: Months | None = None
    postal_codes: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    due: tuple[DueStatus, ...] = ()
    languages: tuple[Language, ...] = ()
    edition: str = ""


class NoticeFile(Struct, frozen=True, forbid_unknown_fields=True):
    """One notice (お知らせ)."""

    ja: Text
    en: Text
    audience: Audience = Audience()


def read_notice(path: Path) -> NoticeFile:
    """The notice in a TOML file.

    Raises:
        msgspec.DecodeError: it is no TOML, or not of this shape.
    """
    return msgspec.toml.decode(path.read_bytes(), type=NoticeFile)


def drafted(file: NoticeFile, edition: str, operator: UUID) -> "NoticeDrafted":
    """The draft that a file makes; `edition` is the full hash of the edition that it names."""
    from aggregates.notice.facts import NoticeDrafted

    meant = file.audience
    return NoticeDrafted(
        subject_ja=file.ja.subject.strip(),
        body_ja=file.ja.body.strip(),
        subject_en=file.en.subject.strip(),
        body_en=file.en.body.strip(),
        operator=operator,
        age_months_from=meant.age_months_from,
        age_months_to=meant.age_months_to,
        postal_prefixes=meant.postal_codes,
        series=meant.series,
        due=meant.due,
        languages=meant.languages,
        edition=edition,
    )
