"""A change is volume and rate, and volume is mix and quantity: in parts that add up to the last digit."""

import json
import pickle
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from goalkit import KPI, Cycle, Formula, InvalidValue, Observation, Plan, UnknownId
from goalkit.analysis.variance import Variance, VarianceLine, VarianceMethod, VarianceParts, variance
from goalkit.analysis.variance_lines import variance_lines

JULY, AUGUST = Cycle.month(2026, 7), Cycle.month(2026, 8)
PARTS = ("before", "after", "change", "volume", "rate", "mix", "quantity")


def line(line_id: str, *figures: Any, **fields: Any) -> VarianceLine:
    names = ("quantity_before", "rate_before", "quantity_after", "rate_after")
    return VarianceLine(id=line_id, **dict(zip(names, figures, strict=True)), **fields)


def figures(parts: VarianceParts) -> tuple[Any, ...]:
    return tuple(getattr(parts, name) for name in PARTS)


def total_of(values: Any) -> Fraction:
    return sum((Fraction(value) for value in values), start=Fraction(0))


BUDGET = [line("A", 400, 4, 700, 3), line("B", 300, 1, 100, 2), line("C", 300, 2, 300, 1)]


def amounts(least: int = -(10**6)) -> SearchStrategy[Decimal]:
    return st.builds(
        lambda digits, places: Decimal(digits).scaleb(-places), st.integers(least, 10**6), st.integers(0, 4)
    )


def any_lines(least: int = -(10**6)) -> SearchStrategy[list[VarianceLine]]:
    one = st.tuples(*[amounts(least)] * 4)
    several = st.lists(one, min_size=1, max_size=6)
    return several.map(lambda rows: [line(f"l{at}", *row) for at, row in enumerate(rows)])


methods = st.sampled_from(VarianceMethod)


def test_the_published_example_comes_out() -> None:
    told = variance(BUDGET)
    assert [told[name].volume for name in "ABC"] == [1200, -200, 0]
    assert [told[name].rate for name in "ABC"] == [-700, 100, -300]
    assert [told[name].mix for name in "ABC"] == [1040, -230, -60]
    assert [told[name].quantity for name in "ABC"] == [160, 30, 60]
    assert figures(told.total) == (2500, 2600, 100, 1000, -900, 750, 250)
    assert (told.method, told.reason) == ("new_quantity", None)


def test_the_method_says_where_the_joint_term_goes() -> None:
    single = line("A", 10, 5, 12, 4)
    found = {method.value: variance([single], method=method).total for method in VarianceMethod}
    assert {name: [parts.volume, parts.rate] for name, parts in found.items()} == {
        "new_quantity": [10, -12],
        "old_quantity": [8, -10],
        "midpoint": [9, -11],
    }


@given(any_lines(), methods)
def test_parts_sum_to_the_change_exactly(lines: list[VarianceLine], method: VarianceMethod) -> None:
    told = variance(lines, method=method)
    for parts in (*told.values(), told.total):
        assert Fraction(parts.after) - Fraction(parts.before) == Fraction(parts.change)
        assert Fraction(parts.volume) + Fraction(parts.rate) == Fraction(parts.change)
        assert (parts.mix is None) is (parts.quantity is None) is (told.reason is not None)
        if parts.mix is not None and parts.quantity is not None:
            assert Fraction(parts.mix) + Fraction(parts.quantity) == Fraction(parts.volume)
    for name in PARTS if told.reason is None else PARTS[:5]:
        assert total_of(getattr(parts, name) for parts in told.values()) == Fraction(getattr(told.total, name))


@given(
    st.lists(
        st.tuples(*[st.sampled_from(("1E+30", "-999999999999999999999999999999E+1", "1E-30", "3", "7.1E-29"))] * 4)
    )
)
def test_parts_sum_exactly_with_the_largest_and_the_smallest_numbers_at_once(rows: list[tuple[str, ...]]) -> None:
    lines = [line(f"l{at}", *row) for at, row in enumerate([*rows, ("1", "2", "3", "4")])]
    with localcontext() as context:
        context.prec = 3  # the caller's own context makes no difference
        told = variance(lines, method="midpoint")
    assert total_of(parts.volume for parts in told.values()) == Fraction(told.total.volume)
    for each in lines:
        parts = told[each.id]
        exact = Fraction(each.quantity_after) * Fraction(each.rate_after)
        assert Fraction(parts.before) + Fraction(parts.volume) + Fraction(parts.rate) == exact
        if parts.mix is not None and parts.quantity is not None:
            assert Fraction(parts.mix) + Fraction(parts.quantity) == Fraction(parts.volume)


