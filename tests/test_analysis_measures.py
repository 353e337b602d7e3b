"""What a measured goal's own check-ins say under a policy, and where figures are held."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import AtMost, CheckIn, Increase, KeyResult, Policy, Reason
from goalkit.analysis.measures import actual, measure, shown
from goalkit.model.progress import Progress
from goalkit.model.reading import Reading
from goalkit.quantities import clamp
from strategies import policies

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
