"""What differs between two plans, and how one becomes the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Final, TypeVar

from attrs import frozen

from ..calendars import Cycle
from ..errors import InvalidPlan, InvalidValue, Problem, shown
from ..model.building import Thing
from ..model.facts import Log
from ..model.goals import Goal
from ..model.kpis import KPI, Observation
from ..model.plan import Plan
from ..model.records import Fact
from .kinds import columns, kind_of

_F = TypeVar("_F", bound=Fact | Observation)


class ChangeKind(StrEnum):
    """The three ways in which a thing may differ."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@frozen(kw_only=True)
class Change:
    """
    One difference between two plans.

    Attributes:
        before: The thing in the old plan; None where it was added.
        after: The thing in the new plan; None where it was removed.

    Raises:
        InvalidValue: ``no_change`` if there is neither, or they are not the same thing.

    Example:
        >>> from goalkit import Objective
        >>> app = Objective(id="app", title="App")
        >>> [(change.kind.value, change.id) for change in diff(Plan.of(), Plan.of(app))]
        [('added', 'app')]
    """

    before: Thing | None = None
    after: Thing | None = None

    def __attrs_post_init__(self) -> None:
        things = [thing for thing in (self.before, self.after) if thing is not None]
        if len({(_place_of(thing), thing.id) for thing in things}) != 1:
            message = f"{shown(self.before)} and {shown(self.after)} are not one thing before and after"
            raise InvalidValue.of("no_change", message, hint="give the same cycle, goal or fact, or leave one out")

    @property
    def kind(self) -> ChangeKind:
        """Whether the thing was added, changed or removed."""
        if self.before is None:
            return ChangeKind.ADDED
        return ChangeKind.REMOVED if self.after is None else ChangeKind.CHANGED

    @property
    def id(self) -> str:
        """The id of the cycle, goal or fact."""
        return self.thing.id

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that differ; all of them where the thing was added or removed."""
        named = [(name, column.name) for name, column in columns(type(self.thing))]
        same = type(self.before) is type(self.after)
        return tuple(name for name, own in named if not same or getattr(self.before, own) != getattr(self.after, own))

    def to_dict(self) -> dict[str, Any]:
        """
        Return the change as a plain dict, ready for JSON.

        Example:
            >>> from goalkit import Objective
            >>> plan = Plan.of(Objective(id="app", title="App"))
            >>> told = diff(plan, plan.amend("app", title="The app"))[0].to_dict()
            >>> told["what"], told["fields"], told["after"]["title"]
            ('objective', ['title'], 'The app')
        """
        from .writing import to_dict  # noqa: PLC0415 - cattrs is loaded only where documents are written

        return {
            "kind": self.kind.value,
            "id": self.id,
            "what": kind_of(type(self.thing)),
            "fields": list(self.fields),
            "before": None if self.before is None else to_dict(self.before),
            "after": None if self.after is None else to_dict(self.after),
        }

    @property
    def thing(self) -> Thing:
        """The thing in the new plan, or in the old one where it was removed."""
        thing = self.before if self.after is None else self.after
        assert thing is not None, "a change has a thing before or after it"  # noqa: S101 - checked when it was made
        return thing


def _place_of(thing: Thing) -> str:
    """Return among which things of a plan its id is unique."""
    return next(place for place, cls in _PLACES.items() if isinstance(thing, cls))


_PLACES: Final[dict[str, type[Any]]] = {
    "cycles": Cycle,
    "goals": Goal,
    "kpis": KPI,
    "facts": Fact,
    "observations": Observation,
}


def diff(old: Plan, new: Plan) -> tuple[Change, ...]:
    """
    Return what differs between two plans: cycles, goals, KPIs, then facts, then observations.

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
    changes = [
        *_between(old.written.cycles, new.written.cycles),
        *_between(old.written.goals, new.written.goals),
        *_between(old.written.kpis, new.written.kpis),
    ]
    changes.extend(_logged(old.log, new.log))
    changes.extend(_logged(old.observed, new.observed))
    return tuple(changes)


def _between(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    if old is new:
        return
    for key, before in old.items():
        if key not in new:
            yield Change(before=before)
    for key, after in new.items():
        before = old.get(key)
        if before is not after and before != after:
            yield Change(before=before, after=after)


def _logged(old: Log[_F], new: Log[_F]) -> Iterator[Change]:
    gone, come = _logged_between(old, new)
    yield from (Change(before=fact) for fact in gone)
    yield from (Change(after=fact) for fact in come)


def _logged_between(old: Log[_F], new: Log[_F]) -> tuple[list[_F], list[_F]]:
    """Return the facts to take out and those to put in, in their order."""
    come, gone = new.beyond(old)
    if not gone and new.starts_with(old):
        return gone, come
    # Facts of one day count in the order in which they were recorded: where that differs, they are recorded again.
    out = {fact.id for fact in gone}
    kept = old.without(frozenset(out)).extended(come)
    moved = [each for each in sorted(kept.subjects()) if kept.about(each) != new.about(each)]
    if moved:
        gone = [*gone, *(fact for each in moved for fact in old.about(each) if fact.id not in out)]
        among = {fact.id for fact in (*gone, *come)}
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
    written = plan.written
    held: dict[str, dict[str, Any]] = {
        "cycles": dict(written.cycles),
        "goals": dict(written.goals),
        "kpis": dict(written.kpis),
        "facts": {},
        "observations": {},
    }
    logs: dict[str, Log[Any]] = {"facts": plan.log, "observations": plan.observed}
    out: dict[str, set[str]] = {place: set() for place in logs}
    problems: list[Problem] = []
    defined = False
    for change in changes:
        place = _place_of(change.thing)
        things = held[place]
        before = things.get(change.id)
        if place in logs and before is None and change.id not in out[place]:
            before = logs[place].get(change.id)
        if before != change.before:
            message = f"it is not what the change starts from: it would be {change.kind.value}"
            problems.append(Problem(code="changed_meanwhile", path=change.id, message=message, hint="compare again"))
            continue
        if place in logs and before is not None:
            out[place].add(change.id)
        defined = defined or place not in logs
        if change.after is None:
            things.pop(change.id, None)
        else:
            things[change.id] = change.after
    if problems:
        raise InvalidPlan(*problems)
    if not defined and not any(out.values()):
        return plan.record(*held["facts"].values(), *held["observations"].values())
    kept = [fact for place, log in logs.items() for fact in log.without(frozenset(out[place]))]
    return Plan.of(*kept, *(thing for things in held.values() for thing in things.values()))
