"""KPIs and what is observed of them."""

import copy
import pickle
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from attrs import evolve, fields
from hypothesis import given
from hypothesis import strategies as st

from goalkit import (
    KPI,
    Benchmark,
    Direction,
    Formula,
    Frequency,
    Indicator,
    InvalidValue,
    KpiBands,
    KpiKind,
    Observation,
    Reads,
    Target,
)
from goalkit.calendars import CycleKind
from goalkit.errors import Problem
from goalkit.model.kpis import OF_ONE_PERIOD, WEIGHED
from goalkit.testing.strategies import kpis, observations

DAY = date(2026, 7, 31)
PARTS: dict[str, Any] = {"kpi": "solved", "on": DAY, "numerator": 81, "denominator": 87}


def kpi(**given: Any) -> KPI:
    return KPI(**{"id": "k", "title": "K", "kind": "flow", **given})


def observation(**given: Any) -> Observation:
    return Observation(**{"kpi": "k", "on": DAY, "value": 1, **given})


def found_in(make: Callable[[], object]) -> tuple[Problem, ...]:
    with pytest.raises(InvalidValue) as caught:
        make()
    str(caught.value).encode()
    assert all(problem.hint for problem in caught.value.problems)
    return caught.value.problems


def problems_of(make: Callable[[], object]) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in found_in(make)]


# -- kinds and frequencies


def test_every_kind_is_put_together_in_one_way() -> None:
    assert {KpiKind.RATIO, KpiKind.AVERAGE} == WEIGHED
    assert {KpiKind.DISTINCT, KpiKind.PERCENTILE} == OF_ONE_PERIOD


def test_every_frequency_but_daily_is_that_of_a_kind_of_period() -> None:
    assert Frequency.DAILY.cycle_kind is None
    assert [frequency.cycle_kind for frequency in Frequency if frequency is not Frequency.DAILY] == [
        CycleKind.WEEK,
        CycleKind.MONTH,
        CycleKind.QUARTER,
        CycleKind.TERTIAL,
        CycleKind.HALF,
        CycleKind.YEAR,
    ]


# -- KPIs


def test_a_kpi_needs_an_id_a_title_and_a_kind() -> None:
    plain = KPI(id="staff", title="Head count", kind="stock")
    assert (plain.id, plain.title, plain.kind) == ("staff", "Head count", KpiKind.STOCK)
    optional = {column.name for column in fields(KPI)} - {"id", "title", "kind"}
    empty: tuple[Any, ...] = (None, "", (), {}, Reads.LATEST)
    assert all(getattr(plain, name) in empty for name in optional)
    with pytest.raises(TypeError):
        KPI(id="staff", title="Head count")  # type: ignore[call-arg]  # on purpose


def test_everything_that_is_said_of_a_kpi_is_kept() -> None:
    said: dict[str, Any] = {
        "id": "revenue",
        "title": "Revenue",
        "kind": "flow",
        "why": "It pays for everything",
        "unit": "EUR",
        "direction": "up",
        "target": "1000.50",
        "target_per": "month",
        "targets": [Target(1100, since="2026-10-01")],
        "bands": KpiBands(by="ratio", green_from=1),
        "frequency": "weekly",
        "indicator": "lagging",
        "predicts": "profit",
        "category": "financial",
        "perspective": "finance",
        "source": "The books",
        "owner": "cfo",
        "benchmarks": [Benchmark(value=950, label="the trade")],
        "formula": Formula("sum", ["north", "south"]),
        "labels": ["board", "board"],
        "extra": {"table": ["sales"]},
    }
    made = KPI(**said)
    assert str(made.target) == "1000.50"
    assert (made.direction, made.indicator) == (Direction.UP, Indicator.LAGGING)
    assert (made.target_per, made.frequency) == (CycleKind.MONTH, Frequency.WEEKLY)
    assert (made.targets, made.benchmarks, made.labels) == (
        (Target(1100, since="2026-10-01"),),
        (Benchmark(value=950, label="the trade"),),
        ("board",),
    )
    assert made.extra["table"] == ("sales",)
    for name in ("bands", "formula", "why", "unit", "predicts", "category", "perspective", "source", "owner"):
        assert getattr(made, name) == said[name]


@given(kpis(above=["a", "b", "c"]))
def test_kpis_are_values(made: KPI) -> None:
    for other in (copy.deepcopy(made), pickle.loads(pickle.dumps(made)), evolve(made)):  # noqa: S301 - our own bytes
        assert other == made
        assert hash(other) == hash(made)
    with pytest.raises(AttributeError):
        made.title = "another"  # type: ignore[misc]  # on purpose


@pytest.mark.parametrize("per", ["week", "month", "quarter", "tertial", "half", "year"])
def test_the_target_of_a_flow_may_be_for_each_period_of_a_kind(per: Any) -> None:
    assert kpi(target=1, target_per=per).target_per is CycleKind(per)
    assert kpi(target=1, target_per=CycleKind(per)) == kpi(target=1, target_per=per)


