"""The boundary of numbers: what comes in, the tolerance, and display."""

import decimal
import math
from collections.abc import Callable
from decimal import Decimal, localcontext
from enum import IntEnum
from fractions import Fraction
from itertools import count
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from goalkit.errors import InvalidValue
from goalkit.quantities import (
    EXACT,
    MOST_PLACES,
    TOLERANCE,
    clamp,
    difference,
    fraction,
    linear,
    number,
    percent,
    plain,
    points,
    same,
    shortened,
    weight,
    whole,
)


class Size(IntEnum):
    TWO = 2


class MyDecimal(Decimal):
    __slots__ = ()

    def is_finite(self) -> bool:
        return True


class MyFloat(float):
    __slots__ = ()

    def __repr__(self) -> str:
        return "7"


class MyText(str):
    __slots__ = ()


@st.composite
def numbers(draw: st.DrawFn) -> Decimal:
    digits = draw(st.integers(-(10**30) + 1, 10**30 - 1))
    leading = draw(st.integers(-30, 30))
    return number(Decimal(digits).scaleb(leading - Decimal(digits).adjusted(), EXACT))


def spans() -> st.SearchStrategy[list[Decimal]]:
    return st.lists(numbers(), min_size=2, max_size=2, unique=True)


def code_of(convert: Callable[[Any], object], value: object) -> str:
    with pytest.raises(InvalidValue) as caught:
        convert(value)
    (problem,) = caught.value.problems
    assert len(str(problem)) < 250
    return problem.code


@pytest.mark.parametrize(
    ("value", "exact"),
    [
        (12, "12"),
        (0.1, "0.1"),
        (1e30, "1E+30"),
        ("12.50", "12.50"),
        ("+.5", "0.5"),
        ("5.", "5"),
        ("1e3", "1E+3"),
        (-0.0, "0"),
        ("-0.00", "0"),
        (Decimal("0e1000000"), "0"),
        (Decimal("99.90"), "99.90"),
        (MyDecimal("1.5"), "1.5"),
        (MyFloat(0.25), "0.25"),
        (MyText("3"), "3"),
        (Size.TWO, "2"),
        (np.int64(3), "3"),
        (np.uint8(3), "3"),
        (np.float64(0.1), "0.1"),
        (np.float32(0.1), "0.1"),
        (np.float16(0.1), "0.1"),
        (np.longdouble("0.1"), "0.1"),
        (np.str_("7"), "7"),
        ("1" + "0" * 30, "1E+30"),
        ("1." + "0" * 150, "1"),
        (10**30, "1E+30"),
        (-(10**30), "-1E+30"),
        ("1" * 30, "1" * 30),
    ],
    ids=map(str, count()),
)
def test_a_number_is_kept_to_the_digit(value: object, exact: str) -> None:
    got = number(value)
    assert type(got) is Decimal
    assert str(got) == exact


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (True, "boolean_value"),
        (np.True_, "not_a_number"),
        (None, "not_a_number"),
        (b"1", "not_a_number"),
        ([1], "not_a_number"),
        (1j, "not_a_number"),
        (pd.NaT, "not_a_number"),
        (pd.NA, "not_a_number"),
        (np.array([1]), "not_a_number"),
        (Fraction(1, 3), "not_a_number"),
        ("", "not_a_number"),
        (" 1", "not_a_number"),
        ("1\n", "not_a_number"),
        ("1_000", "not_a_number"),
        ("1,5", "not_a_number"),
        ("0x10", "not_a_number"),
        ("\uff11\uff12", "not_a_number"),
        ("nan", "not_a_number"),
        ("1e", "not_a_number"),
        ("1e9999999999", "not_a_number"),
        ("1" * 5000, "not_a_number"),
        (float("nan"), "not_finite"),
        (float("inf"), "not_finite"),
        (np.float32("nan"), "not_finite"),
        (np.float32("-inf"), "not_finite"),
        (Decimal("NaN"), "not_finite"),
        (Decimal("sNaN"), "not_finite"),
        (Decimal("NaN" + "1" * 5000), "not_finite"),
        (MyDecimal("sNaN"), "not_finite"),
        (Decimal("-Infinity"), "not_finite"),
        ("1e1000000", "absurd_magnitude"),
        ("1e999999999", "absurd_magnitude"),
        ("1e-31", "absurd_magnitude"),
        (Decimal("1e-1000000"), "absurd_magnitude"),
        (1e31, "absurd_magnitude"),
        (5e-324, "absurd_magnitude"),
        (10**31, "absurd_magnitude"),
        (10**5000, "absurd_magnitude"),
        ("1" * 31, "too_many_digits"),
        (Decimal("1" + "0" * 30 + ".5"), "too_many_digits"),
        # Within a hundred digits this looks like 1 exactly.
        ("1." + "0" * 110 + "1", "too_many_digits"),
    ],
    ids=map(str, count()),
)
def test_what_is_not_a_measurable_number_is_refused(value: object, code: str) -> None:
    assert code_of(number, value) == code


