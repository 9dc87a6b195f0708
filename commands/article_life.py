"""What the commands on articles (記事) share."""

from collections.abc import Callable, Sequence
from uuid import UUID

from aggregates.article.state import Article, evolve
from aggregates.fact import Actor, Fact, Role
from commands import desk
from commands.work import Kind
from eventstore.ward import Ward

ARTICLE = Kind(Article, evolve)


def articles_known(ward: Ward) -> dict[UUID, Article]:
    """All articles by id, in the order in which they were drafted."""
    return {stream: article_known(ward, stream) for stream in desk.streams_of(ward, "article")}


def article_known(ward: Ward, article_id: UUID) -> Article:
    """Where an article stands; one of which nothing is known has no draft."""
    return ward.state(article_id, ARTICLE.project)[0]


def change(ward: Ward, article_id: UUID, operator: UUID, decide: Callable[[Article], Sequence[Fact]]) -> bool:
    """Append what a member of staff does about an article; whether that was anything.

    Raises:
        StaleVersion: somebody else was faster; look again.
    """
    return desk.change(ward, article_id, ARTICLE, Actor(operator, Role.STAFF), decide)
