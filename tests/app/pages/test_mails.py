"""Why a mail came, and why not: told to the parent."""

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import psycopg
import pytest

if TYPE_CHECKING:
    from app.service import Service

ENDS = {
    "visit_day": ("accepted", "2.0.0", "", "送りました"),
    "visit_eve": ("accepted", "2.0.0", "5.1.1", "送りましたが、届きませんでした"),
    "latest_near": ("suppressed", "no_longer_due", "", "いらなくなったためです"),
    "window_opens": ("failed", "5.7.1", "", "受けとりませんでした"),
    "visit_after": ("unknown", "", "", "届いたかどうか、わかりません"),
    "checkup": ("planned", "", "", "これから送ります"),
}


@pytest.fixture
def mailed(service: "Service", account_id: UUID) -> UUID:
    """One message for every end."""
    (child, *_) = service.queries.household_of(account_id).children  # type: ignore[union-attr] # there is one
    today = service.ward.today()
    with psycopg.connect(service.conninfo, autocommit=True) as connection:
        for kind, (state, status, bounced, _) in ENDS.items():
            message = uuid4()
            ended = state != "planned"
            connection.execute(
                """INSERT INTO mail.message
                       (message_id, account_id, state, status, bounced, planned_on, not_before, settled_at, reported)
                   VALUES (%s, %s, %s, %s, %s, %s, now(), CASE WHEN %s THEN now() END, true)""",
                (message, account_id, state, status, bounced, today, ended),
            )
            connection.execute(
                "INSERT INTO mail.occasion VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                (uuid4(), account_id, child.child_id, "MR1", 1, kind, 0, today, 1, message),
            )
    return account_id


def test_every_end_of_a_mail_is_told_with_its_reason(family: Any, mailed: UUID) -> None:
    settings = family.open("/menu/mail")
    page = family.open(settings.link("/menu/mail/sent"))
    for _, _, _, words in ENDS.values():
        assert words in page.text


def test_it_is_told_in_english_too(family: Any, mailed: UUID) -> None:
    assert "Sent, but it came back" in family.open("/en/menu/mail/sent").text


def test_nobody_sees_the_mails_of_another(family: Any, mailed: UUID, service: "Service") -> None:
    with psycopg.connect(service.conninfo, autocommit=True) as connection:
        connection.execute("UPDATE mail.occasion SET account_id = gen_random_uuid() WHERE kind = 'visit_eve'")
    assert "届きませんでした" not in family.open("/menu/mail/sent").text
