"""A page of KPIs says where each is, never where it was long ago, and nothing of what nobody knows."""

import json
from datetime import date, timedelta
from decimal import Decimal
from math import nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import (
    KPI,
    Assurance,
    Binary,
    FiscalCalendar,
    Formula,
    GoalkitError,
    Increase,
    InvalidValue,
    KeyResult,
    Meaning,
    Observation,
    Plan,
    Reason,
    Target,
    UnknownId,
    kpi_cards,
    kpi_series,
    kpi_xmr,
)
from goalkit.analysis.kpi_cards import KpiCard, changed
from goalkit.calendars import RetailCalendar
from goalkit.model.kpis import Direction, Frequency, KpiKind

END = date(2026, 9, 30)
FREQUENCIES = st.none() | st.sampled_from(Frequency)
YEAR_LONG = st.dates(date(2025, 1, 1), date(2026, 12, 31))


def measured(days: Any, *, frequency: str | None = "monthly", **fields: Any) -> Plan:
    """Return a plan with the KPI a and what was observed of it by day."""
    kpi = KPI(id="a", title="A", frequency=frequency, **{"kind": "flow", "direction": "up", **fields})
    return Plan.of(kpi, *(Observation(kpi="a", on=on, value=value) for on, value in dict(days).items()))


def card(plan: Plan, as_of: date = END, **how: Any) -> KpiCard:
    return kpi_cards(plan, as_of=as_of, **how)["a"]


