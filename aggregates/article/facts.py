"""Facts of one article (記事) on a circulating virus. Members of staff are named by their ids on the roster."""

from datetime import date
from uuid import UUID

from aggregates.fact import Fact


class ArticleDrafted(Fact, frozen=True, tag="article.drafted.v1"):
    """Somebody laid an article, or a new wording of it, before the ward (起案). It says where its news come from and of when."""

    title_ja: str
    body_ja: str
    title_en: str
    body_en: str
    source_ja: str
    source_en: str
    source_url: str
    as_of: date
    expires_on: date
    operator: UUID


class ArticleApproved(Fact, frozen=True, tag="article.approved.v1"):
    """A second person agrees that everybody may read this wording (承認)."""

    operator: UUID


class ArticlePublished(Fact, frozen=True, tag="article.published.v1"):
    """Everybody may read it from this day on (公開)."""

    on: date
    operator: UUID


class ArticleWithdrawn(Fact, frozen=True, tag="article.withdrawn.v1"):
    """It is not to be read any more, which is for good (取下げ)."""

    operator: UUID
