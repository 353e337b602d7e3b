"""
The same company for everyone: plain columns, from a seed, in random order.

A company has divisions, these have departments, these have teams, and these have people: five
levels, each node an objective with three to five key results. The numbers of objectives and key
results are shuffled, so that nobody finds parents before their children for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from random import Random

import attrs

SEED = 2026
LEVELS = 5
_WEIGHTS = (0.5, 1.0, 1.0, 2.0, 3.0)

#: A key result, and the value that it has from now on.
Change = tuple[int, float]


@attrs.define(kw_only=True, slots=False, eq=False)
class Company:
    """
    A tree of objectives with key results, every one of them measured.

    Attributes:
        top: The objective that all others are below.
        above: The objective above each objective; -1 above the top.
        weights: The weight of each objective in the one above.
        owner: The objective of each key result.
        start: Where each key result begins.
        target: Where it should arrive.
        current: Where it is.
        shares: The weight of each key result in its objective.
    """

    top: int
    above: list[int]
    weights: list[float]
    owner: list[int]
    start: list[float]
    target: list[float]
    current: list[float]
    shares: list[float]

    @property
    def objectives(self) -> int:
        """How many objectives there are."""
        return len(self.above)

    @property
    def results(self) -> int:
        """How many key results there are."""
        return len(self.owner)

    @cached_property
    def below(self) -> list[list[int]]:
        """The objectives below each objective."""
        below: list[list[int]] = [[] for _ in self.above]
        for objective, above in enumerate(self.above):
            if above >= 0:
                below[above].append(objective)
        return below

    @cached_property
    def levels(self) -> list[list[int]]:
        """The objectives of each level, from the top down; those below one objective stand together."""
        levels = [[self.top]]
        while under := [child for objective in levels[-1] for child in self.below[objective]]:
            levels.append(under)
        return levels

    @cached_property
    def order(self) -> list[int]:
        """The objectives from the top down."""
        return [objective for level in self.levels for objective in level]

    @cached_property
    def totals(self) -> list[float]:
        """The sum of all weights in each objective."""
        totals = [0.0] * self.objectives
        for owner, share in zip(self.owner, self.shares, strict=True):
            totals[owner] += share
        for above, weight in zip(self.above, self.weights, strict=True):
            if above >= 0:
                totals[above] += weight
        return totals

    def changes(self, count: int, seed: int = SEED, *, among: Sequence[int] = ()) -> list[Change]:
        """
        Return changes of random key results, each to another value between start and target.

        Args:
            count: How many.
            seed: Where chance begins.
            among: The key results that change; all where none are named.
        """
        chance = Random(seed)
        changes = []
        for at in range(count):
            result = chance.choice(among or range(self.results))
            gone = chance.uniform(0.05, 0.95)
            value = self.start[result] + (self.target[result] - self.start[result]) * gone
            # What makes a value unlike any other is far to the right of the point.
            changes.append((result, round(round(value, 3) + at / 10**10, 10)))
        return changes


def company(size: int, seed: int = SEED) -> Company:
    """
    Return a company of five levels with about so many key results.

    Args:
        size: The key results; there are a quarter as many objectives, at least one a level.
        seed: Where chance begins.
    """
    chance = Random(seed + size)
    above, first = [-1], 0
    for wide in _widths(max(LEVELS, size // 4)):
        last = len(above)
        above.extend(sorted(chance.randrange(first, last) for _ in range(wide)))
        first = last
    return _filled(chance, above, [chance.randint(3, 5) for _ in above])


def _widths(objectives: int) -> list[int]:
    """Return how many objectives each level below the top has, where each is as many times wider than the last."""
    low, high = 1.0, float(objectives)
    while high - low > 1e-6:
        middle = (low + high) / 2
        if sum(middle**level for level in range(LEVELS)) < objectives:
            low = middle
        else:
            high = middle
    widths = [max(1, round(low**level)) for level in range(1, LEVELS - 1)]
    return [*widths, max(1, objectives - 1 - sum(widths))]


def star(children: int) -> Company:
    """Return one objective with so many key results."""
    return _filled(Random(SEED), [-1], [children])


def chain(levels: int) -> Company:
    """
    Return objectives of which each stands below the last, with one key result each.

    An objective weighs far more than the key result beside it, so that a change still matters at the top.
    """
    deep = _filled(Random(SEED), [*range(-1, levels - 1)], [1] * levels)
    deep.weights = [weight * 100_000 for weight in deep.weights]
    return deep


def _filled(chance: Random, above: Sequence[int], results: Sequence[int]) -> Company:
    """Return a company of this shape, with numbers in random order."""
    number = [*range(len(above))]
    chance.shuffle(number)
    shuffled = [-1] * len(above)
    for objective, parent in enumerate(above):
        shuffled[number[objective]] = number[parent] if parent >= 0 else -1
    owner = [number[objective] for objective, count in enumerate(results) for _ in range(count)]
    chance.shuffle(owner)
    start = [round(chance.uniform(0, 100), 2) for _ in owner]
    target = [round(begins + chance.choice((1, 1, -1)) * chance.uniform(1, 100), 2) for begins in start]
    return Company(
        top=number[0],
        above=shuffled,
        weights=[chance.choice(_WEIGHTS) for _ in above],
        owner=owner,
        start=start,
        target=target,
        current=[round(_on_the_way(chance, *way), 2) for way in zip(start, target, strict=True)],
        shares=[chance.choice(_WEIGHTS) for _ in owner],
    )


def _on_the_way(chance: Random, start: float, target: float) -> float:
    """Return a value between start and target, or somewhat before or beyond."""
    return start + (target - start) * chance.uniform(-0.2, 1.3)
