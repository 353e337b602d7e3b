"""What every metric can do, and the metrics that go from a start to a target."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Self

from attrs import evolve, field, frozen

from ..errors import InvalidValue
from ..quantities import EXACT, Number, linear, number, plain, shortened
from ..values import checked
from .progress import Progress, Reason


class Metric:
    """
    What every metric can do: read a value, and say how far it has come.

    Attributes:
        kind: The metric's name in documents.
        is_numeric: Whether its values are numbers of which a sum or a mean means something.

    Example:
        >>> from goalkit import AtLeast
        >>> isinstance(AtLeast(5), Metric)
        True
    """

    __slots__ = ()
    kind: ClassVar[str]
    is_numeric: ClassVar[bool] = True

    @property
    def span(self) -> tuple[Decimal, Decimal] | None:
        """The start and the target of a metric that goes the way between them; None for all others."""
        return None

    @property
    def begins(self) -> Decimal | None:
        """The value that it starts from; None where nobody has said."""
        return None if self.span is None else self.span[0]

    @property
    def never(self) -> Reason | None:
        """Why its progress is unknown whatever is measured; None where it can be known."""
        return None

    def at_start(self) -> float | None:
        """Return the raw progress before anything is done, or None where nobody has said where it begins."""
        return 0.0

    def read(self, value: object) -> Decimal:
        """
        Return a value as this metric understands it.

        Args:
            value: What was measured.

        Raises:
            InvalidValue: If this metric cannot mean anything by it.
        """
        return number(value)

    def raw(self, value: Decimal) -> float:
        """
        Return unclamped progress of a value that was read.

        Args:
            value: What `read` returned.
        """
        raise NotImplementedError  # pragma: no cover - every metric has its own

    def progress(self, value: object) -> Progress:
        """
        Return how far a value has come.

        Args:
            value: What was measured; None where nothing was.

        Raises:
            InvalidValue: If this metric cannot mean anything by the value.
        """
        if value is None:
            return Progress.unknown(Reason.NOT_MEASURED)
        return Progress.of(self.raw(self.read(value)))

    def describe(self) -> str:
        """Return what is asked for, in a few words."""
        raise NotImplementedError  # pragma: no cover - every metric has its own


@frozen(kw_only=True)
class _Linear(Metric):
    """From a start to a target; the subclass says which way."""

    rises: ClassVar[bool]
    start: Decimal = field(converter=number)
    target: Decimal = field(converter=number)

    def __attrs_post_init__(self) -> None:
        if self.start == self.target:
            message = f"the target equals the start, {plain(self.start)}, so there is no way to go"
            hint = "to keep a value where it is, use AtLeast, AtMost or Within"
            raise InvalidValue.of("zero_span", message, path="target", hint=hint)
        if (self.target > self.start) is not self.rises:
            side, other = ("below", "Decrease") if self.rises else ("above", "Increase")
            message = f"the target {plain(self.target)} is {side} the start {plain(self.start)}"
            raise InvalidValue.of("wrong_direction", message, path="target", hint=f"use {other}, or swap them")

    @classmethod
    def by(cls, amount: Number, *, start: Number) -> Self:
        """
        Make the metric from how much the value should change.

        Args:
            amount: How much, more than 0, in the unit of the start.
            start: Where it begins.

        Raises:
            InvalidValue: If a number is refused, or the amount is not more than 0.

        Example:
            >>> from goalkit import Decrease, Increase
            >>> Increase.by(2_000_000, start=5_500_000).target, Decrease.by(3, start=10).target
            (Decimal('7500000'), Decimal('7'))
        """
        return cls._changed(_given(start, "start"), _positive(amount, "amount"), "amount")

    @classmethod
    def by_percent(cls, percent: Number, *, start: Number) -> Self:
        """
        Make the metric from how many per cent of its start the value should change.

        Args:
            percent: How many per cent, more than 0: 15 for 15 %, not for 15 points.
            start: Where it begins, not 0. The percentage is of its size, whatever its sign.

        Raises:
            InvalidValue: If a number is refused, the start is 0, or the percentage is not more than 0.

        Example:
            >>> from goalkit import Decrease, Increase
            >>> Increase.by_percent(15, start=200).target, Decrease.by_percent(15, start=2000).target
            (Decimal('230'), Decimal('1700'))
        """
        base, part = _given(start, "start"), _positive(percent, "percent")
        if not base:
            hint = "give the target itself"
            raise InvalidValue.of("relative_to_zero", "a percentage of a start of 0 is 0", path="start", hint=hint)
        amount = EXACT.divide(EXACT.multiply(EXACT.abs(base), part), Decimal(100))
        return cls._changed(base, amount, "percent")

    @classmethod
    def _changed(cls, start: Decimal, amount: Decimal, name: str) -> Self:
        target = EXACT.add(start, amount) if cls.rises else EXACT.subtract(start, amount)
        try:
            return cls(start=start, target=shortened(target))
        except InvalidValue as error:  # too far away, or lost among the digits of the start
            raise InvalidValue(*(evolve(problem, path=name) for problem in error.problems)) from None

    def raw(self, value: Decimal) -> float:
        """
        Return the unclamped fraction of the way.

        Args:
            value: A measured value.
        """
        return linear(value, self.start, self.target)

    @property
    def span(self) -> tuple[Decimal, Decimal]:
        """The start and the target."""
        return self.start, self.target

    def describe(self) -> str:
        """Return the start and the target."""
        return f"from {plain(self.start)} {'up' if self.rises else 'down'} to {plain(self.target)}"


@checked
@frozen(kw_only=True)
class Increase(_Linear):
    """
    A value that should rise from a start to a target.

    Progress is ``(value - start) / (target - start)``, as every product that publishes a formula has it.

    Attributes:
        start: Where it begins.
        target: Where it should arrive, more than the start.

    Raises:
        InvalidValue: If a number is refused, the target equals the start (``zero_span``) or lies
            below it (``wrong_direction``).

    Example:
        >>> Increase(start=42, target=70).progress(56).value
        0.5
    """

    kind: ClassVar[str] = "increase"
    rises: ClassVar[bool] = True


@checked
@frozen(kw_only=True)
class Decrease(_Linear):
    """
    A value that should fall from a start to a target.

    Progress is ``(value - start) / (target - start)``: the formula of a rise, since the sign cancels.

    Attributes:
        start: Where it begins.
        target: Where it should arrive, less than the start.

    Raises:
        InvalidValue: If a number is refused, the target equals the start (``zero_span``) or lies
            above it (``wrong_direction``).

    Example:
        >>> Decrease(start=8, target=4).progress(5).value
        0.75
    """

    kind: ClassVar[str] = "decrease"
    rises: ClassVar[bool] = False


def _given(value: Number, name: str) -> Decimal:
    try:
        return number(value)
    except InvalidValue as error:
        raise error.under(name) from None


def _positive(value: Number, name: str) -> Decimal:
    got = _given(value, name)
    if got <= 0:
        message = f"{plain(got)} is not more than 0"
        hint = "say how much; the direction is in the metric's name"
        raise InvalidValue.of("wrong_direction", message, path=name, hint=hint)
    return got
