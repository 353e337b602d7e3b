"""A KPI over time: figures by period, rolling, to date and a year before, on any day and in any calendar."""

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import nextafter
from random import Random
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import (
    KPI,
    Cycle,
    FiscalCalendar,
    Formula,
    GoalkitError,
    InvalidValue,
    Observation,
    Plan,
    UnknownId,
    kpi_series,
)
from goalkit.analysis.kpi import KpiPeriods, KpiSeries
from goalkit.calendars import CycleKind, RetailCalendar
from goalkit.quantities import EXACT, rounded

DAY = date(2026, 1, 1)
Q3, JULY, AUGUST = Cycle.quarter(2026, 3), Cycle.month(2026, 7), Cycle.month(2026, 8)
KINDS = ("flow", "stock", "ratio", "average", "score", "distinct", "percentile")
GRAINS = ("day", "week", "month", "quarter", "year")


def kpi(kind: str = "flow", **fields: Any) -> KPI:
    return KPI(id="k", title="K", kind=kind, **fields)


def seen(on: date | str, value: Any = None, **fields: Any) -> Observation:
    return Observation(kpi="k", on=on, value=value, **fields)


def monthly(values: Iterable[Any], of: KPI | None = None, as_of: date | None = None) -> KpiSeries:
    """Return a KPI with a value on the tenth of each month from July 2026 on; None is a gap."""
    rows, month = [], JULY
    for value in values:
        if value is not None:
            rows.append(seen(month.first_day + timedelta(9), value))
        month = month.next()
    return kpi_series(Plan.of(of or kpi(), *rows), "k", as_of=as_of)


def actuals(found: KpiPeriods) -> list[Decimal | None]:
    return [figure.actual for figure in found]


def observation(draw: st.DrawFn, kind: str, number: int, on: date) -> Observation:
    value = draw(st.decimals(-1000, 1000, places=2))
    fields: dict[str, Any] = {"value": value}
    if kind == "ratio" and draw(st.integers(0, 9)):
        fields = {"numerator": value, "denominator": draw(st.integers(0, 5))}
    elif kind == "average" and draw(st.integers(0, 9)):
        fields["count"] = draw(st.integers(1, 5))
    return seen(on, id=f"{number}", **fields)


@st.composite
def kept(draw: st.DrawFn, kinds: tuple[str, ...] = KINDS, *, one_a_day: bool = False, corrected: bool = True) -> Plan:
    """A KPI of any kind with observations in any order: gaps, several of a day, corrections."""
    kind = draw(st.sampled_from(kinds))
    reads = draw(st.sampled_from(["latest", "mean", "minimum", "maximum"])) if kind in {"stock", "score"} else "latest"
    frequency = draw(st.sampled_from([None, "daily", "weekly", "monthly"]))
    days = draw(st.lists(st.integers(0, 500), max_size=12, unique=one_a_day))
    rows = [observation(draw, kind, number, DAY + timedelta(after)) for number, after in enumerate(days)]
    plan = Plan.of(kpi(kind, reads=reads, frequency=frequency), *rows)
    for row in rows if corrected else ():
        if draw(st.integers(0, 3)) == 0:
            on = row.on + timedelta(draw(st.integers(0, 60)))
            fields = {
                "value": row.value,
                "numerator": row.numerator,
                "denominator": row.denominator,
                "count": row.count,
            }
            plan = plan.record(seen(on, id=f"{row.id}c", supersedes=row.id, **fields))
    return plan


def any_day() -> st.SearchStrategy[date]:
    return st.integers(-40, 560).map(lambda after: DAY + timedelta(after))


# -- known answers ----------------------------------------------------------------------------------


def test_a_quarter_is_divided_into_its_months() -> None:
    found = monthly([90, None, 110], kpi(target=100, target_per="month")).by("month", Q3)
    assert [figure.period for figure in found] == ["2026-07", "2026-08", "2026-09"]
    assert (actuals(found), found.floats()) == ([90, None, 110], [90.0, None, 110.0])
    assert [figure.target for figure in found] == [100, 100, 100]
    assert [len(found), found[-1].actual, *(figure.period for figure in found[1:])] == [3, 110, "2026-08", "2026-09"]
    with pytest.raises(IndexError):
        found[3]


