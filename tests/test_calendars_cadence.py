"""Cadence: when check-ins are expected."""

import pickle
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from attrs import asdict, evolve
from hypothesis import given
from hypothesis import strategies as st

from goalkit.calendars import Cadence, CadenceUnit, Cycle, Weekday
from goalkit.errors import InvalidValue

ANY_DAY = st.dates()
EVERY = st.integers(1, 60)


def span(first_day: date, last_day: date) -> Cycle:
    return Cycle(id="span", first_day=first_day, last_day=last_day)


def iso(*slots: date) -> list[str]:
    return [slot.isoformat() for slot in slots]


def problems_of(make: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(InvalidValue) as caught:
        make()
    assert all(problem.hint for problem in caught.value.problems)
    return [(problem.code, problem.path) for problem in caught.value.problems]


@st.composite
def cadences(draw: st.DrawFn) -> Cadence:
    every = draw(EVERY)
    anchor = draw(st.none() | ANY_DAY)
    unit = draw(st.sampled_from(list(CadenceUnit)))
    if unit is CadenceUnit.DAY:
        return Cadence.daily(every=every, anchor=anchor)
    if unit is CadenceUnit.WEEK:
        weekday = draw(st.sampled_from(list(Weekday)))
        if anchor is not None:
            weekday = list(Weekday)[anchor.weekday()]
        return Cadence.weekly(weekday, every=every, anchor=anchor)
    day = draw(st.integers(1, 31)) if anchor is None else anchor.day
    return Cadence.monthly(day, every=every, anchor=anchor)


@st.composite
def spans(draw: st.DrawFn) -> Cycle:
    first = draw(ANY_DAY)
    most = min(1500, date.max.toordinal() - first.toordinal())
    return span(first, first + timedelta(draw(st.integers(0, most))))


@given(cadences(), spans())
def test_slots_are_sorted_and_unique_and_within_their_span(cadence: Cadence, within: Cycle) -> None:
    slots = cadence.slots(within)
    assert all(type(slot) is date and slot in within for slot in slots)
    assert all(one < following for one, following in pairwise(slots))
    if cadence.anchor is not None:
        assert all(slot >= cadence.anchor for slot in slots)


@given(cadences(), spans(), st.data())
def test_slots_of_adjoining_spans_are_those_of_the_whole(cadence: Cadence, whole: Cycle, data: st.DataObject) -> None:
    last = data.draw(st.dates(whole.first_day, whole.last_day))
    head = cadence.slots(span(whole.first_day, last))
    tail: tuple[date, ...] = ()
    if last < whole.last_day:
        tail = cadence.slots(span(last + timedelta(1), whole.last_day))
    assert head + tail == cadence.slots(whole)


@given(cadences())
def test_the_anchor_is_the_first_slot(cadence: Cadence) -> None:
    if cadence.anchor is not None:
        last = min(cadence.anchor.toordinal() + 2000, date.max.toordinal())
        slots = cadence.slots(span(date.min, date.fromordinal(last)))
        assert slots[0] == cadence.anchor


@given(cadences(), spans())
def test_slots_are_a_whole_number_of_periods_apart(cadence: Cadence, within: Cycle) -> None:
    for one, following in pairwise(cadence.slots(within)):
        if cadence.unit is CadenceUnit.MONTH:
            months = (following.year - one.year) * 12 + following.month - one.month
            assert months == cadence.every
        else:
            days = 7 if cadence.unit is CadenceUnit.WEEK else 1
            assert (following - one).days == days * cadence.every


@given(st.integers(1, 31), EVERY, spans())
def test_a_day_of_the_month_is_kept_wherever_the_month_has_it(day: int, every: int, within: Cycle) -> None:
    for slot in Cadence.monthly(day, every=every).slots(within):
        month_end = slot == date.max or (slot + timedelta(1)).day == 1
        assert slot.day == day or (slot.day < day and month_end)


def test_month_ends_are_clamped_and_never_drift() -> None:
    assert iso(*Cadence.monthly(day=31).slots(Cycle.half(2026, 1))) == [
        "2026-01-31",
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
        "2026-05-31",
        "2026-06-30",
    ]
    assert iso(*Cadence.monthly(30).slots(Cycle.month(2028, 2))) == ["2028-02-29"]


def test_a_quarter_has_thirteen_mondays() -> None:
    assert len(Cadence.weekly("monday").slots(Cycle.quarter(2026, 3))) == 13
    assert Cadence.weekly() == Cadence.weekly("monday")


def test_a_quarterly_check_in_is_expected_at_the_quarter_s_end() -> None:
    assert Cadence.quarterly() == Cadence.monthly(every=3)
    for quarter in range(1, 5):
        cycle = Cycle.quarter(2026, quarter)
        assert Cadence.quarterly().slots(cycle) == (cycle.last_day,)
    assert iso(*Cadence.quarterly(15).slots(Cycle.quarter(2026, 3))) == ["2026-09-15"]


@pytest.mark.parametrize(
    ("every", "ends"),
    [(2, [2, 4, 6, 8, 10, 12]), (3, [3, 6, 9, 12]), (4, [4, 8, 12]), (6, [6, 12]), (12, [12])],
)
def test_blocks_of_months_end_with_the_calendar_s_own(every: int, ends: list[int]) -> None:
    for year in (1, 1969, 2026, 9999):
        slots = Cadence.monthly(every=every).slots(Cycle.year(year))
        assert [slot.month for slot in slots] == ends


def test_without_an_anchor_weeks_are_counted_from_the_first_monday_of_1970() -> None:
    weeks = span(date(1969, 12, 15), date(1970, 1, 31))
    assert iso(*Cadence.weekly(every=2).slots(weeks)) == ["1969-12-22", "1970-01-05", "1970-01-19"]
    assert iso(*Cadence.weekly("sunday", every=2).slots(weeks)) == [
        "1969-12-28",
        "1970-01-11",
        "1970-01-25",
    ]


def test_without_an_anchor_days_are_counted_from_the_first_of_1970() -> None:
    days = span(date(1969, 12, 25), date(1970, 1, 12))
    assert iso(*Cadence.daily(every=7).slots(days)) == ["1969-12-25", "1970-01-01", "1970-01-08"]


def test_with_an_anchor_nothing_is_expected_before_it() -> None:
    q3 = Cycle.quarter(2026, 3)
    assert iso(*Cadence.weekly(every=6, anchor=date(2026, 8, 10)).slots(q3)) == [
        "2026-08-10",
        "2026-09-21",
    ]
    assert iso(*Cadence.daily(every=30, anchor=date(2026, 8, 1)).slots(q3)) == [
        "2026-08-01",
        "2026-08-31",
        "2026-09-30",
    ]
    assert iso(*Cadence.quarterly(anchor=date(2026, 1, 31)).slots(Cycle.year(2026))) == [
        "2026-01-31",
        "2026-04-30",
        "2026-07-31",
        "2026-10-31",
    ]
    assert Cadence.daily(anchor=date(2026, 10, 1)).slots(q3) == ()


def test_the_ends_of_time_are_days_like_others() -> None:
    ends = span(date(9999, 12, 1), date.max)
    assert iso(*Cadence.monthly().slots(ends)) == ["9999-12-31"]
    assert iso(*Cadence.daily(every=9999).slots(span(date.min, date(1, 12, 31)))) in (
        [],
        ["0001-01-01"],
    )
    assert Cadence.weekly(every=9999).slots(ends) == ()


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({"unit": "week"}, [("missing_field", "weekday")]),
        ({"unit": "month"}, [("missing_field", "day")]),
        ({"unit": "day", "weekday": "monday"}, [("misplaced_field", "weekday")]),
        ({"unit": "month", "day": 1, "weekday": "monday"}, [("misplaced_field", "weekday")]),
        ({"unit": "day", "day": 1}, [("misplaced_field", "day")]),
        ({"unit": "week", "weekday": "monday", "day": 1}, [("misplaced_field", "day")]),
        ({"unit": "year"}, [("unknown_choice", "unit")]),
        ({"unit": "week", "weekday": "Monday"}, [("unknown_choice", "weekday")]),
        ({"unit": "week", "weekday": 0}, [("unknown_choice", "weekday")]),
        ({"unit": "day", "every": 0}, [("out_of_range", "every")]),
        ({"unit": "day", "every": 10_000}, [("out_of_range", "every")]),
        ({"unit": "day", "every": True}, [("boolean_value", "every")]),
        ({"unit": "day", "every": 1.5}, [("not_whole", "every")]),
        ({"unit": "month", "day": 0}, [("out_of_range", "day")]),
        ({"unit": "month", "day": 32}, [("out_of_range", "day")]),
        ({"unit": "day", "anchor": "soon"}, [("not_a_day", "anchor")]),
        ({"unit": "day", "grace_days": -1}, [("out_of_range", "grace_days")]),
        ({"unit": "day", "grace_days": None}, [("not_a_number", "grace_days")]),
        (
            {"unit": "week", "weekday": "monday", "anchor": "2026-07-01"},
            [("anchor_mismatch", "anchor")],
        ),
        ({"unit": "month", "day": 31, "anchor": "2026-07-30"}, [("anchor_mismatch", "anchor")]),
        ({"unit": "month", "day": 1, "anchor": "2026-02-28"}, [("anchor_mismatch", "anchor")]),
        (
            {"unit": "month", "day": 40, "every": -1},
            [("out_of_range", "every"), ("out_of_range", "day")],
        ),
    ],
)
def test_a_cadence_that_contradicts_itself_is_refused(fields: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    assert problems_of(lambda: Cadence(**fields)) == problems


def test_an_anchor_at_a_short_month_s_end_is_an_expected_day() -> None:
    cadence = Cadence.monthly(31, anchor=date(2026, 2, 28))
    assert iso(*cadence.slots(Cycle.quarter(2026, 1))) == ["2026-02-28", "2026-03-31"]


def test_slots_are_asked_for_a_span() -> None:
    assert problems_of(lambda: Cadence.daily().slots("2026-Q3")) == [  # type: ignore[arg-type]
        ("not_a_span", "")
    ]


@given(cadences(), st.integers(0, 9999))
def test_a_cadence_is_plain_data(cadence: Cadence, grace_days: int) -> None:
    cadence = evolve(cadence, grace_days=grace_days)
    assert Cadence(**asdict(cadence)) == cadence
    as_text: dict[str, Any] = {name: None if value is None else str(value) for name, value in asdict(cadence).items()}
    assert Cadence(**as_text) == cadence
    assert pickle.loads(pickle.dumps(cadence)) == cadence  # noqa: S301 - made right here
