"""Who owes a check-in: known answers, and one slow second way to all of them."""

from datetime import date, timedelta
from itertools import pairwise, takewhile
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from goalkit import (
    Approval,
    Cadence,
    CheckIn,
    Cycle,
    Due,
    DueIndex,
    Expects,
    Grade,
    Increase,
    Initiative,
    InvalidValue,
    KeyResult,
    Milestone,
    Objective,
    Plan,
    SlotState,
    Transition,
    UnknownId,
    check_cadences,
    compliance,
    due,
    schedule,
)
from goalkit.analysis.slots import Book
from goalkit.testing.strategies import days, plans

Q3 = Cycle.quarter(2026, 3)
WEEKLY = Cadence.weekly("monday", grace_days=2)


def objective(goal_id: str = "o", parent: Any = None, **fields: Any) -> Objective:
    return Objective(id=goal_id, title=goal_id, parent=parent, **fields)


def result(goal_id: str = "k", parent: Any = "o", **fields: Any) -> KeyResult:
    return KeyResult(id=goal_id, title=goal_id, parent=parent, metric=Increase(start=0, target=10), **fields)


def said(goal_id: str, *on: date, **fields: Any) -> list[CheckIn]:
    return [CheckIn(goal=goal_id, on=day, value=at, **fields) for at, day in enumerate(on)]


def july(day: int) -> date:
    return date(2026, 7, day)


def team(*things: Any, **fields: Any) -> Plan:
    values = {"cycle": "2026-Q3", "cadence": WEEKLY, **fields}
    return Plan.of(Q3, objective(**values), result(owner="ida"), *things)


def owed(plan: Plan, as_of: date, **choices: Any) -> Due:
    return due(plan, as_of=as_of, **choices)["k"]


# -- who owes ---------------------------------------------------------------------------------------


def test_a_goal_follows_its_nearest_ancestor() -> None:
    plan = team()
    assert [*due(plan, as_of=july(5))] == []
    assert [(owed(plan, july(day)).state, owed(plan, july(day)).days_late) for day in (6, 8, 9)] == [
        ("due", 0),
        ("due", 2),
        ("overdue", 3),
    ]
    assert [*due(plan.record(*said("k", july(7))), as_of=july(9))] == []


def test_a_goal_stays_overdue_until_somebody_checks_in() -> None:
    plan = team()
    late = owed(plan, july(20))
    assert (late.state, late.slot, late.days_late, late.missed) == (SlotState.OVERDUE, july(6), 14, (july(6), july(13)))
    assert (late.owner, late.last, late.next) == ("ida", None, july(27))
    better = plan.record(*said("k", july(20)))
    assert [*due(better, as_of=july(20))] == []
    assert due(better, as_of=july(20)).missed == {"k": (july(6), july(13))}
    assert owed(better, july(27)).last == better.check_ins("k")[0]


def test_what_is_answered_early_is_not_due_and_what_was_before_is_missed() -> None:
    plan = team(*said("k", july(10)))
    found = due(plan, as_of=july(10))
    assert [*found] == []
    assert found.missed == {"k": (july(6),)}
    assert [*due(plan, as_of=july(13))] == []
    assert [*due(plan, as_of=july(20))] == ["k"]


def test_with_an_early_window_what_comes_between_is_late() -> None:
    plan = team(*said("k", july(9)))
    assert [slot.state for slot in schedule(plan, Q3, as_of=july(12), early_days=1)][:2] == ["late", "upcoming"]
    assert [*due(plan, as_of=july(13), early_days=1)] == ["k"]


def test_the_last_slot_of_a_period_is_owed_until_another_would_come() -> None:
    plan = team(*said("k", *(july(6) + timedelta(7 * week) for week in range(12))))
    assert [*due(plan, as_of=date(2026, 9, 28))] == ["k"]
    assert owed(plan, date(2026, 10, 4)).state == "overdue"
    assert owed(plan, date(2026, 10, 4)).next is None
    after = due(plan, as_of=date(2026, 10, 5))
    assert [*after] == []
    assert after.missed == {"k": (date(2026, 9, 28),)}


