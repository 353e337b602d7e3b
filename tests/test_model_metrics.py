"""How a measured value becomes progress: every metric, its edges and its refusals."""

import copy
import json
import pickle
from collections.abc import Callable
from datetime import date
from decimal import ROUND_UP, Context, Decimal, localcontext
from itertools import count, pairwise
from math import isclose, isfinite
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from goalkit import (
    AtLeast,
    AtMost,
    Binary,
    CheckIn,
    Checklist,
    CommitTargetStretch,
    Curve,
    Decrease,
    FindBaseline,
    Increase,
    InvalidValue,
    KeyResult,
    Objective,
    Plan,
    Within,
    rollup,
)
from goalkit.errors import Problem
from goalkit.interop import toml
from goalkit.model import metrics as module
from goalkit.model.goals import own_metric
from goalkit.model.metrics import METRICS, Metric, Reason, Unreadable, metric
from goalkit.testing import strategies

numbers = st.decimals(min_value=-(10**9), max_value=10**9, places=3, allow_nan=False, allow_infinity=False)


FAR = [f"{sign}{size}" for sign in ("", "-") for size in ("1e30", "1e-30", "0", "1")]


def kind_of(made: Metric) -> str:
    return made.kind


def problem_of(make: Callable[[], object]) -> Problem:
    with pytest.raises(InvalidValue) as caught:
        make()
    (problem,) = caught.value.problems
    assert problem.hint
    return problem


# What other trackers and textbooks show for a start, a target and a value, in per cent and unclamped.
@pytest.mark.parametrize(
    ("start", "target", "value", "per_cent"),
    [
        (0, 100, 0, 0),
        (0, 100, 20, 20),
        (0, 100, 100, 100),
        (0, 100, 150, 150),
        (0, 100, 200, 200),
        (0, 100, -20, -20),
        (20, 100, 20, 0),
        (20, 100, 0, -25),
        (100, 0, 100, 0),
        (100, 0, 80, 20),
        (100, 0, 50, 50),
        (100, 0, 0, 100),
        (100, 0, 150, -50),
        (100, 0, -50, 150),
        (100, 20, 80, 25),
        (100, 20, 0, 125),
        (200, 0, 100, 50),
        (10, 20, 16, 60),
        (10, 20, 22, 120),
        (203, 280, 280, 100),
        ("0.0", "1.0", "0.5", 50),
        (0, 10, "5.9", 59),
        (25, 15, 20, 50),
        (25, 15, 27, -20),
        (50, 10, 25, 62.5),
        (-10, 10, 0, 50),
        (50, 90, 70, 50),
        (30, 70, 58, 70),
        (20, 0, 15, 25),
        (10, 42, 14, 12.5),
        (8, 4, 6, 50),
        (40, 60, 52, 60),
        (50, 200, 125, 50),
        (50, 100, 30, -40),
    ],
)
def test_progress_is_the_fraction_of_the_way_that_the_field_agrees_on(
    start: Any, target: Any, value: Any, per_cent: float
) -> None:
    kind = Increase if Decimal(target) > Decimal(start) else Decrease
    progress = kind(start=start, target=target).progress(value)
    assert progress.raw is not None
    assert isclose(progress.raw, per_cent / 100, abs_tol=1e-12)
    assert progress.value == min(max(progress.raw, 0.0), 1.0)
    assert progress.reason is None


def test_a_falling_result_that_has_got_worse_is_below_nothing_and_shows_nothing() -> None:
    progress = Decrease(start=8, target=4).progress(9)
    assert (progress.value, progress.raw) == (0.0, -0.25)


def test_no_way_at_all_on_a_falling_result_is_plain_zero() -> None:
    assert str(Decrease(start=8, target=4).progress(8).raw) == "0.0"


def test_a_value_at_its_target_is_exactly_one_whatever_the_numbers() -> None:
    assert Increase(start="0.1", target="0.3").progress("0.3").raw == 1.0
    assert Increase(start="1e-30", target="1e30").progress("1e30").raw == 1.0


