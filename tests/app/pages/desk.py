"""What went over the desk of the ward, as pages show it."""

from typing import TYPE_CHECKING
from uuid import UUID

from tests.articles import drafted_article, publish

if TYPE_CHECKING:
    from app.service import Service


def published_article(service: "Service") -> UUID:
    """An article that everybody may read."""
    article_id = drafted_article(service.ward)
    publish(service.ward, article_id)
    catch_up(service)
    return article_id


def catch_up(service: "Service") -> None:
    """Wait until pages show all that the log holds."""
    assert service.queries.wait_for(service.ward.head())
