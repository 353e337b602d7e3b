"""Whether goals and facts make a plan: every rule that looks at more than one value."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Final, final

from attrs import evolve

from ..errors import InvalidValue, Problem
from .definitions import Definitions, apply, defined
from .facts import FactLog
from .findings import Finding, Suggestions, finding
from .goals import Goal, Milestone, own_metric
from .kpi_checks import check_links
from .reading import progress_of
from .records import CheckIn, Fact, Revision
from .structure import Periods, Structure, loops

# The fields of a goal on which other goals depend.
_STRUCTURAL: Final = frozenset(
    {
        *("parent", "cycle", "depends_on", "share", "metric", "first_day", "last_day", "due"),
        *("measured_by", "affects", "unit"),
    }
)
_DATING: Final = frozenset({"parent", "cycle", "first_day", "last_day", "due"})
_LOOPS: Final = frozenset({"loop", "dependency_loop"})

# How far above a goal the change is looked for that made something wrong with it.
_MOST_STEPS: Final = 1000


def check_goals(written: Definitions, subjects: Iterable[Goal]) -> Iterator[Finding]:
    """
    Yield what is wrong with some goals among all of them.

    Args:
        written: Every goal, cycle and KPI.
        subjects: The goals whose references are looked at; loops and cycles are looked for everywhere.
    """
    goals, suggest = written.goals, Suggestions(written.goals)
    for goal in subjects:
        yield from _references(goal, written, suggest)
    if written.structure.has_loop:
        yield from _loops(goals, goals)
    yield from _conflicts(goals, written.structure, written.periods)
    milestones = [goal for goal in goals.values() if isinstance(goal, Milestone)]
    for milestone in milestones:
        if milestone.share is not None:
            yield from _share(milestone, goals)
    yield from _dependency_loops(goals, [milestone.id for milestone in milestones if milestone.depends_on])


def _loops(goals: Mapping[str, Goal], starts: Iterable[str]) -> Iterator[Finding]:
    for loop in loops(starts, lambda goal_id: [link.to for link in goals[goal_id].parent if link.to in goals]):
        message = f"it is above itself: {' -> '.join(loop)}"
        yield finding(goals[loop[-2]], "loop", message, "parent", "cut one link", loop[-1])


def _dependency_loops(goals: Mapping[str, Goal], starts: Iterable[str]) -> Iterator[Finding]:
    for loop in loops(starts, lambda goal_id: _depends_on(goals, goal_id)):
        message = f"it depends on itself: {' -> '.join(loop)}"
        yield finding(goals[loop[-2]], "dependency_loop", message, "depends_on", "leave one out", loop[-1])


def _depends_on(goals: Mapping[str, Goal], goal_id: str) -> list[str]:
    goal = goals[goal_id]
    return [other for other in goal.depends_on if other in goals] if isinstance(goal, Milestone) else []


def _conflicts(goals: Mapping[str, Goal], structure: Structure, periods: Periods) -> Iterator[Finding]:
    for position, names in periods.conflicts:
        goal = goals[structure.ids[position]]
        message = f"its parents are in different cycles, {' and '.join(names)}"
        yield finding(goal, "cycle_conflict", message, "cycle", "say which cycle it is in", names[0])
    for position in periods.inverted:
        goal = goals[structure.ids[position]]
        first, last = periods[position]
        own = next(name for name in ("first_day", "last_day", "due") if getattr(goal, name, None) is not None)
        message = f"its period would begin on {first} and end before that, on {last}"
        yield finding(goal, "days_out_of_order", message, own, "give it both days of its own, or another cycle")


def _references(goal: Goal, written: Definitions, suggest: Suggestions) -> Iterator[Finding]:
    goals, cycles = written.goals, written.cycles
    for link in goal.parent:
        if link.to not in goals:
            hint = suggest(link.to, "add that goal, or leave the link out")
            yield finding(goal, "unknown_parent", f"there is no goal {link.to!r}", "parent", hint, link.to)
    if goal.cycle is not None and goal.cycle not in cycles:
        hint = f"it has {', '.join(list(cycles)[:5])}" if cycles else "add that cycle to the plan"
        yield finding(goal, "unknown_cycle", f"there is no cycle {goal.cycle!r}", "cycle", hint, goal.cycle)
    if isinstance(goal, Milestone):
        for other in goal.depends_on:
            if other not in goals:
                hint = suggest(other, "add that goal, or leave it out")
                yield finding(goal, "unknown_dependency", f"there is no goal {other!r}", "depends_on", hint, other)
    yield from check_links(goal, written.kpis, suggest)


def _share(goal: Milestone, goals: Mapping[str, Goal]) -> Iterator[Finding]:
    parents = [goals[link.to] for link in goal.parent if link.to in goals]
    if len(parents) != 1 or own_metric(parents[0]) is None:
        message = "it stands for a share of a target, but not under one goal that has a metric"
        hint = "put it under that goal alone, or give it a weight instead"
        yield finding(goal, "share_without_metric", message, "share", hint)


def check_facts(goals: Mapping[str, Goal], log: FactLog, subjects: Iterable[Fact]) -> Iterator[Finding]:
    """
    Yield what is wrong with some facts, each seen beside the definition of its goal on its day.

    Args:
        goals: Every goal by id, as first defined.
        log: Every fact, the subjects among them.
        subjects: The facts to look at.
    """
    histories: dict[str, _History] = {}
    corrections: dict[str, CheckIn] = {}
    suggest = Suggestions(goals)
    for fact in subjects:
        goal = goals.get(fact.goal)
        if goal is None:
            hint = suggest(fact.goal, "add that goal first")
            yield finding(fact, "unknown_goal", f"there is no goal {fact.goal!r}", "goal", hint, fact.goal)
            continue
        history = histories.get(fact.goal)
        if history is None:
            history = histories[fact.goal] = _History(goal, log.revisions(fact.goal))
        if isinstance(fact, CheckIn):
            yield from _check_in(history.on(fact.on), fact, log)
            if fact.supersedes is not None:
                corrections[fact.id] = fact
        else:
            for problem in history.refused.get(fact.id, ()):
                yield Finding(problem=problem.under("changes"), subject=fact)
    # A fact that is there already corrects nothing that is new, so a loop lies within what is new.
    for loop in loops(corrections, lambda fact_id: _corrected_by(corrections, fact_id)):
        message = f"it corrects itself: {' -> '.join(loop)}"
        yield finding(corrections[loop[-2]], "loop", message, "supersedes", "leave one out", loop[-1])


def _corrected_by(corrections: Mapping[str, CheckIn], fact_id: str) -> list[str]:
    other = corrections[fact_id].supersedes
    return [other] if other is not None and other in corrections else []


@final
class _History:
    """One goal as it was defined from day to day, and why some of its revisions cannot be applied."""

    __slots__ = ("_days", "_defined", "refused")

    def __init__(self, goal: Goal, revisions: Iterable[Revision]) -> None:
        self.refused: Final[dict[str, tuple[Problem, ...]]] = {}
        self._days: Final[list[date]] = []
        self._defined: Final = [goal]
        for revision in revisions:
            try:
                goal = apply(goal, (revision,))
            except InvalidValue as error:
                self.refused[revision.id] = error.problems
            self._days.append(revision.on)
            self._defined.append(goal)

    def on(self, day: date) -> Goal:
        return self._defined[bisect_right(self._days, day)]


def _check_in(goal: Goal, fact: CheckIn, log: FactLog) -> Iterator[Finding]:
    try:
        progress_of(goal, fact)
    except InvalidValue as error:
        for problem in error.problems:
            yield Finding(problem=problem, subject=fact)
    if fact.supersedes is not None:
        other = log.get(fact.supersedes)
        if not isinstance(other, CheckIn) or other.goal != fact.goal:
            message = f"{fact.goal!r} has no check-in {fact.supersedes!r} to correct"
            yield finding(fact, "unknown_check_in", message, "supersedes", "name a check-in of the same goal")
        elif other.on > fact.on:
            message = f"it corrects a check-in of {other.on}, which is not known on {fact.on}"
            hint = "correct it on its own day, without a value where there was none, and record the right day beside it"
            yield finding(fact, "corrects_later", message, "supersedes", hint)


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


def check_days(
    written: Definitions, log: FactLog, *, since: date | None = None, known: Iterable[Finding] = ()
) -> Iterator[Finding]:
    """
    Yield what dated revisions make wrong between goals, on the day on which it becomes wrong.

    Args:
        written: Every goal and cycle, as first defined.
        log: Every fact.
        since: The first day that is looked at; None where all are.
        known: What is wrong with the goals as first defined, for which no revision is to blame.
    """
    told = {_what(finding) for finding in known}
    if not _LOOPS.isdisjoint(code for code, _, _ in told):
        return  # what comes after has no meaning yet
    revisions = log.revisions()
    first = 0 if since is None else bisect_left(revisions, since, key=_day_of)
    before = written.revised(revisions[:first])
    days = _Days(before)
    for _, same_day in groupby(revisions[first:], key=_day_of):
        for found in days.next(tuple(same_day)):
            if _what(found) not in told:
                told.add(_what(found))
                blamed = days.refuse(found)
                yield evolve(found, subject=blamed, problem=found.problem.under("changes"))


@final
class _Days:
    """The goals as they are defined from one day with revisions to the next, and what becomes wrong between them."""

    def __init__(self, before: Definitions) -> None:
        self._goals: Final = dict(before.goals)
        self._now: Final = Definitions(self._goals, before.cycles, kpis=before.kpis)
        self._suggest: Final = Suggestions(before.goals)
        self._shape: Structure | None = before.structure
        self._before: dict[str, Goal] = {}
        self._changed: dict[str, Revision] = {}

    @property
    def _structure(self) -> Structure:
        if self._shape is None:
            self._shape = Structure(self._goals)
        return self._shape

    def next(self, revisions: Iterable[Revision]) -> list[Finding]:
        """Return what one day's revisions make wrong, looking no further than they reach."""
        goals = self._goals
        known = [revision for revision in revisions if revision.goal in goals]
        self._before = {revision.goal: goals[revision.goal] for revision in known}
        for revision in known:
            goals[revision.goal] = defined(goals[revision.goal], (revision,))
        self._changed = {revision.goal: revision for revision in known if is_structural(revision)}
        names = {name for revision in known for name in revision.changes}
        if "parent" in names:
            self._shape = None
        return list(self._wrong(names)) if self._changed else []

    def _wrong(self, names: set[str]) -> Iterator[Finding]:
        goals, changed = self._goals, self._changed
        for goal_id in changed:
            yield from _references(goals[goal_id], self._now, self._suggest)
        if "parent" in names:
            yield from _loops(goals, changed)
        if not _DATING.isdisjoint(names) and any(map(_may_conflict, goals.values())):
            yield from _conflicts(goals, self._structure, Periods(self._structure, goals, self._now.cycles))
        near = dict.fromkeys(changed)
        if "metric" in names:
            ids, at, down = self._structure.ids, self._structure.at, self._structure.down
            near.update(dict.fromkeys(ids[child] for goal_id in changed for child in down[at[goal_id]]))
        for goal_id in near:
            goal = goals[goal_id]
            if isinstance(goal, Milestone) and goal.share is not None:
                yield from _share(goal, goals)
        yield from _dependency_loops(goals, changed)

    def refuse(self, finding: Finding) -> Revision:
        """Return the change that is to blame, and take it back: it is not held against the days after it."""
        blamed = self._to_blame(finding)
        self._goals[blamed.goal] = self._before[blamed.goal]
        if "parent" in blamed.changes:
            self._shape = None
        return blamed

    def _to_blame(self, finding: Finding) -> Revision:
        # A loop or a conflict may show at a goal that did not change that day: the nearest change is looked for.
        row = [finding.subject.id, finding.other]
        seen = set(row)
        for goal_id in row:  # it grows while it is read, level by level
            if goal_id in self._changed:
                return self._changed[goal_id]
            if goal_id in self._goals and len(row) < _MOST_STEPS:
                above = [link.to for link in self._goals[goal_id].parent] + _depends_on(self._goals, goal_id)
                row.extend(other for other in dict.fromkeys(above) if other not in seen)
                seen.update(above)
        return next(iter(self._changed.values()))


def _may_conflict(goal: Goal) -> bool:
    if len(goal.parent) > 1 and goal.cycle is None:
        return True
    due = goal.due if isinstance(goal, Milestone) else None
    return goal.first_day is not None or goal.last_day is not None or due is not None


def _what(finding: Finding) -> tuple[str, str, str]:
    return finding.problem.code, finding.subject.id, finding.other


def _day_of(revision: Revision) -> date:
    return revision.on
