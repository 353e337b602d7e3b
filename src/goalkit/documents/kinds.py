"""What kinds of documents there are, and what is in each."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import Any, Final, cast

from attrs import NOTHING, Attribute, fields

from ..calendars import Cadence, Cycle, FiscalCalendar, RetailCalendar
from ..model.goals import GOALS, Link
from ..model.kpi_bands import KpiBands
from ..model.kpi_parts import Benchmark, Formula, Target
from ..model.kpis import KPI, Observation
from ..model.metrics import METRICS, Unreadable
from ..model.records import FACTS

#: The version that is written into every document. Documents of every earlier version can be read.
VERSION: Final = 1

#: The class of each kind of document.
KINDS: Final[dict[str, type[Any]]] = {"cycle": Cycle, **GOALS, "kpi": KPI, **FACTS, Observation.kind: Observation}

#: The metrics that may be written down, by kind.
WRITABLE_METRICS: Final[dict[str, type[Any]]] = {
    kind: metric for kind, metric in METRICS.items() if metric is not Unreadable
}

#: The calendars that a cycle may belong to, by kind.
CALENDARS: Final[dict[str, type[Any]]] = {"fiscal": FiscalCalendar, "retail": RetailCalendar}

#: The kinds of those documents that stand inside others and have one.
PART_KINDS: Final[dict[type[Any], str]] = {cls: kind for kind, cls in (CALENDARS | WRITABLE_METRICS).items()}

#: The classes that stand inside other documents.
PARTS: Final = (Link, Cadence, KpiBands, Benchmark, Formula, Target, *PART_KINDS)

#: The name that a field has in documents, where ``kind`` says what the document is.
RENAMED: Final[dict[type[Any], str]] = {Cycle: "cycle_kind", KPI: "kpi_kind"}

_KIND_OF: Final = {cls: kind for kind, cls in KINDS.items()}


def kind_of(cls: type[Any]) -> str:
    """
    Return the kind of a class's documents.

    Args:
        cls: The class of a cycle, goal or fact.

    Example:
        >>> kind_of(Cycle)
        'cycle'
    """
    return _KIND_OF[cls]


def columns(cls: type[Any]) -> tuple[tuple[str, Attribute[Any]], ...]:
    """
    Return the fields of a class's documents: the name in the document, and the attribute.

    Args:
        cls: An attrs class.

    Example:
        >>> [name for name, _ in columns(Cycle)]
        ['id', 'first_day', 'last_day', 'cycle_kind', 'title', 'calendar']
    """
    hashable: Any = cls
    return _columns(hashable)


@cache
def _columns(cls: Hashable) -> tuple[tuple[str, Attribute[Any]], ...]:
    given = cast("type[Any]", cls)
    return tuple(
        (RENAMED[given] if column.name == "kind" and given in RENAMED else column.name, column)
        for column in fields(given)
    )


def is_required(column: Attribute[Any]) -> bool:
    """
    Tell whether a field must be given.

    Args:
        column: The attribute.

    Example:
        >>> [name for name, column in columns(Link) if is_required(column)]
        ['to']
    """
    return column.default is NOTHING
