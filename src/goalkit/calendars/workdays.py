"""Working days: which days are worked, as a protocol and as plain data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final, Protocol, runtime_checkable

from attrs import Attribute, Factory, field, frozen

from ..errors import InvalidValue, Problem, shown
from ..values import checked, choice, instance
from .days import Span, bounds
from .days import day as civil_day
from .weekdays import WEEK, Weekday, weekday

#: Within so many days, a work calendar must have a working day.
LONGEST_REST: Final = 366

_ONE_DAY: Final = timedelta(1)
_CALENDAR_HINT: Final = "give an object with is_workday(on), such as Workweek()"


@runtime_checkable
class WorkCalendar(Protocol):
    """
    Says which days are worked.

    Anything with this one method will do. It must answer for every day from `datetime.date.min`
    to `datetime.date.max`, and always the same.

    Example:
        >>> class NeverOnMonday:
        ...     def is_workday(self, on: date) -> bool:
        ...         return on.weekday() not in (0, 5, 6)
        >>> isinstance(NeverOnMonday(), WorkCalendar)
        True
    """

    def is_workday(self, on: date) -> bool:
        """
        Tell whether a day is worked.

        Args:
            on: The day.
        """


class Shift(StrEnum):
    """
    Where a day moves that is not worked.

    Attributes:
        FOLLOWING: To the next working day.
        PRECEDING: To the last working day before it. The right one for reminders.
        MODIFIED_FOLLOWING: To the next, unless that is in another month: then to the one before. The
            right one for due days, because the end of a quarter stays in its quarter.
        MODIFIED_PRECEDING: To the one before, unless that is in another month: then to the next.

    Example:
        >>> Shift("modified_following")
        <Shift.MODIFIED_FOLLOWING: 'modified_following'>
    """

    FOLLOWING = "following"
    PRECEDING = "preceding"
    MODIFIED_FOLLOWING = "modified_following"
    MODIFIED_PRECEDING = "modified_preceding"


def _weekend(value: Iterable[Weekday | str]) -> tuple[Weekday, ...]:
    names = set(_each(value, weekday, "give weekdays, such as ['saturday', 'sunday']"))
    return tuple(name for name in WEEK if name in names)


def _holidays(value: Iterable[date]) -> tuple[date, ...]:
    return tuple(sorted(set(_each(value, civil_day, "give days, such as [date(2026, 12, 24)]"))))


def _each(value: Any, read: Any, hint: str) -> list[Any]:
    if isinstance(value, str) or not isinstance(value, Iterable) or getattr(value, "ndim", 1) == 0:
        raise InvalidValue.of("not_a_list", f"{shown(value)} is not a list", hint=hint)
    got: list[Any] = []
    problems: list[Problem] = []
    for at, item in enumerate(value):
        try:
            got.append(read(item))
        except InvalidValue as error:
            problems.extend(error.under(f"[{at}]").problems)
    if problems:
        raise InvalidValue(*problems)
    return got


def _not_the_whole_week(_: Workweek, attribute: Attribute[tuple[Weekday, ...]], weekend: tuple[Weekday, ...]) -> None:
    if len(weekend) == len(WEEK):
        message, hint = "no day of the week is worked", "leave at least one day out of the weekend"
        raise InvalidValue.of("no_workdays", message, path=attribute.name, hint=hint)


def _rest_days(week: Workweek) -> frozenset[int]:
    return frozenset(map(WEEK.index, week.weekend))


def _days_off(week: Workweek) -> frozenset[date]:
    return frozenset(week.holidays)


@checked
@frozen(kw_only=True)
class Workweek:
    """
    A work calendar as plain data: the same weekend in every week, and a list of other days off.

    Attributes:
        weekend: The weekdays that are not worked, in any order; Saturday and Sunday unless said
            otherwise. At least one day of the week is left.
        holidays: Other days that are not worked.

    Raises:
        InvalidValue: ``no_workdays`` if there is no day left to work, or what is wrong with a field.

    Example:
        >>> week = Workweek(holidays=[date(2026, 12, 24)])
        >>> week.is_workday(date(2026, 12, 23)), week.is_workday(date(2026, 12, 24))
        (True, False)
    """

    weekend: tuple[Weekday, ...] = field(
        default=(Weekday.SATURDAY, Weekday.SUNDAY), converter=_weekend, validator=_not_the_whole_week
    )
    holidays: tuple[date, ...] = field(default=(), converter=_holidays)
    _rest: frozenset[int] = field(init=False, repr=False, eq=False, default=Factory(_rest_days, takes_self=True))
    _off: frozenset[date] = field(init=False, repr=False, eq=False, default=Factory(_days_off, takes_self=True))

    def is_workday(self, on: date) -> bool:
        """
        Tell whether a day is worked.

        Args:
            on: The day.

        Example:
            >>> Workweek(weekend=["friday", "saturday"]).is_workday(date(2026, 7, 5))
            True
        """
        return on.weekday() not in self._rest and on not in self._off


#: Monday to Friday, without holidays: what is taken where no work calendar is given.
MONDAY_TO_FRIDAY: Final = Workweek()


def work_calendar(value: WorkCalendar | None) -> WorkCalendar:
    """
    Return a work calendar, Monday to Friday where none is given.

    Args:
        value: Anything with `is_workday`, or None.

    Raises:
        InvalidValue: ``wrong_kind``.

    Example:
        >>> work_calendar(None) == Workweek()
        True
    """
    return MONDAY_TO_FRIDAY if value is None else instance(WorkCalendar, value, _CALENDAR_HINT)  # type: ignore[type-abstract] # a protocol can be checked for


def count_workdays(span: Span, workdays: WorkCalendar | None = None) -> int:
    """
    Return how many working days a span has.

    Args:
        span: A cycle, or anything else with a first and a last day.
        workdays: Which days are worked; Monday to Friday where None is given.

    Raises:
        InvalidValue: ``wrong_kind``, or what is wrong with the span.

    Example:
        >>> from goalkit.calendars import Cycle
        >>> count_workdays(Cycle.quarter(2026, 3))
        66
    """
    first_day, last_day = bounds(span)
    is_workday = work_calendar(workdays).is_workday
    days = map(date.fromordinal, range(first_day.toordinal(), last_day.toordinal() + 1))
    return sum(1 for on in days if is_workday(on))


def shifted(on: date, shift: Shift | str, workdays: WorkCalendar | None = None) -> date:
    """
    Return the working day to which a day moves; a working day stays where it is.

    Args:
        on: The day.
        shift: Where it moves.
        workdays: Which days are worked; Monday to Friday where None is given.

    Raises:
        InvalidValue: ``no_workdays`` if no working day lies within 366 days, or before the calendar
            ends; ``unknown_choice``, ``wrong_kind`` or ``not_a_day``.

    Example:
        >>> shifted(date(2024, 3, 31), "modified_following").isoformat()
        '2024-03-29'
    """
    on = civil_day(on)
    moved = moved_day(on, choice(Shift, shift), work_calendar(workdays))
    if moved is None:
        message, hint = f"no working day is left from {on} to the end of the calendar", "choose the other direction"
        raise InvalidValue.of("no_workdays", message, hint=hint)
    return moved


def moved_day(on: date, shift: Shift, workdays: WorkCalendar) -> date | None:
    """
    Return the working day to which a day moves, or None where it moves out of the calendar.

    Args:
        on: The day.
        shift: Where it moves.
        workdays: Which days are worked.

    Raises:
        InvalidValue: ``no_workdays`` if no working day lies within 366 days.

    Example:
        >>> moved_day(date(2026, 7, 5), Shift.PRECEDING, Workweek()).isoformat()
        '2026-07-03'
    """
    if workdays.is_workday(on):
        return on
    step = 1 if shift in {Shift.FOLLOWING, Shift.MODIFIED_FOLLOWING} else -1
    moved = nearest_workday(on, step, workdays)
    keeps_month = shift in {Shift.MODIFIED_FOLLOWING, Shift.MODIFIED_PRECEDING}
    if keeps_month and (moved is None or (moved.year, moved.month) != (on.year, on.month)):
        return nearest_workday(on, -step, workdays)
    return moved


def nearest_workday(on: date, step: int, workdays: WorkCalendar) -> date | None:
    """
    Return the first working day in a direction, the day itself included, or None at the calendar's end.

    Args:
        on: The day.
        step: 1 for later days, -1 for earlier ones.
        workdays: Which days are worked.

    Raises:
        InvalidValue: ``no_workdays`` if no working day lies within 366 days.

    Example:
        >>> nearest_workday(date(2026, 7, 5), 1, Workweek()).isoformat()
        '2026-07-06'
    """
    start = on
    end = date.max if step > 0 else date.min
    for _ in range(LONGEST_REST):
        if workdays.is_workday(on):
            return on
        if on == end:
            return None
        on += step * _ONE_DAY
    message = f"the work calendar has no working day within {LONGEST_REST} days of {start}"
    raise InvalidValue.of("no_workdays", message, path="workdays", hint="give a calendar in which some days are worked")
