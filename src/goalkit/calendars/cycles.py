"""Cycles: closed spans of days with a name, for which goals are set."""

from __future__ import annotations

from datetime import date
from typing import Final

from attrs import Attribute, field, frozen
from attrs.converters import optional

from ..errors import InvalidValue, Problem, shown
from ..quantities import whole
from ..texts import identifier, text
from ..values import checked, choice
from .civil import CIVIL
from .daycounts import DayCount, elapsed
from .days import Span, bounds, day, in_order
from .divisions import Calendar, CycleKind, Division
from .workdays import WorkCalendar

_MOST_WEEKS: Final = 99
_LOOSE: Final = frozenset({CycleKind.CUSTOM, CycleKind.BACKLOG})


def _kind(value: CycleKind | str) -> CycleKind:
    return choice(CycleKind, value)


def _calendar(value: object) -> Calendar:
    if isinstance(value, Calendar):
        return value
    hint = "give a FiscalCalendar or a RetailCalendar; leave it out for the civil one"
    raise InvalidValue.of("wrong_kind", f"{shown(value)} is not a calendar", hint=hint)


def _after_first_day(cycle: Cycle, _: Attribute[date], last_day: date) -> None:
    in_order(cycle.first_day, last_day)


def _true_to_kind(cycle: Cycle, _: Attribute[CycleKind], kind: CycleKind) -> None:
    # Otherwise a document could call any fortnight the third quarter.
    if kind in _LOOSE:
        if cycle.calendar is not None:
            message = f"a cycle of the kind {kind} belongs to no calendar"
            hint = "leave it out, or give the kind, the id and the days of one of its cycles"
            raise InvalidValue.of("misplaced_field", message, path="calendar", hint=hint)
        if kind is CycleKind.CUSTOM:
            return
        right = date.min, date.max
    else:
        calendar = cycle.calendar or CIVIL
        known = calendar.read(cycle.id)
        if known is None or known.kind is not kind:
            message = f"{shown(cycle.id)} is not the id of a cycle of the kind {kind}"
            hint = f"{calendar.hint}, or make the kind custom"
            raise InvalidValue.of("cycle_mismatch", message, path="id", hint=hint)
        right = calendar.days(known)
    problems = [
        Problem(
            code="cycle_mismatch",
            path=name,
            message=f"{cycle.id} has {got} as its {name.replace('_', ' ')}",
            hint=f"it is {wanted}; for other days make the kind custom",
        )
        for name, got, wanted in zip(("first_day", "last_day"), (cycle.first_day, cycle.last_day), right, strict=True)
        if got != wanted
    ]
    if problems:
        raise InvalidValue(*problems)


