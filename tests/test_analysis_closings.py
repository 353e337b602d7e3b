"""A check-in from after closing counts for the grade within the policy's grace, and is marked either way."""

from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from attrs import asdict, evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from goalkit import (
    CheckIn,
    Cycle,
    Grade,
    Grades,
    Increase,
    Initiative,
    KeyResult,
    Milestone,
    Objective,
    Plan,
    Policy,
    Reason,
    Transition,
    grades,
    rollup,
)
from goalkit.analysis.closings import Late, closings, kept, late, lives, not_yet, told
from goalkit.analysis.passes import work_out
from goalkit.model.facts import standing
from goalkit.testing.strategies import any_days, days, plans, policies

CLOSED = date(2026, 10, 2)
WEEK = Policy(late_days=7)
TEN = Increase(start=0, target=10)


def on(day: int, month: int = 10) -> date:
    return date(2026, month, day)


def check_in(day: int, value: Any, goal: str = "k", **fields: Any) -> CheckIn:
    return CheckIn(goal=goal, on=on(day), value=value, **fields)


def key_result(goal: str = "k", parent: Any = "o", **fields: Any) -> KeyResult:
    return KeyResult(id=goal, title=goal, parent=parent, metric=TEN, **fields)


def graded(*facts: Any, of: str = "o", **fields: Any) -> Plan:
    """Return an objective with a key result at 20 %, one of which was graded, and what happened then."""
    return Plan.of(
        Objective(id="o", title="O"),
        key_result(**fields),
        check_in(1, 2),
        Grade(goal=of, on=CLOSED, outcome="partial", by="cpo"),
        *facts,
    )


def score(plan: Plan, goal: str = "o", day: date = date(2026, 12, 31), policy: Policy = WEEK) -> float | None:
    return grades(plan, as_of=day, policy=policy)[goal].computed_score


# -- laws -----------------------------------------------------------------------------------------


def said(found: Grades) -> list[dict[str, Any]]:
    """Return all that is said of the goals, apart from what was late, and until when it might have been."""
    rows = [asdict(row, recurse=False) for row in found.values()]
    return [{name: row[name] for name in row if name not in _OF_LATE} for row in rows]


_OF_LATE = {"computed_on", "late", "too_late", "derivation"}


@given(plans(), days(), policies())
def test_without_late_days_a_closed_goal_keeps_the_figures_of_its_day(plan: Plan, day: date, policy: Policy) -> None:
    found = grades(plan, as_of=day, policy=policy)
    closed = closings(lives(plan, day))
    for goal_id, closing in closed.items():
        row, value = found[goal_id], rollup(plan, as_of=closing.on, policy=policy).progress(goal_id)
        assert row.computed_score == (None if value is None else min(max(value, 0.0), 1.0))
        assert (row.computed_on, row.closed_by, row.late) == (closing.on, closing.by, ())
    assert {row.goal for row in found.values() if row.closed_by is not None} == {*closed}


@given(plans(), days(), policies(), st.integers(0, 400))
def test_what_is_late_is_marked_and_counts_within_the_grace(
    plan: Plan, day: date, policy: Policy, late_days: int
) -> None:
    for goal_id, row in grades(plan, as_of=day, policy=evolve(policy, late_days=late_days)).items():
        closing = closings(lives(plan, day)).get(goal_id)
        if closing is None:
            assert (row.late, row.too_late, row.computed_on) == ((), (), day)
            continue
        last = min(day, closing.on + timedelta(late_days))
        assert row.computed_on == last
        assert all(closing.on < each.on <= last for each in row.late)
        assert all(last < each.on <= day for each in row.too_late)
        assert all(each.goal == goal_id for each in (*row.late, *row.too_late))
        after = [each for each in plan.check_ins(goal_id, until=day) if each.on > closing.on]
        assert {*after} <= {*row.late, *row.too_late}


@given(plans(), days(), policies(), st.integers(1, 400))
def test_where_nothing_is_late_the_grace_changes_nothing(plan: Plan, day: date, policy: Policy, late_days: int) -> None:
    closed = closings(lives(plan, day)).values()
    first = min((closing.on for closing in closed), default=day)
    plan = Plan.of(
        *plan.cycles, *plan.goals, *(fact for fact in plan.facts if fact.kind != "check_in" or fact.on <= first)
    )
    graceful = evolve(policy, late_days=late_days)
    assert said(grades(plan, as_of=day, policy=graceful)) == said(grades(plan, as_of=day, policy=policy))


