"""What a family was shown on a day, and what another edition makes of what is known now (過去の表示)."""

from contextlib import suppress
from datetime import date
from uuid import UUID

from msgspec import Struct

from aggregates.child.refusals import DayInFuture
from aggregates.refusal import NotFound, Refusal
from app.rules_in_force import RulesInForce
from commands.identity.throttle import Throttle
from eventstore.ward import Ward
from projections.engine import EditionMissing, engine_with
from projections.models import dose, postponement, visit
from projections.queries import Queries
from projections.record import Record
from projections.replay import Then, as_of, end_of, ever_shown, shown_at
from projections.views import ChildView, DoseView, PostponementView, RecordView, VisitView
from schedule.japan import Edition
from schedule.japan.faults import EditionFaultError

BURST, SECONDS = 30, 2.0
"""So many of these an account may ask for at once, then one every so many seconds: each folds the log and asks the engine."""


class AsOfAmbiguous(Refusal):
    """A day and an edition cannot be asked for at once."""

    code, status = "as_of_ambiguous", 422


class NotShownThen(Refusal):
    """There was no schedule of this child at the end of the day `shown_on`."""

    code, status = "not_shown_then", 422


class UnknownEdition(Refusal):
    """Families were never shown an edition of this name."""

    code, status = "unknown_edition", 422


class PastUnavailable(Refusal):
    """The rules of that day cannot be applied any more."""

    code, status = "past_unavailable", 410


class TooManyPasts(Refusal):
    """Too many past schedules within a short time; the next is made after `retry_after` seconds."""

    code, status = "too_many_pasts", 429


class PastSchedule(Struct, frozen=True):
    """A schedule that is not the present one. `child` is as it is known now; `then` has what was known, and the answer."""

    child: ChildView
    then: Then
    record: Record
    edition: Edition

    @property
    def engine_changed(self) -> bool:
        """Whether families were shown what another version of the engine made of this edition."""
        return self.then.shown is not None and self.then.shown[0] == self.then.engine[0] and not self.then.same_rules

    @property
    def view(self) -> RecordView:
        """The whole record as the read models held it."""
        record = self.record
        return RecordView(
            child_id=record.child_id,
            edition=self.edition.content_hash,
            answer_deflated=record.answer_deflated,
            doses=[DoseView(*row) for row in dose.rows(record)],
            visits=[VisitView(*row) for row in visit.rows(record)],
            postponements=[PostponementView(*row) for row in postponement.rows(record)],
        )


class Past:
    """Answers to the families themselves, of their own children alone.

    Args:
        ward: The log.
        queries: Whose child it is.
        rules: The editions.
    """

    def __init__(self, ward: Ward, queries: Queries, rules: RulesInForce) -> None:
        self._ward = ward
        self._queries = queries
        self._rules = rules
        self._throttle = Throttle(burst=BURST, seconds=SECONDS, refusal=TooManyPasts)

    def shown_on(self, account_id: UUID, child_id: UUID, day: date) -> PastSchedule:
        """The schedule as it was shown at the end of a day: what was known, the edition in force, the day itself.

        Raises:
            NotFound, TooManyPasts, DayInFuture, NotShownThen, PastUnavailable: see there.
        """
        child = self._own(account_id, child_id)
        today = self._ward.today()
        if day > today:
            raise DayInFuture(today=today)
        shown = shown_at(self._ward, end_of(self._ward, day))
        if shown is None:
            raise NotShownThen(shown_on=day)
        return self._replayed(child, shown[0], day)

    def under(self, account_id: UUID, child_id: UUID, content_hash: str) -> PastSchedule:
        """What an edition that was in force at some time makes of what is known now.

        Raises:
            NotFound, TooManyPasts, UnknownEdition, PastUnavailable: see there.
        """
        child = self._own(account_id, child_id)
        if content_hash not in ever_shown(self._ward):
            raise UnknownEdition
        return self._replayed(child, content_hash, self._ward.today())

    def editions(self) -> list[Edition]:
        """The editions that families have been shown and that can still be applied, the first one first."""
        found = []
        for content_hash in ever_shown(self._ward):
            with suppress(EditionMissing, EditionFaultError):
                found.append(self._rules.edition_of(content_hash))
        return found

    def _own(self, account_id: UUID, child_id: UUID) -> ChildView:
        child = self._queries.child(account_id, child_id)
        if child is None:
            raise NotFound
        self._throttle.require(str(account_id))
        self._throttle.count(str(account_id))
        return child

    def _replayed(self, child: ChildView, content_hash: str, day: date) -> PastSchedule:
        try:
            edition = self._rules.edition_of(content_hash)
        except (EditionMissing, EditionFaultError):
            raise PastUnavailable from None
        then = as_of(self._ward, engine_with(edition), child.child_id, day)
        if then.record is None:
            raise NotShownThen(shown_on=day)
        return PastSchedule(child, then, then.record, edition)
