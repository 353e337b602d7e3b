"""What can be made of documents that are not all right."""

import json
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import Cycle, Increase, InvalidPlan, InvalidValue, KeyResult, Milestone, Objective, Plan, Reason
from goalkit.calendars import CycleKind
from goalkit.documents.kinds import KINDS, columns
from goalkit.documents.reading import read_row
from goalkit.documents.salvage import _changes_beside
from goalkit.model.findings import Finding
from goalkit.model.goals import GOALS, Goal
from goalkit.model.metrics import Unreadable
from goalkit.testing.strategies import plain_data, plans, things
from goalkit.texts import identifier
from strategies import spoiled_rows

GOAL: dict[str, Any] = {"kind": "objective", "id": "a", "title": "A"}
KEY_RESULT: dict[str, Any] = {"kind": "key_result", "id": "k", "title": "K"}
CHECK_IN: dict[str, Any] = {"kind": "check_in", "id": "c", "goal": "k", "on": "2026-08-10"}
SPRINT: dict[str, Any] = {"kind": "cycle", "id": "sprint", "first_day": "2026-08-03", "last_day": "2026-08-14"}
METRIC: dict[str, Any] = {"kind": "increase", "start": "0", "target": "10"}


FIELDS = sorted({name for cls in KINDS.values() for name, _ in columns(cls)})


def codes_of(rows: list[Any]) -> list[str]:
    """Return the codes of what salvage reports."""
    return [problem.code for problem in Plan.salvage(rows)[1]]


def readable_id(row: Any) -> str | None:
    """Return the id of a row that is a goal and has one that can be used."""
    if not isinstance(row, dict) or not isinstance(row.get("kind"), str) or row["kind"] not in GOALS:
        return None
    try:
        return identifier(row.get("id"))
    except InvalidValue:
        return None


def refused(plan: Plan) -> bool:
    """Tell whether a plan would be refused as documents; only a metric that was unreadable may be the reason."""
    rows = plan.to_dicts()
    for row, thing in zip(rows, things(plan), strict=True):
        if isinstance(thing, (Objective, KeyResult)) and isinstance(thing.metric, Unreadable):
            row["metric"] = thing.metric
    try:
        return Plan.from_dicts(rows) != plan
    except InvalidPlan:
        return True


@given(plans(names_kpis=True))
def test_a_plan_that_is_all_right_is_salvaged_as_it_is(plan: Plan) -> None:
    assert Plan.salvage(plan.to_dicts()) == (plan, ())


@given(spoiled_rows())
def test_whatever_is_spoiled_a_plan_is_salvaged_that_is_consistent(rows: list[Any]) -> None:
    plan, _ = Plan.salvage(rows)
    assert not refused(plan)
    assert Plan.of(*things(plan)) == plan


@given(spoiled_rows())
def test_every_goal_survives_whose_id_is_readable_and_its_own(rows: list[Any]) -> None:
    ids = Counter(filter(None, map(readable_id, rows)))
    plan, _ = Plan.salvage(rows)
    assert set(plan) == set(ids)


@given(spoiled_rows())
def test_something_is_reported_exactly_where_the_plan_is_refused(rows: list[Any]) -> None:
    plan, problems = Plan.salvage(rows)
    if problems:
        with pytest.raises(InvalidPlan) as caught:
            Plan.from_dicts(rows)
        assert set(caught.value.problems) <= set(problems)
    else:
        assert Plan.from_dicts(rows) == plan


@given(spoiled_rows())
def test_salvage_of_what_was_salvaged_changes_nothing(rows: list[Any]) -> None:
    plan, _ = Plan.salvage(rows)
    again, problems = Plan.salvage(json.loads(json.dumps(plan.to_dicts())))
    assert again == plan
    assert {problem.path.partition(".")[2].partition(".")[0] for problem in problems} <= {"metric"}


@given(st.lists(plain_data() | st.dictionaries(st.sampled_from(("kind", "id", "title", "on")), plain_data())))
def test_any_json_in_place_of_documents_is_survived(rows: list[Any]) -> None:
    plan, problems = Plan.salvage(rows)
    assert len(plan) == 0
    assert len(problems) >= len(rows)


