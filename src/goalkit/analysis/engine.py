"""What one goal's figure is: read from its own facts, or made up of what counts towards it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import fsum
from typing import Final

from ..calendars.civil import CIVIL
from ..calendars.divisions import Calendar
from ..model.goals import Goal, KeyResult, Milestone, Objective, own_metric
from ..model.limits import Limit, Score
from ..model.methods import RollupMethod
from ..model.moves import Move, last_move
from ..model.progress import Reason
from ..model.reading import Reading
from ..model.records import Fact
from ..model.slots import expected
from ..model.stages import Outcome, Stage, left_out
from ..policies import Closed, Policy
from .columns import Columns
from .formulas import measured
from .measures import measure, measure_by
from .parts import Item, Source, State
from .spans import Span
from .sums import brings_values, sum_up

# Of the reasons why nothing counts towards a goal, the one that is told; the first wins.
_RANK: Final = {
    reason: rank
    for rank, reason in enumerate(
        (
            Reason.NONE_STARTED,
            Reason.ALL_LEFT_OUT,
            Reason.NO_METRIC,
            Reason.NO_BASELINE,
            Reason.ZERO_SPAN,
            Reason.UNREADABLE,
            Reason.UNLIKE_UNITS,
            Reason.WEIGHTS_NOT_ONE,
            Reason.NO_VALUE,
            Reason.NO_SLOTS,
            Reason.NO_CHILDREN,
            Reason.NO_WEIGHT,
        )
    )
}


def take(columns: Columns, position: int, facts: Sequence[Fact]) -> None:
    """
    Take what a goal's own facts say of it.

    Args:
        columns: The figures; nothing was set for the goal yet.
        position: The goal's position.
        facts: The facts about it, oldest day first.
    """
    policy = columns.policy
    move = last_move(facts, columns.as_of, columns.goals[position].approvers)
    if move is not None:
        columns.excluded[position] = _excluded(move, policy)
    if not columns.has_begun(position):
        columns.reason[position] = Reason.NOT_STARTED
        return
    if columns.source[position] is Source.OWN:
        _measure(columns, position, facts)
    if move is not None and _is_complete(move, policy):
        columns.complete.add(position)
        columns.put(position, 1.0)


def _measure(columns: Columns, position: int, facts: Sequence[Fact]) -> None:
    """Take what a goal's own check-ins say of it."""
    goal = columns.goals[position]
    reading = columns.reading[position] = _reading(columns, position, goal, facts)
    columns.put(position, reading.progress.raw, reading.progress.reason, measured=reading.measured)
    metric = own_metric(goal)
    if metric is not None and metric.never is not None and reading.progress.reason is metric.never:
        columns.state[position] = State.OUT


def _reading(columns: Columns, position: int, goal: Goal, facts: Sequence[Fact]) -> Reading:
    if isinstance(goal, KeyResult) and goal.measured_by is not None:
        first, last = columns.periods[position]
        calendar = calendar_at(columns, position)
        span = Span((first or date.min).toordinal(), min(last or date.max, columns.as_of).toordinal(), calendar)
        kpi = columns.plan.kpi(goal.measured_by)
        return measure_by(goal, measured(columns.plan, kpi, columns.as_of).amount(span), columns.policy)
    slots = expected(columns.definitions, position) if _is_scored_by_slots(goal) else None
    return measure(goal, facts, columns.as_of, columns.policy, slots)


def calendar_at(columns: Columns, position: int) -> Calendar:
    """
    Return the calendar of the cycle that a goal is in; the civil one without.

    Args:
        columns: The figures.
        position: The goal's position.
    """
    definitions = columns.definitions
    cycle = definitions.cycles.get(definitions.periods.cycles[position] or "")
    return CIVIL if cycle is None else cycle.calendar or CIVIL


def _is_scored_by_slots(goal: Goal) -> bool:
    metric = own_metric(goal)
    return isinstance(metric, Limit) and metric.score is Score.SLOTS


