"""A plan as a tree of text: what is shown, what is cut, and that size does no harm."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import (
    Cadence,
    CheckIn,
    Cycle,
    Grade,
    Increase,
    Initiative,
    InvalidValue,
    KeyResult,
    Link,
    Milestone,
    Objective,
    Plan,
    Transition,
    assess,
    grades,
    rollup,
)
from goalkit.report import tree
from goalkit.report.text import _bar
from goalkit.testing.strategies import plans

AUGUST = date(2026, 8, 15)


def shown(plan: Plan, width: int = 80) -> list[str]:
    return tree(rollup(plan, as_of=AUGUST), width=width).splitlines()


def objective(number: int, *parents: int) -> Objective:
    return Objective(id=str(number), title=f"Goal {number}", parent=[str(parent) for parent in parents])


def test_a_tree_says_what_counts_what_is_unknown_and_what_is_left_out() -> None:
    way = Increase(start=0, target=10)
    plan = Plan.of(
        Objective(id="top", title="Be the first choice"),
        Objective(id="app", title="A joy\nto  use", parent="top"),
        KeyResult(id="nps", title="Reach an NPS of 70", parent="app", metric=way),
        KeyResult(id="users", title="More users", parent=[Link("app"), Link("top", counts=False)], metric=way),
        Initiative(id="onboarding", title="Rebuild it", parent="app"),
        KeyResult(id="old", title="Old", parent="app", metric=way),
        Objective(id="people", title="Stay", parent="top"),
        Milestone(id="launch", title="Launch"),
    ).record(
        CheckIn(goal="nps", on="2026-08-10", value=5),
        CheckIn(goal="launch", on="2026-08-10", value=True),
        Transition(goal="old", on="2026-08-01", stage="closed", outcome="dropped"),
    )
    assert shown(plan) == [
        "Progress on 2026-08-15",
        "███░░░░░░░   25 %  Be the first choice (50 % measured)",
        "███░░░░░░░   25 %  ├─ A joy to use (50 % measured)",
        "█████░░░░░   50 %  │  ├─ Reach an NPS of 70",
        "··········      –  │  ├─ More users (not measured yet)",
        "··········      –  │  ├─ Rebuild it (left out: it supports without counting)",
        "··········      –  │  └─ Old (left out: it was dropped)",
        "··········      –  ├─ More users (left out: it supports without counting)",
        "··········      –  └─ Stay (left out: nothing contributes to it)",
        "██████████  100 %  Launch",
    ]


def test_a_goal_with_several_parents_is_shown_under_each_and_expanded_once() -> None:
    plan = Plan.of(objective(0), objective(1, 0), objective(2, 0), objective(3, 1, 2), objective(4, 3))
    assert [line[19:].partition(" (")[0] for line in shown(plan)[1:]] == [
        "Goal 0",
        "├─ Goal 1",
        "│  └─ Goal 3",
        "│     └─ Goal 4",
        "└─ Goal 2",
        "   └─ Goal 3",
    ]
    assert shown(plan, 100)[-1].endswith("(shown above; left out: nothing contributes to it)")


def test_a_plan_without_goals_says_so() -> None:
    assert shown(Plan.of()) == ["Progress on 2026-08-15", "there are no goals"]


@pytest.mark.parametrize(
    ("value", "bar"),
    [
        (None, "··········"),
        (0.0, "░░░░░░░░░░"),
        (0.001, "█░░░░░░░░░"),
        (0.15, "██░░░░░░░░"),
        (0.5, "█████░░░░░"),
        (0.999, "█████████░"),
        (1.0, "██████████"),
    ],
)
def test_a_bar_looks_neither_empty_nor_full_unless_it_is(value: float | None, bar: str) -> None:
    assert _bar(value) == bar


def test_a_long_title_is_cut_before_its_reason() -> None:
    (_, line) = shown(Plan.of(Objective(id="a", title="word " * 10_000)))
    assert len(line) == 80
    assert line.endswith("word wo… (nothing contributes to it)")
    (_, line) = shown(Plan.of(Objective(id="a", title="x" * 10_000)), width=200)
    assert len(line) == 200


def test_a_title_cannot_steer_the_terminal() -> None:
    (_, line) = shown(Plan.of(Objective(id="a", title="red \x1b[31m\u202ealarm\r\n👩\u200d👧")))
    assert line.endswith("red [31m alarm 👩\u200d👧 (nothing contributes to it)")


@given(plans(max_goals=8, max_facts=2), st.integers(60, 120))
def test_no_line_is_wider_than_asked_and_every_goal_is_on_one(plan: Plan, width: int) -> None:
    lines = shown(plan, width)
    assert all(len(line) <= width for line in lines)
    assert len(lines) >= 1 + len(rollup(plan, as_of=AUGUST)) or any("more below it" in line for line in lines)


@pytest.mark.parametrize("width", [59, 1001, 80.5, "wide", True])
def test_a_width_out_of_range_is_refused(width: int) -> None:
    with pytest.raises(InvalidValue) as caught:
        tree(rollup(Plan.of(), as_of=AUGUST), width=width)
    assert caught.value.problems[0].path == "width"


def test_only_figures_are_shown() -> None:
    with pytest.raises(InvalidValue, match="rollup makes one"):
        tree(Plan.of())  # type: ignore[arg-type] # that is the point


# -- hostile sizes --------------------------------------------------------------------------------


def bounded(plan: Plan, width: int = 80) -> list[str]:
    progress = rollup(plan, as_of=AUGUST)
    text = tree(progress, width=width)
    assert len(text) < 200_000
    return text.splitlines()


def test_a_chain_is_shown_as_deep_as_a_line_has_room() -> None:
    plan = Plan.of(objective(0), *(objective(below, above) for above, below in pairwise(range(10_000))))
    lines = bounded(plan)
    assert len(lines) == 2 + 9
    assert "(more below it; " in lines[-1]
    assert len(bounded(plan, 1000)) == 2 + 20


def test_of_many_children_the_first_are_shown_and_the_rest_are_counted() -> None:
    lines = bounded(Plan.of(objective(0), *(objective(number, 0) for number in range(1, 20_001))))
    assert len(lines) == 2 + 50 + 1
    assert lines[-2].startswith("··········      –  ├─ Goal 50")
    assert lines[-1] == "                   └─ … and 19950 more"


def test_of_many_goals_without_a_parent_too() -> None:
    lines = bounded(Plan.of(*(objective(number) for number in range(60))))
    assert len(lines) == 1 + 50 + 1
    assert lines[-1] == "                   … and 10 more"


def test_a_ladder_of_diamonds_is_not_walked_twice() -> None:
    rungs = [objective(0), objective(1, 0)]
    rungs += [objective(number, number - 2 - number % 2, number - 1 - number % 2) for number in range(2, 42)]
    lines = bounded(Plan.of(*rungs), 200)
    assert len(lines) < 100


def test_a_huge_plan_ends_with_how_much_is_not_bounded() -> None:
    lines = bounded(Plan.of(objective(0), *(objective(number, (number - 1) // 30) for number in range(1, 50_000))))
    assert len(lines) == 1001
    assert lines[-1] == "… 49001 of 50000 goals are not shown"


# -- judgement --------------------------------------------------------------------------------------


def judged(*facts: Any) -> Plan:
    weekly = Cadence.weekly("monday")
    return Plan.of(
        Cycle.quarter(2026, 3),
        Objective(id="o", title="A joy to use", cycle="2026-Q3", cadence=weekly),
        KeyResult(id="k", title="Sell 100", parent="o", metric=Increase(start=0, target=100)),
        KeyResult(id="j", title="Sell 10", parent="o", metric=Increase(start=0, target=10)),
        *facts,
    )


def test_a_tree_tells_how_goals_stand_and_how_they_were_graded() -> None:
    day = date(2026, 8, 15)
    said = CheckIn(goal="k", on="2026-07-20", value=5, status="on_track")
    plan = judged(
        said, CheckIn(goal="j", on="2026-08-12", value=10), Grade(goal="j", on=day, by="cpo", outcome="partial")
    )
    figures = rollup(plan, as_of=day)
    told = tree(figures, width=160, status=assess(plan, as_of=day), grades=grades(plan, as_of=day)).splitlines()
    assert told[2].endswith(
        "Sell 100 (off track; reported as on track; no check-in since 2026-07-27 was due; would be missed)"
    )
    assert told[3].endswith("Sell 10 (graded partial)")
    assert tree(figures, width=160) == "\n".join(line.split(" (")[0] for line in told)


def test_what_stands_beside_figures_is_of_their_day() -> None:
    plan = judged()
    figures, other = rollup(plan, as_of=date(2026, 8, 15)), date(2026, 8, 16)
    with pytest.raises(InvalidValue) as caught:
        tree(figures, status=assess(plan, as_of=other))
    assert (caught.value.problems[0].code, caught.value.problems[0].path) == ("days_differ", "status")
    with pytest.raises(InvalidValue):
        tree(figures, grades=grades(plan, as_of=other))
    with pytest.raises(InvalidValue):
        tree(figures, grades=assess(plan, as_of=other))  # type: ignore[arg-type]


def test_what_is_not_known_is_not_told() -> None:
    plan, day = judged(), date(2026, 6, 1)
    told = tree(rollup(plan, as_of=day), status=assess(plan, as_of=day), grades=grades(plan, as_of=day))
    assert "would be" not in told
    assert "graded" not in told
