"""Where days meet clocks: wall times, and when a day is over."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit.calendars import Cadence, Cycle, civil_day, closes_at, moment
from goalkit.calendars.moments import zone
from goalkit.errors import InvalidValue

STOCKHOLM = "Europe/Stockholm"
ZONES = st.sampled_from(sorted(available_timezones()))
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def refused(make: Callable[[], object]) -> str:
    with pytest.raises(InvalidValue) as caught:
        make()
    (problem,) = caught.value.problems
    assert problem.hint
    assert problem.message
    return problem.code


@pytest.mark.parametrize(
    ("name", "closes"),
    [
        (STOCKHOLM, "2026-03-31T22:00:00+00:00"),
        ("America/New_York", "2026-04-01T04:00:00+00:00"),
        ("Pacific/Auckland", "2026-03-31T11:00:00+00:00"),
        ("UTC", "2026-04-01T00:00:00+00:00"),
    ],
)
def test_a_cycle_closes_at_the_end_of_its_last_local_day(name: str, closes: str) -> None:
    end = closes_at(Cycle.quarter(2026, 1), name)
    assert end.astimezone(UTC).isoformat() == closes
    assert end.tzinfo == ZoneInfo(name)
    assert closes_at(date(2026, 3, 31), name) == end


@pytest.mark.parametrize(
    ("day", "name", "closes"),
    [
        # There is no midnight: the next day begins at one.
        (date(2018, 11, 3), "America/Sao_Paulo", "2018-11-04T03:00:00+00:00"),
        # Midnight becomes eleven in the evening, and the day has an hour more.
        (date(2018, 2, 17), "America/Sao_Paulo", "2018-02-18T03:00:00+00:00"),
        # One minute past midnight becomes a minute past eleven, and the day comes back.
        (date(2006, 10, 28), "America/St_Johns", "2006-10-29T03:30:00+00:00"),
        # Midnight comes twice, but the day before does not.
        (date(2026, 10, 31), "America/Havana", "2026-11-01T04:00:00+00:00"),
        # The next day does not exist, and nor does this one.
        (date(2011, 12, 29), "Pacific/Apia", "2011-12-30T10:00:00+00:00"),
        (date(2011, 12, 30), "Pacific/Apia", "2011-12-30T10:00:00+00:00"),
    ],
)
def test_a_day_is_over_when_it_does_not_come_back(day: date, name: str, closes: str) -> None:
    assert closes_at(day, name).astimezone(UTC).isoformat() == closes


@given(DAYS, ZONES)
def test_from_the_close_of_a_day_on_every_moment_is_of_a_later_day(day: date, name: str) -> None:
    end = closes_at(day, name).astimezone(UTC)
    assert civil_day(end, name) > day
    assert civil_day(end - timedelta(microseconds=1), name) <= day
    for hours in range(48):
        assert civil_day(end + timedelta(hours=hours), name) > day


def test_a_time_that_the_clocks_leave_out_takes_the_offset_before() -> None:
    assert moment(date(2026, 3, 29), "02:30", STOCKHOLM).isoformat() == "2026-03-29T03:30:00+02:00"


@pytest.mark.parametrize("at", [time(2, 30), time(2, 30, fold=1)])
def test_a_time_that_comes_twice_is_the_first(at: time) -> None:
    assert moment(date(2026, 10, 25), at, STOCKHOLM).isoformat() == "2026-10-25T02:30:00+02:00"


def test_reminders_keep_their_wall_time_all_the_year() -> None:
    slots = Cadence.weekly().slots(Cycle.year(2026))
    reminders = [moment(slot, "09:00", STOCKHOLM) for slot in slots]
    assert {reminder.time() for reminder in reminders} == {time(9)}
    assert {reminder.utcoffset() for reminder in reminders} == {timedelta(hours=1), timedelta(hours=2)}


@given(DAYS, st.times(), ZONES)
def test_a_moment_is_where_its_clock_shows_it_unless_the_clocks_leave_it_out(day: date, at: time, name: str) -> None:
    got = moment(day, at, name)
    local = datetime.combine(day, at)
    there = ZoneInfo(name)
    offsets = [local.replace(tzinfo=there, fold=fold).utcoffset() for fold in (0, 1)]
    assert offsets[0] is not None
    assert got.astimezone(UTC).replace(tzinfo=None) == local - offsets[0]
    if offsets[0] == offsets[1]:
        assert got.replace(tzinfo=None) == local


@pytest.mark.parametrize(
    "name", ["", ".", "..", "/etc/passwd", "Europe", "Europe/Nowhere", "\0", "x" * 300, "é", 5, None, UTC]
)
def test_an_unknown_zone_is_refused(name: Any) -> None:
    assert refused(lambda: zone(name)) == "unknown_zone"
    assert refused(lambda: moment(date(2026, 1, 1), "09:00", name)) == "unknown_zone"
    assert refused(lambda: closes_at(date(2026, 1, 1), name)) == "unknown_zone"
    assert refused(lambda: civil_day(datetime(2026, 1, 1, tzinfo=UTC), name)) == "unknown_zone"


def test_a_zone_may_be_given_itself() -> None:
    assert zone(ZoneInfo(STOCKHOLM)) == zone(STOCKHOLM)


def test_a_moment_without_a_zone_falls_on_no_day() -> None:
    assert refused(lambda: civil_day(datetime(2026, 1, 1), "UTC")) == "naive_moment"  # noqa: DTZ001 - it is refused
    assert refused(lambda: civil_day("2026-01-01", "UTC")) == "wrong_kind"  # type: ignore[arg-type] # it is refused
    assert refused(lambda: moment(datetime(2026, 1, 1, 9), "09:00", "UTC")) == "not_a_day"  # noqa: DTZ001 - as above
    assert refused(lambda: closes_at(datetime(2026, 1, 1, 9), "UTC")) == "not_a_day"  # noqa: DTZ001 - as above
    assert civil_day(datetime(2026, 1, 1, 23, tzinfo=timezone(timedelta(hours=-5))), "UTC") == date(2026, 1, 2)


@pytest.mark.parametrize("at", ["soon", "25:00", "09:00+02:00", time(9, tzinfo=UTC), 9, None])
def test_a_time_is_one_of_the_day_without_a_zone(at: Any) -> None:
    assert refused(lambda: moment(date(2026, 1, 1), at, "UTC")) == "not_a_time"


def test_what_lies_beyond_the_calendar_in_utc_is_refused() -> None:
    assert refused(lambda: moment(date.min, "00:00", "Asia/Tokyo")) == "out_of_range"
    assert refused(lambda: moment(date.max, "23:59", "America/New_York")) == "out_of_range"
    assert refused(lambda: closes_at(date.max, "UTC")) == "out_of_range"
    assert refused(lambda: civil_day(datetime.max.replace(tzinfo=UTC), "Asia/Tokyo")) == "out_of_range"
    assert closes_at(date.min, "Asia/Tokyo").date() == date(1, 1, 2)
    assert refused(lambda: closes_at("soon", "UTC")) == "not_a_day"  # type: ignore[arg-type] # it is refused
    assert refused(lambda: closes_at(5, "UTC")) == "not_a_span"  # type: ignore[arg-type] # it is refused


def test_a_missing_moment_of_a_dataframe_is_none() -> None:
    with pytest.raises(InvalidValue):
        civil_day(pd.NaT, "UTC")
