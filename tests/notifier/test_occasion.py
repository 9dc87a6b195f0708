from datetime import UTC, date, datetime
from uuid import UUID

import msgspec
import pytest

from notifier.occasion import JST, Occasion, first_waking_moment

OCCASION = Occasion(UUID(int=1), UUID(int=2), "HIB", 2, "latest_near", 0, date(2026, 12, 1), 1)


def test_a_new_date_or_address_does_not_make_a_new_occasion() -> None:
    moved = msgspec.structs.replace(OCCASION, due_on=date(2026, 12, 24), address_version=2)
    assert moved.occasion_id == OCCASION.occasion_id


@pytest.mark.parametrize("field", ["account_id", "child_id", "series", "dose_number", "kind", "cycle"])
def test_each_field_of_the_key_makes_another_occasion(field: str) -> None:
    other = UUID(int=9) if field.endswith("_id") else type(getattr(OCCASION, field))("5")
    assert msgspec.structs.replace(OCCASION, **{field: other}).occasion_id != OCCASION.occasion_id


@pytest.mark.parametrize(
    ("now", "moment"),
    [
        (datetime(2026, 11, 23, 0, 0, tzinfo=JST), datetime(2026, 11, 23, 8, 0, tzinfo=JST)),
        (datetime(2026, 11, 23, 8, 0, tzinfo=JST), datetime(2026, 11, 23, 8, 0, tzinfo=JST)),
        (datetime(2026, 11, 23, 20, 59, tzinfo=JST), datetime(2026, 11, 23, 20, 59, tzinfo=JST)),
        (datetime(2026, 11, 23, 21, 0, tzinfo=JST), datetime(2026, 11, 24, 8, 0, tzinfo=JST)),
        (datetime(2026, 11, 23, 15, 0, tzinfo=UTC), datetime(2026, 11, 24, 8, 0, tzinfo=JST)),
    ],
)
def test_reminders_wait_for_waking_hours(now: datetime, moment: datetime) -> None:
    assert first_waking_moment(now) == moment
