"""One way with three marks on it: where they stand, which zone a value is in, what is refused."""

import pickle
from collections.abc import Callable
from decimal import ROUND_UP, Context, Decimal, localcontext
from fractions import Fraction
from itertools import combinations, count, pairwise
from math import isclose, isfinite
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import CommitTargetStretch, InvalidValue, KeyResult, Plan
from goalkit.model.zones import Zone
from goalkit.testing import strategies

NAMES = ("baseline", "commit", "target", "stretch")
PARTS = {"baseline": Fraction(0), "commit": Fraction(3, 10), "target": Fraction(7, 10), "stretch": Fraction(1)}
ORDER = [Zone.FAIL, Zone.COMMIT, Zone.TARGET, Zone.STRETCH]


def problem_of(make: Callable[[], object]) -> str:
    with pytest.raises(InvalidValue) as caught:
        make()
    (problem,) = caught.value.problems
    return str(problem)


def marks(metric: CommitTargetStretch) -> list[Decimal]:
    return [getattr(metric, name) for name in NAMES]


def pairs() -> st.SearchStrategy[dict[str, Decimal]]:
    """Two different values for any two of the four marks, in the order of the marks."""
    values = st.lists(st.decimals(-10_000, 10_000, places=3), min_size=2, max_size=2, unique=True)
    return st.tuples(st.sampled_from([*combinations(NAMES, 2)]), values).map(
        lambda drawn: dict(zip(drawn[0], drawn[1], strict=True))
    )


# -- where the marks stand ------------------------------------------------------------------------


@pytest.mark.parametrize("names", [*combinations(NAMES, 2), *combinations(NAMES, 3), NAMES], ids=map(str, count()))
@pytest.mark.parametrize("way", [(0, 30, 70, 100), (100, 70, 30, 0), (-10, -7, -3, 0), ("5.0", "5.3", "5.7", 6)])
def test_any_two_marks_or_more_tell_where_the_others_stand(names: tuple[str, ...], way: tuple[Any, ...]) -> None:
    given_marks = {name: value for name, value in zip(NAMES, way, strict=True) if name in names}
    made = CommitTargetStretch(**given_marks)
    assert marks(made) == [Decimal(value) for value in way]
    assert made.span == (Decimal(way[0]), Decimal(way[3]))


@given(pairs())
def test_every_mark_stands_at_its_part_of_the_way(two: dict[str, Decimal]) -> None:
    (one, at), (other, there) = two.items()
    span = (Fraction(there) - Fraction(at)) / (PARTS[other] - PARTS[one])
    made = CommitTargetStretch(**two)
    for name in NAMES:
        right = Fraction(at) + span * (PARTS[name] - PARTS[one])
        assert abs(Fraction(getattr(made, name)) - right) <= abs(span) / 10**22
    assert {name: getattr(made, name) for name in two} == two


@given(pairs())
def test_any_two_of_the_marks_give_the_same_way_back(two: dict[str, Decimal]) -> None:
    made = CommitTargetStretch(**two)
    span = abs(Fraction(made.stretch) - Fraction(made.baseline))
    for names in combinations(NAMES, 2):
        again = CommitTargetStretch(**{name: getattr(made, name) for name in names})
        for mark, other in zip(marks(made), marks(again), strict=True):
            assert abs(Fraction(mark) - Fraction(other)) <= span / 10**20
    assert CommitTargetStretch(**dict(zip(NAMES, marks(made), strict=True))) == made


def test_a_mark_that_follows_has_thirty_digits_and_no_zeros_behind_its_last() -> None:
    made = CommitTargetStretch(baseline=0, target=1)
    assert str(made.commit) == "0.428571428571428571428571428571"
    assert str(made.stretch) == "1.42857142857142857142857142857"
    assert [str(mark) for mark in marks(CommitTargetStretch(baseline=0, stretch="-100.00"))] == [
        "0",
        "-30",
        "-70",
        "-100.00",
    ]
    assert str(CommitTargetStretch(commit="3", stretch="10").target) == "7"
    assert str(CommitTargetStretch(commit="3", stretch="10").baseline) == "0"


def test_what_division_leaves_of_a_baseline_of_nothing_is_nothing() -> None:
    made = CommitTargetStretch(baseline=0, target=1)
    again = CommitTargetStretch(commit=made.commit, target=made.target)
    assert (str(again.baseline), again.stretch) == ("0", made.stretch)


def test_marks_that_were_given_are_kept_to_the_digit_where_they_nearly_agree() -> None:
    made = CommitTargetStretch(baseline=0, commit="30.00000009", target=70, stretch=100)
    assert made.commit == Decimal("30.00000009")
    assert CommitTargetStretch(baseline=0, commit="30.0000001", stretch=100).commit == Decimal("30.0000001")


