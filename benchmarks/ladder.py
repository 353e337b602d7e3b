"""Objectives whose paths part and meet again."""

from __future__ import annotations

from heapq import heappop, heappush
from random import Random

from goalkit import KeyResult, Link, Objective, Plan

from .company import SEED
from .ours import check_ins, metric, objective_id, result_id


class Ladder:
    """
    Two objectives a level below the top, each of which supports all of the level above.

    The number of paths doubles with every level; the number of links grows by four. Each objective has
    a key result of weight 1. The top is objective 0, and what is below has a higher number.

    Args:
        levels: How many levels there are below the top.
    """

    def __init__(self, levels: int) -> None:
        chance = Random(SEED)
        self.above: list[list[int]] = [[], [0], [0]]
        for level in range(1, levels):
            self.above += [[2 * level - 1, 2 * level], [2 * level - 1, 2 * level]]
        self.weights = [[chance.choice((1.0, 2.0)) for _ in over] for over in self.above]
        self.own = [chance.random() for _ in self.above]
        self.totals = [1.0] * len(self.above)
        self.below: list[list[tuple[int, float]]] = [[] for _ in self.above]
        for child, (over, weights) in enumerate(zip(self.above, self.weights, strict=True)):
            for parent, weight in zip(over, weights, strict=True):
                self.totals[parent] += weight
                self.below[parent].append((child, weight))
        self.links = [
            [(parent, weight / self.totals[parent]) for parent, weight in zip(over, weights, strict=True)]
            for over, weights in zip(self.above, self.weights, strict=True)
        ]
        self.progress: list[float] = []

    def plan(self) -> Plan:
        """Return the ladder as a plan."""
        goals: list[Objective | KeyResult] = []
        for each, (over, weights) in enumerate(zip(self.above, self.weights, strict=True)):
            links = [Link(objective_id(parent), weight=weight) for parent, weight in zip(over, weights, strict=True)]
            goals.append(Objective(id=objective_id(each), title="O", parent=links))
            goals.append(KeyResult(id=result_id(each), title="K", parent=objective_id(each), metric=metric(0, 1)))
        return Plan.of(*goals, *check_ins(enumerate(self.own)))

    def recursive(self) -> float:
        """Work the top out by a function that remembers what it has worked out."""
        known: dict[int, float] = {}

        def of(each: int) -> float:
            if each not in known:
                made = self.own[each] + sum(weight * of(child) for child, weight in self.below[each])
                known[each] = made / self.totals[each]
            return known[each]

        return of(0)

    def full(self) -> float:
        """Go through the links once, from below."""
        progress = [own / total for own, total in zip(self.own, self.totals, strict=True)]
        for child in range(len(progress) - 1, 0, -1):
            for parent, share in self.links[child]:
                progress[parent] += share * progress[child]
        self.progress = progress
        return progress[0]

    def change(self, each: int, value: float) -> float:
        """Move a difference up: to each objective once, when all that comes from below has arrived."""
        moved = {each: (value - self.own[each]) / self.totals[each]}
        self.own[each] = value
        waiting = [-each]
        while waiting:
            child = -heappop(waiting)
            by = moved[child]
            self.progress[child] += by
            for parent, share in self.links[child]:
                if parent in moved:
                    moved[parent] += share * by
                else:
                    moved[parent] = share * by
                    heappush(waiting, -parent)
        return self.progress[0]
