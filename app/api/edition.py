"""The rules (版): which vaccines and series there are and what they are called, and which editions families were ever shown."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from aggregates.edition.facts import EditionPublished, EditionWithdrawn
from aggregates.edition.state import Standing
from aggregates.fact import Fact, Recorded
from app.api import API
from app.api.body import Answer
from app.api.caller import Serving
from app.api.openapi import ALWAYS, problems
from app.day_opener import JST
from commands.edition_life import EDITION, histories, in_force

router = APIRouter(prefix=API, tags=["edition"])

CACHED = "public, max-age=60"


class VaccineOut(Answer):
    """A product (製品). Its code is what a dose names."""

    code: str
    ja: str
    en: str
    kind: str
    series: list[str]


class SeriesOut(Answer):
    """A series (各期). Its code is what plans and postponements name; `offers` are codes of products, the preferred first."""

    code: str
    ja: str
    disease_ja: str
    en: str
    group: str
    programme: str
    offers: list[str]


class EditionOut(Answer):
    """An edition, named by its content."""

    name: str
    ja: str
    en: str
    content_hash: Annotated[str, Field(description="SHA-256 over the edition's files.")]
    engine: Annotated[str, Field(description="Version of the engine that applies it.")]
    vaccines: list[VaccineOut]
    series: list[SeriesOut]


class EditionShownOut(Answer):
    """An edition that families were shown at some time. Its hash may be asked for at a child's schedule (`?edition=`)."""

    name: str
    content_hash: Annotated[str, Field(description="SHA-256 over the edition's files.")]
    standing: Standing
    published_on: Annotated[list[date], Field(description="Days from which families were shown it; several where it came back.")]
    withdrawn_on: Annotated[date | None, Field(description="Day from which it is never to be published again.")]


@router.get("/edition", responses=problems(*ALWAYS))
def get_edition(service: Serving) -> EditionOut:
    """The edition in force."""
    edition = service.edition
    return EditionOut(
        name=edition.name,
        ja=edition.ja,
        en=edition.en,
        content_hash=edition.content_hash,
        engine=service.engine.version,
        vaccines=[VaccineOut.model_validate(product) for product in edition.products.values()],
        series=[SeriesOut.model_validate(series) for series in edition.series.values()],
    )


@router.get("/editions", responses=problems(*ALWAYS))
def list_editions(service: Serving, response: Response) -> list[EditionShownOut]:
    """All editions that were ever published, the first one first. Drafts are not told, nor who drafted or approved."""
    shown = in_force(service.ward)
    response.headers["cache-control"] = CACHED
    return list(_shown(histories(service.ward), shown))


def _shown(known: Sequence[Sequence[Recorded]], in_force_now: str | None) -> Iterator[EditionShownOut]:
    for history in known:
        edition = EDITION.project(None, history)
        if edition.published:
            yield EditionShownOut(
                name=edition.name,
                content_hash=edition.content_hash,
                standing=edition.standing(in_force_now),
                published_on=_days(history, EditionPublished),
                withdrawn_on=next(iter(_days(history, EditionWithdrawn)), None),
            )


def _days(history: Sequence[Recorded], kind: type[Fact]) -> list[date]:
    return [recorded.recorded_at.astimezone(JST).date() for recorded in history if isinstance(recorded.fact, kind)]
