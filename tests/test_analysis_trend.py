"""A goal's progress on several days is what a roll-up of each of them says."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goalkit import (
    CheckIn,
    Increase,
    InvalidValue,
    KeyResult,
    Objective,
    Plan,
    Policy,
    TrendPoint,
    UnknownId,
    rollup,
    trend,
)
from goalkit.quantities import TOLERANCE
from goalkit.testing.strategies import days, plans, policies

PLAN = Plan.of(
    Objective(id="o", title="O", first_day="2026-07-01"),
    KeyResult(id="a", title="A", parent="o", metric=Increase(start=0, target=10)),
    CheckIn(goal="a", on="2026-07-10", value=2),
    CheckIn(goal="a", on="2026-08-10", value=6),
).amend("a", metric=Increase(start=0, target=12), on=date(2026, 9, 1))


def test_each_day_is_seen_as_it_was_then_and_in_the_order_given() -> None:
    wanted = [date(2026, 9, 30), date(2026, 6, 30), date(2026, 7, 1), date(2026, 8, 10), date(2026, 9, 30)]
    line = trend(PLAN, "o", wanted)
    assert [point.on for point in line] == wanted
    assert [point.value for point in line] == [0.5, None, None, 0.6, 0.5]
    assert [point.reason for point in line] == [None, "not_started", "not_measured", None, None]
    assert [point.coverage for point in line] == [1.0, 0.0, 0.0, 1.0, 1.0]


def test_it_is_a_sequence_that_is_a_value() -> None:
    line = trend(PLAN, "o", [date(2026, 8, 10), date(2026, 9, 1)])
    first = TrendPoint(on=date(2026, 8, 10), value=0.6, reason=None, coverage=1.0)
    assert (line[0], line[:1], len(line), next(iter(line))) == (first, (first,), 2, first)
    again = trend(PLAN, "o", [date(2026, 8, 10), date(2026, 9, 1)])
    assert line == again
    assert hash(line) == hash(again)
    assert line != trend(PLAN, "a", [date(2026, 8, 10), date(2026, 9, 1)])
    assert line != [*line]
    assert repr(line) == "<Trend of 'o' on 2 days>"
    assert repr(trend(PLAN, "o", [date(2026, 9, 1)])) == "<Trend of 'o' on 1 day>"


def test_it_prints_as_a_table_and_is_plain_data() -> None:
    line = trend(PLAN, "o", [date(2026, 7, 1), date(2026, 8, 10)])
    assert str(line).splitlines() == [
        "on          progress  coverage  reason",
        "2026-07-01         –       0 %  not_measured",
        "2026-08-10      60 %     100 %",
    ]
    assert line._repr_html_().count("text-align: right") == 6
    assert json.loads(json.dumps(line.to_dicts()))[1] == {
        "goal": "o",
        "on": "2026-08-10",
        "value": 0.6,
        "reason": None,
        "coverage": 1.0,
    }


def test_no_days_are_no_points() -> None:
    assert [*trend(PLAN, "o", [])] == []


def test_what_is_no_plan_goal_or_day_is_refused() -> None:
    wrong: Any = "2026-08-10"
    with pytest.raises(UnknownId, match="'x'"):
        trend(PLAN, "x", [])
    with pytest.raises(InvalidValue, match="plan"):
        trend(wrong, "o", [])
    strange: tuple[Any, ...] = (wrong, date(2026, 8, 10), 5)
    for given_days in strange:
        with pytest.raises(InvalidValue, match="is not a list of days"):
            trend(PLAN, "o", given_days)
    with pytest.raises(InvalidValue, match=r"days\[1\]"):
        trend(PLAN, "o", ["2026-08-10", "soon"])  # type: ignore[list-item]  # days are read at run time


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(plans(details=False), st.lists(days(), max_size=4), policies())
def test_every_point_is_what_a_roll_up_of_its_day_says(plan: Plan, wanted: list[date], policy: Policy) -> None:
    for goal_id in plan:
        for point in trend(plan, goal_id, wanted, policy=policy):
            row = rollup(plan, as_of=point.on, policy=policy)[goal_id]
            assert point.reason is row.reason
            assert point.value == row.value or point.value == pytest.approx(row.value, rel=1e-9, abs=TOLERANCE)
            assert point.coverage == pytest.approx(row.coverage, abs=TOLERANCE)
