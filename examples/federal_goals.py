"""
Read published indicators of government goals into one plan, roll it up, and check the published figures.

Run it with a file of the key indicators behind performance.gov, one row for each indicator and quarter::

    python examples/federal_goals.py key_indicators.csv

A quarter becomes a check-in on its last day. A start or target that differs from the quarter before
becomes a revision on its first day. An agency is an objective, its goals are objectives below it, and
a goal of two agencies is below both. What cannot be read is unknown, not 0 %, and listed with its line.
"""

import csv
import io
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from textwrap import fill
from typing import Any, Final

from goalkit import (
    AtLeast,
    AtMost,
    Binary,
    CheckIn,
    Cycle,
    Decrease,
    Increase,
    InvalidValue,
    KeyResult,
    Objective,
    Plan,
    Rollup,
    rollup,
)
from goalkit.quantities import percent

Metric = Increase | Decrease | AtLeast | AtMost | Binary
NUMBERS: Final = ("value_start", "value_target", "value_current")
PLACE: Final = ("fiscal_yr", "fiscal_qtr", "related_owner", "related_goal_id", "related_goal")
COLUMNS: Final = (*PLACE, "indicator_type", "indicator", "target", *NUMBERS, "progress_pct")
# A fiscal year begins in October of the year before: years to add, and the calendar's quarter.
QUARTERS: Final = {"1": (-1, 4), "2": (0, 1), "3": (0, 2), "4": (0, 3)}
# What may tell rows apart that have the same name in the same quarter: the first that does, else all of it.
DEFINITION: Final = ("indicator_type", *NUMBERS[:2])
TELLING: Final = ((), ("related_owner",), ("target",), DEFINITION, ("related_owner", "target", *DEFINITION))
GROUPED: Final = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")
NOT_UTF8: Final = re.compile("[\udc80-\udcff]")  # what "surrogateescape" makes of bytes that are not UTF-8


@dataclass(frozen=True)
class Row:
    """One indicator in one quarter, and the line on which it starts."""

    line: int
    quarter: Cycle
    goal: str
    agencies: list[str]
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def number(self, column: str) -> str:
        """Return a number without thousands separators, and without % where all numbers of the row have it."""
        text = self[column]
        if all(self[name].endswith("%") for name in NUMBERS if self[name]):
            text = text.removesuffix("%").rstrip()
        return text.replace(",", "") if GROUPED.fullmatch(text) else text

    def definition(self) -> dict[str, Any]:
        """Return what the row says of its key result, apart from the metric."""
        title = self["indicator"] or self["target"]
        return {"title": title, "owner": self["related_owner"], "grading_criteria": self["target"]}


@dataclass
class Reading:
    """A plan, the rows that it was made from, and everything that was not read as it stands."""

    plan: Plan = field(default_factory=Plan)
    rows: list[Row] = field(default_factory=list)
    key_result: dict[int, str] = field(default_factory=dict)  # by line
    findings: list[tuple[str, str, int]] = field(default_factory=list)  # code, message, line

    def find(self, line: int, code: str, message: str) -> None:
        """Keep a finding."""
        self.findings.append((code, message, line))

    def refused(self, line: int, error: InvalidValue) -> None:
        """Keep what the library has to say, and of which field."""
        for problem in error.problems:
            self.find(line, problem.code, f"{problem.path.rpartition('.')[2]}: {problem.message}".removeprefix(": "))


def milestone(target: str) -> Binary:
    """Return the metric of a milestone, which goes from 0 to 1."""
    if Binary().progress(target).value != 1:
        raise InvalidValue.of("milestone_target", f"a milestone has the target {target} in place of 1")
    return Binary()


# For each type of indicator: the columns that define it, and the metric that they make.
KINDS: Final[dict[str, tuple[tuple[str, ...], Callable[..., Metric]]]] = {
    "Measurable increase": (NUMBERS[:2], lambda start, target: Increase(start=start, target=target)),
    "Measurable decrease": (NUMBERS[:2], lambda start, target: Decrease(start=start, target=target)),
    "Maintain at or above threshold": (NUMBERS[1:2], AtLeast),
    "Maintain at or below threshold": (NUMBERS[1:2], AtMost),
    "Complete milestone": (NUMBERS[1:2], milestone),
}


def metric_of(row: Row, reading: Reading) -> Metric | None:
    """Return how the indicator is measured; None, with a finding, where that is not known."""
    kind = row["indicator_type"]
    columns, make = KINDS.get(kind, (NUMBERS[:2], None))
    missing = ", ".join(f"no {column}" for column in columns if not row[column])
    if kind == "Target undefined":
        reading.find(row.line, "target_undefined", f"the publisher calls it so ({missing or 'nothing is missing'})")
    elif make is None:
        reading.find(row.line, "unknown_type", f"{kind!r} is not a known type of indicator")
    elif missing:
        reading.find(row.line, "no_definition", f"it cannot be measured: {missing}")
    else:
        try:
            return make(*map(row.number, columns))
        except InvalidValue as error:
            reading.refused(row.line, error)
    return None


