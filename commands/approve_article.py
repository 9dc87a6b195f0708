"""A second person agrees to an article (承認)."""

from functools import partial
from uuid import UUID

from aggregates.article.life import approve
from commands.article_life import change
from eventstore.ward import Ward


def approve_article(ward: Ward, article_id: UUID, operator: UUID) -> bool:
    """Approves an article once and answers whether it was this call that did.

    Raises:
        ArticleClosed, OwnApproval, NotFound: see `aggregates.article.life`.
    """
    return change(ward, article_id, operator, partial(approve, operator=operator, today=ward.today()))
