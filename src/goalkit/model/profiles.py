"""How much of the way is expected by when: profiles, from nothing on the first day to all of it on the last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import accumulate
from typing import ClassVar, Final, final

from attrs import field, frozen

from ..calendars import DayCount, WorkCalendar
from ..calendars.workdays import work_calendar
from ..errors import InvalidValue, shown
from ..quantities import TOLERANCE, Number, number, plain, weight
from ..values import checked
from .courses import PROFILES, Course, Points, Profile
from .phased import PhasedProfile, PhaseShape

__all__ = [
    "PROFILES",
    "LinearProfile",
    "LoadedProfile",
    "PhaseShape",
    "PhasedProfile",
    "Profile",
    "SCurveProfile",
    "SeasonalProfile",
    "WorkdayProfile",
]

# Halving so often is finer than a float.
_HALVINGS: Final = 60


class _Timeless(Profile, Course):
    """A profile that is the same in every period."""

    __slots__ = ()

    def course(self, first_day: date, last_day: date, count: DayCount) -> Course:  # noqa: ARG002 - it needs no days
        """
        Return itself: it is the same in every period.

        Args:
            first_day: The first day.
            last_day: The last day.
            count: What is counted as passed on a day.
        """
        return self


@final
@frozen
class LinearProfile(_Timeless):
    """
    The same share of the way every day.

    Example:
        >>> LinearProfile().at(0.25)
        0.25
    """

    kind: ClassVar[str] = "linear"

    def at(self, elapsed: float) -> float:
        """
        Return as much of the way as of the time.

        Args:
            elapsed: How much of the time has passed, 0 to 1.
        """
        return elapsed

    def when(self, share: float) -> float:
        """
        Return as much of the time as of the way.

        Args:
            share: The share, 0 to 1.
        """
        return share

    def describe(self) -> str:
        """Return what is expected, in a few words."""
        return "linear"


def _work_calendar(value: WorkCalendar | None) -> WorkCalendar:
    return work_calendar(value)


@final
@checked
@frozen
class WorkdayProfile(Profile):
    """
    The same share of the way every working day, and nothing on other days.

    In a period without a working day, every day counts.

    Attributes:
        workdays: Which days are worked; Monday to Friday without one.

    Raises:
        InvalidValue: ``wrong_kind`` if it does not say which days are worked.

    Example:
        >>> week = WorkdayProfile().course(date(2026, 8, 10), date(2026, 8, 16), DayCount.END_OF_DAY)
        >>> week.at(5 / 7)
        1.0
    """

    kind: ClassVar[str] = "workdays"
    workdays: WorkCalendar = field(default=None, converter=_work_calendar)

    def course(self, first_day: date, last_day: date, count: DayCount) -> Course:
        """
        Return what is expected within a period.

        Args:
            first_day: The first day.
            last_day: The last day.
            count: What is counted as passed on a day.
        """
        days = (last_day - first_day).days + 1
        worked = [*accumulate(int(self.workdays.is_workday(first_day + timedelta(at))) for at in range(days))]
        whole = worked[-1]
        if not whole or days == 1:
            return LinearProfile()
        if count is not DayCount.CLOSED:
            return Points([(0.0, 0.0), *((at / days, done / whole) for at, done in enumerate(worked, 1))])
        if whole == 1:
            return Points([(0.0, 0.0), *((at / (days - 1), float(done)) for at, done in enumerate(worked))], steps=True)
        return Points([(at / (days - 1), max(done - 1, 0) / (whole - 1)) for at, done in enumerate(worked)])

    def describe(self) -> str:
        """Return what is expected, in a few words."""
        return "by working days"


def _number(value: Number) -> float:
    return float(number(value))


@final
@checked
@frozen(kw_only=True)
class SCurveProfile(_Timeless):
    """
    Slowly at first, then faster, then slowly again.

    It is ``y = x + c·x² − c·x − (6x³ − 9x² + 3x)/k``, the curve of the British health department for the cost
    of buildings (Hudson and Maunick, 1974), with constants that they published. With ``c=0, k=3`` it is
    ``3x² − 2x³``.

    Attributes:
        c: How much the middle is shifted.
        k: How flat the curve is, 3 or more.

    Raises:
        InvalidValue: ``falls`` if the curve falls somewhere.

    Example:
        >>> round(SCurveProfile().at(0.5), 4)
        0.4665
    """

    kind: ClassVar[str] = "s_curve"
    c: float = field(default=0.134, converter=_number)
    k: float = field(default=3.884, converter=_number)

    def __attrs_post_init__(self) -> None:
        # Its slope is a parabola that is open below, so that it is least at an end: 1 ∓ c − 3/k.
        if self.k <= 0 or 3 / self.k > 1 - abs(self.c) + TOLERANCE:
            message = f"with c {plain(number(self.c))} and k {plain(number(self.k))} the curve falls somewhere"
            raise InvalidValue.of("falls", message, hint="3/k may be 1 - |c| at the most")

    def at(self, elapsed: float) -> float:
        """
        Return the share of the way that is expected.

        Args:
            elapsed: How much of the time has passed, 0 to 1.
        """
        x = elapsed
        if x >= 1:
            return 1.0
        return min(max(x + self.c * x * x - self.c * x - (6 * x**3 - 9 * x * x + 3 * x) / self.k, 0.0), 1.0)

    def when(self, share: float) -> float:
        """
        Return by when a share of the way is expected.

        Args:
            share: The share, 0 to 1.
        """
        low, high = 0.0, 1.0
        if share <= low or share >= high:
            return low if share <= low else high
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            if self.at(middle) <= share:
                low = middle
            else:
                high = middle
        return low

    def describe(self) -> str:
        """Return what is expected, in a few words."""
        return "an S-curve"


def _exponent(value: Number) -> float:
    got = number(value)
    if not 1 <= got * 100 <= 100 * 100:
        hint = "give 2 for a late end, 0.5 for an early start"
        raise InvalidValue.of("out_of_range", f"an exponent of {plain(got)} is not within 0.01 and 100", hint=hint)
    return float(got)


@final
@checked
@frozen
class LoadedProfile(_Timeless):
    """
    Most of the way at the end, or at the beginning: the time that has passed, to a power.

    Attributes:
        exponent: More than 1 for most of it at the end, less for most of it at the beginning; from
            0.01 to 100.

    Raises:
        InvalidValue: If the exponent is no number, or ``out_of_range``.

    Example:
        >>> LoadedProfile(2).at(0.5), LoadedProfile(0.5).at(0.25)
        (0.25, 0.5)
    """

    kind: ClassVar[str] = "loaded"
    exponent: float = field(converter=_exponent)

    def at(self, elapsed: float) -> float:
        """
        Return the share of the way that is expected.

        Args:
            elapsed: How much of the time has passed, 0 to 1.
        """
        raised: float = elapsed**self.exponent
        return raised

    def when(self, share: float) -> float:
        """
        Return by when a share of the way is expected.

        Args:
            share: The share, 0 to 1.
        """
        root: float = min(max(share, 0.0), 1.0) ** (1 / self.exponent)
        return root

    def describe(self) -> str:
        """Return what is expected, in a few words."""
        return f"time to the power of {plain(number(self.exponent))}"


def _weights(value: Iterable[Number]) -> tuple[float, ...]:
    if isinstance(value, (str, Mapping)) or not isinstance(value, Iterable):
        raise InvalidValue.of("not_a_list", f"{shown(value)} is not a list of weights", hint="give one for each part")
    found = []
    for at, item in enumerate(value):
        try:
            found.append(weight(item))
        except InvalidValue as error:
            raise error.under(f"[{at}]") from None
    if not any(found):
        raise InvalidValue.of("no_weight", "the parts weigh nothing", hint="give some part a weight")
    return tuple(found)


@final
@checked
@frozen
class SeasonalProfile(_Timeless):
    """
    Parts of equal length, such as the months of a year, of which some bring more of the way than others.

    Attributes:
        weights: The weight of each part, 0 or more; only proportions matter.

    Raises:
        InvalidValue: If a weight is refused, or all of them are 0 (``no_weight``).

    Example:
        >>> SeasonalProfile([1, 1, 2, 4]).at(0.5)
        0.25
    """

    kind: ClassVar[str] = "seasonal"
    weights: tuple[float, ...] = field(converter=_weights)
    _points: Points = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        whole, parts = sum(self.weights), len(self.weights)
        done = accumulate(self.weights)
        points = [(0.0, 0.0), *((at / parts, min(share / whole, 1.0)) for at, share in enumerate(done, 1))]
        object.__setattr__(self, "_points", Points(points))

    def at(self, elapsed: float) -> float:
        """
        Return the share of the way that is expected.

        Args:
            elapsed: How much of the time has passed, 0 to 1.
        """
        return self._points.at(elapsed)

    def when(self, share: float) -> float:
        """
        Return by when a share of the way is expected; where nothing is expected for a while, the end of that.

        Args:
            share: The share, 0 to 1.
        """
        return self._points.when(share)

    def describe(self) -> str:
        """Return what is expected, in a few words."""
        return f"in {len(self.weights)} parts of their own weights"


PROFILES.update(
    (profile.kind, profile)
    for profile in (LinearProfile, WorkdayProfile, PhasedProfile, SCurveProfile, LoadedProfile, SeasonalProfile)
)
