"""Cycles: the calendar's own, and any other span."""

import copy
import pickle
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count, pairwise
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from goalkit import Objective, Plan
from goalkit.calendars import Cycle, CycleKind
from goalkit.errors import InvalidValue

PARTS: dict[CycleKind, tuple[Callable[..., Cycle], int]] = {
    CycleKind.HALF: (Cycle.half, 2),
    CycleKind.TERTIAL: (Cycle.tertial, 3),
    CycleKind.QUARTER: (Cycle.quarter, 4),
    CycleKind.MONTH: (Cycle.month, 12),
}
YEARS = st.integers(1, 9999)
DIVISIONS = st.sampled_from(list(PARTS))


@st.composite
def calendar_cycles(draw: st.DrawFn) -> Cycle:
    if draw(st.booleans()):
        on = draw(st.dates(date(3, 1, 1), date(9997, 1, 1)))
        if draw(st.booleans()):
            return Cycle.weeks(on, draw(st.integers(1, 99)))
        return Cycle.containing(on, draw(st.sampled_from(["week", "week_year"])))
    year = draw(YEARS)
    kind = draw(st.sampled_from([CycleKind.YEAR, *PARTS]))
    if kind is CycleKind.YEAR:
        return Cycle.year(year)
    make, most = PARTS[kind]
    return make(year, draw(st.integers(1, most)))


def made_or_beyond(make: Callable[[], Cycle]) -> Cycle | None:
    """Return a cycle, or None where it would have days beyond the calendar."""
    try:
        return make()
    except InvalidValue as error:
        if error.problems[0].code != "beyond_the_calendar":
            raise
        return None


