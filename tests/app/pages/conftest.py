"""Somebody who reads the pages as a browser without JavaScript does, and finds fault with every page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit
from uuid import UUID

import pytest

from app.pages.text import EASY, ENGLISH, language_at

if TYPE_CHECKING:
    from app.service import Service

ORIGIN = "http://127.0.0.1:8000"
PASSWORD = "correct horse battery staple"
HTML_BYTES_MAX = 30_000
READINGS_FACTOR = 2
"""Pages with readings may have so many times more; packed they weigh hardly more than the others."""
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
READING = {"rp", "rt"}
"""They end by themselves where the next one begins or the ruby ends, as HTML has it."""
TYPED = {"text", "password"}
TYPED_NAMES = {"はるのママ", "はるちゃん", "りくくん", "父"}


@dataclass
class Element:
    """One element with its attributes and what is in it."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    inside: "list[Element | str]" = field(default_factory=list)

    def __iter__(self) -> "Iterator[Element]":
        for part in self.inside:
            if isinstance(part, Element):
                yield part
                yield from part

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    @property
    def text(self) -> str:
        return "".join(part if isinstance(part, str) else part.text for part in self.inside)

    def all(self, tag: str, **attributes: str) -> "list[Element]":
        return [e for e in self if e.tag == tag and all(e.get(name) == value for name, value in attributes.items())]


class Document(HTMLParser):
    """A page as it came."""

    def __init__(self, address: str, status: int, html: str) -> None:
        super().__init__()
        self.address = address
        self.status = status
        self.html = html
        self.root = self._open = Element("document", {})
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in READING:
            self._end_reading()
        element = Element(tag, {name: value or "" for name, value in attrs}, self._open)
        self._open.inside.append(element)
        if tag not in VOID:
            self._open = element

    def handle_endtag(self, tag: str) -> None:
        if tag == "ruby":
            self._end_reading()
        assert self._open.tag == tag, f"</{tag}> closes <{self._open.tag}> on {self.address}"
        assert self._open.parent
        self._open = self._open.parent

    def _end_reading(self) -> None:
        if self._open.tag in READING:
            assert self._open.parent
            self._open = self._open.parent

    def handle_data(self, data: str) -> None:
        self._open.inside.append(data)

    @property
    def text(self) -> str:
        return self.main.text

    @property
    def main(self) -> Element:
        return self.root.all("main")[0]

    @property
    def h1(self) -> str:
        return self.root.all("h1")[0].text

    @property
    def title(self) -> str:
        return self.root.all("title")[0].text

    @property
    def problems(self) -> list[str]:
        """What the error summary says."""
        return [link.text for box in self.root.all("div", **{"class": "errsum"}) for link in box.all("li")]

    def links(self, part: str) -> list[str]:
        return [link.get("href") for link in self.main.all("a") if part in link.get("href")]

    def link(self, part: str) -> str:
        found = self.links(part)
        assert found, f"no link with {part} on {self.address}"
        return found[0]

    def forms(self) -> list[Element]:
        return self.main.all("form")

    def form(self, part: str = "", method: str = "") -> Element:
        """The form whose action ends with this, or else the first whose action contains it."""
        known = [form for form in self.forms() if form.get("method").startswith(method)]
        found = [form for form in known if form.get("action").endswith(part)] or [f for f in known if part in f.get("action")]
        assert found, f"no form {part} on {self.address}"
        return found[0]

    def faults(self) -> list[str]:
        return [fault for check in CHECKS for fault in check(self)]


def _one_heading(page: Document) -> Iterator[str]:
    if len(page.root.all("h1")) != 1:
        yield "not exactly one h1"
    levels = [int(e.tag[1]) for e in page.main if e.tag in {"h1", "h2", "h3", "h4"}]
    after = levels[levels.index(1) :] if 1 in levels else levels
    for above, below in pairwise(after):
        if below > above + 1:
            yield f"h{above} is followed by h{below}"


def _language(page: Document) -> Iterator[str]:
    wanted = language_at(urlsplit(page.address).path)
    if page.root.all("html")[0].get("lang") != wanted.tag:
        yield f"the language is not {wanted.tag}"
    if wanted is ENGLISH:
        yield from (f"Japanese: {text}" for text in _spoken(page.root) if _JAPANESE.search(_named(text)))


_JAPANESE = re.compile("[ぁ-ヿ㐀-鿿\uff00-\uffef\u3000-\u303f]")


def _spoken(element: Element, lang: str = "en") -> Iterator[str]:
    """Everything that an English page says in English, to the eye or to the ear."""
    lang = element.get("lang") or lang
    if lang != "en":
        return
    yield from (element.get(name) for name in ("aria-label", "title", "alt", "data-h", "data-one", "data-count"))
    for part in element.inside:
        if isinstance(part, str):
            yield part.strip()
        else:
            yield from _spoken(part, lang)


def _named(text: str) -> str:
    """A text without the names that people typed."""
    for name in sorted(TYPED_NAMES, key=len, reverse=True):
        text = text.replace(name, "")
    return text


def _nothing_inline(page: Document) -> Iterator[str]:
    for element in page.root:
        if element.tag in {"script", "style"} and not element.get("src"):
            yield f"inline {element.tag}"
        yield from (f"attribute {name}" for name in element.attributes if name == "style" or name.startswith("on"))


def _labelled(page: Document) -> Iterator[str]:
    targets = {label.get("for") for label in page.root.all("label")}
    for element in [*page.root.all("input"), *page.root.all("textarea")]:
        if element.get("type") != "hidden" and element.get("id") not in targets:
            yield f"no label for {element.get('name')}"


