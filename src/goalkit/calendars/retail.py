"""Retail years: whole weeks, 52 or 53 of them, in months of four and five."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from itertools import accumulate
from typing import ClassVar, Final

from attrs import field, frozen

from ..quantities import whole
from ..values import checked, choice
from .cycles import Cycle, cycle_of
from .divisions import MONTHS, CycleKind, Division, month_of_year, month_ordinal
from .named import NamedBy, NamedCalendar
from .weekdays import Weekday

_WEEK: Final = tuple(Weekday)


class YearEnd(StrEnum):
    """
    On which of its weekdays a retail year ends.

    Attributes:
        NEAREST: The one nearest to the last day of the month, up to three days before or after it.
        LAST: The last one in the month.

    Example:
        >>> YearEnd("last")
        <YearEnd.LAST: 'last'>
    """

    NEAREST = "nearest"
    LAST = "last"


class WeekPattern(StrEnum):
    """
    How many weeks the three months of a quarter have.

    Example:
        >>> WeekPattern("4-5-4").weeks
        (4, 5, 4)
    """

    FOUR_FOUR_FIVE = "4-4-5"
    FOUR_FIVE_FOUR = "4-5-4"
    FIVE_FOUR_FOUR = "5-4-4"

    @property
    def weeks(self) -> tuple[int, ...]:
        """The weeks of each month."""
        return tuple(map(int, self.value.split("-")))


def _month(value: object) -> int:
    return whole(value, least=1, most=12)


def _weekday(value: Weekday | str) -> Weekday:
    return choice(Weekday, value)


def _year_end(value: YearEnd | str) -> YearEnd:
    return choice(YearEnd, value)


def _pattern(value: WeekPattern | str) -> WeekPattern:
    return choice(WeekPattern, value)


def _named_by(value: NamedBy | str) -> NamedBy:
    return choice(NamedBy, value)


@checked
@frozen(kw_only=True)
class RetailCalendar(NamedCalendar):
    """
    A year of whole weeks, so that its parts can be compared with those of another year.

    It always ends on the same weekday, near the end of the same month. Every five or six years it
    has 53 weeks. Without arguments it is the calendar of `nrf`.

    Attributes:
        last_month: The calendar month at whose end the year ends, 1 to 12.
        last_weekday: The weekday on which it ends; the year, and each of its weeks, begins on the next.
        year_end: On which of those weekdays it ends: the nearest to the month's last day, or the last
            one in the month.
        pattern: How many weeks the months of a quarter have.
        extra_week: The month, 1 to 12, counted from the first of the year, that is one week longer in
            a year of 53 weeks.
        named_by: Whether a year is called after the calendar year in which its first month begins, or
            its last month ends. Both go by the months, not by the few days around their ends.

    Raises:
        InvalidValue: What is wrong with a field.

    Example:
        >>> RetailCalendar(last_month=12, year_end="last", pattern="4-4-5").year(2022).last_day.isoformat()
        '2022-12-31'
    """

    kinds: ClassVar[tuple[CycleKind, ...]] = (
        CycleKind.YEAR,
        CycleKind.HALF,
        CycleKind.QUARTER,
        CycleKind.MONTH,
        CycleKind.WEEK,
    )
    hint: ClassVar[str] = "write FY2027, FY2027-H1, FY2027-Q3, FY2027-M07 or FY2027-W05"

    last_month: int = field(default=1, converter=_month)
    last_weekday: Weekday = field(default=Weekday.SATURDAY, converter=_weekday)
    year_end: YearEnd = field(default=YearEnd.NEAREST, converter=_year_end)
    pattern: WeekPattern = field(default=WeekPattern.FOUR_FIVE_FOUR, converter=_pattern)
    extra_week: int = field(default=12, converter=_month)
    named_by: NamedBy = field(default=NamedBy.START, converter=_named_by)

    @classmethod
    def nrf(cls) -> RetailCalendar:
        """
        Return the calendar of the National Retail Federation of the United States.

        Its year ends on the Saturday nearest to 31 January and has the pattern 4-5-4.

        Example:
            >>> year = RetailCalendar.nrf().year(2023)
            >>> year.first_day.isoformat(), year.last_day.isoformat(), year.days // 7
            ('2023-01-29', '2024-02-03', 53)
        """
        return cls()

    def week(self, year: int, week: int, *, title: str = "") -> Cycle:
        """
        Return a week of a year.

        Args:
            year: The year that it belongs to.
            week: From 1 to 52, or to 53 in a year that has so many.
            title: What people call it.

        Raises:
            InvalidValue: ``out_of_range`` or ``beyond_the_calendar``.

        Example:
            >>> RetailCalendar.nrf().week(2023, 53).last_day.isoformat()
            '2024-02-03'
        """
        return cycle_of(self, CycleKind.WEEK, year, week, title=title)

    def parts(self, kind: CycleKind, year: int) -> int:
        """Return how many cycles of a kind a year has."""
        return self._weeks(year) if kind is CycleKind.WEEK else 12 // MONTHS[kind]

    def span(self, division: Division) -> tuple[int, int]:
        """Return the ordinals of the first and the last day of a cycle, which may be beyond all days."""
        kind, year, part = division
        first = self._last(year - 1) + 1
        if kind is CycleKind.WEEK:
            begin, end = part - 1, part
        else:
            ends = (0, *self._month_ends(year))
            begin, end = (ends[month] for month in month_of_year(kind, part))
        return first + 7 * begin, first + 7 * end - 1

    def at(self, kind: CycleKind, on: date) -> Division:
        """
        Return which year and part of it holds a day, without making a cycle of it: for many days at once.

        Args:
            kind: The kind of cycle.
            on: The day.
        """
        ordinal = on.toordinal()
        year = on.year + 1
        while self._last(year - 1) >= ordinal:
            year -= 1
        week = (ordinal - self._last(year - 1) - 1) // 7
        if kind is CycleKind.WEEK:
            return Division(kind, year, week + 1)
        month = sum(1 for end in self._month_ends(year) if end <= week)
        return Division(kind, year, month // MONTHS[kind] + 1)

    def _last(self, year: int) -> int:
        """Return the ordinal of the last day of a year."""
        ahead = self.named_by is NamedBy.START and self.last_month < 12  # noqa: PLR2004 - December, as in the docstring
        end = month_ordinal(12 * (year + ahead) + self.last_month) - 1
        latest = end + 3 if self.year_end is YearEnd.NEAREST else end
        return latest - (latest - 1 - _WEEK.index(self.last_weekday)) % 7

    def _weeks(self, year: int) -> int:
        return (self._last(year) - self._last(year - 1)) // 7

    def _month_ends(self, year: int) -> Sequence[int]:
        """Return how many weeks have passed at the end of each month."""
        weeks = [*self.pattern.weeks] * 4
        weeks[self.extra_week - 1] += self._weeks(year) - sum(weeks)
        return [*accumulate(weeks)]
