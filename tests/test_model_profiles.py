"""Profiles: what is expected by when, what is refused, and how they are kept."""

import json
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import (
    Decrease,
    Increase,
    InvalidValue,
    LinearProfile,
    LoadedProfile,
    PhasedProfile,
    Profile,
    SCurveProfile,
    SeasonalProfile,
    WorkdayProfile,
)
from goalkit.calendars import Cycle, DayCount, Workweek
from goalkit.calendars.daycounts import elapsed
from goalkit.model.courses import Course, Points
from goalkit.model.profiles import PROFILES

FIRST, LAST = date(2026, 7, 1), date(2026, 9, 30)
END = DayCount.END_OF_DAY
#: The second quarter of 2026 in Sweden, as far as holidays fall on working days.
SWEDEN = Workweek(holidays=[date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 14)])


@st.composite
def phased(draw: st.DrawFn) -> PhasedProfile:
    """Targets within the third quarter."""
    days = draw(st.lists(st.integers(1, 90), max_size=6, unique=True))
    shares = sorted(
        draw(st.lists(st.integers(0, 100).map(lambda got: got / 100), min_size=len(days), max_size=len(days)))
    )
    targets = dict(zip((FIRST + timedelta(on) for on in sorted(days)), shares, strict=True))
    return PhasedProfile(targets | {LAST: 1}, shape=draw(st.sampled_from(["linear", "step"])))


def profiles() -> st.SearchStrategy[Profile]:
    weights = st.lists(st.integers(0, 9), min_size=1, max_size=12).filter(any)
    shifts = st.integers(-90, 90).map(lambda hundredths: hundredths / 100)
    return st.one_of(
        st.just(LinearProfile()),
        st.sampled_from([WorkdayProfile(), WorkdayProfile(Workweek(weekend=["friday"], holidays=[date(2026, 8, 5)]))]),
        phased(),
        st.builds(lambda c, more: SCurveProfile(c=c, k=3 / (1 - abs(c)) + more), shifts, st.integers(0, 5)),
        st.floats(0.1, 10).map(LoadedProfile),
        weights.map(SeasonalProfile),
    )


def problem_of(make: Any) -> tuple[str, str]:
    with pytest.raises(InvalidValue) as caught:
        make()
    (problem,) = caught.value.problems
    assert problem.message
    assert problem.hint
    return problem.path, problem.code


# -- laws -----------------------------------------------------------------------------------------


@given(profiles(), st.sampled_from(DayCount), st.integers(0, 91))
def test_a_profile_begins_with_nothing_ends_with_all_and_never_falls(
    profile: Profile, count: DayCount, days: int
) -> None:
    course = profile.course(FIRST, FIRST + timedelta(days), count)
    assert course.at(0) == 0
    assert course.at(1) == 1
    expected = [course.at(step / 50) for step in range(51)]
    for before, after in pairwise(expected):
        assert before <= after + 1e-9
    assert all(0 <= share <= 1 for share in expected)


@given(profiles(), st.sampled_from(DayCount), st.floats(0, 1))
def test_when_is_the_inverse_of_what_is_expected(profile: Profile, count: DayCount, share: float) -> None:
    course = profile.course(FIRST, LAST, count)
    when = course.when(share)
    assert 0 <= when <= 1
    if when > 1e-6:
        assert course.at(when - 1e-6) <= share + 1e-6
    if when < 1 - 1e-6:
        assert course.at(when + 1e-6) >= share - 1e-6


@given(profiles())
def test_a_profile_is_plain_data_and_read_again_as_it_was_written(profile: Profile) -> None:
    document = json.loads(json.dumps(profile.to_dict(), allow_nan=False))
    assert Profile.from_dict(document) == profile
    assert document["kind"] == profile.kind
    assert PROFILES[profile.kind] is type(profile)
    assert profile.describe()
    assert hash(Profile.from_dict(document)) == hash(profile)


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        (LinearProfile(), "linear"),
        (WorkdayProfile(), "by working days"),
        (PhasedProfile([(LAST, 1)]), "100 % by 2026-09-30"),
        (SCurveProfile(), "an S-curve"),
        (LoadedProfile(0.5), "time to the power of 0.5"),
        (SeasonalProfile([1, 2]), "in 2 parts of their own weights"),
    ],
)
def test_a_profile_says_what_is_expected(profile: Profile, words: str) -> None:
    assert profile.describe() == words