@given(st.sampled_from(sorted(KINDS)), st.dictionaries(st.sampled_from(FIELDS), plain_data()))
def test_any_json_in_place_of_fields_is_survived(kind: str, fields: dict[str, Any]) -> None:
    plan, problems = Plan.salvage([{**fields, "kind": kind, "id": "x"}])
    assert problems or not read_row({**fields, "kind": kind, "id": "x"}).problems
    assert ("x" in plan) is (kind in GOALS)


# -- what is kept of one document -----------------------------------------------------------------


def test_what_cannot_be_read_is_kept_as_it_was_written() -> None:
    plan, problems = Plan.salvage([{**GOAL, "weight": "heavy", "labels": [1, "x"], "team": "ios", "extra": {"n": 1}}])
    assert plan["a"].extra == {"n": 1, "team": "ios", "unreadable": {"weight": "heavy", "labels": (1, "x")}}
    assert [problem.path for problem in problems] == ["[0].weight", "[0].labels[0]"]


def test_a_title_that_cannot_be_read_is_the_id() -> None:
    plan, _ = Plan.salvage([{"kind": "objective", "id": "a"}, {**GOAL, "id": "b", "title": 5}])
    assert plan["a"].title == "a"
    assert plan["b"].title == "b"
    assert plan["b"].extra["unreadable"] == {"title": 5}


@pytest.mark.parametrize(
    ("metric", "reason"),
    [
        ({"kind": "increase", "start": 1, "target": 1}, Reason.ZERO_SPAN),
        ({"kind": "increase", "start": 1, "target": "x"}, Reason.UNREADABLE),
        ({"kind": "increase", "start": 1, "target": 1, "unit": 1}, Reason.ZERO_SPAN),
        ({"kind": "increase", "start": "x", "target": 1, "unit": 1}, Reason.UNREADABLE),
        ({"kind": "regress"}, Reason.UNREADABLE),
        ({}, Reason.UNREADABLE),
    ],
)
def test_a_metric_that_cannot_be_read_is_kept_and_makes_progress_unknown(metric: Any, reason: Reason) -> None:
    plan, problems = Plan.salvage([{**KEY_RESULT, "metric": metric}, {**CHECK_IN, "value": 5}])
    assert plan["k"] == KeyResult(id="k", title="K", metric=Unreadable(reason=reason, document=metric))
    assert plan.to_dicts()[0]["metric"] == metric
    assert plan.check_ins("k")[0].value == Decimal(5)
    assert problems


def test_a_metric_that_is_no_mapping_is_kept_too() -> None:
    plan, _ = Plan.salvage([{**KEY_RESULT, "metric": "more"}])
    assert plan.to_dicts()[0]["metric"] == {"value": "more"}


def test_fields_that_contradict_each_other_are_left_out_one_after_the_other() -> None:
    rows = [
        {**GOAL, "first_day": "2026-07-02", "last_day": "2026-07-01"},
        {"kind": "milestone", "id": "m", "title": "M", "share": 0.5, "done_on": "2026-07-01", "parent": "k"},
        {**KEY_RESULT, "metric": METRIC},
        {"kind": "transition", "goal": "k", "on": "2026-07-01", "stage": "paused", "outcome": "missed"},
        {**CHECK_IN, "supersedes": "c"},
    ]
    plan, problems = Plan.salvage(rows)
    assert plan["a"].last_day is None
    assert plan["m"].extra["unreadable"] == {"done_on": "2026-07-01"}
    assert [fact.extra["unreadable"] for fact in plan.facts] == [{"outcome": "missed"}, {"supersedes": "c"}]
    assert len(problems) == 4


def test_of_a_document_of_a_later_version_is_kept_what_is_known() -> None:
    plan, problems = Plan.salvage([{**GOAL, "version": 2, "weight": {"share": 1}, "colour": "red"}])
    assert plan["a"].extra == {"colour": "red", "unreadable": {"weight": {"share": 1}}}
    assert [problem.code for problem in problems] == ["unknown_version"]


