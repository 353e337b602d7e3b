"""KPIs over any span, observed or worked out from others: each part of the same days, however deep the tree."""

from datetime import date, timedelta
from decimal import Decimal
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import KPI, Cycle, Formula, Observation, Plan, Reason
from goalkit.analysis.formulas import Measured, WorkedOut, measured
from goalkit.analysis.series import Amount
from goalkit.analysis.spans import Span, around, daily
from goalkit.calendars import CycleKind, RetailCalendar

DAY = date(2026, 3, 2)
MARCH = Span.of(Cycle.month(2026, 3))


def kpi(kpi_id: str, kind: str = "flow", **fields: Any) -> KPI:
    return KPI(id=kpi_id, title=kpi_id, kind=kind, **fields)


def made(kpi_id: str, operation: str, *of: str, **fields: Any) -> KPI:
    return kpi(kpi_id, formula=Formula(operation, of), **fields)


def seen(kpi_id: str, value: Any, on: date = DAY, **fields: Any) -> Observation:
    return Observation(kpi=kpi_id, on=on, value=value, **fields)


def of(plan: Plan, kpi_id: str, as_of: date | None = None) -> Measured:
    return measured(plan, plan.kpi(kpi_id), as_of)


def march(*things: Any) -> Amount:
    """Return what the first of some KPIs amounts to over a month."""
    return of(Plan.of(*things), things[0].id).amount(MARCH)


PARTS = (kpi("a"), kpi("b"), seen("a", 6), seen("b", 4))


@pytest.mark.parametrize(
    ("operation", "expected"), [("sum", 10), ("difference", 2), ("product", 24), ("ratio", Decimal("1.5"))]
)
def test_a_kpi_is_worked_out_from_others(operation: str, expected: Decimal) -> None:
    found = march(made("m", operation, "a", "b"), *PARTS)
    assert (found.actual, found.observations) == (expected, 1)
    assert (found.numerator, found.denominator) == ((6, 4) if operation == "ratio" else (None, None))


def test_the_first_comes_first_and_all_others_are_taken_from_it() -> None:
    others = (kpi("c"), seen("c", 1))
    assert march(made("m", "difference", "a", "b", "c"), *PARTS, *others).actual == 1
    assert march(made("m", "difference", "c", "a", "b"), *PARTS, *others).actual == -9


def test_over_a_longer_span_the_parts_are_put_together_first() -> None:
    plan = Plan.of(
        made("m", "ratio", "a", "b"), *PARTS, seen("a", 0, DAY + timedelta(31)), seen("b", 2, DAY + timedelta(31))
    )
    whole = of(plan, "m").amount(Span(MARCH.first, MARCH.last + 30))
    assert [whole.actual, whole.numerator, whole.denominator] == [1, 6, 6]


def test_what_one_part_lacks_all_of_it_lacks_for_the_same_reason() -> None:
    assert [*march(made("m", "sum", "a", "b"), kpi("a"), kpi("b"), seen("a", 1))] == [
        None,
        "no_observations",
        None,
        None,
        0,
    ]
    ratio = Observation(kpi="b", on=DAY, numerator=1, denominator=0)
    assert (
        march(made("m", "product", "a", "b"), kpi("a"), kpi("b", "ratio"), seen("a", 1), ratio).reason
        == "zero_denominator"
    )


def test_nothing_is_divided_by_zero() -> None:
    found = march(made("m", "ratio", "a", "b"), kpi("a"), kpi("b"), seen("a", 6), seen("b", 0))
    assert [*found] == [None, "zero_denominator", 6, 0, 1]


@pytest.mark.parametrize("operation", ["sum", "difference"])
def test_unlike_units_are_neither_added_nor_subtracted(operation: str) -> None:
    things = (kpi("a", unit="EUR"), kpi("b", unit="USD"), seen("a", 6), seen("b", 4))
    assert march(made("m", operation, "a", "b"), *things)[:2] == (None, "unlike_units")
    assert march(made("m", "product", "a", "b"), *things).actual == 24
    assert march(made("m", "ratio", "a", "b"), *things).actual == Decimal("1.5")


