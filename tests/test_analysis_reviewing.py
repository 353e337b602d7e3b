"""A cycle is reviewed by how its goals came out."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given

from goalkit import (
    CheckIn,
    Cycle,
    Grade,
    Increase,
    Initiative,
    InvalidValue,
    KeyResult,
    Objective,
    Outcome,
    Plan,
    Transition,
    UnknownId,
    review_cycle,
)
from goalkit.testing.strategies import days, plans

END = date(2026, 9, 30)
TEN = Increase(start=0, target=10)
Q3 = "2026-Q3"


def quarter(*scores: object, **fields: Any) -> Plan:
    """Return a plan with a key result for each score, in the third quarter; None for one without a check-in."""
    ids = [f"k{at}" for at in range(len(scores))]
    goals = [KeyResult(id=goal_id, title="K", cycle=Q3, metric=TEN, **fields) for goal_id in ids]
    facts = [
        CheckIn(goal=goal_id, on=END, value=score)  # type: ignore[arg-type]  # any number
        for goal_id, score in zip(ids, scores, strict=True)
        if score is not None
    ]
    return Plan.of(Cycle.quarter(2026, 3), *goals, *facts)


@given(plans(), days())
def test_every_goal_that_is_looked_at_has_one_place(plan: Plan, on: date) -> None:
    for cycle in plan.cycles:
        review = review_cycle(plan, cycle.id, as_of=on)
        assert sum(review.distribution.values()) + len(review.unknown) == len(review.goals)
        assert set(review.dropped) | set(review.unknown) | set(review.ungraded) <= set(review.goals)
        assert review.mean is None or 0 <= review.mean <= 1


def test_a_review_counts_outcomes_and_what_is_unknown() -> None:
    plan = quarter(10, 5, 1, None).record(
        Transition(goal="k2", on=END, stage="closed", outcome="dropped", why="no users"),
    )
    review = review_cycle(plan, Q3, as_of=END)
    assert review.distribution == {
        Outcome.ACHIEVED: 1,
        Outcome.PARTIAL: 1,
        Outcome.MISSED: 0,
        Outcome.DROPPED: 1,
    }
    assert (review.dropped, review.unknown, review.share_dropped) == (("k2",), ("k3",), 0.25)
    assert review.mean == 0.75  # of the two that have a score and were not dropped


@pytest.mark.parametrize(
    ("scores", "where"),
    [((5,), "below"), ((6,), "within"), ((7,), "within"), ((6, 7, "6.5"), "within"), ((8,), "above"), ((None,), None)],
)
def test_the_sweet_spot_has_both_its_bounds(scores: tuple[object, ...], where: str | None) -> None:
    assert review_cycle(quarter(*scores), Q3, as_of=END).sweet_spot == where


def test_the_sweet_spot_can_be_another() -> None:
    assert review_cycle(quarter(8), Q3, as_of=END, sweet_spot=(0.6, 0.8)).sweet_spot == "within"


def test_several_goals_that_were_all_reached_in_full_are_a_signal() -> None:
    assert review_cycle(quarter(10, 12), Q3, as_of=END).signals == ("sandbagging", "above_sweet_spot")
    assert review_cycle(quarter(10), Q3, as_of=END).signals == ("above_sweet_spot",)
    assert review_cycle(quarter(10, 9), Q3, as_of=END).signals == ("above_sweet_spot",)
    assert review_cycle(quarter(1, 1), Q3, as_of=END).signals == ("below_sweet_spot",)


def test_goals_that_were_promised_say_nothing_of_how_high_others_aim() -> None:
    review = review_cycle(quarter(10, 10, ambition="committed"), Q3, as_of=END)
    assert (review.mean, review.stretch_mean, review.sweet_spot, review.signals) == (1, None, None, ())


def test_a_goal_that_is_closed_without_a_word_is_told() -> None:
    plan = quarter(6, 6, 6, 6).record(
        Transition(goal="k0", on=END, stage="closed"),
        Transition(goal="k1", on=END, stage="closed", outcome="partial"),
        Grade(goal="k2", on=END, outcome="achieved", by="ida"),
    )
    review = review_cycle(plan, Q3, as_of=END)
    assert (review.ungraded, review.signals) == (("k0",), ("closed_without_grade",))
    assert review.overridden == ("k2",)


def test_a_goal_is_closed_with_the_goal_above_it() -> None:
    plan = Plan.of(
        Cycle.quarter(2026, 3),
        Objective(id="o", title="O", cycle=Q3),
        KeyResult(id="k", title="K", parent="o", metric=TEN),
        CheckIn(goal="k", on=END, value=6),
        Grade(goal="o", on=END, outcome="partial", by="ida"),
    )
    assert review_cycle(plan, Q3, as_of=END).ungraded == ()


def test_the_goals_of_a_cycle_are_those_below_it_that_name_no_other() -> None:
    plan = Plan.of(
        Cycle.quarter(2026, 3),
        Cycle.month(2026, 8),
        Objective(id="o", title="O", cycle=Q3),
        KeyResult(id="own", title="Own", parent="o", cycle="2026-08", metric=TEN),
        KeyResult(id="k", title="K", parent="o", metric=TEN),
        Initiative(id="i", title="I", parent="o"),
        Objective(id="later", title="Later", cycle=Q3),
        Transition(goal="later", on="2026-07-01", stage="draft"),
    )
    assert review_cycle(plan, Q3, as_of=END).goals == ("o", "k")
    assert review_cycle(plan, "2026-08", as_of=END).goals == ("own",)
    assert review_cycle(plan, Q3, as_of=END, kinds=["key_result", "initiative"]).goals == ("k", "i")


def test_a_review_prints_and_is_plain_data() -> None:
    review = review_cycle(quarter(10, 10), Q3, as_of=END)
    assert str(review).splitlines() == [
        "2026-Q3 on 2026-09-30: 2 goals, mean score 1, above the sweet spot of 0.6 to 0.7",
        "ask about: sandbagging, above sweet spot",
        "outcome   goals  share",
        "achieved      2  100 %",
        "partial       0    0 %",
        "missed        0    0 %",
        "dropped       0    0 %",
        "unknown       0    0 %",
    ]
    assert review._repr_html_().startswith("<table>")
    assert repr(review) == "<CycleReview of 2026-Q3 on 2026-09-30>"
    assert [(row["cycle"], row["goal"]) for row in json.loads(json.dumps(review.to_dicts()))] == [
        (Q3, "k0"),
        (Q3, "k1"),
    ]
    assert json.loads(json.dumps(review.summary()))["signals"] == ["sandbagging", "above_sweet_spot"]


def test_a_cycle_without_goals_has_no_mean() -> None:
    review = review_cycle(quarter(), Q3, as_of=END)
    assert (review.mean, review.share_dropped, review.sweet_spot) == (None, None, None)
    assert "mean score –" in str(review)
    assert review.summary()["sweet_spot"] is None


@pytest.mark.parametrize(
    ("said", "code", "path"),
    [
        ({"kinds": "key_result"}, "not_a_list", "kinds"),
        ({"kinds": 1}, "not_a_list", "kinds"),
        ({"kinds": ["kpi"]}, "unknown_choice", "kinds"),
        ({"sweet_spot": 0.6}, "not_a_range", "sweet_spot"),
        ({"sweet_spot": (0.7, 0.6)}, "not_a_range", "sweet_spot"),
        ({"sweet_spot": (0.7, 2)}, "out_of_range", "sweet_spot"),
    ],
    ids=str,
)
def test_what_is_not_what_it_should_be_is_refused(said: dict[str, Any], code: str, path: str) -> None:
    with pytest.raises(InvalidValue) as error:
        review_cycle(quarter(), Q3, as_of=END, **said)
    problem = error.value.problems[0]
    assert (problem.code, problem.path) == (code, path)
    assert problem.hint


def test_an_unknown_cycle_is_refused() -> None:
    with pytest.raises(UnknownId, match="no cycle"):
        review_cycle(quarter(), "2026-Q5", as_of=END)