def _ids(page: Document) -> Iterator[str]:
    ids = [element.get("id") for element in page.root if element.get("id")]
    yield from (f"id {name} twice" for name in {name for name in ids if ids.count(name) > 1})
    for element in page.root:
        named = f"{element.get('aria-describedby')} {element.get('aria-labelledby')}".split()
        yield from (f"{name} is described by nothing" for name in named if name not in ids)
        if element.get("href").startswith("#") and element.get("href")[1:] not in ids:
            yield f"{element.get('href')} leads nowhere"


def _calm(page: Document) -> Iterator[str]:
    if len([e for e in page.root if "go" in e.get("class").split()]) > 1:
        yield "more than one filled button"
    factor = READINGS_FACTOR if language_at(urlsplit(page.address).path) is EASY else 1
    if len(page.html.encode()) > HTML_BYTES_MAX * factor:
        yield f"{len(page.html.encode())} bytes"
    for element in page.root.all("input"):
        if element.get("type") in {"date", "number", "email"} or {"placeholder", "maxlength"} & set(element.attributes):
            yield f"{element.get('name')} is not a plain field"


def _own(page: Document) -> Iterator[str]:
    for element in page.root:
        for name in ("href", "src", "action"):
            if urlsplit(element.get(name)).netloc and element.get("rel") != "external noreferrer":
                yield f"{name} leaves the site"


def _every_write_has_a_command(page: Document) -> Iterator[str]:
    without = ("/signin", "/signout", "/try", "/terms")
    for form in page.forms():
        if form.get("method") == "post" and not form.get("action").endswith(without) and not form.all("input", name="command"):
            yield f"no command id in {form.get('action')}"


CHECKS = (_one_heading, _language, _nothing_inline, _labelled, _ids, _calm, _own, _every_write_has_a_command)


@dataclass
class Reader:
    """A person at a browser without JavaScript."""

    browser: Any
    login_id: str = ""
    seen: list[str] = field(default_factory=list)

    def open(self, address: str, status: int = 200) -> Document:
        return self._follow("GET", address, status)

    def submit(
        self, page: Document, part: str = "", *, method: str = "", button: str = "", status: int = 200, **typed: str | list[str]
    ) -> Document:
        """Fill a form in and send it; a name such as on_y stands for the field on-y."""
        form = page.form(part, method)
        values = self.filled(
            form, {name.replace("_y", "-y").replace("_m", "-m").replace("_d", "-d"): v for name, v in typed.items()}
        )
        if button:
            values["do"] = [button]
        action = urljoin(page.address, form.get("action") or page.address)
        if form.get("method") == "get":
            return self._follow("GET", action, status, params=values)
        return self._follow("POST", action, status, data=values)

    def filled(self, form: Element, typed: dict[str, str | list[str]]) -> dict[str, list[str]]:
        """The fields of a form as a browser sends them."""
        values: dict[str, list[str]] = {}
        for element in form.all("input"):
            if element.get("type") not in {"checkbox", "radio"} or "checked" in element.attributes:
                values.setdefault(element.get("name"), []).append(element.get("value"))
        for area in form.all("textarea"):
            values[area.get("name")] = [area.text.removeprefix("\n")]
        for name, value in typed.items():
            assert form.all("input", name=name) or form.all("textarea", name=name), f"the form has no field {name}"
            values[name] = value if isinstance(value, list) else [value]
        return values

    def _follow(self, method: str, address: str, status: int, **body: Any) -> Document:
        response = self.browser.request(method, address, **body)
        hops = 0
        while response.status_code == 303:
            hops += 1
            assert hops < 4, f"{address} leads in circles"
            address = urljoin(str(response.url), response.headers["location"])
            response = self.browser.request("GET", address)
        page = Document(str(response.url), response.status_code, response.text)
        assert page.status == status, f"{method} {address}: {page.status} {page.text[:600]}"
        assert page.faults() == [], address
        self.seen.append(urlsplit(page.address).path)
        return page

    def register(self) -> Document:
        """From the terms to the page that is shown once."""
        page = self.submit(self.open("/terms"), "/terms", agreed="1")
        page = self.submit(page, "/register", handle="はるのママ", postal_code="１０２－００７４", kind="own", password=PASSWORD)
        self.login_id = page.main.all("b", **{"class": "big-code"})[0].text
        return page

    def add_child(self, handle: str = "はるちゃん", born_on: date = date(2026, 4, 10), sex: str = "F") -> Document:
        year, month, day = str(born_on).split("-")
        page = self.open("/child/new")
        return self.submit(page, "/child/new", handle=handle, born_y=year, born_m=month, born_d=day, sex=sex)


@pytest.fixture
def today(service: "Service") -> date:
    """The opened day."""
    return service.queries.opened_day()


@pytest.fixture
def stranger(service: "Service", browser: Any) -> Reader:
    """Somebody who has not registered."""
    return Reader(browser(service.asgi, ORIGIN, headers={"Origin": ORIGIN}))


@pytest.fixture
def mother(stranger: Reader) -> Reader:
    """A guardian who is signed in."""
    stranger.register()
    return stranger


@pytest.fixture
def family(mother: Reader, today: date) -> Reader:
    """A guardian with a baby of seven months."""
    mother.add_child(born_on=today - timedelta(days=228))
    return mother


@pytest.fixture
def account_id(service: "Service", family: Any) -> UUID:
    """A guardian who gets mail."""
    wishes = ["vaccinations", "notices"]
    family.submit(family.open("/menu/mail"), "/menu/mail", address="haha..22@docomo.ne.jp", wish=wishes)
    found = service.sessions.session_account(family.browser.cookies["session-on-loopback"])
    assert found
    family.submit(family.open(f"/mail/confirm/{service.confirmations.token(found, 1)}"), "/mail/confirm/")
    return found