def test_a_check_in_per_cycle_is_owed_until_the_goal_is_closed() -> None:
    plan = team(cadence=Cadence.per_cycle())
    assert [*due(plan, as_of=date(2026, 9, 29))] == []
    assert owed(plan, date(2027, 1, 1)).slot == date(2026, 9, 30)
    closed = plan.record(Transition(goal="k", on=date(2026, 12, 1), stage="closed"))
    assert [*due(closed, as_of=date(2027, 1, 1))] == []
    assert [*due(closed, as_of=date(2026, 11, 30))] == ["k"]


def test_without_a_cycle_nothing_is_expected_per_cycle() -> None:
    plan = Plan.of(result(parent=None, cadence=Cadence.per_cycle()))
    assert [*due(plan, as_of=july(6))] == []
    assert [*DueIndex(plan, as_of=july(6)).due(july(20))] == []


@pytest.mark.parametrize("stage", ["draft", "proposed", "paused", "archived"])
@pytest.mark.parametrize("goal", ["k", "o"])
def test_nothing_is_expected_while_a_goal_is_not_open(stage: str, goal: str) -> None:
    stopped = Transition(goal=goal, on=july(8), stage=stage)
    plan = team(stopped, *said("k", july(6)))
    assert [*due(plan, as_of=july(27))] == []
    again = plan.record(Transition(goal=goal, on=july(22), stage="active"))
    assert [*due(again, as_of=july(22))] == []
    assert (owed(again, july(27)).slot, owed(again, july(27)).missed) == (july(27), ())


def test_nothing_is_expected_after_the_grade_and_before_the_last_approval() -> None:
    plan = team(*said("k", july(6)))
    graded = plan.record(Grade(goal="o", on=july(8), by="cpo", outcome="missed"))
    assert [*due(graded, as_of=july(27))] == []
    asked = plan.amend("o", approvers=["cpo"]).move("o", "proposed", on=july(8))
    assert [*due(asked, as_of=july(27))] == []
    assert [*due(asked.record(Approval(goal="o", on=july(22), by="cpo")), as_of=july(27))] == ["k"]
    index = DueIndex(asked, as_of=july(13))
    index.record(Approval(goal="o", on=july(12), by="cpo"))
    assert [*index.due(july(27))] == ["k"]


def test_a_goals_own_last_record_goes_before_that_of_the_goal_above() -> None:
    moves = [Transition(goal="o", on=july(1), stage="paused"), Transition(goal="k", on=july(2), stage="approved")]
    assert [*due(team(*moves), as_of=july(6))] == ["k"]


def test_goals_that_are_measured_owe_and_others_with_a_cadence_of_their_own() -> None:
    plan = team(
        objective("sub", "o"),
        objective("size", "o", metric=Increase(start=0, target=5)),
        objective("sum", "o", metric=Increase(start=0, target=5), rollup="sum_of_values"),
        Milestone(id="m", title="M", parent="o"),
        Milestone(id="own", title="M", parent="o", cadence=WEEKLY),
        Initiative(id="i", title="I", parent="o"),
    )
    assert [*due(plan, as_of=july(6))] == ["k", "size", "own"]
    assert [*due(plan, as_of=july(6), expects="every_goal")] == [goal.id for goal in plan.goals]
    assert [*due(plan, as_of=july(6), expects=Expects.MEASURED)] == ["k", "size", "own"]


def test_goals_without_a_cadence_or_a_first_day() -> None:
    assert [*due(Plan.of(result(parent=None)), as_of=july(6))] == []
    open_ended = Plan.of(result(parent=None, cadence=Cadence.weekly("monday")))
    assert (owed(open_ended, july(8)).slot, owed(open_ended, july(8)).missed) == (july(6), ())
    begun = open_ended.record(*said("k", date(2026, 6, 20)))
    assert owed(begun, july(8)).missed == (date(2026, 6, 29),)
    anchored = Plan.of(result(parent=None, cadence=Cadence.weekly("monday", anchor=date(2026, 6, 22))))
    assert owed(anchored, july(8)).missed == (date(2026, 6, 22), date(2026, 6, 29))
    ahead = Plan.of(result(parent=None, cadence=Cadence.weekly("monday", anchor=date(2026, 9, 7))))
    assert [*due(ahead, as_of=july(8))] == []
    never = Plan.of(result(parent=None, cadence=Cadence.rule("FREQ=DAILY;UNTIL=20200101")))
    assert [*due(never, as_of=july(8))] == ["k"]


