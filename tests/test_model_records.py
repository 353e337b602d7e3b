"""The dated facts."""

import copy
import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

import numpy as np
import pytest

from goalkit import (
    Approval,
    CheckIn,
    Grade,
    Increase,
    InvalidValue,
    Link,
    Outcome,
    Retrospective,
    Revision,
    Stage,
    Status,
    Transition,
)
from goalkit.model.records import FACTS, REVISABLE, Fact, measured

DAY = date(2026, 8, 10)
EXAMPLES: list[Fact] = [
    CheckIn(goal="k", on=DAY, value=5, confidence=0.7, by="ida", extra={"a": [1]}),
    CheckIn(goal="i", on=DAY, done=["a"], status="at_risk", note="n", next_steps="s", supersedes="x"),
    Revision(
        goal="k", on=DAY, changes={"metric": Increase(start=0, target=9), "parent": "a", "extra": {"b": {}}}, why="w"
    ),
    Transition(goal="k", on=DAY, stage="closed", outcome="dropped", why="w"),
    Approval(goal="k", on=DAY, by="cpo", note="n"),
    Grade(goal="k", on=DAY, by="cpo", outcome="partial", score=0.65, why="w"),
    Retrospective(goal="k", on=DAY, by="ida", reached="r", helped="h", hindered="i", reword="o", next_time="n"),
]


def problems_of(make: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(InvalidValue) as caught:
        make()
    assert all(problem.hint for problem in caught.value.problems)
    return [(problem.path, problem.code) for problem in caught.value.problems]


@pytest.mark.parametrize("fact", EXAMPLES)
def test_a_fact_is_a_value_that_survives_pickling_and_copying(fact: Fact) -> None:
    for other in (pickle.loads(pickle.dumps(fact)), copy.deepcopy(fact), copy.copy(fact)):  # noqa: S301 - our own bytes
        assert other == fact
        assert other.id == fact.id
        assert hash(other) == hash(fact)
    with pytest.raises(AttributeError):
        fact.by = "bo"  # type: ignore[misc]  # that it cannot be set is the point
    assert FACTS[fact.kind] is type(fact)


def test_an_id_of_ones_own_is_kept() -> None:
    assert CheckIn(goal="k", on=DAY, id="mine").id == "mine"
    assert CheckIn(goal="k", on=DAY, id="").id == CheckIn(goal="k", on=DAY).id


@pytest.mark.parametrize(
    ("value", "code"), [(" ", "empty_id"), (" a", "bad_id"), ("a\n", "bad_id"), ("\ud800", "bad_text"), (7, "not_text")]
)
def test_an_id_that_is_none_is_refused_with_its_place(value: Any, code: str) -> None:
    assert problems_of(lambda: CheckIn(goal="k", on=DAY, id=value)) == [("id", code)]


def test_facts_of_different_kinds_are_never_one_fact() -> None:
    assert len({fact.id for fact in EXAMPLES}) == len(EXAMPLES)


@pytest.mark.parametrize(
    ("given", "want"),
    [
        (None, None),
        (True, True),
        (False, False),
        (np.True_, True),
        (56, Decimal(56)),
        ("54.60", Decimal("54.60")),
        (0.1, Decimal("0.1")),
        (np.float32(0.1), Decimal("0.1")),
        (np.int64(3), Decimal(3)),
    ],
)
def test_a_measured_value_is_exact_or_true_or_false_or_nothing(given: Any, want: Any) -> None:
    got = measured(given)
    assert got == want
    assert type(got) is type(want)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("x", "not_a_number"),
        ("True", "not_a_number"),
        (float("nan"), "not_finite"),
        (float("-inf"), "not_finite"),
        ("1e1000000", "absurd_magnitude"),
        (10**5000, "absurd_magnitude"),
        ("\uff15", "not_a_number"),
        ([5], "not_a_number"),
    ],
    ids=map(str, count()),
)
def test_what_cannot_be_measured_is_refused(given: Any, code: str) -> None:
    assert problems_of(lambda: CheckIn(goal="k", on=DAY, value=given)) == [("value", code)]


def test_every_wrong_field_of_a_check_in_is_named_at_once() -> None:
    wrong: dict[str, Any] = {
        "goal": "",
        "on": datetime(2026, 8, 10, 9, tzinfo=UTC),
        "by": 1,
        "extra": "x",
        "value": "x",
        "done": "a",
        "status": "fine",
        "confidence": 70,
        "note": 1,
        "next_steps": b"",
        "supersedes": " ",
    }
    assert problems_of(lambda: CheckIn(**wrong)) == [
        ("goal", "empty_id"),
        ("on", "not_a_day"),
        ("by", "not_text"),
        ("extra", "not_a_mapping"),
        ("value", "not_a_number"),
        ("done", "not_a_list"),
        ("status", "unknown_choice"),
        ("confidence", "out_of_range"),
        ("note", "not_text"),
        ("next_steps", "not_text"),
        ("supersedes", "empty_id"),
    ]


def test_a_check_in_may_say_any_part_of_what_is_known() -> None:
    check_in = CheckIn(goal="k", on="2026-08-10", status="on_track", confidence="0.7", done=[])
    assert check_in.status is Status.ON_TRACK
    assert check_in.confidence == 0.7
    assert check_in.done == ()
    assert check_in.value is None
    assert CheckIn(goal="k", on=DAY).done is None


