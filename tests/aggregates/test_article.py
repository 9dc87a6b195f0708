from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from uuid import UUID

import msgspec
import pytest

from aggregates.article.facts import ArticleApproved, ArticleDrafted, ArticlePublished, ArticleWithdrawn
from aggregates.article.life import (
    ArticleClosed,
    ExpiryInPast,
    LinkNotAllowed,
    NewsInFuture,
    NewsTooOld,
    approve,
    draft,
    publish,
    withdraw,
)
from aggregates.article.links import allowed
from aggregates.article.state import Article, Standing, evolve, is_stale
from aggregates.fact import Fact
from aggregates.refusal import NotFound
from aggregates.second_person import NotApproved, OwnApproval, OwnPublication
from tests.aggregates.case import Case
from tests.articles import APPROVER, DRAFTER, wording

THIRD = UUID(int=3)
TODAY = date(2026, 11, 23)
DRAFTED = ArticleDrafted(**wording(TODAY).model_dump(), operator=DRAFTER)
APPROVED = ArticleApproved(operator=APPROVER)
PUBLISHED = ArticlePublished(on=TODAY, operator=THIRD)
GONE = ArticleWithdrawn(operator=THIRD)

case = Case(Article, evolve)
given = case.given
drafting = partial(draft, wording=DRAFTED, today=TODAY)
approving = partial(approve, operator=APPROVER, today=TODAY)
publishing = partial(publish, operator=THIRD, today=TODAY)
withdrawing = partial(withdraw, operator=THIRD)


def reworded(**fields: object) -> ArticleDrafted:
    return msgspec.structs.replace(DRAFTED, **fields)


def test_an_article_is_drafted_approved_published_and_withdrawn() -> None:
    given().when(drafting).then(DRAFTED)
    given(DRAFTED).when(approving).then(APPROVED)
    given(DRAFTED, APPROVED).when(publishing).then(PUBLISHED)
    given(DRAFTED, APPROVED, PUBLISHED).when(withdrawing).then(GONE)


def test_what_was_done_is_not_done_again() -> None:
    given(DRAFTED).when(drafting).then()
    given(DRAFTED, APPROVED).when(approving).then()
    given(DRAFTED, APPROVED, PUBLISHED).when(publishing).then()
    given(DRAFTED, GONE).when(withdrawing).then()


def test_nobody_approves_or_publishes_what_they_drafted() -> None:
    given(DRAFTED).when(partial(approve, operator=DRAFTER, today=TODAY)).refuses(OwnApproval)
    given(DRAFTED, APPROVED).when(partial(publish, operator=DRAFTER, today=TODAY)).refuses(OwnPublication)


def test_a_new_wording_has_to_be_approved_anew() -> None:
    other = reworded(title_ja="インフルエンザの流行が始まりました", operator=THIRD)
    given(DRAFTED, APPROVED).when(partial(draft, wording=other, today=TODAY)).then(other)
    given(DRAFTED, APPROVED, other).when(partial(publish, operator=DRAFTER, today=TODAY)).refuses(NotApproved)


def test_what_is_published_is_never_reworded() -> None:
    for life in ((DRAFTED, APPROVED, PUBLISHED), (DRAFTED, GONE)):
        for decide in (partial(draft, wording=reworded(title_ja="別"), today=TODAY), approving):
            given(*life).when(decide).refuses(ArticleClosed)
    given(DRAFTED, APPROVED, GONE).when(publishing).refuses(ArticleClosed)


def test_dates_of_an_article_make_sense() -> None:
    tomorrow, yesterday = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
    given().when(partial(draft, wording=reworded(as_of=tomorrow), today=TODAY)).refuses(NewsInFuture)
    given().when(partial(draft, wording=reworded(expires_on=yesterday), today=TODAY)).refuses(ExpiryInPast)
    life = given(DRAFTED, APPROVED)
    life.when(partial(publish, operator=THIRD, today=DRAFTED.expires_on + timedelta(days=1))).refuses(ExpiryInPast)
    life.when(partial(publish, operator=THIRD, today=DRAFTED.as_of + timedelta(days=31))).refuses(NewsTooOld)


@pytest.mark.parametrize(
    ("days", "standing"), [(0, Standing.PUBLISHED), (60, Standing.PUBLISHED), (61, Standing.EXPIRED), (400, Standing.EXPIRED)]
)
def test_an_article_expires_after_its_last_day(days: int, standing: Standing) -> None:
    article = given(DRAFTED, APPROVED, PUBLISHED).state
    assert article.standing(TODAY + timedelta(days=days)) is standing


def test_news_are_stale_after_thirty_days() -> None:
    assert not is_stale(DRAFTED.as_of, DRAFTED.as_of + timedelta(days=30))
    assert is_stale(DRAFTED.as_of, DRAFTED.as_of + timedelta(days=31))


@pytest.mark.parametrize("decide", [approving, publishing, withdrawing])
def test_an_article_that_nobody_drafted_is_unknown(decide: Callable[[Article], list[Fact]]) -> None:
    given().when(decide).refuses(NotFound)


@pytest.mark.parametrize(
    "link",
    [
        "http://www.mhlw.go.jp/",
        "https://example.com/",
        "https://go.jp.example.com/",
        "https://notgo.jp/",
        "https://www.mhlw.go.jp@example.com/",
        "https://www.mhlw.go.jp:8443/",
        "javascript:alert",
        "//www.mhlw.go.jp/",
        "https://[",
        "",
    ],
)
def test_links_lead_to_public_bodies_alone(link: str) -> None:
    assert not allowed(link)
    given().when(partial(draft, wording=reworded(body_en=f"See [this]({link})."), today=TODAY)).refuses(LinkNotAllowed, link=link)


def test_an_address_without_link_is_checked_as_well() -> None:
    wording = reworded(body_ja="くわしくは https://example.com/a を見てください。")
    given().when(partial(draft, wording=wording, today=TODAY)).refuses(LinkNotAllowed, link="https://example.com/a")


@pytest.mark.parametrize("link", ["https://www.mhlw.go.jp/a?b#c", "https://www.city.chiyoda.lg.jp/", "https://www.who.int/"])
def test_public_bodies_may_be_linked_to(link: str) -> None:
    assert allowed(link)
