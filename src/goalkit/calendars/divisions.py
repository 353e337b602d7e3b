"""How a calendar divides time: the kinds of cycles, and what every calendar can say about its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final, NamedTuple

from ..errors import InvalidValue, shown
from ..values import choice


class CycleKind(StrEnum):
    """
    How a cycle came about: one of a calendar's own divisions, or any other span.

    Example:
        >>> CycleKind("tertial")
        <CycleKind.TERTIAL: 'tertial'>
    """

    YEAR = "year"
    HALF = "half"
    TERTIAL = "tertial"
    QUARTER = "quarter"
    MONTH = "month"
    WEEK_YEAR = "week_year"
    WEEK = "week"
    WEEKS = "weeks"
    BACKLOG = "backlog"
    CUSTOM = "custom"


#: Months in one cycle of a kind. A year holds a whole number of them.
MONTHS: Final = {
    CycleKind.YEAR: 12,
    CycleKind.HALF: 6,
    CycleKind.TERTIAL: 4,
    CycleKind.QUARTER: 3,
    CycleKind.MONTH: 1,
}
LAST_ORDINAL: Final = date.max.toordinal()
LAST_YEAR: Final = date.max.year
_CENTURIES: Final = 146_097  # days in 400 years, after which the calendar repeats itself


class Division(NamedTuple):
    """
    Which cycle of a calendar is meant.

    Attributes:
        kind: The kind.
        year: The year that it belongs to. A block of weeks belongs to none: this is the ordinal of
            its first day.
        part: Which part of the year, from 1. Of a block of weeks, how many weeks it has.

    Example:
        >>> Division(CycleKind.QUARTER, 2026, 3).part
        3
    """

    kind: CycleKind
    year: int
    part: int


class Calendar(ABC):
    """
    A way to divide time into cycles with names. Immutable, and equal to whatever divides alike.

    Days are ordinals here, so that what lies beyond the first or the last possible day can be spoken of.

    Attributes:
        kinds: The kinds of its cycles that can be found by a day, from wide to narrow.
        hint: Ids of its cycles, as an example.

    Example:
        >>> from goalkit.calendars import FiscalCalendar
        >>> isinstance(FiscalCalendar(first_month=7), Calendar)
        True
    """

    __slots__ = ()

    kinds: ClassVar[tuple[CycleKind, ...]]
    hint: ClassVar[str]

    @abstractmethod
    def parts(self, kind: CycleKind, year: int) -> int:
        """Return how many cycles of a kind a year has."""

    @abstractmethod
    def span(self, division: Division) -> tuple[int, int]:
        """Return the ordinals of the first and the last day of a cycle, which may be beyond all days."""

    @abstractmethod
    def at(self, kind: CycleKind, on: date) -> Division:
        """Return the cycle of a kind that holds a day."""

    @abstractmethod
    def written(self, division: Division) -> str:
        """Return the id of a cycle."""

    @abstractmethod
    def _read(self, written: str) -> Division | None:
        """Return the cycle that an id may mean, going by its form."""

    def read(self, written: object) -> Division | None:
        """Return the cycle that has an id; None where there is none."""
        division = self._read(written) if isinstance(written, str) else None
        return division if division is not None and self.exists(division) else None

    def exists(self, division: Division) -> bool:
        """Tell whether there is such a cycle, all of whose days exist."""
        kind, year, part = division
        if kind is not CycleKind.WEEKS and not (1 <= year <= LAST_YEAR and 1 <= part <= self.parts(kind, year)):
            return False
        first, last = self.span(division)
        return first >= 1 and last <= LAST_ORDINAL

    def after(self, division: Division) -> Division:
        """Return the cycle that follows another of its kind."""
        kind, year, part = division
        return Division(kind, year, part + 1) if part < self.parts(kind, year) else Division(kind, year + 1, 1)

    def before(self, division: Division) -> Division:
        """Return the cycle that another of its kind follows."""
        kind, year, part = division
        return Division(kind, year, part - 1) if part > 1 else Division(kind, year - 1, self.parts(kind, year - 1))

    def days(self, division: Division) -> tuple[date, date]:
        """Return the first and the last day of a cycle that exists."""
        first, last = self.span(division)
        return date.fromordinal(first), date.fromordinal(last)

    def around(self, kind: CycleKind, first_day: date, last_day: date) -> Division | None:
        """Return the cycle of a kind that holds a span of days; None where none does."""
        found = self.at(kind, first_day)
        return found if self.exists(found) and self.days(found)[1] >= last_day else None

    def tiling(self, kind: CycleKind, first_day: date, last_day: date) -> list[Division]:
        """Return the cycles of a kind that a span of days is made of, in order; none where its ends are not theirs."""
        first, last = self.at(kind, first_day), self.at(kind, last_day)
        if (self.span(first)[0], self.span(last)[1]) != (first_day.toordinal(), last_day.toordinal()):
            return []
        found = [first]
        while found[-1] != last:
            found.append(self.after(found[-1]))
        return found

    def kind(self, value: CycleKind | str) -> CycleKind:
        """Return one of the kinds that can be found by a day; refuse every other (``unknown_choice``)."""
        try:
            kind = choice(CycleKind, value)
        except InvalidValue as error:
            raise error.under("kind") from None
        if kind in self.kinds:
            return kind
        message = f"the calendar has no cycles of the kind {shown(kind.value)}"
        hint = f"give one of {', '.join(self.kinds)}"
        raise InvalidValue.of("unknown_choice", message, path="kind", hint=hint)


def month_ordinal(number: int) -> int:
    """
    Return the ordinal of the first day of a month, in any year whatever.

    Args:
        number: The month, counted from January of the year 0.

    Example:
        >>> month_ordinal(2026 * 12 + 6) == date(2026, 7, 1).toordinal()
        True
    """
    year, month = divmod(number, 12)
    return date(400 + year % 400, month + 1, 1).toordinal() + (year // 400 - 1) * _CENTURIES


def month_of_year(kind: CycleKind, part: int) -> tuple[int, int]:
    """
    Return the first month of a part of a year, from 0, and the first month after it.

    Args:
        kind: A kind that is made of months.
        part: Which part, from 1.

    Example:
        >>> month_of_year(CycleKind.QUARTER, 3)
        (6, 9)
    """
    months = MONTHS[kind]
    return (part - 1) * months, part * months
