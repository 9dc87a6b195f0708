"""Vaccinations have to wait."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from aggregates.child import visits
from aggregates.child.facts import PostponementReason
from commands.command import SERIES_MAX, Code, Command
from commands.work import UnitOfWork


class PostponeVisit(Command):
    """Put vaccinations off (延期) for a coarse reason, until a day or until further notice."""

    child_id: UUID
    postponement_id: UUID
    series: Annotated[tuple[Code, ...], Field(min_length=1, max_length=SERIES_MAX)]
    reason: PostponementReason
    until: date | None = None

    def decide(self, work: UnitOfWork) -> None:
        """A longer wait is another postponement under another id."""
        child = work.child(self.child_id)
        postponed = visits.postpone(
            child,
            self.postponement_id,
            series=self.series,
            reason=self.reason,
            until=self.until,
            known=work.context.vocabulary().series,
            today=work.today,
        )
        work.append(self.child_id, postponed)
