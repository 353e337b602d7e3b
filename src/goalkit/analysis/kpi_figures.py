"""One figure of a KPI: what it was over a period, what it should have been, and how it differs from another."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any, Final

from attrs import frozen

from ..errors import InvalidValue
from ..model.kpi_bands import Colour
from ..model.kpis import KPI, Direction, KpiKind
from ..model.progress import Reason
from ..quantities import EXACT, difference, percent, plain, points, rounded
from ..values import instance
from .formulas import Measured
from .kpi_targets import target_of
from .series import Amount
from .spans import Span

_HUNDRED: Final = Decimal(100)

#: Of what is written for people, the most digits after the point.
_PLACES: Final = 4


class Health(StrEnum):
    """
    Whether a KPI is where it should be.

    Example:
        >>> Health("at_risk") is Health.AT_RISK
        True
    """

    HEALTHY = "healthy"
    AT_RISK = "at_risk"
    UNHEALTHY = "unhealthy"


_HEALTH: Final = {Colour.GREEN: Health.HEALTHY, Colour.YELLOW: Health.AT_RISK, Colour.RED: Health.UNHEALTHY}


class KpiTrend(StrEnum):
    """
    Which way a KPI moved, seen from what is wanted.

    Example:
        >>> KpiTrend("improving") is KpiTrend.IMPROVING
        True
    """

    IMPROVING = "improving"
    WORSENING = "worsening"
    STEADY = "steady"


@frozen(kw_only=True)
class KpiChange:
    """
    How a KPI differs between two periods.

    Attributes:
        change: The later value less the earlier one, in the unit of the KPI; None where it is unknown.
        points: Of a ratio in percent, the change in percentage points; None for all others.
        relative: The change over the earlier value without its sign, 0.1 for 10 % more; None where that
            is zero, or the change is unknown. It is not what ``points`` are.
        trend: Whether it moved the right way; None without a direction.
        reason: Why something is unknown; None where nothing is.

    Example:
        >>> from goalkit import Cycle, KPI, Observation, Plan, kpi_series
        >>> solved = KPI(id="solved", title="Solved", kind="ratio", direction="up")
        >>> seen = [Observation(kpi="solved", on=f"2026-0{month}-28", numerator=n, denominator=100)
        ...     for month, n in ((7, 50), (8, 60))]
        >>> july, august = kpi_series(Plan.of(solved, *seen), "solved").by("month")
        >>> told = august.change_from(july)
        >>> told.points, told.relative, told.trend.value
        (Decimal('10.0'), 0.2, 'improving')
    """

    change: Decimal | None
    points: Decimal | None
    relative: float | None
    trend: KpiTrend | None
    reason: Reason | None


@frozen(kw_only=True)
class KpiFigure:
    """
    What a KPI was over a period.

    Attributes:
        kpi: The KPI.
        period: What the period is called.
        first_day: Its first day.
        last_day: Its last day.
        actual: The value over the period, exact; None where it is unknown.
        reason: Why it is unknown; None where it is known.
        target: What it should be over that period; None where nobody has said.
        numerator: Of a ratio, an average and a quotient, the sum that was divided; None where there is none.
        denominator: What it was divided by.
        observations: How many observations the value rests on.
        missing: In how many periods of its frequency nothing was observed, though they are over; None
            without a frequency.
        expected: How many of them are over.
        is_partial: Whether the period was not over on the day that was asked for.

    Example:
        >>> from goalkit import Cycle, KPI, Observation, Plan, kpi_series
        >>> revenue = KPI(id="revenue", title="Revenue", kind="flow", direction="up", target=100)
        >>> plan = Plan.of(revenue, Observation(kpi="revenue", on="2026-07-28", value=90))
        >>> july = kpi_series(plan, "revenue").over(Cycle.month(2026, 7))
        >>> july.actual, july.difference, july.attainment, july.health.value
        (Decimal('90'), Decimal('10'), 0.9, 'unhealthy')
    """

    kpi: KPI
    period: str
    first_day: date
    last_day: date
    actual: Decimal | None
    reason: Reason | None
    target: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    observations: int
    missing: int | None
    expected: int | None
    is_partial: bool

    @property
    def difference(self) -> Decimal | None:
        """The target less the value, in the unit of the KPI; None where one is unknown."""
        if self.actual is None or self.target is None:
            return None
        return difference(self.target, self.actual)

    @property
    def attainment(self) -> float | None:
        """The value over the target, 1.0 on it; None where one is unknown, or the target is not above zero."""
        if self.actual is None or self.target is None or self.target <= 0:
            return None
        return float(rounded(EXACT.divide(self.actual, self.target)))

    @property
    def _is_part(self) -> Reason | None:
        """Why the value is only a part of what the target is for; None where it is all."""
        if self.is_partial:
            return Reason.PARTIAL_PERIOD
        return Reason.MISSING_PERIOD if self.missing else None

    @property
    def _is_growing(self) -> bool:
        return self._is_part is not None and self.kpi.kind is KpiKind.FLOW

    @property
    def meets_target(self) -> bool | None:
        """Whether the value is on the target or on its right side; None where that cannot be said, or not yet."""
        if (
            self._is_growing
            or self.actual is None
            or self.target is None
            or self.kpi.direction in {None, Direction.WITHIN}
        ):
            return None
        return self.actual >= self.target if self.kpi.direction is Direction.UP else self.actual <= self.target

    @property
    def colour(self) -> Colour | None:
        """
        The band that the value is in; None without bands, and where the value or the target for them is unknown.

        A flow is in none before its period is over: a part of it is not what the target is for.
        """
        if self._is_growing or self.actual is None or self.kpi.bands is None:
            return None
        return self.kpi.bands.colour(self.actual, self.target)

    @property
    def health(self) -> Health | None:
        """What the band says; without bands, what the target says; None where nobody has said what is healthy."""
        if self.kpi.bands is not None:
            return None if self.colour is None else _HEALTH[self.colour]
        met = self.meets_target
        return None if met is None else Health.HEALTHY if met else Health.UNHEALTHY

    @property
    def unjudged(self) -> Reason | None:
        """Why there is no health; None where there is."""
        if self.health is not None:
            return None
        if self.actual is None:
            return self.reason
        if self._is_growing:
            return self._is_part
        if self.kpi.bands is not None:
            return Reason.NO_TARGET if self.target is None else Reason.ZERO_BASE
        is_within = self.kpi.direction is Direction.WITHIN  # which only bands can tell
        return Reason.NO_TARGET if self.target is None or is_within else Reason.NO_DIRECTION

    def change_from(self, before: KpiFigure) -> KpiChange:
        """
        Return how it differs from the KPI's figure over an earlier period.

        A period that is not over is compared with nothing: its change is unknown (``partial_period``).

        Args:
            before: The figure of the same KPI over another period.

        Raises:
            InvalidValue: If it is no figure, or of another KPI (``another_kpi``).

        Example:
            >>> from goalkit import Cycle, KPI, Observation, Plan, kpi_series
            >>> days = {"2026-07-28": -50, "2026-08-28": 0}
            >>> seen = [Observation(kpi="a", on=day, value=value) for day, value in days.items()]
            >>> july, august = kpi_series(Plan.of(KPI(id="a", title="A", kind="flow"), *seen), "a").by("month")
            >>> august.change_from(july).relative, july.change_from(august).relative
            (1.0, None)
        """
        instance(KpiFigure, before, "give another figure of the KPI")
        if before.kpi.id != self.kpi.id:
            message = f"{self.kpi.id!r} is not compared with {before.kpi.id!r}"
            raise InvalidValue.of("another_kpi", message, path="before", hint="give a figure of the same KPI")
        if self.is_partial or before.is_partial:
            return _unknown(Reason.PARTIAL_PERIOD)
        if self._is_growing or before._is_growing:
            return _unknown(Reason.MISSING_PERIOD)
        if self.actual is None or before.actual is None:
            return _unknown(self.reason if self.actual is None else before.reason)
        change = difference(self.actual, before.actual)
        base = before.actual.copy_abs()
        return KpiChange(
            change=change,
            points=rounded(EXACT.multiply(change, _HUNDRED)) if is_percent(self.kpi) else None,
            relative=float(rounded(EXACT.divide(change, base))) if base else None,
            trend=self._trend(before.actual, self.actual),
            reason=None if base else Reason.ZERO_BASE,
        )

    def _trend(self, before: Decimal, after: Decimal) -> KpiTrend | None:
        direction = self.kpi.direction
        if direction is None or direction is Direction.WITHIN:
            return None
        if after == before:
            return KpiTrend.STEADY
        return KpiTrend.IMPROVING if (after > before) is (direction is Direction.UP) else KpiTrend.WORSENING

    def to_dict(self) -> dict[str, Any]:
        """
        Return the figure as a flat dict, ready for JSON or a dataframe.

        Example:
            >>> from goalkit import Cycle, KPI, Plan, kpi_series
            >>> figure = kpi_series(Plan.of(KPI(id="a", title="A", kind="flow")), "a").over(Cycle.month(2026, 7))
            >>> figure.to_dict()["actual"], figure.to_dict()["reason"]
            (None, 'no_observations')
        """
        return {
            "kpi": self.kpi.id,
            "period": self.period,
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "actual": _float(self.actual),
            "reason": _plain(self.reason),
            "target": _float(self.target),
            "difference": _float(self.difference),
            "attainment": self.attainment,
            "colour": _plain(self.colour),
            "health": _plain(self.health),
            "numerator": _float(self.numerator),
            "denominator": _float(self.denominator),
            "observations": self.observations,
            "missing": self.missing,
            "expected": self.expected,
            "is_partial": self.is_partial,
        }

    def cells(self) -> tuple[str, ...]:
        """
        Return the figure as the cells of a table: period, actual, target, difference, attainment, health.

        Example:
            >>> from goalkit import Cycle, KPI, Plan, kpi_series
            >>> kpi_series(Plan.of(KPI(id="a", title="A", kind="flow")), "a").over(Cycle.month(2026, 7)).cells()
            ('2026-07', '–', '–', '–', '–', '–')
        """
        return (
            f"{self.period}{' so far' if self.is_partial else ''}",
            written(self.actual, self.kpi),
            written(self.target, self.kpi),
            in_points(self.difference) if is_percent(self.kpi) else written(self.difference),
            percent(self.attainment),
            "–" if self.health is None else self.health.value.replace("_", " "),
        )


def is_percent(kpi: KPI) -> bool:
    """
    Tell whether the values of a KPI are fractions of one that people read in percent: a ratio of no other unit.

    Args:
        kpi: The KPI.

    Example:
        >>> [is_percent(KPI(id="a", title="A", kind="ratio", unit=unit)) for unit in (None, "SEK")]
        [True, False]
    """
    in_percent = kpi.unit == "percent" or (kpi.unit is None and kpi.formula is None)
    return kpi.kind is KpiKind.RATIO and in_percent


def written(value: Decimal | None, kpi: KPI | None = None) -> str:
    """
    Return a value of a KPI as people read it, with at most four digits after the point; an unknown one as a dash.

    Args:
        value: The value.
        kpi: The KPI; with one whose values are fractions of one, the value is told in percent.

    Example:
        >>> written(Decimal("0.931034482758620689655172413793")), written(Decimal("1E+3")), written(None)
        ('0.931', '1000', '–')
        >>> written(Decimal("0.78"), KPI(id="solved", title="Solved", kind="ratio"))
        '78.0 %'
    """
    if value is None:
        return "–"
    if kpi is not None and is_percent(kpi):
        return percent(float(value), 1)
    places = value.as_tuple().exponent
    if not isinstance(places, int) or places >= -_PLACES:
        return plain(value)
    short = value.quantize(Decimal((0, (1,), -_PLACES)), rounding=ROUND_HALF_UP, context=EXACT)
    return plain((short or value.normalize(EXACT)).normalize(EXACT)) if value else "0"


def in_points(value: Decimal | None) -> str:
    """
    Return a difference of fractions in percentage points, which are not per cent of anything.

    Args:
        value: The difference.

    Example:
        >>> in_points(Decimal("0.17")), in_points(None)
        ('17.0 points', '–')
    """
    return "–" if value is None else f"{points(float(value), 1)} points"


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _plain(value: StrEnum | None) -> str | None:
    return None if value is None else value.value


def _unknown(reason: Reason | None) -> KpiChange:
    return KpiChange(change=None, points=None, relative=None, trend=None, reason=reason)


def figure(measured: Measured, span: Span, period: str, as_of: date | None, unknown: Reason | None = None) -> KpiFigure:
    """
    Return what a KPI was over a span of days.

    Args:
        measured: The KPI as it can be measured.
        span: The span.
        period: What it is called.
        as_of: The last day that is seen; None for all days.
        unknown: Why the value is not to be told; None where it is.
    """
    until = None if as_of is None else as_of.toordinal()
    ahead = until is not None and until < span.first
    amount = Amount(None, Reason.NOT_STARTED) if ahead else measured.amount(span)
    if unknown is not None:
        amount = Amount(None, unknown, observations=amount.observations)
    absent = measured.missing(span, until)
    return KpiFigure(
        kpi=measured.kpi,
        period=period,
        first_day=date.fromordinal(span.first),
        last_day=date.fromordinal(span.last),
        actual=amount.actual,
        reason=amount.reason,
        target=target_of(measured.kpi, span),
        numerator=amount.numerator,
        denominator=amount.denominator,
        observations=amount.observations,
        missing=None if absent is None else absent[0],
        expected=None if absent is None else absent[1],
        is_partial=until is not None and until < span.last,
    )
