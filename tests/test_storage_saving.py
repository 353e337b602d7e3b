"""Saving what differs between two plans, beside what others have saved meanwhile."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from goalkit import (
    KPI,
    Change,
    CheckIn,
    Cycle,
    Formula,
    Increase,
    InvalidPlan,
    InvalidValue,
    KeyResult,
    Milestone,
    Observation,
    Plan,
    Revision,
    diff,
    patch,
)
from goalkit.model.goals import own_metric
from goalkit.storage import Conflict, open_store
from goalkit.storage.saving import written
from goalkit.testing.strategies import (
    LAST_DAY,
    check_ins,
    cycles,
    days,
    goals,
    kpis,
    life_facts,
    links,
    metrics,
    observations,
    plans,
    related_plans,
    revisions,
    things,
)

_E = Callable[[Plan], Plan]


# -- edits of one plan, made by several people who do not know of each other


@st.composite
def edits(draw: DrawFn, plan: Plan, *, name: str) -> Plan:
    """What somebody makes of a plan in a few steps; ``name`` is part of the ids of what they add."""
    for number in range(draw(st.integers(1, 3))):
        step = draw(st.sampled_from(_STEPS))
        change = draw(step(plan, f"{draw(st.sampled_from((name, 'both')))}{number}"))
        if change is not None:
            plan = _if_it_holds(plan, change)
    return plan


def _if_it_holds(plan: Plan, change: _E) -> Plan:
    try:
        return change(plan)
    except (InvalidPlan, InvalidValue):
        return plan


def _names(plan: Plan) -> dict[str, Any]:
    return {"cycles": [each.id for each in plan.cycles], "kpis": [each.id for each in plan.kpis]}


@st.composite
def _add(draw: DrawFn, plan: Plan, name: str) -> _E:
    added = draw(goals(id=name, above=dict(plan.written.goals), details=False, **_names(plan)))
    return lambda plan: plan.add(added)


@st.composite
def _amend(draw: DrawFn, plan: Plan, _name: str) -> _E | None:
    if not len(plan):
        return None
    goal = plan[draw(st.sampled_from(list(plan)))]
    revision = draw(revisions(goal, above=list(plan), details=False, **_names(plan)))
    return lambda plan: plan.amend(goal.id, **revision.changes)


@st.composite
def _revise(draw: DrawFn, plan: Plan, _name: str) -> _E | None:
    if not len(plan):
        return None
    goal = plan[draw(st.sampled_from(list(plan)))]
    revision = draw(revisions(goal, above=list(plan), details=False, **_names(plan)))
    return lambda plan: plan.record(revision)


@st.composite
def _reparent(draw: DrawFn, plan: Plan, _name: str) -> _E | None:
    if not len(plan):
        return None
    goal_id, parent = draw(st.sampled_from(list(plan))), draw(links(list(plan), most=2))
    on = draw(st.none() | days())
    return lambda plan: plan.amend(goal_id, parent=parent, on=on)


@st.composite
def _replace(draw: DrawFn, plan: Plan, _name: str) -> _E | None:
    if not len(plan):
        return None
    goal_id = draw(st.sampled_from(list(plan)))
    above = {key: goal for key, goal in plan.written.goals.items() if key != goal_id}
    other = draw(goals(id=goal_id, above=above, details=False, **_names(plan)))
    return lambda plan: plan.replace(other)


@st.composite
def _milestone(draw: DrawFn, plan: Plan, name: str) -> _E | None:
    measured = [goal.id for goal in plan.goals if own_metric(goal) is not None]
    if not measured:
        return None
    parent = draw(st.sampled_from(measured))
    on, goal_id = draw(st.none() | days()), draw(st.sampled_from([*plan, name]))
    if goal_id in plan and not isinstance(plan[goal_id], Milestone):
        return None
    if goal_id in plan:
        return lambda plan: plan.amend(goal_id, parent=parent, share=0.5, done_on=None, on=on)
    return lambda plan: plan.add(Milestone(id=name, title=name, parent=parent, share=0.5))


@st.composite
def _depend(draw: DrawFn, plan: Plan, name: str) -> _E | None:
    milestones = [goal.id for goal in plan.goals if isinstance(goal, Milestone)]
    if not milestones:
        return lambda plan: plan.add(Milestone(id=name, title=name), Milestone(id=f"{name}+", title=name))
    one, on = draw(st.sampled_from(milestones)), draw(st.none() | days())
    others = draw(st.lists(st.sampled_from(milestones), min_size=1, max_size=2, unique=True))
    return lambda plan: plan.amend(one, depends_on=others, on=on)


@st.composite
def _unmeasure(draw: DrawFn, plan: Plan, _name: str) -> _E | None:
    measured = [goal.id for goal in plan.goals if own_metric(goal) is not None]
    if not measured:
        return None
    one, on = draw(st.sampled_from(measured)), draw(st.none() | days())
    metric = draw(st.none() | metrics())
    return lambda plan: plan.amend(one, metric=metric, on=on)


@st.composite
def _remove(draw: DrawFn, plan: Plan, _name: str) -> _E | None:
    if not len(plan):
        return None
    goal_id: str = draw(st.sampled_from(list(plan)))
    deep: bool = draw(st.booleans())
    return lambda plan: plan.remove(goal_id, with_dependants=deep)


@st.composite
def _without(draw: DrawFn, plan: Plan, _name: str) -> _E | None:
    held = things(plan)
    if not held:
        return None
    gone = draw(st.sampled_from(held))
    return lambda plan: Plan.of(*(each for each in things(plan) if each is not gone))


@st.composite
def _span(draw: DrawFn, plan: Plan, _name: str) -> _E:
    span = draw(cycles())
    known = [each.id for each in plan.cycles]
    again: bool = draw(st.booleans())
    if known and again:
        first, last = sorted((draw(days()), draw(days())))
        span = Cycle(id=draw(st.sampled_from(known)), first_day=first, last_day=last, kind="custom")
    return lambda plan: Plan.of(*(each for each in things(plan) if each is not plan.written.cycles.get(span.id)), span)


@st.composite
def _measure(draw: DrawFn, plan: Plan, name: str) -> _E:
    known = [each.id for each in plan.kpis]
    kpi = draw(kpis(id=draw(st.sampled_from([*known, name])), above=known, details=False))
    if kpi.id in known:
        return lambda plan: plan.replace(kpi)
    return lambda plan: plan.add(kpi)


@st.composite
def _work_out(draw: DrawFn, plan: Plan, _name: str) -> _E | None:
    known = [each.id for each in plan.kpis]
    if len(known) < 3:
        return lambda plan: plan.add(*(KPI(id=f"k{n}", title="K", kind="flow") for n in range(3)))
    one, *others = draw(st.permutations(known))
    return lambda plan: plan.replace(evolve(plan.kpi(one), formula=Formula("sum", others[:2]), reads="latest"))


@st.composite
def _check_in(draw: DrawFn, plan: Plan, name: str) -> _E | None:
    if not len(plan):
        return None
    on, goal_id = draw(st.sampled_from((LAST_DAY, draw(days())))), draw(st.sampled_from(list(plan)))
    earlier = [each.id for each in plan.facts if each.goal == goal_id and isinstance(each, CheckIn)]
    goal = plan.definitions(on).goals[goal_id]
    fact = draw(check_ins(goal, on=on, supersedes=earlier, details=False))
    given_id = draw(st.sampled_from((fact.id, name)))
    return lambda plan: plan.record(evolve(fact, id=given_id))


@st.composite
def _live(draw: DrawFn, plan: Plan, _name: str) -> _E | None:
    if not len(plan):
        return None
    fact = draw(life_facts(draw(st.sampled_from(list(plan))), details=False))
    return lambda plan: plan.record(fact)


@st.composite
def _observe(draw: DrawFn, plan: Plan, name: str) -> _E | None:
    if not plan.kpis:
        return None
    kpi = draw(st.sampled_from(plan.kpis))
    earlier = [each.id for each in plan.observed if each.kpi == kpi.id]
    seen = draw(observations(kpi, on=LAST_DAY, supersedes=earlier, details=False))
    given_id = draw(st.sampled_from((seen.id, name)))
    return lambda plan: plan.record(evolve(seen, id=given_id))


@st.composite
def _reorder(draw: DrawFn, plan: Plan, _name: str) -> _E:
    facts = draw(st.permutations([*plan.facts, *plan.observed]))
    return lambda plan: Plan.of(*plan.cycles, *plan.goals, *plan.kpis, *facts)


_STEPS: Sequence[Callable[[Plan, str], SearchStrategy[_E | None]]] = (
    _add,
    _amend,
    _amend,
    _revise,
    _revise,
    _reparent,
    _reparent,
    _replace,
    _milestone,
    _depend,
    _unmeasure,
    _remove,
    _without,
    _span,
    _measure,
    _work_out,
    _check_in,
    _live,
    _observe,
    _reorder,
)


@st.composite
def concurrent(draw: DrawFn, *, people: int = 2) -> tuple[Plan, list[Plan]]:
    """A plan, and what several people make of it."""
    plan = draw(plans(details=False, names_kpis=True, max_goals=5, max_facts=4))
    return plan, [draw(edits(plan, name="xyz"[each])) for each in range(people)]


def _saved(plan: Plan, several: Sequence[Plan]) -> list[Plan]:
    """Save plans made from one snapshot; check what is there after each, and return those that were saved."""
    kept = []
    with open_store("memory:") as store:
        acme = store.workspace("acme")
        acme.save(plan, by="ada", why="the plan")
        seen = acme.snapshot()
        now = plan
        for each in several:
            changes = diff(plan, each)
            try:
                acme.save(each, base=seen)
            except Conflict:
                assert acme.snapshot().plan == now
                assert not _goes_together(plan, now, each)
                continue
            now = patch(now, changes)
            kept.append(each)
            fresh = store.workspace("acme").snapshot()
            assert (fresh.problems, fresh.plan) == ((), now)
            assert acme.snapshot() == fresh
            assert [*acme.snapshot().plan] == [*fresh.plan]
        assert store.verify() == ()  # type: ignore[attr-defined]
    return kept


def _goes_together(plan: Plan, now: Plan, other: Plan) -> bool:
    """Tell whether two edits of a plan change different things, make a plan together, and no order differs."""
    before, after = diff(plan, now), diff(plan, other)
    if {_key(each) for each in before} & {_key(each) for each in after}:
        return False
    moved = {_about(each) for each in after if each.after is not None and _key(each) in _gone(after)}
    if moved & {_about(each) for each in before}:
        return False
    try:
        patch(now, after)
    except InvalidPlan:
        return False
    return True


def _key(change: Any) -> tuple[str, str]:
    from goalkit.storage.codec import key_of

    return key_of(change.thing)


def _gone(changes: Sequence[Any]) -> set[Any]:
    return {_key(each) for each in changes if each.after is None}


def _about(change: Any) -> tuple[bool, str]:
    return (
        type(change.thing).__name__ == "Observation",
        str(getattr(change.thing, "goal", getattr(change.thing, "kpi", ""))),
    )


@given(concurrent())
def test_two_saves_from_one_snapshot_make_a_plan_together_or_the_second_is_told(both: tuple[Plan, list[Plan]]) -> None:
    _saved(*both)


@given(concurrent(people=3))
def test_three_saves_from_one_snapshot_make_a_plan_together_or_somebody_is_told(all_: tuple[Plan, list[Plan]]) -> None:
    _saved(*all_)


# -- what never conflicts

GOALS = [KeyResult(id=f"k{n}", title="K", metric=Increase(start=0, target=10)) for n in range(3)]
STAFF = KPI(id="staff", title="Staff", kind="stock")
PLAN = Plan.of(
    Cycle.quarter(2026, 3),
    *GOALS,
    STAFF,
    Milestone(id="m", title="M"),
    CheckIn(goal="k0", on="2026-08-10", value=1, id="one"),
    CheckIn(goal="k0", on="2026-08-10", value=2, id="two"),
)


def saved(*edited: Callable[[Plan], Plan], plan: Plan = PLAN) -> Plan:
    """Save what several people make of one snapshot, and return the plan that is there then."""
    with open_store("memory:") as store:
        acme = store.workspace("acme")
        acme.save(plan)
        seen = acme.snapshot()
        for each in edited:
            acme.save(each(seen.plan), base=seen)
        snapshot = store.workspace("acme").snapshot()
        assert snapshot.problems == ()
        return snapshot.plan


def _amended(goal_id: str, **changes: Any) -> _E:
    return lambda plan: plan.amend(goal_id, **changes)


def _recorded(fact: Any) -> _E:
    return lambda plan: plan.record(fact)


def _added(goal: Any) -> _E:
    return lambda plan: plan.add(goal)


_OF_ONE_GOAL: Sequence[Callable[[str], _E]] = (
    lambda goal: _amended(goal, title="Another"),
    lambda goal: _amended(goal, metric=Increase(start=0, target=20)),
    lambda goal: _amended(goal, cycle="2026-Q3"),
    lambda goal: _amended(goal, parent="k2"),
    lambda goal: _amended(goal, affects=["staff"]),
    lambda goal: _amended(goal, on="2026-09-01", weight=2),
    lambda goal: _amended(goal, on="2026-09-01", parent="k2"),
)
_FACTS = (
    CheckIn(goal="k0", on="2026-08-11", value=3),
    CheckIn(goal="k0", on="2026-08-10", value=4, by="ada"),
    CheckIn(goal="k0", on="2026-08-10", supersedes="one", value=5),
    Observation(kpi="staff", on="2026-08-10", value=3),
    Revision(goal="k0", on="2026-08-10", changes={"title": "Another"}),
)


@pytest.mark.parametrize("one", _OF_ONE_GOAL, ids=range(7))
@pytest.mark.parametrize("other", _OF_ONE_GOAL, ids=range(7))
def test_two_people_who_change_two_goals_never_conflict(one: Callable[[str], _E], other: Callable[[str], _E]) -> None:
    first, second = one("k0"), other("k1")
    assert saved(first, second) == second(first(PLAN)) == saved(second, first)


@pytest.mark.parametrize("fact", _FACTS, ids=range(5))
@pytest.mark.parametrize("change", _OF_ONE_GOAL, ids=range(7))
def test_a_fact_beside_a_change_of_its_goal_never_conflicts(fact: Any, change: Callable[[str], _E]) -> None:
    changed, recorded = change("k0"), _recorded(fact)
    assert saved(changed, recorded) == saved(recorded, changed) == changed(PLAN).record(fact)


@pytest.mark.parametrize("one", _FACTS, ids=range(5))
@pytest.mark.parametrize("other", _FACTS, ids=range(5))
def test_two_facts_never_conflict(one: Any, other: Any) -> None:
    if one is not other:
        assert saved(_recorded(one), _recorded(other)) == PLAN.record(one, other)


@given(plans(details=False, names_kpis=True, max_goals=5, max_facts=4), st.data())
def test_the_titles_of_two_goals_are_changed_beside_each_other_in_every_plan(plan: Plan, data: st.DataObject) -> None:
    if len(plan) < 2:
        return
    one, other = data.draw(st.permutations(list(plan)))[:2]
    first, second = (evolve(plan.written.goals[each], title="Another title") for each in (one, other))
    assert saved(
        lambda plan: patch(plan, [Change(before=plan.written.goals[one], after=first)]),
        lambda plan: patch(plan, [Change(before=plan.written.goals[other], after=second)]),
        plan=plan,
    ).written.goals == {**plan.written.goals, one: first, other: second}


# -- what does conflict


@pytest.mark.parametrize(
    ("one", "other", "about"),
    [
        (_amended("k0", title="One"), _amended("k0", weight=2), "goal 'k0' is in revision 2"),
        (_amended("k0", parent="k1"), _amended("k1", parent="k0"), "loop"),
        (_amended("k0", on="2026-09-01", parent="k1"), _amended("k1", on="2026-09-02", parent="k0"), "loop"),
        (lambda plan: plan.remove("k1"), _amended("k0", parent="k1"), "unknown_parent"),
        (_amended("k0", parent="k1"), lambda plan: plan.remove("k1"), "unknown_parent"),
        (lambda plan: plan.remove("m"), _recorded(CheckIn(goal="m", on="2026-08-10", value=True)), "unknown_goal"),
        (_recorded(CheckIn(goal="m", on="2026-08-10", value=True)), lambda plan: plan.remove("m"), "unknown_goal"),
        (_amended("k1", measured_by="staff"), _recorded(CheckIn(goal="k1", on="2026-08-10", value=1)), "value_beside"),
        (
            lambda plan: plan.add(Milestone(id="n", title="1")),
            lambda plan: plan.add(Milestone(id="n", title="2")),
            "'n'",
        ),
        (
            _recorded(CheckIn(goal="k0", on="2026-08-10", value=9)),
            lambda plan: Plan.of(*(each for each in things(plan) if each not in plan.facts), *reversed(plan.facts)),
            "order",
        ),
    ],
    ids=range(10),
)
def test_the_second_of_two_that_do_not_go_together_is_told(one: _E, other: _E, about: str) -> None:
    with open_store("memory:") as store:
        acme = store.workspace("acme")
        acme.save(PLAN)
        seen = acme.snapshot()
        acme.save(one(PLAN), base=seen)
        before = acme.snapshot()
        with pytest.raises(Conflict, match=about):
            acme.save(other(PLAN), base=seen)
        assert acme.snapshot() == before


# -- what is written


@given(related_plans(max_goals=5, max_facts=4, names_kpis=True))
def test_what_is_saved_is_what_is_there_then(pair: tuple[Plan, Plan]) -> None:
    old, new = pair
    with open_store("memory:") as store:
        acme = store.workspace("acme")
        acme.save(old)
        seen = acme.snapshot()
        assert seen.plan == old
        acme.save(new, base=seen)
        assert acme.snapshot().plan == new
        assert acme.save(new, base=acme.snapshot()).changes == 0
        fresh = store.workspace("acme").snapshot()
        assert (fresh, [*fresh.plan], fresh.problems) == (acme.snapshot(), [*acme.snapshot().plan], ())
        assert acme.snapshot(at=seen.position) == seen


def test_what_counts_after_others_from_now_on_is_put_behind_them() -> None:
    one, two, three = (CheckIn(goal="k0", on="2026-08-10", value=n, id=f"{n}") for n in range(3))
    old, new = Plan.of(*GOALS, one, two), Plan.of(*GOALS, two, three, one)
    puts = written(diff(old, new), old, {})
    assert [(put.key.id, put.expect, put.anew) for put in puts] == [("1", 1, True), ("2", 0, False), ("0", 1, True)]
    with open_store("memory:") as store:
        acme = store.workspace("acme")
        acme.save(old)
        acme.save(new, base=acme.snapshot())
        assert [each.id for each in store.workspace("acme").snapshot().plan.check_ins("k0")] == ["1", "2", "0"]
        assert acme.snapshot() == store.workspace("acme").snapshot()
