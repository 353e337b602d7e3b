"""How several figures become one: a goal's check-ins its value, and its children's figures its own."""

from __future__ import annotations

from enum import StrEnum

from ..values import choice


class Reads(StrEnum):
    """
    How a key result reads its check-ins.

    ``latest`` takes the last one, and of one day the last that was recorded. All others take every
    check-in that stands, several of one day included: ten sign-ups and ten more are twenty.

    Example:
        >>> Reads("sum") is Reads.SUM
        True
    """

    LATEST = "latest"
    SUM = "sum"
    MEAN = "mean"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"


class RollupMethod(StrEnum):
    """
    How the figures of a goal's children become its own.

    ``weighted_mean``, ``minimum`` and ``maximum`` are of their progress. ``sum_of_values`` adds the
    values of what is measured below, each once, and reads the sum with the goal's own metric.
    ``ratio_of_sums`` divides all the way that was gone by all the way there is to go: the mean of
    their progress, weighted by the way from start to target.

    Example:
        >>> RollupMethod("minimum") is RollupMethod.MINIMUM
        True
    """

    WEIGHTED_MEAN = "weighted_mean"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    SUM_OF_VALUES = "sum_of_values"
    RATIO_OF_SUMS = "ratio_of_sums"


def to_reads(value: Reads | str) -> Reads:
    """
    Return a way to read check-ins from itself or its text.

    Args:
        value: A way or its name.

    Raises:
        InvalidValue: If there is no such way.

    Example:
        >>> to_reads("mean")
        <Reads.MEAN: 'mean'>
    """
    return choice(Reads, value)


def to_rollup_method(value: RollupMethod | str | None) -> RollupMethod | None:
    """
    Return a roll-up method from itself or its text, or None.

    Args:
        value: A method, its name, or None.

    Raises:
        InvalidValue: If there is no such method.

    Example:
        >>> to_rollup_method("minimum")
        <RollupMethod.MINIMUM: 'minimum'>
    """
    return None if value is None else choice(RollupMethod, value)
