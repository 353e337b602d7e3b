"""
Status and grades beside the roll-up alone.

Run it from the root of the repository with ``python -m benchmarks.judging [key results ...]``.
"""

from __future__ import annotations

from argparse import ArgumentParser

from goalkit import Cycle, Plan, assess, grades, rollup

from .company import company
from .measure import Case, machine, measured, show, undisturbed
from .ours import DAY, objective_id, plan_of

ROLLUP = "rollup, a new plan"


def judging(size: int, rounds: int = 3) -> None:
    """
    Measure how every goal of a company stands and is graded, and every answer read.

    Args:
        size: About how many key results the company has.
        rounds: How many turns each case has.
    """
    with undisturbed():
        given = company(size)
        plan = plan_of(given).add(Cycle.quarter(2026, 3)).amend(objective_id(given.top), cycle="2026-Q3")
    new: list[Plan] = []

    def before(_: int) -> None:
        new.append(Plan.of(*plan.cycles, *plan.goals, *plan.facts))

    def known(_: int) -> float:
        figures = rollup(new.pop(), as_of=DAY)
        return len([goal_id for goal_id in figures if figures.progress(goal_id) is not None])

    def stands(_: int) -> float:
        assessment = assess(new.pop(), as_of=DAY)
        return len([goal_id for goal_id in assessment if assessment.status(goal_id) is not None])

    def graded(_: int) -> float:
        found = grades(new.pop(), as_of=DAY)
        return len([goal_id for goal_id in found if found.row(goal_id).outcome is not None])

    cases = {
        ROLLUP: Case(run=known, before=before),
        "assess, a new plan": Case(run=stands, before=before),
        "grades, a new plan": Case(run=graded, before=before),
    }
    show(f"{size:,} key results, each goal read", measured(cases, rounds), ROLLUP)


def main() -> None:
    """Measure what is asked for."""
    parser = ArgumentParser(prog="python -m benchmarks.judging", description="Measure status and grades.")
    parser.add_argument("sizes", nargs="*", type=int, metavar="key results", help="10000 100000 by default")
    print(machine("attrs"))
    for size in parser.parse_args().sizes or [10_000, 100_000]:
        judging(size)


if __name__ == "__main__":
    main()
