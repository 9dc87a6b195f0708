"""The history of a whole ward as facts of its log, in the order in which they happened."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from msgspec import Struct

from aggregates.account.facts import AccountErased, AccountRegistered
from aggregates.account.registration import Terms
from aggregates.calendar.facts import DayOpened
from aggregates.child.facts import ChildErased, ChildRegistered, DoseRecorded
from aggregates.fact import UNSAVED, Fact, Meta, Recorded, Role
from aggregates.household.facts import GuardianJoined, HouseholdErased
from aggregates.streams import calendar_stream
from app.demo.births import YEARS_OF_SERVICE, Span, family
from app.demo.chance import Chance
from app.demo.entry import Entry, Home
from app.demo.household import Household

OFFSET = timedelta(hours=9)
"""JST: a day of the ward begins at 15:00 UTC of the day before."""
FIRST_HOUR, HOURS_AWAKE = 6, 17


class Plan(Struct, frozen=True):
    """What ward to make. `opens_days` is for an empty log: the days of the past are opened and facts bear their times."""

    families: int
    seed: int
    today: date
    terms: Terms
    edition: str = ""
    engine: str = ""
    opens_days: bool = True
    years_of_service: int = YEARS_OF_SERVICE


class Tally(Struct):
    """What came into being."""

    families: int = 0
    accounts: int = 0
    children: int = 0
    doses: int = 0
    facts: int = 0


class _Life:
    """A family that is under way: its coming entries, the next one last, and the version of each of its streams."""

    def __init__(self, household: Household) -> None:
        self.home: Home = household.home
        self.coming: list[Entry] = household.entries()[::-1]
        self.versions: dict[UUID, int] = defaultdict(int)


class History:
    """Tells a ward's past. The same plan tells the same past.

    Args:
        plan: what ward.
        family_begins: called once for every family, to show progress.
    """

    def __init__(self, plan: Plan, family_begins: Callable[[], None] = lambda: None) -> None:
        self.tally = Tally()
        self.erased: list[UUID] = []
        self._plan = plan
        self._span = Span.until(plan.today, plan.years_of_service)
        self._family_begins = family_begins
        self._commands = Chance("commands", plan.seed, plan.today)

    def subjects(self) -> Iterator[UUID]:
        """Everybody who will need a key: making all at once spares the key store a thousand small writes."""
        for number in range(self._plan.families):
            yield from self._household(number).home.subjects()

    def facts(self) -> Iterator[Recorded]:
        """Every fact, day by day. Families are kept in memory only while something of theirs is still to come."""
        arrivals, due = self._arrivals(), defaultdict[int, list[_Life]](list)
        for day in range(self._span.service, self._span.today + 1):
            if self._plan.opens_days:
                yield self._opened(day)
            for number in arrivals.pop(day, ()):
                due[day].append(self._begin(number))
            lives = due.pop(day, [])
            for place, life in enumerate(lives):
                yield from self._tell(life, day, self._clock(day, place, len(lives)))
                if life.coming:
                    due[life.coming[-1].day].append(life)

    def _arrivals(self) -> dict[int, list[int]]:
        arrivals = defaultdict[int, list[int]](list)
        for number in range(self._plan.families):
            arrivals[family(self._chance(number), self._span).registers].append(number)
        return arrivals

    def _begin(self, number: int) -> _Life:
        self._family_begins()
        self.tally.families += 1
        return _Life(self._household(number))

    def _household(self, number: int) -> Household:
        chance = self._chance(number)
        return Household(family(chance, self._span), chance, self._plan.terms, self._span.today)

    def _chance(self, number: int) -> Chance:
        return Chance("demo", self._plan.seed, self._plan.today, number)

    def _opened(self, day: int) -> Recorded:
        self.tally.facts += 1
        opened = date.fromordinal(day)
        at = datetime.combine(opened, time(), UTC) - OFFSET
        return Recorded(calendar_stream(opened), 1, DayOpened(date=opened), Meta(), recorded_at=at)

    def _clock(self, day: int, place: int, of: int) -> datetime:
        """Families come one after the other through the waking hours of the day."""
        if not self._plan.opens_days:
            return UNSAVED
        waking = datetime.combine(date.fromordinal(day), time(FIRST_HOUR), UTC) - OFFSET
        return waking + timedelta(hours=HOURS_AWAKE) * place / of

    def _tell(self, life: _Life, day: int, at: datetime) -> Iterator[Recorded]:
        while life.coming and life.coming[-1].day == day:
            entry = life.coming.pop()
            meta = self._meta(life, entry)
            for fact in entry.facts:
                life.versions[entry.stream] += 1
                self._count(fact, entry.stream)
                version, household = life.versions[entry.stream], life.home.household_id
                yield Recorded(entry.stream, version, fact, meta, entry.stream, household, 0, at)

    def _meta(self, life: _Life, entry: Entry) -> Meta:
        last = entry.facts[-1]
        actor = life.home.guardians[0]
        if isinstance(last, GuardianJoined):
            actor = last.account_id
        elif entry.stream in life.home.guardians:
            actor = entry.stream
        command_id = self._commands.uuid()
        return Meta(Role.GUARDIAN, actor, command_id, command_id, self._plan.edition, self._plan.engine)

    def _count(self, fact: Fact, stream: UUID) -> None:
        self.tally.facts += 1
        match fact:
            case DoseRecorded():
                self.tally.doses += 1
            case ChildRegistered():
                self.tally.children += 1
            case AccountRegistered():
                self.tally.accounts += 1
            case AccountErased() | ChildErased() | HouseholdErased():
                self.erased.append(stream)
