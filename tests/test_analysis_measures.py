"""What a measured goal's own check-ins say under a policy, and where figures are held."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from goalkit import AtMost, CheckIn, FindBaseline, Increase, KeyResult, Plan, Policy, Reason
from goalkit.analysis.measures import actual, measure, measure_by, shown
from goalkit.analysis.series import Amount
from goalkit.model.progress import Progress
from goalkit.model.reading import Reading
from goalkit.quantities import clamp
from goalkit.testing.strategies import policies

DAY = date(2026, 8, 15)
SALES = KeyResult(id="a", title="A", metric=Increase(start=0, target=10))
BUDGET = KeyResult(id="a", title="A", metric=AtMost(5))


def said(value: float) -> CheckIn:
    return CheckIn(goal="a", on=DAY, value=value)


def test_a_check_in_of_a_later_day_is_not_seen() -> None:
    assert measure(SALES, [said(5)], date(2026, 8, 14), Policy()).progress.reason is Reason.NOT_MEASURED
    assert measure(SALES, [said(5)], DAY, Policy()).progress.raw == 0.5


def test_the_goal_stays_as_it_is_where_the_policy_sees_its_limit_otherwise() -> None:
    reading = measure(BUDGET, [said(5)], DAY, Policy(threshold="strict"))
    assert (reading.progress.raw, reading.check_in) == (0.0, said(5))
    assert BUDGET.metric == AtMost(5)


def test_there_is_no_number_where_nothing_was_measured() -> None:
    nothing = Reading(progress=Progress.unknown(Reason.NOT_MEASURED))
    assert actual(SALES.metric, nothing) is None
    assert actual(None, Reading(progress=Progress.of(1.0), check_in=said(1))) is None
    assert actual(SALES.metric, Reading(progress=Progress.of(0.5), check_in=said(5))) == 5


@pytest.mark.parametrize(
    ("value", "cap", "expected"),
    [
        (-1, 1.0, 0.0),
        (-1, None, 0.0),
        (0.0, 1.0, 0.0),
        (0.5, 1.0, 0.5),
        (1.5, 1.0, 1.0),
        (1.5, 1.2, 1.2),
        (1.5, None, 1.5),
    ],
)
def test_a_figure_is_held_within_nothing_and_the_cap(value: float, cap: float | None, expected: float) -> None:
    assert clamp(value, cap) == expected
    assert str(clamp(-0.0, cap)) == "0.0"


@pytest.mark.parametrize(
    ("clamp", "own", "made_up"), [("everything", 1, 1), ("entering", 3, 3), ("objective", 3, 1), ("none", 3, 3)]
)
def test_a_figure_is_shown_as_the_policy_says(clamp: str, own: float, made_up: float) -> None:
    policy = Policy.from_dict({"clamp": clamp})
    assert shown(3.0, policy, made_up=False) == own
    assert shown(3.0, policy, made_up=True) == made_up


@given(st.floats(-10, 10), policies())
def test_holding_a_figure_twice_changes_nothing(value: float, policy: Policy) -> None:
    assert clamp(clamp(value, policy.cap), policy.cap) == clamp(value, policy.cap)


# -- measured by a KPI ------------------------------------------------------------------------------

BY_KPI = evolve(SALES, measured_by="sales")


def test_what_a_kpi_amounts_to_is_read_as_a_check_in_of_that_value_would_be() -> None:
    reading = measure_by(BY_KPI, Amount(Decimal(5), observations=1), Policy())
    assert [reading.progress.raw, reading.actual, reading.check_in] == [0.5, 5, None]
    assert actual(BY_KPI.metric, reading) == 5


def test_without_a_metric_a_kpi_gives_a_number_and_no_progress() -> None:
    bare = KeyResult(id="a", title="A", measured_by="sales")
    known = measure_by(bare, Amount(Decimal(5), observations=1), Policy())
    assert [known.progress.reason, known.actual, known.measured] == [Reason.NO_METRIC, 5, True]
    unknown = measure_by(bare, Amount(None, Reason.NO_OBSERVATIONS), Policy())
    assert [unknown.progress.reason, unknown.actual, unknown.measured] == [Reason.NO_METRIC, None, False]


def test_where_nothing_was_observed_nobody_has_measured_and_else_the_reason_is_that_of_the_kpi() -> None:
    nothing = measure_by(BY_KPI, Amount(None, Reason.NO_OBSERVATIONS), Policy())
    assert (nothing.progress.reason, nothing.measured) == (Reason.NOT_MEASURED, False)
    no_case = measure_by(BY_KPI, Amount(None, Reason.ZERO_DENOMINATOR, observations=1), Policy())
    assert (no_case.progress.reason, no_case.measured) == (Reason.ZERO_DENOMINATOR, False)
    at_start = Policy(unmeasured="at_start")
    assert measure_by(BY_KPI, Amount(None, Reason.NO_OBSERVATIONS), at_start).progress.raw == 0
    assert measure_by(BY_KPI, Amount(None, Reason.ZERO_DENOMINATOR, observations=1), at_start).progress.raw is None


def test_a_limit_is_read_as_the_policy_has_it() -> None:
    budget = evolve(BUDGET, measured_by="overrun")
    five = Amount(Decimal(5), observations=1)
    assert measure_by(budget, five, Policy()).progress.raw == 1
    assert measure_by(budget, five, Policy(threshold="strict")).progress.raw == 0


def test_a_baseline_that_is_to_be_found_is_no_progress_by_a_kpi_either() -> None:
    found = evolve(BY_KPI, metric=FindBaseline())
    reading = measure_by(found, Amount(Decimal(5), observations=1), Policy())
    assert [reading.progress.raw, reading.actual] == [None, 5]


@pytest.mark.parametrize(
    ("choice", "value", "expected"),
    [("unknown", 5, None), ("zero", 5, 0), ("one", 5, 1), ("step", 9, 0), ("step", 10, 1), ("one", None, None)],
)
def test_a_start_that_equals_its_target_is_decided_by_the_policy(
    choice: str, value: int | None, expected: float | None
) -> None:
    rows: list[dict[str, Any]] = [
        {"kind": "kpi", "id": "sales", "title": "Sales", "kpi_kind": "flow"},
        {"kind": "key_result", "id": "a", "title": "A", "measured_by": "sales"}
        | {"metric": {"kind": "increase", "start": 10, "target": 10}},
    ]
    plan, _ = Plan.salvage(rows)
    amount = Amount(None, Reason.NO_OBSERVATIONS) if value is None else Amount(Decimal(value), observations=1)
    assert measure_by(plan["a"], amount, Policy(zero_span=choice)).progress.raw == expected
    if value is None:
        assert measure_by(plan["a"], amount, Policy(zero_span=choice, unmeasured="at_start")).progress.raw == 1


@given(st.decimals(-100, 100, places=2), policies())
def test_by_a_kpi_a_goal_has_the_figure_of_a_check_in_of_that_very_value(value: Decimal, policy: Policy) -> None:
    for goal in (SALES, BUDGET):
        one = measure_by(goal, Amount(value, observations=1), policy)
        other = measure(goal, [CheckIn(goal="a", on=DAY, value=value)], DAY, policy)
        assert one.progress == other.progress
        assert one.measured == other.measured