def problems_of(make: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(InvalidValue) as caught:
        make()
    assert all(problem.hint for problem in caught.value.problems)
    return [(problem.code, problem.path) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("cycle", "id_", "first_day", "last_day", "days"),
    [
        (Cycle.year(2026), "2026", date(2026, 1, 1), date(2026, 12, 31), 365),
        (Cycle.year(1), "0001", date.min, date(1, 12, 31), 365),
        (Cycle.year(9999), "9999", date(9999, 1, 1), date.max, 365),
        (Cycle.half(2026, 1), "2026-H1", date(2026, 1, 1), date(2026, 6, 30), 181),
        (Cycle.tertial(2026, 2), "2026-T2", date(2026, 5, 1), date(2026, 8, 31), 123),
        (Cycle.quarter(2026, 3), "2026-Q3", date(2026, 7, 1), date(2026, 9, 30), 92),
        (Cycle.month(2026, 7), "2026-07", date(2026, 7, 1), date(2026, 7, 31), 31),
        (Cycle.month(2028, 2), "2028-02", date(2028, 2, 1), date(2028, 2, 29), 29),
        (Cycle.week(2026, 53), "2026-W53", date(2026, 12, 28), date(2027, 1, 3), 7),
        (Cycle.week(1, 1), "0001-W01", date.min, date(1, 1, 7), 7),
        (Cycle.week_year(2026), "2026-W", date(2025, 12, 29), date(2027, 1, 3), 371),
        (Cycle.weeks(date(2026, 1, 7)), "2026-01-07-6W", date(2026, 1, 7), date(2026, 2, 17), 42),
        (Cycle.weeks("2026-01-05", 2, title="t"), "2026-01-05-2W", date(2026, 1, 5), date(2026, 1, 18), 14),  # type: ignore[arg-type]
    ],
    ids=lambda value: value.id if isinstance(value, Cycle) else "",
)
def test_the_calendar_s_cycles_have_these_ids_and_days(
    cycle: Cycle, id_: str, first_day: date, last_day: date, days: int
) -> None:
    assert (cycle.id, cycle.first_day, cycle.last_day) == (id_, first_day, last_day)
    assert cycle.days == days


@given(YEARS, DIVISIONS)
def test_cycles_tile_their_year(year: int, kind: CycleKind) -> None:
    make, most = PARTS[kind]
    parts = [make(year, part) for part in range(1, most + 1)]
    whole = Cycle.year(year)
    assert parts[0].first_day == whole.first_day
    assert parts[-1].last_day == whole.last_day
    for one, following in pairwise(parts):
        assert one.last_day + timedelta(1) == following.first_day
    assert sum(part.days for part in parts) == whole.days


@given(calendar_cycles())
def test_parsing_an_id_gives_back_what_made_it(cycle: Cycle) -> None:
    assert Cycle.parse(cycle.id) == cycle
    assert Cycle(id=cycle.id, first_day=cycle.first_day, last_day=cycle.last_day, kind=cycle.kind) == cycle


@given(calendar_cycles(), st.dates())
def test_a_day_belongs_to_a_cycle_from_its_first_to_its_last(cycle: Cycle, on: date) -> None:
    assert cycle.first_day in cycle
    assert cycle.last_day in cycle
    assert (on in cycle) == (cycle.first_day <= on <= cycle.last_day)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "0000",
        "26",
        "2026-Q5",
        "2026-Q0",
        "2026-H3",
        "2026-T4",
        "2026-00",
        "2026-13",
        "2026-7",
        "2026-q3",
        "2026Q3",
        "Q3",
        "2026-Q3\n",
        "\uff12\uff10\uff12\uff16",
        "2026-W54",
        "2027-W53",
        "9999-W52",
        "0000-W",
        "2026-W00",
        "2026-02-30-6W",
        "2026-01-05-0W",
        "9999-12-30-1W",
        "FY2026",
        2026,
        None,
        10**5000,
    ],
    ids=map(str, count()),
)
def test_an_id_that_no_class_method_makes_is_refused(written: Any) -> None:
    assert problems_of(lambda: Cycle.parse(written)) == [("not_a_cycle", "")]


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: Cycle.quarter(2026, 0), ("out_of_range", "quarter")),
        (lambda: Cycle.quarter(2026, 5), ("out_of_range", "quarter")),
        (lambda: Cycle.half(2026, 3), ("out_of_range", "half")),
        (lambda: Cycle.tertial(2026, 4), ("out_of_range", "tertial")),
        (lambda: Cycle.month(2026, 13), ("out_of_range", "month")),
        (lambda: Cycle.month(2026, -1), ("out_of_range", "month")),
        (lambda: Cycle.week(2027, 53), ("out_of_range", "week")),
        (lambda: Cycle.week(2026, 0), ("out_of_range", "week")),
        (lambda: Cycle.weeks(date(2026, 1, 5), 0), ("out_of_range", "weeks")),
        (lambda: Cycle.weeks(date(2026, 1, 5), 100), ("out_of_range", "weeks")),
        (lambda: Cycle.weeks("soon"), ("not_a_day", "first_day")),  # type: ignore[arg-type]
        (lambda: Cycle.weeks(date.min, containing="soon"), ("not_a_day", "containing")),  # type: ignore[arg-type]
        (lambda: Cycle.year(0), ("out_of_range", "year")),
        (lambda: Cycle.year(10_000), ("out_of_range", "year")),
        (lambda: Cycle.year(10**5000), ("absurd_magnitude", "year")),
        (lambda: Cycle.year(2026.5), ("not_whole", "year")),  # type: ignore[arg-type]
        (lambda: Cycle.year(True), ("boolean_value", "year")),  # noqa: FBT003 - that is the point
        (lambda: Cycle.quarter(2026, True), ("boolean_value", "quarter")),  # noqa: FBT003 - that is the point
        (lambda: Cycle.quarter(2026, None), ("not_a_number", "quarter")),  # type: ignore[arg-type]
        (lambda: Cycle.year("\uff12\uff10\uff12\uff16"), ("not_a_number", "year")),  # type: ignore[arg-type]
    ],
    ids=map(str, count()),
)
def test_a_part_that_its_year_does_not_have_is_refused(make: Callable[[], Cycle], problem: tuple[str, str]) -> None:
    assert problems_of(make) == [problem]


def test_numbers_from_arrays_and_text_make_the_same_cycle() -> None:
    assert Cycle.quarter(np.int64(2026), np.int8(3)) == Cycle.quarter(2026, 3)  # type: ignore[arg-type]
    assert Cycle.quarter("2026", "3") == Cycle.quarter(2026, 3)  # type: ignore[arg-type]


