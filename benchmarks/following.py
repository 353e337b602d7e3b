"""Many changes at once, and what is left of rounding after many changes one by one."""

from __future__ import annotations

from collections.abc import Sequence

from goalkit import LiveRollup, Plan, Rollup, rollup

from .company import Change, Company, company
from .measure import Case, largest_difference, measured, show, table
from .ours import DAY, Figures, again, check_ins, objective_id, plan_of, value, values
from .peers import Flat

#: How many changes are made at once, and how many turns each case has.
_COUNTS = {1: 9, 100: 7, 10_000: 3}
_DRIFTING = 10_000


def batches(size: int) -> None:
    """
    Measure one change, a hundred, and ten thousand at once.

    Args:
        size: About how many key results the company has.
    """
    given = company(size)
    plan = plan_of(given)
    for count, rounds in _COUNTS.items():
        changes = given.changes(count * rounds, seed=count)
        turns = [changes[at : at + count] for at in range(0, len(changes), count)]
        least = measured(_cases(given, plan, turns), rounds)
        noun = "change" if count == 1 else "changes at once"
        show(f"{count:,} {noun} among {given.results:,} key results", least, "flat columns, one by one")


def _cases(given: Company, plan: Plan, turns: Sequence[Sequence[Change]]) -> dict[str, Case]:
    one_by_one, at_once = Flat(given), Flat(given)
    one_by_one.full()
    live = LiveRollup(plan, as_of=DAY)
    facts = [check_ins(changes) for changes in turns]
    grown = [plan]
    last: list[Figures] = []
    top = objective_id(given.top)

    def each(turn: int) -> float:
        for result, new in turns[turn]:
            one_by_one.change(result, new)
        return one_by_one.progress[0]

    def all_again(turn: int) -> float:
        for result, new in turns[turn]:
            at_once.put(result, new)
        return at_once.full()

    def recorded(turn: int) -> float:
        live.record(*facts[turn])
        return value(live, top)

    def fresh(turn: int) -> float:
        grown[0] = grown[0].record(*facts[turn])
        last[:] = [rollup(grown[0], as_of=DAY)]
        return value(last[0], top)

    return {
        "flat columns, one by one": Case(run=each, everything=one_by_one.everything),
        "flat columns, everything again": Case(run=all_again, everything=at_once.everything),
        "goalkit, live.record(*facts)": Case(run=recorded, everything=lambda: values(live, given)),
        "goalkit, plan.record(*facts) and rollup": Case(run=fresh, everything=lambda: values(last[0], given)),
    }


def drift(changes: int) -> None:
    """
    Compare a live roll-up that followed many changes one by one with a roll-up of the plan that came of them.

    Args:
        changes: How many changes it follows.
    """
    given = company(_DRIFTING)
    live = LiveRollup(plan_of(given), as_of=DAY)
    for fact in check_ins(given.changes(changes)):
        live.record(fact)
    fresh = rollup(again(live.plan), as_of=DAY)
    before, wanted = _told(live), _told(fresh)
    live.recompute()
    equal = _told(live) == wanted
    rows = [
        [f"largest difference of {name} from a fresh roll-up", f"{largest_difference(mine, theirs):.2g}"]
        for name, mine, theirs in zip(("progress", "coverage"), before, wanted, strict=True)
    ]
    rows.append(["equal to a fresh roll-up to the last bit after `recompute`", "yes" if equal else "no"])
    table(f"After {changes:,} changes one by one among {given.results:,} key results", ["what", "found"], rows)


def _told(figures: Figures) -> tuple[list[float], list[float]]:
    """Return the progress and the coverage of every goal; everything is measured, so that both are known."""
    rows = Rollup(figures.columns).to_dicts() if isinstance(figures, LiveRollup) else figures.to_dicts()
    return [row["value"] for row in rows], [row["coverage"] for row in rows]
