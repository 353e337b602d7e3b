"""Every KPI on one page: where it is, where it should be, how it moved, and whether that is a signal."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, TypeAlias, final

from attrs import frozen

from ..calendars import Cycle, CycleKind, day
from ..calendars.civil import CIVIL
from ..calendars.cycles import cycle_of
from ..calendars.divisions import Calendar, Division
from ..errors import InvalidValue, UnknownId
from ..model.kpis import KPI
from ..model.plan import Plan
from ..model.progress import Reason
from ..quantities import percent, points, whole
from ..values import instance
from . import tables
from .formulas import measured
from .kpi import DAY, KpiSeries, kpi_series
from .kpi_charts import dividing
from .kpi_figures import KpiChange, KpiFigure, written
from .kpi_goals import kpis_of
from .spans import Span, Spans, calendar_of
from .xmr import xmr
from .xmr_parts import BETTER, WORST_FIRST, Assurance, Meaning

_MOST_PERIODS: Final = 1000


@frozen(kw_only=True)
class KpiCard:
    """
    One KPI on a day.

    Attributes:
        kpi: The KPI.
        figure: Its figure over the last period that is over.
        running: Its figure over the period that is not over yet; None where the day ends a period, and where that
            period goes on after the last day that there is.
        change: How the figure differs from that of the period before.
        year: How it differs from that of the same period a year before.
        history: The values of the last periods, the latest last; None where one is unknown.
        signal: What the figure says that is no noise, by the chart of the periods that are over, the last 1000 of
            them; None where it is no signal, or unknown.
        trial: Whether so few values stand behind the limits of that chart that they are not to be relied on.
        assurance: Whether the KPI, if it goes on as it does, can be relied on to meet its target; None without a
            target, a direction or limits, and where the figure is unknown.
        goals: The ids of the goals that it measures, or that are meant to move it.

    Example:
        >>> from goalkit import Observation
        >>> revenue = KPI(id="revenue", title="Revenue", kind="flow", direction="up", target=100, frequency="monthly")
        >>> days = {"2026-08-28": 90, "2026-09-28": 108}
        >>> seen = [Observation(kpi="revenue", on=day, value=value) for day, value in days.items()]
        >>> card = kpi_cards(Plan.of(revenue, *seen), as_of=date(2026, 9, 30))["revenue"]
        >>> card.figure.attainment, card.change.relative, card.history[-3:]
        (1.08, 0.2, (None, 90.0, 108.0))
    """

    kpi: KPI
    figure: KpiFigure
    running: KpiFigure | None
    change: KpiChange
    year: KpiChange
    history: tuple[float | None, ...]
    signal: Meaning | None
    trial: bool
    assurance: Assurance | None
    goals: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """
        Return the card as a flat dict, ready for JSON or a dataframe.

        Example:
            >>> plan = Plan.of(KPI(id="a", title="A", kind="flow", frequency="monthly"))
            >>> kpi_cards(plan, as_of=date(2026, 9, 30))["a"].to_dict()["title"]
            'A'
        """
        return {
            **self.figure.to_dict(),
            "title": self.kpi.title,
            "unit": self.kpi.unit,
            "category": self.kpi.category,
            "perspective": self.kpi.perspective,
            "change": _float(self.change.change),
            "points": _float(self.change.points),
            "relative": self.change.relative,
            "trend": _plain(self.change.trend),
            "year_relative": self.year.relative,
            "signal": _plain(self.signal),
            "trial": self.trial,
            "assurance": _plain(self.assurance),
            "benchmarks": {each.label: float(each.value) for each in self.kpi.benchmarks},
            "goals": list(self.goals),
            "history": list(self.history),
        }


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def _plain(value: Any) -> str | None:
    return None if value is None else str(value.value)


@final
class KpiCards(Mapping[str, KpiCard]):
    """
    The card of every KPI of a plan on a day, by id, in plan order.

    Attributes:
        plan: The plan.
        as_of: The day.

    Example:
        >>> from goalkit import Observation
        >>> revenue = KPI(id="revenue", title="Revenue", kind="flow", direction="up", target=100, frequency="monthly")
        >>> days = {"2026-08-28": 90, "2026-09-28": 108}
        >>> seen = [Observation(kpi="revenue", on=day, value=value) for day, value in days.items()]
        >>> print(kpi_cards(Plan.of(revenue, *seen), as_of=date(2026, 9, 30)))
        kpi      period   actual  target  attainment  health   change  title
        revenue  2026-09     108     100       108 %  healthy    20 %  Revenue
    """

    __slots__ = ("_cards", "as_of", "plan")

    def __init__(self, plan: Plan, as_of: date, cards: Mapping[str, KpiCard]) -> None:
        self._cards: Final = dict(cards)
        self.plan: Final[Plan] = plan
        self.as_of: Final[date] = as_of

    def __getitem__(self, kpi_id: str) -> KpiCard:
        try:
            return self._cards[kpi_id]
        except (KeyError, TypeError):
            raise UnknownId.among("KPI", kpi_id, self._cards) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._cards)

    def __len__(self) -> int:
        return len(self._cards)

    def __contains__(self, kpi_id: object) -> bool:
        return isinstance(kpi_id, str) and kpi_id in self._cards

    def to_dicts(self) -> list[dict[str, Any]]:
        """
        Return a dict for each KPI, ready for JSON or a dataframe.

        Example:
            >>> plan = Plan.of(KPI(id="a", title="A", kind="flow", frequency="monthly"))
            >>> kpi_cards(plan, as_of=date(2026, 9, 30)).to_dicts()[0]["reason"]
            'no_observations'
        """
        return [card.to_dict() for card in self._cards.values()]

    def __str__(self) -> str:
        return tables.as_text(_HEAD, self._cells(), _RIGHT)

    def _repr_html_(self) -> str:
        return tables.as_html(_HEAD, self._cells(), _RIGHT)

    def __repr__(self) -> str:
        return f"<KpiCards of {len(self)} KPIs on {self.as_of}>"

    def _cells(self) -> list[tuple[str, ...]]:
        rows: list[tuple[str, ...]] = []
        for card in self._cards.values():
            period, actual, target, _, attainment, health = card.figure.cells()
            rows.append((card.kpi.id, period, actual, target, attainment, health, changed(card), card.kpi.title))
        return rows


_HEAD: Final = ("kpi", "period", "actual", "target", "attainment", "health", "change", "title")
_RIGHT: Final = frozenset({2, 3, 4, 6})


def changed(card: KpiCard) -> str:
    """
    Return how a KPI changed, in words: of a ratio in percentage points, of others in percent, from zero in its unit.

    Args:
        card: The card.

    Example:
        >>> changed(kpi_cards(Plan.of(KPI(id="a", title="A", kind="flow")), as_of=date(2026, 9, 30))["a"])
        '–'
    """
    change = card.change
    if change.change is not None and change.points is not None:
        return f"{points(float(change.change), 1)} points"
    return written(change.change) if change.relative is None else percent(change.relative)


def kpi_cards(
    plan: Plan,
    *,
    as_of: date,
    kind: CycleKind | str | None = None,
    periods: int = 12,
    calendar: Calendar | None = None,
) -> KpiCards:
    """
    Return the card of every KPI on a day: its last full period against its target and against those before.

    Args:
        plan: The plan.
        as_of: The day.
        kind: ``day``, or a kind of cycle, of which a figure is told; None for that of each KPI's frequency,
            and for months where it has none.
        periods: How many periods the history has, from 1 to 1000.
        calendar: The calendar that divides, such as a fiscal one; the civil one without, and where it has no
            periods of the KPI's frequency.

    Raises:
        InvalidValue: If it is not a plan, ``as_of`` is not a day, or a choice is not one;
            ``beyond_the_calendar`` where no period is over on that day since days began.

    Example:
        >>> plan = Plan.of(KPI(id="a", title="A", kind="flow", frequency="monthly"))
        >>> kpi_cards(plan, as_of=date(2026, 9, 30))["a"].figure.period
        '2026-09'
    """
    instance(Plan, plan, "Plan.of and Plan.from_dicts make one")
    until, known = day(as_of), calendar_of(calendar)
    own = None if known is CIVIL else known
    try:
        count = whole(periods, least=1, most=_MOST_PERIODS)
    except InvalidValue as error:
        raise error.under("periods") from None
    chosen = None if kind is None else (None if kind == DAY else known.kind(kind), own)
    begins = {kpi.id: _first_of(plan, kpi, until) for kpi in plan.kpis}
    since = min(begins.values(), default=until.toordinal())
    windows: dict[_Grain, _Window] = {}
    goals = _goals_of(plan, until)
    cards: dict[str, KpiCard] = {}
    for kpi in plan.kpis:
        grain = _grain(kpi, own) if chosen is None else chosen
        if grain not in windows:
            windows[grain] = _window(grain, until, since, count)
        series = kpi_series(plan, kpi.id, as_of=until)
        cards[kpi.id] = _card(series, windows[grain], begins[kpi.id], count, goals.get(kpi.id, ()))
    return KpiCards(plan, until, cards)


def _first_of(plan: Plan, kpi: KPI, as_of: date) -> int:
    """Return the ordinal of the first day on which a KPI is known; of the day itself where there is none."""
    first, last = measured(plan, kpi, as_of).ends
    return first if first <= last else as_of.toordinal()


#: A kind of period, None for days, and the calendar that divides.
_Grain: TypeAlias = tuple[CycleKind | None, Calendar | None]


def _grain(kpi: KPI, calendar: Calendar | None) -> _Grain:
    kind = CycleKind.MONTH if kpi.frequency is None else kpi.frequency.cycle_kind
    return kind, dividing(kind or DAY, calendar)


def _goals_of(plan: Plan, as_of: date) -> dict[str, tuple[str, ...]]:
    """Return the goals that each KPI measures, or that are meant to move it."""
    found: dict[str, list[str]] = {}
    for goal in plan.definitions(as_of).goals.values():
        for kpi_id in kpis_of(goal):
            found.setdefault(kpi_id, []).append(goal.id)
    return {kpi_id: tuple(goals) for kpi_id, goals in found.items()}


@frozen(kw_only=True)
class _Window:
    """The last period that is over on a day, the one that is not, and the ones that are over, as columns."""

    last: Cycle
    before: Cycle | None  # None where days begin with the last
    running: Cycle | None
    spans: Spans


def _window(grain: _Grain, as_of: date, since: int, count: int) -> _Window:
    kind, calendar = grain
    ordinal = as_of.toordinal()
    if kind is None:
        days = range(max(min(since, ordinal - count, ordinal - 1), ordinal - _MOST_PERIODS + 1, 1), ordinal + 1)
        before = None if ordinal == 1 else _a_day(ordinal - 1)
        spans = Spans(days, days, calendar or CIVIL, str)
        return _Window(last=_a_day(ordinal), before=before, running=None, spans=spans)
    known = calendar or CIVIL
    division, running = known.at(kind, as_of), None
    if known.span(division)[1] > ordinal:
        running = _cycle(calendar, division)
        division = known.before(division)
    last = _cycle(calendar, division)
    if last is None:
        message = f"no {kind.replace('_', ' ')} is over on {as_of}, of those whose days all exist"
        raise InvalidValue.of("beyond_the_calendar", message, path="as_of", hint="give another day")
    before = _cycle(calendar, known.before(division))
    ends: list[tuple[int, int]] = []
    while len(ends) < _MOST_PERIODS and known.exists(division) and (len(ends) < count or ends[-1][0] > since):
        ends.append(known.span(division))
        division = known.before(division)
    ends.reverse()
    return _Window(
        last=last,
        before=before,
        running=running,
        spans=Spans([first for first, _ in ends], [last for _, last in ends], known, str),
    )


def _a_day(ordinal: int) -> Cycle:
    on = date.fromordinal(ordinal)
    return Cycle(id=str(on), first_day=on, last_day=on)


def _cycle(calendar: Calendar | None, division: Division) -> Cycle | None:
    """Return a period; None where not all of its days exist."""
    if not (calendar or CIVIL).exists(division):
        return None
    return cycle_of(calendar, division.kind, division.year, division.part)


def _card(series: KpiSeries, window: _Window, first: int, count: int, goals: tuple[str, ...]) -> KpiCard:
    spans = window.spans
    figure = _over(series, window.last, spans.calendar)
    begin = max(min(bisect_left(spans.lasts, first), len(spans) - count), 0)
    values = series.floats(Spans(spans.firsts[begin:], spans.lasts[begin:], spans.calendar, str))
    known = [value for value in values if value is not None]
    chart = xmr(known, direction=series.kpi.direction)
    signal = assurance = None
    if figure.actual is not None:
        found = {signal.meaning for signal in chart.signals if signal.members[-1] == len(known) - 1}
        signal = next((meaning for meaning in WORST_FIRST if meaning in found), None)
        better = BETTER.get(series.kpi.direction)
        if figure.target is not None and better is not None:
            # What the targets of several periods make may be more than any one of them could be.
            assurance = chart.segments[-1].assurance(float(figure.target), better)
    history = values[-count:]
    return KpiCard(
        kpi=series.kpi,
        figure=figure,
        running=None if window.running is None else _over(series, window.running, spans.calendar),
        change=_UNKNOWN if window.before is None else figure.change_from(_over(series, window.before, spans.calendar)),
        year=_year(series, window.last, figure),
        history=(None,) * (count - len(history)) + tuple(history),
        signal=signal,
        trial=chart.trial,
        assurance=assurance,
        goals=goals,
    )


def _over(series: KpiSeries, cycle: Cycle, calendar: Calendar) -> KpiFigure:
    """Return the figure of a period; days have the calendar too, since the periods that hold them have targets."""
    span = Span(cycle.first_day.toordinal(), cycle.last_day.toordinal(), calendar)
    return series.figure(span, cycle.id)


_UNKNOWN: Final = KpiChange(change=None, points=None, relative=None, trend=None, reason=Reason.NO_OBSERVATIONS)


def _year(series: KpiSeries, cycle: Cycle, figure: KpiFigure) -> KpiChange:
    try:
        before = series.year_before(cycle)
    except InvalidValue:  # there are no days a year before
        return _UNKNOWN
    return figure.change_from(before)
