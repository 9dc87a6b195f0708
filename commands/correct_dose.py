"""The record of a dose was wrong."""

from datetime import date
from uuid import UUID

from aggregates.child import doses
from aggregates.child.facts import DoseCorrected, Setting
from commands.command import Code, Command
from commands.work import UnitOfWork


class CorrectDose(Command):
    """Replace the record of a dose by the right one; what stood before remains in the log."""

    child_id: UUID
    dose_id: UUID
    vaccine: Code
    given_on: date | None
    setting: Setting = Setting.ROUTINE
    confirm_duplicate: bool = False

    def decide(self, work: UnitOfWork) -> None:
        """The same impossibilities are refused as when recording."""
        child = work.child(self.child_id)
        dose = DoseCorrected(dose_id=self.dose_id, vaccine=self.vaccine, given_on=self.given_on, setting=self.setting)
        vaccines = work.context.vocabulary().vaccines
        corrected = doses.correct(child, dose, vaccines=vaccines, today=work.today, confirm_duplicate=self.confirm_duplicate)
        work.append(self.child_id, corrected)