@given(st.integers(-(10**30) + 1, 10**30 - 1) | numbers() | st.floats(-1e30, 1e30))
def test_a_number_and_its_text_are_the_same(value: Any) -> None:
    assume(not value or abs(value) >= 1e-30)
    got = number(value)
    assert number(str(value)) == got
    assert number(got) == got
    assert number(plain(got)) == got


@given(st.text(max_size=20) | st.floats() | st.decimals() | st.integers() | st.binary(max_size=5))
def test_anything_either_is_a_number_within_limits_or_an_error(value: object) -> None:
    try:
        got = number(value)
    except InvalidValue:
        return
    assert got.is_finite()
    assert not got or abs(got.adjusted()) <= 30
    assert len(got.as_tuple().digits) <= 30


@given(numbers(), numbers())
def test_differences_are_exact_whatever_the_caller_s_context(one: Decimal, other: Decimal) -> None:
    with localcontext(prec=3, traps=dict.fromkeys(decimal.Context().traps, True)):
        got = difference(one, other)
    assert Fraction(got) == Fraction(one) - Fraction(other)


def test_no_setting_of_the_caller_changes_or_breaks_an_answer() -> None:
    with localcontext(prec=1, Emax=1, Emin=-1, traps=dict.fromkeys(decimal.Context().traps, True)):
        assert number("123.456") == Decimal("123.456")
        assert number(0.125) == Decimal("0.125")
        assert percent(0.99996, 2) == "99.99 %"
        assert percent(0.00001, 2) == "0.01 %"
        assert percent(1.00001, 2) == "100.01 %"
        assert percent(0.725) == "73 %"
        assert fraction("0.123") == 0.123
        assert linear(Decimal("12.5"), Decimal(10), Decimal(20)) == 0.25
        assert code_of(fraction, "33.33") == "out_of_range"
        assert whole("365", least=1, most=400) == 365
        assert shortened(Decimal("1.25")) == Decimal("1.25")


@pytest.mark.parametrize(
    ("value", "got"),
    [(0, 0.0), (1, 1.0), ("0.7", 0.7), (np.float32(0.5), 0.5)],
    ids=map(str, count()),
)
def test_a_fraction_lies_within_0_and_1(value: object, got: float) -> None:
    assert fraction(value) == got


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        (70, "give 0.7 for 70 %"),
        ("1.01", "give 0.0101 for 1.01 %"),
        (-1, "from 0 to 1"),
        (101, "from 0 to 1"),
    ],
)
def test_a_fraction_given_in_percent_is_refused_with_what_to_write(value: object, hint: str) -> None:
    with pytest.raises(InvalidValue, match="out_of_range") as caught:
        fraction(value)
    assert hint in caught.value.problems[0].hint


def test_a_weight_is_never_negative() -> None:
    assert (weight(0), weight("2.5")) == (0.0, 2.5)
    assert math.copysign(1, weight(-0.0)) == 1
    assert code_of(weight, -1) == "negative_weight"


@pytest.mark.parametrize(
    "value", [3, 3.0, "3", "3.0", Decimal("3E+0"), np.int8(3), np.float32(3)], ids=map(str, count())
)
def test_a_count_may_be_written_as_any_number(value: object) -> None:
    got = whole(value, least=1, most=4)
    assert type(got) is int
    assert got == 3


@pytest.mark.parametrize(
    ("value", "code"),
    [(0, "out_of_range"), (5, "out_of_range"), ("2.5", "not_whole"), (True, "boolean_value")],
)
def test_a_count_is_whole_and_within_its_range(value: object, code: str) -> None:
    assert code_of(lambda given_: whole(given_, least=1, most=4), value) == code


