"""Figures of values instead of figures of progress: what is measured below a goal, each once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import reduce
from math import fsum

from ..model.goals import own_metric
from ..model.progress import Reason
from ..policies import Unmeasured
from ..quantities import EXACT, difference
from .columns import Columns
from .parts import Item, Source, Sum


def sum_up(columns: Columns, position: int, items: Sequence[Item]) -> None:
    """
    Work out a goal's figure from the values below it.

    Args:
        columns: The figures, finished for everything below the goal.
        position: The goal.
        items: Its children that count.
    """
    total = merged(by_child(columns, position, items).values())
    goal = columns.goals[position]
    metric = own_metric(goal)
    if not total.leaves:
        columns.reason[position] = Reason.NO_VALUE
        return
    if metric is not None and metric.never is not None:
        columns.reason[position] = metric.never
        return
    if len(total.units) > 1 or (goal.unit is not None and goal.unit not in total.units):
        columns.reason[position] = Reason.UNLIKE_UNITS
        return
    figure = None
    if _is_enough(total, columns.policy.unmeasured):
        if metric is not None:
            columns.total[position] = total.amount
            figure = metric.raw(total.amount)
        else:
            figure = total.gone / total.way
    columns.raw[position] = figure
    columns.settle(position, figure, total.measured_way / total.whole_way)


def _is_enough(total: Sum, policy: Unmeasured) -> bool:
    if policy is Unmeasured.UNKNOWN:
        return total.measured == total.leaves
    return total.measured > 0 or (policy is Unmeasured.AT_START and total.counted > 0)


def brings_values(columns: Columns, position: int, items: Iterable[Item]) -> bool:
    """
    Tell whether something below a goal has a value that its metric could read.

    Args:
        columns: The figures, finished for everything below the goal.
        position: The goal.
        items: Its children that count.
    """
    return any(part.leaves for part in by_child(columns, position, items).values())


def by_child(columns: Columns, position: int, items: Iterable[Item]) -> dict[int, Sum]:
    """
    Return what each child brings to its parent's sum; what two of them share is the first one's.

    Args:
        columns: The figures.
        position: The parent.
        items: Its children that count.
    """
    kind = columns.source[position]
    children = [child for child, _ in items]
    if not any(map(columns.shares_below, children)):
        return {child: _of(columns, child, kind) for child in children}
    seen: set[int] = set()
    return {child: merged(_leaf(columns, leaf, kind) for leaf in _leaves(columns, child, seen)) for child in children}


def merged(parts: Iterable[Sum]) -> Sum:
    """
    Return several sums as one.

    Args:
        parts: Sums that have no measured goal in common.
    """
    several = [part for part in parts if part.leaves]
    if len(several) == 1:
        return several[0]
    return Sum(
        leaves=sum(part.leaves for part in several),
        measured=sum(part.measured for part in several),
        counted=sum(part.counted for part in several),
        whole_way=fsum(part.whole_way for part in several),
        measured_way=fsum(part.measured_way for part in several),
        way=fsum(part.way for part in several),
        gone=fsum(part.gone for part in several),
        amount=reduce(EXACT.add, (part.amount for part in several), _ZERO),
        start=reduce(EXACT.add, (part.start for part in several), _ZERO),
        units=frozenset().union(*(part.units for part in several)),
    )


_ZERO = Decimal(0)


def _of(columns: Columns, position: int, kind: Source) -> Sum:
    """Return what a goal brings where nothing below it has several parents; each goal is worked out once."""
    known = columns.sums
    waiting = [position]
    while waiting:
        at = waiting[-1]
        if (at, kind) in known:
            waiting.pop()
            continue
        if columns.is_measured(at):
            known[at, kind] = _leaf(columns, at, kind)
            continue
        below = columns.summed(at)
        missing = [child for child in below if (child, kind) not in known]
        if missing:
            waiting.extend(missing)
        else:
            known[at, kind] = merged(known[child, kind] for child in below)
    return known[position, kind]


def _leaves(columns: Columns, position: int, seen: set[int]) -> list[int]:
    """Return the measured goals at and below a goal that were not seen before."""
    waiting = [position]
    found: list[int] = []
    while waiting:
        at = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        if columns.is_measured(at):
            found.append(at)
        else:
            waiting.extend(columns.summed(at))
    return found


def _leaf(columns: Columns, leaf: int, kind: Source) -> Sum:
    """Return what a measured goal brings."""
    goal = columns.goals[leaf]
    metric = own_metric(goal)
    if metric is None or not columns.brings(leaf, kind):
        return _NOTHING
    span, begins = metric.span, metric.begins
    way = 1.0 if kind is Source.VALUES or span is None else abs(float(difference(span[1], span[0])))
    raw, value = columns.raw[leaf], columns.actual(leaf)
    if value is None and span is not None and leaf in columns.complete:
        value = span[1]  # nobody has measured it, and it is all done
    measured = value is not None and raw is not None
    if not measured:
        left_out = columns.policy.unmeasured in {Unmeasured.SKIP, Unmeasured.UNKNOWN}
        value, raw = (None if left_out else begins), 0.0
    return Sum(
        leaves=1,
        measured=int(measured),
        counted=int(value is not None),
        whole_way=way,
        measured_way=way * measured,
        way=way if value is not None else 0.0,
        gone=way * (raw or 0.0) if value is not None else 0.0,
        amount=_ZERO if value is None else value,
        start=begins or _ZERO if value is not None else _ZERO,
        units=frozenset({goal.unit}),
    )


_NOTHING = Sum()
