"""
Recurrence rules of RFC 5545, as far as they speak of days.

The Gregorian calendar has 28 kinds of years, told apart by the weekday of their first day and by which
of their neighbours are leap years. What a rule picks from a year depends on nothing else. So
python-dateutil is asked once for 28 years in a row, and every other year is looked up: no search walks
from the anchor, none is endless, and a rule that never gives a day is found out when it is made.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import isleap
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache, lru_cache
from itertools import islice
from math import gcd
from typing import Any, Final, NamedTuple

from ..errors import InvalidValue
from .rule_text import Frequency, Parts, parts_of
from .weekdays import WEEK, month_number

# The last run of 28 years in which every kind occurs; a search that finds nothing more ends soon after.
_FIRST_YEAR: Final = 9968
_LAST_YEAR: Final = 9995
# After so many periods the calendar repeats itself: 400 years.
_REPEATS: Final = {Frequency.DAILY: 146_097, Frequency.WEEKLY: 20_871, Frequency.MONTHLY: 4800}
_SOME_400_YEARS: Final = range(2000, 2400)
_EPOCH: Final = date(1970, 1, 1)
_EPOCH_MONDAY: Final = date(1970, 1, 5)

_Kind = tuple[int, bool, bool, bool]


class Rule(NamedTuple):
    """
    A rule that gives days.

    Attributes:
        frequency: How long a period is.
        interval: Every how many periods.
        phase: The number of any period that counts.
        week_start: How many days after Monday a week begins.
        years: Which days of a year the rule picks, counted from 0, by the kind of the year.
        first: No day is before it.
        last: No day is after it.
    """

    frequency: Frequency
    interval: int
    phase: int
    week_start: int
    years: dict[_Kind, tuple[int, ...]]
    first: date
    last: date

    def forward(self, first: date) -> Iterator[date]:
        """
        Yield the rule's days from a day on, in order.

        Args:
            first: The day.
        """
        first = max(first, self.first)
        for year in range(first.year, self.last.year + 1):
            picked = self._picked(year)
            if picked:
                january = date(year, 1, 1).toordinal()
                low = bisect_left(picked, first.toordinal() - january)
                for on in _placed(picked[low:], january):
                    if on > self.last:
                        return
                    if self._counts(on):
                        yield on

    def backward(self, last: date) -> Iterator[date]:
        """
        Yield the rule's days from a day back, in reverse.

        Args:
            last: The day.
        """
        last = min(last, self.last)
        for year in range(last.year, self.first.year - 1, -1):
            picked = self._picked(year)
            if picked:
                january = date(year, 1, 1).toordinal()
                high = bisect_right(picked, last.toordinal() - january)
                for on in _placed(picked[:high][::-1], january):
                    if on < self.first:
                        return
                    if self._counts(on):
                        yield on

    def _picked(self, year: int) -> tuple[int, ...]:
        if self.frequency is Frequency.YEARLY and (year - self.phase) % self.interval:
            return ()
        return self.years[_kind_of(year)]

    def _counts(self, on: date) -> bool:
        if self.interval == 1 or self.frequency is Frequency.YEARLY:
            return True
        return (self._period(on) - self.phase) % self.interval == 0

    def _period(self, on: date) -> int:
        return _period(self.frequency, self.week_start, on)

    def is_reachable(self) -> bool:
        """Tell whether some day of some year lies in a period that counts, wherever the rule begins and ends."""
        repeats = _REPEATS.get(self.frequency)
        step = 1 if repeats is None else gcd(self.interval, repeats)
        if step == 1:
            return True
        for year in _SOME_400_YEARS:
            january = date(year, 1, 1).toordinal()
            for on in _placed(self.years[_kind_of(year)], january):
                if (self._period(on) - self.phase) % step == 0:
                    return True
        return False


def _placed(offsets: tuple[int, ...], start: int) -> Iterator[date]:
    return (date.fromordinal(start + offset) for offset in offsets)


def _period(frequency: Frequency, week_start: int, on: date) -> int:
    """Return the number of the period in which a day lies."""
    if frequency is Frequency.DAILY:
        return on.toordinal()
    if frequency is Frequency.WEEKLY:
        return (on.toordinal() - 1 - week_start) // 7
    return month_number(on) if frequency is Frequency.MONTHLY else on.year


@lru_cache(maxsize=256)
def rule(text: str, anchor: date | None) -> Rule:
    """
    Return the days of a rule.

    Args:
        text: The rule, as `rule_text` returns it.
        anchor: The day from which is counted, and before which there is none. Without one, days are
            counted from 1970-01-01, weeks from that of 1970-01-05, months and years from January 1970.

    Raises:
        InvalidValue: ``missing_field`` if an anchor is needed, ``no_days`` if there is no day.

    Example:
        >>> found = rule("FREQ=MONTHLY;BYDAY=-1FR", None).forward(date(2026, 7, 1))
        >>> next(found).isoformat()
        '2026-07-31'
    """
    parts = _complete(parts_of(text), anchor)
    start = anchor or (_EPOCH if parts.frequency is Frequency.DAILY else _EPOCH_MONDAY)
    week_start = WEEK.index(parts.week_start)
    found = Rule(
        frequency=parts.frequency,
        interval=parts.interval,
        phase=_period(parts.frequency, week_start, start),
        week_start=week_start,
        years=_years(parts.frequency, week_start, parts.by),
        first=anchor or date.min,
        last=parts.until or date.max,
    )
    if found.is_reachable() and (first := next(found.forward(date.min), None)) is not None:
        if parts.times is None:
            return found
        counted = list(islice(found.forward(first), parts.times))
        return found._replace(last=counted[-1])
    message = f"no day follows from {text}" + (f" from {anchor} on" if anchor else "")
    raise InvalidValue.of("no_days", message, path="recurrence", hint="leave out a part that excludes the others")


def _complete(parts: Parts, anchor: date | None) -> Parts:
    """Return the parts with those that an anchor implies."""
    by = dict(parts.by)
    weekly, monthly = {"BYDAY"}, {"BYDAY", "BYMONTHDAY"}
    implied: dict[str, Any] = {}
    if parts.frequency is Frequency.WEEKLY and not weekly & by.keys():
        # As in Cadence.weekly(), the day of a week is the Monday where nobody says another.
        return parts._replace(by=(*parts.by, ("BYDAY", ((0, (anchor or _EPOCH_MONDAY).weekday()),))))
    if parts.frequency is Frequency.MONTHLY and not monthly & by.keys():
        implied = {"BYMONTHDAY": lambda on: (on.day,)}
    elif parts.frequency is Frequency.YEARLY and not {*monthly, "BYYEARDAY"} & by.keys():
        if "BYWEEKNO" in by:
            implied = {"BYDAY": lambda on: ((0, on.weekday()),)}
        else:
            implied = {"BYMONTHDAY": lambda on: (on.day,)}
            if "BYMONTH" not in by:
                implied["BYMONTH"] = lambda on: (on.month,)
    if anchor is None and (implied or parts.times is not None):
        missing = next(iter(implied), "COUNT")
        message = f"{missing} is counted from an anchor" if not implied else f"{missing} follows from an anchor"
        hint = f"give an anchor, or {missing if implied else 'UNTIL instead'}"
        raise InvalidValue.of("missing_field", message, path="anchor", hint=hint)
    return parts._replace(by=(*parts.by, *((name, read(anchor)) for name, read in implied.items())))


@lru_cache(maxsize=64)
def _years(frequency: Frequency, week_start: int, by: tuple[tuple[str, Any], ...]) -> dict[_Kind, tuple[int, ...]]:
    """Return which days of a year follow from the parts of a rule, by the kind of the year."""
    from dateutil import rrule  # noqa: PLC0415 - importing goalkit must not load it

    named = {name.lower(): values for name, values in by if name != "BYDAY"}
    days = [rrule.weekday(on, nth or None) for nth, on in dict(by).get("BYDAY", ())]
    if frequency is Frequency.DAILY:
        # Each day is a set of its own, so that a year of days is the same, and found in less time.
        frequency, days = Frequency.YEARLY, days or [rrule.weekday(on) for on in range(7)]
    found: dict[int, list[int]] = {year: [] for year in range(_FIRST_YEAR, _LAST_YEAR + 1)}
    for moment in rrule.rrule(
        getattr(rrule, frequency.name),
        dtstart=datetime(_FIRST_YEAR - 2, 1, 1),  # noqa: DTZ001 - days have no zone
        wkst=week_start,
        byweekday=days or None,
        **named,
    ):
        if moment.year > _LAST_YEAR:
            break
        if moment.year in found:
            found[moment.year].append(moment.timetuple().tm_yday - 1)
    return {_kind_of(year): tuple(days) for year, days in found.items()}


@cache
def _kind_of(year: int) -> _Kind:
    """Return what tells a year from others as far as rules go."""
    return date(year, 1, 1).weekday(), isleap(year - 1), isleap(year), isleap(year + 1)
