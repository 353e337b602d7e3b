"""The parts of a process behaviour chart: limits, points and signals."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final, final

from attrs import frozen

from ..model.kpis import Direction
from ..model.progress import Reason
from ..quantities import TOLERANCE


class Meaning(StrEnum):
    """
    What a signal says about a measure of which it is known which way is better.

    Example:
        >>> Meaning("concern") is Meaning.CONCERN
        True
    """

    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    NEUTRAL = "neutral"  # nobody has said which way is better, or the signal has no side


class Assurance(StrEnum):
    """
    Whether a process that goes on as it does can be relied on to meet its target.

    Example:
        >>> Assurance("hit_or_miss") is Assurance.HIT_OR_MISS
        True
    """

    CONSISTENTLY_PASSES = "consistently_passes"
    CONSISTENTLY_FAILS = "consistently_fails"
    HIT_OR_MISS = "hit_or_miss"


def meaning_of(side: int, direction: Direction | None) -> Meaning:
    """
    Return what a signal means.

    Args:
        side: 1 above or rising, -1 below or falling, 0 where there is no side.
        direction: Which way is better; within bands neither is.

    Example:
        >>> meaning_of(-1, Direction.DOWN).value
        'improvement'
    """
    if not side or direction not in BETTER:
        return Meaning.NEUTRAL
    return Meaning.IMPROVEMENT if side == BETTER[direction] else Meaning.CONCERN


#: Which side of the centre is better, where one is.
BETTER: Final[dict[Direction | None, int]] = {Direction.UP: 1, Direction.DOWN: -1}
#: What signals may mean, the worst first.
WORST_FIRST: Final = (Meaning.CONCERN, Meaning.IMPROVEMENT, Meaning.NEUTRAL)


@final
@frozen(kw_only=True)
class XmrSignal:
    """
    A signal: something that is too unlikely to be noise.

    Attributes:
        index: The index of the value at which it was first seen.
        rule: The name of the rule that found it.
        side: 1 above or rising, -1 below or falling, 0 where there is no side.
        members: The indexes of all the values that make it up, in order, those after ``index`` included.
        meaning: Whether it is good news.

    Example:
        >>> print(XmrSignal(index=9, rule="run_of_8", side=1, members=tuple(range(2, 12)), meaning=Meaning.NEUTRAL))
        run of 8, high, from 2 to 11: neutral
    """

    index: int
    rule: str
    side: int
    members: tuple[int, ...]
    meaning: Meaning

    def __str__(self) -> str:
        first, last = self.members[0], self.members[-1]
        span = f"at {first}" if first == last else f"from {first} to {last}"
        side = _SIDES[self.rule.startswith("trend")].get(self.side, "")
        return f"{self.rule.replace('_', ' ')}, {side}{span}: {self.meaning.value}"


_SIDES: Final = ({1: "high, ", -1: "low, "}, {1: "up, ", -1: "down, "})


@final
@frozen(kw_only=True)
class XmrSegment:
    """
    Values under the same limits. Where fewer than two stand behind them there are none, and all are None.

    Attributes:
        first: The index of its first value.
        last: The index of its last value, or gap.
        count: How many values stand behind the limits.
        centre: Their mean.
        average_range: The average of their moving ranges, the mean or the median, perhaps after screening.
        lower: The lower limit.
        upper: The upper limit.
        range_limit: The limit of moving ranges.
        trial: Whether so few values stand behind the limits that they are not to be relied on.
        reason: Why there are no limits, ``too_few``; None where there are.

    Example:
        >>> from goalkit.analysis.xmr import xmr
        >>> segment = xmr([10, 12, 11, 13]).segments[0]
        >>> round(segment.lower, 2), segment.centre, round(segment.upper, 2), segment.trial
        (7.07, 11.5, 15.93, True)
    """

    first: int
    last: int
    count: int
    centre: float | None = None
    average_range: float | None = None
    lower: float | None = None
    upper: float | None = None
    range_limit: float | None = None
    trial: bool = True
    reason: Reason | None = None

    @property
    def slack(self) -> float:
        """By how much a value may miss a line and still be on it; nothing where there are no lines."""
        if self.centre is None or self.upper is None:
            return 0.0
        return slack_of(self.centre, self.upper - self.centre)

    @property
    def lines(self) -> tuple[float | None, float | None, float | None]:
        """The lower limit, the centre and the upper limit."""
        return self.lower, self.centre, self.upper

    def side_of(self, value: float) -> int:
        """
        Return on which side of the centre a value is: 1 above, -1 below, 0 on it, or where there is none.

        Args:
            value: The value.
        """
        if self.centre is None or abs(value - self.centre) <= self.slack:
            return 0
        return 1 if value > self.centre else -1

    def assurance(self, target: float, better: int) -> Assurance | None:
        """
        Return whether the process can be relied on to meet a target; None without limits.

        Args:
            target: The target.
            better: 1 where more is better, -1 where less is.
        """
        if self.lower is None or self.upper is None:
            return None
        above, below = target > self.upper + self.slack, target < self.lower - self.slack
        if not above and not below:
            return Assurance.HIT_OR_MISS
        return Assurance.CONSISTENTLY_FAILS if above == (better > 0) else Assurance.CONSISTENTLY_PASSES


@final
@frozen(kw_only=True)
class XmrPoint:
    """
    A value on the chart, with all that is needed to draw it.

    Attributes:
        index: Its index among the values that were given.
        label: What it is called there, mostly its day; None without labels.
        value: The value.
        moving_range: How far it is from the one before; None for the first of a segment.
        side: 1 above the centre, -1 below it, 0 on it, or where there is none.
        segment: The number of its segment, from 0.
        rules: The names of the rules of the signals that it is a part of.
        meaning: What they mean, concern before improvement before neutral; None without a signal.

    Example:
        >>> from goalkit.analysis.xmr import xmr
        >>> xmr([10, 12, 11, 13, 12, 11, 10, 12, 25], direction="down").points[8].meaning.value
        'concern'
    """

    index: int
    label: date | str | None
    value: float
    moving_range: float | None
    side: int
    segment: int
    rules: tuple[str, ...]
    meaning: Meaning | None


def slack_of(centre: float, reach: float) -> float:
    """
    Return by how much a value may miss a line and still be on it.

    It is the tolerance, 1e-9, as a part of the way from the centre to a limit, so that no signal depends
    on the unit; and never less than the noise of floats, 1e-12 of what the limits are at most.

    Args:
        centre: The centre.
        reach: How far the limits are from it.

    Example:
        >>> slack_of(5.0, 2.0)
        2e-09
    """
    return max(TOLERANCE * reach, _NOISE * (abs(centre) + reach))


_NOISE: Final = 1e-12
