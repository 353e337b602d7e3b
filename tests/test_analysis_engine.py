"""The one pass over a plan: every choice of a policy, and a second, independent way to work everything out."""

from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings

from goalkit import (
    AtLeast,
    AtMost,
    Binary,
    CheckIn,
    Checklist,
    Curve,
    FindBaseline,
    GoalProgress,
    Grade,
    Increase,
    Initiative,
    KeyResult,
    Link,
    Milestone,
    Objective,
    Plan,
    Policy,
    Reason,
    RollupMethod,
    Transition,
    Within,
    rollup,
)
from goalkit.analysis.rollup import Rollup
from goalkit.analysis.shape import shape
from goalkit.model.facts import standing
from goalkit.model.goals import own_metric
from goalkit.model.reading import plainly_said, read
from goalkit.quantities import TOLERANCE
from goalkit.testing.strategies import days, plans, policies

DAY = date(2026, 8, 15)
by_law = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def objective(goal_id: str = "o", **fields: Any) -> Objective:
    return Objective(id=goal_id, title=goal_id.upper(), **fields)


def result(goal_id: str, parent: Any = "o", **fields: Any) -> KeyResult:
    values = {"metric": Increase(start=0, target=100), "parent": parent, **fields}
    return KeyResult(id=goal_id, title=goal_id.upper(), **values)


def at(goal_id: str, value: Any) -> CheckIn:
    return CheckIn(goal=goal_id, on=DAY, value=value)


def closed(goal_id: str, outcome: str | None = None) -> Transition:
    return Transition(goal=goal_id, on=DAY, stage="closed", outcome=outcome)


def figure(plan: Plan, goal_id: str = "o", **choices: Any) -> GoalProgress:
    return rollup(plan, as_of=DAY, policy=Policy(**choices))[goal_id]


def reasons(row: GoalProgress) -> dict[str, Reason | None]:
    return {part.goal: part.reason for part in row.contributions}


def changed_after_a_tick() -> Plan:
    """A goal that was done or not done, and is now measured by numbers."""
    ticked = CheckIn(goal="a", on="2026-08-10", value=True)
    plan = Plan.of(objective(), result("a", metric=Binary())).record(ticked)
    return plan.amend("a", metric=Increase(start=0, target=1), on=DAY)


# -- clamping ---------------------------------------------------------------------------------------

OVER = Plan.of(objective(), result("a"), result("b"), objective("top", weight=0)).record(at("a", 0), at("b", 200))
UNDER = Plan.of(objective(), result("a"), result("b")).record(at("a", -100), at("b", 50))


@pytest.mark.parametrize(
    ("choices", "own", "made_up"),
    [
        ({}, 1.0, 0.5),
        ({"clamp": "everything"}, 1.0, 0.5),
        ({"clamp": "entering"}, 2.0, 0.5),
        ({"clamp": "objective"}, 2.0, 1.0),
        ({"clamp": "none"}, 2.0, 1.0),
        ({"cap": 1.2}, 1.2, 0.6),
        ({"cap": 1.2, "clamp": "entering"}, 2.0, 0.6),
        ({"cap": None}, 2.0, 1.0),
    ],
)
def test_overshoot_is_held_where_the_policy_says(choices: dict[str, Any], own: float, made_up: float) -> None:
    assert figure(OVER, "b", **choices).value == own
    assert figure(OVER, "b", **choices).raw == 2.0
    assert figure(OVER, **choices).value == made_up


@pytest.mark.parametrize(
    ("choices", "own", "made_up"),
    [
        ({"clamp": "everything"}, 0.0, 0.25),
        ({"clamp": "entering"}, -1.0, 0.25),
        ({"clamp": "objective"}, -1.0, 0.0),
        ({"clamp": "none"}, -1.0, -0.25),
        ({"cap": None}, 0.0, 0.25),
    ],
)
def test_what_is_worse_than_its_start_is_held_where_the_policy_says(
    choices: dict[str, Any], own: float, made_up: float
) -> None:
    assert figure(UNDER, "a", **choices).value == own
    assert figure(UNDER, **choices).value == made_up


def test_an_objective_that_is_held_enters_its_own_parent_held() -> None:
    plan = Plan.of(objective("top"), objective(parent="top"), result("a"), result("b", "top")).record(
        at("a", 300), at("b", 0)
    )
    assert figure(plan, "top", clamp="objective").value == 0.5
    assert figure(plan, "top", clamp="none").value == 1.5
    assert figure(plan, "top", clamp="objective", cap=2).value == 1.0


