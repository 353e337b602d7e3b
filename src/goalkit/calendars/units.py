"""What a cadence may count, and which of its fields belong to what it counts."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final

from ..errors import Problem
from ..quantities import whole
from ..values import choice
from .weekdays import Nth
from .workdays import Shift


class CadenceUnit(StrEnum):
    """
    What a cadence counts.

    Attributes:
        DAY: Days.
        WEEK: Weeks.
        MONTH: Months.
        RULE: Whatever a recurrence rule says.
        CYCLE: The goal's cycle, whose last day is expected.

    Example:
        >>> CadenceUnit("month")
        <CadenceUnit.MONTH: 'month'>
    """

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    RULE = "rule"
    CYCLE = "cycle"


class MonthEnd(StrEnum):
    """
    What becomes of a day in a month that does not have it.

    Attributes:
        CLAMP: The last that it has is taken.
        SKIP: Nothing is expected in that month.

    Example:
        >>> MonthEnd("skip")
        <MonthEnd.SKIP: 'skip'>
    """

    CLAMP = "clamp"
    SKIP = "skip"


# -- the fields of a cadence, each from what people write -------------------------------------------


def unit(value: CadenceUnit | str) -> CadenceUnit:
    """Return what is counted."""
    return choice(CadenceUnit, value)


def every(value: object) -> int:
    """Return every how many."""
    return whole(value, least=1, most=_MOST)


def month_day(value: object) -> int:
    """Return a day of a month."""
    return whole(value, least=1, most=31)


def nth(value: Nth | str) -> Nth:
    """Return which weekday of a month."""
    return choice(Nth, value)


def month_end(value: MonthEnd | str) -> MonthEnd:
    """Return what becomes of a day that a month does not have."""
    return choice(MonthEnd, value)


def shift(value: Shift | str) -> Shift:
    """Return where a day moves."""
    return choice(Shift, value)


def count(value: object) -> int:
    """Return how many."""
    # Plans are gone through for the next day of each goal, so that the usual case is a short way.
    return value if type(value) is int and 0 < value <= _MOST else whole(value, least=1, most=_MOST)


def grace_days(value: object) -> int:
    """Return for how many days a check-in is not late."""
    return whole(value, least=0, most=_MOST)


_MOST: Final = 9999
_DAY, _WEEK, _MONTH, _RULE, _CYCLE = CadenceUnit
#: The units that have a field.
_AT_HOME: Final = {
    "every": (_DAY, _WEEK, _MONTH),
    "weekday": (_WEEK,),  # and months, where it comes with nth
    "day": (_MONTH,),
    "nth": (_MONTH,),
    "month_end": (_MONTH,),
    "recurrence": (_RULE,),
    "anchor": (_DAY, _WEEK, _MONTH, _RULE),
}
_INSTEAD: Final = {
    ("every", _RULE): "leave it out, and give the rule an INTERVAL",
    ("month_end", _RULE): "leave it out; a rule skips, and BYMONTHDAY=-1 is the end of every month",
    ("anchor", _CYCLE): "leave it out; the cycle has its own days",
}


def needed_fields(cadence: Any) -> Iterator[Problem]:
    """
    Yield what a cadence does not say and must.

    Args:
        cadence: The cadence.
    """
    needed = {_WEEK: "weekday", _RULE: "recurrence"}.get(cadence.unit)
    if cadence.unit is _MONTH:
        needed = "day"
        if cadence.nth is not None:
            needed = "weekday"
        elif cadence.weekday is not None:
            needed = "nth" if cadence.day is None else None
    if needed is not None and getattr(cadence, needed) is None:
        message = (
            f"a cadence of {cadence.unit}s needs a {needed}" if needed != "nth" else "it says no place in the month"
        )
        hint = f"say which {needed}" if needed != "nth" else "say which of these weekdays, such as last"
        yield Problem(code="missing_field", path=needed, message=message, hint=hint)


def misplaced_fields(cadence: Any, defaults: dict[str, Any]) -> Iterator[Problem]:
    """
    Yield what a cadence says and may not.

    Args:
        cadence: The cadence.
        defaults: What stands in each field where nothing is said.
    """
    unit = cadence.unit
    for name, homes in _AT_HOME.items():
        if getattr(cadence, name) == defaults[name] or unit in homes:
            continue
        if name == "weekday" and unit is _MONTH and cadence.day is None:
            continue
        hint = _INSTEAD.get((name, unit), f"leave it out, or count {' or '.join(f'{home}s' for home in homes)}")
        message = f"a cadence of {unit}s has no {name}"
        if name == "weekday" and unit is _MONTH:
            message, hint = "a day of the month falls on any weekday", "leave one out, or give nth instead of day"
        yield Problem(code="misplaced_field", path=name, message=message, hint=hint)
    if unit is _MONTH and None not in (cadence.day, cadence.nth):
        message, hint = f"day {cadence.day} is said beside it", "give a day, or nth with a weekday"
        yield Problem(code="misplaced_field", path="nth", message=message, hint=hint)
