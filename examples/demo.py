"""
A company looks at its quarter: where it stands, why, who owes a check-in, what if, and what a moved target changes.

The plan is in company.toml and the check-ins are in check_ins.csv, both beside this file.
"""

import io
import sys
from datetime import date
from pathlib import Path

from goalkit import CheckIn, Increase, due, rollup
from goalkit.interop import csv, toml
from goalkit.quantities import percent
from goalkit.report import tree

HERE = Path(__file__).parent
TODAY = date(2026, 8, 15)

if isinstance(sys.stdout, io.TextIOWrapper):
    sys.stdout.reconfigure(encoding="utf-8")  # the bars are not in every terminal's own encoding

plan = toml.load(HERE / "company.toml")
plan = plan.record(*csv.load(HERE / "check_ins.csv"))
progress = rollup(plan, as_of=TODAY)

print("Where do we stand?\n")
print(tree(progress, width=100))

print("\nWhy?\n")
print(progress.explain("company", depth=2))

print("\nWho owes a check-in?\n")
print(due(plan, as_of=TODAY))

print("\nWhat if two of three customers were helped at first contact?\n")
what_if = plan.record(CheckIn(goal="first_contact", on=TODAY, value=67))
better = rollup(what_if, as_of=TODAY)
for goal_id in ("first_contact", "support", "company"):
    before, after = percent(progress[goal_id].value, 1), percent(better[goal_id].value, 1)
    print(f"{plan[goal_id].title}: {before} -> {after}")

print("\nFrom 1 September on, the board asks for 7 % of the market instead of 9 %.\n")
moved = plan.amend(
    "market_share",
    on=date(2026, 9, 1),
    by="board",
    why="two rivals cut their prices",
    title="Win 7 % of the market",
    metric=Increase(start=4, target=7),
)
for day in (date(2026, 8, 31), date(2026, 9, 1)):
    figures = rollup(moved, as_of=day)
    print(f"{day}: {figures.goal('market_share').title}, {percent(figures['market_share'].value, 1)}")

print("\nRead next: README.md for the thirty lines behind such a plan, and docs/glossary.md for the words.")
