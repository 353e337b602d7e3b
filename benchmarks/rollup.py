"""
Roll-up beside what a user would otherwise write: the same tree, in one process, in turns, with equal answers.

Run it with ``python benchmarks/rollup.py [key results ...]``. It prints seconds, which are this
machine's, and ratios, which are what to look at: minimum over minimum, the steadier statistic.
"""

from __future__ import annotations

import random
import sys
from array import array
from collections.abc import Callable
from datetime import date
from math import isclose
from time import perf_counter

import attrs
import pandas as pd

from goalkit import CheckIn, Increase, KeyResult, LiveRollup, Objective, Plan, rollup

DAY = date(2026, 8, 15)
ROUNDS = 5
FAN_OUT = 5


@attrs.define
class Node:
    """An objective as people write it, linked to what is below it."""

    parent: Node | None
    weight: float
    nodes: list[Node] = attrs.field(factory=list)
    results: list[tuple[float, float, float, float]] = attrs.field(factory=list)
    progress: float = 0.0


class Company:
    """A tree of objectives with four key results each, every one measured."""

    def __init__(self, size: int) -> None:
        chance = random.Random(size)
        self.objectives = max(1, size // 4)
        self.above = [(each - 1) // FAN_OUT for each in range(self.objectives)]
        self.weights = [float(chance.randint(1, 5)) for _ in range(self.objectives)]
        self.owner = [each % self.objectives for each in range(size)]
        self.start = [float(chance.randint(0, 50)) for _ in range(size)]
        self.target = [start + chance.randint(10, 100) for start in self.start]
        self.current = [start + chance.randint(-5, 120) for start in self.start]
        self.share = [float(chance.randint(1, 5)) for _ in range(size)]

    def plan(self) -> Plan:
        """Return the company as a plan that nobody has rolled up yet."""
        goals = [
            Objective(id=f"o{each}", title="O", parent=f"o{self.above[each]}" if each else None, weight=weight)
            for each, weight in enumerate(self.weights)
        ]
        rows = zip(self.owner, self.start, self.target, self.share, strict=True)
        results = [
            KeyResult(id=f"k{at}", title="K", parent=f"o{o}", metric=Increase(start=s, target=t), weight=w)
            for at, (o, s, t, w) in enumerate(rows)
        ]
        facts = [CheckIn(goal=f"k{at}", on=DAY, value=value) for at, value in enumerate(self.current)]
        return Plan.of(*goals, *results).record(*facts)

    def nodes(self) -> list[Node]:
        """Return the company as linked objects."""
        nodes: list[Node] = []
        for each, weight in enumerate(self.weights):
            parent = nodes[self.above[each]] if each else None
            nodes.append(Node(parent, weight))
            if parent is not None:
                parent.nodes.append(nodes[-1])
        for at, owner in enumerate(self.owner):
            nodes[owner].results.append((self.start[at], self.target[at], self.current[at], self.share[at]))
        return nodes

    def frame(self) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
        """Return the company as a dataframe of key results, and one of objectives for each level, lowest first."""
        level = [0] * self.objectives
        for each in range(1, self.objectives):
            level[each] = level[self.above[each]] + 1
        results = pd.DataFrame(
            {"o": self.owner, "s": self.start, "t": self.target, "c": self.current, "w": self.share},
        )
        columns = {"o": range(self.objectives), "p": self.above, "w": self.weights, "level": level}
        objectives = pd.DataFrame(columns)
        return results, [rows for _, rows in objectives.groupby("level")][::-1]


def by_objects(nodes: list[Node]) -> float:
    """Roll linked objects up, the last first, since every parent stands before its children."""
    for node in reversed(nodes):
        above = below = 0.0
        for start, target, current, weight in node.results:
            above += weight * min(max((current - start) / (target - start), 0.0), 1.0)
            below += weight
        for child in node.nodes:
            above += child.weight * child.progress
            below += child.weight
        node.progress = above / below
    return nodes[0].progress


class Flat:
    """Columns with shares worked out beforehand: the limit of pure Python, without coverage or reasons."""

    def __init__(self, company: Company) -> None:
        below = [0.0] * company.objectives
        for owner, weight in zip(company.owner, company.share, strict=True):
            below[owner] += weight
        for each in range(1, company.objectives):
            below[company.above[each]] += company.weights[each]
        order = sorted(range(len(company.owner)), key=company.owner.__getitem__)
        self.slot = {result: at for at, result in enumerate(order)}
        self.owner = array("q", [company.owner[at] for at in order])
        self.start = array("d", [company.start[at] for at in order])
        self.span = array("d", [company.target[at] - company.start[at] for at in order])
        self.current = array("d", [company.current[at] for at in order])
        self.share = array("d", [company.share[at] / below[company.owner[at]] for at in order])
        self.above = array("q", company.above)
        self.part = array("d", [w / below[a] for w, a in zip(company.weights, company.above, strict=True)])
        self.progress = array("d", bytes(8 * company.objectives))

    def full(self) -> float:
        """Work everything out."""
        progress = array("d", bytes(8 * len(self.progress)))
        for owner, start, span, current, share in zip(
            self.owner, self.start, self.span, self.current, self.share, strict=True
        ):
            gone = (current - start) / span
            if gone > 0.0:
                progress[owner] += share if gone >= 1.0 else share * gone
        for each in range(len(progress) - 1, 0, -1):
            progress[self.above[each]] += self.part[each] * progress[each]
        self.progress = progress
        return progress[0]

    def change(self, result: int, value: float) -> float:
        """Move one change up to the top."""
        at = self.slot[result]
        start, span = self.start[at], self.span[at]
        before = min(max((self.current[at] - start) / span, 0.0), 1.0)
        self.current[at] = value
        moved = (min(max((value - start) / span, 0.0), 1.0) - before) * self.share[at]
        each = self.owner[at]
        while each:
            self.progress[each] += moved
            moved *= self.part[each]
            each = self.above[each]
        self.progress[0] += moved
        return self.progress[0]


def by_pandas(results: pd.DataFrame, levels: list[pd.DataFrame]) -> float:
    """Group by objective, level by level."""
    gone = ((results.c - results.s) / (results.t - results.s)).clip(0, 1)
    above = (gone * results.w).groupby(results.o).sum()
    below = results.w.groupby(results.o).sum()
    progress = 0.0
    for rows in levels:
        made = above.reindex(rows.o).to_numpy() / below.reindex(rows.o).to_numpy()
        progress = float(made[0])
        above = above.add((rows.w.to_numpy() * pd.Series(made)).groupby(rows.p.to_numpy()).sum(), fill_value=0)
        below = below.add(rows.w.groupby(rows.p).sum(), fill_value=0)
    return progress


def measured(cases: dict[str, Callable[[], float]]) -> dict[str, float]:
    """Return the least seconds of each case, run in turns; they must agree on the answer."""
    least = dict.fromkeys(cases, float("inf"))
    for _ in range(ROUNDS):
        answers = {}
        for name, run in cases.items():
            begun = perf_counter()
            answers[name] = run()
            least[name] = min(least[name], perf_counter() - begun)
        first = next(iter(answers.values()))
        assert all(isclose(first, answer, abs_tol=1e-9) for answer in answers.values()), answers
    return least


def show(title: str, least: dict[str, float], reference: str) -> None:
    """Print a table of seconds and ratios."""
    print(f"\n{title}\n\n| case | seconds | x {reference} |\n| --- | --- | --- |")
    for name, seconds in least.items():
        print(f"| {name} | {seconds:.6f} | {seconds / least[reference]:.2f} |")


def value(progress: object) -> float:
    assert isinstance(progress, float)
    return progress


def run(size: int) -> None:
    """Measure one size."""
    company = Company(size)
    plan, nodes, flat, frames = company.plan(), company.nodes(), Flat(company), company.frame()
    new = iter([company.plan() for _ in range(ROUNDS)])
    least = measured(
        {
            "attrs objects": lambda: by_objects(nodes),
            "flat columns": flat.full,
            "pandas": lambda: by_pandas(*frames),
            "goalkit, a new plan": lambda: value(rollup(next(new), as_of=DAY)["o0"].value),
            "goalkit, the same plan again": lambda: value(rollup(plan, as_of=DAY)["o0"].value),
        }
    )
    show(f"Full roll-up of {size:,} key results", least, "attrs objects")

    live = LiveRollup(plan, as_of=DAY)
    picked = [random.Random(each).randrange(size) for each in range(200)]
    step = iter(range(1, 10**9))

    def follow() -> float:
        for result in picked:
            live.record(CheckIn(goal=f"k{result}", on=DAY, value=result % 90, id=f"f{next(step)}"))
        return value(live["o0"].value)

    def change() -> float:
        for result in picked:
            flat.change(result, float(result % 90))
        return flat.progress[0]

    show(
        f"200 changes among {size:,} key results", measured({"flat delta": change, "LiveRollup": follow}), "flat delta"
    )


if __name__ == "__main__":
    for size in [int(given) for given in sys.argv[1:]] or [1_000, 10_000]:
        run(size)
