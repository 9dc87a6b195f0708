"""The life of one household with the service: who registers, joins, wants mail, corrects, moves away, leaves."""

from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID

from aggregates.account.facts import (
    AccountErased,
    AccountRegistered,
    EmailConfirmed,
    EmailGiven,
    EverythingResumed,
    EverythingStopped,
    Language,
    MailWishesSet,
    ProfileChanged,
    TermsAccepted,
)
from aggregates.account.registration import Terms
from aggregates.child.facts import ChildErased, ChildMovedIn, ChildMovedOut, ChildProfileCorrected, ChildRegistered, SeriesClosed
from aggregates.household.facts import (
    ChildAdded,
    GuardianInvited,
    GuardianJoined,
    GuardianRemoved,
    HouseholdErased,
    HouseholdFounded,
)
from aggregates.household.guardians import INVITATION_DAYS
from app.demo.births import Family, Sibling
from app.demo.chance import Chance
from app.demo.courses import courses, winters
from app.demo.entry import Entry, Home
from app.demo.record import Record
from app.demo.visits import visits

SYLLABLES = (
    "はる",
    "りく",
    "あお",
    "ゆい",
    "みお",
    "そう",
    "ひな",
    "れん",
    "さく",
    "つむ",
    "いと",
    "なぎ",
    "こと",
    "ほの",
    "ゆず",
    "とも",
)
ENDINGS = ("", "と", "か", "な", "き", "ま", "の", "み")
POSTAL_CODES = (
    "1000001",
    "1000014",
    "1010021",
    "1010041",
    "1010051",
    "1010061",
    "1010065",
    "1020072",
    "1020076",
    "1020082",
    "1020094",
)
DOMAINS = ("docomo.ne.jp", "ezweb.ne.jp", "i.softbank.jp", "example.jp", "example.com")
SECOND_GUARDIAN, SEPARATED, ERASED = 0.45, 0.012, 0.025
EMAIL, CONFIRMED, WISHES, STOPPED, RESUMED, ENGLISH = 0.80, 0.93, 0.93, 0.015, 0.3, 0.03
PROFILE_CHANGED, PROFILE_CORRECTED, SERIES_CLOSED = 0.05, 0.012, 0.004
MOVED_OUT, MOVED_BACK = 0.09, 0.06
DILIGENCE, DILIGENCE_WEIGHTS = (1.0, 0.93, 0.35, 0.0), (0.80, 0.15, 0.04, 0.01)
SLOWNESS, SLOWNESS_WEIGHTS = (0.7, 1.5, 4.0), (0.65, 0.27, 0.08)