def with_closing(plan: Plan, data: st.DataObject) -> tuple[Plan, str, date]:
    """Return a plan with a goal that is graded, the goal, and the day; nothing moves or is checked in from then on."""
    assume(len(plan))
    goal, day = data.draw(st.sampled_from([*plan])), data.draw(days())
    facts = [fact for fact in plan.facts if fact.kind not in {"check_in", "transition"} or fact.on < day]
    facts = [fact for fact in facts if fact.kind != "grade"]
    gone = {fact.id for fact in plan.facts} - {fact.id for fact in facts}
    facts = [fact for fact in facts if getattr(fact, "supersedes", None) not in gone]
    return (
        Plan.of(*plan.cycles, *plan.goals, *facts, Grade(goal=goal, on=day, outcome="missed", by="cpo")),
        goal,
        day,
    )


def fitting(plan: Plan, data: st.DataObject, day: date) -> list[CheckIn]:
    """Return check-ins of a day that the plan takes."""
    found: list[CheckIn] = []
    values: tuple[int | str, ...] = (0, 1, "0.5", 7)
    for goal in data.draw(st.lists(st.sampled_from([*plan]), min_size=1, max_size=4)):
        one = CheckIn(goal=goal, on=day, value=data.draw(st.sampled_from(values)), id=f"late {len(found)}")
        try:
            plan.record(one)
        except ValueError:
            continue
        found.append(one)
    return found


@given(plans(), policies(), st.integers(1, 60), st.data())
def test_a_late_check_in_counts_as_if_it_had_been_made_on_the_closing_day(
    plan: Plan, policy: Policy, late_days: int, data: st.DataObject
) -> None:
    plan, goal, day = with_closing(plan, data)
    policy = evolve(policy, late_days=late_days)
    found = fitting(plan, data, day)
    punctual = Plan.of(*plan.cycles, *plan.goals, *plan.facts, *found)
    gap = st.integers(1, late_days).map(timedelta)
    facts = [evolve(each, on=day + data.draw(gap)) for each in found]
    # Of one goal, what was first stays first.
    by_goal = {name: sorted(each.on for each in facts if each.goal == name) for name in {each.goal for each in facts}}
    facts = [evolve(each, on=by_goal[each.goal].pop(0)) for each in facts]
    tardy = Plan(plan.written, plan.log.extended(facts))  # what is late may not be readable by what holds then
    as_of = day + timedelta(late_days)
    one, other = (grades(each, as_of=as_of, policy=policy)[goal] for each in (punctual, tardy))
    assert (one.computed_score, one.computed_outcome, one.reason) == (
        other.computed_score,
        other.computed_outcome,
        other.reason,
    )
    assert {each.id for each in other.late} == {each.id for each in found if each.goal == goal}


@given(plans(), policies(), st.integers(0, 60), st.data())
def test_what_comes_after_the_grace_changes_no_score(
    plan: Plan, policy: Policy, late_days: int, data: st.DataObject
) -> None:
    plan, goal, day = with_closing(plan, data)
    policy = evolve(policy, late_days=late_days)
    after = day + timedelta(late_days + data.draw(st.integers(1, 60)))
    later = Plan(plan.written, plan.log.extended(fitting(plan, data, after)))
    one, other = (grades(each, as_of=after, policy=policy)[goal] for each in (plan, later))
    assert (one.computed_score, one.reason, one.computed_on) == (other.computed_score, other.reason, other.computed_on)


@given(plans(), policies(), st.integers(1, 60), st.data())
def test_nobody_looks_into_the_future(plan: Plan, policy: Policy, late_days: int, data: st.DataObject) -> None:
    plan, _, day = with_closing(plan, data)
    policy = evolve(policy, late_days=late_days)
    later = Plan(plan.written, plan.log.extended(fitting(plan, data, day + timedelta(5))))
    as_of = day + timedelta(data.draw(st.integers(0, 4)))
    assert said(grades(later, as_of=as_of, policy=policy)) == said(grades(plan, as_of=as_of, policy=policy))