def row_of(line: int, cells: dict[str, str]) -> Row:
    """Return a row that has its place in a plan, or raise InvalidValue."""
    if NOT_UTF8.search("".join(cells.values())):
        raise InvalidValue.of("not_utf8", "it holds bytes that are not UTF-8")
    when = cells["fiscal_yr"], cells["fiscal_qtr"]
    if when[1] not in QUARTERS or not re.fullmatch("[0-9]{4}", when[0]):
        raise InvalidValue.of("no_quarter", f"{when} is not a fiscal year and a quarter of it")
    before, number = QUARTERS[when[1]]
    quarter = Cycle.quarter(int(when[0]) + before, number)
    owners = [name.strip() for name in cells["related_owner"].split(",")]
    row = Row(line, quarter, f"goal {cells['related_goal_id']}", [f"agency {name}" for name in owners], cells)
    # What the library refuses of ids and titles, it refuses here, where the line is known.
    Objective(id=cells["related_goal_id"], title=cells["related_goal"], parent=owners)
    KeyResult(id=f"{row.goal} {line}", parent=row.agencies, **row.definition())
    return row


def read_rows(text: str, reading: Reading) -> Iterator[Row]:
    """Yield the rows that have their place in a plan; raise LookupError where a column is missing."""
    lines = csv.reader(io.StringIO(text, newline=""))
    header = [name.strip() for name in next(lines, [])]
    if missing := [column for column in COLUMNS if column not in header]:
        raise LookupError(f"no column {', '.join(missing)}")
    while True:
        line = lines.line_num + 1
        try:
            found = [cell.strip() for cell in next(lines)]
            if len(found) == len(header):
                yield row_of(line, dict(zip(header, found, strict=True)))
            else:
                message = f"{len(found)} fields in place of {len(header)}, down to line {lines.line_num}"
                reading.find(line, "wrong_field_count", message)
        except StopIteration:
            return
        except InvalidValue as error:
            reading.refused(line, error)
        except csv.Error as error:
            reading.find(line, "not_csv", f"{error}, down to line {lines.line_num}")


def grouped(rows: list[Row], columns: tuple[str, ...]) -> list[list[Row]]:
    """Return the rows that have the same content in some columns, together."""
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(map(row.__getitem__, columns))].append(row)
    return list(groups.values())


def has_own_quarters(groups: list[list[Row]]) -> bool:
    """Tell whether no two rows of a group are about the same quarter."""
    return all(len({row.quarter for row in rows}) == len(rows) for rows in groups)


def indicators(reading: Reading) -> Iterator[list[Row]]:
    """Yield the rows of each indicator, in the order of their quarters; what a row repeats is taken once."""
    rows = []
    for row, *again in grouped(reading.rows, COLUMNS):
        rows.append(row)
        for each in again:
            reading.find(each.line, "same_row", f"it says what line {row.line} says, and is taken once")
    for namesakes in grouped(rows, ("related_goal_id", "indicator")):
        columns = next((columns for columns in TELLING if has_own_quarters(grouped(namesakes, columns))), TELLING[-1])
        for row in namesakes if columns else ():
            reading.find(row.line, "namesakes", f"its name is not its own; told apart by {', '.join(columns)}")
        yield from (sorted(each, key=lambda row: row.quarter.first_day) for each in grouped(namesakes, columns))


def read(data: bytes) -> Reading:
    """Return the plan that a file describes; raise LookupError where a column is missing."""
    reading = Reading()
    reading.rows += read_rows(data.decode("utf-8-sig", errors="surrogateescape"), reading)
    titles: dict[str, str] = {}
    parents: dict[str, dict[str, None]] = defaultdict(dict)
    for row in reading.rows:
        parents[row.goal] |= dict.fromkeys(row.agencies)
        if (title := titles.setdefault(row.goal, row["related_goal"])) != row["related_goal"]:
            reading.find(row.line, "other_title", f"its goal was called {title!r} before")
    agencies = sorted({agency for row in reading.rows for agency in row.agencies})
    reading.plan = Plan.of(
        *(Objective(id=agency, title=agency, level="agency") for agency in agencies),
        *(Objective(id=goal, title=title, parent=list(parents[goal])) for goal, title in titles.items()),
    )
    number = Counter[str]()
    for rows in indicators(reading):
        number[rows[0].goal] += 1
        add(f"{rows[0].goal} {number[rows[0].goal]}", rows, reading)
    return reading


