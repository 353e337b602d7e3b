"""How a goal's progress compares with what is expected of it by a day."""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil
from typing import Final, final

from attrs import field, frozen

from ..calendars import DayCount
from ..model.courses import Course, Profile
from ..quantities import TOLERANCE


@frozen(kw_only=True)
class Pace:
    """
    A goal's progress against what is expected of it by a day; what cannot be known is None.

    Attributes:
        expected: The share of the way that is expected by the day, 0 to 1.
        progress: The share that was gone, as the roll-up has it.
        gap: Expected minus progress: more than 0 is behind, less is ahead.
        ratio: Progress over expected; None while nothing is expected.
        days_behind: How many days before this one the progress would have been as expected (earned schedule);
            negative where it is ahead.
        earned_day: The day by which the progress was expected.
        speed: The time that was earned over the time that has passed: 1 is as expected.
        projected_end: The day on which all of the way will be gone at that speed; None where it is gone.
        rate: The progress per day so far.
        needed_rate: The progress per day that is needed from here to be done on the last day.
        days_left: How many days are left, 0 from the last day on.
        expected_value: The value that is expected by the day, for metrics from a start to a target.

    Example:
        >>> from goalkit import CheckIn, Cycle, Increase, KeyResult, Plan, assess
        >>> sales = KeyResult(id="sales", title="Sell 92", cycle="2026-Q3", metric=Increase(start=0, target=92))
        >>> plan = Plan.of(Cycle.quarter(2026, 3), sales, CheckIn(goal="sales", on="2026-08-14", value=23))
        >>> pace = assess(plan, as_of=date(2026, 8, 15))["sales"].pace
        >>> pace.expected, pace.gap, pace.days_behind, pace.earned_day.isoformat()
        (0.5, 0.25, 23.0, '2026-07-23')
    """

    expected: float | None = None
    progress: float | None = None
    gap: float | None = None
    ratio: float | None = None
    days_behind: float | None = None
    earned_day: date | None = None
    speed: float | None = None
    projected_end: date | None = None
    rate: float | None = None
    needed_rate: float | None = None
    days_left: int | None = None
    expected_value: float | None = None


