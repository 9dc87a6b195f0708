"""Home: one card a child with what comes next, then what comes later and what the ward tells (次の予防接種)."""

from datetime import date, timedelta
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from app.pages.access import PageRoute, Parent
from app.pages.banner import Banner, banner_of
from app.pages.desk import Desk
from app.pages.due import Badge, Due, Visit, coming, not_on_card, on_card
from app.pages.keep import question_of
from app.pages.kids import Kid
from app.pages.records import Folder, folder
from app.pages.terms import terms_outdated
from projections.views import NewsView

router = APIRouter(route_class=PageRoute, include_in_schema=False)
_COMING_SHOWN = 6
_NEWS_SHOWN = 3
_NEWS_FOR = timedelta(days=60)


class Card(Struct, frozen=True):
    """What one child's card shows."""

    kid: Kid
    items: list[Due]
    badge: Badge | None = None
    kind: str = ""
    day: date | None = None
    visit_id: UUID | None = None
    first: bool = False
    same_day_as: str = ""
    nothing: Markup | None = None
    empty: bool = False
    others: list[Due] = []
    missed: Visit | None = None

    @property
    def what(self) -> list[str]:
        """The vaccines of the big date."""
        return [item.full_name for item in self.items]


class Later(Struct, frozen=True):
    """One line of what comes later."""

    day: date
    kid: Kid
    what: list[str]


class News(Struct, frozen=True):
    """One line of what the ward told: an article or a notice."""

    day: date
    kind: str
    title: str
    address: str


@router.get("/")
def home(desk: Parent, done: str = "", child: UUID | None = None, of: UUID | None = None) -> HTMLResponse:
    """The page that parents see first."""
    folders = {kid.child_id: folder(desk, kid) for kid in desk.kids}
    return desk.page(
        "home.html",
        banner=_banner(desk, folders, done, child, of),
        cards=cards(desk, folders),
        later=later(folders),
        news=news(desk),
        question=question_of(desk),
        outdated=terms_outdated(desk),
    )


def cards(desk: Desk, folders: dict[UUID, Folder]) -> list[Card]:
    """One card a child; the most urgent comes first and has the filled button."""
    made = sorted((_card(desk, held) for held in folders.values()), key=lambda card: card.day or date.max)
    return [_placed(card, place, made) for place, card in enumerate(made)]


def later(folders: dict[UUID, Folder]) -> list[Later]:
    """What comes later for all children together, by day."""
    lines: dict[tuple[date, UUID], Later] = {}
    for child_id, held in folders.items():
        for day, item in coming(held.items):
            line = lines.setdefault((day, child_id), Later(day, held.kid, []))
            line.what.append(item.full_name)
    return sorted(lines.values(), key=lambda line: line.day)[:_COMING_SHOWN]


def news(desk: Desk) -> list[News]:
    """What the ward told lately."""
    found = desk.service.queries.news(desk.me, desk.today - _NEWS_FOR, _NEWS_SHOWN)
    return [_news(desk, view) for view in found]


def _news(desk: Desk, view: NewsView) -> News:
    title = desk.words.read(view.title_ja) if desk.words.japanese else view.title_en
    return News(view.told_on, view.kind, title, desk.url(f"/{view.kind}s/{view.news_id}"))


def _card(desk: Desk, held: Folder) -> Card:
    items = on_card(held.items, desk.today)
    card = Card(held.kid, items, empty=not held.record.doses, missed=held.record.missed_visit(desk.today))
    if not items:
        return replace(card, nothing=_nothing(desk, held.items))
    kind, day = items[0].key_day()
    visit = items[0].visit
    return replace(
        card,
        badge=Badge("plan", "◇", desk.words("badge.planned")) if visit else items[0].badge,
        kind=kind,
        day=day,
        visit_id=visit.visit_id if visit else None,
        others=not_on_card(held.items, items, desk.today) if visit else [],
    )


def _placed(card: Card, place: int, made: list[Card]) -> Card:
    planned = next((other for other in made if other.visit_id and other is not card), None)
    same_day = planned.kid.handle if planned and card.items and not card.visit_id else ""
    return replace(card, first=place == 0, same_day_as=same_day)


def _nothing(desk: Desk, items: list[Due]) -> Markup:
    for day, item in coming(items):
        return desk.words("home.nothing_next", date=desk.words.date(day), vaccine=item.full_name)
    return desk.words("home.nothing_ever")


def _banner(desk: Desk, folders: dict[UUID, Folder], done: str, child: UUID | None, of: UUID | None) -> Banner | None:
    held = folders.get(child) if child else None
    return banner_of(desk, done, held, of)
