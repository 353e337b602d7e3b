"""Fiscal years: any first day, two ways of naming, and the runs of other libraries."""

import pickle
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import fiscalyear
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import Cycle, FiscalCalendar, InvalidValue
from goalkit.calendars import CycleKind, NamedBy, RetailCalendar
from goalkit.calendars.divisions import MONTHS

KINDS = list(MONTHS)
JULY = FiscalCalendar(first_month=7)


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


@st.composite
def calendars(draw: st.DrawFn) -> FiscalCalendar:
    month = draw(st.integers(1, 12))
    most = 28 if month == 2 else 30 if month in (4, 6, 9, 11) else 31
    first_day = draw(st.just(1) | st.integers(1, most))
    return FiscalCalendar(first_month=month, first_day=first_day, named_by=draw(st.sampled_from(NamedBy)))


# -- names and days -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cycle", "id_", "first_day", "last_day"),
    [
        (JULY.year(2027), "FY2027", date(2026, 7, 1), date(2027, 6, 30)),
        (JULY.half(2027, 2), "FY2027-H2", date(2027, 1, 1), date(2027, 6, 30)),
        (JULY.tertial(2027, 3), "FY2027-T3", date(2027, 3, 1), date(2027, 6, 30)),
        (JULY.quarter(2027, 1), "FY2027-Q1", date(2026, 7, 1), date(2026, 9, 30)),
        (JULY.month(2027, 8), "FY2027-M08", date(2027, 2, 1), date(2027, 2, 28)),
        (FiscalCalendar(first_month=7, named_by="start").year(2026), "FY2026", date(2026, 7, 1), date(2027, 6, 30)),
        (FiscalCalendar(first_month=4, first_day=6).year(2027), "FY2027", date(2026, 4, 6), date(2027, 4, 5)),
        (FiscalCalendar(first_month=4, first_day=6).month(2027, 10), "FY2027-M10", date(2027, 1, 6), date(2027, 2, 5)),
        (FiscalCalendar(first_month=1, first_day=2).year(2027), "FY2027", date(2026, 1, 2), date(2027, 1, 1)),
    ],
)
def test_fiscal_cycles_have_these_names_and_days(cycle: Cycle, id_: str, first_day: date, last_day: date) -> None:
    assert (cycle.id, cycle.first_day, cycle.last_day) == (id_, first_day, last_day)


@pytest.mark.parametrize("named_by", NamedBy)
def test_a_fiscal_year_that_is_the_calendar_s_has_the_calendar_s_number(named_by: NamedBy) -> None:
    ours = FiscalCalendar(first_month=1, named_by=named_by)
    for kind in KINDS:
        civil = Cycle.containing(date(2026, 8, 1), kind)
        assert ours.containing(date(2026, 8, 1), kind).first_day == civil.first_day
    assert ours.year(2026).first_day == date(2026, 1, 1)


def test_months_begin_on_the_last_day_of_a_month_that_is_too_short() -> None:
    months = FiscalCalendar(first_month=10, first_day=31).year(2028).split("month")
    assert [month.first_day for month in months][3:7] == [
        date(2028, 1, 31),
        date(2028, 2, 29),
        date(2028, 3, 31),
        date(2028, 4, 30),
    ]


def test_a_fiscal_cycle_has_a_title_and_knows_its_calendar() -> None:
    assert JULY.quarter(2027, 1, title="Summer").title == "Summer"
    assert JULY.quarter(2027, 1).calendar == FiscalCalendar(first_month=7, first_day=1, named_by="end")
    assert JULY.quarter(2027, 1) != FiscalCalendar(first_month=7, named_by="start").quarter(2027, 1)


def test_the_neighbours_parts_and_parents_of_a_fiscal_cycle_are_fiscal() -> None:
    quarter = JULY.quarter(2027, 4)
    assert quarter.next() == JULY.quarter(2028, 1)
    assert JULY.quarter(2028, 1).previous() == quarter
    assert [month.id for month in quarter.split("month")] == ["FY2027-M10", "FY2027-M11", "FY2027-M12"]
    assert [cycle.id for cycle in quarter.parents] == ["FY2027-T3", "FY2027-H2", "FY2027"]
    assert quarter.parent("year") == JULY.year(2027)


