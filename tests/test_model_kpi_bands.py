"""The bands of a KPI: from where on its value is green, yellow or red."""

import copy
import pickle
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given

from goalkit import BandsBy, Colour, InvalidValue, KpiBands
from goalkit.model.kpi_bands import WORST_COLOUR_FIRST
from goalkit.testing.strategies import kpi_bands, measures

GREEN, YELLOW, RED = Colour.GREEN, Colour.YELLOW, Colour.RED


def colours(bands: KpiBands, *values: object, target: object = None) -> list[Colour | None]:
    return [bands.colour(Decimal(str(value)), None if target is None else Decimal(str(target))) for value in values]


def rank(bands: KpiBands, value: Decimal) -> int:
    found = bands.colour(value)
    assert found is not None
    return WORST_COLOUR_FIRST.index(found)


def problems_of(**fields: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidValue) as caught:
        KpiBands(**fields)
    assert all(problem.hint for problem in caught.value.problems)
    return [(problem.path, problem.code) for problem in caught.value.problems]


# -- laws


@given(kpi_bands(by=BandsBy.VALUE), measures())
def test_every_number_has_exactly_one_colour(bands: KpiBands, value: Decimal) -> None:
    green = (bands.green_from is None or value >= bands.green_from) and (
        bands.green_to is None or value <= bands.green_to
    )
    assert (bands.colour(value) is GREEN) is green
    assert bands.colour(value) in WORST_COLOUR_FIRST
    assert bands.colour(value, Decimal(5)) is bands.colour(value)


@given(kpi_bands(by=BandsBy.VALUE), measures(), measures())
def test_a_value_that_goes_further_away_from_green_never_looks_better(
    bands: KpiBands, one: Decimal, other: Decimal
) -> None:
    low, high = sorted((one, other))
    if bands.green_from is not None and high < bands.green_from:
        assert rank(bands, low) <= rank(bands, high)
    if bands.green_to is not None and low > bands.green_to:
        assert rank(bands, high) <= rank(bands, low)


@given(kpi_bands(by=BandsBy.VALUE), measures(), measures())
def test_where_one_side_is_open_worse_is_never_better(bands: KpiBands, one: Decimal, other: Decimal) -> None:
    assume((bands.green_from is None) is not (bands.green_to is None))
    low, high = sorted((one, other))
    worse, better = (low, high) if bands.green_to is None else (high, low)
    assert rank(bands, worse) <= rank(bands, better)


@given(kpi_bands(by=BandsBy.VALUE), measures())
def test_a_difference_from_nothing_is_the_value_itself(bands: KpiBands, value: Decimal) -> None:
    limits = {name: getattr(bands, name) for name in ("green_from", "green_to", "yellow_from", "yellow_to")}
    assert KpiBands(by="difference", **limits).colour(value, Decimal(0)) is bands.colour(value)
    assert KpiBands(by="ratio", **limits).colour(value, Decimal(1)) is bands.colour(value)


@given(kpi_bands())
def test_bands_are_values(bands: KpiBands) -> None:
    for other in (copy.deepcopy(bands), pickle.loads(pickle.dumps(bands))):  # noqa: S301 - our own bytes
        assert other == bands
        assert hash(other) == hash(bands)


# -- cases


def test_a_limit_belongs_to_the_better_band() -> None:
    rising = KpiBands(green_from=95, yellow_from=80)
    assert colours(rising, "95.1", 95, "94.999", 80, "79.999") == [GREEN, GREEN, YELLOW, YELLOW, RED]
    falling = KpiBands(green_to=5, yellow_to=8)
    assert colours(falling, 5, "5.001", 8, "8.001") == [GREEN, YELLOW, YELLOW, RED]


def test_without_yellow_what_is_not_green_is_red() -> None:
    assert colours(KpiBands(green_from=1), 1, "0.999") == [GREEN, RED]
    assert colours(KpiBands(green_to=1), 1, "1.001") == [GREEN, RED]


