"""Plain dicts as values."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from goalkit import KPI, CheckIn, Cycle, Increase, InvalidPlan, KeyResult, Link, Objective, Plan, Target
from goalkit.calendars import CycleKind, FiscalCalendar, RetailCalendar
from goalkit.documents.reading import read_plan, read_row
from goalkit.testing.strategies import plain_data, plans

OBJECTIVE: dict[str, Any] = {"kind": "objective", "id": "app", "title": "App"}
KEY_RESULT: dict[str, Any] = {
    "kind": "key_result",
    "id": "nps",
    "title": "Reach an NPS of 70",
    "metric": {"kind": "increase", "start": 42, "target": 70},
}
CHECK_IN: dict[str, Any] = {"kind": "check_in", "goal": "nps", "on": "2026-08-10", "value": 56}


def problems_of(*rows: Any) -> dict[str, str]:
    """Return the paths and codes of what is wrong."""
    with pytest.raises(InvalidPlan) as caught:
        Plan.from_dicts(rows)
    return {problem.path: problem.code for problem in caught.value.problems}


def hint_of(*rows: Any) -> str:
    """Return the hint of the first problem."""
    with pytest.raises(InvalidPlan) as caught:
        Plan.from_dicts(rows)
    return caught.value.problems[0].hint


@given(plans(names_kpis=True))
def test_a_plan_comes_back_from_json_as_it_was(plan: Plan) -> None:
    assert Plan.from_dicts(json.loads(json.dumps(plan.to_dicts()))) == plan


@given(plans(max_goals=4, names_kpis=True))
def test_the_ids_of_facts_survive(plan: Plan) -> None:
    again = Plan.from_dicts(json.loads(json.dumps(plan.to_dicts())))
    assert [fact.id for fact in again.facts] == [fact.id for fact in plan.facts]
    assert [each.id for each in again.observed] == [each.id for each in plan.observed]


@given(plain_data())
def test_any_json_in_place_of_rows_makes_a_plan_or_an_invalid_plan(rows: Any) -> None:
    try:
        plan = Plan.from_dicts(rows)
    except InvalidPlan:
        return
    assert plan == Plan()


def test_what_is_unknown_goes_to_extra_and_comes_back() -> None:
    plan = Plan.from_dicts([{**OBJECTIVE, "team": ["a", {"b": None}], "extra": {"colour": "red"}}])
    assert plan["app"].extra == {"colour": "red", "team": ("a", {"b": None})}
    again = Plan.from_dicts(plan.to_dicts())
    assert again == plan
    assert again.to_dicts()[0]["extra"] == {"colour": "red", "team": ["a", {"b": None}]}


def test_none_is_not_given() -> None:
    row = {**OBJECTIVE, "weight": None, "labels": None, "extra": None, "metric": None, "version": None, "team": None}
    assert Plan.from_dicts([row]) == Plan.of(Objective(id="app", title="App"))
    assert problems_of({**OBJECTIVE, "id": None}) == {"[0].id": "missing_field"}


def test_none_within_a_part_is_not_given() -> None:
    row = {**KEY_RESULT, "parent": {"to": "app", "weight": None}, "cadence": {"unit": "day", "weekday": None}}
    assert Plan.from_dicts([OBJECTIVE, row])["nps"].parent == (Link("app"),)


def test_none_within_changes_is_a_change_to_nothing() -> None:
    revision = {"kind": "revision", "goal": "nps", "on": "2026-09-01", "changes": {"metric": None, "parent": None}}
    plan = Plan.from_dicts([{**KEY_RESULT, "parent": "app"}, OBJECTIVE, revision])
    later = plan.as_of(date(2026, 9, 1))["nps"]
    assert isinstance(later, KeyResult)
    assert later.metric is None
    assert later.parent == ()


@pytest.mark.parametrize(
    "parent", ["app", ["app"], {"to": "app"}, [{"to": "app"}], Link("app"), [Link("app")], ("app",)]
)
def test_a_parent_is_an_id_a_link_or_several_of_them(parent: Any) -> None:
    assert Plan.from_dicts([OBJECTIVE, {**KEY_RESULT, "parent": parent}])["nps"].parent == (Link("app"),)


def test_values_may_stand_where_documents_are_expected() -> None:
    metric = Increase(start=42, target=70)
    plan = Plan.from_dicts([{**KEY_RESULT, "metric": metric}])
    assert plan == Plan.from_dicts([KEY_RESULT])


# -- rows as real code has them -------------------------------------------------------------------


def test_rows_of_sqlite_are_read() -> None:
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    try:
        rows = connection.execute("select 'objective' as kind, 'app' as id, 'App' as title, 2 as weight, null as why")
        assert Plan.from_dicts(rows)["app"].weight == 2
    finally:
        connection.close()


def test_scalars_of_numpy_are_read() -> None:
    rows = [
        {**KEY_RESULT, "id": np.str_("nps"), "weight": np.int64(2), "version": np.int64(1), "due": None},
        {**CHECK_IN, "value": np.float32("0.1"), "on": np.datetime64("2026-08-10"), "confidence": np.float64(0.5)},
    ]
    plan = Plan.from_dicts(rows)
    assert plan.check_ins("nps")[0].value == Decimal("0.1")
    assert plan.check_ins("nps")[0].on == date(2026, 8, 10)
    assert type(plan["nps"].id) is str


def test_records_of_a_dataframe_are_read() -> None:
    frame = pd.DataFrame(
        {
            "kind": ["check_in", "check_in"],
            "version": [1, 1],
            "goal": ["nps", "nps"],
            "on": pd.to_datetime(["2026-08-10", "2026-08-11"]),
            "value": [56, 57.5],
        }
    )
    plan = Plan.from_dicts([KEY_RESULT, *frame.to_dict("records")])
    assert [check_in.value for check_in in plan.check_ins("nps")] == [Decimal(56), Decimal("57.5")]


def test_a_calendar_cycle_with_timestamps_stays_one() -> None:
    first, last = pd.to_datetime(["2026-07-01", "2026-09-30"])
    row = {"kind": "cycle", "id": "2026-Q3", "first_day": first, "last_day": last}
    assert Plan.from_dicts([row]).cycle("2026-Q3") == Cycle.quarter(2026, 3)


def test_decimals_and_enums_are_read() -> None:
    class Kind(StrEnum):
        CHECK_IN = "check_in"

    class State(StrEnum):
        FINE = "on_track"

    row = {**CHECK_IN, "kind": Kind.CHECK_IN, "value": Decimal("56.10"), "status": State.FINE}
    (check_in,) = Plan.from_dicts([KEY_RESULT, row]).check_ins("nps")
    assert str(check_in.value) == "56.10"
    assert check_in.status == "on_track"


def test_a_revision_may_change_what_is_nested() -> None:
    changes = {"metric": {"kind": "at_least", "target": "3"}, "parent": [{"to": "app", "weight": 2}]}
    plan = Plan.from_dicts(
        [OBJECTIVE, KEY_RESULT, {"kind": "revision", "goal": "nps", "on": "2026-09-01", "changes": changes}]
    )
    assert plan.as_of(date(2026, 9, 1))["nps"].parent == (Link("app", weight=2),)


# -- cycles ---------------------------------------------------------------------------------------


def test_the_id_of_a_calendar_cycle_says_its_days() -> None:
    assert Plan.from_dicts([{"kind": "cycle", "id": "2026-Q3"}]).cycle("2026-Q3") == Cycle.quarter(2026, 3)
    for one_day in ({"first_day": "2026-07-01"}, {"last_day": "2026-09-30"}):
        assert Plan.from_dicts([{"kind": "cycle", "id": "2026-Q3", **one_day}]).cycles == (Cycle.quarter(2026, 3),)


def test_a_calendar_id_with_other_days_is_a_custom_cycle() -> None:
    row = {"kind": "cycle", "id": "2026-Q3", "first_day": "2026-07-06", "last_day": "2026-09-27"}
    assert Plan.from_dicts([row]).cycle("2026-Q3").kind is CycleKind.CUSTOM
    assert problems_of({**row, "cycle_kind": "quarter"}).keys() == {"[0].first_day", "[0].last_day"}


def test_one_day_of_a_calendar_cycle_is_not_completed() -> None:
    row = {"kind": "cycle", "id": "2026-Q3", "first_day": "2026-07-06"}
    assert problems_of(row) == {"[0].last_day": "missing_field"}


FISCAL = {"kind": "fiscal", "first_month": 7}


@pytest.mark.parametrize(
    ("row", "cycle"),
    [
        ({"id": "2026-W53"}, Cycle.week(2026, 53)),
        ({"id": "2026-W"}, Cycle.week_year(2026)),
        ({"id": "2026-02-16-6W"}, Cycle.weeks(date(2026, 2, 16))),
        ({"id": "FY2027-Q1", "calendar": FISCAL}, FiscalCalendar(first_month=7).quarter(2027, 1)),
        (
            {"id": "FY2026-Q1", "calendar": {**FISCAL, "named_by": "start"}, "first_day": "2026-07-01"},
            FiscalCalendar(first_month=7, named_by="start").quarter(2026, 1),
        ),
        (
            {"id": "FY2023-W53", "calendar": {"kind": "retail"}, "title": "Long"},
            RetailCalendar.nrf().week(2023, 53, title="Long"),
        ),
        ({"id": "ideas", "cycle_kind": "backlog"}, Cycle.backlog("ideas")),
    ],
)
def test_the_id_of_a_cycle_and_its_calendar_say_its_days(row: dict[str, Any], cycle: Cycle) -> None:
    assert Plan.from_dicts([{"kind": "cycle", **row}]).cycles == (cycle,)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"calendar": {"kind": "lunar"}}, {"calendar.kind": "unknown_kind"}),
        ({"calendar": {"first_month": 7}}, {"calendar.kind": "unknown_kind"}),
        ({"calendar": {"kind": "fiscal"}}, {"calendar.first_month": "missing_field"}),
        ({"calendar": {**FISCAL, "colour": "red"}}, {"calendar.colour": "unknown_field"}),
        ({"calendar": {**FISCAL, "first_month": 13}}, {"calendar.first_month": "out_of_range"}),
        ({"calendar": "fiscal"}, {"calendar": "wrong_kind"}),
        ({}, {}),
    ],
)
def test_a_calendar_that_cannot_be_read_is_named(row: dict[str, Any], found: dict[str, str]) -> None:
    days = {"first_day": "missing_field", "last_day": "missing_field"}
    told = problems_of({"kind": "cycle", "id": "FY2027-Q1", **row})
    assert told == {f"[0].{path}": code for path, code in (found | days).items()}


def test_a_cycle_is_not_another_calendar_s() -> None:
    days = {"first_day": "2026-07-01", "last_day": "2026-09-30", "cycle_kind": "quarter"}
    row = {"kind": "cycle", "id": "FY2027-Q1", "calendar": {"kind": "fiscal", "first_month": 4}, **days}
    assert problems_of(row) == {"[0].first_day": "cycle_mismatch", "[0].last_day": "cycle_mismatch"}
    del row["cycle_kind"]
    assert problems_of(row) == {"[0].calendar": "misplaced_field"}


def test_a_cycle_names_every_field_that_is_wrong() -> None:
    row = {"kind": "cycle", "id": 5, "first_day": "soon", "cycle_kind": "fortnight", "colour": "red"}
    assert problems_of(row) == {
        "[0].colour": "unknown_field",
        "[0].cycle_kind": "unknown_choice",
        "[0].id": "not_text",
        "[0].first_day": "not_a_day",
        "[0].last_day": "missing_field",
    }


# -- what is refused ------------------------------------------------------------------------------

FIVE: dict[Any, Any] = {5: "five"}
REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({**OBJECTIVE, "id": 7}, "id", "not_text"),
    ({**OBJECTIVE, "version": 2}, "version", "unknown_version"),
    ({**OBJECTIVE, "version": True}, "version", "unknown_version"),
    ({**OBJECTIVE, "version": "new"}, "version", "unknown_version"),
    ({"id": "app", "title": "App"}, "", "no_kind"),
    ({**OBJECTIVE, "kind": "objektive"}, "kind", "unknown_kind"),
    ({**OBJECTIVE, "kind": ["objective"]}, "kind", "unknown_kind"),
    ({**OBJECTIVE, "kind": "goal"}, "kind", "unknown_kind"),
    ({**OBJECTIVE, "extra": ["a"]}, "extra", "not_a_mapping"),
    ({**OBJECTIVE, "extra": ["a"], "team": "x"}, "extra", "not_a_mapping"),
    ({**OBJECTIVE, "extra": {"team": 1}, "team": 2}, "team", "two_answers"),
    ({**OBJECTIVE, **FIVE}, "", "not_text"),
    ({**OBJECTIVE, "weight": True}, "weight", "boolean_value"),
    ({**OBJECTIVE, "weight": "1e1000000"}, "weight", "absurd_magnitude"),
    ({**OBJECTIVE, "weight": 10**5000}, "weight", "absurd_magnitude"),
    ({**OBJECTIVE, "weight": "9" * 5000}, "weight", "not_a_number"),
    ({**OBJECTIVE, "weight": "\uff11\uff12"}, "weight", "not_a_number"),
    ({**OBJECTIVE, "weight": float("nan")}, "weight", "not_finite"),
    ({**OBJECTIVE, "first_day": datetime(2026, 7, 1, 9)}, "first_day", "not_a_day"),  # noqa: DTZ001 - the case itself
    ({**OBJECTIVE, "first_day": datetime(2026, 7, 1, tzinfo=UTC)}, "first_day", "not_a_day"),
    ({**OBJECTIVE, "first_day": "\uff12\uff10\uff12\uff16-07-01"}, "first_day", "not_a_day"),
    ({**OBJECTIVE, "first_day": 20260701}, "first_day", "not_a_day"),
    ({**OBJECTIVE, "first_day": pd.NaT}, "first_day", "not_a_day"),
    ({**OBJECTIVE, "first_day": "2026-07-02", "last_day": "2026-07-01"}, "last_day", "days_out_of_order"),
    ({**OBJECTIVE, "labels": "mobile"}, "labels", "not_a_list"),
    ({**OBJECTIVE, "labels": [5]}, "labels[0]", "not_text"),
    ({**OBJECTIVE, "rollup": "median"}, "rollup", "unknown_choice"),
    ({**OBJECTIVE, "title": " "}, "title", "no_title"),
    ({**OBJECTIVE, "parent": {"to": "x", "wieght": 2}}, "parent.wieght", "unknown_field"),
    ({**OBJECTIVE, "parent": [{"weight": 2}]}, "parent[0].to", "missing_field"),
    ({**OBJECTIVE, "parent": [5]}, "parent[0].to", "not_text"),
    ({**OBJECTIVE, "parent": 5}, "parent", "not_a_link"),
    ({**OBJECTIVE, "metric": 5}, "metric", "wrong_kind"),
    ({**OBJECTIVE, "metric": {"kind": "incraese"}}, "metric.kind", "unknown_kind"),
    ({**OBJECTIVE, "metric": {"kind": "unreadable"}}, "metric.kind", "unknown_kind"),
    ({**OBJECTIVE, "metric": {"kind": "binary", "target": 1}}, "metric.target", "unknown_field"),
    ({**OBJECTIVE, "metric": {"kind": "binary", 5: 1}}, "metric", "unknown_field"),
    ({**OBJECTIVE, "metric": {"kind": "increase", "start": 1, "target": 1}}, "metric.target", "zero_span"),
    ({**OBJECTIVE, "cadence": {"unit": "week"}}, "cadence.weekday", "missing_field"),
    ({**OBJECTIVE, "cadence": {"unit": "day", "every": 0}}, "cadence.every", "out_of_range"),
    ({**OBJECTIVE, "cadence": "weekly"}, "cadence", "wrong_kind"),
    ({"kind": "revision", "goal": "a", "on": "2026-01-01", "changes": 5}, "changes", "wrong_kind"),
    ({"kind": "revision", "goal": "a", "on": "2026-01-01", "changes": {}}, "changes", "no_changes"),
    ({"kind": "revision", "goal": "a", "on": "2026-01-01", "changes": {"id": "b"}}, "changes", "unknown_field"),
    (
        {"kind": "revision", "goal": "a", "on": "2026-01-01", "changes": {"metric": {"kind": "x"}}},
        "changes.metric.kind",
        "unknown_kind",
    ),
    ({"kind": "transition", "goal": "a", "on": "2026-01-01", "stage": "begun"}, "stage", "unknown_choice"),
    ({"kind": "approval", "goal": "a", "on": "2026-01-01"}, "by", "missing_field"),
    ({"kind": "grade", "goal": "a", "on": "2026-01-01", "by": "b"}, "outcome", "missing_field"),
    ({"kind": "retrospective", "goal": "a", "on": "2026-01-01"}, "", "says_nothing"),
    ({**CHECK_IN, "value": "many"}, "value", "not_a_number"),
    ({**CHECK_IN, "confidence": 70}, "confidence", "out_of_range"),
]


@pytest.mark.parametrize(("row", "path", "code"), REFUSED)
def test_what_is_wrong_with_one_document_is_named_with_its_place(row: dict[str, Any], path: str, code: str) -> None:
    read = read_row(row)
    assert read.thing is None
    assert (path, code) in [(problem.path, problem.code) for problem in read.problems]
    with pytest.raises(InvalidPlan) as caught:
        Plan.from_dicts([OBJECTIVE, row])
    place = f"[1].{path}" if path else "[1]"
    assert (place, code) in [(problem.path, problem.code) for problem in caught.value.problems]


def test_everything_that_is_wrong_is_named_at_once() -> None:
    row = {
        "kind": "key_result",
        "weight": -1,
        "parent": [{"to": "a", "weight": "x", "wheight": 2}, "b"],
        "metric": {"kind": "increase", "start": "x", "taget": 5},
    }
    assert problems_of(row, {**OBJECTIVE, "parent": "nowhere"}) == {
        "[0].id": "missing_field",
        "[0].title": "missing_field",
        "[0].weight": "negative_weight",
        "[0].parent[0].weight": "not_a_number",
        "[0].parent[0].wheight": "unknown_field",
        "[0].metric.start": "not_a_number",
        "[0].metric.target": "missing_field",
        "[0].metric.taget": "unknown_field",
        "[1].parent": "unknown_parent",
    }


def test_what_can_be_gone_through_once_is_reported_too() -> None:
    assert problems_of({**OBJECTIVE, "labels": iter([5])}) == {"[0].labels[0]": "not_text"}


def test_an_int_as_an_id_is_refused_with_a_hint() -> None:
    assert "str(" in hint_of({**OBJECTIVE, "id": 7})


def test_a_future_version_is_refused_with_a_hint() -> None:
    assert "versions up to 1" in hint_of({**OBJECTIVE, "version": 2, "colour": "red"})


@pytest.mark.parametrize(
    ("row", "hint"),
    [
        ({**OBJECTIVE, "kind": "objektive"}, "did you mean 'objective'?"),
        ({**OBJECTIVE, "kind": "xyz"}, "cycle, objective, key_result"),
        ({"id": "a"}, "cycle, objective, key_result"),
        ({**OBJECTIVE, "metric": {"kind": "incraese"}}, "did you mean 'increase' or"),
        ({**OBJECTIVE, "metric": {}}, "increase, decrease"),
        ({**OBJECTIVE, "metric": {"kind": "binary", "x": 1}}, "leave it out"),
        ({**OBJECTIVE, "parent": {"to": "x", "colour": 1}}, "it may have counts, to, weight"),
        ({"kind": "cycle", "id": "2026", "titel": "x"}, "did you mean 'title'?"),
        ({"kind": "cycle", "id": "2026", "colour": "x"}, "leave it out"),
    ],
)
def test_a_refusal_says_what_would_be_accepted(row: dict[str, Any], hint: str) -> None:
    assert hint in hint_of(row)


def test_a_bad_document_is_reported_alone_and_not_who_refers_to_it() -> None:
    rows = [{**OBJECTIVE, "weight": "heavy"}, {**KEY_RESULT, "parent": "app"}]
    assert problems_of(*rows) == {"[0].weight": "not_a_number"}


def test_strict_reading_refuses_unknown_fields() -> None:
    with pytest.raises(InvalidPlan) as caught:
        read_plan([{**OBJECTIVE, "wieght": 2}, {**OBJECTIVE, "id": "b", "colour": "red"}], strict=True)
    assert [problem.path for problem in caught.value.problems] == ["[0].wieght", "[1].colour"]
    assert [problem.hint for problem in caught.value.problems] == ["did you mean 'weight'?", "keep it in extra"]


def test_duplicate_ids_are_refused_unless_they_are_the_same_thing() -> None:
    assert len(Plan.from_dicts([OBJECTIVE, OBJECTIVE])) == 1
    assert problems_of(OBJECTIVE, {**OBJECTIVE, "title": "B"}) == {"[1].id": "duplicate_id"}


def test_references_to_nothing_are_refused() -> None:
    rows = [
        {**OBJECTIVE, "parent": "x", "cycle": "2026-Q3"},
        {"kind": "milestone", "id": "m", "title": "M", "depends_on": ["y"]},
        {**CHECK_IN, "goal": "z"},
        {**CHECK_IN, "goal": "m", "value": 1, "supersedes": "w"},
    ]
    assert problems_of(*rows) == {
        "[0].parent": "unknown_parent",
        "[0].cycle": "unknown_cycle",
        "[1].depends_on": "unknown_dependency",
        "[2].goal": "unknown_goal",
        "[3].supersedes": "unknown_check_in",
    }


@pytest.mark.parametrize("length", [1, 2, 1000])
def test_a_loop_of_any_length_is_refused(length: int) -> None:
    ring = [{**OBJECTIVE, "id": f"g{n}", "parent": f"g{(n + 1) % length}"} for n in range(length)]
    assert list(problems_of(*ring).values()) == ["loop"]


@pytest.mark.parametrize("rows", [OBJECTIVE, "[]", b"[{}]", None, 5])
def test_what_is_no_list_of_documents_is_refused(rows: Any) -> None:
    for read in (Plan.from_dicts, Plan.salvage):
        with pytest.raises(InvalidPlan, match="give a list of dicts"):
            read(rows)


@pytest.mark.parametrize("row", [None, 5, "objective", ["kind", "objective"], b"", dict, object(), 1.5, True])
def test_what_is_no_document_is_refused(row: Any) -> None:
    assert problems_of(row) == {"[0]": "not_a_document"}


def test_a_generator_of_rows_is_read_once() -> None:
    assert len(Plan.from_dicts(row for row in (OBJECTIVE, KEY_RESULT))) == 2


def test_what_a_generator_raises_is_not_changed() -> None:
    def rows() -> Iterator[dict[str, Any]]:
        yield OBJECTIVE
        raise LookupError("the line is dead")

    for read in (Plan.from_dicts, Plan.salvage):
        with pytest.raises(LookupError, match="the line is dead"):
            read(rows())


@pytest.mark.parametrize(
    "row",
    [
        {**OBJECTIVE, "weight": "heavy"},
        {**OBJECTIVE, "kind": "objektive"},
        {**KEY_RESULT, "metric": {"kind": "increase", "start": 1, "target": 1}},
        {**OBJECTIVE, "parent": "nowhere"},
        {"kind": "check_in", "goal": "nowhere", "on": "2026-08-10"},
        None,
    ],
)
def test_many_bad_rows_are_all_told_in_a_short_message(row: dict[str, Any] | None) -> None:
    rows: list[Any] = [row and {**row, "id": f"g{n}"} for n in range(5_000)]
    with pytest.raises(InvalidPlan) as caught:
        Plan.from_dicts(rows)
    assert len(caught.value.problems) == len(rows)
    assert len(str(caught.value)) < 10_000


# -- version 1, as it is in other people's stores -------------------------------------------------

VERSION_1: list[dict[str, Any]] = [
    {
        "kind": "cycle",
        "version": 1,
        "id": "2026-Q3",
        "first_day": "2026-07-01",
        "last_day": "2026-09-30",
        "cycle_kind": "quarter",
    },
    {
        "kind": "objective",
        "version": 1,
        "id": "app",
        "title": "Make the app a joy",
        "why": "People leave",
        "owner": "mobile",
        "level": "team",
        "cycle": "2026-Q3",
        "ambition": "committed",
        "cadence": {"unit": "week", "weekday": "monday", "grace_days": 2},
        "rollup": "minimum",
        "labels": ["mobile"],
        "extra": {"tags": ["a", {"b": 1.5}]},
    },
    {
        "kind": "key_result",
        "version": 1,
        "id": "nps",
        "title": "Reach an NPS of 70",
        "parent": [{"to": "app", "weight": 2.0}, {"to": "growth", "counts": False}],
        "weight": 3.0,
        "unit": "points",
        "metric": {"kind": "increase", "start": "42", "target": "70.50"},
    },
    {"kind": "objective", "version": 1, "id": "growth", "title": "Grow"},
    {
        "kind": "milestone",
        "version": 1,
        "id": "half",
        "title": "Half of the way",
        "parent": "nps",
        "due": "2026-08-15",
        "depends_on": ["work"],
        "share": 0.5,
        "delegate": "ida",
    },
    {"kind": "initiative", "version": 1, "id": "work", "title": "Work", "parent": "app", "actions": ["ask", "build"]},
    {
        "kind": "key_result",
        "version": 1,
        "id": "more",
        "title": "Sell more",
        "parent": "growth",
        "affects": ["solved"],
        "metric": {"kind": "increase", "start": "0", "target": "3300"},
        "measured_by": "revenue",
    },
    {
        "kind": "kpi",
        "version": 1,
        "id": "revenue",
        "title": "Revenue",
        "kpi_kind": "flow",
        "why": "It pays for everything",
        "unit": "EUR",
        "direction": "up",
        "target": "1000",
        "target_per": "month",
        "targets": [{"value": "1100", "since": "2026-10-01"}, {"value": "3200.50", "cycle": "2026-Q3"}],
        "bands": {"by": "ratio", "green_from": "1", "yellow_from": "0.9"},
        "frequency": "monthly",
        "indicator": "lagging",
        "category": "financial",
        "perspective": "finance",
        "source": "The books",
        "owner": "cfo",
        "benchmarks": [{"value": "950", "label": "the trade", "source": "A survey", "on": "2026-01-01"}],
        "labels": ["board"],
        "extra": {"table": "sales"},
    },
    {
        "kind": "kpi",
        "version": 1,
        "id": "solved",
        "title": "Solved at once",
        "kpi_kind": "ratio",
        "predicts": "revenue",
    },
    {"kind": "kpi", "version": 1, "id": "staff", "title": "Head count", "kpi_kind": "stock", "reads": "mean"},
    {
        "kind": "kpi",
        "version": 1,
        "id": "each",
        "title": "Revenue a head",
        "kpi_kind": "ratio",
        "formula": {"operation": "ratio", "of": ["revenue", "staff"]},
    },
    {
        "kind": "check_in",
        "version": 1,
        "goal": "nps",
        "on": "2026-08-10",
        "by": "ida",
        "id": "e2bb0f8659cf08c64c8e",
        "value": "56.0",
        "status": "on_track",
        "confidence": 0.7,
        "note": "It goes well",
    },
    {"kind": "check_in", "version": 1, "goal": "work", "on": "2026-08-11", "id": "own", "done": ["ask"]},
    {
        "kind": "revision",
        "version": 1,
        "goal": "nps",
        "on": "2026-09-01",
        "id": "x",
        "changes": {"metric": {"kind": "increase", "start": "42", "target": "62"}, "cycle": None, "labels": ["moved"]},
        "why": "The market shrank",
    },
    {
        "kind": "transition",
        "version": 1,
        "goal": "work",
        "on": "2026-09-02",
        "id": "y",
        "stage": "closed",
        "outcome": "dropped",
    },
    {
        "kind": "observation",
        "version": 1,
        "kpi": "revenue",
        "on": "2026-07-31",
        "value": "1003.50",
        "unit": "EUR",
        "by": "cfo",
        "note": "Without the refund",
        "id": "july",
        "extra": {"row": 7},
    },
    {
        "kind": "observation",
        "version": 1,
        "kpi": "solved",
        "on": "2026-07-31",
        "numerator": "81",
        "denominator": "87",
        "id": "be0bbf9bcf2c22ad9b2b",
    },
    {
        "kind": "observation",
        "version": 1,
        "kpi": "revenue",
        "on": "2026-08-03",
        "value": "990",
        "supersedes": "july",
        "id": "z",
    },
]


def test_documents_of_version_1_are_read_and_written_as_ever() -> None:
    assert Plan.from_dicts(VERSION_1).to_dicts() == VERSION_1


def test_the_ids_that_follow_from_facts_are_the_same_as_ever() -> None:
    facts = [
        {**CHECK_IN},
        {**CHECK_IN, "value": "56.00"},
        {**CHECK_IN, "value": None, "status": "at_risk", "confidence": 0.25, "by": "ida", "note": "é"},
        {**CHECK_IN, "goal": "m", "value": True, "extra": {"a": [1, 2.5, None, False, {"b": "c"}]}},
        {"kind": "revision", "goal": "nps", "on": "2026-09-01", "changes": {"weight": 2, "parent": [{"to": "app"}]}},
        {
            "kind": "revision",
            "goal": "nps",
            "on": "2026-09-01",
            "changes": {"metric": {"kind": "within", "lower": 1, "upper": "2.50", "strict": True}},
        },
        {"kind": "transition", "goal": "nps", "on": "2026-09-02", "stage": "closed", "outcome": "missed"},
        {"kind": "observation", "kpi": "nps", "on": "2026-09-30", "value": "56.0"},
        {"kind": "observation", "kpi": "nps", "on": "2026-09-30", "numerator": 81, "denominator": "87", "by": "ida"},
    ]
    read = [read_row(fact).thing for fact in facts]
    assert [getattr(fact, "id", "") for fact in read] == IDS_OF_VERSION_1


IDS_OF_VERSION_1 = [
    "2a67534b9082752411be",
    "2a67534b9082752411be",
    "b8752ded8b3eb8dafc84",
    "6cabe3dc19a18be4e3d2",
    "2f70f6eb52c175d2ecb0",
    "4d183a5de40c4cab33d1",
    "f4caa54aa58665afbeca",
    "8bc36e09889117c20561",
    "7e999fb59cb1badc8ac9",
]


def test_a_fact_without_an_id_gets_the_one_that_follows_from_it() -> None:
    read = read_row(CHECK_IN).thing
    assert read == CheckIn(goal="nps", on="2026-08-10", value=56)
    assert read == read_row({**CHECK_IN, "id": ""}).thing


# -- KPIs


KPI_ROW: dict[str, Any] = {"kind": "kpi", "id": "k", "title": "K", "kpi_kind": "flow"}


def test_the_targets_of_a_kpi_may_be_a_list_a_mapping_or_values() -> None:
    listed = read_row({**KPI_ROW, "targets": [{"value": 5, "cycle": "2026-Q3"}, {"value": "6", "cycle": "2026-Q4"}]})
    mapped = read_row({**KPI_ROW, "targets": {"2026-Q3": 5, "2026-Q4": "6"}})
    values = read_row({**KPI_ROW, "targets": (Target(5, cycle="2026-Q3"), Target(6, cycle="2026-Q4"))})
    assert listed.thing == mapped.thing == values.thing
    assert not listed.problems


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"kpi_kind": None}, [("kpi_kind", "missing_field")]),
        ({"kpi_kind": "amount"}, [("kpi_kind", "unknown_choice")]),
        (
            {"bands": {"green_from": "x", "by": 5}},
            [("bands.by", "unknown_choice"), ("bands.green_from", "not_a_number")],
        ),
        ({"bands": {}}, [("bands.green_from", "no_bands")]),
        ({"bands": {"green_from": 1, "amber": 2}}, [("bands.amber", "unknown_field")]),
        ({"bands": [1]}, [("bands", "wrong_kind")]),
        ({"targets": [5, {"value": 1}]}, [("targets[1].since", "two_answers")]),
        ({"targets": [5]}, [("targets[0]", "wrong_kind")]),
        ({"targets": {"2026-Q3": None}}, [("targets['2026-Q3'].value", "not_a_number")]),
        ({"benchmarks": [{"value": 1}]}, [("benchmarks[0].label", "missing_field")]),
        ({"formula": {"of": ["a"]}}, [("formula.operation", "missing_field")]),
        ({"formula": "a / b"}, [("formula", "wrong_kind")]),
        ({"target": True, "title": ""}, [("title", "no_title"), ("target", "boolean_value")]),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_kpi_is_named_with_its_place(fields: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert [(problem.path, problem.code) for problem in read_row({**KPI_ROW, **fields}).problems] == found


def test_a_field_of_a_kpi_that_is_not_known_is_kept() -> None:
    assert read_row({**KPI_ROW, "kpi_kin": "x"}).thing == KPI(id="k", title="K", kind="flow", extra={"kpi_kin": "x"})
    (problem,) = read_row({**KPI_ROW, "kpi_kin": "x"}, strict=True).problems
    assert (problem.path, problem.hint) == ("kpi_kin", "did you mean 'kpi_kind'?")
