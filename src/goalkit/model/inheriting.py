"""What goals take over from the goals above them: the nearest one's word counts."""

from __future__ import annotations

from typing import Any, Final

from .definitions import Definitions
from .goals import Goal, contributes
from .structure import Structure

#: The fields that a goal takes over from above.
INHERITED: Final = ("ambition", "cadence", "owner")


def nearest(definitions: Definitions, name: str) -> list[Any]:
    """
    Return every goal's own field, else its nearest ancestor's, by position; worked out once.

    Of several goals as near, the one linked first counts; goals that are only supported count where
    a goal contributes to none.

    Args:
        definitions: The goals.
        name: The field; None is what a goal without a word of its own has in it.

    Example:
        >>> from goalkit import Objective
        >>> goals = [Objective(id="a", title="A", owner="ida"), Objective(id="b", title="B", parent="a")]
        >>> nearest(Definitions({goal.id: goal for goal in goals}, {}), "owner")
        ['ida', 'ida']
    """
    key = ("nearest", name)
    known: list[Any] | None = definitions.memo.get(key)
    if known is None:
        structure, goals = definitions.structure, [*definitions.goals.values()]
        known, far = [None] * len(goals), [0] * len(goals)
        for position in reversed(structure.children_first):
            known[position] = getattr(goals[position], name)
            if known[position] is None:
                said = [above for above in counting_above(structure, goals[position]) if known[above] is not None]
                if said:
                    above = min(said, key=far.__getitem__)
                    known[position], far[position] = known[above], far[above] + 1
        definitions.memo[key] = known
    return known


def counting_above(structure: Structure, goal: Goal) -> list[int]:
    """
    Return the positions of the goals that a goal contributes to; those that it supports, where there are none.

    Args:
        structure: The shape of all goals.
        goal: The goal.
    """
    above = [(structure.at[link.to], contributes(goal, link)) for link in goal.parent if link.to in structure.at]
    return [position for position, counts in above if counts] or [position for position, _ in above]
