"""Figures in words."""

from datetime import date
from typing import Any

import pytest

from goalkit import (
    KPI,
    AtMost,
    CheckIn,
    Increase,
    Initiative,
    InvalidValue,
    KeyResult,
    Link,
    Milestone,
    Objective,
    Observation,
    Plan,
    Policy,
    Reason,
    Transition,
    UnknownId,
    rollup,
)
from goalkit.analysis.explain import WORDS

DAY = date(2026, 8, 15)


def told(plan: Plan, goal_id: str = "o", depth: int = 3) -> list[str]:
    return rollup(plan, as_of=DAY).explain(goal_id, depth=depth).splitlines()


def test_every_part_says_what_it_brought_and_where_that_was_read() -> None:
    plan = Plan.of(
        Objective(id="o", title="Praise"),
        KeyResult(id="nps", title="NPS", parent="o", metric=Increase(start=42, target=70)),
        Milestone(id="m", title="Open", parent="o", due="2026-09-01", weight=2),
        Initiative(id="i", title="Train", parent=Link("o", counts=True), actions=["plan", "teach", "check"]),
        KeyResult(id="c", title="Complaints", parent="o", metric=AtMost(3), weight=0),
    ).record(
        CheckIn(goal="nps", on=date(2026, 8, 10), value=84),
        CheckIn(goal="m", on=date(2026, 8, 10), value=False),
        CheckIn(goal="i", on=date(2026, 8, 10), done=["plan"]),
        CheckIn(goal="c", on=date(2026, 8, 10), value=2),
    )
    assert told(plan) == [
        "o is at 33 % on 2026-08-15: Praise",
        "├─ m  0 % × 50 % of the weight = 0.0 points  [not done on 2026-08-10, due 2026-09-01]",
        (
            "├─ nps  100 % × 25 % of the weight = 25.0 points, held within 0 % and 100 %"
            "  [84 on 2026-08-10, from 42 up to 70]"
        ),
        "├─ i  33 % × 25 % of the weight = 8.3 points  [1 done on 2026-08-10, of 3 actions]",
        "└─ c  left out: it weighs nothing (at 100 %)  [2 on 2026-08-10, at most 3]",
    ]


def test_what_is_unknown_says_so_and_how_much_was_measured() -> None:
    plan = Plan.of(
        Objective(id="o", title="O"),
        KeyResult(id="a", title="A", parent="o", metric=Increase(start=0, target=10)),
        KeyResult(id="b", title="B", parent="o", metric=Increase(start=0, target=10)),
    ).record(CheckIn(goal="a", on=DAY, value=5))
    assert told(plan) == [
        "o is at 25 % on 2026-08-15, with 50 % of it measured: O",
        "├─ a  50 % × 50 % of the weight = 25.0 points  [5 on 2026-08-15, from 0 up to 10]",
        "└─ b  unknown, counts as 0 % × 50 % of the weight = 0.0 points: not measured yet  [from 0 up to 10]",
    ]


@pytest.mark.parametrize(
    ("method", "words"), [("minimum", "the least of its parts"), ("maximum", "the most of its parts")]
)
def test_another_way_to_roll_up_is_named(method: str, words: str) -> None:
    plan = Plan.of(Objective(id="o", title="O", rollup=method), Milestone(id="m", title="M", parent="o"))
    assert told(plan.record(CheckIn(goal="m", on=DAY, value=True)))[0] == f"o is at 100 % on 2026-08-15, {words}: O"


def test_a_goal_without_a_figure_says_why() -> None:
    assert told(Plan.of(Objective(id="o", title="O"))) == ["o is unknown (nothing contributes to it) on 2026-08-15: O"]


def test_what_stands_under_two_parents_is_told_once() -> None:
    plan = Plan.of(
        Objective(id="o", title="O"),
        Objective(id="l", title="L", parent="o"),
        Objective(id="r", title="R", parent="o"),
        Objective(id="k", title="K", parent=["l", "r"]),
        Milestone(id="m", title="M", parent="k"),
    ).record(CheckIn(goal="m", on=DAY, value=True))
    lines = told(plan)
    assert [line for line in lines if "told above" in line] == [
        "   └─ k  100 % × 100 % of the weight = 100.0 points  (told above)"
    ]
    assert told(plan, depth=1)[1].endswith("(more below it)")


