"""Whether goals and facts make a plan: every rule that looks at more than one value."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import (
    Binary,
    CheckIn,
    Cycle,
    Increase,
    Initiative,
    InvalidPlan,
    KeyResult,
    Link,
    Milestone,
    Objective,
    Plan,
    Revision,
    Transition,
)
from goalkit.model.building import Thing
from goalkit.model.checks import is_structural
from goalkit.model.goals import Parents
from goalkit.model.records import Fact

Q3, Q4 = Cycle.quarter(2026, 3), Cycle.quarter(2026, 4)
METRIC = Increase(start=0, target=100)


def problems_of(make: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(InvalidPlan) as caught:
        make()
    assert all(problem.hint for problem in caught.value.problems)
    assert all(problem.path for problem in caught.value.problems)
    return [(problem.path, problem.code) for problem in caught.value.problems]


def wrong_with(*things: Thing) -> list[tuple[str, str]]:
    return problems_of(lambda: Plan.of(*things))


def objective(id: str, parent: Parents = None, cycle: str | None = None) -> Objective:  # noqa: A002 - the field's word
    return Objective(id=id, title=id, parent=parent, cycle=cycle)


def result(id: str = "k", parent: Parents = None, **fields: Any) -> KeyResult:  # noqa: A002 - the field's word
    return KeyResult(**{"id": id, "title": id, "parent": parent, "metric": METRIC, **fields})


def milestone(id: str = "m", **fields: Any) -> Milestone:  # noqa: A002 - the field's word
    return Milestone(id=id, title=id, **fields)


def revision(goal: str, on: str, **changes: Any) -> Revision:
    return Revision(goal=goal, on=date.fromisoformat(on), changes=changes)


def test_what_goals_refer_to_must_be_there() -> None:
    assert wrong_with(
        objective("a", ["nowhere", "b"], "2026-Q9"), objective("b"), milestone(depends_on=["a", "gone"])
    ) == [("a.parent", "unknown_parent"), ("a.cycle", "unknown_cycle"), ("m.depends_on", "unknown_dependency")]


def test_a_near_miss_is_pointed_at() -> None:
    with pytest.raises(InvalidPlan) as caught:
        Plan.of(objective("growth"), objective("a", "grwoth"), Q3, objective("b", cycle="2026-Q4"))
    assert [problem.hint for problem in caught.value.problems] == ["did you mean 'growth'?", "it has 2026-Q3"]


def test_thousands_of_unknown_ids_are_all_told() -> None:
    assert len(wrong_with(*(objective(f"a{n}", f"x{n}") for n in range(5000)))) == 5000


def test_a_goal_above_itself_is_refused_with_the_whole_way_round() -> None:
    with pytest.raises(InvalidPlan) as caught:
        Plan.of(objective("a", "b"), objective("b", "c"), objective("c", "a"), objective("d", "d"))
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [
        ("c.parent", "loop"),
        ("d.parent", "loop"),
    ]
    assert "a -> b -> c -> a" in caught.value.problems[0].message


def test_a_chain_of_ten_thousand_that_closes_is_told_in_one_line() -> None:
    with pytest.raises(InvalidPlan) as caught:
        Plan.of(*(objective(f"o{n}", f"o{(n + 1) % 10_000}") for n in range(10_000)))
    (problem,) = caught.value.problems
    assert problem.code == "loop"
    assert "… 9990 more …" in problem.message
    assert len(problem.message) < 200


def test_a_goal_that_waits_for_itself_is_refused() -> None:
    assert wrong_with(
        milestone("a", depends_on=["b"]),
        milestone("b", depends_on=["k", "a"]),
        result(),
        milestone("c", depends_on=["c"]),
    ) == [("b.depends_on", "dependency_loop"), ("c.depends_on", "dependency_loop")]


def test_parents_in_different_cycles_leave_open_which_one_counts() -> None:
    goals: list[Thing] = [Q3, Q4, objective("a", cycle=Q3.id), objective("b", cycle=Q4.id)]
    assert wrong_with(*goals, objective("c", ["a", "b"])) == [("c.cycle", "cycle_conflict")]
    assert len(Plan.of(*goals, objective("c", ["a", "b"], Q3.id), objective("d", ["a", Link("b", counts=False)]))) == 4


def test_a_share_needs_one_goal_above_that_has_a_metric() -> None:
    assert len(Plan.of(result(), milestone(parent="k", share=0.5))) == 2
    share = [("m.share", "share_without_metric")]
    assert wrong_with(milestone(share=0.5)) == share
    assert wrong_with(objective("o"), milestone(parent="o", share=0.5)) == share
    assert wrong_with(result("k"), result("l"), milestone(parent=["k", "l"], share=0.5)) == share
    assert wrong_with(milestone("n"), milestone(parent="n", share=0.5)) == share


def test_a_fact_is_about_a_goal_that_is_there() -> None:
    assert wrong_with(
        result("nps"),
        CheckIn(goal="npz", on="2026-08-10", value=1),
        Transition(goal="x", on="2026-08-10", stage="paused"),
        revision("y", "2026-09-01", title="Y"),
    ) == [
        ("npz[2026-08-10].goal", "unknown_goal"),
        ("x[2026-08-10].goal", "unknown_goal"),
        ("y[2026-09-01].goal", "unknown_goal"),
    ]


def test_a_check_in_says_what_its_goal_can_mean_on_its_day() -> None:
    things: list[Thing] = [result(), revision("k", "2026-09-01", metric=Binary())]
    assert len(Plan.of(*things, CheckIn(goal="k", on="2026-08-31", value=56)).facts) == 2
    assert wrong_with(*things, CheckIn(goal="k", on="2026-09-01", value=56)) == [
        ("k[2026-09-01].value", "not_true_or_false")
    ]


def test_a_check_in_corrects_one_of_the_same_goal() -> None:
    first = CheckIn(goal="k", on="2026-08-10", value=1, id="c1")
    goals: list[Thing] = [result(), result("l"), first]
    move = Transition(goal="k", on="2026-08-10", stage="paused", id="t1")
    assert Plan.of(*goals, CheckIn(goal="k", on="2026-08-11", value=2, supersedes="c1")).check_ins("k")[0].value == 2
    unknown = [("k[2026-08-11].supersedes", "unknown_check_in")]
    assert wrong_with(*goals, CheckIn(goal="k", on="2026-08-11", supersedes="nothing")) == unknown
    assert wrong_with(*goals, move, CheckIn(goal="k", on="2026-08-11", supersedes="t1")) == unknown
    assert wrong_with(*goals, CheckIn(goal="l", on="2026-08-11", supersedes="c1")) == [
        ("l[2026-08-11].supersedes", "unknown_check_in")
    ]


def test_corrections_that_correct_each_other_are_refused() -> None:
    """Otherwise neither would stand, and what was measured would be lost."""
    assert wrong_with(
        result(),
        CheckIn(goal="k", on="2026-08-10", value=1, id="c1", supersedes="c2"),
        CheckIn(goal="k", on="2026-08-10", value=2, id="c2", supersedes="c1"),
    ) == [("k[2026-08-10].supersedes", "loop")]


def test_a_revision_must_fit_its_goal_on_its_day() -> None:
    assert wrong_with(
        result(first_day="2026-07-01"),
        revision("k", "2026-09-01", actions=["a"]),
        revision("k", "2026-09-02", last_day="2026-06-30"),
    ) == [
        ("k[2026-09-01].changes.actions", "unknown_field"),
        ("k[2026-09-02].changes.last_day", "days_out_of_order"),
    ]


def test_only_the_revision_that_is_wrong_is_refused() -> None:
    assert wrong_with(
        result(), revision("k", "2026-09-01", actions=["a"]), revision("k", "2026-09-05", title="good")
    ) == [("k[2026-09-01].changes.actions", "unknown_field")]


def test_a_revision_that_makes_a_later_fact_wrong_is_refused() -> None:
    plan = Plan.of(result(), CheckIn(goal="k", on="2026-09-10", value=56))
    assert problems_of(lambda: plan.record(revision("k", "2026-09-01", metric=Binary()))) == [
        ("k[2026-09-10].value", "not_true_or_false")
    ]
    assert len(plan.record(revision("k", "2026-09-11", metric=Binary())).facts) == 2


def test_a_revision_that_makes_a_later_revision_wrong_is_refused() -> None:
    plan = Plan.of(
        result(first_day="2026-07-01", last_day="2026-12-31"), revision("k", "2026-09-01", last_day="2026-09-30")
    )
    assert problems_of(lambda: plan.record(revision("k", "2026-08-01", first_day="2026-10-15"))) == [
        ("k[2026-09-01].changes.last_day", "days_out_of_order")
    ]


def test_what_a_revision_refers_to_must_be_there() -> None:
    goals: list[Thing] = [objective("a"), milestone()]
    assert wrong_with(
        *goals,
        revision("a", "2026-09-01", parent="nowhere"),
        revision("a", "2026-09-02", cycle="2026-Q9"),
        revision("m", "2026-09-03", depends_on=["gone"]),
    ) == [
        ("a[2026-09-01].changes.parent", "unknown_parent"),
        ("a[2026-09-02].changes.cycle", "unknown_cycle"),
        ("m[2026-09-03].changes.depends_on", "unknown_dependency"),
    ]


def test_revisions_of_two_days_that_close_a_loop_are_refused_on_the_day_that_closes_it() -> None:
    assert wrong_with(
        objective("a"), objective("b"), revision("a", "2026-09-01", parent="b"), revision("b", "2026-09-02", parent="a")
    ) == [("b[2026-09-02].changes.parent", "loop")]


def test_revisions_of_one_day_that_close_a_loop_are_refused() -> None:
    found = wrong_with(
        objective("a"), objective("b"), revision("a", "2026-09-01", parent="b"), revision("b", "2026-09-01", parent="a")
    )
    assert [code for _, code in found] == ["loop"]


def test_a_loop_that_is_cut_before_it_closes_is_none() -> None:
    plan = Plan.of(
        objective("a", "b"),
        objective("b"),
        revision("a", "2026-09-01", parent=None),
        revision("b", "2026-09-02", parent="a"),
    )
    assert plan.as_of(date(2026, 9, 2)).parents("b") == ("a",)


def test_a_revision_that_makes_a_goal_wait_for_itself_is_refused() -> None:
    assert wrong_with(
        milestone("a", depends_on=["b"]), milestone("b"), revision("b", "2026-09-01", depends_on=["a"])
    ) == [("b[2026-09-01].changes.depends_on", "dependency_loop")]


def test_the_change_is_to_blame_for_what_it_makes_wrong_elsewhere() -> None:
    goals: list[Thing] = [Q3, Q4, objective("a", cycle=Q3.id), objective("b", cycle=Q3.id), objective("c", ["a", "b"])]
    innocent = revision("x", "2026-09-01", parent=None)
    assert wrong_with(*goals, objective("x", "a"), innocent, revision("b", "2026-09-01", cycle=Q4.id)) == [
        ("b[2026-09-01].changes.cycle", "cycle_conflict")
    ]
    shared: list[Thing] = [result(), milestone(parent="k", share=0.5), result("l")]
    assert wrong_with(*shared, revision("l", "2026-09-01", metric=None), revision("k", "2026-09-01", metric=None)) == [
        ("k[2026-09-01].changes.share", "share_without_metric")
    ]


def test_a_conflict_far_below_the_change_is_still_laid_at_its_door() -> None:
    goals: list[Thing] = [
        Q3,
        Q4,
        objective("a", cycle=Q3.id),
        objective("b", cycle=Q3.id),
        *(objective(f"b{n}", f"b{n - 1}" if n else "b") for n in range(1500)),
        objective("c", ["a", "b1499"]),
    ]
    assert wrong_with(*goals, revision("b", "2026-09-01", cycle=Q4.id)) == [
        ("b[2026-09-01].changes.cycle", "cycle_conflict")
    ]


def test_what_a_refused_day_changed_is_not_held_against_the_next() -> None:
    assert wrong_with(
        objective("a"),
        objective("b"),
        objective("c"),
        revision("a", "2026-09-01", parent="a"),
        revision("b", "2026-09-01", parent="c"),
        revision("a", "2026-09-02", parent="b"),
        revision("b", "2026-09-03", parent="a"),
    ) == [("a[2026-09-01].changes.parent", "loop"), ("b[2026-09-03].changes.parent", "loop")]


def test_no_revision_is_to_blame_for_what_was_wrong_before() -> None:
    revised = revision("k", "2026-09-01", metric=Binary())
    assert wrong_with(objective("a", "b"), objective("b", "a"), result(), revised) == [("b.parent", "loop")]
    assert wrong_with(milestone(share=0.5), result(), revision("m", "2026-09-01", share=0.25)) == [
        ("m.share", "share_without_metric")
    ]
    moved = revision("k", "2026-09-01", parent="a")
    assert wrong_with(objective("a", "nowhere"), result(), moved) == [("a.parent", "unknown_parent")]


def test_a_revision_about_nothing_breaks_nothing_else() -> None:
    assert wrong_with(objective("a"), revision("gone", "2026-09-01", parent="a")) == [
        ("gone[2026-09-01].goal", "unknown_goal")
    ]


def test_a_share_that_a_revision_gives_is_checked_beside_its_parent() -> None:
    goals: list[Thing] = [objective("o"), result(parent="o"), milestone(parent="o")]
    assert wrong_with(*goals, revision("m", "2026-09-01", share=0.5)) == [
        ("m[2026-09-01].changes.share", "share_without_metric")
    ]
    assert len(Plan.of(*goals, revision("m", "2026-09-01", share=0.5, parent="k")).facts) == 1


@pytest.mark.parametrize("name", ["parent", "cycle", "depends_on", "share", "metric"])
def test_what_other_goals_depend_on_is_structural(name: str) -> None:
    empty: Any = [] if name in {"parent", "depends_on"} else None
    assert is_structural(Revision(goal="a", on="2026-09-01", changes={name: empty}))
    assert not is_structural(Revision(goal="a", on="2026-09-01", changes={"title": "B", "weight": 2}))


def test_a_transition_is_always_possible_for_a_goal_that_is_there() -> None:
    work = Initiative(id="i", title="I")
    assert len(Plan.of(work, Transition(goal="i", on="2026-08-01", stage="archived")).facts) == 1


GOALS: tuple[Thing, ...] = (
    Q3,
    Q4,
    objective("a", cycle=Q3.id),
    objective("b", "a"),
    objective("c"),
    result("k", "b"),
    milestone("m", parent="k", share=0.5),
    milestone("n", parent="c", depends_on=["m"]),
)
IDS = [thing.id for thing in GOALS[2:]]


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    goal = draw(st.sampled_from(IDS))
    on = date(2026, 9, draw(st.integers(1, 4)))
    some = st.lists(st.sampled_from(IDS), max_size=2, unique=True)
    changes: dict[str, st.SearchStrategy[Any]] = {
        "parent": some,
        "cycle": st.sampled_from([None, Q3.id, Q4.id]),
        "first_day": st.sampled_from([None, date(2026, 8, 1)]),
        "last_day": st.sampled_from([None, date(2026, 7, 15)]),
    }
    if goal in {"m", "n"}:
        changes |= {"depends_on": some, "share": st.sampled_from([None, 0.5])}
    else:
        changes["metric"] = st.sampled_from([None, METRIC, Binary()])
    if draw(st.booleans()) and goal in {"k", "m", "n"}:
        return CheckIn(goal=goal, on=on, value=draw(st.sampled_from([0, 1, 50])))
    names = draw(st.lists(st.sampled_from(sorted(changes)), min_size=1, max_size=2, unique=True))
    return Revision(goal=goal, on=on, changes={name: draw(changes[name]) for name in names})


@given(st.lists(facts(), max_size=6))
def test_what_is_accepted_one_by_one_is_accepted_at_once_and_nothing_else(drawn: list[Fact]) -> None:
    """Recording looks only at what a fact may break, and that must be enough and not too much."""
    plan = Plan.of(*GOALS)
    kept: list[Fact] = []
    for fact in drawn:
        try:
            whole: Plan | None = Plan.of(*GOALS, *kept, fact)
        except InvalidPlan:
            whole = None
        try:
            grown: Plan | None = plan.record(fact)
        except InvalidPlan:
            grown = None
        assert grown == whole
        if grown is not None:
            plan = grown
            kept.append(fact)
    for on in {fact.on for fact in kept}:
        then = plan.definitions(on)
        Plan.of(*then.cycles.values(), *then.goals.values())
