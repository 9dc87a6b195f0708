"""Articles on circulating viruses (記事): read by everybody, signed in or not."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from msgspec import Struct

from aggregates.article.state import is_stale
from aggregates.refusal import NotFound
from app.api.articles import CACHED
from app.pages.access import Anyone, PageRoute
from app.pages.desk import Desk
from app.pages.prose import prose
from projections.views import ArticleView

router = APIRouter(prefix="/articles", route_class=PageRoute, include_in_schema=False)


class Story(Struct, frozen=True):
    """An article in the reader's language."""

    article_id: UUID
    title: str
    body: Markup
    source: str
    source_url: str
    as_of: date
    expires_on: date
    published_on: date
    stale: bool


@router.get("")
def show_all(desk: Anyone) -> HTMLResponse:
    """What the ward tells of today."""
    return _cached(desk, desk.page("articles.html", stories=[_story(desk, one) for one in desk.service.queries.articles()]))


@router.get("/{article_id}")
def show(desk: Anyone, article_id: UUID) -> HTMLResponse:
    """One article with its source."""
    article = desk.service.queries.article(article_id)
    if article is None:
        raise NotFound
    return _cached(desk, desk.page("article.html", story=_story(desk, article)))


def _cached(desk: Desk, response: HTMLResponse) -> HTMLResponse:
    """May be kept for those who are not signed in: nothing on it is theirs."""
    if not desk.signed_in:
        response.headers["Cache-Control"] = CACHED
        response.headers["Vary"] = "Cookie"
    return response


def _story(desk: Desk, article: ArticleView) -> Story:
    title, body, source = (
        (article.title_ja, article.body_ja, article.source_ja)
        if desk.words.japanese
        else (article.title_en, article.body_en, article.source_en)
    )
    return Story(
        article_id=article.article_id,
        title=title,
        body=prose(body),
        source=source,
        source_url=article.source_url,
        as_of=article.as_of,
        expires_on=article.expires_on,
        published_on=article.published_on,
        stale=is_stale(article.as_of, desk.today),
    )
