"""Why a total changed: by volume, which is mix and quantity, and by rate, in parts that add up exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import floor
from typing import Any, Final, final

from attrs import field, frozen
from attrs.converters import optional

from ..errors import InvalidValue, Problem, UnknownId, shown
from ..model.progress import Reason
from ..quantities import EXACT, number
from ..texts import identifier
from ..values import checked, choice, instance
from . import tables
from .kpi_figures import written

#: How many places finer than the volumes mix and quantity are, where they are no finite decimals.
_MORE_PLACES: Final = 30

# The largest and the smallest accepted number are 90 digits apart, and a part is a product of two of
# them over a third, so that nothing is lost here.
_WIDE: Final = EXACT.copy()
_WIDE.prec = 400

_UNLISTED: Final = (str, bytes, Mapping)


class VarianceMethod(StrEnum):
    """
    What a part is valued at: which part has what comes about only because two things changed at once.

    - ``new_quantity``: volume at the old rate, the rate's change at the new quantity. Mix and quantity
      are told apart by the old shares. It is the published split of product mix variances (budget and
      actual), and the default.
    - ``old_quantity``: volume at the new rate, the rate's change at the old quantity. Mix and quantity
      are told apart by the new shares. It is the first one read backwards.
    - ``midpoint``: every part half way between those two, so that going there and back cancels out.

    Example:
        >>> VarianceMethod("midpoint") is VarianceMethod.MIDPOINT
        True
    """

    NEW_QUANTITY = "new_quantity"
    OLD_QUANTITY = "old_quantity"
    MIDPOINT = "midpoint"


#: How much of each of the first two methods there is in a method.
_BLEND: Final = {
    VarianceMethod.NEW_QUANTITY: (Fraction(1), Fraction(0)),
    VarianceMethod.OLD_QUANTITY: (Fraction(0), Fraction(1)),
    VarianceMethod.MIDPOINT: (Fraction(1, 2), Fraction(1, 2)),
}


@checked
@frozen(kw_only=True)
class VarianceLine:
    """
    One line of a total that is a sum of quantities, each at its rate: a product, a site, a group of customers.

    Attributes:
        id: The line's name, chosen by the caller.
        quantity_before: How much of it there was, such as pieces sold; a return may be negative.
        rate_before: What one of it brought, such as its price.
        quantity_after: How much of it there is.
        rate_after: What one of it brings.
        unit: The unit of the quantities. Where the lines have different ones, there is no mix.

    Raises:
        InvalidValue: If a field is refused; every refused field is named.

    Example:
        >>> VarianceLine(id="A", quantity_before=400, rate_before=4, quantity_after=700, rate_after="3.5").rate_after
        Decimal('3.5')
    """

    id: str = field(converter=identifier)
    quantity_before: Decimal = field(converter=number)
    rate_before: Decimal = field(converter=number)
    quantity_after: Decimal = field(converter=number)
    rate_after: Decimal = field(converter=number)
    unit: str | None = field(default=None, converter=optional(identifier))


@frozen(kw_only=True)
class VarianceParts:
    """
    Why one line, or the total, changed. All of it is exact, and in the unit of quantity times rate.

    Attributes:
        before: What it was: quantity times rate.
        after: What it is.
        change: After less before; it is volume and rate together.
        volume: What changed because there is more or less; it is mix and quantity together.
        rate: What changed because one of it brings more or less.
        mix: What changed because its share of all quantities did; None where there are no shares.
        quantity: What would have changed if all lines had grown alike; None where there are no shares.

    Example:
        >>> line = VarianceLine(id="A", quantity_before=2, rate_before=5, quantity_after=3, rate_after=4)
        >>> parts = variance([line])["A"]
        >>> str(parts.change), str(parts.volume), str(parts.rate)
        ('2', '5', '-3')
    """

    before: Decimal
    after: Decimal
    change: Decimal
    volume: Decimal
    rate: Decimal
    mix: Decimal | None
    quantity: Decimal | None


@final
class Variance(Mapping[str, VarianceParts]):
    """
    Why a total changed, line by line, in the order in which the lines were given.

    Attributes:
        method: What the parts are valued at.
        total: The sums of all lines.
        reason: Why there is no mix: ``zero_base`` where the quantities that the shares are taken from
            sum to zero, ``unlike_units`` where they cannot be summed; None where there is one.

    Example:
        >>> print(variance([
        ...     VarianceLine(id="A", quantity_before=400, rate_before=4, quantity_after=700, rate_after=3),
        ...     VarianceLine(id="B", quantity_before=300, rate_before=1, quantity_after=100, rate_after=2),
        ...     VarianceLine(id="C", quantity_before=300, rate_before=2, quantity_after=300, rate_after=1),
        ... ]))
        line   before  after  change  volume  rate   mix  quantity
        A        1600   2100     500    1200  -700  1040       160
        B         300    200    -100    -200   100  -230        30
        C         600    300    -300       0  -300   -60        60
        total    2500   2600     100    1000  -900   750       250
    """

    __slots__ = ("_lines", "method", "reason", "total")

    def __init__(
        self, method: VarianceMethod, lines: Mapping[str, VarianceParts], total: VarianceParts, reason: Reason | None
    ) -> None:
        self.method: Final = method
        self.total: Final = total
        self.reason: Final[Reason | None] = reason
        self._lines: Final = dict(lines)

    def __getitem__(self, line_id: str) -> VarianceParts:
        try:
            return self._lines[line_id]
        except (KeyError, TypeError):
            raise UnknownId.among("line", line_id, self._lines) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def __contains__(self, line_id: object) -> bool:
        return isinstance(line_id, str) and line_id in self._lines

    def to_dicts(self) -> list[dict[str, Any]]:
        """
        Return a flat dict for each line, ready for JSON or a dataframe, with floats; the total is not among them.

        Example:
            >>> line = VarianceLine(id="A", quantity_before=2, rate_before=5, quantity_after=3, rate_after=4)
            >>> row = variance([line]).to_dicts()[0]
            >>> row["line"], row["method"], row["volume"], row["mix"]
            ('A', 'new_quantity', 5.0, 0.0)
        """
        reason = None if self.reason is None else self.reason.value
        return [
            {
                "line": line_id,
                "method": self.method.value,
                **{name: None if (got := getattr(parts, name)) is None else float(got) for name in _PARTS},
                "reason": reason,
            }
            for line_id, parts in self._lines.items()
        ]

    def __str__(self) -> str:
        return tables.as_text(_HEAD, self._cells(), _RIGHT)

    def _repr_html_(self) -> str:
        return tables.as_html(_HEAD, self._cells(), _RIGHT)

    def __repr__(self) -> str:
        return f"<Variance of {len(self)} lines by {self.method.value}>"

    def _cells(self) -> list[tuple[str, ...]]:
        rows = [(line_id, *_cells(parts)) for line_id, parts in self._lines.items()]
        if len(rows) >= tables.MOST_ROWS:  # the total is what people look for, so it is never cut off
            shown_rows = rows[: tables.MOST_ROWS - 2]
            rows = [*shown_rows, (f"… and {len(rows) - len(shown_rows)} more", *[""] * len(_PARTS))]
        return [*rows, ("total", *_cells(self.total))]


_PARTS: Final = ("before", "after", "change", "volume", "rate", "mix", "quantity")
_HEAD: Final = ("line", *_PARTS)
_RIGHT: Final = frozenset(range(1, len(_HEAD)))


def _cells(parts: VarianceParts) -> tuple[str, ...]:
    return tuple(written(getattr(parts, name)) for name in _PARTS)


def variance(lines: Iterable[VarianceLine], *, method: VarianceMethod | str = VarianceMethod.NEW_QUANTITY) -> Variance:
    """
    Return why the sum of quantity times rate changed, for each line and in total.

    By default, with q and r for quantity and rate, Q for the sum of quantities, 0 for before and 1 for
    after: volume is ``(q1 - q0) * r0`` and rate ``(r1 - r0) * q1``; of the volume, quantity is
    ``(q0 / Q0 * Q1 - q0) * r0`` and mix the rest. Volume and rate sum to the change, mix and quantity to
    the volume, and the lines to the total, always and exactly. A share that is no finite decimal is
    carried 30 places beyond the last digit of the volumes.

    Args:
        lines: The lines, in any order.
        method: What the parts are valued at.

    Raises:
        InvalidValue: If there are no lines (``no_lines``), something else is among them, two have one id
            (``duplicate_id``), or there is no such method.

    Example:
        >>> line = VarianceLine(id="A", quantity_before=2, rate_before=5, quantity_after=3, rate_after=4)
        >>> [str(variance([line], method=method)["A"].rate) for method in VarianceMethod]
        ['-3', '-2', '-2.5']
    """
    try:
        chosen = choice(VarianceMethod, method)
    except InvalidValue as error:
        raise error.under("method") from None
    found = _checked(lines)
    befores = [Fraction(line.quantity_before) * Fraction(line.rate_before) for line in found]
    afters = [Fraction(line.quantity_after) * Fraction(line.rate_after) for line in found]
    volumes = [_volume(line, chosen) for line in found]
    quantities, reason = _quantities(found, befores, afters, volumes, chosen)
    known: Sequence[Fraction | None] = [None] * len(found) if quantities is None else quantities
    parts = {
        line.id: _parts(before, after, volume, quantity)
        for line, before, after, volume, quantity in zip(found, befores, afters, volumes, known, strict=True)
    }
    total = _parts(sum(befores), sum(afters), sum(volumes), None if quantities is None else sum(quantities))
    return Variance(chosen, parts, total, reason)


def _checked(lines: Iterable[VarianceLine]) -> list[VarianceLine]:
    hint = "give lines, such as those of variance_lines"
    given: object = lines
    if isinstance(given, _UNLISTED) or not isinstance(given, Iterable):
        raise InvalidValue.of("not_a_list", f"{shown(given)} is not a list of lines", path="lines", hint=hint)
    found: dict[str, VarianceLine] = {}
    problems: list[Problem] = []
    for at, each in enumerate(given):
        try:
            line = instance(VarianceLine, each, hint)
            if line.id in found:
                message = f"two lines have the id {shown(line.id)}"
                raise InvalidValue.of("duplicate_id", message, path="id", hint="put them together, or rename one")
            found[line.id] = line
        except InvalidValue as error:
            problems += error.under(f"lines[{at}]").problems
    if problems:
        raise InvalidValue(*problems)
    if not found:
        raise InvalidValue.of("no_lines", "without lines there is no total", path="lines", hint=hint)
    return [*found.values()]


def _volume(line: VarianceLine, method: VarianceMethod) -> Fraction:
    old, new = _BLEND[method]
    base = old * Fraction(line.rate_before) + new * Fraction(line.rate_after)
    return (Fraction(line.quantity_after) - Fraction(line.quantity_before)) * base


def _quantities(
    lines: Sequence[VarianceLine],
    befores: Sequence[Fraction],
    afters: Sequence[Fraction],
    volumes: Sequence[Fraction],
    method: VarianceMethod,
) -> tuple[list[Fraction] | None, Reason | None]:
    """Return what would have changed if all lines had grown alike; without shares, why there are none."""
    if len({line.unit for line in lines}) > 1:
        return None, Reason.UNLIKE_UNITS
    old, new = _BLEND[method]
    total_before = sum(Fraction(line.quantity_before) for line in lines)
    total_after = sum(Fraction(line.quantity_after) for line in lines)
    if (old and not total_before) or (new and not total_after):
        return None, Reason.ZERO_BASE
    growth = total_after - total_before
    of_old = old * growth / total_before if old else Fraction(0)
    of_new = new * growth / total_after if new else Fraction(0)
    exact = [of_old * before + of_new * after for before, after in zip(befores, afters, strict=True)]
    return _rounded(exact, _places(volumes) + _MORE_PLACES, [line.id for line in lines]), None


def _places(values: Iterable[Fraction]) -> int:
    """Return how many places after the point the finest of some finite decimals has."""
    exponents = (_decimal(value).as_tuple().exponent for value in values)
    return max(-exponent for exponent in exponents if isinstance(exponent, int))


def _rounded(exact: Sequence[Fraction], places: int, names: Sequence[str]) -> list[Fraction]:
    """
    Return figures rounded so that their sum is the rounded sum: the largest remainders are rounded up.

    What needs no rounding has no remainder and stays as it is; the names decide between equal ones, so
    that the order of the figures does not matter.
    """
    unit = 10**places
    scaled = [each * unit for each in exact]
    whole = [floor(each) for each in scaled]
    missing = round(sum(scaled)) - sum(whole)
    ranked = sorted(range(len(exact)), key=lambda at: (whole[at] - scaled[at], names[at]))
    for at in ranked[:missing]:
        whole[at] += 1
    return [Fraction(each, unit) for each in whole]


def _parts(
    before: Fraction | int, after: Fraction | int, volume: Fraction | int, quantity: Fraction | int | None
) -> VarianceParts:
    change = after - before
    return VarianceParts(
        before=_decimal(before),
        after=_decimal(after),
        change=_decimal(change),
        volume=_decimal(volume),
        rate=_decimal(change - volume),
        mix=None if quantity is None else _decimal(volume - quantity),
        quantity=None if quantity is None else _decimal(quantity),
    )


def _decimal(value: Fraction | int) -> Decimal:
    return _WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))
