"""What one goal's own check-ins say: the only place where a recorded value becomes progress."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Final

from attrs import evolve, frozen

from ..errors import InvalidValue, shown
from ..quantities import EXACT, plain, rounded
from .checklists import Checklist, ticked
from .goals import Goal, Initiative, KeyResult, Milestone, own_metric
from .limits import Limit, Score, is_shared
from .linear import Metric
from .methods import Reads, RollupMethod
from .progress import Progress, Reason
from .records import CheckIn, Fact
from .slots import Expected, answers


def progress_of(goal: Goal, check_in: CheckIn) -> Progress | None:
    """
    Return the progress that a check-in reports, or None where it says nothing of it.

    Args:
        goal: The goal as it was defined on that day.
        check_in: One of its check-ins.

    Raises:
        InvalidValue: If the check-in says something that this goal cannot mean.

    Example:
        >>> from goalkit import Increase, KeyResult
        >>> nps = KeyResult(id="nps", title="NPS", metric=Increase(start=42, target=70))
        >>> progress_of(nps, CheckIn(goal="nps", on="2026-08-10", value=56)).value
        0.5
    """
    if check_in.done is not None:
        return _ticked(goal, check_in)
    if check_in.value is None:
        return None
    try:
        return _valued(goal, check_in.value)
    except InvalidValue as error:
        raise InvalidValue(*(problem.under("value") for problem in error.problems)) from None


def _ticked(goal: Goal, check_in: CheckIn) -> Progress:
    metric = own_metric(goal)
    try:
        if check_in.value is not None:
            hint = "leave out the value, or what is done"
            raise InvalidValue.of("two_answers", "it says what is done and a value beside it", hint=hint)
        if isinstance(metric, Checklist):
            return metric.progress(check_in.done)
        if isinstance(goal, Initiative) and goal.actions:
            return Progress.of(len(ticked(check_in.done, goal.actions, shown(goal.id))) / len(goal.actions))
        hint = "record a value, or name the items of a checklist or the actions of an initiative"
        raise InvalidValue.of("nothing_to_tick", f"{goal.id!r} has nothing to be ticked off", hint=hint)
    except InvalidValue as error:
        raise InvalidValue(*(evolve(problem, path="done") for problem in error.problems)) from None


def _valued(goal: Goal, value: Decimal | bool) -> Progress:
    metric = own_metric(goal)
    if isinstance(goal, KeyResult) and goal.measured_by is not None:
        hint = f"record an observation of {goal.measured_by!r}"
        raise InvalidValue.of("value_beside_kpi", f"{goal.id!r} is measured by the KPI {goal.measured_by!r}", hint=hint)
    if goal.rollup is RollupMethod.SUM_OF_VALUES:
        hint = "record the values of what contributes to it"
        raise InvalidValue.of("value_beside_sum", f"{goal.id!r} is the sum of what contributes to it", hint=hint)
    if metric is not None:
        if type(value) is Decimal and metric.is_numeric and metric.never is None:
            return Progress.of(metric.raw(value))  # what a check-in holds was read as a number before
        return metric.progress(value)
    if isinstance(goal, Initiative) and goal.actions:
        hint = "name the actions that are done"
        raise InvalidValue.of("value_beside_actions", f"{goal.id!r} is measured by its actions", hint=hint)
    if isinstance(goal, Milestone) and goal.share is not None:
        hint = "record the value of the key result"
        raise InvalidValue.of("value_beside_share", f"{goal.id!r} is read from the key result above it", hint=hint)
    if isinstance(goal, (Milestone, Initiative)):
        part = Decimal(value)
        if not 0 <= part <= 1:
            hint = "give True, False, or a fraction from 0 to 1"
            raise InvalidValue.of("out_of_range", f"{plain(part)} is not within 0 and 1", hint=hint)
        return Progress.of(float(part))
    if isinstance(goal, KeyResult):  # what is measured before it is said how it counts is kept, and means nothing yet
        return Progress.unknown(Reason.NO_METRIC)
    hint = "give it a metric, or record the values of what contributes to it"
    raise InvalidValue.of("value_without_metric", f"{goal.id!r} has no metric to read a value with", hint=hint)


@frozen(kw_only=True)
class Reading:
    """
    What a goal's own check-ins say of it on a day.

    Attributes:
        progress: How far it has come, or why that is unknown.
        check_in: The check-in that says so, the last of them where it is several.
        actual: The value that several check-ins make; None where it is that of one check-in.
        measured: Whether somebody has measured it, or said on which day it was done.
    """

    progress: Progress
    check_in: CheckIn | None = None
    actual: Decimal | None = None
    measured: bool = True


_NOTHING: Final = Reading(progress=Progress.unknown(Reason.NOT_MEASURED), measured=False)


def read(goal: Goal, check_ins: Sequence[CheckIn], as_of: date, expected: Expected | None = None) -> Reading:
    """
    Return what a goal's check-ins say of it, read as the goal is to be read.

    Args:
        goal: The goal as it is defined on the day.
        check_ins: Its check-ins that stand, oldest day first, none later than the day.
        as_of: The day.
        expected: The check-ins that are expected in its period, for a limit that is scored by them.

    Returns:
        Unknown progress with the reason ``not_measured`` where no check-in says anything,
        ``unreadable`` where one that matters cannot be read by the definition that is in force, and
        ``no_slots`` where it is scored by check-ins that nobody expects.

    Example:
        >>> from goalkit import Increase, KeyResult, Milestone
        >>> read(Milestone(id="m", title="M", done_on="2026-08-01"), (), date(2026, 8, 15)).progress.value
        1.0
        >>> sales = KeyResult(id="sales", title="Sales", metric=Increase(start=0, target=100), reads="sum")
        >>> sold = [CheckIn(goal="sales", on="2026-08-10", value=value) for value in (20, 30)]
        >>> read(sales, sold, date(2026, 8, 15)).actual
        Decimal('50')
    """
    metric = own_metric(goal)
    reads = goal.reads if isinstance(goal, KeyResult) else Reads.LATEST
    if metric is not None and (reads is not Reads.LATEST or is_shared(metric)):
        return _together(goal, metric, reads, check_ins, expected)
    return _latest(goal, check_ins, as_of)


def plainly_said(facts: Sequence[Fact], as_of: date) -> tuple[CheckIn, Decimal] | None:
    """
    Return the last check-in and its value where a goal's facts are nothing but numbers, each standing.

    It is the short way to what `read` says of a goal that reads the latest number; None where the
    long way has to be gone.

    Args:
        facts: The facts about the goal, oldest day first.
        as_of: The day.

    Example:
        >>> plainly_said([CheckIn(goal="nps", on="2026-08-10", value=56)], date(2026, 8, 15))[1]
        Decimal('56')
    """
    found = None
    for fact in facts:
        if type(fact) is not CheckIn or fact.supersedes is not None or type(fact.value) is not Decimal:
            return None
        if fact.done is not None:
            return None
        if fact.on <= as_of:
            found = fact, fact.value
    return found


def _together(
    goal: Goal, metric: Metric, reads: Reads, check_ins: Sequence[CheckIn], expected: Expected | None
) -> Reading:
    """Return what all check-ins make together: a sum, a mean, or the share of them that keeps a limit."""
    values: list[Decimal] = []
    speaking: list[CheckIn] = []
    for check_in in check_ins:
        try:
            said = progress_of(goal, check_in)
        except InvalidValue:
            return Reading(progress=Progress.unknown(Reason.UNREADABLE), check_in=check_in)
        if said is not None:
            values.append(metric.read(check_in.value))
            speaking.append(check_in)
    by_slots = isinstance(metric, Limit) and metric.score is Score.SLOTS
    if by_slots and not (expected and expected.days):
        return Reading(progress=Progress.unknown(Reason.NO_SLOTS))
    if not values:
        return _NOTHING
    if reads is Reads.LATEST and isinstance(metric, Limit):
        counted, of = _answering(speaking, expected) if by_slots and expected else (speaking, len(speaking))
        share = _kept(metric, counted, of)
        return Reading(progress=Progress.of(share), check_in=speaking[-1])
    actual = _MADE[reads](values)
    progress = Progress.of(metric.raw(actual)) if metric.never is None else Progress.unknown(metric.never)
    return Reading(progress=progress, check_in=speaking[-1], actual=actual)


def _kept(limit: Limit, check_ins: Iterable[CheckIn], of: int) -> float:
    """Return which share of some number the check-ins are that keep a limit."""
    return sum(limit.met(limit.read(check_in.value)) for check_in in check_ins) / of


def _answering(check_ins: Sequence[CheckIn], expected: Expected) -> tuple[list[CheckIn], int]:
    """Return the check-ins that answer what is expected, and how many are."""
    found = answers(expected.days, check_ins, before=expected.before, grace_days=expected.grace_days)
    return [answer.check_in for answer in found if answer.check_in is not None], len(found)


def _sum(values: Sequence[Decimal]) -> Decimal:
    return reduce(EXACT.add, values)


def _mean(values: Sequence[Decimal]) -> Decimal:
    return rounded(EXACT.divide(_sum(values), Decimal(len(values))))


_MADE: Final[dict[Reads, Callable[[Sequence[Decimal]], Decimal]]] = {
    Reads.SUM: _sum,
    Reads.MEAN: _mean,
    Reads.MINIMUM: min,
    Reads.MAXIMUM: max,
}


def _latest(goal: Goal, check_ins: Sequence[CheckIn], as_of: date) -> Reading:
    done_on = goal.done_on if isinstance(goal, Milestone) else None
    if not check_ins and done_on is None:
        return _NOTHING
    for check_in in reversed(check_ins):
        if done_on is not None and check_in.on < done_on <= as_of:
            break
        try:
            progress = progress_of(goal, check_in)
        except InvalidValue:
            return Reading(progress=Progress.unknown(Reason.UNREADABLE), check_in=check_in)
        if progress is not None:
            return Reading(progress=progress, check_in=check_in)
    if done_on is not None and done_on <= as_of:
        return Reading(progress=Progress.of(1.0))
    return _NOTHING
