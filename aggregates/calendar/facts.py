"""Time is a fact."""

from datetime import date

from aggregates.fact import Fact


class DayOpened(Fact, frozen=True, tag="calendar.day_opened.v1"):
    """A day began in the ward (JST). The only «today» for commands, projections and the mail planner."""

    date: date