@pytest.mark.parametrize("per", ["week_year", "backlog", "custom", "weeks"])
def test_of_other_kinds_of_cycles_there_is_not_one_after_the_other(per: str) -> None:
    (problem,) = found_in(lambda: kpi(target=1, target_per=per))
    assert (problem.path, problem.code) == ("target_per", "unknown_choice")
    assert "month" in problem.hint


def test_a_target_from_a_day_on_may_be_for_each_period_too() -> None:
    assert kpi(targets=[Target(1, since=DAY)], target_per="month").target is None


@pytest.mark.parametrize("targets", [(), [Target(1, cycle="2026-Q3")]])
def test_a_period_without_a_target_that_could_be_for_it_is_refused(targets: Any) -> None:
    assert problems_of(lambda: kpi(targets=targets, target_per="month")) == [("target_per", "no_target")]


@pytest.mark.parametrize("kind", [kind for kind in KpiKind if kind is not KpiKind.FLOW])
def test_only_the_target_of_a_flow_grows_with_the_period(kind: KpiKind) -> None:
    assert problems_of(lambda: kpi(kind=kind, target=1, target_per="month")) == [("target_per", "two_answers")]


@pytest.mark.parametrize("reads", ["mean", "minimum", "maximum"])
def test_a_stock_and_a_score_may_be_read_otherwise_and_nothing_else_may(reads: str) -> None:
    for kind in KpiKind:
        if kind in {KpiKind.STOCK, KpiKind.SCORE}:
            assert kpi(kind=kind, reads=reads).reads is Reads(reads)
        else:
            assert problems_of(lambda kind=kind: kpi(kind=kind, reads=reads)) == [("reads", "two_answers")]  # type: ignore[misc]  # a loop's own


@pytest.mark.parametrize("kind", KpiKind)
def test_no_kpi_says_that_its_values_are_summed(kind: KpiKind) -> None:
    assert problems_of(lambda: kpi(kind=kind, reads="sum")) == [("reads", "two_answers")]


def test_what_is_worked_out_is_read_in_no_other_way() -> None:
    formula = Formula("sum", ["a", "b"])
    assert problems_of(lambda: kpi(kind="stock", reads="mean", formula=formula)) == [("reads", "two_answers")]


def test_a_kpi_is_neither_predicted_by_nor_worked_out_from_itself() -> None:
    assert problems_of(lambda: kpi(predicts="k")) == [("predicts", "loop")]
    assert problems_of(lambda: kpi(formula=Formula("sum", ["a", "k"]))) == [("formula.of", "loop")]


def test_every_field_that_is_refused_is_named() -> None:
    wrong: dict[str, Any] = {
        "id": 5,
        "title": " ",
        "kind": None,
        "why": None,
        "unit": "",
        "direction": "left",
        "target": True,
        "target_per": "day",
        "targets": [{}],
        "bands": True,
        "frequency": "hourly",
        "indicator": 1,
        "predicts": [],
        "category": 1,
        "perspective": b"x",
        "source": None,
        "owner": {},
        "benchmarks": None,
        "reads": None,
        "formula": "a / b",
        "labels": "board",
        "extra": [],
    }
    assert {path.partition("[")[0] for path, _ in problems_of(lambda: KPI(**wrong))} == set(wrong)


# -- observations


def test_an_observation_is_a_value_on_a_day() -> None:
    made = Observation(kpi="revenue", on="2026-07-31", value="103.50", unit="EUR", by="cfo", note="x", extra={"row": 7})
    assert (made.kpi, made.on, str(made.value), made.unit, made.by) == ("revenue", DAY, "103.50", "EUR", "cfo")
    assert (made.numerator, made.denominator, made.count, made.supersedes) == (None, None, None, None)
    assert made.extra["row"] == 7


def test_a_ratio_is_observed_by_its_parts_and_an_average_with_its_cases() -> None:
    parts = Observation(**PARTS)
    assert parts.value is None
    assert (parts.numerator, parts.denominator) == (Decimal(81), Decimal(87))
    assert Observation(**{**PARTS, "numerator": -5, "denominator": 0}).denominator == 0
    assert observation(count="12.5").count == Decimal("12.5")


def test_an_id_follows_from_what_is_said_however_it_is_written() -> None:
    one = observation(value="56.0", on="2026-07-31")
    assert one == observation(value=56, on=DAY)
    assert len(one.id) == 20
    assert one.id != observation(value=57).id != observation(value=56, note="x").id
    assert observation(id="mine").id == "mine"
    assert observation(id="").id == observation().id


@given(st.data(), kpis())
def test_observations_are_values(data: st.DataObject, of: KPI) -> None:
    made = data.draw(observations(of))
    for other in (copy.deepcopy(made), pickle.loads(pickle.dumps(made)), evolve(made), evolve(made, id="")):  # noqa: S301 - our own bytes
        assert other == made
        assert hash(other) == hash(made)