def test_the_unit_of_what_was_worked_out_is_that_of_its_kpi() -> None:
    things = (
        kpi("a", unit="EUR"),
        kpi("b", unit="EUR"),
        made("s", "sum", "a", "b", unit="EUR"),
        seen("a", 6),
        seen("b", 4),
    )
    assert march(made("m", "sum", "s", "a"), *things).actual == 16
    assert march(made("m", "sum", "t", "a"), made("t", "sum", "a", "b"), *things).reason == "unlike_units"


def ladder(size: int, operation: str, value: str) -> Plan:
    rungs: list[Any] = [kpi("p0"), kpi("q0"), seen("p0", value), seen("q0", value)]
    for rung in range(1, size + 1):
        rungs += [made(f"{side}{rung}", operation, f"p{rung - 1}", f"q{rung - 1}") for side in "pq"]
    return Plan.of(*rungs)


def test_a_ladder_of_a_million_million_paths_costs_its_rungs() -> None:
    plan = ladder(60, "sum", "1")
    begun = perf_counter()
    assert of(plan, "p60").amount(MARCH).actual == 2**60
    assert perf_counter() - begun < 5


def test_a_chain_of_three_thousand_is_worked_out_without_recursion() -> None:
    links: list[Any] = [kpi("c0"), kpi("one"), seen("c0", 0), seen("one", 1)]
    plan = Plan.of(*links, *(made(f"c{at}", "sum", f"c{at - 1}", "one") for at in range(1, 3001)))
    found = of(plan, "c3000")
    assert [leaf.kpi.id for leaf in found.leaves] == ["one", "c0"]
    assert found.amount(MARCH).actual == 3000
    assert found.floats(daily(MARCH))[:3] == [None, 3000.0, None]


@pytest.mark.parametrize("value", ["1e30", "1e-30", "-1e30"])
def test_what_is_beyond_any_measure_is_unknown_and_no_infinity(value: str) -> None:
    assert of(ladder(2, "product", value), "p1").amount(MARCH).actual == Decimal(value) ** 2
    for size in (3, 25):
        found = of(ladder(size, "product", value), f"p{size}")
        assert found.amount(MARCH)[:2] == (None, "not_computable")
        assert found.floats(daily(MARCH))[1] is None


def test_a_quotient_beyond_any_measure_is_unknown_and_says_of_what() -> None:
    plan = ladder(1, "product", "1e30").add(kpi("small"), made("tiny", "product", "small", "q0"))
    plan = plan.add(made("m", "ratio", "p1", "less"), made("less", "ratio", "small", "q0")).record(
        seen("small", "1e-30")
    )
    found = of(plan, "m").amount(MARCH)
    assert found == (None, "not_computable", Decimal("1e60"), Decimal("1e-60"), 1)
    assert of(plan, "tiny").amount(MARCH).actual == 1


def test_more_factors_than_there_are_powers_of_ten_are_unknown_too() -> None:
    factors = [kpi(f"f{at}") for at in range(9)]
    values = [seen(factor.id, "1e30") for factor in factors]
    assert march(made("m", "product", *(factor.id for factor in factors)), *factors, *values).reason == "not_computable"


def test_a_product_with_nothing_is_nothing_however_often() -> None:
    assert of(ladder(40, "product", "0e30"), "p40").amount(MARCH).actual == 0


