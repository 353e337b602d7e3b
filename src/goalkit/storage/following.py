"""A plan, or records, as they are after some more changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from ..documents.diff import Change as PlanChange
from ..errors import InvalidPlan
from ..model.building import Parts, Thing, check, placed
from ..model.checks import is_structural
from ..model.definitions import Definitions
from ..model.facts import FactLog, Log, ObservationLog
from ..model.kpis import Observation
from ..model.plan import Plan
from ..model.records import Fact, Revision
from .codec import about, key_of, read
from .errors import InvalidDocument
from .records import Change, Key, Kind, Position, Record

_F = TypeVar("_F", bound=Fact | Observation)
_L = TypeVar("_L", FactLog, ObservationLog)

_LOGGED: Final = frozenset({Kind.FACT, Kind.OBSERVATION})


def replayed_onto(
    records: dict[Key, Record], changes: Iterable[Change], position: Position
) -> tuple[dict[Key, Record], Position]:
    """
    Return records as they are after some changes, and the place of the last of them.

    Args:
        records: The records before; they are changed.
        changes: The changes, in order.
        position: The place of the change before the first of them.
    """
    for change in changes:
        position = change.position
        if change.deleted:
            records.pop(change.key, None)
        else:
            records[change.key] = change.record
    return records, position


def followed(plan: Plan, changes: Sequence[Change]) -> Plan | None:
    """
    Return a plan after some changes of its records; None where that cannot be told without reading all of them.

    Args:
        plan: The plan before.
        changes: The changes, in order, without a gap.
    """
    if not changes:
        return plan
    last = {change.key: change for change in changes}
    differences: list[PlanChange] = []
    for change in sorted(last.values(), key=_born):
        before = held(plan, change.key)
        if change.deleted:
            differences += [] if before is None else [PlanChange(before=before)]
            continue
        try:
            after = read(change.record)
        except InvalidDocument:
            return None
        if before is not None and change.born < changes[0].seq:
            if change.key.kind in _LOGGED:
                return None  # a fact that changed, and kept its place among others
            differences.append(PlanChange(before=before, after=after))
            continue
        differences += [PlanChange(before=before)] if before is not None else []
        differences.append(PlanChange(after=after))
    try:
        return patched(plan, differences)
    except InvalidPlan:
        return None


def _born(change: Change) -> int:
    return change.born


def held(plan: Plan, key: Key) -> Thing | None:
    """
    Return what a plan holds under a key, or None.

    Args:
        plan: The plan.
        key: The kind and the id.

    Example:
        >>> held(Plan(), Key(Kind.GOAL, "app")) is None
        True
    """
    written = plan.written
    if key.kind is Kind.FACT:
        return plan.log.get(key.id)
    if key.kind is Kind.OBSERVATION:
        return plan.observed.get(key.id)
    if key.kind is Kind.GOAL:
        return written.goals.get(key.id)
    return written.cycles.get(key.id) if key.kind is Kind.CYCLE else written.kpis.get(key.id)


def patched(plan: Plan, changes: Iterable[PlanChange]) -> Plan:
    """
    Return a plan with changes applied, looking no further than they reach.

    It is what `goalkit.patch` returns, and what takes no time where little changes in a large plan. What a change
    starts from is not looked at.

    Args:
        plan: The plan to change.
        changes: The changes, in order.

    Raises:
        InvalidPlan: If it would not be consistent.

    Example:
        >>> from goalkit import Objective
        >>> patched(Plan(), [PlanChange(after=Objective(id="app", title="App"))])["app"].title
        'App'
    """
    old = plan.written
    kept: dict[Kind, dict[str, Any]] = {}
    # By kind, what is taken out, and what is put in, of each kind by id.
    out: dict[Kind, dict[str, Any]] = {kind: {} for kind in Kind}
    new: dict[Kind, dict[str, Any]] = {kind: {} for kind in Kind}
    of: Mapping[Kind, Mapping[str, Any]] = {Kind.CYCLE: old.cycles, Kind.GOAL: old.goals, Kind.KPI: old.kpis}
    for change in changes:
        kind, name = key_of(change.thing)
        if kind in of:
            kept.setdefault(kind, dict(of[kind]))
        if change.after is None:
            out[kind][name] = change.before
            new[kind].pop(name, None)
            if kind in of:
                kept[kind].pop(name, None)
            continue
        if kind in of:
            kept[kind][name] = change.after
        elif change.before is not None:
            out[kind][name] = change.before
        new[kind][name] = change.after
    return _put_together(plan, kept, out, new)


def _put_together(
    plan: Plan,
    kept: Mapping[Kind, Mapping[str, Any]],
    out: Mapping[Kind, Mapping[str, Any]],
    new: Mapping[Kind, Mapping[str, Any]],
) -> Plan:
    old = plan.written
    written = old
    # Who named what is gone is not known, nor which days a revision mattered to: then all of it is looked at.
    lost = bool(out[Kind.CYCLE] or out[Kind.GOAL] or out[Kind.KPI])
    if kept or any(isinstance(fact, Revision) and is_structural(fact) for fact in out[Kind.FACT].values()):
        goals = kept.get(Kind.GOAL, old.goals)
        structure = old.structure if goals is old.goals else None
        kpis = kept.get(Kind.KPI, old.kpis)
        written = Definitions(goals, kept.get(Kind.CYCLE, old.cycles), structure, kpis=kpis)
    log = _logged(plan.log, out[Kind.FACT], new[Kind.FACT])
    observed = _logged(plan.observed, out[Kind.OBSERVATION], new[Kind.OBSERVATION])
    parts = Parts(
        written=written,
        log=log,
        observed=observed,
        goals=tuple((written.goals if lost else new[Kind.GOAL]).values()),
        facts=_seen_again(log, out, new, Kind.GOAL, Kind.FACT),
        kpis=tuple((written.kpis if lost else new[Kind.KPI]).values()),
        observations=_seen_again(observed, out, new, Kind.KPI, Kind.OBSERVATION),
    )
    if findings := [*check(parts, old)]:
        raise InvalidPlan(*(placed(finding.problem, finding.subject, {}) for finding in findings))
    if written is old and log is plan.log and observed is plan.observed:
        return plan
    return Plan(written, log, observed)


def _logged(log: _L, out: Mapping[str, Any], new: Mapping[str, Any]) -> _L:
    gone = frozenset(each for each in (*out, *new) if each in log)
    return (log.without(gone) if gone else log).extended(new.values())


def _seen_again(
    log: Log[_F],
    out: Mapping[Kind, Mapping[str, Any]],
    new: Mapping[Kind, Mapping[str, Any]],
    of: Kind,
    kind: Kind,
) -> tuple[_F, ...]:
    """Return the facts that are new, or about what has changed, or has lost facts."""
    subjects = dict.fromkeys([*out[of], *new[of], *(about(fact) for fact in out[kind].values())])
    found = {fact.id: fact for subject in subjects for fact in log.about(subject)}
    return tuple({**found, **new[kind]}.values())
