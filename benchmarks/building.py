"""What it costs to make a plan, to record in it, and to keep a check-in."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial

import attrs

from goalkit import CheckIn, KeyResult, Link, Objective, Plan

from .company import company
from .measure import Case, measured, ratio, show, show_growth, table
from .ours import DAY, check_ins, documents, goals, result_id

_ROUNDS = 2
_FACTS = 1_000


@attrs.frozen(kw_only=True)
class BareGoal:
    """What a goal holds, with nothing checked and nothing converted."""

    id: str
    title: str
    parent: tuple[Link, ...] = ()
    weight: float = 1.0
    start: Decimal | None = None
    target: Decimal | None = None


@attrs.frozen(kw_only=True)
class BareCheckIn:
    """The fields of a check-in, with nothing checked and nothing converted."""

    goal: str
    on: date
    by: str | None = None
    id: str = ""
    extra: object = None
    value: Decimal | None = None
    done: tuple[str, ...] | None = None
    status: object = None
    confidence: float | None = None
    note: str = ""
    next_steps: str = ""
    supersedes: str | None = None


def build(size: int) -> None:
    """
    Measure making plans, recording facts, and the memory of a check-in.

    Args:
        size: The goals of the largest plan, and the number of check-ins whose memory is taken.
    """
    _making(size)
    _recording(size)
    _keeping(size)


def _making(size: int) -> None:
    given = company(size * 4 // 5)
    rows = documents(given)
    made = goals(given)
    cases: dict[str, Callable[[], object]] = {
        "bare attrs objects": lambda: [_bare(goal) for goal in made],
        "Objective and KeyResult": lambda: goals(given),
        "Plan.of, the objects made beforehand": lambda: Plan.of(*made),
        "Plan.from_dicts": lambda: Plan.from_dicts(rows),
    }
    least = measured({name: Case(run=partial(_done, make)) for name, make in cases.items()}, _ROUNDS)
    show(f"Making a plan of {len(made):,} goals", least, "Objective and KeyResult", "bare attrs objects")


def _bare(goal: Objective | KeyResult) -> BareGoal:
    span = None if goal.metric is None else goal.metric.span
    start, target = span or (None, None)
    return BareGoal(id=goal.id, title=goal.title, parent=goal.parent, weight=goal.weight, start=start, target=target)


def _done(make: Callable[[], object], _: int) -> None:
    make()


def _recording(size: int) -> None:
    found = {}
    for each in (size // 100, size // 10, size):
        given = company(each * 4 // 5)
        plan, facts = Plan.of(*goals(given)), check_ins(given.changes(_FACTS))

        def record(_: int, plan: Plan = plan, facts: list[CheckIn] = facts) -> None:
            for fact in facts:
                plan = plan.record(fact)

        found[len(plan)] = measured({"plan.record of one fact": Case(run=record, items=_FACTS)}, 3)
    show_growth(f"Recording {_FACTS:,} facts one by one in a plan of so many goals, for each", found)


def _keeping(size: int) -> None:
    """Print what a record takes by itself: memory allocated while it is made, divided by the number of records."""
    names = [result_id(each) for each in range(size)]
    numbers = [Decimal(each) for each in range(size)]
    ways: dict[str, Callable[[int], object]] = {
        "bare attrs object": lambda at: BareCheckIn(goal=names[at], on=DAY, value=numbers[at], id=names[at]),
        "CheckIn": lambda at: CheckIn(goal=names[at], on=DAY, value=numbers[at], id=names[at]),
        "CheckIn, id and number made for it": lambda at: CheckIn(goal=names[at], on=DAY, value=at),
    }
    own = {name: _memory(make, size) for name, make in ways.items()}
    rows = [[name, f"{taken:.0f} B", ratio(taken / own["bare attrs object"])] for name, taken in own.items()]
    title = f"Memory of one check-in of {size:,}, whose day, goal, number and id are made beforehand unless said"
    table(title, ["record", "own part", "× bare attrs object"], rows)


def _memory(make: Callable[[int], object], size: int) -> float:
    """Return the bytes that one record keeps, the place in the list that holds it left aside."""
    kept: list[object] = [None] * size
    gc.collect()
    tracemalloc.start()
    for at in range(size):
        kept[at] = make(at)
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return held / len(kept)
