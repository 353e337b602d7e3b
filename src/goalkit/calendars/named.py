"""What the calendars of businesses share: years that are called FY2027, and their parts."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final

from .cycles import Cycle, cycle_at, cycle_of, parsed
from .divisions import Calendar, CycleKind, Division

_LETTERS: Final = {
    CycleKind.HALF: "H",
    CycleKind.TERTIAL: "T",
    CycleKind.QUARTER: "Q",
    CycleKind.MONTH: "M",
    CycleKind.WEEK: "W",
}
_BY_LETTER: Final = {letter: kind for kind, letter in _LETTERS.items()}
_TWO_DIGITS: Final = frozenset({CycleKind.MONTH, CycleKind.WEEK})
_ID: Final = re.compile(r"FY([0-9]{4})(?:-(?:([HTQ])([1-9])|([MW])([0-9]{2})))?")


class NamedBy(StrEnum):
    """
    After which calendar year a fiscal year is called: the one in which it starts, or in which it ends.

    Example:
        >>> NamedBy("start")
        <NamedBy.START: 'start'>
    """

    START = "start"
    END = "end"


class NamedCalendar(Calendar):
    """
    A calendar whose years are called FY2027, and whose cycles know it.

    Its ids do not say which calendar they belong to, so they are read with the calendar itself.

    Example:
        >>> from goalkit.calendars import FiscalCalendar
        >>> FiscalCalendar(first_month=7).parse("FY2027-Q1").first_day.isoformat()
        '2026-07-01'
    """

    __slots__ = ()

    hint: ClassVar[str] = "write FY2027, FY2027-H1, FY2027-Q3 or FY2027-M07"

    def year(self, year: int, *, title: str = "") -> Cycle:
        """
        Return a year.

        Args:
            year: The year that it is named by.
            title: What people call it.

        Raises:
            InvalidValue: ``out_of_range``, or ``beyond_the_calendar`` if not all of its days exist.

        Example:
            >>> from goalkit.calendars import FiscalCalendar
            >>> FiscalCalendar(first_month=7).year(2027).id
            'FY2027'
        """
        return cycle_of(self, CycleKind.YEAR, year, title=title)

    def half(self, year: int, half: int, *, title: str = "") -> Cycle:
        """
        Return half a year.

        Args:
            year: The year that it belongs to.
            half: 1 or 2.
            title: What people call it.

        Raises:
            InvalidValue: ``out_of_range`` or ``beyond_the_calendar``.

        Example:
            >>> from goalkit.calendars import FiscalCalendar
            >>> FiscalCalendar(first_month=7).half(2027, 2).first_day.isoformat()
            '2027-01-01'
        """
        return cycle_of(self, CycleKind.HALF, year, half, title=title)

    def quarter(self, year: int, quarter: int, *, title: str = "") -> Cycle:
        """
        Return a quarter of a year.

        Args:
            year: The year that it belongs to.
            quarter: From 1 to 4.
            title: What people call it.

        Raises:
            InvalidValue: ``out_of_range`` or ``beyond_the_calendar``.

        Example:
            >>> from goalkit.calendars import RetailCalendar
            >>> RetailCalendar.nrf().quarter(2023, 4).days == 14 * 7
            True
        """
        return cycle_of(self, CycleKind.QUARTER, year, quarter, title=title)

    def month(self, year: int, month: int, *, title: str = "") -> Cycle:
        """
        Return a month, counted from the first of the year.

        Args:
            year: The year that it belongs to.
            month: From 1 to 12.
            title: What people call it.

        Raises:
            InvalidValue: ``out_of_range`` or ``beyond_the_calendar``.

        Example:
            >>> from goalkit.calendars import FiscalCalendar
            >>> FiscalCalendar(first_month=7).month(2027, 1).id
            'FY2027-M01'
        """
        return cycle_of(self, CycleKind.MONTH, year, month, title=title)

    def containing(self, on: date, kind: CycleKind | str) -> Cycle:
        """
        Return the one cycle of a kind that holds a day.

        Args:
            on: The day.
            kind: Such as ``quarter``.

        Raises:
            InvalidValue: ``unknown_choice``, ``not_a_day``, or ``beyond_the_calendar`` where not all
                days of that cycle exist.

        Example:
            >>> from goalkit.calendars import FiscalCalendar
            >>> FiscalCalendar(first_month=7).containing(date(2026, 8, 1), "quarter").id
            'FY2027-Q1'
        """
        return cycle_at(self, kind, on)

    def parse(self, id: str) -> Cycle:  # noqa: A002 - the field's word
        """
        Return the cycle that has an id.

        Args:
            id: Such as ``FY2027``, ``FY2027-H1``, ``FY2027-Q3`` or ``FY2027-M07``.

        Raises:
            InvalidValue: ``not_a_cycle``, if the calendar makes none of that id.

        Example:
            >>> from goalkit.calendars import FiscalCalendar
            >>> FiscalCalendar(first_month=4, first_day=6).parse("FY2027").last_day.isoformat()
            '2027-04-05'
        """
        return parsed(self, id)

    def written(self, division: Division) -> str:
        """Return the id of a cycle."""
        kind, year, part = division
        if kind is CycleKind.YEAR:
            return f"FY{year:04}"
        return f"FY{year:04}-{_LETTERS[kind]}{part:0{2 if kind in _TWO_DIGITS else 1}}"

    def _read(self, written: str) -> Division | None:
        match = _ID.fullmatch(written)
        if match is None:
            return None
        letter, part = match[2] or match[4], match[3] or match[5]
        if letter is None:
            return Division(CycleKind.YEAR, int(match[1]), 1)
        kind = _BY_LETTER[letter]
        return Division(kind, int(match[1]), int(part)) if kind in self.kinds else None
