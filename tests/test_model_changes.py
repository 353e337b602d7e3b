"""What correcting and removing goals does to a plan; the rest of it is seen through the plan itself."""

from collections.abc import Callable

import pytest

from goalkit import KPI, Cycle, InvalidValue, Milestone, Objective, Observation, Problem
from goalkit.model.building import assemble
from goalkit.model.changes import corrected, counted, detached, removal, replaced_kpis, replacement
from goalkit.model.definitions import NOTHING_WRITTEN
from goalkit.model.facts import FactLog, ObservationLog

Q3 = Cycle.quarter(2026, 3)
A = Objective(id="a", title="A")


def problem_of(make: Callable[[], object]) -> Problem:
    with pytest.raises(InvalidValue) as caught:
        make()
    (problem,) = caught.value.problems
    assert problem.hint
    return problem


def test_a_correction_changes_what_it_names_and_nothing_else() -> None:
    goal = Objective(id="a", title="A", weight=2, labels=["x"])
    assert corrected(goal, {"title": "B"}) == Objective(id="a", title="B", weight=2, labels=["x"])
    assert corrected(goal, {}) == goal


def test_a_correction_of_a_field_that_is_not_there_is_refused() -> None:
    near = problem_of(lambda: corrected(A, {"wieght": 1}))
    assert (near.path, near.code, near.hint) == ("wieght", "unknown_field", "did you mean 'weight'?")
    assert problem_of(lambda: corrected(A, {"actions": []})).code == "unknown_field"


def test_an_id_is_never_corrected() -> None:
    found = problem_of(lambda: corrected(A, {"id": "b"}))
    assert (found.path, found.code) == ("id", "unknown_field")
    assert "'id'" not in found.hint


def test_a_correction_that_is_refused_names_its_fields() -> None:
    with pytest.raises(InvalidValue) as caught:
        corrected(A, {"weight": -1, "title": ""})
    assert [problem.path for problem in caught.value.problems] == ["title", "weight"]


def test_a_goal_loses_its_references_to_what_is_gone() -> None:
    milestone = Milestone(id="m", title="M", parent=["a", "b"], depends_on=["a", "c"])
    assert detached(milestone, {"a": None}) == Milestone(id="m", title="M", parent="b", depends_on=["c"])
    assert detached(milestone, {"b": None}) == Milestone(id="m", title="M", parent="a", depends_on=["a", "c"])
    assert detached(milestone, {"x": None}) is milestone
    assert detached(A, {"a": None}) is A


def test_things_are_counted_in_words() -> None:
    assert [counted(number, "fact") for number in (0, 1, 1200)] == ["0 facts", "1 fact", "1\u202f200 facts"]


STAFF, REVENUE = KPI(id="staff", title="Staff", kind="stock"), KPI(id="revenue", title="Revenue", kind="flow")
SEEN = Observation(kpi="staff", on="2026-07-31", value=10)
PARTS = assemble([A, STAFF, REVENUE, SEEN], NOTHING_WRITTEN, FactLog(), ObservationLog())


def test_a_replaced_kpi_is_looked_at_again_with_its_observations() -> None:
    more = KPI(id="staff", title="Head count", kind="stock")
    parts = replaced_kpis(PARTS, [more, REVENUE, more])
    assert list(parts.written.kpis.values()) == [more, REVENUE]
    assert (parts.kpis, parts.observations) == ((more,), (SEEN,))
    assert parts.written.goals is PARTS.written.goals
    assert parts.written.structure is PARTS.written.structure
    assert replaced_kpis(PARTS, [STAFF, REVENUE]) is PARTS
    assert replaced_kpis(PARTS, ()) is PARTS


def test_two_definitions_of_one_kpi_are_refused() -> None:
    found = problem_of(lambda: replaced_kpis(PARTS, [STAFF, KPI(id="staff", title="Other", kind="stock")]))
    assert (found.path, found.code) == ("staff", "duplicate_id")


def test_correcting_and_removing_goals_leaves_kpis_and_what_was_observed_alone() -> None:
    written, log, observed = PARTS.written, PARTS.log, PARTS.observed
    new = Objective(id="a", title="B", affects=["staff"])
    for parts in (
        replacement([new], written, written, log, observed),
        removal(["a"], written, written, log, observed, with_dependants=False),
    ):
        assert parts.written.kpis is written.kpis
        assert parts.observed is observed
