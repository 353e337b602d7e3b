"""The boundary of days: what comes in where a civil day, or a span of them, belongs."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Protocol

from ..errors import InvalidValue, shown

_DAY_TEXT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]00(?::00(?::00(?:\.0+)?)?)?)?")
_LONGEST_TEXT = 40
_HINT = (
    "give a datetime.date, or text such as '2026-07-01'; choose the day of a moment yourself, in the goal's own zone"
)


def day(value: object) -> date:
    """
    Return a civil day.

    A timestamp at midnight without a zone is what dataframes make of a day, so it is accepted; any
    other moment is refused, because which day it falls on depends on a zone that is not known here.

    Args:
        value: A date, ISO text (``2026-07-01``), or a zoneless midnight as datetime, numpy or
            pandas timestamp, or text.

    Raises:
        InvalidValue: For everything else.

    Example:
        >>> day("2026-07-01")
        datetime.date(2026, 7, 1)
    """
    if type(value) is date:
        return value
    if isinstance(value, datetime):
        if value != value:  # noqa: PLR0124 - how a dataframe's missing time tells itself apart
            raise InvalidValue.of("not_a_day", f"{shown(value)} is not a day", hint="give None where no day is known")
        if value.tzinfo is None and value.time() == time() and not getattr(value, "nanosecond", 0):
            return date(value.year, value.month, value.day)  # value.date() may be of a subclass again
        raise InvalidValue.of("not_a_day", f"{shown(value)} is a moment, not a day", hint=_HINT)
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    kind = getattr(getattr(value, "dtype", None), "kind", None)
    text = str(value) if kind == "M" else value
    if isinstance(text, str) and len(text) <= _LONGEST_TEXT and (match := _DAY_TEXT.fullmatch(text)):
        try:
            return date.fromisoformat(match[1])
        except ValueError as error:
            raise InvalidValue.of("not_a_day", f"{shown(value)} is not a day: {error}", hint=_HINT) from error
    raise InvalidValue.of("not_a_day", f"{shown(value)} is not a day", hint=_HINT)


class Span(Protocol):
    """
    Anything with a first and a last day, both of which belong to it, such as a cycle.

    Example:
        >>> from goalkit.calendars import Cycle
        >>> span: Span = Cycle.quarter(2026, 3)
        >>> bounds(span)
        (datetime.date(2026, 7, 1), datetime.date(2026, 9, 30))
    """

    @property
    def first_day(self) -> date:
        """The first day that belongs to it."""

    @property
    def last_day(self) -> date:
        """The last day that belongs to it."""


def bounds(span: Span) -> tuple[date, date]:
    """
    Return the first and the last day of a span.

    Args:
        span: A cycle, or anything else with a first and a last day.

    Raises:
        InvalidValue: ``not_a_span``, ``undated``, ``not_a_day`` or ``days_out_of_order``.

    Example:
        >>> from goalkit.calendars import Cycle
        >>> bounds(Cycle.month(2026, 7))
        (datetime.date(2026, 7, 1), datetime.date(2026, 7, 31))
    """
    try:
        first, last = span.first_day, span.last_day
    except AttributeError as error:
        hint = "give a cycle, such as Cycle.parse('2026-Q3')"
        raise InvalidValue.of("not_a_span", f"{shown(span)} has no first and last day", hint=hint) from error
    if getattr(span, "is_dated", True) is False:
        raise InvalidValue.of("undated", f"{shown(span)} has no days", hint="give a cycle that has days")
    first, last = day(first), day(last)
    in_order(first, last)
    return first, last


def in_order(first_day: date, last_day: date) -> None:
    """
    Refuse a last day before the first.

    Args:
        first_day: The first day of a span.
        last_day: Its last day, which belongs to it.

    Raises:
        InvalidValue: ``days_out_of_order``, at ``last_day``.

    Example:
        >>> in_order(date(2026, 7, 1), date(2026, 7, 1))
    """
    if last_day < first_day:
        message = f"the last day {last_day} is before the first day {first_day}"
        hint = "a span has at least one day, and its last day belongs to it"
        raise InvalidValue.of("days_out_of_order", message, path="last_day", hint=hint)