def test_a_custom_cycle_is_made_from_its_days() -> None:
    cycle = Cycle(
        id="sprint-9",
        first_day="2026-08-03",
        last_day=datetime(2026, 8, 14),  # noqa: DTZ001 - what dataframes call a day
        title="Sprint 9",
    )
    assert (cycle.kind, cycle.days, cycle.title) == (CycleKind.CUSTOM, 12, "Sprint 9")
    assert type(cycle.last_day) is date


def test_a_cycle_of_one_day_is_a_cycle() -> None:
    assert Cycle(id="d", first_day="2026-08-03", last_day="2026-08-03").days == 1


def test_a_calendar_cycle_may_have_a_title() -> None:
    assert Cycle.quarter(2026, 3, title="Summer").title == "Summer"
    assert evolve(Cycle.quarter(2026, 3), title="Summer") == Cycle.quarter(2026, 3, title="Summer")


def test_a_cycle_does_not_end_before_it_begins() -> None:
    assert problems_of(lambda: Cycle(id="c", first_day="2026-08-04", last_day="2026-08-03")) == [
        ("days_out_of_order", "last_day")
    ]


def test_every_bad_field_is_named() -> None:
    assert problems_of(lambda: Cycle(id=7, first_day="soon", last_day=None, kind="fortnight", title="\x00")) == [
        ("not_text", "id"),
        ("not_a_day", "first_day"),
        ("not_a_day", "last_day"),
        ("unknown_choice", "kind"),
        ("bad_text", "title"),
    ]


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({"first_day": "2026-07-02"}, ["first_day"]),
        ({"last_day": "2026-09-29"}, ["last_day"]),
        ({"first_day": "2026-04-01", "last_day": "2026-06-30"}, ["first_day", "last_day"]),
        ({"id": "2026-Q2"}, ["first_day", "last_day"]),
        ({"id": "third quarter"}, ["id"]),
        ({"id": "2026-H1"}, ["id"]),
        ({"kind": "half"}, ["id"]),
        ({"kind": CycleKind.YEAR}, ["id"]),
    ],
)
def test_a_cycle_of_a_kind_has_that_kind_s_id_and_days(changes: dict[str, Any], paths: list[str]) -> None:
    found = problems_of(lambda: evolve(Cycle.quarter(2026, 3), **changes))
    assert found == [("cycle_mismatch", path) for path in paths]


def test_a_custom_cycle_may_use_any_id() -> None:
    ours = Cycle(id="2026-Q3", first_day="2026-04-01", last_day="2026-06-30")
    assert ours != Cycle.quarter(2026, 3)


@pytest.mark.parametrize("moment", [datetime(2026, 8, 1, 12), "soon", None, 5])  # noqa: DTZ001 - a moment
def test_only_a_day_can_belong_to_a_cycle(moment: object) -> None:
    assert problems_of(lambda: moment in Cycle.quarter(2026, 3)) == [("not_a_day", "")]


def test_a_cycle_is_a_value() -> None:
    cycle = Cycle.quarter(2026, 3)
    assert {cycle: 1}[Cycle.quarter(2026, 3)] == 1
    assert pickle.loads(pickle.dumps(cycle)) == copy.deepcopy(cycle) == cycle  # noqa: S301 - made right here
    with pytest.raises(FrozenInstanceError):
        cycle.title = "x"  # type: ignore[misc]


# -- neighbours, parts and parents ----------------------------------------------------------------


@given(calendar_cycles())
def test_next_and_previous_are_inverse(cycle: Cycle) -> None:
    following, before = made_or_beyond(cycle.next), made_or_beyond(cycle.previous)
    if following is not None:
        assert following.previous() == cycle
        assert following.kind is cycle.kind
        assert following.first_day == cycle.last_day + timedelta(1)
    if before is not None:
        assert before.next() == cycle
        assert before.kind is cycle.kind
        assert before.last_day == cycle.first_day - timedelta(1)
    assert before is not None or cycle.first_day.year == 1 or cycle.kind is CycleKind.WEEKS
    assert following is not None or cycle.last_day.year == 9999 or cycle.kind is CycleKind.WEEKS


