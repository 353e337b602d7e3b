"""The life of a goal: legal moves, approvals, grades, and what is fixed at approval."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import (
    Approval,
    CheckIn,
    GoalkitError,
    Grade,
    IllegalMove,
    Increase,
    Initiative,
    InvalidPlan,
    InvalidValue,
    KeyResult,
    Milestone,
    Objective,
    Outcome,
    Plan,
    Retrospective,
    Revision,
    Stage,
    Transition,
    UnknownId,
    rollup,
)
from goalkit.model.life import FIXED
from goalkit.model.stages import BEGINNINGS, MOVES
from goalkit.testing.strategies import days, plans

DAY = date(2026, 8, 10)
METRIC = Increase(start=0, target=10)


def later(days_: int) -> date:
    return DAY + timedelta(days=days_)


def goal(approvers: tuple[str, ...] = ()) -> Plan:
    return Plan.of(
        Objective(id="o", title="O", approvers=approvers), KeyResult(id="k", title="K", parent="o", metric=METRIC)
    )


def at(plan: Plan, stage: Stage, on: date = DAY) -> Plan:
    return plan.record(Transition(goal="o", on=on, stage=stage))


def codes(make: Callable[[], object], error: type[InvalidValue] = IllegalMove) -> list[tuple[str, str]]:
    with pytest.raises(error) as caught:
        make()
    assert all(problem.hint for problem in caught.value.problems)
    return [(problem.path, problem.code) for problem in caught.value.problems]


# -- the table --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("before", "after"), [*product(Stage, Stage)])
def test_a_move_is_made_if_the_table_has_it_and_else_refused_with_what_is_allowed(before: Stage, after: Stage) -> None:
    plan = at(goal(), before)
    outcome = Outcome.DROPPED if after is Stage.CLOSED else None
    if after in MOVES[before]:
        moved = plan.move("o", after, on=later(1), by="ida", why="we know more", outcome=outcome)
        assert moved.stage("o", as_of=later(1)) is after
        assert moved.stage("o", as_of=DAY) is before
        assert isinstance(moved.facts[-1], Transition)
        assert (moved.facts[-1].by, moved.facts[-1].why) == ("ida", "we know more")
        return
    facts = plan.facts
    with pytest.raises(IllegalMove) as caught:
        plan.move("o", after, on=later(1), by="ida", why="we know more", outcome=outcome)
    assert isinstance(caught.value, (GoalkitError, ValueError))
    [problem] = caught.value.problems
    assert (problem.path, problem.code) == ("o", "illegal_move")
    assert before.value in problem.message
    assert all(stage.value in problem.hint for stage in MOVES[before])
    assert plan.facts == facts


def test_every_stage_can_be_left_and_reached() -> None:
    assert MOVES.keys() == set(Stage)
    assert set().union(*MOVES.values()) == set(Stage)
    assert all(stage not in after for stage, after in MOVES.items())


@pytest.mark.parametrize("stage", [*BEGINNINGS, Stage.PAUSED])
def test_a_goal_of_which_nobody_has_said_where_it_is_may_begin_anywhere_before_its_end(stage: Stage) -> None:
    assert goal().move("o", stage, on=DAY).stage("o", as_of=DAY) is stage


def test_a_goal_without_records_may_follow_its_parents_stage_or_begin() -> None:
    plan = at(goal(), Stage.CLOSED)
    assert plan.stage("k", as_of=DAY) == "closed"
    assert plan.move("k", "archived", on=DAY).stage("k", as_of=DAY) == "archived"
    assert codes(lambda: plan.move("k", "active", on=DAY)) == [("k.why", "no_reason")]
    assert codes(lambda: plan.move("k", "paused", on=DAY)) == [("k", "illegal_move")]


def test_the_stage_on_that_day_decides_and_what_is_recorded_for_later_stays() -> None:
    plan = goal().move("o", "closed", on=later(5), outcome="achieved")
    earlier = plan.move("o", "paused", on=DAY)
    assert [earlier.stage("o", as_of=on).value for on in (DAY, later(5))] == ["paused", "closed"]


def test_the_same_move_twice_is_one_move() -> None:
    plan = goal().move("o", "paused", on=DAY, by="ida")
    assert plan.move("o", "paused", on=DAY, by="ida") is plan
    assert codes(lambda: plan.move("o", "paused", on=DAY, by="bo")) == [("o", "illegal_move")]


def test_a_goal_may_come_and_go_within_a_day() -> None:
    plan = goal()
    for stage in ("paused", "active", "paused", "active", "paused"):
        plan = plan.move("o", stage, on=DAY, by="ida")
        assert plan.stage("o", as_of=DAY) == stage
    assert len(plan.facts) == len({fact.id for fact in plan.facts}) == 5


def test_bad_input_is_refused_with_its_field() -> None:
    plan = goal()
    assert codes(lambda: plan.move("o", "begun", on=DAY), InvalidValue) == [("stage", "unknown_choice")]
    assert codes(lambda: plan.move("o", "paused", on=DAY, outcome="missed"), InvalidValue) == [
        ("outcome", "outcome_too_early")
    ]
    with pytest.raises(UnknownId):
        plan.move("nowhere", "paused", on=DAY)


def test_a_goal_is_dropped_and_reopened_for_a_reason() -> None:
    plan = goal()
    assert codes(lambda: plan.move("o", "closed", on=DAY, outcome="dropped", why=" ")) == [("o.why", "no_reason")]
    dropped = plan.move("o", "closed", on=DAY, outcome="dropped", why="we have no users")
    assert codes(lambda: dropped.move("o", "active", on=DAY)) == [("o.why", "no_reason")]
    assert dropped.move("o", "active", on=DAY, why="they came").stage("o", as_of=DAY) == "active"


@pytest.mark.parametrize("stage", ["draft", "proposed"])
def test_what_never_ran_can_only_be_dropped(stage: str) -> None:
    plan = goal().move("o", stage, on=DAY)
    assert codes(lambda: plan.move("o", "closed", on=DAY, outcome="achieved")) == [("o", "never_ran")]
    assert plan.move("o", "closed", on=DAY, outcome="dropped", why="w").stage("o", as_of=DAY) == "closed"


@given(plans(details=False), st.sampled_from(Stage), days())
def test_a_move_is_made_or_refused_and_a_refusal_leaves_the_plan_as_it_was(plan: Plan, stage: Stage, on: date) -> None:
    for goal_id in plan:
        before = plan.stage(goal_id, as_of=on)
        facts = plan.facts
        try:
            moved = plan.move(goal_id, stage, on=on, why="w", outcome="dropped" if stage is Stage.CLOSED else None)
        except IllegalMove:
            assert plan.facts == facts
        else:
            assert stage in (*MOVES[before], *BEGINNINGS)
            assert moved.stage(goal_id, as_of=on) is stage


# -- approvals --------------------------------------------------------------------------------------


def test_a_goal_runs_once_all_who_have_to_have_approved_it() -> None:
    plan = goal(("cpo", "cto")).move("o", "proposed", on=DAY)
    assert plan.missing_approvals("o", as_of=DAY) == ("cpo", "cto")
    plan = plan.record(Approval(goal="o", on=later(1), by="cto"))
    for stage in ("approved", "active"):
        with pytest.raises(IllegalMove, match="cpo") as caught:
            plan.move("o", stage, on=later(2))
        assert caught.value.problems[0].code == "not_approved"
        assert "cto" not in caught.value.problems[0].message
    plan = plan.record(Approval(goal="o", on=later(3), by="cpo"))
    assert codes(lambda: plan.move("o", "active", on=later(2))) == [("o", "not_approved")]
    assert [plan.stage("o", as_of=later(on)).value for on in (2, 3)] == ["proposed", "approved"]
    assert plan.missing_approvals("o", as_of=later(3)) == ()
    assert plan.move("o", "active", on=later(3)).stage("o", as_of=later(3)) == "active"


def test_nobody_runs_past_those_who_have_to_approve() -> None:
    plan = goal(("cpo",))
    assert codes(lambda: plan.move("o", "active", on=DAY)) == [("o", "not_approved")]
    draft = plan.move("o", "draft", on=DAY)
    assert codes(lambda: draft.move("o", "active", on=DAY)) == [("o", "not_approved")]
    dropped = draft.move("o", "closed", on=DAY, outcome="dropped", why="w")
    assert codes(lambda: dropped.move("o", "active", on=DAY, why="w")) == [("o", "not_approved")]


def test_a_goal_that_ran_goes_on_without_asking_again() -> None:
    plan = goal(("cpo",)).move("o", "paused", on=DAY)
    assert plan.move("o", "active", on=DAY).stage("o", as_of=DAY) == "active"
    plan = at(goal(("cpo",)), Stage.ACTIVE).move("o", "closed", on=DAY)
    assert plan.move("o", "active", on=DAY, why="w").stage("o", as_of=DAY) == "active"


def test_an_approved_goal_counts_and_a_proposed_one_does_not() -> None:
    plan = Plan.of(
        Objective(id="top", title="T"),
        KeyResult(id="k", title="K", parent="top", metric=METRIC, approvers=["cpo"]),
        CheckIn(goal="k", on=DAY, value=5),
    ).move("k", "proposed", on=DAY)
    assert rollup(plan, as_of=DAY)["top"].value is None
    assert rollup(plan.record(Approval(goal="k", on=DAY, by="cpo")), as_of=DAY)["top"].value == 0.5


def test_another_approver_is_asked_too_and_one_less_is_not_waited_for() -> None:
    plan = goal(("cpo", "cto")).move("o", "proposed", on=DAY).record(Approval(goal="o", on=later(1), by="cpo"))
    fewer = plan.amend("o", on=later(2), approvers=["cpo"])
    assert [fewer.stage("o", as_of=later(on)).value for on in (1, 2)] == ["proposed", "approved"]
    more = fewer.amend("o", on=later(3), approvers=["cpo", "ceo"])
    assert more.stage("o", as_of=later(3)) == "proposed"


# -- grades -----------------------------------------------------------------------------------------


def grade(on: date = DAY, outcome: str = "partial") -> Grade:
    return Grade(goal="o", on=on, outcome=outcome, by="cpo")


def test_a_grade_is_in_force_for_the_goal_and_what_follows_it_until_the_goal_is_reopened() -> None:
    plan = goal().record(grade(later(1)))
    assert plan.graded("o", as_of=DAY) is plan.graded("k", as_of=DAY) is None
    assert plan.graded("o", as_of=later(1)) == plan.graded("k", as_of=later(1)) == grade(later(1))
    assert plan.move("o", "archived", on=later(2)).graded("k", as_of=later(2)) == grade(later(1))
    again = plan.move("o", "active", on=later(2), why="w")
    assert again.graded("o", as_of=later(2)) is again.graded("k", as_of=later(2)) is None
    assert again.record(grade(later(3), "missed")).graded("o", as_of=later(3)) == grade(later(3), "missed")


def test_what_was_closed_without_a_grade_is_not_graded() -> None:
    plan = goal().move("o", "closed", on=DAY, outcome="achieved")
    assert plan.graded("o", as_of=DAY) is None


def test_a_goal_with_a_record_of_its_own_goes_on_under_a_graded_parent() -> None:
    plan = goal().record(grade()).record(Transition(goal="k", on=DAY, stage="active"))
    assert plan.stage("k", as_of=DAY) == "active"
    assert plan.graded("k", as_of=DAY) is None


def test_work_that_only_supports_a_goal_does_not_end_with_it() -> None:
    plan = goal().add(Initiative(id="i", title="I", parent="o")).record(grade())
    assert plan.graded("i", as_of=DAY) is None


def test_a_goal_that_was_graded_as_dropped_is_left_out() -> None:
    plan = goal().add(Objective(id="top", title="T")).amend("o", parent="top")
    plan = plan.record(CheckIn(goal="k", on=DAY, value=5))
    assert rollup(plan.record(grade()), as_of=DAY)["top"].value == 0.5
    assert rollup(plan.record(grade(outcome="dropped")), as_of=DAY)["top"].value is None


def test_a_check_in_after_the_end_is_accepted_and_kept() -> None:
    plan = goal().record(grade()).record(late := CheckIn(goal="k", on=later(1), value=5))
    assert plan.check_ins("k") == (late,)


@pytest.mark.parametrize(
    "fact",
    [
        Grade(goal="x", on=DAY, by="cpo", outcome="missed"),
        Approval(goal="x", on=DAY, by="cpo"),
        Retrospective(goal="x", on=DAY, reached="r"),
    ],
)
def test_a_word_on_an_unknown_goal_is_refused(fact: Grade | Approval | Retrospective) -> None:
    assert codes(lambda: goal().record(fact), InvalidPlan) == [(f"x[{DAY}].goal", "unknown_goal")]


# -- what is fixed at approval ----------------------------------------------------------------------

NEARER = Increase(start=0, target=5)


def approved(on: date = DAY) -> Plan:
    return goal().move("o", "proposed", on=on).move("o", "active", on=on)


def test_what_a_goal_is_judged_by_is_free_until_it_is_approved() -> None:
    for plan in (goal(), at(goal(), Stage.ACTIVE), at(goal(), Stage.PROPOSED), at(approved(), Stage.DRAFT)):
        assert plan.amend("k", metric=NEARER)["k"].metric == NEARER  # type: ignore[attr-defined]  # a key result
        assert plan.amend("o", on=DAY, grading_criteria="c")["o"].grading_criteria == "c"


def test_after_that_it_is_not_corrected_for_all_days() -> None:
    for plan in (approved(), at(goal(), Stage.APPROVED), approved().record(grade())):
        assert codes(partial(plan.amend, "k", metric=NEARER), InvalidPlan) == [("k.metric", "fixed_at_approval")]
        changed = Objective(id="o", title="Other words", grading_criteria="c", metric=METRIC)
        assert codes(partial(plan.replace, changed), InvalidPlan) == [
            ("o.metric", "fixed_at_approval"),
            ("o.grading_criteria", "fixed_at_approval"),
        ]
        assert plan.amend("k", title="Other words", metric=METRIC)["k"].title == "Other words"


def test_a_key_result_that_was_paused_is_still_one_of_an_approved_objective() -> None:
    plan = approved().move("k", "paused", on=later(1)).move("k", "active", on=later(2))
    assert codes(lambda: plan.amend("k", metric=NEARER), InvalidPlan) == [("k.metric", "fixed_at_approval")]
    again = plan.record(Transition(goal="k", on=later(3), stage="draft"))
    assert again.amend("k", metric=NEARER)["k"].metric == NEARER  # type: ignore[attr-defined]  # a key result


def test_it_is_revised_by_somebody_for_a_reason() -> None:
    plan = approved()
    revise: dict[str, Any] = {"on": later(1), "metric": NEARER}
    assert codes(lambda: plan.amend("k", **revise), InvalidPlan) == [
        ("k.by", "fixed_at_approval"),
        ("k.why", "fixed_at_approval"),
    ]
    assert codes(lambda: plan.amend("k", by="ida", **revise), InvalidPlan) == [("k.why", "fixed_at_approval")]
    assert codes(lambda: plan.amend("k", why="w", **revise), InvalidPlan) == [("k.by", "fixed_at_approval")]
    revised = plan.amend("k", by="ida", why="the market shrank", **revise)
    assert revised.as_of(DAY)["k"].metric == METRIC  # type: ignore[attr-defined]  # a key result
    assert revised["k"].metric == NEARER  # type: ignore[attr-defined]  # a key result
    assert plan.amend("k", on=later(1), weight=2)["k"].weight == 2


def test_a_revision_for_a_day_before_the_approval_and_one_that_is_recorded_as_it_was_are_free() -> None:
    plan = approved(later(5))
    assert plan.amend("k", on=later(4), metric=NEARER)["k"].metric == NEARER  # type: ignore[attr-defined]  # a key result
    recorded = plan.record(Revision(goal="k", on=later(6), changes={"metric": NEARER}))
    assert recorded["k"].metric == NEARER  # type: ignore[attr-defined]  # a key result


def test_a_milestones_share_is_fixed_too() -> None:
    plan = approved().add(Milestone(id="m", title="Half", parent="k", share=0.5))
    assert codes(lambda: plan.amend("m", share=0.4), InvalidPlan) == [("m.share", "fixed_at_approval")]
    assert set(FIXED) == {"metric", "grading_criteria", "share"}


# -- key result areas -------------------------------------------------------------------------------


def test_areas_are_the_objectives_of_that_level_with_their_owners() -> None:
    plan = Plan.of(
        Objective(id="role", title="Head of sales", owner="ida"),
        Objective(id="sales", title="Sales", level="key_result_area", parent="role", weight=60),
        Objective(id="care", title="Care", level="key_result_area", owner="bo"),
        KeyResult(id="k", title="K", level="key_result_area", owner="bo"),
    )
    assert plan.areas() == ("sales", "care")
    assert plan.areas("ida") == ("sales",)
    assert plan.areas("nobody") == ()


def test_a_goal_may_be_proposed_again_on_the_day_of_its_approval() -> None:
    day = date(2026, 6, 1)
    plan = Plan.of(Objective(id="a", title="A", approvers=["x"])).move("a", "proposed", on=day, by="ida")
    approved = plan.record(Approval(goal="a", on=day, by="x"))
    assert approved.stage("a", as_of=day) == "approved"
    assert approved.move("a", "proposed", on=day, by="ida").stage("a", as_of=day) == "proposed"