class Household:
    """One family's life, drawn from its own chance. `entries` may be asked for once."""

    def __init__(self, family: Family, chance: Chance, terms: Terms, today: int) -> None:
        self._family = family
        self._chance = chance
        self._terms = terms
        self._today = today
        guardians = 2 if chance.yes(SECOND_GUARDIAN) else 1
        self.home = Home(
            chance.uuid(), tuple(chance.uuid() for _ in range(guardians)), tuple(chance.uuid() for _ in family.children)
        )

    def entries(self) -> list[Entry]:
        """Everything up to today, in order."""
        told = [*self._founding(), *self._joining(), *self._growing()]
        if self._chance.yes(ERASED):
            return self._until_the_end(told)
        return sorted((entry for entry in told if entry.day <= self._today), key=_day)

    def _founding(self) -> Iterator[Entry]:
        day, account_id = self._family.registers, self.home.guardians[0]
        yield from self._registration(day, account_id)
        yield Entry(day, self.home.household_id, (HouseholdFounded(account_id=account_id),))
        yield from self._mail(day, account_id)

    def _joining(self) -> Iterator[Entry]:
        for account_id in self.home.guardians[1:]:
            invited = self._family.registers + self._chance.days(30, 1.5)
            joined = invited + self._chance.between(0, INVITATION_DAYS)
            invitation_id = self._chance.uuid()
            invitation = GuardianInvited(
                invitation_id=invitation_id,
                code_hash=sha256(invitation_id.bytes).hexdigest(),
                expires_on=date.fromordinal(invited) + timedelta(days=INVITATION_DAYS),
            )
            yield Entry(invited, self.home.household_id, (invitation,))
            yield from self._registration(joined, account_id)
            yield Entry(joined, self.home.household_id, (GuardianJoined(account_id=account_id, invitation_id=invitation_id),))
            yield from self._mail(joined, account_id)
            if self._chance.yes(SEPARATED):
                parted = joined + self._chance.days(400)
                yield Entry(parted, self.home.household_id, (GuardianRemoved(account_id=account_id),))

    def _registration(self, day: int, account_id: UUID) -> Iterator[Entry]:
        consent = TermsAccepted(version=self._terms.version, text_hash=self._terms.text_hash)
        registered = AccountRegistered(
            handle=self._handle(), postal_code=self._postal_code(), household_id=self.home.household_id
        )
        yield Entry(day, account_id, (consent, registered))
        if self._chance.yes(PROFILE_CHANGED):
            changed = ProfileChanged(handle=registered.handle, postal_code=self._postal_code())
            yield Entry(day + self._chance.days(300), account_id, (changed,))

    def _mail(self, day: int, account_id: UUID) -> Iterator[Entry]:
        if not self._chance.yes(EMAIL):
            return
        local = f"{account_id.hex[:8]}{'..' if self._chance.yes(0.03) else '.'}{account_id.hex[8:11]}"
        address = f"{local}@{self._chance.one_of(DOMAINS, (0.2, 0.15, 0.1, 0.4, 0.15))}"
        yield Entry(day, account_id, (EmailGiven(address=address, address_version=1),))
        if self._chance.yes(CONFIRMED):
            confirmed = day + self._chance.days(0.5, 1.2)
            yield Entry(confirmed, account_id, (EmailConfirmed(address_version=1, on=date.fromordinal(confirmed)),))
        if self._chance.yes(WISHES):
            yield Entry(day, account_id, (self._wishes(),))
        if self._chance.yes(STOPPED):
            stopped = day + self._chance.days(250)
            yield Entry(stopped, account_id, (EverythingStopped(),))
            if self._chance.yes(RESUMED):
                yield Entry(stopped + 1 + self._chance.days(60), account_id, (EverythingResumed(),))

    def _wishes(self) -> MailWishesSet:
        language = Language.ENGLISH if self._chance.yes(ENGLISH) else Language.JAPANESE
        return MailWishesSet(
            vaccinations=True, checkups=self._chance.yes(0.85), notices=self._chance.yes(0.55), language=language
        )

    def _growing(self) -> Iterator[Entry]:
        diligence = self._chance.one_of(DILIGENCE, DILIGENCE_WEIGHTS)
        slowness = self._chance.one_of(SLOWNESS, SLOWNESS_WEIGHTS)
        for child_id, child in zip(self.home.children, self._family.children, strict=True):
            added = max(self._family.registers, child.born + self._chance.days(20, 0.9))
            if added <= self._today:
                yield from self._profile(child_id, child, added)
                taken = [
                    *courses(child, self._chance, diligence),
                    *winters(child, self._chance, self._family.registers, self._today),
                ]
                made = visits(taken, self._chance, slowness, self._today)
                yield from Record(child_id, child.born, added, self._chance).entries(made)

    def _profile(self, child_id: UUID, child: Sibling, added: int) -> Iterator[Entry]:
        handle, born_on = f"{self._handle()}ちゃん", date.fromordinal(child.born)
        slip = self._chance.yes(PROFILE_CORRECTED)
        first_said = born_on - timedelta(days=self._chance.between(1, 9)) if slip else born_on
        registered = ChildRegistered(household_id=self.home.household_id, handle=handle, born_on=first_said, sex=child.sex)
        yield Entry(added, child_id, (registered,))
        yield Entry(added, self.home.household_id, (ChildAdded(child_id=child_id),))
        if slip:
            yield Entry(added, child_id, (ChildProfileCorrected(handle=handle, born_on=born_on, sex=child.sex),))
        if self._chance.yes(SERIES_CLOSED):
            closed = self._chance.any_of(("ROTA", "BCG", "MR1", "VAR"))
            yield Entry(added + self._chance.days(50), child_id, (SeriesClosed(series=closed),))
        if self._chance.yes(MOVED_OUT):
            yield from self._moving(child_id, added + 60 + self._chance.days(500))

    def _moving(self, child_id: UUID, out: int) -> Iterator[Entry]:
        yield Entry(out, child_id, (ChildMovedOut(on=date.fromordinal(out)),))
        if self._chance.yes(MOVED_BACK):
            back = out + 30 + self._chance.days(300)
            yield Entry(back, child_id, (ChildMovedIn(on=date.fromordinal(back)),))

    def _until_the_end(self, told: list[Entry]) -> list[Entry]:
        """Every guardian deletes the account on one day, and all that was known goes with the last."""
        end = self._family.registers + 20 + self._chance.days(350)
        kept = sorted((entry for entry in told if entry.day <= min(end, self._today)), key=_day)
        if end > self._today:
            return kept
        on, begun = date.fromordinal(end), {entry.stream for entry in kept}
        accounts = [account_id for account_id in self.home.guardians if account_id in begun]
        children = [child_id for child_id in self.home.children if child_id in begun]
        last = (*(GuardianRemoved(account_id=account_id) for account_id in accounts), HouseholdErased(on=on))
        kept += [Entry(end, account_id, (AccountErased(on=on),)) for account_id in accounts]
        kept += [Entry(end, child_id, (ChildErased(on=on),)) for child_id in children]
        return [*kept, Entry(end, self.home.household_id, last)]

    def _handle(self) -> str:
        return self._chance.any_of(SYLLABLES) + self._chance.any_of(ENDINGS)

    def _postal_code(self) -> str:
        return self._chance.any_of(POSTAL_CODES)


def _day(entry: Entry) -> int:
    return entry.day
