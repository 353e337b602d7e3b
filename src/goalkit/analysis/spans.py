"""Spans of days as numbers, and how a calendar divides them: the columns behind figures by period."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, NamedTuple, final

from ..calendars import Cycle, RetailCalendar
from ..calendars.civil import CIVIL
from ..calendars.cycles import cycle_of
from ..calendars.divisions import LAST_ORDINAL, MONTHS, Calendar, CycleKind, Division
from ..errors import InvalidValue
from ..values import instance

_LEAST_DAYS: Final = {kind: 28 * months for kind, months in MONTHS.items()} | {
    CycleKind.WEEK: 7,
    CycleKind.WEEK_YEAR: 364,
}


class Span(NamedTuple):
    """
    A span of days of a calendar, which may be a period with a name.

    Attributes:
        first: The ordinal of the first day.
        last: The ordinal of the last day.
        calendar: The calendar by which it is divided.
    """

    first: int
    last: int
    calendar: Calendar = CIVIL

    @classmethod
    def of(cls, cycle: Cycle) -> Span:
        """
        Return the days of a cycle.

        Args:
            cycle: A cycle with days.
        """
        return cls(cycle.first_day.toordinal(), cycle.last_day.toordinal(), cycle.calendar or CIVIL)

    def until(self, last: int | None) -> int:
        """
        Return the ordinal of its last day, or of an earlier one.

        Args:
            last: The last day that is seen; None for all.
        """
        return self.last if last is None else min(self.last, last)


@final
class Spans(Sequence[Span]):
    """
    Several spans, in order, as columns.

    Attributes:
        firsts: The ordinals of their first days.
        lasts: The ordinals of their last days.
        calendar: The calendar by which they are divided.
        name: What the span at a place is called.
    """

    __slots__ = ("calendar", "firsts", "lasts", "name")

    def __init__(
        self, firsts: Sequence[int], lasts: Sequence[int], calendar: Calendar, name: Callable[[int], str]
    ) -> None:
        self.firsts: Final = firsts
        self.lasts: Final = lasts
        self.calendar: Final = calendar
        self.name: Final = name

    def __len__(self) -> int:
        return len(self.lasts)

    def __getitem__(self, at: int) -> Span:  # type: ignore[override] # nobody slices spans
        return Span(self.firsts[at], self.lasts[at], self.calendar)

    @property
    def exist(self) -> bool:
        """Whether all days of theirs do."""
        return self.firsts[0] >= 1 and self.lasts[-1] <= LAST_ORDINAL

    def rolled(self, size: int) -> Spans:
        """
        Return the spans from each one's beginning to the end of that so many places further.

        Args:
            size: How many spans make one.
        """
        count = max(0, len(self) - size + 1)
        return Spans(self.firsts[:count], self.lasts[size - 1 :], self.calendar, lambda at: self.name(at + size - 1))


@lru_cache(maxsize=512)
def divided(
    calendar: Calendar, kind: CycleKind, first: int, last: int
) -> tuple[tuple[Division, ...], tuple[int, ...], tuple[int, ...]]:
    """
    Return the periods of a kind that hold any day of a span, in order, with their first and last days.

    Args:
        calendar: The calendar.
        kind: The kind.
        first: The ordinal of the first day.
        last: The ordinal of the last day.

    Example:
        >>> months, _, _ = divided(CIVIL, CycleKind.MONTH, date(2026, 7, 15).toordinal(), date(2026, 9, 1).toordinal())
        >>> [division.part for division in months]
        [7, 8, 9]
    """
    end = calendar.at(kind, date.fromordinal(last))
    found = [calendar.at(kind, date.fromordinal(first))]
    while found[-1] != end:
        found.append(calendar.after(found[-1]))
    ends = [calendar.span(each) for each in found]
    return tuple(found), tuple(begin for begin, _ in ends), tuple(end for _, end in ends)


def tiles(span: Span, kind: CycleKind) -> Spans | None:
    """
    Return the periods of a kind that a span is made of; None where it does not begin and end with one.

    Args:
        span: The span.
        kind: The kind.

    Example:
        >>> len(tiles(Span.of(Cycle.quarter(2026, 3)), CycleKind.MONTH)), tiles(Span(739000, 739001), CycleKind.MONTH)
        (3, None)
    """
    found = around(span, kind)
    if found is None or (found.firsts[0], found.lasts[-1]) != (span.first, span.last):
        return None
    return found


def around(span: Span, kind: CycleKind) -> Spans | None:
    """
    Return the periods of a kind that hold any day of a span; None where its calendar has no such kind.

    Args:
        span: The span.
        kind: The kind.
    """
    calendar = span.calendar
    if kind not in calendar.kinds:
        return None
    found, firsts, lasts = divided(calendar, kind, span.first, span.last)
    return Spans(firsts, lasts, calendar, lambda at: calendar.written(found[at]))


def daily(span: Span) -> Spans:
    """
    Return the single days of a span.

    Args:
        span: The span.
    """
    days = range(span.first, span.last + 1)
    return Spans(days, days, span.calendar, lambda at: str(date.fromordinal(days[at])))


def most(span: Span, kind: CycleKind | None) -> int:
    """
    Return how many whole periods of a kind a span holds at most, without finding them.

    Args:
        span: The span.
        kind: The kind; None for days.

    Example:
        >>> most(Span.of(Cycle.year(2026)), CycleKind.MONTH), most(Span.of(Cycle.year(2026)), None)
        (13, 365)
    """
    return (span.last - span.first + 1) // (1 if kind is None else _LEAST_DAYS[kind])


def calendar_of(value: Calendar | None) -> Calendar:
    """
    Return a calendar; the civil one where none is given.

    Args:
        value: The calendar.

    Raises:
        InvalidValue: If it is something else (``wrong_kind``).

    Example:
        >>> calendar_of(None) is CIVIL
        True
    """
    hint = "give a calendar such as FiscalCalendar(first_month=7)"
    return CIVIL if value is None else instance(Calendar, value, hint)  # type: ignore[type-abstract] # it is looked at only


def further_back(span: Span, kind: CycleKind | None, count: int) -> Spans | None:
    """
    Return the periods that a span is made of with some more before them; None where there are not so many.

    Args:
        span: The span, made of whole periods.
        kind: Their kind; None for days.
        count: How many more.

    Example:
        >>> months = further_back(Span.of(Cycle.quarter(2026, 3)), CycleKind.MONTH, 2)
        >>> [months.name(at) for at in range(len(months))]
        ['2026-05', '2026-06', '2026-07', '2026-08', '2026-09']
    """
    if kind is None:
        begin = span.first - count
        return daily(Span(begin, span.last, span.calendar)) if begin >= 1 else None
    division = span.calendar.at(kind, date.fromordinal(span.first))
    for _ in range(count):
        division = span.calendar.before(division)
        if not span.calendar.exists(division):
            return None
    return around(Span(span.calendar.span(division)[0], span.last, span.calendar), kind)


_WEEKS_IN_A_YEAR: Final = timedelta(weeks=52)
_BY_WEEKS: Final = frozenset({CycleKind.WEEK, CycleKind.WEEK_YEAR, CycleKind.WEEKS})


def year_before(cycle: Cycle) -> Cycle:
    """
    Return the same period a year before: by its place in the year, by 52 weeks where weeks are compared, else by dates.

    Args:
        cycle: A period with days.

    Raises:
        InvalidValue: ``beyond_the_calendar``, where there is no year before.

    Example:
        >>> year_before(Cycle.quarter(2026, 3)).id, str(year_before(Cycle.week(2026, 53)).first_day)
        ('2025-Q3', '2025-12-29')
    """
    known = cycle.calendar or CIVIL
    by_weeks = cycle.kind in _BY_WEEKS or isinstance(known, RetailCalendar)
    try:
        if by_weeks:
            first_day, last_day = cycle.first_day - _WEEKS_IN_A_YEAR, cycle.last_day - _WEEKS_IN_A_YEAR
        elif cycle.kind in known.kinds:
            division = known.at(cycle.kind, cycle.first_day)
            return cycle_of(cycle.calendar, cycle.kind, division.year - 1, division.part)
        else:
            first_day, last_day = _earlier(cycle.first_day), _earlier(cycle.last_day)
    except OverflowError:
        message = f"there is no year before {cycle.id}"
        raise InvalidValue.of("beyond_the_calendar", message, hint=f"days begin on {date.min}") from None
    return Cycle(id=f"{first_day} to {last_day}", first_day=first_day, last_day=last_day)


def _earlier(on: date) -> date:
    """Return the same day a year before; of 29 February, the day before it."""
    if on.year == date.min.year:
        raise OverflowError
    return on.replace(year=on.year - 1, day=28) if (on.month, on.day) == (2, 29) else on.replace(year=on.year - 1)