def test_facts_and_definitions_of_later_days_are_not_seen() -> None:
    plan = team(*said("k", july(7))).amend("o", on=july(9), cadence=Cadence.daily())
    assert [*due(plan, as_of=july(6))] == ["k"]
    assert [*due(plan, as_of=july(8))] == []
    assert [*due(plan, as_of=july(9))] == ["k"]


def test_what_was_corrected_answers_nothing_beside_its_correction() -> None:
    wrong = CheckIn(goal="k", on=july(7), value=1, id="wrong")
    right = CheckIn(goal="k", on=july(7), value=2, supersedes="wrong")
    assert [*due(team(wrong, right), as_of=july(9))] == []
    assert owed(team(wrong, right), july(13)).last == right


class NoWednesdays:
    def is_workday(self, on: date) -> bool:
        return on.weekday() != 2


def test_slots_move_off_days_that_are_not_worked() -> None:
    plan = team(cadence=Cadence.weekly("wednesday", shift="following"))
    assert owed(plan, july(8), workdays=NoWednesdays()).slot == july(2)
    assert owed(plan, july(8)).slot == july(1)


def test_what_is_recorded_for_a_later_day_says_nothing_of_an_earlier_one() -> None:
    plan = Plan.of(result(parent=None, cadence=WEEKLY))
    assert owed(plan.record(*said("k", date(2026, 8, 5))), july(14)) == owed(plan, july(14))


def test_a_slot_is_missed_after_its_grace_and_the_next_slot() -> None:
    plan = team(cadence=Cadence.weekly("monday", grace_days=9))
    assert (owed(plan, july(15)).state, owed(plan, july(15)).missed) == ("due", ())
    assert due(plan, as_of=july(15)).missed == {}
    assert DueIndex(plan, as_of=july(14)).overdue(july(15)) == {}
    assert owed(plan, july(16)).missed == (july(6),)
    assert compliance(plan, Q3, as_of=july(15))["k"].expected == 0
    answered = plan.record(*said("k", july(15)))
    assert compliance(answered, Q3, as_of=july(16))["k"].answered == 1


def test_the_last_slot_of_a_period_keeps_its_grace() -> None:
    plan = team(cadence=Cadence.weekly("monday", grace_days=9))
    assert owed(plan, date(2026, 10, 7)).slot == july(6)
    ended = plan.record(*said("k", *(july(6) + timedelta(7 * week) for week in range(12))))
    assert [owed(ended, date(2026, 10, day)).slot for day in (5, 7)] == [date(2026, 9, 28)] * 2
    assert [*due(ended, as_of=date(2026, 10, 8))] == []


@pytest.mark.parametrize("moves", [[], [Transition(goal="k", on=july(1), stage="active")]])
def test_what_comes_after_the_grace_of_the_last_slot_passes_it_over(moves: list[Transition]) -> None:
    goal = result(parent=None, first_day=july(1), last_day=july(31), cadence=Cadence.per_cycle())
    plan = Plan.of(goal, *said("k", date(2026, 8, 3)), *moves)
    assert [*due(plan, as_of=date(2026, 9, 1))] == []
    assert [slot.state for slot in schedule(plan, Cycle.month(2026, 7), as_of=date(2026, 9, 1))] == ["missed"]


def test_an_anchor_that_moves_back_is_the_first_slot() -> None:
    sundays = Cadence.weekly("sunday", anchor=july(5), shift="preceding")
    assert owed(Plan.of(result(parent=None, cadence=sundays)), july(14)).slot == july(3)


