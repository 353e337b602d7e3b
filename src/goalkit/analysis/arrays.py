"""
The way up by arrays: the same figures for wide plans, where numpy is loaded anyway.

Its sums are those of `go_up` to the last bit. What is summed is split into a part whose sum is exact, and
a rest that is too small for its rounding to be seen; the sum of the two is rounded once. Where a summand is
so small that it might be seen all the same, that one sum is made with care.
"""

from __future__ import annotations

import sys
from itertools import chain, groupby
from math import frexp, fsum, ldexp
from typing import Any, Final, NamedTuple

from ..policies import Clamp
from .columns import Columns
from .parts import State
from .shape import Step
from .upward import APART, go_up, takes_unmeasured_as_nothing

# From so many goals on, of that many a level, arrays are quicker than a loop.
_MANY: Final = 1000
_WIDE: Final = 100
# Added and taken away again, it rounds what is within 0 and 1 to a multiple of 2 ** -50.
_GRID: Final = 6.0


class _Level(NamedTuple):
    """The goals of one height, as arrays of positions; totals are within 1/2 and 1, weights to match."""

    steps: list[Step]
    others: list[Step]  # those that are no plain means
    positions: Any
    children: Any
    parents: Any  # for each child, the place of its parent among the positions
    weights: Any
    totals: Any
    least: float  # the smallest summand of which the rounding of a sum stays unseen


def wins(columns: Columns, *, is_clean: bool) -> bool:
    """
    Tell whether arrays can work out a plan, and are the quicker way to.

    Args:
        columns: The figures, with what is measured.
        is_clean: Whether nothing is odd about any goal.
    """
    if sys.modules.get("numpy") is None or len(columns.goals) < _MANY:  # loading it takes longer than most plans do
        return False
    policy = columns.policy
    if policy.clamp not in {Clamp.EVERYTHING, Clamp.ENTERING} or policy.cap != 1:
        return False  # the split is of what is within 0 and 1
    levels = _levels(columns)
    is_simple = is_clean and not any(level.others for level in levels)
    return bool(levels) and (is_simple or takes_unmeasured_as_nothing(policy))


def go_up_by_arrays(columns: Columns, marks: bytearray) -> None:
    """
    Work out every goal that is made up of others, as `go_up` does.

    Args:
        columns: The figures, with what is measured; nothing else is set yet.
        marks: What is odd about each goal or what is below it; written to.
    """
    import numpy as np  # noqa: PLC0415 - it is loaded already

    entering = columns.all_entering()
    value, coverage, enters = map(np.frombuffer, (columns.value, columns.coverage, entering))
    state, mark = (np.frombuffer(column, dtype=np.uint8) for column in (columns.state, marks))
    is_clean = not mark.any()
    for level in _levels(columns):
        at, figures = level.positions, _means(level, enters)
        if is_clean:
            value[at] = enters[at] = figures
            coverage[at], state[at] = 1.0, State.KNOWN
        else:
            covered, is_short = _means(level, coverage), mark[at] < APART
            is_known = np.bincount(level.parents, state[level.children] == State.KNOWN, len(at)) > 0
            coverage[at[is_short]] = covered[is_short]
            chosen = at[is_short & is_known]
            value[chosen] = enters[chosen] = figures[is_short & is_known]
            state[chosen] = State.KNOWN
            for place in np.flatnonzero(is_short & ~is_known).tolist():
                columns.settle(level.steps[place][0], None, covered[place])
            go_up(columns, [level.steps[place] for place in np.flatnonzero(~is_short).tolist()], marks, entering)
        if level.others:
            go_up(columns, level.others, marks, entering)
            is_clean = not mark.any()


def _means(level: _Level, column: Any) -> Any:
    import numpy as np  # noqa: PLC0415 - as above

    summed = level.weights * column[level.children]
    coarse = (summed + _GRID) - _GRID
    size = len(level.positions)
    exact = np.bincount(level.parents, coarse, size)
    figures = exact + np.bincount(level.parents, summed - coarse, size)
    for place in np.unique(level.parents[(summed > 0) & (summed < level.least)]).tolist():
        first, last = np.searchsorted(level.parents, (place, place + 1))
        figures[place] = fsum(summed[first:last].tolist())
    return figures / level.totals


def _levels(columns: Columns) -> list[_Level]:
    """Return the goals by height, those next to what is measured first; none where there are many heights."""
    shape = columns.shape
    if shape.levels is None:
        height = [0] * len(columns.goals)
        for position in columns.structure.children_first:
            for parent in columns.structure.up[position]:
                height[parent] = max(height[parent], height[position] + 1)
        heights = {height[step[0]] for step in shape.steps}
        is_wide = len(heights) * _WIDE <= len(columns.goals)
        rows = groupby(shape.steps, key=lambda step: height[step[0]]) if is_wide else ()
        shape.levels = [_level([*steps], columns) for _, steps in rows]
    return shape.levels


def _level(steps: list[Step], columns: Columns) -> _Level:
    import numpy as np  # noqa: PLC0415 - as above

    means = [step for step in steps if step[1] is not None]
    positions = [step[0] for step in means]
    children = [columns.shape.children[position] for position in positions]
    sizes = np.fromiter(map(len, children), np.intp, len(means))
    # By a power of two, which changes no digit.
    scales = np.fromiter((ldexp(1.0, -frexp(step[3])[1]) for step in means), np.double, len(means))
    parents = np.repeat(np.arange(len(means)), sizes)
    weights = np.fromiter(chain.from_iterable(map(columns.shape.weights.__getitem__, positions)), np.double)
    return _Level(
        steps=means,
        others=[step for step in steps if step[1] is None],
        positions=np.array(positions, np.intp),
        children=np.fromiter(chain.from_iterable(children), np.intp, len(parents)),
        parents=parents,
        weights=weights * scales[parents],
        totals=np.fromiter((step[3] for step in means), np.double, len(means)) * scales,
        least=float(sizes.max(initial=0)) * 2.0**-51,
    )
