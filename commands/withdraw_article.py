"""An article is taken back for good (取下げ)."""

from functools import partial
from uuid import UUID

from aggregates.article.life import withdraw
from commands.article_life import change
from eventstore.ward import Ward


def withdraw_article(ward: Ward, article_id: UUID, operator: UUID) -> bool:
    """Withdraws an article once and answers whether it was this call that did.

    Raises:
        NotFound: see `aggregates.article.life`.
    """
    return change(ward, article_id, operator, partial(withdraw, operator=operator))