def test_extra_that_cannot_be_read_does_not_take_the_goal_with_it() -> None:
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    rows = [
        {**GOAL, "extra": ["x"], "team": "ios"},
        {**GOAL, "id": "b", "extra": {"deep": deep}},
        {**GOAL, "id": "c", "extra": {"a\0": "\ud800", "n": float("nan")}},
        {**GOAL, "id": "d", "labels": {"deep": deep}},
    ]
    plan, problems = Plan.salvage(rows)
    assert plan["a"].extra["unreadable"] == {"extra": ("x",), "team": "ios"}
    assert plan["c"].extra["unreadable"]["extra"] == {"'a\\x00'": "'\\ud800'", "n": "nan"}
    assert [problem.code for problem in problems] == [
        "not_a_mapping",
        "too_deep",
        "bad_text",
        "not_plain_data",
        "not_a_list",
    ] or len(problems) >= 4
    json.dumps(plan.to_dicts())


@pytest.mark.parametrize("held", ["x", ["y"], 5, {"weight": "older"}])
def test_what_was_set_aside_before_stays_there(held: Any) -> None:
    rows = [{**GOAL, "extra": {"unreadable": held}, "weight": "newer", "parent": "nowhere"}]
    plan, _ = Plan.salvage(rows)
    kept = plan.to_dicts()[0]["extra"]["unreadable"]
    before = held if isinstance(held, dict) else {"unreadable": held}
    assert kept == {**before, "weight": "newer", "parent": "nowhere"}


def test_a_field_that_has_two_answers_keeps_both() -> None:
    plan, _ = Plan.salvage([{**GOAL, "team": "ios", "extra": {"team": "android"}}])
    assert plan["a"].extra == {"team": "android", "unreadable": {"team": "ios"}}


def test_a_field_that_is_not_named_with_text_is_kept_by_its_look() -> None:
    row: dict[Any, Any] = {**GOAL, 5: "five"}
    assert Plan.salvage([row])[0]["a"].extra == {"unreadable": {"5": "five"}}


def test_a_fact_whose_id_cannot_be_read_gets_one_that_follows_from_it() -> None:
    plan, _ = Plan.salvage([KEY_RESULT, {**CHECK_IN, "id": 5}])
    assert len(plan.facts[0].id) == 20


@pytest.mark.parametrize(
    "row",
    [
        None,
        {"kind": "goal", "id": "x"},
        {"kind": "objective", "title": "No id"},
        {"kind": "objective", "id": 5, "title": "An int"},
        {"kind": "check_in", "goal": "k"},
        {"kind": "check_in", "goal": 5, "on": "2026-08-10"},
        {"kind": "transition", "goal": "k", "on": "2026-08-10", "stage": "begun"},
        {"kind": "revision", "goal": "k", "on": "2026-08-10", "changes": {"wieght": 1}},
        {"kind": "cycle", "id": "sprint"},
        {"kind": "cycle", "first_day": "2026-08-03", "last_day": "2026-08-14"},
    ],
)
def test_a_document_of_which_too_little_is_left_is_only_reported(row: Any) -> None:
    plan, problems = Plan.salvage([KEY_RESULT, row])
    assert plan == Plan.of(KeyResult(id="k", title="K"))
    assert problems[0].path.startswith("[1]")


def test_a_cycle_is_kept_where_its_days_are_known() -> None:
    rows: list[dict[str, Any]] = [
        {"kind": "cycle", "id": "2026-Q3", "title": 5, "colour": "red"},
        {"kind": "cycle", "id": "2026-Q4", "cycle_kind": "month"},
        {
            "kind": "cycle",
            "id": "sprint",
            "cycle_kind": "fortnight",
            "first_day": "2026-08-03",
            "last_day": "2026-08-14",
        },
        {**GOAL, "cycle": "sprint"},
    ]
    plan, problems = Plan.salvage(rows)
    assert [cycle.id for cycle in plan.cycles] == ["2026-Q3", "2026-Q4", "sprint"]
    assert plan.cycle("2026-Q4").kind is CycleKind.CUSTOM
    assert plan["a"].cycle == "sprint"
    assert {problem.code for problem in problems} == {"not_text", "unknown_field", "cycle_mismatch", "unknown_choice"}


