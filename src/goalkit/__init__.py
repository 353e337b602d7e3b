"""
Goal logic as a library: objectives, key results, and figures that explain themselves.

Each name is loaded when it is first used, so that importing goalkit costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .analysis.rollup import Contribution, GoalProgress, Rollup, rollup
    from .calendars.cadence import Cadence
    from .calendars.cycles import Cycle
    from .documents.diff import Change, diff, patch
    from .errors import GoalkitError, InvalidPlan, InvalidValue, Problem, UnknownId
    from .model.goals import Initiative, KeyResult, Link, Milestone, Objective
    from .model.limits import AtLeast, AtMost, Within
    from .model.linear import Decrease, Increase, Metric
    from .model.metrics import Binary
    from .model.plan import Plan
    from .model.progress import Progress, Reason
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
    "Metric",
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

_HOMES = {
    "analysis.rollup": "Contribution GoalProgress Rollup rollup",
    "calendars.cadence": "Cadence",
    "calendars.cycles": "Cycle",
    "documents.diff": "Change diff patch",
    "errors": "GoalkitError InvalidPlan InvalidValue Problem UnknownId",
    "model.goals": "Initiative KeyResult Link Milestone Objective",
    "model.limits": "AtLeast AtMost Within",
    "model.linear": "Decrease Increase Metric",
    "model.metrics": "Binary",
    "model.plan": "Plan",
    "model.progress": "Progress Reason",
    "model.records": "CheckIn Revision Transition",
    "model.stages": "Ambition Outcome RollupMethod Stage Status",
}


def __getattr__(name: str) -> object:
    for home, names in _HOMES.items():
        if name in names.split():
            value = globals()[name] = getattr(import_module(f".{home}", __name__), name)
            return value
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
