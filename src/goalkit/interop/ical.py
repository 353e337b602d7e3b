"""
The days of a plan as an iCalendar file (RFC 5545), for calendars that people already look at.

It comes with ``goalkit-okr[ical]``. Everything is an entry of whole days, so that no time zone matters.
What is written follows from the arguments alone: the moment at which it is written is one of them, and
the same entry has the same UID whenever it is written, so that a calendar knows it again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeVar

from ..analysis.compliance import schedule
from ..analysis.rollup import rollup
from ..analysis.slots import Expects
from ..calendars import Cadence, Cycle, GoalYear, Span, WorkCalendar, civil_day, day
from ..calendars.days import bounds
from ..calendars.units import CadenceUnit
from ..calendars.weekdays import Nth
from ..errors import InvalidValue
from ..model.goals import Milestone
from ..model.plan import Plan
from ..model.stages import RUNNING
from ..quantities import points
from ..texts import text
from ..values import content_id, flag, instance

_T = TypeVar("_T")

_PRODUCT: Final = "-//goalkit//goalkit//EN"
_ONE_DAY: Final = timedelta(1)
_WORKED: Final = "MO,TU,WE,TH,FR"
_SHORTEST: Final = 28
# Control characters and whatever else some reader takes for the end of a line.
_UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def calendar(
    plan: Plan,
    span: Span,
    *,
    stamp: datetime,
    as_of: date | None = None,
    year: GoalYear | Iterable[GoalYear] | None = None,
    name: str = "",
    namespace: str = "",
    expects: Expects | str = Expects.MEASURED,
    workdays: WorkCalendar | None = None,
    todos: bool = False,
) -> bytes:
    """
    Return the expected check-ins and the deadlines of a plan as a calendar to subscribe to.

    The check-ins of a goal are one entry that repeats where a recurrence rule gives exactly the days of
    `goalkit.schedule`, else one entry a day. A milestone has an entry on the day on which it is due, any
    other goal on a last day of its own. Drafts and goals that are paused or closed have no deadlines.

    Args:
        plan: The plan.
        span: The days that are written: a cycle, a goal year, or anything else with a first and a last day.
        stamp: When it is written, with a zone. A calendar takes the later of two versions.
        as_of: The day whose definitions and stages are taken; that of the stamp in UTC where None is given.
        year: A goal year, or several, whose milestones are written as well.
        name: What the calendar is called.
        namespace: What tells this plan from others whose goals have the same ids, such as the name of a
            workspace. It is part of every UID.
        expects: Of which goals check-ins are expected: ``measured`` or ``every_goal``.
        workdays: Which days are worked, for cadences that move off others; Monday to Friday without one.
        todos: Whether milestones are written as to-dos with their progress, which many calendars show
            only in a list of tasks, or not at all.

    Returns:
        The file, in UTF-8.

    Raises:
        ImportError: If the package icalendar is not installed.
        InvalidValue: ``not_a_span``, ``naive_moment``, or what is wrong with another argument.

    Example:
        >>> from goalkit import Cycle, Milestone
        >>> plan = Plan.of(Milestone(id="launch", title="Open the help centre", due="2026-09-01"))
        >>> feed = calendar(plan, Cycle.quarter(2026, 3), stamp=datetime(2026, 7, 1, tzinfo=UTC), name="Support")
        >>> [line for line in feed.decode().splitlines() if line.startswith(("SUMMARY", "DTSTART", "DTEND"))]
        ['SUMMARY:Due: Open the help centre', 'DTSTART;VALUE=DATE:20260901', 'DTEND;VALUE=DATE:20260902']
    """
    plan = instance(Plan, plan, "Plan.of and Plan.from_dicts make one")
    file = _File(stamp, name, namespace)
    first_day, last_day = bounds(span)
    known = file.day if as_of is None else _said("as_of", day, as_of)
    expected: dict[str, list[date]] = {}
    for slot in schedule(plan, span, as_of=known, expects=expects, workdays=workdays):
        expected.setdefault(slot.goal, []).append(slot.day)
    progress = rollup(plan, as_of=known) if _said("todos", flag, todos) else None
    plan = plan.as_of(known)
    for goal_id, days in expected.items():
        summary, cadence = f"Check in: {plan[goal_id].title}", plan.inherited(goal_id, "cadence")
        file.add_check_ins(summary, ("check-in", goal_id), cadence, days)
    for goal_id, on in _deadlines(plan, known):
        if first_day <= on <= last_day:
            summary, key = f"Due: {plan[goal_id].title}", ("deadline", goal_id)
            if progress is not None and isinstance(plan[goal_id], Milestone):
                file.add_todo(summary, key, on, progress[goal_id].value)
            else:
                file.add_event(summary, key, on, "deadline")
    for planned in _said("year", _years, year):
        called = planned.cycle.title or planned.cycle.id
        for milestone in planned.milestones:
            if first_day <= milestone.on <= last_day:
                whose = (planned.cycle.id, planned.cycle.first_day, planned.organisation)
                entry = ("goal year", *whose, milestone.name)
                file.add_event(f"{called}: {milestone.name}", entry, milestone.on, "goal year")
    return file.written()


def slots(
    cadence: Cadence,
    span: Span,
    *,
    stamp: datetime,
    title: str = "Check in",
    name: str = "",
    namespace: str = "",
    workdays: WorkCalendar | None = None,
    cycle: Span | None = None,
) -> bytes:
    """
    Return the expected days of a cadence alone as a calendar.

    Args:
        cadence: The cadence.
        span: The days that are written.
        stamp: When it is written, with a zone.
        title: What each entry is called.
        name: What the calendar is called.
        namespace: What tells it from others of the same cadence and title.
        workdays: Which days are worked, as in `Cadence.slots`.
        cycle: The goal's cycle, for a cadence per cycle.

    Returns:
        The file, in UTF-8.

    Raises:
        ImportError: If the package icalendar is not installed.
        InvalidValue: As `Cadence.slots`, ``naive_moment``, or what is wrong with another argument.

    Example:
        >>> from goalkit import Cycle
        >>> feed = slots(Cadence.monthly(), Cycle.half(2026, 1), stamp=datetime(2026, 1, 1, tzinfo=UTC))
        >>> [line for line in feed.decode().splitlines() if line.startswith(("DTSTART", "RRULE"))]
        ['DTSTART;VALUE=DATE:20260131', 'RRULE:FREQ=MONTHLY;UNTIL=20260630;BYMONTHDAY=-1']
    """
    cadence = instance(Cadence, cadence, "give a cadence such as Cadence.weekly('monday')")
    days = cadence.slots(span, workdays=workdays, cycle=cycle)
    file = _File(stamp, name, namespace)
    summary = _said("title", text, title)
    file.add_check_ins(summary, ("cadence", cadence, summary), cadence, days)
    return file.written()


def recurrence(cadence: Cadence, days: Sequence[date]) -> str | None:
    """
    Return the recurrence rule that gives exactly some days of a cadence, counted from the first of them.

    A rule skips months that are too short where a cadence takes their last day, and knows no holidays.
    So each rule that comes into question is asked for its days, and taken only if they are the same.

    Args:
        cadence: The cadence.
        days: All of its expected days between the first and the last, in order.

    Returns:
        The rule, which ends on the last of the days; None where no rule gives them, and for a single day.

    Example:
        >>> from goalkit import Cycle
        >>> cadence = Cadence.monthly(30)
        >>> recurrence(cadence, cadence.slots(Cycle.half(2026, 1)))
        'FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1;UNTIL=20260630'
        >>> recurrence(cadence, cadence.slots(Cycle.half(2026, 2)))
        'FREQ=MONTHLY;BYMONTHDAY=30;UNTIL=20261230'
    """
    if len(days) > 1:
        for rule in _rules(cadence):
            if _gives(rule, days):
                return f"{rule};UNTIL={days[-1].isoformat().replace('-', '')}"
    return None


def _gives(rule: str, days: Sequence[date]) -> bool:
    try:
        found = Cadence.rule(rule, anchor=days[0]).slots(Cycle(id="span", first_day=days[0], last_day=days[-1]))
    except InvalidValue:  # no day at all follows from the rule
        return False
    return found == tuple(days)


def _rules(cadence: Cadence) -> Iterator[str]:
    """Yield the rules that may give the days of a cadence, simple ones first."""
    every = f";INTERVAL={cadence.every}" if cadence.every > 1 else ""
    weekday = "" if cadence.weekday is None else cadence.weekday[:2].upper()
    if cadence.recurrence is not None:
        parts = cadence.recurrence.split(";")
        # Of the week in which a rule begins, some calendars choose by place among the days that are left alone.
        if not (parts[0] == "FREQ=WEEKLY" and "BYSETPOS" in cadence.recurrence):
            yield ";".join(part for part in parts if not part.startswith(("UNTIL=", "COUNT=")))
    elif cadence.unit is CadenceUnit.DAY:
        yield f"FREQ=DAILY{every}"
        yield f"FREQ=WEEKLY;BYDAY={_WORKED}"
    elif cadence.unit is CadenceUnit.WEEK:
        yield f"FREQ=WEEKLY{every};BYDAY={weekday}"
    elif cadence.nth is not None:
        if cadence.nth is not Nth.LAST:
            yield f"FREQ=MONTHLY{every};BYDAY={[*Nth].index(cadence.nth) + 1}{weekday}"
        yield f"FREQ=MONTHLY{every};BYDAY=-1{weekday}"
    elif cadence.day is not None:
        yield f"FREQ=MONTHLY{every};BYMONTHDAY={cadence.day}"
        if cadence.day > _SHORTEST:
            ends = ",".join(map(str, range(_SHORTEST, cadence.day + 1)))
            yield f"FREQ=MONTHLY{every};BYMONTHDAY=-1"
            yield f"FREQ=MONTHLY{every};BYMONTHDAY={ends};BYSETPOS=-1"
        yield f"FREQ=MONTHLY{every};BYDAY={_WORKED};BYSETPOS=-1"


def _deadlines(plan: Plan, as_of: date) -> Iterator[tuple[str, date]]:
    """Yield the goals that are open and have a day by which they are to be reached, with that day."""
    for goal in plan.latest.goals.values():
        on = goal.last_day
        if isinstance(goal, Milestone):
            on = goal.due or plan.period(goal.id)[1]
        if on is not None and plan.stage(goal.id, as_of=as_of) in RUNNING:
            yield goal.id, on


class _File:
    """A calendar that is being written."""

    __slots__ = ("_calendar", "_icalendar", "_namespace", "_stamp", "day")

    def __init__(self, stamp: datetime, name: str, namespace: str) -> None:
        self._icalendar = _package()
        self.day: Final = _said("stamp", _day_of, stamp)
        self._stamp: Final = stamp.astimezone(UTC)
        self._namespace: Final = _said("namespace", text, namespace)
        self._calendar = self._icalendar.Calendar()
        for key, value in (("prodid", _PRODUCT), ("version", "2.0"), ("method", "PUBLISH")):
            self._calendar.add(key, value)
        called = _one_line(_said("name", text, name))
        if called:
            called = self._icalendar.vText(called)  # else it is written as it is, and read as something else
            self._calendar.add("name", called)
            self._calendar.add("x-wr-calname", called)  # what calendars read that do not know NAME yet

    def add_check_ins(self, summary: str, key: tuple[Any, ...], cadence: Cadence, days: Sequence[date]) -> None:
        rule = recurrence(cadence, days)
        if rule is not None:
            self.add_event(summary, key, days[0], "check-in", rule)
            return
        for on in days:
            self.add_event(summary, (*key, on), on, "check-in")

    def add_event(self, summary: str, key: tuple[Any, ...], on: date, category: str, rule: str | None = None) -> None:
        event = self._entry(self._icalendar.Event(), summary, key, category)
        event.add("dtstart", on)
        if on < date.max:  # without an end, a day is one day long
            event.add("dtend", on + _ONE_DAY)
        if rule is not None:
            event.add("rrule", self._icalendar.vRecur.from_ical(rule))
        event.add("transp", "TRANSPARENT")  # nobody is busy all day because of a check-in

    def add_todo(self, summary: str, key: tuple[Any, ...], on: date, progress: float | None) -> None:
        todo = self._entry(self._icalendar.Todo(), summary, key, "deadline")
        done = int(points(progress or 0.0))
        todo.add("due", on)
        todo.add("status", "COMPLETED" if done == 100 else "IN-PROCESS" if done else "NEEDS-ACTION")  # noqa: PLR2004 - per cent
        todo.add("percent-complete", done)

    def _entry(self, entry: Any, summary: str, key: tuple[Any, ...], category: str) -> Any:
        entry.add("uid", f"{content_id('calendar entry', (self._namespace, *key))}@goalkit")
        entry.add("dtstamp", self._stamp)
        entry.add("summary", _one_line(summary))
        entry.add("categories", [category])
        self._calendar.add_component(entry)
        return entry

    def written(self) -> bytes:
        written: bytes = self._calendar.to_ical()
        return written


def _package() -> Any:
    try:
        import icalendar  # noqa: PLC0415 - an extra
    except ImportError as error:
        message = "calendar files need the package icalendar: install goalkit-okr[ical]"
        raise ImportError(message) from error
    return icalendar


def _said(name: str, read: Callable[[Any], _T], given: Any) -> _T:
    """Return an argument as it is read; what is wrong with it names the argument."""
    try:
        return read(given)
    except InvalidValue as error:
        raise error.under(name) from None


def _day_of(stamp: datetime) -> date:
    return civil_day(stamp, "UTC")


def _years(given: GoalYear | Iterable[GoalYear] | None) -> list[GoalYear]:
    if given is None:
        return []
    years = given if isinstance(given, Iterable) else (given,)
    return [instance(GoalYear, year, "give GoalYear.of(cycle, organisation)") for year in years]


def _one_line(given: str) -> str:
    return _UNSEEN.sub(" ", given).strip()
