"""The days of the week, and where a weekday falls in a month."""

from calendar import monthrange
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from goalkit.calendars.weekdays import WEEK, Nth, Weekday, month_length, month_number, nth_of_month

YEARS, MONTHS = st.integers(1, 9999), st.integers(1, 12)


@given(YEARS, MONTHS)
def test_months_are_as_long_as_the_calendar_says(year: int, month: int) -> None:
    assert month_length(year, month) == monthrange(year, month)[1]


@given(YEARS, MONTHS, st.sampled_from(Weekday))
def test_the_weekdays_of_a_month_are_counted_from_its_first_and_from_its_last(
    year: int, month: int, weekday: Weekday
) -> None:
    length = month_length(year, month)
    days = [day for day in range(1, length + 1) if WEEK[date(year, month, day).weekday()] is weekday]
    found = [nth_of_month(year, month, nth, weekday) for nth in Nth]
    assert [day for day in found[:5] if day <= length] == days
    assert found[5] == days[-1]


def test_months_are_counted_through_the_years() -> None:
    assert month_number(date(2026, 1, 1)) - month_number(date(2025, 12, 31)) == 1
