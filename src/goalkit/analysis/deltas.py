"""Weighted means that follow a change without being summed again."""

from __future__ import annotations

from math import fsum, inf, ulp
from typing import Final, final

from attrs import define

from ..model.methods import RollupMethod
from ..policies import Blend, Unmeasured
from .columns import Columns
from .parts import Source, State


@define
class _Running:
    """What is known of a mean: the weights of what counts, the sums over it, and how far they may be off."""

    weights: dict[int, float]
    total: float
    value: float
    covered: float
    known_weight: float
    known: int
    off: float = 0.0


# By how much of all weights rounding may move a sum before it is made anew.
_MOST_OFF: Final = 1e-13

# What a goal is to its parents.
Given = tuple[int, float, float]


def given(columns: Columns, position: int) -> Given:
    """
    Return what a goal is to its parents.

    Args:
        columns: The figures.
        position: The goal's position.
    """
    return columns.state[position], columns.entering(position), columns.coverage[position]


@final
class Deltas:
    """
    The running sums of weighted means, made when a goal first changes and kept until its shape does.

    A change of one child costs the same however many siblings it has.
    """

    __slots__ = ("_columns", "_running")

    def __init__(self, columns: Columns) -> None:
        self._columns: Final = columns
        self._running: Final[dict[int, _Running]] = {}

    def forget(self, position: int) -> None:
        """
        Forget a goal's sums, because what counts towards it has changed.

        Args:
            position: The goal's position.
        """
        self._running.pop(position, None)

    def __contains__(self, position: int) -> bool:
        return position in self._running

    def remember(self, position: int) -> None:
        """
        Sum up what counts towards a goal as it is now, where its sums can follow a change.

        Args:
            position: The goal's position; its figure is worked out.
        """
        columns = self._columns
        if columns.state[position] == State.OUT or columns.source[position] is not Source.PARTS:
            return
        policy = columns.policy
        if columns.method(position) is not RollupMethod.WEIGHTED_MEAN:
            return
        if policy.blend is Blend.KEY_RESULTS_AS_ONE and policy.unmeasured is Unmeasured.SKIP:
            return  # there, what is skipped changes the weights of the others
        shares = columns.blended(columns.counting(position))
        known = [(child, weight) for child, weight in shares if columns.state[child] == State.KNOWN]
        self._running[position] = _Running(
            weights=dict(shares),
            total=fsum(weight for _, weight in shares),
            value=fsum(weight * columns.entering(child) for child, weight in known),
            covered=fsum(weight * columns.coverage[child] for child, weight in shares),
            known_weight=fsum(weight for _, weight in known),
            known=len(known),
        )

    def move(self, position: int, child: int, before: Given, now: Given) -> None:
        """
        Move a goal's sums by the change of one child.

        Args:
            position: The goal's position; its sums are remembered.
            child: The child's; whether it counts has not changed.
            before: What the child was to the goal when its sums were last moved.
            now: What it is.
        """
        running = self._running[position]
        weight = running.weights.get(child)
        if weight is None:
            return
        was, is_known = before[0] == State.KNOWN, now[0] == State.KNOWN
        if is_known != was and self._columns.policy.unmeasured is Unmeasured.SKIP:
            running.off = inf  # what was small beside a weight that is gone may be all there is now
        running.off += ulp(running.value) + ulp(running.covered) + ulp(weight * now[1]) + ulp(weight * before[1])
        running.value += weight * (now[1] * is_known - before[1] * was)
        running.covered += weight * (now[2] - before[2])
        running.known += is_known - was
        running.known_weight += weight * (is_known - was)

    def add(self, position: int, child: int, brought: float) -> bool:
        """
        Move a goal's sums by nothing but a child's progress.

        Args:
            position: The goal's position.
            child: The child's; it was known before, and nothing else about it has changed.
            brought: By how much what it brings has changed.

        Returns:
            Whether its sums can follow that, which they can where they are remembered and the goal is known.
        """
        running = self._running.get(position)
        if running is None or self._columns.state[position] != State.KNOWN:
            return False
        weight = running.weights.get(child, 0.0)
        running.off += ulp(running.value) + ulp(weight * self._columns.entering(child)) + ulp(weight * brought)
        running.value += weight * brought
        return True

    def follow(self, position: int) -> bool:
        """
        Set a goal's progress from sums that were moved by `add` alone.

        Args:
            position: The goal's position.

        Returns:
            Whether its progress has changed.
        """
        running, columns = self._exact(position), self._columns
        was = columns.value[position]
        is_skipping = columns.policy.unmeasured is Unmeasured.SKIP
        columns.hold(position, running.value / (running.known_weight if is_skipping else running.total))
        return columns.value[position] != was

    def _exact(self, position: int) -> _Running:
        """Return a goal's sums, made anew where rounding may have moved them too far."""
        running = self._running[position]
        if running.off > _MOST_OFF * running.total:
            self.remember(position)
        return self._running[position]

    def settle(self, position: int) -> None:
        """
        Set a goal's figure from its sums.

        Args:
            position: The goal's position.
        """
        running, columns = self._exact(position), self._columns
        policy = columns.policy.unmeasured
        columns.clear(position)
        if not running.known:  # nothing is left of what rounding has left behind
            running.value = running.known_weight = 0.0
        if not running.known or (policy is Unmeasured.UNKNOWN and running.known < len(running.weights)):
            figure = None
        else:
            figure = running.value / (running.known_weight if policy is Unmeasured.SKIP else running.total)
        columns.settle(position, figure, min(max(running.covered / running.total, 0.0), 1.0))
