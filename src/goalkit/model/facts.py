"""
The facts of a plan as one immutable log that is cheap to extend.

Facts are kept in chunks whose sizes at least halve from one to the next. Recording appends a chunk
and merges the small ones at the end, so that it costs a logarithm of the number of facts, two logs
share what they have in common, and what two logs do not share is found by identity. What is observed
of KPIs is kept in a log of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, islice
from operator import attrgetter
from typing import Any, Final, Generic, Self, TypeVar, final

from .kpis import Observation
from .records import CheckIn, Fact, Revision

_F = TypeVar("_F", bound=Fact | Observation)
_C = TypeVar("_C", bound=CheckIn | Observation)


class _Chunk(Generic[_F]):
    """Some facts in the order in which they were recorded, with the ways to find them."""

    __slots__ = ("by_id", "by_subject")

    def __init__(self, by_id: dict[str, _F], subject: Callable[[_F], str]) -> None:
        self.by_id: Final = by_id
        self.by_subject: Final[dict[str, list[_F]]] = {}
        for fact in by_id.values():
            self.by_subject.setdefault(subject(fact), []).append(fact)


class Log(Generic[_F]):
    """
    Facts of one sort in the order in which they were recorded, each about one subject.

    Example:
        >>> log = ObservationLog().extended([Observation(kpi="revenue", on="2026-07-28", value=90, id="one")])
        >>> len(log), log.get("one").kpi
        (1, 'revenue')
    """

    __slots__ = ("_chunks", "_size")

    def __init__(self, chunks: tuple[_Chunk[_F], ...] = ()) -> None:
        self._chunks: Final = chunks
        self._size: Final = sum(len(chunk.by_id) for chunk in chunks)

    def _chunk(self, by_id: dict[str, _F]) -> _Chunk[_F]:
        raise NotImplementedError  # pragma: no cover - every log has its own

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[_F]:
        return chain.from_iterable(chunk.by_id.values() for chunk in self._chunks)

    def __contains__(self, fact_id: object) -> bool:
        return any(fact_id in chunk.by_id for chunk in self._chunks)

    def get(self, fact_id: str) -> _F | None:
        """
        Return a fact by its id, or None where the log does not hold it.

        Args:
            fact_id: The fact's id.
        """
        for chunk in self._chunks:
            if (fact := chunk.by_id.get(fact_id)) is not None:
                return fact
        return None

    def extended(self, facts: Iterable[_F]) -> Self:
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
        return type(self)((*chunks, self._chunk(added)))

    def without(self, fact_ids: frozenset[str]) -> Self:
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
                kept.append(self._chunk(left))
        return type(self)(tuple(kept))

    def until(self, day: date) -> Self:
        """
        Return a log without the facts that apply to later days.

        Args:
            day: The last day that is seen.
        """
        later = frozenset(fact.id for fact in self if fact.on > day)
        return self.without(later) if later else self

    def about(self, subject: str) -> list[_F]:
        """
        Return the facts about one subject, oldest day first, those of one day as they were recorded.

        Args:
            subject: The id of the goal, or of the KPI.
        """
        found = [fact for chunk in self._chunks for fact in chunk.by_subject.get(subject, ())]
        if len(found) > 1:
            found.sort(key=_day_of)
        return found

    def by_subject(self) -> dict[str, list[_F]]:
        """Return the facts about everything that has any, oldest day first, those of one day as they were recorded."""
        if not self._chunks:
            return {}
        found = dict(self._chunks[0].by_subject)
        for chunk in self._chunks[1:]:
            for subject, facts in chunk.by_subject.items():
                found[subject] = [*found[subject], *facts] if subject in found else facts
        for subject, facts in found.items():
            if len(facts) > 1:
                found[subject] = sorted(facts, key=_day_of)
        return found

    def subjects(self) -> set[str]:
        """Return the ids of what facts are about."""
        return {subject for chunk in self._chunks for subject in chunk.by_subject}

    def beyond(self, other: Log[_F]) -> tuple[list[_F], list[_F]]:
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

    def starts_with(self, other: Log[_F]) -> bool:
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
        rest = [fact for chunk in other._chunks[same:] for fact in chunk.by_id.values()]
        return [*islice(type(self)(self._chunks[same:]), len(rest))] == rest

    def __eq__(self, other: object) -> bool:
        """Two logs are equal when the facts about everything read the same, day by day."""
        if not isinstance(other, type(self)):
            return NotImplemented
        if len(self) != len(other):
            return False
        if [id(chunk) for chunk in self._chunks] == [id(chunk) for chunk in other._chunks]:
            return True
        return not any(self.beyond(other)) and all(self.about(each) == other.about(each) for each in self.subjects())

    def __hash__(self) -> int:
        return hash(len(self))


@final
class _FactChunk(_Chunk[Fact]):
    """Facts about goals, and which of them revise one."""

    __slots__ = ("revised", "revised_by_goal")

    def __init__(self, by_id: dict[str, Fact]) -> None:
        super().__init__(by_id, _goal_of)
        self.revised: Final = tuple(fact for fact in by_id.values() if isinstance(fact, Revision))
        self.revised_by_goal: Final[dict[str, list[Revision]]] = {}
        for revision in self.revised:
            self.revised_by_goal.setdefault(revision.goal, []).append(revision)


@final
class FactLog(Log[Fact]):
    """
    Facts about goals in the order in which they were recorded.

    Example:
        >>> log = FactLog().extended([CheckIn(goal="nps", on="2026-08-10", value=56, id="one")])
        >>> len(log), log.get("one").goal
        (1, 'nps')
    """

    __slots__ = ()

    def _chunk(self, by_id: dict[str, Fact]) -> _FactChunk:
        return _FactChunk(by_id)

    def by_goal(self) -> dict[str, list[Fact]]:
        """Return the facts about every goal that has any, oldest day first, those of one day as they were recorded."""
        return self.by_subject()

    def revisions(self, goal_id: str | None = None) -> list[Revision]:
        """
        Return the revisions, oldest day first, those of one day as they were recorded.

        Args:
            goal_id: The goal that they are about; None for every goal.
        """
        chunks = [chunk for chunk in self._chunks if isinstance(chunk, _FactChunk)]
        if goal_id is None:
            found = [revision for chunk in chunks for revision in chunk.revised]
        else:
            found = [revision for chunk in chunks for revision in chunk.revised_by_goal.get(goal_id, ())]
        found.sort(key=_day_of)
        return found


@final
class ObservationLog(Log[Observation]):
    """
    What was observed of KPIs, in the order in which it was recorded.

    Attributes:
        memo: What analyses have worked out from these observations alone, by a key of their own.

    Example:
        >>> ObservationLog().extended([Observation(kpi="staff", on="2026-07-28", value=10)]).subjects()
        {'staff'}
    """

    __slots__ = ("memo",)

    def __init__(self, chunks: tuple[_Chunk[Observation], ...] = ()) -> None:
        super().__init__(chunks)
        self.memo: Final[dict[Hashable, Any]] = {}

    def _chunk(self, by_id: dict[str, Observation]) -> _Chunk[Observation]:
        return _Chunk(by_id, _kpi_of)


_goal_of: Final[Callable[[Fact], str]] = attrgetter("goal")
_kpi_of: Final[Callable[[Observation], str]] = attrgetter("kpi")


def _day_of(fact: Fact | Observation) -> date:
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
    return uncorrected([fact for fact in facts if isinstance(fact, CheckIn) and (until is None or fact.on <= until)])


def uncorrected(facts: Sequence[_C]) -> tuple[_C, ...]:
    """
    Return the check-ins or observations that none of the others corrects, in their order.

    Args:
        facts: All that are known of one subject.

    Example:
        >>> wrong = Observation(kpi="revenue", on="2026-07-28", value=900, id="wrong")
        >>> right = Observation(kpi="revenue", on="2026-07-28", value=90, supersedes="wrong")
        >>> [each.value for each in uncorrected([wrong, right])]
        [Decimal('90')]
    """
    if len(facts) < 2:  # noqa: PLR2004 - one corrects no other
        return tuple(facts)
    corrected = {fact.supersedes for fact in facts if fact.supersedes is not None}
    return tuple(fact for fact in facts if fact.id not in corrected) if corrected else tuple(facts)
