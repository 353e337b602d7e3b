"""What goals take over from the goals above them: the nearest one's word counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

from .definitions import Definitions
from .goals import Goal, contributes
from .structure import Structure

T = TypeVar("T")

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
        goals = [*definitions.goals.values()]
        own = {position: value for position, goal in enumerate(goals) if (value := getattr(goal, name)) is not None}
        found = handed_down(definitions.structure, goals, own)
        known = definitions.memo[key] = [found.get(position) for position in range(len(goals))]
    return known


def handed_down(
    structure: Structure, goals: Sequence[Goal], own: Mapping[int, T], *, supported: bool = True
) -> dict[int, T]:
    """
    Return what some goals have of their own, and what the goals below them take over from the nearest.

    Of several as near, the one linked first counts.

    Args:
        structure: The shape of all goals.
        goals: The goals, by position.
        own: What goals have of their own, by position.
        supported: Whether a goal that contributes to none takes over from those that it only supports.

    Returns:
        The same by the position of every goal that has it, or takes it over.
    """
    found, far = dict(own), dict.fromkeys(own, 0)
    for position in reversed(structure.children_first) if own else ():
        if position not in found:
            said = [
                above for above in counting_above(structure, goals[position], supported=supported) if above in found
            ]
            if said:
                above = min(said, key=far.__getitem__)
                found[position], far[position] = found[above], far[above] + 1
    return found


def counting_above(structure: Structure, goal: Goal, *, supported: bool = True) -> list[int]:
    """
    Return the positions of the goals that a goal contributes to; those that it supports, where there are none.

    Args:
        structure: The shape of all goals.
        goal: The goal.
        supported: Whether those that it only supports are taken at all.
    """
    above = [(structure.at[link.to], contributes(goal, link)) for link in goal.parent if link.to in structure.at]
    counting = [position for position, counts in above if counts]
    return counting or ([position for position, _ in above] if supported else [])
