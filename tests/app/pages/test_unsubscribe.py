"""The way out that every letter carries."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from aggregates.account.facts import AddressFailed
from aggregates.fact import Recorded

if TYPE_CHECKING:
    from app.service import Service

ORIGIN = "http://127.0.0.1:8000"


def wished(family: Any) -> list[str]:
    page = family.open("/menu/mail")
    return list(family.filled(page.form(), {}).get("wish", []))


def test_opening_the_link_changes_nothing_and_the_button_ends_the_mail(service: "Service", family: Any, account_id: UUID) -> None:
    page = family.open(f"/mail/unsubscribe/{service.mail_tokens.unsubscribe(account_id, 1)}")
    assert wished(family) == ["vaccinations", "notices"]
    assert family.submit(page, "/mail/unsubscribe/").h1 == "メールを止めました"
    assert wished(family) == []
    assert "受けとるメールを選んでいないので、何も送りません" in family.open("/menu/mail").text


@pytest.mark.parametrize("tree", ["", "/en"])
def test_a_mail_program_ends_it_with_one_post(service: "Service", family: Any, account_id: UUID, browser: Any, tree: str) -> None:
    """RFC 8058: no cookie, no origin of ours, no redirection; of letters in either language."""
    address = f"{tree}/mail/unsubscribe/{service.mail_tokens.unsubscribe(account_id, 1)}"
    program = browser(service.asgi, ORIGIN)
    for _ in range(2):
        answer = program.post(address, data={"List-Unsubscribe": "One-Click"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 200
    assert wished(family) == []


def test_a_token_of_an_address_given_up_ends_nothing(service: "Service", family: Any, account_id: UUID) -> None:
    family.submit(family.open(f"/mail/unsubscribe/{service.mail_tokens.unsubscribe(account_id, 2)}"), "/mail/unsubscribe/")
    assert wished(family) == ["vaccinations", "notices"]


@pytest.mark.parametrize("spoilt", ["", "x", "あ", "A" * 48])
def test_a_token_that_is_not_ours_is_unknown(service: "Service", family: Any, account_id: UUID, spoilt: str) -> None:
    token = service.mail_tokens.unsubscribe(account_id, 1)[:-3] + spoilt
    family.submit(family.open(f"/mail/unsubscribe/{token}"), "/mail/unsubscribe/", status=404)
    assert wished(family) == ["vaccinations", "notices"]


def test_an_address_that_fails_is_named_and_can_be_given_again(service: "Service", family: Any, account_id: UUID) -> None:
    history = service.ward.history(account_id)
    failed = AddressFailed(address_version=1, status="5.1.1")
    place = (len(history) + 1, failed)
    (saved,) = service.ward.save(Recorded(account_id, *place, subject=account_id, partition=history[-1].partition))
    service.queries.wait_for(saved.position)
    page = family.open("/menu/mail")
    assert "このアドレスに届きませんでした" in page.text
    assert "確認がまだです" in family.submit(page, "/menu/mail").text
