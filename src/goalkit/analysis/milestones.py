"""The days of milestones: what was planned, and what became of it."""

from __future__ import annotations

from datetime import date

from attrs import frozen

from ..model.facts import standing
from ..model.goals import Goal, Milestone
from ..model.plan import Plan
from ..quantities import same
from .columns import Columns


@frozen(kw_only=True)
class MilestoneDays:
    """
    The planned and the actual day of a milestone.

    Attributes:
        goal: The milestone's id.
        planned: The day it is planned for, by its last definition: its due day, else the last of its period.
        first_planned: The due day that was first written down; None where there was none.
        done: Whether it is done.
        actual: The day from which it is done; None where it is not, or nobody knows since when.
        days_late: How many days after the plan it was done, negative before it; of one that is not
            done, how many days have passed since. None where it is not late yet, or a day is missing.

    Example:
        >>> from goalkit import Milestone
        >>> from goalkit.analysis.passes import work_out
        >>> from goalkit.policies import DEFAULT
        >>> plan = Plan.of(Milestone(id="m", title="Open", due="2026-09-01", done_on="2026-09-04"))
        >>> milestone_days(work_out(plan, date(2026, 9, 30), DEFAULT), "m").days_late
        3
    """

    goal: str
    planned: date | None
    first_planned: date | None
    done: bool
    actual: date | None
    days_late: int | None


def milestone_days(columns: Columns, goal_id: str) -> MilestoneDays:
    """
    Return the planned and the actual day of a milestone.

    Args:
        columns: The figures of the day.
        goal_id: The milestone.
    """
    plan, as_of = columns.plan, columns.as_of
    position = columns.structure.at[goal_id]
    planned = _due(columns.goals[position]) or columns.periods[position][1]
    value = columns.known(position)
    done = value is not None and (value >= 1 or same(value, 1))
    actual = _actual(plan, columns.goals[position], as_of) if done else None
    late = None
    if planned is not None and (actual is not None or (not done and planned < as_of)):
        late = ((actual or as_of) - planned).days
    return MilestoneDays(
        goal=goal_id,
        planned=planned,
        first_planned=_due(plan.written.goals[goal_id]),
        done=done,
        actual=actual,
        days_late=late,
    )


def _due(goal: Goal) -> date | None:
    return goal.due if isinstance(goal, Milestone) else None


def _actual(plan: Plan, goal: Goal, as_of: date) -> date | None:
    """Return the first day of the check-ins since which it was always done; else the day it says itself."""
    said: date | None = None
    for check_in in standing(plan.log.about(goal.id), as_of):
        if check_in.value is not None:
            done = check_in.value is True or (check_in.value is not False and check_in.value >= 1)
            said = (said or check_in.on) if done else None
    return said or (goal.done_on if isinstance(goal, Milestone) else None)
