"""Days at even distances, counted from one of them and never from the day before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple, Protocol

from .weekdays import Nth, Weekday, month_length, month_number, nth_of_month
from .workdays import Shift, WorkCalendar, moved_day, nearest_workday

_ONE_DAY: Final = timedelta(1)
_LAST_DAY: Final = date.max.toordinal()
_MONTHS: Final = range(12, 120_000)
_SHORTEST: Final = 28
_ANY_YEAR: Final = 2026
_FEBRUARY: Final = 2
# The last day up to a day that a month has, by that day and the month; 0 where the year must be known.
_CLAMPED: Final = tuple(
    tuple(
        min(day, month_length(_ANY_YEAR, month)) if day <= _SHORTEST or month != _FEBRUARY else 0
        for month in range(1, 13)
    )
    for day in range(32)
)


class Steps(Protocol):
    """Days in order, from any day on or back."""

    def forward(self, first: date) -> Iterator[date]:
        """
        Yield the days from a day on.

        Args:
            first: The day.
        """

    def backward(self, last: date) -> Iterator[date]:
        """
        Yield the days from a day back, in reverse.

        Args:
            last: The day.
        """


class Once(NamedTuple):
    """
    One day alone.

    Attributes:
        on: The day.
    """

    on: date

    def forward(self, first: date) -> Iterator[date]:
        """
        Yield the day if it is not before another.

        Args:
            first: The other.
        """
        return iter((self.on,) if self.on >= first else ())

    def backward(self, last: date) -> Iterator[date]:
        """
        Yield the day if it is not after another.

        Args:
            last: The other.
        """
        return iter((self.on,) if self.on <= last else ())


class DaySteps(NamedTuple):
    """
    Every so many days.

    Attributes:
        distance: How many.
        origin: The ordinal of any of them.
        first: The first day; None where there is none.
    """

    distance: int
    origin: int
    first: date | None

    def forward(self, first: date) -> Iterator[date]:
        """
        Yield the days from a day on.

        Args:
            first: The day.
        """
        if self.first is not None and first < self.first:
            first = self.first
        start = first.toordinal()
        start += (self.origin - start) % self.distance
        return map(date.fromordinal, range(start, _LAST_DAY + 1, self.distance))

    def backward(self, last: date) -> Iterator[date]:
        """
        Yield the days from a day back, in reverse.

        Args:
            last: The day.
        """
        start = last.toordinal()
        start -= (start - self.origin) % self.distance
        least = 1 if self.first is None else self.first.toordinal()
        return map(date.fromordinal, range(start, least - 1, -self.distance))


class MonthSteps(NamedTuple):
    """
    A day in every so many months.

    Attributes:
        distance: How many months.
        origin: The number of any month that counts.
        first: The first day; None where there is none.
        day: The day of the month; None where a weekday is meant.
        nth: Which of the weekdays.
        weekday: The weekday.
        skips: Whether a month without that day has none; otherwise it has its last.
    """

    distance: int
    origin: int
    first: date | None
    day: int | None
    nth: Nth | None
    weekday: Weekday | None
    skips: bool

    def forward(self, first: date) -> Iterator[date]:
        """
        Yield the days from a day on.

        Args:
            first: The day.
        """
        if self.first is not None and first < self.first:
            first = self.first
        start = month_number(first)
        start += (self.origin - start) % self.distance
        numbers = range(start, _MONTHS.stop, self.distance)
        day = self.day
        if day is None or (self.skips and day > _SHORTEST):
            for on in filter(None, map(self.in_month, numbers)):
                if on >= first:
                    yield on
        else:
            # The usual case is a short way: every month has its day.
            clamped = _CLAMPED[day]
            for number in numbers:
                year, month = number // 12, number % 12
                on = date(year, month + 1, clamped[month] or min(day, month_length(year, _FEBRUARY)))
                if on >= first:
                    yield on

    def backward(self, last: date) -> Iterator[date]:
        """
        Yield the days from a day back, in reverse.

        Args:
            last: The day.
        """
        start = month_number(last)
        start -= (start - self.origin) % self.distance
        least = _MONTHS.start if self.first is None else month_number(self.first)
        for number in range(start, least - 1, -self.distance):
            on = self.in_month(number)
            if on is not None and on <= last:
                yield on

    def in_month(self, number: int) -> date | None:
        """
        Return the day in a month, if it has one.

        Args:
            number: The number of the month.
        """
        year, month = number // 12, number % 12 + 1
        if self.day is None:
            return self._nth_in_month(year, month)
        if self.day <= _SHORTEST:
            return date(year, month, self.day)
        length = month_length(year, month)
        if self.day <= length:
            return date(year, month, self.day)
        return None if self.skips else date(year, month, length)

    def _nth_in_month(self, year: int, month: int) -> date | None:
        assert self.nth is not None, "a month has a day or a weekday"  # noqa: S101 - the cadence's promise
        assert self.weekday is not None, "which comes with its place"  # noqa: S101 - the cadence's promise
        day = nth_of_month(year, month, self.nth, self.weekday)
        if day <= _SHORTEST or day <= month_length(year, month):
            return date(year, month, day)
        return None if self.skips else date(year, month, day - 7)


class Moved(NamedTuple):
    """
    Days that move off days that are not worked.

    No day passes a working day on its way, so the order stays, and only days of the rest before and
    after a span can move into it. Days that move to the same day are one.

    Attributes:
        steps: The days.
        shift: Where they move.
        workdays: Which days are worked.
    """

    steps: Steps
    shift: Shift
    workdays: WorkCalendar

    def forward(self, first: date) -> Iterator[date]:
        """
        Yield the days from a day on, each where it moves to.

        Args:
            first: The day.
        """
        return self._from(first, self.steps.forward(self._reach_before(first)))

    def between(self, first: date, last: date) -> Iterator[date]:
        """
        Yield the days of a span, each where it moves to.

        Args:
            first: The first day of the span.
            last: Its last day.
        """
        reach = self._reach_after(last)
        near = until(reach, self.steps.forward(self._reach_before(first)))
        return until(last, self._from(first, near))

    def backward(self, last: date) -> Iterator[date]:
        """
        Yield the days from a day back, each where it moves to, in reverse.

        Args:
            last: The day.
        """
        latest = None
        for on in self.steps.backward(self._reach_after(last)):
            moved = moved_day(on, self.shift, self.workdays)
            if moved is not None and moved <= last and moved != latest:
                yield moved
                latest = moved

    def _from(self, first: date, days: Iterable[date]) -> Iterator[date]:
        latest = None
        for on in days:
            moved = moved_day(on, self.shift, self.workdays)
            if moved is not None and moved >= first and moved != latest:
                yield moved
                latest = moved

    def _reach_before(self, first: date) -> date:
        """Return the first day that can move to a day or beyond."""
        worked = nearest_workday(first - _ONE_DAY, -1, self.workdays) if first > date.min else None
        return date.min if worked is None else worked + _ONE_DAY

    def _reach_after(self, last: date) -> date:
        """Return the last day that can move to a day or before."""
        if self.shift is Shift.FOLLOWING or last == date.max:
            return last
        worked = nearest_workday(last + _ONE_DAY, 1, self.workdays)
        return date.max if worked is None else worked - _ONE_DAY


def until(last: date, days: Iterable[date]) -> Iterator[date]:
    """
    Yield days up to a day.

    Args:
        last: The day.
        days: The days, in order.

    Example:
        >>> [on.day for on in until(date(2026, 7, 2), [date(2026, 7, 1), date(2026, 7, 3)])]
        [1]
    """
    for on in days:
        if on > last:
            return
        yield on
