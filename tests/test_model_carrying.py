"""Carrying goals over into another cycle."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given

from goalkit import (
    Approval,
    AtMost,
    Binary,
    Cadence,
    CheckIn,
    CommitTargetStretch,
    Cycle,
    Grade,
    Increase,
    InvalidPlan,
    InvalidValue,
    KeyResult,
    Link,
    Milestone,
    Objective,
    Plan,
    UnknownId,
)
from goalkit.model.linear import Metric
from goalkit.testing.strategies import plans

DAY = date(2026, 9, 30)
Q4 = Cycle.quarter(2026, 4)


def plan_of(metric: Metric | None = None, *values: Any, **fields: Any) -> Plan:
    plan = Plan.of(
        Cycle.year(2026),
        Cycle.quarter(2026, 3),
        Q4,
        Objective(id="year", title="Y", cycle="2026"),
        Objective(id="app", title="A", cycle="2026-Q3", owner="ida", cadence=Cadence.weekly("monday")),
        KeyResult(id="k", title="K", **{"parent": "app", "metric": metric, **fields}),
    )
    said = (CheckIn(goal="k", on=DAY, value=value, id=f"c{at}") for at, value in enumerate(values))
    return plan.record(*said)


def carried(plan: Plan, goal_id: str = "k", **choices: Any) -> Any:
    return plan.carry_over(goal_id, into="2026-Q4", id="new", **choices)["new"]


def codes(make: Callable[[], object], error: type[InvalidValue] = InvalidPlan) -> list[tuple[str, str]]:
    with pytest.raises(error) as caught:
        make()
    assert all(problem.hint for problem in caught.value.problems)
    return [(problem.path, problem.code) for problem in caught.value.problems]


def test_a_goal_goes_on_from_its_last_value_under_a_new_id() -> None:
    new = carried(plan_of(Increase(start=0, target=10), 3, 6, weight=2, labels=["growth"], why="w"))
    assert (new.metric, new.continues, new.cycle) == (Increase(start=6, target=10), "k", "2026-Q4")
    assert (new.title, new.weight, new.labels, new.why) == ("K", 2, ("growth",), "w")


def test_every_field_can_be_chosen() -> None:
    plan = plan_of(Increase(start=0, target=10), 6)
    assert carried(plan, start="same").metric == Increase(start=0, target=10)
    new = carried(plan, metric=Increase(start=6, target=20), weight=3, parent="year", continues=None, title="T")
    assert (new.metric.target, new.weight, new.parent, new.continues, new.title) == (20, 3, (Link("year"),), None, "T")


def test_no_fact_and_no_day_and_nothing_of_the_hosts_is_carried_over() -> None:
    plan = plan_of(Increase(start=0, target=10), 6, first_day=date(2026, 8, 1), last_day=DAY, extra={"gid": "1"})
    plan = plan.record(Approval(goal="k", on=DAY, by="cpo"), Grade(goal="k", on=DAY, by="cpo", outcome="missed"))
    after = plan.carry_over("k", into="2026-Q4", id="new")
    assert after.facts == plan.facts
    assert after.check_ins("new") == ()
    assert after.stage("new", as_of=DAY) == "active"
    assert after.period("new") == (Q4.first_day, Q4.last_day)
    assert dict(after["new"].extra) == {}
    launch = Milestone(id="m", title="M", parent="app", due=DAY, done_on=DAY, depends_on=["k"], delegate="bo")
    new = carried(plan.add(launch), "m")
    assert (new.due, new.done_on, new.depends_on, new.delegate) == (None, None, (), "bo")


def test_the_new_goal_may_have_days_of_its_own() -> None:
    new = carried(plan_of(None, first_day=date(2026, 8, 1), last_day=DAY), first_day=date(2026, 11, 1))
    assert (new.first_day, new.last_day) == (date(2026, 11, 1), None)


def test_a_goal_is_not_carried_over_into_itself() -> None:
    plan = plan_of(None)
    assert codes(lambda: plan.carry_over("k", into="2026-Q4", id="k"), InvalidValue) == [("continues", "loop")]


def test_what_was_never_measured_starts_where_it_did() -> None:
    assert carried(plan_of(Increase(start=0, target=10))).metric == Increase(start=0, target=10)
    assert carried(plan_of(Increase(start=0, target=10), None)).metric == Increase(start=0, target=10)


@pytest.mark.parametrize(
    ("reads", "start"), [("latest", "4"), ("sum", "0"), ("mean", "5"), ("minimum", "4"), ("maximum", "6")]
)
def test_the_start_is_what_the_check_ins_make_and_a_sum_begins_anew(reads: str, start: str) -> None:
    assert carried(plan_of(Increase(start=0, target=10), 5, 6, 4, reads=reads)).metric.start == Decimal(start)


@pytest.mark.parametrize(
    ("metric", "value", "want"),
    [
        (None, 5, None),
        (Binary(), False, Binary()),
        (AtMost(3), 5, AtMost(3)),
        (AtMost(3, start=9), 5, AtMost(3, start=5)),
        (CommitTargetStretch(baseline=0, stretch=10), 5, CommitTargetStretch(baseline=5, stretch=10)),
        (CommitTargetStretch(baseline=10, stretch=0), 5, CommitTargetStretch(baseline=5, stretch=0)),
    ],
)
def test_a_metric_starts_from_the_last_value_if_it_starts_anywhere(
    metric: Metric | None, value: object, want: Metric | None
) -> None:
    assert carried(plan_of(metric, value)).metric == want


@pytest.mark.parametrize(
    ("metric", "value", "code"),
    [
        (Increase(start=0, target=10), 10, "zero_span"),
        (Increase(start=0, target=10), 11, "wrong_direction"),
        (CommitTargetStretch(baseline=0, stretch=10), 10, "wrong_direction"),
        (CommitTargetStretch(baseline=10, stretch=0), 0, "zero_span"),
        (CommitTargetStretch(baseline=10, stretch=0), -1, "wrong_direction"),
    ],
)
def test_a_target_that_was_reached_is_nothing_to_start_for(metric: Metric, value: object, code: str) -> None:
    plan = plan_of(metric, value)
    assert codes(lambda: carried(plan)) == [("k.metric", code)]
    assert carried(plan, start="same").metric == metric


def test_a_last_value_that_cannot_be_read_is_no_start() -> None:
    said: Any = True
    yes_or_no = plan_of(Binary(), said)
    plan = yes_or_no.amend("k", on=date(2026, 10, 1), metric=Increase(start=0, target=10))
    assert codes(lambda: carried(plan)) == [("k.metric", "no_last_value")]
    mean = yes_or_no.amend("k", on=date(2026, 10, 1), metric=Increase(start=0, target=10), reads="mean")
    assert codes(lambda: carried(mean)) == [("k.metric", "no_last_value")]
    assert carried(plan, start="same").metric.start == 0


def test_links_lead_to_parents_that_go_on() -> None:
    plan = plan_of(None, parent=[Link("app", weight=2), "year"], cycle="2026-Q3")
    assert carried(plan).parent == (Link("year"),)
    with_app = plan.carry_over("app", into="2026-Q4", id="app-q4")
    assert carried(with_app).parent == (Link("app-q4", weight=2), Link("year"))
    later = Plan.of(Cycle.backlog("some day"), *plan.cycles, *plan.goals)
    assert later.carry_over("k", into="some day", id="new")["new"].parent == plan["k"].parent
    endless = Plan.of(Q4, Objective(id="o", title="O"), KeyResult(id="k", title="K", parent="o"))
    assert carried(endless).parent == (Link("o"),)


def test_what_came_from_a_parent_left_behind_becomes_its_own() -> None:
    plan = plan_of(None)
    assert (carried(plan).owner, carried(plan).cadence) == ("ida", Cadence.weekly("monday"))
    assert carried(plan, owner="bo").owner == "bo"
    under = plan.carry_over("app", into="2026-Q4", id="app-q4")
    assert carried(under).owner is None
    assert under.carry_over("k", into="2026-Q4", id="new").inherited("new", "owner") == "ida"


def test_carrying_over_twice_is_carrying_over_once() -> None:
    plan = plan_of(Increase(start=0, target=10), 6).carry_over("k", into="2026-Q4", id="new")
    assert plan.carry_over("k", into="2026-Q4", id="new") is plan


def test_bad_input_is_refused() -> None:
    plan = plan_of(Increase(start=0, target=10), 6)
    with pytest.raises(UnknownId):
        plan.carry_over("k", into="2027-Q1", id="new")
    with pytest.raises(UnknownId):
        plan.carry_over("nowhere", into="2026-Q4", id="new")
    assert codes(lambda: plan.carry_over("k", into="2026-Q4", id="app")) == [("app.id", "duplicate_id")]
    assert codes(lambda: carried(plan, start="first"), InvalidValue) == [("start", "unknown_choice")]
    assert codes(lambda: carried(plan, cycle="2026-Q3"), InvalidValue) == [("cycle", "two_answers")]
    assert codes(lambda: carried(plan, wieght=3), InvalidValue) == [("wieght", "unknown_field")]
    assert codes(lambda: carried(plan, parent="nowhere")) == [("new.parent", "unknown_parent")]


@given(plans())
def test_a_goal_that_is_carried_over_brings_no_facts_and_changes_nothing_else(plan: Plan) -> None:
    backlog = Cycle.backlog("the backlog of this test")
    assume("a goal of this test" not in plan)
    plan = plan.add(backlog)
    for goal_id in plan:
        try:
            after = plan.carry_over(goal_id, into=backlog.id, id="a goal of this test", start="same")
        except InvalidPlan:  # such as a milestone's share of a parent that it could have once alone
            continue
        assert after.facts == plan.facts
        assert after.goals[:-1] == plan.goals
        assert after["a goal of this test"].continues == goal_id
        assert type(after["a goal of this test"]) is type(plan[goal_id])
