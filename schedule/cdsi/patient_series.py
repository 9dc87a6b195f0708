"""A series as one patient goes through it: which target doses are satisfied, and how each dose was evaluated."""

from collections.abc import Callable
from enum import Enum

from msgspec import Struct

from schedule.cdsi.model import Series, SeriesDose
from schedule.cdsi.patient import Dose
from schedule.days import BEGINNING


class EvaluationStatus(Enum):
    """What a vaccine dose administered is worth for one target dose (table 3-1)."""

    VALID = "valid"
    NOT_VALID = "not_valid"
    EXTRANEOUS = "extraneous"
    SUB_STANDARD = "sub_standard"


class SeriesStatus(Enum):
    """Where a patient stands in a series or vaccine group (table 3-3)."""

    NOT_COMPLETE = "not_complete"
    COMPLETE = "complete"
    IMMUNE = "immune"
    CONTRAINDICATED = "contraindicated"
    AGED_OUT = "aged_out"
    NOT_RECOMMENDED = "not_recommended"


class Finding(Struct, frozen=True, gc=False):
    """A reason in raw form: what was found, the rule's own day, and the day it was measured from."""

    code: str
    limit: int = 0
    anchor: int = 0


class DoseEvaluation(Struct, frozen=True, gc=False):
    """How one dose fared; a target of 0 means that no target dose was left for it."""

    status: EvaluationStatus
    target: int
    findings: tuple[Finding, ...]
    inadvertent: bool = False


class ForecastDates(Struct, frozen=True, gc=False):
    """The dates of a patient series forecast (7.5), each with the rule it comes from; None stands for a blank."""

    earliest: Finding
    unadjusted_recommended: Finding
    unadjusted_past_due: Finding | None
    latest: Finding | None

    @property
    def recommended(self) -> int:
        """The adjusted recommended date (FORECASTDT-5)."""
        return max(self.earliest.limit, self.unadjusted_recommended.limit)

    @property
    def past_due(self) -> int | None:
        """The adjusted past due date (FORECASTDT-6)."""
        return None if self.unadjusted_past_due is None else max(self.earliest.limit, self.unadjusted_past_due.limit)


class PatientSeriesForecast(Struct, frozen=True, gc=False):
    """What chapter 7 says of a patient series; dates only where another dose is needed."""

    status: SeriesStatus
    reason: Finding
    dates: ForecastDates | None = None


class PatientSeries:
    """A relevant patient series. The target is an index into the doses of the series; past the end, none is left.

    The forecast is made when it is first asked for: many series are never in contention.
    """

    __slots__ = ("_forecast", "_forecaster", "evaluations", "inadvertent", "records", "satisfied", "series", "target")

    def __init__(self, series: Series, records: list[Dose]) -> None:
        self.series = series
        self.records = records
        self.evaluations: list[DoseEvaluation] = []
        self.satisfied: list[tuple[SeriesDose, Dose]] = []
        self.inadvertent: set[int] = set()
        self.target = 0
        self._forecast: PatientSeriesForecast | None = None
        self._forecaster: Callable[[], PatientSeriesForecast] | None = None

    def forecast_by(self, forecaster: Callable[[], PatientSeriesForecast]) -> None:
        """Tell how the forecast is made."""
        self._forecaster = forecaster

    @property
    def forecast(self) -> PatientSeriesForecast:
        """The forecast of this series."""
        if self._forecast is None:
            if self._forecaster is None:
                raise LookupError("the series was asked for a forecast before it was told how to make one")
            self._forecast = self._forecaster()
        return self._forecast

    @property
    def status(self) -> SeriesStatus:
        """Where the patient stands in the series."""
        return self.forecast.status

    @property
    def dates(self) -> ForecastDates | None:
        """The forecast dates."""
        return self.forecast.dates

    @property
    def target_dose(self) -> SeriesDose | None:
        """The target dose to be satisfied next."""
        return self.series.doses[self.target] if self.target < len(self.series.doses) else None

    @property
    def unsatisfied(self) -> int:
        """How many target doses are still not satisfied."""
        return len(self.series.doses) - self.target

    def day_satisfied(self, number: int | None) -> int | None:
        """The day on which a target dose was satisfied."""
        return next((dose.day for target, dose in self.satisfied if target.number == number), None)

    def first_valid_day(self) -> int:
        """The day of the earliest valid dose; the beginning of time where there is none."""
        return self.satisfied[0][1].day if self.satisfied else BEGINNING
