"""A grade is proposed by the figures and decided by a person, who may say otherwise."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given

from goalkit import (
    CheckIn,
    Colour,
    Cycle,
    Decrease,
    Expectations,
    Grade,
    Grades,
    Increase,
    InvalidValue,
    KeyResult,
    Objective,
    Outcome,
    Plan,
    Reason,
    Retrospective,
    Transition,
    UnknownId,
    assess,
    grades,
    rollup,
)
from goalkit.quantities import same
from goalkit.testing.strategies import days, plans

END = date(2026, 9, 30)
GRADED = date(2026, 10, 2)
AIM = "aspirational"
TEN = Increase(start=0, target=10)

PLAN = Plan.of(
    Cycle.quarter(2026, 3),
    Objective(id="app", title="A joy to use", cycle="2026-Q3", ambition="aspirational"),
    KeyResult(id="nps", title="Reach an NPS of 70", parent="app", metric=Increase(start=42, target=70)),
    KeyResult(id="leave", title="Fewer leave", parent="app", metric=Decrease(start=2000, target=1700)),
    CheckIn(goal="nps", on=END, value=63),
    CheckIn(goal="leave", on=END, value=1790),
)
OTHERWISE = Grade(goal="app", on=GRADED, outcome="partial", score=0.65, why="too many leave", by="cpo")


def one(value: object = None, **fields: Any) -> Plan:
    """Return a plan with one key result, and perhaps a check-in."""
    plan = Plan.of(KeyResult(id="k", title="K", metric=TEN, **fields))
    return plan if value is None else plan.record(CheckIn(goal="k", on=END, value=value))  # type: ignore[arg-type]  # any number


# -- what is proposed -----------------------------------------------------------------------------


@given(plans(), days())
def test_a_proposed_score_is_the_clamped_progress_and_unknown_progress_gives_none(plan: Plan, on: date) -> None:
    plan = Plan.of(*plan.cycles, *plan.goals, *(fact for fact in plan.facts if fact.kind in {"check_in", "revision"}))
    progress, graded = rollup(plan, as_of=on), grades(plan, as_of=on)
    assert list(graded) == list(progress)
    for goal_id, row in graded.items():
        value = progress.progress(goal_id)
        assert (row.score is None) == (value is None) == (row.reason is not None)
        assert value is None or row.score == min(max(value, 0.0), 1.0)
        assert row.score is not None or (row.outcome, row.colour) == (None, None)


@given(plans(), days())
def test_whatever_was_recorded_a_goal_has_one_colour_and_a_score_that_is_one(plan: Plan, on: date) -> None:
    for row in grades(plan, as_of=on).values():
        assert row.score is None or 0 <= row.score <= 1
        assert (row.colour is None) == (row.outcome in {None, Outcome.DROPPED})
        assert row.computed_on <= row.as_of
        assert (row.computed_score is None) == (row.reason is not None)
        assert not (row.overridden and row.confirmed)
        assert row.grade is None or row.grade.outcome is row.outcome
        assert row.derivation


def test_a_proposal_says_its_score_outcome_and_colour() -> None:
    row = grades(PLAN, as_of=END)["app"]
    assert row.score is not None
    assert same(row.score, 0.725)
    assert (row.outcome, row.colour, row.overridden, row.confirmed) == ("achieved", Colour.GREEN, False, False)
    assert (row.ambition, row.expectation, row.grade, row.computed_on) == ("aspirational", 0.7, None, END)
    assert grades(PLAN, as_of=END)["nps"].outcome == "achieved"  # ambition is inherited


@pytest.mark.parametrize(
    ("ambition", "value", "outcome"),
    [
        (None, "9.99", "partial"),
        (None, 10, "achieved"),
        ("committed", 7, "partial"),
        ("committed", 12, "achieved"),
        ("aspirational", 7, "achieved"),
        ("aspirational", "6.99", "partial"),
        ("aspirational", 4, "partial"),
        ("aspirational", "3.99", "missed"),
        ("aspirational", -5, "missed"),
        ("learning", 7, None),
    ],
)
def test_the_outcome_follows_from_what_is_expected(ambition: Any, value: Any, outcome: str | None) -> None:
    assert grades(one(value, ambition=ambition), as_of=END)["k"].outcome == outcome


def test_a_score_that_misses_the_expectation_by_rounding_alone_has_reached_it() -> None:
    thirds = [KeyResult(id=f"k{at}", title="K", parent="o", metric=TEN, weight=0.1) for at in range(3)]
    facts = [CheckIn(goal=goal.id, on=END, value=7) for goal in thirds]
    plan = Plan.of(Objective(id="o", title="O", ambition="aspirational"), *thirds, *facts)
    assert grades(plan, as_of=END)["o"].outcome == "achieved"


def test_the_smallest_progress_is_a_score_too() -> None:
    far = KeyResult(id="k", title="K", metric=Increase(start=0, target="9e30"))
    row = grades(Plan.of(far, CheckIn(goal="k", on=END, value="1e-30")), as_of=END)["k"]
    assert (row.outcome, str(row.derivation).split(" on")[0]) == ("missed", "missed with a score of 0")


def test_expectations_can_be_others() -> None:
    row = grades(one(6, ambition="learning"), as_of=END, expectations=Expectations(learning=0.5))["k"]
    assert (row.outcome, row.expectation) == ("achieved", 0.5)


def test_what_is_unknown_has_a_reason_and_is_never_zero() -> None:
    row = grades(one(), as_of=END)["k"]
    assert (row.score, row.outcome, row.colour, row.reason) == (None, None, None, Reason.NOT_MEASURED)
    assert row.derivation.splitlines()[0] == "no score and no outcome on 2026-09-30: not measured yet"


@pytest.mark.parametrize("stage", ["draft", "proposed"])
def test_what_nobody_has_approved_is_not_judged(stage: str) -> None:
    plan = one(8).record(Transition(goal="k", on="2026-07-01", stage=stage))
    row = grades(plan, as_of=END)["k"]
    assert (row.score, row.outcome, row.reason) == (None, None, stage)


# -- what a person says ---------------------------------------------------------------------------


def test_a_person_may_say_otherwise_and_both_figures_stay() -> None:
    row = grades(PLAN.record(OTHERWISE), as_of=GRADED)["app"]
    assert (row.score, row.outcome, row.colour) == (0.65, "partial", "yellow")
    assert row.computed_score is not None
    assert same(row.computed_score, 0.725)
    assert (row.computed_outcome, row.overridden, row.confirmed, row.grade) == ("achieved", True, False, OTHERWISE)


def test_a_later_check_in_leaves_the_score_of_a_graded_goal_as_it_was() -> None:
    plan = PLAN.record(OTHERWISE, CheckIn(goal="nps", on="2026-10-05", value=70))
    row = grades(plan, as_of=date(2026, 10, 6))
    assert row["app"].computed_score is not None
    assert same(row["app"].computed_score, 0.725)
    assert row["app"].computed_on == GRADED
    assert row["nps"].score == 1  # it was not graded itself
    later = plan.amend("app", on=date(2026, 10, 5), ambition="committed")
    assert grades(later, as_of=date(2026, 10, 6))["app"].expectation == 0.7  # it was judged by what held then


def test_before_the_day_of_the_grade_there_is_only_the_proposal() -> None:
    row = grades(PLAN.record(OTHERWISE), as_of=END)["app"]
    assert (row.grade, row.outcome) == (None, "achieved")


def test_a_goal_that_is_reopened_is_computed_again() -> None:
    plan = PLAN.record(
        OTHERWISE,
        Transition(goal="app", on="2026-10-04", stage="active", why="one more week"),
        CheckIn(goal="nps", on="2026-10-05", value=70),
    )
    row = grades(plan, as_of=date(2026, 10, 6))["app"]
    assert (row.grade, row.closed_by) == (None, None)
    assert row.score is not None
    assert same(row.score, 0.85)
    again = plan.record(Grade(goal="app", on="2026-10-07", outcome="achieved", by="cpo"))
    assert grades(again, as_of=date(2026, 10, 8))["app"].confirmed


def test_a_grade_without_a_score_takes_the_computed_one() -> None:
    row = grades(one(8).record(Grade(goal="k", on=GRADED, outcome="partial", by="ida")), as_of=GRADED)["k"]
    assert (row.score, row.overridden, row.confirmed) == (0.8, False, True)


def test_another_score_with_the_same_outcome_is_another_word() -> None:
    row = grades(one(8).record(Grade(goal="k", on=GRADED, outcome="partial", score=0.5, by="ida")), as_of=GRADED)["k"]
    assert row.overridden


def test_where_nothing_was_proposed_nothing_is_overridden() -> None:
    graded = Grade(goal="k", on=GRADED, outcome="achieved", score=0.9, by="ida")
    row = grades(one().record(graded), as_of=GRADED)["k"]
    assert (row.score, row.outcome, row.computed_score) == (0.9, "achieved", None)
    assert (row.overridden, row.confirmed) == (False, False)


def test_a_goal_that_is_archived_keeps_its_grade() -> None:
    plan = PLAN.record(OTHERWISE, Transition(goal="app", on="2026-11-01", stage="archived"))
    assert grades(plan, as_of=date(2026, 11, 2))["app"].grade == OTHERWISE


def test_a_dropped_goal_is_dropped_and_keeps_its_last_score() -> None:
    dropped = Transition(goal="k", on="2026-10-01", stage="closed", outcome="dropped", why="no users", by="ida")
    plan = one(8).record(dropped, CheckIn(goal="k", on="2026-10-05", value=10))
    row = grades(plan, as_of=date(2026, 10, 6))["k"]
    assert (row.outcome, row.colour, row.score, row.closed_by) == (Outcome.DROPPED, None, 0.8, dropped)
    assert (row.overridden, row.confirmed) == (False, False)
    assert row.derivation.splitlines()[0] == "dropped, decided by ida on 2026-10-01: no users"


def test_a_goal_that_is_closed_without_a_word_has_a_proposal_only() -> None:
    plan = one(8).record(Transition(goal="k", on="2026-10-01", stage="closed"))
    row = grades(plan, as_of=GRADED)["k"]
    assert (row.closed_by, row.outcome) == (None, "partial")


def test_the_last_retrospective_is_beside_the_grade() -> None:
    first = Retrospective(goal="app", on=GRADED, helped="weekly interviews")
    second = Retrospective(goal="app", on="2026-10-09", helped="a week off")
    plan = PLAN.record(OTHERWISE, first, second)
    assert grades(plan, as_of=GRADED)["app"].retrospective == first
    assert grades(plan, as_of=date(2026, 10, 9))["app"].retrospective == second
    assert grades(plan, as_of=END)["app"].retrospective is None


# -- in words and in tables -----------------------------------------------------------------------


def test_a_derivation_says_who_decided_what_was_computed_and_why() -> None:
    assert grades(PLAN.record(OTHERWISE), as_of=date(2026, 10, 9))["app"].derivation.splitlines() == [
        "partial with a score of 0.65, decided by cpo on 2026-10-02: too many leave",
        f"achieved with a score of 0.725 on {GRADED}: a goal that is {AIM} is achieved from 0.7, partly from 0.4",
        "app is at 73 % on 2026-10-02: A joy to use",
        "├─ nps  75 % × 50 % of the weight = 37.5 points  [63 on 2026-09-30, from 42 up to 70]",
        "└─ leave  70 % × 50 % of the weight = 35.0 points  [1790 on 2026-09-30, from 2000 down to 1700]",
    ]


def test_a_derivation_says_what_is_expected() -> None:
    said = grades(one(8), as_of=END)["k"].derivation.splitlines()[0]
    assert said.endswith("a goal of undeclared ambition is achieved from 1, partly from 0.4")
    said = grades(one(8, ambition="learning"), as_of=END)["k"].derivation.splitlines()[0]
    assert said.endswith("and no outcome: what a learning goal has brought is for people to say")
    expected = Expectations(aspirational=0.4)
    said = grades(one(8, ambition="aspirational"), as_of=END, expectations=expected)["k"].derivation.splitlines()[0]
    assert said.endswith("a goal that is aspirational is achieved from 0.4")


def test_grades_print_as_a_table_and_are_plain_data() -> None:
    graded = grades(PLAN.record(OTHERWISE), as_of=GRADED)
    assert str(graded).splitlines() == [
        "goal   score  outcome   computed  by   title",
        "app     0.65  partial      0.725  cpo  A joy to use",
        "nps     0.75  achieved      0.75       Reach an NPS of 70",
        "leave    0.7  achieved       0.7       Fewer leave",
    ]
    assert graded._repr_html_().startswith("<table>")
    assert repr(graded) == "<Grades of 3 goals on 2026-10-02>"
    first, second, _ = json.loads(json.dumps(graded.to_dicts()))
    assert (first["outcome"], first["closed_by"], first["closed_on"], first["overridden"]) == (
        "partial",
        "cpo",
        "2026-10-02",
        True,
    )
    assert (second["why"], second["closed_on"], second["ambition"]) == (None, None, "aspirational")
    moved = one(8).record(Transition(goal="k", on=END, stage="closed", outcome="missed"))
    assert "a person" in str(grades(moved, as_of=END))
    assert grades(moved, as_of=END)["k"].derivation.startswith("missed, decided on 2026-09-30\n")


def test_grades_are_a_mapping_in_plan_order() -> None:
    graded = grades(PLAN, as_of=END)
    assert (list(graded), len(graded), "app" in graded, "x" in graded) == (
        ["app", "nps", "leave"],
        3,
        True,
        False,
    )
    assert isinstance(graded, Grades)
    assert graded.goal("nps").title == "Reach an NPS of 70"
    assert graded.row("nps").derivation == ""


def test_what_is_not_what_it_should_be_is_refused() -> None:
    wrong: Any = "x"
    with pytest.raises(UnknownId, match="did you mean 'app'"):
        grades(PLAN, as_of=END)["aap"]
    refused: list[dict[str, Any]] = [
        {"plan": wrong},
        {"as_of": wrong},
        {"policy": wrong},
        {"expectations": wrong},
    ]
    for said in refused:
        with pytest.raises(InvalidValue) as error:
            grades(**{"plan": PLAN, "as_of": END, **said})
        assert error.value.problems[0].hint


# -- what follows from the goal above -------------------------------------------------------------------


def under(*facts: Any) -> Plan:
    """Return an objective of a quarter with a key result at 20 %."""
    return Plan.of(
        Cycle.quarter(2026, 3),
        Objective(id="app", title="A", cycle="2026-Q3"),
        KeyResult(id="nps", title="N", parent="app", metric=Increase(start=0, target=10), owner="ida"),
        CheckIn(goal="nps", on="2026-08-14", value=2),
        *facts,
    )


def test_an_outcome_is_the_goals_own_but_what_was_dropped_is_dropped_with_all_that_is_under_it() -> None:
    achieved = under(Grade(goal="app", on="2026-10-02", outcome="achieved", by="cpo"))
    day = date(2026, 10, 3)
    assert (assess(achieved, as_of=day)["nps"].status, grades(achieved, as_of=day)["nps"].outcome) == (
        "missed",
        "missed",
    )
    dropped = under(Grade(goal="app", on="2026-10-02", outcome="dropped", by="cpo"))
    row = grades(dropped, as_of=day)["nps"]
    assert (row.outcome, row.grade, row.score, row.computed_on) == ("dropped", None, 0.2, date(2026, 10, 2))
    assert assess(dropped, as_of=day)["nps"].outcome == "dropped"
    again = dropped.record(Transition(goal="app", on="2026-10-03", stage="closed"))
    assert grades(again, as_of=day)["nps"].outcome == assess(again, as_of=day)["nps"].outcome == "dropped"


@pytest.mark.parametrize("stage", ["draft", "proposed"])
def test_a_goal_under_one_that_is_not_judged_yet_is_not_either(stage: str) -> None:
    plan = under(Transition(goal="app", on="2026-06-01", stage=stage))
    row = grades(plan, as_of=date(2026, 8, 15))["nps"]
    assert (row.score, row.outcome, row.reason) == (None, None, stage)


def test_a_grade_that_is_corrected_keeps_the_figures_of_the_first() -> None:
    plan = under(
        Grade(goal="nps", on="2026-10-02", outcome="missed", by="cpo"),
        CheckIn(goal="nps", on="2026-10-05", value=9),
        Grade(goal="nps", on="2026-10-06", outcome="partial", by="cpo"),
    )
    row = grades(plan, as_of=date(2026, 10, 7))["nps"]
    assert (row.outcome, row.computed_score, row.computed_on) == ("partial", 0.2, date(2026, 10, 2))
