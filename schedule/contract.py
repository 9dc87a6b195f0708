"""What `hagukumi forecast` reads and writes: one child a line, in the words of the CDSi specification."""

from datetime import date as Day  # noqa: N812 -- fields are called date

import msgspec
from msgspec import Struct


class DoseGiven(Struct, frozen=True, gc=False):
    """One vaccination as recorded (接種記録); a date of None means that nobody knows the day any more.

    With CDSi data a lot that had expired, or another flaw of the dose (recall, cold chain), makes it sub-standard.
    """

    vaccine: str
    date: Day | None
    manufacturer: str | None = None
    overseas: bool | None = None
    lot_expiration: Day | None = None
    flawed: bool = False


class Observation(Struct, frozen=True, gc=False):
    """A coded observation on the patient (CDSi), such as an underlying condition."""

    code: str
    date: Day | None = None


class ForecastRequest(Struct, frozen=True):
    """One child, one day and the law then known (既知の規則)."""

    id: str
    assessment_date: Day
    birth_date: Day | None = None
    sex: str | None = None
    rule_date: Day | None = None
    planned_product: str | None = None
    expected_delivery_date: Day | None = None
    special: dict[str, object] = msgspec.field(default_factory=dict)
    observations: tuple[Observation, ...] = ()
    doses: tuple[DoseGiven, ...] = ()


class Reason(Struct, frozen=True, gc=False):
    """Why a date or verdict is as it is: the rule, its source, and what it was measured from."""

    code: str
    text: str
    citation: str = ""
    text_en: str = ""
    anchor: str | None = None
    anchor_date: Day | None = None
    date: Day | None = None


class Evaluation(Struct, frozen=True, gc=False):
    """How one dose was evaluated against one series (CDSi chapter 6)."""

    series: str
    antigen: str
    vaccine_group: str
    target_dose: int | None
    status: str
    reasons: tuple[Reason, ...] = ()


class DoseVerdict(Struct, frozen=True, gc=False):
    """What one dose is worth: lawful or not, counted or not (None: the doctor decides), paid for by the ward or not."""

    evaluations: tuple[Evaluation, ...]
    validity: str | None = None
    programme: str | None = None
    counts: bool | None = None


class SeriesForecast(Struct, frozen=True, gc=False):
    """The forecast of one series (Japan) or one vaccine group (CDSi); `due_status` is derived on reading."""

    series: str
    vaccine_group: str
    status: str
    dose_number: int | None = None
    doses_remaining: int | None = None
    earliest: Day | None = None
    recommended: Day | None = None
    past_due: Day | None = None
    latest: Day | None = None
    valid_until: Day | None = None
    reasons: tuple[Reason, ...] = ()
    basis: str | None = None
    closed: str | None = None
    overdue_from: Day | None = None
    products: tuple[str, ...] = ()
    due_status: str | None = None


class ForecastAnswer(Struct, frozen=True):
    """The answer for one child."""

    id: str
    doses: tuple[DoseVerdict, ...]
    forecasts: tuple[SeriesForecast, ...]


class LineError(Struct, frozen=True):
    """What is written in place of an answer: a stable code and a sentence."""

    code: str
    detail: str


class ErrorLine(Struct, frozen=True):
    """The output line for an input line that cannot be used."""

    id: str | None
    error: LineError


class BadLine(ValueError):
    """An input line cannot be used.

    Args:
        line_id: The id of the line, where one could be read.
        code: A stable code.
        detail: A sentence on what is wrong.
    """

    def __init__(self, line_id: str | None, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.id = line_id
        self.code = code
        self.detail = detail

    def answer(self) -> ErrorLine:
        """The line to write in place of an answer."""
        return ErrorLine(self.id, LineError(self.code, self.detail))


class _Named(Struct):
    id: str | None = None


_EARLIEST = Day(1900, 1, 1)
_LATEST = Day(2199, 12, 31)
_REQUESTS = msgspec.json.Decoder(ForecastRequest)
_NAMES = msgspec.json.Decoder(_Named)


def decode_line(line: bytes) -> ForecastRequest:
    """Read one input line.

    Raises:
        BadLine: The line is no JSON, breaks the contract, tells no birth date, or holds a date beyond reckoning.
    """
    try:
        request = _REQUESTS.decode(line)
    except msgspec.ValidationError as error:
        raise BadLine(_id_of(line), "line.invalid", str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadLine(None, "line.not_json", str(error)) from error
    if request.birth_date is None and request.expected_delivery_date is None:
        raise BadLine(request.id, "birth_date.missing", "The line gives neither birth_date nor expected_delivery_date.")
    given = (request.birth_date, request.assessment_date, request.expected_delivery_date, *[dose.date for dose in request.doses])
    if any(day is not None and not _EARLIEST <= day <= _LATEST for day in given):
        raise BadLine(request.id, "date.out_of_range", f"A date lies outside {_EARLIEST} to {_LATEST}.")
    return request


def _id_of(line: bytes) -> str | None:
    try:
        return _NAMES.decode(line).id
    except msgspec.DecodeError:
        return None
