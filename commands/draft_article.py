"""A member of staff lays an article before the ward (起案)."""

from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from aggregates.article.facts import ArticleDrafted
from aggregates.article.life import draft
from commands.article_life import change
from eventstore.ward import Ward

Heading = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")]
Source = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$")]
Prose = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=6_000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")
]
"""Paragraphs and lists, with links in the manner of Markdown."""


class Wording(BaseModel):
    """An article in both languages. Where the news come from, of which day they are and when they lapse has to be said."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title_ja: Heading
    body_ja: Prose
    title_en: Heading
    body_en: Prose
    source_ja: Source
    source_en: Source
    source_url: Annotated[str, StringConstraints(max_length=300)]
    as_of: date
    expires_on: date


def draft_article(ward: Ward, article_id: UUID, wording: Wording, operator: UUID) -> bool:
    """Drafts an article, or words it anew while it is not published; whether anything changed.

    Raises:
        ArticleClosed, ExpiryInPast, LinkNotAllowed, NewsInFuture: see `aggregates.article.life`.
    """
    drafted = ArticleDrafted(**wording.model_dump(), operator=operator)
    return change(ward, article_id, operator, partial(draft, wording=drafted, today=ward.today()))
