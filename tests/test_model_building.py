"""How a plan is put together from things."""

from collections.abc import Callable
from datetime import date

import pytest

from goalkit import (
    KPI,
    CheckIn,
    Cycle,
    InvalidPlan,
    InvalidValue,
    KeyResult,
    Milestone,
    Objective,
    Observation,
    Plan,
    Problem,
    Revision,
)
from goalkit.model.building import assemble, check, placed
from goalkit.model.definitions import NOTHING_WRITTEN
from goalkit.model.facts import FactLog, ObservationLog

Q3 = Cycle.quarter(2026, 3)
A = Objective(id="a", title="A")


def problem_of(make: Callable[[], object]) -> Problem:
    with pytest.raises(InvalidValue) as caught:
        make()
    (problem,) = caught.value.problems
    assert problem.hint
    return problem


def test_things_come_in_any_order_and_the_same_thing_twice_is_one_thing() -> None:
    fact = CheckIn(goal="m", on="2026-08-10", value=True)
    parts = assemble(
        [fact, A, Q3, Milestone(id="m", title="M"), A, Q3, fact], NOTHING_WRITTEN, FactLog(), ObservationLog()
    )
    assert list(parts.written.goals) == ["a", "m"]
    assert list(parts.written.cycles) == ["2026-Q3"]
    assert list(parts.log) == [fact]
    assert parts.findings == ()
    assert list(check(parts, NOTHING_WRITTEN)) == []


def test_what_is_there_already_is_not_new() -> None:
    first = assemble([A, Q3], NOTHING_WRITTEN, FactLog(), ObservationLog())
    again = assemble([A, Q3], first.written, first.log, first.observed)
    assert again.written is first.written
    assert again.log is first.log
    assert (again.goals, again.facts) == ((), ())


def test_one_id_for_two_different_things_of_a_sort_is_refused() -> None:
    fact = CheckIn(goal="a", on="2026-08-10", id="c")
    with pytest.raises(InvalidPlan) as caught:
        Plan.of(
            A,
            KeyResult(id="a", title="A"),
            Q3,
            Cycle(id="2026-Q3", first_day="2026-07-01", last_day="2026-09-30"),
            fact,
            CheckIn(goal="a", on="2026-08-11", id="c"),
        )
    assert [(problem.path, problem.code, problem.message) for problem in caught.value.problems] == [
        ("a.id", "duplicate_id", "another key result has the id 'a'"),
        ("2026-Q3.id", "duplicate_id", "another cycle has the id '2026-Q3'"),
        ("a[2026-08-11].id", "duplicate_id", "another check in has the id 'c'"),
    ]


def test_a_goal_and_a_cycle_and_a_fact_may_share_an_id() -> None:
    plan = Plan.of(
        Objective(id="x", title="X", cycle="x"),
        Cycle(id="x", first_day="2026-07-01", last_day="2026-07-31"),
        CheckIn(goal="x", on="2026-07-05", id="x"),
    )
    assert (len(plan), len(plan.cycles), len(plan.facts)) == (1, 1, 1)


def test_an_id_that_is_taken_in_the_plan_is_refused() -> None:
    with pytest.raises(InvalidPlan) as caught:
        Plan.of(A).add(Objective(id="a", title="B"))
    assert caught.value.problems[0].code == "duplicate_id"
    fact = CheckIn(goal="a", on="2026-08-10", note="one", id="c")
    with pytest.raises(InvalidPlan):
        Plan.of(A, fact).record(CheckIn(goal="a", on="2026-08-10", note="two", id="c"))


def test_a_problem_is_told_with_the_place_where_its_thing_was_read() -> None:
    problem = Problem(code="x", message="y", path="title")
    fact = CheckIn(goal="a", on="2026-08-10")
    assert placed(problem, A, {id(A): "[3]"}).path == "[3].title"
    assert placed(problem, A, {}).path == "a.title"
    assert placed(problem, Q3, {}).path == "2026-Q3.title"
    assert placed(problem, fact, {}).path == "a[2026-08-10].title"


def test_old_facts_are_looked_at_again_only_from_the_day_of_a_new_revision() -> None:
    goal = Milestone(id="m", title="M")
    early, late = (CheckIn(goal="m", on=date(2026, 8, day), value=0.5) for day in (1, 20))
    plan = Plan.of(goal, early)
    revised = Revision(goal="m", on=date(2026, 8, 10), changes={"title": "N"})
    second = Revision(goal="m", on=date(2026, 8, 15), changes={"title": "O"})
    assert len(plan.record(late).record(second, revised).facts) == 4


STAFF = KPI(id="staff", title="Staff", kind="stock")
SEEN = Observation(kpi="staff", on="2026-07-31", value=10)


def test_kpis_and_observations_come_in_any_order_and_the_same_twice_is_one() -> None:
    parts = assemble([SEEN, STAFF, SEEN, STAFF], NOTHING_WRITTEN, FactLog(), ObservationLog())
    assert (parts.kpis, parts.observations, parts.findings) == ((STAFF,), (SEEN,), ())
    assert list(parts.written.kpis.values()) == [STAFF]
    assert list(parts.observed) == [SEEN]
    assert list(check(parts, NOTHING_WRITTEN)) == []
    again = assemble([STAFF, SEEN], parts.written, parts.log, parts.observed)
    assert again.written is parts.written
    assert again.observed is parts.observed
    assert (again.kpis, again.observations) == ((), ())
    more = assemble([A], parts.written, parts.log, parts.observed)
    assert more.written.kpis is parts.written.kpis


def test_one_id_for_two_different_kpis_or_observations_is_refused() -> None:
    with pytest.raises(InvalidPlan) as caught:
        Plan.of(
            STAFF,
            KPI(id="staff", title="Other", kind="stock"),
            Observation(kpi="staff", on="2026-07-31", value=1, id="o"),
            Observation(kpi="staff", on="2026-08-01", value=1, id="o"),
        )
    assert [(problem.path, problem.message) for problem in caught.value.problems] == [
        ("staff.id", "another KPI has the id 'staff'"),
        ("staff[2026-08-01].id", "another observation has the id 'o'"),
    ]


def test_a_kpi_and_a_goal_and_a_fact_and_an_observation_may_share_an_id() -> None:
    plan = Plan.of(
        Objective(id="x", title="X", affects=["x"]),
        KPI(id="x", title="X", kind="flow"),
        CheckIn(goal="x", on="2026-07-05", id="x"),
        Observation(kpi="x", on="2026-07-05", value=1, id="x"),
    )
    assert (len(plan), len(plan.kpis), len(plan.facts), len(plan.observed)) == (1, 1, 1, 1)


def test_a_problem_of_a_kpi_is_told_with_its_place() -> None:
    problem = Problem(code="x", message="y", path="title")
    assert placed(problem, STAFF, {}).path == "staff.title"
    assert placed(problem, SEEN, {}).path == "staff[2026-07-31].title"
    assert placed(problem, SEEN, {id(SEEN): "[3]"}).path == "[3].title"