# -- known answers --------------------------------------------------------------------------------


def test_the_published_s_curve() -> None:
    found = [SCurveProfile().at(x) for x in (0, 0.25, 0.5, 0.75, 1)]
    assert found == pytest.approx([0, 0.15246253862, 0.4665, 0.79728746138, 1])


def test_with_other_constants_the_s_curve_is_smoothstep() -> None:
    for x in (0.1, 0.25, 0.5, 0.9):
        assert SCurveProfile(c=0, k=3).at(x) == pytest.approx(3 * x**2 - 2 * x**3)
    assert (SCurveProfile().when(0), SCurveProfile().when(1)) == (0, 1)


def test_working_days_of_a_swedish_quarter() -> None:
    quarter = Cycle.quarter(2026, 2)
    course = WorkdayProfile(SWEDEN).course(date(2026, 4, 1), date(2026, 6, 30), END)
    assert course.at(45 / 91) == pytest.approx(29 / 61)
    assert course.at(45 / 91) == pytest.approx(elapsed(quarter, date(2026, 5, 15), workdays=SWEDEN))


@pytest.mark.parametrize("count", DayCount)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 92])
@pytest.mark.parametrize("first", [FIRST, date(2026, 7, 4)])
def test_working_days_pass_as_the_day_counts_say(count: DayCount, size: int, first: date) -> None:
    span = Cycle(id="span", first_day=first, last_day=first + timedelta(size - 1))
    course = WorkdayProfile().course(first, first + timedelta(size - 1), count)
    worked = any((first + timedelta(at)).weekday() < 5 for at in range(size))
    for at in range(size):
        on = first + timedelta(at)
        passed = elapsed(span, on, count=count)
        workdays = Workweek() if worked else None
        if passed < 1 and size > 1:
            assert course.at(passed) == pytest.approx(elapsed(span, on, count=count, workdays=workdays))


def test_phased_targets_are_lines_or_steps() -> None:
    targets = {date(2026, 7, 31): 0.1, date(2026, 8, 31): 0.5, date(2026, 9, 30): 1}
    lines = PhasedProfile(targets).course(FIRST, LAST, END)
    steps = PhasedProfile(targets, shape="step").course(FIRST, LAST, END)
    assert [lines.at(day / 92) for day in (31, 62, 92)] == pytest.approx([0.1, 0.5, 1])
    assert lines.at(46.5 / 92) == pytest.approx(0.3)
    assert [steps.at(day / 92) for day in (30, 31, 61, 62, 91, 92)] == [0, 0.1, 0.1, 0.5, 0.5, 1]
    assert steps.when(0.1) == pytest.approx(62 / 92)
    assert steps.when(0.3) == pytest.approx(62 / 92)


def test_a_target_before_the_first_day_is_where_it_begins_and_one_after_the_last_does_not_delay_the_end() -> None:
    profile = PhasedProfile([(date(2026, 6, 30), 0.2), (date(2026, 12, 31), 1)])
    course = profile.course(FIRST, LAST, END)
    assert course.at(0.001) == pytest.approx(0.2, abs=0.001)
    assert course.at(0.5) == pytest.approx(0.2 + 0.8 * 46 / 184)
    assert course.at(1) == 1
    assert course.when(0.9) == 1
    assert course.when(0.1) == 0


def test_targets_may_be_values_of_a_metric() -> None:
    falling = PhasedProfile.toward(Decrease(start=20, target=0), [(date(2026, 8, 1), 10), (date(2026, 9, 1), "0")])
    assert falling.targets == ((date(2026, 8, 1), 0.5), (date(2026, 9, 1), 1.0))
    assert problem_of(lambda: PhasedProfile.toward("metric", {})) == ("", "wrong_kind")  # type: ignore[arg-type] # refused
    over = {date(2026, 8, 1): 30}
    assert problem_of(lambda: PhasedProfile.toward(Increase(start=0, target=20), over)) == (
        "targets[0]",
        "out_of_range",
    )