@given(st.dates(), st.sampled_from(["year", "half", "tertial", "quarter", "month", "week", "week_year"]))
def test_a_day_is_in_exactly_one_cycle_of_each_kind(on: date, kind: str) -> None:
    cycle = made_or_beyond(lambda: Cycle.containing(on, kind))
    if cycle is None:
        assert on.year == 9999
        assert kind.startswith("week")
        return
    assert cycle.kind.value == kind
    assert on in cycle
    for neighbour in (made_or_beyond(cycle.next), made_or_beyond(cycle.previous)):
        assert neighbour is None or on not in neighbour


def test_weeks_are_those_of_the_standard_library() -> None:
    first, last = date(1900, 1, 1).toordinal(), date(2100, 12, 31).toordinal()
    week = Cycle.containing(date(1900, 1, 1), "week")
    for ordinal in range(first, last + 1):
        on = date.fromordinal(ordinal)
        if on not in week:
            week = week.next()
        year, number, weekday = on.isocalendar()
        assert week.id == f"{year}-W{number:02}"
        assert week.first_day == on - timedelta(weekday - 1)


def test_some_years_have_53_weeks() -> None:
    long = [year for year in range(2000, 2041) if len(Cycle.week_year(year).split("week")) == 53]
    assert long == [2004, 2009, 2015, 2020, 2026, 2032, 2037]


@given(st.dates(date(2, 1, 1), date(9997, 1, 1)), st.integers(1, 99), st.dates(date(3, 1, 1), date(9995, 1, 1)))
def test_blocks_of_weeks_make_a_row(first: date, weeks: int, on: date) -> None:
    block = Cycle.weeks(first, weeks, containing=on)
    assert on in block
    assert (block.first_day - first).days % (7 * weeks) == 0
    assert Cycle.weeks(first, weeks, containing=block.next().first_day) == block.next()
    assert Cycle.weeks(first, weeks, containing=first) == Cycle.weeks(first, weeks)


@pytest.mark.parametrize(
    ("cycle", "kind", "ids"),
    [
        (Cycle.quarter(2026, 3), "month", ["2026-07", "2026-08", "2026-09"]),
        (Cycle.year(2026), "tertial", ["2026-T1", "2026-T2", "2026-T3"]),
        (Cycle.year(2026), CycleKind.YEAR, ["2026"]),
        (Cycle(id="h", first_day="2026-04-01", last_day="2026-09-30"), "quarter", ["2026-Q2", "2026-Q3"]),
        (Cycle.weeks("2026-12-28", 2), "week", ["2026-W53", "2027-W01"]),  # type: ignore[arg-type]
        (Cycle.year(9999), "half", ["9999-H1", "9999-H2"]),
    ],
)
def test_a_cycle_is_split_into_the_cycles_that_it_is_made_of(cycle: Cycle, kind: str, ids: list[str]) -> None:
    assert [part.id for part in cycle.split(kind)] == ids


@pytest.mark.parametrize(
    ("cycle", "ids"),
    [
        (Cycle.month(2026, 7), ["2026-Q3", "2026-T2", "2026-H2", "2026"]),
        (Cycle.quarter(2026, 2), ["2026-H1", "2026"]),
        (Cycle.tertial(2026, 2), ["2026"]),
        (Cycle.year(2026), []),
        (Cycle.week(2026, 53), ["2026-W"]),
        (Cycle.week(2026, 29), ["2026-07", "2026-Q3", "2026-T2", "2026-H2", "2026", "2026-W"]),
        (Cycle.week(9999, 40), ["9999-10", "9999-Q4", "9999-T3", "9999-H2", "9999"]),
        (Cycle(id="s", first_day="2026-08-03", last_day="2026-09-11"), ["2026-Q3", "2026-H2", "2026"]),
        (Cycle.backlog(), []),
    ],
)
def test_nested_cycles_know_their_parents(cycle: Cycle, ids: list[str]) -> None:
    assert [parent.id for parent in cycle.parents] == ids
    assert [cycle.parent(parent.kind) for parent in cycle.parents] == [*cycle.parents]


