"""Strategies for cycles and cadences of every calendar."""

from __future__ import annotations

from datetime import date
from typing import Any

from attrs import evolve
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from .. import Cadence, Cycle
from ..calendars import CadenceUnit, FiscalCalendar, MonthEnd, Nth, RetailCalendar, Shift, Weekday
from .strategies_words import any_days, days, ids, texts


def cycles() -> SearchStrategy[Cycle]:
    """The cycles of every calendar in a few years, and spans of any other days."""
    years = st.integers(2025, 2027)
    on = st.dates(date(2025, 1, 1), date(2027, 12, 31))
    fiscal, retail = FiscalCalendar(first_month=7, first_day=6), RetailCalendar.nrf()
    return st.one_of(
        st.builds(Cycle.quarter, years, st.integers(1, 4)),
        st.builds(Cycle.year, years, title=texts()),
        st.builds(Cycle.half, years, st.integers(1, 2)),
        st.builds(Cycle.tertial, years, st.integers(1, 3)),
        st.builds(Cycle.month, years, st.integers(1, 12)),
        st.builds(Cycle.containing, on, st.sampled_from(["week", "week_year"])),
        st.builds(Cycle.weeks, on, st.integers(1, 99)),
        st.builds(fiscal.containing, on, st.sampled_from(fiscal.kinds)),
        st.builds(retail.containing, on, st.just("week")),
        st.builds(Cycle.backlog, ids(), title=texts()),
        custom_cycles(),
    )


@st.composite
def custom_cycles(draw: DrawFn) -> Cycle:
    """Spans of any days, under a name that is nobody else's."""
    if not draw(st.integers(0, 9)):  # the calendar's own in everything but its kind
        return evolve(Cycle.quarter(2026, draw(st.integers(1, 4))), kind="custom")
    first_day, last_day = sorted((draw(any_days()), draw(any_days())))
    return Cycle(id=draw(ids()), first_day=first_day, last_day=last_day, title=draw(texts()))


_RULES = ("FREQ=MONTHLY;BYDAY=-1FR", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;WKST=SU", "FREQ=DAILY;COUNT=5")


@st.composite
def cadences(draw: DrawFn) -> Cadence:
    """Cadences of every unit, with and without an anchor."""
    unit = draw(st.sampled_from(CadenceUnit))
    when: dict[str, Any] = {}
    if unit is CadenceUnit.RULE:
        when = {"recurrence": draw(st.sampled_from(_RULES)), "anchor": draw(days())}
    if unit is CadenceUnit.WEEK:
        when["weekday"] = draw(st.sampled_from(Weekday))
    if unit is CadenceUnit.MONTH:
        when["month_end"] = draw(st.sampled_from(MonthEnd))
        if draw(st.booleans()):
            when["day"] = draw(st.integers(1, 31))
        else:
            when |= {"nth": draw(st.sampled_from(Nth)), "weekday": draw(st.sampled_from(Weekday))}
    if unit not in {CadenceUnit.RULE, CadenceUnit.CYCLE}:
        anchors = Cadence(unit=unit, **when).slots(Cycle.year(2026))
        when |= {"every": draw(st.integers(1, 60)), "anchor": draw(st.none() | st.sampled_from(anchors))}
    return Cadence(
        unit=unit,
        shift=draw(st.none() | st.sampled_from(Shift)),
        grace_days=draw(st.integers(0, 10)),
        **when,
    )
