"""KPIs as text: two lines each that fit, and nothing that looks like a figure where none is known."""

from datetime import date, timedelta
from decimal import Decimal
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import KPI, Benchmark, InvalidValue, KpiBands, Observation, Plan, kpi_cards
from goalkit.model.kpis import Frequency, KpiKind
from goalkit.report.kpis import cards, spark

END = date(2026, 9, 30)
FINITE = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**400), 10**400)


def monthly(*values: Any, title: str = "A", **fields: Any) -> Plan:
    """Return a plan with the KPI a and its values of the months until September; None where nothing was observed."""
    given = {"kind": "flow", "direction": "up", "frequency": "monthly", **fields}
    months = range(10 - len(values), 10)
    days = [date(2026 + (at - 1) // 12, (at - 1) % 12 + 1, 28) for at in months]
    seen = [
        Observation(kpi="a", on=on, value=value) for on, value in zip(days, values, strict=True) if value is not None
    ]
    return Plan.of(KPI(id="a", title=title, **given), *seen)


def shown(plan: Plan, width: int = 80, periods: int = 4, as_of: date = END) -> list[str]:
    return cards(kpi_cards(plan, as_of=as_of, periods=periods), width=width).splitlines()[1:]


def told(*values: Any, width: int = 1000, **fields: Any) -> str:
    return shown(monthly(*values, **fields), width)[1]


# -- bars -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "bars"),
    [
        ([], ""),
        ([None, None], "··"),
        ([0], "▅"),
        ([0, 0, None], "▅▅·"),
        ([0, 7], "▁█"),
        ([0, 1, 2, 3, 4, 5, 6, 7, 8], "▁▂▃▄▅▆▇██"),
        ([-1, None, 1], "▁·█"),
        ([1e308, -1e308, 0.0], "█▁▅"),
        ([10**308, -(10**308)], "█▁"),
        ([10**400, 10**400 + 1], "▁█"),
        ([0.0, 5e-324], "▁█"),
        ([10**18, 10**18 + 1], "▁█"),
        ([Decimal("0.1"), Decimal("0.2")], "▁█"),
    ],
)
def test_bars_go_from_the_least_to_the_most_and_unknown_is_a_dot(values: Any, bars: str) -> None:
    assert spark(values) == bars


@pytest.mark.parametrize("value", [nan, inf, -inf, "much", [], 1j])
def test_what_is_no_finite_number_cannot_be_drawn(value: Any) -> None:
    with pytest.raises(InvalidValue) as refused:
        spark([1, None, value])
    assert (refused.value.problems[0].code, refused.value.problems[0].path) == ("not_finite", "[2]")


@given(st.lists(st.none() | FINITE, max_size=40))
def test_every_value_is_one_bar_and_higher_ones_have_no_lower_bars(values: list[float | None]) -> None:
    bars = spark(values)
    assert len(bars) == len(values)
    known = [(value, bar) for value, bar in zip(values, bars, strict=True) if value is not None]
    assert all((bar == "·") == (value is None) for value, bar in zip(values, bars, strict=True))
    ordered = [bar for _, bar in sorted(known)]
    assert ordered == sorted(ordered)
    if len({value for value, _ in known}) > 1:
        assert (ordered[0], ordered[-1]) == ("▁", "█")
    else:
        assert set(ordered) <= {"▅"}


# -- what is told ---------------------------------------------------------------------------------


def test_a_kpi_has_two_lines() -> None:
    plan = monthly(90, None, 100, 108, title="Revenue", unit="SEK", target=100)
    assert cards(kpi_cards(plan, as_of=END, periods=5)).splitlines() == [
        "KPIs on 2026-09-30",
        "Revenue  ·▁·▅█  healthy",
        "  2026-09: 108 SEK of 100, 108 %; +8 %, improving; no signal yet",
    ]


@pytest.mark.parametrize(
    ("values", "fields", "said"),
    [
        ((), {}, "unknown, nothing was observed"),
        ((5, None), {}, "unknown, nothing was observed"),
        ((5,), {}, "5; not judged, nobody has said what it should be; no signal yet"),
        ((100, 80), {"target": 100}, "80 of 100, 80 %; -20 %, worsening; no signal yet"),
        ((100, 80), {"target": 100, "direction": "down"}, "80 of 100, 80 %; -20 %, improving; no signal yet"),
        ((100, 100), {"target": 100}, "100 of 100, 100 %; 0 %, steady; no signal yet"),
        (
            (80, 100),
            {"target": 100, "direction": None},
            "100 of 100, 100 %; not judged, nobody has said which way is better; +25 %; no signal yet",
        ),
        ((0, 5), {"target": 0}, "5 of 0; +5, improving; no signal yet"),
        ((0, -5), {"target": 0}, "-5 of 0; -5, worsening; no signal yet"),
        (
            ("0.75", "0.78"),
            {"kind": "ratio", "unit": "percent", "target": "0.9"},
            "78.0 % of 90.0 %, 87 %; +3.0 points, improving; no signal yet",
        ),
        ((2, 3), {"kind": "ratio", "unit": "EUR", "target": 3}, "3 EUR of 3, 100 %; +50 %, improving; no signal yet"),
    ],
)
def test_what_is_known_is_told_with_its_sign_and_unit(values: Any, fields: Any, said: str) -> None:
    assert told(*values, **fields) == f"  2026-09: {said}"


def test_periods_without_observations_are_counted() -> None:
    plan = Plan.of(
        KPI(id="a", title="A", kind="flow", frequency="weekly"), Observation(kpi="a", on="2026-09-10", value=5)
    )
    line = cards(kpi_cards(plan, as_of=END, kind="month"), width=200).splitlines()[2]
    assert line.startswith("  2026-09: 5; 2 of 3 periods missing; ")


def test_a_signal_is_told_with_what_it_means() -> None:
    quiet = [10, 12, 11, 13, 12, 11, 10, 12]
    assert told(*quiet, 25, target=1).endswith("; a signal: improvement")
    assert told(*quiet, 25, direction="down", target=1).endswith("; a signal: concern")
    assert told(*quiet, 25, direction=None).endswith("; a signal")
    assert told(10, 10, 10, 10, 99).endswith("; perhaps a signal: improvement")


def test_without_a_signal_it_is_told_whether_the_target_can_be_relied_on() -> None:
    usual = [10, 12, 11] * 3
    assert told(*usual, target=5).endswith("; no signal; meets its target as it goes")
    assert told(*usual, target=50).endswith("; no signal; misses its target as it goes")
    assert told(*usual, target=11).endswith("; no signal; hit or miss")
    assert told(*usual).endswith("; no signal")


def test_health_is_said_in_words() -> None:
    bands = KpiBands(green_from=10, yellow_from=5)
    assert [shown(monthly(value, bands=bands))[0].split("  ")[-1] for value in (10, 5, 4)] == [
        "healthy",
        "at risk",
        "unhealthy",
    ]


# -- what is cut ----------------------------------------------------------------------------------


def test_titles_and_units_do_not_obey_and_are_cut() -> None:
    first, second = shown(monthly(5, 6, title=f"One\n\x1b[31m{'two ' * 99}", unit="x" * 100), 60)
    assert first.startswith("One [31mtwo two")
    assert first.endswith("…  ··▁█")
    assert (len(first), len(second)) == (60, 60)
    assert second.endswith("…")


def test_a_history_wider_than_half_a_line_is_cut_at_its_beginning() -> None:
    first, _ = shown(monthly(*range(9), title="A" * 99), 60, periods=1000)
    assert first == f"{'A' * 27}…  {'·' * 21}▁▂▃▄▅▆▇██"


def test_of_many_kpis_the_rest_is_counted() -> None:
    lines = shown(Plan.of(*(KPI(id=str(at), title="A", kind="flow") for at in range(502))))
    assert (len(lines), lines[-1]) == (1001, "… and 2 more")


def test_a_plan_without_kpis_has_a_heading_alone() -> None:
    assert cards(kpi_cards(Plan.of(), as_of=END)) == "KPIs on 2026-09-30"


@pytest.mark.parametrize("width", [59, 1001, "wide", None])
def test_a_width_is_from_sixty_to_a_thousand(width: Any) -> None:
    with pytest.raises(InvalidValue) as refused:
        cards(kpi_cards(Plan.of(), as_of=END), width=width)
    assert refused.value.problems[0].path == "width"


def test_only_cards_are_shown() -> None:
    with pytest.raises(InvalidValue, match="kpi_cards makes them"):
        cards(Plan.of())  # type: ignore[arg-type] # somebody tries


# -- laws -----------------------------------------------------------------------------------------


@given(
    st.lists(st.none() | st.integers(-9, 9) | st.sampled_from([10**30, -(10**30), Decimal("1E-30")]), max_size=14),
    st.sampled_from(KpiKind),
    st.none() | st.sampled_from(Frequency),
    st.none() | st.integers(-9, 9),
    st.text(min_size=1, max_size=90).filter(str.strip),
    st.integers(60, 200),
    st.integers(1, 300),
    st.integers(-3, 40),
)  # fmt: skip
def test_every_line_fits_and_what_is_unknown_is_no_figure(  # noqa: PLR0917 - Hypothesis gives them
    values: Any, kind: Any, frequency: Any, target: Any, title: str, width: int, periods: int, later: int
) -> None:
    plan = monthly(*values, kind=kind, frequency=frequency, target=target, title="A")
    try:
        plan = plan.replace(KPI(id="a", title=title, kind=kind, frequency=frequency, target=target, direction="up"))
    except InvalidValue:
        return
    found = kpi_cards(plan, as_of=END + timedelta(days=later), periods=periods)
    lines = cards(found, width=width).split("\n")
    assert len(lines) == 3
    assert all(len(line) <= width and line.isprintable() for line in lines)
    assert (": unknown" in lines[2]) == (found["a"].figure.actual is None)


def test_what_others_have_stands_beside_it() -> None:
    line = told(90, 100, benchmarks=[Benchmark(value=95, label="the trade")])
    assert line.endswith("; the trade: 95")
    card = kpi_cards(monthly(90, benchmarks=[Benchmark(value=95, label="the trade")]), as_of=END)["a"]
    assert card.to_dict()["benchmarks"] == {"the trade": 95.0}