# -- what is of one period only ---------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["distinct", "percentile"])
def test_what_cannot_be_put_together_is_known_of_one_period_of_its_frequency(kind: str) -> None:
    second = seen("a", 9, DAY + timedelta(31))
    for frequency in ("monthly", None):
        found = of(Plan.of(kpi("a", kind, frequency=frequency), seen("a", 6), second), "a")
        assert [*found.amount(MARCH)] == [6, None, None, None, 1]
        assert found.amount(Span(MARCH.first, MARCH.last + 30)) == (None, "not_computable", None, None, 2)
        assert found.amount(Span(MARCH.last, MARCH.last)).reason == "no_observations"
        months = around(Span(MARCH.first, MARCH.last + 1), CycleKind.MONTH)
        assert months is not None
        assert found.floats(months) == [6.0, 9.0]
    yearly = of(Plan.of(kpi("a", kind, frequency="monthly"), seen("a", 6)), "a")
    assert yearly.amount(Span.of(Cycle.year(2026))).reason == "not_computable"


def test_of_days_one_day_is_one_period() -> None:
    found = of(Plan.of(kpi("a", "distinct", frequency="daily"), seen("a", 6)), "a")
    day = DAY.toordinal()
    assert [found.amount(Span(day, last)).actual for last in (day, day + 1)] == [6, None]


def test_a_frequency_that_a_calendar_does_not_have_is_the_civil_one() -> None:
    found = of(Plan.of(kpi("a", "distinct", frequency="tertially"), seen("a", 6)), "a")
    retail = RetailCalendar()
    month = retail.containing(DAY, "month")
    assert found.amount(Span.of(month)).actual == 6
    assert found.amount(Span.of(retail.containing(DAY, "year"))).reason == "not_computable"


def test_without_end_one_period_is_told_at_once() -> None:
    found = of(Plan.of(kpi("a", "distinct", frequency="weekly"), seen("a", 6)), "a")
    begun = perf_counter()
    for last in range(1000):
        assert found.amount(Span(1, DAY.toordinal() + last)).reason == "not_computable"
    assert perf_counter() - begun < 5


# -- what is missing --------------------------------------------------------------------------------


def test_what_should_have_been_observed_and_was_not_is_counted() -> None:
    weekly = of(Plan.of(kpi("a", frequency="weekly"), seen("a", 6), seen("a", 1, DAY + timedelta(21))), "a")
    # Whole weeks of March 2026 are those from the 2nd, the 9th, the 16th and the 23rd.
    assert weekly.missing(MARCH, None) == (2, 4)
    assert weekly.missing(MARCH, DAY.toordinal() + 20) == (2, 3)
    assert weekly.missing(MARCH, DAY.toordinal() + 5) is None
    assert weekly.missing(Span(MARCH.first, MARCH.first + 3), None) is None
    daily_one = of(Plan.of(kpi("a", frequency="daily"), seen("a", 6)), "a")
    assert daily_one.missing(MARCH, None) == (30, 31)
    assert of(Plan.of(kpi("a"), seen("a", 6)), "a").missing(MARCH, None) is None


def test_of_what_is_worked_out_the_part_that_lacks_most_is_told() -> None:
    plan = Plan.of(made("m", "sum", "a", "b"), kpi("a", frequency="daily"), kpi("b"), seen("a", 6), seen("b", 4))
    assert of(plan, "m").missing(MARCH, None) == (30, 31)


def test_gaps_are_told_where_any_part_has_one_and_not_at_all_without() -> None:
    plan = Plan.of(made("m", "sum", "a", "b"), *PARTS, seen("a", 1, DAY + timedelta(1)))
    spans = daily(Span(DAY.toordinal(), DAY.toordinal() + 1))
    assert of(plan, "m").gaps(spans) == [False, True]
    assert of(plan, "a").gaps(spans) == []
    assert of(plan, "b").gaps(spans) == [False, True]


def test_all_of_it_is_known_from_the_latest_beginning_to_the_earliest_end() -> None:
    plan = Plan.of(
        made("m", "sum", "a", "b"), *PARTS, seen("a", 1, DAY + timedelta(9)), seen("b", 1, DAY - timedelta(9))
    )
    day = DAY.toordinal()
    assert [of(plan, each).ends for each in "abm"] == [(day, day + 9), (day - 9, day), (day, day)]
    assert of(plan, "m", DAY - timedelta(5)).ends[1] < of(plan, "m", DAY - timedelta(5)).ends[0]