def test_a_cycle_keeps_its_days_where_its_calendar_is_wrong() -> None:
    days = {"first_day": "2026-07-01", "last_day": "2026-09-30"}
    row = {"kind": "cycle", "id": "FY2027-Q1", "cycle_kind": "quarter", **days}
    plan, problems = Plan.salvage([{**row, "calendar": {"kind": "fiscal", "first_month": 4}}])
    assert plan.cycle("FY2027-Q1") == Cycle(id="FY2027-Q1", **days)
    assert {problem.code for problem in problems} == {"cycle_mismatch"}
    plan, problems = Plan.salvage([{**row, "calendar": {"kind": "lunar"}}])
    assert plan.cycle("FY2027-Q1").kind is CycleKind.CUSTOM
    assert {problem.code for problem in problems} == {"unknown_kind"}


# -- what is kept of a plan -----------------------------------------------------------------------


def test_references_to_nothing_are_cut_and_kept_aside() -> None:
    rows = [
        {**GOAL, "parent": ["x", {"to": "k", "weight": 2.0}], "cycle": "2026-Q3"},
        KEY_RESULT,
        {"kind": "milestone", "id": "m", "title": "M", "depends_on": ["y", "k"], "parent": "k", "share": 0.5},
        {**CHECK_IN, "supersedes": "z"},
        {**CHECK_IN, "id": "lost", "goal": "w"},
    ]
    plan, problems = Plan.salvage(rows)
    assert plan.parents("a") == ("k",)
    assert plan["a"].extra["unreadable"] == {"parent": ("x", {"to": "k", "weight": 2.0}), "cycle": "2026-Q3"}
    milestone = plan["m"]
    assert isinstance(milestone, Milestone)
    assert milestone.depends_on == ("k",)
    assert milestone.extra["unreadable"] == {"depends_on": ("y", "k"), "share": 0.5}
    assert [fact.id for fact in plan.facts] == ["c"]
    assert {problem.code for problem in problems} == {
        "unknown_parent",
        "unknown_cycle",
        "unknown_dependency",
        "share_without_metric",
        "unknown_check_in",
        "unknown_goal",
    }


@pytest.mark.parametrize("length", [1, 2, 1000])
def test_of_a_loop_one_link_is_cut(length: int) -> None:
    ring = [{**GOAL, "id": f"g{n}", "parent": f"g{(n + 1) % length}"} for n in range(length)]
    plan, problems = Plan.salvage(ring)
    assert len(plan) == length
    assert sum(not goal.parent for goal in plan.goals) == 1
    assert [problem.code for problem in problems] == ["loop"]


def test_of_a_loop_of_dependencies_only_the_dependency_is_cut() -> None:
    rows = [
        {"kind": "milestone", "id": "m", "title": "M", "parent": "n", "depends_on": ["n"]},
        {"kind": "milestone", "id": "n", "title": "N", "depends_on": ["m"]},
    ]
    plan, problems = Plan.salvage(rows)
    assert plan.parents("m") == ("n",)
    assert [problem.code for problem in problems] == ["dependency_loop"]


def test_where_parents_are_in_different_cycles_the_first_is_taken() -> None:
    rows = [
        {"kind": "cycle", "id": "2026-Q3"},
        {"kind": "cycle", "id": "2026-Q4"},
        {**GOAL, "cycle": "2026-Q3"},
        {**GOAL, "id": "b", "cycle": "2026-Q4"},
        {**GOAL, "id": "c", "parent": ["a", "b"]},
    ]
    plan, problems = Plan.salvage(rows)
    assert plan["c"].cycle == "2026-Q3"
    assert [problem.code for problem in problems] == ["cycle_conflict"]


def test_of_several_things_with_one_id_the_first_stays() -> None:
    rows = [GOAL, {**GOAL, "title": "B"}, {**GOAL, "title": "B"}, GOAL, {"kind": "check_in", "goal": "a", "on": "x"}]
    plan, problems = Plan.salvage(rows)
    assert plan == Plan.of(Objective(id="a", title="A"))
    assert [problem.path for problem in problems] == ["[4].on", "[1].id", "[2].id"]


