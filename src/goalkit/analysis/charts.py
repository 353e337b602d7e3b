"""What a process behaviour chart shows as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any, Final, NamedTuple, final

from ..model.kpis import Direction
from ..model.progress import Reason
from ..quantities import EXACT, Number, number, plain
from ..values import choice
from . import tables
from .signals import Runs
from .xmr_parts import BETTER, WORST_FIRST, Assurance, XmrPoint, XmrSegment, XmrSignal


class Readings(NamedTuple):
    """
    The values of a chart.

    Attributes:
        values: Those that there are, in order.
        indexes: The index of each.
        size: How many there are with the gaps.
        total: Their sum, where it is known.

    Example:
        >>> Readings((1.0, 3.0), (0, 2), 3).size
        3
    """

    values: tuple[float, ...]
    indexes: Sequence[int]
    size: int
    total: float | None = None


@final
class Xmr:
    """
    A process behaviour chart; what is said of it as a whole is said of its last segment.

    Attributes:
        segments: The values by the limits that they are under.
        signals: Everything that is no noise, by where it was first seen.
        direction: Which way is better; None where nobody has said.
        target: The target; None without one.

    Example:
        >>> from goalkit.analysis.xmr import xmr
        >>> print(xmr([10, 12, 11, None, 12, 40], direction="down", baseline=4))
        at  value  range    lower  centre    upper  signals
        0      10         7.70333   11.25  14.7967
        1      12      2  7.70333   11.25  14.7967
        2      11      1  7.70333   11.25  14.7967
        4      12      1  7.70333   11.25  14.7967
        5      40     28  7.70333   11.25  14.7967  beyond_limit: concern
    """

    __slots__ = ("_bounds", "_labels", "_readings", "direction", "segments", "signals", "target")

    def __init__(
        self,
        readings: Readings,
        bounds: Sequence[int],
        *,
        segments: Sequence[XmrSegment],
        signals: Sequence[XmrSignal],
        direction: Direction | None,
        target: Decimal | None,
        labels: Sequence[date | str] | None,
    ) -> None:
        self._readings: Final = readings
        self._bounds: Final = bounds
        self._labels: Final = labels
        self.segments: Final = tuple(segments)
        self.signals: Final = tuple(signals)
        self.direction: Final = direction
        self.target: Final = target

    @property
    def centre(self) -> float | None:
        """The mean of the values behind the limits; None where there are too few."""
        return self.segments[-1].centre

    @property
    def lower(self) -> float | None:
        """The lower limit; None where there are too few values."""
        return self.segments[-1].lower

    @property
    def upper(self) -> float | None:
        """The upper limit; None where there are too few values."""
        return self.segments[-1].upper

    @property
    def range_limit(self) -> float | None:
        """The limit of moving ranges; None where there are too few values."""
        return self.segments[-1].range_limit

    @property
    def trial(self) -> bool:
        """Whether so few values stand behind the limits that they are not to be relied on."""
        return self.segments[-1].trial

    @property
    def reason(self) -> Reason | None:
        """Why there are no limits, ``too_few``; None where there are."""
        return self.segments[-1].reason

    @property
    def moving_ranges(self) -> tuple[float | None, ...]:
        """How far each value is from the one before; None for gaps and for the first of each segment."""
        values, indexes, size, _ = self._readings
        ranges: list[float | None] = [None] * size
        for start, stop in pairwise(self._bounds):
            for at in range(start + 1, stop):
                ranges[indexes[at]] = abs(values[at] - values[at - 1])
        return tuple(ranges)

    @property
    def points(self) -> tuple[XmrPoint, ...]:
        """The values with all that is needed to draw them, without the gaps."""
        ranges = self.moving_ranges
        found: dict[int, list[XmrSignal]] = {}
        for signal in self.signals:
            for index in signal.members:
                found.setdefault(index, []).append(signal)
        points = []
        for number_of, (start, stop) in enumerate(pairwise(self._bounds)):
            segment = self.segments[number_of]
            for at in range(start, stop):
                index, value = self._readings.indexes[at], self._readings.values[at]
                signals = found.get(index, ())
                points.append(
                    XmrPoint(
                        index=index,
                        label=None if self._labels is None else self._labels[index],
                        value=value,
                        moving_range=ranges[index],
                        side=segment.side_of(value),
                        segment=number_of,
                        rules=tuple(signal.rule for signal in signals),
                        meaning=min((signal.meaning for signal in signals), key=WORST_FIRST.index, default=None),
                    )
                )
        return tuple(points)

    @property
    def runs(self) -> Runs | None:
        """How the values of the last segment lie about its centre; None where there are too few."""
        segment = self.segments[-1]
        if segment.centre is None:
            return None
        return Runs.of(self._readings.values[self._bounds[-2] :], segment.centre, segment.slack)

    def assurance(self, target: Number | None = None, direction: Direction | str | None = None) -> Assurance | None:
        """
        Return whether the process can be relied on to meet a target, as long as it goes on as it does.

        It can where the whole way between the limits is on the good side of the target, as in NHS
        England's Making Data Count; a limit that is the target is not enough.

        Args:
            target: The target; without one, the chart's.
            direction: Which way is better; without one, the chart's.

        Returns:
            None without limits, a target, or a way that is better.

        Raises:
            InvalidValue: If the target is not a number, or there is no such direction.

        Example:
            >>> from goalkit.analysis.xmr import xmr
            >>> chart = xmr([80, 78, 82, 79, 81, 80], direction="up")
            >>> [chart.assurance(target).value for target in (95, 80, 60)]
            ['consistently_fails', 'hit_or_miss', 'consistently_passes']
        """
        wanted = self.target if target is None else number(target)
        better = BETTER.get(self.direction if direction is None else choice(Direction, direction))
        return None if wanted is None or better is None else self.segments[-1].assurance(float(wanted), better)

    def to_dicts(self) -> list[dict[str, Any]]:
        """
        Return a flat dict for each value, ready for JSON or a dataframe.

        Example:
            >>> from goalkit.analysis.xmr import xmr
            >>> xmr([10, 12, 11], days=["mon", "tue", "wed"]).to_dicts()[1]["label"]
            'tue'
        """
        rows = []
        for point in self.points:
            segment = self.segments[point.segment]
            rows.append(
                {
                    "index": point.index,
                    "label": _label(point),
                    "value": point.value,
                    "moving_range": point.moving_range,
                    "centre": segment.centre,
                    "lower": segment.lower,
                    "upper": segment.upper,
                    "range_limit": segment.range_limit,
                    "trial": segment.trial,
                    "side": point.side,
                    "rules": list(point.rules),
                    "meaning": None if point.meaning is None else point.meaning.value,
                }
            )
        return rows

    def __str__(self) -> str:
        return tables.as_text(_HEAD, self._cells(), _RIGHT)

    def _repr_html_(self) -> str:
        return tables.as_html(_HEAD, self._cells(), _RIGHT)

    def __repr__(self) -> str:
        values, signals = len(self._readings.values), len(self.signals)
        return f"<Xmr of {values} value{'s' * (values != 1)}, {signals} signal{'s' * (signals != 1)}>"

    def _cells(self) -> list[tuple[str, ...]]:
        return [
            (
                _label(point) or str(point.index),
                *map(_figure, (point.value, point.moving_range)),
                *map(_figure, self.segments[point.segment].lines),
                ", ".join(point.rules) + (f": {point.meaning.value}" if point.meaning else ""),
            )
            for point in self.points
        ]


_HEAD: Final = ("at", "value", "range", "lower", "centre", "upper", "signals")
_RIGHT: Final = frozenset(range(1, 6))
_DIGITS: Final = 6


def _label(point: XmrPoint) -> str | None:
    return point.label.isoformat() if isinstance(point.label, date) else point.label


def _figure(value: float | None) -> str:
    """Write a figure with at most six digits, more only before the point."""
    if value is None:
        return ""
    exact = Decimal(float.__repr__(value))
    places = max(_DIGITS - 1 - exact.adjusted(), 0)
    rounded = exact.quantize(Decimal((0, (1,), -places)), rounding=ROUND_HALF_UP, context=EXACT)
    return plain(rounded.normalize(EXACT)) if rounded else "0"
