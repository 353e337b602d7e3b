"""Observations as columns of whole numbers: exact sums, whatever the numbers, days and order."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise
from math import nextafter
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import KPI, Observation, Plan, UnknownId
from goalkit.analysis.series import Amount, Series, series_of
from goalkit.model.progress import Reason
from goalkit.quantities import EXACT, rounded

DAY = date(2026, 3, 2)
KINDS = ("flow", "stock", "ratio", "average", "score", "distinct", "percentile")


def kpi(kind: str = "flow", **fields: Any) -> KPI:
    return KPI(id="k", title="K", kind=kind, **fields)


def seen(after: int, value: Any = None, **fields: Any) -> Observation:
    return Observation(kpi="k", on=DAY + timedelta(after), value=value, **fields)


def parts(after: int, numerator: Any, denominator: Any, **fields: Any) -> Observation:
    return seen(after, numerator=numerator, denominator=denominator, **fields)


def whole(series: Series) -> Amount:
    return series.amount(0, len(series.days))


def measures() -> st.SearchStrategy[Decimal]:
    """Numbers as they may be given: of any magnitude, with up to thirty digits."""
    return st.builds(
        lambda sign, digits, exponent: Decimal((sign, tuple(map(int, str(digits))), exponent - len(str(digits)) + 1)),
        st.sampled_from([0, 1]),
        st.integers(0, 10**30 - 1) | st.integers(0, 100),
        st.integers(-30, 30) | st.integers(-2, 3),
    )


@st.composite
def series(draw: st.DrawFn, kinds: tuple[str, ...] = KINDS) -> Series:
    """Observations of any kind: with gaps, or of every day; several of a day; with and without parts."""
    kind = draw(st.sampled_from(kinds))
    readable = kind in {"stock", "score"}
    reads = draw(st.sampled_from(["latest", "mean", "minimum", "maximum"])) if readable else "latest"
    if draw(st.booleans()):
        days = [*range(draw(st.integers(0, 12)))]
    else:
        days = sorted(draw(st.lists(st.integers(0, 40), max_size=12)))
    found = []
    for number, after in enumerate(days):
        fields: dict[str, Any] = {"value": draw(measures())}
        if kind == "ratio" and draw(st.integers(0, 9)):
            fields = {"numerator": fields["value"], "denominator": abs(draw(measures()))}
        elif kind == "average" and draw(st.integers(0, 9)):
            fields["count"] = abs(draw(measures())) or Decimal(1)
        found.append(seen(after, id=f"{number}", **fields))
    return Series(kpi(kind, reads=reads), found)


# -- known answers ----------------------------------------------------------------------------------


def test_a_flow_is_summed_to_the_digit() -> None:
    assert whole(Series(kpi(), [seen(0, "0.1"), seen(1, "0.2")])) == Amount(Decimal("0.3"), observations=2)


def test_a_stock_is_its_last_value_and_not_a_sum() -> None:
    assert whole(Series(kpi("stock"), [seen(0, 1000), seen(1, 1200)])) == Amount(Decimal(1200), observations=2)


@pytest.mark.parametrize(("reads", "expected"), [("latest", 5), ("mean", 4), ("minimum", 1), ("maximum", 6)])
def test_a_stock_may_be_read_as_its_mean_or_an_extreme(reads: str, expected: int) -> None:
    found = Series(kpi("stock", reads=reads), [seen(0, 1), seen(1, 6), seen(2, 5)])
    assert whole(found).actual == expected
    assert found.floats([0], [3]) == [expected]


def test_a_ratio_is_the_ratio_of_sums_and_no_mean_of_ratios() -> None:
    found = whole(Series(kpi("ratio"), [parts(0, 81, 87), parts(1, 192, 263)]))
    assert found == Amount(Decimal("0.78"), None, Decimal(273), Decimal(350), 2)


def test_an_average_is_weighted_by_its_cases() -> None:
    found = whole(Series(kpi("average"), [seen(0, 10, count=1), seen(1, "2.5", count=4)]))
    assert found == Amount(Decimal(4), None, Decimal("20.0"), Decimal(5), 2)


def test_nothing_observed_is_unknown() -> None:
    nothing = Series(kpi(), [])
    assert nothing.ends == (1, 0)
    assert whole(nothing) == Amount(None, Reason.NO_OBSERVATIONS)
    assert nothing.floats([0], [0]) == [None]
    assert nothing.until(DAY.toordinal()) is not None


def test_without_a_case_a_ratio_is_unknown() -> None:
    found = Series(kpi("ratio"), [parts(0, 0, 0), parts(1, 3, 0)])
    assert [*whole(found)][1:] == ["zero_denominator", 3, 0, 2]
    assert found.floats([0, 1], [2, 1]) == [None, None]


@pytest.mark.parametrize("kind", ["ratio", "average"])
def test_a_ratio_without_its_parts_is_known_alone_and_never_put_together(kind: str) -> None:
    found = Series(kpi(kind), [seen(0, "0.5"), seen(1, "0.7")])
    assert found.amount(0, 1) == Amount(Decimal("0.5"), observations=1)
    assert found.amount(0, 2) == Amount(None, Reason.NOT_COMPUTABLE, observations=2)
    assert found.floats([0, 0, 1], [1, 2, 2]) == [0.5, None, 0.7]


def test_a_ratio_of_which_one_has_no_parts_is_known_where_that_one_is_not() -> None:
    found = Series(kpi("ratio"), [parts(0, 1, 2), parts(1, 2, 2), seen(2, "0.7")])
    assert [found.amount(start, stop).actual for start, stop in ((0, 2), (1, 3), (2, 3))] == [
        Decimal("0.75"),
        None,
        Decimal("0.7"),
    ]


@pytest.mark.parametrize(
    ("kind", "expected"), [("flow", 3), ("stock", 2), ("score", 2), ("distinct", 2), ("percentile", 2)]
)
def test_of_one_day_flows_are_added_and_what_stands_is_replaced(kind: str, expected: int) -> None:
    found = Series(kpi(kind), [seen(0, 1, id="one"), seen(0, 2, id="other")])
    assert whole(found).actual == expected
    assert found.floats([0], [len(found.days)]) == [expected]


def test_two_ratios_and_two_averages_of_one_day_are_put_together() -> None:
    assert whole(Series(kpi("ratio"), [parts(0, 1, 4), parts(0, 3, 4)])).actual == Decimal("0.5")
    assert whole(Series(kpi("average"), [seen(0, 1, count=1), seen(0, 4, count=2)])).actual == 3


def test_huge_and_tiny_numbers_lose_nothing_beside_each_other() -> None:
    found = Series(kpi(), [seen(0, "1e30"), seen(1, "1e-30"), seen(2, "-1e30")])
    assert whole(found).actual == Decimal("1e-30")
    assert found.floats([0, 1, 0], [3, 2, 1]) == [1e-30, 1e-30, 1e30]
    many = Series(kpi("ratio"), [parts(0, "1e30", "1e-30"), parts(1, "1e-30", "1e-30")])
    assert many.floats([0, 1], [1, 2]) == [1e60, 1.0]


def test_what_has_more_digits_than_are_kept_may_differ_in_the_last_digit_of_a_float() -> None:
    # Halfway between two floats, but for a part that thirty digits do not show.
    found = Series(kpi(), [seen(0, 2**53 + 1), seen(1, "1e-30")])
    exact = whole(found).actual
    assert exact == 2**53 + 1
    assert found.floats([0], [2]) == [2.0**53 + 2]
    assert float(exact) == 2.0**53


# -- runs of observations ---------------------------------------------------------------------------


def test_of_a_day_each_nothing_is_looked_for() -> None:
    daily = Series(kpi(), [seen(after, after) for after in range(5)])
    first = DAY.toordinal()
    days = range(first, first + 5)
    starts, stops = daily.runs(days[:3], days[2:])
    assert (starts, stops) == (range(3), range(3, 6))
    assert daily.floats(starts, stops) == [3.0, 6.0, 9.0]


def test_means_over_as_many_days_each_are_told_without_looking() -> None:
    daily = Series(kpi("stock", reads="mean"), [seen(after, after) for after in range(5)])
    assert daily.floats(range(3), range(2, 5)) == [0.5, 1.5, 2.5]
    assert daily.floats([0, 1], [2, 1]) == [0.5, None]


def test_spans_may_follow_each_other_or_overlap() -> None:
    found = Series(kpi(), [seen(0, 1), seen(3, 1), seen(4, 1)])
    first = DAY.toordinal()
    assert found.runs([first, first + 3], [first + 2, first + 9]) == ([0, 1], [1, 3])
    assert found.runs([first, first + 1], [first + 3, first + 4]) == ([0, 1], [2, 3])


@pytest.mark.parametrize("off", [-1, 1])
def test_beyond_its_days_each_span_is_looked_for(off: int) -> None:
    daily = Series(kpi(), [seen(after, after) for after in range(5)])
    first = DAY.toordinal()
    days = range(first + off, first + off + 5)
    assert daily.runs(days, days) == (
        [daily.within(day, day)[0] for day in days],
        [daily.within(day, day)[1] for day in days],
    )
    assert daily.floats(*daily.runs(days, days)).count(None) == 1


def test_no_spans_have_no_runs() -> None:
    daily = Series(kpi(), [seen(0, 1)])
    assert daily.runs(range(0), range(0)) == ([], [])
    assert daily.floats([], []) == []


def test_two_of_a_day_and_a_gap_are_not_a_day_each() -> None:
    first = DAY.toordinal()
    found = Series(kpi(), [seen(0, 1, id="a"), seen(0, 1, id="b"), seen(2, 1)])
    days = range(first, first + 3)
    assert found.runs(days, days) == ([0, 2, 2], [2, 2, 3])


# -- as of a day ------------------------------------------------------------------------------------


def test_what_is_seen_of_a_day_shares_the_sums_with_what_is_seen_later() -> None:
    whole_of_it = Series(kpi(), [seen(after, 1) for after in range(5)])
    past = whole_of_it.until(DAY.toordinal() + 2)
    assert past is not None
    assert past.days == whole_of_it.days[:3]
    assert past.ends == (whole_of_it.days[0], whole_of_it.days[2])
    assert past._upper is whole_of_it._upper
    nothing = whole_of_it.until(DAY.toordinal() - 1)
    assert nothing is not None
    assert nothing.ends == (1, 0)
    assert nothing.runs(range(1, 2), range(1, 2)) == ([0], [0])


def test_before_a_correction_what_it_corrects_is_seen() -> None:
    plan = Plan.of(kpi(), seen(0, 9, id="slip"), seen(1, 1), seen(2, 8, supersedes="slip"))
    days = [DAY + timedelta(after) for after in (-1, 0, 1, 2, 3)]
    assert [whole(series_of(plan, "k", day)).actual for day in days] == [None, 9, 10, 9, 9]


def test_of_what_was_corrected_twice_the_last_correction_decides() -> None:
    slips = [seen(0, 1, id="a"), seen(1, 2, id="b", supersedes="a"), seen(3, 4, id="c", supersedes="b")]
    plan = Plan.of(kpi(), *slips)
    assert [whole(series_of(plan, "k", DAY + timedelta(after))).actual for after in range(4)] == [1, 2, 2, 4]


def test_a_correction_that_another_of_its_day_replaces_still_hides_what_it_corrects() -> None:
    slips = [seen(0, 1, id="a"), seen(2, 2, id="b", supersedes="a"), seen(2, 3, id="c")]
    plan = Plan.of(kpi("stock"), *slips)
    assert [whole(series_of(plan, "k", DAY + timedelta(after))).actual for after in range(3)] == [1, 1, 3]


def test_columns_are_made_once_for_what_was_observed() -> None:
    plan = Plan.of(kpi(), seen(0, 1), seen(5, 1))
    first = series_of(plan, "k", None)
    assert series_of(plan, "k", None) is first
    assert series_of(plan, "k", DAY + timedelta(5)) is first
    assert series_of(plan.record(seen(6, 1)), "k", None) is not first
    turned = plan.replace(kpi("stock"))
    assert whole(series_of(turned, "k", None)).actual == 1
    assert whole(series_of(turned, "k", DAY)).actual == 1
    assert whole(series_of(plan, "k", None)).actual == 2


def test_an_unknown_kpi_is_refused() -> None:
    with pytest.raises(UnknownId):
        series_of(Plan.of(kpi()), "j", None)


# -- laws -------------------------------------------------------------------------------------------


def spans_of(found: Series) -> list[tuple[int, int]]:
    size = len(found.days)
    return [(start, stop) for start in range(size + 1) for stop in range(start, size + 1)]


@given(series())
def test_floats_are_the_exact_values_to_the_last_digit_of_a_float(found: Series) -> None:
    spans = spans_of(found)
    starts, stops = [start for start, _ in spans], [stop for _, stop in spans]
    exact = [found.amount(start, stop).actual for start, stop in spans]
    for quick, one in zip(found.floats(starts, stops), exact, strict=True):
        assert (quick is None) is (one is None)
        if one is not None:
            assert quick in {float(one), nextafter(float(one), -1e99), nextafter(float(one), 1e99)}


@given(series())
def test_spans_of_days_by_ranges_and_one_by_one_are_the_same(found: Series) -> None:
    first, last = found.ends
    days = range(first, last + 1)
    for size in range(1, len(days) + 2):
        firsts, lasts = days[: len(days) - size + 1], days[size - 1 :]
        if len(firsts) == len(lasts):
            listed = ([found.within(day, day)[0] for day in firsts], [found.within(day, day)[1] for day in lasts])
            assert found.floats(*found.runs(firsts, lasts)) == found.floats(*listed)


@given(series(("flow",)), st.randoms(use_true_random=False))
def test_sums_over_any_partition_are_the_sum_of_all(found: Series, chance: Random) -> None:
    size = len(found.days)
    cuts = [0, *sorted(chance.randrange(size + 1) for _ in range(3)), size]
    total = Fraction(0)
    for start, stop in pairwise(cuts):
        given_values = [Fraction(value) for value in found.values[start:stop] if value is not None]
        assert found.amount(start, stop).actual == (_decimal(sum(given_values, Fraction(0))) if given_values else None)
        total += sum(given_values, Fraction(0))
    assert whole(found).actual == (_decimal(total) if size else None)


def _decimal(value: Fraction) -> Decimal:
    """Return what a fraction of powers of ten is, with the digits that are kept."""
    return rounded(EXACT.divide(Decimal(value.numerator), Decimal(value.denominator)))


@given(series(("flow", "stock", "score")))
def test_the_sums_are_those_of_the_values_one_after_the_other(found: Series) -> None:
    summed = [*accumulate((Fraction(each or 0) for each in found.values), initial=Fraction(0))]
    assert [Fraction(each, 10 ** found._scale[0]) for each in found._upper] == summed


@given(series(), st.integers(-1, 41))
def test_a_part_up_to_a_day_says_what_the_whole_says_of_those_days(found: Series, after: int) -> None:
    last = DAY.toordinal() + after
    past = found.until(last)
    assert past is not None
    assert [day for day in found.days if day <= last] == past.days
    for start, stop in spans_of(past):
        assert past.amount(start, stop) == found.amount(start, stop)
    assert [whole(past)] == [found.amount(0, len(past.days))]


def test_observations_of_unlike_units_are_not_put_together() -> None:
    kpi = KPI(id="k", title="K", kind="flow")
    seen = [Observation(kpi="k", on="2026-07-01", value=1, unit=unit) for unit in ("SEK", "EUR")]
    seen.append(Observation(kpi="k", on="2026-08-01", value=2, unit="EUR"))
    series = Series(kpi, seen)
    assert series.amount(0, 3).reason == series.amount(0, 2).reason == "unlike_units"
    assert series.amount(1, 3).actual == 3
    assert series.floats([0, 1], [2, 3]) == [None, 3.0]
