"""One figure of a KPI: what it was, what it should have been, how healthy it is, and how it differs from another."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from goalkit import KPI, Cycle, Formula, InvalidValue, KpiBands, Observation, Plan, kpi_series
from goalkit.analysis.kpi_figures import Health, KpiFigure, KpiTrend, is_percent, written

JULY, AUGUST = Cycle.month(2026, 7), Cycle.month(2026, 8)


def kpi(kind: str = "flow", **fields: Any) -> KPI:
    return KPI(id="k", title="K", kind=kind, **fields)


def told(value: Any, of: KPI | None = None, as_of: date | None = None) -> KpiFigure:
    """Return the figure of July, with one value in it or none."""
    seen = [] if value is None else [Observation(kpi="k", on="2026-07-10", value=value)]
    return kpi_series(Plan.of(of or kpi(), *seen), "k", as_of=as_of).over(JULY)


def both(before: Any, after: Any, of: KPI | None = None) -> tuple[KpiFigure, KpiFigure]:
    """Return the figures of July and August."""
    given_values = {"2026-07-10": before, "2026-08-10": after}
    seen = [Observation(kpi="k", on=on, value=value) for on, value in given_values.items() if value is not None]
    series = kpi_series(Plan.of(of or kpi(), *seen), "k")
    return series.over(JULY), series.over(AUGUST)


def numbers(most: int = 27) -> st.SearchStrategy[Decimal]:
    return st.builds(
        lambda whole, exponent: Decimal(whole).scaleb(exponent), st.integers(-999, 999), st.integers(-most, most)
    )


def test_a_figure_says_what_was_and_what_should_have_been() -> None:
    figure = told(90, kpi(target=100, direction="up"))
    assert [figure.actual, figure.target, figure.difference, figure.attainment] == [90, 100, 10, 0.9]
    assert (figure.meets_target, figure.health, figure.unjudged) == (False, Health.UNHEALTHY, None)
    assert (figure.first_day, figure.last_day, figure.observations) == (JULY.first_day, JULY.last_day, 1)


@pytest.mark.parametrize(
    ("direction", "values", "expected"),
    [
        ("up", (99, 100, 101), [False, True, True]),
        ("down", (99, 100, 101), [True, True, False]),
        ("within", (99, 100, 101), [None, None, None]),
        (None, (99, 100, 101), [None, None, None]),
    ],
)
def test_on_the_target_it_is_met(direction: str | None, values: tuple[int, ...], expected: list[bool | None]) -> None:
    of = kpi(target=100, direction=direction)
    assert [told(value, of).meets_target for value in values] == expected
    health = {True: Health.HEALTHY, False: Health.UNHEALTHY, None: None}
    assert [told(value, of).health for value in values] == [health[met] for met in expected]


def test_to_the_digit_a_target_is_missed() -> None:
    assert told("0.29999999999999999999999999999", kpi(target="0.3", direction="up")).meets_target is False


@pytest.mark.parametrize(
    ("value", "fields", "reason"),
    [
        (None, {"target": 1, "direction": "up"}, "no_observations"),
        (1, {"direction": "up"}, "no_target"),
        (1, {"target": 1}, "no_direction"),
        (1, {"target": 1, "direction": "within"}, "no_target"),
        (1, {"bands": KpiBands(by="ratio", green_from=1)}, "no_target"),
        (1, {"bands": KpiBands(by="difference", green_from=0)}, "no_target"),
        (1, {"bands": KpiBands(by="ratio", green_from=1), "target": 0}, "zero_base"),
        (1, {"bands": KpiBands(green_from=1)}, None),
        (1, {"bands": KpiBands(by="difference", green_from=0), "target": 0}, None),
    ],
)
def test_where_there_is_no_health_it_says_why(value: Any, fields: dict[str, Any], reason: str | None) -> None:
    figure = told(value, kpi(**fields))
    assert figure.unjudged == reason
    assert (figure.health is None) is (reason is not None)


def test_bands_say_more_than_a_target_and_go_before_it() -> None:
    of = kpi(target=100, direction="up", bands=KpiBands(by="ratio", green_from=1, yellow_from="0.9"))
    found = [told(value, of) for value in (100, 90, 89)]
    assert [figure.colour for figure in found] == ["green", "yellow", "red"]
    assert [figure.health for figure in found] == ["healthy", "at_risk", "unhealthy"]
    assert told(None, of).colour is None
    assert told(1).colour is None


def test_a_target_of_zero_has_a_difference_and_no_attainment() -> None:
    figure = told(5, kpi(target=0, direction="down"))
    assert [figure.difference, figure.attainment, figure.meets_target] == [-5, None, False]


def test_without_a_value_or_a_target_there_is_no_difference() -> None:
    for figure in (told(None, kpi(target=5)), told(5)):
        assert (figure.difference, figure.attainment, figure.meets_target) == (None, None, None)


def test_a_period_that_is_not_over_is_partial_and_one_ahead_has_not_started() -> None:
    assert [told(1, as_of=on).is_partial for on in (JULY.first_day, date(2026, 7, 30), JULY.last_day, None)] == [
        True,
        True,
        False,
        False,
    ]
    ahead = told(1, as_of=date(2026, 6, 30))
    assert (ahead.actual, ahead.reason, ahead.is_partial) == (None, "not_started", True)


# -- changes ----------------------------------------------------------------------------------------


def test_a_change_has_an_amount_a_share_and_a_way() -> None:
    before, after = both(80, 100, kpi(direction="up"))
    change = after.change_from(before)
    assert [change.change, change.relative, change.points, change.reason] == [20, 0.25, None, None]
    assert change.trend is KpiTrend.IMPROVING
    assert before.change_from(after).trend is KpiTrend.WORSENING


@pytest.mark.parametrize(
    ("direction", "expected"),
    [("up", ["improving", "worsening", "steady"]), ("down", ["worsening", "improving", "steady"])],
)
def test_a_way_is_seen_from_what_is_wanted(direction: str, expected: list[str]) -> None:
    of = kpi(direction=direction)
    found = [both(before, after, of) for before, after in ((1, 2), (2, 1), (2, "2.0"))]
    assert [after.change_from(before).trend for before, after in found] == expected


@pytest.mark.parametrize("direction", [None, "within"])
def test_without_a_direction_there_is_no_way(direction: str | None) -> None:
    before, after = both(1, 2, kpi(direction=direction))
    assert after.change_from(before).trend is None


def test_from_zero_nothing_is_relative() -> None:
    before, after = both(0, 5, kpi(direction="up"))
    change = after.change_from(before)
    assert [change.change, change.relative, change.reason, change.trend] == [5, None, "zero_base", "improving"]


def test_a_ratio_moves_by_points_which_are_not_its_relative_change() -> None:
    before, after = both("0.5", "0.6", kpi("ratio"))
    assert [after.change_from(before).points, after.change_from(before).relative] == [10, 0.2]


def test_what_is_unknown_or_not_over_is_compared_with_nothing() -> None:
    none, five = both(None, 5)
    assert five.change_from(none).reason == none.change_from(five).reason == "no_observations"
    partial = told(1, as_of=date(2026, 7, 20))
    assert partial.change_from(five).reason == five.change_from(partial).reason == "partial_period"
    assert partial.change_from(five).change is None


def test_only_figures_of_the_same_kpi_are_compared() -> None:
    other = kpi_series(Plan.of(KPI(id="j", title="J", kind="flow")), "j").over(JULY)
    wrong: Any = Decimal(5)
    with pytest.raises(InvalidValue, match="another_kpi"):
        told(5).change_from(other)
    with pytest.raises(InvalidValue, match="is not a kpi figure"):
        told(5).change_from(wrong)


@given(numbers(), numbers())
def test_there_and_back_is_no_change(one: Decimal, other: Decimal) -> None:
    before, after = both(one, other)
    forth, back = after.change_from(before), before.change_from(after)
    assert forth.change is not None
    assert back.change is not None
    assert forth.change == back.change.copy_negate()
    assert Fraction(forth.change) + Fraction(one) == Fraction(other)


@given(numbers(), numbers())
def test_a_relative_change_has_the_sign_of_the_change_whatever_it_is_of(one: Decimal, other: Decimal) -> None:
    assume(one)
    before, after = both(one, other)
    change = after.change_from(before)
    assert change.relative is not None
    assert isfinite(change.relative)
    assert (change.relative > 0, change.relative < 0) == (other > one, other < one)


@given(numbers(most=20), numbers(most=20), st.integers(-3, 3))
def test_in_another_unit_attainment_and_colour_are_the_same(value: Decimal, target: Decimal, power: int) -> None:
    bands = KpiBands(by="ratio", green_from=1, yellow_from="0.9")
    one = told(value, kpi(target=target, bands=bands, direction="up"))
    other = told(value.scaleb(power), kpi(target=target.scaleb(power), bands=bands, direction="up"))
    assert one.attainment == other.attainment
    assert (one.colour, one.meets_target) == (other.colour, other.meets_target)


# -- as text and data -------------------------------------------------------------------------------


def test_a_figure_is_plain_data() -> None:
    row = told(90, kpi(target=100, direction="up", bands=KpiBands(green_from=100))).to_dict()
    assert (
        json.loads(json.dumps(row))
        == row
        == {
            "kpi": "k",
            "period": "2026-07",
            "first_day": "2026-07-01",
            "last_day": "2026-07-31",
            "actual": 90.0,
            "reason": None,
            "target": 100.0,
            "difference": 10.0,
            "attainment": 0.9,
            "colour": "red",
            "health": "unhealthy",
            "numerator": None,
            "denominator": None,
            "observations": 1,
            "missing": None,
            "expected": None,
            "is_partial": False,
        }
    )


def test_a_figure_is_a_row_of_cells() -> None:
    of = kpi(target=100, direction="up", bands=KpiBands(by="ratio", green_from=1, yellow_from="0.9"))
    assert told(95, of).cells() == ("2026-07", "95", "100", "5", "95 %", "at risk")
    assert told(95, of, date(2026, 7, 20)).cells()[0] == "2026-07 so far"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "–"),
        ("0", "0"),
        ("0E-9", "0"),
        ("-0.00000", "0"),
        ("1E+3", "1000"),
        ("12.50", "12.50"),
        ("1.23456", "1.2346"),
        ("-1.23456", "-1.2346"),
        ("1.00000", "1"),
        ("0.99999999", "1"),
        ("0.00001", "0.00001"),
        ("-0.00001234", "-0.00001234"),
        ("1000000.00001", "1000000"),
    ],
)
def test_people_read_four_digits_after_the_point(value: str | None, expected: str) -> None:
    assert written(None if value is None else Decimal(value)) == expected


@pytest.mark.parametrize(("unit", "expected"), [(None, "78.0 %"), ("percent", "78.0 %"), ("SEK", "0.78")])
def test_a_share_is_read_in_percent(unit: str | None, expected: str) -> None:
    assert written(Decimal("0.78"), kpi("ratio", unit=unit)) == expected
    assert written(Decimal("0.78"), kpi("stock", unit=unit)) == "0.78"
    assert written(None, kpi("ratio", unit=unit)) == "–"


def test_a_flow_is_not_judged_before_its_period_is_over() -> None:
    faults = kpi(direction="down", target=10, bands=KpiBands(green_to=10))
    for of in (faults, kpi(direction="down", target=10)):
        early = told(1, of, as_of=date(2026, 7, 12))
        assert [early.actual, early.attainment, early.difference] == [1, 0.1, 9]
        assert (early.colour, early.meets_target, early.health, early.unjudged) == (None, None, None, "partial_period")
        assert told(1, of, as_of=JULY.last_day).health == "healthy"
    assert told(1, kpi("stock", direction="down", target=10), as_of=date(2026, 7, 12)).health == "healthy"


def test_what_is_written_is_rounded_half_up() -> None:
    assert [written(Decimal(value)) for value in ("1.00005", "1.00015", "-1.00005")] == ["1.0001", "1.0002", "-1.0001"]


def test_a_flow_with_a_gap_is_neither_judged_nor_compared() -> None:
    faults = kpi(direction="down", target=10, frequency="monthly")
    seen = [Observation(kpi="k", on=on, value=value) for on, value in (("2026-04-10", 3), ("2026-07-10", 1))]
    series = kpi_series(Plan.of(faults, *seen, Observation(kpi="k", on="2026-05-10", value=2)), "k")
    third, second = series.over(Cycle.quarter(2026, 3)), series.over(Cycle.quarter(2026, 2))
    assert [third.actual, third.missing, third.health, third.unjudged] == [1, 2, None, "missing_period"]
    assert third.change_from(second).reason == "missing_period"
    assert second.change_from(third).change is None
    stock = kpi_series(Plan.of(kpi("stock", direction="down", target=10, frequency="monthly"), *seen), "k")
    assert stock.over(Cycle.quarter(2026, 3)).health == "healthy"  # a last value is whole


def test_nothing_is_attained_of_a_target_that_is_not_above_zero() -> None:
    assert told(-150, kpi(target=-100, direction="up")).attainment is None


def test_the_difference_of_shares_is_told_in_points() -> None:
    share = kpi("ratio", target="0.9", direction="up")
    seen = Observation(kpi="k", on="2026-07-10", numerator=73, denominator=100)
    assert kpi_series(Plan.of(share, seen), "k").over(JULY).cells()[1:4] == ("73.0 %", "90.0 %", "17.0 points")


def test_a_quotient_of_unlike_things_is_no_share() -> None:
    assert not is_percent(kpi("ratio", formula=Formula("ratio", ["a", "b"])))
    assert is_percent(kpi("ratio", unit="percent", formula=Formula("ratio", ["a", "b"])))
