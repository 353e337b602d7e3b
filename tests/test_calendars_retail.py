"""Retail years of 52 and 53 weeks."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.tseries.offsets import FY5253, FY5253Quarter

from goalkit import Cycle, InvalidValue
from goalkit.calendars import CycleKind, NamedBy, RetailCalendar, Weekday, WeekPattern, YearEnd

NRF = RetailCalendar.nrf()
KINDS = RetailCalendar.kinds


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


def calendars() -> st.SearchStrategy[RetailCalendar]:
    return st.builds(
        RetailCalendar,
        last_month=st.integers(1, 12),
        last_weekday=st.sampled_from(Weekday),
        year_end=st.sampled_from(YearEnd),
        pattern=st.sampled_from(WeekPattern),
        extra_week=st.integers(1, 12),
        named_by=st.sampled_from(NamedBy),
    )


def weeks(cycles: tuple[Cycle, ...]) -> list[int]:
    assert all(cycle.days % 7 == 0 for cycle in cycles)
    return [cycle.days // 7 for cycle in cycles]


# -- names and days -------------------------------------------------------------------------------


def test_the_years_of_53_weeks_are_the_published_ones() -> None:
    long = [year for year in range(2010, 2031) if len(NRF.year(year).split("week")) == 53]
    assert long == [2012, 2017, 2023, 2028]


def test_the_extra_week_belongs_to_the_last_month() -> None:
    year = NRF.year(2023)
    assert (year.id, year.first_day, year.last_day) == ("FY2023", date(2023, 1, 29), date(2024, 2, 3))
    assert weeks(year.split("quarter")) == [13, 13, 13, 14]
    assert weeks(year.split("month")) == [4, 5, 4] * 3 + [4, 5, 5]
    assert weeks(NRF.year(2024).split("month")) == [4, 5, 4] * 4


@pytest.mark.parametrize("pattern", WeekPattern)
@pytest.mark.parametrize("month", range(1, 13))
def test_the_extra_week_belongs_to_the_month_that_is_named(pattern: WeekPattern, month: int) -> None:
    usual = [int(count) for count in pattern.value.split("-")] * 4
    longer = [count + (at == month) for at, count in enumerate(usual, start=1)]
    calendar = RetailCalendar(pattern=pattern, extra_week=month)
    assert weeks(calendar.year(2023).split("month")) == longer
    assert weeks(calendar.year(2022).split("month")) == usual


def test_a_year_near_the_turn_of_the_calendar_s_is_named_by_its_months() -> None:
    calendar = RetailCalendar(last_month=12)
    assert calendar.year(2026).first_day == date(2026, 1, 4)
    assert calendar.year(2025).first_day == date(2024, 12, 29)
    assert calendar.year(2026) != RetailCalendar(last_month=12, named_by="end").year(2026)
    assert RetailCalendar(last_month=12, named_by="end").year(2026).first_day == date(2026, 1, 4)
    assert RetailCalendar(named_by="end").year(2024).last_day == NRF.year(2023).last_day


def test_the_parts_and_parents_of_a_retail_cycle_are_retail() -> None:
    week = NRF.week(2023, 53)
    assert (week.id, week.first_day) == ("FY2023-W53", date(2024, 1, 28))
    assert [cycle.id for cycle in week.parents] == ["FY2023-M12", "FY2023-Q4", "FY2023-H2", "FY2023"]
    assert week.next() == NRF.week(2024, 1)
    assert NRF.half(2023, 1).days == 26 * 7
    assert NRF.month(2023, 12, title="January").title == "January"
    assert NRF.containing(date(2024, 2, 3), "quarter") == NRF.quarter(2023, 4) == NRF.parse("FY2023-Q4")


# -- laws -----------------------------------------------------------------------------------------


@given(calendars(), st.sampled_from(KINDS), st.integers(3, 9997))
def test_cycles_of_one_kind_tile_their_year(calendar: RetailCalendar, kind: CycleKind, year: int) -> None:
    whole = calendar.year(year)
    assert whole.days in {364, 371}
    parts = whole.split(kind)
    assert sum(part.days for part in parts) == whole.days
    for one, following in pairwise(parts):
        assert one.last_day + timedelta(1) == following.first_day
        assert (one.next(), following.previous()) == (following, one)


@given(calendars(), st.sampled_from(KINDS), st.dates(date(3, 1, 1), date(9997, 1, 1)))
def test_a_day_is_in_exactly_one_cycle_of_each_kind(calendar: RetailCalendar, kind: CycleKind, on: date) -> None:
    cycle = calendar.containing(on, kind)
    assert on in cycle
    assert on not in cycle.next()
    assert on not in cycle.previous()
    assert cycle.next().previous() == cycle.previous().next() == cycle
    assert calendar.parse(cycle.id) == cycle
    for parent in cycle.parents:
        assert cycle in parent.split(kind)


@given(calendars(), st.integers(3, 9997))
def test_a_year_ends_where_it_should(calendar: RetailCalendar, year: int) -> None:
    last_day = calendar.year(year).last_day
    assert list(Weekday)[last_day.weekday()] is calendar.last_weekday
    if calendar.year_end is YearEnd.LAST:
        assert last_day.month == calendar.last_month
        assert (last_day + timedelta(7)).month != calendar.last_month
    else:
        assert (last_day + timedelta(4)).month != calendar.last_month
        assert (last_day - timedelta(3)).month == calendar.last_month


@given(calendars(), st.sampled_from(KINDS), st.dates())
def test_no_day_is_too_early_or_too_late_for_a_clear_answer(
    calendar: RetailCalendar, kind: CycleKind, on: date
) -> None:
    cycle = made_or_beyond(lambda: calendar.containing(on, kind))
    assert on.year in (1, 2, 9998, 9999) if cycle is None else on in cycle


# -- beside another library -----------------------------------------------------------------------


@pytest.mark.parametrize("year_end", YearEnd)
@pytest.mark.parametrize(("last_month", "weekday"), [(1, 5), (12, 5), (12, 6), (6, 4), (8, 0), (2, 3), (9, 2), (5, 1)])
def test_years_and_quarters_are_those_of_pandas(year_end: YearEnd, last_month: int, weekday: int) -> None:
    theirs = FY5253(weekday=weekday, startingMonth=last_month, variation=year_end.value)
    calendar = RetailCalendar(last_month=last_month, last_weekday=list(Weekday)[weekday], year_end=year_end)
    years = [calendar.containing(date(1900, 1, 1), "year")]
    while years[-1].last_day.year <= 2100:
        years.append(years[-1].next())
    ends = {year.last_day for year in years}
    assert [end for end in ends if not theirs.is_on_offset(_stamp(end))] == []
    for quarter in (1, 2, 3, 4):
        offset = FY5253Quarter(
            weekday=weekday, startingMonth=last_month, variation=year_end.value, qtr_with_extra_week=quarter
        )
        ours = RetailCalendar(
            last_month=last_month,
            last_weekday=list(Weekday)[weekday],
            year_end=year_end,
            extra_week=3 * quarter,
        )
        for year in years[100:120]:
            stamp = _stamp(year.first_day - timedelta(1))
            for part in ours.containing(year.first_day, "year").split("quarter"):
                stamp = stamp + offset
                assert part.last_day == stamp.date()


def _stamp(on: date) -> Any:
    from pandas import Timestamp

    return Timestamp(on)


# -- what is refused ------------------------------------------------------------------------------


def test_every_bad_field_is_named() -> None:
    fields: dict[str, Any] = {
        "last_month": 13,
        "last_weekday": "noday",
        "year_end": "first",
        "pattern": "5-5-3",
        "extra_week": 0,
        "named_by": "us",
    }
    assert problems_of(lambda: RetailCalendar(**fields)) == [
        ("out_of_range", "last_month"),
        ("unknown_choice", "last_weekday"),
        ("unknown_choice", "year_end"),
        ("unknown_choice", "pattern"),
        ("out_of_range", "extra_week"),
        ("unknown_choice", "named_by"),
    ]


@pytest.mark.parametrize(
    ("make", "problems"),
    [
        (lambda: NRF.week(2022, 53), [("out_of_range", "week")]),
        (lambda: NRF.year(9999), [("beyond_the_calendar", "")]),
        (lambda: NRF.year(9998).next(), [("beyond_the_calendar", "")]),
        (lambda: NRF.year(1).previous(), [("beyond_the_calendar", "")]),
        (lambda: NRF.year(2023).split("tertial"), [("unknown_choice", "kind")]),
        (lambda: NRF.parse("FY2022-W53"), [("not_a_cycle", "")]),
        (lambda: NRF.parse("FY2022-T1"), [("not_a_cycle", "")]),
    ],
)
def test_a_cycle_that_the_calendar_does_not_have_is_refused(
    make: Callable[[], object], problems: list[tuple[str, str]]
) -> None:
    assert problems_of(make) == problems
