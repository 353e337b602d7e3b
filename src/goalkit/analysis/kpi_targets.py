"""What a KPI should be over a period: one target, targets that hold from a day on, or targets of periods."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal

from ..model.kpis import KPI, KpiKind
from ..quantities import EXACT, rounded
from .spans import Span, tiles


def target_of(kpi: KPI, span: Span) -> Decimal | None:
    """
    Return what a KPI should be over a span of days.

    A target of exactly that period goes first. The targets of periods that the span is made of are
    summed for a flow; of any other kind, that of the period which holds the last day holds. Then comes
    what holds from a day on, as of the span's last day, and then the one target. Of a flow whose
    target is for a kind of period, they are those of every such period in it, summed.

    Args:
        kpi: The KPI.
        span: The span.

    Returns:
        None where nobody has said, and where the span is not made of the periods that a target is for.

    Example:
        >>> from goalkit import Cycle
        >>> revenue = KPI(id="revenue", title="Revenue", kind="flow", target=100, target_per="month")
        >>> target_of(revenue, Span.of(Cycle.quarter(2026, 3)))
        Decimal('300')
    """
    if any(target.cycle is not None for target in kpi.targets):
        found = _of_periods(kpi, span)
        if found is not None:
            return found
    if kpi.target_per is None:
        return _in_force(kpi, span.last)
    parts = tiles(span, kpi.target_per)
    return None if parts is None else _summed([_in_force(kpi, last) for last in parts.lasts])


def _in_force(kpi: KPI, on: int) -> Decimal | None:
    dated = [target for target in kpi.targets if target.since is not None]
    place = bisect_right(dated, on, key=lambda target: target.since.toordinal() if target.since else 0)
    return dated[place - 1].value if place else kpi.target


def _summed(parts: Sequence[Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for part in parts:
        if part is None:
            return None
        total = EXACT.add(total, part)
    return rounded(total)


def _of_periods(kpi: KPI, span: Span) -> Decimal | None:
    """Return the target of exactly a span, or what those of its parts make; None where they make nothing."""
    found: list[tuple[int, int, Decimal]] = []
    for target in kpi.targets:
        division = span.calendar.read(target.cycle)
        if division is not None:
            first, last = span.calendar.span(division)
            if (first, last) == (span.first, span.last):
                return target.value
            found.append((first, last, target.value))
    if kpi.kind is not KpiKind.FLOW:
        held = [(last - first, value) for first, last, value in found if first <= span.last <= last]
        return min(held)[1] if held else None
    return _tiled(span, found)


def _tiled(span: Span, parts: Sequence[tuple[int, int, Decimal]]) -> Decimal | None:
    """Return the sum of what periods say that fill a span, the widest that do; None where none do."""
    # By day, what the periods from it to the end of the span say.
    rest: dict[int, Decimal] = {span.last + 1: Decimal(0)}
    for first, last, value in sorted(parts, key=lambda part: (-part[0], part[1])):
        if last + 1 in rest:
            rest[first] = EXACT.add(value, rest[last + 1])
    total = rest.get(span.first)
    return None if total is None else rounded(total)
