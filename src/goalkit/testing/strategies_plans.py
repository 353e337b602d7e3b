"""Strategies for whole plans that are valid, and for pairs of plans that came from each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import evolve
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from .. import KPI, CheckIn, Cycle, InvalidPlan, Milestone, Observation, Plan, Revision
from ..model.building import Thing
from ..model.goals import Goal, contributes
from ..model.records import Fact
from .strategies_calendars import cycles
from .strategies_facts import check_ins, life_facts, revisions
from .strategies_goals import goals
from .strategies_kpis import kpis, observations, several_kpis, several_observations, things
from .strategies_words import LAST_DAY, days, ids, measures, titles, weights


@st.composite
def plans(
    draw: DrawFn,
    *,
    max_goals: int = 8,
    max_facts: int = 8,
    dag: bool = True,
    check_ins: bool = True,
    revisions: bool = True,
    transitions: bool = True,
    names_kpis: bool = False,
    details: bool = True,
) -> Plan:
    """
    Valid plans: cycles, goals that refer to each other, KPIs, and facts about them, in any order.

    Args:
        draw: Given by Hypothesis.
        max_goals: The most goals; up to 25 stay quick.
        max_facts: The most facts of each kind.
        dag: Whether goals may have several parents; without, the plan is a forest.
        check_ins: Whether there are check-ins.
        revisions: Whether definitions change on later days, structure included.
        transitions: Whether goals move between stages, are approved and graded.
        names_kpis: Whether goals affect KPIs, and key results are measured by them.
        details: Whether ids and texts are nasty, the fields filled that figures do not depend on, and KPIs
            there that no goal names.

    Example:
        ``@given(plans(details=False, transitions=False))``
    """
    spans = draw(st.lists(cycles(), max_size=2, unique_by=_id))
    names = [span.id for span in spans]
    count = draw(st.integers(0, max_goals))
    goal_ids = (
        draw(st.lists(ids(), min_size=count, max_size=count, unique=True))
        if details
        else [f"g{number}" for number in range(count)]
    )
    kept = draw(several_kpis(most=3, details=details)) if details or names_kpis else []
    if names_kpis:  # what a KPI measures has its unit
        kept = [evolve(kpi, unit=None) for kpi in kept]
    measures_goals = [kpi.id for kpi in kept] if names_kpis else []
    known: dict[str, Goal] = {}
    for goal_id in goal_ids:
        goal = draw(goals(id=goal_id, above=known, cycles=names, kpis=measures_goals, dag=dag, details=details))
        known[goal_id] = _in_order(_settled(goal, known), known, (*spans, *kept))
    defined: list[Goal | Cycle | KPI] = [*spans, *known.values(), *kept]
    parts: list[Thing] = [
        *draw(st.permutations(defined)),
        *draw(several_observations(kept, most=max_facts // 2, details=details)),
    ]
    plan = Plan.of(*parts)
    if not known:
        return plan
    if revisions:
        named = {"cycles": names, "kpis": measures_goals}
        plan = draw(_revised(plan, goal_ids, named, most=max_facts, details=details))
    facts: list[Fact] = []
    if check_ins:
        facts += draw(_check_ins(plan, goal_ids, most=max_facts, details=details))
    if transitions:
        facts += draw(_life_facts(goal_ids, most=max_facts, details=details))
    return Plan.of(*parts, *draw(_mixed(plan.facts, facts)))


def _id(thing: Any) -> str:
    return str(thing.id)


def _settled(goal: Goal, above: Mapping[str, Goal]) -> Goal:
    """Return a goal that says which cycle it is in, where its parents do not agree."""
    named = dict.fromkeys(_cycles_of(goal, above))
    return evolve(goal, cycle=next(iter(named))) if goal.cycle is None and len(named) > 1 else goal


def _in_order(goal: Goal, above: Mapping[str, Goal], others: Sequence[Cycle | KPI]) -> Goal:
    """Return a goal without days of its own, where they do not go with the ones that it inherits."""
    try:
        Plan.of(*others, *above.values(), goal)
    except InvalidPlan:
        due = {"due": None} if isinstance(goal, Milestone) else {}
        return evolve(goal, first_day=None, last_day=None, **due)
    return goal


def _cycles_of(goal: Goal, above: Mapping[str, Goal]) -> Iterable[str]:
    if goal.cycle is not None:
        return [goal.cycle]
    counting = [link for link in goal.parent if contributes(goal, link)] or goal.parent
    return [name for link in counting for name in _cycles_of(above[link.to], above)]


@st.composite
def _revised(
    draw: DrawFn, plan: Plan, order: Sequence[str], named: Mapping[str, Sequence[str]], *, most: int, details: bool
) -> Plan:
    # Day by day, so that each stands on those before it; what the plan does not bear is left out.
    for on in sorted(draw(st.lists(days(), max_size=most))):
        goal_id = draw(st.sampled_from(order))
        above = order[: order.index(goal_id)]
        goal = plan.definitions(on).goals[goal_id]
        revision = draw(revisions(goal, on=on, above=above, details=details, **named))
        try:
            plan = plan.record(revision)
        except InvalidPlan:
            continue
    return plan


@st.composite
def _check_ins(draw: DrawFn, plan: Plan, order: Sequence[str], *, most: int, details: bool) -> list[CheckIn]:
    drawn: list[CheckIn] = []
    for on in sorted(draw(st.lists(days(), max_size=most))):  # a correction is not older than what it corrects
        goal_id = draw(st.sampled_from(order))
        earlier = [check_in.id for check_in in drawn if check_in.goal == goal_id]
        check_in = draw(check_ins(plan.definitions(on).goals[goal_id], on=on, supersedes=earlier, details=details))
        own_id = draw(st.sampled_from((None, f"fact {len(drawn)}")))
        drawn.append(check_in if own_id is None else evolve(check_in, id=own_id))
    return drawn


def _life_facts(order: Sequence[str], *, most: int, details: bool) -> SearchStrategy[list[Fact]]:
    return st.lists(st.sampled_from(order).flatmap(lambda goal_id: life_facts(goal_id, details=details)), max_size=most)


@st.composite
def _mixed(draw: DrawFn, revised: Sequence[Fact], others: Sequence[Fact]) -> list[Fact]:
    # Revisions of one day stand on each other, so they keep their order among themselves.
    in_order = iter(revised)
    mixed = draw(st.permutations([*revised, *others]))
    return [next(in_order) if isinstance(fact, Revision) else fact for fact in mixed]


@st.composite
def related_plans(draw: DrawFn, /, **switches: Any) -> tuple[Plan, Plan]:
    """Two plans of which the second came from the first: by removing, changing, adding and reordering."""
    old: Plan = draw(plans(**switches))
    new = old
    for goal_id in draw(st.lists(st.sampled_from(list(old)), max_size=2, unique=True)) if len(old) else ():
        if goal_id in new:
            new = _or_same(new, lambda plan, goal_id=goal_id: plan.remove(goal_id, with_dependants=True))
    for goal_id in draw(st.lists(st.sampled_from(list(new)), max_size=3)) if len(new) else ():
        changes: dict[str, Any] = {"title": draw(titles()), "weight": draw(weights())}
        new = _or_same(new, lambda plan, goal_id=goal_id, changes=changes: plan.amend(goal_id, **changes))
        new = new.record(draw(check_ins(new.as_of(LAST_DAY)[goal_id], on=LAST_DAY)))
    new = draw(_other_kpis(new))
    added = draw(goals(above=dict(new.written.goals), kpis=[kpi.id for kpi in new.kpis if switches.get("names_kpis")]))
    if added.id not in new:
        new = _or_same(new, lambda plan: plan.add(added))
    if draw(st.booleans()):
        defined: list[Thing] = [*new.cycles, *new.goals, *new.kpis]
        recorded: list[Fact | Observation] = draw(st.permutations([*new.facts, *new.observed]))
        new = _or_same(new, lambda _: Plan.of(*defined, *recorded))
    return old, new


@st.composite
def _other_kpis(draw: DrawFn, plan: Plan) -> Plan:
    """A plan with KPIs removed, changed, added and observed; what goals name stays."""
    new = plan
    for kpi in plan.kpis:
        change = draw(st.sampled_from(("none", "remove", "change", "observe")))
        if change == "remove":
            rest = [each for each in things(new) if each is not kpi and getattr(each, "kpi", None) != kpi.id]
            new = _or_same(new, lambda _, rest=rest: Plan.of(*rest))
        elif change == "change":
            new = new.replace(evolve(kpi, title=draw(titles()), target=draw(measures())))
        elif change == "observe" and kpi.formula is None:
            new = new.record(draw(observations(kpi, on=LAST_DAY)))
    more = draw(st.none() | kpis(above=[kpi.id for kpi in new.kpis]))
    return new if more is None or more.id in new.written.kpis else new.add(more)


def _or_same(plan: Plan, change: Any) -> Plan:
    try:
        changed: Plan = change(plan)
    except InvalidPlan:
        return plan
    return changed