def test_nothing_is_expected_of_a_backlog() -> None:
    plan = Plan.of(Cycle.backlog(), result(parent=None, cycle="backlog", cadence=WEEKLY))
    assert [*due(plan, as_of=july(14))] == []
    assert schedule(plan, Q3) == ()


def test_the_last_day_of_the_calendar_is_a_day_like_others() -> None:
    plan = Plan.of(result(parent=None, first_day=date(9999, 12, 1), cadence=Cadence.weekly("monday")))
    assert [*due(plan, as_of=date.max)] == ["k"]
    assert [*DueIndex(plan, as_of=date(9999, 12, 1)).overdue(date.max)] == ["k"]


# -- how it is told -----------------------------------------------------------------------------------


def test_what_is_due_prints_and_groups_by_owner() -> None:
    plan = team(result("j"), *said("j", july(6)))
    found = due(plan, as_of=july(14))
    assert [*found] == ["k", "j"]
    assert {owner: [row.goal for row in rows] for owner, rows in found.by_owner().items()} == {
        "ida": ["k"],
        None: ["j"],
    }
    assert str(found).splitlines()[1:] == [
        "k     ida    overdue  2026-07-06          8       1",
        "j            due      2026-07-13          1       0",
    ]
    assert "<table>" in found._repr_html_()
    assert repr(found) == "<DueList of 2 goals on 2026-07-14>"
    with pytest.raises(UnknownId):
        found["o"]


