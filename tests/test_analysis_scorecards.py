"""A scorecard weighs what somebody answers for."""

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
    InvalidValue,
    KeyResult,
    Link,
    Objective,
    Plan,
    Policy,
    Transition,
    UnknownId,
    scorecard,
)
from goalkit.quantities import same
from goalkit.testing.strategies import days, plans

END = date(2026, 9, 30)
TEN = Increase(start=0, target=10)

SALES = KeyResult(id="sales", title="Sales", owner="ida", weight=30, metric=TEN)
TEAM = KeyResult(id="team", title="Team", owner="ida", weight=70, metric=TEN)


def card_of(sales: object, team: object, *facts: Any, **choices: Any) -> Any:
    """Return the card of two goals with weights 30 and 70; None for one without a check-in."""
    said = [
        CheckIn(goal=goal_id, on=END, value=value)  # type: ignore[arg-type]  # any number
        for goal_id, value in (("sales", sales), ("team", team))
        if value is not None
    ]
    return scorecard(Plan.of(SALES, TEAM, *said, *facts), "ida", as_of=choices.pop("as_of", END), **choices)


@given(plans(), days())
def test_a_total_lies_within_its_scores_and_is_what_the_points_sum_to(plan: Plan, on: date) -> None:
    for owner in {goal.owner for goal in plan.as_of(on).latest.goals.values() if goal.owner is not None}:
        card = scorecard(plan, owner, as_of=on)
        assert -1e-9 <= card.coverage <= 1 + 1e-9
        if card.total is not None:
            assert same(card.total, sum(area.points for area in card))
            assert same(sum(area.share for area in card), 1)
            scores = [area.score or 0.0 for area in card if area.counts]
            assert min(scores) - 1e-9 <= card.total <= max(scores) + 1e-9


def test_weights_and_scores_make_a_total() -> None:
    card = card_of("1.25", 5)
    assert [(area.weight, round(area.points, 9)) for area in card] == [(30, 0.0375), (70, 0.35)]
    assert same(card.total, 0.3875)
    assert card.coverage == 1


def test_a_goal_without_a_score_counts_as_the_policy_says() -> None:
    assert same(card_of(10, None).total, 0.3)
    assert same(card_of(10, None).coverage, 0.3)
    assert card_of(10, None, policy=Policy(unmeasured="skip")).total == 1
    assert card_of(10, None, policy=Policy(unmeasured="unknown")).total is None
    assert card_of(10, 10, policy=Policy(unmeasured="unknown")).total == 1
    assert card_of(None, None).total is None


def test_the_score_of_a_person_counts() -> None:
    grade = Grade(goal="team", on=END, outcome="achieved", score=1, by="cpo")
    assert same(card_of(10, 5, grade).total, 1)
    assert same(card_of(20, 5, grade, cap=None).total, 1.3)


def test_more_than_all_counts_where_there_is_no_cap() -> None:
    assert same(card_of(20, 10).total, 1)
    assert same(card_of(20, 10, cap=None).total, 1.3)
    assert same(card_of(20, 10, cap="1.5").total, 1.15)
    assert same(card_of(-5, 10, cap=None).total, 0.7)
    assert same(card_of(None, 10, cap=None).total, 0.7)


def test_what_was_dropped_or_is_a_draft_is_left_out() -> None:
    dropped = Transition(goal="team", on=END, stage="closed", outcome="dropped", why="no team")
    card = card_of(5, 10, dropped)
    assert (card.total, [area.counts for area in card]) == (0.5, [True, False])
    assert "left out" in str(card)
    assert card_of(5, 10, Transition(goal="team", on=END, stage="draft")).total == 0.5


def test_on_a_card_stand_the_goals_that_count_towards_no_other_of_the_same_owner() -> None:
    plan = Plan.of(
        Cycle.quarter(2026, 3),
        Objective(id="company", title="Company", owner="board", cycle="2026-Q3"),
        Objective(id="app", title="App", owner="ida", parent=Link("company", weight=4)),
        KeyResult(id="nps", title="NPS", parent="app", metric=TEN),
        KeyResult(id="own", title="Own", owner="ida"),
    )
    card = scorecard(plan, "ida", as_of=END)
    assert [(area.goal, area.weight) for area in card] == [("app", 4), ("own", 1)]
    assert [area.goal for area in scorecard(plan, "ida", as_of=END, cycle="2026-Q3")] == ["app"]
    assert [area.goal for area in scorecard(plan, "board", as_of=END)] == ["company"]


def test_where_there_are_key_result_areas_they_alone_stand_on_the_card() -> None:
    plan = Plan.of(
        Objective(id="role", title="Role", owner="ida"),
        Objective(id="sales", title="Sales", level="key_result_area", parent="role", weight=60),
        Objective(id="team", title="Team", level="key_result_area", parent="role", weight=40),
        KeyResult(id="k", title="K", parent="sales", metric=TEN),
        KeyResult(id="beside", title="Beside", owner="ida", metric=TEN),
        CheckIn(goal="k", on=END, value=5),
    )
    card = scorecard(plan, "ida", as_of=END)
    assert [(area.goal, area.weight, area.points) for area in card] == [("sales", 60, 0.3), ("team", 40, 0)]
    assert same(card.total or 0, 0.3)


def test_a_card_prints_and_is_plain_data() -> None:
    card = card_of("1.25", 5)
    assert str(card).splitlines()[-1] == "total     100  100 %  0.388  38.8 %"
    assert card._repr_html_().startswith("<table>")
    assert repr(card) == "<Scorecard of 'ida' on 2026-09-30>"
    assert (card[0].goal, card[:1][0].goal, len(card), card.owner, card.as_of) == ("sales", "sales", 2, "ida", END)
    rows = json.loads(json.dumps(card.to_dicts()))
    assert (rows[1]["owner"], rows[1]["outcome"], rows[1]["points"]) == ("ida", "partial", 0.35)
    assert json.loads(json.dumps(card_of(None, None).to_dicts()))[0]["outcome"] is None


def test_what_is_not_what_it_should_be_is_refused() -> None:
    plan = Plan.of(SALES)
    with pytest.raises(UnknownId, match="no owner has the id 'idaa'; did you mean 'ida'"):
        scorecard(plan, "idaa", as_of=END)
    with pytest.raises(UnknownId, match="no cycle"):
        scorecard(plan, "ida", as_of=END, cycle="2026-Q3")
    with pytest.raises(InvalidValue) as error:
        scorecard(plan, "ida", as_of=END, cap=0.5)
    assert [(problem.code, problem.path) for problem in error.value.problems] == [("out_of_range", "cap")]
    wrong: Any = "plan"
    with pytest.raises(InvalidValue, match="not a plan"):
        scorecard(wrong, "ida", as_of=END)
