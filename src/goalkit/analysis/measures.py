"""What a measured goal's own check-ins say under a policy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import evolve

from ..model.facts import standing
from ..model.goals import Goal, KeyResult, Objective, own_metric
from ..model.limits import Limit, Score, Within
from ..model.linear import Metric
from ..model.metrics import Unreadable
from ..model.progress import Progress, Reason
from ..model.reading import Reading, read
from ..model.records import Fact
from ..policies import Clamp, Policy, Threshold, Unmeasured, ZeroSpan
from ..quantities import number


def measure(goal: Goal, facts: Iterable[Fact], as_of: date, policy: Policy) -> Reading:
    """
    Return what a goal's own check-ins say on a day, under a policy.

    Args:
        goal: The goal as it is defined on the day.
        facts: The facts about it, oldest day first.
        as_of: The day.
        policy: The choices about limits, zero spans, and what is not measured.

    Example:
        >>> from goalkit import AtMost
        >>> budget = KeyResult(id="budget", title="At most 5 % over budget", metric=AtMost(5))
        >>> facts = [CheckIn(goal="budget", on="2026-08-10", value=5)]
        >>> measure(budget, facts, date(2026, 8, 15), Policy(threshold="strict")).progress.value
        0.0
    """
    metric = own_metric(goal)
    if isinstance(metric, Limit) and isinstance(goal, (Objective, KeyResult)):
        limit = _limit(metric, policy.threshold)
        if limit is not metric:
            goal = evolve(goal, metric=limit)
    reading = read(goal, standing(facts, as_of), as_of)
    if isinstance(metric, Unreadable) and metric.reason is Reason.ZERO_SPAN and reading.check_in is not None:
        value = actual(metric, reading)
        raw = None if value is None else _without_span(metric, value, policy.zero_span)
        return reading if raw is None else evolve(reading, progress=Progress.of(raw))
    if policy.unmeasured is Unmeasured.AT_START and reading.progress.reason is Reason.NOT_MEASURED:
        begun = 0.0 if metric is None else metric.at_start()
        return reading if begun is None else evolve(reading, progress=Progress.of(begun))
    return reading


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


def held(value: float, policy: Policy) -> float:
    """
    Return a figure held within 0 and the policy's cap.

    Args:
        value: Any figure.
        policy: The policy.

    Example:
        >>> held(1.5, Policy()), held(1.5, Policy(cap=1.2)), held(-1, Policy(cap=None))
        (1.0, 1.2, 0.0)
    """
    if value <= 0:
        return 0.0
    return value if policy.cap is None else min(value, policy.cap)


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
    return held(raw, policy) if clamps else raw


def _limit(limit: Limit, threshold: Threshold) -> Limit:
    """Return a limit as a policy sees it."""
    strict = threshold is Threshold.STRICT
    if threshold is Threshold.AS_WRITTEN or limit.strict is strict or limit.score is Score.DISTANCE:
        return limit
    if strict and isinstance(limit, Within) and limit.lower == limit.upper:
        return limit
    given: Any = limit
    changed: Limit = evolve(given, strict=strict)
    return changed


def _without_span(metric: Unreadable, value: Decimal, choice: ZeroSpan) -> float | None:
    """Return the progress of a value whose target equals its start, or None where that is unknown."""
    document = metric.document
    if choice is ZeroSpan.UNKNOWN or document.get("kind") not in {"increase", "decrease"}:
        return None
    if choice is ZeroSpan.STEP:
        target = number(document["target"])
        return float(value <= target if document["kind"] == "decrease" else value >= target)
    return float(choice is ZeroSpan.ONE)
