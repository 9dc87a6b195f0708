"""What the desks show on other days and under other settings: these tests take a service of their own."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from commands.open_day import open_days
from tests.app.pages.desk import catch_up, published_article

if TYPE_CHECKING:
    from app.service import Service


def test_old_news_say_so_and_lapsed_ones_are_gone(service: "Service", stranger: Any) -> None:
    article = published_article(service)
    day = service.ward.today()
    open_days(service.ward, day + timedelta(days=28), operator=True)
    catch_up(service)
    assert "30日より前の情報です" in stranger.open("/articles").text
    assert "30日より前の情報です" in stranger.open(f"/articles/{article}").text
    open_days(service.ward, day + timedelta(days=61), operator=True)
    catch_up(service)
    stranger.open(f"/articles/{article}", status=404)
    assert "いまお知らせする流行はありません" in stranger.open("/articles").text


def test_the_number_of_the_nurses_is_shown_where_it_is_set(service: "Service", family: Any) -> None:
    assert "区の保健師：" not in family.open("/inquiries/new").text
    service.settings = service.settings.model_copy(update={"nurses_phone": "03-0000-0000"})
    assert "区の保健師：03-0000-0000" in family.open("/inquiries/new").text