def test_what_was_clamped_is_said_of_what_enters() -> None:
    clamped = {part.goal: part.clamped for part in figure(OVER).contributions}
    assert clamped == {"a": False, "b": True}
    assert not any(part.clamped for part in figure(OVER, clamp="none").contributions)
    assert [part.clamped for part in figure(OVER, clamp="entering").contributions] == [False, True]


# -- what is not measured ---------------------------------------------------------------------------

HALF = Plan.of(objective(), result("a"), result("b", weight=3)).record(at("a", 40))
NOTHING = Plan.of(objective(), result("a"), result("b"))


def test_an_unmeasured_child_is_what_the_policy_says() -> None:
    assert figure(HALF).value == 0.1
    assert figure(HALF, unmeasured="zero").value == 0.1
    assert figure(HALF, unmeasured="skip").value == 0.4
    assert figure(HALF, unmeasured="at_start").value == 0.1
    unknown = figure(HALF, unmeasured="unknown")
    assert (unknown.value, unknown.reason) == (None, Reason.NOT_MEASURED)


@pytest.mark.parametrize("choice", ["zero", "skip", "unknown", "at_start"])
def test_where_all_is_measured_there_is_nothing_to_choose(choice: str) -> None:
    row = figure(HALF.record(at("b", 80)), unmeasured=choice)
    assert [row.value, row.coverage] == pytest.approx([0.7, 1.0])


@pytest.mark.parametrize("choice", ["zero", "skip", "unknown", "at_start"])
def test_coverage_does_not_depend_on_what_an_unmeasured_child_is_taken_for(choice: str) -> None:
    assert figure(HALF, unmeasured=choice).coverage == 0.25
    assert figure(HALF, "b", unmeasured=choice).coverage == 0.0
    assert figure(NOTHING, unmeasured=choice).coverage == 0.0


def test_where_nobody_has_measured_anything_only_the_start_is_a_figure() -> None:
    for choice in ("zero", "skip", "unknown"):
        assert figure(NOTHING, unmeasured=choice).reason is Reason.NOT_MEASURED
    row = figure(NOTHING, unmeasured="at_start")
    assert (row.value, row.reason, row.coverage) == (0.0, None, 0.0)


def test_a_skipped_child_does_not_count_and_says_why() -> None:
    part = figure(HALF, unmeasured="skip").contributions[1]
    assert (part.counts, part.share, part.points, part.reason) == (False, 0.0, 0.0, Reason.NOT_MEASURED)


def test_a_child_that_is_known_in_part_is_no_unmeasured_child() -> None:
    plan = Plan.of(objective("top"), objective(parent="top"), result("a"), result("b"), result("c", "top"))
    plan = plan.record(at("a", 40), at("c", 100))
    assert figure(plan, "top", unmeasured="skip").value == 0.7
    assert figure(plan, "top", unmeasured="skip").coverage == 0.75
    assert figure(plan, "top", unmeasured="unknown").reason is Reason.NOT_MEASURED


@pytest.mark.parametrize(
    ("goal", "value"),
    [
        (result("a"), 0.0),
        (result("a", metric=Binary()), 0.0),
        (result("a", metric=Checklist(["x"])), 0.0),
        (result("a", metric=AtMost(10, start=5)), 1.0),
        (result("a", metric=AtMost(10, start=15)), 0.0),
        (result("a", metric=AtLeast(10)), None),
        (result("a", metric=FindBaseline()), None),
        (result("a", metric=Within(1, 2, start=3, score="distance")), 0.0),
        (result("a", metric=Curve({0: 0, 1: 1})), None),
        (Milestone(id="a", title="A", parent="o"), 0.0),
        (Initiative(id="a", title="A", parent="o"), 0.0),
    ],
)
def test_at_its_start_a_goal_is_what_its_metric_says_of_it(goal: Any, value: float | None) -> None:
    row = figure(Plan.of(objective(), goal), "a", unmeasured="at_start")
    assert (row.value, row.raw, row.coverage) == (value, value, 0.0)
    unknown = Reason.NO_BASELINE if goal.kind == "key_result" and goal.metric == FindBaseline() else Reason.NOT_MEASURED
    assert row.reason is (unknown if value is None else None)


