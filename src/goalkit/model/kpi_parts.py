"""What a KPI is made of: its targets, what it is compared with, and what it is worked out from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, TypeVar

from attrs import field, frozen
from attrs.converters import optional

from ..calendars import day
from ..errors import InvalidValue, Problem, shown
from ..quantities import number
from ..texts import identifier, text, title, words
from ..values import checked, choice, instance

_T = TypeVar("_T")

_UNLISTED: Final = (str, bytes, bytearray, memoryview, Mapping, set, frozenset)


@checked
@frozen
class Target:
    """
    A target of a KPI that holds from a day on, or for one period.

    Attributes:
        value: The target.
        since: The first day on which it holds; an earlier target holds until then.
        cycle: The id of the period that it is for, such as ``2026-Q3``.

    Raises:
        InvalidValue: If a field is refused, or both a day and a period are given, or neither (``two_answers``).

    Example:
        >>> Target(330, since="2026-10-01").value
        Decimal('330')
    """

    value: Decimal = field(converter=number)
    since: date | None = field(default=None, converter=optional(day), kw_only=True)
    cycle: str | None = field(default=None, converter=optional(identifier), kw_only=True)

    def __attrs_post_init__(self) -> None:
        if (self.since is None) is (self.cycle is None):
            message = "it says neither from which day on nor for which period it holds"
            if self.since is not None:
                message = "it holds from a day on, or for a period, not both"
            raise InvalidValue.of("two_answers", message, path="since", hint="give since= or cycle=")


def targets(value: Iterable[Target] | Mapping[str, Any]) -> tuple[Target, ...]:
    """
    Return the targets of a KPI: those with a day by their day, then those of periods.

    Args:
        value: Targets, or a mapping of the ids of periods to numbers.

    Raises:
        InvalidValue: If something else is in it, or two are for one day or one period (``duplicate_target``).

    Example:
        >>> [target.cycle for target in targets({"2026-Q3": 300, "2026-Q4": 330})]
        ['2026-Q3', '2026-Q4']
    """
    found = _by_cycle(value) if isinstance(value, Mapping) else _several(Target, value, "Target(330, since=...)")
    seen: set[tuple[date | None, str | None]] = set()
    for target in found:
        place = (target.since, target.cycle)
        if place in seen:
            message = f"two targets are for {target.since or target.cycle}"
            raise InvalidValue.of("duplicate_target", message, hint="give one")
        seen.add(place)
    return tuple(sorted(found, key=_since_of))


def _by_cycle(value: Mapping[str, Any]) -> list[Target]:
    found: list[Target] = []
    problems: list[Problem] = []
    for cycle, target in value.items():
        try:
            found.append(Target(target, cycle=cycle))
        except InvalidValue as error:
            problems += error.under(f"[{shown(cycle)}]").problems
    if problems:
        raise InvalidValue(*problems)
    return found


def _several(cls: type[_T], value: object, example: str) -> list[_T]:
    """Return several parts of one class; everything that is something else is named."""
    hint = f"give a list of {example}"
    # Two runs would not agree on the order of a set, and a number of numpy's only looks like a list.
    unlisted = isinstance(value, _UNLISTED) or getattr(value, "ndim", 1) == 0
    if unlisted or not isinstance(value, Iterable):
        raise InvalidValue.of("not_a_list", f"{shown(value)} is not a list", hint=hint)
    found: list[_T] = []
    problems: list[Problem] = []
    for at, item in enumerate(value):
        try:
            found.append(instance(cls, item, hint))
        except InvalidValue as error:
            problems += error.under(f"[{at}]").problems
    if problems:
        raise InvalidValue(*problems)
    return found


def _since_of(target: Target) -> tuple[bool, date]:
    return target.since is None, target.since or date.min


@checked
@frozen(kw_only=True)
class Benchmark:
    """
    A value to compare a KPI with, with its source; it is shown beside the KPI and decides nothing.

    Attributes:
        value: What others have.
        label: Who they are.
        source: Where it is published.
        on: The day of which it is.

    Raises:
        InvalidValue: If a field is refused; every refused field is named.

    Example:
        >>> Benchmark(value="0.74", label="the trade", source="Trade survey", on="2026-01-01").label
        'the trade'
    """

    value: Decimal = field(converter=number)
    label: str = field(converter=title)
    source: str = field(default="", converter=text)
    on: date | None = field(default=None, converter=optional(day))


def benchmarks(value: Iterable[Benchmark]) -> tuple[Benchmark, ...]:
    """
    Return the benchmarks of a KPI, in the order given.

    Args:
        value: Benchmarks.

    Raises:
        InvalidValue: If something else is in it; everything that is, is named.

    Example:
        >>> benchmarks([Benchmark(value=1, label="the trade")])[0].label
        'the trade'
    """
    return tuple(_several(Benchmark, value, "Benchmark(value=0.74, label='the trade')"))


class Operation(StrEnum):
    """
    How a KPI is worked out from others over one and the same period.

    - ``sum``: all of them together.
    - ``difference``: the first less all others.
    - ``product``: all of them multiplied.
    - ``ratio``: the first over the second.

    Example:
        >>> Operation("ratio") is Operation.RATIO
        True
    """

    SUM = "sum"
    DIFFERENCE = "difference"
    PRODUCT = "product"
    RATIO = "ratio"


def _operation(value: Operation | str) -> Operation:
    return choice(Operation, value)


def _operands(value: Iterable[str]) -> tuple[str, ...]:
    if isinstance(value, (set, frozenset)):
        message = f"{shown(value)} does not say which of them comes first"
        raise InvalidValue.of("not_a_list", message, hint="give a list of ids, in order")
    return words(value)


_OPERANDS: Final = 2


@checked
@frozen
class Formula:
    """
    What a KPI is worked out from: a branch of a tree of KPIs.

    Attributes:
        operation: What is done.
        of: The ids of the KPIs that it is done to, in order; two or more, of a ratio exactly two.

    Raises:
        InvalidValue: If a field is refused, or there are too few or too many of them (``operands``).

    Example:
        >>> Formula("difference", ["income", "cost"]).of
        ('income', 'cost')
    """

    operation: Operation = field(converter=_operation)
    of: tuple[str, ...] = field(converter=_operands)

    def __attrs_post_init__(self) -> None:
        count = len(self.of)
        if count < _OPERANDS or (self.operation is Operation.RATIO and count > _OPERANDS):
            wanted = "exactly two" if self.operation is Operation.RATIO else "two or more"
            message = f"a {self.operation.value} of {count}"
            raise InvalidValue.of("operands", message, path="of", hint=f"name {wanted} KPIs, each once")

    def describe(self) -> str:
        """
        Return the formula as people write it.

        Example:
            >>> Formula("ratio", ["revenue", "staff"]).describe()
            'revenue / staff'
        """
        return _SIGNS[self.operation].join(self.of)


_SIGNS: Final = {
    Operation.SUM: " + ",
    Operation.DIFFERENCE: " - ",
    Operation.PRODUCT: " * ",
    Operation.RATIO: " / ",
}
