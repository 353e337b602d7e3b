"""
The figures of a whole plan as flat columns, worked out in one pass without recursion.

Goals are positions, figures are ``array('d')`` columns, and the pass goes through the goals children
first, so that each goal is finished before it is given to its parents. Everything else (rows,
contributions, sentences) is made from the columns when it is asked for.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from datetime import date
from math import inf
from typing import Final, final

from ..model.facts import last_move, standing
from ..model.goals import Goal, Link, Milestone, Objective, contributes, own_metric, rolls_up, weighs
from ..model.metrics import Unreadable
from ..model.plan import Plan
from ..model.progress import Progress, Reason
from ..model.reading import latest
from ..model.records import CheckIn, Fact
from ..model.stages import RollupMethod, left_out
from ..quantities import clamp

# What a goal is to its parents.
_OUT: Final = 0  # it has no figure that could count: its period lies ahead, or there is nothing to measure
_UNMEASURED: Final = 1  # it counts as nothing done, and lowers the coverage
_MEASURED: Final = 2

# Of the reasons why nothing counts towards a goal, the one that is told; the first wins.
_RANK: Final = {
    reason: rank
    for rank, reason in enumerate(
        (
            Reason.NONE_STARTED,
            Reason.ALL_LEFT_OUT,
            Reason.NO_METRIC,
            Reason.ZERO_SPAN,
            Reason.UNREADABLE,
            Reason.NO_CHILDREN,
            Reason.NO_WEIGHT,
        )
    )
}


@final
class Columns:
    """
    The figures of every goal of a plan on a day, by position.

    Attributes:
        plan: The plan.
        as_of: The day.
        goals: The goals as defined on that day, by position.
        structure: The ids and the shape.
        value: Progress within 0 and 1, where ``reason`` is None.
        coverage: The measured share of the weight behind the value.
        raw: Unclamped progress of measured goals; None for all others.
        reason: Why the value is unknown; None where it is known.
        excluded: Why the goal's own last record leaves it out of its parents; None where it does not.
        check_in: The check-in that the value was read from.
        weight: The sum of the weights that count towards the goal.
    """

    __slots__ = (
        "as_of",
        "check_in",
        "coverage",
        "excluded",
        "goals",
        "plan",
        "raw",
        "reason",
        "state",
        "structure",
        "value",
        "weight",
    )

    def __init__(self, plan: Plan, as_of: date) -> None:
        definitions = plan.definitions(as_of)
        goals = list(definitions.goals.values())
        self.plan: Final = plan
        self.as_of: Final = as_of
        self.goals: Final[list[Goal]] = goals
        self.structure: Final = definitions.structure
        zeros = bytes(8 * len(goals))
        self.value: Final = array("d", zeros)
        self.coverage: Final = array("d", zeros)
        self.weight: Final = array("d", zeros)
        self.raw: Final[list[float | None]] = [None] * len(goals)
        self.reason: Final[list[Reason | None]] = [None] * len(goals)
        self.excluded: Final[list[Reason | None]] = [None] * len(goals)
        self.check_in: Final[list[CheckIn | None]] = [None] * len(goals)
        self.state: Final = bytearray(len(goals))

        periods = definitions.periods
        with_facts = plan.log.goals()
        for position, goal in enumerate(goals):
            facts = plan.log.about(goal.id) if goal.id in with_facts else ()
            if facts and (move := last_move(facts, as_of)) is not None:
                self.excluded[position] = left_out(move.stage, move.outcome)
            first_day = periods[position][0]
            if first_day is not None and as_of < first_day:
                self.reason[position] = Reason.NOT_STARTED
            elif not rolls_up(goal):
                self._measure(position, goal, facts)
        for position, goal in enumerate(goals):
            if (
                isinstance(goal, Milestone)
                and goal.share is not None
                and self.reason[position] is not Reason.NOT_STARTED
            ):
                self._measure_share(position, goal.share)
        self._roll_up()

    def _measure(self, position: int, goal: Goal, facts: Iterable[Fact]) -> None:
        progress, check_in = latest(goal, standing(facts, self.as_of), self.as_of)
        self.check_in[position] = check_in
        self._set(position, progress)
        if isinstance(own := own_metric(goal), Unreadable):
            self.state[position] = _OUT
            self.reason[position] = own.reason

    def _measure_share(self, position: int, share: float) -> None:
        parent = self.structure.up[position][0]
        raw = self.raw[parent]
        reason = self.reason[parent] or Reason.NO_METRIC
        self._set(position, Progress.unknown(reason) if raw is None else Progress.of(raw / share))

    def _set(self, position: int, progress: Progress) -> None:
        self.raw[position] = progress.raw
        self.reason[position] = progress.reason
        self.state[position] = _UNMEASURED
        if progress.value is not None:
            self.state[position] = _MEASURED
            self.value[position] = progress.value
            self.coverage[position] = 1.0

    def _roll_up(self) -> None:
        goals, structure = self.goals, self.structure
        value, coverage, weight = self.value, self.coverage, self.weight
        lowest, highest = array("d", [inf]) * len(goals), array("d", [-inf]) * len(goals)
        blocked: list[Reason | None] = [None] * len(goals)
        for position in structure.children_first:
            goal = goals[position]
            if rolls_up(goal) and self.reason[position] is not Reason.NOT_STARTED:
                self._finish(position, goal, lowest[position], highest[position], blocked[position])
            for link in goal.parent:
                parent = structure.at[link.to]
                out = self.left_out(position, link)
                if out is not None:
                    blocked[parent] = _told(out, blocked[parent])
                    continue
                given, share = value[position], weighs(goal, link)
                weight[parent] += share
                coverage[parent] += share * coverage[position]
                value[parent] += share * given
                lowest[parent] = min(lowest[parent], given)
                highest[parent] = max(highest[parent], given)

    def _finish(self, position: int, goal: Goal, lowest: float, highest: float, blocked: Reason | None) -> None:
        """Turn the sums of what counts towards a goal into its figure."""
        total = self.weight[position]
        if not total:
            nothing = Reason.NO_CHILDREN if isinstance(goal, Objective) else Reason.NO_METRIC
            self.reason[position] = blocked or nothing
        elif not self.coverage[position]:
            self.state[position] = _UNMEASURED
            self.reason[position] = Reason.NOT_MEASURED
            self.value[position] = 0.0
        else:
            self.state[position] = _MEASURED
            self.coverage[position] /= total
            if goal.rollup is RollupMethod.MINIMUM:
                self.value[position] = lowest
            elif goal.rollup is RollupMethod.MAXIMUM:
                self.value[position] = highest
            else:
                self.value[position] /= total

    def left_out(self, position: int, link: Link) -> Reason | None:
        """
        Return why a goal is left out of a parent, or None where it counts.

        Args:
            position: The goal's position.
            link: Its link to the parent.
        """
        goal = self.goals[position]
        if not contributes(goal, link):
            return Reason.DOES_NOT_COUNT
        parent = self.structure.at[link.to]
        if not rolls_up(self.goals[parent]):
            return Reason.PARENT_IS_MEASURED
        if self.reason[parent] is Reason.NOT_STARTED:
            return Reason.PARENT_NOT_STARTED
        if not weighs(goal, link):
            return Reason.NO_WEIGHT
        if (excluded := self.excluded[position]) is not None:
            return excluded
        return self.reason[position] if self.state[position] == _OUT else None

    def known(self, position: int) -> float | None:
        """
        Return a goal's progress, or None where it is unknown.

        Args:
            position: The goal's position.
        """
        return None if self.reason[position] is not None else self.value[position]

    def entering(self, position: int) -> tuple[float, bool]:
        """
        Return what of a goal's progress enters its parents, and whether it was clamped for that.

        Args:
            position: The goal's position.
        """
        raw = self.raw[position]
        return self.value[position], raw is not None and raw != clamp(raw)


def _told(out: Reason, before: Reason | None) -> Reason | None:
    """Return the reason that a parent tells when nothing counts: of what is left out, the first in rank."""
    if out in {Reason.DOES_NOT_COUNT, Reason.PARENT_IS_MEASURED, Reason.PARENT_NOT_STARTED}:
        return before
    told = Reason.NONE_STARTED if out is Reason.NOT_STARTED else out if out in _RANK else Reason.ALL_LEFT_OUT
    return told if before is None or _RANK[told] < _RANK[before] else before
