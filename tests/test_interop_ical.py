"""The days of a plan as an iCalendar file, read back by the package icalendar and by python-dateutil."""

import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import icalendar
import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given
from hypothesis import strategies as st

from goalkit import (
    Cadence,
    CheckIn,
    Cycle,
    FiscalCalendar,
    GoalYear,
    Increase,
    InvalidValue,
    KeyResult,
    Milestone,
    Objective,
    Plan,
    Transition,
    schedule,
)
from goalkit.calendars import Workweek
from goalkit.interop import ical
from goalkit.testing import strategies

STAMP = datetime(2026, 7, 1, 8, 30, tzinfo=UTC)
Q3 = Cycle.quarter(2026, 3)
YEAR = Cycle.year(2026)


def read(feed: bytes) -> Any:
    return icalendar.Calendar.from_ical(feed)


def events(feed: bytes) -> list[Any]:
    return [*read(feed).walk("VEVENT")]


def days_of(event: Any) -> list[date]:
    """Return the days of an event, repeated as python-dateutil repeats it."""
    first = event["DTSTART"].dt
    if "RRULE" not in event:
        return [first]
    rule = event["RRULE"].to_ical().decode()
    start = datetime(first.year, first.month, first.day)  # noqa: DTZ001 - days have no zone
    return [moment.date() for moment in rrulestr(rule, dtstart=start)]


def days_in(feed: bytes) -> list[date]:
    return sorted(day for event in events(feed) for day in days_of(event))


def summaries(feed: bytes) -> list[tuple[str, date]]:
    return [(str(event["SUMMARY"]), event["DTSTART"].dt) for event in events(feed)]


