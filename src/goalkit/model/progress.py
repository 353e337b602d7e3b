"""What progress is, and the reasons why a figure may be unknown or left out."""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen

from ..quantities import clamp


class Reason(StrEnum):
    """
    Why a figure is unknown, or why a goal is left out of another.

    Example:
        >>> from goalkit import Increase
        >>> Increase(start=0, target=10).progress(None).reason
        <Reason.NOT_MEASURED: 'not_measured'>
    """

    NOT_MEASURED = "not_measured"  # nobody has checked in yet
    NOT_STARTED = "not_started"  # its period lies ahead
    NONE_STARTED = "none_started"  # the periods of all that would contribute lie ahead
    NO_CHILDREN = "no_children"  # nothing contributes to it
    NO_WEIGHT = "no_weight"  # everything that contributes weighs nothing
    ALL_LEFT_OUT = "all_left_out"  # everything that would contribute is drafted, paused, dropped or archived
    NO_METRIC = "no_metric"  # nobody has said how it is measured
    NO_BASELINE = "no_baseline"  # nobody knows yet where it begins
    NO_VALUE = "no_value"  # it has no value that could be summed
    NO_SLOTS = "no_slots"  # it is scored by the check-ins that are expected, and nobody has said when they are
    UNLIKE_UNITS = "unlike_units"  # the values that would be summed are of different units
    WEIGHTS_NOT_ONE = "weights_not_one"  # the weights of what contributes do not sum to one, as the policy demands
    ZERO_SPAN = "zero_span"  # its start equals its target
    UNREADABLE = "unreadable"  # its metric, or the value, could not be read
    NO_OBSERVATIONS = "no_observations"  # nothing was observed of the KPI in that time
    NOT_COMPUTABLE = "not_computable"  # what was observed cannot be put together, such as ratios without their parts
    ZERO_DENOMINATOR = "zero_denominator"  # there was no case that it could be a share of
    MISSING_PERIOD = "missing_period"  # nothing was observed in one of the periods that it is made of
    PARTIAL_PERIOD = "partial_period"  # the period is not over yet, and is compared with nothing
    TOO_FEW = "too_few"  # there are too few periods, or points
    NO_TARGET = "no_target"  # nobody has said what it should be
    ZERO_BASE = "zero_base"  # what it would be divided by is zero, or a target below it
    NO_DIRECTION = "no_direction"  # nobody has said which way is better
    DOES_NOT_COUNT = "does_not_count"  # the link supports without contributing
    PARENT_IS_MEASURED = "parent_is_measured"  # the parent has a metric of its own
    PARENT_NOT_STARTED = "parent_not_started"  # the period of the parent lies ahead
    PARENT_IS_COMPLETE = "parent_is_complete"  # the parent is closed, and complete by the policy
    KEY_RESULTS_ONLY = "key_results_only"  # by the policy, key results count here and objectives do not
    DRAFT = "draft"
    PROPOSED = "proposed"
    PAUSED = "paused"
    CLOSED = "closed"
    DROPPED = "dropped"
    ARCHIVED = "archived"


@frozen(kw_only=True)
class Progress:
    """
    How far one measured goal has come.

    Attributes:
        value: The fraction of the way, within 0 and 1; None where it is unknown.
        raw: The same unclamped: negative when worse than the start, beyond 1 when past the target.
        reason: Why the value is unknown; None where it is known.

    Example:
        >>> from goalkit import Decrease
        >>> Decrease(start=8, target=4).progress(9)
        Progress(value=0.0, raw=-0.25, reason=None)
    """

    value: float | None
    raw: float | None
    reason: Reason | None = None

    @classmethod
    def of(cls, raw: float) -> Progress:
        """
        Return known progress.

        Args:
            raw: The unclamped fraction.

        Example:
            >>> Progress.of(1.5).value
            1.0
        """
        return cls(value=clamp(raw), raw=raw)

    @classmethod
    def unknown(cls, reason: Reason) -> Progress:
        """
        Return unknown progress.

        Args:
            reason: Why it is unknown.

        Example:
            >>> Progress.unknown(Reason.NOT_MEASURED).value is None
            True
        """
        return cls(value=None, raw=None, reason=reason)
