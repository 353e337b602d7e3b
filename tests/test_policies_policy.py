"""The choices around the arithmetic: their names, their values, what is refused, and how they are kept."""

import copy
import json
import pickle
from collections.abc import Callable
from enum import StrEnum
from itertools import count
from typing import Any

import pytest
from attrs import fields
from hypothesis import given
from hypothesis import strategies as st

from goalkit import InvalidValue, Policy, RollupMethod
from goalkit.calendars import DayCount
from goalkit.errors import Problem
from goalkit.policies import (
    DEFAULT,
    Blend,
    Clamp,
    Closed,
    Initiatives,
    Override,
    ParentStatus,
    Threshold,
    Unmeasured,
    Weights,
    ZeroSpan,
)
from goalkit.testing import strategies

#: Every choice that has names: its enumeration, and its values in their order, the default first in `DEFAULTS`.
CHOICES: dict[str, tuple[type[StrEnum], list[str]]] = {
    "clamp": (Clamp, ["everything", "entering", "objective", "none"]),
    "unmeasured": (Unmeasured, ["zero", "skip", "unknown", "at_start"]),
    "blend": (Blend, ["each_item", "key_results_as_one", "key_results_first", "key_results_only"]),
    "weights": (Weights, ["relative", "sum_to_one"]),
    "method": (RollupMethod, ["weighted_mean", "minimum", "maximum", "sum_of_values", "ratio_of_sums"]),
    "threshold": (Threshold, ["as_written", "inclusive", "strict"]),
    "zero_span": (ZeroSpan, ["unknown", "zero", "one", "step"]),
    "initiatives": (Initiatives, ["as_linked", "count", "ignore"]),
    "closed": (Closed, ["count", "complete", "leave_out"]),
    "day_count": (DayCount, ["end_of_day", "start_of_day", "closed"]),
    "parent_status": (ParentStatus, ["pace", "worst", "mean_confidence", "latest"]),
    "override": (Override, ["never", "once", "sticky"]),
}
DEFAULTS: dict[str, Any] = {
    "name": "",
    "source": "",
    "clamp": "everything",
    "cap": 1.0,
    "unmeasured": "zero",
    "blend": "each_item",
    "weights": "relative",
    "method": "weighted_mean",
    "threshold": "as_written",
    "zero_span": "unknown",
    "initiatives": "as_linked",
    "closed": "count",
    "late_days": 0,
    "day_count": "end_of_day",
    "profile": {"kind": "linear"},
    "thresholds": {"by": "gap", "on_track": 0.1, "at_risk": 0.25, "strict": False},
    "parent_status": "pace",
    "override": "never",
    "hysteresis": None,
}


def problems_of(make: Callable[[], object]) -> tuple[Problem, ...]:
    with pytest.raises(ValueError, match=r"\(") as caught:
        make()
    assert isinstance(caught.value, InvalidValue)
    assert all(problem.hint for problem in caught.value.problems)
    return caught.value.problems


def problem_of(make: Callable[[], object]) -> str:
    (problem,) = problems_of(make)
    return str(problem)


def policies() -> st.SearchStrategy[Policy]:
    named = st.tuples(strategies.policies(), strategies.texts(), strategies.texts(), st.integers(0, 9999))
    names = ("name", "source", "late_days")
    return named.map(lambda drawn: Policy(**(drawn[0].to_dict() | dict(zip(names, drawn[1:], strict=True)))))


# -- the choices ----------------------------------------------------------------------------------


def test_without_arguments_a_policy_is_the_documented_default() -> None:
    assert Policy().to_dict() == DEFAULT.to_dict() == DEFAULTS
    assert Policy() == Policy(**DEFAULTS) == DEFAULT
    assert [column.name for column in fields(Policy)] == [*DEFAULTS]


@pytest.mark.parametrize("name", CHOICES)
def test_every_choice_is_made_by_name_and_by_member(name: str) -> None:
    options, values = CHOICES[name]
    assert [*options] == values
    for value, member in zip(values, options, strict=True):
        for said in (value, member):
            chosen: dict[str, Any] = {name: said}
            assert getattr(Policy(**chosen), name) is member
    assert Policy(**{name: DEFAULTS[name]}) == Policy()
    assert len({Policy.from_dict({name: value}) for value in values}) == len(values)


