"""Pace: what is expected, how far behind or ahead a goal is, and when it will be done."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from goalkit import LinearProfile, LoadedProfile, Pace, PhasedProfile, Profile, SCurveProfile, SeasonalProfile
from goalkit.analysis.pace import Clock, due_pace, kept_pace
from goalkit.calendars import Cycle, DayCount
from goalkit.calendars.daycounts import elapsed

FIRST, LAST = date(2026, 7, 1), date(2026, 9, 30)
PROFILES: list[Profile] = [
    LinearProfile(),
    LoadedProfile(2),
    LoadedProfile(0.5),
    SCurveProfile(),
    SeasonalProfile([1, 0, 3]),
    PhasedProfile({date(2026, 7, 31): 0.2, LAST: 1}),
    PhasedProfile({date(2026, 7, 31): 0.2, LAST: 1}, shape="step"),
]


def clock(on: date, count: DayCount = DayCount.END_OF_DAY, profile: Profile | None = None) -> Clock:
    return Clock.of(FIRST, LAST, on, count, profile or LinearProfile())


# -- laws -----------------------------------------------------------------------------------------


@given(st.sampled_from(PROFILES), st.sampled_from(DayCount), st.integers(-5, 100), st.floats(-0.5, 1.5))
def test_gap_ratio_and_days_agree_in_sign(profile: Profile, count: DayCount, day: int, progress: float) -> None:
    pace = clock(FIRST + timedelta(day), count, profile).pace(progress)
    assert pace.gap is not None
    assert pace.days_behind is not None
    assume(abs(pace.gap) > 1e-6)
    if pace.gap > 0:
        assert pace.ratio is None or pace.ratio < 1
        assert pace.days_behind >= -1e-9
    else:
        assert pace.ratio is None or pace.ratio > 1
        assert pace.days_behind <= 1e-9


@given(st.sampled_from(PROFILES), st.integers(1, 92))
def test_progress_as_expected_is_neither_behind_nor_ahead(profile: Profile, day: int) -> None:
    on = FIRST + timedelta(day - 1)
    expected = clock(on, profile=profile).expected
    pace = clock(on, profile=profile).pace(expected)
    assert pace.days_behind == 0
    assert expected in {0, 1} or pace.speed == pytest.approx(1)


@given(st.sampled_from(DayCount), st.integers(1, 100), st.integers(-3, 110))
def test_time_passes_as_cycles_count_it(count: DayCount, size: int, day: int) -> None:
    last, on = FIRST + timedelta(size - 1), FIRST + timedelta(day)
    span = Cycle(id="span", first_day=FIRST, last_day=last)
    assert Clock.of(FIRST, last, on, count, LinearProfile()).elapsed == pytest.approx(elapsed(span, on, count=count))


# -- known answers --------------------------------------------------------------------------------


def test_half_of_a_quarter() -> None:
    pace = clock(date(2026, 8, 15)).pace(0.45, (42, 70))
    assert pace.expected == 0.5
    assert pace.gap == pytest.approx(0.05)
    assert pace.ratio == pytest.approx(0.9)
    assert pace.days_behind == pytest.approx(4.6)
    assert pace.earned_day == date(2026, 8, 11)
    assert pace.speed == pytest.approx(0.9)
    assert pace.projected_end == date(2026, 10, 11)
    assert pace.rate == pytest.approx(0.45 / 46)
    assert pace.needed_rate == pytest.approx(0.55 / 46)
    assert pace.days_left == 46
    assert pace.expected_value == pytest.approx(56)


def test_ahead_is_a_negative_gap_and_negative_days() -> None:
    pace = clock(date(2026, 8, 15)).pace(0.75)
    assert (pace.gap, pace.days_behind, pace.projected_end) == (-0.25, -23.0, date(2026, 8, 31))


def test_who_goes_on_at_the_speed_that_is_expected_is_done_on_the_last_day() -> None:
    for count in DayCount:
        at = clock(date(2026, 8, 10), count)
        assert at.pace(at.expected).projected_end == LAST


def test_a_period_of_one_day_has_passed_in_its_evening() -> None:
    found = [Clock.of(FIRST, FIRST, FIRST, count, LinearProfile()).elapsed for count in DayCount]
    assert found == [1, 0, 1]


def test_before_its_period_nothing_is_expected() -> None:
    pace = clock(date(2026, 6, 1)).pace(0.0)
    assert (pace.expected, pace.gap, pace.ratio, pace.days_behind, pace.days_left) == (0, 0, None, 0, 92)
    assert (pace.speed, pace.rate, pace.projected_end) == (None, None, None)
    assert pace.needed_rate == pytest.approx(1 / 92)


def test_after_the_end_the_days_go_on() -> None:
    pace = clock(date(2026, 10, 10)).pace(0.5)
    assert (pace.expected, pace.days_behind, pace.days_left, pace.needed_rate) == (1, 56, 0, None)


def test_what_is_done_is_not_late_and_has_no_projection() -> None:
    for on in (date(2026, 8, 1), LAST, date(2026, 10, 10)):
        pace = clock(on).pace(1.0)
        assert (pace.needed_rate, pace.projected_end) == (0, None)
    assert clock(LAST).pace(1.0).days_behind == clock(date(2026, 10, 10)).pace(1.2).days_behind == 0


def test_without_progress_there_is_no_projection() -> None:
    assert clock(date(2026, 8, 1)).pace(0.0).projected_end is None
    assert clock(date(2026, 8, 1)).projected(1e-12) is None
    far = Clock.of(date(9999, 1, 1), date(9999, 12, 31), date(9999, 12, 1), DayCount.END_OF_DAY, LinearProfile())
    assert far.pace(0.1).projected_end is None
    assert far.day(1e6) is None


def test_unknown_progress_leaves_what_is_expected() -> None:
    assert clock(date(2026, 8, 15)).pace(None) == Pace(expected=0.5, days_left=46)


def test_a_due_day_is_all_or_nothing() -> None:
    due = date(2026, 9, 15)
    before = due_pace(0.0, due, date(2026, 9, 14))
    assert (before.expected, before.gap, before.ratio, before.days_behind, before.days_left) == (0, 0, None, 0, 1)
    late = due_pace(0.5, due, date(2026, 9, 17))
    assert (late.expected, late.gap, late.ratio, late.days_behind, late.needed_rate) == (1, 0.5, 0.5, 2, None)
    early = due_pace(1.0, due, date(2026, 9, 10))
    assert (early.gap, early.days_behind, early.earned_day) == (-1, -5, due)
    assert due_pace(0.5, due, date(2026, 9, 10)).days_behind == 0
    assert due_pace(None, due, due) == Pace(expected=1.0, days_left=0)


def test_what_is_kept_is_expected_all_the_time() -> None:
    assert kept_pace(None, None) == Pace(expected=1.0)
    assert (kept_pace(0.75, 3).gap, kept_pace(0.75, 3).ratio) == (0.25, 0.75)
