"""Doses were given."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from aggregates.child import doses
from aggregates.child.facts import DoseRecorded, Setting
from commands.command import DOSES_MAX, Code, Command
from commands.work import UnitOfWork


class GivenDose(BaseModel):
    """One dose of the visit; `vaccine` is a product code of the edition."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    dose_id: UUID
    vaccine: Code
    setting: Setting = Setting.ROUTINE


class RecordVisit(Command):
    """Record all doses of one visit (接種の記録); `given_on` is None where nobody knows the day any more."""

    child_id: UUID
    visit_id: UUID
    given_on: date | None
    doses: Annotated[tuple[GivenDose, ...], Field(min_length=1, max_length=DOSES_MAX)]
    confirm_duplicate: bool = False

    def decide(self, work: UnitOfWork) -> None:
        """A dose is never refused because the schedule dislikes it."""
        child = work.child(self.child_id)
        given = [
            DoseRecorded(
                dose_id=dose.dose_id, visit_id=self.visit_id, vaccine=dose.vaccine, given_on=self.given_on, setting=dose.setting
            )
            for dose in self.doses
        ]
        vaccines = work.context.vocabulary().vaccines
        recorded = doses.record(child, given, vaccines=vaccines, today=work.today, confirm_duplicate=self.confirm_duplicate)
        work.append(self.child_id, recorded)
