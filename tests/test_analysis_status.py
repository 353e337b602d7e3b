"""Status: what the figures say, what people say, which of them counts, and why."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import (
    Assessment,
    AtLeast,
    AtMost,
    Binary,
    Cadence,
    CheckIn,
    Cycle,
    Decrease,
    FindBaseline,
    Grade,
    Increase,
    InvalidValue,
    KeyResult,
    Link,
    LoadedProfile,
    Milestone,
    Objective,
    Plan,
    Policy,
    Status,
    Transition,
    UnknownId,
    assess,
    policies,
    rollup,
)
from goalkit.policies import Hysteresis, Thresholds
from goalkit.testing import strategies

Q3 = Cycle.quarter(2026, 3)
HALF = date(2026, 8, 15)
ON = date(2026, 8, 14)
LAST = date(2026, 9, 30)


def objective(goal: str = "o", **more: Any) -> Objective:
    fields: dict[str, Any] = {"cycle": "2026-Q3"} | more
    return Objective(id=goal, title=goal, **fields)


def per_cent(goal: str = "k", parent: Any = "o", **more: Any) -> KeyResult:
    return KeyResult(id=goal, title=goal, parent=parent, metric=Increase(start=0, target=100), **more)


def kept(goal: str = "k", metric: Any = None, **more: Any) -> KeyResult:
    fields: dict[str, Any] = {"parent": "o", "metric": metric or AtMost(3)} | more
    return KeyResult(id=goal, title=goal, **fields)


def plan_of(*things: Any, **values: Any) -> Plan:
    """A plan of the third quarter, with a value for each goal that is named."""
    said = [CheckIn(goal=goal, on=ON, value=value) for goal, value in values.items()]
    return Plan.of(Q3, objective(), *things).record(*said)


def judged(plan: Plan, as_of: date = HALF, goal: str = "k", **choices: Any) -> Any:
    return assess(plan, as_of=as_of, policy=Policy(**choices))[goal]


# -- the default table ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "status", "words"),
    [
        (45, "on_track", "45 % of the way, 50 % expected: 5.0 points behind, and up to 10 is on track"),
        (40, "on_track", "40 % of the way, 50 % expected: 10.0 points behind, and up to 10 is on track"),
        (39, "at_risk", "39 % of the way, 50 % expected: 11.0 points behind, and more than 10 is at risk"),
        (25, "at_risk", "25 % of the way, 50 % expected: 25.0 points behind, and more than 10 is at risk"),
        (24, "off_track", "24 % of the way, 50 % expected: 26.0 points behind, and more than 25 is off track"),
        (60, "on_track", "60 % of the way, 50 % expected: 10.0 points ahead, and up to 10 is on track"),
        (100, "achieved", "all of the way is gone"),
        (120, "achieved", "all of the way is gone"),
    ],
)
def test_a_linear_goal_is_judged_by_its_gap(value: int, status: str, words: str) -> None:
    found = judged(plan_of(per_cent(), k=value))
    assert (found.status, found.computed, found.reason) == (status, status, words)
    assert (found.reported, found.reported_on, found.reported_age, found.disagrees) == (None, None, None, False)


@pytest.mark.parametrize(
    ("as_of", "value", "status", "words"),
    [
        (date(2026, 6, 30), None, "not_started", "it begins on 2026-07-01"),
        (HALF, None, "not_started", "nobody has checked in yet"),
        (LAST, None, "not_started", "nobody has checked in yet"),
        (date(2026, 10, 1), None, "missed", "its last day was 2026-09-30, and nobody has said how far it came"),
        (LAST, 99, "on_track", "99 % of the way, 100 % expected: 1.0 points behind, and up to 10 is on track"),
        (date(2026, 10, 1), 99, "missed", "its last day was 2026-09-30, with 99 % of the way gone"),
        (date(2026, 10, 1), 100, "achieved", "all of the way is gone"),
    ],
)
def test_a_goal_begins_and_ends(as_of: date, value: int | None, status: str, words: str) -> None:
    plan = plan_of(per_cent(), **({} if value is None else {"k": value}))
    found = judged(plan, as_of)
    assert (found.status, found.reason) == (status, words)


@pytest.mark.parametrize(
    ("as_of", "value", "status", "words"),
    [
        (HALF, 2, "on_track", "2 keeps its limit: at most 3"),
        (HALF, 7, "off_track", "7 does not keep its limit: at most 3"),
        (date(2026, 9, 29), 2, "on_track", "2 keeps its limit: at most 3"),
        (LAST, 2, "achieved", "kept: at most 3"),
        (LAST, 7, "off_track", "7 does not keep its limit: at most 3"),
        (date(2026, 10, 1), 2, "achieved", "kept: at most 3"),
        (date(2026, 10, 1), 7, "missed", "its last day was 2026-09-30, with 0 % of the way gone"),
    ],
)
def test_what_is_to_be_kept_is_kept_or_not_and_never_achieved_before_its_end(
    as_of: date, value: int, status: str, words: str
) -> None:
    found = judged(plan_of(kept(), k=value), as_of)
    assert (found.status, found.reason) == (status, words)
    assert found.pace.expected == 1


def test_a_share_of_check_ins_is_judged_by_the_last_one_until_the_end() -> None:
    plan = plan_of(kept(metric=AtLeast(5, score="check_ins"))).record(
        CheckIn(goal="k", on="2026-08-01", value=1), CheckIn(goal="k", on="2026-08-08", value=6)
    )
    assert judged(plan).status == "on_track"
    assert judged(plan, date(2026, 10, 1)).status == "missed"
    assert judged(plan.record(CheckIn(goal="k", on="2026-08-12", value=1))).status == "off_track"


@pytest.mark.parametrize("goal", ["binary", "milestone"])
def test_a_yes_or_no_goal_is_expected_on_its_day(goal: str) -> None:
    due = date(2026, 9, 15)
    binary = KeyResult(id="binary", title="Release", parent="o", metric=Binary(), last_day=due)
    plan = plan_of(binary, Milestone(id="milestone", title="Open", parent="o", due=due))
    for day in (HALF, due):
        assert judged(plan, day, goal).status == "not_started"
    assert judged(plan, due + timedelta(1), goal).status == "missed"
    assert judged(plan, HALF, goal).pace.expected == 0
    assert judged(plan, due, goal).pace.expected == 1
    said = plan.record(CheckIn(goal=goal, on=ON, value=0))
    found = judged(said, HALF, goal)
    assert (found.status, found.reason) == ("on_track", "nothing is expected of it before 2026-09-15")
    for by in ({"by": "ratio", "on_track": 0.9, "at_risk": 0.7}, {"by": "level", "on_track": 0.7, "at_risk": 0.4}):
        assert judged(said, HALF, goal, thresholds=by).status == "on_track"
        assert judged(said, due, goal, thresholds=by).status == "off_track"
    assert judged(said, due, goal).status == "off_track"
    assert judged(plan.record(CheckIn(goal=goal, on=ON, value=1)), HALF, goal).status == "achieved"


def test_the_day_count_and_the_profile_say_what_is_expected() -> None:
    plan = plan_of(per_cent(), k=0)
    first = date(2026, 7, 1)
    assert judged(plan, ON).pace.expected == pytest.approx(45 / 92)
    assert judged(plan, first, day_count="start_of_day").pace.expected == 0
    assert judged(plan, LAST, day_count="closed").pace.expected == 1
    assert judged(plan, profile=LoadedProfile(2)).pace.expected == 0.25
    assert judged(plan, profile=LoadedProfile(2)).status == "at_risk"


def test_a_profile_for_a_goal_holds_for_those_below_it() -> None:
    plan = plan_of(objective("p", parent="o"), per_cent(parent="p"), per_cent("l"), k=10, l=10)
    found = assess(plan, as_of=HALF, profiles={"p": LoadedProfile(3), "l": LoadedProfile(0.5)})
    assert [round(found[goal].pace.expected or 0, 3) for goal in ("o", "p", "k", "l")] == [0.5, 0.125, 0.125, 0.707]
    assert found["k"].status == "on_track"


def test_without_a_period_only_ends_and_levels_can_be_judged() -> None:
    goal, binary = per_cent("k", None), kept("b", Binary(), parent=None)
    plan = plan_of(goal, binary, k=50, b=0)
    found = judged(plan)
    assert (found.status, found.reason) == (None, "nobody has said from when to when it runs")
    assert found.pace.progress == 0.5
    assert found.pace.expected is None
    assert judged(plan, goal="b").status is None
    assert judged(plan, thresholds={"by": "level", "on_track": 0.5, "at_risk": 0.3}).status == "on_track"
    assert judged(plan_of(goal, k=100)).status == "achieved"
    assert judged(plan_of(kept(parent=None), k=1), date(2030, 1, 1)).status == "on_track"


def test_unknown_progress_has_no_status_and_says_why() -> None:
    plan = plan_of(KeyResult(id="k", title="K", parent="o", metric=FindBaseline()), objective("e"), k=4)
    assert (judged(plan).status, judged(plan).reason) == (None, "nobody knows yet where it begins")
    assert (judged(plan, goal="e").status, judged(plan, goal="e").reason) == (None, "nothing contributes to it")
    late = plan_of(per_cent(first_day="2026-09-01"))
    assert judged(late, goal="o").reason == "nothing that would contribute has begun"
    assert judged(late, goal="o").status == "not_started"


def test_where_a_policy_counts_the_start_nobody_has_checked_in_all_the_same() -> None:
    found = judged(plan_of(per_cent()), unmeasured="at_start")
    assert (found.status, found.pace.progress) == ("not_started", 0)


# -- an objective ---------------------------------------------------------------------------------


def test_an_objective_is_judged_by_its_own_pace() -> None:
    plan = plan_of(per_cent("a"), per_cent("b"), a=60, b=10)
    found = assess(plan, as_of=HALF)
    assert [found.status(goal) for goal in ("o", "a", "b")] == ["at_risk", "on_track", "off_track"]


def test_an_objective_is_not_achieved_while_something_below_it_is_still_to_be_kept() -> None:
    plan = plan_of(objective("p", parent="o"), kept(parent="p"), per_cent("l"), k=2, l=100)
    for goal in ("p", "o"):
        assert judged(plan, goal=goal).status == "on_track"
        assert judged(plan, LAST, goal=goal).status == "achieved"
    found = assess(plan, as_of=HALF)
    assert [found.status(goal) for goal in ("o", "p", "o")] == ["on_track"] * 3
    assert assess(plan_of(per_cent(), k=100), as_of=HALF).status("o") == "achieved"
    diamond = plan_of(objective("p", parent="o"), per_cent(parent=["o", "p"]), k=100)
    assert assess(diamond, as_of=HALF).status("o") == "achieved"


def test_a_parent_may_follow_the_worst_of_its_children() -> None:
    plan = plan_of(per_cent("a"), per_cent("b"), per_cent("c", weight=0), a=60, b=10, c=0)
    found = judged(plan, goal="o", parent_status="worst")
    assert (found.status, found.reason) == ("off_track", "the worst of what counts towards it")
    assert judged(plan_of(per_cent("a")), goal="o", parent_status="worst").status == "not_started"
    early = plan_of(per_cent("a", last_day="2026-08-01"), per_cent("b"), a=60, b=60)
    assert judged(early, goal="o", parent_status="worst").status == "off_track"  # its child is missed, it is not over
    begun = plan_of(per_cent("a"), per_cent("b"), a=100)
    assert judged(begun, goal="o", parent_status="worst").status == "on_track"
    assert judged(plan_of(), goal="o", parent_status="worst").reason == "nothing contributes to it"


def test_a_parent_may_follow_the_mean_confidence() -> None:
    plan = plan_of(per_cent("a"), per_cent("b", weight=3), a=60, b=10)  # 0.8 and 0.1
    found = judged(plan, goal="o", parent_status="mean_confidence")
    assert (found.status, found.reason) == ("at_risk", "the mean confidence in what counts towards it")
    sure = plan.record(CheckIn(goal="b", on=HALF, confidence=0.9))
    assert judged(sure, goal="o", parent_status="mean_confidence").status == "on_track"
    sunk = plan_of(per_cent("a"), a=0)
    assert judged(sunk, goal="o", parent_status="mean_confidence").status == "off_track"
    closed = sunk.record(Transition(goal="a", on=ON, stage="closed", outcome="achieved"))
    assert judged(closed, goal="o", parent_status="mean_confidence").status == "achieved"
    done = plan_of(per_cent("a"), kept("b"), a=100, b=1)
    assert judged(done, goal="o", parent_status="mean_confidence").status == "on_track"
    nobody = judged(plan_of(per_cent("a")), goal="o", parent_status="mean_confidence")
    assert nobody.status == "not_started"


def test_a_parent_may_follow_the_latest_word() -> None:
    plan = plan_of(per_cent("a"), objective("p", parent="o"), per_cent("b", "p"), a=60).record(
        CheckIn(goal="b", on="2026-08-01", value=0)
    )
    found = judged(plan, goal="o", parent_status="latest")
    assert (found.status, found.reason) == ("on_track", "as what counts towards it was last seen")
    later = plan.record(CheckIn(goal="b", on=HALF, value=1))
    assert judged(later, goal="o", parent_status="latest").status == "off_track"
    assert judged(plan_of(per_cent("a")), goal="o", parent_status="latest").status == "not_started"


# -- stages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ("draft", "it is a draft"),
        ("proposed", "it is only proposed"),
        ("paused", "it is paused"),
        ("archived", "it is archived"),
    ],
)
def test_what_does_not_run_has_no_status_but_its_stage(stage: str, words: str) -> None:
    plan = plan_of(per_cent(), k=60).record(Transition(goal="o", on="2026-08-10", stage=stage))
    for goal in ("o", "k"):  # those below follow
        found = judged(plan, goal=goal)
        assert (found.status, found.computed, found.stage, found.reason) == (None, None, stage, words)
        assert found.pace.expected is None
    said = plan.record(CheckIn(goal="k", on=ON, status="on_track"))
    assert (judged(said).status, judged(said).reason, judged(said).disagrees) == (None, words, False)
    assert judged(plan.record(Transition(goal="k", on="2026-08-11", stage="active"))).status == "on_track"


def test_what_only_supports_a_goal_runs_on_without_it() -> None:
    plan = plan_of(per_cent(parent=Link("o", counts=False)), k=60)
    assert judged(plan.record(Transition(goal="o", on="2026-08-10", stage="paused"))).status == "on_track"


def test_a_milestone_that_is_a_share_is_judged_by_its_due_day() -> None:
    share = Milestone(id="m", title="Half", parent="k", due=date(2026, 9, 1), share=0.5)
    assert judged(plan_of(per_cent(), share, k=60), goal="m").status == "achieved"
    assert judged(plan_of(per_cent(), share, k=40), goal="m").status == "on_track"


def test_a_limit_that_is_read_from_a_sum_is_kept_as_a_whole() -> None:
    whole = Objective(id="w", title="W", cycle="2026-Q3", metric=AtMost(9), rollup="sum_of_values")
    plan = plan_of(whole, per_cent("a", "w"), per_cent("b", "w"), a=4, b=4)
    assert judged(plan, goal="w").reason == "8 keeps its limit: at most 9"


@pytest.mark.parametrize(
    ("outcome", "status", "words"),
    [
        ("achieved", "achieved", "it was closed as achieved"),
        ("missed", "missed", "it was closed as missed"),
        ("partial", None, "it was closed as partial"),
        ("dropped", None, "it was dropped"),
    ],
)
def test_a_closed_goal_has_the_status_of_its_outcome(outcome: str, status: str | None, words: str) -> None:
    plan = plan_of(per_cent(), k=60)
    closed = Transition(goal="k", on="2026-08-10", stage="closed", outcome=outcome)
    graded = Grade(goal="k", on=date(2026, 8, 10), outcome=outcome, by="ida")
    for fact in (closed, graded):
        found = judged(plan.record(fact))
        assert (found.status, found.stage, found.outcome, found.reason) == (status, "closed", outcome, words)


def test_a_goal_closed_without_an_outcome_is_judged_by_its_figures() -> None:
    plan = plan_of(per_cent(), k=60).record(Transition(goal="k", on="2026-08-10", stage="closed"))
    assert (judged(plan).status, judged(plan).stage) == ("on_track", "closed")


# -- what people say ------------------------------------------------------------------------------


def reporting(value: Any = 20, status: Any = "on_track", **more: Any) -> Plan:
    return plan_of(per_cent(), k=value).record(CheckIn(goal="k", on="2026-08-12", status=status, **more))


def test_what_is_reported_stands_beside_what_is_computed_and_a_quarrel_is_said() -> None:
    found = judged(reporting())
    assert (found.status, found.computed, found.reported, found.disagrees) == (
        "off_track",
        "off_track",
        "on_track",
        True,
    )
    assert (found.reported_on, found.reported_age) == (date(2026, 8, 12), 3)
    assert found.reason.endswith("is off track; reported as on track on 2026-08-12")
    agreeing = judged(reporting(60))
    assert (agreeing.disagrees, "reported" in agreeing.reason) == (False, False)


def test_a_reported_status_may_stand_until_the_next_check_in() -> None:
    plan = plan_of(per_cent()).record(CheckIn(goal="k", on="2026-08-12", value=20, status="on_track"))
    found = judged(plan, override="once")
    assert (found.status, found.computed) == ("on_track", "off_track")
    assert found.reason.startswith("reported as on track on 2026-08-12; computed as off track, 20 % of the way")
    later = plan.record(CheckIn(goal="k", on=HALF, value=21))
    assert judged(later, override="once").status == "off_track"
    assert judged(later, override="sticky").status == "on_track"
    corrected = later.record(CheckIn(goal="k", on=HALF, status="at_risk"))
    assert judged(corrected, override="sticky").status == "at_risk"


def test_an_end_stands_above_what_was_reported_before() -> None:
    assert judged(reporting(100, "at_risk"), override="sticky").status == "achieved"
    assert judged(reporting(50), date(2026, 10, 1), override="sticky").status == "missed"
    assert judged(reporting(50, "achieved"), date(2026, 10, 1), override="sticky").status == "achieved"


def test_where_nothing_can_be_computed_people_are_believed() -> None:
    plan = plan_of(objective("e")).record(CheckIn(goal="e", on=ON, status="at_risk"))
    found = judged(plan, goal="e")
    assert (found.status, found.computed, found.disagrees) == ("at_risk", None, False)
    assert found.reason == "reported as at risk on 2026-08-14; nothing contributes to it"
    words = plan_of(per_cent()).record(CheckIn(goal="k", on=ON, status="on_track"))
    found = judged(words)
    assert (found.status, found.computed, found.disagrees) == ("on_track", "not_started", False)
    assert found.reason.endswith("computed as not started, nobody has said how far it has come")
    begun = words.record(CheckIn(goal="k", on=ON, status="not_started"))
    assert judged(begun).reason == "nobody has said how far it has come"


# -- stale ----------------------------------------------------------------------------------------


def test_stale_stands_beside_the_status() -> None:
    weekly = Cadence.weekly("monday", grace_days=2)
    plan = plan_of(per_cent(cadence=weekly), k=60)  # Friday the 14th answers Monday the 17th
    assert not judged(plan, date(2026, 8, 26)).stale  # Monday the 24th, and two days of grace
    found = judged(plan, date(2026, 8, 27))
    assert (found.stale, found.stale_since, found.status) == (True, date(2026, 8, 24), "on_track")
    assert not judged(plan_of(per_cent(), k=60), date(2026, 8, 27)).stale
    fresh = plan.record(CheckIn(goal="k", on="2026-08-27", value=61))
    assert not judged(fresh, date(2026, 8, 27)).stale


# -- hysteresis -----------------------------------------------------------------------------------


def test_a_status_improves_only_when_it_is_clear() -> None:
    def after(previous: Any, value: Any, plan: Plan | None = None, **more: Any) -> Any:
        policy = Policy(hysteresis=Hysteresis(margin=0.05, confirm=2), **more)
        return assess(plan or plan_of(per_cent(), k=value), as_of=HALF, policy=policy, previous={"k": previous})["k"]

    assert after("at_risk", 42).status == "at_risk"  # 8 points behind, not yet 5
    assert after("at_risk", 42).reason.endswith("and up to 10 is on track; at risk until it is clear")
    assert after("at_risk", 45).status == "on_track"
    assert after("off_track", 42).status == "at_risk"
    assert after("on_track", 42).status == "on_track"
    assert after(None, 42).status == "on_track"
    assert after("achieved", 42).status == "on_track"
    assert after("on_track", 20).status == "off_track"  # it worsens at once
    twice = plan_of(per_cent(), k=42).record(CheckIn(goal="k", on="2026-08-13", value=42))
    assert after("at_risk", 42, twice).status == "on_track"
    low = plan_of(per_cent(), k=42).record(CheckIn(goal="k", on="2026-08-13", value=20))
    assert after("at_risk", 42, low).status == "at_risk"
    levels = Thresholds(by="level", on_track=0.4, at_risk=0.2)
    assert after("at_risk", 42, thresholds=levels).status == "at_risk"
    assert after("at_risk", 42, twice, thresholds=levels).status == "on_track"
    ratios = Thresholds(by="ratio", on_track=0.8, at_risk=0.5)
    assert after("at_risk", 42, thresholds=ratios).status == "at_risk"


def test_what_is_summed_or_made_up_of_others_is_never_confirmed_by_check_ins() -> None:
    policy = Policy(hysteresis={"confirm": 1})
    summed = per_cent(reads="sum")
    plan = plan_of(summed, k=42)
    found = assess(plan, as_of=HALF, policy=policy, previous={"k": "at_risk", "o": "at_risk"})
    assert (found.status("k"), found.status("o")) == ("at_risk", "at_risk")
    done = kept(metric=Binary(), last_day=date(2026, 9, 15))
    found = assess(plan_of(done, k=0), as_of=HALF, policy=policy, previous={"k": "at_risk"})
    assert found.status("k") == "on_track"
    level = Policy(hysteresis={"confirm": 1}, thresholds={"by": "level", "on_track": 0.4, "at_risk": 0.2})
    found = assess(plan_of(per_cent("k", None), k=42), as_of=HALF, policy=level, previous={"k": "at_risk"})
    assert found.status("k") == "on_track"


# -- published thresholds -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "value", "status"),
    [
        (policies.VIVA_GOALS, 50, "on_track"),
        (policies.VIVA_GOALS, 49, "at_risk"),
        (policies.VIVA_GOALS, 24, "off_track"),
        (policies.ENGAGEDLY, 34, "on_track"),
        (policies.ENGAGEDLY, "33.5", "at_risk"),
        (policies.ENGAGEDLY, 17, "at_risk"),
        (policies.ENGAGEDLY, 16, "off_track"),
        (policies.UPRAISE, "47.5", "on_track"),
        (policies.UPRAISE, "37.5", "at_risk"),
        (policies.UPRAISE, 37, "off_track"),
        (policies.SERVICENOW, 45, "on_track"),
        (policies.SERVICENOW, 44, "at_risk"),
        (policies.SERVICENOW, 37, "off_track"),
        (policies.MOONCAMP, 45, "on_track"),
        (policies.MOONCAMP, 35, "at_risk"),
        (policies.MOONCAMP, 34, "off_track"),
        (policies.PLANVIEW, 40, "on_track"),
        (policies.PLANVIEW, 0, "at_risk"),
        (policies.INNOVATION_MINDS, 50, "on_track"),
        (policies.INNOVATION_MINDS, 40, "at_risk"),
        (policies.INNOVATION_MINDS, 39, "off_track"),
    ],
    ids=str,
)
def test_published_thresholds(policy: Policy, value: Any, status: str) -> None:
    span = {"first_day": date(2026, 7, 1), "last_day": date(2026, 9, 29)}  # closed: 45 of 90 days; else 45.5 of 91
    count = policy.to_dict() | {"day_count": "closed"}
    plan = Plan.of(per_cent("k", None, **span), CheckIn(goal="k", on=ON, value=value))
    found = assess(plan, as_of=HALF, policy=Policy.from_dict(count))["k"]
    assert found.pace.expected == 0.5
    assert found.status == status


@pytest.mark.parametrize(
    ("thresholds", "value", "words"),
    [
        (
            {"by": "ratio", "on_track": 0.9, "at_risk": 0.7},
            45,
            "45 % of the way, 90 % of the 50 % that are expected, and from 90 % is on track",
        ),
        (
            {"by": "ratio", "on_track": 0.9, "at_risk": 0.7},
            40,
            "40 % of the way, 80 % of the 50 % that are expected, and less than 90 % is at risk",
        ),
        (
            {"by": "ratio", "on_track": 0.9, "at_risk": 0.7},
            20,
            "20 % of the way, 40 % of the 50 % that are expected, and less than 70 % is off track",
        ),
        ({"by": "level", "on_track": 0.7, "at_risk": 0.4}, 70, "70 % of the way, and from 70 % is on track"),
        (
            {"by": "level", "on_track": 0.7, "at_risk": 0.4, "strict": True},
            71,
            "71 % of the way, and more than 70 % is on track",
        ),
        (
            {"by": "level", "on_track": 0.7, "at_risk": 0.4, "strict": True},
            70,
            "70 % of the way, and up to 70 % is at risk",
        ),
        ({"strict": True}, 41, "41 % of the way, 50 % expected: 9.0 points behind, and less than 10 is on track"),
        ({"strict": True}, 40, "40 % of the way, 50 % expected: 10.0 points behind, and from 10 is at risk"),
        ({"at_risk": None}, 0, "0 % of the way, 50 % expected: 50.0 points behind, and more than 10 is at risk"),
    ],
)
def test_the_reason_names_the_threshold(thresholds: Any, value: int, words: str) -> None:
    assert judged(plan_of(per_cent(), k=value), thresholds=thresholds).reason == words


def test_while_nothing_is_expected_nothing_is_behind() -> None:
    plan = plan_of(per_cent()).record(CheckIn(goal="k", on="2026-07-01", value=0))
    ratio = {"by": "ratio", "on_track": 0.9, "at_risk": 0.7}
    found = judged(plan, date(2026, 7, 1), day_count="start_of_day", thresholds=ratio)
    assert (found.status, found.reason) == ("on_track", "nothing is expected of it yet")


# -- laws -----------------------------------------------------------------------------------------


ORDER = [Status.MISSED, Status.OFF_TRACK, Status.AT_RISK, Status.ON_TRACK, Status.ACHIEVED]


@given(
    st.sampled_from([Increase(start=0, target=100), Decrease(start=100, target=0), AtMost(50), AtLeast(50)]),
    st.integers(-20, 120),
    st.integers(0, 60),
    st.integers(0, 100),
    st.sampled_from([Policy(), *policies.PUBLISHED.values()]),
)
def test_a_status_never_improves_when_a_value_moves_away_from_its_target(
    metric: Any, value: int, away: int, day: int, policy: Policy
) -> None:
    worse = value - away if isinstance(metric, (Increase, AtLeast)) else value + away
    as_of = date(2026, 7, 1) + timedelta(day)
    found = []
    for measured in (value, worse):
        plan = Plan.of(Q3, objective(), kept(metric=metric), CheckIn(goal="k", on="2026-07-01", value=measured))
        status = assess(plan, as_of=as_of, policy=policy).status("k")
        assert status is not None
        found.append(ORDER.index(status))
    assert found[1] <= found[0]


@given(strategies.plans(), strategies.policies())
def test_every_goal_has_a_status_or_says_why_not(plan: Plan, policy: Policy) -> None:
    found = assess(plan, as_of=HALF, policy=policy)
    progress = rollup(plan, as_of=HALF, policy=policy)
    assert [*found] == [*progress]
    for goal, row in found.items():
        assert row.reason
        assert row.pace.progress in {None, progress[goal].value}
        assert row.stage is plan.stage(goal, as_of=HALF)
        assert row.status is found.status(goal)
        assert not row.disagrees or row.computed is not row.reported
    assert found.statuses() == {goal: row.status for goal, row in found.items()}
    json.dumps(found.to_dicts())


# -- the result -----------------------------------------------------------------------------------


def test_an_assessment_is_a_mapping_in_plan_order_that_prints_as_a_table() -> None:
    found = assess(reporting(), as_of=HALF)
    assert isinstance(found, Assessment)
    unknown: Any = 7
    assert ([*found], len(found), "k" in found, unknown in found) == (["o", "k"], 2, True, False)
    assert repr(found) == "<Assessment of 2 goals on 2026-08-15>"
    assert str(found).splitlines()[0].split() == [
        *("goal", "status", "reported", "stale", "progress", "expected", "reason")
    ]
    assert "<td>off track</td><td>on track</td>" in found._repr_html_()
    row = found.to_dicts()[1]
    assert (row["status"], row["reported_on"], row["projected_end"]) == ("off_track", "2026-08-12", "2027-02-15")
    for goal in ("nps", None):
        with pytest.raises(UnknownId):
            found[goal]  # type: ignore[index] # refused
    many = Plan.of(*(Milestone(id=f"m{at}", title="M") for at in range(70)))
    assert str(assess(many, as_of=HALF)).endswith("… and 10 more")


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"plan": None}, ("", "wrong_kind")),
        ({"as_of": "soon"}, ("", "not_a_day")),
        ({"policy": "viva"}, ("", "wrong_kind")),
        ({"profiles": []}, ("profiles", "wrong_kind")),
        ({"profiles": {"k": "linear"}}, ("profiles['k']", "wrong_kind")),
        ({"previous": "at_risk"}, ("previous", "wrong_kind")),
        ({"previous": {"k": "great"}}, ("previous['k']", "unknown_choice")),
    ],
    ids=str,
)
def test_what_cannot_be_assessed_is_refused(given: Any, found: tuple[str, str]) -> None:
    with pytest.raises(InvalidValue) as caught:
        assess(**({"plan": plan_of(per_cent()), "as_of": HALF} | given))
    (problem,) = caught.value.problems
    assert (problem.path, problem.code) == found
    assert problem.hint


@pytest.mark.parametrize("name", ["profiles", "previous"])
def test_a_profile_or_a_status_of_no_goal_is_refused(name: str) -> None:
    given: Any = {name: {"kk": LoadedProfile(2) if name == "profiles" else "at_risk"}}
    with pytest.raises(UnknownId, match="did you mean 'k'"):
        assess(plan_of(per_cent()), as_of=HALF, **given)


@pytest.mark.parametrize("stage", ["draft", "paused", "closed", "archived"])
def test_nothing_is_stale_of_a_goal_that_does_not_run(stage: str) -> None:
    weekly = Cadence.weekly("monday")
    goal = KeyResult(id="k", title="K", first_day="2026-07-01", cadence=weekly, metric=Increase(start=0, target=10))
    plan = Plan.of(goal)
    assert assess(plan, as_of=date(2026, 7, 14))["k"].stale_since == date(2026, 7, 6)
    moved = plan.record(Transition(goal="k", on="2026-07-08", stage=stage))
    row = assess(moved, as_of=date(2026, 7, 14))["k"]
    assert (row.stale, row.stale_since) == (False, None)


@given(strategies.plans(max_facts=10), strategies.days())
def test_a_status_names_the_stage_that_the_plan_does(plan: Plan, as_of: date) -> None:
    for goal_id, row in assess(plan, as_of=as_of).items():
        assert row.stage == plan.stage(goal_id, as_of)
