import time
from datetime import UTC, date, datetime, timedelta
from threading import Event

import pytest

from aggregates.calendar.refusals import DayTooFarAhead
from app.day_opener import JST, DayOpener, now_in_ward
from eventstore.errors import StoreUnavailable


def clock_at(*times: datetime) -> "Clock":
    return Clock(list(times))


class Clock:
    """Tells the given times, and then the last one for ever."""

    def __init__(self, times: list[datetime]) -> None:
        self._times = times

    def __call__(self) -> datetime:
        return self._times.pop(0) if len(self._times) > 1 else self._times[0]


def test_the_ward_is_nine_hours_ahead_of_utc() -> None:
    assert now_in_ward().utcoffset() == timedelta(hours=9)
    assert datetime(2026, 4, 1, 15, tzinfo=UTC).astimezone(JST).date() == date(2026, 4, 2)


def test_a_day_is_opened_by_the_clock_of_the_ward() -> None:
    asked: list[date] = []

    def open_days(day: date) -> list[date]:
        asked.append(day)
        return [day]

    opener = DayOpener(open_days, clock_at(datetime(2026, 4, 2, 0, 0, 1, tzinfo=JST)))
    assert opener.open_today() == [date(2026, 4, 2)]
    assert asked == [date(2026, 4, 2)]


def test_midnight_is_met_within_a_moment() -> None:
    asked: list[date] = []
    before, after = datetime(2026, 4, 1, 23, 59, 59, 950_000, tzinfo=JST), datetime(2026, 4, 2, tzinfo=JST)
    opened = Event()

    def open_days(day: date) -> list[date]:
        asked.append(day)
        if day == date(2026, 4, 2):
            opened.set()
        return []

    opener = DayOpener(open_days, clock_at(before, before, after))
    opener.start()
    assert opened.wait(2)
    opener.stop()
    assert asked[:2] == [date(2026, 4, 1), date(2026, 4, 2)]


def test_a_database_away_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.day_opener.RETRY_SECONDS", 0.01)
    attempts: list[date] = []
    opened = Event()

    def open_days(day: date) -> list[date]:
        attempts.append(day)
        if len(attempts) < 3:
            raise StoreUnavailable
        opened.set()
        return [day]

    opener = DayOpener(open_days, clock_at(datetime(2026, 4, 1, 12, tzinfo=JST)))
    opener.start()
    assert opened.wait(2)
    opener.stop()


def test_a_clock_far_ahead_is_not_believed_and_said_once(caplog: pytest.LogCaptureFixture) -> None:
    def open_days(day: date) -> list[date]:
        raise DayTooFarAhead(limit=3)

    opener = DayOpener(open_days, clock_at(datetime(2036, 4, 1, tzinfo=JST)))
    assert opener.open_today() == opener.open_today() == []
    assert opener.stuck
    assert len(caplog.records) == 1


def test_it_stops_at_once() -> None:
    opener = DayOpener(lambda day: [], clock_at(datetime(2026, 4, 1, 12, tzinfo=JST)))
    opener.start()
    begun = time.monotonic()
    opener.stop()
    assert time.monotonic() - begun < 1