@given(start=numbers, target=numbers, value=numbers)
def test_swapping_start_and_target_turns_progress_round(start: Decimal, target: Decimal, value: Decimal) -> None:
    if start == target:
        return
    low, high = sorted((start, target))
    up = Increase(start=low, target=high).progress(value).raw
    down = Decrease(start=high, target=low).progress(value).raw
    assert up is not None
    assert down is not None
    assert isclose(up + down, 1.0, rel_tol=1e-9, abs_tol=1e-9 * (1 + abs(up)))


@given(start=numbers, target=numbers)
def test_start_is_nothing_and_target_is_everything(start: Decimal, target: Decimal) -> None:
    if start == target:
        return
    found = (Increase if target > start else Decrease)(start=start, target=target)
    assert found.progress(start).raw == 0.0
    assert found.progress(target).raw == 1.0


def test_nothing_measured_is_unknown_and_not_zero() -> None:
    for found in (Increase(start=0, target=1), AtLeast(1), AtMost(1), Within(0, 1), Binary()):
        progress = found.progress(None)
        assert (progress.value, progress.raw, progress.reason) == (None, None, Reason.NOT_MEASURED)


def test_a_zero_span_is_refused_with_what_to_use_instead() -> None:
    for kind in (Increase, Decrease):
        found = problem_of(lambda kind=kind: kind(start=10, target="10.0"))  # type: ignore[misc]  # a loop's own kind
        assert (found.code, found.path) == ("zero_span", "target")
        assert "AtLeast" in found.hint


def test_a_direction_against_the_numbers_is_refused_and_the_other_is_named() -> None:
    rise = problem_of(lambda: Increase(start=10, target=5))
    fall = problem_of(lambda: Decrease(start=5, target=10))
    assert (rise.code, rise.path) == (fall.code, fall.path) == ("wrong_direction", "target")
    assert "Decrease" in rise.hint
    assert "Increase" in fall.hint


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (True, "boolean_value"),
        (False, "boolean_value"),
        ("nan", "not_a_number"),
        (float("nan"), "not_finite"),
        (float("inf"), "not_finite"),
        (Decimal("-Infinity"), "not_finite"),
        (Decimal("sNaN"), "not_finite"),
        ("1e1000000", "absurd_magnitude"),
        (Decimal("1e1000000"), "absurd_magnitude"),
        (10**5000, "absurd_magnitude"),
        ("9" * 5000, "not_a_number"),
        ("1" * 31, "too_many_digits"),
        ("\uff11\uff12", "not_a_number"),
        ("12 %", "not_a_number"),
        ("", "not_a_number"),
        (b"12", "not_a_number"),
        ([12], "not_a_number"),
        (1j, "not_a_number"),
    ],
    ids=map(str, count()),
)
def test_what_is_no_measured_number_is_refused_wherever_a_number_belongs(value: Any, code: str) -> None:
    for make in (
        lambda: Increase(start=value, target=10),
        lambda: Decrease(start=10, target=value),
        lambda: AtLeast(value),
        lambda: AtMost(value),
        lambda: Within(value, 10),
        lambda: Increase.by(value, start=1),
        lambda: Increase.by(1, start=value),
        lambda: Decrease.by_percent(value, start=1),
        lambda: Decrease.by_percent(1, start=value),
    ):
        found = problem_of(make)
        assert found.code == code
        assert found.path in {"start", "target", "lower", "amount", "percent"}
    assert problem_of(lambda: Increase(start=0, target=10).progress(value)).code == code


def test_every_wrong_field_is_named_at_once() -> None:
    with pytest.raises(InvalidValue) as caught:
        Increase(start="x", target=True)
    assert [(each.path, each.code) for each in caught.value.problems] == [
        ("start", "not_a_number"),
        ("target", "boolean_value"),
    ]


def test_a_change_by_an_amount_or_by_per_cent_is_a_start_and_a_target() -> None:
    assert Increase.by(5, start=10) == Increase(start=10, target=15)
    assert Decrease.by("0.1", start="0.3") == Decrease(start="0.3", target="0.2")
    assert Increase.by_percent("12.5", start=200) == Increase(start=200, target=225)
    assert Decrease.by_percent(15, start=2000) == Decrease(start=2000, target=1700)
    assert Decrease.by_percent(150, start=10).target == -5


