"""Metrics that keep a value within limits: met or not met."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from attrs import field, frozen

from ..errors import InvalidValue
from ..quantities import number, plain
from ..values import checked, flag
from .linear import Metric


@checked
@frozen
class AtLeast(Metric):
    """
    A value that should not fall below a limit: met is 1, not met is 0.

    Met includes the limit itself, as most products have it; ``strict=True`` is for those that do not.
    It is decided on the exact numbers.

    Attributes:
        target: The limit.
        strict: Whether the limit itself is not enough.

    Raises:
        InvalidValue: If the limit is not an accepted number.

    Example:
        >>> AtLeast("99.9").progress("99.90").value
        1.0
    """

    kind: ClassVar[str] = "at_least"
    target: Decimal = field(converter=number)
    strict: bool = field(default=False, converter=flag, kw_only=True)

    def raw(self, value: Decimal) -> float:
        """
        Return 1.0 where the limit is kept, else 0.0.

        Args:
            value: A measured value.
        """
        return float(value > self.target or (value == self.target and not self.strict))

    def describe(self) -> str:
        """Return the limit."""
        return f"{'more than' if self.strict else 'at least'} {plain(self.target)}"


@checked
@frozen
class AtMost(Metric):
    """
    A value that should not rise above a limit: met is 1, not met is 0.

    Met includes the limit itself, as most products have it; ``strict=True`` is for those that do not.
    It is decided on the exact numbers.

    Attributes:
        target: The limit.
        strict: Whether the limit itself is too much.

    Raises:
        InvalidValue: If the limit is not an accepted number.

    Example:
        >>> AtMost(5, strict=True).progress(5).value
        0.0
    """

    kind: ClassVar[str] = "at_most"
    target: Decimal = field(converter=number)
    strict: bool = field(default=False, converter=flag, kw_only=True)

    def raw(self, value: Decimal) -> float:
        """
        Return 1.0 where the limit is kept, else 0.0.

        Args:
            value: A measured value.
        """
        return float(value < self.target or (value == self.target and not self.strict))

    def describe(self) -> str:
        """Return the limit."""
        return f"{'less than' if self.strict else 'at most'} {plain(self.target)}"


@checked
@frozen
class Within(Metric):
    """
    A value that should stay between two limits: met is 1, not met is 0.

    Both limits are inside, unless ``strict=True``. It is decided on the exact numbers.

    Attributes:
        lower: The lower limit.
        upper: The upper limit, not below the lower.
        strict: Whether the limits themselves are outside.

    Raises:
        InvalidValue: If a limit is not an accepted number, or nothing lies between them (``empty_range``).

    Example:
        >>> Within(90, 110).progress(110).value
        1.0
    """

    kind: ClassVar[str] = "within"
    lower: Decimal = field(converter=number)
    upper: Decimal = field(converter=number)
    strict: bool = field(default=False, converter=flag, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.upper < self.lower or (self.strict and self.upper == self.lower):
            message = f"nothing lies between {plain(self.lower)} and {plain(self.upper)}"
            raise InvalidValue.of("empty_range", message, path="upper", hint="give the lower limit first")

    def raw(self, value: Decimal) -> float:
        """
        Return 1.0 where both limits are kept, else 0.0.

        Args:
            value: A measured value.
        """
        if self.strict:
            return float(self.lower < value < self.upper)
        return float(self.lower <= value <= self.upper)

    def describe(self) -> str:
        """Return the limits."""
        first, second = ("strictly between", "and") if self.strict else ("from", "to")
        return f"{first} {plain(self.lower)} {second} {plain(self.upper)}"
