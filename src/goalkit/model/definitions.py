"""The goals as they were defined on some day, with the shape that follows from them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, final

from attrs import evolve

from ..calendars import Cycle
from ..errors import InvalidValue
from .goals import Goal
from .kpis import KPI
from .records import Revision
from .structure import Periods, Structure

# How many days with different definitions are remembered; a line over time asks for many, one after another.
_MOST_REMEMBERED: Final = 8

NO_KPIS: Final[Mapping[str, KPI]] = MappingProxyType({})


def apply(goal: Goal, revisions: Iterable[Revision]) -> Goal:
    """
    Return a goal with revisions applied, in their order.

    Args:
        goal: The goal as first defined.
        revisions: Its revisions.

    Raises:
        InvalidValue: If a revision changes a field that this kind of goal does not have, or makes a
            goal that is refused.
    """
    for revision in revisions:
        strange = [name for name in revision.changes if not hasattr(goal, name)]
        if strange:
            message = f"a {goal.kind.replace('_', ' ')} has no field {strange[0]!r} to revise"
            raise InvalidValue.of("unknown_field", message, path=strange[0], hint="leave it out")
        goal = evolve(goal, **revision.changes)
    return goal


def defined(goal: Goal, revisions: Iterable[Revision]) -> Goal:
    """
    Return a goal with those revisions applied that can be, in their order.

    Args:
        goal: The goal as first defined.
        revisions: Its revisions.
    """
    for revision in revisions:
        try:
            goal = apply(goal, (revision,))
        except InvalidValue:
            continue
    return goal


@final
class Definitions:
    """
    Goals, cycles and KPIs by id, and what follows from them, worked out when it is first asked for.

    It is shared by every plan that has the same goals, so that recording a fact costs nothing here.

    Attributes:
        goals: The goals by id, in plan order.
        cycles: The cycles by id.
        kpis: The KPIs by id.
        memo: What analyses have worked out from these definitions alone, by a key of their own.
    """

    __slots__ = ("_periods", "_revised", "_structure", "cycles", "goals", "kpis", "memo")

    def __init__(
        self,
        goals: Mapping[str, Goal],
        cycles: Mapping[str, Cycle],
        structure: Structure | None = None,
        *,
        kpis: Mapping[str, KPI] = NO_KPIS,
    ) -> None:
        self.goals: Final = goals
        self.cycles: Final = cycles
        self.kpis: Final = kpis
        self.memo: Final[dict[Hashable, Any]] = {}
        self._structure = structure
        self._periods: Periods | None = None
        self._revised: dict[tuple[int, ...], tuple[tuple[Revision, ...], Definitions]] = {}

    @property
    def structure(self) -> Structure:
        """Who contributes to whom."""
        if self._structure is None:
            self._structure = Structure(self.goals)
        return self._structure

    @property
    def periods(self) -> Periods:
        """The first and last day of every goal, by position."""
        if self._periods is None:
            self._periods = Periods(self.structure, self.goals, self.cycles)
        return self._periods

    def revised(self, revisions: Sequence[Revision]) -> Definitions:
        """
        Return the definitions with revisions applied.

        Args:
            revisions: The revisions that are in force, oldest first.
        """
        if not revisions:
            return self
        # By identity, since two plans that share these goals may hold different revisions of one id. The
        # revisions are kept with what came of them, so that no other can take their place in memory.
        key = tuple(map(id, revisions))
        _, known = self._revised.get(key, (None, None))
        if known is None:
            size, before = self._nearest(key)
            goals = dict(before.goals)
            for revision in revisions[size:]:
                if revision.goal in goals:
                    goals[revision.goal] = defined(goals[revision.goal], (revision,))
            moved = any("parent" in revision.changes for revision in revisions[size:])
            known = Definitions(goals, self.cycles, None if moved else before.structure, kpis=self.kpis)
            # A new dict takes the place of the old one, which another thread may be reading.
            newest = [*self._revised.items(), (key, (tuple(revisions), known))][-_MOST_REMEMBERED:]
            self._revised = dict(newest)
        return known

    def _nearest(self, key: tuple[int, ...]) -> tuple[int, Definitions]:
        """Return the definitions that are remembered with the most of some revisions, and with how many."""
        size, nearest = 0, self
        for other, (_, definitions) in self._revised.items():
            if size < len(other) and other == key[: len(other)]:
                size, nearest = len(other), definitions
        return size, nearest


NOTHING_WRITTEN: Final = Definitions({}, {})
