"""An achieved goal is one thing, and a KPI that it moved another."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import (
    KPI,
    Binary,
    CheckIn,
    Cycle,
    Expectations,
    FiscalCalendar,
    Formula,
    Grade,
    InvalidValue,
    KeyResult,
    Meaning,
    MovedBy,
    Objective,
    Observation,
    Plan,
    Reason,
    Revision,
    Transition,
    UnknownId,
    impact,
)
from goalkit.analysis.impact import Impact, KpiMove

END = date(2027, 12, 31)
BEGINS = date(2026, 1, 1)
QUIET = [10, 12, 11, 10, 12, 11, 10, 12]  # before the goal; the mean is 11, the limits are about 7 and 15


def seen(values: Any, first: date, kpi: str = "a") -> list[Observation]:
    """Return a value a month from a day on; None where nothing was observed."""
    months = [divmod(first.month - 1 + at, 12) for at in range(len(values))]
    days = [date(first.year + years, month + 1, first.day) for years, month in months]
    return [
        Observation(kpi=kpi, on=on, value=value) for on, value in zip(days, values, strict=True) if value is not None
    ]


def story(before: Any, since: Any, *, goal: Any = (), **fields: Any) -> Plan:
    """Return a plan with a goal from 2026 on that is to move the KPI a, with months before it and since."""
    given = {"kind": "flow", "frequency": "monthly", "direction": "up", **fields}
    first_day = goal or {"first_day": BEGINS}
    first = date(2025 - (len(before) - 1) // 12, 12 - (len(before) - 1) % 12, 10) if before else BEGINS
    return Plan.of(
        KPI(id="a", title="A", **given),
        KeyResult(id="k", title="K", metric=Binary(), affects=["a"], **dict(first_day)),
        *seen(before, first),
        *seen(since, date(2026, 1, 10)),
    )


def move(plan: Plan, *, as_of: date = END, **how: Any) -> KpiMove:
    return impact(plan, as_of=as_of, **how)["k"].kpis[0]


def moved(before: Any, since: Any, by: str = "auto", **fields: Any) -> bool | None:
    return move(story(before, since, **fields), by=by).moved


# -- whether it is achieved -----------------------------------------------------------------------


def test_a_goal_that_is_achieved_without_its_kpi_moving_is_without_effect() -> None:
    plan = story([5], [5]).record(CheckIn(goal="k", on=BEGINS, value=True))
    found = impact(plan, as_of=END)
    assert (found["k"].achieved, found["k"].moved, found["k"].is_without_effect) == (True, False, True)
    assert found.without_effect == (found["k"],)
    assert str(found["k"]) == "k is achieved, and a did not move: 5, then 5, by change"
    assert impact(story([5], [6]), as_of=END).without_effect == ()


@pytest.mark.parametrize(
    ("fact", "achieved"),
    [
        (CheckIn(goal="k", on=BEGINS, value=True), True),
        (CheckIn(goal="k", on=BEGINS, value=False), False),
        (CheckIn(goal="k", on="2028-01-01", value=True), None),
        (Grade(goal="k", on=END, outcome="achieved", by="cpo", why="it is"), True),
        (Transition(goal="k", on=END, stage="closed", outcome="dropped"), False),
        (Transition(goal="k", on=BEGINS, stage="draft"), None),
    ],
)
def test_whether_a_goal_is_achieved_is_what_its_grade_says(fact: Any, achieved: bool | None) -> None:
    assert impact(story([5], [6]).record(fact), as_of=END)["k"].achieved is achieved


def test_what_a_person_decided_goes_before_the_figures() -> None:
    plan = story([5], [5]).record(CheckIn(goal="k", on=BEGINS, value=True))
    plan = plan.record(Grade(goal="k", on=END, outcome="missed", by="cpo", why="nobody uses it"))
    assert impact(plan, as_of=END)["k"].achieved is False
    assert impact(plan, as_of=date(2027, 12, 30))["k"].achieved is True


def test_a_paused_goal_keeps_its_score() -> None:
    plan = story([5], [6]).record(
        CheckIn(goal="k", on=BEGINS, value=True), Transition(goal="k", on="2026-02-01", stage="paused")
    )
    assert impact(plan, as_of=END)["k"].achieved is True


def test_what_is_expected_decides_what_is_achieved() -> None:
    plan = Plan.of(
        KPI(id="a", title="A", kind="flow"),
        Objective(id="o", title="O", affects=["a"]),
        *(KeyResult(id=each, title="K", parent="o", metric=Binary()) for each in "xy"),
        CheckIn(goal="x", on=BEGINS, value=True),
    )
    assert impact(plan, as_of=END)["o"].achieved is False
    assert impact(plan, as_of=END, expectations=Expectations(undeclared=0.5))["o"].achieved is True


# -- by change ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "since", "direction", "told"),
    [
        ([5], [6], "up", True),
        ([5], [5], "up", False),
        ([5], [4], "up", False),
        ([5], [4], "down", True),
        ([5], [6], "down", False),
        ([5], [6], None, True),
        ([5], [4], None, True),
        ([5], [5], None, False),
        ([5], [4], "within", True),
        ([9, 5], [1, 9, 6], "up", True),
        ([], [5, 6], "up", True),
        ([], [5, 4], "up", False),
        ([5, None], [None, 6, None], "up", True),
        ([-5], [-6], "down", True),
    ],
)
def test_a_kpi_has_changed_where_the_last_point_is_better_than_the_last_before(
    before: Any, since: Any, direction: Any, told: bool
) -> None:  # fmt: skip
    assert moved(before, since, direction=direction) is told


@pytest.mark.parametrize(
    ("before", "after", "least", "told"),
    [(100, 105, "0.05", True), (100, "104.99", "0.05", False), (-100, -95, "0.05", True), (0, 1, 9, True)],
)
def test_a_change_may_have_to_be_large_enough(before: Any, after: Any, least: Any, told: bool) -> None:
    assert move(story([before], [after]), least=least).moved is told


# -- by signals -----------------------------------------------------------------------------------


def test_from_six_points_on_a_signal_decides() -> None:
    assert move(story(QUIET[:5], [13])).by is MovedBy.CHANGE
    assert move(story(QUIET[:6], [13])).by is MovedBy.XMR
    assert (moved(QUIET, [13]), moved(QUIET, [13], "change"), moved(QUIET, [99])) == (False, True, True)


def test_with_fewer_points_signals_are_unknown() -> None:
    found = move(story(QUIET[:5], [99]), by="xmr")
    assert (found.moved, found.reason, found.by, found.signals) == (None, Reason.TOO_FEW, MovedBy.XMR, ())
    assert str(found) == "a: unknown, there is too little before it"


def test_gaps_before_are_no_points() -> None:
    assert move(story([10, None, 12, None, 11, 10, 12], [99]), by="xmr").reason is Reason.TOO_FEW


def test_limits_rest_on_the_points_before_alone() -> None:
    assert moved(QUIET, [30, 5, 40, 1, 35]) is True  # with their own ranges, all of them would be noise


def test_eight_points_on_the_better_side_are_a_signal() -> None:
    found = move(story(QUIET, [13] * 8))
    assert (found.moved, [(each.rule, each.meaning) for each in found.signals]) == (True, [("run_of_8", "improvement")])
    assert (moved(QUIET, [13] * 7), moved(QUIET, [9] * 8), moved(QUIET, [9] * 8, direction="down")) == (
        False,  # the last point before was on that side, so that there is a run of eight, but not of eight since
        False,
        True,
    )


def test_a_shift_that_began_before_the_goal_was_not_made_by_it() -> None:
    assert moved([*QUIET, 13, 13, 13], [13] * 5) is False  # a run of nine, but five of them since
    assert moved([*QUIET, 13, 13, 13], [13] * 8) is True  # these alone would say so


def test_a_shift_that_was_seen_before_the_goal_is_no_news_until_it_has_ended() -> None:
    low, high = [10, 8] * 4, [12, 14] * 4
    assert moved(low + high, high) is False
    assert moved(low + high, [9, *high]) is True
    assert moved([10] * 8 + [13] * 5, [13] * 9) is False  # beyond the limits already
    assert moved(low + high, [*high, 1]) is False
    assert moved(low + high, high, direction="down") is False
    assert moved(low + high, [*high, 1], direction="down") is True  # the other side is news at once


def test_a_single_point_beyond_a_limit_counts_only_since() -> None:
    assert moved([10, 12, 11, 10, 12, 11, 10, 12, 11, 10, 40], [11, 12]) is False


def test_the_latest_signal_decides() -> None:
    assert moved(QUIET, [30, 11, 12]) is True
    assert moved(QUIET, [30, 11, 1]) is False
    assert moved(QUIET, [1, 11, 30]) is True
    assert moved(QUIET, [30, *[10] * 8]) is False  # up, and down again
    assert len(move(story(QUIET, [30, 11, 1])).signals) == 2


@pytest.mark.parametrize("direction", [None, "within"])
def test_where_neither_way_is_better_any_signal_is_a_move(direction: Any) -> None:
    found = move(story(QUIET, [11, 1], direction=direction))
    assert (found.moved, [each.meaning for each in found.signals]) == (True, [Meaning.NEUTRAL])
    assert moved(QUIET, [11, 10], direction=direction) is False


# -- what is unknown ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "since", "as_of", "reason"),
    [
        ([], [], END, Reason.NO_OBSERVATIONS),
        (QUIET, [], END, Reason.NO_OBSERVATIONS),
        ([], [5], END, Reason.TOO_FEW),
        (QUIET, [5], date(2026, 1, 30), Reason.PARTIAL_PERIOD),
        (QUIET, [5], date(2026, 1, 9), Reason.NO_OBSERVATIONS),
        (QUIET, [5], date(2025, 12, 31), Reason.NOT_STARTED),
    ],
)
def test_what_is_unknown_has_its_reason(before: Any, since: Any, as_of: date, reason: Reason) -> None:
    plan = story(before, since)
    found = impact(plan, as_of=as_of)["k"]
    assert (found.moved, found.kpis[0].moved, found.kpis[0].reason) == (None, None, reason)
    assert not found.is_without_effect


def test_a_goal_without_a_period_is_measured_from_the_first_point_on() -> None:
    found = move(story([5, 6], [7], goal={"why": "no days"}))
    assert [found.before, found.after, found.by, found.moved] == [5, 7, MovedBy.CHANGE, True]


def test_the_period_of_a_cycle_or_of_a_parent_is_a_goals_own() -> None:
    plan = Plan.of(
        Cycle.quarter(2026, 3),
        KPI(id="a", title="A", kind="flow", direction="up"),
        Objective(id="o", title="O", cycle="2026-Q3"),
        KeyResult(id="k", title="K", parent="o", metric=Binary(), affects=["a"]),
        *seen([1, 9, 5, 3, 6], date(2026, 5, 10)),
    )
    assert [move(plan).before, move(plan).after, move(plan).moved] == [9, 6, False]


def test_a_lagging_kpi_is_asked_about_again_after_the_goal() -> None:
    plan = story([5], [5, 5, 5, 8], goal={"first_day": BEGINS, "last_day": date(2026, 3, 31)}, indicator="lagging")
    assert [move(plan, as_of=date(2026, at, 28)).moved for at in (4, 5)] == [False, True]


def test_a_correction_counts_from_its_day_on() -> None:
    plan = story([5], []).record(Observation(kpi="a", on="2026-01-10", value=9, id="wrong"))
    plan = plan.record(Observation(kpi="a", on="2026-02-10", value=9, id="late"))
    plan = plan.record(Observation(kpi="a", on="2026-02-11", value=-6, supersedes="late"))
    assert move(plan, as_of=date(2026, 2, 1)).moved is True
    assert move(plan, as_of=date(2026, 3, 1)).moved is False


def test_a_kpi_with_a_formula_moves_with_its_parts() -> None:
    parts = [KPI(id=each, title=each, kind="flow", frequency="monthly") for each in ("won", "asked")]
    rate = KPI(
        id="a", title="A", kind="ratio", direction="up", frequency="monthly", formula=Formula("ratio", ["won", "asked"])
    )
    plan = Plan.of(*parts, rate, KeyResult(id="k", title="K", metric=Binary(), first_day="2026-02-01", affects=["a"]))
    plan = plan.record(*seen([1, 3, 2], date(2026, 1, 10), "won"), *seen([2, 4], date(2026, 1, 10), "asked"))
    assert (move(plan).before, move(plan).after, move(plan).moved) == (Decimal("0.5"), Decimal("0.75"), True)


def test_what_a_formula_makes_may_be_huge() -> None:
    parts = [KPI(id=each, title=each, kind="flow", frequency="monthly") for each in "bc"]
    kpi = KPI(
        id="a", title="A", kind="flow", direction="up", frequency="monthly", formula=Formula("product", ["b", "c"])
    )
    goal = KeyResult(id="k", title="K", metric=Binary(), first_day="2026-08-01", affects=["a"])
    huge = [Decimal(f"{at}E+30") for at in (1, 2, 1, 2, 1, 2, 1, 9)]
    plan = Plan.of(*parts, kpi, goal, *(each for part in "bc" for each in seen(huge, date(2026, 1, 10), part)))
    assert (move(plan).by, move(plan).moved) == (MovedBy.XMR, True)


def test_the_months_may_be_those_of_a_fiscal_year() -> None:
    sixth = FiscalCalendar(first_month=4, first_day=6)
    goal = {"first_day": date(2026, 4, 6)}
    plan = story([], [], goal=goal).record(*seen([1, 2, 3, 4], date(2026, 2, 5)))
    # By the wall the fifth of April lies in a month that the goal has begun in; in this fiscal year it does not.
    assert [move(plan).before, move(plan, calendar=sixth).before] == [2, 3]
    assert impact(story([5], [6], frequency="weekly"), as_of=END, calendar=sixth)["k"].moved is True


def test_a_goal_with_several_kpis_has_moved_where_one_did_and_what_is_unknown_says_nothing() -> None:
    plan = Plan.of(
        *(KPI(id=each, title=each, kind="flow", direction="up") for each in "abc"),
        KeyResult(id="k", title="K", metric=Binary(), affects=["a", "b", "c"]),
        KeyResult(id="l", title="L", metric=Binary(), affects=["b", "c"]),
        *seen([1, 2], BEGINS, "a"),
        *seen([2, 1], BEGINS, "b"),
    )
    found = impact(plan, as_of=END)
    assert (found["k"].moved, found["l"].moved) == (True, False)
    assert [kpi.moved for kpi in found["k"].kpis] == [True, False, None]
    assert found["k"].kpis[1] is found["l"].kpis[0]  # it is looked at once


def test_a_mistaken_day_centuries_ago_is_no_harm() -> None:
    plan = Plan.of(
        KPI(id="a", title="A", kind="flow", direction="up"),
        KeyResult(id="k", title="K", metric=Binary(), affects=["a"]),
        *(Observation(kpi="a", on=on, value=1) for on in ("0202-01-05", "2026-01-05")),
    )
    assert move(plan).moved is False


# -- as a whole -----------------------------------------------------------------------------------


def test_only_goals_that_are_to_move_something_are_rows() -> None:
    plan = Plan.of(KPI(id="a", title="A", kind="flow"), Objective(id="o", title="O"))
    found = impact(plan, as_of=END)
    assert (len(found), list(found), "o" in found, found.to_dicts()) == (0, [], False, [])
    assert (found.kpis_without_goal, found.goals_without_kpi) == (("a",), ("o",))
    with pytest.raises(UnknownId):
        found["o"]
    with pytest.raises(UnknownId):
        found[["o"]]  # type: ignore[index] # whatever is asked for


def test_what_a_goal_affects_is_what_it_did_on_the_day() -> None:
    plan = story([5], [6]).record(Revision(goal="k", on="2026-06-01", changes={"affects": []}, by="ida"))
    assert list(impact(plan, as_of=date(2026, 5, 31))) == ["k"]
    later = impact(plan, as_of=END)
    assert (list(later), later.kpis_without_goal, later.goals_without_kpi) == ([], ("a",), ("k",))


def test_an_impact_prints_as_a_table() -> None:
    found = impact(story([5], [6]).record(CheckIn(goal="k", on=BEGINS, value=True)), as_of=END)
    assert str(found).splitlines() == [
        "goal  achieved  kpi  before  after  moved",
        "k     yes       a         5      6  yes",
    ]
    assert "<td>yes</td>" in found._repr_html_()
    assert repr(found) == "<Impact of 1 goals on 2027-12-31>"
    assert str(impact(story([], []), as_of=END)).splitlines()[1].split(None, 3) == [
        "k",
        "–",
        "a",
        "–      –  nothing was observed",
    ]
    assert str(impact(story([], []), as_of=END)["k"]) == "k is not judged, and a: unknown, nothing was observed"
    missed = impact(story([5], [6]).record(CheckIn(goal="k", on=BEGINS, value=False)), as_of=END)["k"]
    assert str(missed) == "k is not achieved, and a moved: 5, then 6, by change"


def test_an_impact_is_dicts_ready_for_json() -> None:
    rows = impact(story([5], [6]), as_of=END).to_dicts()
    assert json.loads(json.dumps(rows)) == [
        {
            "goal": "k", "achieved": None, "kpi": "a", "moved": True, "by": "change",
            "before": 5.0, "after": 6.0, "signals": 0, "reason": None,
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("how", "code", "path"),
    [
        ({"by": "luck"}, "unknown_choice", "by"),
        ({"least": -1}, "out_of_range", "least"),
        ({"least": "much"}, "not_a_number", "least"),
        ({"calendar": "fiscal"}, "wrong_kind", ""),
        ({"as_of": "soon"}, "not_a_day", ""),
    ],
)
def test_choices_that_are_none_are_refused(how: Any, code: str, path: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        impact(story([5], [6]), **{"as_of": END, **how})
    assert (refused.value.problems[0].code, refused.value.problems[0].path) == (code, path)
    with pytest.raises(InvalidValue):
        impact("plan", as_of=END)  # type: ignore[arg-type] # somebody tries


# -- laws -----------------------------------------------------------------------------------------

VALUES = st.lists(st.none() | st.integers(-20, 20), max_size=14)
DAYS = st.dates(date(2025, 1, 1), date(2027, 6, 1))


@st.composite
def stories(draw: st.DrawFn) -> Plan:
    plan = story(
        draw(VALUES),
        draw(VALUES),
        goal=draw(st.sampled_from([{"first_day": BEGINS}, {"why": "no days"}])),
        direction=draw(st.sampled_from([None, "up", "down", "within"])),
        frequency=draw(st.sampled_from([None, "monthly", "quarterly", "weekly"])),
        kind=draw(st.sampled_from(["flow", "stock", "average", "distinct"])),
    )
    return plan.record(CheckIn(goal="k", on=draw(DAYS), value=draw(st.booleans())))


def same(one: Impact, other: Impact) -> bool:
    return one == other and (one.kpis_without_goal, one.goals_without_kpi) == (
        other.kpis_without_goal,
        other.goals_without_kpi,
    )


@given(stories(), DAYS, st.sampled_from(MovedBy))
def test_the_plan_as_of_a_day_has_the_impact_of_that_day(plan: Plan, on: date, by: MovedBy) -> None:
    assert same(impact(plan.as_of(on), as_of=on, by=by), impact(plan, as_of=on, by=by))


@given(stories(), DAYS, st.integers(-99, 99), st.integers(1, 400))
def test_what_is_observed_after_a_day_changes_nothing_on_it(plan: Plan, on: date, value: int, days: int) -> None:
    later = plan.record(Observation(kpi="a", on=date.fromordinal(on.toordinal() + days), value=value))
    assert same(impact(later, as_of=on), impact(plan, as_of=on))


@given(stories(), DAYS, st.sampled_from(MovedBy))
def test_a_move_is_known_or_has_a_reason(plan: Plan, on: date, by: MovedBy) -> None:
    found = move(plan, as_of=on, by=by)
    assert (found.moved is None) == (found.reason is not None)
    assert found.reason is None or not found.signals
    assert found.moved is None or (found.before is not None and found.after is not None)
    assert found.by is by or by is MovedBy.AUTO


@given(VALUES, VALUES, st.sampled_from(MovedBy))
def test_turned_upside_down_the_other_direction_says_the_same(before: Any, since: Any, by: MovedBy) -> None:
    first, then = ([None if value is None else -value for value in values] for values in (before, since))
    assert moved(before, since, by) is moved(first, then, by, direction="down")
