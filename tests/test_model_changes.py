"""What correcting and removing goals does to a plan; the rest of it is seen through the plan itself."""

from collections.abc import Callable

import pytest

from goalkit import Cycle, InvalidValue, Milestone, Objective, Problem
from goalkit.model.changes import corrected, counted, detached

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
