"""A payout curve pays nothing below its threshold, and never less for more."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import InvalidValue, PayoutCurve

BONUS = PayoutCurve(points={0.8: 0.5, 1: 1, 1.2: 1.5}, name="bonus", source="the board")


@st.composite
def curves(draw: st.DrawFn) -> PayoutCurve:
    scores = sorted({round(score, 3) for score in draw(st.lists(st.floats(0, 2), min_size=1, max_size=5))})
    pays = sorted(draw(st.lists(st.integers(0, 30), min_size=len(scores), max_size=len(scores))))
    return PayoutCurve(points=[(score, pay / 10) for score, pay in zip(scores, pays, strict=True)])


@given(curves(), st.floats(-1, 3), st.floats(-1, 3))
def test_more_never_pays_less_and_never_more_than_the_last_point(curve: PayoutCurve, one: float, other: float) -> None:
    low, high = (curve.payout(score) for score in sorted((one, other)))
    assert low is not None
    assert high is not None
    assert 0 <= low <= high <= curve.points[-1][1]


@given(curves())
def test_a_curve_comes_back_from_its_document(curve: PayoutCurve) -> None:
    assert PayoutCurve.from_dict(curve.to_dict()) == curve


def test_it_pays_what_its_points_say_and_straight_lines_between_them() -> None:
    pays = [BONUS.payout(score) for score in (0, 0.799, 0.8, 0.9, 1, 1.1, 1.2, 5)]
    assert pays == pytest.approx([0, 0, 0.5, 0.75, 1, 1.25, 1.5, 1.5])
    assert BONUS.payout(None) is None
    assert BONUS.payout(0.1 + 0.7) == 0.5  # 0.8 but for rounding
    assert BONUS.to_dict() == {
        "points": [[0.8, 0.5], [1.0, 1.0], [1.2, 1.5]],
        "name": "bonus",
        "source": "the board",
    }


@pytest.mark.parametrize(
    ("points", "code", "path"),
    [
        ({}, "no_points", "points"),
        ("text", "not_points", "points"),
        (1, "not_points", "points"),
        ([1], "not_points", "points[0]"),
        ([[1, 2, 3]], "not_points", "points[0]"),
        ([[1, -1]], "out_of_range", "points[0]"),
        ([["x", 1]], "not_a_number", "points[0]"),
        ([[1, 1], [1, 2]], "two_answers", "points"),
        ({1: 1, 2: 0.5}, "not_monotone", "points"),
    ],
)
def test_what_is_no_curve_is_refused(points: Any, code: str, path: str) -> None:
    with pytest.raises(InvalidValue) as error:
        PayoutCurve(points=points)
    problem = error.value.problems[0]
    assert (problem.code, problem.path) == (code, path)
    assert problem.message
    assert problem.hint
