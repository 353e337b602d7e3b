"""Days at even distances, from any day on or back."""

from collections.abc import Iterator
from datetime import date
from itertools import islice

import pytest

from goalkit.calendars import Shift, Workweek
from goalkit.calendars.steps import DaySteps, MonthSteps, Moved, Once, Steps, until
from goalkit.calendars.weekdays import month_number

JULY = date(2026, 7, 15)


def some(days: Iterator[date]) -> list[str]:
    return [on.isoformat() for on in islice(days, 3)]


MONTHLY = MonthSteps(1, month_number(JULY), None, 15, None, None, skips=False)
LONG_MONTHS = MonthSteps(1, month_number(JULY), date(2026, 5, 31), 31, None, None, skips=True)


@pytest.mark.parametrize(
    ("steps", "forward", "backward"),
    [
        (Once(JULY), ["2026-07-15"], ["2026-07-15"]),
        (DaySteps(3, JULY.toordinal(), JULY), ["2026-07-15", "2026-07-18", "2026-07-21"], ["2026-07-15"]),
        (MONTHLY, ["2026-07-15", "2026-08-15", "2026-09-15"], ["2026-07-15", "2026-06-15", "2026-05-15"]),
        (LONG_MONTHS, ["2026-07-31", "2026-08-31", "2026-10-31"], ["2026-05-31"]),
        (
            Moved(DaySteps(1, 1, None), Shift.PRECEDING, Workweek(weekend=["wednesday", "thursday"])),
            ["2026-07-17", "2026-07-18", "2026-07-19"],
            ["2026-07-14", "2026-07-13", "2026-07-12"],
        ),
    ],
)
def test_days_go_on_and_back_from_a_day(steps: Steps, forward: list[str], backward: list[str]) -> None:
    assert some(steps.forward(JULY)) == forward
    assert some(steps.backward(JULY)) == backward


def test_a_month_of_which_the_day_is_past_or_to_come_is_left_out() -> None:
    assert some(MONTHLY.forward(date(2026, 7, 16)))[0] == "2026-08-15"
    assert some(MONTHLY.backward(date(2026, 7, 14)))[0] == "2026-06-15"
    assert some(Once(JULY).forward(date(2026, 7, 16))) == []
    assert some(Once(JULY).backward(date(2026, 7, 14))) == []


def test_a_day_that_moves_past_where_one_looks_back_from_is_left_out() -> None:
    sundays = DaySteps(7, date(2026, 7, 12).toordinal(), None)
    moved = Moved(sundays, Shift.MODIFIED_FOLLOWING, Workweek())
    assert some(moved.backward(date(2026, 7, 12))) == ["2026-07-06", "2026-06-29", "2026-06-22"]


def test_days_that_move_out_of_the_calendar_are_left_out() -> None:
    moved = Moved(Once(date.min), Shift.PRECEDING, Workweek(weekend=["monday"]))
    assert some(moved.forward(date.min)) == []
    assert some(moved.backward(date.max)) == []


def test_days_are_given_up_to_a_day() -> None:
    assert some(until(date(2026, 8, 1), MONTHLY.forward(JULY))) == ["2026-07-15"]
    assert some(until(JULY, iter(()))) == []
