"""
Goal logic as a library: objectives, key results, and figures that explain themselves.

Each name is loaded when it is first used, so that importing goalkit costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import policies
    from .analysis.attribution import Attribution, AttributionPart, Cause, attribution
    from .analysis.compliance import Compliance, ComplianceList, check_cadences, compliance, schedule
    from .analysis.contributions import Contribution
    from .analysis.due import Due, DueList, due
    from .analysis.live import LiveRollup
    from .analysis.overdue import DueIndex
    from .analysis.rollup import GoalProgress, Rollup, rollup
    from .analysis.slots import Expects, Slot, SlotState
    from .analysis.trend import Trend, TrendPoint, trend
    from .calendars.cadence import Cadence
    from .calendars.cycles import Cycle
    from .calendars.fiscal import FiscalCalendar
    from .calendars.year import GoalYear
    from .documents.diff import Change, diff, patch
    from .errors import GoalkitError, InvalidPlan, InvalidValue, Problem, UnknownId
    from .model.checklists import Checklist
    from .model.curves import Curve, CurveShape
    from .model.goals import Initiative, KeyResult, Link, Milestone, Objective
    from .model.limits import AtLeast, AtMost, Score, Within
    from .model.linear import Decrease, Increase, Metric
    from .model.methods import Reads, RollupMethod
    from .model.metrics import Binary, FindBaseline
    from .model.plan import Plan
    from .model.progress import Progress, Reason
    from .model.records import CheckIn, Revision, Transition
    from .model.stages import Ambition, Outcome, Stage, Status
    from .model.zones import CommitTargetStretch, Zone
    from .policies.policy import Policy

__all__ = [
    "Ambition",
    "AtLeast",
    "AtMost",
    "Attribution",
    "AttributionPart",
    "Binary",
    "Cadence",
    "Cause",
    "Change",
    "CheckIn",
    "Checklist",
    "CommitTargetStretch",
    "Compliance",
    "ComplianceList",
    "Contribution",
    "Curve",
    "CurveShape",
    "Cycle",
    "Decrease",
    "Due",
    "DueIndex",
    "DueList",
    "Expects",
    "FindBaseline",
    "FiscalCalendar",
    "GoalProgress",
    "GoalYear",
    "GoalkitError",
    "Increase",
    "Initiative",
    "InvalidPlan",
    "InvalidValue",
    "KeyResult",
    "Link",
    "LiveRollup",
    "Metric",
    "Milestone",
    "Objective",
    "Outcome",
    "Plan",
    "Policy",
    "Problem",
    "Progress",
    "Reads",
    "Reason",
    "Revision",
    "Rollup",
    "RollupMethod",
    "Score",
    "Slot",
    "SlotState",
    "Stage",
    "Status",
    "Transition",
    "Trend",
    "TrendPoint",
    "UnknownId",
    "Within",
    "Zone",
    "attribution",
    "check_cadences",
    "compliance",
    "diff",
    "due",
    "patch",
    "policies",
    "rollup",
    "schedule",
    "trend",
]

_HOMES = {
    "analysis.attribution": "Attribution AttributionPart Cause attribution",
    "analysis.compliance": "Compliance ComplianceList check_cadences compliance schedule",
    "analysis.contributions": "Contribution",
    "analysis.due": "Due DueList due",
    "analysis.overdue": "DueIndex",
    "analysis.live": "LiveRollup",
    "analysis.rollup": "GoalProgress Rollup rollup",
    "analysis.slots": "Expects Slot SlotState",
    "analysis.trend": "Trend TrendPoint trend",
    "calendars.cadence": "Cadence",
    "calendars.cycles": "Cycle",
    "calendars.fiscal": "FiscalCalendar",
    "calendars.year": "GoalYear",
    "documents.diff": "Change diff patch",
    "errors": "GoalkitError InvalidPlan InvalidValue Problem UnknownId",
    "model.checklists": "Checklist",
    "model.curves": "Curve CurveShape",
    "model.goals": "Initiative KeyResult Link Milestone Objective",
    "model.limits": "AtLeast AtMost Score Within",
    "model.linear": "Decrease Increase Metric",
    "model.methods": "Reads RollupMethod",
    "model.metrics": "Binary FindBaseline",
    "model.plan": "Plan",
    "model.progress": "Progress Reason",
    "model.records": "CheckIn Revision Transition",
    "model.stages": "Ambition Outcome Stage Status",
    "model.zones": "CommitTargetStretch Zone",
    "policies.policy": "Policy",
}


def __getattr__(name: str) -> object:
    if name == "policies":
        return import_module(".policies", __name__)
    for home, names in _HOMES.items():
        if name in names.split():
            value = globals()[name] = getattr(import_module(f".{home}", __name__), name)
            return value
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
