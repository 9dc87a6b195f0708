"""Doses given (接種の記録)."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from aggregates.child.facts import Setting, VoidReason
from aggregates.child.refusals import DoseAlreadyRecorded, DoseBeforeBirth, DoseInFuture, DoseNotFound, UnknownVaccine
from aggregates.refusal import IdTaken, NotFound, TooManyEntries
from app.api import API
from app.api.body import Answer, Body
from app.api.caller import Me, Serving
from app.api.openapi import reads, writes
from app.api.reading import Wait
from app.api.writing import Write, Written
from commands.command import DOSES_MAX, Code
from commands.correct_dose import CorrectDose
from commands.record_visit import GivenDose, RecordVisit
from commands.void_dose import VoidDose

router = APIRouter(prefix=f"{API}/children/{{child_id}}", tags=["doses"])

_RECORDING = (UnknownVaccine, DoseBeforeBirth, DoseInFuture, DoseAlreadyRecorded, IdTaken, TooManyEntries)
GivenOn = Annotated[date | None, Field(description="The day (接種日); null where nobody knows it any more.")]
ConfirmDuplicate = Annotated[bool, Field(description="Record it although the same vaccine is recorded for the same day.")]


class VisitIn(Body):
    """All doses of one visit."""

    given_on: GivenOn
    doses: Annotated[tuple[GivenDose, ...], Field(min_length=1, max_length=DOSES_MAX)]
    confirm_duplicate: ConfirmDuplicate = False


class DoseIn(Body):
    """One dose."""

    vaccine: Code
    given_on: GivenOn
    setting: Setting = Setting.ROUTINE
    confirm_duplicate: ConfirmDuplicate = False


class DoseOut(Answer):
    """One dose as it stands after corrections, with what it is worth (null: 要確認, a doctor decides)."""

    dose_id: UUID
    visit_id: UUID
    vaccine: str
    given_on: date | None
    setting: Setting
    validity: str | None
    programme: str | None
    counts: bool | None


@router.get("/doses", responses=reads(), dependencies=[Wait])
def list_doses(child_id: UUID, me: Me, service: Serving) -> list[DoseOut]:
    """The child's dose history (接種歴), in order of time."""
    if service.queries.child(me, child_id) is None:
        raise NotFound
    return [DoseOut.model_validate(dose) for dose in service.queries.doses(child_id)]


@router.put("/visits/{visit_id}", responses=writes(*_RECORDING))
def put_visit(child_id: UUID, visit_id: UUID, body: VisitIn, write: Write) -> Written:
    """Record all doses of one visit. Sending it again with the same ids and body changes nothing."""
    return write(RecordVisit(child_id=child_id, visit_id=visit_id, **body.fields()), child_id, new=visit_id)


@router.put("/doses/{dose_id}", responses=writes(*_RECORDING, DoseNotFound))
def put_dose(child_id: UUID, dose_id: UUID, body: DoseIn, write: Write) -> Written:
    """Record a single dose, or with If-Match correct the record of one."""
    if write.conditions.changes:
        return write(CorrectDose(child_id=child_id, dose_id=dose_id, **body.fields()), child_id)
    dose = GivenDose(dose_id=dose_id, vaccine=body.vaccine, setting=body.setting)
    visit = RecordVisit(
        child_id=child_id,
        visit_id=dose_id,
        given_on=body.given_on,
        doses=(dose,),
        confirm_duplicate=body.confirm_duplicate,
    )
    return write(visit, child_id, new=dose_id)


@router.delete("/doses/{dose_id}", responses=writes(DoseNotFound))
def delete_dose(
    child_id: UUID, dose_id: UUID, write: Write, reason: Annotated[VoidReason, Query()] = VoidReason.MISTAKE
) -> Written:
    """Void the record of a dose that this child was not given (取り消し). It stays in the log."""
    return write(VoidDose(child_id=child_id, dose_id=dose_id, reason=reason), child_id)
