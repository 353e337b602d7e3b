"""
KPIs beside what people would otherwise write: figures by month, rolling means, and process behaviour charts.

Everything is held to the same answers, and columns are made beforehand on all sides. Run it from the root of
the repository with ``python -m benchmarks.kpis [KPIs ...]``.
"""

from __future__ import annotations

from argparse import ArgumentParser
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from importlib import import_module
from itertools import chain, islice, pairwise
from random import Random
from time import perf_counter
from typing import Any, Final, NamedTuple

from goalkit import KPI, Observation, Plan, kpi_series
from goalkit.analysis.kpi import KpiSeries

from .company import SEED
from .measure import Case, duration, machine, measured, show, table, undisturbed

FIRST_DAY: Final = date(2012, 1, 1)
DAYS: Final = 5_000
WINDOW: Final = 28
FACTOR: Final = 2.66
BY_HAND: Final = "pure Python by hand"
PER_SERIES: Final = "numpy, one call a series"
OURS: Final = "goalkit"
_PACKAGES: Final = ("numpy", "pandas", "polars")


class Kept(NamedTuple):
    """What was kept of one KPI each day, as columns of floats."""

    values: list[float]
    numerators: list[float]
    denominators: list[float]


#: Gives all figures of a task.
Task = Callable[[], Iterable[float]]
#: The ways to do the tasks: months, rolling, limits.
Ways = Mapping[str, Task]


def kept(count: int) -> list[Kept]:
    """
    Return the columns of several KPIs.

    Args:
        count: How many there are.
    """
    chance = Random(SEED)
    found = []
    for _ in range(count):
        values = [round(100 + chance.gauss(0, 10) + (40 if chance.random() > 0.998 else 0), 3) for _ in range(DAYS)]
        denominators = [float(chance.randrange(50, 200)) for _ in range(DAYS)]
        numerators = [float(int(each * chance.random())) for each in denominators]
        found.append(Kept(values, numerators, denominators))
    return found


# -- goalkit ----------------------------------------------------------------------------------------


class Ours(NamedTuple):
    """The same KPI read as a flow, a stock, a mean and a ratio."""

    flow: KpiSeries
    stock: KpiSeries
    mean: KpiSeries
    ratio: KpiSeries


def ours(held: Sequence[Kept]) -> tuple[list[Ours], dict[str, float]]:
    """Return the KPIs as goalkit has them, and the seconds that making them took, for one observation."""
    seconds = dict.fromkeys(["make observations", "make plans of them", "make columns of them"], 0.0)
    days = [FIRST_DAY + timedelta(at) for at in range(DAYS)]
    found = []
    with undisturbed():
        for each in held:
            begun = perf_counter()
            seen = [Observation(kpi="k", on=on, value=value) for on, value in zip(days, each.values, strict=True)]
            parts = [
                Observation(kpi="r", on=on, numerator=over, denominator=under)
                for on, over, under in zip(days, each.numerators, each.denominators, strict=True)
            ]
            seconds["make observations"] += (made := perf_counter()) - begun
            flow = Plan.of(KPI(id="k", title="K", kind="flow"), *seen)
            ratio = Plan.of(KPI(id="r", title="R", kind="ratio"), *parts)
            seconds["make plans of them"] += (planned := perf_counter()) - made
            read = (kpi_series(flow, "k"), kpi_series(ratio, "r"))
            seconds["make columns of them"] += perf_counter() - planned
            stock = flow.replace(KPI(id="k", title="K", kind="stock"))
            mean = flow.replace(KPI(id="k", title="K", kind="stock", reads="mean"))
            found.append(Ours(read[0], kpi_series(stock, "k"), kpi_series(mean, "k"), read[1]))
    return found, {name: each / len(held) / DAYS / 2 for name, each in seconds.items()}


