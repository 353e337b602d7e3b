"""What of a plan's shape a policy decides: where each figure comes from, and what counts how much for whom."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import fsum
from operator import itemgetter
from typing import Any, Final, TypeAlias, final

from ..model.definitions import Definitions
from ..model.goals import Goal, Initiative, KeyResult, Link, Milestone, Objective, contributes, weighs
from ..model.limits import Limit, is_shared
from ..model.linear import Metric
from ..model.methods import Reads, RollupMethod
from ..policies import Blend, Initiatives, Policy, Weights
from .parts import MEASURED, Item, Source


def counts(child: Goal, link: Link, initiatives: Initiatives) -> bool:
    """
    Tell whether a goal contributes to a parent, where a policy decides for initiatives.

    Args:
        child: The goal.
        link: Its link to the parent.
        initiatives: Whether initiatives count.

    Example:
        >>> counts(Initiative(id="i", title="I"), Link("o"), Initiatives.COUNT)
        True
    """
    if initiatives is not Initiatives.AS_LINKED and isinstance(child, Initiative):
        return initiatives is Initiatives.COUNT and link.counts is not False
    return contributes(child, link)


#: How the figure of a goal that is made up of others is worked out: its position, what takes the children's
#: figures out of a column, the children's weights (None where each is 1), and their sum. Where nothing is to be
#: taken out, the figure is no plain weighted mean of all children, and takes more than one line to work out.
Step: TypeAlias = "tuple[int, Callable[[Sequence[Any]], Iterable[Any]] | None, array[float] | None, float]"


@final
class Shape:
    """
    What is worked out once from goals and a policy, before any figure.

    Attributes:
        sources: Where the figure of each goal is to come from, by position.
        plain: The metric of each goal that reads the latest number as it is, by position.
        children: The positions of those that contribute to a goal and weigh something, in plan
            order, by its own position; a goal without any has no entry.
        weights: Their weights, in the same order.
        steps: How each goal that is made up of others is worked out, children before their parents.
        by_kpi: The positions of the goals that are measured by a KPI.
        shares: The positions of the goals that stand for a share of what is above them.
        has_means_only: Whether every goal is measured, or made up of the progress of others.
        has_sums: Whether some goal is read from a sum of what is below it.
        levels: The steps by height, as arrays; None where nobody has asked for them.
    """

    __slots__ = (
        "by_kpi",
        "children",
        "has_means_only",
        "has_sums",
        "levels",
        "plain",
        "shares",
        "sources",
        "steps",
        "weights",
    )

    def __init__(self, definitions: Definitions, policy: Policy) -> None:
        initiatives, method = policy.initiatives, policy.method
        sources: list[Source] = []
        metrics: list[Metric | None] = []
        below: dict[int, list[int]] = {}
        weighing: dict[int, list[float]] = {}
        each = zip(definitions.goals.values(), definitions.structure.up, strict=True)
        for child, (goal, parents) in enumerate(each):
            sources.append(_source(goal, method))
            metrics.append(_plain(goal))
            for parent, link in zip(parents, goal.parent):  # noqa: B905 - as many as there are links
                if counts(goal, link, initiatives) and (weight := weighs(goal, link)):
                    if parent in below:
                        below[parent].append(child)
                        weighing[parent].append(weight)
                    else:
                        below[parent], weighing[parent] = [child], [weight]
        self.sources: Final = sources
        self.plain: Final = metrics
        self.children: Final = below
        self.weights: Final = weighing
        self.steps: Final = [*self._steps(definitions, policy)]
        self.has_means_only: Final = {Source.OWN, Source.PARTS}.issuperset(sources)
        self.has_sums: Final = not {Source.VALUES, Source.WAYS}.isdisjoint(sources)
        self.levels: list[Any] | None = None
        self.by_kpi: Final = [
            at
            for at, goal in enumerate(definitions.goals.values())
            if isinstance(goal, KeyResult) and goal.measured_by is not None
        ]
        self.shares: Final = [at for at, source in enumerate(sources) if source is Source.SHARE]

    def items(self, parent: int) -> Iterator[Item]:
        """
        Return the children that contribute to a goal and weigh something, with their weights.

        Args:
            parent: The goal's position.
        """
        return zip(self.children.get(parent, ()), self.weights.get(parent, ()), strict=True)

    def _steps(self, definitions: Definitions, policy: Policy) -> Iterator[Step]:
        goals = [*definitions.goals.values()]
        each = policy.blend is Blend.EACH_ITEM and policy.weights is Weights.RELATIVE
        # Numbers out of an array are made anew, and so lie beside each other in memory when they are needed.
        for position in array("q", definitions.structure.children_first):
            if self.sources[position] in MEASURED:
                continue
            children = self.children.get(position)
            mean = (goals[position].rollup or policy.method) is RollupMethod.WEIGHTED_MEAN
            if not (each and mean and children):
                yield position, None, None, 0.0
                continue
            weights, first = array("d", self.weights[position]), children[0]
            pick = itemgetter(*array("q", children)) if len(children) > 1 else itemgetter(slice(first, first + 1))
            yield position, pick, None if weights.count(1.0) == len(weights) else weights, fsum(weights)


def shape(definitions: Definitions, policy: Policy) -> Shape:
    """
    Return the shape of some goals under a policy; it is worked out once.

    Args:
        definitions: The goals.
        policy: The policy.
    """
    key = (policy.initiatives, policy.method, policy.blend, policy.weights)
    known: Shape | None = definitions.memo.get(key)
    if known is None:
        known = definitions.memo[key] = Shape(definitions, policy)
    return known


def _source(goal: Goal, method: RollupMethod) -> Source:
    if not isinstance(goal, (KeyResult, Objective)):
        return Source.SHARE if isinstance(goal, Milestone) and goal.share is not None else Source.OWN
    chosen, metric = goal.rollup or method, goal.metric
    if metric is None:
        return Source.WAYS if chosen is RollupMethod.RATIO_OF_SUMS else Source.PARTS
    if chosen is not RollupMethod.SUM_OF_VALUES or not metric.is_numeric or is_shared(metric):
        return Source.OWN
    return Source.VALUES  # by policy, until it shows that nothing below it has a value


def _plain(goal: Goal) -> Metric | None:
    if not isinstance(goal, (KeyResult, Objective)) or goal.rollup is not None:
        return None
    metric = goal.metric
    if metric is None or not _reads_numbers(type(metric)):
        return None
    by_others = isinstance(goal, KeyResult) and (goal.reads is not Reads.LATEST or goal.measured_by is not None)
    return None if by_others else metric


def _reads_numbers(kind: type[Metric]) -> bool:
    """Tell whether all that metrics of a kind ask of a value is a number."""
    return kind.is_numeric and not issubclass(kind, Limit) and kind.never is Metric.never