@given(any_lines(least=1))
def test_volume_rate_and_mix_are_what_the_formulas_say(lines: list[VarianceLine]) -> None:
    told = variance(lines)
    total_before = total_of(each.quantity_before for each in lines)
    total_after = total_of(each.quantity_after for each in lines)
    for each in lines:
        before, after = Fraction(each.quantity_before), Fraction(each.quantity_after)
        old, new = Fraction(each.rate_before), Fraction(each.rate_after)
        parts = told[each.id]
        assert Fraction(parts.volume) == (after - before) * old
        assert Fraction(parts.rate) == (new - old) * after
        assert parts.mix is not None
        mix = (after - before / total_before * total_after) * old
        assert abs(Fraction(parts.mix) - mix) < Fraction(1, 10**30)


def backwards(lines: list[VarianceLine]) -> list[VarianceLine]:
    return [
        line(each.id, each.quantity_after, each.rate_after, each.quantity_before, each.rate_before) for each in lines
    ]


def nearly(one: Decimal | None, other: Decimal | None, sign: int = 1) -> bool:
    if one is None or other is None:
        return one is other
    return abs(Fraction(one) - sign * Fraction(other)) <= Fraction(1, 10**30)


@given(any_lines())
def test_there_and_back_cancels_out_under_midpoint_and_one_base_mirrors_the_other(lines: list[VarianceLine]) -> None:
    for there, back in (("midpoint", "midpoint"), ("new_quantity", "old_quantity")):
        one, other = variance(lines, method=there), variance(backwards(lines), method=back)
        assert one.reason == other.reason
        for parts, mirrored in zip((*one.values(), one.total), (*other.values(), other.total), strict=True):
            assert parts.volume == -mirrored.volume
            assert parts.rate == -mirrored.rate
            assert nearly(parts.mix, mirrored.mix, -1)
            assert nearly(parts.quantity, mirrored.quantity, -1)


@given(any_lines(least=1))
def test_the_midpoint_is_half_way_between_the_two_bases(lines: list[VarianceLine]) -> None:
    low, high, middle = (variance(lines, method=name).total for name in ("new_quantity", "old_quantity", "midpoint"))
    for name in PARTS:
        whole = Fraction(getattr(low, name)) + Fraction(getattr(high, name))
        assert abs(whole / 2 - Fraction(getattr(middle, name))) <= Fraction(1, 10**30)


@given(any_lines(), methods, st.sampled_from((2, 3, 10, -1)))
def test_scaling_all_rates_scales_all_parts(lines: list[VarianceLine], method: VarianceMethod, factor: int) -> None:
    scaled = [
        evolve(each, rate_before=each.rate_before * factor, rate_after=each.rate_after * factor) for each in lines
    ]
    one, other = variance(lines, method=method), variance(scaled, method=method)
    for name in ("before", "after", "change", "volume", "rate"):
        assert getattr(other.total, name) == getattr(one.total, name) * factor
    if one.total.mix is not None and other.total.mix is not None:
        assert abs(Fraction(other.total.mix) - Fraction(one.total.mix) * factor) <= Fraction(abs(factor) + 1, 10**30)


@given(amounts(), amounts(), amounts(), amounts(), methods)
def test_one_line_has_no_mix(
    before: Decimal, old: Decimal, after: Decimal, new: Decimal, method: VarianceMethod
) -> None:
    told = variance([line("A", before, old, after, new)], method=method)
    assert told.total.mix == (0 if told.reason is None else None)


@given(amounts(least=1), st.lists(st.tuples(amounts(least=1), amounts(), amounts()), min_size=1, max_size=5), methods)
def test_lines_that_grow_alike_have_no_mix(
    growth: Decimal, rows: list[tuple[Decimal, Decimal, Decimal]], method: VarianceMethod
) -> None:
    lines = [line(f"l{at}", before, old, before * growth, new) for at, (before, old, new) in enumerate(rows)]
    assert [parts.mix for parts in variance(lines, method=method).values()] == [0] * len(lines)


