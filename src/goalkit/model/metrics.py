"""How a measured value becomes progress: every metric by name."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from attrs import field, frozen

from ..errors import InvalidValue
from ..quantities import number, plain
from ..values import EMPTY, FrozenDict, checked, choice, extra, instance, plain_bool
from .checklists import Checklist
from .curves import Curve
from .limits import AtLeast, AtMost, Within
from .linear import Decrease, Increase, Metric
from .progress import Progress, Reason
from .zones import CommitTargetStretch

__all__ = [
    "METRICS",
    "AtLeast",
    "AtMost",
    "Binary",
    "Checklist",
    "CommitTargetStretch",
    "Curve",
    "Decrease",
    "FindBaseline",
    "Increase",
    "Metric",
    "Progress",
    "Reason",
    "Unreadable",
    "Within",
    "metric",
]


@checked
@frozen
class Binary(Metric):
    """
    Done or not done.

    Example:
        >>> Binary().progress(True).value
        1.0
    """

    kind: ClassVar[str] = "binary"
    is_numeric: ClassVar[bool] = False

    def read(self, value: object) -> Decimal:
        """
        Return 1 for done, 0 for not done.

        Args:
            value: True or False, or the number 1 or 0.

        Raises:
            InvalidValue: For everything else.
        """
        value = plain_bool(value)
        got = Decimal(value) if isinstance(value, bool) else number(value)
        if got not in {0, 1}:
            hint = "give True or False"
            raise InvalidValue.of("not_true_or_false", f"{plain(got)} is neither done nor not done", hint=hint)
        return got

    def raw(self, value: Decimal) -> float:
        """
        Return 1.0 for done, 0.0 for not done.

        Args:
            value: 1 or 0.
        """
        return float(value)

    def describe(self) -> str:
        """Return what is asked for."""
        return "done or not done"


@checked
@frozen
class FindBaseline(Metric):
    """
    A value whose level is not known yet: the work is to find it, as Viva Goals has it.

    Values can be recorded; progress is unknown until the goal is given another metric.

    Example:
        >>> FindBaseline().progress(17).reason
        <Reason.NO_BASELINE: 'no_baseline'>
    """

    kind: ClassVar[str] = "find_baseline"

    @property
    def never(self) -> Reason:
        """That there is nothing to measure from."""
        return Reason.NO_BASELINE

    def at_start(self) -> float | None:
        """Return None: nobody knows where it begins."""
        return None

    def progress(self, value: object) -> Progress:
        """
        Return that progress is unknown.

        Args:
            value: What was measured; None where nothing was.

        Raises:
            InvalidValue: If it is not an accepted number.
        """
        if value is not None:
            self.read(value)
        return Progress.unknown(self.never)

    def describe(self) -> str:
        """Return what is asked for."""
        return "to find where it begins"


def _reason(value: Reason | str) -> Reason:
    return choice(Reason, value)


@checked
@frozen(kw_only=True)
class Unreadable(Metric):
    """
    A metric that could not be read, kept as it was written so that nothing is lost.

    Only salvaging makes one. Its progress is unknown.

    Attributes:
        reason: Why progress is unknown: ``zero_span`` or ``unreadable``.
        document: What was written.

    Example:
        >>> from goalkit import Plan
        >>> nowhere = {"kind": "increase", "start": 1, "target": 1}
        >>> plan, problems = Plan.salvage([{"kind": "key_result", "id": "k", "title": "K", "metric": nowhere}])
        >>> plan["k"].metric.progress(1).reason
        <Reason.ZERO_SPAN: 'zero_span'>
    """

    kind: ClassVar[str] = "unreadable"
    reason: Reason = field(default=Reason.UNREADABLE, converter=_reason)
    document: FrozenDict[str, Any] = field(default=EMPTY, converter=extra)

    @property
    def never(self) -> Reason:
        """Why it could not be read."""
        return self.reason

    def at_start(self) -> float | None:
        """Return None: it could not be read where it begins."""
        return None

    def read(self, value: object) -> Decimal:
        """
        Refuse no value that could be measured: what is recorded is kept.

        Args:
            value: What was measured.
        """
        return Decimal(value) if isinstance(value, bool) else number(value)

    def progress(self, value: object) -> Progress:
        """
        Return that progress is unknown, and why.

        Args:
            value: What was measured; it makes no difference.
        """
        if value is not None:
            self.read(value)
        return Progress.unknown(self.reason)

    def describe(self) -> str:
        """Return that there is no telling."""
        return "a metric that could not be read"


#: Every metric by its name in documents.
METRICS: dict[str, type[Metric]] = {
    metric.kind: metric
    for metric in (
        Increase,
        Decrease,
        AtLeast,
        AtMost,
        Within,
        Binary,
        Checklist,
        CommitTargetStretch,
        Curve,
        FindBaseline,
        Unreadable,
    )
}


def metric(value: Metric | None) -> Metric | None:
    """
    Return a goal's metric, or None where nobody has said how it is measured.

    Args:
        value: A metric or None.

    Raises:
        InvalidValue: If it is neither.

    Example:
        >>> metric(Binary())
        Binary()
    """
    return None if value is None else instance(Metric, value, "give a metric such as Increase(start=0, target=10)")
