"""Spans of days as numbers: how a calendar divides them, and which periods they are made of."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import Cycle, FiscalCalendar, InvalidValue
from goalkit.analysis.spans import Span, Spans, around, calendar_of, daily, divided, most, tiles
from goalkit.calendars import CycleKind, RetailCalendar
from goalkit.calendars.civil import CIVIL
from goalkit.calendars.divisions import LAST_ORDINAL, Calendar
from goalkit.testing.strategies import days

FISCAL, RETAIL = FiscalCalendar(first_month=7), RetailCalendar()


def calendars() -> st.SearchStrategy[Calendar]:
    return st.sampled_from([CIVIL, FISCAL, RETAIL])


def names(found: Spans | None) -> list[str]:
    assert found is not None
    return [found.name(place) for place in range(len(found))]


def test_a_span_is_that_of_a_cycle_with_its_calendar() -> None:
    quarter = FISCAL.containing(date(2026, 8, 1), "quarter")
    assert Span.of(quarter) == (date(2026, 7, 1).toordinal(), date(2026, 9, 30).toordinal(), FISCAL)
    assert Span.of(Cycle.quarter(2026, 3)).calendar is CIVIL


def test_a_span_is_seen_until_a_day_and_never_beyond_its_end() -> None:
    assert [Span(1, 9).until(last) for last in (None, 4, 9, 12)] == [9, 4, 9, 9]


def test_a_quarter_is_made_of_three_months_and_not_of_weeks() -> None:
    quarter = Span.of(Cycle.quarter(2026, 3))
    months = tiles(quarter, CycleKind.MONTH)
    assert names(months) == ["2026-07", "2026-08", "2026-09"]
    assert tiles(quarter, CycleKind.WEEK) is None
    assert tiles(quarter, CycleKind.YEAR) is None
    assert names(around(quarter, CycleKind.YEAR)) == ["2026"]


def test_a_calendar_without_a_kind_divides_by_it_nowhere() -> None:
    span = Span.of(RETAIL.containing(date(2026, 3, 3), "month"))
    assert around(span, CycleKind.TERTIAL) is None
    assert tiles(span, CycleKind.TERTIAL) is None


def test_single_days_are_named_by_their_dates() -> None:
    found = daily(Span(date(2026, 2, 27).toordinal(), date(2026, 2, 28).toordinal()))
    assert names(found) == ["2026-02-27", "2026-02-28"]
    assert [span.first for span in found] == [span.last for span in found]


def test_several_together_begin_with_the_first_and_are_named_after_the_last() -> None:
    months = around(Span.of(Cycle.quarter(2026, 3)), CycleKind.MONTH)
    assert months is not None
    two = months.rolled(2)
    assert (names(two), two[0][:2]) == (["2026-08", "2026-09"], (months.firsts[0], months.lasts[1]))
    assert [len(months.rolled(size)) for size in (1, 3, 4, 99)] == [3, 1, 0, 0]
    assert months.rolled(4).lasts == ()


def test_at_either_end_of_time_a_period_may_not_exist() -> None:
    last = around(Span(LAST_ORDINAL, LAST_ORDINAL), CycleKind.WEEK)
    first = around(Span(1, 1, FISCAL), CycleKind.YEAR)
    fine = around(Span(1, LAST_ORDINAL), CycleKind.YEAR)
    assert last is not None
    assert first is not None
    assert fine is not None
    assert [last.exist, first.exist, fine.exist] == [False, False, True]


def test_most_periods_are_counted_without_finding_them() -> None:
    span = Span(1, LAST_ORDINAL)
    assert most(span, None) == LAST_ORDINAL
    for kind in CIVIL.kinds:
        assert most(Span.of(Cycle.year(2026)), kind) + 2 >= len(around(Span.of(Cycle.year(2026)), kind) or ())


def test_no_calendar_is_the_civil_one_and_what_is_none_is_refused() -> None:
    wrong: Any = "fiscal"
    assert [calendar_of(None), calendar_of(FISCAL)] == [CIVIL, FISCAL]
    with pytest.raises(InvalidValue, match="is not a calendar"):
        calendar_of(wrong)


@given(calendars(), days(), days(), st.data())
def test_the_periods_around_a_span_follow_each_other_and_hold_it(
    calendar: Calendar, one: date, other: date, data: st.DataObject
) -> None:
    kind = data.draw(st.sampled_from(calendar.kinds))
    first, last = sorted((one.toordinal(), other.toordinal()))
    found = around(Span(first, last, calendar), kind)
    assert found is not None
    assert found.firsts[0] <= first <= found.lasts[0]
    assert found.firsts[-1] <= last <= found.lasts[-1]
    assert all(begin == end + 1 for (_, end), (begin, _) in pairwise(zip(found.firsts, found.lasts, strict=True)))
    made = tiles(Span(found.firsts[0], found.lasts[-1], calendar), kind)
    assert made is not None
    assert [*made] == [*found]
    divisions, firsts, lasts = divided(calendar, kind, first, last)
    assert [calendar.span(each) for each in divisions] == [*zip(firsts, lasts, strict=True)]
