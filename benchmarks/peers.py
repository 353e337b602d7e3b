"""What people write without a library: linked objects, dicts with recursion, and flat columns."""

from __future__ import annotations

from abc import ABC, abstractmethod
from array import array
from collections.abc import Sequence
from importlib.util import find_spec
from typing import ClassVar

import attrs

from .company import Company


class Peer(ABC):
    """
    One way to know the progress of every objective of a company.

    Attributes:
        name: What it is called in tables.
        needs: The packages without which it is left out.
        limit: The most key results with which it stays below 20 seconds a roll-up, building left aside.
        follows: Whether it follows one change without working everything out again.
    """

    name: ClassVar[str]
    needs: ClassVar[tuple[str, ...]] = ()
    limit: ClassVar[int] = 5_000_000
    follows: ClassVar[bool] = False

    @abstractmethod
    def __init__(self, company: Company) -> None: ...

    @abstractmethod
    def full(self) -> float:
        """Work everything out, and return the company's progress."""

    @abstractmethod
    def everything(self) -> Sequence[float]:
        """Return what `full` worked out: the progress of each objective, by its number."""

    @abstractmethod
    def put(self, result: int, value: float) -> None:
        """Give a key result a value, without working anything out."""

    def change(self, result: int, value: float) -> float:
        """Give a key result a value, and return the company's new progress."""
        self.put(result, value)
        return self.full()

    @classmethod
    def missing(cls) -> list[str]:
        """Return which of the packages that it needs are not installed."""
        return [package for package in cls.needs if find_spec(package) is None]


def way(start: float, target: float, current: float) -> float:
    """Return the fraction of the way, held within 0 and 1."""
    gone = (current - start) / (target - start)
    if gone <= 0.0:
        return 0.0
    return min(1.0, gone)


@attrs.define(eq=False)
class Result:
    """A key result as people write it."""

    node: Node
    start: float
    target: float
    current: float
    weight: float


@attrs.define(eq=False)
class Node:
    """An objective as people write it, linked to what is above and below."""

    weight: float
    above: Node | None = None
    below: list[Node] = attrs.field(factory=list)
    results: list[Result] = attrs.field(factory=list)
    progress: float = 0.0

    def sum_up(self) -> None:
        """Work this one out from what is directly below."""
        made = whole = 0.0
        for each in self.results:
            made += each.weight * way(each.start, each.target, each.current)
            whole += each.weight
        for node in self.below:
            made += node.weight * node.progress
            whole += node.weight
        self.progress = made / whole


class Objects(Peer):
    """Linked attrs objects."""

    name = "attrs objects"
    follows = True

    def __init__(self, company: Company) -> None:
        self.nodes = [Node(weight) for weight in company.weights]
        for node, above in zip(self.nodes, company.above, strict=True):
            if above >= 0:
                node.above = self.nodes[above]
                self.nodes[above].below.append(node)
        self.results = []
        for owner, *numbers in zip(
            company.owner, company.start, company.target, company.current, company.shares, strict=True
        ):
            node = self.nodes[owner]
            node.results.append(Result(node, *numbers))
            self.results.append(node.results[-1])
        self.top = self.nodes[company.top]

    def full(self) -> float:
        """Walk down, and sum up on the way back."""
        walk = [self.top]
        for node in walk:  # it grows while it is read, level by level
            walk += node.below
        for node in reversed(walk):
            node.sum_up()
        return self.top.progress

    def everything(self) -> Sequence[float]:
        """Return the progress of each node."""
        return [node.progress for node in self.nodes]

    def put(self, result: int, value: float) -> None:
        """Set the attribute."""
        self.results[result].current = value

    def change(self, result: int, value: float) -> float:
        """Sum every node above up again, from all that is directly below it."""
        self.put(result, value)
        node: Node | None = self.results[result].node
        while node is not None:
            node.sum_up()
            node = node.above
        return self.top.progress