def test_without_a_period_all_is_divided_from_the_first_to_the_last_observation() -> None:
    assert [figure.period for figure in monthly([1, None, 2]).by("month")] == ["2026-07", "2026-08", "2026-09"]
    assert len(monthly([1, None, 2]).by("day")) == 63
    assert [*monthly([]).by("month")] == [*monthly([]).by("day")] == []
    assert monthly([]).rolling(3, "month").floats() == []


def test_the_calendar_of_the_period_divides_it() -> None:
    fiscal = FiscalCalendar(first_month=7)
    year = fiscal.containing(date(2026, 8, 1), "year")
    series = monthly(range(1, 13))
    quarters = series.by("quarter", year)
    assert actuals(quarters) == [6, 15, 24, 33]
    assert quarters[0].period == fiscal.containing(date(2026, 8, 1), "quarter").id
    assert actuals(series.by("quarter", year, calendar=fiscal)) == actuals(series.by("quarter", calendar=fiscal))
    assert actuals(series.by("year", calendar=fiscal)) == [78]


def test_rolling_is_unknown_until_there_is_enough_and_where_something_is_missing() -> None:
    found = monthly([1, 2, 3, None, 5, 6, 7]).rolling(3, "month")
    assert [figure.reason for figure in found] == [
        "too_few",
        "too_few",
        None,
        "missing_period",
        "missing_period",
        "missing_period",
        None,
    ]
    assert actuals(found) == [None, None, 6, None, None, None, 18]
    assert found.floats() == [None, None, 6.0, None, None, None, 18.0]
    assert (found[2].first_day, found[2].last_day, found[2].period) == (JULY.first_day, date(2026, 9, 30), "2026-09")
    assert (found[1].first_day, found[1].last_day, found[1].observations) == (JULY.first_day, AUGUST.last_day, 2)


def test_rolling_looks_at_the_periods_before_the_one_that_is_asked_for() -> None:
    series = monthly(range(1, 7))  # from July to December
    last = series.rolling(3, "month", Cycle.quarter(2026, 4))
    assert actuals(last) == [9, 12, 15]
    assert [figure.period for figure in last] == ["2026-10", "2026-11", "2026-12"]
    assert last.floats() == [9.0, 12.0, 15.0]
    assert series.rolling(2, "day", Cycle.month(2026, 8))[0].first_day == date(2026, 7, 31)
    assert [figure.reason for figure in series.rolling(3, "year", Cycle.year(2))] == ["too_few"]


def test_rolling_is_unknown_while_its_last_period_is_not_over() -> None:
    found = monthly([1, 2, 3, 4], as_of=date(2026, 9, 20)).rolling(2, "month", Cycle.half(2026, 2))
    assert [figure.reason for figure in found] == [
        "missing_period",
        None,
        "partial_period",
        "partial_period",
        "partial_period",
        "partial_period",
    ]
    assert found.floats() == [None, 3.0, None, None, None, None]


def test_more_periods_than_there_are_are_too_few() -> None:
    found = monthly([1, 2, 3]).rolling(4, "month")
    assert ([figure.reason for figure in found], found.floats()) == (["too_few"] * 3, [None] * 3)


def test_rolling_one_is_each_period() -> None:
    series = monthly([1, None, 3])
    assert series.rolling(1, "month").floats() == series.by("month").floats()
    assert series.rolling(1, "month")[1].reason == "missing_period"


def test_a_year_to_date_begins_with_the_year_of_its_calendar() -> None:
    series = monthly([1, 2, 4, 8, 16, 32, 64])
    assert series.year_to_date(date(2026, 9, 30)).actual == 7
    assert series.year_to_date(date(2027, 1, 31)).actual == 64
    found = series.year_to_date(date(2027, 1, 31), calendar=FiscalCalendar(first_month=7))
    assert [found.actual, found.first_day, found.period] == [127, date(2026, 7, 1), "FY2027 to 2027-01-31"]
    retail = RetailCalendar()
    year = retail.containing(date(2026, 7, 10), "year")
    assert series.year_to_date(date(2026, 7, 10), calendar=retail).first_day == year.first_day


