"""Facts as a batch, without the plan: checked beside the few things that matter to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Final, TypeAlias

from attrs import evolve

from ..errors import InvalidPlan
from ..model.building import Thing, assemble, check, placed
from ..model.checks import is_structural
from ..model.definitions import Definitions
from ..model.facts import FactLog, ObservationLog
from ..model.goals import Goal
from ..model.kpis import KPI, Observation
from ..model.records import CheckIn, Fact, Revision
from .batches import Batch, Guard, Quiet
from .codec import encoded, key_of, read
from .errors import Conflict, InvalidDocument
from .protocol import Store
from .records import MOST_IN_A_PAGE, Key, Kind, Position, Query, Record
from .saving import put_of

#: What of a goal decides what its check-ins may say, though no other goal depends on it.
_SAYABLE: Final = frozenset({"rollup", "actions"})

#: What goals and KPIs were read as, and from which document: it is the same as long as that is.
Readings: TypeAlias = dict[Key, tuple[str | None, Thing]]

#: Of so many goals the revisions are looked up one by one; of more, all that there are.
_FEW: Final = 16


def recorded(
    store: Store, workspace: str, told: Batch, things: Sequence[Fact | Observation], readings: Readings
) -> Batch | None:
    """
    Return what is written of some facts, and what must stay as it is; facts that are there already are left out.

    What a fact may say depends on what it is about, on the revisions of that, and on the fact that it corrects, and on
    nothing else. So these are read, and have to be as they were when the fact is written.

    Args:
        store: The store.
        workspace: The workspace.
        told: The batch, without puts and guards.
        things: The facts.
        readings: What records were read as before, of which this makes use, and to which it adds.

    Returns:
        None where it cannot be told without the whole plan: the facts change what other goals or facts rest on, or what
        they are about cannot be read alone.

    Raises:
        InvalidPlan: If a fact is about something that is not there, says what that cannot mean, or has the id of
            another one.
    """
    if any(isinstance(thing, Revision) and _reaches_far(thing) for thing in things):
        return None
    rests_on = dict.fromkeys(key for thing in things for key in _rests_on(thing))
    keys = tuple(dict.fromkeys((*map(key_of, things), *rests_on)))
    page = store.read(workspace, keys)
    there = {record.key: record for record in page.records if not record.is_deleted}
    for key in rests_on:
        if key not in there:  # perhaps it was erased, and is not to be found here either
            readings.pop(key, None)
    goal_ids = dict.fromkeys(thing.goal for thing in things if isinstance(thing, Fact))
    revised = {record.key: record for record in _revisions(store, workspace, goal_ids)}
    try:
        known = [_read(record, readings) for record in {**revised, **there}.values()]
    except InvalidDocument:
        return None
    if any(isinstance(thing, KPI) and thing.formula is not None for thing in known):
        return None
    try:
        new = _new(things, known)
    except InvalidPlan:
        if {*store.read(workspace, keys).records} != {*page.records}:
            message = "nothing was written: what the facts are about changed while it was read"
            raise Conflict(message) from None
        raise
    needed = {key: there[key] for thing in new for key in _rests_on(thing) if key in there}
    about = dict.fromkeys(key.id for key in needed if key.kind is Kind.GOAL)
    # No revision may come, and none that there is may become something else.
    needed.update({key: record for key, record in revised.items() if record.about in about})
    return evolve(
        told,
        puts=[put_of(thing, 0) for thing in new],
        guards=[Guard(key=key, expect=record.rev) for key, record in needed.items()],
        quiet=[*_unrevised(page.head, about)],
    )


def _read(record: Record, readings: Readings) -> Thing:
    if record.key.kind is Kind.FACT or record.key.kind is Kind.OBSERVATION:
        return read(record)
    doc, thing = readings.get(record.key, (None, None))
    if thing is None or doc != record.doc:
        thing = read(record)
        readings[record.key] = (record.doc, thing)
    return thing


def _reaches_far(revision: Revision) -> bool:
    return is_structural(revision) or not _SAYABLE.isdisjoint(revision.changes)


def _rests_on(thing: Fact | Observation) -> Iterator[Key]:
    """Yield what a fact is about, and which it corrects."""
    if isinstance(thing, Observation):
        yield Key(Kind.KPI, thing.kpi)
        if thing.supersedes is not None:
            yield Key(Kind.OBSERVATION, thing.supersedes)
        return
    yield Key(Kind.GOAL, thing.goal)
    if isinstance(thing, CheckIn) and thing.supersedes is not None:
        yield Key(Kind.FACT, thing.supersedes)


def _revisions(store: Store, workspace: str, goal_ids: Collection[str]) -> Iterator[Record]:
    if len(goal_ids) > _FEW:
        first = store.read(workspace, Query(kind=Kind.FACT, type=Revision.kind), limit=MOST_IN_A_PAGE)
        if first.more is None:
            yield from (record for record in first.records if record.about in goal_ids)
            return
    for goal_id in goal_ids:
        yield from every(store, workspace, Query(kind=Kind.FACT, about=goal_id, type=Revision.kind))


def _unrevised(seen: Position, goal_ids: Collection[str]) -> Iterator[Quiet]:
    for goal_id in goal_ids if len(goal_ids) <= _FEW else ("",):
        yield Quiet(kind=Kind.FACT, since=seen.seq, about=goal_id, type=Revision.kind)


def _new(things: Iterable[Fact | Observation], known: Sequence[Thing]) -> tuple[Fact | Observation, ...]:
    """Check facts beside what they rest on, as a plan does; return those that are not there yet."""
    goals = {thing.id: thing for thing in known if isinstance(thing, Goal)}
    kpis = {thing.id: thing for thing in known if isinstance(thing, KPI)}
    log = FactLog().extended(thing for thing in known if isinstance(thing, Fact))
    observed = ObservationLog().extended(thing for thing in known if isinstance(thing, Observation))
    parts = assemble(things, Definitions(goals, {}, kpis=kpis), log, observed)
    if findings := [*parts.findings, *check(parts, parts.written)]:
        raise InvalidPlan(*(placed(finding.problem, finding.subject, {}) for finding in findings))
    return (*parts.facts, *parts.observations)


def every(store: Store, workspace: str, query: Query) -> Iterator[Record]:
    """
    Yield all records that are asked for, page by page.

    Args:
        store: The store.
        workspace: The workspace.
        query: What is asked for.
    """
    after: int | None = 0
    while after is not None:
        page = store.read(workspace, query, after=after, limit=MOST_IN_A_PAGE)
        yield from page.records
        after = page.more


def fingerprint_of(things: Iterable[Fact | Observation]) -> str:
    """
    Return what tells a request to record some facts from any other.

    Args:
        things: The facts.
    """
    return sha256("\n".join(map(encoded, things)).encode()).hexdigest()