def test_the_days_that_two_spans_share_are_counted() -> None:
    q3 = Cycle.quarter(2026, 3)
    assert q3.overlap(Cycle.month(2026, 9)) == Cycle.month(2026, 9).overlap(q3) == 30
    assert q3.overlap(q3.next()) == q3.previous().overlap(q3) == q3.overlap(Cycle.year(2030)) == 0


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: Cycle.year(9999).next(), ("beyond_the_calendar", "")),
        (lambda: Cycle.month(9999, 12).next(), ("beyond_the_calendar", "")),
        (lambda: Cycle.year(1).previous(), ("beyond_the_calendar", "")),
        (lambda: Cycle.week(1, 1).previous(), ("beyond_the_calendar", "")),
        (lambda: Cycle.week(9999, 51).next(), ("beyond_the_calendar", "")),
        (lambda: Cycle.week_year(9999), ("beyond_the_calendar", "")),
        (lambda: Cycle.weeks(date.max), ("beyond_the_calendar", "")),
        (lambda: Cycle.weeks(date.min).previous(), ("beyond_the_calendar", "")),
        (lambda: Cycle.weeks(date(2026, 1, 5), 99, containing=date.max), ("beyond_the_calendar", "")),
        (lambda: Cycle.containing(date.max, "week"), ("beyond_the_calendar", "")),
        (lambda: Cycle.containing(date.max, "backlog"), ("unknown_choice", "kind")),
        (lambda: Cycle.containing(None, "year"), ("not_a_day", "on")),  # type: ignore[arg-type]
        (lambda: Cycle(id="c", first_day="2026-08-03", last_day="2026-08-14").next(), ("no_neighbour", "")),
        (lambda: Cycle.backlog().previous(), ("no_neighbour", "")),
        (lambda: Cycle.year(2026).split("week"), ("does_not_divide", "kind")),
        (lambda: Cycle.half(2026, 1).split("tertial"), ("does_not_divide", "kind")),
        (lambda: Cycle.month(2026, 1).split("quarter"), ("does_not_divide", "kind")),
        (lambda: Cycle.year(2026).split("sprint"), ("unknown_choice", "kind")),
        (lambda: Cycle.quarter(2026, 2).parent("tertial"), ("no_parent", "kind")),
        (lambda: Cycle.year(2026).parent("month"), ("no_parent", "kind")),
        (lambda: Cycle.week(9999, 51).parent("week_year"), ("no_parent", "kind")),
        (lambda: Cycle.year(2026).overlap(5), ("not_a_span", "")),  # type: ignore[arg-type]
    ],
    ids=map(str, count()),
)
def test_what_a_cycle_does_not_have_is_refused(make: Callable[[], object], problem: tuple[str, str]) -> None:
    assert problems_of(make) == [problem]


# -- the backlog ----------------------------------------------------------------------------------


def test_a_backlog_has_no_days() -> None:
    backlog = Cycle.backlog("ideas", title="Ideas")
    assert (backlog.id, backlog.kind, backlog.title, backlog.is_dated) == ("ideas", CycleKind.BACKLOG, "Ideas", False)
    assert date(2026, 8, 1) not in backlog
    for ask in (
        lambda: backlog.days,
        lambda: backlog.overlap(Cycle.year(2026)),
        lambda: Cycle.year(2026).overlap(backlog),
        lambda: backlog.split("year"),
        lambda: backlog.parent("year"),
    ):
        assert problems_of(ask) == [("undated", "")]


def test_a_backlog_cannot_be_given_days() -> None:
    assert problems_of(lambda: evolve(Cycle.quarter(2026, 3), kind="backlog")) == [
        ("cycle_mismatch", "first_day"),
        ("cycle_mismatch", "last_day"),
    ]


def test_the_goals_of_a_backlog_have_no_period() -> None:
    plan = Plan.of(
        Cycle.quarter(2026, 3),
        Cycle.backlog(),
        Objective(id="app", title="App", cycle="2026-Q3"),
        Objective(id="later", title="Later", parent="app", cycle="backlog"),
    )
    assert plan.period("later") == (None, None)
    assert not plan.cycle("backlog").is_dated
