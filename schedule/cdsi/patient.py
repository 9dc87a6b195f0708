"""One patient as the engine sees them: integer days and the history in its antigen parts (4.1, 4.2)."""

from copy import copy
from datetime import date

from msgspec import Struct

from schedule.cdsi.model import Association, Season, SupportingData
from schedule.contract import BadLine, DoseGiven, ForecastRequest
from schedule.days import BEGINNING, NEVER, Period, add, add_months

SEXES = {"F": "F", "M": "M", None: ""}


class Dose(Struct, frozen=True, gc=False):
    """A vaccine dose administered; `place` is its place in the request."""

    place: int
    day: int
    cvx: str
    manufacturer: str
    sub_standard: bool = False


class Ages(dict[Period, int]):
    """The days on which a patient reaches an age, worked out once each."""

    def __init__(self, birth: int) -> None:
        super().__init__()
        self._birth = birth

    def __missing__(self, age: Period) -> int:
        """Work out a day that was not asked for before."""
        day = self[age] = add(self._birth, age)
        return day


class Patient:
    """What the logic needs to know of one child on one assessment date.

    Whatever depends on the assessment date is asked through `reached` and `within`, which note in `next_change` the nearest
    later day on which one of the answers given so far would be another.
    """

    __slots__ = ("ages", "assessment", "birth", "birth_country", "doses", "next_change", "observations", "records", "sex")

    def __init__(self, data: SupportingData, request: ForecastRequest) -> None:
        self.birth = _birth_day(request)
        self.assessment = request.assessment_date.toordinal()
        if self.assessment < self.birth:
            raise BadLine(request.id, "assessment_date.before_birth", "The assessment date lies before the birth date.")
        if request.sex not in SEXES:
            raise BadLine(request.id, "sex.unknown", f"The sex {request.sex!r} is none of F, M and null.")
        self.sex = SEXES[request.sex]
        self.birth_country = str(request.special.get("birth_country") or "")
        self.ages = Ages(self.birth)
        self.observations = _observations(data, request)
        self.doses = _doses(data, request, self.birth, self.assessment)
        self.records = self._records(data)
        self.next_change = NEVER

    def _records(self, data: SupportingData) -> dict[str, list[Dose]]:
        """The antigen administered records: per antigen the doses that contain it, in order of date."""
        records: dict[str, list[Dose]] = {}
        for dose in self.doses:
            for association in data.associations[dose.cvx]:
                if self._associated(association, dose.day):
                    records.setdefault(association.antigen, []).append(dose)
        return records

    def on(self, day: int) -> "Patient":
        """The same patient, to whom nothing more has happened, on a later assessment date."""
        later = copy(self)
        later.assessment = day
        later.next_change = NEVER
        return later

    def reached(self, day: int) -> bool:
        """Whether a day has come on the assessment date."""
        if day <= self.assessment:
            return True
        self.next_change = min(self.next_change, day)
        return False

    def within(self, first: int, end: int) -> bool:
        """Whether the assessment date is on or after a first day and before an end."""
        if first > self.assessment:
            return self.reached(first)
        return not self.reached(end)

    def in_season(self, day: int, season: Season) -> int:
        """A day that moves with a season, as of the assessment date.

        A season is published for one year; it was the same in the years before. One that is open on a side never moves.
        """
        if day in (BEGINNING, NEVER) or BEGINNING in season or NEVER in season or self.reached(season.start):
            return day
        years = date.fromordinal(season.end).year - date.fromordinal(self.assessment).year
        if add_months(season.end, -12 * years) < self.assessment:
            years -= 1
        self.reached(add_months(season.end, -12 * years) + 1)
        return add_months(day, -12 * years)

    def _associated(self, association: Association, day: int) -> bool:
        return self.from_age(association.begin) <= day < self.until_age(association.end)

    def from_age(self, age: Period | None) -> int:
        """The first day of an age, or the beginning of time where the age is n/a."""
        return BEGINNING if age is None else self.ages[age]

    def until_age(self, age: Period | None) -> int:
        """The day on which an age is reached, or never where the age is n/a."""
        return NEVER if age is None else self.ages[age]


def _birth_day(request: ForecastRequest) -> int:
    if request.birth_date is None:
        raise BadLine(request.id, "birth_date.missing", "The line gives no birth_date.")
    return request.birth_date.toordinal()


def _observations(data: SupportingData, request: ForecastRequest) -> dict[str, int | None]:
    """Observation codes with the most recent day known for each."""
    found: dict[str, int | None] = {}
    for observation in request.observations:
        if observation.code not in data.observations:  # it might be a contraindication
            raise BadLine(request.id, "observation.unknown", f"The supporting data know no observation {observation.code!r}.")
        day = None if observation.date is None else observation.date.toordinal()
        found[observation.code] = max((known for known in (day, found.get(observation.code)) if known is not None), default=None)
    return found


def _is_sub_standard(given: DoseGiven) -> bool:
    """Table 6-3."""
    expired = given.lot_expiration is not None and given.date is not None and given.date > given.lot_expiration
    return given.flawed or expired


def _doses(data: SupportingData, request: ForecastRequest, birth: int, assessment: int) -> list[Dose]:
    doses = []
    for place, given in enumerate(request.doses):
        code = given.vaccine.strip().zfill(2)
        if given.date is None:
            raise BadLine(request.id, "dose.date_missing", f"Dose {place + 1} has no date.")
        day = given.date.toordinal()
        if day < birth:
            raise BadLine(request.id, "dose.before_birth", f"Dose {place + 1} lies before the birth date.")
        if day > assessment:
            raise BadLine(request.id, "dose.after_assessment_date", f"Dose {place + 1} lies after the assessment date.")
        if code not in data.associations:
            raise BadLine(request.id, "dose.vaccine_unknown", f"Dose {place + 1}: the supporting data know no vaccine {code!r}.")
        doses.append(Dose(place, day, code, given.manufacturer or "", _is_sub_standard(given)))
    doses.sort(key=lambda dose: dose.day)
    return doses
