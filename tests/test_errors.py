"""Findings as data, and the exceptions that carry them."""

import copy
import pickle
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit.errors import (
    GoalkitError,
    InvalidPlan,
    InvalidValue,
    Problem,
    UnknownId,
    did_you_mean,
    shown,
)

PROBLEM = Problem(code="zero_span", message="start and target are 10", path="target", hint="differ")


class Hostile:
    def __repr__(self) -> str:
        raise RuntimeError


class Talkative:
    def __repr__(self) -> str:
        return "one\n  two\x00\ud800"


@pytest.mark.parametrize(
    ("prefix", "path", "whole"),
    [
        ("[2].metric", "target", "[2].metric.target"),
        ("labels", "[0]", "labels[0]"),
        ("metric", "", "metric"),
        ("", "target", "target"),
        ("", "", ""),
    ],
)
def test_a_path_grows_from_the_inside_out(prefix: str, path: str, whole: str) -> None:
    assert Problem(code="c", message="m", path=path).under(prefix).path == whole


def test_a_problem_reads_as_place_finding_code_and_hint() -> None:
    assert str(PROBLEM) == "target: start and target are 10 (zero_span); differ"
    assert str(Problem(code="c", message="m")) == "m (c)"


def test_an_error_with_several_problems_lists_them() -> None:
    error = InvalidValue(PROBLEM, Problem(code="c", message="m"))
    assert str(error).splitlines() == ["2 problems:", f"  {PROBLEM}", "  m (c)"]


def test_an_error_with_very_many_problems_says_how_many_it_leaves_out() -> None:
    error = InvalidValue(*[PROBLEM] * 1000)
    assert len(error.problems) == 1000
    lines = str(error).splitlines()
    assert lines[0] == "1000 problems:"
    assert lines[-1] == f"  … and {1000 - (len(lines) - 2)} more"


def test_an_error_without_a_problem_cannot_be_made() -> None:
    with pytest.raises(TypeError):
        InvalidValue()  # type: ignore[call-arg]


@pytest.mark.parametrize("kind", [InvalidValue, InvalidPlan])
def test_an_invalid_value_survives_pickling_and_copying(kind: type[InvalidValue]) -> None:
    error = kind(PROBLEM, Problem(code="c", message="m"))
    error.add_note("while loading")
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(error, protocol))  # noqa: S301 - made right here
        assert type(again) is kind
        assert again.problems == error.problems
        assert again.__notes__ == ["while loading"]
        assert str(again) == str(error)
    assert copy.copy(error).problems == error.problems
    assert copy.deepcopy(error).problems == error.problems


def test_an_unknown_id_survives_pickling() -> None:
    error = UnknownId.among("goal", "aap", ["app"])
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - made right here
    assert (again.id, again.message, str(again)) == (error.id, error.message, str(error))


def test_an_error_seen_from_further_out_keeps_its_kind() -> None:
    error = InvalidPlan(PROBLEM).under("[3]")
    assert type(error) is InvalidPlan
    assert error.problems[0].path == "[3].target"


def test_errors_are_also_the_built_in_ones_that_a_caller_expects() -> None:
    assert issubclass(InvalidValue, (GoalkitError, ValueError))
    assert issubclass(InvalidValue, ValueError)
    assert issubclass(UnknownId, GoalkitError)
    assert issubclass(UnknownId, KeyError)


@pytest.mark.parametrize("wanted", [10**5000, Hostile(), None, "x" * 10_000, "\ud800"], ids=map(str, count()))
def test_whatever_is_asked_for_as_an_id_the_error_can_be_made_and_written(wanted: object) -> None:
    error = UnknownId.among("goal", wanted, ["app"])
    assert len(str(error)) < 200
    str(error).encode()


def test_near_words_are_suggested_and_far_ones_are_not() -> None:
    assert did_you_mean("wieght", (word for word in ("weight", "title"))) == "did you mean 'weight'?"
    assert did_you_mean("nps", ["weight"], "; ") == ""
    assert did_you_mean(7, ["7"]) == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (10**5000, "an integer of 16610 bits"),
        (Hostile(), "a Hostile"),
        (Talkative(), "one two"),
        ([10**5000], "a list"),
        (list(range(10**6)), "[0, 1, 2, 3, 4, 5, ...]"),
        (True, "True"),
        (b"ab", "b'ab'"),
        ("a  b\n", r"'a  b\n'"),
    ],
    ids=map(str, count()),
)
def test_a_value_is_shown_short_and_on_one_line(value: object, text: str) -> None:
    assert shown(value) == text


@given(
    st.recursive(
        st.none() | st.integers() | st.floats() | st.text() | st.binary(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_what_is_shown_never_exceeds_its_limit_and_can_be_encoded(value: Any) -> None:
    text = shown(value, 30)
    assert len(text) <= 30
    assert text.isprintable()
    text.encode()
