"""The bands of a scale, and how scores are read and written."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from math import isfinite
from types import MappingProxyType
from typing import Any, Final

from attrs import field, fields, frozen
from attrs.converters import optional

from ..errors import InvalidValue
from ..model.kpi_bands import Colour
from ..model.stages import Outcome, to_outcome
from ..quantities import EXACT, Number, number, plain, points
from ..texts import title
from ..values import checked, choice

#: The colour of each outcome. What was dropped has none: it was not judged.
COLOURS: Final[Mapping[Outcome, Colour]] = MappingProxyType(
    {Outcome.ACHIEVED: Colour.GREEN, Outcome.PARTIAL: Colour.YELLOW, Outcome.MISSED: Colour.RED}
)

#: Outcomes and colours by how good they are, the worst with the lowest rank.
WORST_FIRST: Final[dict[StrEnum, int]] = {word: -rank for rank, pair in enumerate(COLOURS.items()) for word in pair}


def score_text(score: float | None) -> str:
    """
    Return a score as text, with at most three digits after the point; an unknown one as a dash.

    Nothing is rounded onto 0 or 1 from somewhere else.

    Args:
        score: A score, 1.0 for all that was wanted.

    Example:
        >>> score_text(0.725), score_text(0.65), score_text(0.99999), score_text(None)
        ('0.725', '0.65', '0.999', '–')
    """
    return "–" if score is None else plain(Decimal(points(score, 1)).scaleb(-2, EXACT).normalize(EXACT))


def written(value: float) -> str:
    """
    Return a float as people write it, without an exponent and without zeros at its end.

    Args:
        value: A finite float.

    Example:
        >>> written(30.0), written(0.7)
        ('30', '0.7')
    """
    return plain(Decimal(float.__repr__(value)).normalize(EXACT))


def score_of(value: Number) -> float:
    """
    Return a score as a float; one that was derived may be smaller than what can be measured.

    Args:
        value: Anything that `number` accepts, or any finite float.

    Raises:
        InvalidValue: If it is not a number.

    Example:
        >>> score_of("0.7"), score_of(1e-50)
        (0.7, 1e-50)
    """
    return float(value) if isinstance(value, float) and isfinite(value) else float(number(value))


def _outcome(value: Outcome | str | None) -> Outcome | None:
    outcome = to_outcome(value)
    if outcome is Outcome.DROPPED:
        hint = "give achieved, partial or missed"
        raise InvalidValue.of("unknown_choice", "no score makes a goal dropped, a person does", hint=hint)
    return outcome


def _colour(value: Colour | str | None) -> Colour | None:
    return None if value is None else choice(Colour, value)


@checked
@frozen(kw_only=True)
class Band:
    """
    A part of a scale: every score from its beginning up to, and without, the beginning of the next band.

    Attributes:
        label: What a score in it is called.
        from_: The least score in it; None for the first band, which has no lower end.
        until: Where the next band begins, for those who want to say it twice; None else. The last band
            has no upper end.
        outcome: What became of a goal with such a score; None where the scale does not say.
        colour: Its colour; the outcome's, where there is one.
        points: What it is worth, such as 4 of five; None where the scale does not say.

    Raises:
        InvalidValue: If a field is refused, or the colour is not the outcome's (``two_answers``).

    Example:
        >>> Band(from_=0.7, label="good", outcome="achieved").colour
        <Colour.GREEN: 'green'>
    """

    label: str = field(converter=title)
    from_: float | None = field(default=None, converter=optional(score_of))
    until: float | None = field(default=None, converter=optional(score_of))
    outcome: Outcome | None = field(default=None, converter=_outcome)
    colour: Colour | None = field(default=None, converter=_colour)
    points: float | None = field(default=None, converter=optional(score_of))

    def __attrs_post_init__(self) -> None:
        if self.outcome is None:
            return
        own = COLOURS[self.outcome]
        if self.colour not in {None, own}:
            message = f"a goal that is {self.outcome.value} is {own.value}, not {self.colour}"
            raise InvalidValue.of("two_answers", message, path="colour", hint="leave out the colour")
        object.__setattr__(self, "colour", own)

    def to_dict(self) -> dict[str, Any]:
        """
        Return the band as plain data, without what is not said.

        Example:
            >>> Band(from_=0.7, label="good", outcome="achieved").to_dict()
            {'label': 'good', 'from': 0.7, 'outcome': 'achieved', 'colour': 'green'}
        """
        told = {column.name.strip("_"): getattr(self, column.name) for column in fields(Band)}
        return {name: got.value if isinstance(got, StrEnum) else got for name, got in told.items() if got is not None}