def test_a_start_on_its_limit_keeps_it_where_the_policy_says() -> None:
    plan = Plan.of(
        result("a", None, metric=AtMost(5, start=5)), result("b", None, metric=AtMost(5, start=5, strict=True))
    )
    assert [figure(plan, goal, unmeasured="at_start", threshold="strict").value for goal in "ab"] == [0.0, 0.0]
    assert [figure(plan, goal, unmeasured="at_start", threshold="inclusive").value for goal in "ab"] == [1.0, 1.0]


def test_what_cannot_be_read_does_not_stand_at_its_start() -> None:
    plan = changed_after_a_tick()
    assert figure(plan, "a", unmeasured="at_start").reason is Reason.UNREADABLE


def test_what_was_measured_before_the_beginning_waits_for_it() -> None:
    early = CheckIn(goal="a", on="2026-08-01", value=50)
    plan = Plan.of(objective(first_day="2026-09-01"), result("a", first_day="2026-09-01"), early)
    assert figure(plan, "a").reason is Reason.NOT_STARTED
    assert figure(plan, "a").raw is None
    assert not figure(plan).contributions[0].counts
    begun = Plan.of(objective(first_day="2026-09-01"), result("a", first_day="2026-08-01"), early)
    assert not figure(begun).contributions[0].counts


def test_what_has_not_begun_does_not_stand_at_its_start() -> None:
    plan = Plan.of(objective(), result("a", first_day="2026-09-01"))
    assert figure(plan, "a", unmeasured="at_start").reason is Reason.NOT_STARTED
    assert figure(plan, unmeasured="at_start").reason is Reason.NONE_STARTED


# -- blending ---------------------------------------------------------------------------------------

# Three key results and two objectives under one: a worked example of a published help page.
MIXED = Plan.of(
    objective(),
    result("a", weight=0.4),
    result("b", weight=0.2),
    result("c", weight=0.4),
    *(objective(name, parent="o") for name in ("x", "y")),
    *(result(f"{name} 1", name) for name in ("x", "y")),
).record(at("a", 30), at("b", 30), at("c", 40), at("x 1", 50), at("y 1", 75))


@pytest.mark.parametrize(
    ("blend", "value"),
    [
        ("each_item", (0.34 + 0.5 + 0.75) / 3),
        ("key_results_as_one", (0.34 + 0.5 + 0.75) / 3),
        ("key_results_first", 0.34),
        ("key_results_only", 0.34),
    ],
)
def test_key_results_and_objectives_are_blended_as_the_policy_says(blend: str, value: float) -> None:
    assert figure(MIXED, blend=blend).value == pytest.approx(value, abs=TOLERANCE)


def test_the_key_results_together_are_one_item_whatever_they_weigh() -> None:
    heavy = MIXED.amend("a", weight=4).amend("b", weight=2).amend("c", weight=4)
    assert figure(heavy, blend="key_results_as_one").value == pytest.approx(0.53, abs=TOLERANCE)
    assert figure(heavy, blend="each_item").value == pytest.approx((3.4 + 1.25) / 12, abs=TOLERANCE)
    shares = [part.share for part in figure(heavy, blend="key_results_as_one").contributions]
    assert shares == pytest.approx([0.4 / 3, 0.2 / 3, 0.4 / 3, 1 / 3, 1 / 3])


def test_within_the_block_of_key_results_what_is_skipped_is_made_up_by_the_others() -> None:
    plan = Plan.of(
        objective(), result("a", weight=5), result("b", weight=5), objective("x", parent="o"), result("c", "x")
    )
    plan = plan.record(at("a", 40), at("c", 80))
    row = figure(plan, blend="key_results_as_one", unmeasured="skip")
    assert [row.value, row.coverage] == pytest.approx([0.6, 0.75])


def test_without_key_results_objectives_count_first() -> None:
    plan = Plan.of(objective(), objective("x", parent="o"), result("c", "x")).record(at("c", 80))
    assert figure(plan, blend="key_results_first").value == 0.8
    assert figure(plan, blend="key_results_only").reason is Reason.ALL_LEFT_OUT
    assert reasons(figure(plan, blend="key_results_only")) == {"x": Reason.KEY_RESULTS_ONLY}


