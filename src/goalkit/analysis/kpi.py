"""A KPI over time: its value over any period, against its target, and against other periods."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import accumulate
from typing import Any, Final, final, overload

from attrs import evolve

from ..calendars import Cycle, CycleKind, day
from ..calendars.civil import CIVIL
from ..calendars.divisions import Calendar
from ..errors import InvalidValue, shown
from ..model.kpis import KPI
from ..model.plan import Plan
from ..model.progress import Reason
from ..quantities import whole
from ..values import instance
from . import tables
from .formulas import Measured, measured
from .kpi_figures import KpiFigure, figure
from .spans import Span, Spans, around, calendar_of, daily, further_back, most, tiles, year_before

#: The grain of single days, beside the kinds of cycles.
DAY: Final = "day"

_MOST_PERIODS: Final = 100_000


@final
class KpiPeriods(Sequence[KpiFigure]):
    """
    The figures of a KPI over several periods that follow each other, each made when it is asked for.

    Example:
        >>> from goalkit import KPI, Observation
        >>> revenue = KPI(id="revenue", title="Revenue", kind="flow", direction="up", target=100, target_per="month")
        >>> plan = Plan.of(revenue, *(Observation(kpi="revenue", on=f"2026-0{month}-28", value=value)
        ...     for month, value in ((7, 90), (9, 110))))
        >>> print(kpi_series(plan, "revenue").by("month", Cycle.quarter(2026, 3)))
        period   actual  target  difference  attainment  health
        2026-07      90     100          10        90 %  unhealthy
        2026-08       –     100           –           –  –
        2026-09     110     100         -10       110 %  healthy
    """

    __slots__ = ("_lead", "_reasons", "_series", "_single", "_spans")

    def __init__(
        self, series: KpiSeries, single: Spans, size: int = 1, reasons: Sequence[Reason | None] | None = None
    ) -> None:
        self._series: Final = series
        self._single: Final = single
        self._spans: Final = single if size == 1 else single.rolled(size)
        #: How many of the first have too few before them, and why others are not to be told.
        self._lead: Final = min(size - 1, len(single))
        self._reasons: Final = reasons

    def __len__(self) -> int:
        return len(self._single)

    @overload
    def __getitem__(self, at: int) -> KpiFigure: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[KpiFigure, ...]: ...
    def __getitem__(self, at: int | slice) -> KpiFigure | tuple[KpiFigure, ...]:
        if isinstance(at, slice):
            return tuple(self._row(place) for place in range(*at.indices(len(self))))
        return self._row(range(len(self))[at])

    def _row(self, at: int) -> KpiFigure:
        name, place = self._single.name(at), at - self._lead
        if place < 0:
            return self._series.figure(Span(self._single.firsts[0], *self._single[at][1:]), name, Reason.TOO_FEW)
        return self._series.figure(self._spans[place], name, None if self._reasons is None else self._reasons[place])

    def floats(self) -> list[float | None]:
        """
        Return the values as floats, None where one is unknown: for charts, and where there are many.

        Example:
            >>> from goalkit import KPI, Observation
            >>> plan = Plan.of(KPI(id="a", title="A", kind="flow"), Observation(kpi="a", on="2026-08-01", value=9))
            >>> kpi_series(plan, "a").by("month", Cycle.quarter(2026, 3)).floats()
            [None, 9.0, None]
        """
        found = self._series.floats(self._spans)
        if self._reasons is not None:
            found = [value if reason is None else None for value, reason in zip(found, self._reasons, strict=True)]
        return [None] * self._lead + found

    def to_dicts(self) -> list[dict[str, Any]]:
        """
        Return a flat dict for each period, ready for JSON or a dataframe.

        Example:
            >>> from goalkit import KPI
            >>> plan = Plan.of(KPI(id="a", title="A", kind="flow"))
            >>> kpi_series(plan, "a").by("quarter", Cycle.quarter(2026, 3)).to_dicts()[0]["reason"]
            'no_observations'
        """
        return [row.to_dict() for row in self]

    def __str__(self) -> str:
        return tables.as_text(_HEAD, self._cells(), _RIGHT)

    def _repr_html_(self) -> str:
        return tables.as_html(_HEAD, self._cells(), _RIGHT)

    def __repr__(self) -> str:
        return f"<KpiPeriods of {self._series.kpi.id}, {len(self)} of them>"

    def _cells(self) -> list[tuple[str, ...]]:
        return [row.cells() for row in self]


_HEAD: Final = ("period", "actual", "target", "difference", "attainment", "health")
_RIGHT: Final = frozenset({1, 2, 3, 4})


@final
class KpiSeries:
    """
    One KPI over time, as of a day.

    Attributes:
        kpi: The KPI.
        as_of: The last day that is seen; None for all days.

    Example:
        >>> from goalkit import KPI, Observation
        >>> solved = KPI(id="solved", title="Solved at first contact", kind="ratio", direction="up", target="0.9")
        >>> series = kpi_series(Plan.of(
        ...     solved,
        ...     Observation(kpi="solved", on="2026-07-28", numerator=81, denominator=87),
        ...     Observation(kpi="solved", on="2026-08-28", numerator=192, denominator=263),
        ... ), "solved")
        >>> series.over(Cycle.quarter(2026, 3)).actual
        Decimal('0.78')
    """

    __slots__ = ("_measured", "_plan", "as_of", "kpi")

    def __init__(self, plan: Plan, kpi: KPI, as_of: date | None) -> None:
        self._plan: Final = plan
        self.kpi: Final[KPI] = kpi
        self.as_of: Final[date | None] = as_of
        self._measured: Final[Measured] = measured(plan, kpi, as_of)

    def over(self, cycle: Cycle) -> KpiFigure:
        """
        Return the KPI's figure over a period: a cycle of any calendar, or any span of days.

        Args:
            cycle: The period, such as ``Cycle.quarter(2026, 3)``.

        Raises:
            InvalidValue: If it is no cycle, or has no days (``undated``).

        Example:
            >>> from goalkit import KPI, Observation
            >>> staff = KPI(id="staff", title="Head count", kind="stock")
            >>> seen = [Observation(kpi="staff", on=f"2026-0{month}-28", value=month) for month in (7, 8, 9)]
            >>> kpi_series(Plan.of(staff, *seen), "staff").over(Cycle.quarter(2026, 3)).actual
            Decimal('9')
        """
        found = self.figure(Span.of(_dated(cycle)), cycle.id)
        # A cycle of one's own is in no calendar, so that its target is found by its name alone.
        named = (target.value for target in self.kpi.targets if target.cycle == cycle.id)
        return evolve(found, target=next(named, found.target))

    def by(self, kind: CycleKind | str, within: Cycle | None = None, *, calendar: Calendar | None = None) -> KpiPeriods:
        """
        Return the KPI's figures by month, quarter, week, day or any other kind of period.

        Args:
            kind: ``day``, or a kind of cycle.
            within: The period that is divided; None for everything from the first observation to the last.
            calendar: The calendar that divides, such as a fiscal one; that of ``within``, where that is given.

        Raises:
            InvalidValue: ``does_not_divide`` if ``within`` does not begin and end with such a period;
                ``unknown_choice``; ``undated``; ``two_answers`` if two calendars are given; ``too_long``
                if it is more than 100,000 periods.

        Example:
            >>> from goalkit import KPI, Observation
            >>> solved = KPI(id="solved", title="Solved", kind="ratio")
            >>> plan = Plan.of(solved, Observation(kpi="solved", on="2026-07-28", numerator=81, denominator=90))
            >>> [str(month.actual) for month in kpi_series(plan, "solved").by("month", Cycle.quarter(2026, 3))]
            ['0.9', 'None', 'None']
        """
        return KpiPeriods(self, self._divided(kind, within, calendar))

    def rolling(
        self,
        periods: int,
        kind: CycleKind | str,
        within: Cycle | None = None,
        *,
        calendar: Calendar | None = None,
    ) -> KpiPeriods:
        """
        Return for every period what it amounts to together with those before it, such as the last twelve months.

        A figure is unknown until there are as many periods (``too_few``), and where nothing was observed in
        one of them (``missing_period``) or it is not over yet (``partial_period``): nothing is made up. The
        periods before ``within`` are looked at too.

        Args:
            periods: How many, from 1.
            kind: ``day``, or a kind of cycle.
            within: As of `by`.
            calendar: As of `by`.

        Raises:
            InvalidValue: As of `by`; ``out_of_range``.

        Example:
            >>> from goalkit import KPI, Observation
            >>> revenue = KPI(id="revenue", title="Revenue", kind="flow")
            >>> seen = [Observation(kpi="revenue", on=f"2026-0{month}-28", value=month) for month in (6, 7, 8, 9)]
            >>> kpi_series(Plan.of(revenue, *seen), "revenue").rolling(3, "month").floats()
            [None, None, 21.0, 24.0]
        """
        try:
            size = whole(periods, least=1, most=_MOST_PERIODS)
        except InvalidValue as error:
            raise error.under("periods") from None
        spans = self._divided(kind, within, calendar)
        if within is not None and size > 1:
            span = Span.of(within)
            more = further_back(span, None if kind == DAY else span.calendar.kind(kind), size - 1)
            if more is not None:
                return KpiPeriods(self, more.rolled(size), 1, self._reasons(more, size))
        return KpiPeriods(self, spans, size, self._reasons(spans, size))

    def year_to_date(self, on: date, *, calendar: Calendar | None = None) -> KpiFigure:
        """
        Return the KPI's figure from the first day of the year to a day.

        Args:
            on: The day.
            calendar: The calendar whose year it is, such as a fiscal one; the civil one without.

        Raises:
            InvalidValue: If it is not a day.

        Example:
            >>> from goalkit import FiscalCalendar, KPI, Observation
            >>> seen = [Observation(kpi="a", on=f"2026-0{month}-28", value=1) for month in (3, 7, 8, 9)]
            >>> series = kpi_series(Plan.of(KPI(id="a", title="A", kind="flow"), *seen), "a")
            >>> series.year_to_date(date(2026, 8, 31), calendar=FiscalCalendar(first_month=7)).actual
            Decimal('2')
        """
        until, known = day(on), calendar_of(calendar)
        year = known.at(CycleKind.YEAR, until)
        span = Span(known.span(year)[0], until.toordinal(), known)
        if span.first < 1:
            raise InvalidValue.of("beyond_the_calendar", f"the year of {until} begins before the first day", path="on")
        return self.figure(span, f"{known.written(year)} to {until}")

    def year_before(self, cycle: Cycle) -> KpiFigure:
        """
        Return the KPI's figure over the same period a year before.

        It is the period with the same place in the year before. A week, and every period of a calendar of
        52 or 53 weeks, is compared with the days 52 weeks before, so that weekdays meet weekdays and a
        53rd week moves nothing: the restated year. Any other span begins and ends a year earlier.

        Args:
            cycle: The period.

        Raises:
            InvalidValue: If it is no cycle, has no days (``undated``), or there is no year before.

        Example:
            >>> from goalkit import KPI, Observation
            >>> plan = Plan.of(KPI(id="a", title="A", kind="flow"), Observation(kpi="a", on="2025-08-01", value=9))
            >>> figure = kpi_series(plan, "a").year_before(Cycle.quarter(2026, 3))
            >>> figure.period, figure.actual
            ('2025-Q3', Decimal('9'))
        """
        before = year_before(_dated(cycle))
        return self.figure(Span.of(before)._replace(calendar=cycle.calendar or CIVIL), before.id)

    def figure(self, span: Span, name: str, unknown: Reason | None = None) -> KpiFigure:
        """
        Return the KPI's figure over a span of days; for those who write analyses.

        Args:
            span: The span.
            name: What it is called.
            unknown: Why its value is not to be told; None where it is.
        """
        return figure(self._measured, span, name, self.as_of, unknown)

    def floats(self, spans: Spans) -> list[float | None]:
        """
        Return the values over several spans as floats; for those who write analyses.

        Args:
            spans: The spans.
        """
        return self._measured.floats(spans)

    def __repr__(self) -> str:
        return f"<KpiSeries of {self.kpi.id}{'' if self.as_of is None else f' on {self.as_of}'}>"

    def _reasons(self, spans: Spans, size: int) -> Sequence[Reason | None] | None:
        """Return why what several spans amount to together is unknown; None where nothing is missing anywhere."""
        gaps = self._measured.gaps(spans)
        limit = date.max.toordinal() if self.as_of is None else self.as_of.toordinal()
        if not gaps and (not spans or spans.lasts[-1] <= limit):
            return None
        missing = [0, *accumulate(gaps or [False] * len(spans))]
        return [
            Reason.PARTIAL_PERIOD if spans.lasts[at] > limit else Reason.MISSING_PERIOD if after > before else None
            for at, (before, after) in enumerate(zip(missing, missing[size:], strict=False), size - 1)
        ]

    def _divided(self, kind: CycleKind | str, within: Cycle | None, calendar: Calendar | None) -> Spans:
        if within is not None and calendar is not None and calendar != (_dated(within).calendar or CIVIL):
            message = "a period is divided by its own calendar"
            raise InvalidValue.of("two_answers", message, path="calendar", hint="leave out calendar, or within")
        known = calendar_of(calendar)
        span = Span(*self._measured.ends, known) if within is None else Span.of(_dated(within))
        chosen = None if kind == DAY else span.calendar.kind(kind)
        if span.last < span.first:
            return Spans((), (), span.calendar, str)
        if (count := most(span, chosen)) > _MOST_PERIODS:
            hint = "give a shorter period with within="
            raise InvalidValue.of("too_long", f"{count:,} periods are too many", path="within", hint=hint)
        if chosen is None:
            return daily(span)
        found = around(span, chosen) if within is None else tiles(span, chosen)
        if found is not None and not found.exist:
            message = f"not all days of the first or the last {chosen} exist"
            raise InvalidValue.of("beyond_the_calendar", message, path="kind", hint="divide by a shorter kind")
        if found is None:
            message = f"{shown(within and within.id)} is not made of whole periods of the kind {chosen}"
            hint = "divide a period that begins and ends with one, or leave out within"
            raise InvalidValue.of("does_not_divide", message, path="kind", hint=hint)
        return found


def _dated(cycle: Cycle) -> Cycle:
    instance(Cycle, cycle, "give a cycle such as Cycle.quarter(2026, 3)")
    if not cycle.is_dated:
        raise InvalidValue.of("undated", f"{cycle.id} has no days", hint="give a cycle with a first and a last day")
    return cycle


def kpi_series(plan: Plan, kpi_id: str, *, as_of: date | None = None) -> KpiSeries:
    """
    Return a KPI over time: what it was in any period, against its target and against other periods.

    A flow is summed, a stock is its last value, a ratio is the ratio of sums; what cannot be known is
    None, with a reason.

    Args:
        plan: The plan.
        kpi_id: The KPI.
        as_of: The last day that is seen, so that a period which is not over then is partial; None for
            everything that was observed, with every period taken as over.

    Raises:
        UnknownId: If there is no such KPI.
        InvalidValue: If it is not a plan, or ``as_of`` is not a day.

    Example:
        >>> from goalkit import KPI, Observation
        >>> plan = Plan.of(KPI(id="a", title="A", kind="flow"), Observation(kpi="a", on="2026-08-01", value=9))
        >>> kpi_series(plan, "a", as_of=date(2026, 7, 31)).over(Cycle.quarter(2026, 3)).reason.value
        'no_observations'
    """
    instance(Plan, plan, "Plan.of and Plan.from_dicts make one")
    return KpiSeries(plan, plan.kpi(kpi_id), None if as_of is None else day(as_of))
