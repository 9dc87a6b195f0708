"""An article that went over the desk of the ward."""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from commands.approve_article import approve_article
from commands.draft_article import Wording, draft_article
from commands.publish_article import publish_article

if TYPE_CHECKING:
    from app.service import Service

DRAFTER, APPROVER = UUID(int=1), UUID(int=2)


def published_article(service: "Service") -> UUID:
    article_id, today = uuid4(), service.ward.today()
    wording = Wording(
        title_ja="インフルエンザが増えています",
        body_ja="手を洗ってください。\n\n- [くわしく](https://www.mhlw.go.jp/flu)\n- <b>せき</b>",
        title_en="Influenza is on the rise",
        body_en="Please wash your hands.",
        source_ja="東京都感染症情報センター",
        source_en="Tokyo Metropolitan Infectious Disease Surveillance Center",
        source_url="https://idsc.tmph.metro.tokyo.lg.jp/",
        as_of=today - timedelta(days=3),
        expires_on=today + timedelta(days=60),
    )
    draft_article(service.ward, article_id, wording, DRAFTER)
    approve_article(service.ward, article_id, APPROVER)
    publish_article(service.ward, article_id, APPROVER)
    catch_up(service)
    return article_id


def catch_up(service: "Service") -> None:
    assert service.queries.wait_for(service.ward.head())
