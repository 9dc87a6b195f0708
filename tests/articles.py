"""An article for tests, and its way over the desk of the ward."""

from datetime import date, timedelta
from uuid import UUID, uuid4

from commands.approve_article import approve_article
from commands.draft_article import Wording, draft_article
from commands.publish_article import publish_article
from eventstore.ward import Ward

DRAFTER, APPROVER = UUID(int=1), UUID(int=2)


def wording(today: date) -> Wording:
    """News of three days ago, to be read for another sixty."""
    return Wording(
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


def drafted_article(ward: Ward) -> UUID:
    """An article that nobody but the staff can read."""
    article_id = uuid4()
    draft_article(ward, article_id, wording(ward.today()), DRAFTER)
    return article_id


def publish(ward: Ward, article_id: UUID) -> None:
    """Let everybody read it."""
    approve_article(ward, article_id, APPROVER)
    publish_article(ward, article_id, APPROVER)