@pytest.mark.parametrize(
    ("given", "path", "code"),
    [
        ({"value": None}, "value", "missing_field"),
        ({"value": None, "count": 5}, "value", "missing_field"),
        ({"value": None, "numerator": 1}, "denominator", "missing_field"),
        ({"value": None, "denominator": 1}, "numerator", "missing_field"),
        ({"numerator": 1, "denominator": 2}, "value", "two_answers"),
        ({"numerator": 1}, "value", "two_answers"),
        ({"denominator": 1}, "value", "two_answers"),
        ({"value": None, "numerator": 1, "denominator": "-0.5"}, "denominator", "out_of_range"),
        ({"value": None, "numerator": 1, "denominator": 2, "count": 5}, "count", "out_of_range"),
        ({"count": 0}, "count", "out_of_range"),
        ({"count": -1}, "count", "out_of_range"),
        ({"id": "o", "supersedes": "o"}, "supersedes", "loop"),
    ],
)
def test_an_observation_has_one_value(given: dict[str, Any], path: str, code: str) -> None:
    assert problems_of(lambda: observation(**given)) == [(path, code)]


def test_every_field_of_an_observation_that_is_refused_is_named() -> None:
    wrong: dict[str, Any] = {
        "kpi": None,
        "on": datetime(2026, 7, 31, 9),  # noqa: DTZ001 - what is refused
        "value": True,
        "numerator": float("nan"),
        "denominator": [],
        "count": "many",
        "unit": 5,
        "by": "",
        "note": None,
        "supersedes": {},
        "id": 5,
        "extra": {5: 5},
    }
    assert [path for path, _ in problems_of(lambda: Observation(**wrong))] == list(wrong)


# -- whatever else is given


class _Rude:
    """Something that cannot even be shown."""

    __hash__ = None  # type: ignore[assignment]  # on purpose

    def __repr__(self) -> str:
        raise RuntimeError

    def __eq__(self, other: object) -> bool:
        raise RuntimeError


JUNK: list[Callable[[], object]] = [
    lambda: True,
    lambda: float("nan"),
    lambda: float("-inf"),
    lambda: Decimal("sNaN"),
    lambda: 10**400,
    lambda: "1e999999999",
    lambda: 1 + 2j,
    lambda: "a\0b",
    lambda: "\ud800",
    lambda: b"x",
    lambda: bytearray(2),
    lambda: [1, None, {}],
    lambda: [[set()]],
    lambda: [_Rude()],
    _Rude,
    lambda: {("a",): [1]},
    lambda: {None: None},
    lambda: {"a", "b"},
    lambda: frozenset({Target(1, since=DAY)}),
    lambda: (each for each in (1, "b")),
    lambda: iter([Target(1, since=DAY), 5]),
    lambda: object,
    lambda: KPI,
    lambda: np.array(5),
    lambda: np.array([1, 2]),
    lambda: np.bool_(True),  # noqa: FBT003 - one of numpy's own
    lambda: np.float64("nan"),
    lambda: np.datetime64("NaT"),
    lambda: range(2),
    lambda: NotImplemented,
]


@pytest.mark.parametrize("junk", JUNK, ids=range(len(JUNK)))
@pytest.mark.parametrize(("cls", "name"), [(cls, column.name) for cls in (KPI, Observation) for column in fields(cls)])
def test_whatever_is_given_is_kept_or_refused_by_name(
    cls: type[KPI] | type[Observation], name: str, junk: Callable[[], object]
) -> None:
    base: dict[str, Any] = {"id": "k", "title": "K", "kind": "flow"} if cls is KPI else dict(PARTS)
    made: Any = None
    problems: tuple[Problem, ...] = ()
    try:
        made = cls(**{**base, name: junk()})
    except InvalidValue as error:
        str(error).encode()
        problems = error.problems
    assert (made is None) is bool(problems)
    assert all(problem.path.startswith(name) and problem.hint for problem in problems)
    if made is not None:
        assert made == pickle.loads(pickle.dumps(made))  # noqa: S301 - our own bytes
        assert getattr(made, name) not in (None, "", (), {})


@pytest.mark.parametrize(("direction", "bands"), [("up", KpiBands(green_to=1)), ("down", KpiBands(green_from=1))])
def test_bands_without_an_end_on_the_side_that_is_worse_are_refused(direction: str, bands: KpiBands) -> None:
    with pytest.raises(InvalidValue, match="to be green") as caught:
        KPI(id="k", title="K", kind="flow", direction=direction, bands=bands)
    assert caught.value.problems[0].path == "bands"
    both = KpiBands(green_from=0, green_to=1)
    assert KPI(id="k", title="K", kind="flow", direction=direction, bands=both).bands == both
