"""Articles (記事) that everybody may read. Whether one has expired or gone stale is decided on reading, by the opened day."""

from uuid import UUID

from aggregates.article.state import Article
from projections.table import Row, Table

TABLE = Table(
    name="article",
    owner="article_id",
    columns=(
        ("article_id", "uuid"),
        ("title_ja", "text"),
        ("body_ja", "text"),
        ("title_en", "text"),
        ("body_en", "text"),
        ("source_ja", "text"),
        ("source_en", "text"),
        ("source_url", "text"),
        ("as_of", "date"),
        ("expires_on", "date"),
        ("published_on", "date"),
    ),
    key=("article_id",),
)


def rows(article_id: UUID, article: Article) -> list[Row]:
    """One row for an article that was published and not withdrawn."""
    draft = article.draft
    if draft is None or not article.readable:
        return []
    told = (draft.title_ja, draft.body_ja, draft.title_en, draft.body_en, draft.source_ja, draft.source_en, draft.source_url)
    return [(article_id, *told, draft.as_of, draft.expires_on, article.published_on)]