@given(plans(), any_days(), st.integers(0, 9999))
def test_days_may_be_as_far_away_as_the_calendar_goes(plan: Plan, day: date, late_days: int) -> None:
    assert len(grades(plan, as_of=day, policy=Policy(late_days=late_days))) == len(plan)


# -- precisely ------------------------------------------------------------------------------------


def test_a_late_check_in_counts_within_the_grace_alone() -> None:
    plan = graded(check_in(5, 7), check_in(12, 9), of="k")
    for late_days, value, counting, too_late in [(0, 0.2, [], [5, 12]), (2, 0.2, [], [5, 12]), (3, 0.7, [5], [12])]:
        row = grades(plan, as_of=on(31, 12), policy=Policy(late_days=late_days))["k"]
        assert (row.computed_score, row.computed_on) == (value, CLOSED + timedelta(late_days))
        assert [each.on.day for each in row.late] == counting
        assert [each.on.day for each in row.too_late] == too_late
    assert score(plan, "k", policy=Policy(late_days=10)) == 0.9
    assert grades(plan, as_of=on(31, 12))["k"].late == ()


def test_before_it_is_made_a_late_check_in_is_not_known() -> None:
    plan = graded(check_in(5, 7), of="k")
    row = grades(plan, as_of=on(4), policy=WEEK)["k"]
    assert (row.computed_score, row.computed_on, row.late, row.too_late) == (0.2, on(4), (), ())
    row = grades(plan, as_of=on(5), policy=WEEK)["k"]
    assert (row.computed_score, row.computed_on, len(row.late)) == (0.7, on(5), 1)
    assert grades(plan, as_of=on(1), policy=WEEK)["k"].computed_on == on(1)


def test_the_late_check_ins_below_a_goal_count_for_it_too() -> None:
    plan = graded(check_in(5, 7))
    assert (score(plan), score(plan, policy=Policy())) == (0.7, 0.2)
    assert grades(plan, as_of=on(6), policy=WEEK)["o"].late == ()  # its own alone are marked
    deep = Plan.of(
        *(Objective(id="o", title="O"), Objective(id="a", title="A", parent="o"), Objective(id="b", title="B")),
        *(key_result(parent=["a", "b"]), check_in(1, 2), check_in(5, 7)),
        Grade(goal="o", on=CLOSED, outcome="partial", by="cpo"),
    )
    assert score(deep) == 0.7


def test_only_what_is_below_the_goal_is_looked_at() -> None:
    plan = graded(check_in(5, 7), of="k").add(key_result("other", None))
    plan = plan.record(check_in(5, 9, "other"))
    by_goal = plan.log.by_goal()
    (found,) = kept(plan, closings(lives(plan, on(6))), by_goal, on(6), WEEK)
    at = found.columns.structure.at
    assert (found.goals, found.until, found.columns.as_of) == (["k"], on(6), CLOSED)
    assert (found.columns.known(at["k"]), found.columns.known(at["other"])) == (0.7, None)


def test_a_milestone_that_is_a_share_is_read_from_what_came_late_for_the_whole() -> None:
    plan = Plan.of(
        *(key_result(parent=None), Milestone(id="m", title="Half of it", parent="k", share=0.5)),
        *(check_in(1, 2), check_in(5, 4)),
        Grade(goal="m", on=CLOSED, outcome="missed", by="cpo"),
    )
    assert (score(plan, "m"), score(plan, "m", policy=Policy())) == (0.8, 0.4)


def test_a_late_check_in_comes_after_those_of_the_closing_day_however_they_were_recorded() -> None:
    assert score(graded(check_in(5, 7), check_in(2, 3), of="k"), "k") == 0.7
    assert score(graded(check_in(6, 8), check_in(5, 7), check_in(2, 3), of="k"), "k") == 0.8


@pytest.mark.parametrize(
    ("reads", "value"), [("latest", 0.3), ("sum", 0.9), ("mean", 0.3), ("minimum", 0.2), ("maximum", 0.4)]
)
def test_late_check_ins_count_as_the_goal_reads_them(reads: str, value: float) -> None:
    plan = graded(check_in(4, 4), check_in(5, 3), of="k", reads=reads)
    assert score(plan, "k") == pytest.approx(value)
    assert "2026-10-05" in grades(plan, as_of=on(6), policy=WEEK)["k"].derivation.splitlines()[-1]