@pytest.mark.parametrize(
    ("choices", "path"),
    [
        ({"as_of": "soon"}, ""),
        ({"expects": "all"}, ""),
        ({"early_days": -1}, "early_days"),
        ({"early_days": "x"}, "early_days"),
    ],
)
def test_what_is_asked_for_must_make_sense(choices: Any, path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        due(team(), **{"as_of": july(6), **choices})
    assert caught.value.problems[0].path == path
    with pytest.raises(InvalidValue):
        due("a plan", as_of=july(6))  # type: ignore[arg-type]


# -- what is coming, and how reliable it is -------------------------------------------------------------


def test_a_schedule_tells_what_is_coming_day_by_day() -> None:
    plan = team(result("j", cadence=Cadence.monthly()), *said("k", july(6)))
    coming = schedule(plan, Cycle.month(2026, 7), as_of=july(14))
    assert [(slot.day.day, slot.goal, slot.state) for slot in coming] == [
        (6, "k", "answered"),
        (13, "k", "due"),
        (20, "k", "upcoming"),
        (27, "k", "upcoming"),
        (31, "j", "upcoming"),
    ]
    assert {slot.state for slot in schedule(plan, Cycle.month(2026, 8))} == {"upcoming"}
    assert schedule(plan, Cycle.month(2026, 12)) == ()


def test_compliance_counts_what_came_and_what_did_not() -> None:
    plan = team(result("j"), *said("k", july(6), july(15), july(23), july(27)), *said("j", july(13)))
    found = compliance(plan, Q3, as_of=july(29))
    k, j = found["k"], found["j"]
    assert (k.expected, k.answered, k.late, k.share, k.streak, k.longest_streak) == (4, 3, 0, 0.75, 1, 2)
    assert (j.expected, j.answered, j.streak, j.longest_streak) == (3, 1, 0, 1)
    assert [slot.state for slot in found.slots("k")] == ["answered", "answered", "missed", "answered"]
    assert (found.total.expected, found.total.answered) == (7, 4)
    assert {owner: row.share for owner, row in found.by_owner().items()} == {"ida": 0.75, None: 1 / 3}
    assert [*found] == ["k", "j"]
    assert len(found) == 2
    assert str(found).splitlines()[1] == "k      75 %         4         3     0       1"
    assert "<table>" in found._repr_html_()
    assert repr(found) == "<ComplianceList of 2 goals>"
    with pytest.raises(UnknownId):
        found["o"]
    with pytest.raises(UnknownId):
        due(plan, as_of=july(29))[["k"]]  # type: ignore[index]
    assert compliance(plan, Cycle.month(2026, 9), as_of=july(29)).total.share is None


def test_late_answers_are_counted_as_late() -> None:
    plan = team(*said("k", july(9)))
    assert compliance(plan, Q3, as_of=july(11), early_days=1)["k"].late == 1


def test_a_streak_ends_with_a_slot_that_was_missed() -> None:
    weeks = [july(6) + timedelta(7 * week) for week in range(10)]
    for kept, streak, longest in [((0, 1, 3), 1, 2), ((0, 1), 0, 2), ((), 0, 0), ((0, 1, 2, 3, 8, 9), 2, 4)]:
        plan = team(*said("k", *(weeks[week] for week in kept)), cadence=Cadence.weekly("monday"))
        row = compliance(plan, Q3, as_of=weeks[max(kept, default=0)] + timedelta(1 + 7 * (kept == (0, 1))))["k"]
        assert (row.streak, row.longest_streak) == (streak, longest)


def test_goals_that_are_asked_too_rarely_are_named() -> None:
    year, q3 = Cycle.year(2026), Q3
    plan = Plan.of(
        year,
        q3,
        objective("y", cycle="2026", cadence=Cadence.quarterly()),
        result("fine", "y"),
        objective("q", cycle="2026-Q3", cadence=Cadence.quarterly()),
        result("rare", "q"),
        result("often", "q", cadence=WEEKLY),
        objective("n", cycle="2026-Q3"),
        result("never", "n"),
        result("undated", None, cadence=Cadence.quarterly()),
        Milestone(id="m", title="M", parent="q"),
        objective("once", cycle="2026", cadence=Cadence.per_cycle()),
        result("yearly", "once"),
        result("short", None, first_day=july(6), last_day=july(10), cadence=Cadence.monthly()),
    )
    assert [(problem.path, problem.code) for problem in check_cadences(plan, as_of=july(1))] == [
        ("rare", "too_rare"),
        ("never", "no_cadence"),
        ("yearly", "too_rare"),
        ("short", "too_rare"),
    ]
    rare, _, yearly, short = check_cadences(plan, as_of=july(1))
    assert (rare.hint, yearly.hint, short.hint) == (
        "check in at least monthly",
        "check in at least quarterly",
        "check in at least once a cycle",
    )
    assert short.message == "0 check-ins are expected, and good practice is 1"


# -- a second way ---------------------------------------------------------------------------------------


@given(plans(max_facts=10), days(), st.integers(0, 60), st.sampled_from(Expects), st.none() | st.integers(0, 5))
def test_an_index_says_what_a_look_at_every_goal_does(
    plan: Plan, as_of: date, later: int, expects: Expects, early: int | None
) -> None:
    on = as_of + timedelta(later)
    index = DueIndex(plan, as_of=as_of, expects=expects, early_days=early)
    found = due(plan, as_of=on, expects=expects, early_days=early)
    assert index.due(on) == {goal: row.slot for goal, row in found.items()}
    assert index.overdue(on) == {goal: row.slot for goal, row in found.items() if row.state == "overdue"}


@given(plans(max_facts=10), days(), st.integers(0, 40))
def test_an_index_follows_what_is_recorded(plan: Plan, as_of: date, later: int) -> None:
    index = DueIndex(Plan(plan.written), as_of=as_of)
    facts = [*plan.facts]
    for at in range(0, len(facts), 3):
        if _fits(index.plan, facts[at : at + 3]):
            index.record(*facts[at : at + 3])
    on = as_of + timedelta(later)
    assert index.due(on) == {goal: row.slot for goal, row in due(index.plan, as_of=on).items()}


def _fits(plan: Plan, facts: Any) -> bool:
    try:
        plan.record(*facts)
    except ValueError:
        return False
    return True


def test_an_index_knows_no_earlier_days() -> None:
    index = DueIndex(team(), as_of=july(6))
    with pytest.raises(InvalidValue):
        index.due(july(5))
    assert index.as_of == july(6)
    assert index.overdue(july(9)) == {"k": july(6)}
    index.record(*said("k", july(6)))
    index.record(*said("k", july(6)))
    assert index.due(july(12)) == {}
    assert index.due(july(13)) == {"k": july(13)}
    index.record(Transition(goal="k", on=july(6), stage="closed"))
    assert index.due(july(13)) == {}


def test_an_index_asks_for_the_last_slot_where_nobody_has_said_since_when() -> None:
    plan = Plan.of(*(result(goal, None, cadence=WEEKLY) for goal in ("k", "j")))
    index = DueIndex(plan, as_of=july(6))
    assert (index.due(july(14)), index.overdue(july(14))) == ({"k": july(13), "j": july(13)}, {})
    assert index.overdue(july(16)) == {"k": july(13), "j": july(13)}
    index.record(*said("k", july(6)))
    assert index.due(july(14)) == {"k": july(13), "j": july(13)}
    assert index.due(july(20)) == {"k": july(13), "j": july(20)}
    ended = Plan.of(result("k", None, cadence=WEEKLY, last_day=july(15)))
    assert [DueIndex(ended, as_of=july(14)).due(july(day)) for day in (14, 20)] == [{"k": july(13)}, {}]


def test_an_index_forgets_goals_that_owe_nothing_any_more() -> None:
    plan = team(result("free", None), cadence=Cadence.per_cycle())
    index = DueIndex(plan, as_of=date(2026, 9, 30))
    assert index.due(date(2026, 9, 30)) == {"k": date(2026, 9, 30)}
    index.record(*said("free", date(2026, 9, 30)))
    index.record(*said("k", date(2026, 9, 30)))
    assert index.due(date(2027, 9, 30)) == {}
    index.record(*said("k", date(2026, 9, 29)))
    assert index.due(date(2027, 9, 30)) == {}


@given(
    st.lists(st.integers(0, 60), max_size=9),
    st.sampled_from([0, 1, 3, 7, 10, 40]),
    st.integers(0, 70),
    st.sampled_from([Cadence.daily(), Cadence.daily(every=3), Cadence.weekly(), Cadence.monthly(15)]),
    st.booleans(),
)
def test_the_last_slots_are_those_of_the_whole_history(
    said_on: list[int], grace: int, asked_on: int, cadence: Cadence, begins: bool
) -> None:
    facts = said("k", *sorted(july(1) + timedelta(day) for day in said_on))
    first_day = july(6) if begins else None
    plan = Plan.of(result(parent=None, first_day=first_day, cadence=evolve(cadence, grace_days=grace)), *facts)
    book = Book(plan, july(1) + timedelta(asked_on), expects="measured", early_days=None, workdays=None)
    whole = takewhile(lambda slot: slot.check_in is None, reversed(book.slots(0)))
    assert book.waiting(0) == [slot.day for slot in whole][::-1]


@given(plans(max_facts=10), days())
def test_slots_are_in_order_within_the_period_and_told_once(plan: Plan, as_of: date) -> None:
    definitions = plan.definitions(as_of)
    for goal_id, missed in due(plan, as_of=as_of, expects="every_goal").missed.items():
        assert all(one < other for one, other in pairwise(missed))
        assert missed[-1] < as_of
        first, last = definitions.periods[definitions.structure.at[goal_id]]
        assert first is None or first <= missed[0]
        assert last is None or missed[-1] <= last


@given(plans(max_facts=10), days())
def test_compliance_is_made_of_decided_slots(plan: Plan, as_of: date) -> None:
    found = compliance(plan, Cycle.year(2026), as_of=as_of, expects="every_goal")
    for row in found.values():
        assert 0 <= row.answered <= row.expected
        assert row.streak <= row.longest_streak <= row.answered
    assert found.total.expected == sum(row.expected for row in found.values())
    assert sum(row.expected for row in found.by_owner().values()) == found.total.expected


@given(plans(max_facts=10), days())
def test_a_goal_is_open_where_its_stage_says_so(plan: Plan, as_of: date) -> None:
    book = Book(plan, as_of, expects="every_goal", early_days=None, workdays=None)
    for position, goal_id in enumerate(book.definitions.structure.ids):
        assert book.is_open(position, as_of) == (plan.stage(goal_id, as_of) in {"approved", "active"})
