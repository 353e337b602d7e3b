"""Goal logic as a library: objectives, key results, roll-ups that explain themselves."""

from .analysis import Contribution, GoalProgress, Rollup, rollup
from .calendars import Cadence, Cycle
from .documents import Change, diff, patch
from .errors import GoalkitError, InvalidPlan, InvalidValue, Problem, UnknownId
from .model.goals import Initiative, KeyResult, Link, Milestone, Objective
from .model.metrics import AtLeast, AtMost, Binary, Decrease, Increase, Progress, Reason, Within
from .model.plan import Plan
from .model.records import CheckIn, Revision, Transition
from .model.stages import Ambition, Outcome, RollupMethod, Stage, Status

__all__ = [
    "Ambition",
    "AtLeast",
    "AtMost",
    "Binary",
    "Cadence",
    "Change",
    "CheckIn",
    "Contribution",
    "Cycle",
    "Decrease",
    "GoalProgress",
    "GoalkitError",
    "Increase",
    "Initiative",
    "InvalidPlan",
    "InvalidValue",
    "KeyResult",
    "Link",
    "Milestone",
    "Objective",
    "Outcome",
    "Plan",
    "Problem",
    "Progress",
    "Reason",
    "Revision",
    "Rollup",
    "RollupMethod",
    "Stage",
    "Status",
    "Transition",
    "UnknownId",
    "Within",
    "diff",
    "patch",
    "rollup",
]
