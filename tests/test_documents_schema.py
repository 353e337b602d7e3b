"""The shape of documents as a JSON Schema."""

import json
import runpy
import warnings
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from goalkit import Plan
from goalkit.documents import schema as module
from goalkit.documents.kinds import KINDS, WRITABLE_METRICS
from goalkit.documents.reading import read_row
from goalkit.testing.strategies import plans
from strategies import spoiled_rows
from test_documents_reading import VERSION_1

SCHEMA = module.schema()
VALID = Draft202012Validator(SCHEMA)

GOAL: dict[str, Any] = {"kind": "key_result", "id": "k", "title": "K"}
CHECK_IN: dict[str, Any] = {"kind": "check_in", "goal": "k", "on": "2026-08-10"}
REVISION: dict[str, Any] = {"kind": "revision", "goal": "k", "on": "2026-08-10"}
KPI: dict[str, Any] = {"kind": "kpi", "id": "k", "title": "K", "kpi_kind": "flow"}
OBSERVATION: dict[str, Any] = {"kind": "observation", "kpi": "k", "on": "2026-08-10"}


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_file_holds_the_schema() -> None:
    assert module.FILE.read_text(encoding="utf-8") == json.dumps(SCHEMA, indent=2, sort_keys=True) + "\n"


def test_the_module_writes_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "with_suffix", lambda path, suffix: tmp_path / f"{path.stem}{suffix}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # it is imported here already
        runpy.run_module("goalkit.documents.schema", run_name="__main__")
    assert (tmp_path / "schema.json").read_bytes() == module.FILE.read_bytes()


def test_it_describes_every_kind_of_document_and_metric() -> None:
    assert SCHEMA["$defs"].keys() >= {*KINDS, *WRITABLE_METRICS, "link", "cadence"}


@given(plans(max_goals=5, max_facts=4, names_kpis=True))
def test_every_plan_that_is_written_is_valid(plan: Plan) -> None:
    rows = plan.to_dicts()
    assert list(VALID.iter_errors(rows)) == []
    assert all(VALID.is_valid(row) for row in rows)


def test_documents_of_version_1_are_valid() -> None:
    assert list(VALID.iter_errors(VERSION_1)) == []


@given(spoiled_rows())
def test_whatever_the_reader_accepts_is_valid(rows: list[Any]) -> None:
    for row in rows:
        if not read_row(row).problems:
            assert VALID.is_valid(row)


ACCEPTED: list[dict[str, Any]] = [
    {"kind": "cycle", "id": "2026-Q3"},
    {"kind": "cycle", "id": "2026-Q3", "first_day": None, "last_day": None, "colour": None},
    {"kind": "cycle", "id": "sprint", "first_day": "2026-08-03", "last_day": "2026-08-14T00:00:00"},
    {"kind": "cycle", "id": "2026-W53", "calendar": None},
    {"kind": "cycle", "id": "2026-01-05-6W"},
    {"kind": "cycle", "id": "FY2027-Q1", "calendar": {"kind": "fiscal", "first_month": 7}},
    {"kind": "cycle", "id": "FY2023-W53", "calendar": {"kind": "retail", "named_by": None}},
    {"kind": "cycle", "id": "ideas", "cycle_kind": "backlog"},
    {**GOAL, "version": "1", "team": ["x"], "extra": None, "metric": None, "parent": None},
    {**GOAL, "version": 1.0, "weight": "2.50", "parent": {"to": "a", "weight": 2, "colour": None}},
    {**GOAL, "parent": ["a", {"to": "b", "counts": False}]},
    {**GOAL, "metric": {"kind": "within", "lower": "-1e3", "upper": 5.5, "strict": None}},
    {**GOAL, "cadence": {"unit": "month", "day": "31", "every": 3.0, "anchor": None}},
    {**CHECK_IN, "value": True, "id": ""},
    {**CHECK_IN, "value": "56.0", "confidence": "0.5"},
    {**REVISION, "changes": {"metric": None, "parent": None, "cycle": None, "extra": None}},
    {**REVISION, "changes": {"measured_by": None, "affects": []}},
    {**GOAL, "measured_by": "nps", "affects": ["nps"]},
    {**KPI, "target": "1e3", "target_per": "month", "bands": None, "formula": None, "team": ["x"]},
    {**KPI, "targets": [{"value": 1, "since": "2026-07-01T00:00", "cycle": None}, {"value": "2", "cycle": "2026-Q4"}]},
    {**KPI, "targets": {"2026-Q3": 1, "2026-Q4": "2"}, "predicts": "other", "frequency": "tertially"},
    {**KPI, "bands": {"by": "ratio", "green_from": 1, "yellow_from": "0.9", "green_to": None}},
    {**KPI, "formula": {"operation": "ratio", "of": ["a", "b"]}, "direction": "within", "indicator": "leading"},
    {**KPI, "benchmarks": [{"value": 1, "label": "the trade", "on": None}], "labels": []},
    {**KPI, "kpi_kind": "stock", "reads": "mean"},
    {**OBSERVATION, "value": "56.0", "count": "5", "id": ""},
    {**OBSERVATION, "numerator": 5, "denominator": 0, "colour": "red"},
]

