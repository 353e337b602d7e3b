"""The plan as one immutable, consistent value."""

import copy
import json
import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given

from goalkit import (
    KPI,
    Ambition,
    Binary,
    Cadence,
    CheckIn,
    Cycle,
    Increase,
    Initiative,
    InvalidPlan,
    InvalidValue,
    KeyResult,
    Link,
    Milestone,
    Objective,
    Observation,
    Plan,
    Revision,
    Stage,
    Transition,
    UnknownId,
    rollup,
)
from goalkit.model.goals import Goal
from goalkit.model.plan import built
from goalkit.testing.strategies import plans, related_plans

Q3 = Cycle.quarter(2026, 3)
METRIC = Increase(start=0, target=100)
A, B = Objective(id="a", title="A"), Objective(id="b", title="B", parent="a")
K = KeyResult(id="k", title="K", parent="b", metric=METRIC)
AUGUST = date(2026, 8, 10)
SEPTEMBER = date(2026, 9, 1)


def problems_of(make: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(InvalidValue) as caught:
        make()
    assert all(problem.hint for problem in caught.value.problems)
    return [(problem.path, problem.code) for problem in caught.value.problems]


def again(plan: Plan) -> Plan:
    return Plan.from_dicts(json.loads(json.dumps(plan.to_dicts())))


# -- being a value


@given(plans(max_goals=6, max_facts=5, names_kpis=True))
def test_a_plan_survives_documents_pickling_and_copying(plan: Plan) -> None:
    for other in (again(plan), pickle.loads(pickle.dumps(plan)), copy.deepcopy(plan), copy.copy(plan)):  # noqa: S301 - our own bytes
        assert other == plan
        assert hash(other) == hash(plan)
        assert [fact.id for fact in other.facts] == [fact.id for fact in plan.facts]
        assert other.kpis == plan.kpis
        assert tuple(other.observed) == tuple(plan.observed)


@given(related_plans(max_goals=5, max_facts=3, names_kpis=True))
def test_what_a_change_lets_through_is_a_plan_that_can_be_read_again(pair: tuple[Plan, Plan]) -> None:
    for plan in pair:
        assert again(plan) == plan


@given(plans(max_goals=5, max_facts=4, names_kpis=True))
def test_adding_and_recording_what_is_there_changes_nothing(plan: Plan) -> None:
    assert plan.add(*plan.goals, *plan.cycles, *plan.kpis) is plan
    assert plan.record(*plan.facts, *plan.observed) is plan
    assert plan.replace(*(plan[goal_id] for goal_id in plan), *plan.kpis) is plan


@given(plans(max_goals=6, max_facts=6, names_kpis=True))
def test_recording_facts_one_by_one_or_all_at_once_is_the_same(plan: Plan) -> None:
    one = Plan.of(*plan.cycles, *plan.goals, *plan.kpis)
    for fact in (*plan.facts, *plan.observed):
        try:
            one = one.record(fact)
        except InvalidPlan:  # a revision or correction may need what is recorded after it
            return
    assert one == plan
    assert hash(one) == hash(plan)


def test_plans_are_equal_by_what_they_hold_and_not_by_its_order() -> None:
    one, other = Plan.of(A, B, Q3), Plan.of(Q3, B, A)
    assert one == other
    assert hash(one) == hash(other)
    assert one != Plan.of(A, B)
    assert one != Plan.of(A, Objective(id="b", title="B"), Q3)
    assert one != one.record(CheckIn(goal="a", on=AUGUST, note="n"))
    assert one != "a plan"
    assert Plan.of() == Plan()


def test_a_plan_says_how_much_it_holds() -> None:
    assert repr(Plan.of(A, Q3)) == "<Plan of 1 goal, 1 cycle, 0 facts>"
    many = Plan.of(*(Objective(id=str(number), title="A") for number in range(1001)))
    assert repr(many) == "<Plan of 1\u202f001 goals, 0 cycles, 0 facts>"


def test_a_plan_cannot_be_changed() -> None:
    plan = Plan.of(A)
    with pytest.raises(AttributeError):
        plan.colour = "red"  # type: ignore[attr-defined]  # on purpose
    with pytest.raises(TypeError):
        plan["a"] = B  # type: ignore[index]  # on purpose


# -- making plans


def test_strangers_are_shown_the_door_that_is_theirs() -> None:
    fact = CheckIn(goal="a", on=AUGUST)
    seen, staff = Observation(kpi="staff", on=AUGUST, value=10), KPI(id="staff", title="Staff", kind="stock")
    stranger: Any = {"kind": "objective"}
    cases: list[tuple[Callable[[], object], str]] = [
        (lambda: Plan.of(stranger), "Plan.from_dicts"),
        (lambda: Plan.of(A).add(fact), "use record"),  # type: ignore[arg-type]  # on purpose
        (lambda: Plan.of(A).record(B), "use add"),  # type: ignore[arg-type]  # on purpose
        (lambda: Plan.of(A).replace(Q3), "use add"),  # type: ignore[arg-type]  # on purpose
        (lambda: Plan.of(A).add(seen), "use record"),  # type: ignore[arg-type]  # on purpose
        (lambda: Plan.of(A).record(staff), "use add"),  # type: ignore[arg-type]  # on purpose
        (lambda: Plan.of(A).replace(seen), "use add"),  # type: ignore[arg-type]  # on purpose
    ]
    for make, hint in cases:
        with pytest.raises(InvalidValue) as caught:
            make()
        (problem,) = caught.value.problems
        assert problem.code == "wrong_kind"
        assert hint in problem.hint


def test_a_plan_with_only_cycles_keeps_them() -> None:
    plan = Plan.of(Q3).add(Objective(id="a", title="A", cycle=Q3.id))
    assert plan.cycles == (Q3,)
    assert built([], {}, Plan.of(Q3)).cycles == (Q3,)
    assert built([A], {}) == Plan.of(A)


def test_salvage_keeps_what_is_right() -> None:
    """Neither a loop elsewhere nor a wrong revision before it takes a good revision away."""
    rows: list[dict[str, Any]] = [
        {"kind": "objective", "id": "a", "title": "A", "parent": "b"},
        {"kind": "objective", "id": "b", "title": "B", "parent": "a"},
        {"kind": "key_result", "id": "k", "title": "K"},
        {"kind": "revision", "goal": "k", "on": "2026-09-01", "changes": {"actions": ["x"]}},
        {"kind": "revision", "goal": "k", "on": "2026-09-02", "changes": {"metric": {"kind": "binary"}}},
    ]
    plan, problems = Plan.salvage(rows)
    assert plan.as_of(SEPTEMBER.replace(day=2))["k"] == KeyResult(id="k", title="K", metric=Binary())
    assert [problem.code for problem in problems] == ["loop", "unknown_field"]


# -- changing plans


def test_a_change_leaves_the_plan_that_it_came_from_alone() -> None:
    plan = Plan.of(A, B, K)
    before = plan.to_dicts()
    plan.add(Objective(id="c", title="C"))
    plan.record(CheckIn(goal="k", on=AUGUST, value=1))
    plan.amend("a", title="Z")
    plan.amend("a", on=SEPTEMBER, title="Z")
    plan.remove("a", with_dependants=True)
    assert plan.to_dicts() == before


def test_replacing_is_a_correction_for_all_days_and_keeps_the_place() -> None:
    plan = Plan.of(A, B).replace(Objective(id="a", title="The app"))
    assert plan["a"].title == "The app"
    assert list(plan) == ["a", "b"]
    with pytest.raises(UnknownId):
        plan.replace(Objective(id="z", title="Z"))


def test_two_definitions_of_one_goal_are_refused() -> None:
    one, two = Objective(id="a", title="1"), Objective(id="a", title="2")
    assert problems_of(lambda: Plan.of(A).replace(one, two)) == [("a", "duplicate_id")]
    assert Plan.of(A).replace(one, one)["a"].title == "1"


def test_a_correction_that_would_break_the_plan_is_refused() -> None:
    plan = Plan.of(A, B, K, Milestone(id="m", title="M", parent="k", share=0.5), CheckIn(goal="k", on=AUGUST, value=56))
    assert problems_of(lambda: plan.amend("a", parent="k")) == [("b.parent", "loop")]
    assert problems_of(lambda: plan.amend("k", metric=None)) == [("m.share", "share_without_metric")]
    assert problems_of(lambda: plan.amend("k", metric=Binary())) == [("k[2026-08-10].value", "not_true_or_false")]
    assert problems_of(lambda: plan.amend("k", cycle="2026-Q9")) == [("k.cycle", "unknown_cycle")]
    assert problems_of(lambda: plan.amend("k", on=SEPTEMBER, metric=None)) == [
        ("k[2026-09-01].changes.share", "share_without_metric")
    ]


def test_a_correction_under_which_a_recorded_revision_no_longer_fits_is_refused() -> None:
    plan = Plan.of(Objective(id="o", title="O", last_day="2026-12-31")).amend("o", on=SEPTEMBER, first_day="2026-10-01")
    assert problems_of(lambda: plan.amend("o", last_day="2026-09-30")) == [("last_day", "days_out_of_order")]


def test_a_goal_may_not_be_turned_into_what_its_facts_do_not_fit() -> None:
    plan = Plan.of(KeyResult(id="k", title="K", metric=METRIC), CheckIn(goal="k", on=AUGUST, value=56))
    assert problems_of(lambda: plan.replace(Milestone(id="k", title="K"))) == [("k[2026-08-10].value", "out_of_range")]


def test_amending_with_a_day_is_a_revision_with_an_author_and_a_reason() -> None:
    plan = Plan.of(A).amend("a", on=SEPTEMBER, by="ida", why="it was wrong", title="B")
    (revision,) = plan.facts
    assert isinstance(revision, Revision)
    assert (revision.on, revision.by, revision.why, dict(revision.changes)) == (
        SEPTEMBER,
        "ida",
        "it was wrong",
        {"title": "B"},
    )
    assert (plan.goals[0].title, plan["a"].title) == ("A", "B")


def test_amending_for_all_days_has_no_author_and_no_reason() -> None:
    assert problems_of(lambda: Plan.of(A).amend("a", by="ida", title="B")) == [("", "no_day")]
    assert problems_of(lambda: Plan.of(A).amend("a", why="so", title="B")) == [("", "no_day")]
    assert Plan.of(A).amend("a", title="B")["a"].title == "B"
    plan = Plan.of(A)
    assert plan.amend("a") is plan
    with pytest.raises(UnknownId):
        plan.amend("z", title="Z")
    assert problems_of(lambda: plan.amend("a", on=SEPTEMBER)) == [("changes", "no_changes")]


def test_a_revision_changes_nothing_before_its_day() -> None:
    plan = Plan.of(A, B, K, CheckIn(goal="k", on=AUGUST, value=50))
    revised = plan.amend("k", on=SEPTEMBER, metric=Increase(start=0, target=50))
    eve = date(2026, 8, 31)
    assert rollup(revised, as_of=eve)["k"].value == rollup(plan, as_of=eve)["k"].value == 0.5
    assert rollup(revised, as_of=SEPTEMBER)["k"].value == 1.0


def test_two_branches_of_one_plan_keep_their_revisions_apart() -> None:
    base = Plan.of(A)
    one, two = (
        base.record(Revision(goal="a", on=SEPTEMBER, id="r", changes={"title": title})) for title in ("one", "two")
    )
    assert one.as_of(SEPTEMBER)["a"].title == "one"
    assert two.as_of(SEPTEMBER)["a"].title == "two"


def test_a_goal_with_facts_or_children_is_not_removed_by_mistake() -> None:
    plan = Plan.of(A, B, K, CheckIn(goal="a", on=AUGUST, note="n"), CheckIn(goal="a", on=AUGUST, note="o"))
    assert problems_of(lambda: plan.remove("a")) == [("a", "has_facts"), ("a", "has_children")]
    assert list(plan.remove("k")) == ["a", "b"]
    assert list(plan.remove("b", "k")) == ["a"]
    with pytest.raises(UnknownId):
        plan.remove("z")


def test_what_is_below_goes_with_a_goal_unless_it_is_also_elsewhere() -> None:
    plan = Plan.of(
        A,
        B,
        K,
        Objective(id="c", title="C"),
        KeyResult(id="l", title="L", parent=["b", "c"], metric=METRIC),
        KeyResult(id="n", title="N", parent=["a", "b"], metric=METRIC),
        CheckIn(goal="k", on=AUGUST, value=1),
        CheckIn(goal="l", on=AUGUST, value=1),
    )
    left = plan.remove("a", with_dependants=True)
    assert list(left) == ["c", "l"]
    assert left.parents("l") == ("c",)
    assert [fact.goal for fact in left.facts] == ["l"]
    assert again(left) == left


def test_a_goal_that_a_later_revision_refers_to_is_not_removed() -> None:
    plan = Plan.of(A, Objective(id="c", title="C")).amend("c", on=SEPTEMBER, parent="a")
    assert problems_of(lambda: plan.remove("a")) == [("a", "has_children")]


def test_a_milestone_that_stands_for_a_share_does_not_lose_what_it_is_a_share_of() -> None:
    other = KeyResult(id="l", title="L", metric=METRIC)
    plan = Plan.of(A, B, K, other, Milestone(id="m", title="M", parent="k", share=0.5))
    assert problems_of(lambda: plan.remove("k")) == [("k", "has_children")]
    assert list(plan.remove("k", with_dependants=True)) == ["a", "b", "l"]


def test_removing_a_goal_that_a_milestone_waits_for_is_refused() -> None:
    """A dependency is a statement of its own, and nobody asked for it to be lost."""
    plan = Plan.of(A, Milestone(id="m", title="M", depends_on=["a"]))
    with pytest.raises(InvalidPlan):
        plan.remove("a")


def test_a_dependency_goes_with_the_goal_where_dependants_are_to_go() -> None:
    plan = Plan.of(A, Milestone(id="m", title="M", depends_on=["a"])).remove("a", with_dependants=True)
    assert plan["m"] == Milestone(id="m", title="M")


# -- asking


def test_a_plan_reads_like_a_mapping_of_goals() -> None:
    plan = Plan.of(A, B, Q3)
    assert list(plan) == ["a", "b"]
    assert len(plan) == 2
    assert plan["b"] is B
    assert "a" in plan
    assert "z" not in plan
    assert 7 not in plan
    assert plan.goals == (A, B)
    assert plan.cycles == (Q3,)
    assert plan.cycle(Q3.id) is Q3


def test_an_unknown_id_is_a_key_error_with_the_nearest_known_one() -> None:
    plan = Plan.of(Objective(id="growth", title="G"), Q3)
    asked: list[Callable[[Any], object]] = [
        plan.__getitem__,
        plan.children,
        plan.parents,
        plan.check_ins,
        plan.period,
        lambda goal_id: plan.inherited(goal_id, "owner"),
        lambda goal_id: plan.stage(goal_id, AUGUST),
        plan.remove,
        plan.amend,
    ]
    for ask in asked:
        with pytest.raises(KeyError) as caught:
            ask("growht")
        assert str(caught.value) == "no goal has the id 'growht'; did you mean 'growth'?"
        unhashable: Any = ["growth"]
        with pytest.raises(UnknownId):
            ask(unhashable)
    nowhere: tuple[Any, ...] = ("2026-Q4", [])
    for wanted in nowhere:
        with pytest.raises(UnknownId):
            plan.cycle(wanted)


def test_children_and_parents_are_told_whether_they_count_or_not() -> None:
    plan = Plan.of(A, Initiative(id="i", title="I", parent=["a", Link("b", counts=False)]), B)
    assert plan.children("a") == ("i", "b")
    assert plan.parents("i") == ("a", "b")
    assert plan.children("i") == plan.parents("a") == ()


def test_check_ins_come_oldest_day_first_until_a_day_without_those_that_were_corrected() -> None:
    late, early = (CheckIn(goal="k", on=date(2026, 8, day), value=day, id=f"c{day}") for day in (20, 5))
    right = CheckIn(goal="k", on=date(2026, 8, 25), value=6, supersedes="c5")
    plan = Plan.of(A, B, K, late, early, right)
    assert plan.check_ins("k") == (late, right)
    assert plan.check_ins("k", until=date(2026, 8, 24)) == (early, late)
    text: Any = "2026-08-05"
    assert plan.check_ins("k", until=text) == (early,)
    assert plan.check_ins("a") == ()


def test_a_period_is_that_of_the_goal_as_first_written() -> None:
    plan = Plan.of(Q3, Objective(id="a", title="A", cycle=Q3.id), B)
    assert plan.period("b") == (Q3.first_day, Q3.last_day)
    assert Plan.of(A).period("a") == (None, None)


def test_what_is_inherited_comes_from_the_nearest_counting_ancestor() -> None:
    weekly = Cadence.weekly()
    plan = Plan.of(
        Objective(id="top", title="T", owner="top", ambition="committed", cadence=weekly),
        Objective(id="side", title="S", owner="side", parent="top"),
        Objective(id="a", title="A", parent=[Link("side", counts=False), "mid"]),
        Objective(id="mid", title="M", parent="top"),
        Initiative(id="i", title="I", parent="side"),
        Objective(id="own", title="O", parent="side", owner="own"),
    )
    assert plan.inherited("a", "owner") == "top"
    assert plan.inherited("i", "owner") == "side"
    assert plan.inherited("own", "owner") == "own"
    assert plan.inherited("a", "ambition") is Ambition.COMMITTED
    assert plan.inherited("i", "cadence") is weekly
    assert Plan.of(A, B).inherited("b", "owner") is None
    assert problems_of(lambda: plan.inherited("a", "title")) == [("", "unknown_field")]


def test_a_stage_is_ones_own_else_that_of_the_nearest_counting_parent_else_active() -> None:
    plan = Plan.of(
        A,
        B,
        K,
        Initiative(id="i", title="I", parent="a"),
        Transition(goal="a", on=AUGUST, stage="paused"),
        Transition(goal="b", on=SEPTEMBER, stage="approved"),
    )
    text: Any = "2026-08-09"
    assert plan.stage("k", text) is Stage.ACTIVE
    assert plan.stage("k", AUGUST) is Stage.PAUSED
    assert plan.stage("k", SEPTEMBER) is Stage.APPROVED
    assert plan.stage("i", AUGUST) is Stage.ACTIVE


def test_a_stage_follows_a_goal_to_its_new_parent() -> None:
    plan = Plan.of(A, Objective(id="c", title="C"), KeyResult(id="k", title="K", parent="a", metric=METRIC))
    plan = plan.record(Transition(goal="c", on=AUGUST, stage="paused")).amend("k", on=SEPTEMBER, parent="c")
    assert plan.stage("k", date(2026, 8, 31)) is Stage.ACTIVE
    assert plan.stage("k", SEPTEMBER) is Stage.PAUSED


def test_a_day_is_a_day_wherever_one_is_asked_for() -> None:
    plan = Plan.of(A).amend("a", on=SEPTEMBER, title="B")
    text: Any = "2026-09-01"
    assert plan.definitions(text).goals["a"].title == "B"
    assert plan.as_of(text)["a"].title == "B"
    moment: Any = datetime(2026, 9, 1, 12, tzinfo=UTC)
    for ask in (plan.as_of, plan.definitions, lambda day: plan.stage("a", day), lambda day: plan.check_ins("a", day)):
        assert problems_of(lambda ask=ask: ask(moment)) == [("", "not_a_day")]  # type: ignore[misc]  # a loop's own question


@given(plans(max_goals=6, max_facts=6))
def test_a_plan_as_of_a_day_gives_that_days_figures_and_knows_no_later_one(plan: Plan) -> None:
    for on in {fact.on for fact in plan.facts}:
        then = plan.as_of(on)
        assert all(fact.on <= on for fact in then.facts)
        assert list(then) == list(plan)
        assert rollup(then, as_of=on).to_dicts() == rollup(plan, as_of=on).to_dicts()


def test_a_plan_as_of_a_day_after_which_nothing_happened_is_the_same_plan() -> None:
    plan = Plan.of(A, B, K, CheckIn(goal="k", on=AUGUST, value=1))
    assert plan.as_of(AUGUST) is plan
    assert plan.as_of(date(2026, 8, 9)).facts == ()


def test_a_correction_is_not_older_than_what_it_corrects() -> None:
    """Else it would, on the days between, correct something that is not known yet."""
    wrong = CheckIn(goal="k", on=date(2026, 8, 20), value=1, id="wrong")
    right = CheckIn(goal="k", on=AUGUST, value=1, supersedes="wrong")
    assert problems_of(lambda: Plan.of(A, B, K, wrong, right)) == [("k[2026-08-10].supersedes", "corrects_later")]


def test_a_plan_as_of_a_day_after_its_metric_was_revised_can_be_read_again() -> None:
    """Its older check-ins were said of the older metric."""
    plan = Plan.of(A, B, K, CheckIn(goal="k", on=AUGUST, value=56)).amend("k", on=SEPTEMBER, metric=Binary())
    then = plan.as_of(SEPTEMBER)
    assert again(then) == then


def test_what_was_first_written_is_corrected_where_it_was_not_revised() -> None:
    plan = Plan.of(A, B, K).amend("k", on=SEPTEMBER, weight=2).amend("k", title="Another")
    assert (plan.as_of(AUGUST)["k"].title, plan.as_of(AUGUST)["k"].weight) == ("Another", 1)
    assert (plan["k"].title, plan["k"].weight) == ("Another", 2)


def test_what_was_revised_is_not_corrected_for_days_that_nobody_named() -> None:
    plan = Plan.of(A, B, K).amend("k", on=SEPTEMBER, weight=2)
    assert problems_of(lambda: plan.amend("k", weight=3)) == [("k.weight", "revised")]
    assert problems_of(lambda: plan.replace(Milestone(id="k", title="K"))) == [("k.kind", "revised")]
    assert plan.amend("k", weight=2) == plan


# -- size


def test_a_chain_of_ten_thousand_goals_is_an_ordinary_plan() -> None:
    size = 10_000
    goals = [
        Objective(
            id=f"o{n}", title="O", parent=f"o{n + 1}" if n < size - 1 else None, owner=None if n < size - 1 else "x"
        )
        for n in range(size)
    ]
    plan = Plan.of(Q3, *goals[:-1], Objective(id=f"o{size - 1}", title="O", owner="x", cycle=Q3.id))
    plan = plan.record(Transition(goal=f"o{size - 1}", on=AUGUST, stage="paused"))
    assert plan.inherited("o0", "owner") == "x"
    assert plan.stage("o0", AUGUST) is Stage.PAUSED
    assert plan.period("o0") == (Q3.first_day, Q3.last_day)
    assert pickle.loads(pickle.dumps(plan)) == plan  # noqa: S301 - our own bytes
    assert len(plan.remove(f"o{size - 1}", with_dependants=True)) == 0


def test_a_ladder_of_twenty_diamonds_is_an_ordinary_plan() -> None:
    goals: list[Goal] = [Objective(id="top", title="T", owner="x")]
    above = ["top"]
    for level in range(20):
        goals += [Objective(id=f"{side}{level}", title="L", parent=above) for side in "ab"]
        above = [f"a{level}", f"b{level}"]
    plan = Plan.of(*goals).record(Transition(goal="top", on=AUGUST, stage="paused"))
    assert plan.inherited("a19", "owner") == "x"
    assert plan.stage("a19", AUGUST) is Stage.PAUSED
    assert plan.children("top") == ("a0", "b0")
    assert len(plan.remove("top", with_dependants=True)) == 0


def test_recording_shares_the_goals_and_their_shape() -> None:
    plan = Plan.of(A, B, K)
    grown = plan.record(*(CheckIn(goal="k", on=AUGUST, value=n) for n in range(100)))
    for n in range(100, 200):
        grown = grown.record(CheckIn(goal="k", on=AUGUST, value=n))
    assert grown.written is plan.written
    assert grown.written.structure is plan.written.structure
    assert len(grown.facts) == 200


# -- KPIs and what is observed of them

STAFF = KPI(id="staff", title="Staff", kind="stock")
REVENUE = KPI(id="revenue", title="Revenue", kind="flow", unit="EUR")


def seen(value: int, on: date = AUGUST, **given: Any) -> Observation:
    return Observation(**{"kpi": "staff", "on": on, "value": value, **given})


def test_kpis_are_asked_for_by_id_and_come_in_the_order_in_which_they_were_added() -> None:
    plan = Plan.of(STAFF).add(A, REVENUE, STAFF)
    assert plan.kpis == (STAFF, REVENUE)
    assert plan.kpi("revenue") is REVENUE
    assert "staff" not in plan
    unhashable: Any = ["staff"]
    for ask in (plan.kpi, plan.observations):
        with pytest.raises(UnknownId, match="no KPI has the id 'staf'; did you mean 'staff'"):
            ask("staf")
        with pytest.raises(UnknownId):
            ask(unhashable)


def test_a_plan_with_kpis_says_how_many() -> None:
    plan = Plan.of(STAFF, seen(1), seen(2))
    assert repr(plan) == "<Plan of 0 goals, 0 cycles, 0 facts, 1 KPI, 2 observations>"
    assert plan.facts == ()


def test_observations_come_oldest_day_first_until_a_day_without_those_that_were_corrected() -> None:
    late, wrong = seen(3, SEPTEMBER), seen(1, id="wrong")
    right = seen(2, date(2026, 8, 20), supersedes="wrong")
    plan = Plan.of(STAFF, late, right, wrong)
    assert plan.observations("staff") == (right, late)
    assert plan.observations("staff", until=date(2026, 8, 20)) == (right,)
    assert plan.observations("staff", until="2026-08-19") == (wrong,)  # type: ignore[arg-type]  # text is taken too
    assert plan.observations("staff", until=date(2026, 8, 9)) == ()
    assert tuple(plan.observed) == (late, right, wrong)


@given(plans(max_goals=2, max_facts=8, names_kpis=True))
def test_a_plan_as_of_a_day_knows_no_later_observation(plan: Plan) -> None:
    for on in {each.on for each in plan.observed}:
        then = plan.as_of(on)
        assert all(each.on <= on for each in then.observed)
        for kpi in plan.kpis:
            assert then.observations(kpi.id) == plan.observations(kpi.id, until=on)
        assert then.kpis == plan.kpis


def test_a_plan_as_of_a_day_after_which_nothing_was_observed_is_the_same_plan() -> None:
    plan = Plan.of(STAFF, seen(1))
    assert plan.as_of(AUGUST) is plan
    assert plan.as_of(date(2026, 8, 9)).observations("staff") == ()


def test_plans_differ_where_their_kpis_or_observations_do() -> None:
    plan = Plan.of(STAFF, seen(1), seen(2))
    assert plan == Plan.of(seen(1), STAFF, seen(2))
    assert plan != Plan.of(STAFF, seen(2), seen(1))
    assert plan != Plan.of(STAFF, seen(1))
    assert Plan.of(STAFF) != Plan.of(REVENUE)
    assert Plan.of(STAFF) != Plan.of()
    day = date(2026, 8, 11)
    assert Plan.of(STAFF, seen(1), seen(2, day)) == Plan.of(STAFF, seen(2, day), seen(1))


def test_a_kpi_is_replaced_in_its_place_and_keeps_what_was_observed() -> None:
    plan = Plan.of(STAFF, REVENUE, A, seen(1))
    new = KPI(id="staff", title="Head count", kind="stock", target=12)
    later = plan.replace(new, Objective(id="a", title="B", affects=["staff"]))
    assert later.kpis == (new, REVENUE)
    assert later.observations("staff") == (seen(1),)
    assert (later["a"].title, later["a"].affects) == ("B", ("staff",))
    assert plan.kpis == (STAFF, REVENUE)
    assert plan.replace(STAFF) is plan
    with pytest.raises(UnknownId):
        plan.replace(KPI(id="new", title="N", kind="flow"))
    with pytest.raises(InvalidPlan, match="duplicate_id"):
        plan.replace(new, STAFF)


def test_observing_shares_the_goals_and_the_facts() -> None:
    plan = Plan.of(A, STAFF, CheckIn(goal="a", on=AUGUST))
    later = plan.record(seen(1))
    assert later.written is plan.written
    assert later.log is plan.log
    assert plan.record() is plan
    assert later.record(seen(1)) is later


def test_removing_a_goal_leaves_the_kpis_that_it_was_to_move() -> None:
    plan = Plan.of(STAFF, Objective(id="a", title="A", affects=["staff"]), seen(1))
    assert plan.remove("a") == Plan.of(STAFF, seen(1))


def test_a_goal_may_be_amended_to_be_measured_by_a_kpi() -> None:
    plan = Plan.of(STAFF, KeyResult(id="k", title="K", metric=METRIC), CheckIn(goal="k", on=AUGUST, value=5))
    assert problems_of(lambda: plan.amend("k", measured_by="staff")) == [(f"k[{AUGUST}].value", "value_beside_kpi")]
    later = plan.amend("k", on=SEPTEMBER, by="ida", why="we count now", measured_by="staff", affects=["staff"])
    assert later.as_of(AUGUST)["k"].affects == ()
    assert later["k"].affects == ("staff",)
    assert again(later) == later