def test_a_late_check_in_may_correct_another_one() -> None:
    wrong, right = check_in(5, 9, id="wrong"), check_in(6, 5, supersedes="wrong")
    plan = graded(wrong, right, of="k")
    row = grades(plan, as_of=on(31), policy=WEEK)["k"]
    assert (row.computed_score, row.late, row.too_late) == (0.5, (right,), ())
    too_late = grades(plan, as_of=on(31), policy=Policy(late_days=3))["k"]
    assert (too_late.computed_score, too_late.late, too_late.too_late) == (0.9, (wrong,), (right,))
    first = graded(check_in(6, 5, supersedes="early"), check_in(1, 8, id="early"), of="k")
    assert score(first, "k") == 0.5


def test_nothing_else_that_happens_after_closing_changes_the_score() -> None:
    later = on(3)
    plan = graded(
        check_in(5, 7),
        Transition(goal="k", on=later, stage="closed", outcome="dropped"),
        Transition(goal="o", on=later, stage="archived"),
    ).add(key_result("second", first_day=on(4), last_day=on(31)))
    plan = plan.record(check_in(5, 9, "second"))
    plan = plan.amend("k", on=later, by="ida", why="easier", metric=Increase(start=0, target=8))
    for closed in ("count", "complete", "leave_out"):
        assert score(plan, policy=Policy(late_days=7, closed=closed)) == 0.7
    row = grades(plan, as_of=on(31), policy=WEEK)["k"]
    assert (row.outcome, row.computed_score, row.computed_on) == (
        "dropped",
        0.875,
        on(10),
    )  # judged from its own day on


def test_a_policy_that_takes_closed_goals_as_complete_takes_a_late_check_in_no_other_way() -> None:
    plan = graded(check_in(5, 7), Grade(goal="k", on=CLOSED, outcome="achieved", by="cpo"))
    assert score(plan, "k", policy=Policy(late_days=7, closed="complete")) == 1
    assert score(plan, "k", policy=Policy(late_days=7, closed="leave_out")) == 0.7
    assert score(plan, policy=Policy(late_days=7, closed="leave_out")) is None


def test_a_dropped_goal_and_what_is_dropped_with_it_keep_what_came_late() -> None:
    drop = Transition(goal="o", on=CLOSED, stage="closed", outcome="dropped", why="no users", by="ida")
    plan = Plan.of(Objective(id="o", title="O"), key_result(), check_in(1, 2), drop, check_in(5, 7), check_in(11, 8))
    for goal in ("o", "k"):
        row = grades(plan, as_of=on(31), policy=WEEK)[goal]
        assert (row.outcome, row.computed_score, row.closed_by) == ("dropped", 0.7, drop)
    row = grades(plan, as_of=on(31), policy=WEEK)["k"]
    assert ([each.on.day for each in row.late], [each.on.day for each in row.too_late]) == ([5], [11])


def test_goals_that_were_closed_on_several_days_have_a_grace_each() -> None:
    plan = graded(check_in(8, 5), check_in(14, 9), Grade(goal="k", on=on(10), outcome="missed", by="cpo"))
    found = grades(plan, as_of=on(31), policy=WEEK)
    assert (found["o"].computed_score, found["o"].computed_on) == (0.5, on(9))
    assert (found["k"].computed_score, found["k"].computed_on) == (0.9, on(17))
    assert [each.on.day for each in found["k"].late] == [14]  # the other came before it was closed
    same = graded(check_in(5, 5), Grade(goal="k", on=CLOSED, outcome="missed", by="cpo"))
    assert (score(same), score(same, "k")) == (0.5, 0.5)


def test_a_goal_closed_earlier_counts_in_the_one_above_it_as_on_any_day() -> None:
    plan = graded(check_in(12, 9), Grade(goal="o", on=on(10), outcome="missed", by="cpo"), of="k")
    assert (score(plan), score(plan, "k")) == (0.9, 0.2)