@checked
@frozen(kw_only=True)
class Cycle:
    """
    A closed span of days with a name.

    The civil calendar's cycles come from the class methods, those of a fiscal or retail year from
    their calendar. Any other span is made by naming its days: its kind is then custom, and its id
    may be any that the plan does not use yet.

    Attributes:
        id: What goals call it, such as ``2026-Q3``.
        first_day: The first day that belongs to it.
        last_day: The last day that belongs to it, not before the first.
        kind: Which division of time it is. Unless it is custom or a backlog, the id and the days
            must be the ones that the kind makes.
        title: What people call it. May be empty.
        calendar: The fiscal or retail calendar that it belongs to; None for the civil one. An id
            such as ``FY2027-Q1`` means nothing without it.

    Raises:
        InvalidValue: ``days_out_of_order``, ``cycle_mismatch``, ``misplaced_field``, or what is
            wrong with a field.

    Example:
        >>> sprint = Cycle(id="sprint-9", first_day="2026-08-03", last_day="2026-08-14")
        >>> sprint.days, sprint.kind.value
        (12, 'custom')
    """

    id: str = field(converter=identifier)
    first_day: date = field(converter=day)
    last_day: date = field(converter=day, validator=_after_first_day)
    kind: CycleKind = field(default=CycleKind.CUSTOM, converter=_kind, validator=_true_to_kind)
    title: str = field(default="", converter=text)
    calendar: Calendar | None = field(default=None, converter=optional(_calendar))

    @classmethod
    def year(cls, year: int, *, title: str = "") -> Cycle:
        """
        Return a calendar year.

        Args:
            year: From 1 to 9999.
            title: What people call it.

        Example:
            >>> Cycle.year(2026).id, Cycle.year(2026).days
            ('2026', 365)
        """
        return cycle_of(None, CycleKind.YEAR, year, title=title)

    @classmethod
    def half(cls, year: int, half: int, *, title: str = "") -> Cycle:
        """
        Return half a calendar year.

        Args:
            year: From 1 to 9999.
            half: 1 or 2.
            title: What people call it.

        Example:
            >>> Cycle.half(2026, 1).id, Cycle.half(2026, 1).last_day.isoformat()
            ('2026-H1', '2026-06-30')
        """
        return cycle_of(None, CycleKind.HALF, year, half, title=title)

    @classmethod
    def tertial(cls, year: int, tertial: int, *, title: str = "") -> Cycle:
        """
        Return a third of a calendar year, as Nordic public bodies report by.

        Args:
            year: From 1 to 9999.
            tertial: From 1 to 3.
            title: What people call it.

        Example:
            >>> Cycle.tertial(2026, 2).id, Cycle.tertial(2026, 2).last_day.isoformat()
            ('2026-T2', '2026-08-31')
        """
        return cycle_of(None, CycleKind.TERTIAL, year, tertial, title=title)

    @classmethod
    def quarter(cls, year: int, quarter: int, *, title: str = "") -> Cycle:
        """
        Return a quarter of a calendar year.

        Args:
            year: From 1 to 9999.
            quarter: From 1 to 4.
            title: What people call it.

        Example:
            >>> Cycle.quarter(2026, 3).id, Cycle.quarter(2026, 3).days
            ('2026-Q3', 92)
        """
        return cycle_of(None, CycleKind.QUARTER, year, quarter, title=title)

    @classmethod
    def month(cls, year: int, month: int, *, title: str = "") -> Cycle:
        """
        Return a calendar month.

        Args:
            year: From 1 to 9999.
            month: From 1 to 12.
            title: What people call it.

        Example:
            >>> Cycle.month(2028, 2).id, Cycle.month(2028, 2).days
            ('2028-02', 29)
        """
        return cycle_of(None, CycleKind.MONTH, year, month, title=title)

    @classmethod
    def week(cls, year: int, week: int, *, title: str = "") -> Cycle:
        """
        Return a week of ISO 8601, from Monday to Sunday.

        Args:
            year: The year that holds its Thursday.
            week: From 1 to 52, or to 53 in a year that has so many.
            title: What people call it.

        Example:
            >>> Cycle.week(2026, 53).id, Cycle.week(2026, 53).last_day.isoformat()
            ('2026-W53', '2027-01-03')
        """
        return cycle_of(None, CycleKind.WEEK, year, week, title=title)

    @classmethod
    def week_year(cls, year: int, *, title: str = "") -> Cycle:
        """
        Return a year of whole ISO weeks, 52 or 53 of them.

        Args:
            year: From 1 to 9998, the last that ends within the calendar.
            title: What people call it.

        Example:
            >>> Cycle.week_year(2026).id, len(Cycle.week_year(2026).split("week"))
            ('2026-W', 53)
        """
        return cycle_of(None, CycleKind.WEEK_YEAR, year, title=title)

    @classmethod
    def weeks(cls, first_day: date, weeks: int = 6, *, containing: date | None = None, title: str = "") -> Cycle:
        """
        Return a block of weeks, whose neighbours are blocks of as many weeks.

        Args:
            first_day: The first day, on any day of the week.
            weeks: How many, 1 to 99.
            containing: A day. The block is then the one that holds it in the row of blocks, before
                and after, to which the first belongs.
            title: What people call it.

        Raises:
            InvalidValue: ``beyond_the_calendar``, or what is wrong with an argument.

        Example:
            >>> Cycle.weeks("2026-01-05").id, Cycle.weeks("2026-01-05").next().id
            ('2026-01-05-6W', '2026-02-16-6W')
            >>> Cycle.weeks("2026-01-05", containing="2026-08-10").first_day.isoformat()
            '2026-08-03'
        """
        weeks = _counted("weeks", weeks, _MOST_WEEKS)
        first = _day_at("first_day", first_day).toordinal()
        if containing is not None:
            first += (_day_at("containing", containing).toordinal() - first) // (7 * weeks) * (7 * weeks)
        return _made(None, Division(CycleKind.WEEKS, first, weeks), title)

    @classmethod
    def backlog(cls, id: str = "backlog", *, title: str = "") -> Cycle:  # noqa: A002 - the field's word
        """
        Return a place for goals that have no days yet.

        Its goals have no period. Since it has no bounds, its first and last day are the first and the
        last that there are; whatever counts days refuses it (``undated``).

        Args:
            id: Any id.
            title: What people call it.

        Example:
            >>> Cycle.backlog().is_dated
            False
        """
        return cls(id=id, first_day=date.min, last_day=date.max, kind=CycleKind.BACKLOG, title=title)

    @classmethod
    def containing(cls, on: date, kind: CycleKind | str) -> Cycle:
        """
        Return the civil calendar's one cycle of a kind that holds a day.

        Args:
            on: The day.
            kind: Such as ``quarter`` or ``week``.

        Raises:
            InvalidValue: ``unknown_choice``, ``not_a_day``, or ``beyond_the_calendar`` where not all
                days of that cycle exist.

        Example:
            >>> Cycle.containing(date(2027, 1, 1), "week").id
            '2026-W53'
        """
        return cycle_at(None, kind, on)

    @classmethod
    def parse(cls, id: str) -> Cycle:  # noqa: A002 - the field's word
        """
        Return the civil calendar's cycle that has an id, as the class methods make it.

        Args:
            id: Such as ``2026``, ``2026-H1``, ``2026-T2``, ``2026-Q3``, ``2026-07`` or ``2026-W53``.

        Raises:
            InvalidValue: ``not_a_cycle``, if no class method makes that id.

        Example:
            >>> Cycle.parse("2026-Q3") == Cycle.quarter(2026, 3)
            True
        """
        return parsed(None, id)

    @property
    def is_dated(self) -> bool:
        """
        Whether it has days of its own; a backlog has none.

        Example:
            >>> Cycle.quarter(2026, 3).is_dated
            True
        """
        return self.kind is not CycleKind.BACKLOG

    @property
    def days(self) -> int:
        """
        How many days it has, both ends counted.

        Raises:
            InvalidValue: ``undated``, if it is a backlog.

        Example:
            >>> Cycle.month(2026, 7).days
            31
        """
        first_day, last_day = bounds(self)
        return (last_day - first_day).days + 1

    def __contains__(self, on: object) -> bool:
        """
        Tell whether a day belongs to the cycle.

        Args:
            on: A day, in any form that `day` accepts.

        Raises:
            InvalidValue: If it is not a day, such as a moment with a time.

        Example:
            >>> q3 = Cycle.quarter(2026, 3)
            >>> date(2026, 9, 30) in q3, date(2026, 10, 1) in q3
            (True, False)
        """
        on = day(on)
        return self.is_dated and self.first_day <= on <= self.last_day

    def overlap(self, other: Span) -> int:
        """
        Return how many days it shares with another span.

        Args:
            other: A cycle, or anything else with a first and a last day.

        Raises:
            InvalidValue: ``not_a_span`` or ``days_out_of_order``; ``undated``, if one is a backlog.

        Example:
            >>> Cycle.week(2026, 27).overlap(Cycle.quarter(2026, 3))
            5
        """
        (first, last), (other_first, other_last) = bounds(self), bounds(other)
        return max(0, (min(last, other_last) - max(first, other_first)).days + 1)

    def elapsed(
        self, on: date, count: DayCount | str = DayCount.END_OF_DAY, workdays: WorkCalendar | None = None
    ) -> float:
        """
        Return how much of it has passed on a day, from 0 before it to 1 after it.

        Args:
            on: The day.
            count: Whether the day itself has passed: `DayCount`.
            workdays: Which days are working days, where only those count; every day otherwise.

        Raises:
            InvalidValue: ``no_workdays`` if there is none in it, ``undated``, ``unknown_choice`` or
                ``not_a_day``.

        Example:
            >>> april = Cycle.month(2026, 4)
            >>> april.elapsed(date(2026, 4, 15)), april.elapsed(date(2026, 4, 30), "start_of_day") < 1
            (0.5, True)
        """
        return elapsed(self, on, count=count, workdays=workdays)

    def next(self) -> Cycle:
        """
        Return the cycle of its kind that follows.

        Raises:
            InvalidValue: ``no_neighbour`` for a custom cycle or a backlog, ``beyond_the_calendar``
                after the last one.

        Example:
            >>> Cycle.quarter(2026, 4).next().id
            '2027-Q1'
        """
        calendar, division = self._place()
        return _made(self.calendar, calendar.after(division))

    def previous(self) -> Cycle:
        """
        Return the cycle of its kind that came before.

        Raises:
            InvalidValue: ``no_neighbour`` for a custom cycle or a backlog, ``beyond_the_calendar``
                before the first one.

        Example:
            >>> Cycle.week(2027, 1).previous().id
            '2026-W53'
        """
        calendar, division = self._place()
        return _made(self.calendar, calendar.before(division))

    def split(self, kind: CycleKind | str) -> tuple[Cycle, ...]:
        """
        Return the cycles of another kind, of the same calendar, that it is made of.

        Args:
            kind: Such as ``month``.

        Raises:
            InvalidValue: ``does_not_divide``, where it does not begin and end with one; ``undated``;
                or ``unknown_choice``.

        Example:
            >>> [month.id for month in Cycle.quarter(2026, 3).split("month")]
            ['2026-07', '2026-08', '2026-09']
        """
        calendar, kind = self._divided(kind)
        found = calendar.tiling(kind, self.first_day, self.last_day)
        if not found:
            message = f"{self.id} is not made of whole cycles of the kind {kind}"
            hint = "split a cycle that begins and ends with one"
            raise InvalidValue.of("does_not_divide", message, path="kind", hint=hint)
        return tuple(_made(self.calendar, division) for division in found)

    def parent(self, kind: CycleKind | str) -> Cycle:
        """
        Return the cycle of another kind, of the same calendar, that holds all of its days.

        Args:
            kind: Such as ``year``.

        Raises:
            InvalidValue: ``no_parent``, where no one cycle of that kind does; ``undated``; or
                ``unknown_choice``.

        Example:
            >>> Cycle.month(2026, 7).parent("half").id
            '2026-H2'
        """
        calendar, kind = self._divided(kind)
        found = calendar.around(kind, self.first_day, self.last_day)
        if found is None:
            message = f"no cycle of the kind {kind} holds all days of {self.id}"
            known = ", ".join(cycle.kind for cycle in self.parents)
            raise InvalidValue.of("no_parent", message, path="kind", hint=f"it has {known or 'none of any kind'}")
        return _made(self.calendar, found)

    @property
    def parents(self) -> tuple[Cycle, ...]:
        """
        The wider cycles of the same calendar that hold all of its days, the narrowest first.

        A year of ISO weeks is a parent of its weeks alone; other cycles lie within one by chance.

        Example:
            >>> [cycle.id for cycle in Cycle.quarter(2026, 3).parents]
            ['2026-H2', '2026']
        """
        if not self.is_dated:
            return ()
        calendar = self.calendar or CIVIL
        kinds = [kind for kind in calendar.kinds if kind is not CycleKind.WEEK_YEAR or self.kind is CycleKind.WEEK]
        found = [calendar.around(kind, self.first_day, self.last_day) for kind in kinds]
        cycles = [_made(self.calendar, division) for division in found if division is not None]
        return tuple(sorted((cycle for cycle in cycles if cycle.days > self.days), key=lambda cycle: cycle.days))

    def _divided(self, kind: CycleKind | str) -> tuple[Calendar, CycleKind]:
        calendar = self.calendar or CIVIL
        bounds(self)
        return calendar, calendar.kind(kind)

    def _place(self) -> tuple[Calendar, Division]:
        calendar = self.calendar or CIVIL
        division = None if self.kind in _LOOSE else calendar.read(self.id)
        if division is None:
            message = f"{self.id} is a cycle of the kind {self.kind}, which has no neighbours"
            hint = "make that cycle by its days, or use blocks of weeks, Cycle.weeks(first_day, weeks)"
            raise InvalidValue.of("no_neighbour", message, hint=hint)
        return calendar, division


