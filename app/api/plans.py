"""What the family plans, puts off, or was told by a doctor."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import Field

from aggregates.child.facts import PostponementReason
from aggregates.child.refusals import DayBeforeBirth, DayInFuture, DayInPast, DayTooFar, UnknownSeries
from aggregates.refusal import IdTaken, NotFound, TooManyEntries
from app.api import API
from app.api.body import Answer, Body
from app.api.caller import Me, Serving
from app.api.openapi import reads, writes
from app.api.reading import Wait
from app.api.writing import Write, Written
from commands.cancel_visit import CancelVisit
from commands.close_series import CloseSeries
from commands.command import SERIES_MAX, Code
from commands.grant_extension import GrantExtension
from commands.lift_postponement import LiftPostponement
from commands.plan_visit import PlanVisit
from commands.postpone_visit import PostponeVisit
from commands.reopen_series import ReopenSeries

router = APIRouter(prefix=f"{API}/children/{{child_id}}", tags=["plans"])

SeriesCodes = Annotated[tuple[Code, ...], Field(min_length=1, max_length=SERIES_MAX, description="Series codes of the edition.")]
SeriesCode = Annotated[Code, Path(description="A series code of the edition.")]


class PlannedVisitIn(Body):
    """A day on which the family means to go."""

    on: date
    series: SeriesCodes


class PostponementIn(Body):
    """Why and until when vaccinations are put off."""

    series: SeriesCodes
    reason: PostponementReason
    until: Annotated[date | None, Field(description="null: until further notice.")] = None


class ExtensionIn(Body):
    """The end of a long illness; the illness itself is never asked for."""

    reason_ended_on: date


class PlannedVisitOut(Answer):
    """A planned visit."""

    visit_id: UUID
    on: Annotated[date, Field(validation_alias="on_day")]
    series: list[str]


class PostponementOut(Answer):
    """A postponement that has not been lifted."""

    postponement_id: UUID
    series: list[str]
    reason: PostponementReason
    until: Annotated[date | None, Field(validation_alias="until_day")]


@router.get("/planned-visits", responses=reads(), dependencies=[Wait])
def list_planned_visits(child_id: UUID, me: Me, service: Serving) -> list[PlannedVisitOut]:
    """The visits that the family plans (受診予定)."""
    if service.queries.child(me, child_id) is None:
        raise NotFound
    return [PlannedVisitOut.model_validate(visit) for visit in service.queries.visits(child_id)]


@router.put("/planned-visits/{visit_id}", responses=writes(UnknownSeries, DayInPast, DayTooFar, TooManyEntries))
def put_planned_visit(child_id: UUID, visit_id: UUID, body: PlannedVisitIn, write: Write) -> Written:
    """Plan a visit, or move it to another day."""
    return write(PlanVisit(child_id=child_id, visit_id=visit_id, **body.fields()), child_id)


@router.delete("/planned-visits/{visit_id}", responses=writes())
def delete_planned_visit(child_id: UUID, visit_id: UUID, write: Write) -> Written:
    """Give up a planned visit."""
    return write(CancelVisit(child_id=child_id, visit_id=visit_id), child_id)


@router.get("/postponements", responses=reads(), dependencies=[Wait])
def list_postponements(child_id: UUID, me: Me, service: Serving) -> list[PostponementOut]:
    """The postponements (延期) that hold."""
    if service.queries.child(me, child_id) is None:
        raise NotFound
    return [PostponementOut.model_validate(item) for item in service.queries.postponements(child_id)]


@router.put("/postponements/{postponement_id}", responses=writes(UnknownSeries, DayInPast, DayTooFar, IdTaken, TooManyEntries))
def put_postponement(child_id: UUID, postponement_id: UUID, body: PostponementIn, write: Write) -> Written:
    """Put vaccinations off for a coarse reason."""
    command = PostponeVisit(child_id=child_id, postponement_id=postponement_id, **body.fields())
    return write(command, child_id, new=postponement_id)


@router.delete("/postponements/{postponement_id}", responses=writes())
def delete_postponement(child_id: UUID, postponement_id: UUID, write: Write) -> Written:
    """Lift a postponement (延期の取りやめ)."""
    return write(LiftPostponement(child_id=child_id, postponement_id=postponement_id), child_id)


@router.put("/closed-series/{series}", responses=writes(UnknownSeries))
def put_closed_series(child_id: UUID, series: SeriesCode, write: Write) -> Written:
    """Close a series because a doctor said that it is not needed or must not be given."""
    return write(CloseSeries(child_id=child_id, series=series), child_id)


@router.delete("/closed-series/{series}", responses=writes(UnknownSeries))
def delete_closed_series(child_id: UUID, series: SeriesCode, write: Write) -> Written:
    """Let a series apply to the child again."""
    return write(ReopenSeries(child_id=child_id, series=series), child_id)


@router.put("/extension", responses=writes(DayInFuture, DayBeforeBirth))
def put_extension(child_id: UUID, body: ExtensionIn, write: Write) -> Written:
    """Extend the free period after a long illness (長期療養特例), from the day on which the reason ended."""
    return write(GrantExtension(child_id=child_id, reason_ended_on=body.reason_ended_on), child_id)
