"""Whether KPIs, what is observed of them, and the goals that name them make a plan."""

from datetime import date
from typing import Any

import pytest

from goalkit import (
    KPI,
    CheckIn,
    Formula,
    InvalidPlan,
    InvalidValue,
    KeyResult,
    KpiKind,
    Objective,
    Observation,
    Plan,
    Problem,
    Revision,
)
from goalkit.model import findings
from goalkit.model.facts import ObservationLog
from goalkit.model.findings import Suggestions
from goalkit.model.kpi_checks import check_observations

DAY = date(2026, 7, 31)


def kpi(id: str, **given: Any) -> KPI:  # noqa: A002 - the field's word
    return KPI(**{"id": id, "title": id, "kind": "flow", **given})


def seen(of: str = "revenue", on: date = DAY, **given: Any) -> Observation:
    value = {} if "numerator" in given else {"value": 90}
    return Observation(**{"kpi": of, "on": on, **value, **given})


REVENUE = kpi("revenue", unit="EUR")


def found_in(*things: Any) -> tuple[Problem, ...]:
    with pytest.raises(InvalidPlan) as caught:
        Plan.of(*things)
    assert all(problem.hint for problem in caught.value.problems)
    return caught.value.problems


def problems_of(*things: Any) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in found_in(*things)]


# -- what goals name


def test_a_goal_names_only_kpis_that_are_there() -> None:
    goals = [Objective(id="a", title="A", affects=["revenue", "stuff"]), KeyResult(id="k", title="K", measured_by="x")]
    assert problems_of(REVENUE, kpi("staff"), *goals) == [
        ("a.affects", "unknown_kpi"),
        ("k.measured_by", "unknown_kpi"),
    ]
    assert found_in(REVENUE, kpi("staff"), *goals)[0].hint == "did you mean 'staff'?"
    plan = Plan.of(REVENUE, kpi("stuff"), kpi("x"), *goals)
    assert plan["a"].affects == ("revenue", "stuff")


def test_a_change_of_a_goal_names_only_kpis_that_are_there() -> None:
    plan = Plan.of(REVENUE, KeyResult(id="k", title="K"))
    for changes in ({"measured_by": "x"}, {"affects": ["revenue", "x"]}):
        with pytest.raises(InvalidPlan) as caught:
            plan.record(Revision(goal="k", on=DAY, changes=changes))
        (problem,) = caught.value.problems
        assert (problem.path, problem.code) == (f"k[{DAY}].changes.{next(iter(changes))}", "unknown_kpi")
    assert plan.record(Revision(goal="k", on=DAY, changes={"measured_by": "revenue"}))["k"].measured_by == "revenue"  # type: ignore[attr-defined]  # a key result


def test_what_is_measured_by_a_kpi_has_no_values_of_its_own_from_then_on() -> None:
    plan = Plan.of(REVENUE, KeyResult(id="k", title="K"), CheckIn(goal="k", on="2026-07-01", value=5))
    plan = plan.record(Revision(goal="k", on=DAY, changes={"measured_by": "revenue"}))
    assert plan.record(CheckIn(goal="k", on=DAY, note="fine"), CheckIn(goal="k", on="2026-07-02", value=6))
    with pytest.raises(InvalidPlan, match="value_beside_kpi"):
        plan.record(CheckIn(goal="k", on=DAY, value=7))


