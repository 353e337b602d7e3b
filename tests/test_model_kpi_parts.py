"""What a KPI is made of: targets, benchmarks, and the formula that it is worked out by."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from goalkit import KPI, Benchmark, Formula, InvalidValue, Operation, Target
from goalkit.model.kpi_parts import benchmarks, targets

JULY, OCTOBER = date(2026, 7, 1), date(2026, 10, 1)


def problems_of(make: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(InvalidValue) as caught:
        make()
    assert all(problem.hint for problem in caught.value.problems)
    return [(problem.path, problem.code) for problem in caught.value.problems]


# -- targets


def test_a_target_holds_from_a_day_on_or_for_one_period() -> None:
    assert Target(330, since="2026-10-01") == Target(value="330.0", since=OCTOBER)
    assert Target(330, cycle="2026-Q4").cycle == "2026-Q4"
    assert problems_of(lambda: Target(330)) == [("since", "two_answers")]
    assert problems_of(lambda: Target(330, since=OCTOBER, cycle="2026-Q4")) == [("since", "two_answers")]


def test_a_target_names_every_field_that_is_refused() -> None:
    nan: Any = float("nan")
    number: Any = 5
    assert problems_of(lambda: Target(nan, since=number, cycle=number)) == [
        ("value", "not_finite"),
        ("since", "not_a_day"),
        ("cycle", "not_text"),
    ]


def test_targets_with_a_day_come_first_by_their_day_and_those_of_periods_as_they_were_given() -> None:
    fourth, third = Target(4, cycle="2026-Q4"), Target(3, cycle="2026-Q3")
    late, early = Target(2, since=OCTOBER), Target(1, since=JULY)
    assert targets([fourth, late, third, early]) == (early, late, fourth, third)
    assert targets([]) == ()


def test_targets_of_periods_may_be_a_mapping() -> None:
    expected = (Target(300, cycle="2026-Q3"), Target("330.50", cycle="2026-Q4"))
    assert targets({"2026-Q3": 300, "2026-Q4": "330.50"}) == expected
    assert targets(MappingProxyType({"2026-Q3": 300, "2026-Q4": "330.50"})) == expected


def test_a_mapping_of_targets_names_every_period_that_is_wrong() -> None:
    wrong: Any = {"2026-Q3": True, "2026-Q4": 1, 5: 2}
    assert problems_of(lambda: KPI(id="k", title="K", kind="flow", targets=wrong)) == [
        ("targets['2026-Q3'].value", "boolean_value"),
        ("targets[5].cycle", "not_text"),
    ]


def test_what_can_be_gone_through_once_is_as_good_as_a_list() -> None:
    target, benchmark = Target(1, since=JULY), Benchmark(value=1, label="the trade")
    kpi = KPI(id="k", title="K", kind="flow", targets=iter([target]), benchmarks=iter([benchmark]))
    assert (kpi.targets, kpi.benchmarks) == ((target,), (benchmark,))


@pytest.mark.parametrize("twin", [{"since": JULY}, {"cycle": "2026-Q3"}])
def test_two_targets_for_the_same_are_refused(twin: dict[str, Any]) -> None:
    two = [Target(1, **twin), Target(2, **twin)]
    assert problems_of(lambda: KPI(id="k", title="K", kind="flow", targets=two)) == [("targets", "duplicate_target")]


@pytest.mark.parametrize("read", [targets, benchmarks])
@pytest.mark.parametrize(
    "value", [None, 5, True, "2026-Q3", b"", bytearray(), memoryview(b""), set(), frozenset(), np.array(5), object()]
)
def test_what_is_no_list_of_parts_is_refused(read: Callable[[Any], object], value: object) -> None:
    assert problems_of(lambda: read(value)) == [("", "not_a_list")]


def test_a_set_of_parts_is_refused_because_it_has_no_order() -> None:
    two: Any = {Target(1, cycle="a"), Target(2, cycle="b")}
    assert problems_of(lambda: KPI(id="k", title="K", kind="flow", targets=two)) == [("targets", "not_a_list")]


def test_every_part_that_is_something_else_is_named() -> None:
    junk: Any = [Target(1, since=JULY), 5, None, {}, [set()], KPI]
    assert problems_of(lambda: targets(junk)) == [(f"[{at}]", "wrong_kind") for at in range(1, 6)]
    assert problems_of(lambda: benchmarks(junk)) == [(f"[{at}]", "wrong_kind") for at in range(6)]


# -- benchmarks


def test_a_benchmark_says_whose_it_is() -> None:
    benchmark = Benchmark(value="0.740", label="the trade", source="A survey", on="2026-01-01")
    assert str(benchmark.value) == "0.740"
    assert benchmark.on == date(2026, 1, 1)
    assert benchmarks([benchmark, Benchmark(value=1, label="us")])[0] is benchmark


def test_a_benchmark_names_every_field_that_is_refused() -> None:
    wrong: Any = {"value": None, "label": " ", "source": 5, "on": "soon"}
    assert problems_of(lambda: Benchmark(**wrong)) == [
        ("value", "not_a_number"),
        ("label", "no_title"),
        ("source", "not_text"),
        ("on", "not_a_day"),
    ]


# -- formulas


@pytest.mark.parametrize(
    ("operation", "told"), [("sum", "a + b"), ("difference", "a - b"), ("product", "a * b"), ("ratio", "a / b")]
)
def test_a_formula_is_told_as_people_write_it(operation: str, told: str) -> None:
    formula = Formula(operation, ["a", "b"])
    assert formula.operation is Operation(operation)
    assert formula.describe() == told


def test_only_a_ratio_is_of_exactly_two() -> None:
    for operation in Operation:
        assert problems_of(lambda operation=operation: Formula(operation, ["a"])) == [("of", "operands")]  # type: ignore[misc]  # a loop's own
    assert Formula("difference", ["a", "b", "c"]).describe() == "a - b - c"
    assert problems_of(lambda: Formula("ratio", ["a", "b", "c"])) == [("of", "operands")]


def test_each_operand_is_named_once() -> None:
    assert problems_of(lambda: Formula("sum", ["a", "a"])) == [("of", "operands")]


@pytest.mark.parametrize("of", [{"a", "b"}, frozenset({"a", "b"})])
def test_a_set_does_not_say_what_is_divided_by_what(of: Any) -> None:
    assert problems_of(lambda: Formula("ratio", of)) == [("of", "not_a_list")]


@pytest.mark.parametrize("of", [None, "a", 5, {"a": 1, "b": 2}, b"ab", np.array(5)])
def test_operands_are_a_list_of_ids(of: Any) -> None:
    assert problems_of(lambda: Formula("sum", of)) == [("of", "not_a_list")]


def test_a_formula_names_every_field_that_is_refused() -> None:
    wrong: Any = [1, "b", ""]
    assert problems_of(lambda: Formula("mean", wrong)) == [
        ("operation", "unknown_choice"),
        ("of[0]", "not_text"),
        ("of[2]", "empty_id"),
    ]


def test_parts_are_values() -> None:
    assert {Target(1, since=JULY), Target(Decimal("1.0"), since="2026-07-01")} == {Target(1, since=JULY)}
    assert {Formula("sum", ["a", "b"]), Formula("sum", ("a", "b"))} == {Formula("sum", ["a", "b"])}
