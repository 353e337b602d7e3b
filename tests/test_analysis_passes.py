"""The way up through a whole plan: quick where it can be, and the same to the last bit whichever way is gone."""

import sys
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import given

from goalkit import (
    KPI,
    CheckIn,
    Increase,
    KeyResult,
    LiveRollup,
    Objective,
    Observation,
    Plan,
    Policy,
    Transition,
    rollup,
)
from goalkit.analysis import arrays
from goalkit.analysis.columns import Columns
from goalkit.analysis.passes import work_out
from goalkit.analysis.upward import go_up
from goalkit.model.definitions import Definitions
from goalkit.model.facts import ObservationLog
from goalkit.testing.strategies import days, plans, policies

DAY = date(2026, 8, 15)
pytest.importorskip("numpy")  # arrays are only used where somebody has loaded it


def objective(goal_id: str, parent: Any = None, **fields: Any) -> Objective:
    return Objective(id=goal_id, title=goal_id, parent=parent, **fields)


def result(goal_id: str, parent: Any, **fields: Any) -> KeyResult:
    return KeyResult(id=goal_id, title=goal_id, parent=parent, metric=Increase(start=0, target=10), **fields)


def at(goal_id: str, value: Any, on: date = DAY, **fields: Any) -> CheckIn:
    return CheckIn(goal=goal_id, on=on, value=value, **fields)


def anew(plan: Plan) -> Plan:
    """Return an equal plan of which nothing is remembered."""
    written = plan.written
    observed = ObservationLog().extended(plan.observed)
    return Plan(Definitions(written.goals, written.cycles, kpis=written.kpis), plan.log, observed)


def told(columns: Columns) -> list[Any]:
    """Return every column to its last bit."""
    figures = [columns.value.tobytes(), columns.coverage.tobytes(), bytes(columns.state)]
    rest = [columns.raw, columns.reason, columns.excluded, columns.source, columns.total, columns.unheld]
    return [*figures, *map(repr, rest), columns.complete, [*map(columns.check_in, range(len(columns.goals)))]]


