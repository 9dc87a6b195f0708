"""What happens to a guardian's address and mail while nobody looks, said in the log and in the ledger."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import psycopg

from aggregates.account.facts import EmailConfirmed
from aggregates.fact import Fact, Recorded
from app.day_opener import JST

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
"""Kind of mail: state, status, report that came back, and what the parent reads."""


def says(service: "Service", account: UUID, fact: Fact) -> None:
    """Append a fact, and wait until pages show it."""
    history = service.ward.history(account)
    place = Recorded(account, len(history) + 1, fact, subject=account, partition=history[-1].partition)
    (saved,) = service.ward.save(place)
    service.queries.wait_for(saved.position)


def grown_old(service: "Service", account: UUID, address_version: int = 1) -> None:
    """The address was confirmed a year ago."""
    says(service, account, EmailConfirmed(address_version=address_version, on=service.ward.today() - timedelta(days=365)))


def mail_of_every_end(service: "Service", account: UUID) -> None:
    """One message for every end, about the first child."""
    (child, *_) = service.queries.household_of(account).children  # type: ignore[union-attr] # there is one
    today = service.ward.today()
    noon = datetime.combine(today, time(12), JST)
    with psycopg.connect(service.conninfo, autocommit=True) as connection:
        for kind, (state, status, bounced, _) in ENDS.items():
            message = uuid4()
            connection.execute(
                """INSERT INTO mail.message
                       (message_id, account_id, state, status, bounced, planned_on, not_before, settled_at, reported)
                   VALUES (%s, %s, %s, %s, %s, %s, %s, %s, true)""",
                (message, account, state, status, bounced, today, noon, noon if state != "planned" else None),
            )
            connection.execute(
                "INSERT INTO mail.occasion VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                (uuid4(), account, child.child_id, "MR1", 1, kind, 0, today, 1, message),
            )
