"""What people write with a library: arrays, dataframes, graphs, trees and SQL."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from .company import Company
from .peers import Dicts, Flat, Objects, Peer, way


class Arrays(Peer):
    """Numpy: the columns of `Flat`, and one bincount a level."""

    name = "numpy bincount per level"
    needs = ("numpy",)
    limit = 100_000_000

    def __init__(self, company: Company) -> None:
        np: Any = import_module("numpy")
        flat = Flat(company)
        self.numpy, self.slot, self.position = np, flat.slot, flat.position
        self.owner, self.above = np.array(flat.owner), np.array(flat.above)
        self.start, self.inverse, self.current = np.array(flat.start), np.array(flat.inverse), np.array(flat.current)
        self.share, self.part = np.array(flat.share), np.array(flat.part)
        self.ends = [0]
        for level in company.levels:
            self.ends.append(self.ends[-1] + len(level))
        self.progress = np.zeros(company.objectives)

    def full(self) -> float:
        """Work all key results out at once, then level after level from below."""
        np, ends = self.numpy, self.ends
        gone = ((self.current - self.start) * self.inverse).clip(0.0, 1.0)
        progress = np.bincount(self.owner, gone * self.share, minlength=ends[-1])
        for level in range(len(ends) - 2, 0, -1):
            over, first, last = ends[level - 1], ends[level], ends[level + 1]
            moved = self.part[first:last] * progress[first:last]
            progress[over:first] += np.bincount(self.above[first:last] - over, moved, minlength=first - over)
        self.progress = progress
        return float(progress[0])

    def everything(self) -> Sequence[float]:
        """Return the column, by the numbers of the objectives."""
        return [float(each) for each in self.progress[self.position]]

    def put(self, result: int, value: float) -> None:
        """Set the value."""
        self.current[self.slot[result]] = value


class Pandas(Peer):
    """One group-by a level."""

    name = "pandas groupby per level"
    needs = ("pandas",)
    limit = 50_000_000

    def __init__(self, company: Company) -> None:
        pd: Any = import_module("pandas")
        self.pandas, self.count, self.top = pd, company.objectives, company.top
        self.results = pd.DataFrame(
            {
                "objective": company.owner,
                "start": company.start,
                "target": company.target,
                "current": company.current,
                "weight": company.shares,
            }
        )
        objectives = pd.DataFrame({"above": company.above, "weight": company.weights})
        self.levels = [objectives.loc[level] for level in company.levels]
        self.progress: Any = None

    def full(self) -> float:
        """Group the key results, then each level from below."""
        rows = self.results
        gone = ((rows.current - rows.start) / (rows.target - rows.start)).clip(0, 1)
        sums = self.pandas.DataFrame({"made": gone * rows.weight, "whole": rows.weight}).groupby(rows.objective).sum()
        sums = sums.reindex(range(self.count), fill_value=0.0)
        for level in self.levels[:0:-1]:
            under = sums.loc[level.index]
            moved = self.pandas.DataFrame({"made": level.weight * under.made / under.whole, "whole": level.weight})
            grouped = moved.groupby(level.above).sum()
            sums.loc[grouped.index] += grouped
        self.progress = sums.made / sums.whole
        return float(self.progress[self.top])

    def everything(self) -> Sequence[float]:
        """Return the column."""
        return [float(each) for each in self.progress]

    def put(self, result: int, value: float) -> None:
        """Set the cell."""
        self.results.at[result, "current"] = value


class Polars(Peer):
    """One group-by and one join a level."""

    name = "polars group_by per level"
    needs = ("polars",)
    limit = 50_000_000

    def __init__(self, company: Company) -> None:
        pl: Any = import_module("polars")
        self.polars = pl
        self.results = pl.DataFrame(
            {
                "objective": company.owner,
                "start": company.start,
                "target": company.target,
                "current": company.current,
                "weight": company.shares,
            }
        )
        self.levels = [
            pl.DataFrame(
                {
                    "objective": level,
                    "above": [company.above[each] for each in level],
                    "weight": [company.weights[each] for each in level],
                }
            )
            for level in company.levels
        ]
        self.done: list[Any] = []

    def full(self) -> float:
        """Group the key results, then join and group each level from below."""
        col = self.polars.col
        gone = ((col("current") - col("start")) / (col("target") - col("start"))).clip(0.0, 1.0)
        parts = self.results.group_by("objective").agg(made=(gone * col("weight")).sum(), whole=col("weight").sum())
        done = []
        for level in reversed(self.levels):
            known = level.join(parts, on="objective").with_columns(progress=col("made") / col("whole"))
            done.append(known.select("objective", "progress"))
            moved = known.select(objective="above", made=col("progress") * col("weight"), whole="weight")
            parts = self.polars.concat([parts, moved]).group_by("objective").agg(col("made", "whole").sum())
        self.done = done
        return float(done[-1]["progress"][0])

    def everything(self) -> Sequence[float]:
        """Return the levels as one column."""
        return [float(each) for each in self.polars.concat(self.done).sort("objective")["progress"]]

    def put(self, result: int, value: float) -> None:
        """Set the cell."""
        self.results[result, "current"] = value


class Graph(Peer):
    """A directed graph, in topological order."""

    name = "networkx"
    needs = ("networkx",)
    follows = True
    limit = 3_000_000

    def __init__(self, company: Company) -> None:
        nx: Any = import_module("networkx")
        self.networkx, self.graph, self.top, self.owner = nx, nx.DiGraph(), company.top, company.owner
        self.graph.add_nodes_from((each, {"results": []}) for each in range(company.objectives))
        for child, (above, weight) in enumerate(zip(company.above, company.weights, strict=True)):
            if above >= 0:
                self.graph.add_edge(above, child, weight=weight)
        self.results: list[list[float]] = []
        for owner, *numbers in zip(
            company.owner, company.start, company.target, company.current, company.shares, strict=True
        ):
            self.graph.nodes[owner]["results"].append(numbers)
            self.results.append(numbers)

    def _up(self, graph: Any) -> None:
        nodes, below = self.graph.nodes, self.graph.adj
        for each in reversed([*self.networkx.topological_sort(graph)]):
            made = whole = 0.0
            for start, target, current, weight in nodes[each]["results"]:
                made += weight * way(start, target, current)
                whole += weight
            for child, edge in below[each].items():
                made += edge["weight"] * nodes[child]["progress"]
                whole += edge["weight"]
            nodes[each]["progress"] = made / whole

    def full(self) -> float:
        """Go through all nodes, children first."""
        self._up(self.graph)
        return float(self.graph.nodes[self.top]["progress"])

    def everything(self) -> Sequence[float]:
        """Return the attribute of each node."""
        return [float(self.graph.nodes[each]["progress"]) for each in range(len(self.graph))]

    def put(self, result: int, value: float) -> None:
        """Set the value."""
        self.results[result][2] = value

    def change(self, result: int, value: float) -> float:
        """Go through the ancestors, children first."""
        self.put(result, value)
        owner = self.owner[result]
        self._up(self.graph.subgraph({owner, *self.networkx.ancestors(self.graph, owner)}))
        return float(self.graph.nodes[self.top]["progress"])


class Tree(Peer):
    """Nodes of a tree, visited after their children."""

    name = "anytree"
    needs = ("anytree",)
    follows = True
    limit = 3_000_000

    def __init__(self, company: Company) -> None:
        anytree: Any = import_module("anytree")
        self.visit = anytree.PostOrderIter
        self.nodes: list[Any] = [
            anytree.Node(str(each), weight=weight, results=[]) for each, weight in enumerate(company.weights)
        ]
        for above in range(company.objectives):
            if company.below[above]:
                self.nodes[above].children = [self.nodes[child] for child in company.below[above]]
        self.top, self.owner = self.nodes[company.top], company.owner
        self.results: list[list[float]] = []
        for owner, *numbers in zip(
            company.owner, company.start, company.target, company.current, company.shares, strict=True
        ):
            self.nodes[owner].results.append(numbers)
            self.results.append(numbers)

    @staticmethod
    def _sum_up(node: Any) -> None:
        made = whole = 0.0
        for start, target, current, weight in node.results:
            made += weight * way(start, target, current)
            whole += weight
        for child in node.children:
            made += child.weight * child.progress
            whole += child.weight
        node.progress = made / whole

    def full(self) -> float:
        """Visit all nodes."""
        for node in self.visit(self.top):
            self._sum_up(node)
        return float(self.top.progress)

    def everything(self) -> Sequence[float]:
        """Return the attribute of each node."""
        return [float(node.progress) for node in self.nodes]

    def put(self, result: int, value: float) -> None:
        """Set the value."""
        self.results[result][2] = value

    def change(self, result: int, value: float) -> float:
        """Sum every node above up again."""
        self.put(result, value)
        node = self.nodes[self.owner[result]]
        for each in (node, *reversed(node.ancestors)):
            self._sum_up(each)
        return float(self.top.progress)


_QUERY = """
WITH RECURSIVE
    weighed AS (
        SELECT objective, sum(weight) AS whole FROM (
            SELECT objective, weight FROM results
            UNION ALL
            SELECT above, weight FROM objectives WHERE above >= 0
        ) GROUP BY objective
    ),
    own AS (
        SELECT objective,
            sum(weight * greatest(0.0, least(1.0, (current - start) / (target - start)))) / any_value(whole) AS made
        FROM results JOIN weighed USING (objective) GROUP BY objective
    ),
    links AS MATERIALIZED (
        SELECT o.objective, o.above, o.weight / w.whole AS part
        FROM objectives o JOIN weighed w ON w.objective = o.above
    ),
    climb(objective, made) AS (
        SELECT objective, made FROM own
        UNION ALL
        SELECT above, made * part FROM climb JOIN links USING (objective)
    )
