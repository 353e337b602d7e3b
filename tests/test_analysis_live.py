"""A roll-up that follows a plan: what it says is what a fresh roll-up would say, whatever happens."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from goalkit import (
    KPI,
    CheckIn,
    Formula,
    Increase,
    InvalidPlan,
    KeyResult,
    Link,
    LiveRollup,
    Milestone,
    Objective,
    Observation,
    Plan,
    Policy,
    Transition,
    UnknownId,
    rollup,
    trend,
)
from goalkit.analysis.rollup import GoalProgress
from goalkit.quantities import TOLERANCE
from goalkit.testing.strategies import LAST_DAY, check_ins, days, life_facts, plans, policies, weights

DAY = date(2026, 8, 15)


def objective(goal_id: str, parent: Any = None, **fields: Any) -> Objective:
    return Objective(id=goal_id, title=goal_id, parent=parent, **fields)


def result(goal_id: str, parent: Any = "o", **fields: Any) -> KeyResult:
    values = {"metric": Increase(start=0, target=10), "parent": parent, **fields}
    return KeyResult(id=goal_id, title=goal_id, **values)


def at(goal_id: str, value: Any, on: date = DAY, **fields: Any) -> CheckIn:
    return CheckIn(goal=goal_id, on=on, value=value, **fields)


def live_of(*things: Any, as_of: date = DAY, **choices: Any) -> LiveRollup:
    return LiveRollup(Plan.of(*things), as_of=as_of, policy=Policy(**choices))


def assert_fresh(live: LiveRollup) -> None:
    fresh = rollup(live.plan, as_of=live.as_of, policy=live.policy)
    assert [*live] == [*fresh]
    for goal_id, row in fresh.items():
        mine = live[goal_id]
        assert mine.reason is row.reason, goal_id
        assert mine.check_in == row.check_in
        assert mine.actual == row.actual
        for name in ("value", "raw", "coverage"):
            one, other = getattr(mine, name), getattr(row, name)
            assert one == other or one == pytest.approx(other, rel=1e-9, abs=TOLERANCE), (goal_id, name)
        assert [(part.goal, part.counts, part.reason, part.clamped) for part in mine.contributions] == [
            (part.goal, part.counts, part.reason, part.clamped) for part in row.contributions
        ]


# -- known answers ----------------------------------------------------------------------------------


def test_a_check_in_moves_up_to_every_goal_above_it_and_no_further() -> None:
    live = live_of(objective("top"), objective("o", "top"), objective("p", "top"), result("a"), result("b", "p"))
    assert live.record(at("a", 5)) == ("a", "o", "top")
    assert [live[goal].value for goal in ("a", "o", "p", "top")] == [0.5, 0.5, None, 0.25]
    assert live.record(at("b", 10)) == ("b", "p", "top")
    assert live["top"].value == 0.75
    assert live.record(at("b", 10)) == ()


def test_a_change_reaches_a_goal_once_however_many_ways_lead_there() -> None:
    rungs: list[Any] = [objective("top")]
    above: Any = "top"
    for rung in range(20):
        rungs += [objective(f"l{rung}", above), objective(f"r{rung}", above)]
        above = [f"l{rung}", f"r{rung}"]
    live = live_of(*rungs, result("k", above))
    assert len(live.record(at("k", 4))) == 42
    assert len(live.record(at("k", 6))) == 42
    assert live["top"].value == pytest.approx(0.6)


def test_a_chain_of_ten_thousand_levels_is_followed_without_recursion() -> None:
    chain = [objective(f"o{level}", f"o{level - 1}" if level else None) for level in range(10_000)]
    live = live_of(*chain, result("k", "o9999"))
    for value in (4, 6, 7):
        assert len(live.record(at("k", value))) == 10_001
    assert live["o0"].value == pytest.approx(0.7)


def test_the_same_facts_in_another_order_are_another_plan() -> None:
    plan = Plan.of(objective("o"), result("a"))
    one, other = at("a", 2, id="one"), at("a", 8, id="other")
    forth, back = plan.record(one).record(other), plan.record(other).record(one)
    assert [rollup(each, as_of=DAY).progress("o") for each in (forth, back, forth)] == [0.8, 0.2, 0.8]
    live = LiveRollup(forth, as_of=DAY)
    assert live.update(back) == ("a", "o")
    assert live.progress("o") == 0.2


@pytest.mark.parametrize("weight", [1e6, 1e12, 1e16])
def test_a_large_weight_that_came_and_went_leaves_nothing_behind(weight: float) -> None:
    others = [objective(f"z{at}") for at in range(60)]
    live = live_of(*others, objective("o"), result("a", weight=weight), result("b"), unmeasured="skip")
    for fact in (at("b", 1), at("a", 3.3, id="slip"), at("b", 7, id="b"), at("a", None, supersedes="slip")):
        live.record(fact)
    assert live.progress("o") == 0.7
    assert_fresh(live)


@pytest.mark.parametrize("slip", [1e6, 1e12, 1e20])
def test_a_large_value_that_came_and_went_leaves_nothing_behind(slip: float) -> None:
    others = [objective(f"z{at}") for at in range(60)]
    live = live_of(*others, objective("o"), result("a"), result("b"), clamp="none")
    said = [("b", 1.1), ("a", 3.3), ("b", 3.3), ("a", slip), ("a", 3.3)]
    for number, (goal, value) in enumerate(said):
        live.record(at(goal, value, id=f"f{number}"))
    assert live.progress("o") == pytest.approx(0.33, abs=1e-12)


def test_a_sum_follows_what_goes_through_a_goal_that_is_complete() -> None:
    whole = Increase(start=0, target=100)
    things = [objective("s", metric=whole, rollup="sum_of_values"), objective("x", "s"), result("b", "x")]
    closed = Transition(goal="x", on=DAY, stage="closed")
    live = live_of(*(objective(f"z{at}") for at in range(60)), *things, closed, closed="complete")
    assert live.record(at("b", 3)) == ("b", "s")
    assert live.progress("s") == 0.03
    assert_fresh(live)


def test_many_changes_at_once_work_everything_out_again() -> None:
    live = live_of(objective("o"), *(result(f"k{number}") for number in range(60)))
    told = live.record(*(at(f"k{number}", 5) for number in range(10)))
    assert told == (*(f"k{number}" for number in range(10)), "o")
    assert_fresh(live)
    assert live.progress("o") == rollup(live.plan, as_of=DAY).progress("o")  # not by a single bit


def test_what_is_said_of_a_goal_that_lies_ahead_changes_nothing() -> None:
    live = live_of(objective("o", first_day="2026-09-01"), result("a"))
    assert live.record(Transition(goal="o", on=DAY, stage="active")) == ()
    assert_fresh(live)


def test_what_is_said_of_an_earlier_day_changes_nothing() -> None:
    live = live_of(objective("o"), result("a"), at("a", 5))
    assert live.record(at("a", 7, date(2026, 8, 1))) == ()
    assert live["o"].value == 0.5


def test_changes_that_cancel_each_other_out_end_where_they_meet() -> None:
    live = live_of(objective("top"), objective("o", "top"), result("a"), result("b"), at("a", 2.5), at("b", 7.5))
    live.record(at("a", 5))
    live.record(at("a", 2.5, id="back"))
    assert live.record(at("a", 7.5), at("b", 2.5)) == ("a", "b")
    assert live["top"].value == 0.5


def test_what_is_recorded_for_a_later_day_waits_for_it() -> None:
    live = live_of(objective("o"), result("a"))
    assert live.record(at("a", 5, date(2026, 9, 1))) == ()
    assert live.advance(date(2026, 8, 31)) == ()
    assert live.advance(date(2026, 9, 1)) == ("a", "o")
    assert live["o"].value == 0.5
    assert live.advance(date(2026, 9, 1)) == ()


def test_a_day_takes_up_what_begins_and_what_was_done_on_it() -> None:
    live = live_of(
        objective("o"),
        objective("later", "o", first_day="2026-09-01"),
        result("a", "later"),
        Milestone(id="m", title="M", parent="o", done_on="2026-09-02"),
    )
    assert live["a"].reason == "not_started"
    assert live.advance(date(2026, 9, 1)) == ("a", "later")
    assert live["o"].reason == "not_measured"
    assert live.advance(date(2026, 9, 2)) == ("m", "o")
    assert live["o"].value == 0.5


def test_an_earlier_day_is_refused() -> None:
    with pytest.raises(ValueError, match="2026-08-14 is before 2026-08-15"):
        live_of(objective("o")).advance(date(2026, 8, 14))


def test_a_paused_goal_leaves_its_parents_and_comes_back() -> None:
    live = live_of(objective("o"), result("a"), result("b"), at("a", 4), at("b", 8))
    assert live.record(Transition(goal="a", on=DAY, stage="paused")) == ("o",)
    assert live["o"].value == 0.8
    assert live.record(Transition(goal="a", on=DAY, stage="active")) == ("o",)
    assert live["o"].value == pytest.approx(0.6)


def test_a_revision_works_everything_out_again() -> None:
    live = LiveRollup(Plan.of(objective("o"), result("a"), result("b"), at("a", 5)), as_of=DAY)
    assert live.update(live.plan.amend("a", weight=3, on=DAY)) == ("o",)
    assert live["o"].value == 0.375
    assert live.record(*live.plan.amend("b", weight=5, on=date(2026, 8, 20)).facts[-1:]) == ()
    assert live.advance(date(2026, 8, 20)) == ("o",)
    assert live["o"].value == 0.1875


def test_another_version_of_the_plan_may_have_other_goals() -> None:
    live = LiveRollup(Plan.of(objective("o"), result("a"), at("a", 5)), as_of=DAY)
    assert live.update(live.plan.add(result("b"))) == ("b", "o")
    assert live.update(live.plan.record(at("b", 10))) == ("b", "o")
    assert live.update(live.plan.remove("b", with_dependants=True)) == ("o",)
    assert [*live] == ["o", "a"]


def test_a_milestone_follows_the_goal_of_which_it_is_a_share() -> None:
    live = live_of(result("a", None), Milestone(id="half", title="Half", parent="a", share=0.5))
    assert live.record(at("a", 2.5)) == ("a", "half")
    assert live["half"].value == 0.5
    assert live.record(CheckIn(goal="a", on=DAY, value=2.5, note="still so")) == ("a",)


@pytest.mark.parametrize("method", ["minimum", "maximum", "ratio_of_sums"])
def test_what_is_no_mean_is_worked_out_again(method: str) -> None:
    live = live_of(objective("top"), objective("o", "top", rollup=method), *(result(f"k{each}") for each in range(30)))
    for value in (4, 6, 5):
        live.record(at("k7", value))
        live.record(at("k8", 2 * value))
        assert_fresh(live)


@pytest.mark.parametrize("unmeasured", ["zero", "skip", "unknown", "at_start"])
@pytest.mark.parametrize("blend", ["each_item", "key_results_as_one", "key_results_first"])
def test_a_mean_follows_what_is_measured_corrected_and_taken_back(unmeasured: str, blend: str) -> None:
    parts = *(result(f"k{each}", weight=each + 1) for each in range(20)), objective("p", "o"), result("q", "p")
    live = live_of(objective("top"), objective("o", "top"), *parts, unmeasured=unmeasured, blend=blend)
    for step in range(3):
        for goal in ("k3", "k5", "q"):
            live.record(CheckIn(goal=goal, on=DAY, value=step + 2, id=f"{goal} {step}"))
            assert_fresh(live)
    for goal in ("k3", "k5", "q"):
        for step in range(3):
            live.record(CheckIn(goal=goal, on=DAY, supersedes=f"{goal} {step}", id=f"{goal} back {step}"))
            assert_fresh(live)


def moved_to(goal: str, stage: str, number: int) -> Transition:
    return Transition(goal=goal, on=DAY, stage=stage, id=f"{goal} {number}")


@pytest.mark.parametrize(
    "choices",
    [{"closed": "complete"}, {"closed": "leave_out"}, {"blend": "key_results_first"}, {"method": "sum_of_values"}],
)
def test_goals_that_close_pause_and_come_back_leave_nothing_behind(choices: dict[str, Any]) -> None:
    total = objective("s", metric=Increase(start=0, target=9), rollup="sum_of_values")
    rest = tuple(result(f"k{each}", "p") for each in range(30))
    live = live_of(
        objective("top"),
        objective("o", "top"),
        objective("p", "o"),
        total,
        objective("x", "s"),
        objective("y", "x"),
        result("a", ["o", "x"]),
        result("b", "y"),
        *rest,
        at("a", 4),
        at("b", 7),
        at("k0", 6),
        **choices,
    )
    for number, stage in enumerate(("closed", "active", "paused", "active", "archived")):
        for goal in ("a", "p", "o"):
            live.record(moved_to(goal, stage, number))
            assert_fresh(live)


def test_what_was_held_is_forgotten_when_it_is_not_any_more() -> None:
    rest = tuple(result(f"k{each}", "p") for each in range(30))
    live = live_of(objective("top"), objective("o", "top"), result("a"), objective("p"), *rest, clamp="objective")
    for value in (20, 5, 15, 8):
        live.record(at("a", value))
        assert_fresh(live)


def test_why_nothing_counts_changes_with_what_does_not_count() -> None:
    live = live_of(objective("o"), KeyResult(id="a", title="A", parent="o", first_day="2026-08-20"))
    assert live["o"].reason == "none_started"
    assert live.advance(date(2026, 8, 20)) == ("a", "o")
    assert live["o"].reason == "no_metric"


def test_the_number_behind_a_figure_changes_it_too() -> None:
    live = live_of(result("a", None, reads="minimum"), *(result(f"k{each}", None) for each in range(30)), at("a", 5))
    assert live.record(at("a", 3, date(2026, 8, 1))) == ("a",)
    assert live["a"].actual == 3


def test_a_goal_that_has_not_begun_does_not_move() -> None:
    rest = tuple(result(f"k{each}", None) for each in range(30))
    live = live_of(objective("o", first_day="2026-09-01"), result("a", first_day="2026-08-01"), *rest)
    assert live.record(at("a", 5)) == ("a",)
    assert live["o"].reason == "not_started"
    assert_fresh(live)


def test_what_supports_moves_and_its_parent_does_not() -> None:
    rest = tuple(result(f"k{each}") for each in range(30))
    live = live_of(objective("o"), *rest, result("s", Link("o", counts=False)), at("k0", 5))
    live.record(at("k1", 5))
    assert live.record(at("s", 5)) == ("s",)
    assert_fresh(live)


def test_many_changes_at_once_are_one_full_pass() -> None:
    live = live_of(objective("o"), *(result(f"k{each}") for each in range(30)))
    assert live.record(*(at(f"k{each}", 5) for each in range(30)))[-1] == "o"
    assert_fresh(live)


def test_a_share_that_has_not_begun_or_is_complete_stays_so() -> None:
    rest = tuple(result(f"k{each}") for each in range(30))
    shares = (
        Milestone(id="later", title="M", parent="k0", share=0.5, first_day="2026-08-20"),
        Milestone(id="closed", title="M", parent="k0", share=0.5),
    )
    live = live_of(objective("o"), *rest, *shares, Transition(goal="closed", on=DAY, stage="closed"), closed="complete")
    assert live.record(at("k0", 2)) == ("k0", "o")
    assert_fresh(live)
    assert live.advance(date(2026, 8, 20)) == ("later",)
    assert live["later"].value == 0.4
    assert_fresh(live)


def test_what_is_refused_changes_nothing() -> None:
    live = LiveRollup(Plan.of(objective("o"), result("a"), at("a", 5)), as_of=DAY)
    with pytest.raises(InvalidPlan):
        live.record(at("a", 7), at("nobody", 7))
    assert live["o"].value == 0.5
    with pytest.raises(UnknownId):
        live["nobody"]


def test_it_reads_as_a_roll_up_does() -> None:
    live = live_of(objective("o"), result("a"))
    assert (len(live), [*live], "a" in live, "x" in live, None in live) == (2, ["o", "a"], True, False, False)
    assert repr(live) == "<LiveRollup of 2 goals on 2026-08-15>"
    assert isinstance(live["o"], GoalProgress)
    assert (live.as_of, live.policy) == (DAY, Policy())


def test_after_many_changes_a_fresh_look_changes_next_to_nothing() -> None:
    live = LiveRollup(Plan.of(objective("o"), *(result(f"k{at_}", weight=at_ + 0.1) for at_ in range(5))), as_of=DAY)
    live.record(*(at(f"k{at_}", at_) for at_ in range(5)))
    for step in range(2_000):
        live.record(CheckIn(goal=f"k{step % 5}", on=DAY, value=step % 9 + step % 7 / 10, id=f"fact {step}"))
    before = live["o"].value
    live.recompute()
    assert live["o"].value == rollup(live.plan, as_of=DAY)["o"].value
    assert before == pytest.approx(live["o"].value, abs=1e-12)


# -- whatever happens -------------------------------------------------------------------------------


class Following(RuleBasedStateMachine):
    """Facts, days and versions in any order, over any plan and policy."""

    live: LiveRollup

    @initialize(plan=plans(details=False, max_facts=4), policy=policies(), as_of=days())
    def start(self, plan: Plan, policy: Policy, as_of: date) -> None:
        self.live = LiveRollup(plan, as_of=as_of, policy=policy)
        self.moved: Sequence[str] = ()

    def told(self, moved: Sequence[str], before: dict[str, GoalProgress]) -> None:
        for goal_id, row in self.live.items():
            old = before.get(goal_id)
            same = old is not None and figures(old) == figures(row)
            assert (goal_id in moved) != same, goal_id

    @precondition(lambda self: len(self.live) > 0)
    @rule(data=st.data())
    def record(self, data: st.DataObject) -> None:
        goal_id = data.draw(st.sampled_from([*self.live]))
        on = data.draw(days())
        goal = self.live.plan.definitions(on).goals[goal_id]
        fact = data.draw(check_ins(goal, on=on, details=False) | life_facts(goal_id, details=False))
        before = dict(self.live)
        try:
            self.told(self.live.record(fact), before)
        except InvalidPlan:
            assert dict(self.live) == before

    @rule(step=st.integers(0, 60))
    def advance(self, step: int) -> None:
        before = dict(self.live)
        self.told(self.live.advance(min(self.live.as_of + timedelta(days=step), LAST_DAY)), before)

    @precondition(lambda self: len(self.live) > 0)
    @rule(data=st.data(), weight=weights())
    def amend(self, data: st.DataObject, weight: float) -> None:
        goal_id = data.draw(st.sampled_from([*self.live]))
        before = dict(self.live)
        self.told(self.live.update(self.live.plan.amend(goal_id, weight=weight, on=data.draw(days()))), before)

    @rule()
    def recompute(self) -> None:
        self.live.recompute()
        fresh = rollup(self.live.plan, as_of=self.live.as_of, policy=self.live.policy)
        assert [*fresh.values()] == [*self.live.values()]

    @invariant()
    def agrees(self) -> None:
        if hasattr(self, "live"):
            assert_fresh(self.live)


def figures(row: GoalProgress) -> tuple[object, ...]:
    return row.value, row.raw, row.reason, row.coverage, row.check_in, row.actual


TestFollowing = Following.TestCase
TestFollowing.settings = settings(
    stateful_step_count=12, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


# -- measured by a KPI ------------------------------------------------------------------------------

KPIS = (
    KPI(id="sales", title="Sales", kind="flow"),
    KPI(id="cases", title="Cases", kind="flow"),
    KPI(id="rate", title="Rate", kind="ratio", formula=Formula("ratio", ["sales", "cases"])),
    KPI(id="users", title="Users", kind="distinct", frequency="monthly"),
)


def seen(kpi_id: str, value: Any, on: date = DAY, **fields: Any) -> Observation:
    return Observation(kpi=kpi_id, on=on, value=value, **fields)


def by_kpis() -> Plan:
    return Plan.of(
        objective("o", first_day="2026-07-01", last_day="2026-09-30"),
        *KPIS,
        result("a", measured_by="sales"),
        result("b", measured_by="rate"),
        result("c", measured_by="users", first_day="2026-08-01", last_day="2026-08-31"),
        result("d"),
    )


def test_an_observation_moves_the_goals_that_it_measures_and_those_above_them() -> None:
    live = LiveRollup(by_kpis(), as_of=DAY)
    assert live.record(seen("sales", 4)) == ("a", "o")
    assert live.record(seen("cases", 2)) == ("b", "o")
    assert live.record(seen("users", 7)) == ("c", "o")
    assert [live[goal].value for goal in "abc"] == [0.4, 0.2, 0.7]
    assert live.record(seen("sales", 4)) == ()
    assert live.record(at("d", 5), seen("sales", 1, DAY, id="more")) == ("a", "b", "d", "o")
    assert_fresh(live)


def test_an_observation_of_a_kpi_that_measures_nothing_moves_nothing() -> None:
    live = live_of(objective("o"), result("a"), *KPIS, at("a", 5))
    assert live.record(seen("sales", 4)) == ()
    assert len(live.plan.observed) == 1
    assert_fresh(live)


def test_what_was_observed_of_a_later_day_comes_with_that_day() -> None:
    plan = by_kpis().record(seen("sales", 4, date(2026, 8, 20)), seen("cases", 8, date(2026, 8, 25)))
    live = LiveRollup(plan, as_of=DAY)
    turns = [date(2026, 8, 20), date(2026, 8, 25)]
    assert live.turns(DAY, date(2026, 9, 30)) == turns
    assert live.advance(turns[0]) == ("a", "o")
    assert_fresh(live)
    assert live.record(seen("sales", 1, date(2026, 9, 1))) == ()
    assert live.turns(turns[0], date(2026, 9, 30)) == [turns[1], date(2026, 9, 1)]
    assert [*live.step(turns[1])] == ["b"]
    assert_fresh(live)
    live.advance(date(2026, 9, 30))
    assert_fresh(live)


def test_after_its_period_a_goal_no_longer_follows_its_kpi() -> None:
    live = LiveRollup(by_kpis().record(seen("users", 7)), as_of=DAY)
    live.advance(date(2026, 9, 15))
    live.record(seen("users", 9, date(2026, 9, 10)))
    assert live["c"].actual == 7
    assert_fresh(live)


def observed_values() -> st.SearchStrategy[Observation]:
    return st.builds(
        lambda kpi_id, on, value, fact_id: seen(kpi_id, value, on, id=fact_id),
        st.sampled_from(["sales", "cases", "users"]),
        days(date(2026, 6, 20), date(2026, 10, 10)),
        st.integers(-5, 20),
        st.uuids().map(str),
    )


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        observed_values() | days(date(2026, 7, 1), date(2026, 10, 5)) | st.sampled_from(["fix", "check"]), max_size=8
    ),
    policies(),
)
def test_by_kpis_a_live_roll_up_says_what_a_fresh_one_does(steps: Sequence[Any], policy: Policy) -> None:
    live = LiveRollup(by_kpis(), as_of=date(2026, 7, 5), policy=policy)
    for number, step in enumerate(steps):
        if isinstance(step, Observation):
            live.record(step)
        elif isinstance(step, date):
            live.advance(max(step, live.as_of))
        elif step == "check":
            live.record(at("d", number, live.as_of, id=f"d{number}"))
        elif len(live.plan.observed):
            wrong = [*live.plan.observed][-1]
            live.record(seen(wrong.kpi, number, wrong.on + timedelta(3), supersedes=wrong.id, id=f"fix{number}"))
        assert_fresh(live)
    days_of_it = [date(2026, 7, 1) + timedelta(20 * at) for at in range(6)]
    for point in trend(live.plan, "o", days_of_it, policy=policy):
        row = rollup(live.plan, as_of=point.on, policy=policy)["o"]
        assert (point.reason, point.value) == (row.reason, row.value) or point.value == pytest.approx(row.value)


def test_what_was_observed_between_two_days_is_seen_on_the_second() -> None:
    plan = by_kpis().record(seen("sales", 4, date(2026, 8, 20)))
    live = LiveRollup(plan, as_of=DAY)
    assert live.advance(date(2026, 8, 31)) == ("a", "o")
    assert [point.value for point in trend(plan, "a", [DAY, date(2026, 8, 31)])] == [None, 0.4]
    assert [*LiveRollup(plan, as_of=DAY).step(date(2026, 8, 31))] == ["a", "b"]


@pytest.mark.parametrize("frequency", ["daily", "weekly", "monthly"])
def test_what_is_of_one_period_only_is_unknown_when_the_next_one_begins(frequency: str) -> None:
    users = KPI(id="users", title="Users", kind="distinct", frequency=frequency)
    goal = result("k", None, first_day="2026-07-01", last_day="2026-09-30", measured_by="users")
    live = LiveRollup(Plan.of(users, goal, Observation(kpi="users", on="2026-07-01", value=1)), as_of=date(2026, 7, 1))
    assert live["k"].value is not None
    for on in (date(2026, 7, 2), date(2026, 7, 6), date(2026, 8, 1)):
        live.advance(on)
        assert live["k"] == rollup(live.plan, as_of=on)["k"]
    assert live["k"].reason == "not_computable"
