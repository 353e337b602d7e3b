"""Progress by a table of values: what each of them is worth, and what lies between."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any, ClassVar, TypeAlias

from attrs import field, frozen

from ..errors import InvalidValue, Problem, shown
from ..quantities import Number, linear, number, percent, plain
from ..values import checked, choice
from .linear import Metric


class CurveShape(StrEnum):
    """
    What lies between two points: a straight line, or the lesser of the two until the better is reached.

    Example:
        >>> CurveShape("step") is CurveShape.STEP
        True
    """

    LINEAR = "linear"
    STEP = "step"


#: What is accepted where the points of a curve belong: the progress of each value, or pairs of both.
Points: TypeAlias = "Mapping[Any, Number] | Iterable[tuple[Number, Number]]"


def _points(value: Points) -> tuple[tuple[Decimal, float], ...]:
    hint = "give the progress of each value, such as {0: 0, 50: 0.4, 100: 1}"
    given: object = value
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        raise InvalidValue.of("not_points", f"{shown(given)} is not a table of points", hint=hint)
    pairs: list[object] = [*given.items()] if isinstance(given, Mapping) else [*given]
    points: dict[Decimal, float] = {}
    problems: list[Problem] = []
    for at, pair in enumerate(pairs):
        try:
            if not isinstance(pair, (list, tuple)) or len(pair) != 2:  # noqa: PLR2004 - a pair
                raise InvalidValue.of("not_points", f"{shown(pair)} is not a value and its progress", hint=hint)
            measured, progress = number(pair[0]), float(number(pair[1])) or 0.0
            if points.setdefault(measured, progress) != progress:
                raise InvalidValue.of("two_answers", f"{plain(measured)} has two answers", hint="leave one out")
        except InvalidValue as error:
            problems += error.under(f"[{at}]").problems
    if problems:
        raise InvalidValue(*problems)
    return tuple(sorted(points.items()))


def _shape(value: CurveShape | str) -> CurveShape:
    return choice(CurveShape, value)


@checked
@frozen
class Curve(Metric):
    """
    A value whose progress is read from a table, such as checkpoints with a score, or a payout curve.

    Between two points progress lies on the straight line; with ``shape="step"`` it is the lesser of
    the two until the better one is reached. Beyond the first and the last point it is theirs. It only
    rises or only falls from point to point.

    Attributes:
        points: The points by value: each value with its progress, 1.0 for all of the way.
        shape: What lies between the points: ``linear`` or ``step``.

    Raises:
        InvalidValue: If a number is refused, there are not two points (``missing_field``), a value has
            two answers (``two_answers``), all points have the same progress (``zero_span``), or it
            rises and falls (``not_monotone``).

    Example:
        >>> checkpoints = {0: 0, 50: 0.4, 80: 0.7, 100: 1}
        >>> Curve(checkpoints).progress(60).value, Curve(checkpoints, shape="step").progress(60).value
        (0.5, 0.4)
    """

    kind: ClassVar[str] = "curve"
    points: tuple[tuple[Decimal, float], ...] = field(converter=_points)
    shape: CurveShape = field(default=CurveShape.LINEAR, converter=_shape, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if len(self.points) < 2:  # noqa: PLR2004 - a line has two ends
            raise InvalidValue.of(
                "missing_field", "a curve has two points or more", path="points", hint="give both ends"
            )
        rises = [after - before for (_, before), (_, after) in pairwise(self.points)]
        if not any(rises):
            message = f"every point has the same progress, {percent(self.points[0][1])}"
            raise InvalidValue.of("zero_span", message, path="points", hint="say what is better")
        if min(rises) < 0 < max(rises):
            message = "progress rises and falls again from point to point"
            hint = "for a value that is best in the middle, use Within"
            raise InvalidValue.of("not_monotone", message, path="points", hint=hint)

    def raw(self, value: Decimal) -> float:
        """
        Return the progress of a value.

        Args:
            value: A measured value.
        """
        above = bisect_left(self.points, value, key=_value_of)
        if above == len(self.points) or not above:
            return self.points[min(above, len(self.points) - 1)][1]
        (low, lesser), (high, greater) = self.points[above - 1], self.points[above]
        if value == high:
            return greater
        if self.shape is CurveShape.STEP:
            return min(lesser, greater)
        between = lesser + (greater - lesser) * linear(value, low, high)
        return min(max(between, min(lesser, greater)), max(lesser, greater))

    def at_start(self) -> float | None:
        """Return None: a table does not say where the value began."""
        return None

    def describe(self) -> str:
        """Return the first and the last point."""
        (low, first), (high, last) = self.points[0], self.points[-1]
        return f"{percent(first)} at {plain(low)}, {percent(last)} at {plain(high)}, by a table of {len(self.points)}"


def _value_of(point: tuple[Decimal, float]) -> Decimal:
    return point[0]
