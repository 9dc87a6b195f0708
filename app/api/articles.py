"""Articles on circulating viruses (記事): for everybody, signed in or not."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from aggregates.article.state import is_stale
from aggregates.refusal import NotFound
from app.api import API
from app.api.body import Answer
from app.api.caller import Serving
from app.api.openapi import ALWAYS, problems
from projections.views import ArticleView

router = APIRouter(prefix=f"{API}/articles", tags=["articles"])

CACHED = "public, max-age=60"
"""An article that is taken back is gone everywhere within a minute."""


class ArticleOut(Answer):
    """An article in both languages, with its source. The text is paragraphs and lists with links, in the manner of Markdown."""

    article_id: UUID
    title_ja: str
    body_ja: str
    title_en: str
    body_en: str
    source_ja: str
    source_en: str
    source_url: str
    as_of: Annotated[date, Field(description="Day of which the source tells.")]
    published_on: date
    expires_on: Annotated[date, Field(description="Last day on which the article can be read.")]
    stale: Annotated[bool, Field(description="Whether the news are older than 30 days and may have changed.")]


@router.get("", responses=problems(*ALWAYS))
def list_articles(service: Serving, response: Response) -> list[ArticleOut]:
    """What the ward tells of circulating viruses today, the newest first."""
    today = service.queries.opened_day()
    response.headers["cache-control"] = CACHED
    return [_out(article, today) for article in service.queries.articles()]


@router.get("/{article_id}", responses=problems(*ALWAYS, NotFound))
def get_article(article_id: UUID, service: Serving, response: Response) -> ArticleOut:
    """One article. One that has expired or was taken back is not found."""
    article = service.queries.article(article_id)
    if article is None:
        raise NotFound
    response.headers["cache-control"] = CACHED
    return _out(article, service.queries.opened_day())


def _out(article: ArticleView, today: date) -> ArticleOut:
    fields = {name: getattr(article, name) for name in article.__struct_fields__}
    return ArticleOut(**fields, stale=is_stale(article.as_of, today))