def test_a_key_result_that_is_left_out_lets_objectives_count() -> None:
    dropped = MIXED.record(*(closed(name, "dropped") for name in "abc"))
    assert figure(dropped, blend="key_results_first").value == 0.625
    assert reasons(figure(MIXED, blend="key_results_first"))["x"] is Reason.KEY_RESULTS_ONLY


def test_a_milestone_counts_among_the_key_results() -> None:
    plan = Plan.of(objective(), Milestone(id="m", title="M", parent="o"), objective("x", parent="o"), result("c", "x"))
    assert figure(plan.record(at("m", 1), at("c", 0)), blend="key_results_first").value == 1.0


# -- weights ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weights", "known"), [((0.4, 0.6), True), ((0.4, 0.4), False), ((4, 6), False), ((1, 0), True)]
)
def test_weights_may_have_to_sum_to_one(weights: tuple[float, float], *, known: bool) -> None:
    plan = Plan.of(objective(), result("a", weight=weights[0]), result("b", weight=weights[1])).record(at("a", 50))
    assert figure(plan).value is not None
    row = figure(plan, weights="sum_to_one")
    assert row.reason is (None if known else Reason.WEIGHTS_NOT_ONE)


def test_weights_that_must_sum_to_one_are_those_of_all_that_contributes() -> None:
    plan = Plan.of(objective(), result("a", weight=0.4), result("b", weight=0.6)).record(at("a", 50))
    paused = plan.record(Transition(goal="b", on=DAY, stage="paused"))
    assert figure(paused, weights="sum_to_one").value == 0.5
    supporting = plan.add(result("c", Link("o", counts=False)))
    assert figure(supporting, weights="sum_to_one").value == 0.2


def test_where_only_key_results_count_only_their_weights_must_sum_to_one() -> None:
    halves = result("a", weight=0.5), result("b", weight=0.5), objective("x", parent="o", weight=0.5)
    plan = Plan.of(objective(), *halves).record(at("a", 50))
    assert figure(plan, weights="sum_to_one").reason is Reason.WEIGHTS_NOT_ONE
    assert figure(plan, weights="sum_to_one", blend="key_results_only").value == 0.25


def test_a_goal_whose_weights_are_wrong_is_left_out_above_and_says_so() -> None:
    plan = Plan.of(objective("top"), objective(parent="top", weight=1), result("a", weight=2)).record(at("a", 50))
    assert figure(plan, "top", weights="sum_to_one").reason is Reason.WEIGHTS_NOT_ONE
    assert figure(Plan.of(objective()), weights="sum_to_one").reason is Reason.NO_CHILDREN
    assert figure(Plan.of(objective(), result("a", weight=0)), weights="sum_to_one").reason is Reason.NO_WEIGHT


# -- methods ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "value"), [("weighted_mean", 0.45), ("minimum", 0.3), ("maximum", 0.6)])
def test_a_policy_says_how_figures_become_one_where_the_goal_does_not(method: str, value: float) -> None:
    plan = Plan.of(objective(), result("a"), result("b"), objective("own", rollup="maximum"), result("c", "own"))
    plan = plan.record(at("a", 60), at("b", 30), at("c", 10))
    assert figure(plan, method=method).value == pytest.approx(value)
    assert figure(plan, "own", method=method).value == 0.1


def test_of_a_minimum_what_is_skipped_is_not_the_least() -> None:
    plan = Plan.of(objective(rollup="minimum"), result("a"), result("b")).record(at("a", 60))
    assert figure(plan).value == 0.0
    assert figure(plan, unmeasured="skip").value == 0.6
    assert [part.points for part in figure(plan, unmeasured="skip").contributions] == [0.6, 0.0]


# -- limits and zero spans --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("threshold", "loose", "strict"), [("as_written", 1.0, 0.0), ("inclusive", 1.0, 1.0), ("strict", 0.0, 0.0)]
)
@pytest.mark.parametrize("limit", [AtLeast, AtMost])
def test_a_value_on_its_limit_keeps_it_where_the_policy_says(
    limit: Callable[..., Any], threshold: str, loose: float, strict: float
) -> None:
    for score in ("latest", "check_ins"):
        plan = Plan.of(
            objective(),
            result("a", metric=limit(5, score=score)),
            result("b", metric=limit(5, strict=True, score=score)),
        ).record(at("a", 5), at("b", 5))
        assert [figure(plan, goal, threshold=threshold).value for goal in "ab"] == [loose, strict]


