"""Just before sending: is all of it still true? Asked of the streams themselves, not of the lagging read models."""

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from itertools import groupby
from uuid import UUID

from msgspec import Struct

from aggregates.account import state as account_state
from aggregates.account.state import Account
from aggregates.child import state as child_state
from aggregates.child.state import Child
from eventstore.ward import Ward
from notifier.letter import News
from notifier.occasion import Kind, Occasion

ReminderKey = tuple[str, int, str, int]
"""Series code, dose number, kind, cycle."""
RemindersOf = Callable[[UUID, Child], Iterable[ReminderKey]]
"""What a child's record, folded this moment, gives reason to tell."""


class Suppressed(Exception):
    """Nothing of the message holds any more. `reason` is a stable code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class StillDue(Struct, frozen=True):
    """The account as it is now, and what may still be told to it."""

    account: Account
    confirmation: bool
    news: tuple[News, ...]


class Recheck:
    """Consent, suppression, erasure and «already vaccinated», from the log."""

    def __init__(self, ward: Ward, reminders_of: RemindersOf) -> None:
        self._ward = ward
        self._reminders_of = reminders_of

    def __call__(self, account_id: UUID, occasions: Sequence[Occasion]) -> StillDue:
        """Raises Suppressed where nothing is left to be told."""
        account = self._account(account_id)
        current = [o for o in occasions if o.address_version == account.address_version]
        if not current:
            raise Suppressed("address_changed")
        if any(o.kind == Kind.ADDRESS_CONFIRMATION for o in current) and not account.email_confirmed:
            return StillDue(account, confirmation=True, news=())
        if not account.mailable:
            raise Suppressed("address_unconfirmed")
        news = tuple(self._news(account, [o for o in current if _wished(account, o)]))
        if not news:
            raise Suppressed("no_longer_due")
        return StillDue(account, confirmation=False, news=news)

    def _account(self, account_id: UUID) -> Account:
        account = reduce(account_state.evolve, (r.fact for r in self._ward.history(account_id)), Account())
        if account.erased or account.email is None:
            raise Suppressed("erased" if account.erased else "no_address")
        if account.stopped:
            raise Suppressed("stopped")
        return account

    def _news(self, account: Account, occasions: Sequence[Occasion]) -> Iterable[News]:
        for child_id, of_child in groupby(occasions, key=lambda o: o.child_id):
            child = reduce(child_state.evolve, (r.fact for r in self._ward.history(child_id)), Child())
            if child.erased or child.household_id != account.household_id:
                continue
            due = set(self._reminders_of(child_id, child))
            kinds = dict.fromkeys(o.kind for o in of_child if (o.series, o.dose_number, o.kind, o.cycle) in due)
            if kinds:
                yield News(child.handle, tuple(kinds))


def _wished(account: Account, occasion: Occasion) -> bool:
    return account.wishes.checkups if occasion.kind == "checkup" else account.wishes.vaccinations
