"""What a measured goal's own check-ins say under a policy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import evolve

from ..model.facts import standing
from ..model.goals import Goal, own_metric
from ..model.limits import Limit, Score, Within
from ..model.linear import Metric
from ..model.metrics import Unreadable
from ..model.progress import Progress, Reason
from ..model.reading import Reading, read
from ..model.records import Fact
from ..model.slots import Expected
from ..policies import Clamp, Policy, Threshold, Unmeasured, ZeroSpan
from ..quantities import clamp, number
from .series import Amount


def measure(
    goal: Goal, facts: Iterable[Fact], as_of: date, policy: Policy, expected: Expected | None = None
) -> Reading:
    """
    Return what a goal's own check-ins say on a day, under a policy.

    Args:
        goal: The goal as it is defined on the day.
        facts: The facts about it, oldest day first.
        as_of: The day.
        policy: The choices about limits, zero spans, and what is not measured.
        expected: The check-ins that are expected in its period, for a limit that is scored by them.

    Example:
        >>> from goalkit import AtMost, CheckIn, KeyResult
        >>> budget = KeyResult(id="budget", title="At most 5 % over budget", metric=AtMost(5))
        >>> facts = [CheckIn(goal="budget", on="2026-08-10", value=5)]
        >>> measure(budget, facts, date(2026, 8, 15), Policy(threshold="strict")).progress.value
        0.0
    """
    own = own_metric(goal)
    metric = as_read(own, policy) if isinstance(own, Limit) else own
    if metric is not own:
        given: Any = goal
        goal = evolve(given, metric=metric)
    return _under(metric, read(goal, standing(facts, as_of), as_of, expected), policy)


def _under(metric: Metric | None, reading: Reading, policy: Policy) -> Reading:
    """Return what is read, where a policy decides about zero spans and what is not measured."""
    if isinstance(metric, Unreadable) and _is_decided(metric, policy.zero_span):
        reading = _without_span(metric, reading, policy)
    elif metric is not None and metric.never is not None:
        return evolve(reading, progress=Progress.unknown(metric.never))
    if policy.unmeasured is Unmeasured.AT_START and reading.progress.reason is Reason.NOT_MEASURED:
        begun = 0.0 if metric is None else metric.at_start()
        return reading if begun is None else evolve(reading, progress=Progress.of(begun))
    return reading


def measure_by(goal: Goal, amount: Amount, policy: Policy) -> Reading:
    """
    Return what the value of a KPI says of a goal that is measured by it, under a policy.

    Args:
        goal: The goal as it is defined on the day.
        amount: What the KPI amounts to over the goal's own period, so far.
        policy: The choices about limits, zero spans, and what is not measured.

    Returns:
        Unknown progress where the KPI is unknown, for the same reason; where nothing was observed of it, nobody
        has measured the goal (``not_measured``).

    Example:
        >>> from goalkit import Increase, KeyResult
        >>> metric = Increase(start="0.7", target="0.9")
        >>> first = KeyResult(id="first", title="First", metric=metric, measured_by="solved")
        >>> measure_by(first, Amount(number("0.8")), Policy()).progress.value
        0.5
    """
    metric = as_read(own_metric(goal), policy)
    value = amount.actual
    if metric is None:
        return Reading(progress=Progress.unknown(Reason.NO_METRIC), actual=value, measured=value is not None)
    if value is None:
        reason = amount.reason if amount.observations and amount.reason else Reason.NOT_MEASURED
        return _under(metric, Reading(progress=Progress.unknown(reason), measured=False), policy)
    progress = Progress.of(metric.raw(value)) if metric.never is None else Progress.unknown(metric.never)
    return _under(metric, Reading(progress=progress, actual=value), policy)


def as_read(metric: Metric | None, policy: Policy) -> Metric | None:
    """
    Return a metric as a policy reads it: a limit may be strict or inclusive by policy.

    Args:
        metric: What a goal is measured by.
        policy: The policy.

    Example:
        >>> from goalkit import AtMost
        >>> as_read(AtMost(5), Policy(threshold="strict")).strict
        True
    """
    if not isinstance(metric, Limit):
        return metric
    strict = policy.threshold is Threshold.STRICT
    if policy.threshold is Threshold.AS_WRITTEN or metric.strict is strict or metric.score is Score.DISTANCE:
        return metric
    if strict and isinstance(metric, Within) and metric.lower == metric.upper:
        return metric
    given: Any = metric
    changed: Metric = evolve(given, strict=strict)
    return changed


def actual(metric: Metric | None, reading: Reading) -> Decimal | None:
    """
    Return the number that a reading rests on, or None where there is none.

    Args:
        metric: What the goal is measured by.
        reading: What its check-ins say.
    """
    if reading.actual is not None:
        return reading.actual
    if metric is None or not metric.is_numeric:
        return None
    value = None if reading.check_in is None else reading.check_in.value
    return None if value is None or isinstance(value, bool) else metric.read(value)


def shown(raw: float, policy: Policy, *, made_up: bool) -> float:
    """
    Return the figure that a goal is shown with.

    Args:
        raw: The figure, unclamped.
        policy: The policy.
        made_up: Whether it is made up of others' figures.

    Example:
        >>> shown(1.5, Policy(clamp="objective"), made_up=False), shown(1.5, Policy(clamp="objective"), made_up=True)
        (1.5, 1.0)
    """
    clamps = policy.clamp is Clamp.EVERYTHING or (made_up and policy.clamp is Clamp.OBJECTIVE)
    return clamp(raw, policy.cap) if clamps else raw


def _is_decided(metric: Unreadable, choice: ZeroSpan) -> bool:
    """Tell whether a policy decides what a start that equals its target means."""
    if metric.reason is not Reason.ZERO_SPAN or choice is ZeroSpan.UNKNOWN:
        return False
    # Which way marks without a span would go, nobody can tell.
    ways = {"increase", "decrease"} if choice is ZeroSpan.STEP else {"increase", "decrease", "commit_target_stretch"}
    return metric.document.get("kind") in ways


def _without_span(metric: Unreadable, reading: Reading, policy: Policy) -> Reading:
    """Return what is read where a target equals its start, and the policy says what that means."""
    choice, document = policy.zero_span, metric.document
    if reading.check_in is None and reading.actual is None:
        if policy.unmeasured is not Unmeasured.AT_START:
            return reading
        return evolve(reading, progress=Progress.of(float(choice is not ZeroSpan.ZERO)))  # it stands on its target
    value = actual(metric, reading)
    if value is None:
        return evolve(reading, progress=Progress.unknown(Reason.UNREADABLE))
    if choice is not ZeroSpan.STEP:
        return evolve(reading, progress=Progress.of(float(choice is ZeroSpan.ONE)))
    target = number(document["target"])
    return evolve(
        reading, progress=Progress.of(float(value <= target if document["kind"] == "decrease" else value >= target))
    )
