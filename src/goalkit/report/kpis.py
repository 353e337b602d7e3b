"""The KPIs of a plan as text: a line each, with a spark line of its history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final

from ..analysis.explain import WORDS
from ..analysis.kpi_cards import KpiCard, KpiCards, changed
from ..analysis.kpi_figures import is_percent, written
from ..analysis.tables import one_line
from ..analysis.xmr_parts import Assurance, Meaning
from ..errors import InvalidValue, shown
from ..quantities import percent, whole
from ..values import instance

_NARROWEST: Final = 60
_WIDEST: Final = 1000
_MOST_KPIS: Final = 500
_MOST_BESIDE: Final = 3

_BARS: Final = "▁▂▃▄▅▆▇█"
_GAP: Final = "·"


def spark(values: Iterable[float | None]) -> str:
    """
    Return values as a line of bars, from the least to the most; an unknown one as a dot, never as nothing.

    Args:
        values: The values, in order; None where one is unknown.

    Raises:
        InvalidValue: If a value is not a finite number.

    Example:
        >>> spark([90, 100, None, 110]), spark([3, 3]), spark([])
        ('▁▅·█', '▅▅', '')
    """
    found = [None if value is None else _exact(value, at) for at, value in enumerate(values)]
    known = [value for value in found if value is not None]
    low, high = min(known, default=Fraction(0)), max(known, default=Fraction(0))
    return "".join(_GAP if value is None else _BARS[_step(value, low, high)] for value in found)


def _exact(value: float, at: int) -> Fraction:
    try:
        return Fraction(value)
    except (OverflowError, TypeError, ValueError):
        message = f"{shown(value)} cannot be drawn"
        raise InvalidValue.of("not_finite", message, path=f"[{at}]", hint="give a finite number, or None") from None


def _step(value: Fraction, low: Fraction, high: Fraction) -> int:
    if low == high:
        return len(_BARS) // 2
    # Exactly, so that neither the widest span of floats nor the narrowest one runs over.
    return min(int((value - low) * len(_BARS) / (high - low)), len(_BARS) - 1)


def cards(found: KpiCards, *, width: int = 80) -> str:
    """
    Return the KPIs of a plan as text: two lines each, what it is and where it stands.

    The first line has the title, the spark line of its last periods, and its health; the second one the
    figure of the last full period against its target, the change from the period before, whether that is a
    signal, and whether the target can be relied on.

    Args:
        found: The cards, as `goalkit.kpi_cards` says.
        width: The most characters in a line, from 60 to 1000. Longer titles are cut.

    Raises:
        InvalidValue: If it is something else, or the width is out of range.

    Example:
        >>> from datetime import date
        >>> from goalkit import KPI, Observation, Plan, kpi_cards
        >>> revenue = KPI(id="revenue", title="Revenue", kind="flow", unit="SEK", direction="up", target=100,
        ...     frequency="monthly")
        >>> seen = [Observation(kpi="revenue", on=f"2026-0{at}-28", value=value) for at, value in ((7, 90), (8, 108))]
        >>> print(cards(kpi_cards(Plan.of(revenue, *seen), as_of=date(2026, 8, 31), periods=4)))
        KPIs on 2026-08-31
        Revenue  ··▁█  healthy
          2026-08: 108 SEK of 100, 108 %; +20 %, improving; no signal yet
    """
    given = instance(KpiCards, found, "kpi_cards makes them")
    try:
        wide = whole(width, least=_NARROWEST, most=_WIDEST)
    except InvalidValue as error:
        raise error.under("width") from None
    lines = [f"KPIs on {given.as_of}"]
    for card in [*given.values()][:_MOST_KPIS]:
        lines.extend(_lines(card, wide))
    if len(given) > _MOST_KPIS:
        lines.append(f"… and {len(given) - _MOST_KPIS} more")
    return "\n".join(lines)


def _lines(card: KpiCard, width: int) -> Sequence[str]:
    figure = card.figure
    health = "" if figure.health is None else f"  {figure.health.value.replace('_', ' ')}"
    line = spark(card.history[-(width // 2) :])
    title = _cut(one_line(card.kpi.title), width - len(line) - len(health) - 2)
    return f"{title}  {line}{health}", _cut(f"  {figure.period}: {'; '.join(_told(card))}", width)


def _told(card: KpiCard) -> list[str]:
    figure = card.figure
    if figure.actual is None:
        return [f"unknown, {WORDS[figure.reason]}" if figure.reason is not None else "unknown"]
    unit = "" if card.kpi.unit is None or is_percent(card.kpi) else f" {one_line(card.kpi.unit)}"
    target = "" if figure.target is None else f" of {written(figure.target, card.kpi)}"
    attained = "" if figure.attainment is None else f", {percent(figure.attainment)}"
    told = [f"{written(figure.actual, card.kpi)}{unit}{target}{attained}"]
    if figure.missing:
        told.append(f"{figure.missing} of {figure.expected} periods missing")
    if figure.unjudged is not None:
        told.append(f"not judged, {WORDS[figure.unjudged]}")
    if card.change.change is not None:
        sign = "+" if card.change.change > 0 else ""
        trend = "" if card.change.trend is None else f", {card.change.trend.value}"
        told.append(f"{sign}{changed(card)}{trend}")
    told.append(_signal(card))
    if card.assurance is not None and card.signal is None and not card.trial:
        # After a signal, the limits are of before.
        told.append(_ASSURANCES[card.assurance])
    told.extend(
        f"{one_line(each.label)}: {written(each.value, card.kpi)}" for each in card.kpi.benchmarks[:_MOST_BESIDE]
    )
    return told


def _signal(card: KpiCard) -> str:
    if card.signal is None:
        return "no signal yet" if card.trial else "no signal"
    meaning = "" if card.signal is Meaning.NEUTRAL else f": {card.signal.value}"
    return f"{'perhaps ' if card.trial else ''}a signal{meaning}"


_ASSURANCES: Final = {
    Assurance.CONSISTENTLY_PASSES: "meets its target as it goes",
    Assurance.CONSISTENTLY_FAILS: "misses its target as it goes",
    Assurance.HIT_OR_MISS: "hit or miss",
}


def _cut(line: str, width: int) -> str:
    return line if len(line) <= width else f"{line[: width - 1]}…"
