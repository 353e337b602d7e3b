"""Working days: calendars, counting, and where days move."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit.calendars import Cycle, Shift, Weekday, Workweek, count_workdays, shifted
from goalkit.calendars import WorkCalendar as Protocol
from goalkit.calendars.workdays import moved_day, nearest_workday, work_calendar
from goalkit.errors import InvalidValue

FIRST, LAST = date(1900, 1, 1), date(2100, 12, 31)
DAYS = st.dates(FIRST, LAST)
ROLLS = {
    Shift.FOLLOWING: "following",
    Shift.PRECEDING: "preceding",
    Shift.MODIFIED_FOLLOWING: "modifiedfollowing",
    Shift.MODIFIED_PRECEDING: "modifiedpreceding",
}


class Never:
    def is_workday(self, on: date) -> bool:
        return on < date.min


def problem_of(make: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(InvalidValue) as caught:
        make()
    (problem,) = caught.value.problems
    assert problem.hint
    return problem.code, problem.path


@st.composite
def workweeks(draw: st.DrawFn, near: date = date(2026, 7, 1)) -> Workweek:
    weekend = draw(st.sets(st.sampled_from(list(Weekday)), max_size=6))
    days = st.integers(-60, 60).map(lambda distance: near + timedelta(distance))
    return Workweek(weekend=weekend, holidays=draw(st.sets(days, max_size=40)))


def in_numpy(week: Workweek) -> np.busdaycalendar:
    mask = [weekday not in week.weekend for weekday in Weekday]
    return np.busdaycalendar(weekmask=mask, holidays=np.array(week.holidays, dtype="datetime64[D]"))


@given(st.integers(-90, 90), st.sampled_from(Shift), workweeks())
def test_days_move_as_numpy_moves_them(distance: int, shift: Shift, week: Workweek) -> None:
    on = date(2026, 7, 1) + timedelta(distance)
    expected = np.busday_offset(on, 0, roll=ROLLS[shift], busdaycal=in_numpy(week))  # type: ignore[call-overload] # any roll
    assert shifted(on, shift, week) == expected.item()


@pytest.mark.parametrize("shift", Shift)
def test_every_day_of_two_centuries_moves_as_in_numpy(shift: Shift) -> None:
    days = np.arange(np.datetime64(FIRST), np.datetime64(LAST))
    expected = np.busday_offset(days, 0, roll=ROLLS[shift]).tolist()  # type: ignore[call-overload] # any roll
    week = Workweek()
    assert [moved_day(on, shift, week) for on in days.tolist()] == expected


@given(DAYS, DAYS, workweeks())
def test_working_days_are_counted_as_numpy_counts_them(one: date, other: date, week: Workweek) -> None:
    first, last = sorted((one, other))
    expected = np.busday_count(first, last + timedelta(1), busdaycal=in_numpy(week))
    assert count_workdays(Cycle(id="c", first_day=first, last_day=last), week) == expected


@given(st.integers(-90, 90), st.sampled_from(Shift), workweeks())
def test_a_moved_day_is_worked_and_stays_when_moved_again(distance: int, shift: Shift, week: Workweek) -> None:
    moved = shifted(date(2026, 7, 1) + timedelta(distance), shift, week)
    assert week.is_workday(moved)
    assert shifted(moved, shift, week) == moved


def test_a_quarter_s_end_stays_in_its_quarter_where_due_days_are_modified() -> None:
    assert shifted(date(2024, 3, 31), "modified_following") == date(2024, 3, 29)
    assert shifted(date(2024, 3, 31), "following") == date(2024, 4, 1)
    assert shifted(date(2026, 8, 1), "modified_preceding") == date(2026, 8, 3)
    assert shifted(date(2026, 8, 1), "preceding") == date(2026, 7, 31)


def test_a_workweek_is_plain_data() -> None:
    week = Workweek(weekend=["saturday", "friday", "friday"], holidays=["2026-12-25", "2026-12-24"])  # type: ignore[list-item] # as everywhere
    assert week.weekend == (Weekday.FRIDAY, Weekday.SATURDAY)
    assert week.holidays == (date(2026, 12, 24), date(2026, 12, 25))
    assert week == Workweek(weekend=week.weekend, holidays=week.holidays)
    assert isinstance(week, Protocol)
    assert Workweek(weekend=[]).is_workday(date(2026, 7, 5))


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"weekend": list(Weekday)}, ("no_workdays", "weekend")),
        ({"weekend": "sunday"}, ("not_a_list", "weekend")),
        ({"weekend": 5}, ("not_a_list", "weekend")),
        ({"weekend": ["sunday", "someday"]}, ("unknown_choice", "weekend[1]")),
        ({"holidays": ["soon"]}, ("not_a_day", "holidays[0]")),
    ],
)
def test_a_workweek_that_contradicts_itself_is_refused(fields: dict[str, Any], problem: tuple[str, str]) -> None:
    assert problem_of(lambda: Workweek(**fields)) == problem


def test_a_calendar_in_which_nothing_is_worked_is_refused_at_once() -> None:
    assert problem_of(lambda: shifted(date(2026, 7, 1), "following", Never())) == ("no_workdays", "workdays")
    assert problem_of(lambda: nearest_workday(date(2026, 7, 1), -1, Never())) == ("no_workdays", "workdays")
    assert count_workdays(Cycle.year(2026), Never()) == 0


def test_the_ends_of_time_are_no_working_days_away() -> None:
    sundays_off = Workweek(weekend=["friday"])  # on which the calendar ends
    assert nearest_workday(date.max, 1, sundays_off) is None
    assert problem_of(lambda: shifted(date.max, "following", sundays_off)) == ("no_workdays", "")
    assert shifted(date.max, "modified_following", sundays_off) == date(9999, 12, 30)
    mondays_off = Workweek(weekend=["monday"])  # on which it begins
    assert problem_of(lambda: shifted(date.min, "preceding", mondays_off)) == ("no_workdays", "")
    assert shifted(date.min, "modified_preceding", mondays_off) == date(1, 1, 2)
    assert moved_day(date.min, Shift.PRECEDING, mondays_off) is None


def test_what_is_asked_is_checked() -> None:
    assert problem_of(lambda: shifted("soon", "following")) == ("not_a_day", "")  # type: ignore[arg-type] # it is refused
    assert problem_of(lambda: shifted(date(2026, 7, 1), "sideways")) == ("unknown_choice", "")
    assert problem_of(lambda: work_calendar("SE")) == ("wrong_kind", "")  # type: ignore[arg-type] # it is refused
    assert problem_of(lambda: count_workdays("2026")) == ("not_a_span", "")  # type: ignore[arg-type] # it is refused


def test_one_value_of_an_array_is_no_list_of_holidays() -> None:
    with pytest.raises(InvalidValue):
        Workweek(holidays=np.array("2026-07-01", "M8[D]"))
