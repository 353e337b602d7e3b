"""The days of the week, and where a weekday falls in a month."""

from __future__ import annotations

from calendar import isleap
from datetime import date
from enum import StrEnum
from typing import Final

from ..values import choice


class Weekday(StrEnum):
    """
    A day of the week, Monday first.

    Example:
        >>> [weekday.value for weekday in Weekday][:2]
        ['monday', 'tuesday']
    """

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class Nth(StrEnum):
    """
    Which of the same weekdays of a month, the first or the last of them.

    Example:
        >>> Nth("last")
        <Nth.LAST: 'last'>
    """

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    FOURTH = "fourth"
    FIFTH = "fifth"
    LAST = "last"


#: The days of a week in order, as `datetime.date.weekday` counts them.
WEEK: Final = tuple(Weekday)

_NTH: Final = tuple(Nth)
# Of February, the year must be known.
_LENGTHS: Final = (0, 31, 0, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def weekday(value: Weekday | str) -> Weekday:
    """
    Return a day of the week from itself or its name.

    Args:
        value: Such as ``monday``.

    Raises:
        InvalidValue: ``unknown_choice``.

    Example:
        >>> weekday("monday")
        <Weekday.MONDAY: 'monday'>
    """
    return choice(Weekday, value)


def month_number(on: date) -> int:
    """
    Return the number of a day's month, counted through all years.

    Args:
        on: The day.

    Example:
        >>> month_number(date(2026, 1, 31)) - month_number(date(2025, 12, 1))
        1
    """
    return on.year * 12 + on.month - 1


def month_length(year: int, month: int) -> int:
    """
    Return how many days a month has.

    Args:
        year: From 1 to 9999.
        month: From 1 to 12.

    Example:
        >>> month_length(2028, 2)
        29
    """
    return _LENGTHS[month] or 28 + isleap(year)


def nth_of_month(year: int, month: int, nth: Nth, on: Weekday) -> int:
    """
    Return the day of the month on which a weekday comes for the first, second … or last time.

    Args:
        year: From 1 to 9999.
        month: From 1 to 12.
        nth: Which of them. Where a month has only four, the fifth is beyond its end.
        on: The weekday.

    Example:
        >>> nth_of_month(2026, 7, Nth.LAST, Weekday.FRIDAY)
        31
    """
    first = (WEEK.index(on) - date(year, month, 1).weekday()) % 7 + 1
    if nth is Nth.LAST:
        return first + (month_length(year, month) - first) // 7 * 7
    return first + 7 * _NTH.index(nth)