# -- laws -------------------------------------------------------------------------------------------


values = st.lists(st.tuples(st.integers(0, 60), st.decimals(-1000, 1000, places=2)), max_size=8)


@given(values, values, st.integers(0, 60), st.integers(0, 60))
def test_a_sum_and_a_difference_of_flows_are_what_summed_observations_say(
    ones: list[tuple[int, Decimal]], others: list[tuple[int, Decimal]], one_end: int, other_end: int
) -> None:
    first, last = sorted((one_end, other_end))
    span = Span(DAY.toordinal() + first, DAY.toordinal() + last)
    rows = [
        seen(name, value, DAY + timedelta(after), id=f"{name}{at}")
        for name, held in (("a", ones), ("b", others))
        for at, (after, value) in enumerate(held)
    ]
    plan = Plan.of(made("s", "sum", "a", "b"), made("d", "difference", "a", "b"), kpi("a"), kpi("b"), *rows)
    held = {
        name: [row.value for row in rows if row.kpi == name and span.first <= row.on.toordinal() <= span.last]
        for name in "ab"
    }
    together = Plan.of(kpi("all"), *(seen("all", row.value, row.on, id=row.id) for row in rows))
    if all(held.values()):
        assert of(plan, "s").amount(span).actual == of(together, "all").amount(span).actual
        one, other = of(plan, "a").amount(span).actual, of(plan, "b").amount(span).actual
        assert one is not None
        assert other is not None
        assert of(plan, "d").amount(span).actual == one - other
    else:
        assert of(plan, "s").amount(span).reason == of(plan, "d").amount(span).reason == "no_observations"


def test_what_is_worked_out_is_one_of_two_kinds() -> None:
    plan = Plan.of(made("m", "sum", "a", "b"), *PARTS)
    assert isinstance(of(plan, "m"), WorkedOut)
    assert not isinstance(of(plan, "a"), WorkedOut)


def test_what_is_told_in_another_unit_than_its_parts_is_unknown() -> None:
    parts = (kpi("a", unit="EUR"), kpi("b", unit="EUR"), seen("a", 1), seen("b", 2))
    assert march(made("made", "sum", "a", "b", unit="SEK"), *parts).reason == "unlike_units"
    assert march(made("made", "sum", "a", "b", unit="EUR"), *parts).actual == 3
    assert march(made("made", "sum", "a", "b"), *parts).actual == 3


def test_what_is_missing_is_told_by_its_own_frequency_where_its_parts_have_none() -> None:
    plan = Plan.of(*PARTS, made("made", "sum", "a", "b", frequency="weekly"))
    assert of(plan, "made").missing(Span.of(Cycle.week(2026, 10)), None) == (0, 1)
    assert of(plan, "made").missing(Span.of(Cycle.week(2026, 11)), None) == (1, 1)


def test_sums_of_unlike_periods_are_not_put_together() -> None:
    quarter = Span.of(Cycle.quarter(2026, 1))
    parts = [kpi(each, frequency="monthly") for each in "ab"]
    days = [date(2026, month, 5) for month in (1, 2, 3)]
    whole: list[Any] = [made("m", "ratio", "a", "b"), *parts, *(seen("a", 6, on) for on in days)]
    whole.append(seen("b", 2, days[0]))
    assert of(Plan.of(*whole), "m").amount(quarter) == Amount(None, Reason.MISSING_PERIOD)
    alike = Plan.of(*whole).record(*(seen("b", 2, on) for on in days[1:]))
    assert of(alike, "m").amount(quarter).actual == 3
    assert of(Plan.of(*whole[:3], seen("a", 6, days[0]), seen("b", 2, days[0])), "m").amount(quarter).actual == 3
    inside = Span(days[0].toordinal(), days[0].toordinal())
    assert of(Plan.of(*whole), "m").amount(inside).actual == 3