def test_the_callers_decimal_context_changes_no_mark() -> None:
    narrow = Context(prec=1, rounding=ROUND_UP)
    for flag in narrow.traps:
        narrow.traps[flag] = True
    two = {"commit": Decimal("1.0001"), "target": Decimal("3.123456")}
    made = CommitTargetStretch(**two)
    with localcontext(narrow):
        again = CommitTargetStretch(**two)
        assert marks(again) == marks(made)
        assert CommitTargetStretch(**dict(zip(NAMES, marks(made), strict=True))) == made
        assert again.zone("3.123456") is Zone.TARGET
        assert "two_answers" in problem_of(lambda: CommitTargetStretch(**two, stretch="4.8"))


# -- how far a value has come ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "progress", "zone"),
    [
        (-10, -0.1, "fail"),
        (0, 0.0, "fail"),
        ("29.9999999999999999999999999", 0.3, "fail"),
        (30, 0.3, "commit"),
        (50, 0.5, "commit"),
        ("69.9999999999999999999999999", 0.7, "commit"),
        (70, 0.7, "target"),
        ("99.9999999999999999999999999", 1.0, "target"),
        (100, 1.0, "stretch"),
        (150, 1.5, "stretch"),
    ],
)
def test_a_mark_belongs_to_the_zone_that_it_opens(value: Any, progress: float, zone: str) -> None:
    rising, falling = CommitTargetStretch(baseline=0, stretch=100), CommitTargetStretch(baseline=100, stretch=0)
    for metric, at in ((rising, Decimal(value)), (falling, 100 - Decimal(value))):
        got = metric.progress(at)
        assert got.raw is not None
        assert isclose(got.raw, progress, rel_tol=1e-15)
        assert got.value == min(max(got.raw, 0.0), 1.0)
        assert metric.zone(at) is Zone(zone)


@given(strategies.zones())
def test_every_mark_opens_its_zone_at_its_part_of_the_way(metric: CommitTargetStretch) -> None:
    for name, zone, mark in zip(NAMES, ORDER, marks(metric), strict=True):
        assert metric.zone(mark) is zone
        assert isclose(metric.raw(mark), float(PARTS[name]), rel_tol=1e-12, abs_tol=1e-12)
    assert (metric.raw(metric.baseline), metric.raw(metric.stretch)) == (0.0, 1.0)


@given(strategies.zones(), st.lists(strategies.measures(), min_size=2, max_size=6))
def test_who_has_come_farther_has_no_less_progress_and_no_lower_zone(
    metric: CommitTargetStretch, values: list[Decimal]
) -> None:
    on_the_way = sorted(values, reverse=metric.stretch < metric.baseline)
    for before, after in pairwise(on_the_way):
        assert metric.raw(before) <= metric.raw(after)
        assert ORDER.index(metric.zone(before)) <= ORDER.index(metric.zone(after))
    assert all(isfinite(metric.raw(value)) for value in values)


@pytest.mark.parametrize(
    ("baseline", "stretch"), [("-1e30", "1e30"), ("1e30", "-9e30"), (0, "1e-29"), ("1e-29", 0), ("1e-30", "1e30")]
)
def test_the_largest_and_smallest_ways_are_ways(baseline: Any, stretch: Any) -> None:
    metric = CommitTargetStretch(baseline=baseline, stretch=stretch)
    assert [metric.progress(mark).raw for mark in (baseline, stretch)] == [0.0, 1.0]
    assert [metric.zone(mark) for mark in marks(metric)] == ORDER
    for value in ("1e30", "-1e30", "1e-30", "-1e-30", 0):
        raw = metric.progress(value).raw
        assert raw is not None
        assert isfinite(raw)


def test_a_way_with_marks_begins_at_nothing() -> None:
    assert CommitTargetStretch(baseline=5, stretch=1).at_start() == 0.0


def test_a_zone_is_asked_for_with_a_number() -> None:
    metric = CommitTargetStretch(baseline=0, stretch=10)
    assert metric.zone("7.0") is metric.zone(7.0) is Zone.TARGET
    wrong: list[Any] = [None, True, "much"]
    for value in wrong:
        with pytest.raises(InvalidValue):
            metric.zone(value)


def test_there_are_four_zones() -> None:
    assert [*Zone] == ["fail", "commit", "target", "stretch"]
    assert CommitTargetStretch.kind == "commit_target_stretch"


# -- what is refused ------------------------------------------------------------------------------

_TOO_FEW = "two marks are needed to tell where the others are (missing_field); give two of baseline, commit, target, "
_NO_WAY = "so there is no way to go (zero_span); to keep a value where it is, use AtLeast, AtMost or Within"
_DISAGREES = "of the way that the other marks give (two_answers); leave it out; it would be"
_ABSURD = "beyond the magnitudes that can be measured (absurd_magnitude); accepted are 1e-30 up to 1e31, and zero"


