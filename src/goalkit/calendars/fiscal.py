"""Fiscal years: twelve months that begin on any day of the year."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from attrs import Attribute, field, frozen

from ..errors import InvalidValue
from ..quantities import whole
from ..values import checked, choice
from .cycles import Cycle, cycle_of
from .divisions import MONTHS, CycleKind, Division, month_of_year, month_ordinal
from .named import NamedBy, NamedCalendar

_COMMON_YEAR = 2025 * 12  # any year without 29 February
_END = NamedBy.END
_make = tuple.__new__


def _month(value: object) -> int:
    return whole(value, least=1, most=12)


def _day(value: object) -> int:
    return whole(value, least=1, most=31)


def _named_by(value: NamedBy | str) -> NamedBy:
    return choice(NamedBy, value)


def _in_every_year(calendar: FiscalCalendar, attribute: Attribute[int], value: int) -> None:
    number = _COMMON_YEAR + calendar.first_month - 1
    most = month_ordinal(number + 1) - month_ordinal(number)
    if value > most:
        message = f"month {calendar.first_month} does not have a day {value} in every year"
        hint = f"give a day from 1 to {most}, or the first day of the next month"
        raise InvalidValue.of("no_such_day", message, path=attribute.name, hint=hint)


@checked
@frozen(kw_only=True)
class FiscalCalendar(NamedCalendar):
    """
    A year of twelve months that begins on the same day every year, with its even parts.

    Where the first day is not the first of a month, the fiscal months begin on that day of each
    calendar month, or on the last one of a month that is shorter.

    Attributes:
        first_month: The calendar month in which the year begins, 1 to 12.
        first_day: The day of that month, one that it has in every year.
        named_by: Whether a year is called after the calendar year in which it starts, or in which it
            ends. A year from 1 January to 31 December does both in the same.

    Raises:
        InvalidValue: ``no_such_day``, or what is wrong with a field.

    Example:
        >>> FiscalCalendar(first_month=7, named_by="start").quarter(2026, 1).first_day.isoformat()
        '2026-07-01'
        >>> FiscalCalendar(first_month=4, first_day=6).year(2027).first_day.isoformat()
        '2026-04-06'
    """

    kinds: ClassVar[tuple[CycleKind, ...]] = tuple(MONTHS)
    hint: ClassVar[str] = "write FY2027, FY2027-H1, FY2027-T2, FY2027-Q3 or FY2027-M07"

    first_month: int = field(converter=_month)
    first_day: int = field(default=1, converter=_day, validator=_in_every_year)
    named_by: NamedBy = field(default=NamedBy.END, converter=_named_by)

    def tertial(self, year: int, tertial: int, *, title: str = "") -> Cycle:
        """
        Return a third of a year.

        Args:
            year: The year that it belongs to.
            tertial: From 1 to 3.
            title: What people call it.

        Raises:
            InvalidValue: ``out_of_range`` or ``beyond_the_calendar``.

        Example:
            >>> FiscalCalendar(first_month=7).tertial(2027, 3).last_day.isoformat()
            '2027-06-30'
        """
        return cycle_of(self, CycleKind.TERTIAL, year, tertial, title=title)

    def parts(self, kind: CycleKind, year: int) -> int:  # noqa: ARG002 - every year has as many
        """Return how many cycles of a kind a year has."""
        return 12 // MONTHS[kind]

    def span(self, division: Division) -> tuple[int, int]:
        """Return the ordinals of the first and the last day of a cycle, which may be beyond all days."""
        kind, year, part = division
        begin, end = month_of_year(kind, part)
        first_month = 12 * year + self.first_month - 1
        if self.named_by is _END and (self.first_month > 1 or self.first_day > 1):
            first_month -= 12
        return self._begin(first_month + begin), self._begin(first_month + end) - 1

    def at(self, kind: CycleKind, on: date) -> Division:
        """
        Return which year and part of it holds a day, without making a cycle of it: for many days at once.

        Args:
            kind: The kind of cycle.
            on: The day.
        """
        first_month = self.first_month
        number = 12 * on.year + on.month - first_month
        if self.first_day > 1 and on.toordinal() < self._begin(number + first_month - 1):
            number -= 1
        if self.named_by is _END and (first_month > 1 or self.first_day > 1):
            number += 12
        # Columns of days go through here, and the class itself takes twice the time to make one.
        return _make(Division, (kind, number // 12, number % 12 // MONTHS[kind] + 1))

    def _begin(self, number: int) -> int:
        """Return the ordinal of the day on which the fiscal month begins that begins in a calendar month."""
        first, following = month_ordinal(number), month_ordinal(number + 1)
        return min(first + self.first_day, following) - 1
