"""What a score pays, by a curve with a threshold and a cap."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any, TypeAlias

from attrs import field, frozen

from ..errors import InvalidValue, Problem, shown
from ..quantities import TOLERANCE, Number, number, plain
from ..texts import text
from ..values import checked
from .bands import score_of, written
from .plain import read

#: What is accepted where the points of a payout curve belong: the payout of each score, or pairs of both.
Payouts: TypeAlias = "Mapping[Any, Number] | Iterable[tuple[Number, Number]]"

_HINT = "give what each score pays, such as {0.8: 0.5, 1: 1, 1.2: 1.5}"


def _payouts(value: Payouts) -> tuple[tuple[float, float], ...]:
    given: object = value
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        raise InvalidValue.of("not_points", f"{shown(given)} is not a table of points", hint=_HINT)
    made: list[tuple[float, float]] = []
    problems: list[Problem] = []
    for at, pair in enumerate(given.items() if isinstance(given, Mapping) else given):
        try:
            if not isinstance(pair, (list, tuple)) or len(pair) != 2:  # noqa: PLR2004 - a pair
                raise InvalidValue.of("not_points", f"{shown(pair)} is not a score and its payout", hint=_HINT)
            score, payout = number(pair[0]), number(pair[1])
            if payout < 0:
                message = f"the payout {plain(payout)} is negative"
                raise InvalidValue.of("out_of_range", message, hint="give 0 or more")
            made.append((float(score), float(payout)))
        except InvalidValue as error:
            problems += error.under(f"[{at}]").problems
    if problems:
        raise InvalidValue(*problems)
    if not made:
        raise InvalidValue.of("no_points", "a curve without points pays nothing", hint=_HINT)
    made.sort()
    _check_rise(made)
    return tuple(made)


def _check_rise(made: list[tuple[float, float]]) -> None:
    for (low, lesser), (high, greater) in pairwise(made):
        if high - low <= TOLERANCE:
            message = f"the score {written(high)} pays twice"
            raise InvalidValue.of("two_answers", message, hint="leave one out")
        if greater < lesser:
            message = f"{written(high)} pays less than {written(low)}"
            raise InvalidValue.of("not_monotone", message, hint="the more, the better")


@checked
@frozen(kw_only=True)
class PayoutCurve:
    """
    What scores pay: nothing below the first point, straight lines between points, no more after the last.

    The usual three points are the threshold, the target and the maximum (management by objectives).

    Attributes:
        points: What some scores pay, lowest score first. Both may go beyond 1.
        name: What the curve is called.
        source: Where it is published, or who decided it.

    Raises:
        InvalidValue: If there are no points (``no_points``), a score pays twice (``two_answers``), or
            more pays less (``not_monotone``).

    Example:
        >>> bonus = PayoutCurve(points={0.8: 0.5, 1: 1, 1.2: 1.5})
        >>> bonus.payout(0.79), bonus.payout(0.9), bonus.payout(2)
        (0.0, 0.75, 1.5)
    """

    points: tuple[tuple[float, float], ...] = field(converter=_payouts)
    name: str = field(default="", converter=text)
    source: str = field(default="", converter=text)

    def payout(self, score: Number | None) -> float | None:
        """
        Return what a score pays; of an unknown score, None.

        Args:
            score: The score. One that misses the threshold by rounding alone has reached it.

        Raises:
            InvalidValue: If it is not a number.

        Example:
            >>> PayoutCurve(points={0.8: 0.5, 1: 1}).payout(None) is None
            True
        """
        if score is None:
            return None
        got = score_of(score)
        above = bisect_right(self.points, got + TOLERANCE, key=_score_of)
        if not above:
            return 0.0
        low, lesser = self.points[above - 1]
        if above == len(self.points):
            return lesser
        high, greater = self.points[above]
        between = lesser + (greater - lesser) * ((got - low) / (high - low))
        return min(max(between, lesser), greater)

    def to_dict(self) -> dict[str, Any]:
        """
        Return the curve as plain data.

        Example:
            >>> PayoutCurve(points={0.8: 0.5, 1: 1}).to_dict()
            {'points': [[0.8, 0.5], [1.0, 1.0]]}
        """
        told: dict[str, Any] = {"points": [[*point] for point in self.points]}
        return told | {name: got for name in ("name", "source") if (got := getattr(self, name))}

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> PayoutCurve:
        """
        Make a curve from plain data.

        Args:
            document: What `to_dict` returned.

        Raises:
            InvalidValue: If it is not a mapping, or something in it is refused.

        Example:
            >>> PayoutCurve.from_dict({"points": [[1, 1]]}).payout(1)
            1.0
        """
        return read(cls, document, "payout curve")


def _score_of(point: tuple[float, float]) -> float:
    return point[0]