def test_a_dropped_goal_is_told_with_the_figure_that_it_had() -> None:
    plan = Plan.of(Objective(id="o", title="O"), Milestone(id="m", title="M", parent="o")).record(
        CheckIn(goal="m", on=DAY, value="0.5"),
        Transition(goal="m", on=DAY, stage="closed", outcome="dropped"),
    )
    assert told(plan)[1] == "└─ m  left out: it was dropped (at 50 %)  [0.5 on 2026-08-15]"


def test_every_reason_has_words() -> None:
    assert set(WORDS) == set(Reason)


@pytest.mark.parametrize("depth", [0, -1, 21, 1.5, "x"])
def test_a_depth_that_is_none_is_refused(depth: Any) -> None:
    with pytest.raises(InvalidValue, match="depth"):
        told(Plan.of(Objective(id="o", title="O")), depth=depth)


def test_a_goal_that_is_not_there_is_named() -> None:
    with pytest.raises(UnknownId, match="'x'"):
        told(Plan.of(), "x")


def test_of_a_minimum_the_part_that_decides_is_named() -> None:
    plan = Plan.of(
        Objective(id="o", title="O", rollup="minimum"),
        Milestone(id="a", title="A", parent="o"),
        Milestone(id="b", title="B", parent="o"),
    ).record(CheckIn(goal="a", on=DAY, value="0.5"))
    assert told(plan)[1:] == [
        "├─ b  unknown, counts as 0 % (not measured yet), which decides",
        "└─ a  50 %, which does not decide  [0.5 on 2026-08-15]",
    ]


# -- by other choices -------------------------------------------------------------------------------


def by(policy: Policy, plan: Plan) -> list[str]:
    return rollup(plan, as_of=DAY, policy=policy).explain("o").splitlines()


def result(goal_id: str, **fields: Any) -> KeyResult:
    values = {"metric": Increase(start=0, target=10), "parent": "o", **fields}
    return KeyResult(id=goal_id, title=goal_id.upper(), **values)


HALF = Plan.of(Objective(id="o", title="O"), result("a"), result("b")).record(CheckIn(goal="a", on=DAY, value=16))


def test_choices_that_are_not_the_default_are_named() -> None:
    assert by(Policy(name="ours", unmeasured="skip", cap=1.2), HALF) == [
        "o is at 120 % on 2026-08-15, by ours (cap 1.2, unmeasured skip), with 50 % of it measured: O",
        (
            "├─ a  120 % × 100 % of the weight = 120.0 points, held within 0 % and 120 %"
            "  [16 on 2026-08-15, from 0 up to 10]"
        ),
        "└─ b  left out: not measured yet  [from 0 up to 10]",
    ]


def test_without_a_cap_only_what_is_worse_than_the_start_is_held() -> None:
    worse = Plan.of(Objective(id="o", title="O"), result("a")).record(CheckIn(goal="a", on=DAY, value=-5))
    assert by(Policy(cap=None), worse)[1] == (
        "└─ a  0 % × 100 % of the weight = 0.0 points, held at 0 %  [-5 on 2026-08-15, from 0 up to 10]"
    )


def test_where_one_unknown_makes_it_unknown_nothing_counts_as_zero() -> None:
    assert by(Policy(unmeasured="unknown"), HALF) == [
        ("o is unknown (not measured yet) on 2026-08-15, by a policy without a name (unmeasured unknown): O"),
        "├─ a  100 %  [16 on 2026-08-15, from 0 up to 10]",
        "└─ b  unknown: not measured yet  [from 0 up to 10]",
    ]


def test_who_makes_a_sum_unknown_is_told() -> None:
    plan = Plan.of(
        Objective(id="o", title="O", metric=Increase(start=0, target=20), rollup="sum_of_values"),
        result("a"),
        result("b"),
    ).record(CheckIn(goal="a", on=DAY, value=6))
    assert [line[:27] for line in by(Policy(unmeasured="unknown"), plan)[1:]] == [
        "├─ a  60 %  [6 on 2026-08-1",
        "└─ b  unknown: not measured",
    ]


def test_what_is_held_says_from_where() -> None:
    plan = Plan.of(Objective(id="top", title="T"), Objective(id="o", title="O", parent="top"), result("a"), result("b"))
    plan = plan.record(CheckIn(goal="a", on=DAY, value=20), CheckIn(goal="b", on=DAY, value=8))
    progress = rollup(plan, as_of=DAY, policy=Policy(name="ours", clamp="objective"))
    assert progress.explain("o").splitlines()[0] == (
        "o is at 100 % on 2026-08-15, by ours (clamp objective), held there from 140 %: O"
    )
    assert progress.explain("top", depth=1).splitlines()[1] == (
        "└─ o  100 % × 100 % of the weight = 100.0 points, held within 0 % and 100 %  (more below it)"
    )
    assert (progress.unheld("o"), progress.unheld("a"), progress.unheld("top")) == (1.4, None, None)


