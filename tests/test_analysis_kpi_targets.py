"""What a KPI should be over a span: one target, targets that hold from a day on, and targets of periods."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import KPI, Cycle, FiscalCalendar, Target
from goalkit.analysis.kpi_targets import target_of
from goalkit.analysis.spans import Span
from goalkit.testing.strategies import days

Q3, JULY = Cycle.quarter(2026, 3), Cycle.month(2026, 7)


def kpi(kind: str = "flow", **fields: Any) -> KPI:
    return KPI(id="k", title="K", kind=kind, **fields)


def wanted(of: KPI, cycle: Cycle) -> Decimal | None:
    return target_of(of, Span.of(cycle))


def span(first: str, last: str) -> Cycle:
    return Cycle(id="span", first_day=date.fromisoformat(first), last_day=date.fromisoformat(last))


def test_nobody_has_said_what_it_should_be() -> None:
    assert wanted(kpi(), Q3) is None


def test_one_target_is_for_whatever_period_is_asked_for() -> None:
    assert [wanted(kpi(target=5), cycle) for cycle in (JULY, Q3, span("2026-07-02", "2026-07-09"))] == [5, 5, 5]


def test_a_target_for_each_month_is_summed_over_what_is_made_of_months() -> None:
    monthly = kpi(target=100, target_per="month")
    assert [wanted(monthly, cycle) for cycle in (JULY, Q3, Cycle.year(2026))] == [100, 300, 1200]
    assert wanted(monthly, span("2026-07-02", "2026-08-31")) is None
    assert wanted(monthly, span("2026-07-01", "2026-08-31")) == 200


def test_what_holds_from_a_day_on_is_read_on_the_last_day_of_each_period() -> None:
    raised = (Target(110, since="2026-08-15"), Target(130, since="2026-09-30"))
    assert wanted(kpi(target=100, targets=raised), Q3) == 130
    assert wanted(kpi(target=100, targets=raised), JULY) == 100
    assert wanted(kpi(target=100, target_per="month", targets=raised), Q3) == 100 + 110 + 130
    assert wanted(kpi(targets=raised), JULY) is None
    assert wanted(kpi(target_per="month", targets=raised), Q3) is None


def test_a_target_of_exactly_that_period_goes_first() -> None:
    given_targets = {"2026-Q3": 999, "2026-07": 1, "2026-08": 2, "2026-09": 3}
    assert wanted(kpi(target=5, targets=given_targets), Q3) == 999
    del given_targets["2026-Q3"]
    assert wanted(kpi(target=5, targets=given_targets), Q3) == 6
    del given_targets["2026-08"]
    assert wanted(kpi(target=5, targets=given_targets), Q3) == 5


def test_of_periods_that_hold_each_other_the_widest_are_summed() -> None:
    given_targets = {"2026-Q3": 999, "2026-07": 1, "2026-08": 2, "2026-09": 3, "2026-Q4": 1}
    assert wanted(kpi(targets=given_targets), Cycle.half(2026, 2)) == 1000
    assert wanted(kpi(targets=given_targets), span("2026-08-01", "2026-12-31")) == 6


def test_a_period_that_leads_nowhere_does_not_hide_those_that_do() -> None:
    # June begins with a Monday here, and ends with a Tuesday.
    weeks = {f"2026-W{week}": 1 for week in range(23, 29)}
    six_weeks = span("2026-06-01", "2026-07-12")
    assert wanted(kpi(targets={**weeks, "2026-06": 50}), six_weeks) == 6
    assert wanted(kpi(targets={"2026-06": 50, "2026-W23": 1}), six_weeks) is None


def test_of_other_kinds_the_narrowest_period_that_holds_the_last_day_says_it() -> None:
    staff = kpi("stock", target=1, targets={"2026": 40, "2026-Q3": 50, "2026-09": 55})
    assert [wanted(staff, cycle) for cycle in (Q3, Cycle.month(2026, 9), JULY, Cycle.month(2026, 5))] == [
        50,
        55,
        50,
        40,
    ]
    assert wanted(staff, span("2026-07-02", "2026-09-15")) == 55
    assert wanted(staff, Cycle.year(2027)) == 1


def test_a_period_of_another_calendar_says_nothing() -> None:
    fiscal = FiscalCalendar(first_month=7)
    quarter = fiscal.containing(date(2026, 7, 1), "quarter")
    given_targets = {quarter.id: 7, "beyond": 1}
    assert wanted(kpi(targets=given_targets), quarter) == 7
    assert wanted(kpi(targets=given_targets), Q3) is None


def test_sums_have_the_digits_that_are_kept() -> None:
    assert wanted(kpi(targets={"2026-07": "1e30", "2026-08": "1e-30", "2026-09": "-1e30"}), Q3) == Decimal("1e-30")


@pytest.mark.parametrize("target", [0, -5, "1e30", "1e-30"])
def test_any_number_may_be_a_target(target: Any) -> None:
    assert wanted(kpi(target=target, target_per="quarter"), Q3) == Decimal(str(target))


@given(days(), st.integers(0, 400), st.dictionaries(days(), st.integers(1, 9), max_size=5))
def test_a_target_for_each_month_is_that_of_each_in_turn(on: date, more: int, changes: dict[date, int]) -> None:
    first, last = Cycle.containing(on, "month"), Cycle.containing(on + timedelta(more), "month")
    of = kpi(target=7, target_per="month", targets=[Target(value, since=since) for since, value in changes.items()])
    whole = Cycle(id="whole", first_day=first.first_day, last_day=last.last_day)
    total, month = Decimal(0), first
    while month.first_day <= last.first_day:
        each = wanted(of, month)
        assert each is not None
        total, month = total + each, month.next()
    assert wanted(of, whole) == total


def test_what_is_said_of_one_period_counts_in_what_is_made_of_it() -> None:
    revenue = kpi(target=100, target_per="month", targets={"2026-08": 150, "2025-Q4": 400})
    assert [wanted(revenue, Cycle.month(2026, month)) for month in (7, 8, 9)] == [100, 150, 100]
    assert wanted(revenue, Q3) == 350
    assert wanted(revenue, Cycle.quarter(2025, 4)) == 400
    assert wanted(revenue, Cycle.year(2025)) == 1300
    assert wanted(revenue, span("2026-08-01", "2026-08-15")) is None


def test_a_civil_period_is_known_by_every_calendar() -> None:
    fiscal = FiscalCalendar(first_month=7).quarter(2027, 1)
    assert wanted(kpi(target=1, targets={"2026-Q3": 330}), fiscal) == 330
    assert wanted(kpi(targets={"2026-07": 1, "2026-08": 2, "2026-09": 3}), fiscal) == 6
