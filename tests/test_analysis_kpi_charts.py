"""A KPI becomes points, one a period that is over, and a chart of them by its own direction and target."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import KPI, Assurance, FiscalCalendar, Formula, InvalidValue, Meaning, Observation, Plan, Reason, UnknownId
from goalkit.analysis.kpi import kpi_series
from goalkit.analysis.kpi_charts import Moves, dividing, figures, kpi_xmr, points, values_of
from goalkit.calendars import CycleKind, RetailCalendar

JULY = FiscalCalendar(first_month=7)
LATE = [10, 12, 11, 13, 12, 11, 10, 12, 25]
START = date(2026, 1, 1)


def kept(values: Any, *, frequency: str | None = "monthly", first: date = date(2026, 1, 28), **fields: Any) -> Plan:
    """Return a plan with the KPI a, and a value a month; None where nothing was observed."""
    kpi = KPI(id="a", title="A", frequency=frequency, **{"kind": "flow", **fields})
    months = ((first.month - 1 + at) for at in range(len(values)))
    days = [date(first.year + month // 12, month % 12 + 1, first.day) for month in months]
    seen = (
        Observation(kpi="a", on=on, value=value) for on, value in zip(days, values, strict=True) if value is not None
    )
    return Plan.of(kpi, *seen)


def told(plan: Plan, as_of: date | None = None, **how: Any) -> list[tuple[str, Decimal | None]]:
    return [(point.period, point.actual) for point in points(kpi_series(plan, "a", as_of=as_of), **how)]


# -- points ---------------------------------------------------------------------------------------


def test_a_kpi_has_a_point_a_period_of_its_frequency_with_its_gaps() -> None:
    assert told(kept([7, None, 9])) == [("2026-01", Decimal(7)), ("2026-02", None), ("2026-03", Decimal(9))]


def test_a_period_that_is_not_over_is_no_point_and_counts_on_its_last_day() -> None:
    plan = kept([7, 8])
    assert [period for period, _ in told(plan, date(2026, 2, 28))] == ["2026-01", "2026-02"]
    assert [period for period, _ in told(kept([7, 8], first=date(2026, 1, 20)), date(2026, 2, 27))] == ["2026-01"]
    assert [figure.is_partial for figure in figures(kpi_series(plan, "a", as_of=date(2026, 2, 28)))] == [False, False]


def test_without_a_frequency_the_days_with_observations_are_the_points() -> None:
    assert [period for period, _ in told(kept([7, None, 9], frequency=None))] == ["2026-01-28", "2026-03-28"]


def test_what_is_to_be_measured_daily_has_a_point_for_each_day_without_one() -> None:
    plan = Plan.of(KPI(id="a", title="A", kind="flow", frequency="daily"))
    plan = plan.record(Observation(kpi="a", on=START, value=1), Observation(kpi="a", on=date(2026, 1, 3), value=1))
    assert [value for _, value in told(plan)] == [1, None, 1]


def test_a_kpi_that_was_never_observed_has_no_points() -> None:
    assert told(kept([])) == []
    assert told(kept([], frequency=None)) == []


def test_days_know_the_periods_of_a_calendar_that_targets_are_for() -> None:
    plan = kept([7], frequency=None, kind="stock", targets={"FY2026-M07": 5})
    assert [point.target for point in points(kpi_series(plan, "a"), calendar=JULY)] == [5]
    daily = kept([7], frequency="daily", kind="stock", targets={"FY2026-M07": 5})
    assert [point.target for point in points(kpi_series(daily, "a"), calendar=JULY)] == [5]
    assert [point.target for point in points(kpi_series(daily, "a"))] == [None]


def test_a_calendar_divides_and_one_that_has_no_such_periods_leaves_it_to_the_wall() -> None:
    assert [period for period, _ in told(kept([7]), calendar=JULY)] == ["FY2026-M07"]
    assert [period for period, _ in told(kept([7], frequency="weekly"), calendar=JULY)] == ["2026-W05"]
    assert dividing(CycleKind.WEEK, RetailCalendar.nrf()) == RetailCalendar.nrf()
    with pytest.raises(InvalidValue, match="unknown_choice"):  # somebody has asked for them
        told(kept([7]), kind="week", calendar=JULY)
    with pytest.raises(InvalidValue, match="wrong_kind"):
        told(kept([7]), calendar="fiscal")


def test_a_formula_has_points_where_all_its_parts_have() -> None:
    parts = [KPI(id=each, title=each, kind="flow") for each in ("b", "c")]
    plan = Plan.of(*parts, KPI(id="a", title="A", kind="ratio", formula=Formula("ratio", ["b", "c"])))
    plan = plan.record(*(Observation(kpi="b", on=date(2026, 1, at), value=at) for at in (1, 2, 3)))
    plan = plan.record(*(Observation(kpi="c", on=date(2026, 1, at), value=2) for at in (1, 3, 4)))
    assert told(plan) == [("2026-01-01", Decimal("0.5")), ("2026-01-03", Decimal("1.5"))]


def test_a_correction_changes_the_point_from_its_day_on() -> None:
    plan = Plan.of(
        KPI(id="a", title="A", kind="flow"),
        Observation(kpi="a", on=START, value=7, id="first"),
        Observation(kpi="a", on=date(2026, 1, 2), value=1),
    ).record(Observation(kpi="a", on=date(2026, 1, 2), value=5, supersedes="first"))
    assert told(plan, START) == [("2026-01-01", Decimal(7))]
    assert sum(value or 0 for _, value in told(plan)) == 6


# -- before and since -----------------------------------------------------------------------------


def test_a_period_that_holds_the_day_belongs_to_what_comes_since() -> None:
    moves = Moves.of(figures(kpi_series(kept([1, 2, 3]), "a")), date(2026, 2, 28))
    assert ([each.period for each in moves.before], [each.period for each in moves.since]) == (
        ["2026-01"],
        ["2026-02", "2026-03"],
    )
    assert Moves.of(figures(kpi_series(kept([1, 2, 3]), "a")), None).before == []


@pytest.mark.parametrize(
    ("values", "as_of", "reason"),
    [
        ([], date(2026, 3, 31), Reason.NO_OBSERVATIONS),
        ([1], date(2026, 3, 31), Reason.NO_OBSERVATIONS),
        ([1, None, 3], date(2026, 3, 30), Reason.PARTIAL_PERIOD),
        ([1, None, 3], date(2026, 3, 31), None),
    ],
)
def test_where_nothing_is_known_since_the_reason_is_told(values: Any, as_of: date, reason: Reason | None) -> None:
    found = figures(kpi_series(kept(values), "a", as_of=as_of))
    assert Moves.of(found, date(2026, 2, 1)).reason is reason


def test_where_there_was_no_case_since_that_is_the_reason() -> None:
    plan = Plan.of(
        KPI(id="a", title="A", kind="ratio"),
        Observation(kpi="a", on=START, numerator=1, denominator=2),
        Observation(kpi="a", on=date(2026, 2, 1), numerator=0, denominator=0),
    )
    assert Moves.of(figures(kpi_series(plan, "a")), date(2026, 2, 1)).reason is Reason.ZERO_DENOMINATOR


@given(st.lists(st.none() | st.integers(-9, 9), max_size=12), st.dates(date(2025, 12, 1), date(2027, 2, 1)))
def test_every_known_point_lies_either_before_a_day_or_since(values: list[int | None], on: date) -> None:
    moves = Moves.of(figures(kpi_series(kept(values), "a")), on)
    assert values_of([*moves.before, *moves.since]) == [value for value in values if value is not None]
    assert all(each.last_day < on for each in moves.before)
    assert all(each.last_day >= on for each in moves.since)
    assert (moves.reason is None) == bool(moves.since)


# -- the chart ------------------------------------------------------------------------------------


def test_a_chart_has_the_kpis_direction_and_the_target_of_its_last_period() -> None:
    chart = kpi_xmr(kept(LATE, direction="down", target=30), "a")
    assert [(signal.index, signal.meaning) for signal in chart.signals] == [(8, Meaning.CONCERN)]
    assert [chart.target, chart.assurance()] == [30, Assurance.CONSISTENTLY_PASSES]
    assert [point.label for point in chart.points][:2] == ["2026-01", "2026-02"]


def test_a_kpi_without_observations_has_a_chart_without_limits() -> None:
    chart = kpi_xmr(kept([], target=1, direction="up"), "a")
    assert (chart.points, chart.reason, chart.target) == ((), Reason.TOO_FEW, None)


def test_what_is_observed_later_is_not_seen() -> None:
    assert kpi_xmr(kept(LATE), "a", as_of=date(2026, 8, 31)).signals == ()


@pytest.mark.parametrize(
    ("day", "firsts"),
    [
        ("2025-01-01", [0]),
        ("2026-01-01", [0]),
        ("2026-04-01", [0, 3]),
        ("2026-04-02", [0, 4]),
        ("2026-09-01", [0, 8]),
        ("2026-09-02", [0]),
    ],
)
def test_limits_begin_anew_with_the_first_period_that_begins_on_a_day_or_later(day: Any, firsts: list[int]) -> None:
    assert [segment.first for segment in kpi_xmr(kept(LATE), "a", rebase=[day]).segments] == firsts


@pytest.mark.parametrize(
    ("rebase", "path"), [(date(2026, 4, 1), "rebase"), ("2026-04-01", "rebase"), (["soon"], "rebase[0]")]
)
def test_days_of_change_that_are_none_are_refused(rebase: Any, path: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        kpi_xmr(kept(LATE), "a", rebase=rebase)
    assert refused.value.problems[0].path == path


def test_an_unknown_kpi_is_refused() -> None:
    with pytest.raises(UnknownId):
        kpi_xmr(kept([]), "b")


@given(st.lists(st.none() | st.integers(-99, 99), min_size=1, max_size=30))
def test_a_chart_of_days_is_that_of_the_values_that_there_are(values: list[int | None]) -> None:
    seen = [
        Observation(kpi="a", on=START + timedelta(days=at), value=value)
        for at, value in enumerate(values)
        if value is not None
    ]
    chart = kpi_xmr(Plan.of(KPI(id="a", title="A", kind="stock"), *seen), "a")
    assert [point.value for point in chart.points] == [value for value in values if value is not None]
