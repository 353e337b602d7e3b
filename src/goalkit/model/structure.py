"""The shape of a plan: who contributes to whom, in an order that needs no recursion."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Final, final

from ..calendars import Cycle
from ..errors import UnknownId
from .goals import Goal, Milestone, contributes

# Of a loop, the most goals that are named: a plan may have many long ones.
_MOST_IN_LOOP: Final = 12
_FIRST_IN_LOOP: Final = 6
_LAST_IN_LOOP: Final = 4

#: The first and the last day of a goal; None where it has none.
Period = tuple[date | None, date | None]


@final
class Structure:
    """
    The compiled shape of some goals: positions instead of ids, parents, and a children-first order.

    Attributes:
        ids: The goals' ids in plan order; a goal's position is its index here.
        at: The position of each id.
        up: For each goal, the positions of its parents, in the order of its links.
        children_first: Every position once, children before their parents; goals on a loop are missing.
    """

    __slots__ = ("_down", "_rank", "at", "children_first", "ids", "up")

    def __init__(self, goals: Mapping[str, Goal]) -> None:
        at = {goal_id: position for position, goal_id in enumerate(goals)}
        self.ids: Final = tuple(goals)
        self.at: Final = at
        self.up: Final = [
            [at[link.to] for link in goal.parent if link.to in at] if goal.parent else [] for goal in goals.values()
        ]
        self.children_first: Final = _children_first(self.up)
        self._down: list[list[int]] | None = None
        self._rank: list[int] | None = None

    def position(self, goal_id: str) -> int:
        """
        Return the position of a goal.

        Args:
            goal_id: The goal.

        Raises:
            UnknownId: If there is no such goal.
        """
        try:
            return self.at[goal_id]
        except (KeyError, TypeError):
            raise UnknownId.among("goal", goal_id, self.at) from None

    @property
    def down(self) -> list[list[int]]:
        """For each goal, the positions of its children in plan order."""
        if self._down is None:
            down: list[list[int]] = [[] for _ in self.ids]
            for child, parents in enumerate(self.up):
                for parent in parents:
                    down[parent].append(child)
            self._down = down
        return self._down

    @property
    def rank(self) -> list[int]:
        """For each goal, its place in the children-first order."""
        if self._rank is None:
            self._rank = [0] * len(self.ids)
            for rank, position in enumerate(self.children_first):
                self._rank[position] = rank
        return self._rank

    @property
    def has_loop(self) -> bool:
        """Whether some goal is above itself."""
        return len(self.children_first) < len(self.ids)


def _children_first(up: Sequence[Sequence[int]]) -> list[int]:
    waiting = [0] * len(up)
    for parents in up:
        for parent in parents:
            waiting[parent] += 1
    order = [position for position, children in enumerate(waiting) if not children]
    for position in order:  # it grows while it is read: every goal follows once its last child is in
        for parent in up[position]:
            waiting[parent] -= 1
            if not waiting[parent]:
                order.append(parent)
    return order


def loops(starts: Iterable[str], up: Callable[[str], Iterable[str]]) -> list[tuple[str, ...]]:
    """
    Return a loop for every link that closes one; without those links there is no loop left.

    Args:
        starts: The ids to start from, in the order in which links are to be kept.
        up: What an id leads to.

    Returns:
        Paths such as ``("a", "b", "a")``; the link between the last two closes the loop. In the middle
        of a long one, it is only said how many there are.

    Example:
        >>> loops(["a", "b"], {"a": ["b"], "b": ["a"]}.__getitem__)
        [('a', 'b', 'a')]
    """
    found: list[tuple[str, ...]] = []
    finished: set[str] = set()
    for start in starts:
        if start in finished:
            continue
        path, at = [start], {start: 0}
        open_links = [iter(tuple(up(start)))]
        while open_links:
            following = next(open_links[-1], None)
            if following is None:
                open_links.pop()
                finished.add(last := path.pop())
                del at[last]
            elif following in at:
                found.append(_loop(path, at[following]))
            elif following not in finished:
                at[following] = len(path)
                path.append(following)
                open_links.append(iter(tuple(up(following))))
    return found


def _loop(path: Sequence[str], first: int) -> tuple[str, ...]:
    size = len(path) - first + 1
    if size <= _MOST_IN_LOOP:
        return (*path[first:], path[first])
    between = f"… {size - _FIRST_IN_LOOP - _LAST_IN_LOOP - 1} more …"
    return (*path[first : first + _FIRST_IN_LOOP], between, *path[-_LAST_IN_LOOP:], path[first])


@final
class Periods:
    """The period of every goal: its own days, else its own cycle's, else its parents' where they agree."""

    __slots__ = ("_last_start", "_periods", "conflicts", "cycles", "inverted")

    def __init__(self, structure: Structure, goals: Mapping[str, Goal], cycles: Mapping[str, Cycle]) -> None:
        known = list(goals.values())
        #: The id of the cycle that each goal is in, by position.
        self.cycles: Final[list[str | None]] = [None] * len(known)
        #: The position of each goal whose parents are in different cycles, and the ids of those cycles.
        self.conflicts: Final[list[tuple[int, tuple[str, ...]]]] = []
        #: The position of each goal whose own days and inherited ones do not make a period.
        self.inverted: Final[list[int]] = []
        self._periods: Final[list[Period]] = [(None, None)] * len(known)
        for position in reversed(structure.children_first):
            goal = known[position]
            above = self._parents_of(structure, goal, position) if goal.parent else []
            first, last = self._inherited(goal, position, above, cycles)
            due = goal.due if isinstance(goal, Milestone) else None
            own = goal.first_day or goal.last_day or due
            first, last = goal.first_day or first, goal.last_day or due or last
            self._periods[position] = (first, last)
            if own and first and last and last < first:
                self.inverted.append(position)
        starts = {first for first, _ in set(self._periods) if first is not None}
        self._last_start: Final = max(starts, default=None)

    def all_begun(self, on: date) -> bool:
        """
        Tell whether no goal begins after a day.

        Args:
            on: The day.
        """
        return self._last_start is None or on >= self._last_start

    def __getitem__(self, position: int) -> Period:
        return self._periods[position]

    def _parents_of(self, structure: Structure, goal: Goal, position: int) -> list[int]:
        linked = [(structure.at[link.to], contributes(goal, link)) for link in goal.parent if link.to in structure.at]
        return [parent for parent, counts in linked if counts] or structure.up[position]

    def _inherited(self, goal: Goal, position: int, above: list[int], cycles: Mapping[str, Cycle]) -> Period:
        if goal.cycle is not None:
            self.cycles[position] = goal.cycle
            cycle = cycles.get(goal.cycle)
            return (cycle.first_day, cycle.last_day) if cycle and cycle.is_dated else (None, None)
        named = dict.fromkeys(name for parent in above if (name := self.cycles[parent]) is not None)
        if len(named) > 1:
            self.conflicts.append((position, tuple(named)))
        self.cycles[position] = next(iter(named), None)
        if len(above) == 1:
            return self._periods[above[0]]
        dated = [self._periods[parent] for parent in above if self._periods[parent] != (None, None)]
        return dated[0] if dated else (None, None)