def cycle_of(calendar: Calendar | None, kind: CycleKind, year: int, part: int = 1, *, title: str = "") -> Cycle:
    """
    Return a cycle of a calendar by its numbers.

    Args:
        calendar: The calendar; None for the civil one.
        kind: The kind.
        year: From 1 to 9999.
        part: Which part of the year, from 1.
        title: What people call it.

    Raises:
        InvalidValue: ``out_of_range``, ``beyond_the_calendar``, or what is wrong with a number.

    Example:
        >>> cycle_of(None, CycleKind.QUARTER, 2026, 3).id
        '2026-Q3'
    """
    year = _counted("year", year, date.max.year)
    part = _counted(kind.value, part, (calendar or CIVIL).parts(kind, year))
    return _made(calendar, Division(kind, year, part), title)


def cycle_at(calendar: Calendar | None, kind: CycleKind | str, on: date) -> Cycle:
    """
    Return the cycle of a kind that holds a day.

    Args:
        calendar: The calendar; None for the civil one.
        kind: The kind.
        on: The day.

    Raises:
        InvalidValue: ``unknown_choice``, ``not_a_day`` or ``beyond_the_calendar``.

    Example:
        >>> cycle_at(None, "month", date(2026, 7, 1)).id
        '2026-07'
    """
    known = calendar or CIVIL
    return _made(calendar, known.at(known.kind(kind), _day_at("on", on)))