def test_a_policy_does_not_move_what_is_measured_by_distance_or_has_one_value() -> None:
    plan = Plan.of(
        objective(metric=AtLeast(5)),
        result("a", metric=AtLeast(5, start=0, score="distance")),
        result("b", metric=Within(5, 5)),
        result("c", metric=Within(4, 5)),
    ).record(*(at(goal, 5) for goal in "oabc"))
    assert [figure(plan, goal, threshold="strict").value for goal in "oabc"] == [0.0, 1.0, 1.0, 0.0]


def salvaged(metric: dict[str, Any], *values: Any, **fields: Any) -> Plan:
    rows: list[dict[str, Any]] = [
        {"kind": "objective", "id": "o", "title": "O"},
        {"kind": "key_result", "id": "a", "title": "A", "parent": "o", "metric": metric, **fields},
        *({"kind": "check_in", "goal": "a", "on": "2026-08-15", "value": value, "id": str(value)} for value in values),
    ]
    plan, problems = Plan.salvage(rows)
    assert [problem.code for problem in problems] == ["zero_span"]
    return plan


@pytest.mark.parametrize(
    ("choice", "kind", "figures"),
    [
        ("unknown", "increase", [None, None, None]),
        ("zero", "increase", [0.0, 0.0, 0.0]),
        ("one", "increase", [1.0, 1.0, 1.0]),
        ("zero", "decrease", [0.0, 0.0, 0.0]),
        ("one", "decrease", [1.0, 1.0, 1.0]),
        ("step", "increase", [0.0, 1.0, 1.0]),
        ("step", "decrease", [1.0, 1.0, 0.0]),
    ],
)
def test_a_zero_span_is_what_the_policy_says(choice: str, kind: str, figures: list[float | None]) -> None:
    plans = [salvaged({"kind": kind, "start": 8, "target": 8}, value) for value in (7, 8, 9)]
    assert [figure(plan, "a", zero_span=choice).value for plan in plans] == figures
    assert [figure(plan, zero_span=choice).value for plan in plans] == figures


def test_a_zero_span_that_the_policy_decides_can_be_unmeasured() -> None:
    plan = salvaged({"kind": "increase", "start": 8, "target": 8})
    plan = plan.add(result("b")).record(at("b", 100))
    assert figure(plan, "a").reason is Reason.ZERO_SPAN
    assert figure(plan).value == 1.0
    for choice in ("zero", "one", "step"):
        assert figure(plan, "a", zero_span=choice).reason is Reason.NOT_MEASURED
        assert figure(plan, zero_span=choice).value == 0.5
        at_start = figure(plan, "a", zero_span=choice, unmeasured="at_start")
        assert (at_start.value, at_start.coverage) == (float(choice != "zero"), 0.0)
    assert figure(plan, "a", unmeasured="at_start").reason is Reason.ZERO_SPAN


def test_which_way_marks_without_a_span_go_nobody_can_tell() -> None:
    plan = salvaged({"kind": "commit_target_stretch", "baseline": 8, "stretch": 8}, 9)
    figures = [figure(plan, "a", zero_span=choice).value for choice in ("zero", "one", "step")]
    assert figures == [0.0, 1.0, None]


def test_a_field_too_many_does_not_hide_that_there_is_no_span() -> None:
    rows = [
        {"kind": "key_result", "id": "a", "title": "A", "metric": {"kind": "increase", "start": 8, "target": 8, "x": 1}}
    ]
    plan, problems = Plan.salvage(rows)
    assert {problem.code for problem in problems} == {"zero_span", "unknown_field"}
    assert figure(plan, "a").reason is Reason.ZERO_SPAN


def test_the_sum_of_check_ins_is_what_is_compared_with_a_zero_span() -> None:
    plan = salvaged({"kind": "increase", "start": 8, "target": 8}, 3, 5, reads="sum")
    assert figure(plan, "a", zero_span="step").value == 1.0
    assert figure(plan, "a", zero_span="step").actual == 8


def test_only_a_way_from_start_to_target_has_a_zero_span_to_decide() -> None:
    plan = salvaged({"kind": "curve", "points": [[0, 1], [1, 1]]}, 3)
    assert figure(plan, "a", zero_span="one").reason is Reason.ZERO_SPAN
    nothing_said = salvaged({"kind": "increase", "start": 8, "target": 8}, *[True])
    assert figure(nothing_said, "a", zero_span="step").reason is Reason.UNREADABLE