def problems_of(make: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(InvalidValue) as caught:
        make()
    assert all(problem.hint for problem in caught.value.problems)
    return [(problem.code, problem.path) for problem in caught.value.problems]


def lines(feed: bytes) -> Iterator[bytes]:
    """Yield the lines of a file, put together again where they were folded."""
    assert feed.endswith(b"\r\n")
    yield from re.sub(rb"\r\n[ \t]", b"", feed).split(b"\r\n")[:-1]


# -- cadences -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cadence", "rule"),
    [
        (Cadence.daily(), "FREQ=DAILY"),
        (Cadence.daily(every=10), "FREQ=DAILY;INTERVAL=10"),
        (Cadence.daily(shift="preceding"), "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        (Cadence.weekly("friday"), "FREQ=WEEKLY;BYDAY=FR"),
        (Cadence.weekly("friday", shift="following"), "FREQ=WEEKLY;BYDAY=FR"),
        (Cadence.weekly(every=2), "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
        (Cadence.monthly(15), "FREQ=MONTHLY;BYMONTHDAY=15"),
        (Cadence.monthly(31), "FREQ=MONTHLY;BYMONTHDAY=-1"),
        (Cadence.monthly(30), "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1"),
        (Cadence.monthly(29), "FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1"),
        (Cadence.monthly(31, month_end="skip"), "FREQ=MONTHLY;BYMONTHDAY=31"),
        (Cadence.monthly(29, month_end="skip"), "FREQ=MONTHLY;BYMONTHDAY=29"),
        (Cadence.quarterly(), "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1"),
        (Cadence.monthly_on("last", "friday"), "FREQ=MONTHLY;BYDAY=-1FR"),
        (Cadence.monthly_on("second", "tuesday"), "FREQ=MONTHLY;BYDAY=2TU"),
        (Cadence.monthly_on("fifth", "friday"), "FREQ=MONTHLY;BYDAY=-1FR"),
        (Cadence.monthly_on("fifth", "friday", month_end="skip"), "FREQ=MONTHLY;BYDAY=5FR"),
        (Cadence.last_workday(), "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
        (Cadence.rule("FREQ=MONTHLY;BYDAY=1MO,-1FR;COUNT=8", anchor=date(2026, 1, 1)), "FREQ=MONTHLY;BYDAY=1MO,-1FR"),
        (Cadence.rule("FREQ=WEEKLY;UNTIL=20260701;INTERVAL=3"), "FREQ=WEEKLY;INTERVAL=3"),
    ],
)
def test_a_cadence_repeats_by_the_rule_that_says_the_same(cadence: Cadence, rule: str) -> None:
    days = cadence.slots(YEAR)
    assert ical.recurrence(cadence, days) == f"{rule};UNTIL={days[-1]:%Y%m%d}"
    feed = ical.slots(cadence, YEAR, stamp=STAMP)
    assert len(events(feed)) == 1
    assert days_in(feed) == [*days]


def test_a_day_that_every_month_of_the_span_has_needs_no_end_of_the_month() -> None:
    assert "BYMONTHDAY=30;" in (ical.recurrence(Cadence.monthly(30), Cadence.monthly(30).slots(Q3)) or "")


@pytest.mark.parametrize(
    ("cadence", "workdays"),
    [
        (Cadence.weekly("monday", shift="following"), Workweek(holidays=[date(2026, 8, 31)])),
        (Cadence.monthly(15, shift="preceding"), None),
        (Cadence.monthly_on("first", "monday", shift="following"), Workweek(holidays=[date(2026, 9, 7)])),
    ],
)
def test_what_no_rule_says_is_one_entry_a_day(cadence: Cadence, workdays: Workweek | None) -> None:
    days = cadence.slots(Q3, workdays=workdays)
    feed = ical.slots(cadence, Q3, stamp=STAMP, workdays=workdays)
    assert ical.recurrence(cadence, days) is None
    assert len(events(feed)) == len(days) > 1
    assert len({str(event["UID"]) for event in events(feed)}) == len(days)
    assert days_in(feed) == [*days]


def test_one_day_is_not_repeated() -> None:
    feed = ical.slots(Cadence.per_cycle(), YEAR, stamp=STAMP, cycle=Q3, title="Close the quarter", name="Q3")
    assert summaries(feed) == [("Close the quarter", date(2026, 9, 30))]
    assert "RRULE" not in events(feed)[0]
    assert ical.recurrence(Cadence.daily(), []) is None


def test_a_rule_that_never_gives_a_day_is_not_taken() -> None:
    february = Cadence.monthly(30, every=12, anchor=date(2026, 2, 28))
    days = february.slots(Cycle(id="years", first_day="2026-01-01", last_day="2027-12-31"))
    assert ical.recurrence(february, days) == "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=-1;UNTIL=20270228"
    assert ical.recurrence(Cadence.per_cycle(), days) is None


def test_the_last_possible_day_has_no_end() -> None:
    last = Cycle(id="end", first_day="9999-12-30", last_day="9999-12-31")
    (event,) = events(ical.slots(Cadence.monthly(), last, stamp=STAMP))
    assert event["DTSTART"].dt == date.max
    assert "DTEND" not in event
    early = Cycle(id="start", first_day="0001-01-01", last_day="0001-03-31")
    assert days_in(ical.slots(Cadence.monthly(), early, stamp=STAMP)) == [*Cadence.monthly().slots(early)]


@given(
    strategies.cadences(),
    st.dates(date(2025, 6, 1), date(2027, 6, 1)),
    st.integers(0, 900),
    st.none() | st.just(Workweek(holidays=[date(2026, 1, 1), date(2026, 5, 1), date(2026, 12, 25)])),
)
def test_every_cadence_is_read_back_as_its_slots(
    cadence: Cadence, first: date, length: int, workdays: Workweek | None
) -> None:
    span = Cycle(id="span", first_day=first, last_day=first + timedelta(length))
    days = cadence.slots(span, workdays=workdays, cycle=Q3)
    feed = ical.slots(cadence, span, stamp=STAMP, workdays=workdays, cycle=Q3)
    assert days_in(feed) == [*days]


# -- plans ----------------------------------------------------------------------------------------

WEEKLY = Cadence.weekly("monday", grace_days=2)
PLAN = Plan.of(
    Q3,
    Objective(id="app", title="Make the mobile app a joy to use", cycle="2026-Q3", cadence=WEEKLY),
    KeyResult(id="nps", title="Reach an NPS of 70", parent="app", metric=Increase(start=42, target=70)),
    Milestone(id="launch", title="Open the help centre", parent="app", due="2026-09-01"),
)


def test_a_plan_has_its_check_ins_and_its_deadlines() -> None:
    feed = ical.calendar(PLAN, Q3, stamp=STAMP, name=r"Mobile, 2026\new")
    assert summaries(feed) == [
        ("Check in: Reach an NPS of 70", date(2026, 7, 6)),
        ("Due: Open the help centre", date(2026, 9, 1)),
    ]
    check_in, deadline = events(feed)
    assert days_of(check_in) == [*WEEKLY.slots(Q3)]
    assert deadline["DTEND"].dt == date(2026, 9, 2)
    assert deadline["TRANSP"] == "TRANSPARENT"
    assert deadline["DTSTAMP"].dt == STAMP
    file = read(feed)
    for name in (b"NAME", b"X-WR-CALNAME"):  # as written: some parsers do not read NAME as text
        assert name + rb":Mobile\, 2026\\new" + b"\r\n" in feed
    assert (file["VERSION"], file["METHOD"]) == ("2.0", "PUBLISH")
    assert file["PRODID"]


def test_the_file_is_what_it_was_last_time() -> None:
    expected = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//goalkit//goalkit//EN
METHOD:PUBLISH
BEGIN:VEVENT
SUMMARY:Due: Open the help centre
DTSTART;VALUE=DATE:20260901
DTEND;VALUE=DATE:20260902
DTSTAMP:20260701T083000Z
UID:{uid}
CATEGORIES:deadline
TRANSP:TRANSPARENT
END:VEVENT
END:VCALENDAR
"""
    feed = ical.calendar(PLAN, Cycle.month(2026, 9), stamp=STAMP, expects="measured")
    (uid,) = [str(event["UID"]) for event in events(feed) if event["CATEGORIES"].cats == ["deadline"]]
    alone = ical.calendar(
        Plan.of(Milestone(id="launch", title="Open the help centre", due="2026-09-01")), Q3, stamp=STAMP
    )
    assert sorted(alone.decode().splitlines()) == sorted(expected.format(uid=uid).splitlines())
    assert re.fullmatch(r"[0-9a-f]{20}@goalkit", uid)


def test_the_same_entry_has_the_same_uid_unless_the_namespace_is_another() -> None:
    def uids(plan: Plan, **changed: Any) -> list[str]:
        given: dict[str, Any] = {"stamp": STAMP, **changed}
        return [str(event["UID"]) for event in events(ical.calendar(plan, given.pop("span", Q3), **given))]

    renamed = PLAN.amend("launch", title="Open it", due=date(2026, 9, 5))
    later = STAMP + timedelta(30)
    assert uids(PLAN) == uids(renamed) == uids(PLAN, stamp=later) == uids(PLAN, span=YEAR, name="Other")
    assert len({*uids(PLAN), *uids(PLAN, namespace="acme")}) == 4


def test_the_stamp_is_written_in_utc() -> None:
    stockholm = timezone(timedelta(hours=2))
    feed = ical.calendar(PLAN, Q3, stamp=datetime(2026, 7, 1, 10, 30, tzinfo=stockholm))
    assert b"DTSTAMP:20260701T083000Z\r\n" in feed


def test_goals_have_days_within_their_period_and_the_span_alone() -> None:
    assert days_in(ical.calendar(PLAN, Cycle.month(2026, 10), stamp=STAMP)) == []
    assert days_in(ical.calendar(PLAN, Cycle.month(2026, 7), stamp=STAMP)) == [*WEEKLY.slots(Cycle.month(2026, 7))]


def test_a_goal_that_is_paused_has_no_check_ins_and_no_deadline() -> None:
    paused = PLAN.record(Transition(goal="app", on="2026-08-01", stage="paused"))
    feed = ical.calendar(paused, Q3, stamp=datetime(2026, 8, 10, tzinfo=UTC))
    assert days_in(feed) == [*WEEKLY.slots(Cycle.month(2026, 7))]
    again = ical.calendar(paused, Q3, stamp=STAMP)  # nobody knew in July
    assert days_in(again) == days_in(ical.calendar(PLAN, Q3, stamp=STAMP))
    assert ical.calendar(paused, Q3, stamp=STAMP, as_of=date(2026, 8, 10)).count(b"RRULE") == feed.count(b"RRULE")


def test_a_goal_that_was_paused_for_a_while_has_one_entry_a_day() -> None:
    paused = PLAN.record(
        Transition(goal="nps", on="2026-08-01", stage="paused"), Transition(goal="nps", on="2026-08-20", stage="active")
    )
    feed = ical.calendar(paused, Q3, stamp=datetime(2026, 9, 1, tzinfo=UTC))
    check_ins = [on for summary, on in summaries(feed) if summary.startswith("Check in")]
    assert check_ins == [day for day in WEEKLY.slots(Q3) if not date(2026, 8, 1) <= day < date(2026, 8, 20)]


def test_definitions_are_taken_as_they_were_on_a_day() -> None:
    revised = PLAN.amend("launch", on=date(2026, 8, 1), due=date(2026, 9, 15))
    before, after = (ical.calendar(revised, Q3, stamp=STAMP, as_of=date(2026, month, 1)) for month in (7, 8))
    assert [summaries(feed)[-1][1] for feed in (before, after)] == [date(2026, 9, 1), date(2026, 9, 15)]


def test_milestones_without_a_day_are_due_with_their_period_and_other_goals_on_their_own_last_day() -> None:
    plan = Plan.of(
        Q3,
        Objective(id="o", title="Whole quarter", cycle="2026-Q3"),
        Milestone(id="m", title="Some day", parent="o"),
        Milestone(id="n", title="Never"),
        KeyResult(id="k", title="Early", parent="o", last_day="2026-08-31"),
    )
    assert summaries(ical.calendar(plan, YEAR, stamp=STAMP)) == [
        ("Due: Some day", date(2026, 9, 30)),
        ("Due: Early", date(2026, 8, 31)),
    ]


def test_check_ins_may_be_expected_of_every_goal() -> None:
    feed = ical.calendar(PLAN, Q3, stamp=STAMP, expects="every_goal")
    assert sum(summary.startswith("Check in") for summary, _ in summaries(feed)) == 3


@pytest.mark.parametrize(
    ("value", "status", "percent"),
    [(None, "NEEDS-ACTION", 0), ("0.5", "IN-PROCESS", 50), ("0.9999", "IN-PROCESS", 99), (True, "COMPLETED", 100)],
)
def test_milestones_may_be_to_dos(value: Any, status: str, percent: int) -> None:
    plan = PLAN if value is None else PLAN.record(CheckIn(goal="launch", on="2026-06-30", value=value))
    file = read(ical.calendar(plan, Q3, stamp=STAMP, todos=True))
    (todo,) = file.walk("VTODO")
    assert (todo["DUE"].dt, todo["STATUS"], todo["PERCENT-COMPLETE"]) == (date(2026, 9, 1), status, percent)
    assert len(file.walk("VEVENT")) == 1


def test_other_deadlines_stay_events_beside_to_dos() -> None:
    plan = Plan.of(KeyResult(id="k", title="Early", last_day="2026-08-31"))
    assert summaries(ical.calendar(plan, Q3, stamp=STAMP, todos=True)) == [("Due: Early", date(2026, 8, 31))]


def test_a_goal_year_has_its_milestones() -> None:
    year = GoalYear.of(Cycle.year(2027), organisation="large")
    feed = ical.calendar(Plan.of(), year, stamp=STAMP, year=year)
    assert summaries(feed) == [(f"2027: {milestone.name}", milestone.on) for milestone in year.milestones]
    assert len({str(event["UID"]) for event in events(feed)}) == len(year.milestones)
    within = ical.calendar(Plan.of(), Cycle.year(2027), stamp=STAMP, year=year)
    assert all(on in Cycle.year(2027) for _, on in summaries(within))


def test_several_goal_years_are_told_apart_by_their_cycles() -> None:
    year = GoalYear.of(Cycle.year(2027, title="Next year"), organisation="small")
    feed = ical.calendar(Plan.of(), year, stamp=STAMP, year=[year, *year.split("quarter")])
    assert ("Next year: the year begins", date(2027, 1, 1)) in summaries(feed)
    assert ("2027-Q2: the quarter begins", date(2027, 4, 1)) in summaries(feed)
    assert len({str(event["UID"]) for event in events(feed)}) == len(events(feed))


@given(strategies.plans())
def test_a_plan_is_read_back_as_its_schedule(plan: Plan) -> None:
    as_of = date(2026, 6, 30)
    feed = ical.calendar(plan, YEAR, stamp=STAMP, as_of=as_of, name="Everything", todos=True)
    expected = [slot.day for slot in schedule(plan, YEAR, as_of=as_of)]
    check_ins = [event for event in events(feed) if event["CATEGORIES"].cats == ["check-in"]]
    assert sorted(day for event in check_ins for day in days_of(event)) == expected
    uids = [str(entry["UID"]) for entry in read(feed).subcomponents]
    assert len({*uids}) == len(uids)
    assert_is_well_formed(feed)


# -- hostile texts --------------------------------------------------------------------------------

_NAMES = frozenset(
    b"BEGIN END VERSION PRODID METHOD NAME X-WR-CALNAME SUMMARY DTSTART DTEND DUE DTSTAMP UID CATEGORIES TRANSP "
    b"RRULE STATUS PERCENT-COMPLETE".split()
)


def assert_is_well_formed(feed: bytes) -> None:
    assert all(len(line) <= 75 for line in feed.split(b"\r\n"))
    assert not re.search(rb"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|(?<!\r)\n", feed)
    assert len(feed.decode().splitlines()) == feed.count(b"\r\n")
    assert {re.split(b"[:;]", line)[0] for line in lines(feed)} <= _NAMES


_HOSTILE = [
    "x\r\nATTENDEE:mailto:eve@example.com",
    "x\nEND:VEVENT\nBEGIN:VALARM",
    "x\rUID:1",
    "\x0bSUMMARY:y",
    "a\x1c\x1d\x1e\x85b\u2028c\u2029d",
    "\\n\\N\\;\\,",
    'a;b,c:d"e^n',
    "\ufeffmark",
    "é" * 200,
    "👩\u200d👩\u200d👧" * 40,
    " \t ",
]


@given(strategies.titles() | st.sampled_from(_HOSTILE), strategies.texts() | st.sampled_from(_HOSTILE))
def test_no_text_becomes_a_line_of_its_own(title: str, name: str) -> None:
    assume(title.strip())
    plan = Plan.of(Milestone(id="m", title=title, due="2026-09-01"))
    year = GoalYear.of(Cycle.year(2027, title=name), "team")
    for feed in (
        ical.calendar(plan, YEAR, stamp=STAMP, year=year, name=name, namespace=name),
        ical.slots(Cadence.monthly(), YEAR, stamp=STAMP, title=title, name=name),
    ):
        assert_is_well_formed(feed)
        assert len(read(feed).subcomponents) == len([line for line in lines(feed) if line == b"BEGIN:VEVENT"])


@given(st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1).filter(str.strip))
def test_a_title_that_can_be_seen_is_read_back_as_it_is(title: str) -> None:
    plan = Plan.of(Milestone(id="m", title=title, due="2026-09-01"))
    ((summary, _),) = summaries(ical.calendar(plan, YEAR, stamp=STAMP))
    assert summary == f"Due: {title}".strip()


def test_a_title_of_several_lines_becomes_one() -> None:
    plan = Plan.of(Milestone(id="m", title="Open\r\n\tthe help centre\n", due="2026-09-01"))
    assert summaries(ical.calendar(plan, YEAR, stamp=STAMP)) == [("Due: Open the help centre", date(2026, 9, 1))]


# -- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"plan": 5}, ("wrong_kind", "")),
        ({"span": 5}, ("not_a_span", "")),
        ({"span": Cycle.backlog()}, ("undated", "")),
        ({"stamp": datetime(2026, 7, 1)}, ("naive_moment", "stamp")),  # noqa: DTZ001 - it is refused
        ({"stamp": date(2026, 7, 1)}, ("wrong_kind", "stamp")),
        ({"stamp": datetime.max.replace(tzinfo=timezone(timedelta(hours=-2)))}, ("out_of_range", "stamp")),
        ({"as_of": "soon"}, ("not_a_day", "as_of")),
        ({"year": 2027}, ("wrong_kind", "year")),
        ({"year": [Cycle.year(2027)]}, ("wrong_kind", "year")),
        ({"name": None}, ("not_text", "name")),
        ({"namespace": "\ud800"}, ("bad_text", "namespace")),
        ({"todos": 1}, ("not_true_or_false", "todos")),
    ],
)
def test_what_makes_no_calendar_is_refused(change: dict[str, Any], problem: tuple[str, str]) -> None:
    given: dict[str, Any] = {"plan": PLAN, "span": Q3, "stamp": STAMP, **change}
    assert problems_of(lambda: ical.calendar(**given)) == [problem]


def test_what_makes_no_calendar_of_a_cadence_is_refused() -> None:
    assert problems_of(lambda: ical.slots(5, Q3, stamp=STAMP)) == [("wrong_kind", "")]  # type: ignore[arg-type] # it is refused
    assert problems_of(lambda: ical.slots(WEEKLY, Q3, stamp=STAMP, title=5)) == [("not_text", "title")]  # type: ignore[arg-type] # as above
    assert problems_of(lambda: ical.slots(Cadence.per_cycle(), Q3, stamp=STAMP)) == [("missing_field", "cycle")]


def test_without_the_package_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(ImportError, match=r"goalkit-okr\[ical\]"):
        ical.calendar(PLAN, Q3, stamp=STAMP)


def test_a_rule_that_picks_by_place_in_a_week_is_written_day_by_day() -> None:
    by_place = Cadence.rule("FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=2,-1", anchor=date(2026, 7, 1))
    assert ical.recurrence(by_place, by_place.slots(Q3)) is None


def test_two_goal_years_of_one_name_have_entries_of_their_own() -> None:
    span = Cycle(id="s", first_day="2026-06-01", last_day="2028-12-31")
    years = [GoalYear.of(Cycle.year(2027), organisation) for organisation in ("small", "large")]
    years += [GoalYear.of(FiscalCalendar(first_month=month).year(2027), "small") for month in (4, 7)]
    found = [str(event["UID"]) for event in events(ical.calendar(Plan.of(), span, stamp=STAMP, year=years))]
    assert len(found) == len({*found}) > 40