SELECT objective, sum(made) AS progress FROM climb GROUP BY objective ORDER BY objective
"""


class Query(Peer):
    """One recursive query: a mean is linear, so that what each objective makes itself can climb alone."""

    name = "duckdb recursive query"
    needs = ("duckdb", "pandas")
    limit = 20_000_000

    def __init__(self, company: Company) -> None:
        duckdb: Any = import_module("duckdb")
        pd: Any = import_module("pandas")
        self.top, self.progress = company.top, [0.0] * company.objectives
        self.base = duckdb.connect()
        results = {
            "id": range(company.results),
            "objective": company.owner,
            "start": company.start,
            "target": company.target,
            "current": company.current,
            "weight": company.shares,
        }
        objectives = {"objective": range(company.objectives), "above": company.above, "weight": company.weights}
        self.base.register("given_results", pd.DataFrame(results))
        self.base.register("given_objectives", pd.DataFrame(objectives))
        self.base.execute("CREATE TABLE results AS SELECT * FROM given_results")
        self.base.execute("CREATE TABLE objectives AS SELECT * FROM given_objectives")

    def full(self) -> float:
        """Ask."""
        self.progress = self.base.execute(_QUERY).fetchnumpy()["progress"]
        return float(self.progress[self.top])

    def everything(self) -> Sequence[float]:
        """Return the column."""
        return [float(each) for each in self.progress]

    def put(self, result: int, value: float) -> None:
        """Set the cell."""
        self.base.execute("UPDATE results SET current = ? WHERE id = ?", [value, result])


#: Every peer, in the order of the tables.
PEERS: tuple[type[Peer], ...] = (Flat, Objects, Dicts, Arrays, Pandas, Polars, Graph, Tree, Query)