def monthly(*values: Any, last: int = 9, **fields: Any) -> Plan:
    months = range(last - len(values) + 1, last + 1)
    days = {date(2026 + (at - 1) // 12, (at - 1) % 12 + 1, 28): value for at, value in zip(months, values, strict=True)}
    return measured({on: value for on, value in days.items() if value is not None}, **fields)


# -- the figure -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "period", "actual", "running"),
    [
        (date(2026, 9, 30), "2026-09", 108, None),
        (date(2026, 9, 29), "2026-08", 90, "2026-09"),
        (date(2026, 9, 1), "2026-08", 90, "2026-09"),
        (date(2026, 8, 31), "2026-08", 90, None),
        (date(2026, 8, 30), "2026-07", None, "2026-08"),
        (date(2026, 12, 31), "2026-12", None, None),
        (date(2020, 1, 1), "2019-12", None, "2020-01"),
    ],
)
def test_a_card_tells_the_last_period_that_is_over(as_of: date, period: str, actual: Any, running: str | None) -> None:
    found = card(monthly(90, 108), as_of)
    assert (found.figure.period, found.figure.actual) == (period, actual)
    assert (None if found.running is None else found.running.period) == running
    assert found.figure.last_day <= as_of
    assert not found.figure.is_partial


def test_long_after_the_last_observation_nothing_is_told_of_the_present() -> None:
    plan = monthly(*[90, 108] * 5, target=10)
    assert card(plan).assurance is Assurance.CONSISTENTLY_PASSES
    found = card(plan, date(2028, 1, 31))
    assert (found.figure.actual, found.figure.reason, found.figure.health) == (None, Reason.NO_OBSERVATIONS, None)
    assert (found.signal, found.assurance, found.change.change, found.year.change) == (None, None, None, None)
    assert found.history == (None,) * 12


def test_a_card_shows_what_the_running_period_has_brought() -> None:
    found = card(monthly(90, 108), date(2026, 9, 29))
    assert found.running is not None
    assert [found.running.actual, found.running.is_partial] == [108, True]


@pytest.mark.parametrize(
    ("frequency", "as_of", "period"),
    [
        (None, END, "2026-09"),
        ("daily", END, "2026-09-30"),
        ("weekly", date(2027, 1, 3), "2026-W53"),
        ("weekly", date(2027, 1, 2), "2026-W52"),
        ("weekly", date(2027, 1, 10), "2027-W01"),
        ("quarterly", date(2026, 12, 30), "2026-Q3"),
        ("tertially", END, "2026-T2"),
        ("half_yearly", END, "2026-H1"),
        ("yearly", END, "2025"),
    ],
)
def test_the_period_is_that_of_the_frequency(frequency: Any, as_of: date, period: str) -> None:
    assert card(measured({}, frequency=frequency), as_of).figure.period == period


def test_a_kind_may_be_asked_for() -> None:
    plan = monthly(1, 2, 3)
    assert card(plan, kind="quarter").figure.actual == 6
    assert card(plan, date(2026, 9, 28), kind="day").figure.actual == 3
    with pytest.raises(InvalidValue, match="unknown_choice"):
        card(plan, kind="fortnight")


def test_a_calendar_divides_and_what_it_does_not_have_is_left_to_the_wall() -> None:
    july = FiscalCalendar(first_month=7)
    assert card(monthly(90), calendar=july).figure.period == "FY2027-M03"
    assert card(measured({}, frequency="weekly"), calendar=july).figure.period == "2026-W39"
    assert card(measured({}, frequency="daily"), calendar=july).figure.period == "2026-09-30"
    assert card(measured({}, frequency="tertially"), calendar=RetailCalendar.nrf()).figure.period == "2026-T2"
    with pytest.raises(InvalidValue, match="wrong_kind"):
        kpi_cards(Plan.of(), as_of=END, calendar="fiscal")  # type: ignore[arg-type] # somebody tries
    with pytest.raises(InvalidValue, match="unknown_choice"):
        card(monthly(90), kind="week", calendar=july)


def test_a_day_knows_the_periods_of_a_calendar_that_targets_are_for() -> None:
    plan = measured({END: 6}, frequency="daily", kind="stock", targets={"FY2027-M03": 5})
    assert card(plan, calendar=FiscalCalendar(first_month=7)).figure.target == 5
    assert card(plan, calendar=FiscalCalendar(first_month=7), kind="day").figure.target == 5
    assert card(plan).figure.target is None


def test_the_53rd_week_of_a_retail_year_is_a_week_like_any_other() -> None:
    nrf = RetailCalendar.nrf()
    days = {date(2023, 2, 1) + timedelta(days=7 * at): at for at in range(60)}
    found = card(measured(days, frequency="weekly"), date(2024, 2, 3), calendar=nrf, periods=60)
    assert [found.figure.period, found.figure.actual, found.year.reason] == ["FY2023-W53", 52, Reason.ZERO_BASE]
    assert found.history == (*(None,) * 7, *map(float, range(53)))


# -- history, change and year ---------------------------------------------------------------------


def test_a_history_has_as_many_values_as_periods_and_gaps_are_unknown() -> None:
    assert card(monthly(5, None, 0, 7), periods=6).history == (None, None, 5.0, None, 0.0, 7.0)
    assert card(monthly(5, 7), periods=1).history == (7.0,)
    assert card(monthly(5, 7), periods=1).change.change == 2


@given(FREQUENCIES, st.integers(1, 40), YEAR_LONG, st.lists(st.tuples(YEAR_LONG, st.integers(-9, 9)), max_size=20))
def test_the_history_is_that_of_the_periods_one_by_one(frequency: Any, periods: int, on: date, seen: Any) -> None:
    plan = measured(seen, frequency=frequency)
    found = card(plan, on, periods=periods)
    assert len(found.history) == periods
    last = None if found.figure.actual is None else float(found.figure.actual)
    assert found.history[-1] == last
    kind = "day" if frequency is Frequency.DAILY else "month" if frequency is None else frequency.cycle_kind
    by_period = {each.last_day: each for each in kpi_series(plan, "a", as_of=on).by(kind) if not each.is_partial}
    known = [float(each.actual) for each in by_period.values() if each.actual is not None]
    shown = [value for value in found.history if value is not None]
    assert shown == known[len(known) - len(shown) :]


def test_a_change_is_from_the_period_before_and_a_year_from_the_same_one_then() -> None:
    plan = measured({"2025-09-10": 100, "2026-08-10": 90, "2026-09-10": 108}, direction="down")
    found = card(plan)
    assert [found.change.change, found.change.relative, found.change.trend] == [18, 0.2, "worsening"]
    assert [found.year.change, found.year.relative] == [8, 0.08]


@pytest.mark.parametrize(
    ("values", "fields", "said"),
    [
        ((100, 120), {}, "20 %"),
        ((100, 80), {}, "-20 %"),
        ((-100, -80), {}, "20 %"),
        ((100, 100), {}, "0 %"),
        ((0, 5), {}, "5"),
        ((0, -5), {}, "-5"),
        ((None, 5), {}, "–"),
        ((5, None), {}, "–"),
        (("0.5", "0.53"), {"kind": "ratio"}, "3.0 points"),
        (("0.5", "0.47"), {"kind": "ratio"}, "-3.0 points"),
        (("0", "0.47"), {"kind": "ratio"}, "47.0 points"),
        ((100, 120), {"kind": "ratio", "unit": "SEK"}, "20 %"),
    ],
)
def test_a_change_is_told_in_percent_and_of_percentages_in_points(values: Any, fields: Any, said: str) -> None:
    assert changed(card(monthly(*values, **fields))) == said


# -- signals --------------------------------------------------------------------------------------


def test_a_signal_of_the_last_value_is_told_and_one_of_another_is_not() -> None:
    quiet = [10, 12, 11, 13, 12, 11, 10, 12]
    assert card(monthly(*quiet, 25)).signal is Meaning.IMPROVEMENT
    assert card(monthly(*quiet, 25, direction="down")).signal is Meaning.CONCERN
    assert card(monthly(*quiet, 25, direction=None)).signal is Meaning.NEUTRAL
    assert card(monthly(*quiet, 25, 11)).signal is None
    assert card(monthly(*quiet, 25, None)).signal is None


def test_few_values_are_on_trial() -> None:
    assert [card(monthly(*range(size))).trial for size in (0, 1, 5, 6)] == [True, True, True, False]


@pytest.mark.parametrize(
    ("target", "direction", "assurance"),
    [
        (5, "up", "consistently_passes"),
        (50, "up", "consistently_fails"),
        (50, "down", "consistently_passes"),
        (11, "up", "hit_or_miss"),
        (None, "up", None),
        (5, "within", None),
        (5, None, None),
    ],
)
def test_a_target_can_be_relied_on_or_not(target: Any, direction: Any, assurance: str | None) -> None:
    found = card(monthly(*[10, 12, 11] * 4, target=target, direction=direction))
    assert found.assurance == assurance


def test_a_single_value_gives_no_assurance() -> None:
    assert card(monthly(5, target=1)).assurance is None


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=30), st.sampled_from([None, *Direction]))
def test_a_card_says_what_the_chart_says(values: list[int], direction: Any) -> None:
    plan = monthly(*values, direction=direction, target=3)
    chart = kpi_xmr(plan, "a")
    found = card(plan, periods=1)
    assert (found.signal, found.trial, found.assurance) == (chart.points[-1].meaning, chart.trial, chart.assurance())


