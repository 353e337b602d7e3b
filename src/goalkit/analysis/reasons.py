"""Why a goal has its status, in words."""

from __future__ import annotations

from typing import Final

from ..model.goals import own_metric
from ..model.progress import Reason
from ..model.records import CheckIn
from ..model.stages import Outcome, Stage, Status
from ..policies import By, ParentStatus, Policy
from ..quantities import percent, plain, points
from .explain import WORDS
from .judging import Judge
from .measures import as_read
from .verdicts import ZONE_OF, Kind, Why

_STAGES: Final = {
    Stage.DRAFT: "it is a draft",
    Stage.PROPOSED: "it is only proposed",
    Stage.PAUSED: "it is paused",
    Stage.ARCHIVED: "it is archived",
}
_CHILDREN: Final = {
    ParentStatus.WORST: "the worst of what counts towards it",
    ParentStatus.MEAN_CONFIDENCE: "the mean confidence in what counts towards it",
    ParentStatus.LATEST: "as what counts towards it was last seen",
}


def words(status: Status) -> str:
    """
    Return a status as people say it.

    Args:
        status: The status.

    Example:
        >>> words(Status.AT_RISK)
        'at risk'
    """
    return status.value.replace("_", " ")


def reason_of(judge: Judge, position: int, reported: CheckIn | None) -> str:
    """
    Return why a goal has the status that it has.

    Args:
        judge: The statuses of the plan.
        position: The goal's position.
        reported: The last check-in that says how it stands.
    """
    computed, why = judge.verdict(position)
    status = judge.status(position)
    said = _computed(judge, position, why, is_reported=reported is not None)
    if reported is None or reported.status is None or why in {Why.STAGE, Why.ENDED}:
        return said
    if status is reported.status and status is not computed:
        figures = f"computed as {words(computed)}, {said}" if computed is not None else said
        return f"reported as {words(status)} on {reported.on}; {figures}"
    if computed is not None and computed is not reported.status and why is not Why.NO_CHECK_IN:
        return f"{said}; reported as {words(reported.status)} on {reported.on}"
    return said


def _computed(judge: Judge, position: int, why: Why, *, is_reported: bool) -> str:
    if why is Why.STAGE:
        return _STAGES[judge.stage(position)[0]]
    if why is Why.ENDED:
        outcome = judge.stage(position)[1]
        return "it was dropped" if outcome is Outcome.DROPPED else f"it was closed as {outcome}"
    if why is Why.NO_CHECK_IN:
        return "nobody has said how far it has come" if is_reported else "nobody has checked in yet"
    if why is Why.NO_PERIOD:
        return "nobody has said from when to when it runs"
    if why is Why.CHILDREN:
        return _CHILDREN[judge.columns.policy.parent_status]
    if why is Why.KEPT:
        return _kept(judge, position)
    if why is Why.PACE:
        return _against(judge, position)
    if why is Why.HELD:
        status = judge.verdict(position)[0] or Status.ON_TRACK
        return f"{_against(judge, position)}; {words(status)} until it is clear"
    return _at_an_end(judge, position, why)


def _at_an_end(judge: Judge, position: int, why: Why) -> str:
    """Return why a goal is over, has not begun, or cannot be judged."""
    columns = judge.columns
    first, last = columns.periods[position]
    if why is Why.ACHIEVED:
        return f"kept: {_limit(judge, position)}" if judge.kinds[position] is Kind.KEPT else "all of the way is gone"
    if why is Why.MISSED:
        done = columns.known(position)
        much = "and nobody has said how far it came" if done is None else f"with {percent(done)} of the way gone"
        return f"its last day was {last}, {much}"
    if why is Why.NOT_BEGUN and first is not None and columns.as_of < first:
        return f"it begins on {first}"
    return WORDS[columns.reason[position] or Reason.NOT_MEASURED]


def _limit(judge: Judge, position: int) -> str:
    metric = as_read(own_metric(judge.columns.goals[position]), judge.columns.policy)
    return "" if metric is None else metric.describe()


def _kept(judge: Judge, position: int) -> str:
    keeps = "keeps" if judge.verdict(position)[0] is Status.ON_TRACK else "does not keep"
    value = judge.columns.actual(position)
    return f"{'it' if value is None else plain(value)} {keeps} its limit: {_limit(judge, position)}"


def _against(judge: Judge, position: int) -> str:
    """Return how the figure of a goal compares with the thresholds."""
    columns = judge.columns
    policy, pace = columns.policy, judge.pace(position)
    last, done = columns.periods[position][1], f"{percent(columns.value[position])} of the way"
    zone = _zone(judge, position)
    if policy.thresholds.by is not By.LEVEL or judge.kinds[position] is Kind.DUE:
        if judge.kinds[position] is Kind.DUE and not pace.expected:
            return f"nothing is expected of it before {last}" if last is not None else "nothing is expected of it yet"
        if not pace.expected and policy.thresholds.by is By.RATIO:
            return "nothing is expected of it yet"
    if policy.thresholds.by is By.LEVEL or pace.expected is None or pace.gap is None:
        return f"{done}, {_rule(policy, zone)}"
    if policy.thresholds.by is By.RATIO:
        return f"{done}, {percent(pace.ratio)} of the {percent(pace.expected)} that are expected, {_rule(policy, zone)}"
    far = f"{points(abs(pace.gap), 1)} points {'behind' if pace.gap > 0 else 'ahead'}"
    return f"{done}, {percent(pace.expected)} expected: {far}, {_rule(policy, zone)}"


def _zone(judge: Judge, position: int) -> int:
    """Return the zone that the thresholds say, whatever is held back."""
    status, why = judge.verdict(position)
    return (judge.zone(position) or 0) if why is Why.HELD else ZONE_OF[status or Status.ON_TRACK]


def _rule(policy: Policy, zone: int) -> str:
    """Return the threshold that puts a figure into a zone."""
    thresholds = policy.thresholds
    gap = thresholds.by is By.GAP
    bound = thresholds.on_track if zone < 2 or thresholds.at_risk is None else thresholds.at_risk  # noqa: PLR2004 - off track
    shown = points(bound, 1).removesuffix(".0") if gap else percent(bound)
    name = ("on track", "at risk", "off track")[zone]
    strict = thresholds.strict and zone < 2  # noqa: PLR2004 - off track
    if zone == 0:
        if gap:
            return f"and {'less than' if strict else 'up to'} {shown} is {name}"
        return f"and {'more than' if strict else 'from'} {shown} is {name}"
    if gap:
        return f"and {'from' if strict else 'more than'} {shown} is {name}"
    return f"and {'up to' if strict else 'less than'} {shown} is {name}"
