"""How much of a span has passed on a day."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from ..errors import InvalidValue
from ..values import choice
from .days import Span, bounds, day
from .workdays import WorkCalendar, work_calendar


class DayCount(StrEnum):
    """
    What is counted as passed on day k of N.

    Attributes:
        END_OF_DAY: The day itself has passed: k/N, from 1/N on the first day to 1 on the last.
        START_OF_DAY: The day itself has not: (k−1)/N, from 0 to (N−1)/N.
        CLOSED: From 0 on the first day to 1 on the last: (k−1)/(N−1), and 1 where there is one day.

    Example:
        >>> DayCount("closed")
        <DayCount.CLOSED: 'closed'>
    """

    END_OF_DAY = "end_of_day"
    START_OF_DAY = "start_of_day"
    CLOSED = "closed"


def elapsed(
    span: Span,
    on: date,
    *,
    count: DayCount | str = DayCount.END_OF_DAY,
    workdays: WorkCalendar | None = None,
) -> float:
    """
    Return how much of a span has passed on a day, from 0 before it to 1 after it.

    Days are counted, never hours: where the clocks change, a day has 23 or 25 of those.

    Args:
        span: A cycle, or anything else with a first and a last day.
        on: The day.
        count: Whether the day itself has passed.
        workdays: Which days are working days, where only those count; every day otherwise.

    Raises:
        InvalidValue: ``no_workdays`` if there is none in the span, ``unknown_choice``,
            ``not_a_day``, or what is wrong with the span.

    Example:
        >>> from goalkit.calendars import Cycle
        >>> april = Cycle.month(2026, 4)
        >>> elapsed(april, date(2026, 4, 15)), elapsed(april, date(2026, 4, 1), count="closed")
        (0.5, 0.0)
    """
    count = _count(count)
    first_day, last_day = bounds(span)
    on = _on(on)
    workdays = None if workdays is None else work_calendar(workdays)
    whole = _days(first_day, last_day, workdays)
    if not whole:
        message = f"there is no working day from {first_day} to {last_day}"
        raise InvalidValue.of("no_workdays", message, path="workdays", hint="leave workdays out to count every day")
    if on < first_day:
        return 0.0
    if on > last_day:
        return 1.0
    passed = _days(first_day, on, workdays)
    if count is DayCount.START_OF_DAY:
        return (passed - _days(on, on, workdays)) / whole
    if count is DayCount.END_OF_DAY:
        return passed / whole
    return max(passed - 1, 0) / (whole - 1) if whole > 1 else float(passed)


def _count(value: DayCount | str) -> DayCount:
    try:
        return choice(DayCount, value)
    except InvalidValue as error:
        raise error.under("count") from None


def _on(value: object) -> date:
    try:
        return day(value)
    except InvalidValue as error:
        raise error.under("on") from None


def _days(first_day: date, last_day: date, workdays: WorkCalendar | None) -> int:
    """Return how many days there are, both ends counted; working days only, where those are known."""
    days = (last_day - first_day).days + 1
    if workdays is None:
        return days
    return sum(1 for at in range(days) if workdays.is_workday(first_day + timedelta(at)))
