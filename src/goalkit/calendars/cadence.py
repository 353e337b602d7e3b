"""
Cadence: when check-ins are expected.

Every expected day is computed from the calendar or from the anchor, never from the day before it:
whoever steps from 31 January to 28 February and on arrives at 28 March.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Final

from attrs import Attribute, field, frozen
from attrs.converters import optional

from ..errors import InvalidValue
from ..quantities import whole
from ..values import checked, choice
from .days import Span, bounds
from .days import day as civil_day

_EPOCH: Final = date(1970, 1, 1).toordinal()
_EPOCH_MONDAY: Final = date(1970, 1, 5).toordinal()
_EPOCH_MONTH: Final = 1970 * 12


class CadenceUnit(StrEnum):
    """
    What a cadence counts.

    Example:
        >>> Cadence.quarterly().unit
        <CadenceUnit.MONTH: 'month'>
    """

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


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


_WEEK: Final = tuple(Weekday)


def _unit(value: CadenceUnit | str) -> CadenceUnit:
    return choice(CadenceUnit, value)


def _weekday(value: Weekday | str) -> Weekday:
    return choice(Weekday, value)


def _every(value: object) -> int:
    return whole(value, least=1, most=9999)


def _month_day(value: object) -> int:
    return whole(value, least=1, most=31)


def _grace_days(value: object) -> int:
    return whole(value, least=0, most=9999)


def _belongs_to(unit: CadenceUnit, cadence: Cadence, attribute: Attribute[object], value: object) -> None:
    name = attribute.name
    if cadence.unit is unit and value is None:
        message = f"a cadence of {unit}s needs a {name}"
        raise InvalidValue.of("missing_field", message, path=name, hint=f"say which {name}")
    if cadence.unit is not unit and value is not None:
        message = f"a cadence of {cadence.unit}s has no {name}"
        raise InvalidValue.of("misplaced_field", message, path=name, hint=f"leave it out, or count {unit}s")


def _expected_itself(cadence: Cadence, attribute: Attribute[date | None], anchor: date | None) -> None:
    # Whether a Wednesday counts the week before it or the week after is anyone's guess.
    if anchor is None:
        return
    if cadence.weekday not in (None, _WEEK[anchor.weekday()]):
        message = f"the anchor {anchor} is a {_WEEK[anchor.weekday()]}, not a {cadence.weekday}"
    elif cadence.day is not None and anchor != _day_of_month(_month_number(anchor), cadence.day):
        message = f"the anchor {anchor} is not day {cadence.day} of its month"
    else:
        return
    hint = "give the first expected day itself"
    raise InvalidValue.of("anchor_mismatch", message, path=attribute.name, hint=hint)


@checked
@frozen(kw_only=True)
class Cadence:
    """
    When check-ins are expected, as plain data.

    The class methods are the ordinary way to make one.

    Attributes:
        unit: What is counted: days, weeks or months.
        every: Every how many of them, 1 to 9999.
        weekday: The day of the week. Given for weeks, and only for them.
        day: The day of the month, 1 to 31; in a shorter month its last day. Given for months, and
            only for them.
        anchor: The first expected day, from which is counted and before which nothing is expected.
            Where it is None, there is no first day: days are counted from 1970-01-01, weeks from
            the Monday of 1970-01-05, and months in blocks from January 1970, expected in the last
            month of a block. Blocks of 2, 3, 4, 6 or 12 months thus end with the calendar's own.
        grace_days: For how many days after an expected day its check-in is not late, 0 to 9999.

    Raises:
        InvalidValue: ``missing_field``, ``misplaced_field``, ``anchor_mismatch`` if the anchor is
            not an expected day itself, or what is wrong with a field.

    Example:
        >>> from goalkit.calendars import Cycle
        >>> fortnightly = Cadence(unit="week", every=2, weekday="monday", anchor="2026-07-06")
        >>> [slot.isoformat() for slot in fortnightly.slots(Cycle.month(2026, 7))]
        ['2026-07-06', '2026-07-20']
    """

    unit: CadenceUnit = field(converter=_unit)
    every: int = field(default=1, converter=_every)
    weekday: Weekday | None = field(
        default=None, converter=optional(_weekday), validator=partial(_belongs_to, CadenceUnit.WEEK)
    )
    day: int | None = field(
        default=None,
        converter=optional(_month_day),
        validator=partial(_belongs_to, CadenceUnit.MONTH),
    )
    anchor: date | None = field(default=None, converter=optional(civil_day), validator=_expected_itself)
    grace_days: int = field(default=0, converter=_grace_days)

    @classmethod
    def daily(cls, *, every: int = 1, anchor: date | None = None, grace_days: int = 0) -> Cadence:
        """
        Expect a check-in every day, or every so many days.

        Args:
            every: The distance in days.
            anchor: The first expected day.
            grace_days: Days after an expected day on which its check-in is not late.

        Example:
            >>> from goalkit.calendars import Cycle
            >>> len(Cadence.daily().slots(Cycle.quarter(2026, 3)))
            92
        """
        return cls(unit=CadenceUnit.DAY, every=every, anchor=anchor, grace_days=grace_days)

    @classmethod
    def weekly(
        cls,
        weekday: Weekday | str = Weekday.MONDAY,
        *,
        every: int = 1,
        anchor: date | None = None,
        grace_days: int = 0,
    ) -> Cadence:
        """
        Expect a check-in on a day of every week, or of every so many weeks.

        Args:
            weekday: Which day.
            every: The distance in weeks.
            anchor: The first expected day, itself such a weekday.
            grace_days: Days after an expected day on which its check-in is not late.

        Example:
            >>> from goalkit.calendars import Cycle
            >>> len(Cadence.weekly("monday").slots(Cycle.quarter(2026, 3)))
            13
        """
        return cls(
            unit=CadenceUnit.WEEK,
            every=every,
            weekday=weekday,
            anchor=anchor,
            grace_days=grace_days,
        )

    @classmethod
    def monthly(cls, day: int = 31, *, every: int = 1, anchor: date | None = None, grace_days: int = 0) -> Cadence:
        """
        Expect a check-in on a day of every month, or of every so many months.

        Args:
            day: Which day of the month; in a shorter month its last day, so that 31 always means
                the month's end.
            every: The distance in months.
            anchor: The first expected day, itself such a day of a month.
            grace_days: Days after an expected day on which its check-in is not late.

        Example:
            >>> from goalkit.calendars import Cycle
            >>> [slot.isoformat() for slot in Cadence.monthly(day=31).slots(Cycle.quarter(2026, 1))]
            ['2026-01-31', '2026-02-28', '2026-03-31']
        """
        return cls(unit=CadenceUnit.MONTH, every=every, day=day, anchor=anchor, grace_days=grace_days)

    @classmethod
    def quarterly(cls, day: int = 31, *, anchor: date | None = None, grace_days: int = 0) -> Cadence:
        """
        Expect a check-in in the last month of each quarter, or every third month from an anchor.

        Args:
            day: Which day of that month; in a shorter month its last day.
            anchor: The first expected day, itself such a day of a month.
            grace_days: Days after an expected day on which its check-in is not late.

        Example:
            >>> from goalkit.calendars import Cycle
            >>> [slot.isoformat() for slot in Cadence.quarterly().slots(Cycle.half(2026, 1))]
            ['2026-03-31', '2026-06-30']
        """
        return cls.monthly(day, every=3, anchor=anchor, grace_days=grace_days)

    def slots(self, span: Span) -> tuple[date, ...]:
        """
        Return the expected days within a span, both ends included, in order.

        Args:
            span: A cycle, or anything else with a first and a last day.

        Raises:
            InvalidValue: ``not_a_span`` or ``days_out_of_order``.

        Example:
            >>> from goalkit.calendars import Cycle
            >>> Cadence.daily(every=20).slots(Cycle.month(2026, 7))
            (datetime.date(2026, 7, 6), datetime.date(2026, 7, 26))
        """
        first_day, last_day = bounds(span)
        if self.anchor is not None:
            first_day = max(first_day, self.anchor)
        if self.unit is CadenceUnit.MONTH:
            return tuple(slot for slot in self._month_days(first_day, last_day) if first_day <= slot <= last_day)
        step, origin = self._rhythm()
        first = first_day.toordinal()
        first += (origin - first) % step
        return tuple(map(date.fromordinal, range(first, last_day.toordinal() + 1, step)))

    def _rhythm(self) -> tuple[int, int]:
        """Return the distance in days between two slots, and the ordinal of any one of them."""
        step, origin = self.every, _EPOCH
        if self.weekday is not None:
            step, origin = 7 * self.every, _EPOCH_MONDAY + _WEEK.index(self.weekday)
        return step, origin if self.anchor is None else self.anchor.toordinal()

    def _month_days(self, first_day: date, last_day: date) -> Iterator[date]:
        """Yield the day in each counted month, from the month of one day to that of another."""
        assert self.day is not None, "months have a day"  # noqa: S101 - the validator's promise
        origin = _EPOCH_MONTH + self.every - 1 if self.anchor is None else _month_number(self.anchor)
        first = _month_number(first_day)
        first += (origin - first) % self.every
        for number in range(first, _month_number(last_day) + 1, self.every):
            yield _day_of_month(number, self.day)


def _month_number(on: date) -> int:
    return on.year * 12 + on.month - 1


def _day_of_month(number: int, day: int) -> date:
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day, monthrange(year, month)[1]))
