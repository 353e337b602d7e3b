"""Progress by a table of values: its points, what lies between and beyond them, what is refused."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import count, pairwise
from math import isclose, isfinite
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import Curve, CurveShape, InvalidValue
from goalkit.testing import strategies

RISING: dict[Any, Any] = {0: 0, 50: "0.4", 80: "0.7", 100: 1}
FALLING: dict[Any, Any] = {0: 1, 20: "0.7", 50: "0.4", 100: 0}


def problem_of(make: Callable[[], object]) -> str:
    with pytest.raises(InvalidValue) as caught:
        make()
    (problem,) = caught.value.problems
    return str(problem)


def raw(curve: Curve, value: Any) -> float:
    got = curve.progress(value).raw
    assert got is not None
    return got


# -- on, between and beyond the points ------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "line", "steps"),
    [
        (-100, 0.0, 0.0),
        (0, 0.0, 0.0),
        (25, 0.2, 0.0),
        ("49.999", 0.399992, 0.0),
        (50, 0.4, 0.4),
        (60, 0.5, 0.4),
        ("79.9999999999999999999999999999", 0.7, 0.4),
        (80, 0.7, 0.7),
        (90, 0.85, 0.7),
        (100, 1.0, 1.0),
        (1000, 1.0, 1.0),
    ],
)
def test_a_rising_table_is_read_between_its_points(value: Any, line: float, steps: float) -> None:
    assert isclose(raw(Curve(RISING), value), line, rel_tol=1e-15)
    assert raw(Curve(RISING, shape="step"), value) == steps


@pytest.mark.parametrize(
    ("value", "line", "steps"),
    [
        (-100, 1.0, 1.0),
        (0, 1.0, 1.0),
        ("0.0000000000000000000000000001", 1.0, 0.7),
        (10, 0.85, 0.7),
        (20, 0.7, 0.7),
        (30, 0.6, 0.4),
        (50, 0.4, 0.4),
        (75, 0.2, 0.0),
        (100, 0.0, 0.0),
        (101, 0.0, 0.0),
    ],
)
def test_a_falling_table_has_the_lesser_until_the_better_is_reached(value: Any, line: float, steps: float) -> None:
    assert isclose(raw(Curve(FALLING), value), line, rel_tol=1e-15)
    assert raw(Curve(FALLING, shape="step"), value) == steps


def test_a_table_may_go_beyond_all_and_below_nothing() -> None:
    payout = Curve({80: -0.5, 100: 1, 120: 2})
    assert [payout.progress(at).raw for at in (0, 90, 110, 200)] == [-0.5, 0.25, 1.5, 2.0]
    assert [payout.progress(at).value for at in (0, 90, 110, 200)] == [0.0, 0.25, 1.0, 1.0]


@given(strategies.curves())
def test_a_curve_is_exact_on_its_points(curve: Curve) -> None:
    assert [curve.raw(value) for value, _ in curve.points] == [progress for _, progress in curve.points]


@given(strategies.curves(), strategies.measures())
def test_a_curve_stays_between_the_points_on_both_sides(curve: Curve, value: Decimal) -> None:
    got = curve.raw(value)
    assert isfinite(got)
    before = [progress for at, progress in curve.points if at <= value] or [curve.points[0][1]]
    after = [progress for at, progress in curve.points if at >= value] or [curve.points[-1][1]]
    assert min(before[-1], after[0]) <= got <= max(before[-1], after[0])
    if curve.shape is CurveShape.STEP:
        assert got == min(before[-1], after[0])


@given(strategies.curves(), strategies.measures())
def test_between_two_points_a_line_agrees_with_plain_arithmetic(curve: Curve, value: Decimal) -> None:
    for (low, lesser), (high, greater) in pairwise(curve.points):
        if low <= value <= high and curve.shape is CurveShape.LINEAR:
            part = (Fraction(value) - Fraction(low)) / (Fraction(high) - Fraction(low))
            right = Fraction(lesser) + (Fraction(greater) - Fraction(lesser)) * part
            assert isclose(curve.raw(value), float(right), rel_tol=1e-12, abs_tol=1e-12)


@given(strategies.curves(), st.lists(strategies.measures(), min_size=2, max_size=6))
def test_a_curve_only_rises_or_only_falls(curve: Curve, values: list[Decimal]) -> None:
    rises = curve.points[0][1] < curve.points[-1][1]
    on_the_way = sorted([*values, *(value for value, _ in curve.points)], reverse=not rises)
    for before, after in pairwise(on_the_way):
        assert curve.raw(before) <= curve.raw(after)


@pytest.mark.parametrize("shape", CurveShape)
def test_the_largest_and_smallest_numbers_lie_on_a_curve(shape: CurveShape) -> None:
    curve = Curve({"-1e30": "-1e30", "-1e-30": "-1e-30", "0": "0", "1e-30": "1e-30", "9e30": "9e30"}, shape=shape)
    for value, progress in curve.points:
        assert curve.raw(value) == progress
    assert all(isfinite(raw(curve, value)) for value in ("1e29", "-1e29", "1e-29", "-1e-29", 1, -1))


@pytest.mark.parametrize(("shape", "half"), [("linear", 0.5), ("step", 0.0)])
def test_points_lie_where_the_exact_numbers_are(shape: str, half: float) -> None:
    far = 10**28
    narrow = Curve({far: 0, far + 1: 1}, shape=shape)
    assert [raw(narrow, value) for value in (far - 1, far, f"{far}.5", far + 1, far + 2)] == [0.0, 0.0, half, 1.0, 1.0]


def test_nobody_knows_where_a_value_began_that_is_read_from_a_table() -> None:
    assert Curve(RISING).at_start() is None


# -- what is accepted -----------------------------------------------------------------------------


def test_points_are_a_mapping_or_pairs_in_any_order() -> None:
    curve = Curve(RISING)
    assert curve.points == tuple(
        (Decimal(at), progress) for at, progress in ((0, 0.0), (50, 0.4), (80, 0.7), (100, 1.0))
    )
    forms: tuple[Any, ...] = (
        [*RISING.items()],
        [*RISING.items()][::-1],
        [list(pair) for pair in RISING.items()],
        tuple(RISING.items()),
        {*RISING.items()},
        (pair for pair in RISING.items()),
        [*RISING.items(), ("50.0", 0.4)],
    )
    for points in forms:
        assert Curve(points) == curve
    assert all(type(value) is Decimal and type(progress) is float for value, progress in curve.points)


def test_a_line_is_drawn_unless_somebody_asks_for_steps() -> None:
    assert Curve(RISING).shape is CurveShape.LINEAR
    assert Curve(RISING) == Curve(RISING, shape="linear") != Curve(RISING, shape="step")
    assert [*CurveShape] == ["linear", "step"]
    assert Curve.kind == "curve"
    unnamed: Any = Curve
    with pytest.raises(TypeError):
        unnamed(RISING, "step")


def test_two_points_are_enough_and_some_may_be_level() -> None:
    assert Curve({0: 0, 1: 1}).raw(Decimal("0.25")) == 0.25
    assert Curve({0: 0, 1: 0, 2: 1, 3: 1}).points[1] == (Decimal(1), 0.0)
    assert Curve({0: 1, 1: 1, 2: 0, 3: 0}).points[1] == (Decimal(1), 1.0)
    assert str(Curve({0: "-0", 1: "1"}).points[0][1]) == "0.0"


# -- what is refused ------------------------------------------------------------------------------

_TABLE = "give the progress of each value, such as {0: 0, 50: 0.4, 100: 1}"
_TWO_ENDS = "points: a curve has two points or more (missing_field); give both ends"
_TURNS = (
    "points: progress rises and falls again from point to point (not_monotone); "
    "for a value that is best in the middle, use Within"
)


@pytest.mark.parametrize(
    ("points", "found"),
    [
        ("0:0", f"points: '0:0' is not a table of points (not_points); {_TABLE}"),
        (b"00", f"points: b'00' is not a table of points (not_points); {_TABLE}"),
        (None, f"points: None is not a table of points (not_points); {_TABLE}"),
        (7, f"points: 7 is not a table of points (not_points); {_TABLE}"),
        ([(0, 0), 5], f"points[1]: 5 is not a value and its progress (not_points); {_TABLE}"),
        ([(0, 0), "12"], f"points[1]: '12' is not a value and its progress (not_points); {_TABLE}"),
        ([(0, 0, 0), (1, 1)], f"points[0]: (0, 0, 0) is not a value and its progress (not_points); {_TABLE}"),
        ([(0, 0), (1,)], f"points[1]: (1,) is not a value and its progress (not_points); {_TABLE}"),
        ([(0, 0), {1: 1, 2: 2}], f"points[1]: {{1: 1, 2: 2}} is not a value and its progress (not_points); {_TABLE}"),
        ({}, _TWO_ENDS),
        ([], _TWO_ENDS),
        ({0: 0}, _TWO_ENDS),
        ([(0, 0), ("0.0", 0)], _TWO_ENDS),
        ([(0, 0), (5, 1), ("5.0", 2)], "points[2]: 5.0 has two answers (two_answers); leave one out"),
        ({0: 1, 1: 1}, "points: every point has the same progress, 100 % (zero_span); say what is better"),
        ({0: 0, 1: 1, 2: "0.9"}, _TURNS),
        ({0: 1, 1: 0, 2: "0.1"}, _TURNS),
        ({0: 0, 1: 0, 2: 1, 3: 1, 4: 0}, _TURNS),
    ],
    ids=map(str, count()),
)
def test_what_is_no_table_of_points_is_refused(points: Any, found: str) -> None:
    assert problem_of(lambda: Curve(points)) == found


def test_every_wrong_point_and_the_shape_are_named_at_once() -> None:
    wrong: Any = [("x", 0), (1, 1), (2, True), 3, (1, 2)]
    shape: Any = "round"
    with pytest.raises(InvalidValue) as caught:
        Curve(wrong, shape=shape)
    assert [(each.path, each.code) for each in caught.value.problems] == [
        ("points[0]", "not_a_number"),
        ("points[2]", "boolean_value"),
        ("points[3]", "not_points"),
        ("points[4]", "two_answers"),
        ("shape", "unknown_choice"),
    ]
    found = problem_of(lambda: Curve(RISING, shape="stepp"))
    assert found.startswith("shape: 'stepp' is not one of the choices (unknown_choice); ")
    assert "give one of linear, step" in found


def test_points_that_are_made_one_by_one_are_refused_with_their_place() -> None:
    wrong: Any = (pair for pair in ((0, 0), (1, "x")))
    assert problem_of(lambda: Curve(wrong)).startswith("points[1]: 'x' is not a number (not_a_number)")


@pytest.mark.parametrize(
    ("curve", "words"),
    [
        (Curve(RISING), "0 % at 0, 100 % at 100, by a table of 4"),
        (Curve({"1e3": 1, "0.5": 1.5}, shape="step"), "150 % at 0.5, 100 % at 1000, by a table of 2"),
    ],
)
def test_a_curve_says_what_its_ends_are(curve: Curve, words: str) -> None:
    assert curve.describe() == words