@final
@frozen
class Clock:
    """
    How much of a period has passed on a day, and what is expected by then.

    Attributes:
        first_day: The first day of the period.
        last_day: The last day.
        as_of: The day.
        count: What is counted as passed on a day.
        course: What is expected within the period.
        whole: How many days there are to pass.
        passed: How many days have passed; they go on after the end. Negative, or 0, before the beginning.
        elapsed: How much of the time has passed, 0 to 1.
        expected: The share of the way that is expected by the day.

    Example:
        >>> from goalkit.model.profiles import LinearProfile
        >>> days = date(2026, 7, 1), date(2026, 9, 30), date(2026, 8, 15)
        >>> Clock.of(*days, DayCount.END_OF_DAY, LinearProfile()).expected
        0.5
    """

    first_day: date
    last_day: date
    as_of: date
    count: DayCount
    course: Course
    whole: int = field(init=False)
    passed: int = field(init=False)
    elapsed: float = field(init=False)
    expected: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        one_day = self.first_day == self.last_day
        whole = max((self.last_day - self.first_day).days + (self.count is not DayCount.CLOSED), 1)
        passed = (self.as_of - self.first_day).days + (self.count is DayCount.END_OF_DAY or one_day)
        elapsed = min(passed / whole, 1.0)
        if self.as_of < self.first_day or self.as_of > self.last_day:
            elapsed = float(self.as_of > self.last_day)
        elif one_day and self.count is DayCount.START_OF_DAY:
            elapsed = 0.0
        for name, got in (("whole", whole), ("passed", passed), ("elapsed", elapsed)):
            object.__setattr__(self, name, got)
        object.__setattr__(self, "expected", self.course.at(elapsed))

    @classmethod
    def of(cls, first_day: date, last_day: date, as_of: date, count: DayCount, profile: Profile) -> Clock:
        """
        Return the clock of a period under a profile.

        Args:
            first_day: The first day of the period.
            last_day: The last day.
            as_of: The day.
            count: What is counted as passed on a day.
            profile: How much is expected by when.
        """
        return cls(first_day, last_day, as_of, count, profile.course(first_day, last_day, count))

    def earned(self, progress: float) -> float:
        """
        Return how many days it should have taken to come so far.

        Args:
            progress: The share of the way that was gone.
        """
        expected, now = self.expected, self.elapsed * self.whole
        if abs(expected - progress) <= TOLERANCE:
            return now if progress < 1 else float(self.whole)
        days = self.course.when(min(max(progress, 0.0), 1.0)) * self.whole
        # What is asked for a while can be earned before that while begins, and after it ends.
        return min(days, now) if progress < expected else max(days, now)

    def behind(self, progress: float) -> float:
        """
        Return how many days a goal is behind, or ahead where they are negative.

        Args:
            progress: The share of the way that was gone.
        """
        if abs(self.expected - progress) <= TOLERANCE or (progress >= 1 and self.elapsed >= 1):
            return 0.0
        now = self.passed if self.as_of > self.last_day else self.elapsed * self.whole
        return now - self.earned(progress)

    def day(self, days: float) -> date | None:
        """
        Return the day on which so many days have passed; None where there is no such day.

        Args:
            days: How many, 0 or more.
        """
        after = ceil(days - TOLERANCE) - (self.count is DayCount.END_OF_DAY)
        try:
            return self.first_day + timedelta(max(after, 0))
        except OverflowError:
            return None

    def projected(self, progress: float) -> date | None:
        """
        Return the day on which all of the way will be gone at the speed so far; None where nobody can tell.

        Args:
            progress: The share of the way that was gone.
        """
        earned = self.earned(progress)
        if self.passed <= 0 or earned <= 0 or progress >= 1:
            return None
        try:
            whole = ceil(self.passed * self.whole / earned - TOLERANCE) - (self.count is not DayCount.CLOSED)
            return self.first_day + timedelta(max(whole, 0))
        except OverflowError:
            return None

    def pace(self, progress: float | None, span: tuple[float, float] | None = None) -> Pace:
        """
        Return how some progress compares with what is expected.

        Args:
            progress: The share of the way that was gone; None where it is unknown.
            span: The start and the target, for metrics that go from one to the other.
        """
        expected = self.expected
        left = _left(self.as_of, self.first_day, self.last_day, self.count)
        value = None if span is None else span[0] + expected * (span[1] - span[0])
        if progress is None:
            return Pace(expected=expected, days_left=left, expected_value=value)
        earned, passed = self.earned(progress), self.passed
        return Pace(
            expected=expected,
            progress=progress,
            gap=expected - progress,
            ratio=progress / expected if expected > 0 else None,
            days_behind=self.behind(progress),
            earned_day=self.day(earned),
            speed=earned / passed if passed > 0 else None,
            projected_end=self.projected(progress),
            rate=progress / passed if passed > 0 else None,
            needed_rate=_needed(progress, left),
            days_left=left,
            expected_value=value,
        )


def due_pace(progress: float | None, due: date, as_of: date) -> Pace:
    """
    Return how a goal stands of which nothing is expected before its due day, and all from then on.

    Args:
        progress: The share of the way that was gone; None where it is unknown.
        due: The due day.
        as_of: The day.

    Example:
        >>> due_pace(0.0, date(2026, 9, 15), date(2026, 9, 17)).days_behind
        2.0
    """
    expected, left = float(as_of >= due), max((due - as_of).days, 0)
    if progress is None:
        return Pace(expected=expected, days_left=left)
    gap, late = expected - progress, float((as_of - due).days)
    is_early = progress >= 1 and late < 0
    return Pace(
        expected=expected,
        progress=progress,
        gap=gap,
        ratio=progress if expected else None,
        days_behind=late if is_early or gap > TOLERANCE else 0.0,
        earned_day=due if progress >= 1 else None,
        needed_rate=_needed(progress, left),
        days_left=left,
    )


def kept_pace(progress: float | None, days_left: int | None) -> Pace:
    """
    Return how a goal stands that is to be kept all the time.

    Args:
        progress: The share that was kept; None where it is unknown.
        days_left: How many days are left; None where nobody has said when it ends.

    Example:
        >>> kept_pace(0.0, 46).gap
        1.0
    """
    if progress is None:
        return Pace(expected=1.0, days_left=days_left)
    return Pace(expected=1.0, progress=progress, gap=1 - progress, ratio=progress, days_left=days_left)


def _left(as_of: date, first_day: date, last_day: date, count: DayCount) -> int:
    return max((last_day - max(as_of, first_day)).days + (count is DayCount.START_OF_DAY or as_of < first_day), 0)


def _needed(progress: float, days_left: int) -> float | None:
    if progress >= 1:
        return 0.0
    return (1 - progress) / days_left if days_left else None


#: The pace of a goal of which nothing can be said.
UNKNOWN: Final = Pace()
