"""Slots, each of which one check-in answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from ..calendars import Cadence
from .definitions import Definitions
from .inheriting import nearest
from .records import CheckIn


class Expected(NamedTuple):
    """
    The check-ins that are expected of a goal in its period.

    Attributes:
        days: The expected days, in order.
        before: The slot before the first; None where there is none.
        grace_days: For how many days after a slot a check-in may answer it.
    """

    days: tuple[date, ...]
    before: date | None
    grace_days: int


class Answer(NamedTuple):
    """
    A slot, and what answered it.

    Attributes:
        day: The expected day.
        check_in: The check-in that answered it; None where none did.
    """

    day: date
    check_in: CheckIn | None


def answers(
    days: Sequence[date],
    check_ins: Iterable[CheckIn],
    *,
    before: date | None,
    grace_days: int = 0,
    early_days: int | None = None,
) -> list[Answer]:
    """
    Return which check-in answers which slot; one check-in answers one slot.

    It is the oldest slot that is open on the day of the check-in: from the day after the slot before
    it until its grace is over. With ``early_days`` a slot opens only so many days before; what comes
    between the grace of one slot and the opening of the next is a late answer to the first.

    Args:
        days: The expected days, in order.
        check_ins: One goal's check-ins that stand, oldest day first.
        before: The slot before the first; None where there is none.
        grace_days: For how many days after a slot a check-in may answer it.
        early_days: How many days before a slot a check-in may answer it; None for any day since the last slot.

    Example:
        >>> slots = [date(2026, 7, 6), date(2026, 7, 13)]
        >>> late = [CheckIn(goal="nps", on="2026-07-08", value=43)]
        >>> [answer.check_in is not None for answer in answers(slots, late, before=None, grace_days=2)]
        [True, False]
        >>> [answer.check_in is not None for answer in answers(slots, late, before=None)]
        [False, True]
    """
    given: list[CheckIn | None] = [None] * len(days)
    at = 0  # the oldest slot that may still be answered
    for check_in in check_ins:
        on = check_in.on
        while at < len(days) and on > plus(days[at], grace_days):
            at += 1
        previous = days[at - 1] if at else before
        if at < len(days) and (previous is None or on > previous) and not _is_early(on, days[at], early_days):
            given[at] = check_in
            at += 1
        elif early_days is not None and at and given[at - 1] is None:
            given[at - 1] = check_in
    return [Answer(day, check_in) for day, check_in in zip(days, given, strict=True)]


class Period(NamedTuple):
    """
    A span of days.

    Attributes:
        first_day: The first day.
        last_day: The last day.
    """

    first_day: date
    last_day: date


def expected(definitions: Definitions, position: int) -> Expected | None:
    """
    Return the check-ins that are expected of a goal in its period, by its cadence or the nearest above it.

    Args:
        definitions: The goals.
        position: The goal's position.

    Returns:
        None where nobody has said when they are, or the period has no beginning or no end.

    Example:
        >>> from goalkit import Cadence, Cycle, KeyResult, Plan
        >>> goal = KeyResult(id="k", title="K", cycle="2026-Q3", cadence=Cadence.monthly())
        >>> len(expected(Plan.of(Cycle.quarter(2026, 3), goal).latest, 0).days)
        3
    """
    cadence: Cadence | None = nearest(definitions, "cadence")[position]
    first, last = definitions.periods[position]
    if cadence is None or first is None or last is None or last < first:
        return None
    period = Period(first, last)
    days = cadence.slots(period, cycle=period)
    return Expected(days, cadence.previous(days[0], cycle=period) if days else None, cadence.grace_days)


def _is_early(on: date, slot: date, early_days: int | None) -> bool:
    return early_days is not None and on < plus(slot, -early_days)


def plus(on: date, days: int) -> date:
    """
    Return a day so many days later or earlier; where there is no such day, the last or the first there is.

    Args:
        on: The day.
        days: How many days later; negative for earlier.

    Example:
        >>> plus(date(2026, 7, 31), 1), plus(date.max, 1)
        (datetime.date(2026, 8, 1), datetime.date(9999, 12, 31))
    """
    try:
        return on + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min
