"""How a change moves up: each goal above it once, children before parents, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heapify, heappop, heappush
from typing import Final, final

from ..model.reading import plainly_said
from .columns import Columns
from .deltas import Deltas, Given, given
from .engine import combine, take, take_share
from .parts import MEASURED, Source, State


def told(columns: Columns, position: int) -> tuple[object, ...]:
    """
    Return all that is told of a goal apart from its parts.

    Args:
        columns: The figures.
        position: The goal's position.
    """
    return (
        columns.known(position),
        columns.raw[position],
        columns.reason[position],
        columns.coverage[position],
        columns.check_in(position),
        columns.actual(position),
    )


def _standing(columns: Columns, position: int) -> tuple[object, ...]:
    """Return what decides whether a goal counts at all, and whether anything counts towards it."""
    out = columns.state[position] == State.OUT
    return (
        out,
        columns.reason[position] if out else None,
        columns.excluded[position],
        position in columns.complete,
        columns.source[position],
    )


@final
class Wave:
    """
    One change on its way up.

    Args:
        columns: The figures, which are written to.
        deltas: The sums behind them.
    """

    __slots__ = ("_changed", "_columns", "_deltas", "_moved", "_queued", "_reshaped", "_waiting")

    def __init__(self, columns: Columns, deltas: Deltas) -> None:
        self._columns: Final = columns
        self._deltas: Final = deltas
        self._waiting: list[tuple[int, int]] = []
        self._queued: set[int] = set()
        # What each goal's sums do not know of yet: the children of which something has changed, and what they were.
        self._moved: Final[dict[int, list[tuple[int, Given]]]] = {}
        self._reshaped: Final[set[int]] = set()
        self._changed: Final[list[int]] = []

    def move(self, positions: set[int]) -> list[int]:
        """
        Take up what the facts of some goals say, and move it up.

        Args:
            positions: The goals' positions.

        Returns:
            The positions of the goals of which something else is told now.
        """
        rank = self._columns.structure.rank
        self._waiting = [(rank[position], position) for position in positions]
        heapify(self._waiting)
        self._queued = set(positions)
        while self._waiting:
            _, position = heappop(self._waiting)
            if position in positions:
                if not self._say_again(position):
                    self._work_out(position, is_fresh=True)
            elif position in self._moved or position in self._reshaped:
                self._work_out(position, is_fresh=False)
            else:
                self._follow(position)
        return self._with_shares(self._changed)

    def _say_again(self, position: int) -> bool:
        """Set what the last of some plain numbers says of a goal; tell whether that is all there is to it."""
        columns = self._columns
        metric = columns.shape.plain[position]
        if metric is None or columns.source[position] is not Source.OWN or columns.shape.has_sums:
            return False
        if columns.coverage[position] != 1 or columns.excluded[position] is not None or position in columns.complete:
            return False
        said = plainly_said(columns.plan.log.about(columns.structure.ids[position]), columns.as_of)
        if said is None:
            return False
        if said[0] != columns.check_in(position):
            was = columns.entering(position)
            columns.say(position, metric.raw(said[1]), said[0])
            self._changed.append(position)
            self._bring(position, was)
        return True

    def _follow(self, position: int) -> None:
        """Set a goal whose sums have followed all that has changed below it."""
        was = self._columns.entering(position)
        if self._deltas.follow(position):
            self._changed.append(position)
            self._bring(position, was)

    def _bring(self, position: int, was: float) -> None:
        """Move what is above a goal by its progress, of which alone something has changed."""
        columns, deltas, up = self._columns, self._deltas, self._columns.structure.up
        entering = columns.entering
        brought = entering(position) - was
        while brought:
            parents = up[position]
            if len(parents) == 1 and not self._waiting and deltas.add(parents[0], position, brought):
                # Nothing else is on its way, so that it is the next one in turn.
                position = parents[0]
                was = entering(position)
                if not deltas.follow(position):
                    return
                self._changed.append(position)
                brought = entering(position) - was
                continue
            for parent in parents:
                if not deltas.add(parent, position, brought):
                    before = State.KNOWN, was, columns.coverage[position]
                    self._moved.setdefault(parent, []).append((position, before))
                self._push(parent)
            return

    def _work_out(self, position: int, *, is_fresh: bool) -> None:
        """Work a goal out again, and tell its parents."""
        columns = self._columns
        figures, before, standing = told(columns, position), given(columns, position), _standing(columns, position)
        if is_fresh:
            self._retake(position)
        elif position not in columns.complete and columns.source_of(position) not in MEASURED:
            self._recombine(position)
        if told(columns, position) != figures:
            self._changed.append(position)
        if position in columns.complete:
            columns.forget_sums(position)  # it stays as it is, and what goes through it does not
        reshapes = _standing(columns, position) != standing or columns.shape.has_sums
        if given(columns, position) == before and not reshapes:
            return
        for parent in columns.structure.up[position]:
            if reshapes:
                self._reshaped.add(parent)
            else:
                self._moved.setdefault(parent, []).append((position, before))
            self._push(parent)

    def _push(self, position: int) -> None:
        if position not in self._queued:
            self._queued.add(position)
            heappush(self._waiting, (self._columns.structure.rank[position], position))

    def _retake(self, position: int) -> None:
        """Work a goal out again from its own facts and from what counts towards it."""
        columns = self._columns
        columns.forget(position)
        self._deltas.forget(position)
        take(columns, position, columns.plan.log.about(columns.structure.ids[position]))
        if columns.is_made_up(position):
            combine(columns, position)
        elif columns.source[position] is Source.SHARE:
            take_share(columns, position)

    def _recombine(self, position: int) -> None:
        """Work a goal out again from what counts towards it; by what has moved, where its sums are known."""
        columns, deltas = self._columns, self._deltas
        if not columns.has_begun(position):
            return
        if position not in self._reshaped and position in deltas:
            for child, before in self._moved[position]:
                deltas.move(position, child, before, given(columns, child))
            deltas.settle(position)
            return
        deltas.forget(position)
        columns.clear(position)
        columns.source[position] = columns.source_of(position)
        columns.reading[position] = None
        combine(columns, position)
        deltas.remember(position)

    def _with_shares(self, changed: Iterable[int]) -> list[int]:
        """Return what has changed with the milestones that stand for a share of it."""
        columns = self._columns
        found = dict.fromkeys(changed)
        for position in [*found] if columns.shape.shares else ():
            for child in columns.structure.down[position]:
                if columns.source[child] is Source.SHARE and columns.has_begun(child) and child not in columns.complete:
                    figures = told(columns, child)
                    columns.clear(child)
                    take_share(columns, child)
                    if told(columns, child) != figures:
                        found[child] = None
        return [*found]
