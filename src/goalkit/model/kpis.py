"""KPIs: measures that are kept over time, and the dated values that are observed of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, Final

from attrs import field, frozen
from attrs.converters import optional

from ..calendars import CycleKind, day
from ..errors import InvalidValue
from ..quantities import number, plain
from ..texts import given_id, identifier, text, title, words
from ..values import EMPTY, FrozenDict, checked, choice, content_id, extra, instance
from .kpi_bands import KpiBands
from .kpi_parts import Benchmark, Formula, Target, benchmarks, targets
from .methods import Reads


class KpiKind(StrEnum):
    """
    What a KPI measures, which decides how values of several days become one.

    - ``flow``: an amount that comes about over time, such as revenue: summed.
    - ``stock``: what is there at a time, such as head count: the last value.
    - ``ratio``: one amount over another, such as conversion: the ratio of the sums, never a mean of ratios.
    - ``average``: a mean over cases, such as handling time: weighted by the number of cases.
    - ``score``: an index that somebody works out, such as customer satisfaction: the last value.
    - ``distinct``: a number of different things, such as active users: of one period only, since who was
      counted twice is not known.
    - ``percentile``: such as a median: of one period only.

    Example:
        >>> KpiKind("flow") is KpiKind.FLOW
        True
    """

    FLOW = "flow"
    STOCK = "stock"
    RATIO = "ratio"
    AVERAGE = "average"
    SCORE = "score"
    DISTINCT = "distinct"
    PERCENTILE = "percentile"


#: The kinds whose value over a time is a sum over another sum.
WEIGHED: Final = frozenset({KpiKind.RATIO, KpiKind.AVERAGE})

#: The kinds whose values of several times cannot be put together.
OF_ONE_PERIOD: Final = frozenset({KpiKind.DISTINCT, KpiKind.PERCENTILE})

_READABLE: Final = frozenset({KpiKind.STOCK, KpiKind.SCORE})


class Direction(StrEnum):
    """
    Which way is better.

    Example:
        >>> Direction("down") is Direction.DOWN
        True
    """

    UP = "up"
    DOWN = "down"
    WITHIN = "within"  # neither: it is to stay within its bands


class Indicator(StrEnum):
    """
    Whether a KPI moves before what it tells of, or after it.

    Example:
        >>> Indicator("leading") is Indicator.LEADING
        True
    """

    LEADING = "leading"
    LAGGING = "lagging"


class Frequency(StrEnum):
    """
    How often a KPI is measured.

    Example:
        >>> Frequency("monthly").cycle_kind.value
        'month'
    """

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    TERTIALLY = "tertially"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"

    @property
    def cycle_kind(self) -> CycleKind | None:
        """The kind of the periods of which there is one observation each; None for days."""
        return _CYCLE_KINDS.get(self)


_CYCLE_KINDS: Final = {
    Frequency.WEEKLY: CycleKind.WEEK,
    Frequency.MONTHLY: CycleKind.MONTH,
    Frequency.QUARTERLY: CycleKind.QUARTER,
    Frequency.TERTIALLY: CycleKind.TERTIAL,
    Frequency.HALF_YEARLY: CycleKind.HALF,
    Frequency.YEARLY: CycleKind.YEAR,
}
_TARGET_KINDS: Final = frozenset(_CYCLE_KINDS.values())


# Each has its own, because a converter's signature is what a constructor's argument accepts.


def _kind(value: KpiKind | str) -> KpiKind:
    return choice(KpiKind, value)


def _direction(value: Direction | str | None) -> Direction | None:
    return None if value is None else choice(Direction, value)


def _indicator(value: Indicator | str | None) -> Indicator | None:
    return None if value is None else choice(Indicator, value)


def _frequency(value: Frequency | str | None) -> Frequency | None:
    return None if value is None else choice(Frequency, value)


def _reads(value: Reads | str) -> Reads:
    return choice(Reads, value)


def _bands(value: KpiBands | None) -> KpiBands | None:
    return None if value is None else instance(KpiBands, value, "give KpiBands(green_from=..., yellow_from=...)")


def _formula(value: Formula | None) -> Formula | None:
    return None if value is None else instance(Formula, value, "give Formula('ratio', ['revenue', 'staff'])")


def _target_per(value: CycleKind | str | None) -> CycleKind | None:
    if value is None:
        return None
    kind = choice(CycleKind, value)
    if kind not in _TARGET_KINDS:
        names = ", ".join(known.value for known in CycleKind if known in _TARGET_KINDS)
        raise InvalidValue.of("unknown_choice", f"nothing has a target for each {kind.value}", hint=f"give {names}")
    return kind


@checked
@frozen(kw_only=True)
class KPI:
    """
    A measure that is kept over time. It is not a goal, and no part of any roll-up.

    Attributes:
        id: The KPI's name in the plan, chosen by the caller; a goal may have the same.
        title: What is measured, in words.
        kind: How values of several days become one.
        why: Why it matters.
        unit: Number, percent, an ISO currency, or any word.
        direction: Which way is better; None where nobody says.
        target: What its value over a period should be. Unless ``target_per`` says more, it holds for
            whatever period is asked for.
        target_per: The kind of period that the target of a flow is for, such as ``month``; a quarter
            then has three times that target.
        targets: Targets that hold from a day on, or for one period; they go before ``target``.
        bands: From where on it is green, yellow or red; without them, the target alone says whether
            it is healthy.
        frequency: How often it is measured, so that what is missing can be told.
        indicator: Whether it is leading or lagging.
        predicts: The id of the KPI that it tells of in advance.
        category: Financial, operational, customer, employee, or any other word.
        perspective: That of a balanced score card, or any other word.
        source: Where its values come from.
        owner: The id of who answers for it.
        benchmarks: What others have; they decide nothing.
        reads: How a stock or a score is read over several observations: the latest, or where that is
            declared, their mean, minimum or maximum. The other kinds leave no choice.
        formula: What it is worked out from; it then has no observations of its own.
        labels: Words to find it by.
        extra: What the host application wants to keep with it.

    Raises:
        InvalidValue: If a field is refused; every refused field is named. If fields do not go together.

    Example:
        >>> KPI(id="solved", title="Solved at first contact", kind="ratio", direction="up", target="0.9").target
        Decimal('0.9')
    """

    id: str = field(converter=identifier)
    title: str = field(converter=title)
    kind: KpiKind = field(converter=_kind)
    why: str = field(default="", converter=text)
    unit: str | None = field(default=None, converter=optional(identifier))
    direction: Direction | None = field(default=None, converter=_direction)
    target: Decimal | None = field(default=None, converter=optional(number))
    target_per: CycleKind | None = field(default=None, converter=_target_per)
    targets: tuple[Target, ...] = field(default=(), converter=targets)
    bands: KpiBands | None = field(default=None, converter=_bands)
    frequency: Frequency | None = field(default=None, converter=_frequency)
    indicator: Indicator | None = field(default=None, converter=_indicator)
    predicts: str | None = field(default=None, converter=optional(identifier))
    category: str | None = field(default=None, converter=optional(identifier))
    perspective: str | None = field(default=None, converter=optional(identifier))
    source: str = field(default="", converter=text)
    owner: str | None = field(default=None, converter=optional(identifier))
    benchmarks: tuple[Benchmark, ...] = field(default=(), converter=benchmarks)
    reads: Reads = field(default=Reads.LATEST, converter=_reads)
    formula: Formula | None = field(default=None, converter=_formula)
    labels: tuple[str, ...] = field(default=(), converter=words)
    extra: FrozenDict[str, Any] = field(default=EMPTY, converter=extra)

    def __attrs_post_init__(self) -> None:
        if self.predicts == self.id:
            raise InvalidValue.of("loop", "a KPI cannot predict itself", path="predicts", hint="name another KPI")
        if self.formula is not None and self.id in self.formula.of:
            message = "a KPI cannot be worked out from itself"
            raise InvalidValue.of("loop", message, path="formula.of", hint="name other KPIs")
        if self.target_per is not None and self.kind is not KpiKind.FLOW:
            message = f"the target of a {self.kind.value} is the same for a month and for a year"
            raise InvalidValue.of("two_answers", message, path="target_per", hint="leave it out")
        if self.target_per is not None and self.target is None and not any(each.since for each in self.targets):
            message = "there is no target that could be for a period"
            hint = "give the target, or leave out target_per"
            raise InvalidValue.of("no_target", message, path="target_per", hint=hint)
        if self.bands is not None and self.direction is not None:
            self._check_bands(self.bands, self.direction)
        if self.reads is not Reads.LATEST and (self.formula is not None or self.kind not in _READABLE):
            what = "what is worked out" if self.formula is not None else f"a {self.kind.value}"
            raise InvalidValue.of("two_answers", f"{what} leaves no choice", path="reads", hint="leave it out")
        if self.reads is Reads.SUM:
            message = f"the values of a {self.kind.value} are not summed: 1000 and then 1200 is 1200"
            raise InvalidValue.of("two_answers", message, path="reads", hint="make it a flow, or leave out reads")

    def _check_bands(self, bands: KpiBands, direction: Direction) -> None:
        """Refuse bands that are green without an end on the side that is worse."""
        side = {Direction.UP: "from", Direction.DOWN: "to"}.get(direction)
        if side is not None and getattr(bands, f"green_{side}") is None:
            message = (
                f"{direction.value} is better, and nothing is too {'low' if side == 'from' else 'high'} to be green"
            )
            raise InvalidValue.of("two_answers", message, path="bands", hint=f"give green_{side}")


@checked
@frozen(kw_only=True)
class Observation:
    """
    A dated value of a KPI. It is never edited; ``supersedes`` corrects one of the same day or before.

    Of a stock or a score, a later one on the same day replaces an earlier one; of the other kinds,
    both count. Two that say exactly the same are one, unless they have ids of their own.

    Attributes:
        kpi: The id of the KPI.
        on: The day that it applies to; the period that holds that day has it.
        value: What was observed.
        numerator: Of a ratio, what is divided, in place of a value.
        denominator: Of a ratio, what it is divided by, 0 or more; 0 where there was no case.
        count: Of an average, the number of cases that it is of, more than 0.
        unit: The unit, where it is to be compared with that of the KPI.
        by: The id of who said so.
        note: What there is to say of it.
        supersedes: The id of an observation of the same KPI that this one corrects.
        id: The observation's name; derived from its content where none is given.
        extra: What the host application wants to keep with it.

    Raises:
        InvalidValue: If a field is refused; every refused field is named. If it has no value, or two.

    Example:
        >>> Observation(kpi="solved", on="2026-07-28", numerator=81, denominator=87).numerator
        Decimal('81')
    """

    kind: ClassVar[str] = "observation"
    kpi: str = field(converter=identifier)
    on: date = field(converter=day)
    value: Decimal | None = field(default=None, converter=optional(number))
    numerator: Decimal | None = field(default=None, converter=optional(number))
    denominator: Decimal | None = field(default=None, converter=optional(number))
    count: Decimal | None = field(default=None, converter=optional(number))
    unit: str | None = field(default=None, converter=optional(identifier))
    by: str | None = field(default=None, converter=optional(identifier))
    note: str = field(default="", converter=text)
    supersedes: str | None = field(default=None, converter=optional(identifier))
    id: str = field(default="", converter=given_id)
    extra: FrozenDict[str, Any] = field(default=EMPTY, converter=extra)

    def __attrs_post_init__(self) -> None:
        if self.value is None or self.numerator is not None or self.denominator is not None:
            self._check_parts()
        if self.count is not None and (self.value is None or self.count <= 0):
            message = f"{plain(self.count)} is no number of cases of an average"
            raise InvalidValue.of("out_of_range", message, path="count", hint="give the value, and more than 0 cases")
        if not self.id:
            object.__setattr__(self, "id", content_id(self.kind, self))
        if self.supersedes == self.id:
            message = "an observation cannot correct itself"
            raise InvalidValue.of("loop", message, path="supersedes", hint="give the corrected one its own id")

    def _check_parts(self) -> None:
        if self.value is not None:
            message = "it says a value and parts beside it"
            raise InvalidValue.of("two_answers", message, path="value", hint="leave out the value, or the parts")
        if self.numerator is None or self.denominator is None:
            name = "value" if self.numerator is self.denominator else "denominator"
            name = "numerator" if self.numerator is None and self.denominator is not None else name
            hint = "give a value, or numerator and denominator"
            raise InvalidValue.of("missing_field", "it is missing", path=name, hint=hint)
        if self.denominator < 0:
            message = f"{plain(self.denominator)} is less than nothing to divide by"
            raise InvalidValue.of("out_of_range", message, path="denominator", hint="give 0 or more")