def test_a_check_in_cannot_correct_itself() -> None:
    assert problems_of(lambda: CheckIn(goal="k", on=DAY, id="a", supersedes="a")) == [("supersedes", "loop")]


def test_a_revision_reads_every_field_as_the_goal_does() -> None:
    changes: dict[str, Any] = {
        "title": "T",
        "parent": ["a", Link("b")],
        "weight": "2",
        "first_day": "2026-07-01",
        "labels": ["x", "x"],
        "extra": {"a": [1]},
        "metric": None,
        "actions": ["a"],
        "due": None,
        "share": "0.5",
    }
    revision = Revision(goal="k", on=DAY, changes=changes)
    changes["extra"]["a"].append(2)
    changes["title"] = "U"
    assert dict(revision.changes) == {
        "title": "T",
        "parent": (Link("a"), Link("b")),
        "weight": 2.0,
        "first_day": date(2026, 7, 1),
        "labels": ("x",),
        "extra": {"a": (1,)},
        "metric": None,
        "actions": ("a",),
        "due": None,
        "share": 0.5,
    }


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, [("changes", "no_changes")]),
        (None, [("changes", "wrong_kind")]),
        ([("title", "T")], [("changes", "wrong_kind")]),
        ({"id": "x"}, [("changes", "unknown_field")]),
        ({"kind": "objective"}, [("changes", "unknown_field")]),
        ({"wieght": 1}, [("changes", "unknown_field")]),
        ({7: 1}, [("changes", "unknown_field")]),
        ({"title": "", "weight": -1}, [("changes.title", "no_title"), ("changes.weight", "negative_weight")]),
    ],
)
def test_a_revision_that_changes_nothing_it_could_is_refused(changes: Any, found: list[tuple[str, str]]) -> None:
    assert problems_of(lambda: Revision(goal="k", on=DAY, changes=changes)) == found


def test_everything_but_the_id_of_a_goal_may_be_revised() -> None:
    assert "id" not in REVISABLE
    assert {"title", "metric", "due", "share", "actions", "parent"} <= REVISABLE.keys()


def test_a_transition_has_an_outcome_only_at_the_end() -> None:
    closed = Transition(goal="k", on=DAY, stage="closed", outcome="missed")
    assert (closed.stage, closed.outcome) == (Stage.CLOSED, Outcome.MISSED)
    for stage in Stage:
        if stage is not Stage.CLOSED:
            found = problems_of(lambda stage=stage: Transition(goal="k", on=DAY, stage=stage, outcome="missed"))  # type: ignore[misc]  # a loop's own stage
            assert found == [("outcome", "outcome_too_early")]
    assert problems_of(lambda: Transition(goal="k", on=DAY, stage="gone", outcome="lost", why=1)) == [
        ("stage", "unknown_choice"),
        ("outcome", "unknown_choice"),
        ("why", "not_text"),
    ]


def test_what_every_fact_carries_is_no_fact_of_its_own() -> None:
    with pytest.raises(TypeError, match="CheckIn"):
        Fact(goal="g", on="2026-08-10")


@pytest.mark.parametrize(("by", "code"), [(None, "not_text"), ("", "empty_id"), (" ", "empty_id")])
def test_an_approval_by_nobody_is_none(by: Any, code: str) -> None:
    assert problems_of(lambda: Approval(goal="k", on=DAY, by=by)) == [("by", code)]
    assert problems_of(lambda: Grade(goal="k", on=DAY, by=by, outcome="missed")) == [("by", code)]
    with pytest.raises(TypeError):
        Approval(goal="k", on=DAY)  # type: ignore[call-arg]  # that it is needed is the point


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"outcome": None}, [("outcome", "unknown_choice")]),
        ({"outcome": "lost", "score": 1.1}, [("outcome", "unknown_choice"), ("score", "out_of_range")]),
        ({"outcome": "missed", "score": -0.1}, [("score", "out_of_range")]),
        ({"outcome": "missed", "score": "NaN"}, [("score", "not_a_number")]),
        ({"outcome": "missed", "why": None}, [("why", "not_text")]),
    ],
)
def test_a_grade_says_what_became_of_the_goal_and_perhaps_a_score(
    fields: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    assert problems_of(lambda: Grade(goal="k", on=DAY, by="cpo", **fields)) == found


def test_a_grade_is_read_from_text_and_needs_no_score() -> None:
    grade = Grade(goal="k", on=DAY, by="cpo", outcome="missed", score="0.3")
    assert (grade.outcome, grade.score) == (Outcome.MISSED, 0.3)
    assert Grade(goal="k", on=DAY, by="cpo", outcome=Outcome.MISSED).score is None


@pytest.mark.parametrize("fields", [{}, {"helped": ""}, {"reached": " ", "next_time": "\n"}])
def test_a_retrospective_says_something(fields: dict[str, Any]) -> None:
    assert problems_of(lambda: Retrospective(goal="k", on=DAY, **fields)) == [("", "says_nothing")]
    assert Retrospective(goal="k", on=DAY, **fields, hindered="h").by is None
