"""Metrics that keep a value within limits: met or not met, or how near it has come."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Final

from attrs import field, frozen
from attrs.converters import optional

from ..errors import InvalidValue
from ..quantities import EXACT, difference, linear, number, plain
from ..values import checked, choice, flag
from .linear import Metric

_ON_THE_LIMIT: Final = Decimal(0)


class Score(StrEnum):
    """
    How a limit becomes progress.

    ``latest`` asks whether the value keeps the limit: 1 or 0. ``distance`` asks how far it has come
    from its start to the limit, as Profit.co scores a control KPI. ``check_ins`` is the share of all
    check-ins that kept it, as puzzle's tracker scored its threshold key results. ``slots`` is the share of
    the check-ins expected in the goal's period, by its cadence, that came and kept it, as Profit.co scores
    a control KPI against what was planned: what nobody answers does not keep it.

    Example:
        >>> Score("distance") is Score.DISTANCE
        True
    """

    LATEST = "latest"
    DISTANCE = "distance"
    CHECK_INS = "check_ins"
    SLOTS = "slots"


def _score(value: Score | str) -> Score:
    return choice(Score, value)


class Limit(Metric):
    """
    What `AtLeast`, `AtMost` and `Within` share.

    Attributes:
        strict: Whether the limit itself is outside.
        start: Where the value began; None where nobody has said.
        score: How the limit becomes progress.

    Example:
        >>> isinstance(AtMost(5), Limit)
        True
    """

    __slots__ = ()
    goes_beyond: ClassVar[bool] = True  # whether one value within the limits is better than another
    strict: bool
    start: Decimal | None
    score: Score

    def __attrs_post_init__(self) -> None:
        if self.score is not Score.DISTANCE:
            return
        if self.start is None:
            message = "a distance is measured from a start, and there is none"
            raise InvalidValue.of("missing_field", message, path="start", hint="give the start, or score the latest")
        if self.strict:
            message = "a distance does not jump at the limit, so it cannot be strict"
            raise InvalidValue.of("two_answers", message, path="strict", hint="leave out strict, or score the latest")
        margin = self.margin(self.start)
        if not margin or (margin > 0 and not self.goes_beyond):
            message = f"the start {plain(self.start)} leaves no way to go"
            raise InvalidValue.of("zero_span", message, path="start", hint="score the latest")

    def margin(self, value: Decimal) -> Decimal:
        """
        Return how far within the limits a value is, in its own unit: 0 on a limit, negative outside.

        Args:
            value: A measured value.
        """
        raise NotImplementedError  # pragma: no cover - every limit has its own

    def met(self, value: Decimal) -> bool:
        """
        Tell whether a value keeps the limits. It is decided on the exact numbers.

        Args:
            value: A measured value.
        """
        margin = self.margin(value)
        return margin > 0 or (not margin and not self.strict)

    def raw(self, value: Decimal) -> float:
        """
        Return 1.0 where the limits are kept, else 0.0; by distance, the fraction of the way to them.

        Args:
            value: A measured value.
        """
        if self.score is not Score.DISTANCE or self.start is None:
            return float(self.met(value))
        # Decimal's own operators round as the caller's context says.
        way = EXACT.minus(EXACT.abs(self.margin(self.start)))
        raw = linear(self.margin(value), way, _ON_THE_LIMIT)
        return raw if self.goes_beyond else min(raw, 1.0)

    @property
    def begins(self) -> Decimal | None:
        """The start, where somebody has said it."""
        return self.start

    def at_start(self) -> float | None:
        """Return the raw progress of the start, or None where nobody has said where it began."""
        return None if self.start is None else self.raw(self.start)

    def _in_words(self, limits: str) -> str:
        if self.score is Score.DISTANCE and self.start is not None:
            return f"from {plain(self.start)} to {limits}"
        return limits + _SHARE.get(self.score, "")


_SHARE: Final = {
    Score.CHECK_INS: ", as a share of the check-ins",
    Score.SLOTS: ", as a share of the check-ins that are expected",
}


def is_shared(metric: Metric) -> bool:
    """
    Tell whether a metric is scored by the share of the check-ins that keep a limit, made or expected.

    Args:
        metric: Any metric.

    Example:
        >>> is_shared(AtMost(5, score="check_ins")), is_shared(AtMost(5))
        (True, False)
    """
    return isinstance(metric, Limit) and metric.score in _SHARE


@checked
@frozen
class AtLeast(Limit):
    """
    A value that should not fall below a limit.

    Met is 1, not met is 0. Met includes the limit itself, as ServiceNow and Perdoo have it;
    ``strict=True`` is for Viva Goals and Quantive, where it does not. By ``score="distance"``, progress
    is ``1 + (value - target) / abs(target - start)``: 0 at a start below the limit, 1 at the limit, more
    beyond it.

    Attributes:
        target: The limit.
        strict: Whether the limit itself is not enough.
        start: Where the value began; needed to score by distance.
        score: How the limit becomes progress: ``latest``, ``distance``, ``check_ins`` or ``slots``.

    Raises:
        InvalidValue: If a field is refused, or a distance has no start, is strict, or starts at the
            limit (``zero_span``).

    Example:
        >>> AtLeast("99.9").progress("99.90").value
        1.0
        >>> AtLeast(90, start=80, score="distance").progress(85).value
        0.5
    """

    kind: ClassVar[str] = "at_least"
    target: Decimal = field(converter=number)
    strict: bool = field(default=False, converter=flag, kw_only=True)
    start: Decimal | None = field(default=None, converter=optional(number), kw_only=True)
    score: Score = field(default=Score.LATEST, converter=_score, kw_only=True)

    def margin(self, value: Decimal) -> Decimal:
        """
        Return how far above the limit a value is; negative below it.

        Args:
            value: A measured value.
        """
        return difference(value, self.target)

    def describe(self) -> str:
        """Return the limit."""
        return self._in_words(f"{'more than' if self.strict else 'at least'} {plain(self.target)}")


@checked
@frozen
class AtMost(Limit):
    """
    A value that should not rise above a limit.

    Met is 1, not met is 0. Met includes the limit itself, as ServiceNow and Perdoo have it;
    ``strict=True`` is for Viva Goals and Quantive, where it does not. By ``score="distance"``, progress
    is ``1 - (value - target) / abs(target - start)``: 0 at a start above the limit, 1 at the limit, more
    below it.

    Attributes:
        target: The limit.
        strict: Whether the limit itself is too much.
        start: Where the value began; needed to score by distance.
        score: How the limit becomes progress: ``latest``, ``distance``, ``check_ins`` or ``slots``.

    Raises:
        InvalidValue: If a field is refused, or a distance has no start, is strict, or starts at the
            limit (``zero_span``).

    Example:
        >>> AtMost(5, strict=True).progress(5).value
        0.0
        >>> AtMost(10, start=20, score="distance").progress(15).value
        0.5
    """

    kind: ClassVar[str] = "at_most"
    target: Decimal = field(converter=number)
    strict: bool = field(default=False, converter=flag, kw_only=True)
    start: Decimal | None = field(default=None, converter=optional(number), kw_only=True)
    score: Score = field(default=Score.LATEST, converter=_score, kw_only=True)

    def margin(self, value: Decimal) -> Decimal:
        """
        Return how far below the limit a value is; negative above it.

        Args:
            value: A measured value.
        """
        return difference(self.target, value)

    def describe(self) -> str:
        """Return the limit."""
        return self._in_words(f"{'less than' if self.strict else 'at most'} {plain(self.target)}")


@checked
@frozen
class Within(Limit):
    """
    A value that should stay between two limits.

    Met is 1, not met is 0. Both limits are inside, unless ``strict=True``. By ``score="distance"``,
    progress is 1 inside and falls outside by the distance to the nearer limit, to 0 where that is as
    far as the start was.

    Attributes:
        lower: The lower limit.
        upper: The upper limit, not below the lower.
        strict: Whether the limits themselves are outside.
        start: Where the value began; needed to score by distance, and then outside the limits.
        score: How the limits become progress: ``latest``, ``distance``, ``check_ins`` or ``slots``.

    Raises:
        InvalidValue: If a field is refused, nothing lies between the limits (``empty_range``), or a
            distance has no start, is strict, or starts inside (``zero_span``).

    Example:
        >>> Within(90, 110).progress(110).value
        1.0
        >>> Within(90, 110, start=70, score="distance").progress(120).value
        0.5
    """

    kind: ClassVar[str] = "within"
    goes_beyond: ClassVar[bool] = False
    lower: Decimal = field(converter=number)
    upper: Decimal = field(converter=number)
    strict: bool = field(default=False, converter=flag, kw_only=True)
    start: Decimal | None = field(default=None, converter=optional(number), kw_only=True)
    score: Score = field(default=Score.LATEST, converter=_score, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.upper < self.lower or (self.strict and self.upper == self.lower):
            message = f"nothing lies between {plain(self.lower)} and {plain(self.upper)}"
            raise InvalidValue.of("empty_range", message, path="upper", hint="give the lower limit first")
        Limit.__attrs_post_init__(self)

    def margin(self, value: Decimal) -> Decimal:
        """
        Return how far a value is from the nearer limit; negative outside.

        Args:
            value: A measured value.
        """
        return min(difference(value, self.lower), difference(self.upper, value))

    def describe(self) -> str:
        """Return the limits."""
        return self._in_words(f"{'strictly ' * self.strict}between {plain(self.lower)} and {plain(self.upper)}")
