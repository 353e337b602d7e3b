"""Who counts towards whom, and how much, in the figures of a whole plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import fsum
from typing import Final, final

from ..model.definitions import Definitions
from ..model.goals import Link, Objective, own_metric, weighs
from ..model.plan import Plan
from ..model.progress import Reason
from ..policies import Blend, Policy, Unmeasured, Weights
from ..quantities import same
from .figures import Figures
from .parts import Item, Source, State, Sum
from .shape import counts

# With so many parents, a goal's links are looked up instead of searched through.
_MANY: Final = 8


@final
class Columns(Figures):
    """
    The figures of a plan, and who counts in them.

    Attributes:
        sums: What goals bring to sums of values, or of ways, as far as that was worked out.
    """

    __slots__ = ("_first", "_several", "_shared", "sums")

    def __init__(self, plan: Plan, as_of: date, policy: Policy, definitions: Definitions) -> None:
        super().__init__(plan, as_of, policy, definitions)
        self.sums: Final[dict[tuple[int, Source], Sum]] = {}
        self._shared: bytearray | None = None
        self._several: Final[dict[int, dict[int, Link]]] = {}
        self._first: Final[dict[tuple[int, bool], bool]] = {}

    def clear(self, position: int) -> None:
        """
        Take a goal's figure away, with what was worked out for it.

        Args:
            position: The goal's position.
        """
        super().clear(position)
        self.forget_sums(position)

    def forget_sums(self, position: int) -> None:
        """
        Forget what was worked out of what goes through a goal.

        Args:
            position: The goal's position.
        """
        for summed in (False, True):
            self._first.pop((position, summed), None)
        for kind in (Source.VALUES, Source.WAYS):
            self.sums.pop((position, kind), None)

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
        if child not in self._several:
            self._several[child] = dict(zip(parents, links, strict=True))
        return self._several[child][parent]

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
            return [item for item in self.shape.items(parent) if self.left_out(item[0], parent) is None]
        if parent in self.complete or self.reason[parent] is Reason.NOT_STARTED:
            return []
        state, excluded = self.state, self.excluded
        return [item for item in self.shape.items(parent) if state[item[0]] and excluded[item[0]] is None]

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