class Dicts(Peer):
    """Rows as dicts, and a function that calls itself."""

    name = "dict + recursion"

    def __init__(self, company: Company) -> None:
        self.top, self.below, self.weights = company.top, company.below, company.weights
        columns = {"start": company.start, "target": company.target, "current": company.current}
        rows = zip(*columns.values(), company.shares, strict=True)
        self.rows = [dict(zip((*columns, "weight"), row, strict=True)) for row in rows]
        self.rows_of: dict[int, list[dict[str, float]]] = {each: [] for each in range(company.objectives)}
        for owner, row in zip(company.owner, self.rows, strict=True):
            self.rows_of[owner].append(row)
        self.progress: dict[int, float] = {}

    def full(self) -> float:
        """Begin at the top."""
        return self._of(self.top)

    def _of(self, objective: int) -> float:
        made = whole = 0.0
        for row in self.rows_of[objective]:
            made += row["weight"] * way(row["start"], row["target"], row["current"])
            whole += row["weight"]
        for child in self.below[objective]:
            made += self.weights[child] * self._of(child)
            whole += self.weights[child]
        self.progress[objective] = made / whole
        return made / whole

    def everything(self) -> Sequence[float]:
        """Return what was kept on the way."""
        return [self.progress[objective] for objective in sorted(self.progress)]

    def put(self, result: int, value: float) -> None:
        """Set the item."""
        self.rows[result]["current"] = value


class Flat(Peer):
    """
    Flat columns: the limit of pure Python.

    Objectives stand in walking order and key results beside those of the same objective; what does not
    change with a value is worked out beforehand. Numbers that are only read are arrays, so that they lie
    together in memory; what is added to is a list. It knows no coverage, no reason, and nothing unmeasured.
    """

    name = "flat columns"
    follows = True
    limit = 50_000_000

    def __init__(self, company: Company) -> None:
        self.order = company.order
        position = [0] * company.objectives
        for at, objective in enumerate(self.order):
            position[objective] = at
        self.position = position
        totals = company.totals
        by_owner = sorted(range(company.results), key=lambda result: position[company.owner[result]])
        self.slot = [0] * company.results
        for slot, result in enumerate(by_owner):
            self.slot[result] = slot
        self.owner = [position[company.owner[each]] for each in by_owner]
        self.start = array("d", [company.start[each] for each in by_owner])
        self.inverse = array("d", [1.0 / (company.target[each] - company.start[each]) for each in by_owner])
        self.current = array("d", [company.current[each] for each in by_owner])
        self.share = array("d", [company.shares[each] / totals[company.owner[each]] for each in by_owner])
        under = self.order[1:]
        self.above = [0, *(position[company.above[each]] for each in under)]
        self.part = array("d", [1.0, *(company.weights[each] / totals[company.above[each]] for each in under)])
        self.progress = [0.0] * company.objectives

    def full(self) -> float:
        """Go through the key results once, and through the objectives once from below."""
        progress = [0.0] * len(self.progress)
        for owner, start, inverse, current, share in zip(
            self.owner, self.start, self.inverse, self.current, self.share, strict=True
        ):
            gone = (current - start) * inverse
            if gone > 0.0:
                progress[owner] += share if gone >= 1.0 else share * gone
        above, part = self.above, self.part
        for at in range(len(progress) - 1, 0, -1):
            progress[above[at]] += part[at] * progress[at]
        self.progress = progress
        return progress[0]

    def everything(self) -> Sequence[float]:
        """Return the column, by the numbers of the objectives."""
        return [self.progress[at] for at in self.position]

    def put(self, result: int, value: float) -> None:
        """Set the value."""
        self.current[self.slot[result]] = value

    def change(self, result: int, value: float) -> float:
        """Add the difference to all that is above, each time in smaller part."""
        slot = self.slot[result]
        start, inverse = self.start[slot], self.inverse[slot]
        before, after = (self.current[slot] - start) * inverse, (value - start) * inverse
        self.current[slot] = value
        moved = (min(max(after, 0.0), 1.0) - min(max(before, 0.0), 1.0)) * self.share[slot]
        at, above, part, progress = self.owner[slot], self.above, self.part, self.progress
        while at:
            progress[at] += moved
            moved *= part[at]
            at = above[at]
        progress[0] += moved
        return progress[0]
