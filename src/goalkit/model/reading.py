"""What one goal's own check-ins say: the only place where a recorded value becomes progress."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from ..errors import InvalidValue
from ..quantities import number, plain
from .goals import Goal, Initiative, KeyResult, Milestone, own_metric
from .progress import Progress, Reason
from .records import CheckIn


def progress_of(goal: Goal, check_in: CheckIn) -> Progress | None:
    """
    Return the progress that a check-in reports, or None where it says nothing of it.

    Args:
        goal: The goal as it was defined on that day.
        check_in: One of its check-ins.

    Raises:
        InvalidValue: If the check-in says something that this goal cannot mean.

    Example:
        >>> from goalkit import Increase, KeyResult
        >>> nps = KeyResult(id="nps", title="NPS", metric=Increase(start=42, target=70))
        >>> progress_of(nps, CheckIn(goal="nps", on="2026-08-10", value=56)).value
        0.5
    """
    if check_in.done is not None:
        if not isinstance(goal, Initiative) or not goal.actions:
            hint = "record a value, or name the actions of an initiative"
            raise InvalidValue.of("nothing_to_tick", f"{goal.id!r} has no actions to be done", path="done", hint=hint)
        actions = set(goal.actions)
        if unknown := [name for name in check_in.done if name not in actions]:
            hint = f"its actions are {', '.join(goal.actions)}"
            raise InvalidValue.of("unknown_action", f"{goal.id!r} has no action {unknown[0]!r}", path="done", hint=hint)
    if check_in.value is None:
        if check_in.done is None:
            return None
        return Progress.of(len(check_in.done) / len(goal.actions)) if isinstance(goal, Initiative) else None
    try:
        return _valued(goal, check_in.value)
    except InvalidValue as error:
        raise InvalidValue(*(problem.under("value") for problem in error.problems)) from None


def _valued(goal: Goal, value: Decimal | bool) -> Progress:
    metric = own_metric(goal)
    if metric is not None:
        return metric.progress(value)
    if isinstance(goal, Initiative) and goal.actions:
        hint = "name the actions that are done"
        raise InvalidValue.of("value_beside_actions", f"{goal.id!r} is measured by its actions", hint=hint)
    if isinstance(goal, Milestone) and goal.share is not None:
        hint = "record the value of the key result"
        raise InvalidValue.of("value_beside_share", f"{goal.id!r} is read from the key result above it", hint=hint)
    if isinstance(goal, (Milestone, Initiative)):
        part = Decimal(value) if isinstance(value, bool) else number(value)
        if not 0 <= part <= 1:
            hint = "give True, False, or a fraction from 0 to 1"
            raise InvalidValue.of("out_of_range", f"{plain(part)} is not within 0 and 1", hint=hint)
        return Progress.of(float(part))
    if isinstance(goal, KeyResult):  # what is measured before it is said how it counts is kept, and means nothing yet
        return Progress.unknown(Reason.NO_METRIC)
    hint = "give it a metric, or record the values of what contributes to it"
    raise InvalidValue.of("value_without_metric", f"{goal.id!r} has no metric to read a value with", hint=hint)


def latest(goal: Goal, check_ins: Sequence[CheckIn], as_of: date) -> tuple[Progress, CheckIn | None]:
    """
    Return a goal's progress by its last check-in that says something of it, and that check-in.

    Args:
        goal: The goal as it is defined on the day.
        check_ins: Its check-ins that stand, oldest day first, none later than the day.
        as_of: The day.

    Returns:
        Unknown progress with the reason ``not_measured`` where no check-in says anything, and
        ``unreadable`` where the last one cannot be read by the definition that is in force.

    Example:
        >>> from goalkit import Milestone
        >>> latest(Milestone(id="m", title="M", done_on="2026-08-01"), (), date(2026, 8, 15))[0].value
        1.0
    """
    done_on = goal.done_on if isinstance(goal, Milestone) else None
    for check_in in reversed(check_ins):
        if done_on is not None and check_in.on < done_on <= as_of:
            break
        try:
            progress = progress_of(goal, check_in)
        except InvalidValue:
            return Progress.unknown(Reason.UNREADABLE), check_in
        if progress is not None:
            return progress, check_in
    if done_on is not None and done_on <= as_of:
        return Progress.of(1.0), None
    return Progress.unknown(Reason.NOT_MEASURED), None
