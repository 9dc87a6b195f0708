"""Where one article (記事) stands in its life."""

from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from aggregates.article.facts import ArticleApproved, ArticleDrafted, ArticlePublished, ArticleWithdrawn
from aggregates.fact import Fact, Redacted

STALE_DAYS = 30
"""News older than this are shown with a remark that they may have changed."""


class Standing(StrEnum):
    """Where an article stands on a day."""

    UNKNOWN = "unknown"
    DRAFTED = "drafted"
    APPROVED = "approved"
    PUBLISHED = "published"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Article(Struct, frozen=True):
    """One article: its last wording, who drafted and approved that, and since when it may be read."""

    draft: ArticleDrafted | None = None
    approved_by: UUID | None = None
    published_on: date | None = None
    withdrawn: bool = False

    @property
    def readable(self) -> bool:
        """Whether it was published and not taken back; the day decides the rest."""
        return self.published_on is not None and not self.withdrawn

    def standing(self, on: date) -> Standing:
        """Where it stands on a day."""
        if self.draft is None:
            return Standing.UNKNOWN
        if self.withdrawn:
            return Standing.WITHDRAWN
        if self.published_on is not None:
            return Standing.EXPIRED if on > self.draft.expires_on else Standing.PUBLISHED
        return Standing.APPROVED if self.approved_by else Standing.DRAFTED


def is_stale(as_of: date, on: date) -> bool:
    """Whether the news of one day may have changed by another."""
    return on - as_of > timedelta(days=STALE_DAYS)


def evolve(article: Article, fact: Fact | Redacted) -> Article:
    """The article after one more fact. A new wording has to be approved anew."""
    match fact:
        case ArticleDrafted():
            return replace(article, draft=fact, approved_by=None)
        case ArticleApproved():
            return replace(article, approved_by=fact.operator)
        case ArticlePublished():
            return replace(article, published_on=fact.on)
        case ArticleWithdrawn():
            return replace(article, withdrawn=True)
    return article
