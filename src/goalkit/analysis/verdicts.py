"""What can be said of how a goal stands: when progress is expected of it, its status, and why it has that."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from typing import Final

from ..model.goals import Goal, Milestone, own_metric
from ..model.limits import Limit
from ..model.metrics import Binary
from ..model.progress import Reason
from ..model.stages import Stage, Status
from ..quantities import TOLERANCE
from .columns import Columns


class Kind(Enum):
    """When progress is expected of a goal."""

    WAY = auto()  # bit by bit, from the first day to the last
    DUE = auto()  # all of it on its due day
    KEPT = auto()  # all of it all the time


class Why(Enum):
    """Why a goal has its computed status."""

    STAGE = auto()  # it does not run
    ENDED = auto()  # it was closed, and somebody said what became of it
    ACHIEVED = auto()
    MISSED = auto()
    NOT_BEGUN = auto()  # its period lies ahead, or the periods of all that would contribute
    NO_CHECK_IN = auto()  # nobody has checked in yet
    UNKNOWN = auto()  # its progress is unknown for another reason
    NO_PERIOD = auto()  # nobody has said from when to when it runs
    KEPT = auto()  # whether its limit is kept
    PACE = auto()  # its figure against the thresholds
    HELD = auto()  # the same, kept back until it is clear
    CHILDREN = auto()  # what counts towards it


Verdict = tuple[Status | None, Why]

#: The statuses of a running goal, from best to worst.
ZONES: Final = (Status.ON_TRACK, Status.AT_RISK, Status.OFF_TRACK)
ZONE_OF: Final = {status: zone for zone, status in enumerate(ZONES)}
#: The statuses of what is over.
ENDS: Final = frozenset({Status.ACHIEVED, Status.MISSED})
RUNNING: Final = frozenset({Stage.APPROVED, Stage.ACTIVE})
AHEAD: Final = frozenset({Reason.NOT_STARTED, Reason.NONE_STARTED})
#: From worst to best.
WORST_FIRST: Final = (
    Status.MISSED,
    Status.OFF_TRACK,
    Status.AT_RISK,
    Status.ON_TRACK,
    Status.NOT_STARTED,
    Status.ACHIEVED,
)
#: How sure a goal is with a status as Profit.co has it, where nobody has said how sure it is.
CONFIDENCE: Final = {
    Status.ACHIEVED: 1.0,
    Status.ON_TRACK: 0.8,
    Status.AT_RISK: 0.3,
    Status.OFF_TRACK: 0.1,
    Status.MISSED: 0.0,
}


def kinds(columns: Columns) -> list[Kind]:
    """
    Return when progress is expected of every goal, by position; worked out once.

    Args:
        columns: The figures of the plan.
    """
    memo = columns.definitions.memo
    known: list[Kind] | None = memo.get("kinds")
    if known is None:
        known = memo["kinds"] = [_kind(goal) for goal in columns.goals]
    return known


def _kind(goal: Goal) -> Kind:
    metric = own_metric(goal)
    if isinstance(metric, Limit):
        return Kind.KEPT
    return Kind.DUE if isinstance(goal, Milestone) or isinstance(metric, Binary) else Kind.WAY


def worst_of(statuses: Sequence[Status]) -> Status:
    """
    Return the worst of some statuses for the goal above them, which is not over itself.

    Args:
        statuses: The statuses, at least one.

    Example:
        >>> worst_of([Status.ACHIEVED, Status.AT_RISK]).value, worst_of([Status.MISSED]).value
        ('at_risk', 'off_track')
    """
    worst = min(statuses, key=WORST_FIRST.index)
    if worst is Status.MISSED:
        return Status.OFF_TRACK
    begun = worst is Status.NOT_STARTED and Status.ACHIEVED in statuses
    return Status.ON_TRACK if begun else worst


def confident(mean: float) -> Status:
    """
    Return the status of a goal with so much confidence in what counts towards it.

    The bounds lie half-way between the numbers that Profit.co gives to its statuses.

    Args:
        mean: The mean confidence, 0 to 1.

    Example:
        >>> [confident(mean).value for mean in (1.0, 0.6, 0.25, 0.1)]
        ['achieved', 'on_track', 'at_risk', 'off_track']
    """
    if mean >= 1 - TOLERANCE:
        return Status.ACHIEVED
    on_track = (CONFIDENCE[Status.ON_TRACK] + CONFIDENCE[Status.AT_RISK]) / 2
    at_risk = (CONFIDENCE[Status.AT_RISK] + CONFIDENCE[Status.OFF_TRACK]) / 2
    if mean >= on_track - TOLERANCE:
        return Status.ON_TRACK
    return Status.AT_RISK if mean >= at_risk - TOLERANCE else Status.OFF_TRACK