def test_per_cent_of_a_negative_start_go_in_the_direction_of_the_name() -> None:
    assert Increase.by_percent(10, start=-100).target == -90
    assert Decrease.by_percent(10, start=-100).target == -110


def test_a_change_by_nothing_or_against_the_name_is_refused() -> None:
    for amount in (0, -5):
        found = problem_of(lambda amount=amount: Increase.by(amount, start=1))  # type: ignore[misc]  # as above
        assert (found.code, found.path) == ("wrong_direction", "amount")
    found = problem_of(lambda: Decrease.by_percent(-1, start=1))
    assert (found.code, found.path) == ("wrong_direction", "percent")


def test_per_cent_of_zero_are_refused() -> None:
    found = problem_of(lambda: Increase.by_percent(10, start=0))
    assert (found.code, found.path) == ("relative_to_zero", "start")


def test_a_change_that_leads_beyond_what_can_be_measured_names_the_change() -> None:
    found = problem_of(lambda: Increase.by("9e30", start="9e30"))
    assert (found.code, found.path) == ("absurd_magnitude", "amount")
    lost = problem_of(lambda: Increase.by("1e-30", start="1e30"))
    assert (lost.code, lost.path) == ("zero_span", "amount")
    assert problem_of(lambda: Increase.by_percent("1e-30", start="1")).path == "percent"


def test_the_callers_decimal_context_changes_nothing() -> None:
    with localcontext() as context:
        context.prec = 2
        assert Increase.by("0.123", start="1000.5").target == Decimal("1000.623")
        assert Increase(start=0, target=1000).progress("123.456").raw == 0.123456


@given(strategies.linear_metrics(), st.lists(strategies.measures(), min_size=2, max_size=6))
def test_who_has_come_farther_has_no_less_progress(made: Increase | Decrease, values: list[Decimal]) -> None:
    for before, after in pairwise(sorted(values, reverse=isinstance(made, Decrease))):
        assert made.raw(before) <= made.raw(after)


# -- every metric ---------------------------------------------------------------------------------


def test_every_metric_is_registered_under_its_own_kind() -> None:
    assert {
        "increase": Increase,
        "decrease": Decrease,
        "at_least": AtLeast,
        "at_most": AtMost,
        "within": Within,
        "binary": Binary,
        "checklist": Checklist,
        "commit_target_stretch": CommitTargetStretch,
        "curve": Curve,
        "find_baseline": FindBaseline,
        "unreadable": Unreadable,
    } == METRICS
    assert all(cls.kind == kind and issubclass(cls, Metric) for kind, cls in METRICS.items())


def test_the_module_of_all_metrics_offers_every_one_of_them() -> None:
    others = {"METRICS", "Metric", "Progress", "Reason", "metric"}
    assert {*module.__all__} == others | {cls.__name__ for cls in METRICS.values()}
    assert all(hasattr(module, name) for name in module.__all__)


@pytest.mark.parametrize(
    ("made", "numeric", "span", "begun", "never"),
    [
        (Increase(start=1, target=5), True, (1, 5), 0.0, None),
        (Decrease(start=5, target=1), True, (5, 1), 0.0, None),
        (AtLeast(1), True, None, None, None),
        (AtMost(1, start=0), True, None, 1.0, None),
        (Within(1, 2, start=0), True, None, 0.0, None),
        (Binary(), False, None, 0.0, None),
        (Checklist(["a"]), False, None, 0.0, None),
        (CommitTargetStretch(baseline=5, stretch=1), True, (5, 1), 0.0, None),
        (Curve({0: 0, 1: 1}), True, None, None, None),
        (FindBaseline(), True, None, None, Reason.NO_BASELINE),
        (Unreadable(), True, None, None, Reason.UNREADABLE),
        (Unreadable(reason="zero_span"), True, None, None, Reason.ZERO_SPAN),
    ],
    ids=map(str, count()),
)
def test_every_metric_says_how_it_may_be_used(
    made: Metric, numeric: bool, span: Any, begun: float | None, never: Reason | None
) -> None:
    assert made.is_numeric is numeric
    assert made.span == span
    assert made.at_start() == begun
    assert made.never is never


def test_these_are_the_metrics_whose_use_is_said() -> None:
    assert {cls for cls in METRICS.values() if not cls.is_numeric} == {Binary, Checklist}


