"""What the calendar refuses."""

from aggregates.refusal import Refusal


class DayTooFarAhead(Refusal):
    """More than `limit` days at once are opened only by an operator: the clock of the server may be wrong."""

    code = "day_too_far_ahead"


class ClockDisagrees(Refusal):
    """The clock of the server is more than `limit` days from the `opened` day: no time of grace can be kept by it."""

    code = "clock_disagrees"
