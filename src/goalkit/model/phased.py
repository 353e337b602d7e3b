"""Profiles of dated targets: so much of the way by the end of that day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Any, ClassVar, Self, final

from attrs import field, frozen

from ..calendars import DayCount, day
from ..errors import InvalidValue, shown
from ..quantities import TOLERANCE, Number, fraction, percent
from ..values import checked, choice, instance
from .courses import Course, Points, Profile
from .linear import Metric


class PhaseShape(StrEnum):
    """
    What is expected between two dated targets.

    - ``linear``: a straight line from one to the next.
    - ``step``: the last one's, until the day of the next.

    Example:
        >>> PhaseShape("step") is PhaseShape.STEP
        True
    """

    LINEAR = "linear"
    STEP = "step"


def _shape(value: PhaseShape | str) -> PhaseShape:
    return choice(PhaseShape, value)


#: What is accepted as dated targets: a mapping from days, or pairs.
Targets = Mapping[date, Number] | Iterable[tuple[date, Number]]


def _pairs(value: Any, read: Any) -> tuple[tuple[date, Any], ...]:
    hint = "give pairs of a day and what is expected by then, such as [(date(2026, 7, 31), 0.3)]"
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise InvalidValue.of("not_a_list", f"{shown(value)} is not a list of targets", hint=hint)
    found: dict[date, Any] = {}
    for at, pair in enumerate(value.items() if isinstance(value, Mapping) else value):
        if not isinstance(pair, (tuple, list)) or len(pair) != len(("day", "share")):
            raise InvalidValue.of("not_a_pair", f"{shown(pair)} is not a dated target", path=f"[{at}]", hint=hint)
        try:
            on, got = day(pair[0]), read(pair[1])
        except InvalidValue as error:
            raise error.under(f"[{at}]") from None
        if on in found:
            message = f"there are two targets for {on}"
            raise InvalidValue.of("duplicate_day", message, path=f"[{at}]", hint="give one for each day")
        found[on] = got
    return tuple(sorted(found.items()))


def _targets(value: Targets) -> tuple[tuple[date, float], ...]:
    targets = _pairs(value, fraction)
    if not targets or not abs(targets[-1][1] - 1) <= TOLERANCE:
        message = "the last target is not all of the way" if targets else "there is no target"
        raise InvalidValue.of("ends_short", message, hint="end with 1, by the last day at the latest")
    for (_, before), (on, share) in pairwise(targets):
        if share < before:
            message = f"less is expected by {on} than before"
            raise InvalidValue.of("falls", message, hint="what is expected cannot fall from one day to the next")
    return targets


@final
@checked
@frozen
class PhasedProfile(Profile):
    """
    Dated targets: so much of the way by the end of that day.

    Whatever they say, all of the way is expected on the last day of the period.

    Attributes:
        targets: Days, and the share of the way that is expected by each; the last is 1.
        shape: What is expected between them: ``linear`` or ``step``.

    Raises:
        InvalidValue: If a target is refused, a day has two (``duplicate_day``), they fall (``falls``),
            or the last is not 1 (``ends_short``).

    Example:
        >>> PhasedProfile({date(2026, 7, 31): 0.1, date(2026, 9, 30): 1}, shape="step").describe()
        '10 % by 2026-07-31, 100 % by 2026-09-30'
    """

    kind: ClassVar[str] = "phased"
    targets: tuple[tuple[date, float], ...] = field(converter=_targets)
    shape: PhaseShape = field(default=PhaseShape.LINEAR, converter=_shape, kw_only=True)

    @classmethod
    def toward(cls, metric: Metric, values: Targets, *, shape: PhaseShape | str = PhaseShape.LINEAR) -> Self:
        """
        Make the profile from dated values of a metric, instead of shares of its way.

        Args:
            metric: What the values are of.
            values: Days, and the value that is expected by each; the last is the metric's target.
            shape: What is expected between them.

        Raises:
            InvalidValue: If the metric refuses a value, or what comes of them is no profile.

        Example:
            >>> from goalkit import Increase
            >>> values = [(date(2026, 7, 31), 10), (date(2026, 9, 30), 50)]
            >>> PhasedProfile.toward(Increase(start=0, target=50), values).describe()
            '20 % by 2026-07-31, 100 % by 2026-09-30'
        """
        asked = instance(Metric, metric, "give a metric such as Increase(start=0, target=10)")
        return cls(_pairs(values, lambda value: asked.raw(asked.read(value))), shape=shape)

    def course(self, first_day: date, last_day: date, count: DayCount) -> Course:
        """
        Return what is expected within a period.

        Args:
            first_day: The first day.
            last_day: The last day.
            count: What is counted as passed on a day.
        """
        closed = count is DayCount.CLOSED
        whole = max((last_day - first_day).days + (not closed), 1)
        points = [((on - first_day).days + (not closed), share) for on, share in self.targets]
        begun = max((share for at, share in points if at <= 0), default=0.0)
        later = [(at / whole, share) for at, share in points if at > 0]
        return Points([(0.0, begun), *later], steps=self.shape is PhaseShape.STEP)

    def describe(self) -> str:
        """Return what is expected, in a few words."""
        return ", ".join(f"{percent(share)} by {on}" for on, share in self.targets)
