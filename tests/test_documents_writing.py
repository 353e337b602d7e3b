"""Values as plain dicts."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given

from goalkit import (
    Approval,
    AtLeast,
    Binary,
    Cadence,
    CheckIn,
    Cycle,
    Grade,
    Increase,
    Initiative,
    KeyResult,
    Link,
    Milestone,
    Objective,
    Plan,
    Retrospective,
    Revision,
    Transition,
    Within,
)
from goalkit.calendars import FiscalCalendar, RetailCalendar
from goalkit.documents.kinds import KINDS, VERSION, columns, kind_of
from goalkit.documents.reading import read_row
from goalkit.documents.writing import to_dict
from goalkit.testing.strategies import plans, things


def types_in(value: Any) -> set[type]:
    """Return the types of everything in a value."""
    inner = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {type(value)}.union(*map(types_in, inner))


@given(plans(max_goals=5, max_facts=4, names_kpis=True))
def test_documents_are_plain_data(plan: Plan) -> None:
    rows = plan.to_dicts()
    assert json.loads(json.dumps(rows, allow_nan=False)) == rows
    assert types_in(rows) <= {dict, list, str, int, float, bool, type(None)}


@given(plans(max_goals=5, max_facts=4, names_kpis=True))
def test_every_document_says_what_it_is_and_holds_only_what_the_reader_knows(plan: Plan) -> None:
    for row, thing in zip(plan.to_dicts(), things(plan), strict=True):
        assert row["kind"] == kind_of(type(thing))
        assert row["version"] == VERSION
        assert row.keys() <= {"kind", "version", *(name for name, _ in columns(KINDS[row["kind"]]))}


@given(plans(max_goals=5, max_facts=4, names_kpis=True))
def test_a_plan_that_was_read_is_written_as_it_was(plan: Plan) -> None:
    rows = plan.to_dicts()
    assert Plan.from_dicts(rows).to_dicts() == rows


def test_what_is_written_can_be_changed_without_changing_the_plan() -> None:
    plan = Plan.of(Objective(id="a", title="A", labels=["x"], extra={"tags": ["y"]}))
    (row,) = plan.to_dicts()
    row["labels"].append("z")
    row["extra"]["tags"].append("z")
    assert plan == Plan.of(Objective(id="a", title="A", labels=["x"], extra={"tags": ["y"]}))


WRITTEN: list[tuple[Any, dict[str, Any]]] = [
    (
        Cycle.quarter(2026, 3),
        {"id": "2026-Q3", "first_day": "2026-07-01", "last_day": "2026-09-30", "cycle_kind": "quarter"},
    ),
    (
        Cycle(id="2026-Q3", first_day="2026-07-01", last_day="2026-09-30"),
        {"id": "2026-Q3", "first_day": "2026-07-01", "last_day": "2026-09-30", "cycle_kind": "custom"},
    ),
    (
        FiscalCalendar(first_month=7, named_by="start").quarter(2026, 1),
        {
            "id": "FY2026-Q1",
            "first_day": "2026-07-01",
            "last_day": "2026-09-30",
            "cycle_kind": "quarter",
            "calendar": {"kind": "fiscal", "first_month": 7, "named_by": "start"},
        },
    ),
    (
        RetailCalendar.nrf().week(2023, 53),
        {
            "id": "FY2023-W53",
            "first_day": "2024-01-28",
            "last_day": "2024-02-03",
            "cycle_kind": "week",
            "calendar": {"kind": "retail"},
        },
    ),
    (Cycle.backlog(), {"id": "backlog", "cycle_kind": "backlog"}),
    (Cycle.backlog("2026-Q3"), {"id": "2026-Q3", "cycle_kind": "backlog"}),
    (Objective(id="a", title="A"), {"id": "a", "title": "A"}),
    (Objective(id="a", title="A", parent="b"), {"id": "a", "title": "A", "parent": "b"}),
    (Objective(id="a", title="A", parent=["b", "c"]), {"id": "a", "title": "A", "parent": ["b", "c"]}),
    (
        Objective(id="a", title="A", parent=["b", Link("c", weight=2, counts=False)], cadence=Cadence.monthly(3)),
        {
            "id": "a",
            "title": "A",
            "parent": ["b", {"to": "c", "weight": 2.0, "counts": False}],
            "cadence": {"unit": "month", "day": 3},
        },
    ),
    (
        Objective(id="a", title="A", parent=Link("c", counts=True)),
        {"id": "a", "title": "A", "parent": {"to": "c", "counts": True}},
    ),
    (
        KeyResult(id="k", title="K", metric=Increase(start="0.10", target=10**6)),
        {"id": "k", "title": "K", "metric": {"kind": "increase", "start": "0.10", "target": "1000000"}},
    ),
    (
        KeyResult(id="k", title="K", metric=AtLeast(3, strict=True)),
        {"id": "k", "title": "K", "metric": {"kind": "at_least", "target": "3", "strict": True}},
    ),
    (
        KeyResult(id="k", title="K", metric=Within(1, 2)),
        {"id": "k", "title": "K", "metric": {"kind": "within", "lower": "1", "upper": "2"}},
    ),
    (KeyResult(id="k", title="K", metric=Binary()), {"id": "k", "title": "K", "metric": {"kind": "binary"}}),
    (
        Milestone(id="m", title="M", due="2026-09-01", depends_on=["a"]),
        {"id": "m", "title": "M", "due": "2026-09-01", "depends_on": ["a"]},
    ),
    (Initiative(id="i", title="I", actions=["a", "b"]), {"id": "i", "title": "I", "actions": ["a", "b"]}),
    (
        CheckIn(id="c", goal="i", on="2026-08-01", done=[], status="on_track", confidence=1),
        {"id": "c", "goal": "i", "on": "2026-08-01", "done": [], "status": "on_track", "confidence": 1.0},
    ),
    (
        CheckIn(id="c", goal="i", on="2026-08-01", value=True),
        {"id": "c", "goal": "i", "on": "2026-08-01", "value": True},
    ),
    (
        Revision(
            id="r",
            goal="k",
            on="2026-09-01",
            changes={
                "metric": Binary(),
                "parent": [Link("a", weight=1)],
                "cycle": None,
                "due": date(2026, 9, 2),
                "ambition": "committed",
                "labels": ["x"],
                "extra": {"a": [1]},
            },
        ),
        {
            "id": "r",
            "goal": "k",
            "on": "2026-09-01",
            "changes": {
                "metric": {"kind": "binary"},
                "parent": {"to": "a", "weight": 1.0},
                "cycle": None,
                "due": "2026-09-02",
                "ambition": "committed",
                "labels": ["x"],
                "extra": {"a": [1]},
            },
        },
    ),
    (
        Transition(id="t", goal="k", on="2026-09-01", stage="closed", outcome="missed"),
        {"id": "t", "goal": "k", "on": "2026-09-01", "stage": "closed", "outcome": "missed"},
    ),
    (
        Objective(id="o", title="O", approvers=["cpo", "cto"]),
        {"id": "o", "title": "O", "approvers": ["cpo", "cto"]},
    ),
    (
        Approval(id="a", goal="k", on="2026-06-18", by="cpo"),
        {"id": "a", "goal": "k", "on": "2026-06-18", "by": "cpo"},
    ),
    (
        Grade(id="g", goal="k", on="2026-10-02", by="cpo", outcome="partial", score="0.65"),
        {"id": "g", "goal": "k", "on": "2026-10-02", "by": "cpo", "outcome": "partial", "score": 0.65},
    ),
    (
        Retrospective(id="r", goal="k", on="2026-10-02", helped="h"),
        {"id": "r", "goal": "k", "on": "2026-10-02", "helped": "h"},
    ),
]


@pytest.mark.parametrize(("thing", "document"), WRITTEN)
def test_only_what_differs_from_the_defaults_is_written(thing: Any, document: dict[str, Any]) -> None:
    assert to_dict(thing) == {"kind": kind_of(type(thing)), "version": 1, **document}
    assert read_row(to_dict(thing)).thing == thing