REFUSED: list[Any] = [
    5,
    None,
    "objective",
    {"id": "k", "title": "K"},
    {**GOAL, "kind": "goal"},
    {**GOAL, "kind": None},
    {**GOAL, "version": 2},
    {**GOAL, "version": True},
    {**GOAL, "id": 5},
    {**GOAL, "id": ""},
    {**GOAL, "id": " k"},
    {**GOAL, "id": "k" * 256},
    {**GOAL, "id": "a\nb"},
    {**GOAL, "id": None},
    {**GOAL, "title": " "},
    {**GOAL, "title": "a\0b"},
    {"kind": "key_result", "id": "k"},
    {**GOAL, "weight": -1},
    {**GOAL, "weight": True},
    {**GOAL, "weight": "heavy"},
    {**GOAL, "weight": 10**40},
    {**GOAL, "first_day": "2026-13-01"},
    {**GOAL, "first_day": "2026-07-01T09:00:00"},
    {**GOAL, "first_day": "\uff12\uff10\uff12\uff16-07-01"},
    {**GOAL, "first_day": 20260701},
    {**GOAL, "ambition": "high"},
    {**GOAL, "labels": "mobile"},
    {**GOAL, "labels": [5]},
    {**GOAL, "extra": []},
    {**GOAL, "parent": 5},
    {**GOAL, "parent": {"weight": 2}},
    {**GOAL, "parent": {"to": "a", "colour": "red"}},
    {**GOAL, "parent": [None]},
    {**GOAL, "metric": "increase"},
    {**GOAL, "metric": {"start": 1, "target": 2}},
    {**GOAL, "metric": {"kind": "increase", "start": 1}},
    {**GOAL, "metric": {"kind": "increase", "start": 1, "target": 2, "unit": "x"}},
    {**GOAL, "metric": {"kind": "unreadable"}},
    {**GOAL, "metric": {"kind": "at_least", "target": 1, "strict": 1}},
    {**GOAL, "cadence": {"unit": "year"}},
    {**GOAL, "cadence": {"every": 2}},
    {**GOAL, "cadence": {"unit": "day", "every": 1.5}},
    {"kind": "milestone", "id": "m", "title": "M", "share": 2},
    {"kind": "cycle", "id": "sprint"},
    {"kind": "cycle", "id": "FY2027-Q1"},
    {"kind": "cycle", "id": "FY2027-Q1", "calendar": {"kind": "fiscal"}},
    {"kind": "cycle", "id": "2026-Q1", "calendar": {"kind": "fiscal", "first_month": 7}},
    {"kind": "cycle", "id": "sprint", "first_day": "2026-08-03", "last_day": None},
    {"kind": "cycle", "id": "2026-Q3", "colour": "red"},
    {"kind": "check_in", "goal": "k"},
    {**CHECK_IN, "value": [1]},
    {**CHECK_IN, "confidence": 70},
    {**CHECK_IN, "status": "fine"},
    REVISION,
    {**REVISION, "changes": {}},
    {**REVISION, "changes": {"id": "b"}},
    {**REVISION, "changes": {"weight": None}},
    {**REVISION, "changes": {"labels": None}},
    {"kind": "transition", "goal": "k", "on": "2026-08-10", "stage": None},
    {**KPI, "kpi_kind": None},
    {**KPI, "kpi_kind": "amount"},
    {**KPI, "title": " "},
    {**KPI, "target": True},
    {**KPI, "targets": 5},
    {**KPI, "targets": [5]},
    {**KPI, "targets": [{"since": "2026-07-01"}]},
    {**KPI, "targets": {"2026-Q3": "much"}},
    {**KPI, "bands": "green"},
    {**KPI, "bands": {"green_from": 1, "amber_from": 2}},
    {**KPI, "formula": {"operation": "ratio"}},
    {**KPI, "formula": {"operation": "mean", "of": ["a", "b"]}},
    {**KPI, "benchmarks": [{"value": 1}]},
    {**KPI, "benchmarks": [{"value": 1, "label": " "}]},
    {**KPI, "frequency": "hourly"},
    {**OBSERVATION, "value": 1, "on": None},
    {**OBSERVATION, "value": True},
    {**OBSERVATION, "numerator": "many", "denominator": 1},
    {"kind": "observation", "on": "2026-08-10", "value": 1},
]


@pytest.mark.parametrize("row", ACCEPTED)
def test_what_the_reader_accepts_is_described(row: dict[str, Any]) -> None:
    assert read_row(row).problems == ()
    assert list(VALID.iter_errors(row)) == []


@pytest.mark.parametrize("row", REFUSED, ids=range(len(REFUSED)))
def test_what_the_reader_refuses_is_not_valid(row: Any) -> None:
    assert read_row(row).problems
    assert not VALID.is_valid(row)
    assert not VALID.is_valid([{"kind": "cycle", "id": "2026"}, row])


@pytest.mark.parametrize("row", VERSION_1, ids=range(len(VERSION_1)))
def test_every_field_may_be_null_exactly_where_it_may_be_missing(row: dict[str, Any]) -> None:
    for name in row:
        without, null = deepcopy(row), {**row, name: None}
        del without[name]
        valid = VALID.is_valid(without)
        assert VALID.is_valid(null) is valid
        assert (not read_row(null).problems) is (not read_row(without).problems)
        if not read_row(null).problems:
            assert valid
