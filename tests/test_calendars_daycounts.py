"""How much of a span has passed on a day."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import Cycle, InvalidValue
from goalkit.calendars import DayCount, elapsed

APRIL = Cycle.month(2026, 4)
DAYS = st.dates(date(2000, 1, 1), date(2050, 1, 1))


class Weekdays:
    def is_workday(self, on: date) -> bool:
        return on.weekday() < 5


@pytest.mark.parametrize(
    ("count", "first", "fifteenth", "last"),
    [("end_of_day", 1 / 30, 0.5, 1), ("start_of_day", 0, 14 / 30, 29 / 30), ("closed", 0, 14 / 29, 1)],
)
def test_day_k_of_n_counts_as(count: str, first: float, fifteenth: float, last: float) -> None:
    told = [APRIL.elapsed(date(2026, 4, at), count) for at in (1, 15, 30)]
    assert told == [first, fifteenth, last]
    assert APRIL.elapsed(date(2026, 3, 31), count) == 0
    assert APRIL.elapsed(date(2026, 5, 1), count) == 1


@pytest.mark.parametrize(("count", "on_it"), [("end_of_day", 1), ("start_of_day", 0), ("closed", 1)])
def test_a_single_day(count: str, on_it: float) -> None:
    one = Cycle(id="d", first_day="2026-08-03", last_day="2026-08-03")
    assert [one.elapsed(date(2026, 8, at), count) for at in (2, 3, 4)] == [0, on_it, 1]


@pytest.mark.parametrize(
    ("count", "told"),
    [
        ("end_of_day", [0, 0, 0.2, 1, 1, 1]),
        ("start_of_day", [0, 0, 0, 0.8, 1, 1]),
        ("closed", [0, 0, 0, 1, 1, 1]),
    ],
)
def test_working_days_alone_may_count(count: str, told: list[float]) -> None:
    span = Cycle(id="s", first_day="2026-08-01", last_day="2026-08-09")  # Saturday to the Sunday of the next week
    days = [date(2026, 8, at) for at in (1, 2, 3, 7, 8, 9)]
    assert [span.elapsed(on, count, Weekdays()) for on in days] == told


def test_one_working_day_under_closed_has_passed_on_that_day() -> None:
    span = Cycle(id="s", first_day="2026-08-01", last_day="2026-08-03")
    days = [date(2026, 8, at) for at in (1, 2, 3, 4)]
    assert [span.elapsed(on, "closed", Weekdays()) for on in days] == [0, 0, 1, 1]


@given(DAYS, st.integers(0, 800), st.sampled_from(DayCount), st.booleans())
def test_it_never_falls_and_lies_within_0_and_1(first: date, days: int, count: DayCount, working: bool) -> None:
    span = Cycle(id="s", first_day=first, last_day=first + timedelta(max(days, 6)))
    workdays = Weekdays() if working else None
    ends = (-1, 0, 1, 2, 3, 4, days // 2, max(days, 6), max(days, 6) + 1)
    told = [elapsed(span, first + timedelta(at), count=count, workdays=workdays) for at in sorted(ends)]
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0, 1)


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: APRIL.elapsed("soon"), ("not_a_day", "on")),  # type: ignore[arg-type]
        (lambda: APRIL.elapsed(date(2026, 4, 1), "noon"), ("unknown_choice", "count")),
        (lambda: elapsed(7, date(2026, 4, 1)), ("not_a_span", "")),  # type: ignore[arg-type]
        (lambda: Cycle.backlog().elapsed(date(2026, 4, 1)), ("undated", "")),
        (
            lambda: Cycle(id="w", first_day="2026-08-01", last_day="2026-08-02").elapsed(
                date(2026, 8, 1), workdays=Weekdays()
            ),
            ("no_workdays", "workdays"),
        ),
    ],
)
def test_what_cannot_be_counted_is_refused(make: Callable[[], Any], problem: tuple[str, str]) -> None:
    with pytest.raises(InvalidValue) as caught:
        make()
    assert [(found.code, found.path) for found in caught.value.problems] == [problem]
    assert caught.value.problems[0].hint


def test_what_is_no_work_calendar_is_refused() -> None:
    with pytest.raises(InvalidValue):
        APRIL.elapsed(date(2026, 4, 15), workdays="x")  # type: ignore[arg-type]