@given(any_lines(), methods, st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(lines: list[VarianceLine], method: VarianceMethod, random: Any) -> None:
    mixed = random.sample(lines, k=len(lines))
    one, other = variance(lines, method=method), variance(mixed, method=method)
    assert dict(one) == dict(other)
    assert one.total == other.total
    assert [*other] == [each.id for each in mixed]


def test_thirds_add_up() -> None:
    told = variance([line(name, 1, 1, after, 1) for name, after in (("A", 2), ("B", 1), ("C", 1))])
    places = [parts.quantity for parts in told.values()]
    assert places == [Decimal("0." + "3" * 29 + last) for last in ("4", "3", "3")]
    assert figures(told.total) == (3, 4, 1, 1, 0, 0, 1)


def test_without_quantities_there_is_no_mix() -> None:
    new = [line("A", 0, 4, 5, 4), line("B", 0, 1, 5, 1)]
    told = variance(new)
    assert told.reason == "zero_base"
    assert figures(told.total) == (0, 25, 25, 25, 0, None, None)
    assert figures(told["A"]) == (0, 20, 20, 20, 0, None, None)
    assert variance(new, method="midpoint").reason == "zero_base"
    assert figures(variance(new, method="old_quantity").total) == (0, 25, 25, 25, 0, 0, 25)
    gone = variance(backwards(new), method="old_quantity")
    assert gone.reason == "zero_base"
    assert gone.total.change == -25
    assert variance([line("A", 2, 4, 5, 4), line("B", -2, 1, 5, 1)]).reason == "zero_base"


def test_unlike_units_have_no_mix() -> None:
    told = variance([line("A", 1, 4, 5, 4, unit="kg"), line("B", 2, 1, 5, 1, unit="piece")])
    assert told.reason == "unlike_units"
    assert figures(told.total) == (6, 25, 19, 19, 0, None, None)
    assert variance([evolve(each, unit="kg") for each in BUDGET]).total.mix == 750


def test_it_is_a_mapping_prints_and_is_plain_data() -> None:
    told = variance(BUDGET)
    wrong: Any = 1
    assert ([*told], len(told), "A" in told, "x" in told, wrong in told) == (["A", "B", "C"], 3, True, False, False)
    assert str(told).splitlines() == [
        "line   before  after  change  volume  rate   mix  quantity",
        "A        1600   2100     500    1200  -700  1040       160",
        "B         300    200    -100    -200   100  -230        30",
        "C         600    300    -300       0  -300   -60        60",
        "total    2500   2600     100    1000  -900   750       250",
    ]
    assert told._repr_html_().startswith("<table>")
    assert ">total<" in told._repr_html_()
    assert repr(told) == "<Variance of 3 lines by new_quantity>"
    rows = json.loads(json.dumps(told.to_dicts()))
    assert rows[0] == {
        "line": "A",
        "method": "new_quantity",
        "before": 1600.0,
        "after": 2100.0,
        "change": 500.0,
        "volume": 1200.0,
        "rate": -700.0,
        "mix": 1040.0,
        "quantity": 160.0,
        "reason": None,
    }
    unknown = variance([line("A", 0, 1, 1, 1)])
    assert unknown.to_dicts()[0]["reason"] == "zero_base"
    assert unknown.to_dicts()[0]["mix"] is None
    assert str(unknown).splitlines()[1] == "A           0      1       1       1     0    –         –"
    assert dict(pickle.loads(pickle.dumps(told))) == dict(told)  # noqa: S301 - our own


@pytest.mark.parametrize(("count", "rows"), [(59, 61), (60, 61), (200, 61)])
def test_however_many_lines_there_are_the_total_is_shown(count: int, rows: int) -> None:
    shown = str(variance([line(f"l{at}", 1, 1, 2, 1) for at in range(count)])).splitlines()
    assert len(shown) == rows
    assert shown[-1].startswith("total")
    assert shown[-2].startswith(f"… and {count - 58} more") is (count > 59)


def test_a_line_that_is_not_there_is_named() -> None:
    wrong: Any = ["A"]
    with pytest.raises(UnknownId, match="no line has the id 'AA'"):
        variance([line("AAB", 1, 1, 1, 1)])["AA"]
    with pytest.raises(UnknownId, match="no line"):
        variance(BUDGET)[wrong]


def test_a_line_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidValue) as error:
        line("", "x", float("nan"), None, 1)
    assert [problem.path for problem in error.value.problems] == [
        "id",
        "quantity_before",
        "rate_before",
        "quantity_after",
    ]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([], [("no_lines", "lines")]),
        (1, [("not_a_list", "lines")]),
        ("AB", [("not_a_list", "lines")]),
        ({"A": BUDGET[0]}, [("not_a_list", "lines")]),
        ([1, BUDGET[0], BUDGET[0]], [("wrong_kind", "lines[0]"), ("duplicate_id", "lines[2].id")]),
    ],
)
def test_what_are_no_lines_is_refused(lines: Any, found: list[tuple[str, str]]) -> None:
    with pytest.raises(InvalidValue) as error:
        variance(lines)
    assert [(problem.code, problem.path) for problem in error.value.problems] == found
    assert all(problem.hint for problem in error.value.problems)


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(InvalidValue) as error:
        variance(BUDGET, method="newquantity")
    (problem,) = error.value.problems
    assert (problem.code, problem.path) == ("unknown_choice", "method")
    assert "new_quantity, old_quantity, midpoint" in problem.hint


