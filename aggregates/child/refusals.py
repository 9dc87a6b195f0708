"""What is impossible in a child's record. What is merely unwise is recorded and marked 要確認, never refused."""

from aggregates.refusal import Refusal


class BirthdayInFuture(Refusal):
    """Nobody is born after `today`."""

    code = "birthday_in_future"
    status = 422


class BirthdayTooEarly(Refusal):
    """Nobody born before `earliest` is a child any more: `born_on` is a slip, often of the era (年号)."""

    code = "birthday_too_early"
    status = 422


class DoseBeforeBirth(Refusal):
    """A dose on `given_on` cannot be before the birthday (生年月日) `born_on`."""

    code = "dose_before_birth"
    status = 422


class DoseInFuture(Refusal):
    """A dose on `given_on` has not been given yet on `today`."""

    code = "dose_in_future"
    status = 422


class DayInFuture(Refusal):
    """This can only be said of a day up to `today`."""

    code = "day_in_future"
    status = 422


class DayInPast(Refusal):
    """This can only be said of a day from `today` on."""

    code = "day_in_past"
    status = 422


class DayTooFar(Refusal):
    """Nothing can be arranged for a day after `latest`."""

    code = "day_too_far"
    status = 422


class DayBeforeBirth(Refusal):
    """This cannot have happened before the birthday (生年月日) `born_on`."""

    code = "day_before_birth"
    status = 422


class UnknownVaccine(Refusal):
    """No edition names the product `vaccine`."""

    code = "unknown_vaccine"
    status = 422


class UnknownSeries(Refusal):
    """No edition names the series `series`."""

    code = "unknown_series"
    status = 422


class DoseAlreadyRecorded(Refusal):
    """The same `vaccine` is already recorded for `given_on`: perhaps by the other guardian. Confirm to record it twice."""

    code = "dose_already_recorded"


class DoseNotFound(Refusal):
    """No such dose stands in this record."""

    code = "dose_not_found"
    status = 404