def parsed(calendar: Calendar | None, written: str) -> Cycle:
    """
    Return the cycle of a calendar that has an id.

    Args:
        calendar: The calendar; None for the civil one.
        written: The id.

    Raises:
        InvalidValue: ``not_a_cycle``.

    Example:
        >>> parsed(None, "2026-07").days
        31
    """
    known = calendar or CIVIL
    division = known.read(written)
    if division is None:
        raise InvalidValue.of("not_a_cycle", f"{shown(written)} is not the id of a calendar cycle", hint=known.hint)
    return _made(calendar, division)


def _made(calendar: Calendar | None, division: Division, title: str = "") -> Cycle:
    known = calendar or CIVIL
    if not known.exists(division):
        message = f"not all days of that {division.kind.replace('_', ' ')} exist"
        hint = f"days go from {date.min} to {date.max}, and years from 1 to {date.max.year}"
        raise InvalidValue.of("beyond_the_calendar", message, hint=hint)
    first_day, last_day = known.days(division)
    return Cycle(
        id=known.written(division),
        first_day=first_day,
        last_day=last_day,
        kind=division.kind,
        title=title,
        calendar=calendar,
    )


def _counted(name: str, value: int, most: int) -> int:
    try:
        return whole(value, least=1, most=most)
    except InvalidValue as error:
        raise error.under(name) from None


def _day_at(name: str, value: object) -> date:
    try:
        return day(value)
    except InvalidValue as error:
        raise error.under(name) from None
