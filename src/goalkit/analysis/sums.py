"""Figures of values instead of figures of progress: what is measured below a goal, each once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import reduce
from math import fsum

from attrs import frozen

from ..model.goals import own_metric
from ..model.progress import Reason
from ..policies import Unmeasured
from ..quantities import EXACT, difference
from .columns import Columns, Item, Source


@frozen
class Term:
    """
    What one measured goal brings to a sum.

    Attributes:
        value: The value that is summed.
        start: Where it began; 0 where nobody has said.
        way: How far it is from its start to its target, in its unit; 1 in a sum of values.
        raw: Its unclamped progress, where it is known.
        measured: Whether it was measured.
    """

    value: Decimal
    start: Decimal
    way: float
    raw: float
    measured: bool


def combine(columns: Columns, position: int, items: Sequence[Item]) -> None:
    """
    Work out a goal's figure from the values below it.

    Args:
        columns: The figures, finished for everything below the goal.
        position: The goal.
        items: Its children that count.
    """
    leaves = _leaves(columns, position, (child for child, _ in items), set())
    if not leaves:
        columns.reason[position] = Reason.NO_VALUE
        return
    metric = own_metric(columns.goals[position])
    if metric is not None and metric.never is not None:
        columns.reason[position] = metric.never
        return
    units = {columns.goals[leaf].unit for leaf in leaves}
    own = columns.goals[position].unit
    if len(units) > 1 or (own is not None and own not in units):
        columns.reason[position] = Reason.UNLIKE_UNITS
        return
    terms = [_term(columns, position, leaf) for leaf in leaves]
    measured = [term for term in terms if term is not None and term.measured]
    coverage = fsum(term.way for term in measured) / fsum(_way(columns, position, leaf) for leaf in leaves)
    counted = [term for term in terms if term is not None]
    policy = columns.policy.unmeasured
    unknown = policy is Unmeasured.UNKNOWN and len(measured) < len(leaves)
    if unknown or not (measured or (counted and policy is Unmeasured.AT_START)):
        columns.settle(position, None, coverage, raw=True)
    elif metric is not None:
        total = reduce(EXACT.add, (term.value for term in counted))
        columns.total[position] = total
        columns.settle(position, metric.raw(total), coverage, raw=True)
    else:
        ways = fsum(term.way for term in counted)
        columns.settle(position, fsum(term.way * term.raw for term in counted) / ways, coverage, raw=True)


def terms_by_child(columns: Columns, position: int) -> dict[int, list[Term]]:
    """
    Return what each child brings to its parent's sum; what two of them share is the first one's.

    Args:
        columns: The figures.
        position: The parent.
    """
    seen: set[int] = set()
    found: dict[int, list[Term]] = {}
    for child, _ in columns.counting(position):
        terms = (_term(columns, position, leaf) for leaf in _leaves(columns, position, (child,), seen))
        found[child] = [term for term in terms if term is not None]
    return found


def _leaves(columns: Columns, position: int, children: Iterable[int], seen: set[int]) -> list[int]:
    """Return the measured goals below some children that have what is summed, each once."""
    waiting = [*children]
    found: list[int] = []
    while waiting:
        at = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        if columns.source[at] is not Source.OWN:
            waiting.extend(child for child, _ in columns.counting(at))
        elif columns.brings(at, columns.source[position]):
            found.append(at)
    return found


def _way(columns: Columns, position: int, leaf: int) -> float:
    metric = own_metric(columns.goals[leaf])
    if columns.source[position] is Source.VALUES or metric is None or metric.span is None:
        return 1.0
    start, target = metric.span
    return abs(float(difference(target, start)))


def _term(columns: Columns, position: int, leaf: int) -> Term | None:
    """Return what a measured goal brings, or None where nobody has measured it and it brings nothing."""
    way, raw, value = _way(columns, position, leaf), columns.raw[leaf], columns.actual(leaf)
    metric = own_metric(columns.goals[leaf])
    if value is not None and raw is not None:
        start = Decimal(0) if metric is None or metric.span is None else metric.span[0]
        return Term(value, start, way, raw, measured=True)
    skipped = columns.policy.unmeasured in {Unmeasured.SKIP, Unmeasured.UNKNOWN}
    if skipped or metric is None or metric.span is None:
        return None
    start = metric.span[0]
    return Term(start, start, way, 0.0, measured=False)
