"""What differs between two plans, and how one becomes the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from attrs import fields, frozen

from ..calendars import Cycle
from ..errors import InvalidPlan, Problem
from ..model.building import Thing
from ..model.facts import FactLog
from ..model.plan import Plan
from ..model.records import Fact


class ChangeKind(StrEnum):
    """What happened to a thing."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@frozen(kw_only=True)
class Change:
    """
    One difference between two plans.

    Attributes:
        kind: ``added``, ``changed`` or ``removed``.
        id: The id of the goal, cycle or fact.
        before: The thing in the old plan; None where it was added.
        after: The thing in the new plan; None where it was removed.

    Example:
        >>> from goalkit import Objective
        >>> app = Objective(id="app", title="App")
        >>> [(change.kind.value, change.id) for change in diff(Plan.of(), Plan.of(app))]
        [('added', 'app')]
    """

    kind: ChangeKind
    id: str
    before: Thing | None = None
    after: Thing | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that differ; all of them where the thing was added or removed."""
        thing: Any = self.after if self.before is None else self.before
        names = [column.name for column in fields(type(thing))]
        if self.before is None or self.after is None or type(self.before) is not type(self.after):
            return tuple(names)
        return tuple(name for name in names if getattr(self.before, name) != getattr(self.after, name))


def diff(old: Plan, new: Plan) -> tuple[Change, ...]:
    """
    Return what differs between two plans: cycles, then goals, then facts.

    What the plans share is found by identity, so that the difference between a plan and one that was
    made from it by recording is found without looking at the rest.

    Args:
        old: A plan.
        new: Another plan.

    Example:
        >>> from goalkit import Objective
        >>> plan = Plan.of(Objective(id="app", title="App"))
        >>> diff(plan, plan.amend("app", title="The app"))[0].fields
        ('title',)
    """
    if old is new:
        return ()
    changes = [*_between(old.written.cycles, new.written.cycles), *_between(old.written.goals, new.written.goals)]
    gone, come = _facts_between(old.log, new.log)
    changes.extend(Change(kind=ChangeKind.REMOVED, id=fact.id, before=fact) for fact in gone)
    changes.extend(Change(kind=ChangeKind.ADDED, id=fact.id, after=fact) for fact in come)
    return tuple(changes)


def _between(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    if old is new:
        return
    for key, before in old.items():
        if key not in new:
            yield Change(kind=ChangeKind.REMOVED, id=key, before=before)
    for key, after in new.items():
        before = old.get(key)
        if before is None:
            yield Change(kind=ChangeKind.ADDED, id=key, after=after)
        elif before is not after and (type(before) is not type(after) or before != after):
            yield Change(kind=ChangeKind.CHANGED, id=key, before=before, after=after)


def _facts_between(old: FactLog, new: FactLog) -> tuple[list[Fact], list[Fact]]:
    """Return the facts to take out and those to put in, in their order."""
    come, gone = new.beyond(old)
    if not gone and new.starts_with(old):
        return gone, come
    # Facts of one day count in the order in which they were recorded: where that differs, they are recorded again.
    gone_ids = {fact.id for fact in gone}
    kept = old.without(frozenset(gone_ids)).extended(come)
    moved = [goal for goal in kept.goals() if kept.about(goal) != new.about(goal)]
    if moved:
        gone = [*gone, *(fact for goal in moved for fact in old.about(goal) if fact.id not in gone_ids)]
        among = {fact.id for fact in gone} | {fact.id for fact in come}
        come = [fact for fact in new if fact.id in among]
    return gone, come


def patch(plan: Plan, changes: Iterable[Change]) -> Plan:
    """
    Return a plan with changes applied: ``patch(old, diff(old, new)) == new``.

    Args:
        plan: The plan to change.
        changes: What `diff` returned.

    Raises:
        InvalidPlan: If the plan does not hold what a change starts from, or would not be consistent.

    Example:
        >>> from goalkit import Objective
        >>> old, new = Plan.of(), Plan.of(Objective(id="app", title="App"))
        >>> patch(old, diff(old, new)) == new
        True
    """
    goals, cycles = dict(plan.written.goals), dict(plan.written.cycles)
    out: set[str] = set()
    facts: list[Fact] = []
    problems: list[Problem] = []
    for change in changes:
        thing = change.after if change.before is None else change.before
        if isinstance(thing, Fact):
            held: Any = plan.log[change.id] if change.id in plan.log and change.id not in out else None
        else:
            held = (cycles if isinstance(thing, Cycle) else goals).get(change.id)
        if held != change.before:
            message = f"it is not what the change starts from: it would be {change.kind.value}"
            problems.append(Problem(code="changed_meanwhile", path=change.id, message=message, hint="compare again"))
        elif isinstance(thing, Fact):
            if isinstance(change.before, Fact):
                out.add(change.id)
            if isinstance(change.after, Fact):
                facts.append(change.after)
        else:
            _put(cycles if isinstance(thing, Cycle) else goals, change)
    if problems:
        raise InvalidPlan(*problems)
    kept = plan.log.without(frozenset(out)) if out else plan.log
    return Plan.of(*cycles.values(), *goals.values(), *kept, *facts)


def _put(things: dict[str, Any], change: Change) -> None:
    if change.after is None:
        del things[change.id]
    else:
        things[change.id] = change.after