def test_what_lies_more_than_a_thousand_periods_back_says_nothing_of_today() -> None:
    days = {date(2026, 9, 30) - timedelta(days=at): 10 + at % 3 for at in range(999)} | {date(1, 1, 1): 10**9}
    assert card(measured(days, frequency="daily"), date(2026, 9, 30)).signal is None
    assert card(measured({"0001-01-01": 5, "2026-09-01": 6}, frequency="weekly")).history[-1] is None


# -- numbers of any size --------------------------------------------------------------------------


def test_what_formulas_and_targets_make_may_be_huge() -> None:
    parts = [KPI(id=each, title=each, kind="flow", frequency="monthly") for each in "bc"]
    a = KPI(id="a", title="A", kind="flow", direction="up", frequency="monthly", formula=Formula("product", ["b", "c"]))
    seen = [Observation(kpi=part, on=f"2026-0{at}-01", value=f"{at}E+30") for part in "bc" for at in (6, 7, 9)]
    found = card(Plan.of(*parts, a, *seen))
    assert (found.figure.actual, found.history[-3:]) == (Decimal("81E+60"), (49e60, None, 81e60))
    huge = KPI(id="a", title="A", kind="flow", direction="up", frequency="yearly", target="9E+30", target_per="month")
    plan = Plan.of(huge, *(Observation(kpi="a", on=f"20{at}-01-01", value=1) for at in (23, 24, 25)))
    assert card(plan).assurance is Assurance.CONSISTENTLY_FAILS


