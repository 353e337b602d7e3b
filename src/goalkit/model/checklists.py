"""Progress by what is done of a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from math import fsum
from numbers import Real
from typing import ClassVar, TypeAlias

from attrs import field, frozen

from ..errors import InvalidValue, Problem, did_you_mean, shown
from ..quantities import Number, weight
from ..texts import identifier, words
from ..values import FrozenDict, checked, plain_bool
from .linear import Metric
from .progress import Progress, Reason

#: What is accepted where the items of a checklist belong: the weight of each, or their names alone.
Items: TypeAlias = "Mapping[str, Number] | Iterable[str]"


def _items(value: Items) -> FrozenDict[str, float]:
    if not isinstance(value, Mapping):
        return FrozenDict(dict.fromkeys(words(value), 1.0))
    items: dict[str, float] = {}
    problems: list[Problem] = []
    for name, given in value.items():
        try:
            items[identifier(name)] = weight(given)
        except InvalidValue as error:
            problems += error.under(f"[{shown(name)}]").problems
    if problems:
        raise InvalidValue(*problems)
    return FrozenDict(items)


def ticked(done: object, known: Iterable[str], whose: str) -> tuple[str, ...]:
    """
    Return the names of what is done, of what there is to do.

    Args:
        done: The names.
        known: Everything that there is to do.
        whose: What it belongs to, in words.

    Raises:
        InvalidValue: If it is no list of names, or a name is unknown (``unknown_item``).

    Example:
        >>> ticked(["design"], ["design", "build"], "the checklist")
        ('design',)
    """
    names = words(done)
    items = dict.fromkeys(known)
    if unknown := [name for name in names if name not in items]:
        hint = did_you_mean(unknown[0], items) or f"there is {', '.join(items) or 'nothing to do'}"
        raise InvalidValue.of("unknown_item", f"{whose} has no item {shown(unknown[0])}", hint=hint)
    return names


@checked
@frozen
class Checklist(Metric):
    """
    Items to be done, each with a weight.

    Its check-ins name everything that is done by then: ``CheckIn(goal=…, on=…, done=["design"])``.
    Progress is the weight of what is done over the weight of all. One checklist is one item in a
    roll-up, as Operately counts it.

    Attributes:
        items: The weight of each item by its name; given as names alone, every weight is 1.

    Raises:
        InvalidValue: If a name or a weight is refused, or nothing in it weighs anything
            (``no_weight``).

    Example:
        >>> Checklist({"design": 1, "build": 2, "translate": 1}).progress(["design", "build"]).value
        0.75
        >>> Checklist(["design", "build"]).progress(["build"]).value
        0.5
    """

    kind: ClassVar[str] = "checklist"
    is_numeric: ClassVar[bool] = False
    items: FrozenDict[str, float] = field(converter=_items)

    def __attrs_post_init__(self) -> None:
        if not fsum(self.items.values()):
            message = "nothing on the list weighs anything"
            raise InvalidValue.of("no_weight", message, path="items", hint="give items, and weights of more than 0")

    def read(self, value: object) -> Decimal:
        """
        Refuse a value: a checklist is read from the names of what is done.

        Args:
            value: What was measured.

        Raises:
            InvalidValue: Always.
        """
        hint = f"name what is done of {', '.join(self.items)}"
        raise InvalidValue.of("value_beside_items", f"{shown(value)} does not say which items are done", hint=hint)

    def progress(self, value: object) -> Progress:
        """
        Return how much of the list is done.

        Args:
            value: The names of everything that is done; None where nobody has said.

        Raises:
            InvalidValue: If it is no list of names, or the list has no such item (``unknown_item``).
        """
        if value is None:
            return Progress.unknown(Reason.NOT_MEASURED)
        if isinstance(value, (Real, Decimal)) or isinstance(plain_bool(value), bool):
            self.read(value)
        done = fsum(self.items[name] for name in ticked(value, self.items, "the checklist"))
        return Progress.of(done / fsum(self.items.values()))

    def describe(self) -> str:
        """Return how many items there are."""
        return f"of {len(self.items)} item{'s' * (len(self.items) != 1)}"