def test_each_side_has_its_own_yellow() -> None:
    bands = KpiBands(yellow_from=18, green_from=20, green_to=22)
    assert colours(bands, 17, 18, 20, 22, "22.1") == [RED, YELLOW, GREEN, GREEN, RED]


def test_a_band_may_be_one_number_wide() -> None:
    bands = KpiBands(yellow_from=5, green_from=5, green_to=5, yellow_to=5)
    assert colours(bands, "4.9", 5, "5.1") == [RED, GREEN, RED]


def test_clearpoint_calls_ninety_percent_of_the_target_yellow() -> None:
    bands = KpiBands(by="ratio", green_from=1, yellow_from="0.9")
    assert colours(bands, 100, "99.99", 90, "89.99", target=100) == [GREEN, YELLOW, YELLOW, RED]


def test_scientrix_calls_costs_red_from_five_percent_over_the_target() -> None:
    bands = KpiBands(by="ratio", green_to="1.0001", yellow_to="1.05")
    assert colours(bands, "200.02", "200.03", 210, "210.01", target=200) == [GREEN, YELLOW, YELLOW, RED]


def test_a_ratio_is_decided_on_exact_numbers() -> None:
    third = KpiBands(by="ratio", green_from="0.333333333333333333333333333333")
    assert colours(third, 1, target=3) == [GREEN]
    above = KpiBands(by="ratio", green_from="0.333333333333333333333333333334")
    assert colours(above, 1, target=3) == [RED]


def test_a_difference_may_be_from_a_target_below_zero() -> None:
    bands = KpiBands(by="difference", green_from=0, yellow_from=-5)
    assert colours(bands, -10, -15, "-15.1", target=-10) == [GREEN, YELLOW, RED]


@pytest.mark.parametrize("by", ["ratio", "difference"])
def test_without_a_target_there_is_no_colour_where_one_is_needed(by: str) -> None:
    assert colours(KpiBands(by=by, green_from=1), 5) == [None]


@pytest.mark.parametrize("target", [0, -1])
def test_a_ratio_to_nothing_or_to_less_says_nothing(target: int) -> None:
    assert colours(KpiBands(by="ratio", green_from=1), 5, target=target) == [None]


def test_bands_are_told_in_words() -> None:
    bands = KpiBands(yellow_from=18, green_from=20, green_to="22.50", yellow_to=24)
    assert bands.describe() == "by value: green from 20, green to 22.50, yellow from 18, yellow to 24"


# -- what is refused


def test_something_must_be_green() -> None:
    assert problems_of() == [("green_from", "no_bands")]
    assert problems_of(yellow_from=1) == [("green_from", "no_bands"), ("yellow_from", "bands_out_of_order")]


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"green_from": 2, "green_to": 1}, "green_to"),
        ({"green_from": 2, "yellow_from": 3}, "yellow_from"),
        ({"green_to": 2, "yellow_to": 1}, "yellow_to"),
        ({"green_to": 2, "yellow_from": 1}, "yellow_from"),
        ({"green_from": 2, "yellow_to": 3}, "yellow_to"),
    ],
)
def test_limits_out_of_order_are_refused(fields: dict[str, int], path: str) -> None:
    assert problems_of(**fields) == [(path, "bands_out_of_order")]


def test_every_limit_out_of_order_is_named() -> None:
    found = problems_of(green_from=5, green_to=4, yellow_from=6, yellow_to=3)
    assert [path for path, _ in found] == ["green_to", "yellow_from", "yellow_to"]


def test_every_field_that_is_refused_is_named() -> None:
    assert problems_of(by="amount", green_from=True, yellow_from="low", green_to=float("nan")) == [
        ("by", "unknown_choice"),
        ("green_from", "boolean_value"),
        ("green_to", "not_finite"),
        ("yellow_from", "not_a_number"),
    ]