def test_looking_for_what_was_meant_does_not_take_ages(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[object] = []

    def did_you_mean(wanted: object, _: object) -> str:
        looked.append(wanted)
        return ""

    monkeypatch.setattr(findings, "did_you_mean", did_you_mean)
    goals = [Objective(id=f"g{n}", title="G", affects=[f"revenue of {n}"]) for n in range(100)]
    assert len(found_in(REVENUE, *goals)) == 100
    assert len(looked) == 20


def test_only_the_first_few_that_are_unknown_are_guessed() -> None:
    suggest = Suggestions({"revenue": 1})
    told = [suggest("revenu", "add it") for _ in range(21)]
    assert told == ["did you mean 'revenue'?"] * 20 + ["add it"]
    assert Suggestions({"a": 1})("staf", "add it", {"staff": 1}) == "did you mean 'staff'?"
    assert Suggestions({"staff": 1})("staf", "add it", {}) == "add it"


# -- what KPIs name


def test_a_kpi_names_only_kpis_that_are_there() -> None:
    each = kpi("each", formula=Formula("ratio", ["revenue", "staf"]), predicts="profit")
    found = found_in(REVENUE, kpi("staff"), each)
    assert [(problem.path, problem.code) for problem in found] == [
        ("each.predicts", "unknown_kpi"),
        ("each.formula", "unknown_kpi"),
    ]
    assert [problem.hint for problem in found] == ["add that KPI, or leave it out", "did you mean 'staff'?"]


def test_two_kpis_may_predict_each_other() -> None:
    assert len(Plan.of(kpi("a", predicts="b"), kpi("b", predicts="a")).kpis) == 2


@pytest.mark.parametrize("length", [2, 3, 1000])
def test_no_kpi_is_worked_out_from_itself_however_long_the_way(length: int) -> None:
    circle = [kpi(f"k{n}", formula=Formula("sum", [f"k{(n + 1) % length}", "revenue"])) for n in range(length)]
    ((path, code),) = problems_of(REVENUE, *circle)
    assert (path.endswith(".formula"), code) == (True, "loop")


def test_a_tree_of_kpis_may_use_one_of_them_twice() -> None:
    tree = [kpi("cost"), kpi("profit", formula=Formula("difference", ["revenue", "cost"]))]
    margin = kpi("margin", kind="ratio", formula=Formula("ratio", ["profit", "revenue"]))
    assert Plan.of(REVENUE, *tree, margin).kpi("margin") == margin


def test_a_loop_is_found_where_a_kpi_is_replaced() -> None:
    plan = Plan.of(kpi("a"), kpi("b"), kpi("c", formula=Formula("sum", ["a", "b"])))
    with pytest.raises(InvalidPlan, match="loop"):
        plan.replace(kpi("a", formula=Formula("sum", ["b", "c"])))


# -- observations


def test_an_observation_is_of_a_kpi_that_is_there() -> None:
    (problem,) = found_in(REVENUE, seen("revenu"))
    assert (problem.path, problem.code, problem.hint) == (
        f"revenu[{DAY}].kpi",
        "unknown_kpi",
        "did you mean 'revenue'?",
    )
    with pytest.raises(InvalidPlan, match="unknown_kpi"):
        Plan.of(Objective(id="revenue", title="A goal of that name")).record(seen())


def test_what_is_worked_out_is_not_observed() -> None:
    things = [REVENUE, kpi("cost"), kpi("profit", formula=Formula("difference", ["revenue", "cost"]))]
    (problem,) = found_in(*things, seen("profit", count=5, unit="EUR"))
    assert (problem.path, problem.code) == (f"profit[{DAY}].value", "value_beside_formula")
    assert "revenue - cost" in problem.message


@pytest.mark.parametrize("kind", KpiKind)
def test_only_a_ratio_has_parts_and_only_an_average_has_cases(kind: KpiKind) -> None:
    of = kpi("x", kind=kind)
    expected = [] if kind is KpiKind.RATIO else [(f"x[{DAY}].numerator", "no_parts")]
    assert told(of, seen("x", numerator=1, denominator=2)) == expected
    expected = [] if kind is KpiKind.AVERAGE else [(f"x[{DAY}].count", "no_cases")]
    assert told(of, seen("x", count=5)) == expected
    assert told(of, seen("x")) == []


def told(*things: Any) -> list[tuple[str, str]]:
    try:
        Plan.of(*things)
    except InvalidPlan as error:
        return [(problem.path, problem.code) for problem in error.problems]
    return []


def test_unlike_units_are_refused_where_both_are_known() -> None:
    assert problems_of(REVENUE, seen(unit="USD")) == [(f"revenue[{DAY}].unit", "unlike_units")]
    assert told(REVENUE, seen(unit="EUR"), seen()) == []
    assert told(kpi("revenue"), seen(unit="USD")) == []


def test_a_kpi_is_not_replaced_by_one_that_its_observations_do_not_fit() -> None:
    plan = Plan.of(REVENUE, kpi("cost"), kpi("other"), seen())
    cases: list[tuple[KPI, str]] = [
        (kpi("revenue", unit="USD"), ""),
        (kpi("revenue", formula=Formula("sum", ["cost", "other"])), "value_beside_formula"),
    ]
    for new, code in cases:
        if code:
            with pytest.raises(InvalidPlan, match=code):
                plan.replace(new)
        else:
            assert plan.replace(new).kpi("revenue") == new
    with pytest.raises(InvalidPlan, match="unlike_units"):
        Plan.of(REVENUE, seen(unit="EUR")).replace(kpi("revenue", unit="USD"))


# -- corrections


def test_an_observation_corrects_one_of_the_same_kpi_that_is_known_by_then() -> None:
    wrong, later = seen(id="wrong"), date(2026, 8, 1)
    assert told(REVENUE, wrong, seen(value=9, supersedes="wrong")) == []
    assert told(REVENUE, wrong, seen(on=later, supersedes="wrong")) == []
    assert problems_of(REVENUE, seen(supersedes="nothing")) == [(f"revenue[{DAY}].supersedes", "unknown_observation")]
    assert problems_of(REVENUE, kpi("staff"), wrong, seen("staff", supersedes="wrong")) == [
        (f"staff[{DAY}].supersedes", "unknown_observation")
    ]
    assert problems_of(REVENUE, seen(on=later, id="wrong"), seen(supersedes="wrong")) == [
        (f"revenue[{DAY}].supersedes", "corrects_later")
    ]


def test_a_check_in_is_not_an_observation_to_correct() -> None:
    fact = CheckIn(goal="revenue", on=DAY, id="c")
    found = problems_of(Objective(id="revenue", title="R"), REVENUE, fact, seen(supersedes="c"))
    assert found == [(f"revenue[{DAY}].supersedes", "unknown_observation")]


@pytest.mark.parametrize("length", [2, 3, 500])
def test_observations_do_not_correct_each_other_in_a_circle(length: int) -> None:
    circle = [seen(id=f"o{n}", supersedes=f"o{(n + 1) % length}") for n in range(length)]
    ((path, code),) = problems_of(REVENUE, *circle)
    assert (path, code) == (f"revenue[{DAY}].supersedes", "loop")


def test_a_correction_of_what_is_there_already_is_no_loop() -> None:
    plan = Plan.of(REVENUE, seen(id="a"), seen(id="b", supersedes="a"))
    assert [each.id for each in plan.record(seen(id="c", supersedes="b")).observations("revenue")] == ["c"]


def test_what_is_looked_at_is_only_what_was_asked_for() -> None:
    log = ObservationLog().extended([seen("nowhere", id="old")])
    assert list(check_observations({"revenue": REVENUE}, log, [seen()])) == []
    with pytest.raises(InvalidValue):
        Plan.of(REVENUE, seen("nowhere"))


def test_a_key_result_has_the_unit_of_the_kpi_that_measures_it() -> None:
    def problems(unit: str | None, of: KPI = REVENUE) -> list[str]:
        try:
            Plan.of(of, KeyResult(id="k", title="K", unit=unit, measured_by="revenue"))
        except InvalidPlan as error:
            return [f"{problem.path} {problem.code}" for problem in error.problems]
        return []

    assert problems("SEK") == ["k.measured_by unlike_units"]
    assert problems("EUR") == problems(None) == problems("SEK", kpi("revenue")) == []
    plan = Plan.of(REVENUE, KeyResult(id="k", title="K", measured_by="revenue"))
    with pytest.raises(InvalidPlan, match="unlike_units"):
        plan.record(Revision(goal="k", on=DAY, changes={"unit": "SEK"}))
