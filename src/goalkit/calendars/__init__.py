"""Dates without clocks: cycles and cadences as pure values over civil days."""

from .cadence import Cadence
from .cycles import Cycle
from .daycounts import DayCount, elapsed
from .days import Span, day
from .divisions import CycleKind
from .fiscal import FiscalCalendar
from .moments import civil_day, closes_at, moment
from .named import NamedBy
from .phases import Organisation, Phase, PhaseName, YearMilestone
from .retail import RetailCalendar, WeekPattern, YearEnd
from .units import CadenceUnit, MonthEnd
from .weekdays import Nth, Weekday
from .workdays import Shift, WorkCalendar, Workweek, count_workdays, shifted
from .year import GoalYear

__all__ = [
    "Cadence",
    "CadenceUnit",
    "Cycle",
    "CycleKind",
    "DayCount",
    "FiscalCalendar",
    "GoalYear",
    "MonthEnd",
    "NamedBy",
    "Nth",
    "Organisation",
    "Phase",
    "PhaseName",
    "RetailCalendar",
    "Shift",
    "Span",
    "WeekPattern",
    "Weekday",
    "WorkCalendar",
    "Workweek",
    "YearEnd",
    "YearMilestone",
    "civil_day",
    "closes_at",
    "count_workdays",
    "day",
    "elapsed",
    "moment",
    "shifted",
]
