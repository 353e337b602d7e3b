"""Carrying a goal over into another cycle: a new goal that goes on from where an old one ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from attrs import evolve, fields_dict

from ..calendars import Cycle
from ..errors import InvalidPlan, InvalidValue, Problem
from ..quantities import plain
from ..values import choice
from .changes import corrected
from .definitions import Definitions
from .facts import FactLog, standing
from .goals import Goal, KeyResult, Link, own_metric
from .inheriting import INHERITED, nearest
from .linear import Metric
from .methods import Reads
from .reading import read
from .records import CheckIn
from .zones import CommitTargetStretch


class Start(StrEnum):
    """Where the metric of a goal that is carried over starts."""

    LAST = "last"
    SAME = "same"


# What belongs to the old cycle, or to the host's record of the old goal, and stays behind with it.
_LEFT_BEHIND: Final = ("first_day", "last_day", "due", "done_on", "depends_on", "extra")


def carried_over(  # noqa: PLR0917 - each is one word, and the plan alone calls it
    goal: Goal,
    new_id: str,
    into: Cycle,
    start: str,
    changes: Mapping[str, Any],
    definitions: Definitions,
    log: FactLog,
) -> Goal:
    """
    Return the goal that carries another one on in a cycle.

    Args:
        goal: The goal as last defined.
        new_id: The id of the new goal.
        into: The cycle.
        start: ``last`` or ``same``: whether its metric starts from the last value, or where the old one did.
        changes: Fields that the new goal has otherwise, by name.
        definitions: The goals as last defined.
        log: Every fact.

    Raises:
        InvalidValue: If a field is refused.
        InvalidPlan: If the last value cannot be read, or is nothing that the metric can start from.
    """
    if "cycle" in changes:
        hint = "leave out cycle="
        raise InvalidValue.of("two_answers", "into= says which cycle it is in", path="cycle", hint=hint)
    try:
        begins = choice(Start, start)
    except InvalidValue as error:
        raise error.under("start") from None
    columns = fields_dict(type(goal))
    given: dict[str, Any] = {name: columns[name].default for name in _LEFT_BEHIND if name in columns}
    given |= {"id": new_id, "cycle": into.id, "continues": goal.id}
    metric = own_metric(goal)
    if metric is not None and begins is Start.LAST and "metric" not in changes:
        given["metric"] = _from_last(goal, metric, standing(log.about(goal.id)))
    if "parent" not in changes:
        given["parent"] = tuple(_links_into(goal, into, definitions))
    new = corrected(evolve(goal, **given), changes)
    return evolve(new, **_kept(goal, new, changes, definitions))


def _kept(goal: Goal, new: Goal, changes: Mapping[str, Any], definitions: Definitions) -> dict[str, Any]:
    """Return what a goal had from parents that are left behind: it would be lost without a word."""
    at = definitions.structure.at
    kept: dict[str, Any] = {}
    for name in INHERITED:
        known = nearest(definitions, name)
        if name not in changes and all(known[at[link.to]] is None for link in new.parent if link.to in at):
            kept[name] = known[at[goal.id]]
    return kept


def _from_last(goal: Goal, metric: Metric, check_ins: Sequence[CheckIn]) -> Metric:
    """Return a metric that starts from the last value; the same one where nothing was measured, or it has no start."""
    said = [check_in for check_in in check_ins if check_in.value is not None]
    # A sum begins anew in every cycle.
    sums = isinstance(goal, KeyResult) and goal.reads is Reads.SUM
    if not said or sums or metric.begins is None:
        return metric
    last = _last_value(goal, metric, said)
    if last is None:
        hint = "give metric=, or start='same'"
        raise InvalidPlan(_problem(goal, "no_last_value", "its last value cannot be read by its metric", hint))
    try:
        return _from(metric, last)
    except InvalidValue as error:
        message = f"it cannot start from its last value {plain(last)}: {error.problems[0].message}"
        hint = "give metric= with a new target, or start='same'"
        raise InvalidPlan(_problem(goal, error.problems[0].code, message, hint)) from None


def _from(metric: Metric, start: Decimal) -> Metric:
    if not isinstance(metric, CommitTargetStretch):
        # Every other metric that begins somewhere says so in its field start, which a type checker does not know.
        moved: Metric = evolve(metric, start=start)  # type: ignore[misc]
        return moved
    if (metric.stretch > start) is not (metric.stretch > metric.baseline):
        message = f"the stretch {plain(metric.stretch)} is not beyond {plain(start)}"
        raise InvalidValue.of("wrong_direction", message, path="baseline", hint="give a stretch beyond it")
    return CommitTargetStretch(baseline=start, stretch=metric.stretch)


def _last_value(goal: Goal, metric: Metric, said: Sequence[CheckIn]) -> Decimal | None:
    """Return the last value, or what all of them make where the goal reads them all; None where it is unreadable."""
    if isinstance(goal, KeyResult) and goal.reads is not Reads.LATEST:
        return read(goal, said, said[-1].on).actual
    try:
        return metric.read(said[-1].value)
    except InvalidValue:
        return None


def _problem(goal: Goal, code: str, message: str, hint: str) -> Problem:
    return Problem(code=code, path=f"{goal.id}.metric", message=message, hint=hint)


def _links_into(goal: Goal, into: Cycle, definitions: Definitions) -> Iterator[Link]:
    """Yield a goal's links to what goes on in a cycle: parents that were carried over into it, or reach into it."""
    carried = {
        other.continues: other.id
        for other in definitions.goals.values()
        if other.continues is not None and other.cycle == into.id
    }
    for link in goal.parent:
        ends = definitions.periods[definitions.structure.at[link.to]][1]
        if link.to in carried:
            yield evolve(link, to=carried[link.to])
        elif ends is None or not into.is_dated or ends >= into.first_day:
            yield link
