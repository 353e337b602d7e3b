"""
Time beside what people would otherwise write: next days, the fiscal quarter of a day, and who is overdue.

Everything is held to the same answers. Run it from the root of the repository with
``python -m benchmarks.cadence``.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from importlib import import_module
from itertools import islice
from random import Random
from typing import Any, Final

from dateutil.relativedelta import relativedelta

from goalkit import FiscalCalendar
from goalkit.calendars import CycleKind

from .company import SEED
from .measure import Case, duration, machine, measured, ratio, show, table
from .overdue import overdue
from .schedules import COUNT, KINDS, Schedule, midnight, schedules

TODAY: Final = date(2026, 4, 15)
BY_HAND: Final = "closed form by hand"
_PACKAGES: Final = ("python-dateutil", "croniter", "pandas", "numpy", "fiscalyear")
_DATES: Final = 2_000
_FIRST_MONTH: Final = 4

#: Answers which days are the next after a day.
Ask = Callable[[date], Sequence[date]]
#: A year, and which of its quarters.
Quarter = tuple[int, int]


# -- the next days --------------------------------------------------------------------------------


def by_goalkit(schedule: Schedule) -> Ask:
    """Ask the cadence."""
    cadence = schedule.cadence
    return lambda after: cadence.upcoming(after, COUNT)


def by_rrule(schedule: Schedule) -> Ask:
    """Walk from the anchor."""
    rule = schedule.rule
    return lambda after: [found.date() for found in rule.xafter(midnight(after), count=COUNT)]


def by_relativedelta(schedule: Schedule) -> Ask:
    """Find the last day by hand, and step from it."""

    def ask(after: date) -> Sequence[date]:
        on, found = schedule.by_hand.before(after), []
        for _ in range(COUNT):
            on += schedule.delta
            found.append(on)
        return found

    return ask


def by_croniter(schedule: Schedule) -> Ask:
    """Search from the day; a crontab has no "every second week", so that every other day found is dropped."""
    croniter: Any = import_module("croniter").croniter
    before, days = schedule.by_hand.before, schedule.counted * 7

    def ask(after: date) -> Sequence[date]:
        found = croniter(schedule.cron, midnight(after)).all_next(datetime)
        if schedule.counted == 1:
            return [each.date() for each in islice(found, COUNT)]
        last = before(after)
        return [*islice((on for each in found if ((on := each.date()) - last).days % days == 0), COUNT)]

    return ask


def by_date_range(schedule: Schedule) -> Ask:
    """Find the last day by hand, and make a range from it."""
    date_range = import_module("pandas").date_range

    def ask(after: date) -> Sequence[date]:
        days = date_range(schedule.by_hand.before(after), periods=COUNT + 1, freq=schedule.offset)
        return [*days[1:].date]

    return ask


def upcoming_cases(kind: str) -> dict[str, Case]:
    """
    Return the ways to find the next days of each schedule.

    Args:
        kind: One of `KINDS`.
    """
    held = schedules(kind)
    ways: dict[str, tuple[Callable[[Schedule], Ask], int]] = {
        BY_HAND: (lambda schedule: schedule.by_hand.ask, 40),
        "goalkit, cadence.upcoming": (by_goalkit, 40),
        "relativedelta from a computed start": (by_relativedelta, 4),
        "dateutil rrule": (by_rrule, 1),
        "croniter": (by_croniter, 1),
        "pandas date_range from a computed start": (by_date_range, 1),
    }
    return {name: _next_case([way(schedule) for schedule in held], repeat) for name, (way, repeat) in ways.items()}


def _next_case(asks: Sequence[Ask], repeat: int) -> Case:
    def run(_: int) -> None:
        for ask in asks:
            ask(TODAY)

    def everything() -> Sequence[float]:
        return [on.toordinal() for ask in asks for on in ask(TODAY)]

    return Case(run=run, everything=everything, repeat=repeat, items=len(asks))


def upcoming(rounds: int) -> None:
    """
    Measure the next days of each kind of schedule.

    Args:
        rounds: How many turns each case has.
    """
    found = {kind: measured(upcoming_cases(kind), rounds) for kind in KINDS}
    found["all five"] = {name: sum(least[name] for least in found.values()) / len(KINDS) for name in found["weekly"]}
    head = ["case", *found]
    title = f"The next {COUNT} days of a schedule"
    rows = {name: [least[name] for least in found.values()] for name in found["weekly"]}
    table(title, head, [[name, *map(duration, row)] for name, row in rows.items()])
    times = {
        name: [ratio(each / hand) for each, hand in zip(row, rows[BY_HAND], strict=True)] for name, row in rows.items()
    }
    table(f"{title}, × {BY_HAND}", head, [[name, *row] for name, row in times.items()])


# -- the fiscal quarter of a day --------------------------------------------------------------------


def quarter_by_hand(on: date, first_month: int) -> Quarter:
    """Return the fiscal year, called after the one in which it ends, and its quarter."""
    year, month = divmod(on.year * 12 + on.month - first_month, 12)
    return year + 1, month // 3 + 1


def quarter_cases() -> dict[str, Case]:
    """Return the ways to find the fiscal quarter of each day, of a year that begins in April."""
    chance = Random(SEED)
    days = [date(2000, 1, 1) + timedelta(chance.randrange(12_000)) for _ in range(_DATES)]
    calendar, kind = FiscalCalendar(first_month=_FIRST_MONTH), CycleKind.QUARTER
    back = relativedelta(months=_FIRST_MONTH - 1)
    pd: Any = import_module("pandas")
    fiscalyear: Any = import_module("fiscalyear")
    fiscalyear.setup_fiscal_calendar(start_month=_FIRST_MONTH)
    column = pd.Series(pd.to_datetime(days))

    def moved(on: date) -> Quarter:
        there = on - back
        return there.year + 1, (there.month - 1) // 3 + 1

    def period(on: date) -> Quarter:
        found = pd.Period(on, freq="Q-MAR")
        return found.qyear, found.quarter

    def fiscal_date(on: date) -> Quarter:
        found = fiscalyear.FiscalDate(on.year, on.month, on.day)
        return found.fiscal_year, found.fiscal_quarter

    def periods() -> Any:
        found = column.dt.to_period("Q-MAR").dt
        return found.qyear, found.quarter

    def each(way: Callable[[date], Any]) -> Callable[[], Any]:
        return lambda: [way(on) for on in days]

    return {
        BY_HAND: _quarter_case(each(lambda on: quarter_by_hand(on, _FIRST_MONTH)), repeat=10),
        "goalkit, calendar.at": _quarter_case(
            each(lambda on: calendar.at(kind, on)),
            lambda found: [(year, part) for _, year, part in found],
            repeat=10,
        ),
        "goalkit, calendar.containing": _quarter_case(
            each(lambda on: calendar.containing(on, kind)),
            lambda found: [(int(cycle.id[2:6]), int(cycle.id[-1])) for cycle in found],
        ),
        "relativedelta": _quarter_case(each(moved)),
        "pandas Period": _quarter_case(each(period)),
        "pandas, the whole column": _quarter_case(periods, lambda found: zip(*found, strict=True), repeat=10),
        "fiscalyear": _quarter_case(each(fiscal_date)),
    }


def _quarter_case(
    work: Callable[[], Any], read: Callable[[Any], Iterable[Quarter]] = lambda found: found, repeat: int = 1
) -> Case:
    """Return the quarters of all days; what is found is read as numbers outside of the time."""

    def run(_: int) -> None:
        work()

    def everything() -> Sequence[float]:
        return [4 * year + quarter for year, quarter in read(work())]

    return Case(run=run, everything=everything, repeat=repeat, items=_DATES)


def quarters(rounds: int) -> None:
    """
    Measure the fiscal quarter of a day.

    Args:
        rounds: How many turns each case has.
    """
    show("The fiscal quarter of a day", measured(quarter_cases(), rounds), BY_HAND)


# -- all of it ------------------------------------------------------------------------------------

#: What can be measured, by name: each is given the number of turns, and prints its tables.
PARTS: Final[Mapping[str, Callable[[int], None]]] = {
    "next": upcoming,
    "quarter": quarters,
    "overdue": overdue,
}


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m benchmarks.cadence", description="Measure time beside its peers.")
    parser.add_argument("--only", default=",".join(PARTS), help="parts, with commas between: %(default)s")
    parser.add_argument("--quick", action="store_true", help="fewer turns")
    given = parser.parse_args()
    given.only = given.only.split(",")
    if unknown := sorted({*given.only} - {*PARTS}):
        parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    return given


def main() -> None:
    """Measure what is asked for."""
    given = _arguments()
    rounds = 3 if given.quick else 9
    print(f"{machine(*_PACKAGES)}\n\nEvery table holds the least time of several turns; × is a ratio of least times.")
    for name, run in PARTS.items():
        if name in given.only:
            run(rounds)


if __name__ == "__main__":
    main()