def test_equal_documents_that_are_wrong_are_one_and_reported_once() -> None:
    row = {**GOAL, "parent": "nowhere"}
    plan, problems = Plan.salvage([row, row])
    assert plan["a"].parent == ()
    assert [problem.code for problem in problems] == ["unknown_parent"]


def test_a_check_in_that_does_not_fit_keeps_what_else_it_says() -> None:
    rows = [
        {**KEY_RESULT, "kind": "objective"},
        {**CHECK_IN, "value": 5, "done": ["x"], "note": "It goes well", "confidence": 0.5},
    ]
    plan, _ = Plan.salvage(rows)
    (check_in,) = plan.check_ins("k")
    assert (check_in.value, check_in.done, check_in.note) == (None, None, "It goes well")
    assert check_in.extra["unreadable"] == {"value": "5", "done": ("x",)}


def test_a_revision_that_would_break_the_plan_is_left_out() -> None:
    rows = [
        GOAL,
        {**KEY_RESULT, "parent": "a"},
        {"kind": "revision", "goal": "a", "on": "2026-09-01", "changes": {"parent": "k"}},
        {"kind": "revision", "goal": "a", "on": "2026-09-02", "changes": {"title": "Still here"}},
        {"kind": "revision", "goal": "a", "on": "2026-09-02", "changes": {"metric": None, "actions": ["x"]}},
    ]
    plan, problems = Plan.salvage(rows)
    assert [fact.on for fact in plan.facts] == [date(2026, 9, 2)]
    assert {problem.code for problem in problems} == {"loop", "unknown_field"}


@pytest.mark.parametrize("apart", [0, 1])
def test_very_many_bad_revisions_of_one_goal_are_all_left_out(apart: int) -> None:
    days = [date(2026, 1, 1) + timedelta(n * apart) for n in range(1000)]
    revisions = [
        {"kind": "revision", "id": f"r{n}", "goal": "a", "on": on, "changes": {"parent": "x"}}
        for n, on in enumerate(days)
    ]
    plan, problems = Plan.salvage([GOAL, *revisions])
    assert plan.facts == ()
    assert len(problems) == 1000


def test_where_changes_keep_breaking_the_plan_in_turn_none_of_them_stays() -> None:
    plan = Plan.from_dicts(
        [
            GOAL,
            KEY_RESULT,
            {"kind": "revision", "id": "r", "goal": "a", "on": "2026-09-01", "changes": {"title": "B"}},
            {"kind": "revision", "id": "s", "goal": "a", "on": "2026-09-02", "changes": {"title": "C"}},
            {"kind": "revision", "id": "t", "goal": "k", "on": "2026-09-03", "changes": {"title": "D"}},
        ]
    )
    first = plan.facts[0]
    found = [Finding(problem=InvalidValue.of("x", "y").problems[0], subject=first)]
    near = _changes_beside(found, plan.log, everywhere=False)
    assert [finding.subject.id for finding in near] == ["s"]
    every = _changes_beside(found, plan.log, everywhere=True)
    assert [finding.subject.id for finding in every] == ["s", "t"]


def test_facts_keep_their_order() -> None:
    rows = [{**KEY_RESULT, "metric": METRIC}, {**CHECK_IN, "value": 1}, {**CHECK_IN, "id": "d", "value": 2}, {}]
    plan, _ = Plan.salvage(rows)
    assert [fact.id for fact in plan.facts] == ["c", "d"]
    goal: Goal = plan["k"]
    assert goal == KeyResult(id="k", title="K", metric=Increase(start=0, target=10))


@pytest.mark.parametrize(
    "row",
    [
        {**GOAL, "weight": "heavy"},
        {**GOAL, "kind": "objektive"},
        {**GOAL, "parent": "nowhere"},
        {**GOAL, "cycle": "nowhere"},
        {**KEY_RESULT, "metric": {"kind": "increase", "start": 1, "target": 1}},
        {**CHECK_IN, "goal": "nowhere"},
    ],
)
def test_of_many_bad_rows_every_one_is_told(row: dict[str, Any]) -> None:
    rows = [{**row, "id": f"g{n}"} for n in range(5_000)]
    assert len(codes_of(rows)) == len(rows)