def the_long_way(plan: Plan, as_of: date, policy: Policy, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    def slowly(columns: Columns, steps: Any, marks: bytearray, entering: Any) -> None:
        go_up(columns, [(position, None, None, 0.0) for position, *_ in steps], marks, entering)

    with monkeypatch.context() as patch:
        patch.setattr("goalkit.analysis.passes.go_up", slowly)
        patch.setattr("goalkit.analysis.passes.wins", lambda *_, **__: False)
        return told(work_out(anew(plan), as_of, policy))


def by_arrays(plan: Plan, as_of: date, policy: Policy, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    with monkeypatch.context() as patch:
        patch.setattr(arrays, "_MANY", 0)
        patch.setattr(arrays, "_WIDE", 0)
        return told(work_out(anew(plan), as_of, policy))


@given(plans(details=False, max_facts=14), days(), policies())
def test_every_way_up_gives_the_same_to_the_last_bit(plan: Plan, as_of: date, policy: Policy) -> None:
    monkeypatch = pytest.MonkeyPatch()
    quick = told(work_out(plan, as_of, policy))
    assert quick == the_long_way(plan, as_of, policy, monkeypatch)
    assert quick == by_arrays(plan, as_of, policy, monkeypatch)
    assert quick == told(work_out(plan, as_of, policy))


@given(plans(details=False, max_facts=14), days(), policies())
def test_what_is_remembered_of_a_plan_does_not_show(plan: Plan, as_of: date, policy: Policy) -> None:
    facts = plan.facts
    growing = Plan(plan.written)
    for size in range(0, len(facts) + 1, 2):
        grown = Plan(plan.written, growing.log.extended(facts[:size]))
        assert told(work_out(grown, as_of, policy)) == told(work_out(anew(grown), as_of, policy))
        assert told(work_out(grown, as_of, Policy())) == told(work_out(anew(grown), as_of, Policy()))


def company(size: int, **fields: Any) -> list[Any]:
    """Return a company of three levels."""
    teams = [objective(f"t{team}", "o", weight=1 + team % 3) for team in range(size)]
    return [objective("o"), *teams, *(result(f"k{at}", f"t{at % size}", **fields) for at in range(size * 5))]


def said(size: int, *, every: int = 1) -> list[CheckIn]:
    """Return a check-in for each of its key results, or for some of all teams but one."""
    team = range(size * 5)[4::size]
    return [
        at(f"k{number}", number % 13) for number in range(size * 5) if every == 1 or (number % 3 and number not in team)
    ]


@pytest.mark.parametrize("every", [1, 3])
@pytest.mark.parametrize(
    "choices", [{}, {"clamp": "entering"}, {"unmeasured": "at_start"}, {"unmeasured": "skip"}, {"cap": 1.2}]
)
def test_a_wide_plan_is_worked_out_by_arrays(every: int, choices: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    moves = [Transition(goal=goal, on=DAY, stage="paused") for goal in ("k7", "t9")] if every > 1 else []
    plan = Plan.of(*company(200), *said(200, every=every), *moves)
    policy = Policy(**choices)
    taken: list[bool] = []
    with monkeypatch.context() as patch:

        def wins(columns: Columns, *, is_clean: bool) -> bool:
            taken.append(arrays.wins(columns, is_clean=is_clean))
            return taken[-1]

        patch.setattr("goalkit.analysis.passes.wins", wins)
        quick = told(work_out(plan, DAY, policy))
    assert taken == ["cap" not in choices and not (every == 3 and choices == {"unmeasured": "skip"})]
    assert quick == the_long_way(plan, DAY, policy, monkeypatch)


def test_nobody_loads_arrays_for_a_roll_up(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = Plan.of(*company(200), *said(200))
    quick = told(work_out(plan, DAY, Policy()))
    monkeypatch.setitem(sys.modules, "numpy", None)
    assert told(work_out(plan, DAY, Policy())) == quick
    monkeypatch.delitem(sys.modules, "numpy")
    assert told(work_out(plan, DAY, Policy())) == quick
    assert "numpy" not in sys.modules


@pytest.mark.parametrize(("weight", "target"), [(1e16, 10), (1, 1e16), (1e9, 1e9)])
def test_tiny_parts_of_a_sum_are_summed_with_care(
    weight: float, target: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = Random(1)  # noqa: S311 - figures, not secrets
    things: list[Any] = [objective("o")]
    for team in range(300):
        things.append(objective(f"t{team}", "o"))
        for number in range(5):
            goal_id, metric = f"k{team}.{number}", Increase(start=0, target=target)
            own = chance.randrange(1, 100) / 10 if number else weight
            things.append(KeyResult(id=goal_id, title="K", parent=f"t{team}", weight=own, metric=metric))
            things.append(at(goal_id, chance.randrange(100) / 10 if number else 0))
    plan = Plan.of(*things)
    columns = work_out(plan, DAY, Policy())
    assert arrays.wins(columns, is_clean=True)
    assert told(columns) == the_long_way(plan, DAY, Policy(), monkeypatch)


def test_a_long_chain_is_not_for_arrays() -> None:
    chain = [objective("o0"), *(objective(f"o{level}", f"o{level - 1}") for level in range(1, 1500))]
    plan = Plan.of(*chain, result("k", "o1499"), at("k", 5))
    columns = work_out(plan, DAY, Policy())
    assert not arrays.wins(columns, is_clean=True)
    assert columns.known(0) == 0.5


def test_a_live_roll_up_leaves_what_is_remembered_alone() -> None:
    plan = Plan.of(objective("o"), result("a", "o"), result("b", "o"), at("a", 5), at("b", 5))
    before = rollup(plan, as_of=DAY)
    live = LiveRollup(plan, as_of=DAY)
    live.record(at("a", 10, id="later"))
    assert (live.progress("o"), live.progress("a")) == (0.75, 1)
    assert before.progress("o") == rollup(plan, as_of=DAY).progress("o") == 0.5


def test_a_fact_that_was_taken_away_is_not_remembered() -> None:
    plan = Plan.of(objective("o"), result("a", "o"), result("b", "o"), at("b", 5))
    more = plan.record(at("a", 5))
    assert rollup(more, as_of=DAY).progress("o") == 0.5
    assert rollup(plan, as_of=DAY).progress("o") == 0.25


def test_many_new_facts_are_read_with_all_others() -> None:
    plan = Plan.of(*company(10))
    assert rollup(plan, as_of=DAY).progress("o") is None
    assert rollup(plan.record(*said(10)), as_of=DAY).progress("o") == rollup(
        anew(plan.record(*said(10))), as_of=DAY
    ).progress("o")


def test_a_goal_that_was_paused_counts_again_once_it_is_resumed() -> None:
    plan = Plan.of(*company(3), *said(3), Transition(goal="t1", on=DAY, stage="paused"))
    rollup(plan, as_of=DAY)
    resumed = plan.record(Transition(goal="t1", on=DAY, stage="active"))
    assert rollup(resumed, as_of=DAY)["o"] == rollup(anew(resumed), as_of=DAY)["o"]
    assert rollup(resumed, as_of=DAY)["o"] != rollup(plan, as_of=DAY)["o"]


def test_what_was_observed_is_read_again_where_it_measures_something() -> None:
    kpi = KPI(id="sales", title="Sales", kind="flow")
    by_kpi = KeyResult(id="k", title="K", parent="o", metric=Increase(start=0, target=10), measured_by="sales")
    others = [result(f"r{number}", "o") for number in range(9)]
    plan = Plan.of(objective("o"), kpi, by_kpi, *others, *(at(f"r{number}", 5) for number in range(9)))
    assert rollup(plan, as_of=DAY).progress("k") is None
    more = plan.record(Observation(kpi="sales", on=DAY, value=4))
    assert rollup(more, as_of=DAY).progress("k") == 0.4
    assert rollup(more, as_of=DAY)["o"] == rollup(anew(more), as_of=DAY)["o"]
    assert rollup(plan, as_of=DAY).progress("k") is None
    both = more.record(Observation(kpi="sales", on=DAY, value=2), at("r1", 9))
    assert rollup(both, as_of=DAY)["o"] == rollup(anew(both), as_of=DAY)["o"]
    assert rollup(both, as_of=DAY).progress("k") == 0.6


def test_many_goals_that_a_kpi_measures_are_read_with_all_others() -> None:
    kpi = KPI(id="sales", title="Sales", kind="flow")
    measured = [
        KeyResult(id=f"k{at}", title="K", parent="o", metric=Increase(start=0, target=10), measured_by="sales")
        for at in range(9)
    ]
    plan = Plan.of(objective("o"), kpi, *measured)
    assert rollup(plan, as_of=DAY).progress("o") is None
    more = plan.record(Observation(kpi="sales", on=DAY, value=4))
    assert rollup(more, as_of=DAY).progress("o") == 0.4
