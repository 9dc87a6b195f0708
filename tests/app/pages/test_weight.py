"""What the pages weigh over the wire. Bytes are no timing: these limits hold on any machine."""

import gzip
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from app.pages.assets import assets
from tests.app.pages.conftest import ORIGIN, Reader

if TYPE_CHECKING:
    from app.service import Service

FIRST_LOAD_MAX, LATER_MAX = 60_000, 15_000
RAW_MAX = {"style.css": 25_000, "app.js": 4_096}
PACKED_MAX = {"style.css": 7_000, "app.js": 2_048}
AS_BROWSERS = {"Accept-Encoding": "gzip", "Sec-Fetch-Site": "none"}
LINKED = re.compile(r'<(?:link rel="(?:stylesheet|icon|manifest)"[^>]*href|script[^>]*src)="([^"]+)"')


def weight(reader: Reader, address: str) -> int:
    """Bytes of one answer as they cross the wire."""
    response = reader.browser.get(address, headers=AS_BROWSERS)
    assert response.status_code == 200, address
    return int(response.headers["content-length"])


@pytest.fixture
def siblings(family: Reader, today: date) -> Reader:
    """A family of two children, about whom home has something to say."""
    family.add_child("りくくん", today - timedelta(days=1754), "M")
    return family


def test_the_first_load_of_home_and_all_it_installs(siblings: Reader) -> None:
    page = siblings.open("/")
    linked = {urlsplit(address).path for address in LINKED.findall(page.html)}
    worker = siblings.browser.get("/sw.js").text
    installed = set(re.findall(r'"(/[^"]+)"', worker.partition("\n//")[0]))
    assert {asset.address for name, asset in assets().items() if name in {"style.css", "app.js"}} <= linked
    assert sum(weight(siblings, address) for address in {"/", "/sw.js"} | linked | installed) <= FIRST_LOAD_MAX


def test_later_loads_are_the_page_alone(siblings: Reader) -> None:
    assert weight(siblings, "/") <= LATER_MAX / 2
    worker = siblings.browser.get("/sw.js", headers=AS_BROWSERS)
    again = siblings.browser.get("/sw.js", headers={**AS_BROWSERS, "If-None-Match": worker.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", sorted(RAW_MAX))
def test_an_asset_keeps_to_its_budget(name: str) -> None:
    content = assets()[name].content
    assert len(content) <= RAW_MAX[name]
    assert len(gzip.compress(content)) <= PACKED_MAX[name]


def test_a_page_that_another_site_asked_for_is_not_compressed(service: "Service", browser: Any) -> None:
    reader = browser(service.asgi, ORIGIN)
    for site, encoding in {"same-origin": "gzip", "none": "gzip", "cross-site": None, "same-site": None}.items():
        response = reader.get("/terms", headers={"Accept-Encoding": "gzip", "Sec-Fetch-Site": site})
        assert response.headers.get("content-encoding") == encoding, site
    assert reader.get("/terms", headers={"Accept-Encoding": "gzip"}).headers.get("content-encoding") is None


@pytest.mark.parametrize("age_days", [3, 90, 210])
def test_a_chart_on_which_everything_is_still_to_come_keeps_to_the_size_of_a_page(
    mother: Reader, today: date, age_days: int
) -> None:
    """The reader finds fault with what is larger. Whatever can be put off is put off here, each series by itself."""
    mother.add_child(born_on=today - timedelta(days=age_days))
    chart = mother.open("/chart")
    postpone = chart.link("/child/").replace("/child/", "/plan/") + "/postpone"
    for series in mother.open(postpone).main.all("input", name="series"):
        until = str(today + timedelta(weeks=4))
        mother.submit(mother.open(postpone), "/postpone", button="save", reason="unwell", to=until, series=[series.get("value")])
    for language in ("", "/en", "/easy"):
        mother.open(f"{language}/chart")
