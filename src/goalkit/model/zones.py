"""One way with three marks on it: what was promised, what is aimed at, and what would be wonderful."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, Final

from attrs import field, frozen

from ..errors import InvalidValue
from ..quantities import EXACT, MOST_DIGITS, TOLERANCE, Number, linear, number, percent, plain, shortened
from ..values import checked
from .linear import Metric


class Zone(StrEnum):
    """
    How far a value has come among the marks; a mark belongs to the zone that it opens.

    Example:
        >>> CommitTargetStretch(baseline=0, stretch=10).zone(7) is Zone.TARGET
        True
    """

    FAIL = "fail"
    COMMIT = "commit"
    TARGET = "target"
    STRETCH = "stretch"


# Where the marks stand on the way from the baseline to the stretch.
_MARKS: Final = {
    "baseline": Decimal(0),
    "commit": Decimal("0.3"),
    "target": Decimal("0.7"),
    "stretch": Decimal(1),
}
# What a mark holds before it is worked out from two others.
_NOT_GIVEN: Final[Any] = None


def _mark(value: Number | None) -> Decimal:
    return _NOT_GIVEN if value is None else number(value)


@checked
@frozen(kw_only=True)
class CommitTargetStretch(Metric):
    """
    A value with three marks on its way, as puzzle's tracker has them.

    ``commit`` stands at 30 % of the way from the baseline to the stretch, ``target`` at 70 %. Give any
    two of the four, the other two follow, to 30 significant digits. Progress is the fraction of the way
    to the stretch, so that the target is 0.7.

    Attributes:
        baseline: Where it begins.
        commit: What was promised.
        target: What is aimed at.
        stretch: What would be wonderful.

    Raises:
        InvalidValue: If a number is refused, fewer than two are given (``missing_field``), two are
            equal (``zero_span``), they do not agree (``two_answers``), or lie so near each other that
            30 digits cannot tell them apart (``too_many_digits``).

    Example:
        >>> marks = CommitTargetStretch(baseline=0, stretch=-100)
        >>> marks.commit, marks.target, marks.progress(-70).value
        (Decimal('-30'), Decimal('-70'), 0.7)
    """

    kind: ClassVar[str] = "commit_target_stretch"
    baseline: Decimal = field(default=_NOT_GIVEN, converter=_mark)
    commit: Decimal = field(default=_NOT_GIVEN, converter=_mark)
    target: Decimal = field(default=_NOT_GIVEN, converter=_mark)
    stretch: Decimal = field(default=_NOT_GIVEN, converter=_mark)

    def __attrs_post_init__(self) -> None:
        given = {name: value for name in _MARKS if (value := getattr(self, name)) is not _NOT_GIVEN}
        if len(given) < 2:  # noqa: PLR2004 - two marks make a way
            missing = next(name for name in ("stretch", "baseline") if name not in given)
            message = "two marks are needed to tell where the others are"
            raise InvalidValue.of("missing_field", message, path=missing, hint=f"give two of {', '.join(_MARKS)}")
        # The two that are the farthest apart lose the least.
        (first, *_, last) = given
        way = EXACT.subtract(_MARKS[last], _MARKS[first])
        span = EXACT.divide(EXACT.subtract(given[last], given[first]), way)
        if not span:
            message = f"the {last} equals the {first}, {plain(given[first])}, so there is no way to go"
            hint = "to keep a value where it is, use AtLeast, AtMost or Within"
            raise InvalidValue.of("zero_span", message, path=last, hint=hint)
        for name, part in _MARKS.items():
            right = EXACT.add(given[first], EXACT.multiply(span, EXACT.subtract(part, _MARKS[first])))
            mark = _worked_out(right, span, name)
            if name not in given:
                if not _agree(mark, right, span, _KEPT):
                    message = f"{MOST_DIGITS} digits cannot tell marks apart that lie so near {plain(given[first])}"
                    hint = "measure from a number that is nearer to them"
                    raise InvalidValue.of("too_many_digits", message, path=name, hint=hint)
                object.__setattr__(self, name, mark)
            elif not _agree(given[name], right, span, _AGREE):
                message = f"{plain(given[name])} is not {percent(float(part))} of the way that the other marks give"
                hint = f"leave it out; it would be {plain(mark)}"
                raise InvalidValue.of("two_answers", message, path=name, hint=hint)

    def raw(self, value: Decimal) -> float:
        """
        Return the unclamped fraction of the way to the stretch.

        Args:
            value: A measured value.
        """
        return linear(value, self.baseline, self.stretch)

    @property
    def span(self) -> tuple[Decimal, Decimal]:
        """The baseline and the stretch."""
        return self.baseline, self.stretch

    def zone(self, value: object) -> Zone:
        """
        Return the zone that a value has reached. It is decided on the exact numbers.

        Args:
            value: What was measured.

        Raises:
            InvalidValue: If it is not an accepted number.

        Example:
            >>> CommitTargetStretch(baseline=10, stretch=5).zone("8.5").value
            'commit'
        """
        got = self.read(value)
        rises = self.stretch > self.baseline
        reached = Zone.FAIL
        for zone, mark in ((Zone.COMMIT, self.commit), (Zone.TARGET, self.target), (Zone.STRETCH, self.stretch)):
            if got >= mark if rises else got <= mark:
                reached = zone
        return reached

    def describe(self) -> str:
        """Return the way and its marks."""
        commit, target, stretch = map(plain, self._marks())
        return f"from {plain(self.baseline)}, commit {commit}, target {target}, stretch {stretch}"

    def _marks(self) -> tuple[Decimal, Decimal, Decimal]:
        return self.commit, self.target, self.stretch


# How far a mark may be from where it belongs, as a part of the whole way: one that was given, and one that
# is worked out, so that what was written is accepted again when it is read.
_AGREE: Final = Decimal(str(TOLERANCE))
_KEPT: Final = Decimal("1e-10")
# What the division leaves of two equal numbers, as a part of the whole way.
_NOISE: Final = Decimal("1e-28")


def _agree(mark: Decimal, right: Decimal, span: Decimal, tolerance: Decimal) -> bool:
    # Decimal's own operators round as the caller's context says.
    return EXACT.abs(EXACT.subtract(mark, right)) <= EXACT.abs(EXACT.multiply(span, tolerance))


def _worked_out(right: Decimal, span: Decimal, name: str) -> Decimal:
    """Return a mark within 30 digits, without the zeros that the division leaves behind its last one."""
    if _agree(right, Decimal(0), span, _NOISE):
        return Decimal(0)
    try:
        return number(plain(EXACT.normalize(shortened(right))))
    except InvalidValue as error:
        raise error.under(name) from None
