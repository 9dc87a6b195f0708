"""Everybody may read an article from now on (公開)."""

from functools import partial
from uuid import UUID

from aggregates.article.life import publish
from commands.article_life import change
from eventstore.ward import Ward


def publish_article(ward: Ward, article_id: UUID, operator: UUID) -> bool:
    """Publishes an approved article once and answers whether it was this call that did.

    Raises:
        ArticleClosed, ExpiryInPast, NewsTooOld, NotApproved, OwnPublication, NotFound: see `aggregates.article.life`.
    """
    return change(ward, article_id, operator, partial(publish, operator=operator, today=ward.today()))
