"""The lines of a total from the KPIs of a plan, over two periods."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import evolve

from ..calendars import Cycle
from ..errors import InvalidValue, Problem, shown
from ..model.kpis import KPI, KpiKind
from ..model.plan import Plan
from ..model.progress import Reason
from ..texts import identifier
from ..values import instance
from .explain import WORDS
from .kpi import kpi_series
from .kpi_figures import KpiFigure
from .variance import VarianceLine


def variance_lines(
    plan: Plan, kpis: Mapping[str, tuple[str, str]], *, before: Cycle, after: Cycle, as_of: date | None = None
) -> list[VarianceLine]:
    """
    Return the lines of a total from KPIs of a plan, over two periods.

    Nothing is made up: a figure that is unknown is refused, and so is one of a period that is not over
    on ``as_of``, and a flow, or what is worked out, that was not observed in one of the periods of its frequency.

    Args:
        plan: The plan.
        kpis: The ids of two KPIs for each line, that of its quantity and that of its rate.
        before: The earlier period.
        after: The later period.
        as_of: The last day that is seen; None for everything that was observed.

    Raises:
        UnknownId: If there is no such KPI.
        InvalidValue: If a figure cannot be told, with its reason as the code; every such figure is named
            with its KPI and period. If the rates of lines with the same unit have different units
            (``unlike_units``). If an argument is not what it should be.

    Example:
        >>> from goalkit import KPI, Observation, variance
        >>> plan = Plan.of(
        ...     KPI(id="sold", title="Sold", kind="flow", unit="piece"),
        ...     KPI(id="price", title="Price", kind="score", unit="EUR"),
        ...     *(Observation(kpi="sold", on=f"2026-0{month}-28", value=month * 10) for month in (7, 8)),
        ...     *(Observation(kpi="price", on=f"2026-0{month}-28", value=month) for month in (7, 8)),
        ... )
        >>> july, august = Cycle.month(2026, 7), Cycle.month(2026, 8)
        >>> lines = variance_lines(plan, {"A": ("sold", "price")}, before=july, after=august)
        >>> parts = variance(lines)["A"]
        >>> str(parts.change), str(parts.volume), str(parts.rate)
        ('150', '70', '80')
    """
    instance(Plan, plan, "Plan.of and Plan.from_dicts make one")
    pairs = _pairs(kpis)
    lines: list[VarianceLine] = []
    problems: list[Problem] = []
    for line_id, pair in pairs.items():
        figures: dict[str, Decimal | None] = {}
        for name, kpi_id in zip(("quantity", "rate"), pair, strict=True):
            series = kpi_series(plan, kpi_id, as_of=as_of)
            for when, cycle in (("before", before), ("after", after)):
                figure = series.over(cycle)
                path = f"kpis[{shown(line_id)}].{name}_{when}"
                if problem := _untold(figure):
                    problems.append(evolve(problem, path=path))
                figures[f"{name}_{when}"] = figure.actual
        if not problems:
            try:
                made: Any = figures
                lines.append(VarianceLine(id=line_id, unit=plan.kpi(pair[0]).unit, **made))
            except InvalidValue as error:
                problems += error.under(f"kpis[{shown(line_id)}]").problems
    problems += _unlike([(line_id, plan.kpi(sold), plan.kpi(rate)) for line_id, (sold, rate) in pairs.items()])
    if problems:
        raise InvalidValue(*problems)
    return lines


def _pairs(kpis: object) -> dict[str, tuple[str, str]]:
    hint = "give a dict such as {'A': ('sold', 'price')}"
    if not isinstance(kpis, Mapping):
        raise InvalidValue.of("not_a_mapping", f"{shown(kpis)} is not a mapping", path="kpis", hint=hint)
    pairs: dict[str, tuple[str, str]] = {}
    problems: list[Problem] = []
    for line_id, pair in kpis.items():
        try:
            if not isinstance(pair, (list, tuple)) or len(pair) != 2:  # noqa: PLR2004 - a quantity and a rate
                raise InvalidValue.of("not_a_pair", f"{shown(pair)} is not a quantity and a rate", hint=hint)
            pairs[identifier(line_id)] = (identifier(pair[0]), identifier(pair[1]))
        except InvalidValue as error:
            problems += error.under(f"kpis[{shown(line_id)}]").problems
    if problems:
        raise InvalidValue(*problems)
    return pairs


def _untold(figure: KpiFigure) -> Problem | None:
    """Return why a figure is not good enough for a comparison; None where it is."""
    reason, hint = figure.reason, "compare periods of which both are known"
    if figure.is_partial and figure.reason is not Reason.NOT_STARTED:
        reason, hint = Reason.PARTIAL_PERIOD, "compare a period that is over"
    elif (figure.kpi.kind is KpiKind.FLOW or figure.kpi.formula is not None) and figure.missing:
        reason, hint = Reason.MISSING_PERIOD, "record what is missing, 0 where there was nothing"
    if reason is None:
        return None
    message = f"{shown(figure.kpi.id)} over {figure.period} is not known: {WORDS[reason]}"
    return Problem(code=reason.value, message=message, hint=hint)


def _unlike(lines: Iterable[tuple[str, KPI, KPI]]) -> Iterator[Problem]:
    """Yield where the rates of two lines with the same unit differ in theirs, so that no total is a sum of both."""
    known: dict[str | None, KPI] = {}
    for line_id, sold, rate in lines:
        first = known.setdefault(sold.unit, rate)
        if first.unit != rate.unit:
            message = (
                f"{shown(rate.id)} is in {rate.unit or 'no unit'}, and {shown(first.id)} in {first.unit or 'none'}"
            )
            path = f"kpis[{shown(line_id)}].rate"
            yield Problem(code="unlike_units", path=path, message=message, hint="convert one of them first")
