"""What a KPI amounts to over a span of days: observed itself, or worked out from other KPIs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from operator import sub
from typing import Final, TypeAlias, final

from ..calendars.civil import CIVIL
from ..calendars.divisions import Calendar
from ..model.kpi_parts import Formula, Operation
from ..model.kpis import KPI, OF_ONE_PERIOD, Frequency, KpiKind
from ..model.plan import Plan
from ..model.progress import Reason
from ..quantities import EXACT, rounded
from .series import Amount, Series, series_of
from .spans import Span, Spans, around, daily

#: KPIs with what they are worked out from, each after all of that.
Steps: TypeAlias = "Sequence[tuple[KPI, Formula]]"


class Measured(ABC):
    """
    A KPI as it can be measured over any span of days.

    Attributes:
        kpi: The KPI.
    """

    __slots__ = ("kpi",)

    def __init__(self, kpi: KPI) -> None:
        self.kpi: Final = kpi

    @property
    @abstractmethod
    def leaves(self) -> Sequence[Observed]:
        """The KPIs that are observed, of which it is made up; itself where it is one."""

    @abstractmethod
    def amount(self, span: Span) -> Amount:
        """
        Return what it amounts to over a span.

        Args:
            span: The span.
        """

    @abstractmethod
    def floats(self, spans: Spans) -> list[float | None]:
        """
        Return what it amounts to over several spans, as floats.

        Args:
            spans: The spans.
        """

    @property
    def ends(self) -> tuple[int, int]:
        """The ordinals of the first and the last day on which all of it is known; a span without days where none is."""
        ends = [leaf.series.ends for leaf in self.leaves]
        return max(first for first, _ in ends), min(last for _, last in ends)

    def gaps(self, spans: Spans) -> list[bool]:
        """
        Tell for each of several spans whether nothing was observed in it, of any part.

        Args:
            spans: The spans.

        Returns:
            Nothing at all where something was observed in each.
        """
        counts = [leaf.counts(spans) for leaf in self.leaves]
        return [0 in each for each in zip(*counts, strict=True)] if any(0 in column for column in counts) else []

    def missing(self, span: Span, until: int | None) -> tuple[int, int] | None:
        """
        Return in how many periods nothing was observed, of those in which something should have been, and of how many.

        Args:
            span: The span.
            until: The last day that is seen; None for all. A period that ends later is not expected yet.

        Returns:
            None for a KPI without a frequency, and where the span holds no whole period of it.
        """
        own = self.kpi.frequency
        found = [told for leaf in self.leaves if (told := leaf.absent(span, until, own)) is not None]
        return max(found, default=None)


@final
class Observed(Measured):
    """
    A KPI that is observed itself.

    Attributes:
        series: What was observed.
    """

    __slots__ = ("series",)

    def __init__(self, kpi: KPI, series: Series) -> None:
        super().__init__(kpi)
        self.series: Final = series

    @property
    def leaves(self) -> Sequence[Observed]:
        """Itself."""
        return (self,)

    def amount(self, span: Span) -> Amount:
        """
        Return what it amounts to over a span.

        Args:
            span: The span.
        """
        start, stop = self.series.within(span.first, span.last)
        if self.kpi.kind in OF_ONE_PERIOD and stop > start and not self._is_one(span, stop - start):
            return Amount(None, Reason.NOT_COMPUTABLE, observations=stop - start)
        return self.series.amount(start, stop)

    def _is_one(self, span: Span, count: int) -> bool:
        """Tell whether a span is one period of the frequency, or less; without a frequency, holds one observation."""
        if self.kpi.frequency is None:
            return count == 1
        kind = self.kpi.frequency.cycle_kind
        if kind is None:
            return span.first == span.last
        calendar = span.calendar if kind in span.calendar.kinds else CIVIL
        return calendar.at(kind, date.fromordinal(span.first)) == calendar.at(kind, date.fromordinal(span.last))

    def alone_until(self, first: int, calendar: Calendar) -> int | None:
        """
        Return up to which day a span that grows is one period; None where that does not matter.

        Args:
            first: The ordinal of its first day.
            calendar: The calendar by which it is divided.
        """
        if self.kpi.kind not in OF_ONE_PERIOD or self.kpi.frequency is None:
            return None
        kind = self.kpi.frequency.cycle_kind
        known = calendar if kind in calendar.kinds else CIVIL
        return first if kind is None else known.span(known.at(kind, date.fromordinal(first)))[1]

    def _periods(self, span: Span, frequency: Frequency | None) -> Spans | None:
        """Return the periods of a frequency that hold any day of a span; None where there is no frequency."""
        if frequency is None:
            return None
        kind = frequency.cycle_kind
        return daily(span) if kind is None else around(span, kind) or around(Span(span.first, span.last), kind)

    def floats(self, spans: Spans) -> list[float | None]:
        """
        Return what it amounts to over several spans, as floats.

        Args:
            spans: The spans.
        """
        if self.kpi.kind in OF_ONE_PERIOD:
            return _one_by_one(self, spans)
        return self.series.floats(*self.series.runs(spans.firsts, spans.lasts))

    def counts(self, spans: Spans) -> list[int]:
        """
        Return for each of several spans how many observations it rests on.

        Args:
            spans: The spans.
        """
        starts, stops = self.series.runs(spans.firsts, spans.lasts)
        if isinstance(starts, range):  # spans of whole days that are all there are all as long
            return [stops[0] - starts[0]] * len(starts)
        return [*map(sub, stops, starts)]

    @property
    def is_summed_by_period(self) -> bool:
        """Whether it is a sum of which it is known how often something is added."""
        return self.kpi.kind is KpiKind.FLOW and self.kpi.frequency is not None

    def gaps_of(self, span: Span) -> frozenset[tuple[int, int]]:
        """
        Return the periods of its frequency in a span in which nothing was observed.

        Args:
            span: The span.
        """
        periods = self._periods(span, self.kpi.frequency)
        ends = () if periods is None else zip(periods.firsts, periods.lasts, self.counts(periods), strict=True)
        return frozenset((begin, end) for begin, end, count in ends if not count)

    def absent(self, span: Span, until: int | None, without: Frequency | None = None) -> tuple[int, int] | None:
        """
        Return in how many of the periods of its frequency nothing was observed, and how many there are.

        Args:
            span: The span.
            until: The last day that is seen; None for all.
            without: The frequency of a KPI that has none, such as that of what is worked out from it.
        """
        periods, last = self._periods(span, self.kpi.frequency or without), span.until(until)
        if periods is None:
            return None
        ends = zip(periods.firsts, periods.lasts, self.counts(periods), strict=True)
        counts = [count for begin, end, count in ends if span.first <= begin and end <= last]
        return (counts.count(0), len(counts)) if counts else None


@final
class WorkedOut(Measured):
    """A KPI that is worked out from others over one and the same span."""

    __slots__ = ("_leaves", "_steps")

    def __init__(self, kpi: KPI, leaves: Sequence[Observed], steps: Steps) -> None:
        super().__init__(kpi)
        self._leaves: Final = leaves
        self._steps: Final = steps

    @property
    def leaves(self) -> Sequence[Observed]:
        """The KPIs that are observed, of which it is made up."""
        return self._leaves

    def amount(self, span: Span) -> Amount:
        """
        Return what it amounts to over a span; unknown where a part of it is, for the same reason.

        Args:
            span: The span.
        """
        if len({leaf.gaps_of(span) for leaf in self._leaves if leaf.is_summed_by_period}) > 1:
            return Amount(None, Reason.MISSING_PERIOD)  # sums of unlike periods are not put together
        done = {leaf.kpi.id: (leaf.kpi.unit, leaf.amount(span)) for leaf in self._leaves}
        for step, formula in self._steps:  # each after all that it is worked out from
            done[step.id] = (step.unit, _applied(formula, [done[other] for other in formula.of], step.unit))
        return done[self.kpi.id][1]

    def floats(self, spans: Spans) -> list[float | None]:
        """
        Return what it amounts to over several spans, as floats.

        Args:
            spans: The spans.
        """
        return _one_by_one(self, spans)


def _one_by_one(kpi: Measured, spans: Spans) -> list[float | None]:
    exact = [kpi.amount(span).actual for span in spans]
    return [None if value is None else float(value) for value in exact]


def _applied(formula: Formula, parts: Sequence[tuple[str | None, Amount]], unit: str | None) -> Amount:
    """Return what a formula makes of its parts, each with its unit, in the unit that it is told in."""
    count = min(part.observations for _, part in parts)
    values: list[Decimal] = []
    for _, part in parts:
        if part.actual is None:
            return Amount(None, part.reason, observations=count)
        values.append(part.actual)
    if formula.operation is Operation.RATIO:
        over, under = values
        if not under:
            return Amount(None, Reason.ZERO_DENOMINATOR, over, under, count)
        quotient = _kept(EXACT.divide(over, under))
        return Amount(quotient, None if quotient is not None else Reason.NOT_COMPUTABLE, over, under, count)
    units = {each for each, _ in parts}
    # What has no unit of its own is in that of its parts.
    if formula.operation is not Operation.PRODUCT and len(units if unit is None else units | {unit}) > 1:
        return Amount(None, Reason.UNLIKE_UNITS, observations=count)
    made: Decimal | None = values[0]
    for value in values[1:]:
        if made is not None:
            made = _kept(_MADE[formula.operation](made, value))
    return Amount(made, None if made is not None else Reason.NOT_COMPUTABLE, observations=count)


def _kept(value: Decimal) -> Decimal | None:
    """Return what was worked out with the digits that are kept; None beyond what any measure could be."""
    if not value:
        return Decimal(0)
    return rounded(value) if abs(value.adjusted()) <= _MOST_EXPONENT else None


# Beside numbers within a hundred powers of ten, whatever is made of two of them is one that a float can hold.
_MOST_EXPONENT: Final = 100
_MADE: Final = {
    Operation.SUM: EXACT.add,
    Operation.DIFFERENCE: EXACT.subtract,
    Operation.PRODUCT: EXACT.multiply,
}


def measured(plan: Plan, kpi: KPI, as_of: date | None) -> Measured:
    """
    Return a KPI as it can be measured over any span of days.

    Args:
        plan: The plan.
        kpi: The KPI.
        as_of: The last day that is seen; None for all days.
    """
    leaves: dict[str, Observed] = {}
    steps: dict[str, tuple[KPI, Formula]] = {}
    waiting = [kpi]
    while waiting:  # a tree may be deeper than Python likes to call itself
        each = waiting[-1]
        if each.formula is None:
            leaves[each.id] = Observed(each, series_of(plan, each.id, as_of))
        else:
            missing = [plan.kpi(other) for other in each.formula.of if other not in leaves and other not in steps]
            if missing:
                waiting.extend(missing)
                continue
            steps[each.id] = (each, each.formula)
        waiting.pop()
    if kpi.formula is None:
        return leaves[kpi.id]
    return WorkedOut(kpi, [*leaves.values()], [*steps.values()])
