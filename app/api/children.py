"""Children (お子さん) of the caller's household."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from aggregates.child.facts import Sex
from aggregates.child.refusals import BirthdayInFuture, BirthdayTooEarly, DayInFuture, DoseBeforeBirth
from aggregates.household.refusals import ChildLimit
from aggregates.refusal import IdTaken, NotFound
from app.api import API
from app.api.body import Answer, Body
from app.api.caller import Me, Serving
from app.api.openapi import reads, writes
from app.api.reading import Wait, etag
from app.api.writing import Write, Written
from commands.add_child import AddChild
from commands.command import Handle
from commands.correct_child import CorrectChild
from commands.move_in import MoveIn
from commands.move_out import MoveOut

router = APIRouter(prefix=f"{API}/children", tags=["children"])


class ChildIn(Body):
    """A child as its guardian enters it."""

    handle: Handle
    born_on: date
    sex: Sex


class ResidenceIn(Body):
    """Since when the child lives in the ward, or no longer does."""

    in_ward: bool
    since: Annotated[date | None, Field(description="Today, where no day is given.")] = None


class ChildOut(Answer):
    """A child and what holds for its whole record."""

    child_id: UUID
    handle: str
    born_on: date
    sex: Sex
    moved_out: bool
    closed_series: list[str]
    extension_from: date | None
    version: int


@router.get("", responses=reads(), dependencies=[Wait])
def list_children(me: Me, service: Serving) -> list[ChildOut]:
    """The children of the household, the eldest first."""
    household = service.queries.household_of(me)
    if household is None:
        raise NotFound
    return [ChildOut.model_validate(child) for child in household.children]


@router.get("/{child_id}", responses=reads(), dependencies=[Wait])
def get_child(child_id: UUID, me: Me, service: Serving, response: Response) -> ChildOut:
    """One child. Another family's child is answered like an unknown one."""
    child = service.queries.child(me, child_id)
    if child is None:
        raise NotFound
    response.headers["ETag"] = etag(child.version)
    return ChildOut.model_validate(child)


@router.put("/{child_id}", responses=writes(BirthdayInFuture, BirthdayTooEarly, DoseBeforeBirth, ChildLimit, IdTaken))
def put_child(child_id: UUID, body: ChildIn, write: Write) -> Written:
    """Add a child under an id of the client's choice, or with If-Match correct what was entered. Doses given stay."""
    if write.conditions.changes:
        return write(CorrectChild(child_id=child_id, **body.fields()), child_id)
    return write(AddChild(child_id=child_id, **body.fields()), child_id, new=child_id)


@router.put("/{child_id}/residence", responses=writes(DayInFuture))
def put_residence(child_id: UUID, body: ResidenceIn, write: Write) -> Written:
    """Tell that the child left the ward (転出) or came back (転入). The record stays readable."""
    move = MoveIn if body.in_ward else MoveOut
    return write(move(child_id=child_id, on=body.since), child_id)
