"""The boundary of days, and of spans of days."""

import datetime as dt
from datetime import UTC, date, datetime, timedelta
from itertools import count

import numpy as np
import pandas as pd
import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from goalkit.calendars.days import bounds, day, in_order
from goalkit.errors import InvalidValue


class FancyDate(date):
    __slots__ = ()


class FancyMoment(datetime):
    __slots__ = ()

    def date(self) -> FancyDate:
        return FancyDate(self.year, self.month, self.day)


class FancyText(str):
    __slots__ = ()


@frozen
class Sprint:
    first_day: date
    last_day: date


def code_of(value: object) -> str:
    with pytest.raises(InvalidValue) as caught:
        day(value)
    (problem,) = caught.value.problems
    assert problem.hint
    return problem.code


@pytest.mark.parametrize(
    "value",
    [
        date(2026, 7, 1),
        FancyDate(2026, 7, 1),
        datetime(2026, 7, 1),  # noqa: DTZ001 - what dataframes call a day
        FancyMoment(2026, 7, 1),
        "2026-07-01",
        FancyText("2026-07-01"),
        "2026-07-01T00",
        "2026-07-01T00:00",
        "2026-07-01 00:00:00",
        "2026-07-01T00:00:00.000000000",
        pd.Timestamp("2026-07-01"),
        np.datetime64("2026-07-01"),
        np.datetime64("2026-07-01", "h"),
        np.datetime64("2026-07-01", "m"),
        np.datetime64("2026-07-01", "s"),
        np.datetime64("2026-07-01", "ns"),
        np.str_("2026-07-01"),
    ],
    ids=map(str, count()),
)
def test_a_day_in_any_honest_form_is_a_plain_date(value: object) -> None:
    got = day(value)
    assert type(got) is date
    assert got == date(2026, 7, 1)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        20260701,
        10**5000,
        1.5,
        b"2026-07-01",
        "",
        "2026-7-1",
        "20260701",
        "2026-02-30",
        "0000-01-01",
        "2026-W27-1",
        "\uff12\uff10\uff12\uff16-\uff10\uff17-\uff10\uff11",
        "2026-07-01\n",
        " 2026-07-01",
        "2026-07-01T12:00",
        "2026-07-01T00:00:00Z",
        "2026-07-01T00:00:00." + "0" * 5000,
        datetime(2026, 7, 1, tzinfo=UTC),
        datetime(2026, 7, 1, 12),  # noqa: DTZ001 - a moment without a zone
        pd.NaT,
        pd.NA,
        float("nan"),
        pd.Timestamp("2026-07-01 00:00:00.000000001"),
        pd.Timestamp("2026-07-01", tz="Europe/Oslo"),
        np.datetime64("NaT"),
        np.datetime64("2026-07"),
        np.datetime64("2026-07-01T12"),
        np.array(["2026-07-01"], dtype="datetime64[D]"),
        pd.Series(["2026-07-01"], dtype="datetime64[ns]"),
        dt.time(),
        timedelta(1),
    ],
    ids=map(str, count()),
)
def test_what_is_not_exactly_one_day_is_refused(value: object) -> None:
    assert code_of(value) == "not_a_day"


@given(st.dates())
def test_the_text_of_a_day_is_that_day(on: date) -> None:
    assert day(on.isoformat()) == day(str(np.datetime64(on))) == day(np.datetime64(on)) == on


@given(st.datetimes())
def test_only_midnight_is_taken_for_a_day(moment: datetime) -> None:
    if moment.time() == dt.time():
        assert day(moment) == moment.date()
    else:
        assert code_of(moment) == "not_a_day"


def test_anything_with_two_days_is_a_span() -> None:
    sprint = Sprint(date(2026, 8, 3), date(2026, 8, 14))
    assert bounds(sprint) == (date(2026, 8, 3), date(2026, 8, 14))


def test_what_has_no_days_is_not_a_span() -> None:
    with pytest.raises(InvalidValue, match="not_a_span"):
        bounds("2026-Q3")  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="not_a_day"):
        bounds(Sprint(None, date(2026, 8, 3)))  # type: ignore[arg-type]


def test_a_span_does_not_end_before_it_begins() -> None:
    in_order(date(2026, 8, 3), date(2026, 8, 3))
    with pytest.raises(InvalidValue) as caught:
        bounds(Sprint(date(2026, 8, 4), date(2026, 8, 3)))
    assert caught.value.problems[0].code == "days_out_of_order"
    assert caught.value.problems[0].path == "last_day"