# -- initiatives and closed goals -------------------------------------------------------------------

WORK = Plan.of(
    objective(),
    result("a"),
    Initiative(id="plain", title="I", parent="o"),
    Initiative(id="counts", title="I", parent=Link("o", counts=True)),
    Initiative(id="never", title="I", parent=Link("o", counts=False)),
).record(at("a", 0), at("plain", 1), at("counts", 1), at("never", 1))


@pytest.mark.parametrize(
    ("choice", "counting"), [("as_linked", ["a", "counts"]), ("count", ["a", "plain", "counts"]), ("ignore", ["a"])]
)
def test_initiatives_count_where_the_policy_says(choice: str, counting: list[str]) -> None:
    row = figure(WORK, initiatives=choice)
    assert [part.goal for part in row.contributions if part.counts] == counting
    assert row.value == pytest.approx((len(counting) - 1) / len(counting))


@pytest.mark.parametrize("outcome", [None, "achieved", "partial", "missed", "dropped"])
def test_a_closed_goal_is_what_the_policy_says(outcome: str | None) -> None:
    plan = Plan.of(objective(), result("a"), result("b")).record(at("a", 40), at("b", 60), closed("a", outcome))
    dropped = outcome == "dropped"
    assert figure(plan, closed="count").value == pytest.approx(0.6 if dropped else 0.5)
    left_out = figure(plan, closed="leave_out")
    assert left_out.value == 0.6
    assert reasons(left_out)["a"] is (Reason.DROPPED if dropped else Reason.CLOSED)
    complete = 0.6 if dropped else 0.8 if outcome in {None, "achieved"} else 0.5
    assert figure(plan, closed="complete").value == pytest.approx(complete)


def test_a_closed_objective_is_complete_whatever_is_under_it() -> None:
    plan = Plan.of(objective(), result("a")).record(at("a", 40), closed("o"))
    row = figure(plan, closed="complete")
    assert (row.value, row.raw, row.coverage, row.check_in) == (1.0, 1.0, 1.0, None)
    assert reasons(row) == {"a": Reason.PARENT_IS_COMPLETE}
    assert not row.contributions[0].counts
    progress = rollup(plan, as_of=DAY, policy=Policy(closed="complete"))
    assert progress.method("o") is None
    assert [progress.is_complete(goal) for goal in "oa"] == [True, False]


def test_a_goal_with_many_parents_finds_each_of_its_links() -> None:
    parents = [objective(f"p{number}") for number in range(20)]
    shared = result("a", [Link(goal.id, weight=number) for number, goal in enumerate(parents)])
    progress = rollup(Plan.of(*parents, shared).record(at("a", 50)), as_of=DAY)
    assert [progress[goal.id].contributions[0].weight for goal in parents] == list(range(20))


def test_what_has_not_begun_is_not_complete_and_other_stages_are_not_closed() -> None:
    plan = Plan.of(objective(first_day="2026-09-01")).record(closed("o"))
    assert figure(plan, closed="complete").reason is Reason.NOT_STARTED
    paused = Plan.of(objective(), result("a")).record(Transition(goal="a", on=DAY, stage="paused"), at("a", 10))
    assert figure(paused, "a", closed="complete").value == 0.1
    assert reasons(figure(paused, closed="leave_out"))["a"] is Reason.PAUSED


def test_a_milestone_that_stands_for_a_share_of_a_complete_goal_is_complete() -> None:
    half = Milestone(id="m", title="M", parent="a", share=0.5)
    plan = Plan.of(objective(), result("a"), half).record(closed("a"))
    assert figure(plan, "m", closed="complete").value == 1.0
    assert figure(plan, "m", unmeasured="at_start").coverage == 0.0
    assert figure(plan.record(at("a", 10)), "m").coverage == 1.0
    done = plan.record(closed("m"))
    assert figure(done, "m", closed="complete").value == 1.0


# -- nothing to measure -----------------------------------------------------------------------------


def test_what_looks_for_its_baseline_is_left_out_and_told() -> None:
    plan = Plan.of(objective(), result("a", metric=FindBaseline())).record(at("a", 17))
    assert reasons(figure(plan)) == {"a": Reason.NO_BASELINE}
    assert figure(plan).reason is Reason.NO_BASELINE
    row = figure(plan, "a")
    assert (row.value, row.reason) == (None, Reason.NO_BASELINE)
    assert row.actual == 17


