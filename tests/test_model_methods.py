"""How several figures become one, by name."""

from typing import Any

import pytest

from goalkit import InvalidValue, Reads, RollupMethod
from goalkit.model.methods import to_reads, to_rollup_method


def test_check_ins_are_read_in_five_ways() -> None:
    assert [*Reads] == ["latest", "sum", "mean", "minimum", "maximum"]
    assert [to_reads(way.value) for way in Reads] == [to_reads(way) for way in Reads] == [*Reads]


def test_children_become_a_parent_by_five_methods_or_as_the_policy_says() -> None:
    assert [*RollupMethod] == ["weighted_mean", "minimum", "maximum", "sum_of_values", "ratio_of_sums"]
    assert [to_rollup_method(way.value) for way in RollupMethod] == [*RollupMethod]
    assert [to_rollup_method(way) for way in RollupMethod] == [*RollupMethod]
    assert to_rollup_method(None) is None


@pytest.mark.parametrize("value", ["worst", "", "SUM", 1, None, ["sum"]])
def test_what_is_no_way_to_read_is_refused_and_the_ways_are_named(value: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        to_reads(value)
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("unknown_choice", "")
    assert "give one of latest, sum, mean, minimum, maximum" in problem.hint


@pytest.mark.parametrize("value", ["minimun", "", 0, False, ["minimum"]])
def test_what_is_no_method_is_refused_and_the_methods_are_named(value: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        to_rollup_method(value)
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("unknown_choice", "")
    assert "give one of weighted_mean, minimum, maximum, sum_of_values, ratio_of_sums" in problem.hint
