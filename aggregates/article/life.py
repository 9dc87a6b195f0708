"""The life of an article: drafted, approved by a second person, published, expired with its last day, or withdrawn.

What has been done already is not done again. A wording that is published is never changed: a new one is a new article.
"""

from datetime import date
from uuid import UUID

from aggregates.article.facts import ArticleApproved, ArticleDrafted, ArticlePublished, ArticleWithdrawn
from aggregates.article.links import foreign_links
from aggregates.article.state import Article, Standing, is_stale
from aggregates.fact import Fact
from aggregates.refusal import NotFound, Refusal
from aggregates.second_person import NotApproved, OwnApproval, OwnPublication


class ArticleClosed(Refusal):
    """The article is published, has expired or was withdrawn: draft another one."""

    code = "article_closed"


class LinkNotAllowed(Refusal):
    """A link leads to a place that is not on the list; `link` is the first such."""

    code = "link_not_allowed"
    status = 422


class NewsInFuture(Refusal):
    """The source is dated later than today."""

    code = "news_in_future"
    status = 422


class NewsTooOld(Refusal):
    """The source is so old that readers would be warned at once: look whether there is a newer one."""

    code = "news_too_old"


class ExpiryInPast(Refusal):
    """The last day of the article has passed."""

    code = "expiry_in_past"
    status = 422


def draft(article: Article, wording: ArticleDrafted, *, today: date) -> list[Fact]:
    """Lay a wording before the ward."""
    _require_open(article, today)
    links = foreign_links(wording.source_url, wording.body_ja, wording.body_en)
    if links:
        raise LinkNotAllowed(link=links[0])
    if wording.as_of > today:
        raise NewsInFuture
    if wording.expires_on < today:
        raise ExpiryInPast
    return [] if article.draft == wording else [wording]


def approve(article: Article, *, operator: UUID, today: date) -> list[Fact]:
    """Agree to a wording that somebody else drafted."""
    wording = _drafted(article)
    _require_open(article, today)
    if wording.operator == operator:
        raise OwnApproval
    return [] if article.approved_by else [ArticleApproved(operator=operator)]


def publish(article: Article, *, operator: UUID, today: date) -> list[Fact]:
    """Let everybody read an approved wording."""
    wording = _drafted(article)
    if article.standing(today) is Standing.PUBLISHED:
        return []
    _require_open(article, today)
    if wording.operator == operator:
        raise OwnPublication
    if article.approved_by is None:
        raise NotApproved
    if wording.expires_on < today:
        raise ExpiryInPast
    if is_stale(wording.as_of, today):
        raise NewsTooOld
    return [ArticlePublished(on=today, operator=operator)]


def withdraw(article: Article, *, operator: UUID) -> list[Fact]:
    """Take an article back for good, published or not."""
    _drafted(article)
    return [] if article.withdrawn else [ArticleWithdrawn(operator=operator)]


def _drafted(article: Article) -> ArticleDrafted:
    if article.draft is None:
        raise NotFound
    return article.draft


def _require_open(article: Article, today: date) -> None:
    if article.standing(today) not in {Standing.UNKNOWN, Standing.DRAFTED, Standing.APPROVED}:
        raise ArticleClosed
