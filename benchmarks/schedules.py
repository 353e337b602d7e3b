"""Schedules of five kinds, in the words of goalkit and of other libraries, and as a closed form by hand."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from importlib import import_module
from random import Random
from typing import Any, Final

from attrs import field, frozen
from dateutil.relativedelta import FR, relativedelta
from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday

from goalkit import Cadence
from goalkit.calendars import Weekday

from .company import SEED

#: How many of the next days are asked for.
COUNT: Final = 12
_GOALS: Final = 100
_AGE: Final = 730
_FRIDAY: Final = 4
_LENGTHS: Final = (31, 0, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


# -- by hand --------------------------------------------------------------------------------------


def month_end(number: int) -> date:
    """Return the last day of a month, which is counted through all years."""
    year, month = divmod(number, 12)
    return date(year, month + 1, _LENGTHS[month] or 28 + isleap(year))


def last_friday(number: int) -> date:
    """Return the last Friday of a month."""
    end = month_end(number).toordinal()
    return date.fromordinal(end - (end - 1 - _FRIDAY) % 7)


def on_day(day: int, number: int) -> date:
    """Return a day that every month has."""
    year, month = divmod(number, 12)
    return date(year, month + 1, day)


def month_of(on: date) -> int:
    """Return the number of a month, counted through all years."""
    return on.year * 12 + on.month - 1


@frozen
class EveryDays:
    """Every so many days from an anchor, by one division."""

    distance: int
    origin: int

    def before(self, after: date) -> date:
        """Return the last day up to a day."""
        ordinal = after.toordinal()
        return date.fromordinal(ordinal - (ordinal - self.origin) % self.distance)

    def ask(self, after: date) -> Sequence[date]:
        """Return the next days."""
        distance = self.distance
        ordinal = after.toordinal()
        first = ordinal + distance - (ordinal - self.origin) % distance
        return [*map(date.fromordinal, range(first, first + COUNT * distance, distance))]


@frozen
class EveryMonths:
    """A day in every so many months from an anchor, by one division."""

    distance: int
    origin: int
    placed: Callable[[int], date]

    def before(self, after: date) -> date:
        """Return the last day up to a day."""
        number = self._block(after)
        on = self.placed(number)
        return on if on <= after else self.placed(number - self.distance)

    def ask(self, after: date) -> Sequence[date]:
        """Return the next days."""
        number = self._block(after)
        if self.placed(number) <= after:
            number += self.distance
        return [*map(self.placed, range(number, number + COUNT * self.distance, self.distance))]

    def _block(self, after: date) -> int:
        number = month_of(after)
        return number - (number - self.origin) % self.distance


# -- five schedules, as everybody says them ---------------------------------------------------------


@frozen(kw_only=True)
class Schedule:
    """
    When something is expected, in the words of each library.

    Attributes:
        cadence: goalkit's.
        by_hand: By one division.
        rule: That of python-dateutil.
        delta: From one day to the next, by python-dateutil.
        cron: The line of a crontab.
        counted: Of every how many days of the crontab one is meant.
        offset: The offset of pandas.
    """

    cadence: Cadence
    by_hand: EveryDays | EveryMonths
    rule: rrule
    delta: relativedelta
    cron: str
    counted: int = 1
    offset: Any = field(repr=False)


def weekly(anchor: date, every: int = 1) -> Schedule:
    """Expect something on the anchor's weekday."""
    return Schedule(
        cadence=Cadence.weekly([*Weekday][anchor.weekday()], every=every, anchor=anchor),
        by_hand=EveryDays(7 * every, anchor.toordinal()),
        rule=rrule(WEEKLY, interval=every, dtstart=midnight(anchor)),
        delta=relativedelta(weeks=every),
        cron=f"0 0 * * {anchor.isoweekday() % 7}",
        counted=every,
        offset=import_module("pandas").DateOffset(weeks=every),
    )


def fortnightly(anchor: date) -> Schedule:
    """Expect something on the anchor's weekday, every second week."""
    return weekly(anchor, every=2)


def monthly(anchor: date) -> Schedule:
    """Expect something on the 31st, or on the last day of a month that is shorter."""
    number = month_of(anchor)
    anchor = month_end(number)
    return Schedule(
        cadence=Cadence.monthly(31, anchor=anchor),
        by_hand=EveryMonths(1, number, month_end),
        rule=rrule(MONTHLY, bymonthday=-1, dtstart=midnight(anchor)),
        delta=relativedelta(months=1, day=31),
        cron="0 0 L * *",
        offset=import_module("pandas").offsets.MonthEnd(),
    )


def quarterly(anchor: date) -> Schedule:
    """Expect something on the anchor's day of every third month."""
    anchor = anchor.replace(day=min(anchor.day, 28))
    months = sorted((anchor.month - 1 + 3 * at) % 12 + 1 for at in range(4))
    return Schedule(
        cadence=Cadence.quarterly(anchor.day, anchor=anchor),
        by_hand=EveryMonths(3, month_of(anchor), partial(on_day, anchor.day)),
        rule=rrule(MONTHLY, interval=3, dtstart=midnight(anchor)),
        delta=relativedelta(months=3),
        cron=f"0 0 {anchor.day} {','.join(map(str, months))} *",
        offset=import_module("pandas").DateOffset(months=3),
    )


def by_rule(anchor: date) -> Schedule:
    """Expect something on the last Friday of a month."""
    number = month_of(anchor)
    anchor = last_friday(number)
    return Schedule(
        cadence=Cadence.rule("FREQ=MONTHLY;BYDAY=-1FR", anchor=anchor),
        by_hand=EveryMonths(1, number, last_friday),
        rule=rrule(MONTHLY, byweekday=weekday(_FRIDAY, -1), dtstart=midnight(anchor)),
        delta=relativedelta(months=1, day=31, weekday=FR(-1)),
        cron="0 0 * * L5",
        offset=import_module("pandas").offsets.LastWeekOfMonth(weekday=_FRIDAY),
    )


KINDS: Final[Mapping[str, Callable[[date], Schedule]]] = {
    "weekly": weekly,
    "fortnightly": fortnightly,
    "monthly, 31": monthly,
    "quarterly": quarterly,
    "a rule": by_rule,
}


def schedules(kind: str, goals: int = _GOALS, age: int = _AGE) -> list[Schedule]:
    """
    Return schedules of a kind.

    Args:
        kind: One of `KINDS`.
        goals: How many.
        age: Up to how many days before 2026 they begin.
    """
    chance = Random(SEED)
    return [KINDS[kind](date(2026, 1, 1) - timedelta(chance.randrange(age))) for _ in range(goals)]


def midnight(on: date) -> datetime:
    """Return a day as those libraries want it that know moments alone."""
    return datetime(on.year, on.month, on.day)  # noqa: DTZ001 - days have no zone
