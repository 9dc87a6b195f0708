"""Just before sending: is all of it still true? Asked of the streams themselves, not of the lagging read models."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import reduce
from hashlib import sha256
from itertools import groupby
from typing import TypeVar
from uuid import UUID

from msgspec import Struct

from aggregates.account import state as account_state
from aggregates.account.state import Account
from aggregates.answer.facts import AnswerTold
from aggregates.child import state as child_state
from aggregates.child.state import Child
from aggregates.fact import Fact, Recorded, Redacted
from aggregates.household import state as household_state
from aggregates.household.state import Household
from aggregates.inquiry import state as inquiry_state
from aggregates.inquiry.state import Inquiry, Standing
from aggregates.notice import state as notice_state
from aggregates.notice.facts import NoticeDrafted
from aggregates.notice.state import Notice
from eventstore.ward import Ward
from notifier.letter import News
from notifier.notices import DueOf, reason_against, still_concerns
from notifier.occasion import ASKING, Kind, Occasion
from notifier.rhythm import cycle_of
from projections.told import Told

ReminderKey = tuple[str, int, str, int]
"""Series code, dose number, kind, cycle."""
Streams = Mapping[UUID, Sequence[Recorded]]

S = TypeVar("S")


class Suppressed(Exception):
    """Nothing of the message holds any more. `reason` is a stable code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class DatesChanged(Exception):
    """Some of the message is to be told on a later day now: it has to leave the message first."""

    def __init__(self, occasions: Sequence[UUID]) -> None:
        super().__init__(f"{len(occasions)} occasions")
        self.occasions = occasions


class StillDue(Struct, frozen=True):
    """The account as it is now, and what may still be told to it or asked of it.

    It is news, a question, a notice, or the inquiry that was answered.

    `answers` are the schedule answers that the news rest on, and `answer_digest` names them all at once.
    """

    account: Account
    asks: Kind | None
    news: tuple[News, ...]
    answers: tuple[Told, ...] = ()
    notice: NoticeDrafted | None = None
    answered: UUID | None = None

    @property
    def answer_digest(self) -> str:
        """One digest for all children that the message is about."""
        return sha256(b"".join(bytes.fromhex(told.answer_digest) for _, told in self.answers)).hexdigest() if self.answers else ""


class Reasons(Struct, frozen=True):
    """What a child's record gives reason to tell and on which day, and the schedule answer that says so."""

    due: Mapping[ReminderKey, date]
    answer: AnswerTold


ReasonsOf = Callable[[UUID, Child, int], Reasons]
"""Works on a child's record, folded this moment from so many facts."""


