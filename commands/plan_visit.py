"""The family means to go."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from aggregates.child import visits
from aggregates.child.state import PlannedVisit
from commands.command import SERIES_MAX, Code, Command
from commands.work import UnitOfWork


class PlanVisit(Command):
    """Plan a visit (受診予定), or move it to another day; `series` are series codes of the edition."""

    child_id: UUID
    visit_id: UUID
    on: date
    series: Annotated[tuple[Code, ...], Field(min_length=1, max_length=SERIES_MAX)]

    def decide(self, work: UnitOfWork) -> None:
        """Reminders follow from the plan."""
        child = work.child(self.child_id)
        visit = PlannedVisit(self.visit_id, self.on, self.series)
        work.append(self.child_id, visits.plan(child, visit, known=work.context.vocabulary().series, today=work.today))
