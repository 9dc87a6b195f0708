"""What the ward tells everybody, and what a family asks the ward."""

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from commands.answer_inquiry import answer_inquiry, end_inquiry
from commands.inquiries import MESSAGES_A_DAY_MAX
from commands.withdraw_article import withdraw_article
from tests.articles import APPROVER, DRAFTER, drafted_article, publish

if TYPE_CHECKING:
    from app.service import Service


@pytest.fixture
def article(service: "Service") -> UUID:
    return drafted_article(service.ward)


def published(service: "Service", article: UUID) -> None:
    publish(service.ward, article)
    service.queries.wait_for(service.ward.head())


def test_an_article_is_read_by_everybody_once_it_is_published(service: "Service", stranger: Any, article: UUID) -> None:
    assert stranger.ask("GET", f"/articles/{article}").status_code == 404
    published(service, article)
    response = stranger.ask("GET", f"/articles/{article}")
    assert response.headers["cache-control"] == "public, max-age=60"
    told = response.json()
    assert (told["title_en"], told["stale"]) == ("Influenza is on the rise", False)
    assert str(article) in [one["article_id"] for one in stranger.get("/articles")]
    withdraw_article(service.ward, article, DRAFTER)
    service.queries.wait_for(service.ward.head())
    assert stranger.ask("GET", f"/articles/{article}").json()["code"] == "not_found"


def asked(guardian: Any, **more: Any) -> str:
    """The path of a new inquiry."""
    path = f"/inquiries/{uuid4()}"
    guardian.do("PUT", path, {"text": "記録を印刷できますか"} | more)
    return path


def said_by_ward(service: "Service", path: str, text: str = "メニューにあります") -> None:
    answer_inquiry(service.ward, UUID(path.rpartition("/")[2]), text, APPROVER, uuid4())
    service.queries.wait_for(service.ward.head())


def test_a_thread_goes_to_and_fro(service: "Service", guardian: Any) -> None:
    path = asked(guardian)
    assert guardian.get(path)["standing"] == "open"
    said_by_ward(service, path)
    guardian.do("PUT", f"{path}/messages/{uuid4()}", {"text": "できました"})
    guardian.do("PUT", f"{path}/closed")
    thread = guardian.get(path)
    assert [(m["by_ward"], m["text"]) for m in thread["messages"]] == [
        (False, "記録を印刷できますか"),
        (True, "メニューにあります"),
        (False, "できました"),
    ]
    assert guardian.get("/inquiries")[0]["standing"] == thread["standing"] == "closed"


def test_the_same_inquiry_and_message_again_change_nothing(guardian: Any) -> None:
    path, message = asked(guardian), f"/messages/{uuid4()}"
    again = guardian.do("PUT", path, {"text": "記録を印刷できますか"})
    assert (again["replayed"], again["version"]) == (True, 1)
    for _ in range(2):
        guardian.do("PUT", path + message, {"text": "できました"})
    assert len(guardian.get(path)["messages"]) == 2


def test_an_inquiry_of_another_family_reads_like_one_that_never_was(guardian: Any, other: Any) -> None:
    path = asked(guardian)
    attempts = [("GET", "", None), ("PUT", f"/messages/{uuid4()}", {"text": "?"}), ("PUT", "/closed", None)]
    for method, rest, body in attempts:
        for target in (path, f"/inquiries/{uuid4()}"):
            response = other.ask(method, target + rest, body)
            assert (response.status_code, response.json()["code"]) == (404, "not_found"), target + rest
    assert other.ask("PUT", path, {"text": "?"}).json()["code"] == "id_taken"
    assert other.get("/inquiries") == []
    response = other.ask("PUT", f"/inquiries/{uuid4()}", {"text": "?", "child_id": guardian.child().rpartition("/")[2]})
    assert response.json()["code"] == "not_found"


def test_a_closed_inquiry_takes_no_more(service: "Service", guardian: Any) -> None:
    path = asked(guardian)
    end_inquiry(service.ward, UUID(path.rpartition("/")[2]), APPROVER)
    response = guardian.ask("PUT", f"{path}/messages/{uuid4()}", {"text": "まだ"})
    assert (response.status_code, response.json()["code"]) == (409, "inquiry_closed")


def test_text_that_is_too_long_or_empty_is_named(guardian: Any) -> None:
    for text, code in (("", "too_short"), ("あ" * 2001, "too_long"), ("a\u0000", "pattern")):
        response = guardian.ask("PUT", f"/inquiries/{uuid4()}", {"text": text})
        assert (response.status_code, response.json()["errors"][0]["code"]) == (422, code)
        assert response.json()["errors"][0]["pointer"] == "#/text"


def test_a_family_that_writes_very_often_is_asked_to_wait(guardian: Any) -> None:
    path = asked(guardian)
    for _ in range(MESSAGES_A_DAY_MAX - 1):
        guardian.do("PUT", f"{path}/messages/{uuid4()}", {"text": "もう一つ"})
    assert guardian.ask("PUT", f"/inquiries/{uuid4()}", {"text": "?"}).json()["code"] == "too_many_entries"
