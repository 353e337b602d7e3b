"""What is expected of goals, by how ambitious they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import asdict, field, frozen
from attrs.converters import optional

from ..errors import InvalidValue
from ..model.stages import Ambition, to_ambition
from ..quantities import TOLERANCE, Number, number, plain
from ..values import checked
from .bands import written
from .plain import read
from .scales import Scale, outcomes


def _expected(value: Number) -> float:
    got = number(value)
    if not TOLERANCE < got <= 1:
        hint = "give a score above 0, at most 1"
        raise InvalidValue.of("out_of_range", f"{plain(got)} is not a score that could be expected", hint=hint)
    return float(got)


@checked
@frozen(kw_only=True)
class Expectations:
    """
    The score from which a goal is achieved, by its ambition, and the one from which it is partly achieved.

    Ambition changes what is expected, never the score. For a learning goal nothing is expected,
    because no rule for its score is published: what it has brought is for people to say.

    Attributes:
        committed: Of a goal that was promised (Google's OKR playbook).
        aspirational: Of a goal that aims high (Google's OKR playbook).
        learning: Of a goal that is there to learn; None for nothing, so that no outcome is proposed.
        undeclared: Of a goal of which nobody says how ambitious it is.
        partial: From where a goal is partly achieved, at most what is expected of any.

    Raises:
        InvalidValue: If a number is refused, or ``partial`` is more than what is expected.

    Example:
        >>> ours = Expectations(aspirational=0.6)
        >>> ours.of("aspirational"), ours.of(None), ours.of("learning")
        (0.6, 1.0, None)
    """

    committed: float = field(default=1.0, converter=_expected)
    aspirational: float = field(default=0.7, converter=_expected)
    learning: float | None = field(default=None, converter=optional(_expected))
    undeclared: float = field(default=1.0, converter=_expected)
    partial: float = field(default=0.4, converter=_expected)

    def __attrs_post_init__(self) -> None:
        expected = {ambition or "undeclared": self.of(ambition) for ambition in (*Ambition, None)}
        for name, most in expected.items():
            if most is not None and most < self.partial:
                message = (
                    f"a goal would be partly achieved from {written(self.partial)}, and achieved from {written(most)}"
                )
                raise InvalidValue.of("out_of_range", message, path="partial", hint=f"give at most what {name} has")

    def of(self, ambition: Ambition | str | None) -> float | None:
        """
        Return the score that is expected of a goal, or None where nothing is.

        Args:
            ambition: How ambitious the goal is; None where nobody says.

        Raises:
            InvalidValue: If there is no such ambition.

        Example:
            >>> Expectations().of("committed")
            1.0
        """
        said = to_ambition(ambition)
        expected: float | None = getattr(self, "undeclared" if said is None else said.value)
        return expected

    def scale(self, ambition: Ambition | str | None) -> Scale | None:
        """
        Return the scale of outcomes of a goal, or None where nothing is expected.

        Args:
            ambition: How ambitious the goal is; None where nobody says.

        Raises:
            InvalidValue: If there is no such ambition.

        Example:
            >>> Expectations().scale("aspirational").grade(0.7).label
            'achieved'
        """
        expected = self.of(ambition)
        return None if expected is None else outcomes(expected, partial=self.partial)

    def to_dict(self) -> dict[str, Any]:
        """
        Return the expectations as plain data.

        Example:
            >>> Expectations().to_dict()["aspirational"]
            0.7
        """
        return asdict(self)

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Expectations:
        """
        Make expectations from plain data; what is not in it is the default's.

        Args:
            document: What `to_dict` returned, or a part of it.

        Raises:
            InvalidValue: If it is not a mapping, or something in it is refused.

        Example:
            >>> Expectations.from_dict({"aspirational": 0.6}).aspirational
            0.6
        """
        return read(cls, document, "set of expectations")


#: What is expected where nobody chooses.
EXPECTED = Expectations()
