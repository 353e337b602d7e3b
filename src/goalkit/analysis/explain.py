"""How a figure came about, in words that people use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import frozen

from ..errors import InvalidValue
from ..model.goals import Goal, Initiative, KeyResult, Milestone, own_metric
from ..model.methods import Reads, RollupMethod
from ..model.progress import Reason
from ..model.records import CheckIn
from ..quantities import percent, plain, points, whole
from .contributions import Contribution
from .measures import as_read
from .rollup import GoalProgress, Rollup
from .tables import one_line

#: What each reason means, in words.
WORDS: Final[dict[Reason, str]] = {
    Reason.NOT_MEASURED: "not measured yet",
    Reason.NOT_STARTED: "its period lies ahead",
    Reason.NONE_STARTED: "nothing that would contribute has begun",
    Reason.NO_CHILDREN: "nothing contributes to it",
    Reason.NO_WEIGHT: "it weighs nothing",
    Reason.ALL_LEFT_OUT: "everything that would contribute is left out",
    Reason.NO_METRIC: "nobody has said how it is measured",
    Reason.NO_BASELINE: "nobody knows yet where it begins",
    Reason.NO_VALUE: "it has no value that could be summed",
    Reason.NO_SLOTS: "nobody has said when its check-ins are expected",
    Reason.UNLIKE_UNITS: "the values below it are of different units",
    Reason.WEIGHTS_NOT_ONE: "the weights of what contributes do not sum to one",
    Reason.ZERO_SPAN: "its target equals its start",
    Reason.UNREADABLE: "what was recorded cannot be read",
    Reason.NO_OBSERVATIONS: "nothing was observed",
    Reason.NOT_COMPUTABLE: "what was observed cannot be put together without its parts",
    Reason.ZERO_DENOMINATOR: "there was no case",
    Reason.MISSING_PERIOD: "nothing was observed in a period of it",
    Reason.PARTIAL_PERIOD: "its period is not over yet",
    Reason.TOO_FEW: "there is too little before it",
    Reason.NO_TARGET: "nobody has said what it should be",
    Reason.ZERO_BASE: "there is nothing above zero to divide by",
    Reason.NO_DIRECTION: "nobody has said which way is better",
    Reason.DOES_NOT_COUNT: "it supports without counting",
    Reason.PARENT_IS_MEASURED: "the goal above is not made up of its parts",
    Reason.PARENT_NOT_STARTED: "the period of the goal above lies ahead",
    Reason.PARENT_IS_COMPLETE: "the goal above is closed, and complete",
    Reason.KEY_RESULTS_ONLY: "only key results count here",
    Reason.DRAFT: "it is a draft",
    Reason.PROPOSED: "it is only proposed",
    Reason.PAUSED: "it is paused",
    Reason.CLOSED: "it is closed",
    Reason.DROPPED: "it was dropped",
    Reason.ARCHIVED: "it is archived",
}

# Of one parent, the most children that are told; the rest are counted.
_MOST_CHILDREN: Final = 50
_MOST_DEPTH: Final = 20


def explained(progress: Rollup, goal_id: str, depth: int) -> str:
    """
    Return in words how a goal's figure came about.

    Args:
        progress: The figures.
        goal_id: The goal.
        depth: How many levels below it are told, 1 to 20.

    Raises:
        UnknownId: If there is no such goal.
        InvalidValue: If the depth is out of range.
    """
    try:
        levels = whole(depth, least=1, most=_MOST_DEPTH)
    except InvalidValue as error:
        raise error.under("depth") from None
    return "\n".join(_lines(progress, goal_id, levels))


def _lines(progress: Rollup, goal_id: str, depth: int) -> Iterator[str]:
    top = progress[goal_id]
    title = one_line(progress.goal(goal_id).title)
    source = _source(progress, top) if progress.method(goal_id) is None else ""
    yield f"{goal_id} {_figure(top)} on {top.as_of}{_how(progress, top)}: {title}{source}"
    told = {goal_id}
    waiting = _below(progress, top, "")
    while waiting:
        line = waiting.pop()
        lead = f"{line.before}{'└─' if line.last else '├─'} "
        if isinstance(line.part, int):
            yield f"{lead}… and {line.part} more"
            continue
        row = progress[line.part.goal]
        said = f"{lead}{line.part.goal}  {_share(line.part, line, progress.policy.cap)}{_source(progress, row)}"
        inner = f"{line.before}{'   ' if line.last else '│  '}"
        if not row.contributions:
            yield said
        elif line.part.goal in told:
            yield f"{said}  (told above)"
        elif len(inner) >= 3 * depth:
            yield f"{said}  (more below it)"
        else:
            yield said
            waiting.extend(_below(progress, row, inner))
        told.add(line.part.goal)


@frozen
class _Line:
    """A line that is still to be written: of a child, or of so many that are only counted."""

    part: Contribution | int
    parent: GoalProgress
    method: RollupMethod | None
    before: str
    last: bool


def _below(progress: Rollup, row: GoalProgress, before: str) -> list[_Line]:
    """Return what is told below a goal, the first at the end."""
    # What counts comes first, the largest share of it foremost; Python's sort keeps plan order among equals.
    parts = sorted(row.contributions, key=lambda part: (not part.counts, -part.share))
    shown: list[Contribution | int] = [*parts[:_MOST_CHILDREN]]
    if len(parts) > _MOST_CHILDREN:
        shown.append(len(parts) - _MOST_CHILDREN)
    method = progress.method(row.goal)
    return [_Line(part, row, method, before, part is shown[-1]) for part in shown][::-1]


def _figure(row: GoalProgress) -> str:
    if row.value is not None:
        return f"is at {percent(row.value)}"
    return f"is unknown ({WORDS[row.reason]})" if row.reason is not None else "is unknown"


def _how(progress: Rollup, row: GoalProgress) -> str:
    chosen = progress.policy.describe()
    by = f", by {one_line(chosen)}" if chosen else ""
    if row.value is None or not any(part.counts for part in row.contributions):
        return by
    told = _HOW.get(progress.method(row.goal), "")
    if row.actual is not None:
        told += f" {plain(row.actual)}"
    unheld = progress.unheld(row.goal)
    told += "" if unheld is None else f", held there from {percent(unheld)}"
    return by + (told if row.coverage == 1 else f"{told}, with {percent(row.coverage)} of it measured")


_HOW: Final[dict[RollupMethod | None, str]] = {
    RollupMethod.MINIMUM: ", the least of its parts",
    RollupMethod.MAXIMUM: ", the most of its parts",
    RollupMethod.SUM_OF_VALUES: ", read from the sum of values",
    RollupMethod.RATIO_OF_SUMS: ", all the way that was gone over all there is to go",
}
_OF: Final[dict[RollupMethod | None, str]] = {
    RollupMethod.SUM_OF_VALUES: "the sum",
    RollupMethod.RATIO_OF_SUMS: "the way",
}


def _share(part: Contribution, line: _Line, cap: float | None) -> str:
    if line.parent.reason is Reason.NOT_MEASURED and part.reason is Reason.NOT_MEASURED:
        return f"unknown: {WORDS[part.reason]}"
    if not part.counts:
        said = "" if part.value is None else f" (at {percent(part.value)})"
        return f"left out: {WORDS[part.reason]}{said}" if part.reason is not None else f"left out{said}"
    unknown = WORDS[part.reason or Reason.NOT_MEASURED]
    if line.parent.value is None:
        return f"unknown: {unknown}" if part.value is None else percent(part.value)
    if line.method in {RollupMethod.MINIMUM, RollupMethod.MAXIMUM}:
        known = percent(part.value) if part.value is not None else f"unknown, counts as 0 % ({unknown})"
        return f"{known}, {'which decides' if part.share else 'which does not decide'}"
    share = f"{percent(part.share)} of {_OF.get(line.method, 'the weight')}"
    brought = f"{points(part.points, 1)} points"
    if part.amount is not None:
        at_start = f", counted at its start: {unknown}" if part.value is None else ""
        return f"{plain(part.amount)}, {share} = {brought}{at_start}"
    if part.value is None:
        return f"unknown, counts as 0 % × {share} = {brought}: {unknown}"
    if line.method is RollupMethod.RATIO_OF_SUMS:
        return f"{share} = {brought}"
    clamped = (", held within 0 % and " + percent(cap) if cap is not None else ", held at 0 %") if part.clamped else ""
    return f"{percent(part.value)} × {share} = {brought}{clamped}"


def _source(progress: Rollup, row: GoalProgress) -> str:
    goal = progress.goal(row.goal)
    metric = own_metric(goal)
    said = [] if row.check_in is None else [_read(goal, row, row.check_in)]
    if isinstance(goal, KeyResult) and goal.measured_by is not None and row.actual is not None:
        said.append(f"{plain(row.actual)} by the KPI {goal.measured_by}")
    if row.value is not None and not row.coverage and not row.contributions:
        said.append("not measured, taken at its start")
    if progress.is_complete(row.goal):
        said.append("closed, and complete by the policy")
    metric = as_read(metric, progress.policy)
    if metric is not None:
        said.append(metric.describe())
    elif isinstance(goal, Milestone) and goal.due is not None:
        said.append(f"due {goal.due}")
    elif isinstance(goal, Initiative) and goal.actions and row.check_in is not None:
        said.append(f"of {len(goal.actions)} actions")
    return f"  [{', '.join(said)}]" if said else ""


def _read(goal: Goal, row: GoalProgress, last: CheckIn) -> str:
    if isinstance(goal, KeyResult) and goal.reads is not Reads.LATEST and row.actual is not None:
        return f"{plain(row.actual)}, the {goal.reads.value} of its check-ins until {last.on}"
    return _said(last)


def _said(check_in: CheckIn) -> str:
    if check_in.value is None:
        return f"{len(check_in.done or ())} done on {check_in.on}"
    if isinstance(check_in.value, bool):
        return f"{'done' if check_in.value else 'not done'} on {check_in.on}"
    return f"{plain(check_in.value)} on {check_in.on}"