@given(strategies.metrics())
def test_every_metric_is_read_again_as_it_was_written(made: Metric) -> None:
    plan = Plan.of(KeyResult(id="k", title="K", metric=made), Objective(id="o", title="O", metric=made))
    for again in (
        Plan.from_dicts(plan.to_dicts()),
        Plan.from_dicts(json.loads(json.dumps(plan.to_dicts(), allow_nan=False))),
        toml.loads(toml.dumps(plan)),
        pickle.loads(pickle.dumps(plan)),  # noqa: S301 - our own bytes
    ):
        assert again == plan
        assert own_metric(again["k"]) == made
        assert repr(own_metric(again["k"])) == repr(made)


@given(strategies.metrics(), st.sampled_from(FAR))
def test_no_value_however_far_away_raises_or_gives_no_number(made: Metric, value: str) -> None:
    if not made.is_numeric:
        return
    progress = made.progress(value)
    if made.never is None:
        assert progress.raw is not None
        assert isfinite(progress.raw)
        assert progress.value == min(max(progress.raw, 0.0), 1.0)
    else:
        assert progress.reason is made.never


@given(strategies.metrics(), strategies.measures())
def test_the_callers_decimal_context_changes_no_metric(made: Metric, value: Decimal) -> None:
    narrow = Context(prec=1, rounding=ROUND_UP)
    for flag in narrow.traps:
        narrow.traps[flag] = True
    expected = made.progress(value) if made.is_numeric else None
    begun, words = made.at_start(), made.describe()
    with localcontext(narrow):
        instance: Any = made
        again: Metric = evolve(instance)
        assert again == made
        assert (again.at_start(), again.describe()) == (begun, words)
        if made.is_numeric:
            assert again.progress(value) == expected


# -- done or not, and not known yet ---------------------------------------------------------------


@pytest.mark.parametrize(("value", "done"), [(True, 1.0), (1, 1.0), ("1.0", 1.0), (False, 0.0), (0, 0.0)])
def test_done_and_not_done_may_be_said_with_numbers(value: Any, done: float) -> None:
    assert Binary().progress(value).value == done


@pytest.mark.parametrize(("value", "written"), [(2, "2"), ("0.50", "0.50"), (-1, "-1"), ("1e1", "10")])
def test_a_bit_done_is_not_for_what_is_done_or_not(value: Any, written: str) -> None:
    message = f"{written} is neither done nor not done"
    found = problem_of(lambda: Binary().progress(value))
    assert found == Problem(code="not_true_or_false", message=message, hint="give True or False")


def test_another_librarys_true_and_false_are_done_and_not_done() -> None:
    assert Binary().read(np.True_) == 1
    assert Binary().progress(np.bool_(False)).value == 0.0  # noqa: FBT003 - numpy takes it so
    assert problem_of(lambda: Binary().progress("yes")).code == "not_a_number"


def test_what_is_done_or_not_is_read_as_a_number() -> None:
    assert [type(Binary().read(value)) for value in (True, 1, "1")] == [Decimal] * 3
    assert type(Unreadable().read(True)) is Decimal  # noqa: FBT003 - a value is what it reads


def test_a_baseline_that_is_being_looked_for_takes_values_and_has_no_progress() -> None:
    looked_for = FindBaseline()
    for value in (None, 5, "7", -1):
        progress = looked_for.progress(value)
        assert (progress.value, progress.raw, progress.reason) == (None, None, Reason.NO_BASELINE)
    assert looked_for.read("7.0") == 7
    assert problem_of(lambda: looked_for.progress("x")).code == "not_a_number"
    assert problem_of(lambda: looked_for.progress(True)).code == "boolean_value"  # noqa: FBT003 - as above


def test_a_baseline_that_was_not_found_says_so_in_a_roll_up() -> None:
    plan = Plan.of(
        Objective(id="o", title="O"),
        KeyResult(id="k", title="K", parent="o", metric=FindBaseline()),
    ).record(CheckIn(goal="k", on="2026-08-10", value=5))
    figures = rollup(plan, as_of=date(2026, 8, 15))
    assert (figures["k"].value, figures["k"].reason, figures["k"].actual) == (None, Reason.NO_BASELINE, Decimal(5))
    assert figures["o"].reason is Reason.NO_BASELINE


