"""
What was observed of one KPI, as columns of exact whole numbers.

All values of a KPI are scaled to whole numbers by one power of ten and summed up once, so that the sum
over any span is the difference of two sums: exact, and as quick for a decade as for a day.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from datetime import date
from decimal import Decimal
from itertools import accumulate, repeat
from operator import sub
from typing import Final, NamedTuple, final

from ..model.kpis import KPI, WEIGHED, KpiKind, Observation
from ..model.methods import Reads
from ..model.plan import Plan
from ..model.progress import Reason
from ..quantities import EXACT, rounded

_ONE: Final = Decimal(1)
_ADDING: Final = frozenset({KpiKind.FLOW, *WEIGHED})


class Amount(NamedTuple):
    """
    What a KPI amounts to over some time.

    Attributes:
        actual: The value; None where it cannot be known.
        reason: Why it cannot; None where it is known.
        numerator: Of a ratio or an average, the sum that is divided; None where there is none.
        denominator: The sum that it is divided by.
        observations: How many observations it rests on.
    """

    actual: Decimal | None
    reason: Reason | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    observations: int = 0


@final
class Series:
    """
    What was observed of one KPI, by day.

    Example:
        >>> kpi = KPI(id="solved", title="Solved", kind="ratio")
        >>> seen = [Observation(kpi="solved", on=f"2026-0{month}-28", numerator=n, denominator=d)
        ...     for month, n, d in ((7, 81, 87), (8, 192, 263))]
        >>> series = Series(kpi, seen)
        >>> series.amount(*series.within(*series.ends)).actual
        Decimal('0.78')
    """

    __slots__ = (
        "_corrected",
        "_is_daily",
        "_loose",
        "_lower",
        "_named",
        "_scale",
        "_units",
        "_upper",
        "days",
        "kpi",
        "values",
    )

    def __init__(self, kpi: KPI, observations: Iterable[Observation]) -> None:
        #: The KPI.
        self.kpi: Final = kpi
        seen = [*observations]
        # The last day on which something was corrected, so that what is seen earlier is more than a part of this.
        self._corrected: Final = max((each.on.toordinal() for each in seen if each.supersedes is not None), default=0)
        if kpi.kind not in _ADDING:  # a later one of the same day takes the place of an earlier one
            seen = [*{each.on: each for each in seen}.values()]
        #: The ordinals of the days, oldest first.
        self.days = [each.on.toordinal() for each in seen]
        self._is_daily = bool(seen) and self.days[-1] - self.days[0] + 1 == len(seen) == len({*self.days})
        #: The values that were given as such; None where there are parts.
        self.values = [each.value for each in seen]
        # Of a KPI without a unit, the observations may have several, which are not put together.
        named = [each.unit for each in seen]
        self._named: Final = named if len({*named} - {None}) > 1 else None
        weighed = kpi.kind in WEIGHED
        parts = [_parts(each) for each in seen] if weighed else []
        loose = [int(part is None) for part in parts]
        self._loose: Final = [*accumulate(loose, initial=0)] if any(loose) else None
        known = [part or (Decimal(0), Decimal(0)) for part in parts]
        tops = [top for top, _ in known] if weighed else [each or Decimal(0) for each in self.values]
        places, scaled = _scaled(tops)
        self._upper: Final = [*accumulate(scaled, initial=0)]
        under, scaled = _scaled([bottom for _, bottom in known])
        self._lower: Final = [*accumulate(scaled, initial=0)] if weighed else None
        #: A tenth to the power of this is the unit of the sums, above and below.
        self._scale: Final = (places, under)
        self._units: Final = (10**places, 10**under)

    @property
    def ends(self) -> tuple[int, int]:
        """The ordinals of the first and the last day with an observation; a span without days where there is none."""
        return (self.days[0], self.days[-1]) if self.days else (1, 0)

    def until(self, last: int) -> Series | None:
        """
        Return what was observed up to a day, which shares its sums with this.

        Args:
            last: The ordinal of the day.

        Returns:
            None where something that was observed by then has been corrected since.
        """
        if self._corrected > last:
            return None
        past, stop = copy(self), bisect_right(self.days, last)
        past.days, past.values = self.days[:stop], self.values[:stop]
        past._is_daily = self._is_daily and stop > 0  # noqa: SLF001 - it is one of us
        return past

    def within(self, first: int, last: int) -> tuple[int, int]:
        """
        Return where the observations of a span of days begin and end.

        Args:
            first: The ordinal of its first day.
            last: The ordinal of its last day.
        """
        return bisect_left(self.days, first), bisect_right(self.days, last)

    def runs(self, firsts: Sequence[int], lasts: Sequence[int]) -> tuple[Sequence[int], Sequence[int]]:
        """
        Return where the observations of several spans of days begin and end.

        Args:
            firsts: The ordinals of their first days, in order.
            lasts: The ordinals of their last days, in order.
        """
        days, (begin, end) = self.days, self.ends
        if self._is_daily and _within(firsts, begin, end) and _within(lasts, begin, end):
            # One for each day, so that none has to be looked for.
            return range(firsts[0] - begin, firsts[-1] - begin + 1), range(lasts[0] - begin + 1, lasts[-1] - begin + 2)
        stops = [*map(bisect_right, repeat(days), lasts)]
        if stops and [*firsts[1:]] == [last + 1 for last in lasts[:-1]]:
            return [bisect_left(days, firsts[0]), *stops[:-1]], stops  # where one ends, the next begins
        return [*map(bisect_left, repeat(days), firsts)], stops

    def amount(self, start: int, stop: int) -> Amount:
        """
        Return what some observations that follow each other amount to, exactly.

        Args:
            start: Where they begin.
            stop: Where they end.
        """
        count = stop - start
        if count <= 0:
            return Amount(None, Reason.NO_OBSERVATIONS)
        if self._named is not None and len({*self._named[start:stop]} - {None}) > 1:
            return Amount(None, Reason.UNLIKE_UNITS, observations=count)
        if self._lower is not None:
            return self._divided(start, stop)
        if self.kpi.kind is KpiKind.FLOW:
            return Amount(self._sum(start, stop), observations=count)
        return Amount(self._read(start, stop), observations=count)

    def _sum(self, start: int, stop: int) -> Decimal:
        return rounded(Decimal(self._upper[stop] - self._upper[start]).scaleb(-self._scale[0], EXACT))

    def _read(self, start: int, stop: int) -> Decimal | None:
        reads = self.kpi.reads
        if reads is Reads.MEAN:
            total = Decimal(self._upper[stop] - self._upper[start]).scaleb(-self._scale[0], EXACT)
            return rounded(EXACT.divide(total, Decimal(stop - start)))
        if reads is Reads.LATEST:
            return self.values[stop - 1]
        chosen: Callable[[Iterable[Decimal]], Decimal] = min if reads is Reads.MINIMUM else max
        return chosen(value for value in self.values[start:stop] if value is not None)

    def _divided(self, start: int, stop: int) -> Amount:
        count = stop - start
        assert self._lower is not None, "what is divided has sums below"  # noqa: S101 - it is asked only then
        if self._loose is not None and self._loose[stop] - self._loose[start]:
            if count > 1:
                return Amount(None, Reason.NOT_COMPUTABLE, observations=count)
            return Amount(self.values[start], observations=count)
        over, under = self._scale
        numerator = rounded(Decimal(self._upper[stop] - self._upper[start]).scaleb(-over, EXACT))
        denominator = rounded(Decimal(self._lower[stop] - self._lower[start]).scaleb(-under, EXACT))
        if not denominator:
            return Amount(None, Reason.ZERO_DENOMINATOR, numerator, denominator, count)
        return Amount(rounded(EXACT.divide(numerator, denominator)), None, numerator, denominator, count)

    def floats(self, starts: Sequence[int], stops: Sequence[int]) -> list[float | None]:
        """
        Return what several runs of observations amount to, as floats: the same as one by one, only quicker.

        They are rounded once. What has more digits than are kept of an exact value is rounded twice one by one,
        so that the last digit of a float may differ.

        Args:
            starts: Where they begin.
            stops: Where they end.
        """
        is_exact = self._loose is not None or self._named is not None
        if is_exact or not (self.kpi.kind in _ADDING or self.kpi.reads in {Reads.LATEST, Reads.MEAN}):
            exact = (self.amount(start, stop).actual for start, stop in zip(starts, stops, strict=True))
            return [None if value is None else float(value) for value in exact]
        if self.kpi.kind not in _ADDING and self.kpi.reads is Reads.LATEST:
            values, unit = self._upper, self._units[0]
            return [
                (values[stop] - values[stop - 1]) / unit if stop > start else None
                for start, stop in zip(starts, stops, strict=True)
            ]
        over = map(sub, _at(self._upper, stops), _at(self._upper, starts))
        if self.kpi.kind is KpiKind.FLOW:
            unit = self._units[0]
            runs = zip(over, starts, stops, strict=True)
            return [total / unit if stop > start else None for total, start, stop in runs]
        factor, under = self._units[0], map(sub, stops, starts)
        if self._lower is not None:
            # Over (a / 10^x) / (b / 10^y), both as whole numbers, there is one rounding.
            over_by, under_by = self._units[1], self._units[0]
            under = map(sub, _at(self._lower, stops), _at(self._lower, starts))
            return [
                (total * over_by) / (whole * under_by) if whole else None
                for total, whole in zip(over, under, strict=True)
            ]
        if isinstance(starts, range):  # all of them are as long
            whole = (stops[0] - starts[0]) * factor
            return [total / whole for total in over]
        return [total / (count * factor) if count > 0 else None for total, count in zip(over, under, strict=True)]


def _within(days: Sequence[int], begin: int, end: int) -> bool:
    """Tell whether days are every day of a span that lies within another."""
    return isinstance(days, range) and days.step == 1 and len(days) > 0 and begin <= days[0] and days[-1] <= end


def _at(column: list[int], places: Sequence[int]) -> Iterable[int]:
    if isinstance(places, range) and places.step == 1:
        return column[places.start : places.stop]
    return map(column.__getitem__, places)


def _parts(observation: Observation) -> tuple[Decimal, Decimal] | None:
    """Return what is divided and by what; None where nobody has said."""
    if observation.numerator is not None and observation.denominator is not None:
        return observation.numerator, observation.denominator
    if observation.value is None or observation.count is None:
        return None
    return EXACT.multiply(observation.value, observation.count), observation.count


def _scaled(values: Sequence[Decimal]) -> tuple[int, list[int]]:
    """Return values as whole numbers of one unit, and how many places after the point that unit has."""
    places = max([0, *(-exponent for value in values if isinstance(exponent := value.as_tuple().exponent, int))])
    return places, [int(value.scaleb(places, EXACT)) for value in values]


def series_of(plan: Plan, kpi_id: str, as_of: date | None) -> Series:
    """
    Return what was observed of a KPI as columns; it is remembered with the observations.

    Args:
        plan: The plan.
        kpi_id: A KPI without a formula.
        as_of: The last day that is seen; None for all days.

    Raises:
        UnknownId: If there is no such KPI.
    """
    kpi, log = plan.kpi(kpi_id), plan.observed
    key = ("series", kpi_id)
    found: Series | None = log.memo.get(key)
    if found is None or found.kpi is not kpi:
        found = log.memo[key] = Series(kpi, plan.observations(kpi_id))
    if as_of is None or found.ends[1] <= as_of.toordinal():
        return found
    past = found.until(as_of.toordinal())
    return Series(kpi, plan.observations(kpi_id, as_of)) if past is None else past
