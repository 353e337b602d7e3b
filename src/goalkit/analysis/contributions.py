"""Who contributed how much to a figure, and who was left out of it and why."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import reduce
from math import fsum
from typing import Final

from attrs import frozen

from ..model.goals import own_metric
from ..model.methods import RollupMethod
from ..model.progress import Reason
from ..quantities import EXACT, difference, linear
from .columns import Columns
from .parts import Source, Sum
from .sums import by_child


@frozen(kw_only=True)
class Contribution:
    """
    What one goal contributes to one of its parents.

    Attributes:
        goal: The child's id.
        counts: Whether it is part of the parent's figure.
        weight: Its weight in this parent.
        share: Its part of all the weight that counts, 0 to 1; 0 where it does not count.
        value: What enters the parent, held within 0 and the cap where the policy clamps it, and as it
            is in a ratio of sums; in a sum of values its own figure, which does not enter. None where
            it is unknown, which counts as nothing done.
        points: The points of the parent's figure that it brings, 1.0 for all: ``share`` times
            ``value``; of a sum of values, how far its amount moves the sum from the parent's start. The
            points of a parent sum to its value, unless that is clamped.
        clamped: Whether its raw progress lay outside, and was held within.
        amount: What it brings to a sum of values; None where values are not summed.
        reason: Why it does not count, or why its value is unknown; None where it counts and is known.

    Example:
        >>> from datetime import date
        >>> from goalkit import CheckIn, Milestone, Objective, Plan, rollup
        >>> plan = Plan.of(Objective(id="o", title="O"), Milestone(id="m", title="M", parent="o"))
        >>> plan = plan.record(CheckIn(goal="m", on="2026-08-10", value=0.5))
        >>> rollup(plan, as_of=date(2026, 8, 15))["o"].contributions[0].points
        0.5
    """

    goal: str
    counts: bool
    weight: float
    share: float
    value: float | None
    points: float
    clamped: bool
    reason: Reason | None
    amount: Decimal | None = None


# Where a figure is refused for what its parts are together, none of them counts, for that reason.
_REFUSED: Final = frozenset({Reason.UNLIKE_UNITS, Reason.WEIGHTS_NOT_ONE, Reason.NO_METRIC})


def contributions(columns: Columns, parent: int) -> tuple[Contribution, ...]:
    """
    Return what each child contributes to a goal, in plan order.

    Args:
        columns: The figures.
        parent: The goal's position.
    """
    refused = columns.is_made_up(parent) and columns.reason[parent] in _REFUSED
    if refused:
        parts = {}
    elif columns.is_made_up(parent) and columns.source[parent] is not Source.PARTS:
        parts = _of_values(columns, parent)
    else:
        parts = _of_progress(columns, parent)
    made: list[Contribution] = []
    for child in columns.structure.down[parent]:
        out = columns.left_out(child, parent)
        part = parts.get(child, _NOTHING)
        made.append(
            Contribution(
                goal=columns.goals[child].id,
                counts=child in parts,
                weight=columns.weight(child, parent),
                share=part.share,
                value=_entering(columns, child, part),
                points=part.points,
                clamped=part.clamped,
                reason=out
                or (columns.reason[parent] if refused else columns.reason[child])
                or (None if child in parts else Reason.NO_VALUE),
                amount=part.amount,
            )
        )
    return tuple(made)


def _entering(columns: Columns, child: int, part: _Part) -> float | None:
    if columns.known(child) is None:
        return None
    return columns.entering(child) if part.value is None else part.value


@frozen(kw_only=True)
class _Part:
    """What a child that counts brings."""

    share: float = 0.0
    points: float = 0.0
    value: float | None = None
    clamped: bool = False
    amount: Decimal | None = None


_NOTHING = _Part()


def _of_progress(columns: Columns, parent: int) -> dict[int, _Part]:
    """Return what each child that counts brings to a mean, a minimum or a maximum."""
    items = columns.counting(parent)
    counted = columns.counted(items) or items
    shares = columns.blended(counted)
    total = fsum(weight for _, weight in shares)
    method = columns.method(parent)
    parts: dict[int, _Part] = {}
    if method in {RollupMethod.MINIMUM, RollupMethod.MAXIMUM}:
        # One child alone decides, the first of those that attain it.
        choose = min if method is RollupMethod.MINIMUM else max
        first = choose((child for child, _ in counted), key=columns.entering, default=None)
        shares, total = [(child, float(child == first)) for child, _ in counted], 1.0
    for child, weight in shares:
        share = weight / total
        parts[child] = _Part(share=share, points=share * columns.entering(child), clamped=columns.is_clamped(child))
    return parts


def _of_values(columns: Columns, parent: int) -> dict[int, _Part]:
    """Return what each child that counts brings to a sum of values, or to a ratio of sums."""
    brought = by_child(columns, parent, columns.counting(parent))
    found = {child: part for child, part in brought.items() if part.counted}
    if columns.source[parent] is Source.VALUES:
        return _of_sum(columns, parent, found)
    ways = fsum(part.way for part in found.values())
    return {
        child: _Part(share=part.way / ways, points=part.gone / ways, value=part.gone / part.way)
        for child, part in found.items()
    }


def _of_sum(columns: Columns, parent: int, found: Mapping[int, Sum]) -> dict[int, _Part]:
    """
    Return what each child that counts brings to a sum of values.

    Its share is its part of the size of all that is summed. What the sum has moved from the parent's
    start is divided as the children have moved it: each is given as much of that start as of all their
    starts is its own.
    """
    whole = fsum(abs(float(part.amount)) for part in found.values())
    shares = {child: abs(float(part.amount)) / whole if whole else 1 / len(found) for child, part in found.items()}
    raw, metric = columns.raw[parent], own_metric(columns.goals[parent])
    points = {child: share * (raw or 0.0) for child, share in shares.items()}
    if raw is not None and metric is not None and metric.span is not None:
        start, target = metric.span
        way = difference(target, start)
        begun = _divided(start, {child: part.start for child, part in found.items()})
        points = {
            child: linear(part.amount, begun[child], EXACT.add(begun[child], way)) for child, part in found.items()
        }
    return {
        child: _Part(share=shares[child], points=points[child], amount=part.amount) for child, part in found.items()
    }


def _divided(start: Decimal, starts: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Return a start divided among children as their own starts are; equally where these are all 0."""
    whole = reduce(EXACT.add, map(abs, starts.values()))
    return {
        child: EXACT.divide(EXACT.multiply(start, abs(own)), whole)
        if whole
        else EXACT.divide(start, Decimal(len(starts)))
        for child, own in starts.items()
    }
