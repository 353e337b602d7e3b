"""The days of a recurrence rule, beside those of python-dateutil."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import islice, takewhile
from time import process_time

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given
from hypothesis import strategies as st

from goalkit.calendars import rules
from goalkit.calendars.rule_text import rule_text
from goalkit.calendars.rules import rule
from goalkit.errors import InvalidValue

FIRST, LAST = date(1900, 1, 1), date(2100, 12, 31)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def until(last: date, text: str, anchor: date | None) -> list[date]:
    return list(takewhile(lambda on: on <= last, rule(text, anchor).forward(date.min)))


def in_dateutil(last: date, text: str, anchor: date) -> list[date]:
    start = datetime.combine(anchor, time())
    found = takewhile(lambda moment: moment.date() <= last, rrulestr(text, dtstart=start))
    return [moment.date() for moment in found]


def problem_of(make: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(InvalidValue) as caught:
        make()
    (problem,) = caught.value.problems
    assert problem.hint
    return problem.code, problem.path


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=10",
        "FREQ=DAILY;BYMONTH=1,2;BYDAY=MO,WE",
        "FREQ=DAILY;INTERVAL=3;BYMONTHDAY=-1,13",
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO",
        "FREQ=WEEKLY;BYMONTH=3",
        "FREQ=MONTHLY",
        "FREQ=MONTHLY;INTERVAL=18;BYMONTHDAY=10,11,12,13,14,15",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYMONTHDAY=-31",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=MONTHLY;BYDAY=5MO",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=3,-2",
        "FREQ=YEARLY",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        "FREQ=YEARLY;BYDAY=20MO",
        "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3,10",
        "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO",
        "FREQ=YEARLY;BYWEEKNO=1,53,-1;BYDAY=MO,TH,SU;WKST=WE",
        "FREQ=YEARLY;BYYEARDAY=1,100,200,-1,366",
        "FREQ=YEARLY;BYDAY=MO;BYSETPOS=10,-10",
        "FREQ=MONTHLY;COUNT=500",
    ],
)
def test_two_centuries_of_a_rule_are_those_of_dateutil(text: str) -> None:
    anchor = date(1900, 1, 1)
    assert until(LAST, text, anchor) == in_dateutil(LAST, text, anchor)
    back = list(rule(text, anchor).backward(LAST))
    assert back == until(LAST, text, anchor)[::-1]


@st.composite
def texts(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(("DAILY", "WEEKLY", "MONTHLY", "YEARLY")))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 6))}"]
    numbers: dict[str, tuple[int, int]] = {"BYMONTH": (1, 12)}
    if frequency != "WEEKLY":
        numbers["BYMONTHDAY"] = (-31, 31)
    if frequency == "YEARLY":
        numbers |= {"BYYEARDAY": (-366, 366), "BYWEEKNO": (-53, 53)}
    chosen = draw(st.sets(st.sampled_from(sorted({*numbers, "BYDAY"})), max_size=2))
    assume("BYWEEKNO" not in chosen or "BYDAY" in chosen)  # where there is no weekday, it is the anchor's
    for name in sorted(chosen - {"BYDAY"}):
        got = draw(st.sets(st.integers(*numbers[name]).filter(bool), min_size=1, max_size=5))
        parts.append(f"{name}={','.join(map(str, got))}")
    if "BYDAY" in chosen:
        counted = frequency in {"MONTHLY", "YEARLY"} and "BYWEEKNO" not in chosen
        places = st.sampled_from(("", "", "1", "2", "-1", "5", "-5") if counted else ("",))
        days = draw(st.sets(st.tuples(places, st.sampled_from(WEEKDAYS)), min_size=1, max_size=4))
        parts.append("BYDAY=" + ",".join(place + day for place, day in days))
    # Only the first week of a rule that begins within it is a matter of taste.
    if chosen - {"BYMONTH"} and frequency in {"MONTHLY", "YEARLY"} and draw(st.booleans()):
        chosen_places = st.integers(-5, 5).filter(bool)
        parts.append(f"BYSETPOS={','.join(map(str, draw(st.sets(chosen_places, min_size=1, max_size=2))))}")
    if draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(WEEKDAYS))}")
    if draw(st.booleans()):
        parts.append(f"COUNT={draw(st.integers(1, 40))}")
    return rule_text(";".join(parts))


@given(texts(), st.dates(FIRST, date(2090, 1, 1)))
def test_any_rule_gives_the_days_that_dateutil_gives(text: str, anchor: date) -> None:
    last = anchor + timedelta(3650)
    try:
        found = rule(text, anchor)
    except InvalidValue as error:
        # dateutil searches until the year 9999, and so for longer than a test should last.
        assert error.problems[0].code == "no_days"  # noqa: PT017 - a right answer
        return
    assert list(takewhile(lambda on: on <= last, found.forward(date.min))) == in_dateutil(last, text, anchor)


@given(texts(), st.none() | st.dates(), st.dates(FIRST, LAST))
def test_back_and_forth_are_the_same_days(text: str, anchor: date | None, day: date) -> None:
    try:
        found = rule(text, anchor)
    except InvalidValue:
        return
    later = list(islice(found.forward(day), 10))
    if later:
        assert list(takewhile(lambda on: on >= day, found.backward(later[-1])))[::-1] == later
        assert all(next(found.forward(on)) == on for on in later)


@pytest.mark.parametrize(
    ("text", "anchor"),
    [
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", None),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", None),
        ("FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2", None),
        ("FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29", date(2025, 1, 1)),
        ("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31", date(2026, 2, 1)),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=TU,WE,TH,FR,SA,SU", date(2026, 11, 16)),
        ("FREQ=DAILY;INTERVAL=9996;BYDAY=TU,WE,TH,FR,SA,SU", date.min),
        ("FREQ=DAILY;INTERVAL=9973;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO", date.min),
        ("FREQ=DAILY;UNTIL=20251231", date(2026, 1, 1)),
        ("FREQ=YEARLY;INTERVAL=9999", date(9999, 12, 31)),
    ],
)
def test_no_rule_is_searched_for_long(text: str, anchor: date | None) -> None:
    rules._years.cache_clear()
    rule.cache_clear()
    started = process_time()
    if "9999" in text:
        assert until(date.max, text, anchor) == [anchor]
    else:
        assert problem_of(lambda: rule(text, anchor)) == ("no_days", "recurrence")
    assert process_time() - started < 5  # a search that is not cut off takes hours; time of this process alone


def test_an_anchor_centuries_back_costs_nothing() -> None:
    found = rule("FREQ=DAILY;INTERVAL=3", date(1, 1, 1))
    assert next(found.forward(date(2026, 1, 1))).toordinal() % 3 == 1
    assert next(found.backward(date(2026, 1, 1))).toordinal() % 3 == 1
    assert next(found.backward(date.min), None) == date.min
    assert list(rule("FREQ=WEEKLY", date(9999, 12, 25)).forward(date.min)) == [date(9999, 12, 25)]


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=MONTHLY",
        "FREQ=MONTHLY;BYMONTH=3",
        "FREQ=YEARLY",
        "FREQ=YEARLY;BYMONTH=3",
        "FREQ=YEARLY;BYWEEKNO=3",
        "FREQ=DAILY;COUNT=3",
    ],
)
def test_what_an_anchor_would_say_needs_one(text: str) -> None:
    assert problem_of(lambda: rule(text, None)) == ("missing_field", "anchor")


def test_what_an_anchor_says_is_taken_from_it() -> None:
    march = date(2026, 3, 12)
    assert until(date(2026, 5, 31), "FREQ=MONTHLY", march) == [march, date(2026, 4, 12), date(2026, 5, 12)]
    assert until(date(2027, 5, 31), "FREQ=YEARLY", march) == [march, date(2027, 3, 12)]
    assert until(date(2027, 5, 31), "FREQ=YEARLY;BYMONTH=4", march) == [date(2026, 4, 12), date(2027, 4, 12)]
    # A Thursday of the 20th week.
    assert until(date(2027, 5, 31), "FREQ=YEARLY;BYWEEKNO=20", march) == [date(2026, 5, 14), date(2027, 5, 20)]
    assert until(date(2026, 3, 20), "FREQ=WEEKLY", march) == [march, date(2026, 3, 19)]


def test_without_an_anchor_a_rule_is_counted_from_1970() -> None:
    assert next(rule("FREQ=WEEKLY;INTERVAL=2", None).forward(date(1970, 1, 1))) == date(1970, 1, 5)
    assert next(rule("FREQ=DAILY;INTERVAL=5", None).forward(date(1970, 1, 1))) == date(1970, 1, 1)
    assert next(rule("FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=3", None).forward(date(1970, 1, 1))) == date(1970, 1, 3)
    assert next(rule("FREQ=YEARLY;INTERVAL=5;BYMONTH=2;BYMONTHDAY=3", None).forward(date(1970, 1, 1))) == date(
        1970, 2, 3
    )


def test_going_back_ends_at_the_anchor() -> None:
    days = rule("FREQ=DAILY;INTERVAL=2", date(2026, 7, 2)).backward(date(2026, 7, 5))
    assert list(days) == [date(2026, 7, 4), date(2026, 7, 2)]
