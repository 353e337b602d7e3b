"""Cadence: when check-ins are expected."""

import pickle
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from time import perf_counter
from typing import Any

import pytest
from attrs import asdict, evolve
from hypothesis import given
from hypothesis import strategies as st

from goalkit.calendars import Cadence, CadenceUnit, Cycle, MonthEnd, Nth, Shift, Weekday, Workweek
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


RULES = (
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,TH",
    "FREQ=DAILY;INTERVAL=5",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    "FREQ=MONTHLY;BYMONTHDAY=31,-1;BYSETPOS=1",
)


@st.composite
def unmoved(draw: st.DrawFn) -> Cadence:
    """Cadences of every unit but the cycle."""
    every = draw(EVERY)
    anchor = draw(st.none() | ANY_DAY)
    unit = draw(st.sampled_from([unit for unit in CadenceUnit if unit is not CadenceUnit.CYCLE]))
    month_end = draw(st.sampled_from(MonthEnd))
    if unit is CadenceUnit.DAY:
        return Cadence.daily(every=every, anchor=anchor)
    if unit is CadenceUnit.RULE:
        return Cadence.rule(draw(st.sampled_from(RULES)), anchor=anchor and min(anchor, date(9900, 1, 1)))
    weekday = draw(st.sampled_from(list(Weekday)))
    if anchor is not None:
        weekday = list(Weekday)[anchor.weekday()]
    if unit is CadenceUnit.WEEK:
        return Cadence.weekly(weekday, every=every, anchor=anchor)
    if draw(st.booleans()):
        nth = draw(st.sampled_from(Nth)) if anchor is None else list(Nth)[(anchor.day - 1) // 7]
        return Cadence.monthly_on(nth, weekday, every=every, anchor=anchor, month_end=month_end)
    day = draw(st.integers(1, 31)) if anchor is None else anchor.day
    return Cadence.monthly(day, every=every, anchor=anchor, month_end=month_end)


@st.composite
def cadences(draw: st.DrawFn) -> Cadence:
    """Cadences of every unit but the cycle, of which many move."""
    return evolve(draw(unmoved()), shift=draw(st.none() | st.sampled_from(Shift)))


@st.composite
def workweeks(draw: st.DrawFn) -> Workweek:
    holidays = draw(st.sets(ANY_DAY, max_size=10))
    return Workweek(weekend=draw(st.sets(st.sampled_from(Weekday), max_size=6)), holidays=holidays)


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
    if cadence.anchor is not None and cadence.shift is None:
        assert all(slot >= cadence.anchor for slot in slots)


@given(cadences(), spans(), st.data())
def test_slots_of_adjoining_spans_are_those_of_the_whole(cadence: Cadence, whole: Cycle, data: st.DataObject) -> None:
    last = data.draw(st.dates(whole.first_day, whole.last_day))
    head = cadence.slots(span(whole.first_day, last))
    tail: tuple[date, ...] = ()
    if last < whole.last_day:
        tail = cadence.slots(span(last + timedelta(1), whole.last_day))
    assert head + tail == cadence.slots(whole)


@given(cadences(), spans(), workweeks(), st.data())
def test_slots_of_a_span_are_those_of_any_larger_span_that_fall_in_it(
    cadence: Cadence, whole: Cycle, week: Workweek, data: st.DataObject
) -> None:
    one, other = (
        data.draw(st.dates(whole.first_day, whole.last_day)),
        data.draw(st.dates(whole.first_day, whole.last_day)),
    )
    part = span(min(one, other), max(one, other))
    expected = tuple(slot for slot in cadence.slots(whole, workdays=week) if slot in part)
    assert cadence.slots(part, workdays=week) == expected


@given(cadences(), spans(), workweeks())
def test_slots_that_move_are_worked_and_are_those_that_moved(cadence: Cadence, within: Cycle, week: Workweek) -> None:
    if cadence.shift is None:
        return
    slots = cadence.slots(within, workdays=week)
    assert all(map(week.is_workday, slots))
    still = set(evolve(cadence, shift=None).slots(within))
    assert {slot for slot in still if week.is_workday(slot)} <= set(slots)


@given(cadences(), ANY_DAY, workweeks(), st.integers(1, 15))
def test_the_next_slots_are_those_of_the_time_after(cadence: Cadence, day: date, week: Workweek, count: int) -> None:
    upcoming = cadence.upcoming(day, count, workdays=week)
    assert cadence.next(day, workdays=week) == (upcoming[0] if upcoming else None)
    if upcoming:
        after = span(day + timedelta(1), upcoming[-1])
        assert cadence.slots(after, workdays=week) == upcoming
    if len(upcoming) < count and day < date.max:
        assert cadence.slots(span(day + timedelta(1), date.max), workdays=week) == upcoming


@given(cadences(), spans(), workweeks())
def test_the_slot_before_a_slot_is_the_previous_one(cadence: Cadence, within: Cycle, week: Workweek) -> None:
    slots = cadence.slots(within, workdays=week)
    for one, following in pairwise(slots):
        assert cadence.previous(following, workdays=week) == one
        assert cadence.next(one, workdays=week) == following
    if slots:
        before = cadence.previous(slots[0], workdays=week)
        assert before is None or before < within.first_day


@given(unmoved())
def test_the_anchor_is_the_first_slot(cadence: Cadence) -> None:
    if cadence.anchor is not None and cadence.unit is not CadenceUnit.RULE:
        last = min(cadence.anchor.toordinal() + 2000, date.max.toordinal())
        slots = cadence.slots(span(date.min, date.fromordinal(last)))
        assert slots[0] == cadence.anchor


@given(unmoved(), spans())
def test_slots_are_a_whole_number_of_periods_apart(cadence: Cadence, within: Cycle) -> None:
    if cadence.unit is CadenceUnit.RULE:
        return
    for one, following in pairwise(cadence.slots(within)):
        if cadence.unit is CadenceUnit.MONTH:
            months = (following.year - one.year) * 12 + following.month - one.month
            assert months == cadence.every or (cadence.month_end is MonthEnd.SKIP and months % cadence.every == 0)
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
    assert iso(*Cadence.monthly_on("last", "friday").upcoming(date(9999, 12, 1))) == ["9999-12-31"]
    assert iso(*Cadence.monthly(30, month_end="skip").upcoming(date(9999, 11, 1))) == ["9999-11-30", "9999-12-30"]
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
        ({"unit": "month", "nth": "last"}, [("missing_field", "weekday")]),
        ({"unit": "month", "weekday": "friday"}, [("missing_field", "nth")]),
        (
            {"unit": "month", "nth": "last", "weekday": "friday", "day": 3},
            [("misplaced_field", "weekday"), ("misplaced_field", "nth")],
        ),
        ({"unit": "month", "nth": "sixth", "weekday": "friday"}, [("unknown_choice", "nth")]),
        (
            {"unit": "month", "nth": "last", "weekday": "friday", "anchor": "2026-07-24"},
            [("anchor_mismatch", "anchor")],
        ),
        ({"unit": "month", "day": 31, "month_end": "skip", "anchor": "2026-02-28"}, [("anchor_mismatch", "anchor")]),
        ({"unit": "month", "day": 31, "month_end": "stop"}, [("unknown_choice", "month_end")]),
        ({"unit": "week", "weekday": "friday", "nth": "last"}, [("misplaced_field", "nth")]),
        ({"unit": "day", "month_end": "skip"}, [("misplaced_field", "month_end")]),
        ({"unit": "day", "shift": "sideways"}, [("unknown_choice", "shift")]),
        ({"unit": "day", "recurrence": "FREQ=DAILY"}, [("misplaced_field", "recurrence")]),
        ({"unit": "rule"}, [("missing_field", "recurrence")]),
        ({"unit": "rule", "recurrence": "FREQ=SECONDLY"}, [("unknown_choice", "recurrence.FREQ")]),
        ({"unit": "rule", "recurrence": "FREQ=DAILY;COUNT=0"}, [("out_of_range", "recurrence.COUNT")]),
        ({"unit": "rule", "recurrence": "FREQ=DAILY;COUNT=3"}, [("missing_field", "anchor")]),
        ({"unit": "rule", "recurrence": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, [("no_days", "recurrence")]),
        (
            {"unit": "rule", "recurrence": "FREQ=DAILY", "every": 2, "day": 3, "month_end": "skip"},
            [("misplaced_field", "every"), ("misplaced_field", "day"), ("misplaced_field", "month_end")],
        ),
        (
            {"unit": "cycle", "every": 2, "anchor": "2026-07-01"},
            [("misplaced_field", "every"), ("misplaced_field", "anchor")],
        ),
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


def test_a_rule_may_be_anchored_before_its_first_day() -> None:
    cadence = Cadence.rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", anchor=date(2026, 7, 1))
    assert iso(*cadence.upcoming(date(2026, 6, 1), 2)) == ["2026-07-13", "2026-07-27"]


def test_the_same_rule_is_the_same_cadence() -> None:
    assert Cadence.rule("RRULE:byday=mo;freq=weekly") == Cadence.rule("FREQ=WEEKLY;BYDAY=MO")


def test_a_rule_that_is_over_expects_nothing_more() -> None:
    cadence = Cadence.rule("FREQ=DAILY;COUNT=2", anchor=date(2026, 7, 1))
    assert iso(*cadence.slots(Cycle.year(2026))) == ["2026-07-01", "2026-07-02"]
    assert cadence.next(date(2026, 7, 2)) is None
    assert cadence.upcoming(date(2026, 7, 1)) == (date(2026, 7, 2),)


def test_a_month_without_that_day_is_clamped_or_skipped_by_choice() -> None:
    quarter = Cycle.quarter(2026, 1)
    assert iso(*Cadence.monthly(30, month_end="skip").slots(quarter)) == ["2026-01-30", "2026-03-30"]
    assert iso(*Cadence.monthly_on("fifth", "friday", month_end="skip").slots(quarter)) == ["2026-01-30"]
    assert Cadence.monthly_on("fifth", "friday").slots(quarter) == Cadence.monthly_on("last", "friday").slots(quarter)
    assert iso(*Cadence.quarterly(month_end="skip").slots(Cycle.year(2026))) == ["2026-03-31", "2026-12-31"]


def test_months_have_a_last_working_day() -> None:
    spring = Cycle.quarter(2026, 2)
    assert iso(*Cadence.last_workday().slots(spring)) == ["2026-04-30", "2026-05-29", "2026-06-30"]
    off = Workweek(holidays=[date(2026, 4, 30)])
    assert iso(*Cadence.last_workday().slots(spring, workdays=off)) == ["2026-04-29", "2026-05-29", "2026-06-30"]
    assert Cadence.last_workday() == Cadence.monthly(shift="preceding")


def test_a_slot_belongs_to_the_span_in_which_it_arrives() -> None:
    first_of_month = Cadence.monthly(1, shift="preceding")  # 1 August 2026 is a Saturday
    assert iso(*first_of_month.slots(Cycle.month(2026, 7))) == ["2026-07-01", "2026-07-31"]
    assert first_of_month.slots(Cycle.month(2026, 8)) == ()
    assert iso(*Cadence.monthly(1, shift="modified_preceding").slots(Cycle.month(2026, 8))) == ["2026-08-03"]
    assert iso(*Cadence.quarterly(shift="following").slots(Cycle.quarter(2029, 2))) == ["2029-04-02"]
    assert iso(*Cadence.quarterly(shift="modified_following").slots(Cycle.quarter(2024, 1))) == ["2024-03-29"]


def test_days_that_arrive_together_are_one() -> None:
    assert len(Cadence.daily(shift="preceding").slots(Cycle.month(2026, 7))) == 23
    assert Cadence.daily(shift="preceding").slots(Cycle.month(2026, 7)) == Cadence.daily(shift="following").slots(
        Cycle.month(2026, 7)
    )


class Never:
    def is_workday(self, on: date) -> bool:
        return on < date.min


class UntilTheEndOf2026:
    def is_workday(self, on: date) -> bool:
        return on.year == 2026


def test_a_work_calendar_without_working_days_is_refused_at_once() -> None:
    moving = Cadence.monthly(shift="following")
    started = perf_counter()
    for ask in (
        lambda: moving.slots(Cycle.year(2026), workdays=Never()),
        lambda: moving.next(date(2026, 1, 1), workdays=Never()),
        lambda: moving.previous(date(2026, 1, 1), workdays=Never()),
    ):
        assert problems_of(ask) == [("no_workdays", "workdays")]
    assert perf_counter() - started < 0.3
    assert problems_of(lambda: moving.slots(Cycle.year(2026), workdays="SE")) == [  # type: ignore[arg-type] # it is refused
        ("wrong_kind", "")
    ]
    assert len(Cadence.monthly().slots(Cycle.year(2026), workdays=Never())) == 12


def test_what_a_calendar_says_of_later_days_does_not_matter_where_days_move_on() -> None:
    last = Cycle.quarter(2026, 4)
    calendar = UntilTheEndOf2026()
    assert len(Cadence.monthly(15, shift="following").slots(last, workdays=calendar)) == 3
    assert problems_of(lambda: Cadence.monthly(15, shift="preceding").slots(last, workdays=calendar)) == [
        ("no_workdays", "workdays")
    ]


def test_no_slot_moves_out_of_the_calendar() -> None:
    fridays_off, mondays_off = Workweek(weekend=["friday"]), Workweek(weekend=["monday"])
    ends = span(date(9999, 12, 1), date.max)
    assert Cadence.monthly(shift="following").slots(ends, workdays=fridays_off) == ()
    assert Cadence.monthly(shift="following").next(date(9999, 12, 1), workdays=fridays_off) is None
    assert iso(*Cadence.monthly(shift="modified_following").slots(ends, workdays=fridays_off)) == ["9999-12-30"]
    begins = span(date.min, date(1, 1, 20))
    assert Cadence.monthly(1, shift="preceding").slots(begins, workdays=mondays_off) == ()
    assert Cadence.monthly(1, shift="preceding").previous(date(1, 1, 20), workdays=mondays_off) is None
    for cadence in (Cadence.daily(), Cadence.monthly(1), Cadence.rule("FREQ=DAILY"), Cadence.daily(shift="following")):
        assert cadence.previous(date.min) is None
        assert cadence.next(date.max) is None
        assert cadence.upcoming(date.max) == ()


def test_a_cadence_per_cycle_expects_the_end_of_the_goal_s_cycle() -> None:
    cadence, q3 = Cadence.per_cycle(shift="preceding"), Cycle.half(2026, 2)
    assert iso(*cadence.slots(Cycle.year(2026), cycle=q3)) == ["2026-12-31"]
    assert cadence.slots(Cycle.quarter(2026, 3), cycle=q3) == ()
    assert Cadence.per_cycle().slots(Cycle.quarter(2027, 3), cycle=q3) == ()
    assert cadence.next(date(2026, 7, 1), cycle=q3) == date(2026, 12, 31)
    assert Cadence.per_cycle().next(date(2026, 12, 31), cycle=q3) is None
    assert Cadence.per_cycle().previous(date(2027, 1, 1), cycle=q3) == date(2026, 12, 31)
    assert Cadence.per_cycle().previous(date(2026, 12, 31), cycle=q3) is None
    assert problems_of(lambda: cadence.slots(q3)) == [("missing_field", "cycle")]


@pytest.mark.parametrize(
    ("cycle", "least"),
    [
        (Cycle.year(2026), Cadence.quarterly()),
        (Cycle.half(2026, 1), Cadence.quarterly()),
        (Cycle.half(2027, 2), Cadence.quarterly()),
        (span(date(2026, 2, 1), date(2027, 1, 30)), Cadence.quarterly()),
        (span(date(2026, 1, 5), date(2026, 7, 5)), Cadence.quarterly()),
        (Cycle.tertial(2026, 2), Cadence.monthly()),
        (Cycle.quarter(2026, 3), Cadence.monthly()),
        (Cycle.month(2026, 2), Cadence.monthly()),
        (span(date(2026, 8, 3), date(2026, 9, 13)), Cadence.monthly()),
        (span(date(2026, 8, 3), date(2026, 8, 16)), Cadence.per_cycle()),
    ],
)
def test_the_least_cadence_is_the_published_one(cycle: Cycle, least: Cadence) -> None:
    assert Cadence.minimum_for(cycle) == least
    assert least.slots(cycle, cycle=cycle)


def test_the_next_slots_are_counted_within_limits() -> None:
    assert problems_of(lambda: Cadence.daily().upcoming(date(2026, 7, 1), 0)) == [("out_of_range", "")]
    assert problems_of(lambda: Cadence.daily().upcoming(date(2026, 7, 1), 10_000)) == [("out_of_range", "")]
    assert len(Cadence.daily().upcoming(date(2026, 7, 1), "12")) == 12  # type: ignore[arg-type] # as everywhere
    assert problems_of(lambda: Cadence.daily().next("soon")) == [("not_a_day", "")]  # type: ignore[arg-type] # it is refused
    assert problems_of(lambda: Cadence.daily().previous("soon")) == [("not_a_day", "")]  # type: ignore[arg-type] # as above


def test_the_age_of_an_anchor_costs_nothing() -> None:
    cadences = [
        Cadence.daily(every=3, anchor=date(1, 1, 1), shift="following"),
        Cadence.monthly(1, every=5, anchor=date(1, 1, 1)),
        Cadence.rule("FREQ=DAILY;INTERVAL=3", anchor=date(1, 1, 1)),
    ]
    started = perf_counter()
    assert all(len(cadence.upcoming(date(2026, 7, 1))) == 12 for cadence in cadences)
    assert all(cadence.previous(date(2026, 7, 1)) for cadence in cadences)
    assert perf_counter() - started < 0.1


def test_a_nth_weekday_that_has_passed_in_its_month_is_not_the_next() -> None:
    assert Cadence.monthly_on("first", "monday").next(date(2026, 7, 20)) == date(2026, 8, 3)