@pytest.mark.parametrize("name", CHOICES)
@pytest.mark.parametrize("value", ["whatever", "", None, 1, True, ["none"]], ids=map(str, count()))
def test_an_unknown_choice_is_refused_and_those_that_there_are_are_named(name: str, value: Any) -> None:
    (problem,) = problems_of(lambda: Policy(**{name: value}))
    assert (problem.path, problem.code) == (name, "unknown_choice")
    assert f"give one of {', '.join(CHOICES[name][1])}" in problem.hint


def test_a_choice_that_is_nearly_right_is_suggested() -> None:
    found = problem_of(lambda: Policy(unmeasured="skipp"))
    assert found.startswith("unmeasured: 'skipp' is not one of the choices (unknown_choice); ")
    assert "did you mean 'skip'?" in found


def test_every_wrong_field_is_named_at_once() -> None:
    wrong: dict[str, Any] = {"name": 1, "source": None, "cap": 0, **dict.fromkeys(CHOICES, "whatever")}
    found = problems_of(lambda: Policy(**wrong))
    assert {(each.path, each.code) for each in found} == {
        ("name", "not_text"),
        ("source", "not_text"),
        ("cap", "out_of_range"),
        *((name, "unknown_choice") for name in CHOICES),
    }
    assert [each.path for each in found] == [name for name in DEFAULTS if name in wrong]


def test_choices_are_made_by_name_alone() -> None:
    unnamed: Any = Policy
    with pytest.raises(TypeError):
        unnamed("ours")
    with pytest.raises(TypeError):
        unnamed(rounding="up")


# -- the cap --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cap", "kept"),
    [(1, 1.0), ("1.2", 1.2), (1.0, 1.0), ("1.00000000000000000001", 1.0), (None, None), ("1e30", 1e30)],
)
def test_a_cap_is_all_of_the_way_or_more_or_nothing(cap: Any, kept: float | None) -> None:
    policy = Policy(cap=cap)
    assert policy.cap == kept
    assert cap is None or type(policy.cap) is float


@pytest.mark.parametrize(
    ("cap", "found"),
    [
        (
            "0.99",
            "cap: a cap of 0.99 is less than all of the way (out_of_range); give 1.2 for 120 %, or None for no cap",
        ),
        (0, "cap: a cap of 0 is less than all of the way (out_of_range); give 1.2 for 120 %, or None for no cap"),
        (-2, "cap: a cap of -2 is less than all of the way (out_of_range); give 1.2 for 120 %, or None for no cap"),
    ],
)
def test_a_cap_below_all_of_the_way_is_refused(cap: Any, found: str) -> None:
    assert problem_of(lambda: Policy(cap=cap)) == found


@pytest.mark.parametrize(
    ("cap", "code"),
    [(True, "boolean_value"), ("high", "not_a_number"), (float("inf"), "not_finite"), (float("nan"), "not_finite")],
)
def test_what_is_no_number_is_no_cap(cap: Any, code: str) -> None:
    (problem,) = problems_of(lambda: Policy(cap=cap))
    assert (problem.path, problem.code) == ("cap", code)


@pytest.mark.parametrize("cap", [None, 1.2, "1.0000001"])
def test_where_nothing_is_clamped_there_is_nothing_to_cap(cap: Any) -> None:
    assert problem_of(lambda: Policy(clamp="none", cap=cap)) == (
        "cap: nothing is clamped, so there is nothing to cap (two_answers); leave out the cap, or clamp"
    )
    for clamp in ("everything", "entering", "objective"):
        assert Policy(clamp=clamp, cap=cap).clamp == clamp


def test_where_nothing_is_clamped_the_default_cap_may_stand() -> None:
    assert Policy(clamp="none") == Policy(clamp="none", cap=1) == Policy(clamp=Clamp.NONE, cap="1.0")


# -- late days ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "kept"), [(0, 0), (14, 14), ("7", 7), (7.0, 7), (9999, 9999)])
def test_late_days_are_a_whole_number_from_nothing_on(days: Any, kept: int) -> None:
    policy = Policy(late_days=days)
    assert policy.late_days == kept
    assert type(policy.late_days) is int
    assert Policy.from_dict({"late_days": days}) == policy == Policy.from_dict(policy.to_dict())


