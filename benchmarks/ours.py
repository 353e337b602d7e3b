"""The same company in goalkit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from goalkit import (
    CheckIn,
    Decrease,
    Increase,
    KeyResult,
    LiveRollup,
    Metric,
    Objective,
    Plan,
    Policy,
    Rollup,
    rollup,
)
from goalkit.analysis import passes

from .company import Change, Company
from .measure import Case

#: The day of every figure, and of every check-in.
DAY = date(2026, 8, 15)

_OTHER = Policy(closed="complete")

Figures = Rollup | LiveRollup


def objective_id(number: int) -> str:
    """Return the id of an objective."""
    return f"o{number}"


def result_id(number: int) -> str:
    """Return the id of a key result."""
    return f"k{number}"


def goals(company: Company) -> list[Objective | KeyResult]:
    """Return the objectives and key results of a company."""
    made: list[Objective | KeyResult] = [
        Objective(id=objective_id(each), title="O", parent=objective_id(above) if above >= 0 else None, weight=weight)
        for each, (above, weight) in enumerate(zip(company.above, company.weights, strict=True))
    ]
    rows = zip(company.owner, company.start, company.target, company.shares, strict=True)
    made += [
        KeyResult(
            id=result_id(each), title="K", parent=objective_id(owner), metric=metric(start, target), weight=weight
        )
        for each, (owner, start, target, weight) in enumerate(rows)
    ]
    return made


def metric(start: float, target: float) -> Metric:
    """Return the metric that goes this way."""
    return Increase(start=start, target=target) if target > start else Decrease(start=start, target=target)


def check_ins(changes: Iterable[Change]) -> list[CheckIn]:
    """Return a check-in for each change."""
    return [CheckIn(goal=result_id(result), on=DAY, value=value) for result, value in changes]


def plan_of(company: Company) -> Plan:
    """Return a company as a plan in which everything is measured."""
    return Plan.of(*goals(company), *check_ins(enumerate(company.current)))


def again(plan: Plan) -> Plan:
    """Return a plan that is equal, shares goals and facts, and was never rolled up."""
    return Plan.of(*plan.goals, *plan.facts)


def documents(company: Company) -> list[dict[str, Any]]:
    """Return the objectives and key results of a company as plain dicts."""
    return Plan.of(*goals(company)).to_dicts()


def value(figures: Figures, goal_id: str) -> float:
    """Return a figure that is known."""
    found = figures.progress(goal_id)
    assert found is not None
    return found


def values(figures: Figures, company: Company) -> Sequence[float]:
    """Return the progress of each objective, by its number."""
    return [value(figures, objective_id(each)) for each in range(company.objectives)]


@contextmanager
def without_arrays() -> Iterator[None]:
    """Roll up as where numpy is not loaded."""
    module: Any = passes
    wins, module.wins = module.wins, lambda *_, **__: False
    try:
        yield
    finally:
        module.wins = wins


def full_cases(company: Company, plan: Plan) -> dict[str, Case]:
    """
    Return the roll-up of a new plan, of that by another policy, and of one that was rolled up before.

    The last is done with arrays, where they win, and without.

    The other policy has nothing to change here, so that the figures are the same. It comes after the
    first in each turn, which leaves the new plan rolled up once.

    Args:
        company: The company.
        plan: The company as a plan.
    """
    top, repeat = objective_id(company.top), max(1, 20_000 // company.results)
    last: dict[str, Figures] = {}
    new: list[Plan] = []

    def before(_: int) -> None:
        new.clear()
        new.append(again(plan))

    def first(_: int) -> float:
        last["first"] = rollup(new[0], as_of=DAY)
        return value(last["first"], top)

    def second(_: int) -> float:
        last["second"] = rollup(plan, as_of=DAY)
        return value(last["second"], top)

    def second_without(_: int) -> float:
        with without_arrays():
            last["without"] = rollup(plan, as_of=DAY)
        return value(last["without"], top)

    def other(_: int) -> float:
        last["other"] = rollup(new[0], as_of=DAY, policy=_OTHER)
        return value(last["other"], top)

    rollup(plan, as_of=DAY)
    return {
        "goalkit, a new plan": Case(run=first, before=before, everything=lambda: values(last["first"], company)),
        "goalkit, the same plan again": Case(
            run=second_without, everything=lambda: values(last["without"], company), repeat=repeat
        ),
        "goalkit, the same plan again, numpy loaded": Case(
            run=second, everything=lambda: values(last["second"], company), repeat=repeat
        ),
        "goalkit, another policy on the same plan": Case(run=other, everything=lambda: values(last["other"], company)),
    }


def change_cases(company: Company, plan: Plan, turns: Sequence[Sequence[Change]]) -> dict[str, Case]:
    """
    Return what it takes a live roll-up to follow changes one by one.

    Args:
        company: The company.
        plan: The company as a plan.
        turns: The changes of each turn.
    """
    top = objective_id(company.top)

    def case(*, makes: bool, reads: bool) -> Case:
        live = LiveRollup(plan, as_of=DAY)
        ready: list[CheckIn] = []

        def before(turn: int) -> None:
            ready[:] = check_ins(turns[turn])

        def run(turn: int) -> float | None:
            figure = None
            if makes:
                for result, new in turns[turn]:
                    live.record(CheckIn(goal=result_id(result), on=DAY, value=new))
                    figure = value(live, top)
            elif reads:
                for fact in ready:
                    live.record(fact)
                    figure = value(live, top)
            else:
                for fact in ready:
                    live.record(fact)
            return figure

        return Case(
            run=run,
            before=None if makes else before,
            everything=lambda: values(live, company),
            items=len(turns[0]),
        )

    return {
        "goalkit, recorded": case(makes=False, reads=False),
        "goalkit, recorded and the top read": case(makes=False, reads=True),
        "goalkit, check-in made, recorded, the top read": case(makes=True, reads=True),
    }