def test_fiscal_calendars_and_cycles_are_values() -> None:
    quarter = JULY.quarter(2027, 1)
    assert pickle.loads(pickle.dumps(quarter)) == quarter  # noqa: S301 - made right here
    assert len({quarter, FiscalCalendar(first_month="7").quarter(2027, 1)}) == 1


# -- laws -----------------------------------------------------------------------------------------


@given(calendars(), st.sampled_from(KINDS), st.integers(2, 9998))
def test_cycles_of_one_kind_tile_their_year(calendar: FiscalCalendar, kind: CycleKind, year: int) -> None:
    whole = calendar.year(year)
    parts = whole.split(kind)
    assert parts[0].first_day == whole.first_day
    assert parts[-1].last_day == whole.last_day
    assert len(parts) * MONTHS[kind] == 12
    for one, following in pairwise(parts):
        assert one.last_day + timedelta(1) == following.first_day
        assert (one.next(), following.previous()) == (following, one)


@given(calendars(), st.sampled_from(KINDS), st.dates(date(3, 1, 1), date(9997, 1, 1)))
def test_a_day_is_in_exactly_one_cycle_of_each_kind(calendar: FiscalCalendar, kind: CycleKind, on: date) -> None:
    cycle = calendar.containing(on, kind)
    assert on in cycle
    assert on not in cycle.next()
    assert on not in cycle.previous()
    assert cycle.next().previous() == cycle.previous().next() == cycle
    assert cycle.kind is kind
    assert calendar.parse(cycle.id) == cycle
    for parent in cycle.parents:
        assert parent.overlap(cycle) == cycle.days < parent.days
        assert cycle.parent(parent.kind) == parent


@given(calendars(), st.sampled_from(KINDS), st.dates())
def test_no_day_is_too_early_or_too_late_for_a_clear_answer(
    calendar: FiscalCalendar, kind: CycleKind, on: date
) -> None:
    cycle = made_or_beyond(lambda: calendar.containing(on, kind))
    assert on.year in (1, 2, 9998, 9999) if cycle is None else on in cycle


# -- beside other libraries -----------------------------------------------------------------------

ENDS = {12: "DEC", 1: "JAN", 2: "FEB", 3: "MAR", 4: "APR", 5: "MAY", 6: "JUN", 7: "JUL", 8: "AUG", 9: "SEP"} | {
    10: "OCT",
    11: "NOV",
}


@pytest.mark.parametrize("last_month", ENDS)
def test_quarters_are_those_of_pandas(last_month: int) -> None:
    calendar = FiscalCalendar(first_month=last_month % 12 + 1)
    for period in pd.period_range("1900-01-01", "2100-12-31", freq=f"Q-{ENDS[last_month]}"):
        cycle = calendar.quarter(period.qyear, period.quarter)
        assert (cycle.first_day, cycle.last_day) == (period.start_time.date(), period.end_time.date())
        assert calendar.containing(cycle.last_day, "quarter") == cycle


@pytest.mark.parametrize(("first_month", "first_day"), [(10, 1), (7, 1), (4, 6), (1, 1), (2, 28), (1, 31)])
@pytest.mark.parametrize("named_by", NamedBy)
def test_years_and_quarters_are_those_of_fiscalyear(first_month: int, first_day: int, named_by: NamedBy) -> None:
    calendar = FiscalCalendar(first_month=first_month, first_day=first_day, named_by=named_by)
    same = named_by is NamedBy.START or (first_month, first_day) == (1, 1)
    with fiscalyear.fiscal_calendar("same" if same else "previous", first_month, first_day):
        for number in range(1900, 2101):
            year = fiscalyear.FiscalYear(number)
            cycle = calendar.year(number)
            assert (cycle.first_day, cycle.last_day) == (year.start.date(), year.end.date())
            for quarter in (1, 2, 3, 4):
                theirs, ours = fiscalyear.FiscalQuarter(number, quarter), calendar.quarter(number, quarter)
                assert (ours.first_day, ours.last_day) == (theirs.start.date(), theirs.end.date())


