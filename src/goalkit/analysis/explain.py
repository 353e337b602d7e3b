"""How a figure came about, in words that people use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..errors import InvalidValue
from ..model.goals import Initiative, Milestone, own_metric
from ..model.progress import Reason
from ..model.records import CheckIn
from ..model.stages import RollupMethod
from ..quantities import percent, plain, points
from .rollup import Contribution, GoalProgress, Rollup
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
    Reason.ZERO_SPAN: "its target equals its start",
    Reason.UNREADABLE: "what was recorded cannot be read",
    Reason.DOES_NOT_COUNT: "it supports without counting",
    Reason.PARENT_IS_MEASURED: "the goal above is not made up of its parts",
    Reason.PARENT_NOT_STARTED: "the period of the goal above lies ahead",
    Reason.DRAFT: "it is a draft",
    Reason.PROPOSED: "it is only proposed",
    Reason.PAUSED: "it is paused",
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
    if not 1 <= depth <= _MOST_DEPTH:
        raise InvalidValue.of("out_of_range", f"{depth} is not a depth", path="depth", hint=f"give 1 to {_MOST_DEPTH}")
    return "\n".join(_lines(progress, goal_id, depth))


def _lines(progress: Rollup, goal_id: str, depth: int) -> Iterator[str]:
    top = progress[goal_id]
    title = one_line(progress.goal(goal_id).title)
    yield f"{goal_id} {_figure(top)} on {top.as_of}{_how(progress, top)}: {title}"
    told = {goal_id}
    waiting = _below(progress, top, "")
    while waiting:
        part, before, last, by_weight = waiting.pop()
        lead = f"{before}{'└─' if last else '├─'} "
        if isinstance(part, int):
            yield f"{lead}… and {part} more"
            continue
        row = progress[part.goal]
        line = f"{lead}{part.goal}  {_share(part, by_weight=by_weight)}{_source(progress, row)}"
        inner = f"{before}{'   ' if last else '│  '}"
        if not row.contributions:
            yield line
        elif part.goal in told:
            yield f"{line}  (told above)"
        elif len(inner) >= 3 * depth:
            yield f"{line}  (more below it)"
        else:
            yield line
            waiting.extend(_below(progress, row, inner))
        told.add(part.goal)


def _below(progress: Rollup, row: GoalProgress, before: str) -> list[tuple[Contribution | int, str, bool, bool]]:
    """Return what is told below a goal, the first at the end; a number stands for so many that are not told."""
    # What counts comes first, the largest share of it foremost; Python's sort keeps plan order among equals.
    parts = sorted(row.contributions, key=lambda part: (not part.counts, -part.share))
    shown: list[Contribution | int] = [*parts[:_MOST_CHILDREN]]
    if len(parts) > _MOST_CHILDREN:
        shown.append(len(parts) - _MOST_CHILDREN)
    last = len(shown) - 1
    by_weight = progress.goal(row.goal).rollup not in {RollupMethod.MINIMUM, RollupMethod.MAXIMUM}
    return [(part, before, at == last, by_weight) for at, part in enumerate(shown)][::-1]


def _figure(row: GoalProgress) -> str:
    if row.value is not None:
        return f"is at {percent(row.value)}"
    return f"is unknown ({WORDS[row.reason]})" if row.reason is not None else "is unknown"


def _how(progress: Rollup, row: GoalProgress) -> str:
    if row.value is None or not any(part.counts for part in row.contributions):
        return ""
    method = progress.goal(row.goal).rollup
    told = ", the least of its parts" if method is RollupMethod.MINIMUM else ""
    told = ", the most of its parts" if method is RollupMethod.MAXIMUM else told
    return told if row.coverage == 1 else f"{told}, with {percent(row.coverage)} of it measured"


def _share(part: Contribution, *, by_weight: bool) -> str:
    if not part.counts:
        said = "" if part.value is None else f" (at {percent(part.value)})"
        return f"left out: {WORDS[part.reason]}{said}" if part.reason is not None else f"left out{said}"
    if not by_weight:
        known = (
            percent(part.value) if part.value is not None else f"unknown, counts as 0 % ({WORDS[Reason.NOT_MEASURED]})"
        )
        return f"{known}, {'which decides' if part.share else 'which does not decide'}"
    share = f"{percent(part.share)} of the weight"
    if part.value is None:
        return f"unknown, counts as 0 % × {share} = 0.0 points: {WORDS[part.reason or Reason.NOT_MEASURED]}"
    clamped = ", held within 0 % and 100 %" if part.clamped else ""
    return f"{percent(part.value)} × {share} = {points(part.points, 1)} points{clamped}"


def _source(progress: Rollup, row: GoalProgress) -> str:
    goal = progress.goal(row.goal)
    metric = own_metric(goal)
    said = [] if row.check_in is None else [_said(row.check_in)]
    if metric is not None:
        said.append(metric.describe())
    elif isinstance(goal, Milestone) and goal.due is not None:
        said.append(f"due {goal.due}")
    elif isinstance(goal, Initiative) and goal.actions and row.check_in is not None:
        said.append(f"of {len(goal.actions)} actions")
    return f"  [{', '.join(said)}]" if said else ""


def _said(check_in: CheckIn) -> str:
    if check_in.value is None:
        return f"{len(check_in.done or ())} done on {check_in.on}"
    if isinstance(check_in.value, bool):
        return f"{'done' if check_in.value else 'not done'} on {check_in.on}"
    return f"{plain(check_in.value)} on {check_in.on}"
