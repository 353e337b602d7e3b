"""
Goal logic as a library: objectives, key results, and figures that explain themselves.

Each name is loaded when it is first used, so that importing goalkit costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import policies
    from .analysis.attribution import Attribution, AttributionPart, Cause, attribution
    from .analysis.bands import Band, Colour
    from .analysis.compliance import Compliance, ComplianceList, check_cadences, compliance, schedule
    from .analysis.contributions import Contribution
    from .analysis.due import Due, DueList, due
    from .analysis.expectations import Expectations
    from .analysis.grading import GoalGrade, Grades, grades
    from .analysis.live import LiveRollup
    from .analysis.milestones import MilestoneDays
    from .analysis.overdue import DueIndex
    from .analysis.pace import Pace
    from .analysis.payouts import PayoutCurve
    from .analysis.reviewing import CycleReview, Signal, SweetSpot, review_cycle
    from .analysis.rollup import GoalProgress, Rollup, rollup
    from .analysis.scales import Scale
    from .analysis.scorecards import Area, Scorecard, scorecard
    from .analysis.slots import Expects, Slot, SlotState
    from .analysis.status import Assessment, GoalStatus, assess
    from .analysis.trend import Trend, TrendPoint, trend
    from .calendars.cadence import Cadence
    from .calendars.cycles import Cycle
    from .calendars.fiscal import FiscalCalendar
    from .calendars.year import GoalYear
    from .documents.diff import Change, diff, patch
    from .errors import GoalkitError, IllegalMove, InvalidPlan, InvalidValue, Problem, UnknownId
    from .model.checklists import Checklist
    from .model.curves import Curve, CurveShape
    from .model.goals import Initiative, KeyResult, Link, Milestone, Objective
    from .model.limits import AtLeast, AtMost, Score, Within
    from .model.linear import Decrease, Increase, Metric
    from .model.methods import Reads, RollupMethod
    from .model.metrics import Binary, FindBaseline
    from .model.plan import Plan
    from .model.profiles import (
        LinearProfile,
        LoadedProfile,
        PhasedProfile,
        PhaseShape,
        Profile,
        SCurveProfile,
        SeasonalProfile,
        WorkdayProfile,
    )
    from .model.progress import Progress, Reason
    from .model.records import Approval, CheckIn, Grade, Retrospective, Revision, Transition
    from .model.stages import Ambition, Outcome, Stage, Status
    from .model.zones import CommitTargetStretch, Zone
    from .policies.policy import Policy

__all__ = [
    "Ambition",
    "Approval",
    "Area",
    "Assessment",
    "AtLeast",
    "AtMost",
    "Attribution",
    "AttributionPart",
    "Band",
    "Binary",
    "Cadence",
    "Cause",
    "Change",
    "CheckIn",
    "Checklist",
    "Colour",
    "CommitTargetStretch",
    "Compliance",
    "ComplianceList",
    "Contribution",
    "Curve",
    "CurveShape",
    "Cycle",
    "CycleReview",
    "Decrease",
    "Due",
    "DueIndex",
    "DueList",
    "Expectations",
    "Expects",
    "FindBaseline",
    "FiscalCalendar",
    "GoalGrade",
    "GoalProgress",
    "GoalStatus",
    "GoalYear",
    "GoalkitError",
    "Grade",
    "Grades",
    "IllegalMove",
    "Increase",
    "Initiative",
    "InvalidPlan",
    "InvalidValue",
    "KeyResult",
    "LinearProfile",
    "Link",
    "LiveRollup",
    "LoadedProfile",
    "Metric",
    "Milestone",
    "MilestoneDays",
    "Objective",
    "Outcome",
    "Pace",
    "PayoutCurve",
    "PhaseShape",
    "PhasedProfile",
    "Plan",
    "Policy",
    "Problem",
    "Profile",
    "Progress",
    "Reads",
    "Reason",
    "Retrospective",
    "Revision",
    "Rollup",
    "RollupMethod",
    "SCurveProfile",
    "Scale",
    "Score",
    "Scorecard",
    "SeasonalProfile",
    "Signal",
    "Slot",
    "SlotState",
    "Stage",
    "Status",
    "SweetSpot",
    "Transition",
    "Trend",
    "TrendPoint",
    "UnknownId",
    "Within",
    "WorkdayProfile",
    "Zone",
    "assess",
    "attribution",
    "check_cadences",
    "compliance",
    "diff",
    "due",
    "grades",
    "patch",
    "policies",
    "review_cycle",
    "rollup",
    "schedule",
    "scorecard",
    "trend",
]

_HOMES = {
    "analysis.attribution": "Attribution AttributionPart Cause attribution",
    "analysis.bands": "Band Colour",
    "analysis.compliance": "Compliance ComplianceList check_cadences compliance schedule",
    "analysis.contributions": "Contribution",
    "analysis.due": "Due DueList due",
    "analysis.expectations": "Expectations",
    "analysis.grading": "GoalGrade Grades grades",
    "analysis.live": "LiveRollup",
    "analysis.milestones": "MilestoneDays",
    "analysis.overdue": "DueIndex",
    "analysis.payouts": "PayoutCurve",
    "analysis.reviewing": "CycleReview Signal SweetSpot review_cycle",
    "analysis.pace": "Pace",
    "analysis.status": "Assessment GoalStatus assess",
    "analysis.rollup": "GoalProgress Rollup rollup",
    "analysis.scales": "Scale",
    "analysis.scorecards": "Area Scorecard scorecard",
    "analysis.slots": "Expects Slot SlotState",
    "analysis.trend": "Trend TrendPoint trend",
    "calendars.cadence": "Cadence",
    "calendars.cycles": "Cycle",
    "calendars.fiscal": "FiscalCalendar",
    "calendars.year": "GoalYear",
    "documents.diff": "Change diff patch",
    "errors": "GoalkitError IllegalMove InvalidPlan InvalidValue Problem UnknownId",
    "model.checklists": "Checklist",
    "model.curves": "Curve CurveShape",
    "model.goals": "Initiative KeyResult Link Milestone Objective",
    "model.limits": "AtLeast AtMost Score Within",
    "model.linear": "Decrease Increase Metric",
    "model.methods": "Reads RollupMethod",
    "model.metrics": "Binary FindBaseline",
    "model.plan": "Plan",
    "model.profiles": "LinearProfile LoadedProfile PhaseShape PhasedProfile Profile SCurveProfile SeasonalProfile "
    "WorkdayProfile",
    "model.progress": "Progress Reason",
    "model.records": "Approval CheckIn Grade Retrospective Revision Transition",
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