class Recheck:
    """Consent, suppression, erasure, guardianship and «already vaccinated», from the log."""

    def __init__(self, ward: Ward, reasons_of: ReasonsOf, due_of: DueOf) -> None:
        self._ward = ward
        self._reasons_of = reasons_of
        self._due_of = due_of

    def __call__(self, account_id: UUID, occasions: Sequence[Occasion]) -> StillDue:
        """What of the message holds.

        Raises:
            Suppressed: nothing is left to be told.
            DatesChanged: some of it is to be told later.
        """
        streams = self._ward.families([account_id, *{o.child_id for o in occasions}])
        account = _account(_folded(streams, account_id, account_state.evolve, Account()))
        current = [o for o in occasions if o.address_version == account.address_version]
        if not current:
            raise Suppressed("address_changed")
        if current[0].kind == Kind.ADDRESS_CONFIRMATION and not account.email_confirmed:
            return StillDue(account, Kind.ADDRESS_CONFIRMATION, ())
        if not account.mailable:
            raise Suppressed(_not_good(account))
        if current[0].kind in ASKING:
            return _asked_again(account, current[0])
        if current[0].kind == Kind.INQUIRY_ANSWERED:
            return self._still_unread(streams, account, current[0])
        household = _guardian(streams, account_id, account)
        if current[0].kind == Kind.NOTICE:
            return self._still_told(streams, account, household, current[0])
        return self._still_due(streams, account, [o for o in current if _wished(account, o)])

    def _still_due(self, streams: Streams, account: Account, occasions: Sequence[Occasion]) -> StillDue:
        today = self._ward.today()
        in_time = [o for o in occasions if o.in_time(today)]
        if occasions and not in_time:
            raise Suppressed("too_late")
        news, answers, moved = list[News](), list[Told](), list[UUID]()
        for child_id, of_child in groupby(in_time, key=lambda o: o.child_id):
            child = _folded(streams, child_id, child_state.evolve, Child())
            if child.erased or child.household_id != account.household_id:
                continue
            reasons = self._reasons_of(child_id, child, len(streams[child_id]))
            due = [(o, reasons.due[o.reminder_key]) for o in of_child if o.reminder_key in reasons.due]
            moved += [o.occasion_id for o, day in due if day > today]
            if kinds := dict.fromkeys(o.kind for o, day in due if day <= today):
                news.append(News(child.handle, tuple(kinds)))
                answers.append((child_id, reasons.answer))
        if moved:
            raise DatesChanged(moved)
        if not news:
            raise Suppressed("no_longer_due")
        return StillDue(account, None, tuple(news), tuple(answers))

    def _still_unread(self, streams: Streams, account: Account, occasion: Occasion) -> StillDue:
        """An answer of the ward that nothing has followed: neither another answer, nor more from the guardian, nor the end."""
        inquiry = _folded(streams, occasion.child_id, inquiry_state.evolve, Inquiry())
        if not occasion.in_time(self._ward.today()):
            raise Suppressed("too_late")
        if not account.wishes.notices:
            raise Suppressed("not_wished")
        if inquiry.standing is not Standing.ANSWERED or len(streams[occasion.child_id]) != occasion.cycle:
            raise Suppressed("no_longer_due")
        return StillDue(account, None, (), answered=occasion.child_id)

    def _still_told(self, streams: Streams, account: Account, household: Household, occasion: Occasion) -> StillDue:
        """A notice: not cancelled, still wished for, and where it is about vaccinations that are due, they still are."""
        today, notice = self._ward.today(), _folded(streams, occasion.child_id, notice_state.evolve, Notice())
        if not occasion.in_time(today):
            raise Suppressed("too_late")
        against = reason_against(notice, account.wishes)
        if against is not None or notice.draft is None:
            raise Suppressed(against or "notice_cancelled")
        if notice.draft.series:
            histories = self._ward.histories(list(household.children))
            children = {child_id: _folded(histories, child_id, child_state.evolve, Child()) for child_id in histories}
            if not still_concerns(notice.draft, children, self._due_of, today):
                raise Suppressed("no_longer_due")
        return StillDue(account, None, (), notice=notice.draft)


def _account(account: Account) -> Account:
    if account.erased or account.email is None:
        raise Suppressed("erased" if account.erased else "no_address")
    if account.stopped:
        raise Suppressed("stopped")
    return account


def _not_good(account: Account) -> str:
    if account.address_failing:
        return "address_failing"
    return "address_unanswered" if account.address_unanswered else "address_unconfirmed"


def _asked_again(account: Account, occasion: Occasion) -> StillDue:
    """A question is due until its owner has spoken; a confirmation is not, once it was given."""
    if occasion.kind != Kind.ADDRESS_QUESTION or occasion.cycle != cycle_of(account.confirmed_on):
        raise Suppressed("no_longer_due")
    return StillDue(account, Kind.ADDRESS_QUESTION, ())


def _guardian(streams: Streams, account_id: UUID, account: Account) -> Household:
    """The household; whoever was removed from it is told nothing of its children."""
    household = Household()
    if account.household_id is not None:
        household = _folded(streams, account.household_id, household_state.evolve, household)
    if account_id not in household.guardians:
        raise Suppressed("no_guardian")
    return household


def _folded(streams: Streams, stream: UUID, evolve: Callable[[S, Fact | Redacted], S], initial: S) -> S:
    return reduce(evolve, (recorded.fact for recorded in streams.get(stream, ())), initial)


def _wished(account: Account, occasion: Occasion) -> bool:
    return account.wishes.checkups if occasion.kind == "checkup" else account.wishes.vaccinations
