"""Who is overdue among very many goals: a scan by hand, a look at every goal, and an index."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle
from random import Random
from typing import Final

from goalkit import CheckIn, DueIndex, KeyResult, Plan, due

from .company import SEED
from .measure import Case, measured, show, undisturbed
from .schedules import KINDS, Schedule, schedules

TODAY: Final = date(2026, 4, 15)
BY_HAND: Final = "closed form by hand, a scan"
_ONE_DAY: Final = timedelta(1)
_RECORDED: Final = 200
_LONG: Final = 120
_SILENT: Final = 0.02


def overdue(rounds: int, goals: int = 100_000) -> None:
    """
    Measure who is overdue today.

    Args:
        rounds: How many turns each case has.
        goals: How many goals there are.
    """
    with undisturbed():
        kinds = [kind for kind in KINDS if kind != "a rule"]
        rows = [schedule for kind in kinds for schedule in schedules(kind, goals // len(kinds))]
        said = [*_said(rows)]
        plan = _plan(rows, said)
        index = DueIndex(plan, as_of=TODAY)
    late = index.overdue(TODAY)
    show(
        f"Who is overdue today: {len(late):,} of {len(rows):,} goals",
        measured(_cases(rows, said, plan, index), rounds),
        BY_HAND,
    )


def _said(rows: list[Schedule]) -> Iterator[date | None]:
    """Yield the day of the last check-in of each goal: mostly since its last slot but one, sometimes long ago."""
    chance = Random(SEED)
    for row in rows:
        last = row.by_hand.before(TODAY)
        days = chance.randrange(_LONG) if chance.random() < 0.1 else chance.randrange((TODAY - last).days + 1)
        yield None if chance.random() < _SILENT else max(TODAY - timedelta(days), date(2026, 1, 1))


def _plan(rows: list[Schedule], said: list[date | None]) -> Plan:
    goals = [KeyResult(id=f"k{at}", title="K", cadence=row.cadence) for at, row in enumerate(rows)]
    facts = [CheckIn(goal=f"k{at}", on=on, value=1, id=f"f{at}") for at, on in enumerate(said) if on is not None]
    return Plan.of(*goals, *facts)


def _is_overdue(row: Schedule, said: date | None) -> bool:
    """Tell whether the last slot before today has no answer: a check-in since the slot before it."""
    last = row.by_hand.before(TODAY - _ONE_DAY)
    return said is None or said <= row.by_hand.before(last - _ONE_DAY)


def _cases(rows: list[Schedule], said: list[date | None], plan: Plan, index: DueIndex) -> dict[str, Case]:
    def by_hand(_: int) -> float:
        return len([at for at, (row, on) in enumerate(zip(rows, said, strict=True)) if _is_overdue(row, on)])

    def by_due(_: int) -> float:
        return len([goal for goal, row in due(plan, as_of=TODAY).items() if row.state == "overdue"])

    def by_index(_: int) -> float:
        return len(index.overdue(TODAY))

    made = DueIndex(plan, as_of=TODAY)
    numbers = cycle(range(len(rows)))
    facts: list[CheckIn] = []

    def before(turn: int) -> None:
        facts[:] = [CheckIn(goal=f"k{next(numbers)}", on=TODAY, value=2, id=f"g{turn}.{at}") for at in range(_RECORDED)]

    def recorded(_: int) -> None:
        for fact in facts:
            made.record(fact)

    return {
        BY_HAND: Case(run=by_hand),
        "goalkit, due": Case(run=by_due),
        "goalkit, DueIndex made": Case(run=lambda _: len(DueIndex(plan, as_of=TODAY).overdue(TODAY))),
        "goalkit, DueIndex asked": Case(run=by_index, repeat=10),
        "goalkit, DueIndex, one fact recorded": Case(run=recorded, before=before, items=_RECORDED),
    }
