"""The bands of a KPI: from where on its value is green, yellow or red."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Final

from attrs import field, fields, frozen
from attrs.converters import optional

from ..errors import InvalidValue, Problem
from ..quantities import EXACT, difference, number, plain
from ..values import checked, choice


class Colour(StrEnum):
    """
    The light that a score, or the value of a KPI, shows.

    Example:
        >>> Colour("green") is Colour.GREEN
        True
    """

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class BandsBy(StrEnum):
    """
    What of a KPI is looked up in its bands.

    - ``value``: the value itself: Perdoo, and most score cards.
    - ``ratio``: the value over the target, 1 on the target: ClearPoint, Scientrix.
    - ``difference``: the value less the target, 0 on the target, in the unit of the KPI.

    Example:
        >>> BandsBy("ratio") is BandsBy.RATIO
        True
    """

    VALUE = "value"
    RATIO = "ratio"
    DIFFERENCE = "difference"


def _by(value: BandsBy | str) -> BandsBy:
    return choice(BandsBy, value)


@checked
@frozen(kw_only=True)
class KpiBands:
    """
    From where to where a KPI is green, and around that yellow; everything else is red.

    A limit belongs to the better band. A side without limits is open: of a KPI that should rise, give
    ``green_from`` and ``yellow_from``; of one that should fall, ``green_to`` and ``yellow_to``; of one
    that should stay within limits, all four. Without a limit for yellow, what is not green is red there.
    So the bands have no gap and no overlap, whatever is given.

    Attributes:
        by: What is looked up: the value, its ratio to the target, or its difference from it.
        green_from: The least that is green.
        green_to: The most that is green.
        yellow_from: The least that is yellow.
        yellow_to: The most that is yellow.

    Raises:
        InvalidValue: If a field is refused, no limit of green is given (``no_bands``), or the limits are
            out of order (``bands_out_of_order``).

    Example:
        >>> revenue = KpiBands(by="ratio", green_from=1, yellow_from="0.9")
        >>> [revenue.colour(Decimal(value), Decimal(100)).value for value in (100, 90, 89)]
        ['green', 'yellow', 'red']
        >>> temperature = KpiBands(yellow_from=18, green_from=20, green_to=22, yellow_to=24)
        >>> [temperature.colour(Decimal(value)).value for value in (17, 18, 21, 23, 25)]
        ['red', 'yellow', 'green', 'yellow', 'red']
    """

    by: BandsBy = field(default=BandsBy.VALUE, converter=_by)
    green_from: Decimal | None = field(default=None, converter=optional(number))
    green_to: Decimal | None = field(default=None, converter=optional(number))
    yellow_from: Decimal | None = field(default=None, converter=optional(number))
    yellow_to: Decimal | None = field(default=None, converter=optional(number))

    def __attrs_post_init__(self) -> None:
        if problems := [*self._problems()]:
            raise InvalidValue(*problems)

    def _problems(self) -> Iterator[Problem]:
        if self.green_from is None and self.green_to is None:
            message, hint = "nothing says what is green", "give green_from, green_to, or both"
            yield Problem(code="no_bands", path="green_from", message=message, hint=hint)
        elif self.green_from is not None and self.green_to is not None and self.green_to < self.green_from:
            message = f"nothing lies between {plain(self.green_from)} and {plain(self.green_to)}"
            yield Problem(
                code="bands_out_of_order", path="green_to", message=message, hint="give the lower limit first"
            )
        for side, sign in (("from", 1), ("to", -1)):
            green, yellow = getattr(self, f"green_{side}"), getattr(self, f"yellow_{side}")
            if yellow is None:
                continue
            if green is None:
                message, hint = "everything on this side is green", f"give green_{side}, or leave it out"
                yield Problem(code="bands_out_of_order", path=f"yellow_{side}", message=message, hint=hint)
            elif (green - yellow) * sign < 0:
                message = f"yellow would begin at {plain(yellow)}, within green, which ends at {plain(green)}"
                hint = "yellow lies around green"
                yield Problem(code="bands_out_of_order", path=f"yellow_{side}", message=message, hint=hint)

    def colour(self, value: Decimal, target: Decimal | None = None) -> Colour | None:
        """
        Return the colour of a value, decided on exact numbers.

        Args:
            value: The value.
            target: The target, for bands by ratio or difference.

        Returns:
            None where the bands need a target and there is none, and where they need the ratio to one that
            is zero or below it.

        Example:
            >>> KpiBands(by="ratio", green_from=1).colour(Decimal(5)) is None
            True
        """
        at = self._at(value, target)
        if at is None:
            return None
        low, high = self.green_from, self.green_to
        if (low is None or at >= low) and (high is None or at <= high):
            return Colour.GREEN
        low = low if self.yellow_from is None else self.yellow_from
        high = high if self.yellow_to is None else self.yellow_to
        return Colour.YELLOW if (low is None or at >= low) and (high is None or at <= high) else Colour.RED

    def _at(self, value: Decimal, target: Decimal | None) -> Decimal | None:
        if self.by is BandsBy.VALUE:
            return value
        if target is None:
            return None
        if self.by is BandsBy.DIFFERENCE:
            return difference(value, target)
        return EXACT.divide(value, target) if target > 0 else None

    def describe(self) -> str:
        """
        Return the bands in words.

        Example:
            >>> KpiBands(by="ratio", green_from=1, yellow_from="0.9").describe()
            'by ratio: green from 1, yellow from 0.9'
        """
        given = [
            f"{column.name.replace('_', ' ')} {plain(limit)}"
            for column in fields(KpiBands)
            if column.name != "by" and (limit := getattr(self, column.name)) is not None
        ]
        return f"by {self.by.value}: {', '.join(given)}"


#: How the colours rank, the worst first.
WORST_COLOUR_FIRST: Final = (Colour.RED, Colour.YELLOW, Colour.GREEN)
