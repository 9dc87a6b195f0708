"""An old address is still its owner's when its owner says so."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from aggregates.account.facts import AddressUnanswered
from commands.work import ACCOUNT
from tests.app.pages.mailbox import grown_old, says

if TYPE_CHECKING:
    from app.service import Service

ASKED = "このアドレスは、今もお使いですか"
PAUSED = "メールをいったん止めています"


def confirmed_today(service: "Service", account: UUID) -> bool:
    state = service.ward.state(account, ACCOUNT.project)[0]
    return state.mailable and state.confirmed_on == service.ward.today()


@pytest.mark.parametrize("page", ["/", "/menu/mail"])
def test_an_old_address_is_asked_about_in_the_app_and_one_tap_answers(
    service: "Service",
    family: Any,
    account_id: UUID,
    page: str,
) -> None:
    assert ASKED not in family.open(page).text
    grown_old(service, account_id)
    asked = family.open(page)
    assert ASKED in asked.text
    assert "haha..22@docomo.ne.jp" in asked.text
    assert PAUSED not in asked.text
    assert ASKED not in family.submit(asked, "/menu/mail/keep").text
    assert confirmed_today(service, account_id)


def test_a_silent_owner_sees_that_mail_is_paused_and_takes_it_up_again(
    service: "Service",
    family: Any,
    account_id: UUID,
) -> None:
    says(service, account_id, AddressUnanswered(address_version=1))
    asked = family.open("/")
    assert PAUSED in asked.text
    assert PAUSED not in family.submit(asked, "/menu/mail/keep").text
    assert confirmed_today(service, account_id)


def test_opening_the_link_of_the_mail_changes_nothing_and_its_button_answers(
    service: "Service",
    family: Any,
    account_id: UUID,
) -> None:
    grown_old(service, account_id)
    page = family.open(f"/mail/keep/{service.mail_tokens.keep(account_id, 1)}")
    assert not confirmed_today(service, account_id)
    family.submit(page, "/mail/keep/")
    assert confirmed_today(service, account_id)


def test_another_token_answers_nothing(service: "Service", family: Any, account_id: UUID) -> None:
    grown_old(service, account_id)
    for token in (service.mail_tokens.unsubscribe(account_id, 1), service.mail_tokens.keep(account_id, 2)):
        page = family.submit(family.open(f"/mail/keep/{token}"), "/mail/keep/", status=422)
        assert "この確認のページは使えません" in page.text
    assert not confirmed_today(service, account_id)
