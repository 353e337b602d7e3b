"""What users test with: whether a store is one, and values of every kind for generated tests."""

from .conformance import ConcurrentConformance, DurableConformance, Level, MaintainedConformance, StoreConformance
from .factories import StoreFactory
from .histories import History, Operation, check_history
from .machine import StoreMachine
from .model import Refused
from .reports import Report, Result, conformance_report
from .workers import concurrent_history

__all__ = [
    "ConcurrentConformance",
    "DurableConformance",
    "History",
    "Level",
    "MaintainedConformance",
    "Operation",
    "Refused",
    "Report",
    "Result",
    "StoreConformance",
    "StoreFactory",
    "StoreMachine",
    "check_history",
    "concurrent_history",
    "conformance_report",
]
