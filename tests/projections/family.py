"""Facts of a small ward, and an engine that is simple enough to check by hand."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID, uuid4

from aggregates.account.facts import AccountRegistered, EmailConfirmed, EmailGiven, MailWishesSet, TermsAccepted
from aggregates.calendar.facts import DayOpened
from aggregates.child.facts import ChildRegistered, DoseRecorded, Sex
from aggregates.fact import Fact, Meta, Recorded, Role
from aggregates.household.facts import ChildAdded, HouseholdFounded
from aggregates.streams import calendar_stream
from eventstore.ward import Ward
from projections.engine import Engine
from schedule.contract import DoseVerdict, Evaluation, ForecastAnswer, ForecastRequest, SeriesForecast

MONDAY = date(2026, 4, 6)
BORN = date(2026, 1, 10)
SERIES = {"ONE": 60, "TWO": 90, "CHKA": 120}
WINDOW_DAYS = 300


def toy_forecast(request: ForecastRequest) -> ForecastAnswer:
    """Every series wants three doses, 28 days apart, from so many days of age and for 300 days."""
    verdicts = tuple(
        DoseVerdict((Evaluation(d.vaccine, d.vaccine, d.vaccine, 1, "valid"),), "valid", "routine", counts=True)
        for d in request.doses
    )
    return ForecastAnswer(request.id, verdicts, tuple(_series(request, code) for code in SERIES))


def _series(request: ForecastRequest, code: str) -> SeriesForecast:
    assert request.birth_date is not None
    given = [d.date for d in request.doses if d.vaccine == code and d.date is not None]
    opens = request.birth_date + timedelta(SERIES[code])
    closes = opens + timedelta(WINDOW_DAYS)
    if code in request.special.get("contraindication", {}):  # type: ignore[operator]
        return SeriesForecast(code, code, "contraindicated")
    if len(given) >= 3:
        return SeriesForecast(code, code, "complete")
    if request.assessment_date > closes:
        return SeriesForecast(code, code, "aged_out", latest=closes)
    earliest = max([opens, *(day + timedelta(28) for day in given)])
    return SeriesForecast(
        code,
        code,
        "not_complete",
        len(given) + 1,
        3 - len(given),
        earliest,
        earliest,
        earliest + timedelta(60),
        closes,
        closes + timedelta(1),
    )


def toy_engine() -> Engine:
    return Engine("toy edition", "1", toy_forecast)


def other_engine() -> Engine:
    return Engine("other edition", "1", toy_forecast)


class Family:
    """Appends facts of one account, household and child, each stream in its own order."""

    def __init__(self, ward: Ward) -> None:
        self.ward = ward
        self.account, self.household, self.child = uuid4(), uuid4(), uuid4()
        self._versions: dict[UUID, int] = {}

    def tell(self, stream: UUID, *facts: Fact, erases: tuple[UUID, ...] = ()) -> int:
        """Append facts to one stream; the position of the last."""
        rows = [self._recorded(stream, fact) for fact in facts]
        return self.ward.save(*rows, erases=erases)[-1].position

    def moves_in(self, email: str = "a@example.jp") -> int:
        """Everything from the terms to the first child."""
        self.tell(self.account, TermsAccepted(version="1", text_hash="00"))
        self.tell(self.account, AccountRegistered(handle="すみれ", postal_code="1020074", household_id=self.household))
        self.tell(self.account, EmailGiven(address=email, address_version=1), EmailConfirmed(address_version=1))
        self.tell(self.account, MailWishesSet(vaccinations=True, checkups=False, notices=False))
        self.tell(self.household, HouseholdFounded(account_id=self.account))
        self.tell(self.child, ChildRegistered(household_id=self.household, handle="たろう", born_on=BORN, sex=Sex.MALE))
        return self.tell(self.household, ChildAdded(child_id=self.child))

    def is_given(self, vaccine: str, on: date | None) -> UUID:
        """Record a dose."""
        dose_id = uuid4()
        self.tell(self.child, DoseRecorded(dose_id=dose_id, visit_id=uuid4(), vaccine=vaccine, given_on=on))
        return dose_id

    def _recorded(self, stream: UUID, fact: Fact) -> Recorded:
        self._versions[stream] = self._versions.get(stream, 0) + 1
        meta = Meta(role=Role.GUARDIAN, actor=self.account, command_id=uuid4())
        return Recorded(stream, self._versions[stream], fact, meta, stream, self.household)


def open_day(ward: Ward, day: date = MONDAY) -> int:
    return ward.save(Recorded(calendar_stream(day), 1, DayOpened(date=day)))[-1].position


def days(first: date, count: int) -> Iterator[date]:
    return (first + timedelta(n) for n in range(count))