def test_a_measured_goal_tells_what_it_was_read_from() -> None:
    plan = Plan.of(result("o", parent=None)).record(CheckIn(goal="o", on=DAY, value=5))
    assert told(plan) == ["o is at 50 % on 2026-08-15: O  [5 on 2026-08-15, from 0 up to 10]"]
    most = Plan.of(result("o", parent=None, metric=AtMost(5))).record(CheckIn(goal="o", on=DAY, value=5))
    assert by(Policy(name="ours", threshold="strict"), most) == [
        "o is at 0 % on 2026-08-15, by ours (threshold strict): O  [5 on 2026-08-15, less than 5]"
    ]
    closed = plan.record(Transition(goal="o", on=DAY, stage="closed"))
    assert by(Policy(name="ours", closed="complete"), closed) == [
        (
            "o is at 100 % on 2026-08-15, by ours (closed complete): O"
            "  [5 on 2026-08-15, closed, and complete by the policy, from 0 up to 10]"
        )
    ]


def test_what_is_taken_at_its_start_says_so() -> None:
    assert by(Policy(unmeasured="at_start"), HALF)[2] == (
        "└─ b  0 % × 50 % of the weight = 0.0 points  [not measured, taken at its start, from 0 up to 10]"
    )


def test_a_value_that_several_check_ins_make_is_named_as_what_it_is() -> None:
    plan = Plan.of(Objective(id="o", title="O"), result("a", reads="sum")).record(
        CheckIn(goal="a", on=date(2026, 8, 1), value=2), CheckIn(goal="a", on=DAY, value=3)
    )
    assert told(plan)[1].endswith("[5, the sum of its check-ins until 2026-08-15, from 0 up to 10]")


def test_a_sum_of_values_is_told_in_values() -> None:
    plan = Plan.of(
        Objective(id="o", title="O", metric=Increase(start=0, target=20), rollup="sum_of_values"),
        result("a"),
        result("b", metric=Increase(start=2, target=10)),
    ).record(CheckIn(goal="a", on=DAY, value=6))
    assert told(plan) == [
        "o is at 40 % on 2026-08-15, read from the sum of values 8, with 50 % of it measured: O",
        "├─ a  6, 75 % of the sum = 30.0 points  [6 on 2026-08-15, from 0 up to 10]",
        "└─ b  2, 25 % of the sum = 10.0 points, counted at its start: not measured yet  [from 2 up to 10]",
    ]


def test_a_ratio_of_sums_is_told_in_ways() -> None:
    plan = Plan.of(
        Objective(id="o", title="O", rollup="ratio_of_sums"),
        result("a"),
        result("b", metric=Increase(start=0, target=30)),
    ).record(CheckIn(goal="a", on=DAY, value=20))
    assert told(plan) == [
        ("o is at 50 % on 2026-08-15, all the way that was gone over all there is to go, with 25 % of it measured: O"),
        "├─ b  unknown, counts as 0 % × 75 % of the way = 0.0 points: not measured yet  [from 0 up to 30]",
        "└─ a  25 % of the way = 50.0 points  [20 on 2026-08-15, from 0 up to 10]",
    ]


def test_of_a_minimum_what_is_unknown_counts_as_nothing() -> None:
    plan = Plan.of(Objective(id="o", title="O", rollup="minimum"), result("a"), result("b"))
    assert told(plan.record(CheckIn(goal="a", on=DAY, value=6)))[1:] == [
        "├─ b  unknown, counts as 0 % (not measured yet), which decides  [from 0 up to 10]",
        "└─ a  60 %, which does not decide  [6 on 2026-08-15, from 0 up to 10]",
    ]


def test_a_goal_that_a_kpi_measures_says_so() -> None:
    sales = KPI(id="sales", title="Sales", kind="flow")
    goal = result("a", metric=Increase(start=0, target=10), measured_by="sales")
    plan = Plan.of(Objective(id="o", title="O"), sales, goal)
    seen = Observation(kpi="sales", on="2026-08-10", value=4)
    assert any("4 by the KPI sales" in line for line in told(plan.record(seen)))
    assert not any("by the KPI" in line for line in told(plan))
