"""Strategies for the dated facts of a goal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from .. import (
    Approval,
    Binary,
    CheckIn,
    Checklist,
    Grade,
    Initiative,
    KeyResult,
    Milestone,
    Objective,
    Outcome,
    Reads,
    Retrospective,
    Revision,
    RollupMethod,
    Stage,
    Status,
    Transition,
)
from ..model.goals import Goal, own_metric
from ..model.records import Fact
from .strategies_goals import APPROVERS, DETAILS, links, metrics, some
from .strategies_words import days, extras, fractions, ids, measures, texts, titles, weights, words


@st.composite
def check_ins(
    draw: DrawFn, goal: Goal, *, on: date | None = None, supersedes: Sequence[str] = (), details: bool = True
) -> CheckIn:
    """Check-ins of every form that fits a goal as it is defined on that day."""
    said: dict[str, Any] = {}
    if draw(st.integers(0, 5)):
        said |= draw(_said_of(goal))
    if draw(st.booleans()) and supersedes:
        said["supersedes"] = draw(st.sampled_from(supersedes))
    if details:
        optional = {
            "status": st.none() | st.sampled_from(Status),
            "confidence": st.none() | fractions(),
            "note": texts(),
            "next_steps": texts(),
        }
        said |= draw(some({**optional, **SAID_BY}))
    return CheckIn(goal=goal.id, on=draw(days()) if on is None else on, **said)


def _said_of(goal: Goal) -> SearchStrategy[dict[str, Any]]:
    parts: SearchStrategy[Any] = st.booleans() | fractions().map(lambda part: Decimal(repr(part)))
    metric = own_metric(goal)
    if goal.rollup is RollupMethod.SUM_OF_VALUES or (isinstance(goal, KeyResult) and goal.measured_by is not None):
        return st.just({})
    if isinstance(metric, Checklist):
        return st.fixed_dictionaries({"done": st.lists(st.sampled_from(sorted(metric.items)), unique=True)})
    if isinstance(metric, Binary):
        return st.fixed_dictionaries({"value": st.sampled_from((True, False, Decimal(0), Decimal(1)))})
    if metric is not None:
        names = ("start", "target", "lower", "upper", "commit", "stretch")
        known = [value for name in names if (value := getattr(metric, name, None)) is not None]
        usual = st.sampled_from(known) | measures() if known else measures()
        return st.fixed_dictionaries({"value": usual})
    if isinstance(goal, KeyResult):
        return st.fixed_dictionaries({"value": measures()})
    if isinstance(goal, Initiative) and goal.actions:
        return st.fixed_dictionaries({"done": st.lists(st.sampled_from(goal.actions), unique=True)})
    if isinstance(goal, Initiative) or (isinstance(goal, Milestone) and goal.share is None):
        return st.fixed_dictionaries({"value": parts})
    return st.just({})


SAID_BY: Mapping[str, SearchStrategy[Any]] = {"by": st.none() | ids(), "extra": extras()}


@st.composite
def revisions(
    draw: DrawFn,
    goal: Goal,
    *,
    on: date | None = None,
    above: Sequence[str] = (),
    cycles: Sequence[str] = (),
    kpis: Sequence[str] = (),
    details: bool = True,
) -> Revision:
    """
    Revisions of every field that a goal of this kind has.

    ``above`` are the goals that it may be moved under, or depend on from then on, ``kpis`` those that it
    may affect or be measured by. Whether the goal and its plan bear the change is for the plan to say.
    """
    optional: dict[str, SearchStrategy[Any]] = {
        "title": titles() if details else st.just("Another title"),
        "weight": weights(),
        "first_day": st.none() | days(),
        "last_day": st.none() | days(),
        "parent": links(above),
        "cycle": st.sampled_from((None, *cycles)),
        "approvers": st.lists(st.sampled_from(APPROVERS), unique=True),
    }
    if details:
        optional |= DETAILS
    if isinstance(goal, (Objective, KeyResult)):
        optional |= {"metric": st.none() | metrics(), "rollup": st.none() | st.sampled_from(RollupMethod)}
    if kpis:
        optional["affects"] = st.lists(st.sampled_from(kpis), max_size=2, unique=True)
    if isinstance(goal, KeyResult):
        optional["reads"] = st.sampled_from(Reads)
        if kpis:
            optional["measured_by"] = st.sampled_from((None, *kpis))
    if isinstance(goal, Initiative):
        optional["actions"] = words()
    if isinstance(goal, Milestone):
        depends_on: SearchStrategy[list[str]] = st.just([])
        if above:
            depends_on = st.lists(st.sampled_from(above), max_size=2, unique=True)
        share = st.none() | fractions().filter(bool)
        optional |= {"due": st.none() | days(), "done_on": st.none() | days(), "delegate": st.none() | ids()}
        optional |= {"depends_on": depends_on, "share": share}
    names = draw(st.lists(st.sampled_from(sorted(optional)), min_size=1, max_size=3, unique=True))
    said = draw(some({**SAID_BY, "why": texts()})) if details else {}
    return Revision(
        goal=goal.id,
        on=draw(days()) if on is None else on,
        changes={name: draw(optional[name]) for name in names},
        **said,
    )


@st.composite
def transitions(draw: DrawFn, goal_id: str, *, details: bool = True) -> Transition:
    """Moves to every stage, with an outcome where there can be one."""
    stage = draw(st.sampled_from(Stage))
    outcome = draw(st.none() | st.sampled_from(Outcome)) if stage is Stage.CLOSED else None
    said = draw(some({**SAID_BY, "why": texts()})) if details else {}
    return Transition(goal=goal_id, on=draw(days()), stage=stage, outcome=outcome, **said)


@st.composite
def approvals(draw: DrawFn, goal_id: str, *, details: bool = True) -> Approval:
    """Approvals, most of them of those whom goals name."""
    by = draw(st.sampled_from((*APPROVERS, "nobody in particular")))
    said = draw(some({"note": texts(), "extra": extras()})) if details else {}
    return Approval(goal=goal_id, on=draw(days()), by=by, **said)


@st.composite
def grades(draw: DrawFn, goal_id: str, *, details: bool = True) -> Grade:
    """Grades of every outcome, with a score or without."""
    said = draw(some({"why": texts(), "extra": extras()})) if details else {}
    outcome, score = draw(st.sampled_from(Outcome)), draw(st.none() | fractions())
    return Grade(goal=goal_id, on=draw(days()), by="ada", outcome=outcome, score=score, **said)


@st.composite
def retrospectives(draw: DrawFn, goal_id: str, *, details: bool = True) -> Retrospective:
    """Retrospectives that say something."""
    names = ("reached", "helped", "hindered", "reword", "next_time")
    said = draw(some({**dict.fromkeys(names, texts()), **SAID_BY})) if details else {}
    said[draw(st.sampled_from(names))] = draw(titles()) if details else "a word"
    return Retrospective(goal=goal_id, on=draw(days()), **said)


def life_facts(goal_id: str, *, details: bool = True) -> SearchStrategy[Fact]:
    """Facts about a goal's life: transitions above all, approvals, grades and retrospectives."""
    moves = transitions(goal_id, details=details)
    others = [approvals(goal_id, details=details), grades(goal_id, details=details)]
    return st.one_of(moves, moves, *others, retrospectives(goal_id, details=details))
