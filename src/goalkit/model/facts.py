"""
The facts of a plan as one immutable log that is cheap to extend.

Facts are kept in chunks whose sizes at least halve from one to the next. Recording appends a chunk
and merges the small ones at the end, so that it costs a logarithm of the number of facts, two logs
share what they have in common, and what two logs do not share is found by identity.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, islice
from typing import Final, final

from .records import CheckIn, Fact, Revision


@final
class _Chunk:
    """Some facts in the order in which they were recorded, with the ways to find them."""

    __slots__ = ("by_goal", "by_id", "revised", "revised_by_goal")

    def __init__(self, by_id: dict[str, Fact]) -> None:
        self.by_id: Final = by_id
        self.by_goal: Final[dict[str, list[Fact]]] = {}
        revised: list[Revision] = []
        for fact in by_id.values():
            self.by_goal.setdefault(fact.goal, []).append(fact)
            if isinstance(fact, Revision):
                revised.append(fact)
        self.revised: Final = tuple(revised)
        self.revised_by_goal: Final[dict[str, list[Revision]]] = {}
        for revision in revised:
            self.revised_by_goal.setdefault(revision.goal, []).append(revision)


@final
class FactLog:
    """
    Facts in the order in which they were recorded.

    Example:
        >>> log = FactLog().extended([CheckIn(goal="nps", on="2026-08-10", value=56, id="one")])
        >>> len(log), log.get("one").goal
        (1, 'nps')
    """

    __slots__ = ("_chunks", "_size")

    def __init__(self, chunks: tuple[_Chunk, ...] = ()) -> None:
        self._chunks: Final = chunks
        self._size: Final = sum(len(chunk.by_id) for chunk in chunks)

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Fact]:
        return chain.from_iterable(chunk.by_id.values() for chunk in self._chunks)

    def __contains__(self, fact_id: object) -> bool:
        return any(fact_id in chunk.by_id for chunk in self._chunks)

    def get(self, fact_id: str) -> Fact | None:
        """
        Return a fact by its id, or None where the log does not hold it.

        Args:
            fact_id: The fact's id.
        """
        for chunk in self._chunks:
            if (fact := chunk.by_id.get(fact_id)) is not None:
                return fact
        return None

    def extended(self, facts: Iterable[Fact]) -> FactLog:
        """
        Return a log with more facts at its end.

        Args:
            facts: Facts whose ids are not in the log yet.
        """
        added = {fact.id: fact for fact in facts}
        if not added:
            return self
        chunks = list(self._chunks)
        while chunks and len(chunks[-1].by_id) < 2 * len(added):
            added = {**chunks.pop().by_id, **added}
        return FactLog((*chunks, _Chunk(added)))

    def without(self, fact_ids: frozenset[str]) -> FactLog:
        """
        Return a log without some facts; chunks that hold none of them are shared.

        Args:
            fact_ids: The ids of the facts to leave out.
        """
        kept = []
        for chunk in self._chunks:
            if fact_ids.isdisjoint(chunk.by_id):
                kept.append(chunk)
            elif left := {key: fact for key, fact in chunk.by_id.items() if key not in fact_ids}:
                kept.append(_Chunk(left))
        return FactLog(tuple(kept))

    def until(self, day: date) -> FactLog:
        """
        Return a log without the facts that apply to later days.

        Args:
            day: The last day that is seen.
        """
        later = frozenset(fact.id for fact in self if fact.on > day)
        return self.without(later) if later else self

    def about(self, goal_id: str) -> list[Fact]:
        """
        Return the facts about one goal, oldest day first, those of one day as they were recorded.

        Args:
            goal_id: The goal's id.
        """
        found = [fact for chunk in self._chunks for fact in chunk.by_goal.get(goal_id, ())]
        if len(found) > 1:
            found.sort(key=_day_of)
        return found

    def by_goal(self) -> dict[str, list[Fact]]:
        """Return the facts about every goal that has any, oldest day first, those of one day as they were recorded."""
        if not self._chunks:
            return {}
        found = dict(self._chunks[0].by_goal)
        for chunk in self._chunks[1:]:
            for goal_id, facts in chunk.by_goal.items():
                found[goal_id] = [*found[goal_id], *facts] if goal_id in found else facts
        for goal_id, facts in found.items():
            if len(facts) > 1:
                found[goal_id] = sorted(facts, key=_day_of)
        return found

    def goals(self) -> set[str]:
        """Return the ids of the goals that facts are about."""
        return {goal_id for chunk in self._chunks for goal_id in chunk.by_goal}

    def revisions(self, goal_id: str | None = None) -> list[Revision]:
        """
        Return the revisions, oldest day first, those of one day as they were recorded.

        Args:
            goal_id: The goal that they are about; None for every goal.
        """
        if goal_id is None:
            found = [revision for chunk in self._chunks for revision in chunk.revised]
        else:
            found = [revision for chunk in self._chunks for revision in chunk.revised_by_goal.get(goal_id, ())]
        found.sort(key=_day_of)
        return found

    def beyond(self, other: FactLog) -> tuple[list[Fact], list[Fact]]:
        """
        Return the facts that only this log holds, and those that only the other one does.

        Args:
            other: Another log, usually one that this one grew from.
        """
        shared = {id(chunk) for chunk in self._chunks} & {id(chunk) for chunk in other._chunks}
        mine = {key: fact for chunk in self._chunks if id(chunk) not in shared for key, fact in chunk.by_id.items()}
        theirs = {key: fact for chunk in other._chunks if id(chunk) not in shared for key, fact in chunk.by_id.items()}
        only_mine = [fact for key, fact in mine.items() if theirs.get(key) != fact]
        only_theirs = [fact for key, fact in theirs.items() if mine.get(key) != fact]
        return only_mine, only_theirs

    def starts_with(self, other: FactLog) -> bool:
        """
        Tell whether this log is another one with nothing but more facts after it, as far as identity shows.

        Args:
            other: The log that this one may have grown from.
        """
        same = 0
        for mine, theirs in zip(self._chunks, other._chunks, strict=False):
            if mine is not theirs:
                break
            same += 1
        rest = [*FactLog(other._chunks[same:])]
        return [*islice(FactLog(self._chunks[same:]), len(rest))] == rest

    def __eq__(self, other: object) -> bool:
        """Two logs are equal when every goal's facts read the same, day by day."""
        if not isinstance(other, FactLog):
            return NotImplemented
        if len(self) != len(other):
            return False
        if [id(chunk) for chunk in self._chunks] == [id(chunk) for chunk in other._chunks]:
            return True
        return not any(self.beyond(other)) and all(self.about(goal) == other.about(goal) for goal in self.goals())

    def __hash__(self) -> int:
        return hash(len(self))


def _day_of(fact: Fact) -> date:
    return fact.on


def standing(facts: Iterable[Fact], until: date | None = None) -> tuple[CheckIn, ...]:
    """
    Return the check-ins among a goal's facts that stand: those that no later knowledge corrects.

    Args:
        facts: One goal's facts, oldest day first.
        until: The last day that is seen; None for all days.

    Example:
        >>> wrong = CheckIn(goal="nps", on="2026-08-10", value=65, id="wrong")
        >>> right = CheckIn(goal="nps", on="2026-08-10", value=56, supersedes="wrong")
        >>> [check_in.value for check_in in standing([wrong, right])]
        [Decimal('56')]
    """
    seen = [fact for fact in facts if isinstance(fact, CheckIn) and (until is None or fact.on <= until)]
    if len(seen) < 2:  # noqa: PLR2004 - one corrects no other
        return tuple(seen)
    corrected = {fact.supersedes for fact in seen if fact.supersedes is not None}
    return tuple(fact for fact in seen if fact.id not in corrected) if corrected else tuple(seen)