# -- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({"first_month": 2, "first_day": 30}, [("no_such_day", "first_day")]),
        ({"first_month": 2, "first_day": 29}, [("no_such_day", "first_day")]),
        ({"first_month": 4, "first_day": 31}, [("no_such_day", "first_day")]),
        ({"first_month": 0}, [("out_of_range", "first_month")]),
        (
            {"first_month": 13, "first_day": 32, "named_by": "both"},
            [("out_of_range", "first_month"), ("out_of_range", "first_day"), ("unknown_choice", "named_by")],
        ),
        ({"first_month": 2.5}, [("not_whole", "first_month")]),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(fields: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    assert problems_of(lambda: FiscalCalendar(**fields)) == problems


@pytest.mark.parametrize(
    ("make", "problems"),
    [
        (lambda: JULY.year(0), [("out_of_range", "year")]),
        (lambda: JULY.year(1), [("beyond_the_calendar", "")]),
        (lambda: JULY.year(10_000), [("out_of_range", "year")]),
        (lambda: JULY.quarter(2027, 5), [("out_of_range", "quarter")]),
        (lambda: JULY.month(2027, 0), [("out_of_range", "month")]),
        (lambda: JULY.year(9999).next(), [("beyond_the_calendar", "")]),
        (lambda: JULY.half(1, 2).previous(), [("beyond_the_calendar", "")]),
        (lambda: JULY.containing(date.max, "year"), [("beyond_the_calendar", "")]),
        (lambda: JULY.containing(date(2026, 1, 1), "week"), [("unknown_choice", "kind")]),
        (lambda: JULY.containing(date(2026, 1, 1), "fortnight"), [("unknown_choice", "kind")]),
        (lambda: JULY.containing("soon", "year"), [("not_a_day", "on")]),  # type: ignore[arg-type]
        (lambda: JULY.year(2027).split("week"), [("unknown_choice", "kind")]),
        (lambda: JULY.quarter(2027, 2).parent("tertial"), [("no_parent", "kind")]),
        (lambda: JULY.year(2027).parent("quarter"), [("no_parent", "kind")]),
        (lambda: JULY.half(2027, 2).split("tertial"), [("does_not_divide", "kind")]),
    ],
)
def test_a_cycle_that_the_calendar_does_not_have_is_refused(
    make: Callable[[], object], problems: list[tuple[str, str]]
) -> None:
    assert problems_of(make) == problems


@pytest.mark.parametrize(
    "written", ["FY27", "2027", "FY2027-Q5", "FY2027-Q0", "FY2027-7", "FY2027-M13", "FY2027-W01", "FY0001", "fy2027", 7]
)
def test_an_id_that_the_calendar_does_not_make_is_refused(written: Any) -> None:
    assert problems_of(lambda: JULY.parse(written)) == [("not_a_cycle", "")]


def test_a_cycle_is_true_to_its_calendar() -> None:
    days = {"first_day": "2026-07-01", "last_day": "2026-09-30"}
    q1 = Cycle(id="FY2027-Q1", kind="quarter", calendar=JULY, **days)
    assert q1 == JULY.quarter(2027, 1)

    def problems(**fields: Any) -> list[tuple[str, str]]:
        given: dict[str, Any] = {"id": "FY2027-Q1", "kind": "quarter", "calendar": JULY, **days}
        return problems_of(lambda: Cycle(**{**given, **fields}))

    assert problems(calendar=None) == [("cycle_mismatch", "id")]
    assert problems(calendar=RetailCalendar.nrf()) == [("cycle_mismatch", "first_day"), ("cycle_mismatch", "last_day")]
    assert problems(id="2026-Q3") == [("cycle_mismatch", "id")]
    assert problems(first_day="2026-07-02") == [("cycle_mismatch", "first_day")]
    assert problems(kind="custom") == [("misplaced_field", "calendar")]
    assert problems(kind="backlog") == [("misplaced_field", "calendar")]
    assert problems(calendar="fiscal") == [("wrong_kind", "calendar")]
