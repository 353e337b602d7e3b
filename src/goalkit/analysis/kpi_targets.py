"""What a KPI should be over a period: one target, targets that hold from a day on, or targets of periods."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal
from typing import TypeAlias

from ..calendars.civil import CIVIL
from ..model.kpis import KPI, KpiKind
from ..quantities import EXACT, rounded
from .spans import Span, tiles

#: The first and the last day of a period, as ordinals, and its target.
_Part: TypeAlias = tuple[int, int, Decimal]


def target_of(kpi: KPI, span: Span) -> Decimal | None:
    """
    Return what a KPI should be over a span of days.

    A target of exactly that period goes first. The targets of periods that the span is made of are
    summed for a flow; of any other kind, that of the period which holds the last day holds. Then comes
    what holds from a day on, as of the span's last day, and then the one target. Of a flow whose
    target is for a kind of period, they are those of every such period in it, summed; what is said of
    one of its periods goes before them there.

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
    given = _given(kpi, span)
    for first, last, value in given:
        if (first, last) == (span.first, span.last):
            return value
    if kpi.kind is not KpiKind.FLOW:
        held = [(last - first, value) for first, last, value in given if first <= span.last <= last]
        return min(held)[1] if held else _in_force(kpi, span.last)
    if kpi.target_per is None:
        told = _tiled(span, given) if given else None
        return _in_force(kpi, span.last) if told is None else told
    return _tiled(span, [*_each(kpi, span), *given])


def _in_force(kpi: KPI, on: int) -> Decimal | None:
    dated = [target for target in kpi.targets if target.since is not None]
    place = bisect_right(dated, on, key=lambda target: target.since.toordinal() if target.since else 0)
    return dated[place - 1].value if place else kpi.target


def _each(kpi: KPI, span: Span) -> list[_Part]:
    """Return what is in force in each period that a target is for; nothing where a span is not made of them."""
    parts = None if kpi.target_per is None else tiles(span, kpi.target_per)
    ends = [] if parts is None else zip(parts.firsts, parts.lasts, strict=True)
    return [(first, last, value) for first, last in ends if (value := _in_force(kpi, last)) is not None]


def _given(kpi: KPI, span: Span) -> list[_Part]:
    """Return the targets of periods, by the calendar of a span, or else by the civil one."""
    found: list[_Part] = []
    for target in kpi.targets:
        for calendar in (span.calendar, CIVIL):
            division = calendar.read(target.cycle)
            if division is not None:
                found.append((*calendar.span(division), target.value))
                break
    return found


def _tiled(span: Span, parts: Sequence[_Part]) -> Decimal | None:
    """Return the sum of what periods say that fill a span, the widest that do, of equals the last; else None."""
    # By day, what the periods from it to the end of the span say.
    rest: dict[int, Decimal] = {span.last + 1: Decimal(0)}
    for first, last, value in sorted(parts, key=lambda part: (-part[0], part[1])):
        if last + 1 in rest:
            rest[first] = EXACT.add(value, rest[last + 1])
    total = rest.get(span.first)
    return None if total is None else rounded(total)
