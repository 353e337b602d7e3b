"""What figures are made of: where each comes from, what it is to others, and what is summed."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum, IntEnum, auto
from typing import Final

from attrs import frozen

#: A child's position, and its weight.
Item = tuple[int, float]


class State(IntEnum):
    """What a goal is to its parents."""

    OUT = 0  # it has no figure that could count: its period lies ahead, or there is nothing to measure
    UNMEASURED = 1  # it has begun, and nobody has measured it
    KNOWN = 2


class Source(Enum):
    """Where a goal's figure comes from."""

    OWN = auto()  # its own check-ins
    SHARE = auto()  # the goal above it, of whose way it stands for a share
    PARTS = auto()  # the figures of what contributes
    VALUES = auto()  # the sum of the values below it
    WAYS = auto()  # the way that was gone below it, over the way there is to go


#: Where the figures come from that are read from check-ins.
MEASURED: Final = frozenset({Source.OWN, Source.SHARE})


@frozen(kw_only=True)
class Sum:
    """
    What some measured goals bring to a sum together.

    Attributes:
        leaves: How many have what is summed.
        measured: How many of them were measured.
        counted: How many of them count, be it with their start.
        whole_way: How far all of them are from start to target, in their unit; in a sum of values, 1 each.
        measured_way: The same of those that were measured.
        way: The same of those that count.
        gone: How much of that way was gone.
        amount: The sum of their values.
        start: The sum of their starts.
        units: Their units.
    """

    leaves: int = 0
    measured: int = 0
    counted: int = 0
    whole_way: float = 0.0
    measured_way: float = 0.0
    way: float = 0.0
    gone: float = 0.0
    amount: Decimal = Decimal(0)
    start: Decimal = Decimal(0)
    units: frozenset[str | None] = frozenset()
