"""
The figures of a whole plan as flat columns, and who counts towards whom.

Goals are positions, figures are ``array('d')`` columns. The engine fills them in one pass without
recursion; everything else (rows, contributions, sentences) is made from them when it is asked for.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from math import fsum
from typing import Final, final

from ..model.definitions import Definitions
from ..model.goals import Goal, Link, Objective, own_metric, weighs
from ..model.methods import RollupMethod
from ..model.plan import Plan
from ..model.progress import Progress, Reason
from ..model.reading import Reading
from ..model.records import CheckIn
from ..policies import Blend, Clamp, Policy, Unmeasured, Weights
from ..quantities import clamp, same
from .measures import actual, shown
from .parts import MEASURED, Item, Source, State, Sum
from .shape import counts, linked, sources

# With so many parents, a goal's links are looked up instead of searched through.
_MANY: Final = 8


@final
class Columns:
    """
    The figures of every goal of a plan on a day, by position.

    Attributes:
        plan: The plan.
        as_of: The day.
        policy: The choices behind the figures.
        goals: The goals as defined on that day, by position.
        structure: The ids and the shape.
        periods: The first and last day of every goal.
        linked: The children that contribute to each goal and weigh something, with their weights.
        source: Where each figure comes from.
        state: What each goal is to its parents.
        value: Progress, where ``reason`` is None.
        coverage: The measured share of the weight behind the value.
        raw: Unclamped progress of what is measured, or summed; None for all others.
        reason: Why the value is unknown; None where it is known.
        excluded: Why the goal's own last record leaves it out of its parents; None where it does not.
        reading: What the goal's own check-ins say, where it is read from them; a check-in where that is all.
        total: The sum of values that a goal is read from, by position.
        unheld: The figure of a goal that is made up of others before it was held within bounds, where
            that made a difference, by position.
        complete: The positions of the goals that are closed, and complete by the policy.
        sums: What goals bring to sums of values, or of ways, as far as that was worked out.
    """

    __slots__ = (
        "_first",
        "_links",
        "_shared",
        "_sources",
        "as_of",
        "complete",
        "coverage",
        "excluded",
        "goals",
        "linked",
        "periods",
        "plan",
        "policy",
        "raw",
        "reading",
        "reason",
        "source",
        "state",
        "structure",
        "sums",
        "total",
        "unheld",
        "value",
    )

    def __init__(self, plan: Plan, as_of: date, policy: Policy, definitions: Definitions) -> None:
        goals = list(definitions.goals.values())
        self.plan = plan
        self.as_of = as_of
        self.policy: Final = policy
        self.goals: Final[list[Goal]] = goals
        self.structure: Final = definitions.structure
        self.periods: Final = definitions.periods
        zeros = bytes(8 * len(goals))
        self.value: Final = array("d", zeros)
        self.coverage: Final = array("d", zeros)
        self.raw: Final[list[float | None]] = [None] * len(goals)
        self.reason: Final[list[Reason | None]] = [None] * len(goals)
        self.excluded: Final[list[Reason | None]] = [None] * len(goals)
        self.reading: Final[list[Reading | CheckIn | None]] = [None] * len(goals)
        self.total: Final[dict[int, Decimal]] = {}
        self.unheld: Final[dict[int, float]] = {}
        self.complete: Final[set[int]] = set()
        self.sums: Final[dict[tuple[int, Source], Sum]] = {}
        self._shared: bytearray | None = None
        self.state: Final = bytearray(len(goals))
        self._links: Final[dict[int, dict[int, Link]]] = {}
        self._first: Final[dict[tuple[int, bool], bool]] = {}
        self._sources: Final = sources(definitions, policy.method)
        self.source: Final = list(self._sources)
        self.linked: Final = linked(definitions, policy.initiatives)

    # -- emptying -----------------------------------------------------------------------------------

    def clear(self, position: int) -> None:
        """
        Take a goal's figure away, so that it can be worked out again.

        Args:
            position: The goal's position.
        """
        self.value[position] = self.coverage[position] = 0.0
        self.state[position] = State.OUT
        self.raw[position] = self.reason[position] = None
        self.total.pop(position, None)
        self.unheld.pop(position, None)
        for summed in (False, True):
            self._first.pop((position, summed), None)
        for kind in (Source.VALUES, Source.WAYS):
            self.sums.pop((position, kind), None)

    def forget(self, position: int) -> None:
        """
        Take away all that a goal's own facts have said of it, its figure too.

        Args:
            position: The goal's position.
        """
        self.clear(position)
        self.excluded[position] = self.reading[position] = None
        self.complete.discard(position)
        self.source[position] = self.source_of(position)

    # -- filling in -------------------------------------------------------------------------------

    def put(self, position: int, progress: Progress, *, measured: bool) -> None:
        """
        Set what a goal's own check-ins say.

        Args:
            position: The goal's position.
            progress: Its progress, or why that is unknown.
            measured: Whether known progress was measured, rather than taken from where the goal began.
        """
        self.raw[position] = progress.raw
        self.reason[position] = progress.reason
        self.state[position] = State.UNMEASURED
        if progress.raw is not None:
            self.state[position] = State.KNOWN
            self.value[position] = shown(progress.raw, self.policy, made_up=False)
            self.coverage[position] = float(measured)

    def reads_plainly(self, position: int) -> bool:
        """
        Tell whether a goal is read from its own check-ins now.

        Args:
            position: The goal's position.
        """
        return self.source[position] is Source.OWN and self.has_begun(position)

    def say(self, position: int, raw: float, check_in: CheckIn) -> None:
        """
        Set what a goal's last check-in says.

        Args:
            position: The goal's position.
            raw: Its unclamped progress.
            check_in: The check-in.
        """
        self.reading[position] = check_in
        self.raw[position] = raw
        self.state[position] = State.KNOWN
        self.value[position] = shown(raw, self.policy, made_up=False)
        self.coverage[position] = 1.0

    def settle(self, position: int, figure: float | None, coverage: float) -> None:
        """
        Set the figure of a goal that is made up of others.

        Args:
            position: The goal's position.
            figure: Its figure, unclamped; None where nobody has measured what it is made up of.
            coverage: The measured share of it.
        """
        self.coverage[position] = coverage
        if figure is None:
            self.state[position] = State.UNMEASURED
            self.reason[position] = Reason.NOT_MEASURED
            return
        self.state[position] = State.KNOWN
        value = self.value[position] = shown(figure, self.policy, made_up=True)
        if not same(value, figure):  # the last digit may be rounding alone
            self.unheld[position] = figure

    def has_begun(self, position: int) -> bool:
        """
        Tell whether a goal's period has begun.

        Args:
            position: The goal's position.
        """
        first_day = self.periods[position][0]
        return first_day is None or self.as_of >= first_day

    def source_of(self, position: int) -> Source:
        """
        Return where a goal's figure is to come from, before it shows whether there is anything.

        Args:
            position: The goal's position.
        """
        return self._sources[position]

    # -- who counts -------------------------------------------------------------------------------

    def method(self, position: int) -> RollupMethod:
        """
        Return how the figures of a goal's children become its own.

        Args:
            position: The goal's position.
        """
        return self.goals[position].rollup or self.policy.method

    def is_made_up(self, position: int) -> bool:
        """
        Tell whether a goal's figure is made up of others.

        Args:
            position: The goal's position.
        """
        return not self.is_measured(position) and position not in self.complete

    def is_measured(self, position: int) -> bool:
        """
        Tell whether a goal is read from check-ins, its own or those of the goal of which it is a share.

        Args:
            position: The goal's position.
        """
        return self.source[position] in MEASURED

    def shares_below(self, position: int) -> bool:
        """
        Tell whether a goal, or one below it, has several parents.

        Args:
            position: The goal's position.
        """
        if self._shared is None:
            up = self.structure.up
            shared = bytearray(len(parents) > 1 for parents in up)
            for child in self.structure.children_first:
                if shared[child]:
                    for parent in up[child]:
                        shared[parent] = True
            self._shared = shared
        return bool(self._shared[position])

    def link(self, child: int, parent: int) -> Link:
        """
        Return the link from a goal to one of its parents.

        Args:
            child: The goal's position.
            parent: The parent's.
        """
        links, parents = self.goals[child].parent, self.structure.up[child]
        if len(parents) == 1:
            return links[0]
        if len(parents) < _MANY:
            return links[parents.index(parent)]
        if child not in self._links:
            self._links[child] = dict(zip(parents, links, strict=True))
        return self._links[child][parent]

    def weight(self, child: int, parent: int) -> float:
        """
        Return a goal's weight in one of its parents, before the policy blends it.

        Args:
            child: The goal's position.
            parent: The parent's.
        """
        return weighs(self.goals[child], self.link(child, parent))

    def weights_are_right(self, parent: int) -> bool:
        """
        Tell whether the weights of what contributes to a goal are what the policy demands.

        Args:
            parent: The goal's position.
        """
        if self.policy.weights is Weights.RELATIVE:
            return True
        objectives = self.policy.blend is not Blend.KEY_RESULTS_ONLY
        given = [
            self.weight(child, parent)
            for child in self.structure.down[parent]
            if self._contributes(child, parent) and (objectives or not isinstance(self.goals[child], Objective))
        ]
        return not any(given) or same(fsum(given), 1.0)

    def counting(self, parent: int) -> list[Item]:
        """
        Return the children that count towards a goal, in plan order, with their weights.

        Args:
            parent: The goal's position.
        """
        if self.source[parent] is not Source.PARTS or self.policy.blend is not Blend.EACH_ITEM:
            return [item for item in self.linked[parent] if self.left_out(item[0], parent) is None]
        if parent in self.complete or self.reason[parent] is Reason.NOT_STARTED:
            return []
        state, excluded = self.state, self.excluded
        return [item for item in self.linked[parent] if state[item[0]] and excluded[item[0]] is None]

    def summed(self, parent: int) -> list[int]:
        """
        Return the children through which a sum goes, whether or not their parent is complete.

        Args:
            parent: The goal's position.
        """
        down = self.structure.down[parent]
        return [child for child in down if self._left_out(child, parent, summed=True) is None]

    def counted(self, items: Sequence[Item]) -> Sequence[Item]:
        """
        Return those of some children whose figures make the parent's; none where that is unknown.

        Args:
            items: The children that count.
        """
        known = [item for item in items if self.state[item[0]] == State.KNOWN]
        if self.policy.unmeasured is Unmeasured.SKIP or not known:
            return known
        if self.policy.unmeasured is Unmeasured.UNKNOWN and len(known) < len(items):
            return []
        return items

    def blended(self, items: Sequence[Item]) -> Sequence[Item]:
        """
        Return some children with the weights that the policy's blend gives them.

        Args:
            items: Children with their own weights.
        """
        if self.policy.blend is not Blend.KEY_RESULTS_AS_ONE:
            return items
        block = fsum(weight for child, weight in items if not isinstance(self.goals[child], Objective))
        return [
            (child, weight if isinstance(self.goals[child], Objective) else weight / block) for child, weight in items
        ]

    def left_out(self, child: int, parent: int) -> Reason | None:
        """
        Return why a goal is left out of a parent, or None where it counts.

        Args:
            child: The goal's position.
            parent: The parent's.
        """
        return self._left_out(child, parent, summed=False)

    def _left_out(self, child: int, parent: int, *, summed: bool) -> Reason | None:
        out = self._left_out_itself(child, parent, summed=summed)
        if out is not None or self.policy.blend is Blend.EACH_ITEM or not isinstance(self.goals[child], Objective):
            return out
        if self.policy.blend is Blend.KEY_RESULTS_ONLY:
            return Reason.KEY_RESULTS_ONLY
        first = self.policy.blend is Blend.KEY_RESULTS_FIRST and self._key_result_counts(parent, summed=summed)
        return Reason.KEY_RESULTS_ONLY if first else None

    def _key_result_counts(self, parent: int, *, summed: bool) -> bool:
        if (parent, summed) not in self._first:
            self._first[parent, summed] = any(
                not isinstance(self.goals[child], Objective)
                and self._left_out_itself(child, parent, summed=summed) is None
                for child in self.structure.down[parent]
            )
        return self._first[parent, summed]

    def _left_out_itself(self, child: int, parent: int, *, summed: bool) -> Reason | None:
        """Return why a goal is left out of a parent, whoever else counts there."""
        if not self._contributes(child, parent):
            return Reason.DOES_NOT_COUNT
        source = self.source[parent]
        if self.is_measured(parent):
            return Reason.PARENT_IS_MEASURED
        if parent in self.complete and not summed:
            return Reason.PARENT_IS_COMPLETE
        if self.reason[parent] is Reason.NOT_STARTED:
            return Reason.PARENT_NOT_STARTED
        if not self.weight(child, parent):
            return Reason.NO_WEIGHT
        if (excluded := self.excluded[child]) is not None:
            return excluded
        if self.state[child] == State.OUT:
            # What stands for a share of its parent is worked out after it.
            return self.reason[child] or Reason.NO_VALUE
        return None if source is Source.PARTS or self.brings(child, source) else Reason.NO_VALUE

    def _contributes(self, child: int, parent: int) -> bool:
        return counts(self.goals[child], self.link(child, parent), self.policy.initiatives)

    def brings(self, child: int, source: Source) -> bool:
        """
        Tell whether a goal may bring something to a sum: it is made up of others, or has what is summed.

        Args:
            child: The goal's position.
            source: What is summed: values, or ways from start to target.
        """
        if not self.is_measured(child):
            return True
        metric = own_metric(self.goals[child])
        if metric is None or self.source[child] is not Source.OWN:
            return False
        return metric.is_numeric if source is Source.VALUES else metric.span is not None

    # -- what is asked for ------------------------------------------------------------------------

    def known(self, position: int) -> float | None:
        """
        Return a goal's progress, or None where it is unknown.

        Args:
            position: The goal's position.
        """
        return None if self.reason[position] is not None else self.value[position]

    def entering(self, position: int) -> float:
        """
        Return what of a goal's progress enters its parents; 0 where it is unknown.

        Args:
            position: The goal's position.
        """
        value = self.value[position]
        return clamp(value, self.policy.cap) if self.policy.clamp is Clamp.ENTERING else value

    def is_clamped(self, position: int) -> bool:
        """
        Tell whether what enters a goal's parents was held within 0 and the cap for that.

        Args:
            position: The goal's position.
        """
        raw = self.unheld.get(position, self.raw[position])
        return raw is not None and raw != self.entering(position)

    def check_in(self, position: int) -> CheckIn | None:
        """
        Return the check-in that a goal was read from, the last of several; None where it comes from elsewhere.

        Args:
            position: The goal's position.
        """
        reading = self.reading[position]
        return reading.check_in if isinstance(reading, Reading) else reading

    def actual(self, position: int) -> Decimal | None:
        """
        Return the number that a goal's figure rests on; None where there is none.

        Args:
            position: The goal's position.
        """
        if position in self.total:
            return self.total[position]
        reading, metric = self.reading[position], own_metric(self.goals[position])
        if isinstance(reading, Reading):
            return actual(metric, reading)
        value = None if reading is None else reading.value
        return value if isinstance(value, Decimal) else None