@pytest.mark.parametrize(
    ("cycle", "days"),
    [
        (Q3, ("2025-07-01", "2025-09-30")),
        (Cycle.month(2028, 2), ("2027-02-01", "2027-02-28")),
        (Cycle.month(2029, 2), ("2028-02-01", "2028-02-29")),
        (Cycle.year(2026), ("2025-01-01", "2025-12-31")),
        (Cycle.parse("2026-W53"), ("2025-12-29", "2026-01-04")),
        (Cycle.containing(date(2026, 6, 1), "week_year"), ("2024-12-30", "2026-01-04")),
        (Cycle(id="leap", first_day=date(2028, 2, 29), last_day=date(2028, 3, 1)), ("2027-02-28", "2027-03-01")),
        (Cycle(id="own", first_day=date(2026, 7, 2), last_day=date(2026, 7, 2)), ("2025-07-02", "2025-07-02")),
        (FiscalCalendar(first_month=4).containing(date(2026, 5, 1), "quarter"), ("2025-04-01", "2025-06-30")),
    ],
)
def test_a_year_before_is_the_same_place_in_the_year_before(cycle: Cycle, days: tuple[str, str]) -> None:
    found = monthly([]).year_before(cycle)
    if cycle.kind is CycleKind.WEEK_YEAR:
        assert found.first_day == cycle.first_day - timedelta(364)
        assert found.last_day == cycle.last_day - timedelta(364)
    else:
        assert (str(found.first_day), str(found.last_day)) == days


def test_a_quarter_a_year_before_is_called_by_its_name() -> None:
    assert monthly([]).year_before(Q3).period == "2025-Q3"
    assert monthly([]).year_before(Cycle.parse("2026-W31")).period == "2025-07-28 to 2025-08-03"


def test_a_series_prints_as_a_table_and_is_plain_data() -> None:
    found = monthly([90, None], kpi(target=100, direction="up"), date(2026, 7, 20)).by("month", Q3)
    assert str(found).splitlines() == [
        "period          actual  target  difference  attainment  health",
        "2026-07 so far      90     100          10        90 %  –",
        "2026-08 so far       –     100           –           –  –",
        "2026-09 so far       –     100           –           –  –",
    ]
    assert found._repr_html_().count("<tr>") == 4
    assert [row["reason"] for row in json.loads(json.dumps(found.to_dicts()))] == [None, "not_started", "not_started"]
    assert repr(found) == "<KpiPeriods of k, 3 of them>"
    assert repr(monthly([])) == "<KpiSeries of k>"
    assert repr(monthly([], as_of=DAY)) == "<KpiSeries of k on 2026-01-01>"


# -- what is refused --------------------------------------------------------------------------------

REFUSED: list[tuple[str, Any]] = [
    ("does_not_divide", lambda series: series.by("month", Cycle(id="c", first_day=DAY, last_day=DAY))),
    ("does_not_divide", lambda series: series.by("week", Q3)),
    ("does_not_divide", lambda series: series.rolling(2, "year", Q3)),
    ("unknown_choice", lambda series: series.by("fortnight")),
    ("unknown_choice", lambda series: series.by("custom")),
    ("unknown_choice", lambda series: series.by(5)),
    ("unknown_choice", lambda series: series.by(None, Q3)),
    ("unknown_choice", lambda series: series.by("tertial", calendar=RetailCalendar())),
    ("undated", lambda series: series.over(Cycle.backlog())),
    ("undated", lambda series: series.by("month", Cycle.backlog())),
    ("undated", lambda series: series.year_before(Cycle.backlog())),
    ("wrong_kind", lambda series: series.over("2026-Q3")),
    ("wrong_kind", lambda series: series.by("month", "2026-Q3")),
    ("wrong_kind", lambda series: series.by("month", "2026-Q3", calendar=FiscalCalendar(first_month=7))),
    ("wrong_kind", lambda series: series.by("month", calendar="fiscal")),
    ("wrong_kind", lambda series: series.year_to_date(DAY, calendar="fiscal")),
    ("wrong_kind", lambda series: series.year_before(2026)),
    ("two_answers", lambda series: series.by("month", Q3, calendar=FiscalCalendar(first_month=7))),
    ("out_of_range", lambda series: series.rolling(0, "month")),
    ("out_of_range", lambda series: series.rolling(100_001, "month")),
    ("not_whole", lambda series: series.rolling("2.5", "month")),
    ("not_a_number", lambda series: series.rolling(None, "month")),
    ("out_of_range", lambda series: series.year_before(Cycle.year(1))),
    ("beyond_the_calendar", lambda series: series.year_before(Cycle.containing(date.min, "week"))),
    (
        "beyond_the_calendar",
        lambda series: series.year_before(Cycle(id="c", first_day=date.min, last_day=date(1, 5, 5))),
    ),
    ("beyond_the_calendar", lambda series: series.year_to_date(date.min, calendar=FiscalCalendar(first_month=4))),
    ("not_a_day", lambda series: series.year_to_date("soon")),
]


