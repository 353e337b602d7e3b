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
from ..quantities import EXACT
from .columns import Columns, Source
from .sums import Term, terms_by_child


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
            is where values are summed; None where it is unknown, which counts as nothing done.
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
    found = {child: terms for child, terms in terms_by_child(columns, parent).items() if terms}
    if columns.source[parent] is Source.WAYS:
        ways = fsum(term.way for terms in found.values() for term in terms)
        parts: dict[int, _Part] = {}
        for child, terms in found.items():
            way, gone = fsum(term.way for term in terms), fsum(term.way * term.raw for term in terms)
            parts[child] = _Part(share=way / ways, points=gone / ways, value=gone / way)
        return parts
    return _of_sum(columns, parent, found)


def _of_sum(columns: Columns, parent: int, found: Mapping[int, list[Term]]) -> dict[int, _Part]:
    """
    Return what each child that counts brings to a sum of values.

    Its share is its part of the size of all that is summed. What the sum has moved from the parent's
    start is divided as the children have moved it: each is given as much of that start as of all their
    starts is its own.
    """
    amounts = {child: reduce(EXACT.add, (term.value for term in terms)) for child, terms in found.items()}
    shares = _proportions(amounts)
    raw, metric = columns.raw[parent] or 0.0, own_metric(columns.goals[parent])
    if metric is None or metric.span is None or columns.raw[parent] is None:
        return {child: _Part(share=share, points=share * raw, amount=amounts[child]) for child, share in shares.items()}
    start, target = map(float, metric.span)
    begun = _proportions({child: reduce(EXACT.add, (term.start for term in terms)) for child, terms in found.items()})
    return {
        child: _Part(
            share=share,
            points=(float(amounts[child]) - begun[child] * start) / (target - start),
            amount=amounts[child],
        )
        for child, share in shares.items()
    }


def _proportions(sizes: Mapping[int, Decimal]) -> dict[int, float]:
    """Return the part that each is of the size of all; where all are 0, they are equal."""
    whole = fsum(abs(float(size)) for size in sizes.values())
    return {child: abs(float(size)) / whole if whole else 1 / len(sizes) for child, size in sizes.items()}