def test_of_several_reasons_the_one_that_matters_most_is_told() -> None:
    later, weightless = result("a", first_day="2026-09-01"), result("b", weight=0)
    searching, empty = result("c", metric=FindBaseline()), objective("d", parent="o")
    assert figure(Plan.of(objective(), weightless, later)).reason is Reason.NONE_STARTED
    assert figure(Plan.of(objective(), empty, searching)).reason is Reason.NO_BASELINE
    assert figure(Plan.of(objective(), weightless, empty)).reason is Reason.NO_CHILDREN


@pytest.mark.parametrize(("value", "actual"), [(5, 5), (True, None), (1, None)])
def test_the_number_behind_a_figure_is_told(value: Any, actual: int | None) -> None:
    metric = Binary() if actual is None else Increase(start=0, target=10)
    assert figure(Plan.of(objective(), result("a", metric=metric)).record(at("a", value)), "a").actual == actual


def test_a_value_that_cannot_be_read_is_no_number_behind_a_figure() -> None:
    assert figure(changed_after_a_tick(), "a").actual is None


def test_a_policy_that_is_none_is_refused() -> None:
    wrong: Any = {"clamp": "none"}
    with pytest.raises(ValueError, match="policy"):
        rollup(NOTHING, as_of=DAY, policy=wrong)


# -- laws -------------------------------------------------------------------------------------------


@by_law
@given(plans(details=False), days(), policies())
def test_every_plan_rolls_up_under_every_policy(plan: Plan, as_of: date, policy: Policy) -> None:
    progress = rollup(plan, as_of=as_of, policy=policy)
    for goal_id, row in progress.items():
        assert (row.value is None) == (row.reason is not None)
        assert 0.0 <= row.coverage <= 1.0
        assert progress.explain(goal_id)
        for part in row.contributions:
            assert part.counts or (part.share, part.points) == (0.0, 0.0)
            assert part.counts or part.reason is not None
        if policy.clamp.value == "everything" and policy.cap is not None and row.value is not None:
            assert 0.0 <= row.value <= policy.cap


@by_law
@given(plans(details=False), days(), policies())
def test_a_second_way_to_work_it_out_agrees(plan: Plan, as_of: date, policy: Policy) -> None:
    progress = rollup(plan, as_of=as_of, policy=policy)
    for goal_id, expected in _Second(plan.as_of(as_of), progress, policy).figures():
        row = progress[goal_id]
        if expected is None:
            assert row.value is None
        else:
            assert row.value is not None
            assert row.value == pytest.approx(float(expected), rel=1e-9, abs=1e-9)


@by_law
@given(plans(details=False), days(), policies())
def test_choices_that_do_not_concern_a_plan_change_nothing(plan: Plan, as_of: date, policy: Policy) -> None:
    goals = plan.as_of(as_of).goals
    metrics = [own_metric(goal) for goal in goals]
    like = Policy()
    if not any(isinstance(metric, (AtLeast, AtMost, Within)) for metric in metrics):
        like = evolve(like, threshold=policy.threshold)
    if not any(isinstance(goal, Initiative) for goal in goals):
        like = evolve(like, initiatives=policy.initiatives)
    if not any(
        isinstance(fact, Grade) or (isinstance(fact, Transition) and fact.stage == "closed") for fact in plan.facts
    ):
        like = evolve(like, closed=policy.closed)
    if not any(isinstance(goal, Objective) and goal.parent for goal in goals) and policy.blend != "key_results_as_one":
        like = evolve(like, blend=policy.blend)
    if all(goal.rollup is not None or own_metric(goal) is not None for goal in goals):
        like = evolve(like, method="minimum")
    like = evolve(like, zero_span=policy.zero_span, name="another", source="nowhere")  # a plan that is valid has none
    mine, theirs = rollup(plan, as_of=as_of), rollup(plan, as_of=as_of, policy=like)
    assert [*mine.values()] == [*theirs.values()]