# --- lines from KPIs ---------------------------------------------------------------------------


def kpi(kpi_id: str, kind: str, **fields: Any) -> KPI:
    return KPI(id=kpi_id, title=kpi_id, kind=kind, **fields)


def seen(kpi_id: str, *values: Any) -> list[Observation]:
    days = (date(2026, 7, 28), date(2026, 8, 28))
    return [Observation(kpi=kpi_id, on=on, value=value) for on, value in zip(days, values, strict=False)]


PLAN = Plan.of(
    kpi("sold-a", "flow", unit="piece"),
    kpi("sold-b", "flow", unit="piece"),
    kpi("price-a", "score", unit="EUR"),
    kpi("income-b", "flow", unit="EUR"),
    kpi("price-b", "ratio", unit="EUR", formula=Formula("ratio", ["income-b", "sold-b"])),
    *seen("sold-a", 400, 700),
    *seen("sold-b", 300, 100),
    *seen("price-a", 4, 3),
    *seen("income-b", 300, 200),
)
PAIRS = {"A": ("sold-a", "price-a"), "B": ("sold-b", "price-b")}


def lines_from(plan: Plan, pairs: Any, **choices: Any) -> list[VarianceLine]:
    return variance_lines(plan, pairs, before=JULY, after=AUGUST, **choices)


def problems_of(plan: Plan, pairs: Any, **choices: Any) -> list[tuple[str, str, str]]:
    with pytest.raises(InvalidValue) as error:
        lines_from(plan, pairs, **choices)
    assert all(problem.hint for problem in error.value.problems)
    return [(problem.code, problem.path, problem.message) for problem in error.value.problems]


def test_kpis_make_lines() -> None:
    lines = lines_from(PLAN, PAIRS)
    assert lines == [line("A", 400, 4, 700, 3, unit="piece"), line("B", 300, 1, 100, 2, unit="piece")]
    assert lines_from(PLAN, {}) == []
    told = variance(lines_from(PLAN, PAIRS, as_of=date(2026, 8, 31)))
    assert isinstance(told, Variance)
    assert [told.total.change, told.total.volume, told.total.rate] == [400, 1000, -600]


def test_unknown_figures_are_named_with_kpi_and_period() -> None:
    plan = Plan.of(kpi("sold", "flow"), kpi("price", "score"), *seen("sold", 1), *seen("price", 2))
    assert problems_of(plan, {"A": ("sold", "price"), "B": ("sold", "price")}) == [
        (
            "no_observations",
            f"kpis['{name}'].{what}_after",
            f"'{kpi_id}' over 2026-08 is not known: nothing was observed",
        )
        for name in "AB"
        for what, kpi_id in (("quantity", "sold"), ("rate", "price"))
    ]


def test_a_period_that_is_not_over_or_lies_ahead_is_refused() -> None:
    assert [problem[:2] for problem in problems_of(PLAN, {"A": PAIRS["A"]}, as_of=date(2026, 8, 30))] == [
        ("partial_period", "kpis['A'].quantity_after"),
        ("partial_period", "kpis['A'].rate_after"),
    ]
    assert [problem[0] for problem in problems_of(PLAN, {"A": PAIRS["A"]}, as_of=date(2026, 7, 31))] == [
        "not_started",
        "not_started",
    ]