def _known(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def goalkit_ways(held: Sequence[Ours], columns: Sequence[Kept]) -> Ways:
    """Return the tasks as goalkit does them."""

    def months() -> Iterable[float]:
        found = [_known(each.by("month").floats()) for one in held for each in (one.flow, one.stock, one.ratio)]
        return chain.from_iterable(found)

    def rolling() -> Iterable[float]:
        return chain.from_iterable([_known(one.mean.rolling(WINDOW, "day").floats()) for one in held])

    ways = {"months": months, "rolling": rolling}
    try:
        xmr = import_module("goalkit.analysis.xmr").xmr
        rule = import_module("goalkit.analysis.signals").Rule(kind="limit")
    except ImportError:
        print("There are no charts to measure.")
        return ways

    def limits() -> Iterable[float]:
        charts = [xmr(each.values, rules=[rule]) for each in columns]
        return [value for chart in charts for value in (chart.lower, chart.upper, len(chart.signals))]

    return {**ways, "limits": limits}


# -- by hand ----------------------------------------------------------------------------------------


def _month_starts() -> list[int]:
    """Return the ordinals of the first days of the months, and of the one after the last."""
    last, on, found = FIRST_DAY + timedelta(DAYS - 1), FIRST_DAY, [FIRST_DAY.toordinal()]
    while on <= last:
        on = date(on.year + on.month // 12, on.month % 12 + 1, 1)
        found.append(on.toordinal())
    return found


def by_hand(held: Sequence[Kept]) -> Ways:
    """Return the tasks as loops over lists."""
    days = [FIRST_DAY.toordinal() + at for at in range(DAYS)]
    starts = _month_starts()

    def months() -> Iterable[float]:
        found: list[float] = []
        for values, over, under in held:
            spans = [*pairwise([bisect_left(days, start) for start in starts])]
            found += [sum(values[begin:end]) for begin, end in spans]
            found += [values[end - 1] for _, end in spans]
            found += [sum(over[begin:end]) / sum(under[begin:end]) for begin, end in spans]
        return found

    def rolling() -> Iterable[float]:
        found: list[float] = []
        for values, _, _ in held:
            total = sum(values[:WINDOW])
            found.append(total / WINDOW)
            for old, new in zip(values, islice(values, WINDOW, None), strict=False):
                total += new - old
                found.append(total / WINDOW)
        return found

    def limits() -> Iterable[float]:
        found: list[float] = []
        for values, _, _ in held:
            centre = sum(values) / len(values)
            reach = FACTOR * sum(abs(new - old) for old, new in pairwise(values)) / (len(values) - 1)
            low, high = centre - reach, centre + reach
            found += [low, high, sum(1 for value in values if value < low or value > high)]
        return found

    return {"months": months, "rolling": rolling, "limits": limits}


# -- numpy, pandas, polars ----------------------------------------------------------------------------


def by_numpy(held: Sequence[Kept]) -> Ways:
    """Return the tasks as calls of numpy for each series."""
    np: Any = import_module("numpy")
    arrays = [tuple(map(np.array, each)) for each in held]
    days = np.arange(DAYS) + np.datetime64(FIRST_DAY)

    def months() -> Iterable[float]:
        found = []
        for values, over, under in arrays:
            month = days.astype("M8[M]").astype("i8")
            cut = np.flatnonzero(np.diff(month, prepend=-1))
            last = np.append(cut[1:], len(values)) - 1
            found += [
                np.add.reduceat(values, cut),
                values[last],
                np.add.reduceat(over, cut) / np.add.reduceat(under, cut),
            ]
        return chain.from_iterable(found)

    def rolling() -> Iterable[float]:
        found = []
        for values, _, _ in arrays:
            summed = np.cumsum(values)
            found.append(np.concatenate((summed[WINDOW - 1 : WINDOW], summed[WINDOW:] - summed[:-WINDOW])) / WINDOW)
        return chain.from_iterable(found)

    def limits() -> Iterable[float]:
        found: list[float] = []
        for values, _, _ in arrays:
            centre, reach = values.mean(), FACTOR * np.abs(np.diff(values)).mean()
            low, high = centre - reach, centre + reach
            found += [low, high, ((values < low) | (values > high)).sum()]
        return found

    return {"months": months, "rolling": rolling, "limits": limits}


def by_pandas(held: Sequence[Kept]) -> Ways:
    """Return the tasks on one long table of pandas."""
    np: Any = import_module("numpy")
    pd: Any = import_module("pandas")
    days = np.arange(DAYS) + np.datetime64(FIRST_DAY)
    frame = pd.DataFrame(
        {
            "kpi": np.repeat(np.arange(len(held)), DAYS),
            "day": np.tile(days, len(held)).astype("M8[s]"),
            **{name: np.concatenate([each[at] for each in held]) for at, name in enumerate(("value", "over", "under"))},
        }
    )

    def months() -> Iterable[float]:
        grouped = frame.groupby(["kpi", frame.day.dt.to_period("M")])
        told = grouped.agg(value=("value", "sum"), last=("value", "last"), over=("over", "sum"), under=("under", "sum"))
        return _by_kpi(len(held), told["value"], told["last"], told["over"] / told["under"])

    def rolling() -> Iterable[float]:
        found: Iterable[float] = frame.groupby("kpi").value.rolling(WINDOW).mean().dropna()
        return found

    def limits() -> Iterable[float]:
        grouped = frame.groupby("kpi").value
        centre, reach = grouped.mean(), FACTOR * grouped.diff().abs().groupby(frame.kpi).mean()
        low, high = centre - reach, centre + reach
        beyond = (frame.value < frame.kpi.map(low)) | (frame.value > frame.kpi.map(high))
        return _by_kpi(len(held), low, high, beyond.groupby(frame.kpi).sum())

    return {"months": months, "rolling": rolling, "limits": limits}


def _by_kpi(count: int, *columns: Any) -> Iterable[float]:
    """Return the figures of several columns, KPI by KPI, in the order of the columns."""
    np: Any = import_module("numpy")
    return chain.from_iterable(
        np.stack([np.asarray(each).reshape(count, -1) for each in columns], axis=1).reshape(count, -1)
    )


def by_polars(held: Sequence[Kept]) -> Ways:
    """Return the tasks on one long table of polars."""
    np: Any = import_module("numpy")
    pl: Any = import_module("polars")
    days = np.arange(DAYS) + np.datetime64(FIRST_DAY)
    frame = pl.DataFrame(
        {
            "kpi": np.repeat(np.arange(len(held)), DAYS),
            "day": np.tile(days, len(held)),
            **{name: np.concatenate([each[at] for each in held]) for at, name in enumerate(("value", "over", "under"))},
        }
    )
    value = pl.col("value")

    def months() -> Iterable[float]:
        grouped = frame.lazy().group_by("kpi", pl.col("day").dt.truncate("1mo"))
        ratio = pl.col("over").sum() / pl.col("under").sum()
        told = grouped.agg(value.sum(), last=value.last(), ratio=ratio).sort("kpi", "day").collect()
        return _by_kpi(len(held), told["value"], told["last"], told["ratio"])

    def rolling() -> Iterable[float]:
        told = frame.lazy().select("kpi", r=value.rolling_mean(WINDOW).over("kpi")).drop_nulls().collect()
        found: Iterable[float] = told["r"]
        return found

    def limits() -> Iterable[float]:
        reach = FACTOR * value.diff().abs().mean()
        low, high = value.mean() - reach, value.mean() + reach
        beyond = ((value < low) | (value > high)).sum()
        told = frame.lazy().group_by("kpi").agg(low=low, high=high, beyond=beyond).sort("kpi").collect()
        return _by_kpi(len(held), told["low"], told["high"], told["beyond"])

    return {"months": months, "rolling": rolling, "limits": limits}


# -- all of it ----------------------------------------------------------------------------------------

TASKS: Final = {
    "months": "Sum of a flow, last of a stock and ratio of sums, by month",
    "rolling": f"Rolling mean of {WINDOW} days",
    "limits": "Natural limits, and what lies beyond them",
}


def _case(task: Task, items: int, repeat: int) -> Case:
    def run(_: int) -> None:
        task()

    return Case(run=run, everything=lambda: [float(each) for each in task()], repeat=repeat, items=items)


def kpis(count: int, rounds: int) -> None:
    """
    Measure each task for several KPIs.

    Args:
        count: How many KPIs there are.
        rounds: How many turns each case has.
    """
    columns = kept(count)
    made, seconds = ours(columns)
    ways = {
        BY_HAND: by_hand(columns),
        OURS: goalkit_ways(made, columns),
        PER_SERIES: by_numpy(columns),
        "pandas": by_pandas(columns),
        "polars": by_polars(columns),
    }
    for task, title in TASKS.items():
        cases = {
            name: _case(way[task], count * DAYS, 5 if count == 1 else 1) for name, way in ways.items() if task in way
        }
        show(f"{title}: {count * DAYS:,} observations, each", measured(cases, rounds), BY_HAND, PER_SERIES, "pandas")
    rows = [[name, duration(each)] for name, each in seconds.items()]
    table("What is made beforehand, for each observation", ["what", "time"], rows)


def main() -> None:
    """Measure what is asked for."""
    parser = ArgumentParser(prog="python -m benchmarks.kpis", description="Measure KPIs beside their peers.")
    parser.add_argument("counts", nargs="*", type=int, metavar="KPIs", help="1 200 by default")
    print(machine(*_PACKAGES))
    for count in parser.parse_args().counts or [1, 200]:
        kpis(count, 9 if count == 1 else 3)


if __name__ == "__main__":
    main()
