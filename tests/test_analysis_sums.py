"""Figures of values: sums that a metric reads, and all the way that was gone over all there is to go."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import (
    AtLeast,
    AtMost,
    Binary,
    CheckIn,
    Checklist,
    CommitTargetStretch,
    Curve,
    Decrease,
    FindBaseline,
    Increase,
    Initiative,
    KeyResult,
    Link,
    Milestone,
    Objective,
    Plan,
    Policy,
    Reason,
    Transition,
    rollup,
)
from goalkit.quantities import TOLERANCE

DAY = date(2026, 8, 15)


def total(goal_id: str = "o", target: Any = 100, start: Any = 0, **fields: Any) -> Objective:
    values = {"metric": Increase(start=start, target=target), "rollup": "sum_of_values", **fields}
    return Objective(id=goal_id, title=goal_id.upper(), **values)


def ways(goal_id: str = "o", **fields: Any) -> Objective:
    return Objective(id=goal_id, title=goal_id.upper(), rollup="ratio_of_sums", **fields)


def result(goal_id: str, parent: Any = "o", start: Any = 0, target: Any = 50, **fields: Any) -> KeyResult:
    kind = Increase if Decimal(target) > Decimal(start) else Decrease
    values = {"metric": kind(start=start, target=target), "parent": parent, **fields}
    return KeyResult(id=goal_id, title=goal_id.upper(), **values)


def at(goal_id: str, value: Any) -> CheckIn:
    return CheckIn(goal=goal_id, on=DAY, value=value)


def figure(plan: Plan, goal_id: str = "o", **choices: Any) -> Any:
    return rollup(plan, as_of=DAY, policy=Policy(**choices))[goal_id]


def points(row: Any) -> list[float]:
    return [round(part.points, 9) for part in row.contributions]


# -- sums of values ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "child", "parent"), [(1, 0.5, 1 / 3), (4, 2.0, 4 / 3)])
def test_children_bring_their_values_and_not_their_progress(value: int, child: float, parent: float) -> None:
    # The cascade of a published help page: a child of 2 under a parent of 3.
    plan = Plan.of(total(target=3), result("a", target=2)).record(at("a", value))
    assert figure(plan, "a").raw == child
    row = figure(plan)
    assert row.raw == pytest.approx(parent, abs=TOLERANCE)
    assert row.value == min(parent, 1.0)
    assert row.actual == value
    assert row.check_in is None


def test_a_sum_starts_where_its_own_metric_does() -> None:
    plan = Plan.of(total(start=100, target=200), result("a", start=60, target=120), result("b", start=40, target=80))
    row = figure(plan.record(at("a", 100), at("b", 50)))
    assert (row.actual, row.raw) == (150, 0.5)


def test_any_metric_of_numbers_can_read_a_sum() -> None:
    parts = result("a"), result("b")
    for metric, raw in (
        (AtMost(30), 0.0),
        (AtLeast(30), 1.0),
        (Curve({0: 0, 80: 1}), 0.5),
        (Decrease(start=80, target=0), 0.5),
    ):
        plan = Plan.of(total(metric=metric), *parts).record(at("a", 10), at("b", 30))
        assert figure(plan).raw == raw
    searching = Plan.of(total(metric=FindBaseline()), *parts).record(at("a", 10))
    assert figure(searching).reason is Reason.NO_BASELINE


def test_a_sum_is_exact() -> None:
    plan = Plan.of(total(target=1), result("a"), result("b"), result("c")).record(
        at("a", "0.1"), at("b", "0.2"), at("c", "0.7")
    )
    assert str(figure(plan).actual) == "1.0"
    assert figure(plan).raw == 1.0


def test_below_a_diamond_each_value_is_summed_once() -> None:
    plan = Plan.of(
        total(),
        Objective(id="x", title="X", parent="o"),
        Objective(id="y", title="Y", parent="o"),
        result("shared", ["x", "y"]),
        result("own", "y"),
    ).record(at("shared", 30), at("own", 20))
    row = figure(plan)
    assert row.actual == 50
    assert [(part.goal, part.amount, part.share) for part in row.contributions] == [("x", 30, 0.6), ("y", 20, 0.4)]
    assert points(row) == [0.3, 0.2]


def test_below_a_diamond_a_limit_has_a_value_too() -> None:
    x, y = (Objective(id=name, title=name, parent="o") for name in "xy")
    plan = Plan.of(total(), x, y, result("shared", ["x", "y"], metric=AtMost(9))).record(at("shared", 30))
    assert figure(plan).actual == 30
    ratio = plan.amend("o", metric=None, rollup="ratio_of_sums")
    assert figure(ratio).reason is Reason.NO_VALUE


def test_a_goal_below_by_two_ways_is_summed_once_and_its_first_way_brings_it() -> None:
    plan = Plan.of(total(), Objective(id="x", title="X", parent="o"), result("a", ["x", "o"])).record(at("a", 30))
    row = figure(plan)
    assert row.actual == 30
    assert [(part.goal, part.counts, part.amount) for part in row.contributions] == [
        ("x", True, 30),
        ("a", False, None),
    ]
    assert row.contributions[1].reason is Reason.NO_VALUE


def test_a_sum_goes_through_what_is_itself_summed() -> None:
    plan = Plan.of(total(), total("x", 10, parent="o"), result("a", "x"), result("b", "o")).record(
        at("a", 30), at("b", 5)
    )
    assert (figure(plan).actual, figure(plan, "x").actual) == (35, 30)
    assert figure(plan, "x").value == 1.0


def test_a_measured_goal_is_summed_and_what_is_below_it_is_not() -> None:
    plan = Plan.of(total(), result("a"), result("below", "a")).record(at("a", 30), at("below", 50))
    assert figure(plan).actual == 30


@pytest.mark.parametrize(
    "other",
    [
        KeyResult(id="b", title="B", parent="o", metric=Binary()),
        KeyResult(id="b", title="B", parent="o", metric=Checklist(["x"])),
        Milestone(id="b", title="B", parent="o"),
        Initiative(id="b", title="B", parent=Link("o", counts=True)),
        Milestone(id="b", title="B", parent="o", share=0.5),
    ],
)
def test_what_has_no_value_is_left_out_of_a_sum(other: Any) -> None:
    plan = Plan.of(total(), result("a"), other).record(at("a", 30))
    row = figure(plan)
    assert (row.actual, row.coverage) == (30, 1.0)
    assert (row.contributions[1].counts, row.contributions[1].reason) == (False, Reason.NO_VALUE)
    assert figure(Plan.of(total(), other)).reason is Reason.NO_VALUE


def test_an_objective_without_values_below_it_brings_none() -> None:
    plan = Plan.of(
        total(), result("a"), Objective(id="x", title="X", parent="o"), Milestone(id="m", title="M", parent="x")
    ).record(at("a", 30), at("m", 1))
    row = figure(plan)
    assert (row.contributions[1].counts, row.contributions[1].reason) == (False, Reason.NO_VALUE)
    assert figure(plan.remove("a", with_dependants=True)).reason is Reason.NO_VALUE


def test_a_milestone_may_stand_for_a_share_of_a_sum() -> None:
    plan = Plan.of(total(), result("a"), Milestone(id="half", title="Half", parent="o", share=0.5)).record(at("a", 25))
    assert figure(plan, "half").value == 0.5
    unmeasured = Plan.of(total(), result("a"), Milestone(id="half", title="Half", parent="o", share=0.5))
    assert figure(unmeasured, "half").reason is Reason.NOT_MEASURED


@pytest.mark.parametrize(
    ("units", "own", "known"),
    [
        (("EUR", "EUR"), "EUR", True),
        (("EUR", "EUR"), None, True),
        ((None, None), None, True),
        (("EUR", "SEK"), None, False),
        (("EUR", None), None, False),
        (("EUR", "EUR"), "SEK", False),
        ((None, None), "EUR", False),
    ],
)
@pytest.mark.parametrize("make", [total, ways])
def test_unlike_units_are_never_summed(make: Any, units: tuple[Any, Any], own: Any, *, known: bool) -> None:
    plan = Plan.of(make(unit=own), result("a", unit=units[0]), result("b", unit=units[1])).record(at("a", 5))
    row = figure(plan)
    assert row.reason is (None if known else Reason.UNLIKE_UNITS)
    above = plan.add(Objective(id="top", title="T")).amend("o", parent="top")
    assert figure(above, "top").reason is (None if known else Reason.UNLIKE_UNITS)


@pytest.mark.parametrize(("unmeasured", "actual"), [("zero", 70), ("at_start", 70), ("skip", 30), ("unknown", None)])
def test_an_unmeasured_value_is_what_the_policy_says(unmeasured: str, actual: int | None) -> None:
    plan = Plan.of(total(), result("a"), result("b", start=40, target=60)).record(at("a", 30))
    row = figure(plan, unmeasured=unmeasured)
    assert row.actual == actual
    assert row.reason is (None if actual else Reason.NOT_MEASURED)
    assert row.coverage == 0.5


def test_an_unmeasured_value_without_a_start_brings_nothing_and_lowers_the_coverage() -> None:
    plan = Plan.of(total(), result("a"), result("b", metric=AtMost(9))).record(at("a", 30))
    row = figure(plan)
    assert (row.actual, row.coverage) == (30, 0.5)
    assert row.contributions[1].counts is False
    assert row.contributions[1].reason is Reason.NOT_MEASURED


def test_a_sum_of_which_nothing_is_measured_is_unknown_or_stands_at_its_start() -> None:
    plan = Plan.of(total(start=10, target=110), result("a", start=10, target=60))
    for choice in ("zero", "skip", "unknown"):
        assert figure(plan, unmeasured=choice).reason is Reason.NOT_MEASURED
        assert points(figure(plan, unmeasured=choice)) == [0.0]
        assert figure(plan.record(at("a", 35)), unmeasured=choice).raw == 0.25
    row = figure(plan, unmeasured="at_start")
    assert (row.value, row.actual, row.coverage) == (0.0, 10, 0.0)
    without = Plan.of(total(), result("a", metric=AtMost(9)))
    assert figure(without, unmeasured="at_start").reason is Reason.NOT_MEASURED
    limit = Plan.of(total(), result("a", metric=AtMost(9, start=5)))
    assert figure(limit, unmeasured="at_start").actual == 5


def test_who_does_not_count_is_not_summed_at_any_level() -> None:
    plan = Plan.of(
        total(),
        result("a"),
        result("supports", Link("o", counts=False)),
        result("weightless", weight=0),
        result("paused"),
        result("later", first_day="2026-09-01"),
        Objective(id="x", title="X", parent="o"),
        result("dropped", "x"),
        result("kept", "x", weight=7),
    ).record(
        *(at(goal, 10) for goal in ("a", "supports", "weightless", "paused", "dropped", "kept")),
        Transition(goal="paused", on=DAY, stage="paused"),
        Transition(goal="dropped", on=DAY, stage="closed", outcome="dropped"),
    )
    row = figure(plan)
    assert (row.actual, row.coverage) == (20, 1.0)
    assert {part.goal: part.reason for part in row.contributions if not part.counts} == {
        "supports": Reason.DOES_NOT_COUNT,
        "weightless": Reason.NO_WEIGHT,
        "paused": Reason.PAUSED,
        "later": Reason.NOT_STARTED,
    }


def test_a_sum_without_children_is_unknown() -> None:
    assert figure(Plan.of(total())).reason is Reason.NO_CHILDREN


def test_values_that_cancel_out_bring_points_that_do() -> None:
    plan = Plan.of(total(), result("a", start=-50, target=50), result("b")).record(at("a", -20), at("b", 20))
    row = figure(plan)
    assert (row.actual, row.raw) == (0, 0.0)
    assert [part.share for part in row.contributions] == [0.5, 0.5]
    assert points(row) == [-0.2, 0.2]


def test_in_a_falling_sum_who_fell_brings_the_points() -> None:
    parts = result("a", start=50, target=0), result("b", start=50, target=0)
    plan = Plan.of(total(metric=Decrease(start=100, target=0)), *parts)
    assert points(figure(plan.record(at("a", 0), at("b", 0)))) == [0.5, 0.5]
    assert points(figure(plan.record(at("a", 20), at("b", 50)))) == [0.3, 0.0]


def test_the_start_of_a_sum_is_divided_as_the_starts_of_its_parts_are() -> None:
    parts = result("a", start=30, target=60), result("b", start=10, target=90), result("c", metric=AtMost(9))
    row = figure(Plan.of(total(start=80, target=180), *parts).record(at("a", 100), at("b", 20), at("c", 5)))
    assert row.raw == 0.45
    assert points(row) == [0.4, 0.0, 0.05]
    without = result("a", metric=AtMost(9)), result("b", metric=AtMost(9))
    row = figure(Plan.of(total(start=80, target=180), *without).record(at("a", 100), at("b", 20)))
    assert points(row) == [0.6, -0.2]


def test_where_all_values_are_nothing_all_shares_are_equal() -> None:
    row = figure(Plan.of(total(), result("a"), result("b")).record(at("a", 0), at("b", 0)))
    assert [part.share for part in row.contributions] == [0.5, 0.5]
    assert points(row) == [0.0, 0.0]


def test_the_start_of_what_is_skipped_is_not_divided() -> None:
    x = Objective(id="x", title="X", parent="o")
    parts = result("a", "x", start=10), result("b", "x", start=30), result("c", start=20)
    plan = Plan.of(total(start=30, target=130), x, *parts).record(at("a", 40), at("c", 30))
    assert points(figure(plan, unmeasured="skip")) == [0.3, 0.1]


def test_below_an_objective_what_has_no_value_does_not_lower_the_coverage() -> None:
    x = Objective(id="x", title="X", parent="o")
    parts = result("a", "x"), result("b", "x", metric=Binary()), Milestone(id="m", title="M", parent="x")
    row = figure(Plan.of(total(), x, *parts).record(at("a", 30)))
    assert (row.actual, row.coverage) == (30, 1.0)


@pytest.mark.parametrize(("make", "figures"), [(total, [0.3, None]), (ways, [0.2, 0.2])])
def test_what_two_objectives_share_is_found_once_and_ends_no_search(make: Any, figures: list[float]) -> None:
    x, y, z = (Objective(id=name, title=name, parent="o" if name == "x" else "x") for name in "xyz")
    parts = result("last", "y", target=100), result("shared", ["y", "z"])
    row = figure(Plan.of(make(), x, y, z, *parts).record(at("shared", 10), at("last", 20)))
    assert row.raw == pytest.approx(figures[0])
    assert row.contributions[0].value == (pytest.approx(figures[1]) if figures[1] else 0.2)


def test_a_sum_that_is_read_with_a_limit_is_divided_by_size() -> None:
    plan = Plan.of(total(metric=AtMost(30)), result("a"), result("b", start=-50, target=50)).record(
        at("a", 6), at("b", -2)
    )
    row = figure(plan)
    assert [part.share for part in row.contributions] == [0.75, 0.25]
    assert points(row) == [0.75, 0.25]
    assert [part.amount for part in row.contributions] == [6, -2]


def test_an_objective_brings_all_that_is_below_it() -> None:
    x = Objective(id="x", title="X", parent="o")
    parts = result("a", "x", start=10), result("b", "x", start=10), result("c", start=20)
    row = figure(Plan.of(total(start=40, target=140), x, *parts).record(at("a", 30), at("b", 40), at("c", 30)))
    assert [part.amount for part in row.contributions] == [70, 30]
    assert points(row) == [0.5, 0.1]


def test_what_is_met_a_second_time_does_not_end_the_search() -> None:
    parts = result("other"), result("shared", ["o", "x"]), Objective(id="x", title="X", parent="o")
    plan = Plan.of(total(), *parts, result("last", "x")).record(*(at(goal, 10) for goal in ("other", "shared", "last")))
    assert figure(plan).actual == 30
    other_way = Plan.of(total(), *reversed(parts), result("last", "x"))
    assert figure(other_way.record(*plan.facts)).actual == 30


def test_where_a_figure_is_refused_nothing_counts_for_that_reason() -> None:
    mixed = Plan.of(total(), result("a", unit="EUR"), result("b", unit="SEK")).record(at("a", 50), at("b", 20))
    unread = Plan.of(Objective(id="o", title="O"), result("a"), result("b")).record(at("a", 50), at("b", 20))
    for row, reason in (
        (figure(mixed), Reason.UNLIKE_UNITS),
        (figure(unread, method="sum_of_values"), Reason.NO_METRIC),
        (figure(unread, weights="sum_to_one"), Reason.WEIGHTS_NOT_ONE),
    ):
        assert [(part.counts, part.share, part.points, part.reason) for part in row.contributions] == [
            (False, 0.0, 0.0, reason),
            (False, 0.0, 0.0, reason),
        ]


def test_a_sum_is_clamped_as_the_policy_says() -> None:
    plan = Plan.of(total(target=10), result("a")).record(at("a", 20))
    shown = {clamp: figure(plan, clamp=clamp).value for clamp in ("everything", "entering", "objective", "none")}
    assert shown == {"everything": 1.0, "entering": 2.0, "objective": 1.0, "none": 2.0}
    above = plan.add(Objective(id="top", title="T")).amend("o", parent="top")
    assert figure(above, "top", clamp="entering").value == 1.0
    assert figure(above, "top", clamp="none").value == 2.0


# -- a policy that sums -----------------------------------------------------------------------------


def test_by_policy_a_goal_with_a_metric_is_fed_by_what_contributes_to_it() -> None:
    plan = Plan.of(
        Objective(id="o", title="O", metric=Increase(start=0, target=100)),
        result("a"),
        result("alone", None),
        Objective(id="no metric", title="N"),
        result("c", "no metric"),
        Objective(id="milestones", title="M", metric=Increase(start=0, target=4)),
        Milestone(id="m", title="M", parent="milestones"),
        Objective(id="supported", title="S", metric=Increase(start=0, target=4)),
        result("s", Link("supported", counts=False)),
        Objective(id="binary", title="B", metric=Binary()),
        result("d", "binary"),
    ).record(
        at("o", 90), at("a", 10), at("alone", 5), at("c", 1), at("milestones", 1), at("supported", 2), at("binary", 1)
    )
    progress = rollup(plan, as_of=DAY, policy=Policy(method="sum_of_values"))
    assert progress["o"].actual == 10
    assert progress["o"].check_in is None
    assert progress["alone"].value == 0.1
    assert progress["no metric"].reason is Reason.NO_METRIC
    assert [progress[goal].value for goal in ("milestones", "supported", "binary")] == [0.25, 0.5, 1.0]
    assert rollup(plan, as_of=DAY)["o"].actual == 90


def test_by_policy_a_goal_is_read_itself_where_nothing_below_it_has_a_value() -> None:
    fed = Objective(id="o", title="O", metric=AtLeast(5))
    below: tuple[Any, ...] = (
        result("a", weight=0),
        result("a", metric=Binary()),
        result("a", first_day="2026-09-01"),
        result("a", Link("o", counts=False)),
    )
    for part in below:
        plan = Plan.of(fed, part).record(at("o", 6))
        row = figure(plan, method="sum_of_values")
        assert (row.value, row.actual) == (1.0, 6)
        assert row.contributions[0].reason in {Reason.PARENT_IS_MEASURED, Reason.DOES_NOT_COUNT}


def test_by_policy_what_is_scored_by_the_share_of_check_ins_is_not_fed() -> None:
    plan = Plan.of(Objective(id="o", title="O", metric=AtLeast(5, score="check_ins")), result("a"))
    plan = plan.record(CheckIn(goal="o", on="2026-08-01", value=4), at("o", 6), at("a", 9))
    for method in ("sum_of_values", "weighted_mean"):
        assert figure(plan, method=method).value == 0.5


# -- goals that are complete by policy -------------------------------------------------------------


@pytest.mark.parametrize(("make", "before"), [(total, 0.14), (ways, 0.14)])
def test_closing_a_goal_takes_nothing_from_a_sum(make: Any, before: float) -> None:
    below = Objective(id="n", title="N", parent="o"), result("a", "n"), result("b")
    plan = Plan.of(make(), *below).record(at("a", 10), at("b", 4))
    assert figure(plan).value == before
    closed = plan.record(Transition(goal="n", on=DAY, stage="closed", outcome="achieved"))
    assert figure(closed, closed="complete").value == before
    assert figure(closed, "n", closed="complete").value == 1.0


def test_a_key_result_that_is_complete_brings_what_was_measured_else_its_target() -> None:
    plan = Plan.of(total(), result("a"), result("b")).record(at("a", 10))
    closed = plan.record(*(Transition(goal=goal, on=DAY, stage="closed") for goal in "ab"))
    assert figure(closed, closed="complete").actual == 60
    ratio = closed.amend("o", metric=None, rollup="ratio_of_sums")
    assert figure(ratio, closed="complete").raw == 1.0


def test_points_are_exact_however_far_away_the_start_is() -> None:
    far = total(start="20000000000000000", target="20000000000000010")
    parts = result("a", start="1e16", target="2e16"), result("b", start="1e16", target="2e16")
    plan = Plan.of(far, *parts).record(at("a", "10000000000000003"), at("b", "10000000000000002"))
    row = figure(plan)
    assert (row.raw, points(row)) == (0.5, [0.3, 0.2])


# -- ratios of sums ---------------------------------------------------------------------------------


def test_a_ratio_of_sums_is_not_the_mean_of_the_ratios() -> None:
    # Two treatments of kidney stones (Charig and others, 1986): each part is better for one, the total for the other.
    def treatment(small: tuple[int, int], large: tuple[int, int]) -> Any:
        plan = Plan.of(ways(), result("small", target=small[1]), result("large", target=large[1]))
        return figure(plan.record(at("small", small[0]), at("large", large[0])))

    surgery, puncture = treatment((81, 87), (192, 263)), treatment((234, 270), (55, 80))
    assert surgery.value == pytest.approx(273 / 350, abs=TOLERANCE)
    assert puncture.value == pytest.approx(289 / 350, abs=TOLERANCE)
    for row, shares in ((surgery, [87 / 350, 263 / 350]), (puncture, [270 / 350, 80 / 350])):
        assert [part.share for part in row.contributions] == pytest.approx(shares)
        assert sum(points(row)) == pytest.approx(row.value)
        assert [part.amount for part in row.contributions] == [None, None]


def test_a_way_down_is_as_long_as_a_way_up() -> None:
    plan = Plan.of(ways(), result("up", target=10), result("down", start=30, target=0)).record(
        at("up", 10), at("down", 30)
    )
    row = figure(plan)
    assert row.raw == 0.25
    assert [(part.value, part.share) for part in row.contributions] == [(1.0, 0.25), (0.0, 0.75)]


def test_what_enters_a_ratio_is_not_held() -> None:
    plan = Plan.of(ways(), result("a", target=10), result("b", start=2, target=0)).record(at("a", -5), at("b", 3))
    row = figure(plan)
    assert [part.value for part in row.contributions] == [-0.5, -0.5]
    assert points(row) == pytest.approx([part.share * part.value for part in row.contributions])
    assert (row.raw, row.value) == (-0.5, 0.0)


def test_the_stretch_is_the_end_of_a_way_with_marks() -> None:
    marks = CommitTargetStretch(baseline=0, stretch=100)
    plan = Plan.of(ways(), result("a", metric=marks), result("b", target=100)).record(at("a", 70), at("b", 0))
    assert figure(plan).raw == 0.35


def test_what_has_no_way_is_left_out_of_a_ratio() -> None:
    plan = Plan.of(ways(), result("a"), result("b", metric=AtMost(5)), result("c", metric=Curve({0: 0, 1: 1})))
    row = figure(plan.record(at("a", 25), at("b", 1), at("c", 1)))
    assert row.raw == 0.5
    assert [part.reason for part in row.contributions] == [None, Reason.NO_VALUE, Reason.NO_VALUE]


@pytest.mark.parametrize(("unmeasured", "raw"), [("zero", 0.5), ("at_start", 0.5), ("skip", 2.0), ("unknown", None)])
def test_a_way_that_nobody_has_measured_is_what_the_policy_says(unmeasured: str, raw: float | None) -> None:
    plan = Plan.of(ways(), result("a", target=10), result("b", target=30)).record(at("a", 20))
    row = figure(plan, unmeasured=unmeasured, clamp="none")
    assert (row.raw, row.coverage) == (raw, 0.25)
    assert row.actual is None


def test_a_share_of_the_way_sees_through_objectives() -> None:
    plan = Plan.of(
        ways(), Objective(id="x", title="X", parent="o"), result("a", "x", target=10), result("b", target=30)
    )
    row = figure(plan.record(at("a", 10), at("b", 0)))
    assert (row.raw, points(row)) == (0.25, [0.25, 0.0])
    assert [part.share for part in row.contributions] == [0.25, 0.75]


@given(st.lists(st.tuples(st.integers(1, 999), st.integers(-999, 1999)), min_size=1, max_size=6))
def test_a_ratio_of_sums_is_the_mean_of_the_ratios_weighted_by_the_way(ways_and_values: list[tuple[int, int]]) -> None:
    goals = [result(str(at_), target=way) for at_, (way, _) in enumerate(ways_and_values)]
    facts = [at(str(at_), value) for at_, (_, value) in enumerate(ways_and_values)]
    row = figure(Plan.of(ways(), *goals).record(*facts))
    expected = Fraction(sum(value for _, value in ways_and_values), sum(way for way, _ in ways_and_values))
    assert row.raw == pytest.approx(float(expected), abs=1e-12)
    assert sum(part.points for part in row.contributions) == pytest.approx(float(expected), abs=1e-9)


@given(st.lists(st.integers(-999, 1999), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_what_is_summed_does_not_matter(values: list[int], random: Any) -> None:
    goals = [result(str(at_)) for at_ in range(len(values))]
    facts = [at(str(at_), value) for at_, value in enumerate(values)]
    random.shuffle(goals)
    assert figure(Plan.of(total(), *goals).record(*facts)).actual == sum(values)
