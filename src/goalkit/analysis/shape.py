"""What of a plan's shape a policy decides: where each figure comes from, and what counts how much for whom."""

from __future__ import annotations

from ..model.definitions import Definitions
from ..model.goals import Goal, Initiative, KeyResult, Link, Milestone, Objective, contributes, own_metric, weighs
from ..model.limits import Limit, is_shared
from ..model.linear import Metric
from ..model.methods import Reads, RollupMethod
from ..policies import Initiatives
from .parts import Item, Source


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
    if isinstance(child, Initiative) and initiatives is not Initiatives.AS_LINKED:
        return initiatives is Initiatives.COUNT and link.counts is not False
    return contributes(child, link)


def sources(definitions: Definitions, method: RollupMethod) -> tuple[Source, ...]:
    """
    Return where the figure of each goal is to come from, by position; worked out once.

    Args:
        definitions: The goals.
        method: How figures become one where a goal does not say itself.
    """
    known = definitions.memo.get(method)
    if known is None:
        known = definitions.memo[method] = tuple(_source(goal, method) for goal in definitions.goals.values())
    return known


def _source(goal: Goal, method: RollupMethod) -> Source:
    if not isinstance(goal, (Objective, KeyResult)):
        return Source.SHARE if isinstance(goal, Milestone) and goal.share is not None else Source.OWN
    chosen = goal.rollup or method
    if goal.metric is None:
        return Source.WAYS if chosen is RollupMethod.RATIO_OF_SUMS else Source.PARTS
    if chosen is not RollupMethod.SUM_OF_VALUES or not goal.metric.is_numeric or is_shared(goal.metric):
        return Source.OWN
    return Source.VALUES  # by policy, until it shows that nothing below it has a value


def plain(definitions: Definitions) -> tuple[Metric | None, ...]:
    """
    Return the metric of each goal that reads the latest number as it is, by position; worked out once.

    Args:
        definitions: The goals.
    """
    known = definitions.memo.get("plain")
    if known is None:
        known = definitions.memo["plain"] = tuple(_plain(goal) for goal in definitions.goals.values())
    return known


def _plain(goal: Goal) -> Metric | None:
    metric = own_metric(goal)
    if metric is None or not metric.is_numeric or metric.never is not None or isinstance(metric, Limit):
        return None
    if goal.rollup is not None or (isinstance(goal, KeyResult) and goal.reads is not Reads.LATEST):
        return None
    return metric


def linked(definitions: Definitions, initiatives: Initiatives) -> tuple[tuple[Item, ...], ...]:
    """
    Return the children that contribute to each goal and weigh something, by position; worked out once.

    Args:
        definitions: The goals.
        initiatives: Whether initiatives count.
    """
    known = definitions.memo.get(initiatives)
    if known is None:
        structure = definitions.structure
        down: list[list[Item]] = [[] for _ in structure.ids]
        for child, goal in enumerate(definitions.goals.values()):
            for parent, link in zip(structure.up[child], goal.parent, strict=True):
                if counts(goal, link, initiatives) and (weight := weighs(goal, link)):
                    down[parent].append((child, weight))
        known = definitions.memo[initiatives] = tuple(map(tuple, down))
    return known
