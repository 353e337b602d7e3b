"""The choices around the arithmetic, each with a name, and those that other systems have published."""

from .policy import DEFAULT, Blend, Clamp, Closed, Initiatives, Policy, Threshold, Unmeasured, Weights, ZeroSpan
from .published import (
    BURNING_OKR,
    FIFTEEN_FIVE,
    LARK,
    LEAPSOME,
    OKR_TRACKER,
    OPEN_PROJECT,
    OPERATELY,
    PERDOO,
    PUBLISHED,
    PUZZLE,
    QUANTIVE,
    SYNERGITA,
    VIVA_GOALS,
)

__all__ = [
    "BURNING_OKR",
    "DEFAULT",
    "FIFTEEN_FIVE",
    "LARK",
    "LEAPSOME",
    "OKR_TRACKER",
    "OPEN_PROJECT",
    "OPERATELY",
    "PERDOO",
    "PUBLISHED",
    "PUZZLE",
    "QUANTIVE",
    "SYNERGITA",
    "VIVA_GOALS",
    "Blend",
    "Clamp",
    "Closed",
    "Initiatives",
    "Policy",
    "Threshold",
    "Unmeasured",
    "Weights",
    "ZeroSpan",
]
