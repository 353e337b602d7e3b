"""Dates without clocks: cycles and cadences as pure values over civil days."""

from .cadence import Cadence, CadenceUnit, Weekday
from .cycles import Cycle, CycleKind
from .days import Span, day

__all__ = ["Cadence", "CadenceUnit", "Cycle", "CycleKind", "Span", "Weekday", "day"]