# -- the whole page -------------------------------------------------------------------------------


def test_cards_are_a_mapping_in_plan_order() -> None:
    plan = Plan.of(*(KPI(id=each, title=each, kind="flow") for each in "cab"))
    found = kpi_cards(plan, as_of=END)
    assert (list(found), len(found)) == (["c", "a", "b"], 3)
    assert "a" in found
    assert "x" not in found
    assert found.get("x") is None
    for strange in ("x", ["a"]):
        with pytest.raises(UnknownId):
            found[strange]  # type: ignore[index] # whatever is asked for
    assert len(kpi_cards(Plan.of(), as_of=END)) == 0


def test_a_card_names_the_goals_that_it_measures_or_that_are_to_move_it() -> None:
    way = Increase(start=0, target=1)
    plan = monthly(1).add(
        KeyResult(id="k", title="K", metric=way, measured_by="a", affects=["a"]),
        KeyResult(id="l", title="L", metric=Binary(), affects=["a"]),
        KeyResult(id="m", title="M", metric=Binary()),
    )
    assert card(plan).goals == ("k", "l")
    assert card(monthly(1)).goals == ()


def test_cards_print_as_a_table() -> None:
    found = kpi_cards(monthly(0, 5, target=4), as_of=END)
    assert str(found).splitlines() == [
        "kpi  period   actual  target  attainment  health   change  title",
        "a    2026-09       5       4       125 %  healthy       5  A",
    ]
    assert "<td>healthy</td>" in found._repr_html_()
    assert repr(found) == "<KpiCards of 1 KPIs on 2026-09-30>"


def test_cards_are_dicts_ready_for_json() -> None:
    rows = kpi_cards(monthly(*[10, 12, 11] * 4, target=5, category="financial"), as_of=END, periods=2).to_dicts()
    (row,) = json.loads(json.dumps(rows))
    said = {
        "kpi": "a", "title": "A", "category": "financial", "actual": 11, "change": -1, "points": None,
        "trend": "worsening", "signal": None, "trial": False, "assurance": "consistently_passes", "goals": [],
        "history": [12, 11], "year_relative": None,
    }  # fmt: skip
    assert {key: row[key] for key in said} == said


@pytest.mark.parametrize("periods", [0, 1001, "many", 1.5, nan])
def test_a_history_is_from_one_to_a_thousand_periods_long(periods: Any) -> None:
    with pytest.raises(InvalidValue) as refused:
        kpi_cards(Plan.of(), as_of=END, periods=periods)
    assert refused.value.problems[0].path == "periods"


def test_what_is_no_plan_or_no_day_is_refused() -> None:
    with pytest.raises(InvalidValue):
        kpi_cards("plan", as_of=END)  # type: ignore[arg-type] # somebody tries
    with pytest.raises(InvalidValue):
        kpi_cards(Plan.of(), as_of="soon")  # type: ignore[arg-type] # somebody tries


# -- where days begin and end ---------------------------------------------------------------------


def test_where_days_begin_there_is_nothing_before() -> None:
    found = card(measured({date.min: 5}, frequency="daily"), date.min, periods=3)
    assert [found.figure.actual, found.history] == [5, (None, None, 5.0)]
    assert (found.change.reason, found.year.reason) == (Reason.NO_OBSERVATIONS, Reason.NO_OBSERVATIONS)
    first = card(measured({date.min: 5}), date(1, 2, 1), periods=3)
    assert (first.figure.period, first.history, first.change.change) == ("0001-01", (None, None, 5.0), None)
    with pytest.raises(InvalidValue, match="beyond_the_calendar"):
        card(measured({date.min: 5}), date(1, 1, 30))


