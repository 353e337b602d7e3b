"""
Goal logic as a library: objectives, key results, and figures that explain themselves.

Each name is loaded when it is first used, so that importing goalkit costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import policies
    from .analysis.attribution import Attribution, AttributionPart, Cause, attribution
    from .analysis.bands import Band
    from .analysis.charts import Xmr
    from .analysis.compliance import Compliance, ComplianceList, check_cadences, compliance, schedule
    from .analysis.contributions import Contribution
    from .analysis.due import Due, DueList, due
    from .analysis.expectations import Expectations
    from .analysis.grading import GoalGrade, Grades, grades
    from .analysis.impact import GoalImpact, Impact, KpiMove, MovedBy, impact
    from .analysis.kpi import KpiPeriods, KpiSeries, kpi_series
    from .analysis.kpi_cards import KpiCard, KpiCards, kpi_cards
    from .analysis.kpi_charts import kpi_xmr
    from .analysis.kpi_figures import Health, KpiChange, KpiFigure, KpiTrend
    from .analysis.live import LiveRollup
    from .analysis.milestones import MilestoneDays
    from .analysis.overdue import DueIndex
    from .analysis.pace import Pace
    from .analysis.payouts import PayoutCurve
    from .analysis.recipes import Measure
    from .analysis.reviewing import CycleReview, Signal, SweetSpot, review_cycle
    from .analysis.rollup import GoalProgress, Rollup, rollup
    from .analysis.scales import Scale
    from .analysis.scorecards import Area, Scorecard, scorecard
    from .analysis.signals import Rule, RuleSet
    from .analysis.slots import Expects, Slot, SlotState
    from .analysis.status import Assessment, GoalStatus, assess
    from .analysis.trend import Trend, TrendPoint, trend
    from .analysis.variance import Variance, VarianceLine, VarianceMethod, VarianceParts, variance
    from .analysis.variance_lines import variance_lines
    from .analysis.xmr import xmr
    from .analysis.xmr_parts import Assurance, Meaning, XmrPoint, XmrSegment, XmrSignal
    from .calendars.cadence import Cadence
    from .calendars.cycles import Cycle
    from .calendars.fiscal import FiscalCalendar
    from .calendars.year import GoalYear
    from .documents.diff import Change, diff, patch
    from .errors import GoalkitError, IllegalMove, InvalidPlan, InvalidValue, Problem, UnknownId
    from .model.checklists import Checklist
    from .model.curves import Curve, CurveShape
    from .model.goals import Initiative, KeyResult, Link, Milestone, Objective
    from .model.kpi_bands import BandsBy, Colour, KpiBands
    from .model.kpi_parts import Benchmark, Formula, Operation, Target
    from .model.kpis import KPI, Direction, Frequency, Indicator, KpiKind, Observation
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
    "KPI",
    "Ambition",
    "Approval",
    "Area",
    "Assessment",
    "Assurance",
    "AtLeast",
    "AtMost",
    "Attribution",
    "AttributionPart",
    "Band",
    "BandsBy",
    "Benchmark",
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
    "Direction",
    "Due",
    "DueIndex",
    "DueList",
    "Expectations",
    "Expects",
    "FindBaseline",
    "FiscalCalendar",
    "Formula",
    "Frequency",
    "GoalGrade",
    "GoalImpact",
    "GoalProgress",
    "GoalStatus",
    "GoalYear",
    "GoalkitError",
    "Grade",
    "Grades",
    "Health",
    "IllegalMove",
    "Impact",
    "Increase",
    "Indicator",
    "Initiative",
    "InvalidPlan",
    "InvalidValue",
    "KeyResult",
    "KpiBands",
    "KpiCard",
    "KpiCards",
    "KpiChange",
    "KpiFigure",
    "KpiKind",
    "KpiMove",
    "KpiPeriods",
    "KpiSeries",
    "KpiTrend",
    "LinearProfile",
    "Link",
    "LiveRollup",
    "LoadedProfile",
    "Meaning",
    "Measure",
    "Metric",
    "Milestone",
    "MilestoneDays",
    "MovedBy",
    "Objective",
    "Observation",
    "Operation",
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
    "Rule",
    "RuleSet",
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
    "Target",
    "Transition",
    "Trend",
    "TrendPoint",
    "UnknownId",
    "Variance",
    "VarianceLine",
    "VarianceMethod",
    "VarianceParts",
    "Within",
    "WorkdayProfile",
    "Xmr",
    "XmrPoint",
    "XmrSegment",
    "XmrSignal",
    "Zone",
    "assess",
    "attribution",
    "check_cadences",
    "compliance",
    "diff",
    "due",
    "grades",
    "impact",
    "kpi_cards",
    "kpi_series",
    "kpi_xmr",
    "patch",
    "policies",
    "review_cycle",
    "rollup",
    "schedule",
    "scorecard",
    "trend",
    "variance",
    "variance_lines",
    "xmr",
]

_HOMES = {
    "analysis.attribution": "Attribution AttributionPart Cause attribution",
    "analysis.bands": "Band",
    "analysis.compliance": "Compliance ComplianceList check_cadences compliance schedule",
    "analysis.contributions": "Contribution",
    "analysis.due": "Due DueList due",
    "analysis.expectations": "Expectations",
    "analysis.grading": "GoalGrade Grades grades",
    "analysis.charts": "Xmr",
    "analysis.impact": "GoalImpact Impact KpiMove MovedBy impact",
    "analysis.kpi_cards": "KpiCard KpiCards kpi_cards",
    "analysis.kpi_charts": "kpi_xmr",
    "analysis.signals": "Rule RuleSet",
    "analysis.recipes": "Measure",
    "analysis.variance": "Variance VarianceLine VarianceMethod VarianceParts variance",
    "analysis.variance_lines": "variance_lines",
    "analysis.xmr": "xmr",
    "analysis.xmr_parts": "Assurance Meaning XmrPoint XmrSegment XmrSignal",
    "analysis.kpi": "KpiPeriods KpiSeries kpi_series",
    "analysis.kpi_figures": "Health KpiChange KpiFigure KpiTrend",
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
    "model.kpi_bands": "BandsBy Colour KpiBands",
    "model.kpi_parts": "Benchmark Formula Operation Target",
    "model.kpis": "KPI Direction Frequency Indicator KpiKind Observation",
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
