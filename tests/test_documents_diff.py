"""What differs between two plans."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given

from goalkit import (
    KPI,
    Change,
    CheckIn,
    Cycle,
    Increase,
    Initiative,
    InvalidPlan,
    InvalidValue,
    KeyResult,
    Milestone,
    Objective,
    Observation,
    Plan,
    diff,
    patch,
)
from goalkit.documents.reading import read_row
from goalkit.testing.strategies import plans, related_plans, things

APP = Objective(id="app", title="App")
NPS = KeyResult(id="nps", title="NPS", parent="app", metric=Increase(start=42, target=70))
FIRST = CheckIn(goal="nps", on="2026-08-10", value=50)
SECOND = CheckIn(goal="nps", on="2026-08-10", value=56)
PLAN = Plan.of(APP, NPS, FIRST, SECOND)


def told(old: Plan, new: Plan) -> list[tuple[str, str]]:
    """Return the kinds and ids of what differs."""
    return [(change.kind.value, change.id) for change in diff(old, new)]


@given(plans(names_kpis=True))
def test_a_plan_does_not_differ_from_itself(plan: Plan) -> None:
    assert diff(plan, plan) == ()
    assert diff(plan, Plan.of(*things(plan))) == ()


@given(plans(max_goals=5, max_facts=4, names_kpis=True), plans(max_goals=5, max_facts=4))
def test_the_difference_of_any_two_plans_makes_one_of_the_other(old: Plan, new: Plan) -> None:
    assert patch(old, diff(old, new)) == new


@given(related_plans(names_kpis=True))
def test_the_difference_of_a_plan_and_what_became_of_it_makes_one_of_the_other(pair: tuple[Plan, Plan]) -> None:
    old, new = pair
    assert patch(old, diff(old, new)) == new
    assert patch(new, diff(new, old)) == old


@given(related_plans(max_goals=4, max_facts=4, names_kpis=True))
def test_there_is_no_difference_exactly_where_plans_are_equal(pair: tuple[Plan, Plan]) -> None:
    old, new = pair
    assert (diff(old, new) == ()) is (old == new)


@given(related_plans(max_goals=4, max_facts=4, names_kpis=True))
def test_a_difference_can_be_told_as_plain_data(pair: tuple[Plan, Plan]) -> None:
    for change in diff(*pair):
        row = json.loads(json.dumps(change.to_dict()))
        assert (row["kind"], row["id"]) == (change.kind, change.id)
        for side, thing in (("before", change.before), ("after", change.after)):
            assert thing == (None if row[side] is None else read_row(row[side]).thing)
        assert set(row["fields"]) >= {"id"} or change.kind == "changed"


def test_cycles_come_first_then_goals_then_facts() -> None:
    new = Plan.of(Cycle.quarter(2026, 3), APP, NPS, FIRST)
    assert told(Plan(), new) == [("added", "2026-Q3"), ("added", "app"), ("added", "nps"), ("added", FIRST.id)]
    assert told(new, Plan()) == [
        ("removed", "2026-Q3"),
        ("removed", "app"),
        ("removed", "nps"),
        ("removed", FIRST.id),
    ]


def test_a_goal_that_became_another_kind_has_changed() -> None:
    (change,) = diff(Plan.of(APP), Plan.of(Initiative(id="app", title="App")))
    assert change.kind == "changed"
    assert "actions" in change.fields
    assert change.to_dict()["what"] == "initiative"


def test_the_fields_that_differ_have_the_names_that_they_have_in_documents() -> None:
    old = Cycle.quarter(2026, 3)
    new = Cycle(id="2026-Q3", first_day="2026-07-06", last_day="2026-09-30")
    (change,) = diff(Plan.of(old), Plan.of(new))
    assert change.fields == ("first_day", "cycle_kind")
    assert change.to_dict() == {
        "kind": "changed",
        "id": "2026-Q3",
        "what": "cycle",
        "fields": ["first_day", "cycle_kind"],
        "before": {
            "kind": "cycle",
            "version": 1,
            "id": "2026-Q3",
            "first_day": "2026-07-01",
            "last_day": "2026-09-30",
            "cycle_kind": "quarter",
        },
        "after": {
            "kind": "cycle",
            "version": 1,
            "id": "2026-Q3",
            "first_day": "2026-07-06",
            "last_day": "2026-09-30",
            "cycle_kind": "custom",
        },
    }


def test_recording_adds_and_takes_nothing_out() -> None:
    later = PLAN.record(CheckIn(goal="nps", on="2026-08-01", value=44, id="late"))
    assert told(PLAN, later) == [("added", "late")]
    assert patch(PLAN, diff(PLAN, later)) == later


def test_facts_of_one_day_in_another_order_are_recorded_again() -> None:
    other = Plan.of(APP, NPS, SECOND, FIRST)
    assert told(PLAN, other) == [
        ("removed", FIRST.id),
        ("removed", SECOND.id),
        ("added", SECOND.id),
        ("added", FIRST.id),
    ]
    assert patch(PLAN, diff(PLAN, other)).check_ins("nps") == (SECOND, FIRST)


def test_the_order_of_facts_of_several_days_does_not_matter() -> None:
    next_day = CheckIn(goal="nps", on="2026-08-11", value=57)
    assert diff(Plan.of(APP, NPS, FIRST, next_day), Plan.of(APP, NPS, next_day, FIRST)) == ()


def test_a_fact_put_before_another_of_its_day_is_told() -> None:
    third = CheckIn(goal="nps", on="2026-08-10", value=57)
    other = Plan.of(APP, NPS, FIRST, third, SECOND)
    assert patch(PLAN, diff(PLAN, other)) == other


def test_a_fact_with_the_same_id_and_other_content_is_taken_out_and_put_in() -> None:
    old = Plan.of(APP, NPS, CheckIn(id="c", goal="nps", on="2026-08-10", value=50))
    new = Plan.of(APP, NPS, CheckIn(id="c", goal="nps", on="2026-08-10", value=51))
    assert told(old, new) == [("removed", "c"), ("added", "c")]
    assert patch(old, diff(old, new)) == new


def test_a_fact_may_be_changed_in_its_place() -> None:
    before = CheckIn(id="c", goal="nps", on="2026-08-10", value=50)
    after = CheckIn(id="c", goal="nps", on="2026-08-10", value=51)
    assert patch(Plan.of(APP, NPS, before), [Change(before=before, after=after)]) == Plan.of(APP, NPS, after)


def test_a_cycle_and_a_goal_may_have_the_same_id() -> None:
    old = Plan.of(Cycle.year(2026), Objective(id="2026", title="The year"))
    new = Plan.of(Cycle.year(2026, title="Year"), Objective(id="2026", title="The good year"))
    assert patch(old, diff(old, new)) == new


@pytest.mark.parametrize(
    "changes",
    [
        [Change(before=APP)],
        [Change(after=NPS)],
        [Change(before=Objective(id="nps", title="x"), after=NPS)],
        [Change(after=FIRST)],
        [Change(before=CheckIn(id="x", goal="nps", on="2026-08-10"))],
        [Change(before=FIRST), Change(before=FIRST)],
        [Change(before=Cycle.year(2026))],
    ],
)
def test_a_plan_that_changed_meanwhile_is_not_patched(changes: list[Change]) -> None:
    with pytest.raises(InvalidPlan) as caught:
        patch(Plan.of(Objective(id="app", title="Another"), NPS, FIRST), changes)
    assert [problem.code for problem in caught.value.problems] == ["changed_meanwhile"]


def test_a_patch_that_would_break_the_plan_is_refused() -> None:
    with pytest.raises(InvalidPlan, match="unknown_parent"):
        patch(Plan.of(APP, NPS), [Change(before=APP)])


@pytest.mark.parametrize(
    ("before", "after"),
    [(None, None), (APP, NPS), (APP, Cycle(id="app", first_day="2026-01-01", last_day="2026-01-02"))],
)
def test_a_change_is_of_one_thing(before: Any, after: Any) -> None:
    with pytest.raises(InvalidValue, match="no_change"):
        Change(before=before, after=after)


def test_no_changes_give_the_plan_itself() -> None:
    assert patch(PLAN, ()) is PLAN


def test_what_recording_added_is_found_without_looking_at_the_rest() -> None:
    goals = [Milestone(id=f"m{n}", title="M") for n in range(500)]
    plan = Plan.of(*goals, *(CheckIn(goal=f"m{n}", on=date(2026, 8, 1), value=0.5) for n in range(500)))
    later = plan.record(CheckIn(goal="m0", on=date(2026, 8, 2), value=1, id="new"))
    assert told(plan, later) == [("added", "new")]
    assert told(later, plan) == [("removed", "new")]


# -- KPIs and what is observed of them

STAFF = KPI(id="staff", title="Staff", kind="stock")
SEEN, AGAIN = (Observation(kpi="staff", on="2026-07-31", value=value) for value in (10, 12))
KEPT = Plan.of(APP, STAFF, CheckIn(goal="app", on="2026-08-10"), SEEN, AGAIN)


def test_kpis_come_after_goals_and_observations_after_facts() -> None:
    kinds = ["objective", "kpi", "check_in", "observation", "observation"]
    assert [change.to_dict()["what"] for change in diff(Plan(), KEPT)] == kinds
    assert [change.to_dict()["what"] for change in diff(KEPT, Plan())] == kinds
    assert patch(Plan(), diff(Plan(), KEPT)) == KEPT
    assert patch(KEPT, diff(KEPT, Plan())) == Plan()


def test_the_kind_of_a_kpi_has_the_name_that_it_has_in_documents() -> None:
    other = KEPT.replace(KPI(id="staff", title="Staff", kind="score", target=5))
    (change,) = diff(KEPT, other)
    assert change.fields == ("kpi_kind", "target")
    assert patch(KEPT, [change]) == other
    assert patch(other, diff(other, KEPT)) == KEPT


def test_observing_adds_and_takes_nothing_out() -> None:
    later = KEPT.record(Observation(kpi="staff", on="2026-07-01", value=9, id="early"))
    assert told(KEPT, later) == [("added", "early")]
    assert patch(KEPT, diff(KEPT, later)) == later
    assert patch(later, diff(later, KEPT)) == KEPT


def test_observations_of_one_day_in_another_order_are_recorded_again() -> None:
    other = Plan.of(APP, STAFF, *KEPT.facts, AGAIN, SEEN)
    assert told(KEPT, other) == [("removed", SEEN.id), ("removed", AGAIN.id), ("added", AGAIN.id), ("added", SEEN.id)]
    assert patch(KEPT, diff(KEPT, other)).observations("staff") == (AGAIN, SEEN)


def test_a_kpi_goes_with_what_was_observed_of_it() -> None:
    without = Plan.of(APP, *KEPT.facts)
    assert told(KEPT, without) == [("removed", "staff"), ("removed", SEEN.id), ("removed", AGAIN.id)]
    assert patch(KEPT, diff(KEPT, without)) == without
    with pytest.raises(InvalidPlan, match="unknown_kpi"):
        patch(KEPT, [Change(before=STAFF)])


@pytest.mark.parametrize(
    "changes",
    [
        [Change(before=KPI(id="staff", title="Other", kind="stock"))],
        [Change(after=KPI(id="staff", title="Other", kind="stock"))],
        [Change(after=SEEN)],
        [Change(before=Observation(kpi="staff", on="2026-07-31", value=1))],
        [Change(before=SEEN), Change(before=SEEN)],
    ],
    ids=range(5),
)
def test_what_was_observed_meanwhile_is_not_overwritten(changes: list[Change]) -> None:
    with pytest.raises(InvalidPlan) as caught:
        patch(KEPT, changes)
    assert [problem.code for problem in caught.value.problems] == ["changed_meanwhile"]


def test_a_goal_a_kpi_a_fact_and_an_observation_with_one_id_are_four_things() -> None:
    def plan(number: int) -> Plan:
        return Plan.of(
            Objective(id="x", title=f"{number}"),
            KPI(id="x", title=f"{number}", kind="flow"),
            CheckIn(goal="x", on="2026-08-10", note=f"{number}", id="x"),
            Observation(kpi="x", on="2026-08-10", value=number, id="x"),
        )

    assert patch(plan(1), diff(plan(1), plan(2))) == plan(2)
    with pytest.raises(InvalidValue, match="no_change"):
        Change(before=plan(1).kpi("x"), after=plan(1)["x"])
