"""A KPI as points in time, one a period, and the process behaviour chart of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import attrgetter

from attrs import frozen

from ..calendars import CycleKind, day
from ..calendars.divisions import Calendar
from ..errors import InvalidValue, shown
from ..model.kpis import KPI
from ..model.plan import Plan
from ..model.progress import Reason
from .charts import Xmr
from .kpi import DAY, KpiSeries, kpi_series
from .kpi_figures import KpiFigure
from .signals import BASIC, Rule, RuleSet
from .spans import Span, calendar_of
from .xmr import xmr


def grain_of(kpi: KPI, kind: CycleKind | str | None) -> CycleKind | str:
    """
    Return the kind of period of which a KPI has one point each: the one that is asked for, else its frequency's.

    Args:
        kpi: The KPI.
        kind: ``day``, or a kind of cycle; None for that of its frequency, or, without one, days.

    Example:
        >>> grain_of(KPI(id="a", title="A", kind="flow", frequency="monthly"), None).value
        'month'
    """
    if kind is not None:
        return kind
    return (None if kpi.frequency is None else kpi.frequency.cycle_kind) or DAY


def dividing(kind: CycleKind | str, calendar: Calendar | None) -> Calendar | None:
    """
    Return the calendar by whose periods a KPI is told: the given one, or the civil one where that has no such kind.

    A fiscal year has no weeks of its own, so that what is measured weekly is told by those of ISO 8601.

    Args:
        kind: The kind of the periods of the KPI's frequency.
        calendar: The calendar; the civil one without.

    Raises:
        InvalidValue: If it is no calendar.

    Example:
        >>> from goalkit import FiscalCalendar
        >>> july = FiscalCalendar(first_month=7)
        >>> dividing(CycleKind.MONTH, july) is july, dividing(CycleKind.WEEK, july)
        (True, None)
    """
    return calendar if calendar is not None and kind in {DAY, *calendar_of(calendar).kinds} else None


def figures(
    series: KpiSeries, kind: CycleKind | str | None = None, *, calendar: Calendar | None = None
) -> list[KpiFigure]:
    """
    Return the figures of a KPI one a period, from its first observation to its last, the running period included.

    Args:
        series: The KPI over time.
        kind: The kind of period, as of `grain_of`.
        calendar: The calendar that divides; the civil one without, and where it has no periods of the KPI's frequency.

    Raises:
        InvalidValue: If there are no such periods, not all days of one exist, or they are more than 100,000.
    """
    grain = grain_of(series.kpi, kind)
    if grain == DAY and series.kpi.frequency is None:
        # Not by way of all days, since there may be centuries between two of them.
        leaves = series._measured.leaves  # noqa: SLF001 - which days there are is nobody else's question
        known = calendar_of(calendar)
        days = sorted(set.intersection(*({*leaf.series.days} for leaf in leaves)))
        return [series.figure(Span(on, on, known), str(date.fromordinal(on))) for on in days]
    return [*series.by(grain, calendar=dividing(grain, calendar) if kind is None else calendar)]


def points(
    series: KpiSeries, kind: CycleKind | str | None = None, *, calendar: Calendar | None = None
) -> list[KpiFigure]:
    """
    Return the figures of a KPI one a period, from its first observation to its last, without one that is not over.

    By day, days on which nothing was observed are no points, unless it is to be observed every day.

    Args:
        series: The KPI over time.
        kind: The kind of period, as of `grain_of`.
        calendar: The calendar that divides; the civil one without, and where it has no periods of the KPI's frequency.

    Raises:
        InvalidValue: If there are no such periods, not all days of one exist, or they are more than 100,000.

    Example:
        >>> from goalkit import Observation
        >>> seen = [Observation(kpi="a", on=f"2026-0{month}-28", value=month) for month in (7, 9)]
        >>> series = kpi_series(Plan.of(KPI(id="a", title="A", kind="flow"), *seen), "a")
        >>> [str(point.actual) for point in points(series)], [str(point.actual) for point in points(series, "month")]
        (['7', '9'], ['7', 'None', '9'])
    """
    return [figure for figure in figures(series, kind, calendar=calendar) if not figure.is_partial]


def kpi_xmr(
    plan: Plan,
    kpi_id: str,
    *,
    as_of: date | None = None,
    kind: CycleKind | str | None = None,
    calendar: Calendar | None = None,
    rules: RuleSet | Iterable[Rule] = BASIC,
    baseline: int | None = None,
    rebase: Iterable[date] = (),
    screen: bool = False,
) -> Xmr:
    """
    Return the process behaviour chart of a KPI, one point a period, by its own direction and target.

    Args:
        plan: The plan.
        kpi_id: The KPI.
        as_of: The last day that is seen; None for all days. A period that is not over is no point.
        kind: ``day`` or a kind of cycle; None for that of its frequency, or, without one, the days with
            observations.
        calendar: The calendar that divides; the civil one without, and where it has no periods of the KPI's frequency.
        rules: What is a signal.
        baseline: How many points at the beginning of a segment its limits rest on; None for all of them.
        rebase: Days on which the process has changed, as somebody knows: from the first point after that
            begins on such a day or later, there are limits of their own.
        screen: Whether large moving ranges are first left out of the average, once.

    Raises:
        UnknownId: If there is no such KPI.
        InvalidValue: If a choice is refused.

    Example:
        >>> from goalkit import Observation
        >>> late = KPI(id="late", title="Late orders", kind="flow", direction="down", frequency="monthly")
        >>> values = (10, 12, 11, 13, 12, 11, 10, 12, 25)
        >>> seen = [Observation(kpi="late", on=date(2026, at, 28), value=value) for at, value in enumerate(values, 1)]
        >>> print(*kpi_xmr(Plan.of(late, *seen), "late").signals)
        beyond limit, high, at 8: concern
    """
    series = kpi_series(plan, kpi_id, as_of=as_of)
    found = points(series, kind, calendar=calendar)
    target = found[-1].target if found else None
    return xmr(
        values_of(found),
        rules=rules,
        baseline=baseline,
        rebase=_indexes(found, rebase),
        screen=screen,
        direction=series.kpi.direction,
        target=target,
        days=[point.period for point in found],
    )


def values_of(found: Sequence[KpiFigure]) -> list[float | None]:
    """
    Return the values of some figures, as a chart takes them.

    Args:
        found: The figures.
    """
    return [None if point.actual is None else float(point.actual) for point in found]


def _indexes(found: Sequence[KpiFigure], rebase: Iterable[date]) -> list[int]:
    """Return where the points begin that come on a day or later; a day before all of them or after them is none."""
    hint = "give a list of days, such as [date(2026, 7, 1)]"
    dates: object = rebase
    if isinstance(dates, (str, bytes, Mapping)) or not isinstance(dates, Iterable):
        raise InvalidValue.of("not_a_list", f"{shown(dates)} is not a list of days", path="rebase", hint=hint)
    indexes: set[int] = set()
    for at, given in enumerate(dates):
        try:
            since = day(given)
        except InvalidValue as error:
            raise error.under(f"rebase[{at}]") from None
        indexes.add(bisect_left(found, since, key=attrgetter("first_day")))
    return sorted(indexes - {0, len(found)})


@frozen(kw_only=True)
class Moves:
    """
    A KPI before a day, and since then.

    Attributes:
        before: Its known figures over the periods that were over before that day.
        since: Those of the full periods after that, the one that holds the day included.
        reason: Why nothing is known since; None where something is.

    Example:
        >>> from goalkit import Observation
        >>> seen = [Observation(kpi="a", on=f"2026-0{month}-28", value=month) for month in (6, 7, 8)]
        >>> series = kpi_series(Plan.of(KPI(id="a", title="A", kind="flow", frequency="monthly"), *seen), "a")
        >>> moves = Moves.of(figures(series), date(2026, 7, 15))
        >>> [point.period for point in moves.before], [point.period for point in moves.since]
        (['2026-06'], ['2026-07', '2026-08'])
    """

    before: Sequence[KpiFigure]
    since: Sequence[KpiFigure]
    reason: Reason | None

    @classmethod
    def of(cls, found: Sequence[KpiFigure], first_day: date | None) -> Moves:
        """
        Divide the figures of a KPI.

        Args:
            found: Its figures over periods that follow each other.
            first_day: The day; None where everything comes after it.
        """
        begins = bisect_left(found, first_day or date.min, key=attrgetter("last_day"))
        since = _known(found[begins:])
        reason = None
        if not since:
            last = found[-1] if begins < len(found) else None
            reason = Reason.NO_OBSERVATIONS if last is None else last.reason or Reason.PARTIAL_PERIOD
        return cls(before=_known(found[:begins]), since=since, reason=reason)


def _known(found: Sequence[KpiFigure]) -> list[KpiFigure]:
    return [point for point in found if point.actual is not None and not point.is_partial]
