"""Values that are kept within limits: met or not, how near, and how often."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_UP, Context, Decimal, localcontext
from fractions import Fraction
from itertools import count, pairwise
from math import isclose, isfinite
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from goalkit import AtLeast, AtMost, CheckIn, InvalidValue, KeyResult, Plan, Score, Within, rollup
from goalkit.errors import Problem
from goalkit.model.limits import Limit
from goalkit.testing import strategies

FAR = [Decimal(f"{sign}{size}") for sign in ("", "-") for size in ("1e30", "1e-30", "0", "1")]


def problem_of(make: Callable[[], object]) -> Problem:
    with pytest.raises(InvalidValue) as caught:
        make()
    (problem,) = caught.value.problems
    return problem


def raw(metric: Limit, value: Any) -> float:
    got = metric.progress(value).raw
    assert got is not None
    return got


def distances() -> st.SearchStrategy[AtLeast | AtMost | Within]:
    return strategies.limits().filter(lambda limit: limit.score is Score.DISTANCE)


def between(limit: Limit) -> tuple[Fraction | None, Fraction | None]:
    """The lower and the upper limit, None where there is none."""
    if isinstance(limit, Within):
        return Fraction(limit.lower), Fraction(limit.upper)
    assert isinstance(limit, (AtLeast, AtMost))
    return (Fraction(limit.target), None) if isinstance(limit, AtLeast) else (None, Fraction(limit.target))


# -- met or not -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "value", "met"),
    [
        (AtLeast("99.9"), "99.90", True),
        (AtLeast("99.9"), "99.8999999999999999999999999", False),
        (AtLeast("99.9"), 100, True),
        (AtLeast("99.9", strict=True), "99.9", False),
        (AtLeast("99.9", strict=True), "99.9000000000000000000000001", True),
        (AtLeast(-5), -6, False),
        (AtLeast(-5), -4, True),
        (AtMost(100), 100, True),
        (AtMost(100), "100.1", False),
        (AtMost(100), "99.9", True),
        (AtMost(100), 0, True),
        (AtMost(5, strict=True), 5, False),
        (AtMost(5, strict=True), "4.9999999999999999999999", True),
        (AtMost(5, strict=True), "5.0000000000000000000001", False),
        (AtMost("0.3"), 0.1 + 0.2, False),
        (Within(4, 5), 5, True),
        (Within(4, 5), 4, True),
        (Within(4, 5), "3.5", False),
        (Within(4, 5), "5.0000000000000000000001", False),
        (Within(4, 5, strict=True), 5, False),
        (Within(4, 5, strict=True), 4, False),
        (Within(4, 5, strict=True), "4.5", True),
        (Within(7, 7), 7, True),
        (Within(7, 7), "7.1", False),
        (AtLeast("1e30"), "999999999999999999999999999999", False),
        (AtMost("-1e30"), "-999999999999999999999999999999", False),
        (AtLeast(1, score="check_ins"), 1, True),
        (AtLeast(1, score="check_ins", strict=True), 1, False),
        (AtLeast(1, start=0), "0.9", False),
        (AtMost(1, start=2, score="latest"), "1.5", False),
        (Within(1, 2, start=0), "0.5", False),
    ],
)
def test_whether_a_limit_is_kept_is_decided_on_the_exact_numbers(made: Limit, value: Any, met: bool) -> None:
    progress = made.progress(value)
    assert (progress.value, progress.raw) == ((1.0, 1.0) if met else (0.0, 0.0))
    assert made.met(Decimal(str(value))) is met


@given(strategies.limits(), strategies.measures())
def test_a_value_keeps_a_limit_where_plain_arithmetic_says_so(limit: Limit, value: Decimal) -> None:
    at = Fraction(value)
    lower, upper = between(limit)
    inside = (lower is None or at >= lower) and (upper is None or at <= upper)
    on_a_limit = at in {lower, upper}
    assert limit.met(value) is (inside and not (on_a_limit and limit.strict))
    if limit.score is not Score.DISTANCE:
        assert raw(limit, value) == float(limit.met(value))


@given(strategies.limits(), strategies.measures())
def test_the_margin_is_the_exact_way_to_the_nearer_limit(limit: Limit, value: Decimal) -> None:
    lower, upper = between(limit)
    ways = {None if lower is None else Fraction(value) - lower, None if upper is None else upper - Fraction(value)}
    assert Fraction(limit.margin(value)) == min(way for way in ways if way is not None)


def test_the_margin_is_in_the_unit_of_the_value_and_negative_outside() -> None:
    assert [AtLeast(90).margin(Decimal(at)) for at in (80, 90, 95)] == [-10, 0, 5]
    assert [AtMost(90).margin(Decimal(at)) for at in (80, 90, 95)] == [10, 0, -5]
    assert [Within(90, 110).margin(Decimal(at)) for at in (85, 90, 92, 100, 109, 110, 112)] == [-5, 0, 2, 10, 1, 0, -2]


# -- how near -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("metric", "figures"),
    [
        (AtLeast(90, start=80, score="distance"), {70: -1.0, 80: 0.0, 85: 0.5, 90: 1.0, 95: 1.5}),
        (AtMost(10, start=20, score="distance"), {25: -0.5, 20: 0.0, 15: 0.5, 10: 1.0, 0: 2.0}),
        # A published table of a control KPI: of a target of 1, from a start of 0.
        (AtMost(1, start=0, score="distance"), {"0.8": 1.2, "1": 1.0, "0.25": 1.75, "1.5": 0.5, "2": 0.0}),
        (AtLeast(1, start=2, score="distance"), {"0.5": 0.5, "1": 1.0, "2": 2.0}),
        (
            Within(90, 110, start=70, score="distance"),
            {60: -0.5, 70: 0.0, 80: 0.5, 90: 1.0, 100: 1.0, 110: 1.0, 120: 0.5, 130: 0.0, 140: -0.5},
        ),
        (Within(90, 110, start=150, score="distance"), {150: 0.0, 130: 0.5, 111: 0.975, 100: 1.0, 50: 0.0}),
        (Within(5, 5, start=4, score="distance"), {4: 0.0, 5: 1.0, 6: 0.0}),
    ],
)
def test_a_distance_is_none_at_the_start_and_all_at_the_limit(metric: Limit, figures: dict[Any, float]) -> None:
    for value, figure in figures.items():
        assert isclose(raw(metric, value), figure, rel_tol=1e-15), value
    assert all(str(raw(metric, value)) == "0.0" for value, figure in figures.items() if figure == 0)


@given(distances(), strategies.measures())
def test_a_distance_agrees_with_plain_arithmetic(limit: Limit, value: Decimal) -> None:
    assert limit.start is not None
    at, start = Fraction(value), Fraction(limit.start)
    lower, upper = between(limit)
    if lower is not None and upper is not None:
        outside = max(lower - at, at - upper, Fraction(0))
        right = 1 - outside / max(lower - start, start - upper)
    elif lower is not None:
        right = 1 + (at - lower) / abs(lower - start)
    else:
        assert upper is not None
        right = 1 - (at - upper) / abs(upper - start)
    assert isclose(raw(limit, value), float(right), rel_tol=1e-14, abs_tol=0.0)


@given(distances())
def test_a_distance_from_outside_starts_at_nothing_and_arrives_at_exactly_one(limit: AtLeast | AtMost | Within) -> None:
    assert limit.start is not None
    if not limit.met(limit.start):
        assert limit.at_start() == raw(limit, limit.start) == 0.0
    edges = (limit.lower, limit.upper) if isinstance(limit, Within) else (limit.target,)
    assert [raw(limit, edge) for edge in edges] == [1.0] * len(edges)


@given(strategies.limits(), st.lists(strategies.measures(), min_size=2, max_size=6))
def test_a_better_value_is_never_scored_lower(limit: Limit, values: list[Decimal]) -> None:
    if isinstance(limit, Within):
        below = [raw(limit, at) for at in sorted(values) if at <= limit.upper]
        above = [raw(limit, at) for at in sorted(values, reverse=True) if at >= limit.lower]
        runs = [below, above] if not limit.strict else []
    else:
        runs = [[raw(limit, at) for at in sorted(values, reverse=isinstance(limit, AtMost))]]
    for run in runs:
        assert all(lesser <= greater for lesser, greater in pairwise(run))


@given(st.sampled_from(FAR), st.sampled_from(FAR), st.sampled_from(FAR), st.sampled_from(Score))
def test_the_largest_and_smallest_numbers_are_scored_like_others(
    start: Decimal, limit: Decimal, value: Decimal, score: Score
) -> None:
    assume(start != limit or score is not Score.DISTANCE)
    both = [AtLeast(limit, start=start, score=score), AtMost(limit, start=start, score=score)]
    outside = Decimal("-9e30")
    for metric in (*both, Within(min(limit, start), max(limit, start), start=outside, score=score)):
        assert isfinite(raw(metric, value))
        begun = metric.at_start()
        assert begun is not None
        assert isfinite(begun)


def test_the_callers_decimal_context_changes_no_distance() -> None:
    narrow = Context(prec=1, rounding=ROUND_UP)
    for flag in narrow.traps:
        narrow.traps[flag] = True
    metric = AtLeast(90, start="80.123", score="distance")
    expected = raw(metric, "85.5"), metric.describe()
    assert isclose(expected[0], float(Fraction(5377, 9877)), rel_tol=1e-15)
    with localcontext(narrow):
        again = AtLeast(90, start="80.123", score="distance")
        assert (raw(again, "85.5"), again.describe()) == expected
        assert raw(Within("90.123", "110.123", start="70.123", score="distance"), "80.123") == 0.5


# -- how often ------------------------------------------------------------------------------------


def test_nine_kept_of_thirteen_check_ins_are_nine_thirteenths() -> None:
    values = [4, 5, 5, 4, 6, 5, 7, 4, 4, 9, 5, 6, 5]  # of at most 5; four of them are more
    first = date(2026, 7, 6)
    for score, expected in (("check_ins", 9 / 13), ("latest", 1.0)):
        plan = Plan.of(KeyResult(id="k", title="Few complaints", metric=AtMost(5, score=score)))
        for week, value in enumerate(values):
            plan = plan.record(CheckIn(goal="k", on=first + timedelta(weeks=week), value=value))
        assert rollup(plan, as_of=date(2026, 10, 1))["k"].value == expected


def test_a_single_value_of_a_share_of_check_ins_is_kept_or_not() -> None:
    metric = AtLeast(90, start=80, score="check_ins")
    assert [raw(metric, value) for value in (89, 90, 91)] == [0.0, 1.0, 1.0]


# -- where it begins ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("metric", "begun"),
    [
        (AtLeast(90), None),
        (AtMost(90, score="check_ins"), None),
        (Within(1, 2), None),
        (AtLeast(90, start=80), 0.0),
        (AtLeast(90, start=90), 1.0),
        (AtLeast(90, start=90, strict=True), 0.0),
        (AtMost(90, start=0), 1.0),
        (Within(1, 2, start=3, score="check_ins"), 0.0),
        (AtLeast(90, start=80, score="distance"), 0.0),
        (AtMost(1, start=0, score="distance"), 2.0),
        (Within(90, 110, start=70, score="distance"), 0.0),
    ],
)
def test_a_limit_stands_at_first_where_its_start_puts_it_if_anybody_has_said(
    metric: Limit, begun: float | None
) -> None:
    assert metric.at_start() == begun


# -- what is refused ------------------------------------------------------------------------------

_NO_START = "start: a distance is measured from a start, and there is none (missing_field); "
_STRICT = "strict: a distance does not jump at the limit, so it cannot be strict (two_answers); "


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (lambda: AtLeast(1, score="distance"), _NO_START + "give the start, or score the latest"),
        (lambda: AtMost(1, score="distance"), _NO_START + "give the start, or score the latest"),
        (lambda: Within(1, 2, score="distance"), _NO_START + "give the start, or score the latest"),
        (
            lambda: AtLeast(1, start=0, strict=True, score="distance"),
            _STRICT + "leave out strict, or score the latest",
        ),
        (
            lambda: Within(1, 2, start=0, strict=True, score="distance"),
            _STRICT + "leave out strict, or score the latest",
        ),
        (
            lambda: AtLeast(90, start="90.0", score="distance"),
            "start: the start 90.0 leaves no way to go (zero_span); score the latest",
        ),
        (
            lambda: AtMost(90, start=90, score="distance"),
            "start: the start 90 leaves no way to go (zero_span); score the latest",
        ),
        (
            lambda: Within(90, 110, start=110, score="distance"),
            "start: the start 110 leaves no way to go (zero_span); score the latest",
        ),
        (
            lambda: Within(90, 110, start=100, score="distance"),
            "start: the start 100 leaves no way to go (zero_span); score the latest",
        ),
        (
            lambda: Within(0, 1, start="0.5", score="distance"),
            "start: the start 0.5 leaves no way to go (zero_span); score the latest",
        ),
        (lambda: Within(5, 4), "upper: nothing lies between 5 and 4 (empty_range); give the lower limit first"),
        (
            lambda: Within("5.0", 5, strict=True),
            "upper: nothing lies between 5.0 and 5 (empty_range); give the lower limit first",
        ),
        (
            lambda: Within(5, 4, strict=True, score="distance"),
            "upper: nothing lies between 5 and 4 (empty_range); give the lower limit first",
        ),
        (
            lambda: AtMost(1, strict="no"),  # type: ignore[arg-type]  # on purpose
            "strict: 'no' is neither true nor false (not_true_or_false); give True or False",
        ),
    ],
    ids=map(str, count()),
)
def test_a_limit_that_contradicts_itself_is_refused(make: Callable[[], object], found: str) -> None:
    assert str(problem_of(make)) == found


@pytest.mark.parametrize("kind", [AtLeast, AtMost])
def test_every_field_of_one_limit_is_checked(kind: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        kind("x", strict=1, start=True, score=None)
    assert [(each.path, each.code) for each in caught.value.problems] == [
        ("target", "not_a_number"),
        ("strict", "not_true_or_false"),
        ("start", "boolean_value"),
        ("score", "unknown_choice"),
    ]


def test_every_field_of_two_limits_is_checked() -> None:
    wrong: Any = "x"
    with pytest.raises(InvalidValue) as caught:
        Within(wrong, wrong, strict=wrong, start=wrong, score=wrong)
    assert [(each.path, each.code) for each in caught.value.problems] == [
        ("lower", "not_a_number"),
        ("upper", "not_a_number"),
        ("strict", "not_true_or_false"),
        ("start", "not_a_number"),
        ("score", "unknown_choice"),
    ]


def test_only_limits_are_given_without_a_name() -> None:
    kinds: dict[Any, int] = {AtLeast: 1, AtMost: 1, Within: 2}
    for kind, limits in kinds.items():
        for name, value in (("strict", True), ("start", 5), ("score", "latest")):
            assert getattr(kind(*range(limits), **{name: value}), name) == value
        with pytest.raises(TypeError):
            kind(*range(limits), True)  # noqa: FBT003 - that it cannot be so given is the point


# -- what it is -----------------------------------------------------------------------------------


def test_a_limit_is_kept_by_the_latest_value_and_includes_itself_unless_it_says_otherwise() -> None:
    plain: list[Limit] = [AtLeast(1), AtMost(1), Within(0, 1)]
    said: dict[str, Any] = {"strict": False, "start": None, "score": Score.LATEST}
    assert plain == [AtLeast(1, **said), AtMost(1, **said), Within(0, 1, **said)]
    assert all((each.strict, each.start, each.score) == (False, None, Score.LATEST) for each in plain)


def test_there_are_four_scores() -> None:
    assert [*Score] == ["latest", "distance", "check_ins", "slots"]
    assert AtLeast(1, score="check_ins").score is Score.CHECK_INS
    problem = problem_of(lambda: AtLeast(1, score="often"))
    assert (problem.path, problem.code) == ("score", "unknown_choice")
    assert "give one of latest, distance, check_ins" in problem.hint


def test_limits_have_their_kinds_in_documents() -> None:
    assert [kind.kind for kind in (AtLeast, AtMost, Within)] == ["at_least", "at_most", "within"]
    assert [kind.goes_beyond for kind in (AtLeast, AtMost, Within)] == [True, True, False]


def test_limits_of_one_kind_are_equal_where_every_field_is() -> None:
    assert AtLeast(90, start="80.0", score="distance") == AtLeast("90.0", start=80, score=Score.DISTANCE)
    different = {AtLeast(90), AtLeast(90, strict=True), AtLeast(90, start=80), AtLeast(90, score="check_ins")}
    assert len(different) == 4


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (AtLeast("99.9"), "at least 99.9"),
        (AtLeast(1, strict=True), "more than 1"),
        (AtMost("1e3"), "at most 1000"),
        (AtMost(1, strict=True), "less than 1"),
        (Within(90, 110), "between 90 and 110"),
        (Within(90, 110, strict=True), "strictly between 90 and 110"),
        (AtLeast(90, start=80), "at least 90"),
        (AtLeast(90, start=80, score="distance"), "from 80 to at least 90"),
        (AtMost(10, start="1e2", score="distance"), "from 100 to at most 10"),
        (Within(90, 110, start=70, score="distance"), "from 70 to between 90 and 110"),
        (AtLeast(90, score="check_ins"), "at least 90, as a share of the check-ins"),
        (AtMost(90, strict=True, start=1, score="check_ins"), "less than 90, as a share of the check-ins"),
    ],
)
def test_a_limit_says_in_words_what_is_asked_for(made: Limit, words: str) -> None:
    assert made.describe() == words