def test_a_flow_with_a_gap_is_refused_and_a_stock_is_not() -> None:
    plan = Plan.of(
        kpi("sold", "flow", frequency="monthly"),
        kpi("price", "score", frequency="monthly"),
        *(Observation(kpi=name, on=on, value=2) for name in ("sold", "price") for on in ("2026-06-28", "2026-09-28")),
    )
    with pytest.raises(InvalidValue) as error:
        variance_lines(plan, {"A": ("sold", "price")}, before=Cycle.quarter(2026, 2), after=Cycle.quarter(2026, 3))
    assert [(problem.code, problem.path) for problem in error.value.problems] == [
        ("missing_period", "kpis['A'].quantity_before"),
        ("missing_period", "kpis['A'].quantity_after"),
    ]


def test_rates_in_unlike_units_are_refused() -> None:
    rates = [kpi("euro", "score", unit="EUR"), kpi("dollar", "score", unit="USD"), kpi("none", "score")]
    sold = [kpi("kg", "flow", unit="kg"), kpi("piece", "flow", unit="piece")]
    names = [each.id for each in (*rates, *sold)]
    plan = Plan.of(*rates, *sold, *(each for name in names for each in seen(name, 1, 2)))
    assert problems_of(plan, {"A": ("kg", "euro"), "B": ("kg", "dollar"), "C": ("kg", "none")}) == [
        ("unlike_units", "kpis['B'].rate", "'dollar' is in USD, and 'euro' in EUR"),
        ("unlike_units", "kpis['C'].rate", "'none' is in no unit, and 'euro' in EUR"),
    ]
    assert variance(lines_from(plan, {"A": ("kg", "euro"), "B": ("piece", "dollar")})).reason == "unlike_units"


def test_a_figure_beyond_what_can_be_measured_is_refused_with_its_line() -> None:
    huge = [Observation(kpi="sold-a", on="2026-07-01", value="9E+30", id=name) for name in "xy"]
    assert problems_of(PLAN.record(*huge), PAIRS)[0][:2] == ("absurd_magnitude", "kpis['A'].quantity_before")


@pytest.mark.parametrize(
    ("pairs", "found"),
    [
        (["A"], [("not_a_mapping", "kpis")]),
        ({"A": "ab"}, [("not_a_pair", "kpis['A']")]),
        ({"A": ["sold-a"], "": ("sold-a", "price-a")}, [("not_a_pair", "kpis['A']"), ("empty_id", "kpis['']")]),
        ({"A": ("sold-a", 1)}, [("not_text", "kpis['A']")]),
    ],
)
def test_what_names_no_two_kpis_is_refused(pairs: Any, found: list[tuple[str, str]]) -> None:
    assert [problem[:2] for problem in problems_of(PLAN, pairs)] == found


def test_what_is_no_plan_kpi_or_period_is_refused() -> None:
    wrong: Any = "plan"
    with pytest.raises(InvalidValue, match="plan"):
        lines_from(wrong, PAIRS)
    with pytest.raises(UnknownId, match="'sold-x'"):
        lines_from(PLAN, {"A": ("sold-x", "price-a")})
    with pytest.raises(InvalidValue, match="not a cycle"):
        variance_lines(PLAN, PAIRS, before=wrong, after=AUGUST)


def test_a_rate_that_is_worked_out_from_a_flow_with_a_gap_is_refused() -> None:
    second, third = Cycle.quarter(2026, 2), Cycle.quarter(2026, 3)
    flows = {"income": range(4, 10), "sold": range(4, 8)}  # nobody has said what was sold in August and September
    plan = Plan.of(
        *(KPI(id=each, title=each, kind="flow", frequency="monthly") for each in flows),
        KPI(id="price", title="Price", kind="ratio", unit="EUR", formula=Formula("ratio", ["income", "sold"])),
        KPI(id="stock", title="Stock", kind="stock"),
        *(Observation(kpi=each, on=date(2026, at, 2), value=10) for each, months in flows.items() for at in months),
        *(Observation(kpi="stock", on=each.last_day, value=1) for each in (second, third)),
    )
    with pytest.raises(InvalidValue) as caught:
        variance_lines(plan, {"A": ("stock", "price")}, before=second, after=third)
    assert [problem.code for problem in caught.value.problems] == ["missing_period"]
