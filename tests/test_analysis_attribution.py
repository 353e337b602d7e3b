"""Why a figure moved: parts that sum to the difference, whatever the order in which it was recorded."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goalkit import (
    KPI,
    Approval,
    Cause,
    CheckIn,
    Cycle,
    Grade,
    Increase,
    InvalidValue,
    KeyResult,
    Link,
    Milestone,
    Objective,
    Observation,
    Plan,
    Policy,
    Retrospective,
    Transition,
    UnknownId,
    attribution,
    rollup,
)
from goalkit.analysis.attribution import Attribution
from goalkit.testing.strategies import days, plans, policies

SINCE, DAY, UNTIL = date(2026, 7, 31), date(2026, 8, 15), date(2026, 8, 31)


def result(goal_id: str, parent: Any = "o", **fields: Any) -> KeyResult:
    values = {"metric": Increase(start=0, target=10), "parent": parent, **fields}
    return KeyResult(id=goal_id, title=goal_id, **values)


def at(goal_id: str, value: Any, on: date = SINCE) -> CheckIn:
    return CheckIn(goal=goal_id, on=on, value=value)


PLAN = Plan.of(Objective(id="o", title="O"), result("a"), result("b", weight=3), at("a", 2), at("b", 4))


def why(plan: Plan, goal: str = "o", **choices: Any) -> Attribution:
    return attribution(plan, goal, since=SINCE, until=UNTIL, policy=Policy(**choices))


def parts(plan: Plan, **choices: Any) -> dict[tuple[str, str], float]:
    return {(part.goal, part.because.value): round(part.points, 9) for part in why(plan, **choices)}


def test_nothing_happened_and_nothing_moved() -> None:
    still = why(PLAN)
    assert [*still] == []
    assert [still.before, still.after] == pytest.approx([0.35, 0.35])


def test_check_ins_bring_what_they_moved_and_are_put_together() -> None:
    plan = PLAN.record(at("a", 4, DAY), at("a", 6, UNTIL), at("b", 8, DAY))
    assert parts(plan) == {("b", "check_in"): 0.3, ("a", "check_in"): 0.1}
    assert [part.goal for part in why(plan)] == ["b", "a"]


def test_what_happened_outside_is_not_told() -> None:
    plan = PLAN.record(at("a", 9, date(2026, 9, 1)), at("a", 8, date(2026, 7, 1)))
    assert parts(plan) == {}


@pytest.mark.parametrize(
    ("changes", "cause", "moved"),
    [
        ({"weight": 1}, "weight", 0.3 - 0.35),
        ({"metric": Increase(start=0, target=5)}, "target", 0.65 - 0.35),
        ({"parent": None}, "link", 0.2 - 0.35),
        ({"first_day": date(2026, 9, 1)}, "period", 0.2 - 0.35),
        ({"reads": "sum"}, "method", 0.65 - 0.35),
        ({"title": "Another"}, "", 0.0),
    ],
)
def test_each_change_of_a_goal_has_its_cause(changes: dict[str, Any], cause: str, moved: float) -> None:
    plan = PLAN.record(CheckIn(goal="b", on=SINCE, value=4, id="again"))
    if cause != "method":
        plan = PLAN
    expected = {("b", cause): round(moved, 9)} if cause else {}
    assert parts(plan.amend("b", on=DAY, **changes)) == expected


def test_a_revision_that_changes_several_things_is_taken_apart() -> None:
    plan = PLAN.amend("b", on=DAY, weight=1, metric=Increase(start=0, target=5))
    assert parts(plan) == {("b", "target"): 0.3, ("b", "weight"): -0.15}


def test_a_revision_that_cannot_be_taken_apart_belongs_to_its_last_part() -> None:
    plan = PLAN.amend("o", on=DAY, metric=Increase(start=0, target=10), rollup="sum_of_values")
    assert parts(plan) == {("o", "target"): 0.25}
    back = plan.amend("o", on=UNTIL, metric=None, rollup="minimum")
    assert sum(parts(back).values()) == pytest.approx(0.2 - 0.35)


@pytest.mark.parametrize(
    ("fact", "cause"),
    [
        ({"stage": "paused"}, "paused"),
        ({"stage": "archived"}, "archived"),
        ({"stage": "draft"}, "draft"),
        ({"stage": "closed", "outcome": "dropped"}, "dropped"),
    ],
)
def test_a_move_between_stages_is_its_own_cause(fact: dict[str, Any], cause: str) -> None:
    assert parts(PLAN.record(Transition(goal="b", on=DAY, **fact))) == {("b", cause): -0.15}


def test_what_comes_back_is_told_as_what_it_is_now() -> None:
    paused = PLAN.record(Transition(goal="b", on=SINCE, stage="paused"))
    assert parts(paused.record(Transition(goal="b", on=DAY, stage="active"))) == {("b", "active"): 0.15}
    closed = PLAN.record(Transition(goal="b", on=DAY, stage="closed"))
    assert parts(closed, closed="complete") == {("b", "closed"): 0.45}


def test_approvals_and_grades_are_told_as_the_stage_that_they_bring() -> None:
    plan = PLAN.amend("b", approvers=["cpo", "cto"]).record(Transition(goal="b", on=SINCE, stage="proposed"))
    one = plan.record(Approval(goal="b", on=DAY, by="cpo"), Retrospective(goal="b", on=DAY, reached="little"))
    assert parts(one) == {}
    assert parts(one.record(Approval(goal="b", on=DAY, by="cto"))) == {("b", "approved"): 0.15}
    assert parts(one.amend("b", on=UNTIL, approvers=["cpo"])) == {("b", "approved"): 0.15}
    dropped = Grade(goal="b", on=DAY, by="cpo", outcome="dropped")
    assert parts(PLAN.record(dropped)) == {("b", "dropped"): -0.15}
    missed = Grade(goal="b", on=DAY, by="cpo", outcome="missed")
    assert parts(PLAN.record(missed), closed="leave_out") == {("b", "closed"): -0.15}


def test_of_several_moves_on_one_day_the_one_that_was_recorded_last_holds() -> None:
    there = [Transition(goal="b", on=DAY, stage=stage) for stage in ("paused", "active")]
    assert parts(PLAN.record(*there)) == {}
    assert parts(PLAN.record(*reversed(there))) == {("b", "paused"): -0.15}


def test_what_begins_or_was_done_on_the_way_has_started() -> None:
    plan = PLAN.add(
        result("later", first_day="2026-08-10", weight=4),
        Milestone(id="m", title="M", parent="o", done_on="2026-08-20", weight=8),
    )
    assert parts(plan) == {("later", "started"): round(1.4 / 16 - 1.4 / 12, 9), ("m", "started"): 0.5}


def test_a_period_that_was_set_on_the_way_begins_on_its_day() -> None:
    plan = PLAN.amend("b", on=date(2026, 8, 5), first_day="2026-08-20")
    assert parts(plan) == {("b", "period"): -0.15, ("b", "started"): 0.15}
    cycles = PLAN.add(Cycle(id="late", first_day="2026-08-20", last_day="2026-12-31"))
    assert parts(cycles.amend("b", on=date(2026, 8, 5), cycle="late")) == {
        ("b", "period"): -0.15,
        ("b", "started"): 0.15,
    }


def test_a_figure_that_was_unknown_counts_as_nothing_in_the_difference() -> None:
    plan = Plan.of(Objective(id="o", title="O"), result("a"), at("a", 4, DAY))
    told = why(plan)
    assert (told.before, told.after) == (None, 0.4)
    assert parts(plan) == {("a", "check_in"): 0.4}


def test_it_prints_as_a_table_and_is_plain_data() -> None:
    told = why(PLAN.record(at("b", 8, DAY)))
    assert str(told).splitlines() == [
        "o from 35 % on 2026-07-31 to 65 % on 2026-08-31",
        "points  goal  because",
        "  30.0  b     check_in",
    ]
    assert told._repr_html_().startswith("<p>o from 35 %")
    assert repr(told) == "<Attribution of 'o' from 2026-07-31 to 2026-08-31>"
    (row,) = json.loads(json.dumps(told.to_dicts()))
    assert (row["goal"], row["because"]) == ("b", "check_in")
    assert (told.goal, told.since, told.until, len(told)) == ("o", SINCE, UNTIL, 1)
    assert (told[0].because, told[:1]) == (Cause.CHECK_IN, (told[0],))


def test_what_is_no_plan_goal_or_order_of_days_is_refused() -> None:
    wrong: Any = "plan"
    with pytest.raises(InvalidValue, match="plan"):
        attribution(wrong, "o", since=SINCE, until=UNTIL)
    with pytest.raises(UnknownId):
        why(PLAN, "x")
    with pytest.raises(InvalidValue, match="until: 2026-07-31 is before 2026-08-31"):
        attribution(PLAN, "o", since=UNTIL, until=SINCE)
    with pytest.raises(InvalidValue, match="day"):
        attribution(PLAN, "o", since="soon", until=UNTIL)  # type: ignore[arg-type]  # read at run time


def test_a_supporting_goal_moves_nothing() -> None:
    plan = PLAN.add(result("s", Link("o", counts=False))).record(at("s", 9, DAY))
    assert parts(plan) == {}


by_law = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@by_law
@given(plans(details=False, max_facts=5), days(), days(), policies())
def test_the_parts_sum_to_the_difference(plan: Plan, one: date, other: date, policy: Policy) -> None:
    since, until = sorted((one, other))
    before, after = rollup(plan, as_of=since, policy=policy), rollup(plan, as_of=until, policy=policy)
    for goal_id in plan:
        told = attribution(plan, goal_id, since=since, until=until, policy=policy)
        for mine, row in ((told.before, before[goal_id]), (told.after, after[goal_id])):
            assert mine == row.value or mine == pytest.approx(row.value, rel=1e-9, abs=1e-9)
        moved = (after[goal_id].value or 0.0) - (before[goal_id].value or 0.0)
        size = max([1.0, *(abs(part.points) for part in told)])
        assert sum(part.points for part in told) == pytest.approx(moved, rel=1e-9, abs=1e-9 * size)


@by_law
@given(plans(details=False, max_facts=5), days(), days(), st.randoms(use_true_random=False))
def test_the_order_of_recording_makes_no_difference(plan: Plan, one: date, other: date, random: Any) -> None:
    since, until = sorted((one, other))
    # What was said of one goal on one day stays in its order, because the last word holds.
    shuffled = sorted(plan.facts, key=lambda _: random.random())
    in_order = {(fact.goal, fact.on): iter([*plan.log.about(fact.goal)]) for fact in plan.facts}
    again = [next(each for each in in_order[fact.goal, fact.on] if each.on == fact.on) for fact in shuffled]
    mixed = Plan.of(*plan.cycles, *plan.goals, *again)
    for goal_id in plan:
        mine = attribution(plan, goal_id, since=since, until=until)
        theirs = attribution(mixed, goal_id, since=since, until=until)
        assert [(part.goal, part.because) for part in mine] == [(part.goal, part.because) for part in theirs]
        assert [part.points for part in mine] == pytest.approx([part.points for part in theirs])


# -- measured by a KPI ------------------------------------------------------------------------------

SALES = KPI(id="sales", title="Sales", kind="flow")


def seen(value: Any, on: date, **fields: Any) -> Observation:
    return Observation(kpi="sales", on=on, value=value, **fields)


def test_what_was_observed_is_told_as_its_cause() -> None:
    plan = Plan.of(Objective(id="o", title="O"), SALES, result("a", measured_by="sales"), result("b"), at("b", 4))
    plan = plan.record(seen(2, SINCE), seen(4, DAY), seen(1, UNTIL))
    assert parts(plan) == {("a", "observed"): 0.25}
    assert parts(plan.record(at("b", 6, DAY))) == {("a", "observed"): 0.25, ("b", "check_in"): 0.1}
    assert parts(plan.record(seen(2, UNTIL, supersedes=plan.observations("sales")[1].id))) == {("a", "observed"): 0.15}


def test_a_goal_that_begins_on_the_day_on_which_its_kpi_was_observed_has_begun() -> None:
    begins = result("a", measured_by="sales", first_day=DAY)
    plan = Plan.of(Objective(id="o", title="O"), SALES, begins, result("b"), at("b", 4), seen(8, DAY))
    assert parts(plan) == {("a", "started"): 0.2}
    assert parts(plan.record(seen(1, UNTIL))) == {("a", "started"): 0.2, ("a", "observed"): 0.05}


def test_that_a_kpi_measures_it_from_now_on_is_another_method() -> None:
    plan = Plan.of(
        Objective(id="o", title="O"), SALES, result("a"), result("b"), at("a", 2), at("b", 4), seen(8, SINCE)
    )
    assert parts(plan.amend("a", on=DAY, measured_by="sales")) == {("a", "method"): 0.3}


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(days(date(2026, 7, 20), date(2026, 9, 5)), st.integers(-5, 15)), max_size=6), policies())
def test_the_parts_of_what_kpis_moved_sum_to_the_difference(rows: list[tuple[date, int]], policy: Policy) -> None:
    plan = Plan.of(Objective(id="o", title="O"), SALES, result("a", measured_by="sales"), result("b"), at("b", 4))
    plan = plan.record(*(seen(value, on, id=f"s{number}") for number, (on, value) in enumerate(rows)))
    found = attribution(plan, "o", since=SINCE, until=UNTIL, policy=policy)
    before, after = (rollup(plan, as_of=on, policy=policy)["o"].value or 0.0 for on in (SINCE, UNTIL))
    assert sum(part.points for part in found) == pytest.approx(after - before, abs=1e-9)