def test_where_days_end_the_last_full_period_is_told() -> None:
    found = card(measured({date(9999, 12, 21): 5}, frequency="weekly"), date.max)
    assert [found.figure.period, found.figure.actual, found.running] == ["9999-W51", 5, None]
    assert card(measured({date.max: 5}, frequency="yearly"), date.max).figure.actual == 5


CALENDARS = st.sampled_from(
    [
        None,
        FiscalCalendar(first_month=7),
        FiscalCalendar(first_month=4, first_day=6, named_by="start"),
        RetailCalendar.nrf(),
        RetailCalendar(last_month=12, year_end="last", pattern="4-4-5"),
    ]
)
EDGES = st.dates(max_value=date(3, 1, 1)) | st.dates(min_value=date(9997, 1, 1)) | YEAR_LONG


@given(EDGES, CALENDARS, FREQUENCIES, st.none() | st.sampled_from(["day", "week", "month", "year"]))
def test_on_any_day_there_are_cards_or_an_error_of_ours(on: date, calendar: Any, frequency: Any, kind: Any) -> None:
    plan = measured({date.min: 1, END: 2, date.max: 3}, frequency=frequency)
    try:
        found = card(plan, on, calendar=calendar, kind=kind, periods=5)
    except GoalkitError:
        assert kind is not None or not 3 < on.year < 9997
        return
    assert len(found.history) == 5
    assert found.figure.last_day <= on


# -- laws -----------------------------------------------------------------------------------------

VALUES = st.decimals(-(10**6), 10**6, places=3) | st.sampled_from(
    [Decimal("1E+30"), Decimal("-1E+30"), Decimal("1E-30")]
)


@st.composite
def pages(draw: st.DrawFn) -> Plan:
    """KPIs of any kind, one of them worked out from others, with targets and observations."""
    kpis: list[KPI] = []
    for each in ("b", "c", "a"):
        formula = (
            Formula(draw(st.sampled_from(["ratio", "product", "difference"])), ["b", "c"]) if each == "a" else None
        )
        kpis.append(
            KPI(
                id=each,
                title=draw(st.sampled_from(["A", "Sales\n\x1b[31m", "w" * 300])),
                kind=draw(st.sampled_from(KpiKind)),
                direction=draw(st.none() | st.sampled_from(Direction)),
                frequency=draw(FREQUENCIES),
                target=draw(st.none() | VALUES),
                targets=draw(st.sampled_from([(), [Target(5, since=date(2026, 3, 1)), Target(7, cycle="2026-Q1")]])),
                formula=formula,
            )
        )
    plan = Plan.of(*kpis)
    for on in draw(st.lists(YEAR_LONG, max_size=12)):
        kpi = draw(st.sampled_from(kpis[:2]))
        seen: dict[str, Any] = {"value": draw(VALUES)}
        if kpi.kind is KpiKind.RATIO:
            seen = {"numerator": draw(VALUES), "denominator": draw(st.integers(0, 3))}
        plan = plan.record(Observation(kpi=kpi.id, on=on, **seen))
    return plan


@given(pages(), YEAR_LONG, st.integers(1, 30), CALENDARS)
def test_there_is_a_card_for_every_kpi_of_any_plan(plan: Plan, on: date, periods: int, calendar: Any) -> None:
    found = kpi_cards(plan, as_of=on, periods=periods, calendar=calendar)
    assert [each.kpi for each in found.values()] == list(plan.kpis)
    assert str(found)
    assert json.dumps(found.to_dicts(), allow_nan=False)
    for each in found.values():
        assert len(each.history) == periods
        assert (each.history[-1] is None) == (each.figure.actual is None) == (each.figure.reason is not None)
        assert each.figure.actual is not None or (each.signal, each.assurance) == (None, None)


@given(pages(), YEAR_LONG)
def test_cards_of_a_day_are_those_of_the_plan_as_of_it(plan: Plan, on: date) -> None:
    assert kpi_cards(plan.as_of(on), as_of=on) == kpi_cards(plan, as_of=on)
