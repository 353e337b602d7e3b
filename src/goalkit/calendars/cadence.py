"""
Cadence: when check-ins are expected.

Every expected day is computed from the calendar or from the anchor, never from the day before it:
whoever steps from 31 January to 28 February and on arrives at 28 March.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice
from typing import Final

from attrs import Attribute, field, fields, frozen
from attrs.converters import optional

from ..errors import InvalidValue
from ..values import checked
from . import units
from .days import Span, bounds
from .days import day as civil_day
from .rule_text import rule_text
from .rules import rule
from .steps import DaySteps, MonthSteps, Moved, Once, Steps, until
from .units import CadenceUnit, MonthEnd
from .weekdays import WEEK, Nth, Weekday, month_number, weekday
from .workdays import Shift, WorkCalendar, work_calendar

_EPOCH: Final = date(1970, 1, 1).toordinal()
_EPOCH_MONDAY: Final = date(1970, 1, 5).toordinal()
_EPOCH_MONTH: Final = 1970 * 12
_ONE_DAY: Final = timedelta(1)
_LAST_DAY: Final = date.max
# Half a year has at least as many days: 26 weeks, or January to June.
_HALF_A_YEAR: Final = 181


def _consistent(cadence: Cadence, _: Attribute[int], __: int) -> None:
    defaults = {column.name: column.default for column in fields(Cadence)}
    problems = [*units.needed_fields(cadence), *units.misplaced_fields(cadence, defaults)]
    if problems:
        raise InvalidValue(*problems)
    if cadence.recurrence is not None:
        rule(cadence.recurrence, cadence.anchor)
    elif cadence.anchor is not None:
        _expected_itself(cadence, cadence.anchor)


def _expected_itself(cadence: Cadence, anchor: date) -> None:
    # Whether a Wednesday counts the week before it or the week after is anyone's guess.
    steps = cadence._steps()  # noqa: SLF001 - it belongs to the class
    if cadence.unit is CadenceUnit.WEEK and cadence.weekday is not WEEK[anchor.weekday()]:
        message = f"the anchor {anchor} is a {WEEK[anchor.weekday()]}, not a {cadence.weekday}"
    elif isinstance(steps, MonthSteps) and anchor != steps.in_month(month_number(anchor)):
        meant = f"day {cadence.day}" if cadence.nth is None else f"the {cadence.nth} {cadence.weekday}"
        message = f"the anchor {anchor} is not {meant} of its month"
    else:
        return
    hint = "give the first expected day itself"
    raise InvalidValue.of("anchor_mismatch", message, path="anchor", hint=hint)


class _Remembering:
    """What a cadence works out once, because plans are gone through for the next day of each goal."""

    __slots__ = ("_known",)
    _known: Steps | None


@checked
@frozen(kw_only=True)
class Cadence(_Remembering):
    """
    When check-ins are expected, as plain data.

    The class methods are the ordinary way to make one.

    Attributes:
        unit: What is counted: days, weeks or months; or what a rule or a goal's cycle says.
        every: Every how many days, weeks or months, 1 to 9999.
        weekday: The day of the week. Given for weeks, and for months with ``nth``.
        day: The day of the month, 1 to 31. Given for months, unless ``nth`` is.
        nth: Which of a month's weekdays is meant: ``first`` to ``fifth``, or ``last``.
        month_end: What becomes of a month without such a day: its last one is taken (``clamp``; of a
            fifth Friday, the last Friday), or it has none (``skip``, as recurrence rules do).
        recurrence: A rule of RFC 5545. Given for rules, and only for them.
        anchor: The first expected day, from which is counted and before which nothing is expected.
            Where it is None, there is no first day: days are counted from 1970-01-01, weeks from
            the Monday of 1970-01-05, and months in blocks from January 1970, expected in the last
            month of a block. Blocks of 2, 3, 4, 6 or 12 months thus end with the calendar's own. The
            anchor of a rule need not be one of its days.
        shift: Where an expected day moves that is not worked; None to leave it where it is. The
            anchor is a day before it moves.
        grace_days: For how many days after an expected day its check-in is not late, 0 to 9999.

    Raises:
        InvalidValue: ``missing_field``, ``misplaced_field``, ``anchor_mismatch`` if the anchor is
            not an expected day itself, ``no_days`` if a rule never gives one, or what is wrong with
            a field.

    Example:
        >>> from goalkit.calendars import Cycle
        >>> fortnightly = Cadence(unit="week", every=2, weekday="monday", anchor="2026-07-06")
        >>> [slot.isoformat() for slot in fortnightly.slots(Cycle.month(2026, 7))]
        ['2026-07-06', '2026-07-20']
    """

    unit: CadenceUnit = field(converter=units.unit)
    every: int = field(default=1, converter=units.every)
    weekday: Weekday | None = field(default=None, converter=optional(weekday))
    day: int | None = field(default=None, converter=optional(units.month_day))
    nth: Nth | None = field(default=None, converter=optional(units.nth))
    month_end: MonthEnd = field(default=MonthEnd.CLAMP, converter=units.month_end)
    recurrence: str | None = field(default=None, converter=optional(rule_text))
    anchor: date | None = field(default=None, converter=optional(civil_day))
    shift: Shift | None = field(default=None, converter=optional(units.shift))
    grace_days: int = field(default=0, converter=units.grace_days, validator=_consistent)

    @classmethod
    def daily(
        cls, *, every: int = 1, anchor: date | None = None, shift: Shift | str | None = None, grace_days: int = 0
    ) -> Cadence:
        """
        Expect a check-in every day, or every so many days.

        Args:
            every: The distance in days.
            anchor: The first expected day.
            shift: Where a day moves that is not worked.
            grace_days: Days after an expected day on which its check-in is not late.

        Example:
            >>> from goalkit.calendars import Cycle
            >>> len(Cadence.daily().slots(Cycle.quarter(2026, 3)))
            92
            >>> len(Cadence.daily(shift="preceding").slots(Cycle.quarter(2026, 3)))  # the working days
            66
        """
        return cls(unit=CadenceUnit.DAY, every=every, anchor=anchor, shift=shift, grace_days=grace_days)

    @classmethod
    def weekly(
        cls,
        weekday: Weekday | str = Weekday.MONDAY,
        *,
        every: int = 1,
        anchor: date | None = None,
        shift: Shift | str | None = None,
        grace_days: int = 0,
    ) -> Cadence:
        """
        Expect a check-in on a day of every week, or of every so many weeks.

        Args:
            weekday: Which day.
            every: The distance in weeks.
            anchor: The first expected day, itself such a weekday.
            shift: Where a day moves that is not worked.
            grace_days: Days after an expected day on which its check-in is not late.

        Example:
            >>> from goalkit.calendars import Cycle
            >>> len(Cadence.weekly("monday").slots(Cycle.quarter(2026, 3)))
            13
        """
        return cls(
            unit=CadenceUnit.WEEK, every=every, weekday=weekday, anchor=anchor, shift=shift, grace_days=grace_days
        )

    @classmethod
    def monthly(
        cls,
        day: int = 31,
        *,
        every: int = 1,
        month_end: MonthEnd | str = MonthEnd.CLAMP,
        anchor: date | None = None,
        shift: Shift | str | None = None,
        grace_days: int = 0,
    ) -> Cadence:
        """
        Expect a check-in on a day of every month, or of every so many months.

        Args:
            day: Which day of the month; 31 means the month's end, unless short months are skipped.
            every: The distance in months.
            month_end: Whether a month without that day has its last instead, or none (``skip``).
            anchor: The first expected day, itself such a day of a month.
            shift: Where a day moves that is not worked.
            grace_days: Days after an expected day on which its check-in is not late.

        Example:
            >>> from goalkit.calendars import Cycle
            >>> [slot.isoformat() for slot in Cadence.monthly(day=31).slots(Cycle.quarter(2026, 1))]
            ['2026-01-31', '2026-02-28', '2026-03-31']
        """
        return cls(
            unit=CadenceUnit.MONTH,
            every=every,
            day=day,
            month_end=month_end,
            anchor=anchor,
            shift=shift,
            grace_days=grace_days,
        )

    @classmethod
    def monthly_on(
        cls,
        nth: Nth | str,
        weekday: Weekday | str,
        *,
        every: int = 1,
        month_end: MonthEnd | str = MonthEnd.CLAMP,
        anchor: date | None = None,
        shift: Shift | str | None = None,
        grace_days: int = 0,
    ) -> Cadence:
        """
        Expect a check-in on the first, second … or last of a weekday in a month.

        Args:
            nth: Which of them, such as ``last``.
            weekday: Which day.
            every: The distance in months.
            month_end: Whether a month without a fifth has its last instead, or none (``skip``).
            anchor: The first expected day, itself such a day of a month.
            shift: Where a day moves that is not worked.
            grace_days: Days after an expected day on which its check-in is not late.

        Example:
            >>> from goalkit.calendars import Cycle
            >>> [slot.isoformat() for slot in Cadence.monthly_on("last", "friday").slots(Cycle.quarter(2026, 1))]
            ['2026-01-30', '2026-02-27', '2026-03-27']
        """
        return cls(
            unit=CadenceUnit.MONTH,
            every=every,
            nth=nth,
            weekday=weekday,
            month_end=month_end,
            anchor=anchor,
            shift=shift,
            grace_days=grace_days,
        )

    @classmethod
    def last_workday(cls, *, every: int = 1, anchor: date | None = None, grace_days: int = 0) -> Cadence:
        """
        Expect a check-in on the last working day of every month, or of every so many months.

        Args:
            every: The distance in months.
            anchor: The last day of the first month, worked or not.
            grace_days: Days after an expected day on which its check-in is not late.

        Example:
            >>> from goalkit.calendars import Cycle
            >>> [slot.isoformat() for slot in Cadence.last_workday().slots(Cycle.quarter(2026, 1))]
            ['2026-01-30', '2026-02-27', '2026-03-31']
        """
        return cls(
            unit=CadenceUnit.MONTH, every=every, day=31, anchor=anchor, shift=Shift.PRECEDING, grace_days=grace_days
        )

    @classmethod
    def quarterly(
        cls,
        day: int = 31,
        *,
        month_end: MonthEnd | str = MonthEnd.CLAMP,
        anchor: date | None = None,
        shift: Shift | str | None = None,
        grace_days: int = 0,
    ) -> Cadence:
        """
        Expect a check-in in the last month of each quarter, or every third month from an anchor.

        Args:
            day: Which day of that month.
            month_end: Whether a month without that day has its last instead, or none (``skip``).
            anchor: The first expected day, itself such a day of a month.
            shift: Where a day moves that is not worked.
            grace_days: Days after an expected day on which its check-in is not late.

        Example:
            >>> from goalkit.calendars import Cycle
            >>> [slot.isoformat() for slot in Cadence.quarterly().slots(Cycle.half(2026, 1))]
            ['2026-03-31', '2026-06-30']
        """
        return cls(
            unit=CadenceUnit.MONTH,
            every=3,
            day=day,
            month_end=month_end,
            anchor=anchor,
            shift=shift,
            grace_days=grace_days,
        )

    @classmethod
    def per_cycle(cls, *, shift: Shift | str | None = None, grace_days: int = 0) -> Cadence:
        """
        Expect one check-in, on the last day of the goal's cycle.

        Args:
            shift: Where a day moves that is not worked.
            grace_days: Days after an expected day on which its check-in is not late.

        Example:
            >>> from goalkit.calendars import Cycle
            >>> q3 = Cycle.quarter(2026, 3)
            >>> Cadence.per_cycle().slots(Cycle.year(2026), cycle=q3)
            (datetime.date(2026, 9, 30),)
        """
        return cls(unit=CadenceUnit.CYCLE, shift=shift, grace_days=grace_days)

    @classmethod
    def rule(
        cls, recurrence: str, *, anchor: date | None = None, shift: Shift | str | None = None, grace_days: int = 0
    ) -> Cadence:
        """
        Expect a check-in on the days of a recurrence rule of RFC 5545.

        Days are meant, so FREQ is DAILY, WEEKLY, MONTHLY or YEARLY, and UNTIL is a day. A month without
        such a day is skipped, as the standard says; ``BYMONTHDAY=-1`` is the end of every month. Only
        the days of the rule are expected: an anchor that is none of them is not.

        Args:
            recurrence: Such as ``FREQ=MONTHLY;BYDAY=-1FR``.
            anchor: The day from which is counted (DTSTART). Needed for COUNT, and where the rule leaves
                the day of a month or year to it.
            shift: Where a day moves that is not worked.
            grace_days: Days after an expected day on which its check-in is not late.

        Raises:
            InvalidValue: ``no_days`` if no day follows from the rule, ``missing_field`` if it needs an anchor,
                or what is wrong with it.

        Example:
            >>> from goalkit.calendars import Cycle
            >>> [slot.isoformat() for slot in Cadence.rule("FREQ=MONTHLY;BYDAY=2TU").slots(Cycle.quarter(2026, 3))]
            ['2026-07-14', '2026-08-11', '2026-09-08']
        """
        return cls(unit=CadenceUnit.RULE, recurrence=recurrence, anchor=anchor, shift=shift, grace_days=grace_days)

    @classmethod
    def minimum_for(cls, cycle: Span) -> Cadence:
        """
        Return the least that is published as good practice for goals of a cycle.

        A year's goals are updated at least quarterly, those of half a year quarterly or monthly, those of
        a quarter at least monthly (Asana, on the process of tracking goals). By its length, any other
        cycle is treated alike: quarterly from half a year on, else monthly. One in which no month ends
        has one check-in, at its own end.

        Args:
            cycle: A cycle, or anything else with a first and a last day.

        Raises:
            InvalidValue: ``not_a_span`` or ``days_out_of_order``.

        Example:
            >>> from goalkit.calendars import Cycle
            >>> Cadence.minimum_for(Cycle.year(2026)) == Cadence.quarterly()
            True
        """
        first_day, last_day = bounds(cycle)
        if (last_day - first_day).days + 1 >= _HALF_A_YEAR:
            return cls.quarterly()
        monthly = cls.monthly()
        return monthly if monthly.slots(cycle) else cls.per_cycle()

    def slots(self, span: Span, *, workdays: WorkCalendar | None = None, cycle: Span | None = None) -> tuple[date, ...]:
        """
        Return the expected days within a span, both ends included, in order.

        A day that moves belongs to the span in which it arrives, and days that arrive together are one.

        Args:
            span: A cycle, or anything else with a first and a last day.
            workdays: Which days are worked, where a cadence has a shift; Monday to Friday where None
                is given.
            cycle: The goal's cycle, for a cadence per cycle.

        Raises:
            InvalidValue: ``not_a_span`` or ``days_out_of_order``; ``no_workdays`` if no day is worked for
                a year, ``wrong_kind`` if no work calendar is given, ``missing_field`` without a cycle.

        Example:
            >>> from goalkit.calendars import Cycle
            >>> Cadence.daily(every=20).slots(Cycle.month(2026, 7))
            (datetime.date(2026, 7, 6), datetime.date(2026, 7, 26))
        """
        first_day, last_day = bounds(span)
        steps = self._moving(workdays, cycle)
        if isinstance(steps, Moved):
            return tuple(steps.between(first_day, last_day))
        return tuple(until(last_day, steps.forward(first_day)))

    def upcoming(
        self, after: date, count: int = 12, *, workdays: WorkCalendar | None = None, cycle: Span | None = None
    ) -> tuple[date, ...]:
        """
        Return the next expected days after a day, fewer where there are no more.

        Args:
            after: The day, itself not included.
            count: How many, 1 to 9999.
            workdays: Which days are worked, as in `slots`.
            cycle: The goal's cycle, as in `slots`.

        Raises:
            InvalidValue: As `slots`, or what is wrong with the day or the count.

        Example:
            >>> [slot.isoformat() for slot in Cadence.quarterly().upcoming(date(2026, 7, 1), 2)]
            ['2026-09-30', '2026-12-31']
        """
        count = units.count(count)
        after = civil_day(after)
        steps = self._moving(workdays, cycle)
        return tuple(islice(steps.forward(after + _ONE_DAY), count)) if after < _LAST_DAY else ()

    def next(self, after: date, *, workdays: WorkCalendar | None = None, cycle: Span | None = None) -> date | None:
        """
        Return the next expected day after a day, or None where there is no more.

        Args:
            after: The day, itself not included.
            workdays: Which days are worked, as in `slots`.
            cycle: The goal's cycle, as in `slots`.

        Raises:
            InvalidValue: As `slots`, or what is wrong with the day.

        Example:
            >>> Cadence.weekly("friday").next(date(2026, 7, 3)).isoformat()
            '2026-07-10'
        """
        after = civil_day(after)
        steps = self._moving(workdays, cycle)
        return next(steps.forward(after + _ONE_DAY), None) if after < _LAST_DAY else None

    def previous(self, before: date, *, workdays: WorkCalendar | None = None, cycle: Span | None = None) -> date | None:
        """
        Return the last expected day before a day, or None where there is none.

        Args:
            before: The day, itself not included.
            workdays: Which days are worked, as in `slots`.
            cycle: The goal's cycle, as in `slots`.

        Raises:
            InvalidValue: As `slots`, or what is wrong with the day.

        Example:
            >>> Cadence.weekly("friday").previous(date(2026, 7, 3)).isoformat()
            '2026-06-26'
        """
        before = civil_day(before)
        steps = self._moving(workdays, cycle)
        return next(steps.backward(before - _ONE_DAY), None) if before > date.min else None

    def _moving(self, workdays: WorkCalendar | None, cycle: Span | None) -> Steps:
        """Return the expected days, moved where the cadence says so."""
        steps = self._steps()
        if steps is None:
            if cycle is None:
                message, hint = "a cadence per cycle depends on the goal's", "give the cycle of the goal"
                raise InvalidValue.of("missing_field", message, path="cycle", hint=hint)
            steps = Once(bounds(cycle)[1])
        return steps if self.shift is None else Moved(steps, self.shift, work_calendar(workdays))

    def _steps(self) -> Steps | None:
        """Return the expected days before any of them moves; None where the goal's cycle says which."""
        try:
            return self._known
        except AttributeError:
            object.__setattr__(self, "_known", self._read())
            return self._known

    def _read(self) -> Steps | None:
        if self.unit is CadenceUnit.CYCLE:
            return None
        if self.unit is CadenceUnit.MONTH:
            origin = _EPOCH_MONTH + self.every - 1 if self.anchor is None else month_number(self.anchor)
            skips = self.month_end is MonthEnd.SKIP
            return MonthSteps(self.every, origin, self.anchor, self.day, self.nth, self.weekday, skips)
        if self.recurrence is not None:
            return rule(self.recurrence, self.anchor)
        distance, origin = self.every, _EPOCH
        if self.weekday is not None:
            distance, origin = 7 * self.every, _EPOCH_MONDAY + WEEK.index(self.weekday)
        return DaySteps(distance, origin if self.anchor is None else self.anchor.toordinal(), self.anchor)