def test_reopening_clears_what_was_late() -> None:
    plan = graded(check_in(5, 7), Transition(goal="k", on=on(6), stage="active", why="one more week"), of="k")
    row = grades(plan, as_of=on(20), policy=Policy())["k"]
    assert (row.computed_score, row.computed_on, row.late, row.too_late) == (0.7, on(20), (), ())
    again = plan.record(Grade(goal="k", on=on(20), outcome="missed", by="cpo"), check_in(21, 8))
    row = grades(again, as_of=on(22), policy=WEEK)["k"]
    assert (row.computed_score, [each.on.day for each in row.late], row.too_late) == (0.8, [21], ())


def test_the_grace_counts_from_the_first_grade_even_if_it_is_corrected() -> None:
    plan = graded(check_in(12, 9), Grade(goal="k", on=on(8), outcome="missed", by="cpo"), of="k")
    row = grades(plan, as_of=on(31), policy=WEEK)["k"]
    assert (row.computed_score, row.computed_on, len(row.too_late)) == (0.2, on(9), 1)


def test_a_late_check_in_that_the_goal_as_it_was_closed_cannot_mean_makes_it_unreadable() -> None:
    half = Milestone(id="m", title="M")
    plan = Plan.of(half, Grade(goal="m", on=CLOSED, outcome="missed", by="cpo"))
    strange = CheckIn(goal="m", on=on(5), value=7)
    broken = Plan(plan.written, plan.log.extended([strange]))
    row = grades(broken, as_of=on(6), policy=WEEK)["m"]
    assert (row.computed_score, row.reason) == (None, Reason.UNREADABLE)


def test_the_last_day_there_is_has_no_day_after_it() -> None:
    plan = Plan.of(
        *(key_result(parent=None), CheckIn(goal="k", on=date.max, value=3)),
        Grade(goal="k", on=date.max - timedelta(1), outcome="missed", by="cpo"),
    )
    row = grades(plan, as_of=date.max, policy=Policy(late_days=9999))["k"]
    assert (row.computed_score, row.computed_on, len(row.late)) == (0.3, date.max, 1)


def test_where_nothing_is_late_there_is_one_roll_up_for_each_closing_day(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Plan, date]] = []

    def counting(plan: Plan, as_of: date, policy: Policy) -> Any:
        asked.append((plan, as_of))
        return work_out(plan, as_of, policy)

    monkeypatch.setattr("goalkit.analysis.closings.work_out", counting)
    plan = graded(
        Grade(goal="k", on=CLOSED, outcome="missed", by="cpo"),
        check_in(20, 9),
        *(CheckIn(goal="other", on=on(5), value=1), key_result("other", None)),
    )
    grades(plan, as_of=on(31), policy=WEEK)
    assert asked == [(plan, CLOSED)]
    assert asked[0][0] is plan


# -- in words and in tables -----------------------------------------------------------------------


def test_a_derivation_says_what_was_late_and_whether_it_counts() -> None:
    plan = graded(check_in(3, 7), check_in(11, 9), of="k")
    expected = "a goal of undeclared ambition is achieved from 1, partly from 0.4"
    assert grades(plan, as_of=on(31), policy=Policy(name="ours", late_days=7))["k"].derivation.splitlines() == [
        "partial, decided by cpo on 2026-10-02",
        f"partial with a score of 0.7 on 2026-10-02, with check-ins until 2026-10-09: {expected}",
        "a check-in of 2026-10-03, 1 day after closing, counts: 7",
        "a check-in of 2026-10-11, 9 days after closing, does not count: the policy's late_days is 7",
        "k is at 70 % on 2026-10-02, by ours (late_days 7): k  [7 on 2026-10-03, from 0 up to 10]",
    ]
    assert grades(plan, as_of=on(3))["k"].derivation.splitlines()[2] == (
        "a check-in of 2026-10-03, 1 day after closing, does not count: the policy's late_days is 0"
    )
    whole = grades(graded(check_in(3, 7)), as_of=on(31), policy=WEEK)["o"].derivation.splitlines()
    assert whole[-1].endswith("[7 on 2026-10-03, from 0 up to 10]")
    unknown = Plan.of(key_result(parent=None), Grade(goal="k", on=CLOSED, outcome="missed", by="cpo"))
    said_ = grades(unknown, as_of=on(4), policy=WEEK)["k"].derivation.splitlines()[1]
    assert said_ == "no score and no outcome on 2026-10-02, with check-ins until 2026-10-04: not measured yet"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"value": "7.50"}, "counts: 7.50"),
        ({"value": True}, "counts: done"),
        ({"value": False}, "counts: not done"),
        ({"done": ["a", "b"]}, "counts: 2 done"),
        ({"note": "nothing new"}, "counts"),
    ],
    ids=map(str, count()),
)
def test_what_a_late_check_in_says_is_told(fields: dict[str, Any], words: str) -> None:
    one = CheckIn(goal="k", on=on(4), **fields)
    assert [*told(Late((one,), ()), CLOSED, WEEK)] == [f"a check-in of 2026-10-04, 2 days after closing, {words}"]