def test_seasons_bring_their_share_of_the_way() -> None:
    course = SeasonalProfile([0, 1, 3])
    assert [course.at(part / 3) for part in range(4)] == pytest.approx([0, 0, 0.25, 1])
    assert course.when(0) == pytest.approx(1 / 3)


def test_a_flat_stretch_is_earned_at_its_later_end() -> None:
    course = Points([(0, 0), (1 / 3, 0.5), (2 / 3, 0.5), (1, 1)])
    assert course.when(0.5) == pytest.approx(2 / 3)
    assert isinstance(course, Course)


# -- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (lambda: PhasedProfile([(FIRST, 0.5), (LAST, 0.4)]), ("targets", "ends_short")),
        (lambda: PhasedProfile([(FIRST, 0.5), (date(2026, 8, 1), 0.4), (LAST, 1)]), ("targets", "falls")),
        (lambda: PhasedProfile([]), ("targets", "ends_short")),
        (lambda: PhasedProfile([(FIRST, 1), (FIRST, 1)]), ("targets[1]", "duplicate_day")),
        (lambda: PhasedProfile([(FIRST, 2)]), ("targets[0]", "out_of_range")),
        (lambda: PhasedProfile([FIRST]), ("targets[0]", "not_a_pair")),  # type: ignore[list-item] # refused
        (lambda: PhasedProfile("soon"), ("targets", "not_a_list")),  # type: ignore[arg-type] # refused
        (lambda: PhasedProfile([(LAST, 1)], shape="curve"), ("shape", "unknown_choice")),
        (lambda: SCurveProfile(k=2), ("", "falls")),
        (lambda: SCurveProfile(c=1, k=100), ("", "falls")),
        (lambda: SCurveProfile(k=-5), ("", "falls")),
        (lambda: SCurveProfile(c="x"), ("c", "not_a_number")),
        (lambda: LoadedProfile(0), ("exponent", "out_of_range")),
        (lambda: LoadedProfile(101), ("exponent", "out_of_range")),
        (lambda: SeasonalProfile([0, 0]), ("weights", "no_weight")),
        (lambda: SeasonalProfile([1, -1]), ("weights[1]", "negative_weight")),
        (lambda: SeasonalProfile("12"), ("weights", "not_a_list")),
        (lambda: WorkdayProfile("week"), ("workdays", "wrong_kind")),  # type: ignore[arg-type] # refused
        (lambda: Profile.from_dict([]), ("", "wrong_kind")),  # type: ignore[arg-type] # refused
        (lambda: Profile.from_dict({"kind": "linaer"}), ("kind", "unknown_choice")),
        (lambda: Profile.from_dict({}), ("kind", "unknown_choice")),
        (lambda: Profile.from_dict({"kind": "linear", "k": 1}), ("k", "unknown_field")),
        (lambda: Profile.from_dict({"kind": "linear", 7: 1}), ("", "unknown_field")),  # type: ignore[dict-item] # refused
        (lambda: Profile.from_dict({"kind": "loaded"}), ("exponent", "missing_field")),
        (lambda: Profile.from_dict({"kind": "workdays", "workdays": {"days": 5}}), ("workdays", "unknown_field")),
    ],
)
def test_what_is_no_profile_is_refused(make: Any, found: tuple[str, str]) -> None:
    assert problem_of(make) == found


def test_a_work_calendar_of_ones_own_cannot_be_written_down() -> None:
    class EveryDay:
        def is_workday(self, on: date) -> bool:
            return on.year > 0

    profile = WorkdayProfile(EveryDay())
    assert profile.course(FIRST, LAST, END).at(0.5) == 0.5
    assert problem_of(profile.to_dict) == ("workdays", "not_plain_data")


def test_an_s_curve_ends_with_all_of_the_way() -> None:
    assert SCurveProfile().at(1) == 1
