"""
Cases beside each other: run in turns, held to the same answers, and told as Markdown.

What is told of a case is its least time: the others contain what else the machine did. Seconds are
this machine's; the ratios are what to look at.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from math import inf, log
from os import cpu_count
from platform import python_version
from time import perf_counter

from attrs import frozen

#: How far two answers to the same question may lie apart.
TOLERANCE = 1e-9
_ENOUGH_TO_GROW = 10_000


@frozen(kw_only=True)
class Case:
    """
    One way to do the work.

    Attributes:
        run: Does the work of a turn, whose number it is given; returns the figure to compare, or None.
        before: What a turn needs beforehand, without being measured.
        everything: Gives every figure after the last turn, in the same order for all cases; None
            where a case knows one figure only.
        repeat: How often a turn does the work.
        items: By how many things the seconds are divided.
    """

    run: Callable[[int], float | None]
    before: Callable[[int], object] | None = None
    everything: Callable[[], Sequence[float]] | None = None
    repeat: int = 1
    items: int = 1


class Disagreement(Exception):
    """Two cases that should have the same answer do not."""


def measured(cases: Mapping[str, Case], rounds: int) -> dict[str, float]:
    """
    Return the least seconds of each case for one thing.

    The cases take turns, so that a busy moment of the machine hits all of them. Garbage is collected
    first, and what is there by then is frozen: the collector stays on, and sees only what the case makes.

    Args:
        cases: The cases by name.
        rounds: How many turns each has.

    Raises:
        Disagreement: If the cases do not have the same answers.
    """
    least = dict.fromkeys(cases, inf)
    for turn in range(rounds):
        with undisturbed():
            for case in cases.values():
                if case.before is not None:
                    case.before(turn)
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        answers: dict[str, list[float]] = {}
        for name, case in cases.items():
            seconds, answer = _timed(case, turn)
            least[name] = min(least[name], seconds)
            if answer is not None:
                answers[name] = [answer]
        same(answers)
    gc.unfreeze()
    same({name: case.everything() for name, case in cases.items() if case.everything is not None})
    return least


@contextmanager
def undisturbed() -> Iterator[None]:
    """Make much that stays, without the garbage collector going through it again and again."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _timed(case: Case, turn: int) -> tuple[float, float | None]:
    gc.collect()
    run, repeat = case.run, range(case.repeat)
    answer = None
    begun = perf_counter()
    for _ in repeat:
        answer = run(turn)
    return (perf_counter() - begun) / case.repeat / case.items, answer


def same(answers: Mapping[str, Sequence[float]]) -> None:
    """
    Hold several answers to each other.

    Args:
        answers: The figures of each case, in the same order.

    Raises:
        Disagreement: If a figure of a case is not that of the first one.
    """
    for name, figures in answers.items():
        first, wanted = next(iter(answers.items()))
        if len(figures) != len(wanted):
            raise Disagreement(f"{name} has {len(figures)} figures, {first} has {len(wanted)}")
        apart = largest_difference(figures, wanted)
        if not apart <= TOLERANCE:
            raise Disagreement(f"{name} and {first} lie {apart} apart")


def largest_difference(figures: Iterable[float], others: Iterable[float]) -> float:
    """Return how far the figures that lie farthest apart do so."""
    return max((abs(one - other) for one, other in zip(figures, others, strict=True)), default=0.0)


def exponent(seconds: Mapping[int, float]) -> float | None:
    """
    Return how time grows with size: 1 where it doubles with it, 2 where it quadruples, 0 where it stays.

    Args:
        seconds: The seconds of each size.

    Returns:
        The slope of the straight line through the logarithms; None for fewer than two sizes.
    """
    if len(seconds) < 2:
        return None
    across, up = [log(size) for size in seconds], [log(each) for each in seconds.values()]
    middle, height = sum(across) / len(across), sum(up) / len(up)
    rise = sum((x - middle) * (y - height) for x, y in zip(across, up, strict=True))
    return rise / sum((x - middle) ** 2 for x in across)


def show(title: str, seconds: Mapping[str, float], *references: str) -> None:
    """
    Print a table of seconds, and of ratios to each reference.

    Args:
        title: What was measured.
        seconds: The seconds of each case.
        *references: The cases that the others are divided by.
    """
    rows = [
        [name, duration(each), *(ratio(each / seconds[reference]) for reference in references)]
        for name, each in seconds.items()
    ]
    table(title, ["case", "least time", *(f"× {reference}" for reference in references)], rows)


def show_growth(title: str, sizes: Mapping[int, Mapping[str, float]]) -> None:
    """
    Print the seconds of each case at each size, and how they grow.

    Args:
        title: What was measured.
        sizes: The seconds of each case, by size.
    """
    grown = [size for size in sizes if size >= _ENOUGH_TO_GROW]
    grown = grown if len(grown) > 1 else [*sizes]
    rows = []
    for name in dict.fromkeys(name for cases in sizes.values() for name in cases):
        slope = exponent({size: sizes[size][name] for size in grown if name in sizes[size]})
        cells = [duration(cases[name]) if name in cases else "–" for cases in sizes.values()]
        rows.append([name, *cells, "–" if slope is None else f"{slope:.2f}"])
    table(title, ["case", *(f"{size:,}" for size in sizes), f"exponent from {grown[0]:,}"], rows)


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a Markdown table under its title."""
    lines = [f"\n### {title}\n", _line(head), _line(["---"] + ["---:"] * (len(head) - 1)), *map(_line, rows)]
    print("\n".join(lines), flush=True)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def duration(seconds: float) -> str:
    """Return a duration with three digits, in the unit that suits it."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def ratio(times: float) -> str:
    """Return a ratio with three digits, or as a whole number where it is large."""
    return f"{times:,.0f}" if times >= 100 else f"{times:.3g}"


def machine(*packages: str) -> str:
    """
    Return in one line what the figures were measured with.

    Args:
        *packages: The packages whose versions matter.
    """
    return ", ".join([f"Python {python_version()}", f"{cpu_count()} cores", *filter(None, map(_version, packages))])


def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return ""
