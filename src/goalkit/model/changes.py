"""What correcting and removing goals does to the parts of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import evolve, fields

from ..errors import InvalidPlan, InvalidValue, Problem, did_you_mean
from .building import Parts
from .definitions import Definitions
from .facts import FactLog, ObservationLog
from .goals import Goal, Milestone
from .kpis import KPI


def replacement(
    goals: Iterable[Goal], latest: Definitions, written: Definitions, log: FactLog, observed: ObservationLog
) -> Parts:
    """
    Return the parts of a plan in which goals have other definitions, for all days.

    Args:
        goals: The new definitions of goals that are there.
        latest: The goals as last defined.
        written: The goals as first written.
        log: The facts.
        observed: What was observed of KPIs.

    Raises:
        InvalidPlan: If two definitions of one goal are given, or what was revised is corrected.
    """
    given: dict[str, Goal] = {}
    for goal in goals:
        if given.setdefault(goal.id, goal) != goal:
            message, hint = "two definitions of it are given", "give one"
            raise InvalidPlan(Problem(code="duplicate_id", path=goal.id, message=message, hint=hint))
    changed = {
        goal_id: _rewritten(goal, latest, written, log)
        for goal_id, goal in given.items()
        if latest.goals[goal_id] != goal
    }
    if not changed:
        return Parts(written=written, log=log, observed=observed)
    about = [fact for goal_id in changed for fact in log.about(goal_id)]
    rewritten = Definitions({**written.goals, **changed}, written.cycles, kpis=written.kpis)
    return Parts(written=rewritten, log=log, observed=observed, goals=tuple(changed.values()), facts=tuple(about))


def _rewritten(goal: Goal, latest: Definitions, written: Definitions, log: FactLog) -> Goal:
    """Return a goal's first definition with what differs from its last one corrected."""
    first, last = written.goals[goal.id], latest.goals[goal.id]
    same_kind = type(goal) is type(first)
    changes = {
        column.name: value
        for column in fields(type(goal))
        if (value := getattr(goal, column.name)) != getattr(last, column.name, None)
    }
    for revision in log.revisions(goal.id):
        names = sorted(changes.keys() & revision.changes.keys()) if same_kind else ["kind"]
        if names:
            message = f"it was revised on {revision.on}, so it is not known for which days this is meant"
            hint = "give the day from which it holds, with amend and on="
            raise InvalidPlan(Problem(code="revised", path=f"{goal.id}.{names[0]}", message=message, hint=hint))
    return evolve(first, **changes) if same_kind else goal


def removal(
    goal_ids: Iterable[str],
    latest: Definitions,
    written: Definitions,
    log: FactLog,
    observed: ObservationLog,
    *,
    with_dependants: bool,
) -> Parts:
    """
    Return the parts of a plan without some goals.

    Args:
        goal_ids: The goals to remove, all of them there.
        latest: The goals as last defined.
        written: The goals as first written.
        log: The facts.
        observed: What was observed of KPIs.
        with_dependants: Whether their facts and everything below them go with them.

    Raises:
        InvalidPlan: If something is attached to them that does not go with them.
    """
    gone = dict.fromkeys(goal_ids)
    if with_dependants:
        row = list(gone)
        for goal_id in row:  # it grows while it is read: a child goes with the last of its parents
            for child in _children(goal_id, latest):
                if child not in gone and all(link.to in gone for link in latest.goals[child].parent):
                    gone[child] = None
                    row.append(child)
    elif problems := list(_attached(gone, latest, log)):
        raise InvalidPlan(*problems)
    kept = {goal_id: goal for goal_id, goal in written.goals.items() if goal_id not in gone}
    loose = {goal_id: mended for goal_id, goal in kept.items() if (mended := detached(goal, gone)) is not goal}
    facts = frozenset(fact.id for goal_id in gone for fact in log.about(goal_id))
    return Parts(
        written=Definitions({**kept, **loose}, written.cycles, kpis=written.kpis),
        log=log.without(facts),
        observed=observed,
        goals=tuple(loose.values()),
    )