@pytest.mark.parametrize(
    ("given_marks", "found"),
    [
        ({}, "stretch: " + _TOO_FEW + "stretch"),
        ({"baseline": 1}, "stretch: " + _TOO_FEW + "stretch"),
        ({"commit": 1}, "stretch: " + _TOO_FEW + "stretch"),
        ({"target": 1}, "stretch: " + _TOO_FEW + "stretch"),
        ({"stretch": 1}, "baseline: " + _TOO_FEW + "stretch"),
        ({"baseline": 3, "stretch": "3.0"}, "stretch: the stretch equals the baseline, 3, " + _NO_WAY),
        ({"commit": "3.0", "target": 3}, "target: the target equals the commit, 3.0, " + _NO_WAY),
        ({"baseline": 3, "commit": 4, "target": 3}, "target: the target equals the baseline, 3, " + _NO_WAY),
        (
            {"baseline": 0, "commit": 31, "stretch": 100},
            f"commit: 31 is not 30 % {_DISAGREES} 30",
        ),
        (
            {"baseline": 0, "commit": 30, "target": "70.0000002", "stretch": 100},
            f"target: 70.0000002 is not 70 % {_DISAGREES} 70",
        ),
        (
            {"baseline": 100, "commit": 70, "target": "30.0000002", "stretch": 0},
            f"target: 30.0000002 is not 70 % {_DISAGREES} 30",
        ),
        (
            {"baseline": 0, "commit": "29.9999998", "stretch": 100},
            f"commit: 29.9999998 is not 30 % {_DISAGREES} 30",
        ),
        (
            {"baseline": 1, "commit": 2, "target": 3},
            f"commit: 2 is not 30 % {_DISAGREES} 1.85714285714285714285714285714",
        ),
        ({"baseline": 0, "commit": "9e30"}, f"target: Decimal('2.10000000000000000000000000000E+31') is {_ABSURD}"),
        ({"baseline": 0, "stretch": "1e-30"}, f"commit: Decimal('3E-31') is {_ABSURD}"),
        ({"baseline": 0, "commit": 1, "stretch": "1e-30"}, f"commit: Decimal('3E-31') is {_ABSURD}"),
    ],
    ids=map(str, count()),
)
def test_marks_that_make_no_way_are_refused(given_marks: dict[str, Any], found: str) -> None:
    assert problem_of(lambda: CommitTargetStretch(**given_marks)) == found


def test_marks_that_thirty_digits_cannot_tell_apart_are_refused() -> None:
    assert problem_of(lambda: CommitTargetStretch(baseline=10**29, stretch=10**29 + 1)) == (
        "commit: 30 digits cannot tell marks apart that lie so near 100000000000000000000000000000 "
        "(too_many_digits); measure from a number that is nearer to them"
    )
    near = "1" + "0" * 18
    assert CommitTargetStretch(baseline=near, commit=int(near) + 1).stretch == Decimal(
        "1000000000000000003.33333333333"
    )


@given(st.integers(0, 29), st.sampled_from(NAMES), st.sampled_from(NAMES), st.integers(1, 99))
def test_a_way_however_narrow_is_refused_or_read_again_as_it_was_written(
    digits: int, one: str, other: str, step: int
) -> None:
    if one == other:
        return
    try:
        made = CommitTargetStretch(**{one: 10**digits, other: 10**digits + step})
    except InvalidValue as error:
        assert error.problems[0].code == "too_many_digits"  # noqa: PT017 - that it may be refused is half of the law
        return
    plan = Plan.of(KeyResult(id="k", title="K", metric=made))
    assert Plan.from_dicts(plan.to_dicts()) == plan


def test_every_wrong_mark_is_named_at_once() -> None:
    wrong: Any = dict.fromkeys(NAMES, "x")
    with pytest.raises(InvalidValue) as caught:
        CommitTargetStretch(**wrong)
    assert [(each.path, each.code) for each in caught.value.problems] == [(name, "not_a_number") for name in NAMES]


def test_marks_are_given_by_name() -> None:
    unnamed: Any = CommitTargetStretch
    with pytest.raises(TypeError):
        unnamed(0, 10)


# -- what it is -----------------------------------------------------------------------------------


def test_ways_are_equal_where_their_marks_are() -> None:
    made = CommitTargetStretch(baseline=0, stretch=10)
    assert made == CommitTargetStretch(commit="3.0", target=7)
    assert hash(made) == hash(CommitTargetStretch(commit="3.0", target=7))
    assert made != CommitTargetStretch(baseline=0, stretch=11)
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301 - our own bytes


def test_a_way_with_marks_says_where_they_are() -> None:
    assert CommitTargetStretch(baseline=20, stretch="1e2").describe() == "from 20, commit 44, target 76, stretch 100"