def test_how_many_are_late_is_plain_data() -> None:
    plan = graded(check_in(3, 7), check_in(4, 7), check_in(11, 9), of="k")
    rows = {row["goal"]: row for row in grades(plan, as_of=on(31), policy=WEEK).to_dicts()}
    assert (rows["k"]["late"], rows["k"]["too_late"]) == (2, 1)
    assert (rows["o"]["late"], rows["o"]["too_late"]) == (0, 0)


# -- the parts ------------------------------------------------------------------------------------


def test_goals_have_moves_of_their_own_or_those_of_the_nearest_above() -> None:
    plan = Plan.of(
        *(Objective(id="o", title="O"), key_result(), Initiative(id="i", title="I", parent="k")),
        Transition(goal="o", on=on(1), stage="draft"),
    )
    found = lives(plan, on(1))
    assert ([*found.own], [*found.above]) == (["o"], ["k"])
    assert not_yet(found) == {"o": Reason.DRAFT, "k": Reason.DRAFT}
    assert closings(found) == {}
    assert lives(plan, on(30, 9)) == ({}, {})


def test_a_closed_goal_closes_what_is_below_it_only_where_it_was_dropped() -> None:
    for outcome in ("achieved", "partial", "missed", "dropped"):
        plan = Plan.of(
            Objective(id="o", title="O"), key_result(), Grade(goal="o", on=CLOSED, outcome=outcome, by="cpo")
        )
        assert [*closings(lives(plan, on(9)))] == (["o", "k"] if outcome == "dropped" else ["o"])


def test_the_first_grade_says_the_day_and_the_last_word_the_outcome() -> None:
    closed = Transition(goal="o", on=on(1), stage="closed", outcome="missed")
    again = Transition(goal="o", on=on(9), stage="closed", outcome="achieved")
    plan = Plan.of(Objective(id="o", title="O"), closed, again)
    assert closings(lives(plan, on(12)))["o"] == (again, on(1))
    grade = Grade(goal="o", on=on(5), outcome="partial", by="cpo")
    assert closings(lives(plan.record(grade), on(12)))["o"] == (again, on(5))
    assert closings(lives(plan.record(grade), on(6)))["o"] == (grade, on(5))
    silent = Plan.of(Objective(id="o", title="O"), Transition(goal="o", on=on(1), stage="closed"))
    assert closings(lives(silent, on(12))) == {}


def test_what_stands_is_late_and_nothing_else() -> None:
    facts = [check_in(1, 1), Grade(goal="k", on=CLOSED, outcome="missed", by="cpo")]
    assert late([], CLOSED, on(9), on(31)) == late(facts, CLOSED, on(9), on(31)) == ((), ())
    facts += [check_in(3, 2), Transition(goal="k", on=on(4), stage="archived"), check_in(9, 3), check_in(10, 4)]
    assert late(facts, CLOSED, on(9), on(31)) == (tuple(standing(facts[2:5])), (facts[5],))
    assert late(facts, CLOSED, on(8), on(8)) == ((facts[2],), ())


def test_a_cycle_that_begins_after_closing_has_not_begun_for_a_late_check_in() -> None:
    plan = Plan.of(
        *(Cycle.quarter(2026, 4), Objective(id="o", title="O", cycle="2026-Q4"), key_result()),
        Grade(goal="o", on=on(30, 9), outcome="missed", by="cpo"),
        check_in(5, 7),
    )
    row = grades(plan, as_of=on(31), policy=WEEK)["o"]
    assert (row.computed_score, row.reason) == (None, Reason.NOT_STARTED)