def test_what_could_not_be_read_is_unknown_and_keeps_what_was_written() -> None:
    kept = Unreadable(reason="zero_span", document={"kind": "increase", "start": 1, "target": 1})
    for value in (None, 5, True, "7"):
        assert kept.progress(value).reason is Reason.ZERO_SPAN
    assert kept.document["start"] == 1
    assert problem_of(lambda: kept.progress("x")).code == "not_a_number"
    wrong = problem_of(lambda: Unreadable(reason="because"))
    assert (wrong.code, wrong.path) == ("unknown_choice", "reason")
    assert problem_of(lambda: Unreadable(document=[1])).path == "document"  # type: ignore[arg-type]  # on purpose
    assert Unreadable().document == {}
    unnamed: Any = Unreadable
    with pytest.raises(TypeError):
        unnamed("zero_span")
    assert Unreadable().reason is Reason.UNREADABLE


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (Increase(start=42, target=70), "from 42 up to 70"),
        (Decrease(start=8, target="4.50"), "from 8 down to 4.50"),
        (Binary(), "done or not done"),
        (FindBaseline(), "to find where it begins"),
        (Unreadable(), "a metric that could not be read"),
    ],
)
def test_every_metric_says_in_words_what_is_asked_for(made: Metric, words: str) -> None:
    assert made.describe() == words


@pytest.mark.parametrize(
    "made",
    [
        Increase(start=42, target=70),
        Decrease(start=8, target=4),
        AtLeast(1),
        AtMost(1, strict=True),
        Within(1, 2, start=0, score="distance"),
        Binary(),
        Checklist({"a": 1, "b": 2}),
        CommitTargetStretch(baseline=0, stretch=10),
        Curve({0: 0, 5: 1}, shape="step"),
        FindBaseline(),
        Unreadable(document={"a": [1, {"b": 2}]}),
    ],
    ids=kind_of,
)
def test_a_metric_is_a_value_that_survives_pickling_and_copying(made: Metric) -> None:
    for other in (pickle.loads(pickle.dumps(made)), copy.deepcopy(made), copy.copy(made)):  # noqa: S301 - our own bytes
        assert other == made
        assert hash(other) == hash(made)
        assert type(other) is type(made)
    assert METRICS[made.kind] is type(made)
    with pytest.raises(AttributeError):
        made.start = 1  # type: ignore[attr-defined]  # that it cannot be set is the point


def test_metrics_of_different_kinds_are_never_equal() -> None:
    one: Metric = AtLeast(1)
    assert one != AtMost(1)
    assert len({AtLeast(1), AtMost(1), AtLeast("1.0"), AtLeast(1, strict=True)}) == 3


def test_a_goals_metric_is_a_metric_or_nothing() -> None:
    assert metric(None) is None
    assert metric(Binary()) == Binary()
    found = problem_of(lambda: metric({"kind": "binary"}))  # type: ignore[arg-type]  # on purpose
    assert (found.code, found.path) == ("wrong_kind", "")
    assert found.hint == "give a metric such as Increase(start=0, target=10)"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (
            lambda: Increase(start=5, target="5.0"),
            (
                "target: the target equals the start, 5, so there is no way to go (zero_span); "
                "to keep a value where it is, use AtLeast, AtMost or Within"
            ),
        ),
        (
            lambda: Increase(start=5, target=4),
            "target: the target 4 is below the start 5 (wrong_direction); use Decrease, or swap them",
        ),
        (
            lambda: Decrease(start=4, target=5),
            "target: the target 5 is above the start 4 (wrong_direction); use Increase, or swap them",
        ),
        (
            lambda: Increase.by_percent(5, start=0),
            "start: a percentage of a start of 0 is 0 (relative_to_zero); give the target itself",
        ),
        (
            lambda: Decrease.by(0, start=5),
            "amount: 0 is not more than 0 (wrong_direction); say how much; the direction is in the metric's name",
        ),
    ],
)
def test_a_way_that_leads_nowhere_is_refused_in_words(make: Callable[[], object], words: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        make()
    assert [str(problem) for problem in caught.value.problems] == [words]
