"""The process behaviour chart (XmR): which values of a measure are signals, and which are noise."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from enum import StrEnum
from itertools import pairwise
from math import dist, fsum, inf, isfinite
from operator import attrgetter
from statistics import median
from types import MappingProxyType
from typing import Any, Final, TypeVar

from attrs import frozen

from ..errors import InvalidValue, Problem, shown
from ..model.kpis import Direction
from ..model.progress import Reason
from ..quantities import MOST_EXPONENT, Number, number, plain, whole
from ..texts import text
from ..values import choice, flag
from .bands import score_of
from .charts import Readings, Xmr
from .signals import BASIC, Rule, RuleSet
from .tracks import Finding, Track
from .xmr_parts import XmrSegment, XmrSignal, meaning_of, slack_of

_T = TypeVar("_T")

#: From how many values on limits begin to be useful (Wheeler: five or six); with fewer they are on trial.
#: Others ask for more before they trust them: NHS England for 12, the Health Care Data Guide for 20 to 30.
USEFUL_FROM: Final = 6


class Average(StrEnum):
    """
    Which average of the moving ranges the limits rest on.

    Example:
        >>> Average("median") is Average.MEDIAN
        True
    """

    MEAN = "mean"
    MEDIAN = "median"  # one that a few large jumps do not widen


#: How far the limits are from the centre, in averages of moving ranges, and where the limit of moving
#: ranges is. Of the mean: 2.66 (3/1.128, rounded as Wheeler and NHS England do) and 3.267. Of the median: 3.145
#: (3/0.954) and 3.865 (Wheeler, Making Sense of Data, as spc-plotly and statprocon have them).
FACTORS: Final[Mapping[Average, tuple[float, float]]] = MappingProxyType(
    {Average.MEAN: (2.66, 3.267), Average.MEDIAN: (3.145, 3.865)}
)


def xmr(
    values: Iterable[Number | None],
    *,
    rules: RuleSet | Iterable[Rule] = BASIC,
    factor: Number | None = None,
    range_factor: Number | None = None,
    average: Average | str = Average.MEAN,
    screen: bool = False,
    baseline: int | None = None,
    rebase: Iterable[int] = (),
    direction: Direction | str | None = None,
    target: Number | None = None,
    days: Iterable[date | str] | None = None,
) -> Xmr:
    """
    Return the process behaviour chart of a measure: its natural limits, and what is a signal and no noise.

    The centre is the mean of the values; the limits are so many average moving ranges away from it. A
    moving range is how far a value is from the one before. A gap is no point: the values on both sides of
    it follow each other. Neither a moving range nor a run or trend reaches over the beginning of a new
    segment, which has limits of its own. A value on a line is not beyond it, and what misses it by no more
    than the tolerance is on it: by 1e-9 of the way from the centre to a limit, or by the noise of floats.

    Args:
        values: The values in order, one a period; None for a period without one.
        rules: What is a signal.
        factor: How many average moving ranges the limits are from the centre; by default 2.66, and 3.145
            for the median.
        range_factor: How many average moving ranges the limit of moving ranges is; by default 3.267, and
            3.865 for the median.
        average: Which average of the moving ranges.
        screen: Whether moving ranges at or above their limit are first left out of the average, once
            (Nelson 1982); the centre stays.
        baseline: How many values at the beginning of a segment its limits rest on; None for all of them.
        rebase: Indexes at which a new segment begins, because somebody knows that the process has changed.
        direction: Which way is better: up, down, or neither (within).
        target: A target, for `Xmr.assurance`.
        days: What the values are called, mostly their days; as many as there are values.

    Returns:
        The chart. With fewer than two values it has no limits and no signals, and its reason says so.

    Raises:
        InvalidValue: If a value or an argument is refused; everything that is wrong is named.

    Example:
        >>> chart = xmr([10, 12, 11, 13, 12, 11, 10, 12, 25], direction="down")
        >>> round(chart.lower, 2), round(chart.centre, 2), round(chart.upper, 2)
        (5.24, 12.89, 20.54)
        >>> print(*chart.signals)
        beyond limit, high, at 8: concern
    """
    problems: list[Problem] = []

    def take(path: str, convert: Callable[[Any], _T], given: Any, otherwise: _T) -> _T:
        try:
            return convert(given)
        except InvalidValue as error:
            problems.extend(error.under(path).problems)
            return otherwise

    read = take("values", _read, values, _NOTHING)
    size = None if problems else read.size
    kind = take("average", lambda given: choice(Average, given), average, Average.MEAN)
    usual, usual_range = FACTORS[kind]
    method = _Method(
        factor=usual if factor is None else take("factor", _factor, factor, usual),
        range_factor=usual_range if range_factor is None else take("range_factor", _factor, range_factor, usual_range),
        average=kind,
        screen=take("screen", flag, screen, otherwise=False),
        baseline=None if baseline is None else take("baseline", _baseline, baseline, None),
    )
    chosen = take("rules", _rules, rules, BASIC.rules)
    begins = take("rebase", lambda given: _begins(given, size), rebase, [0])
    better = None if direction is None else take("direction", lambda given: choice(Direction, given), direction, None)
    wanted = None if target is None else take("target", number, target, None)
    labels = None if days is None else take("days", lambda given: _labels(given, size), days, None)
    if problems:
        raise InvalidValue(*problems)

    bounds = [*(bisect_left(read.indexes, begin) for begin in begins), len(read.values)]
    segments: list[XmrSegment] = []
    signals: list[XmrSignal] = []
    for (start, stop), (begin, end) in zip(pairwise(bounds), pairwise((*begins, read.size)), strict=True):
        own, indexes = read.values[start:stop], read.indexes[start:stop]
        segment = _segment(own, begin, end - 1, method, read.total if len(own) == read.size else None)
        segments.append(segment)
        if segment.centre is None or segment.upper is None or segment.range_limit is None:
            continue
        track = Track(own, segment.centre, segment.upper - segment.centre, segment.range_limit, segment.slack)
        for rule in chosen:
            name, found = rule.name, rule.findings(track)
            signals += [_signal(name, each, indexes, better) for each in found]
    signals.sort(key=attrgetter("index"))
    return Xmr(read, bounds, segments=segments, signals=signals, direction=better, target=wanted, labels=labels)


def _signal(rule: str, found: Finding, indexes: Sequence[int], direction: Direction | None) -> XmrSignal:
    return XmrSignal(
        index=indexes[found.at],
        rule=rule,
        side=found.side,
        members=tuple([indexes[at] for at in found.members]),
        meaning=meaning_of(found.side, direction),
    )


@frozen(kw_only=True)
class _Method:
    factor: float
    range_factor: float
    average: Average
    screen: bool
    baseline: int | None


def _segment(values: tuple[float, ...], first: int, last: int, method: _Method, total: float | None) -> XmrSegment:
    behind = values if method.baseline is None else values[: method.baseline]
    count = len(behind)
    if count < _LEAST:
        return XmrSegment(first=first, last=last, count=count, reason=Reason.TOO_FEW)
    try:
        centre = (fsum(behind) if total is None or count < len(values) else total) / count
        average = _average(behind, method)
        reach, range_limit = method.factor * average, method.range_factor * average
    except OverflowError:
        reach = range_limit = centre = average = inf
    if not isfinite(abs(centre) + reach + range_limit):
        raise _too_large(values, first)
    return XmrSegment(
        first=first,
        last=last,
        count=count,
        centre=centre,
        average_range=average,
        lower=centre - reach,
        upper=centre + reach,
        range_limit=range_limit,
        trial=count < USEFUL_FROM,
    )


def _average(values: tuple[float, ...], method: _Method) -> float:
    """Return the average of the moving ranges, perhaps without those that stand out."""
    # Of two points on a line, which is the quickest way to the size of a difference.
    later = iter(values)
    next(later)
    ranges = map(dist, zip(later, strict=True), zip(values, strict=True))
    if method.average is Average.MEAN and not method.screen:
        return fsum(ranges) / (len(values) - 1)
    kept = list(ranges)
    found = _of(kept, method.average)
    if method.screen:
        most = method.range_factor * found
        most -= slack_of(most, 0.0)
        kept = [each for each in kept if each < most]
        # Where all are alike, such as without any change, there is nothing that stands out.
        return _of(kept, method.average) if kept else found
    return found


def _of(ranges: list[float], average: Average) -> float:
    return median(ranges) if average is Average.MEDIAN else fsum(ranges) / len(ranges)


def _read(values: Iterable[Number | None]) -> Readings:
    given: object = values
    if isinstance(given, (str, bytes, Mapping, AbstractSet)) or not isinstance(given, Iterable):
        hint = "give them in order, with None where there is none"
        raise InvalidValue.of("not_a_list", f"{shown(given)} is not a list of values", hint=hint)
    listed: Sequence[Any] = given if isinstance(given, (list, tuple)) else tuple(given)
    try:
        found = tuple(map(float.conjugate, listed))  # the quickest way to say that all are floats
    except TypeError:
        return _read_each(listed)
    try:
        total = fsum(found)
    except (OverflowError, ValueError):  # two infinities, or nearly
        total = inf
    return Readings(found, range(len(found)), len(found), total) if isfinite(total) else _read_each(listed)


def _read_each(listed: Sequence[Any]) -> Readings:
    if {*map(type, listed)} <= {int, float} and max(map(abs, listed)) < _LARGE and isfinite(sum(listed)):
        return Readings(tuple(map(float, listed)), range(len(listed)), len(listed))
    problems: list[Problem] = []
    indexes: list[int] = []
    found: list[float] = []
    for index, value in enumerate(listed):
        if value is None:
            continue
        try:
            found.append(score_of(value))
            indexes.append(index)
        except InvalidValue as error:
            problems += error.under(f"[{index}]").problems
    if problems:
        raise InvalidValue(*problems)
    return Readings(tuple(found), indexes, len(listed))


def _too_large(values: tuple[float, ...], first: int) -> InvalidValue:
    message = f"from {first} on, values are as large as {max(map(abs, values))}: too large to be averaged"
    return InvalidValue.of("absurd_magnitude", message, path="values", hint="choose a larger unit")


def _factor(value: Number) -> float:
    got = number(value)
    if got <= 0:
        hint = "give a number above 0, such as 2.66"
        raise InvalidValue.of("out_of_range", f"{plain(got)} is not above 0", hint=hint)
    return float(got)


def _baseline(value: Number) -> int:
    return whole(value, least=_LEAST, most=_MOST)


def _begins(rebase: Iterable[int], size: int | None) -> list[int]:
    """Return where the segments begin, the first of them at the beginning of all."""
    if rebase == ():
        return [0]
    given: object = rebase
    if isinstance(given, (str, bytes, Mapping)) or not isinstance(given, Iterable):
        raise InvalidValue.of(
            "not_a_list", f"{shown(given)} is not a list of indexes", hint="give several, such as [12]"
        )
    found = {0}
    problems: list[Problem] = []
    for at, index in enumerate(given):
        try:
            found.add(whole(index, least=0, most=_MOST if size is None else max(size - 1, 0)))
        except InvalidValue as error:
            problems += error.under(f"[{at}]").problems
    if problems:
        raise InvalidValue(*problems)
    return sorted(found)


def _labels(days: Iterable[date | str], size: int | None) -> tuple[date | str, ...]:
    given: object = days
    if isinstance(given, (str, bytes, Mapping)) or not isinstance(given, Iterable):
        raise InvalidValue.of("not_a_list", f"{shown(given)} is not a list of days", hint="give one for each value")
    labels: list[date | str] = []
    problems: list[Problem] = []
    for at, label in enumerate(given):
        try:
            labels.append(label if isinstance(label, date) else text(label))
        except InvalidValue as error:
            problems += error.under(f"[{at}]").problems
    if size is not None and len(labels) != size and not problems:
        message = f"there are {len(labels)} days for {size} values"
        problems.append(Problem(code="wrong_length", message=message, hint="give one for each value, gaps included"))
    if problems:
        raise InvalidValue(*problems)
    return tuple(labels)


def _rules(rules: RuleSet | Iterable[Rule]) -> tuple[Rule, ...]:
    return rules.rules if isinstance(rules, RuleSet) else RuleSet(name="given", rules=rules).rules


# Fewer have no moving range.
_LEAST: Final = 2
_MOST: Final = 10**9
_LARGE: Final = 10**MOST_EXPONENT
_NOTHING: Final = Readings((), (), 0)
