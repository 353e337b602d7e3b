"""Figures in words."""

from datetime import date

import pytest

from goalkit import (
    AtMost,
    CheckIn,
    Increase,
    Initiative,
    InvalidValue,
    KeyResult,
    Link,
    Milestone,
    Objective,
    Plan,
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


@pytest.mark.parametrize("depth", [0, -1, 21])
def test_a_depth_that_is_none_is_refused(depth: int) -> None:
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