def _excluded(move: Move, policy: Policy) -> Reason | None:
    out = left_out(move.stage, move.outcome)
    closed = move.stage is Stage.CLOSED and policy.closed is Closed.LEAVE_OUT
    return Reason.CLOSED if out is None and closed else out


def _is_complete(move: Move, policy: Policy) -> bool:
    closed = move.stage is Stage.CLOSED and policy.closed is Closed.COMPLETE
    return closed and move.outcome in {None, Outcome.ACHIEVED}


def take_share(columns: Columns, position: int) -> None:
    """
    Take what a milestone is that stands for a share of the goal above it.

    Args:
        columns: The figures, finished for the goal above it.
        position: The milestone's position.
    """
    goal = columns.goals[position]
    share = goal.share if isinstance(goal, Milestone) else None
    if share is None or not columns.has_begun(position) or position in columns.complete:
        return
    parent = columns.structure.up[position][0]
    raw = columns.raw[parent]
    if raw is None:
        columns.put(position, None, columns.reason[parent] or Reason.NO_METRIC)
    else:
        columns.put(position, raw / share, measured=bool(columns.coverage[parent]))


def combine(columns: Columns, position: int) -> None:
    """
    Work out a goal's figure from what counts towards it.

    Args:
        columns: The figures, finished for everything below the goal, and nothing set for it yet.
        position: The goal's position.
    """
    if not columns.has_begun(position):
        return
    items = columns.counting(position)
    by_policy = columns.source[position] is Source.VALUES and columns.goals[position].rollup is None
    if by_policy and not brings_values(columns, position, items):
        columns.source[position] = Source.OWN
        _measure(columns, position, columns.plan.log.about(columns.goals[position].id))
    elif not columns.weights_are_right(position):
        columns.reason[position] = Reason.WEIGHTS_NOT_ONE
    elif not items:
        columns.reason[position] = _nothing(columns, position)
    elif columns.source[position] is not Source.PARTS:
        sum_up(columns, position, items)
    elif columns.method(position) is RollupMethod.SUM_OF_VALUES:
        # A policy says so, and there is no metric to read the sum with.
        columns.reason[position] = Reason.NO_METRIC
    else:
        columns.settle(position, _figure(columns, position, items), _covered(columns, items))


def _figure(columns: Columns, position: int, items: Sequence[Item]) -> float | None:
    """Return what the figures of the children that count make together, or None where that is unknown."""
    counted = columns.counted(items)
    if not counted:
        return None
    method = columns.method(position)
    if method is RollupMethod.WEIGHTED_MEAN:
        shares, entering = columns.blended(counted), columns.entering
        return fsum([weight * entering(child) for child, weight in shares]) / fsum([weight for _, weight in shares])
    choose = min if method is RollupMethod.MINIMUM else max
    return choose(columns.entering(child) for child, _ in counted)


def _covered(columns: Columns, items: Sequence[Item]) -> float:
    """Return the measured share of the weight of the children that count."""
    shares, coverage = columns.blended(items), columns.coverage
    return fsum([weight * coverage[child] for child, weight in shares]) / fsum([weight for _, weight in shares])


def _nothing(columns: Columns, parent: int) -> Reason:
    """Return why nothing counts towards a goal: of what is left out, the first reason in rank."""
    told: list[Reason] = []
    for child in columns.structure.down[parent]:
        out = columns.left_out(child, parent)
        if out is Reason.NOT_STARTED:
            told.append(Reason.NONE_STARTED)
        elif out is not None and out is not Reason.DOES_NOT_COUNT:
            told.append(out if out in _RANK else Reason.ALL_LEFT_OUT)
    if told:
        return min(told, key=_RANK.__getitem__)
    return Reason.NO_CHILDREN if isinstance(columns.goals[parent], Objective) else Reason.NO_METRIC
