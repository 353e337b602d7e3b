"""Whether goals and facts make a plan: every rule that looks at more than one value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Final

from attrs import evolve, frozen

from ..calendars import Cycle
from ..errors import InvalidValue, Problem, did_you_mean
from .definitions import apply, defined
from .facts import FactLog
from .goals import Goal, Milestone, own_metric
from .reading import progress_of
from .records import CheckIn, Fact, Revision
from .structure import Periods, Structure, loops

# The fields of a goal on which other goals depend.
_STRUCTURAL: Final = frozenset({"parent", "cycle", "depends_on", "share", "metric"})


@frozen(kw_only=True)
class Finding:
    """
    A problem with the value that has it, so that it can be placed or mended.

    Attributes:
        problem: What is wrong; its path starts at the value.
        subject: The goal, cycle or fact that has it.
        other: The id that the offending reference names, where there is one.
    """

    problem: Problem
    subject: Goal | Cycle | Fact
    other: str = ""


def check_goals(
    goals: Mapping[str, Goal],
    cycles: Mapping[str, Cycle],
    structure: Structure,
    periods: Periods,
    subjects: Iterable[Goal],
) -> Iterator[Finding]:
    """
    Yield what is wrong with some goals among all of them.

    Args:
        goals: Every goal by id.
        cycles: Every cycle by id.
        structure: The shape of all goals.
        periods: The periods of all goals.
        subjects: The goals whose references are looked at; loops and cycles are looked for everywhere.
    """
    suggest = _Suggestions(goals)
    for goal in subjects:
        yield from _references(goal, goals, cycles, suggest)
    if structure.has_loop:
        yield from _loops(goals, structure)
    for position, names in periods.conflicts:
        goal = goals[structure.ids[position]]
        message = f"its parents are in different cycles, {' and '.join(names)}"
        yield _finding(goal, "cycle_conflict", message, "cycle", "say which cycle it is in", names[0])
    milestones = [goal for goal in goals.values() if isinstance(goal, Milestone)]
    for milestone in milestones:
        if milestone.share is not None:
            yield from _share(milestone, goals)
    if any(milestone.depends_on for milestone in milestones):
        for loop in loops(goals, lambda goal_id: _depends_on(goals, goal_id)):
            message = f"it depends on itself: {' -> '.join(loop)}"
            yield _finding(goals[loop[-2]], "dependency_loop", message, "depends_on", "leave one out", loop[-1])


def _depends_on(goals: Mapping[str, Goal], goal_id: str) -> list[str]:
    goal = goals[goal_id]
    return [other for other in goal.depends_on if other in goals] if isinstance(goal, Milestone) else []


def _loops(goals: Mapping[str, Goal], structure: Structure) -> Iterator[Finding]:
    above = {goal_id: [structure.ids[parent] for parent in structure.up[structure.at[goal_id]]] for goal_id in goals}
    for loop in loops(goals, above.__getitem__):
        yield _finding(
            goals[loop[-2]], "loop", f"it is above itself: {_path(loop)}", "parent", "cut one link", loop[-1]
        )


def _path(loop: tuple[str, ...]) -> str:
    shown = loop if len(loop) <= 12 else (*loop[:6], f"… {len(loop) - 11} more …", *loop[-5:])
    return " -> ".join(shown)


def _finding(subject: Goal | Fact, code: str, message: str, path: str, hint: str, other: str = "") -> Finding:  # noqa: PLR0913, PLR0917 - private, and each is one word
    return Finding(problem=Problem(code=code, message=message, path=path, hint=hint), subject=subject, other=other)


class _Suggestions:
    """The nearest known ids for the first few that are unknown; finding them takes too long for thousands."""

    def __init__(self, known: Mapping[str, object]) -> None:
        self._known = known
        self._left = 20

    def __call__(self, wanted: str, otherwise: str) -> str:
        self._left -= 1
        return (did_you_mean(wanted, self._known) if self._left >= 0 else "") or otherwise


def _references(
    goal: Goal, goals: Mapping[str, Goal], cycles: Mapping[str, Cycle], suggest: _Suggestions
) -> Iterator[Finding]:
    for link in goal.parent:
        if link.to not in goals:
            hint = suggest(link.to, "add that goal, or leave the link out")
            yield _finding(goal, "unknown_parent", f"there is no goal {link.to!r}", "parent", hint, link.to)
    if goal.cycle is not None and goal.cycle not in cycles:
        hint = f"it has {', '.join(list(cycles)[:5])}" if cycles else "add that cycle to the plan"
        yield _finding(goal, "unknown_cycle", f"there is no cycle {goal.cycle!r}", "cycle", hint, goal.cycle)
    if isinstance(goal, Milestone):
        for other in goal.depends_on:
            if other not in goals:
                hint = suggest(other, "add that goal, or leave it out")
                yield _finding(goal, "unknown_dependency", f"there is no goal {other!r}", "depends_on", hint, other)


def _share(goal: Milestone, goals: Mapping[str, Goal]) -> Iterator[Finding]:
    parents = [goals[link.to] for link in goal.parent if link.to in goals]
    if len(parents) != 1 or own_metric(parents[0]) is None:
        message = "it stands for a share of a target, but not under one goal that has a metric"
        hint = "put it under that goal alone, or give it a weight instead"
        yield _finding(goal, "share_without_metric", message, "share", hint)


def check_facts(goals: Mapping[str, Goal], log: FactLog, subjects: Iterable[Fact]) -> Iterator[Finding]:
    """
    Yield what is wrong with some facts, each seen beside the definition of its goal on its day.

    Args:
        goals: Every goal by id, as first defined.
        log: Every fact, the subjects among them.
        subjects: The facts to look at.
    """
    revised: dict[str, list[Revision]] = {}
    for revision in log.revisions():
        revised.setdefault(revision.goal, []).append(revision)
    suggest = _Suggestions(goals)
    for fact in subjects:
        goal = goals.get(fact.goal)
        if goal is None:
            hint = suggest(fact.goal, "add that goal first")
            yield _finding(fact, "unknown_goal", f"there is no goal {fact.goal!r}", "goal", hint, fact.goal)
            continue
        history = [revision for revision in revised.get(fact.goal, ()) if revision.on <= fact.on]
        if isinstance(fact, CheckIn):
            yield from _check_in(defined(goal, history), fact, log)
        elif isinstance(fact, Revision):
            try:
                apply(goal, history)
            except InvalidValue as error:
                for problem in error.problems:
                    yield Finding(problem=problem.under("changes"), subject=fact)


def _check_in(goal: Goal, fact: CheckIn, log: FactLog) -> Iterator[Finding]:
    try:
        progress_of(goal, fact)
    except InvalidValue as error:
        for problem in error.problems:
            yield Finding(problem=problem, subject=fact)
    if fact.supersedes is not None:
        other = log[fact.supersedes] if fact.supersedes in log else None
        if not isinstance(other, CheckIn) or other.goal != fact.goal:
            message = f"{fact.goal!r} has no check-in {fact.supersedes!r} to correct"
            yield _finding(fact, "unknown_check_in", message, "supersedes", "name a check-in of the same goal")


def is_structural(revision: Revision) -> bool:
    """
    Tell whether a revision changes something on which other goals depend.

    Args:
        revision: The revision.

    Example:
        >>> is_structural(Revision(goal="a", on="2026-09-01", changes={"title": "B"}))
        False
    """
    return not _STRUCTURAL.isdisjoint(revision.changes)


def check_days(goals: Mapping[str, Goal], cycles: Mapping[str, Cycle], log: FactLog) -> Iterator[Finding]:
    """
    Yield what dated revisions make wrong between goals, on the day on which it becomes wrong.

    Args:
        goals: Every goal by id, as first defined.
        cycles: Every cycle by id.
        log: Every fact.
    """
    now = dict(goals)
    for _, same_day in groupby(log.revisions(), key=_day_of):
        before, changed = dict(now), dict[str, Revision]()
        for revision in same_day:
            if revision.goal in now:
                now[revision.goal] = defined(now[revision.goal], (revision,))
                if is_structural(revision):
                    changed[revision.goal] = revision
        if changed:
            subjects = [now[goal_id] for goal_id in changed]
            structure = Structure(now)
            for finding in check_goals(now, cycles, structure, Periods(structure, now, cycles), subjects):
                # A loop or a conflict may show at a goal that did not change that day; the change is to blame.
                blamed = changed.get(finding.subject.id) or next(iter(changed.values()))
                yield evolve(finding, subject=blamed, problem=finding.problem.under("changes"))
                now = before  # what a refused day changed is not held against the days after it


def _day_of(revision: Revision) -> date:
    return revision.on