@pytest.mark.parametrize(
    ("days", "code"),
    [
        (-1, "out_of_range"),
        (10_000, "out_of_range"),
        ("0.5", "not_whole"),
        (True, "boolean_value"),
        (None, "not_a_number"),
        ("a week", "not_a_number"),
        (float("nan"), "not_finite"),
    ],
)
def test_what_is_no_number_of_days_is_refused(days: Any, code: str) -> None:
    (problem,) = problems_of(lambda: Policy(late_days=days))
    assert (problem.path, problem.code) == ("late_days", code)


# -- plain data -----------------------------------------------------------------------------------


@given(policies())
def test_a_policy_is_plain_data_and_read_again_as_it_was_written(policy: Policy) -> None:
    document = policy.to_dict()
    assert [*document] == [*DEFAULTS]
    assert all(type(value) in {str, float, int, type(None), dict} for value in document.values())
    assert Policy.from_dict(document) == policy
    assert Policy.from_dict(json.loads(json.dumps(document, allow_nan=False))) == policy
    for other in (pickle.loads(pickle.dumps(policy)), copy.deepcopy(policy), copy.copy(policy)):  # noqa: S301 - our own bytes
        assert other == policy
        assert hash(other) == hash(policy)


def test_what_is_left_out_is_the_defaults() -> None:
    assert Policy.from_dict({}) == Policy()
    assert Policy.from_dict({"name": "ours", "cap": None}) == Policy(name="ours", cap=None)
    assert Policy.from_dict({"unmeasured": "skip"}).to_dict() == DEFAULTS | {"unmeasured": "skip"}


def test_a_document_is_not_changed_by_reading_it() -> None:
    document = {"name": "ours", "cap": "1.5"}
    assert Policy.from_dict(document).cap == 1.5
    assert document == {"name": "ours", "cap": "1.5"}


@pytest.mark.parametrize(
    ("document", "found"),
    [
        (
            {"unmeasurd": "skip"},
            "unmeasurd: a policy has no choice 'unmeasurd' (unknown_field); did you mean 'unmeasured'?",
        ),
        (
            {"zzz": 1},
            f"zzz: a policy has no choice 'zzz' (unknown_field); it has {', '.join(DEFAULTS)}",
        ),
        (
            {7: 1},
            f"a policy has no choice 7 (unknown_field); it has {', '.join(DEFAULTS)}",
        ),
        ({"clamp": "none", "cap": 2}, "cap: nothing is clamped, so there is nothing to cap (two_answers); "),
        ([], "[] is not a mapping (wrong_kind); give a dict, as to_dict returns it"),
        (None, "None is not a mapping (wrong_kind); give a dict, as to_dict returns it"),
        ("skip", "'skip' is not a mapping (wrong_kind); give a dict, as to_dict returns it"),
    ],
    ids=map(str, count()),
)
def test_what_is_no_policy_is_refused(document: Any, found: str) -> None:
    assert problem_of(lambda: Policy.from_dict(document)).startswith(found)


def test_unknown_names_and_unknown_choices_are_named_at_once() -> None:
    document: dict[Any, Any] = {"colour": "red", "clamp": "some", "cap": 0.5, "wieghts": "relative", "name": "ours"}
    assert [(each.path, each.code) for each in problems_of(lambda: Policy.from_dict(document))] == [
        ("colour", "unknown_field"),
        ("wieghts", "unknown_field"),
        ("clamp", "unknown_choice"),
        ("cap", "out_of_range"),
    ]


# -- in words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (Policy(), ""),
        (Policy(name="ours", source="us"), ""),
        (Policy(name="ours", source="us", unmeasured="skip"), "ours (unmeasured skip)"),
        (Policy(cap=1.2), "a policy without a name (cap 1.2)"),
        (Policy(name="ours", late_days=14), "ours (late_days 14)"),
        (
            Policy(name="ours", closed="complete", clamp="objective", cap=None, method="minimum"),
            "ours (clamp objective, cap None, method minimum, closed complete)",
        ),
    ],
    ids=map(str, count()),
)
def test_a_policy_tells_the_choices_that_are_not_the_default(policy: Policy, words: str) -> None:
    assert policy.describe() == words


@given(policies())
def test_every_choice_that_is_not_the_default_is_told_and_no_other(policy: Policy) -> None:
    words = policy.describe()
    document = policy.to_dict()
    for name in [*CHOICES, "cap", "late_days"]:
        told = f"{name} {document[name]}" in words
        assert told is (document[name] != DEFAULTS[name]) or policy.name
    assert bool(words) is any(document[name] != DEFAULTS[name] for name in [*CHOICES, "cap", "late_days"])