def _children(goal_id: str, latest: Definitions) -> Sequence[str]:
    structure = latest.structure
    return [structure.ids[child] for child in structure.down[structure.at[goal_id]]]


def _attached(gone: Mapping[str, None], latest: Definitions, log: FactLog) -> Iterator[Problem]:
    hint = "drop it instead, or remove them too: with_dependants=True"
    for goal_id in gone:
        if facts := len(log.about(goal_id)):
            message = f"{counted(facts, 'fact')} would be lost"
            yield Problem(code="has_facts", path=goal_id, message=message, hint=hint)
        if children := [child for child in _children(goal_id, latest) if child not in gone]:
            message = f"{counted(len(children), 'goal')} would lose a parent, such as {children[0]!r}"
            yield Problem(code="has_children", path=goal_id, message=message, hint=hint)
    for goal in latest.goals.values():
        if isinstance(goal, Milestone) and goal.id not in gone:
            message = f"{goal.id!r} depends on it"
            for other in filter(gone.__contains__, goal.depends_on):
                yield Problem(code="has_dependants", path=other, message=message, hint=hint)


def replaced_kpis(parts: Parts, kpis: Iterable[KPI]) -> Parts:
    """
    Return the parts of a plan in which KPIs have other definitions.

    Args:
        parts: The parts.
        kpis: The new definitions of KPIs that are there.

    Raises:
        InvalidPlan: If two definitions of one KPI are given.
    """
    given: dict[str, KPI] = {}
    for kpi in kpis:
        if given.setdefault(kpi.id, kpi) != kpi:
            message, hint = "two definitions of it are given", "give one"
            raise InvalidPlan(Problem(code="duplicate_id", path=kpi.id, message=message, hint=hint))
    written = parts.written
    changed = {kpi_id: kpi for kpi_id, kpi in given.items() if written.kpis[kpi_id] != kpi}
    if not changed:
        return parts
    return evolve(
        parts,
        written=Definitions(written.goals, written.cycles, written.structure, kpis={**written.kpis, **changed}),
        kpis=tuple(changed.values()),
        observations=tuple(each for kpi_id in changed for each in parts.observed.about(kpi_id)),
    )


def corrected(goal: Goal, changes: Mapping[str, Any]) -> Goal:
    """
    Return a goal with some fields changed.

    Args:
        goal: The goal.
        changes: The fields that change, by name.

    Raises:
        InvalidValue: If there is no such field, or it is refused.

    Example:
        >>> from goalkit import Objective
        >>> corrected(Objective(id="a", title="A"), {"title": "B"}).title
        'B'
    """
    names = [column.name for column in fields(type(goal))]
    for name in changes:
        if name == "id" or name not in names:
            message = f"{name!r} is not a field of a {goal.kind.replace('_', ' ')} that can be changed"
            others = [other for other in names if other != "id"]
            hint = did_you_mean(name, others) or f"it has {', '.join(others)}"
            raise InvalidValue.of("unknown_field", message, path=name, hint=hint)
    return evolve(goal, **changes)


def detached(goal: Goal, gone: Mapping[str, None]) -> Goal:
    """
    Return a goal without its references to goals that are gone; the goal itself where it has none.

    Args:
        goal: The goal.
        gone: The ids that are gone.

    Example:
        >>> from goalkit import Objective
        >>> detached(Objective(id="b", title="B", parent="a"), {"a": None}).parent
        ()
    """
    changes: dict[str, Any] = {}
    if any(link.to in gone for link in goal.parent):
        changes["parent"] = tuple(link for link in goal.parent if link.to not in gone)
    if isinstance(goal, Milestone) and any(other in gone for other in goal.depends_on):
        changes["depends_on"] = tuple(other for other in goal.depends_on if other not in gone)
    return evolve(goal, **changes) if changes else goal


def counted(number: int, word: str) -> str:
    """
    Return a number of things in words, with thin spaces between thousands.

    Args:
        number: How many.
        word: What they are called, in the singular.

    Example:
        >>> counted(1, "goal"), counted(2, "goal")
        ('1 goal', '2 goals')
    """
    return f"{number:,} {word}{'' if number == 1 else 's'}".replace(",", "\u202f")
