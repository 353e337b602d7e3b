"""The shape of a plan."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import Cycle, Initiative, InvalidPlan, KeyResult, Link, Milestone, Objective, Plan
from goalkit.model.goals import Goal, Parents
from goalkit.model.structure import Periods, Structure, loops
from goalkit.testing.strategies import plans

Q3, Q4 = Cycle.quarter(2026, 3), Cycle.quarter(2026, 4)


def by_id(*goals: Goal) -> dict[str, Goal]:
    return {goal.id: goal for goal in goals}


def objective(id: str, parent: Parents = None, cycle: str | None = None) -> Objective:  # noqa: A002 - the field's word
    return Objective(id=id, title=id, parent=parent, cycle=cycle)


def periods_of(*goals: Goal) -> tuple[dict[str, tuple[date | None, date | None]], Periods]:
    known = by_id(*goals)
    structure = Structure(known)
    periods = Periods(structure, known, {Q3.id: Q3, Q4.id: Q4})
    return {goal_id: periods[structure.at[goal_id]] for goal_id in known}, periods


def test_positions_follow_the_order_of_the_plan_and_parents_that_of_the_links() -> None:
    structure = Structure(by_id(objective("c", ["b", "a"]), objective("a"), objective("b", "a")))
    assert structure.ids == ("c", "a", "b")
    assert structure.at == {"c": 0, "a": 1, "b": 2}
    assert structure.up == [[2, 1], [], [1]]
    assert structure.down == [[], [0, 2], [0]]
    assert structure.down is structure.down
    assert structure.children_first == [0, 2, 1]
    assert not structure.has_loop


def test_links_that_lead_nowhere_are_left_out() -> None:
    assert Structure(by_id(objective("a", ["nowhere"]))).up == [[]]


def test_goals_on_a_loop_and_above_it_are_missing_from_the_order() -> None:
    structure = Structure(
        by_id(objective("a", "b"), objective("b", ["a", "top"]), objective("below", "a"), objective("top"))
    )
    assert structure.has_loop
    assert [structure.ids[position] for position in structure.children_first] == ["below"]
    assert Structure(by_id(objective("a", "a"))).has_loop


@given(plans(max_goals=10, check_ins=False, revisions=False, transitions=False, details=False))
def test_children_come_before_their_parents(plan: Plan) -> None:
    structure = plan.written.structure
    place = {position: at for at, position in enumerate(structure.children_first)}
    assert sorted(place) == list(range(len(plan)))
    for child, parents in enumerate(structure.up):
        assert all(place[child] < place[parent] for parent in parents)
        assert all(child in structure.down[parent] for parent in parents)


def test_every_loop_is_found_with_the_link_that_closes_it() -> None:
    ups = {"a": ["b"], "b": ["c", "d"], "c": ["a"], "d": [], "self": ["self"]}
    assert loops(ups, ups.__getitem__) == [("a", "b", "c", "a"), ("self", "self")]
    assert loops([], ups.__getitem__) == []


def test_a_long_loop_is_told_by_its_ends() -> None:
    def following(goal_id: str) -> list[str]:
        return [str((int(goal_id) + 1) % 100)]

    (loop,) = loops(["0"], following)
    assert loop == ("0", "1", "2", "3", "4", "5", "… 90 more …", "96", "97", "98", "99", "0")
    assert len(loops(["0"], lambda goal_id: [str((int(goal_id) + 1) % 11)])[0]) == 12


@given(st.dictionaries(st.integers(0, 7), st.lists(st.integers(0, 7), unique=True), max_size=8))
def test_without_the_links_that_close_loops_no_loop_is_left(drawn: dict[int, list[int]]) -> None:
    ups: Mapping[str, list[str]] = {
        str(child): [str(parent) for parent in parents if parent in drawn] for child, parents in drawn.items()
    }
    closing = {(loop[-2], loop[-1]) for loop in loops(ups, ups.__getitem__)}
    assert all(parent in ups[child] for child, parent in closing)
    cut = {child: [parent for parent in parents if (child, parent) not in closing] for child, parents in ups.items()}
    assert loops(cut, cut.__getitem__) == []
    whole = Structure(by_id(*(objective(child, parents) for child, parents in ups.items())))
    assert whole.has_loop is bool(closing)


def test_chains_of_ten_thousand_goals_need_no_recursion() -> None:
    size = 10_000
    goals = by_id(*(objective(f"o{n}", f"o{n + 1}" if n < size - 1 else None) for n in range(size)))
    assert not Structure(goals).has_loop
    (loop,) = loops(goals, lambda goal_id: [f"o{(int(goal_id[1:]) + 1) % size}"])
    assert loop[-2:] == (f"o{size - 1}", "o0")


def test_ten_thousand_loops_through_one_chain_are_found_in_little_space() -> None:
    size = 10_000
    found = loops(["0"], lambda goal_id: ["0", str(int(goal_id) + 1)] if int(goal_id) < size - 1 else ["0"])
    assert len(found) == size
    assert max(map(len, found)) == 12


def test_a_period_is_ones_own_else_ones_cycles_else_ones_parents() -> None:
    periods, _ = periods_of(
        objective("a", cycle=Q3.id),
        objective("b", "a"),
        Objective(id="c", title="C", parent="a", first_day="2026-08-01"),
        Objective(id="d", title="D", parent="a", cycle=Q4.id, last_day="2026-11-30"),
        objective("e"),
        Objective(id="f", title="F", first_day="2026-08-01", last_day="2026-08-02"),
    )
    q3 = (Q3.first_day, Q3.last_day)
    assert periods == {
        "a": q3,
        "b": q3,
        "c": (date(2026, 8, 1), Q3.last_day),
        "d": (Q4.first_day, date(2026, 11, 30)),
        "e": (None, None),
        "f": (date(2026, 8, 1), date(2026, 8, 2)),
    }


def test_a_milestones_period_ends_with_its_due_day_unless_it_says_otherwise() -> None:
    periods, _ = periods_of(
        objective("a", cycle=Q3.id),
        Milestone(id="m", title="M", parent="a", due="2026-08-15"),
        Milestone(id="n", title="N", parent="a", due="2026-08-15", last_day="2026-08-20"),
    )
    assert periods["m"] == (Q3.first_day, date(2026, 8, 15))
    assert periods["n"] == (Q3.first_day, date(2026, 8, 20))


def test_an_unknown_cycle_says_nothing() -> None:
    assert periods_of(objective("a", cycle="nowhere"))[0] == {"a": (None, None)}


def test_parents_that_agree_pass_their_cycle_on() -> None:
    periods, found = periods_of(
        objective("a", cycle=Q3.id), objective("b", cycle=Q3.id), objective("c"), objective("d", ["c", "a", "b"])
    )
    assert periods["d"] == (Q3.first_day, Q3.last_day)
    assert found.conflicts == []
    assert found.cycles == [Q3.id, Q3.id, None, Q3.id]


def test_parents_without_any_days_pass_on_none() -> None:
    assert periods_of(objective("a"), objective("b"), objective("c", ["a", "b"]))[0]["c"] == (None, None)


def test_parents_in_different_cycles_are_a_conflict_once_and_not_below() -> None:
    _, found = periods_of(
        objective("a", cycle=Q3.id),
        objective("b", cycle=Q4.id),
        objective("c", ["a", "b"]),
        objective("d", "c"),
        objective("e", ["a", "b"], cycle=Q4.id),
    )
    assert found.conflicts == [(2, (Q3.id, Q4.id))]
    assert found.cycles[3] == Q3.id


def test_a_parent_that_is_only_supported_passes_on_nothing_unless_there_is_no_other() -> None:
    goals: tuple[Goal, ...] = (
        objective("a", cycle=Q3.id),
        objective("b", cycle=Q4.id),
        KeyResult(id="k", title="K", parent=[Link("a", counts=False), "b"]),
        Initiative(id="i", title="I", parent="a"),
    )
    periods, found = periods_of(*goals)
    assert periods["k"] == (Q4.first_day, Q4.last_day)
    assert periods["i"] == (Q3.first_day, Q3.last_day)
    assert found.conflicts == []


def test_a_period_that_would_end_before_it_begins_is_no_period() -> None:
    """A goal's own first day may lie after the last day that it inherits."""
    own = [
        Objective(id="b", title="B", parent="a", first_day="2026-10-15"),
        Objective(id="c", title="C", parent="a", last_day="2026-06-15"),
        Milestone(id="m", title="M", parent="a", due="2026-06-15"),
    ]
    _, found = periods_of(objective("a", cycle=Q3.id), *own)
    assert sorted(found.inverted) == [1, 2, 3]
    with pytest.raises(InvalidPlan) as caught:
        Plan.of(Q3, objective("a", cycle=Q3.id), *own)
    assert {(problem.path, problem.code) for problem in caught.value.problems} == {
        ("b.first_day", "days_out_of_order"),
        ("c.last_day", "days_out_of_order"),
        ("m.due", "days_out_of_order"),
    }
