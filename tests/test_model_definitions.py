"""The goals as they were defined on some day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest

from goalkit import KPI, Binary, Cycle, Increase, InvalidValue, KeyResult, Objective, Revision
from goalkit.model.definitions import NOTHING_WRITTEN, Definitions, apply, defined
from goalkit.model.goals import Goal

DAY = date(2026, 9, 1)
Q3 = Cycle.quarter(2026, 3)


def revision(goal: str = "k", days: int = 0, id: str = "", **changes: Any) -> Revision:  # noqa: A002 - the field's word
    return Revision(goal=goal, on=DAY + timedelta(days=days), id=id, changes=changes)


def written() -> Definitions:
    goals: tuple[Goal, ...] = (
        Objective(id="a", title="A", cycle=Q3.id),
        Objective(id="b", title="B"),
        KeyResult(id="k", title="K", parent="a", metric=Increase(start=0, target=10)),
    )
    return Definitions({goal.id: goal for goal in goals}, {Q3.id: Q3})


def test_revisions_are_applied_in_their_order() -> None:
    goal = written().goals["k"]
    assert apply(goal, [revision(title="one", weight=2), revision(title="two")]).title == "two"
    assert apply(goal, []) is goal


def test_a_revision_of_a_field_that_the_goal_does_not_have_is_refused() -> None:
    with pytest.raises(InvalidValue) as caught:
        apply(written().goals["k"], [revision(actions=["x"])])
    (problem,) = caught.value.problems
    assert (problem.path, problem.code) == ("actions", "unknown_field")
    assert problem.hint


def test_a_revision_that_cannot_be_applied_leaves_the_others_alone() -> None:
    goal = defined(written().goals["k"], [revision(actions=["x"]), revision(title="new")])
    assert goal.title == "new"


def test_without_revisions_the_definitions_are_the_same() -> None:
    base = written()
    assert base.revised([]) is base
    assert NOTHING_WRITTEN.goals == {}


def test_revised_definitions_leave_the_first_ones_alone() -> None:
    base = written()
    revised = base.revised([revision(title="new"), revision("gone", title="x")])
    assert base.goals["k"].title == "K"
    assert revised.goals["k"].title == "new"
    assert list(revised.goals) == list(base.goals)
    assert revised.structure is base.structure


def test_a_moved_goal_gives_another_structure_and_other_periods() -> None:
    base = written()
    assert base.periods[2] == (Q3.first_day, Q3.last_day)
    moved = base.revised([revision(parent="b")])
    assert moved.structure.up == [[], [], [1]]
    assert moved.periods[2] == (None, None)
    assert base.structure.up == [[], [], [0]]
    assert base.structure is base.structure
    assert base.periods is base.periods


def test_the_same_revisions_give_the_same_definitions() -> None:
    base = written()
    revisions = [revision(title="new")]
    assert base.revised(revisions) is base.revised(list(revisions))


def test_two_revisions_of_one_id_are_not_taken_for_each_other() -> None:
    base = written()
    one, two = revision(id="r", title="one"), revision(id="r", title="two")
    assert base.revised([one]).goals["k"].title == "one"
    assert base.revised([two]).goals["k"].title == "two"


def test_what_is_remembered_is_what_would_be_worked_out() -> None:
    base = written()
    revisions = [revision(days=at, title=f"t{at}", **({"parent": "b"} if at == 7 else {})) for at in range(20)]
    for size in [*range(1, 21), 3, 15, 1, 20, 8, 7]:
        fresh = written().revised(revisions[:size])
        remembered = base.revised(revisions[:size])
        assert remembered.goals == fresh.goals
        assert remembered.structure.up == fresh.structure.up


def test_little_is_remembered() -> None:
    base = written()
    for at in range(100):
        base.revised([revision(title=f"t{at}")])
    assert len(base._revised) <= 8


def test_many_threads_may_ask_at_once() -> None:
    base = written()
    revisions = [revision(days=at, title=f"t{at}", metric=Binary()) for at in range(12)]

    def ask(at: int) -> bool:
        size = at % 12 + 1
        found = base.revised(revisions[:size])
        return found.goals["k"].title == f"t{size - 1}" and found.structure is base.structure

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(3000)))


def test_kpis_stay_what_they_are_whatever_is_revised() -> None:
    base = written()
    assert dict(base.kpis) == {}
    staff = KPI(id="staff", title="Staff", kind="stock")
    base = Definitions(base.goals, base.cycles, kpis={"staff": staff})
    assert base.revised([revision(title="new"), revision(days=1, parent="b")]).kpis is base.kpis
