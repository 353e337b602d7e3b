"""The way up: the figures of all goals that are made up of others, children before their parents."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from math import fsum
from operator import mul
from typing import Final

from ..policies import Policy, Unmeasured
from .columns import Columns
from .engine import combine
from .parts import State
from .shape import Step

#: Some child was not measured, or not wholly.
PARTLY: Final = 1
#: Some child does not count.
APART: Final = 2
#: Its figure does not depend on what is below it.
SETTLED: Final = 4


def mark_of(columns: Columns, position: int) -> int:
    """
    Return what a goal is to the way in which its parents are worked out; 0 where nothing is odd about it.

    Args:
        columns: The figures.
        position: The goal's position.
    """
    if columns.excluded[position] is not None or columns.state[position] == State.OUT:
        return APART
    return 0 if columns.state[position] == State.KNOWN and columns.coverage[position] == 1 else PARTLY


def takes_unmeasured_as_nothing(policy: Policy) -> bool:
    """
    Tell whether what nobody has measured counts as nothing done, once something beside it is measured.

    Args:
        policy: The policy.
    """
    return policy.unmeasured in {Unmeasured.ZERO, Unmeasured.AT_START}


def go_up(columns: Columns, steps: Sequence[Step], marks: bytearray, entering: array[float]) -> None:
    """
    Work out every goal that is made up of others.

    Most goals are the weighted mean of children that all count: those take a line or two here. It is
    the formula of `combine`, to the last bit.

    Args:
        columns: The figures, with what is measured; nothing else is set yet.
        steps: How each such goal is worked out, children before their parents.
        marks: What is odd about each goal or what is below it; written to.
        entering: What enters parents; written to.
    """
    value, coverage, state, up = columns.value, columns.coverage, columns.state, columns.structure.up
    known = int(State.KNOWN)
    is_short, is_zero = not columns.holds_means(), takes_unmeasured_as_nothing(columns.policy)
    for position, pick, weights, total in steps:
        mark = marks[position]
        if not mark and is_short and pick is not None:
            picked = pick(entering)
            value[position] = entering[position] = fsum(map(mul, weights, picked) if weights else picked) / total
            coverage[position] = 1.0
            state[position] = known
        elif mark == PARTLY and is_zero and is_short and pick is not None:
            covered = fsum(map(mul, weights, pick(coverage)) if weights else pick(coverage)) / total
            figure = fsum(map(mul, weights, pick(entering)) if weights else pick(entering)) / total
            columns.settle(position, figure if known in pick(state) else None, covered)
            entering[position] = columns.entering(position)
            for parent in up[position]:
                marks[parent] |= PARTLY
        elif mark < SETTLED:
            combine(columns, position)
            entering[position] = columns.entering(position)
            if mark := mark_of(columns, position):
                for parent in up[position]:
                    marks[parent] |= mark
