from datetime import date
from uuid import UUID, uuid4

import pytest

from aggregates.article.facts import ArticleApproved, ArticleDrafted, ArticlePublished, ArticleWithdrawn
from aggregates.article.state import Standing
from aggregates.fact import Role
from aggregates.second_person import NotApproved, OwnApproval
from commands.approve_article import approve_article
from commands.article_life import article_known, articles_known
from commands.draft_article import draft_article
from commands.open_day import open_days
from commands.publish_article import publish_article
from commands.withdraw_article import withdraw_article
from eventstore.ward import Ward
from tests.articles import APPROVER, DRAFTER, drafted_article, wording

TODAY = date(2026, 11, 23)


@pytest.fixture
def article(ward: Ward) -> UUID:
    open_days(ward, TODAY)
    return drafted_article(ward)


def test_an_article_goes_through_its_life_as_plain_facts_with_their_actors(ward: Ward, article: UUID) -> None:
    assert approve_article(ward, article, APPROVER)
    assert publish_article(ward, article, APPROVER)
    assert withdraw_article(ward, article, DRAFTER)
    history = ward.history(article)
    assert [type(f.fact) for f in history] == [ArticleDrafted, ArticleApproved, ArticlePublished, ArticleWithdrawn]
    actors = [DRAFTER, APPROVER, APPROVER, DRAFTER]
    assert [(f.meta.role, f.meta.actor) for f in history] == [(Role.STAFF, actor) for actor in actors]
    assert {(f.subject, f.partition) for f in history} == {(None, None)}


def test_the_same_step_twice_changes_nothing(ward: Ward, article: UUID) -> None:
    head = ward.head()
    assert not draft_article(ward, article, wording(TODAY), DRAFTER)
    assert ward.head() == head


def test_the_drafter_does_not_approve_and_nothing_is_published_unapproved(ward: Ward, article: UUID) -> None:
    with pytest.raises(OwnApproval):
        approve_article(ward, article, DRAFTER)
    with pytest.raises(NotApproved):
        publish_article(ward, article, APPROVER)


def test_all_articles_are_listed_as_they_were_drafted(ward: Ward, article: UUID) -> None:
    other = uuid4()
    draft_article(ward, other, wording(TODAY).model_copy(update={"title_ja": "はしか"}), DRAFTER)
    approve_article(ward, article, APPROVER)
    assert list(articles_known(ward)) == [article, other]
    assert article_known(ward, article).standing(TODAY) is Standing.APPROVED
    assert article_known(ward, uuid4()).standing(TODAY) is Standing.UNKNOWN
