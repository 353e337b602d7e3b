"""The one pass that works out every figure of a plan: what is measured, then what is made up of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final, final

from ..model.definitions import Definitions
from ..model.plan import Plan
from ..model.reading import plainly_said
from ..policies import Policy
from .arrays import go_up_by_arrays, wins
from .columns import Columns
from .engine import take, take_share
from .parts import Source
from .upward import SETTLED, go_up, mark_of


@final
class _Taken:
    """What the facts of a plan say of every goal on a day, before anything is made up of it."""

    __slots__ = ("columns", "log", "observed", "odd")

    def __init__(self, columns: Columns, plan: Plan, odd: set[int]) -> None:
        #: The figures of what is measured.
        self.columns: Final = columns
        self.log: Final = plan.log
        self.observed: Final = plan.observed
        #: The positions of the goals that are not simply measured, or made up of others.
        self.odd: Final = odd


# The columns that only facts write to, where figures are read from facts or are means of others.
_MEASURED: Final = frozenset({"complete", "excluded", "raw", "reading", "source"})


def work_out(plan: Plan, as_of: date, policy: Policy) -> Columns:
    """
    Return the figures of every goal of a plan on a day, under a policy.

    What the facts say is remembered with the goals, for the last day and policy that were asked for:
    the next roll-up of the plan, or of one that a few facts were recorded to, only goes up from there.
    So the columns may be shared: whoever wants to write to them takes a copy.

    Args:
        plan: The plan.
        as_of: The day.
        policy: The choices behind the figures.
    """
    definitions = plan.definitions(as_of)
    taken = definitions.memo["taken"] = _taken(plan, as_of, policy, definitions)
    columns = taken.columns.copy(shares=_MEASURED if taken.columns.shape.has_means_only else ())
    marks = _marks(columns, taken.odd)
    if wins(columns, is_clean=not taken.odd):
        go_up_by_arrays(columns, marks)
    else:
        go_up(columns, columns.shape.steps, marks, columns.all_entering())
    for position in columns.shape.shares:
        # It stands for a part of what is above it and enters nothing, so that it comes last.
        take_share(columns, position)
    return columns


def _taken(plan: Plan, as_of: date, policy: Policy, definitions: Definitions) -> _Taken:
    """Return what the facts say; of what was worked out before, as much as still holds."""
    known: _Taken | None = definitions.memo.get("taken")
    if known is not None and known.columns.as_of == as_of and known.columns.policy == policy:
        if known.log is plan.log and known.observed is plan.observed:
            return known
        added, _ = plan.log.beyond(known.log)
        changed = {definitions.structure.at[fact.goal] for fact in added}
        changed.update(() if known.observed is plan.observed else known.columns.shape.by_kpi)
        if len(changed) * _FEW < len(definitions.goals) and plan.log.starts_with(known.log):
            return _taken_further(known, plan, changed)
    return _taken_anew(plan, as_of, policy, definitions)


# Up to this part of all goals may have new facts before everything is read again.
_FEW: Final = 4


def _taken_anew(plan: Plan, as_of: date, policy: Policy, definitions: Definitions) -> _Taken:
    columns = Columns(plan, as_of, policy, definitions)
    odd: set[int] = set()
    by_goal = plan.log.by_goal()
    begun = definitions.periods.all_begun(as_of)
    source = columns.source
    for position, (goal_id, metric) in enumerate(zip(columns.structure.ids, columns.shape.plain, strict=True)):
        facts = by_goal.get(goal_id, ())
        if metric is not None and begun and source[position] is Source.OWN:
            said = plainly_said(facts, as_of)
            if said is not None:
                columns.say(position, metric.raw(said[1]), said[0])
                continue
        elif begun and not facts and source[position] is Source.PARTS:
            continue
        take(columns, position, facts)
        if _is_odd(columns, position):
            odd.add(position)
    return _Taken(columns, plan, odd)


def _taken_further(known: _Taken, plan: Plan, positions: set[int]) -> _Taken:
    columns, odd = known.columns.copy(), set(known.odd)
    columns.plan = plan
    for position in positions:
        columns.forget(position)
        take(columns, position, plan.log.about(columns.structure.ids[position]))
        odd.discard(position)
        if _is_odd(columns, position):
            odd.add(position)
    return _Taken(columns, plan, odd)


def _is_odd(columns: Columns, position: int) -> bool:
    """Tell whether what a goal's facts say keeps it, or a goal above it, from being worked out in one line."""
    if columns.excluded[position] is not None or position in columns.complete:
        return True
    if not columns.is_measured(position):
        return columns.reason[position] is not None  # it has not begun
    return mark_of(columns, position) != 0


def _marks(columns: Columns, odd: Iterable[int]) -> bytearray:
    """Return how each goal that is made up of others is to be worked out, as far as facts decide that."""
    marks = bytearray(len(columns.goals))
    up = columns.structure.up
    for position in odd:
        if not columns.is_measured(position) and (position in columns.complete or columns.reason[position] is not None):
            marks[position] |= SETTLED
        mark = mark_of(columns, position)
        for parent in up[position]:
            marks[parent] |= mark
    return marks