def test_input_that_is_small_in_memory_and_endless_on_paper_is_refused_at_once() -> None:
    endless: list[Any] = []
    for _ in range(60):
        endless = [endless, endless]
    for name in ("title", "parent", "weight", "extra", "labels", "metric", "unknown"):
        plan, problems = Plan.salvage([{"kind": "key_result", "id": "a", "title": "A", name: endless}])
        assert list(plan) == ["a"]
        assert problems


def test_a_goal_that_comes_with_too_much_is_kept_with_its_children() -> None:
    child = {"kind": "objective", "id": "b", "title": "B", "parent": "a"}
    much = list(range(20_000))
    for more in ({"extra": {"x": much}}, {"title": much}, {"metric": {"kind": "increase", "start": 0, "target": much}}):
        plan, _ = Plan.salvage([{"kind": "key_result", "id": "a", "title": "A", **more}, child])
        assert (list(plan), plan.parents("b")) == (["a", "b"], ("a",))


def test_what_is_kept_already_stays_where_there_is_no_room_for_more() -> None:
    full = {"x": list(range(9_998))}
    plan, problems = Plan.salvage([{"kind": "objective", "id": "a", "title": "A", "parent": "zz", "extra": full}])
    assert (plan["a"].parent, len(plan["a"].extra["x"])) == ((), 9_998)
    assert [problem.code for problem in problems] == ["unknown_parent"]


# -- KPIs and what is observed of them

KPI_ROW: dict[str, Any] = {"kind": "kpi", "id": "r", "title": "Revenue", "kpi_kind": "flow"}
SEEN: dict[str, Any] = {"kind": "observation", "id": "o", "kpi": "r", "on": "2026-08-10", "value": "9"}


def salvaged(*rows: dict[str, Any]) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """Return the documents that are left, without what every document has, and what was reported."""
    plan, problems = Plan.salvage(rows)
    assert Plan.salvage(plan.to_dicts()) == (plan, ())
    kept = [{name: value for name, value in row.items() if name != "version"} for row in plan.to_dicts()]
    return kept, [(problem.path, problem.code) for problem in problems]


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"target": "much"}, "target"),
        ({"bands": {"green_from": "high"}}, "bands.green_from"),
        ({"targets": [{"value": "1"}]}, "targets[0].since"),
        ({"benchmarks": [5]}, "benchmarks[0]"),
        ({"formula": {"operation": "sum", "of": ["r", "s"]}}, "formula.of"),
        ({"formula": {"operation": "mean", "of": ["s", "t"]}}, "formula.operation"),
        ({"predicts": "r"}, "predicts"),
        ({"target_per": "month"}, "target_per"),
        ({"reads": "mean"}, "reads"),
        ({"predicts": "nothing"}, "predicts"),
    ],
    ids=str,
)
def test_a_kpi_loses_the_field_that_is_wrong_and_keeps_the_rest(wrong: dict[str, Any], path: str) -> None:
    kept, told = salvaged({**KPI_ROW, **wrong}, SEEN)
    assert kept == [{**KPI_ROW, "extra": {"unreadable": wrong}}, SEEN]
    assert [where for where, _ in told] == [f"[0].{path}"]


def test_what_a_kpi_cannot_hold_without_what_was_wrong_goes_with_it() -> None:
    kept, told = salvaged({**KPI_ROW, "target": "much", "target_per": "month"}, SEEN)
    assert kept == [{**KPI_ROW, "extra": {"unreadable": {"target": "much", "target_per": "month"}}}, SEEN]
    assert told == [("[0].target", "not_a_number")]


def test_what_was_observed_stays_where_a_formula_that_names_nothing_goes() -> None:
    formula = {"formula": {"operation": "sum", "of": ["x", "y"]}}
    kept, told = salvaged({**KPI_ROW, **formula}, SEEN)
    assert kept == [{**KPI_ROW, "extra": {"unreadable": formula}}, SEEN]
    assert told == [("[0].formula", "unknown_kpi")] * 2