@given(numbers(), numbers())
def test_progress_is_0_at_the_start_and_1_at_the_target(start: Decimal, target: Decimal) -> None:
    assume(start != target)
    assert linear(target, start, target) == 1.0
    assert math.copysign(1, linear(start, start, target)) == 1
    assert linear(start, start, target) == 0.0


@given(spans(), numbers(), numbers())
def test_progress_never_falls_on_the_way_to_the_target(span: list[Decimal], one: Decimal, other: Decimal) -> None:
    start, target = span
    near, far = sorted((one, other), reverse=target < start)
    assert linear(near, start, target) <= linear(far, start, target)


@given(spans(), numbers())
def test_progress_counts_the_same_up_and_down(span: list[Decimal], value: Decimal) -> None:
    start, target = span
    assert linear(value, start, target) == linear(value.copy_negate(), start.copy_negate(), target.copy_negate())


@given(st.floats(-1e6, 1e6))
def test_a_clamped_value_is_the_nearest_within_bounds(value: float) -> None:
    assert clamp(value) == min(max(value, 0.0), 1.0)
    assert math.copysign(1, clamp(value)) == 1
    assert clamp(clamp(value)) == clamp(value)


def test_figures_are_the_same_within_the_tolerance() -> None:
    assert same(0.1 + 0.2, 0.3)
    assert same(1.0, 1.0 + TOLERANCE / 2)
    assert not same(1.0, 1.0 + 2 * TOLERANCE)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (0, 0, "0 %"),
        (1, 0, "100 %"),
        (-0.0, 0, "0 %"),
        (0.725, 0, "73 %"),
        (0.145, 0, "15 %"),
        (0.285, 0, "29 %"),
        (0.125, 1, "12.5 %"),
        (0.996, 0, "99 %"),
        (0.002, 0, "1 %"),
        (-0.002, 0, "-1 %"),
        (1.002, 0, "101 %"),
        (0.9999, 2, "99.99 %"),
        (0.99999, 2, "99.99 %"),
        (0.1 + 0.2 + 0.7, 0, "100 %"),
        (1e-12, 0, "0 %"),
        (2.5, 0, "250 %"),
        (-0.335, 0, "-34 %"),
        (np.float32(0.5), 0, "50 %"),
        (1e300, 0, "1" + "0" * 302 + " %"),
        (None, 0, "–"),
    ],
    ids=map(str, count()),
)
def test_a_percentage_is_rounded_half_up(value: float | None, places: int, text: str) -> None:
    assert percent(value, places) == text


@given(st.floats(-3, 3) | st.floats(-1e-3, 1e-3) | st.floats(0.999, 1.001), st.integers(0, MOST_PLACES))
def test_no_percentage_is_rounded_onto_0_or_100_from_elsewhere(value: float, places: int) -> None:
    shown = Decimal(points(value, places))
    for edge in (0, 1):
        if shown == 100 * edge:
            assert same(value, edge)
        if same(value, edge) and places <= 6:
            assert shown == 100 * edge
    assert abs(shown / 100 - Decimal(value)) <= Decimal("1.1").scaleb(-places - 2)
    assert not points(value, places).startswith("-0" if not shown else "-00")


@given(st.floats(-3, 3), st.floats(-3, 3), st.integers(0, 6))
def test_a_larger_fraction_never_shows_as_a_smaller_percentage(one: float, other: float, places: int) -> None:
    low, high = sorted((one, other))
    assert Decimal(points(low, places)) <= Decimal(points(high, places))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_what_is_not_finite_is_not_shown_as_a_percentage(value: float) -> None:
    assert code_of(percent, value) == "not_finite"


@pytest.mark.parametrize("places", [-1, MOST_PLACES + 1])
def test_digits_that_a_float_does_not_have_are_not_shown(places: int) -> None:
    assert code_of(lambda given_: percent(0.5, given_), places) == "out_of_range"


@pytest.mark.parametrize(("value", "text"), [("1E+3", "1000"), ("99.90", "99.90"), ("-1E-3", "-0.001"), (0, "0")])
def test_a_measured_number_is_written_without_an_exponent(value: object, text: str) -> None:
    assert plain(number(value)) == text


def test_a_computed_number_is_cut_to_the_limit_or_refused() -> None:
    assert str(shortened(Decimal("1." + "0" * 40 + "1"))) == "1." + "0" * 29
    assert code_of(shortened, Decimal("1e40")) == "absurd_magnitude"
    assert code_of(shortened, Decimal("NaN")) == "not_finite"
