"""
Named measures whose definition is settled, as plain data: what is counted, and what is divided by what.

A measure is a ratio of sums. What is recorded are the counts' sums, so that a figure over several periods
comes from all the counts together and is never a mean of ratios.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, ClassVar, Final, TypeVar

from attrs import field, frozen
from attrs.converters import optional

from ..errors import InvalidValue, Problem, did_you_mean, shown
from ..model.kpis import KPI, Direction, KpiKind, Observation
from ..quantities import EXACT, Number, number, plain, rounded, shortened
from ..texts import identifier, text, title
from ..values import FrozenDict, checked, choice
from .plain import read

_T = TypeVar("_T")

#: What an observation takes beside the counts, so that no count can be called so.
_RESERVED: Final = frozenset({"kpi", "on", "by", "note", "supersedes", "id", "extra"})

#: What a measure itself decides of its KPI.
_DECIDED: Final = ("kind", "formula", "reads")

#: What is counted where everything is given by name.
_NOTHING: Final[Mapping[str, Number]] = MappingProxyType({})

_UNLISTED: Final = (str, bytes, bytearray, Mapping, set, frozenset)


def _each(value: object, what: str, convert: Callable[[Any], _T]) -> FrozenDict[str, _T]:
    """Return what is said of each count; everything that is refused is named."""
    if not isinstance(value, Mapping) or not value:
        code = "no_counts" if isinstance(value, Mapping) else "not_a_mapping"
        hint = f"give a dict from the name of each count to {what}"
        raise InvalidValue.of(code, f"{shown(value)} names no counts", hint=hint)
    found: dict[str, _T] = {}
    problems: list[Problem] = []
    for name, said in value.items():
        try:
            found[identifier(name)] = convert(said)
        except InvalidValue as error:
            problems += error.under(f"[{shown(name)}]").problems
    if problems:
        raise InvalidValue(*problems)
    return FrozenDict(found)


def _factor(value: object) -> Decimal:
    got = number(value)
    if not got:
        raise InvalidValue.of("out_of_range", "a factor of 0 leaves the count out", hint="leave it out")
    return got


def _divisor(value: object) -> Decimal:
    got = _factor(value)
    if got < 0:
        raise InvalidValue.of("out_of_range", f"{plain(got)} is negative", hint="give more than 0")
    return got


def _counts(value: Mapping[str, str]) -> FrozenDict[str, str]:
    return _each(value, "what it means", title)


def _numerator(value: Mapping[str, Number]) -> FrozenDict[str, Decimal]:
    return _each(value, "its factor", _factor)


def _denominator(value: Mapping[str, Number]) -> FrozenDict[str, Decimal]:
    return _each(value, "its factor", _divisor)


def _direction(value: Direction | str | None) -> Direction | None:
    return None if value is None else choice(Direction, value)


@checked
@frozen(kw_only=True)
class Measure:
    """
    How a measure is defined: the counts that it needs, and the weighted sums of them that are divided.

    Attributes:
        id: The measure's name; that of its KPI, unless another is given.
        title: What is measured, in words.
        counts: What is counted: for each name what it means. Counts are 0 or more; shares of 100 will do.
        numerator: The factor of each count in the sum that is divided.
        denominator: The factor of each count in the sum that it is divided by, more than 0.
        unit: The unit of the value; ``percent`` of a share from 0 to 1.
        direction: Which way is better; None where nobody says.
        least: The least that the value can be; None where there is no limit.
        most: The most that the value can be.
        definition: How it is defined, in words, with what is easily got wrong.
        source: Where the definition comes from.

    Raises:
        InvalidValue: If a field is refused; every refused field is named. If a sum is of a count that is
            not among the counts (``unknown_count``), a count is in neither sum (``unused_count``) or is
            called like a field of an observation (``reserved_name``), or the limits are out of order
            (``out_of_range``).

    Example:
        >>> returns = Measure(
        ...     id="returns",
        ...     title="Parcels that came back",
        ...     counts={"returned": "parcels that came back", "sent": "parcels that were sent"},
        ...     numerator={"returned": 1},
        ...     denominator={"sent": 1},
        ...     direction="down",
        ... )
        >>> returns.value(returned=3, sent=120)
        Decimal('0.025')
    """

    #: The ratio of sums, over several days too.
    kind: ClassVar[KpiKind] = KpiKind.RATIO
    id: str = field(converter=identifier)
    title: str = field(converter=title)
    counts: FrozenDict[str, str] = field(converter=_counts)
    numerator: FrozenDict[str, Decimal] = field(converter=_numerator)
    denominator: FrozenDict[str, Decimal] = field(converter=_denominator)
    unit: str | None = field(default=None, converter=optional(identifier))
    direction: Direction | None = field(default=None, converter=_direction)
    least: Decimal | None = field(default=None, converter=optional(number))
    most: Decimal | None = field(default=None, converter=optional(number))
    definition: str = field(default="", converter=text)
    source: str = field(default="", converter=text)

    def __attrs_post_init__(self) -> None:
        problems = [
            Problem(
                code="unknown_count",
                path=f"{sums}[{shown(name)}]",
                message=f"nothing says what {shown(name)} counts",
                hint=did_you_mean(name, self.counts) or "add it to the counts",
            )
            for sums in ("numerator", "denominator")
            for name in getattr(self, sums)
            if name not in self.counts
        ]
        problems += [
            Problem(
                code="reserved_name",
                path=f"counts[{shown(name)}]",
                message=f"an observation has its own {shown(name)}",
                hint="choose another name",
            )
            for name in self.counts
            if name in _RESERVED
        ]
        problems += [
            Problem(
                code="unused_count",
                path=f"counts[{shown(name)}]",
                message=f"{shown(name)} is in neither sum",
                hint="give it a factor, or leave it out",
            )
            for name in self.counts
            if name not in self.numerator and name not in self.denominator
        ]
        if self.least is not None and self.most is not None and self.most <= self.least:
            message = f"nothing lies between {plain(self.least)} and {plain(self.most)}"
            problems.append(Problem(code="out_of_range", path="most", message=message, hint="give the lower one first"))
        if problems:
            raise InvalidValue(*problems)

    def kpi(self, /, **fields: Any) -> KPI:
        """
        Return a KPI that keeps the measure over time.

        Args:
            **fields: Fields of the KPI, such as ``target``; those that the measure has too, such as
                ``title``, go before its own.

        Raises:
            InvalidValue: If a field is refused, or is one that the measure decides, such as the kind
                (``two_answers``).

        Example:
            >>> from goalkit.analysis.named_measures import NPS
            >>> NPS.kpi(id="app-nps", target=30).title
            'Net Promoter Score'
        """
        problems = [
            Problem(
                code="two_answers",
                path=name,
                message=f"{shown(self.id)} is a ratio of two sums",
                hint="leave it out, or make a KPI of your own",
            )
            for name in _DECIDED
            if name in fields
        ]
        if problems:
            raise InvalidValue(*problems)
        own = {"id": self.id, "title": self.title, "unit": self.unit, "direction": self.direction}
        return KPI(kind=self.kind, **{**own, **fields})

    def observation(
        self,
        counts: Mapping[str, Number] = _NOTHING,
        /,
        *,
        on: date | str,
        kpi: str | None = None,
        by: str | None = None,
        note: str = "",
        supersedes: str | None = None,
        id: str = "",  # noqa: A002 - the field's word
        extra: Mapping[str, Any] | None = None,
        **more: Number,
    ) -> Observation:
        """
        Return an observation with the sums of counts. Where there was no case, that is observed too.

        Args:
            counts: Every count of the measure; or give them by name.
            on: The day that it applies to.
            kpi: The id of the KPI; None for that of the measure.
            by: The id of who said so.
            note: What there is to say of it.
            supersedes: The id of an observation that this one corrects.
            id: The observation's name; derived from its content where none is given.
            extra: What the host application wants to keep with it.
            **more: The counts by name; they go before those in ``counts``.

        Raises:
            InvalidValue: If a count is refused, missing or unknown, every one of which is named; or if the
                counts cannot be right together (``out_of_range``), such as more solved than there were.

        Example:
            >>> from goalkit.analysis.named_measures import FIRST_CONTACT_RESOLUTION
            >>> seen = FIRST_CONTACT_RESOLUTION.observation(kpi="solved", on="2026-07-28", solved=81, contacts=87)
            >>> seen.numerator, seen.denominator
            (Decimal('81'), Decimal('87'))
        """
        numerator, denominator = self._sums({**_mapping(counts), **more})
        return Observation(
            kpi=self.id if kpi is None else kpi,
            on=on,
            numerator=numerator,
            denominator=denominator,
            by=by,
            note=note,
            supersedes=supersedes,
            id=id,
            extra=extra,
        )

    def value(self, counts: Mapping[str, Number] = _NOTHING, /, **more: Number) -> Decimal | None:
        """
        Return what counts amount to, with at most 30 significant digits; None where there was no case.

        Over several periods, give the counts of all of them together.

        Args:
            counts: Every count of the measure; or give them by name.
            **more: The counts by name; they go before those in ``counts``.

        Raises:
            InvalidValue: As of `observation`.

        Example:
            >>> from goalkit.analysis.named_measures import NPS
            >>> NPS.value(promoters=3, passives=3, detractors=4)
            Decimal('-10')
            >>> NPS.value({"promoters": 0, "passives": 0, "detractors": 0}) is None
            True
        """
        numerator, denominator = self._sums({**_mapping(counts), **more})
        return rounded(EXACT.divide(numerator, denominator)) if denominator else None

    def _sums(self, counts: Mapping[Any, Number]) -> tuple[Decimal, Decimal]:
        """Return the numerator and the denominator; everything that is wrong with the counts is named."""
        known: dict[str, Decimal] = {}
        problems = [
            Problem(
                code="unknown_count",
                path=name if isinstance(name, str) else "",
                message=f"{shown(self.id)} has no count {shown(name)}",
                hint=did_you_mean(name, self.counts) or f"it has {', '.join(self.counts)}",
            )
            for name in counts
            if name not in self.counts
        ]
        for name, meaning in self.counts.items():
            try:
                if name not in counts:
                    raise InvalidValue.of("missing_field", f"{shown(self.id)} needs the {meaning}", hint="give it")
                known[name] = number(counts[name])
                if known[name] < 0:
                    message = f"{plain(known[name])} is less than nothing to count"
                    raise InvalidValue.of("out_of_range", message, hint="give 0 or more")
            except InvalidValue as error:
                problems += error.under(name).problems
        if problems:
            raise InvalidValue(*problems)
        numerator, denominator = _weighed(self.numerator, known), _weighed(self.denominator, known)
        for limit, sign, word in ((self.least, -1, "less"), (self.most, 1, "more")):
            if limit is None or EXACT.subtract(numerator, EXACT.multiply(limit, denominator)) * sign <= 0:
                continue
            message = f"{plain(numerator)} of {plain(denominator)} is {word} than {plain(limit)}"
            told = "; ".join(f"{name}: {meaning}" for name, meaning in self.counts.items())
            raise InvalidValue.of("out_of_range", message, hint=f"check the counts ({told})")
        return numerator, denominator

    def to_dict(self) -> dict[str, Any]:
        """
        Return the measure as plain data, numbers as text.

        Example:
            >>> from goalkit.analysis.named_measures import CUSTOMER_CHURN
            >>> CUSTOMER_CHURN.to_dict()["numerator"]
            {'lost': '1'}
        """
        told: dict[str, Any] = {"id": self.id, "title": self.title, "counts": dict(self.counts)}
        for name in ("numerator", "denominator"):
            told[name] = {count: plain(factor) for count, factor in getattr(self, name).items()}
        for name in ("least", "most"):
            if (limit := getattr(self, name)) is not None:
                told[name] = plain(limit)
        if self.direction is not None:
            told["direction"] = self.direction.value
        return told | {name: got for name in ("unit", "definition", "source") if (got := getattr(self, name))}

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Measure:
        """
        Make a measure from plain data.

        Args:
            document: What `to_dict` returned.

        Raises:
            InvalidValue: If it is not a mapping, or something in it is refused.

        Example:
            >>> from goalkit.analysis.named_measures import NPS
            >>> Measure.from_dict(NPS.to_dict()) == NPS
            True
        """
        return read(cls, document, "measure")


def _mapping(counts: object) -> Mapping[Any, Any]:
    if isinstance(counts, Mapping):
        return counts
    raise InvalidValue.of("not_a_mapping", f"{shown(counts)} is not a mapping", hint="give counts by their names")


def _weighed(factors: Mapping[str, Decimal], counts: Mapping[str, Decimal]) -> Decimal:
    total = Decimal(0)
    for name, factor in factors.items():
        total = EXACT.add(total, EXACT.multiply(factor, counts[name]))
    return shortened(total)
