"""
A company looks at its quarter: where it stands, why, who owes a check-in, what if, what a moved target changes.

At its end, the quarter is graded.

The plan is in company.toml, the check-ins are in check_ins.csv and what was observed of KPIs is in
observations.csv, all beside this file. It is kept in a SQLite database, which remembers who changed what.
"""

import io
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from goalkit import (
    CheckIn,
    Grade,
    Increase,
    Retrospective,
    assess,
    due,
    grades,
    impact,
    kpi_cards,
    review_cycle,
    rollup,
)
from goalkit.interop import csv, toml
from goalkit.quantities import percent
from goalkit.report import cards, tree
from goalkit.storage import open_store

HERE = Path(__file__).parent
TODAY = date(2026, 8, 15)

if isinstance(sys.stdout, io.TextIOWrapper):
    sys.stdout.reconfigure(encoding="utf-8")  # the bars are not in every terminal's own encoding

plan = toml.load(HERE / "company.toml")
plan = plan.record(*csv.load(HERE / "check_ins.csv"), *csv.load_observations(HERE / "observations.csv"))
progress = rollup(plan, as_of=TODAY)

print("Where do we stand?\n")
print(tree(progress, width=100, status=assess(plan, as_of=TODAY)))

print("\nWhy?\n")
print(progress.explain("company", depth=2))

print("\nWhat is reported, and what do the figures say?\n")
praised = plan.record(CheckIn(goal="praise", on=TODAY, status="on_track", note="it feels better", by="support"))
review = assess(praised, as_of=TODAY)
for goal_id in ("nps", "praise"):
    row = review[goal_id]
    print(f"{plan[goal_id].title}: {row.reason}{' (they disagree)' if row.disagrees else ''}")

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

print("\nWho changed it, and how was it before? The plan is kept in a database.\n")
with TemporaryDirectory() as folder, open_store(f"sqlite:{Path(folder, 'company.db')}") as store:
    company = store.workspace("company")
    planned = company.save(plan, by="board", why="the quarter is planned")
    seen = company.snapshot()
    company.save(moved, base=seen, by="board", why="two rivals cut their prices")
    company.record(CheckIn(goal="market_share", on=date(2026, 9, 10), value=6.1), by="arun", key="request-1")
    for change in company.changes(after=planned.seq):
        told = change.type.replace("_", " ")
        print(f"{told} about {change.about} by {change.by}{change.why and f': {change.why}'}")
    now, then = company.snapshot(), company.snapshot(at=planned)
    print(f"now: {now.plan['market_share'].title}; as it was stored first: {then.plan['market_share'].title}")

print("\nHow did the quarter end? A grade is computed; the board decides, and says why.\n")
END = date(2026, 9, 30)
closed = plan.record(
    Grade(goal="asia", on=END, outcome="partial", score=0.6, by="board", why="Osaka opens in October"),
    Grade(goal="app", on=END, outcome="partial", by="board"),
    Retrospective(goal="asia", on=END, hindered="two rivals cut their prices", next_time="start in one city"),
)
final = grades(closed, as_of=END)
for goal_id in ("app", "asia"):
    print(final[goal_id].derivation)
learnt = final["asia"].retrospective
if learnt is not None:
    print(f"What hindered: {learnt.hindered}. Next time: {learnt.next_time}.\n")
print(review_cycle(closed, "2026-Q3", as_of=END))

print("\nAnd did it move what it was meant to move?\n")
print(cards(kpi_cards(closed, as_of=END, periods=9), width=100))
print()
for finding in impact(closed, as_of=END).values():
    print(finding)

print("\nRead next: README.md for the thirty lines behind such a plan, and docs/glossary.md for the words.")
