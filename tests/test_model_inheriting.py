"""The nearest word counts."""

from typing import Any

from hypothesis import given

from goalkit import Initiative, Link, Objective, Plan
from goalkit.model.inheriting import nearest
from goalkit.model.plan import Plan as AnyPlan
from goalkit.testing.strategies import plans


def objective(goal_id: str, parent: Any = None, **fields: Any) -> Objective:
    return Objective(id=goal_id, title=goal_id, parent=parent, **fields)


def owners(*goals: Any) -> list[Any]:
    return nearest(Plan.of(*goals).latest, "owner")


def test_the_nearest_goal_that_says_something_counts() -> None:
    top, own = objective("top", owner="ann"), objective("own", "top", owner="bo")
    assert owners(top, own, objective("below", "own"), objective("other", "top")) == ["ann", "bo", "bo", "ann"]
    assert owners(objective("a"), objective("b", "a")) == [None, None]


def test_of_two_as_near_the_first_link_counts_and_of_others_the_nearer() -> None:
    goals = [objective("a", owner="ann"), objective("b", owner="bo"), objective("far", "a"), objective("mid", "far")]
    assert owners(*goals, objective("x", ["b", "a"]))[-1] == "bo"
    assert owners(*goals, objective("x", ["mid", "b"]))[-1] == "bo"
    assert owners(*goals, objective("x", ["mid", "far"]))[-1] == "ann"


def test_what_is_only_supported_counts_where_nothing_else_is() -> None:
    goals = [objective("a", owner="ann"), objective("b", owner="bo")]
    assert owners(*goals, objective("x", [Link("a", counts=False), Link("b")]))[-1] == "bo"
    assert owners(*goals, Initiative(id="i", title="I", parent="a"))[-1] == "ann"


@given(plans(max_facts=0))
def test_what_is_worked_out_for_all_is_what_a_walk_up_finds(plan: AnyPlan) -> None:
    for goal, found in zip(plan.latest.goals.values(), nearest(plan.latest, "cadence"), strict=True):
        assert plan.inherited(goal.id, "cadence") == found
        if goal.cadence is not None:
            assert found == goal.cadence
        elif found is not None:
            assert any(plan.inherited(parent, "cadence") == found for parent in plan.parents(goal.id))
