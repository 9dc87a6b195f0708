"""One request for a page: who asks, in which language, what the menu shows, and how it is answered."""

from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from msgspec import Struct

from aggregates.refusal import NotFound
from app.pages.forms import Form
from app.pages.kids import Kid, kids_of
from app.pages.names import Names
from app.pages.rendering import render
from app.pages.text import LANGUAGES, Words, language_at
from app.service import Service
from projections.views import AccountView, HouseholdView, ReaderView, RecordView
from schedule.japan import Edition

_UNPROCESSABLE = 422
_SEE_OTHER = 303
_SECTIONS = ("home", "chart", "record", "plan", "menu")


class Link(Struct, frozen=True):
    """A link with its words."""

    address: str
    label: str
    current: bool = False


class OtherLanguage(Struct, frozen=True):
    """This page in another language."""

    address: str
    code: str
    name: str


def service_of(request: Request) -> Service:
    """The service that the app belongs to."""
    service: Service = request.app.state.service
    return service


class LeftHousehold(Exception):
    """The reader belongs to no household any more; `desk` is the request that found this out."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__()
        self.desk = desk


class Desk:
    """Where one request for a page is served.

    Args:
        request: What was asked.
        account_id: Who is signed in, if anybody.
        today: A day to go by where none can be read.
    """

    def __init__(self, request: Request, account_id: UUID | None = None, today: date | None = None) -> None:
        self.request = request
        self.service = service_of(request)
        self.language = language_at(request.url.path)
        self.account_id = account_id
        self.kid: Kid | None = None
        self._today = today
        self._edition: Edition | None = None

    @property
    def signed_in(self) -> bool:
        """Whether somebody is."""
        return self.account_id is not None

    @property
    def me(self) -> UUID:
        """The account that is signed in.

        Raises:
            NotFound: Nobody is.
        """
        if self.account_id is None:
            raise NotFound
        return self.account_id

    @cached_property
    def today(self) -> date:
        """The last opened day."""
        if self._today:
            return self._today
        return self.reader.opened_on if self.signed_in else self.service.queries.opened_day()

    @cached_property
    def words(self) -> Words:
        """The texts in the reader's language."""
        return Words(self.language, self.today)

    @property
    def edition(self) -> Edition:
        """The rules of this page: those that the schedules it has read were made with, even if others have come into force."""
        if self._edition is None:
            self._edition = self.service.edition
        return self._edition

    @property
    def names(self) -> Names:
        """The names of vaccines in the reader's language."""
        return Names(self.edition, self.words)

    @property
    def edition_name(self) -> str:
        """The rules that dates were worked out with."""
        return self.called(self.edition)

    def called(self, edition: Edition) -> str:
        """What an edition is called in the reader's language."""
        return self.words.read(edition.ja) if self.words.japanese else edition.en

    def turn_back(self, day: date, edition: Edition) -> None:
        """Tell everything on this page from another day, and in the words of another edition."""
        self.words, self._edition = Words(self.language, day), edition

    @cached_property
    def reader(self) -> ReaderView:
        """What nearly every page of a guardian needs, read at once."""
        return self.service.queries.reader(self.me)

    @property
    def account(self) -> AccountView:
        """The own login.

        Raises:
            NotFound: It has just been deleted.
        """
        if self.reader.account is None:
            raise NotFound
        return self.reader.account

    @property
    def household(self) -> HouseholdView:
        """Who belongs together.

        Raises:
            LeftHousehold: The reader was removed from the household.
        """
        if self.reader.household is None:
            raise LeftHousehold(self)
        return self.reader.household

    @cached_property
    def kids(self) -> list[Kid]:
        """The children of the household."""
        return kids_of(self.household.children, self.words)

    @cached_property
    def records(self) -> dict[UUID, RecordView]:
        """What is known of every child of the household, read at once."""
        found = self.service.queries.records(self.me)
        if found:
            self._edition = self.service.rules.labels_of(found[0].edition)
        return {record.child_id: record for record in found}

    def about(self, child_id: UUID) -> Kid:
        """Make the page one about this child.

        Raises:
            NotFound: The child is not of this household, or is not at all.
        """
        self.kid = next((kid for kid in self.kids if kid.child_id == child_id), None)
        if self.kid is None:
            raise NotFound
        return self.kid

    def url(self, path: str, **query: object) -> str:
        """An address in the tree of the reader's language."""
        address = self.language.prefix + path
        return f"{address}?{urlencode({name: str(value) for name, value in query.items()})}" if query else address

    def switches(self, section: str) -> list[Link]:
        """Links to the same page of the other children."""
        others = [kid for kid in self.kids if kid != self.kid]
        return [Link(self.url(f"/{section}/{kid.child_id}"), kid.handle) for kid in others]

    @cached_property
    def menu(self) -> list[Link]:
        """The five entries of the menu; none where nobody is signed in."""
        return [self._entry(section) for section in _SECTIONS] if self.signed_in else []

    @cached_property
    def other_languages(self) -> list[OtherLanguage]:
        """This page in the other languages; a page that answers a form leads to its beginning."""
        path = self.request.url.path.removeprefix(self.language.prefix) or "/"
        query = f"?{self.request.url.query}" if self.request.url.query and self.request.method == "GET" else ""
        return [
            OtherLanguage(language.prefix + path + query, language.tag, language.name)
            for language in LANGUAGES
            if language is not self.language
        ]

    def page(self, template: str, form: Form | None = None, **context: Any) -> HTMLResponse:
        """A page; where its form has problems, the answer says that it was not accepted."""
        if form is not None:
            context["form"] = form
        status = _UNPROCESSABLE if form is not None and not form.good else 200
        return render(template, status, {"desk": self, "t": self.words, "kid": self.kid, **context})

    def go(self, path: str, **query: object) -> RedirectResponse:
        """Answer a write by leading on to a page."""
        return RedirectResponse(self.url(path, **query), status_code=_SEE_OTHER)

    def _entry(self, section: str) -> Link:
        label = str(self.words(f"common.nav_{section}"))
        path = "/" if section == "home" else f"/{section}"
        if self.kid and section in {"chart", "record"}:
            path = f"/{section}/{self.kid.child_id}"
        return Link(self.url(path), label, current=section == self._section())

    def _section(self) -> str:
        first = self.request.url.path.removeprefix(self.language.prefix).strip("/").partition("/")[0]
        return first if first in _SECTIONS else "home" if first in {"", "why"} else "menu"