def test_a_kpi_without_a_title_is_called_by_its_id() -> None:
    kept, told = salvaged({**KPI_ROW, "title": None})
    assert kept == [{**KPI_ROW, "title": "r"}]
    assert told == [("[0].title", "missing_field")]


def test_a_kpi_of_no_kind_is_too_little_and_takes_with_it_what_was_observed() -> None:
    goal = {**KEY_RESULT, "measured_by": "r", "affects": ["r", "s"]}
    kept, told = salvaged({**KPI_ROW, "kpi_kind": "amount"}, SEEN, {**KPI_ROW, "id": "s"}, goal)
    aside = {"unreadable": {"measured_by": "r", "affects": ["r", "s"]}}
    assert kept == [{**KEY_RESULT, "affects": ["s"], "extra": aside}, {**KPI_ROW, "id": "s"}]
    assert sorted(told) == [
        ("[0].kpi_kind", "unknown_choice"),
        ("[1].kpi", "unknown_kpi"),
        ("[3].affects", "unknown_kpi"),
        ("[3].measured_by", "unknown_kpi"),
    ]


def test_of_kpis_that_are_worked_out_from_each_other_one_is_cut() -> None:
    rows = [{**KPI_ROW, "id": one, "formula": {"operation": "sum", "of": [other, "r"]}} for one, other in ("ab", "ba")]
    kept, told = salvaged(KPI_ROW, *rows)
    assert [row["id"] for row in kept if "formula" in row] == ["a"]
    assert told == [("[2].formula", "loop")]


@pytest.mark.parametrize("wrong", [{"supersedes": "nothing"}, {"count": "5"}, {"supersedes": "o"}], ids=str)
def test_an_observation_keeps_its_value_without_what_cannot_be(wrong: dict[str, Any]) -> None:
    kept, told = salvaged(KPI_ROW, {**SEEN, **wrong})
    assert kept == [KPI_ROW, {**SEEN, "extra": {"unreadable": wrong}}]
    assert [path for path, _ in told] == [f"[1].{name}" for name in wrong]


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit": "USD"},
        {"value": "many"},
        {"value": None},
        {"value": None, "numerator": "1", "denominator": "2"},
        {"kpi": "nothing", "supersedes": "nothing"},
        {"on": "soon"},
    ],
    ids=str,
)
def test_an_observation_that_says_nothing_that_can_be_is_only_reported(wrong: dict[str, Any]) -> None:
    kept, told = salvaged({**KPI_ROW, "unit": "EUR"}, {**SEEN, **wrong})
    assert kept == [{**KPI_ROW, "unit": "EUR"}]
    assert told


def test_a_value_beside_parts_is_set_aside() -> None:
    ratio = {**KPI_ROW, "kpi_kind": "ratio"}
    kept, told = salvaged(ratio, {**SEEN, "numerator": "1", "denominator": "2"})
    parts = {name: value for name, value in SEEN.items() if name != "value"}
    assert kept == [
        ratio,
        {**parts, "numerator": "1", "denominator": "2", "extra": {"unreadable": {"value": "9"}}},
    ]
    assert told == [("[1].value", "two_answers")]


def test_a_value_beside_a_kpi_is_set_aside() -> None:
    goal = {**KEY_RESULT, "measured_by": "r"}
    kept, told = salvaged(goal, KPI_ROW, {**CHECK_IN, "value": "5"})
    assert kept == [goal, KPI_ROW, {**CHECK_IN, "extra": {"unreadable": {"value": "5"}}}]
    assert told == [("[2].value", "value_beside_kpi")]


def test_a_key_result_has_one_way_to_be_measured() -> None:
    kept, told = salvaged({**KEY_RESULT, "metric": METRIC, "reads": "sum", "measured_by": "r"}, KPI_ROW)
    assert kept == [
        {**KEY_RESULT, "metric": METRIC, "measured_by": "r", "extra": {"unreadable": {"reads": "sum"}}},
        KPI_ROW,
    ]
    assert told == [("[0].reads", "two_answers")]
