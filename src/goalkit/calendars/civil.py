"""The calendar on the wall: years and their even parts, ISO weeks, and blocks of weeks."""

from __future__ import annotations

import re
from datetime import date
from typing import ClassVar, Final

from .divisions import MONTHS, Calendar, CycleKind, Division, month_of_year, month_ordinal

_LETTERS: Final = {CycleKind.HALF: "H", CycleKind.TERTIAL: "T", CycleKind.QUARTER: "Q"}
_BY_LETTER: Final = {letter: kind for kind, letter in _LETTERS.items()}
_ID: Final = re.compile(r"([0-9]{4})(?:-(?:([HTQ])([1-9])|([0-9]{2})|W([0-9]{2})?))?")
_WEEKS_ID: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})-([1-9][0-9]?)W")


class CivilCalendar(Calendar):
    """
    The civil calendar, with the weeks of ISO 8601.

    A week begins on Monday and belongs to the year that holds its Thursday, so that some years have
    53 of them and a year of weeks does not begin on 1 January.

    Example:
        >>> CIVIL.written(CIVIL.at(CycleKind.WEEK, date(2027, 1, 1)))
        '2026-W53'
    """

    __slots__ = ()

    kinds: ClassVar[tuple[CycleKind, ...]] = (*MONTHS, CycleKind.WEEK_YEAR, CycleKind.WEEK)
    hint: ClassVar[str] = (
        "write 2026, 2026-H1, 2026-T2, 2026-Q3, 2026-07, 2026-W53, 2026-W for its weeks, or 2026-01-05-6W"
    )

    def parts(self, kind: CycleKind, year: int) -> int:
        """Return how many cycles of a kind a year has."""
        if kind is CycleKind.WEEK:
            return (_first_monday(year + 1) - _first_monday(year)) // 7
        return 1 if kind is CycleKind.WEEK_YEAR else 12 // MONTHS[kind]

    def span(self, division: Division) -> tuple[int, int]:
        """Return the ordinals of the first and the last day of a cycle, which may be beyond all days."""
        kind, year, part = division
        if kind is CycleKind.WEEKS:
            return year, year + 7 * part - 1
        if kind is CycleKind.WEEK_YEAR:
            return _first_monday(year), _first_monday(year + 1) - 1
        if kind is CycleKind.WEEK:
            first = _first_monday(year) + 7 * (part - 1)
            return first, first + 6
        begin, end = month_of_year(kind, part)
        return month_ordinal(12 * year + begin), month_ordinal(12 * year + end) - 1

    def at(self, kind: CycleKind, on: date) -> Division:
        """Return the cycle of a kind that holds a day."""
        if kind in MONTHS:
            return Division(kind, on.year, (on.month - 1) // MONTHS[kind] + 1)
        year, week, _ = on.isocalendar()
        return Division(kind, year, week if kind is CycleKind.WEEK else 1)

    def after(self, division: Division) -> Division:
        """Return the cycle that follows another of its kind."""
        if division.kind is CycleKind.WEEKS:
            return division._replace(year=division.year + 7 * division.part)
        return super().after(division)

    def before(self, division: Division) -> Division:
        """Return the cycle that another of its kind follows."""
        if division.kind is CycleKind.WEEKS:
            return division._replace(year=division.year - 7 * division.part)
        return super().before(division)

    def written(self, division: Division) -> str:
        """Return the id of a cycle."""
        kind, year, part = division
        if kind is CycleKind.WEEKS:
            return f"{date.fromordinal(year)}-{part}W"
        if kind is CycleKind.YEAR:
            return f"{year:04}"
        if kind is CycleKind.WEEK_YEAR:
            return f"{year:04}-W"
        if kind in _LETTERS:
            return f"{year:04}-{_LETTERS[kind]}{part}"
        return f"{year:04}-{'W' if kind is CycleKind.WEEK else ''}{part:02}"

    def _read(self, written: str) -> Division | None:
        if match := _ID.fullmatch(written):
            year, letter, part, month, week = match.groups()
            if letter:
                return Division(_BY_LETTER[letter], int(year), int(part))
            if month or week:
                return Division(CycleKind.MONTH if month else CycleKind.WEEK, int(year), int(month or week))
            return Division(CycleKind.WEEK_YEAR if written.endswith("W") else CycleKind.YEAR, int(year), 1)
        if match := _WEEKS_ID.fullmatch(written):
            try:
                return Division(CycleKind.WEEKS, date.fromisoformat(match[1]).toordinal(), int(match[2]))
            except ValueError:
                return None
        return None


def _first_monday(year: int) -> int:
    """Return the ordinal of the Monday of the week that holds 4 January, the first of its year."""
    fourth = month_ordinal(12 * year) + 3
    return fourth - (fourth - 1) % 7


#: The one civil calendar.
CIVIL: Final = CivilCalendar()