def add(name: str, rows: list[Row], reading: Reading) -> None:
    """Add an indicator: its key result, its revisions and its check-ins."""
    old: dict[str, Any] = {}
    for quarter, same in groupby(rows, key=lambda row: row.quarter):
        row, *others = same
        new = {**row.definition(), "metric": metric_of(row, reading)}
        if not old:
            reading.plan = reading.plan.add(KeyResult(id=name, parent=row.goal, first_day=quarter.first_day, **new))
        elif changes := {key: value for key, value in new.items() if value != old[key]}:
            reading.plan = reading.plan.amend(name, on=quarter.first_day, why=f"line {row.line}", **changes)
        old = new
        if others:
            for each in (row, *others):
                reading.find(each.line, "contradiction", "one indicator, one quarter, several answers: none is taken")
        elif not row["value_current"]:
            reading.find(row.line, "no_value", "no value_current, so no check-in")
        else:
            try:
                fact = CheckIn(goal=name, on=quarter.last_day, value=row.number("value_current"))
                reading.plan = reading.plan.record(fact)
                reading.key_result[row.line] = name
            except InvalidValue as error:
                reading.refused(row.line, error)


def compare(reading: Reading) -> tuple[int, list[str], Counter[str]]:
    """Return how many published figures of linear indicators come out the same, which do not, and what has none."""
    same, other, without = 0, [], Counter[str]()
    progress = {day: rollup(reading.plan, as_of=day) for day in {row.quarter.last_day for row in reading.rows}}
    for row in reading.rows:
        if not row["indicator_type"].startswith("Measurable"):
            without[f"not linear: {row['indicator_type']}"] += 1
        elif missing := [column for column in NUMBERS if not row[column]]:
            without[f"no {' and no '.join(missing)}"] += 1
        elif row.line not in reading.key_result:
            without["its definition or its value was not read"] += 1
        else:
            raw = progress[row.quarter.last_day][reading.key_result[row.line]].raw
            if raw is None:
                without["its definition or its value was not read"] += 1
                continue
            try:
                agrees = abs(raw - float(row["progress_pct"])) <= 1e-6
            except ValueError:
                agrees = False
            same += agrees
            if not agrees:
                other.append(f"line {row.line}: {raw}, published as {row['progress_pct']!r}")
    return same, other, without


def show(progress: Rollup) -> None:
    """Print the figures of each agency and its goals, with how many of their key results have one."""
    plan = progress.plan
    print(f"\n{'':70}progress  coverage  key results known")
    for agency in (goal.id for goal in plan.goals if goal.level == "agency"):
        for name in (agency, *plan.children(agency)):
            goals = plan.children(agency) if name == agency else (name,)
            known = [progress[child].value is not None for goal in goals for child in plan.children(goal)]
            title = name if name == agency else f"  {name}  {' '.join(plan[name].title.split())}"
            figures = f"{percent(progress[name].value):>8}{percent(progress[name].coverage):>10}"
            print(f"{title:<70.68}{figures}  {sum(known)} of {len(known)}  {progress[name].reason or ''}".rstrip())


def main(arguments: list[str]) -> int:
    """Read the file that is named, and print what it says."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a title may hold what a terminal cannot show
    if len(arguments) != 1:
        print("usage: python examples/federal_goals.py CSV", file=sys.stderr)
        return 2
    try:
        reading = read(Path(arguments[0]).read_bytes())
    except (OSError, LookupError, csv.Error) as error:
        print(f"cannot read {arguments[0]}: {error}", file=sys.stderr)
        return 2
    print(f"{reading.plan} from {len(reading.rows)} rows")
    if reading.rows:
        progress = rollup(reading.plan, as_of=max(row.quarter.last_day for row in reading.rows))
        old = sum(got.check_in is not None and got.check_in.on < got.as_of for got in progress.values())
        print(f"as of {progress.as_of}, when {old} key results stood at the value of an earlier quarter")
        show(progress)
    print(f"\nRows that were not read, or not as they stand ({len({line for *_, line in reading.findings})})")
    for code, group in groupby(sorted(reading.findings), key=lambda finding: finding[0]):
        found = list(group)
        print(f"  {code} ({len({line for *_, line in found})})")
        for message, each in groupby(found, key=lambda finding: finding[1]):
            lines = ", ".join(str(line) for *_, line in each)
            print(fill(f"{message}: line {lines}", 110, initial_indent=" " * 4, subsequent_indent=" " * 6))
    same, other, without = compare(reading)
    print(f"\nPublished progress of linear indicators: {same} of {same + len(other)} figures come out the same")
    print(*(f"  {line}" for line in other), "Rows that were not compared", sep="\n")
    print(*(f"  {why} ({count})" for why, count in sorted(without.items())), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