@by_law
@given(plans(details=False, max_facts=12), days())
def test_the_short_way_to_a_reading_says_what_the_long_one_does(plan: Plan, as_of: date) -> None:
    definitions = plan.definitions(as_of)
    for goal, metric in zip(definitions.goals.values(), shape(definitions, Policy()).plain, strict=True):
        facts = plan.log.about(goal.id)
        said = plainly_said(facts, as_of)
        if metric is not None and said is not None:
            reading = read(goal, standing(facts, as_of), as_of)
            assert reading.check_in == said[0]
            assert reading.progress.raw == metric.raw(said[1])


class _Second:
    """Figures by their definition: slow, recursive, in fractions; what single goals measure is taken as it is."""

    def __init__(self, plan: Plan, progress: Rollup, policy: Policy) -> None:
        self.plan, self.progress, self.policy = plan, progress, policy
        self.known: dict[str, Fraction | None] = {}

    def figures(self) -> Iterable[tuple[str, Fraction | None]]:
        """Yield each goal that is made up of others with the figure that it should be shown with."""
        for goal in self.plan.goals:
            if self.progress.method(goal.id) is not None and self.progress[goal.id].reason is not Reason.NOT_STARTED:
                yield goal.id, self.shown(goal.id)

    def shown(self, goal_id: str) -> Fraction | None:
        if self.progress.method(goal_id) is None or self.progress[goal_id].reason is Reason.NOT_STARTED:
            value = self.progress[goal_id].value
            return None if value is None else Fraction(value)
        if goal_id not in self.known:
            figure = self.made(goal_id)
            held = self.policy.clamp in {"everything", "objective"}
            self.known[goal_id] = self.held(figure) if held and figure is not None else figure
        return self.known[goal_id]

    def held(self, figure: Fraction) -> Fraction:
        lowest = max(figure, Fraction(0))
        return lowest if self.policy.cap is None else min(lowest, Fraction(self.policy.cap))

    def made(self, goal_id: str) -> Fraction | None:
        goal, policy = self.plan[goal_id], self.policy
        parts = [part for part in self.progress[goal_id].contributions if self.stays(part, goal_id)]
        if self.progress[goal_id].reason is Reason.WEIGHTS_NOT_ONE or not parts:
            return None
        method = goal.rollup or policy.method
        if method in {RollupMethod.SUM_OF_VALUES, RollupMethod.RATIO_OF_SUMS}:
            return self.summed(goal_id)
        known = [part for part in parts if self.shown(part.goal) is not None]
        if not known or (policy.unmeasured == "unknown" and len(known) < len(parts)):
            return None
        parts = known if policy.unmeasured == "skip" else parts
        entering = [self.shown(part.goal) or Fraction(0) for part in parts]
        if policy.clamp == "entering":
            entering = [self.held(figure) for figure in entering]
        if method is not RollupMethod.WEIGHTED_MEAN:
            return min(entering) if method is RollupMethod.MINIMUM else max(entering)
        weights = [Fraction(part.weight) for part in parts]
        if policy.blend == "key_results_as_one":
            kinds = [isinstance(self.plan[part.goal], Objective) for part in parts]
            block = sum(weight for weight, is_objective in zip(weights, kinds, strict=True) if not is_objective)
            weights = [
                weight if is_objective else weight / block for weight, is_objective in zip(weights, kinds, strict=True)
            ]
        return Fraction(sum(w * e for w, e in zip(weights, entering, strict=True))) / sum(weights)

    def stays(self, part: Any, parent: str) -> bool:
        """Tell whether a child has a part in its parent: it counts, or is only skipped for now."""
        skipped = self.policy.unmeasured == "skip" and self.progress[parent].reason is not Reason.NOT_STARTED
        return part.counts or (skipped and part.reason in {Reason.NOT_MEASURED, Reason.UNREADABLE})

    def summed(self, goal_id: str) -> Fraction | None:
        row = self.progress[goal_id]
        if row.raw is None:
            return None
        metric = own_metric(self.plan[goal_id])
        points = [part.points for part in row.contributions]
        size = max(1.0, *map(abs, points), abs(row.raw))
        assert sum(points) == pytest.approx(row.raw, abs=1e-9 * size)
        if metric is not None:
            amounts = [part.amount for part in row.contributions if part.counts and part.amount is not None]
            assert row.actual == sum(amounts)
            return Fraction(metric.progress(row.actual).raw or 0.0) if abs(row.actual) < 10**30 else Fraction(row.raw)
        return sum(map(Fraction, points), Fraction(0))