@pytest.mark.parametrize(("code", "ask"), REFUSED, ids=range(len(REFUSED)))
def test_what_cannot_be_answered_is_refused_by_name(code: str, ask: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        ask(monthly([1, 2]))
    assert [problem.code for problem in caught.value.problems] == [code]


def test_an_unknown_kpi_and_what_is_no_plan_or_day_are_refused() -> None:
    wrong: Any = "plan"
    with pytest.raises(UnknownId, match="'j'"):
        kpi_series(Plan.of(kpi()), "j")
    with pytest.raises(InvalidValue, match="plan"):
        kpi_series(wrong, "k")
    with pytest.raises(InvalidValue, match="is not a"):
        kpi_series(Plan.of(kpi()), "k", as_of="soon")  # type: ignore[arg-type] # read at run time


# -- the ends of time -------------------------------------------------------------------------------


def test_a_period_of_which_not_all_days_exist_is_refused() -> None:
    last = kpi_series(Plan.of(kpi(), seen(date.max, 1)), "k")
    first = kpi_series(Plan.of(kpi(), seen(date.min, 1)), "k")
    asks: list[Callable[[], object]] = [
        lambda: last.by("week"),
        lambda: last.rolling(2, "week"),
        lambda: first.by("year", calendar=FiscalCalendar(first_month=4)),
    ]
    for ask in asks:
        with pytest.raises(InvalidValue, match="beyond_the_calendar"):
            ask()
    assert last.by("month").floats() == first.by("week").floats() == [1.0]


def test_all_time_has_more_months_than_are_told_and_not_more_years() -> None:
    series = kpi_series(Plan.of(kpi(), seen(date.min, 1), seen(date.max, 2)), "k")
    for kind in ("day", "week", "month"):
        with pytest.raises(InvalidValue, match="too_long"):
            series.by(kind)
    assert len(series.by("year")) == 9999
    assert len(series.by("quarter")) == 39_996


@pytest.mark.parametrize("frequency", [None, "daily", "weekly", "yearly"])
def test_all_time_is_a_period_too(frequency: str | None) -> None:
    ever = Cycle(id="ever", first_day=date.min, last_day=date.max)
    begun = perf_counter()
    figure = kpi_series(Plan.of(kpi(frequency=frequency), seen(DAY, 1)), "k").over(ever)
    assert [figure.actual, figure.missing is None] == [1, frequency is None]
    assert perf_counter() - begun < 30


@given(
    st.sampled_from([date.min, date.max, date(4, 2, 29), date(9996, 2, 29)]),
    st.sampled_from([*CycleKind, "day"]),
    st.sampled_from([None, FiscalCalendar(first_month=4), FiscalCalendar(first_month=12), RetailCalendar()]),
    st.sampled_from(KINDS),
    st.sampled_from([None, "daily", "weekly", "monthly", "yearly"]),
)
def test_at_the_ends_of_time_there_is_an_answer_or_a_reason(
    on: date, kind: str, calendar: Any, of: str, frequency: str | None
) -> None:
    series = kpi_series(Plan.of(kpi(of, frequency=frequency), seen(on, 1)), "k", as_of=on)
    asks: list[Callable[[], object]] = [
        lambda: [*series.by(kind, calendar=calendar)],
        lambda: [*series.rolling(2, kind, calendar=calendar)],
        lambda: series.by(kind, calendar=calendar).floats(),
        lambda: series.year_to_date(on, calendar=calendar),
        lambda: series.year_before(Cycle(id="c", first_day=on, last_day=on)),
        lambda: series.year_before((calendar or Cycle).containing(on, kind)),
    ]
    for ask in asks:
        with suppress(GoalkitError):  # and nothing else
            ask()


# -- laws -------------------------------------------------------------------------------------------


@given(kept(), st.sampled_from(GRAINS), st.integers(1, 4), st.none() | any_day())
def test_floats_are_the_figures_row_by_row(plan: Plan, grain: str, size: int, as_of: date | None) -> None:
    series = kpi_series(plan, "k", as_of=as_of)
    for found in (
        series.by(grain),
        series.rolling(size, grain),
        series.by(grain, Cycle.year(2026)) if grain != "week" else (),
    ):
        quick = found.floats() if isinstance(found, KpiPeriods) else []
        for row, value in zip(found, quick, strict=True):
            assert (value is None) is (row.actual is None)
            if row.actual is not None:
                exact = float(row.actual)
                assert value in {exact, nextafter(exact, -1e99), nextafter(exact, 1e99)}
            assert (row.actual is None) is (row.reason is not None)


@given(kept(), any_day())
def test_as_of_a_day_nothing_later_is_seen(plan: Plan, as_of: date) -> None:
    earlier = Plan.of(*plan.kpis, *(row for row in plan.observed if row.on <= as_of))
    assert plan.as_of(as_of).observed == earlier.observed
    for grain in GRAINS:
        one = kpi_series(plan, "k", as_of=as_of).by(grain)
        other, third = (kpi_series(each, "k").by(grain) for each in (plan.as_of(as_of), earlier))
        assert actuals(one) == actuals(other) == actuals(third)
        assert [row.reason for row in one] == [row.reason for row in other]
        assert one.floats() == other.floats() == third.floats()


@given(kept(one_a_day=True, corrected=False), st.randoms(use_true_random=False))
def test_the_order_of_recording_days_does_not_matter(plan: Plan, chance: Random) -> None:
    rows = [*plan.observed]
    chance.shuffle(rows)
    other = Plan.of(*plan.kpis)
    for row in rows:
        other = other.record(row)
    for grain in GRAINS:
        assert [*kpi_series(plan, "k").by(grain)] == [*kpi_series(other, "k").by(grain)]


@given(kept(("flow",)), st.sampled_from(["day", "week", "month", "quarter"]))
def test_what_flows_in_the_parts_of_a_year_flows_in_the_year(plan: Plan, grain: str) -> None:
    series = kpi_series(plan, "k")
    parts = sum((Fraction(each) for each in actuals(series.by(grain)) if each is not None), Fraction(0))
    years = sum((Fraction(each) for each in actuals(series.by("year")) if each is not None), Fraction(0))
    assert parts == years


@given(kept(("ratio", "average")), st.sampled_from(["day", "week", "month", "quarter"]))
def test_a_ratio_over_a_span_lies_between_those_of_its_periods_weighted_by_their_cases(plan: Plan, grain: str) -> None:
    series = kpi_series(plan, "k")
    periods = [*series.by(grain)]
    if not periods:
        return
    whole = series.over(Cycle(id="whole", first_day=periods[0].first_day, last_day=periods[-1].last_day))
    known = [row for row in periods if row.numerator is not None and row.denominator is not None]
    if whole.actual is None or whole.denominator is None:
        assert whole.reason is not None or whole.observations == 1
        return
    over = sum((Fraction(row.numerator or 0) for row in known), Fraction(0))
    under = sum((Fraction(row.denominator or 0) for row in known), Fraction(0))
    assert (Fraction(whole.numerator or 0), Fraction(whole.denominator)) == (over, under)
    # The mean of the periods' ratios, weighted by their denominators, is the ratio of the sums.
    weighted = [
        (Fraction(row.numerator or 0) / Fraction(row.denominator), Fraction(row.denominator))
        for row in known
        if row.denominator
    ]
    without_cases = sum((Fraction(row.numerator or 0) for row in known if not row.denominator), Fraction(0))
    mean = (sum((ratio * cases for ratio, cases in weighted), Fraction(0)) + without_cases) / under
    assert whole.actual == rounded(EXACT.divide(Decimal(mean.numerator), Decimal(mean.denominator)))
    if not without_cases:
        ratios = [row.actual for row in known if row.actual is not None]
        assert min(ratios) <= whole.actual <= max(ratios)


@given(kept(("stock", "score")), st.sampled_from(["day", "week", "month"]))
def test_what_stands_after_a_span_stood_after_its_last_part_with_a_value(plan: Plan, grain: str) -> None:
    plan = plan.replace(kpi("stock"))
    series = kpi_series(plan, "k")
    periods = [*series.by(grain)]
    if periods:
        whole = series.over(Cycle(id="whole", first_day=periods[0].first_day, last_day=periods[-1].last_day))
        assert whole.actual == [row.actual for row in periods if row.actual is not None][-1]


@given(kept(), st.sampled_from(GRAINS), st.integers(1, 5), st.none() | any_day())
def test_rolling_is_the_figure_over_the_joined_span_where_it_is_known(
    plan: Plan, grain: str, size: int, as_of: date | None
) -> None:
    series = kpi_series(plan, "k", as_of=as_of)
    single = series.by(grain)
    for at, row in enumerate(series.rolling(size, grain)):
        joined = single[max(0, at - size + 1) : at + 1]
        whole = series.over(Cycle(id="whole", first_day=joined[0].first_day, last_day=joined[-1].last_day))
        assert (row.first_day, row.last_day) == (whole.first_day, whole.last_day)
        if row.reason in {"too_few", "missing_period", "partial_period"}:
            assert len(joined) < size or row.is_partial or 0 in {each.observations for each in joined}
        else:
            assert (row.actual, row.reason, row.numerator) == (whole.actual, whole.reason, whole.numerator)


@given(kept(corrected=False), st.integers(-3, 3), st.sampled_from(GRAINS))
def test_in_another_unit_every_figure_is_scaled(plan: Plan, power: int, grain: str) -> None:
    def scaled(value: Decimal | None) -> Decimal | None:
        return None if value is None else value.scaleb(power, EXACT)

    rows = [
        seen(
            row.on,
            scaled(row.value),
            numerator=scaled(row.numerator),
            denominator=row.denominator,
            count=row.count,
            id=row.id,
        )
        for row in plan.observed
    ]
    other = Plan.of(*plan.kpis, *rows)
    one, another = (kpi_series(each, "k").by(grain) for each in (plan, other))
    assert [scaled(each) for each in actuals(one)] == actuals(another)
    assert [row.reason for row in one] == [row.reason for row in another]


@given(any_day(), st.sampled_from(["week", "week_year"]))
def test_a_year_before_a_week_is_364_days_before(on: date, kind: str) -> None:
    cycle = Cycle.containing(on, kind)
    found = monthly([]).year_before(cycle)
    assert cycle.first_day - found.first_day == cycle.last_day - found.last_day == timedelta(364)


@given(any_day(), st.data())
def test_a_year_before_a_retail_period_weekdays_meet_weekdays(on: date, data: st.DataObject) -> None:
    retail = RetailCalendar()
    cycle = retail.containing(on, data.draw(st.sampled_from(retail.kinds)))
    found = monthly([]).year_before(cycle)
    assert cycle.first_day - found.first_day == cycle.last_day - found.last_day == timedelta(364)


@given(kept(("flow",)), any_day())
def test_a_year_to_date_is_what_came_since_the_year_began(plan: Plan, on: date) -> None:
    series = kpi_series(plan, "k")
    figure = series.year_to_date(on)
    rows = [Fraction(row.value or 0) for row in plan.observations("k") if date(on.year, 1, 1) <= row.on <= on]
    assert (None if figure.actual is None else Fraction(figure.actual)) == (sum(rows) if rows else None)


def test_what_is_worked_out_has_figures_as_what_is_observed_has() -> None:
    parts = [KPI(id=each, title=each, kind="flow") for each in ("a", "b")]
    margin = kpi("ratio", formula=Formula("ratio", ["a", "b"]), target="0.5", direction="up")
    rows = [
        Observation(kpi=each, on=on, value=value)
        for each, on, value in (
            ("a", "2026-07-10", 1),
            ("b", "2026-07-20", 4),
            ("a", "2026-09-10", 2),
            ("b", "2026-09-20", 2),
        )
    ]
    series = kpi_series(Plan.of(margin, *parts, *rows), "k")
    found = series.by("month", Q3)
    assert found.floats() == [0.25, None, 1.0]
    assert [row.health and row.health.value for row in found] == ["unhealthy", None, "healthy"]
    assert series.over(Q3).actual == Decimal("0.5")
    assert series.rolling(2, "month").floats() == [None, None, None]
    # It begins with the later of its parts, and ends with the earlier.
    assert [row.period for row in series.by("month")] == ["2026-07", "2026-08", "2026-09"]


def test_the_period_of_a_year_before_is_divided_by_its_own_calendar() -> None:
    retail = RetailCalendar.nrf()
    month, before = retail.month(2026, 6), retail.month(2025, 6)  # the days of two civil months
    users = kpi("distinct", frequency="monthly", targets={before.id: 7})
    series = kpi_series(Plan.of(users, seen(before.last_day, 100)), "k")
    found = series.year_before(month)
    assert [found.actual, found.target, found.missing, found.expected] == [100, 7, 0, 1]


def test_a_cycle_of_ones_own_has_the_target_with_its_name() -> None:
    autumn = Cycle(id="autumn", first_day="2026-09-01", last_day="2026-11-30")
    series = kpi_series(Plan.of(kpi(target=1, targets={"autumn": 150}), seen("2026-09-28", 100)), "k")
    assert series.over(autumn).target == 150
