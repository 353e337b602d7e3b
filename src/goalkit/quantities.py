"""
The boundary of numbers: what comes in, the one tolerance, and display.

What people measured is exact: a `decimal.Decimal`, kept to the digit.
What is derived from it (progress, share, weight, confidence) is a `float`, compared with
`TOLERANCE`. Numbers are rounded here, in display, and nowhere else.
"""

from __future__ import annotations

import re
from decimal import (
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from math import isfinite
from numbers import Integral, Real
from operator import index
from typing import Final, TypeAlias

from .errors import InvalidValue, shown

#: Two derived figures are equal when they differ by no more than this.
TOLERANCE: Final = 1e-9

#: The most significant digits that a measured number may have.
MOST_DIGITS: Final = 30

#: The most digits after the point that are shown of a percentage.
MOST_PLACES: Final = 10

#: The largest and smallest power of ten that a measured number may have.
MOST_EXPONENT: Final = 30

#: What is accepted where a number belongs; numpy scalars are accepted too.
Number: TypeAlias = "int | float | Decimal | str"


def _context(digits: int) -> Context:
    # Everything is spelled out: what is left out comes from a default that any program may change.
    return Context(
        prec=digits,
        rounding=ROUND_HALF_EVEN,
        Emin=-999_999,
        Emax=999_999,
        capitals=1,
        clamp=0,
        flags=[],
        traps=[DivisionByZero, InvalidOperation, Overflow],
    )


# The difference of any two accepted numbers needs at most 91 digits, so it is exact here, whatever
# the caller's own context says.
EXACT: Final = _context(100)
_SHORTENED: Final = _context(MOST_DIGITS)
# Any float has at most 309 digits before its point.
_DISPLAY: Final = _context(400)
_NUMERIC_TEXT: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?")
_LONGEST_TEXT: Final = 200
_MOST_BITS: Final = 120  # comfortably beyond 10 ** 31
_HUNDRED: Final = Decimal(100)
_NOT_FINITE: Final = frozenset({"nan", "inf", "-inf"})
_ACCEPTED: Final = "an int, a Decimal, a finite float, or numeric text such as '12.5'"


def number(value: object) -> Decimal:
    """
    Return a measured value as an exact decimal.

    A float is taken at its shortest decimal, so ``0.1`` is one tenth. Accepted are at most 30
    significant digits and a magnitude between 1e-30 and 1e31; zero is accepted.

    Args:
        value: An int, a Decimal, a float, a numpy scalar, or numeric text in ASCII digits.

    Raises:
        InvalidValue: For booleans, NaN, infinities, absurd magnitudes and everything else.

    Example:
        >>> number(0.1) + number("0.2")
        Decimal('0.3')
    """
    if type(value) is Decimal:
        return _within_limits(value)
    if isinstance(value, bool):
        raise InvalidValue.of("boolean_value", f"{value} is not a number", hint=f"give {_ACCEPTED}")
    if isinstance(value, Integral):
        whole = index(value)
        if whole.bit_length() > _MOST_BITS:
            raise _too_large(whole)
        return _within_limits(Decimal(whole))
    if isinstance(value, float):
        return _within_limits(Decimal(float.__repr__(value)))
    if isinstance(value, Decimal):
        return _within_limits(Decimal(value))
    if isinstance(value, str):
        return _from_text(value)
    if isinstance(value, Real):  # another library's float, such as numpy.float32, at its own shortest
        written = str(value)
        return _within_limits(Decimal(written)) if written in _NOT_FINITE else _from_text(written)
    raise InvalidValue.of("not_a_number", f"{shown(value)} is not a number", hint=f"give {_ACCEPTED}")


def fraction(value: object) -> float:
    """
    Return a probability, score or share as a float within 0 and 1.

    Args:
        value: Anything that `number` accepts.

    Raises:
        InvalidValue: If it is not a number, or lies outside 0 and 1.

    Example:
        >>> fraction("0.7")
        0.7
    """
    got = number(value)
    if not 0 <= got <= 1:
        hint = (
            f"give {plain(EXACT.divide(got, _HUNDRED))} for {plain(got)} %"
            if 1 < got <= _HUNDRED
            else "give a number from 0 to 1"
        )
        raise InvalidValue.of("out_of_range", f"{plain(got)} is not within 0 and 1", hint=hint)
    return float(got)


def weight(value: object) -> float:
    """
    Return a weight as a float of 0 or more.

    Weights are relative: only their proportions matter. A weight of 0 leaves a goal out.

    Args:
        value: Anything that `number` accepts.

    Raises:
        InvalidValue: If it is not a number, or is negative.

    Example:
        >>> weight(2)
        2.0
    """
    got = number(value)
    if got < 0:
        raise InvalidValue.of(
            "negative_weight", f"the weight {plain(got)} is negative", hint="give 0 to leave the goal out"
        )
    return float(got)


def whole(value: object, *, least: int, most: int) -> int:
    """
    Return a count, such as a number of days, as an int within its range.

    Args:
        value: Anything that `number` accepts, without a fraction.
        least: The smallest that is accepted.
        most: The largest that is accepted.

    Raises:
        InvalidValue: If it is not a number, has a fraction (``not_whole``), or lies outside the
            range (``out_of_range``).

    Example:
        >>> whole("3", least=1, most=4)
        3
    """
    got = number(value)
    hint = f"give a whole number from {least} to {most}"
    if not least <= got <= most:
        raise InvalidValue.of("out_of_range", f"{plain(got)} is not within {least} and {most}", hint=hint)
    count = int(got)
    if count != got:
        raise InvalidValue.of("not_whole", f"{plain(got)} is not a whole number", hint=hint)
    return count


def difference(minuend: Decimal, subtrahend: Decimal) -> Decimal:
    """
    Return an exact difference, untouched by the caller's decimal context.

    Args:
        minuend: The number to subtract from.
        subtrahend: The number to subtract.

    Example:
        >>> difference(Decimal("1E+30"), Decimal("0.1"))
        Decimal('999999999999999999999999999999.9')
    """
    return EXACT.subtract(minuend, subtrahend)


_subtracted: Final = EXACT.subtract


def linear(value: Decimal, start: Decimal, target: Decimal) -> float:
    """
    Return how far a value has come from a start to a target, unclamped.

    The one formula of progress, ``(value - start) / (target - start)``, for rising and falling
    targets alike: the sign cancels. The differences are exact and the division comes last, so a
    value that equals its target gives exactly 1.0, and one that equals its start exactly 0.0. A
    value within a float's precision of its target gives 1.0 too: whether a target is met is decided
    on the decimals.

    Args:
        value: The measured value.
        start: Where it began.
        target: Where it should arrive; not equal to ``start``.

    Example:
        >>> linear(Decimal(5), Decimal(8), Decimal(4))
        0.75
    """
    # On a falling target no way at all would be -0.0, which reads as if something had been lost.
    return float(_subtracted(value, start)) / float(_subtracted(target, start)) or 0.0


def shortened(value: Decimal) -> Decimal:
    """
    Return a computed number within the limit of significant digits.

    Args:
        value: The result of a calculation on accepted numbers.

    Raises:
        InvalidValue: If its magnitude is out of range.

    Example:
        >>> shortened(EXACT.divide(Decimal(2), Decimal(3)))
        Decimal('0.666666666666666666666666666667')
    """
    return _within_limits(rounded(value))


def rounded(value: Decimal) -> Decimal:
    """
    Return a computed number with no more significant digits than a measured one, however small it is.

    Args:
        value: The result of a calculation on accepted numbers.

    Example:
        >>> rounded(EXACT.divide(Decimal("1E-30"), Decimal(3)))
        Decimal('3.33333333333333333333333333333E-31')
    """
    return _SHORTENED.plus(value)


def same(one: float, other: float) -> bool:
    """
    Tell whether two derived figures are equal within the tolerance.

    Args:
        one: A figure.
        other: Another.

    Example:
        >>> same(0.1 + 0.2, 0.3)
        True
    """
    return abs(one - other) <= TOLERANCE


def clamp(value: float, most: float | None = 1.0) -> float:
    """
    Return the nearest value within 0 and a limit.

    Args:
        value: Raw progress, possibly negative or beyond 1.
        most: The limit, 1.0 for all of the way; None for none.

    Example:
        >>> clamp(1.5), clamp(1.5, 1.2), clamp(-0.25), clamp(1.5, None)
        (1.0, 1.2, 0.0, 1.5)
    """
    if value <= 0.0:
        return 0.0
    return value if most is None else min(value, most)


def percent(value: float | None, places: int = 0) -> str:
    """
    Return a fraction as text for people, rounded half up; an unknown one as a dash.

    Nothing is rounded onto 0 % or 100 % from somewhere else: 99.6 % reads as 99 %, 0.2 % as 1 %.

    Args:
        value: A fraction, 1.0 for the whole, or None where it is unknown.
        places: Digits after the point, 0 to 10.

    Raises:
        InvalidValue: ``not_finite`` or ``out_of_range``.

    Example:
        >>> percent(0.725), percent(0.996), percent(0.002), percent(None)
        ('73 %', '99 %', '1 %', '–')
    """
    return "–" if value is None else f"{points(value, places)} %"


def points(value: float, places: int = 0) -> str:
    """
    Return a fraction as a number of percentage points, rounded as `percent` does.

    Args:
        value: A fraction, 1.0 for a hundred points.
        places: Digits after the point, 0 to 10.

    Raises:
        InvalidValue: ``not_finite`` or ``out_of_range``.

    Example:
        >>> points(0.125, 1)
        '12.5'
    """
    if not 0 <= places <= MOST_PLACES:
        hint = f"give a whole number from 0 to {MOST_PLACES}"
        raise InvalidValue.of("out_of_range", f"{shown(places)} digits after the point", path="places", hint=hint)
    value = float(value)
    if not isfinite(value):
        hint = "give None to percent where nothing is known"
        raise InvalidValue.of("not_finite", f"{value} is not a finite number", path="value", hint=hint)
    # Float noise of the last digits must not decide a tie: 0.145 is stored a hair below itself.
    exact = _DISPLAY.multiply(Decimal(float.__repr__(round(value, 12))), Decimal(100))
    step = Decimal((0, (1,), -places))
    rounded = exact.quantize(step, rounding=ROUND_HALF_UP, context=_DISPLAY)
    for edge in (0, 1):
        if rounded == 100 * edge and not same(value, edge):
            rounded = (_DISPLAY.add if value > edge else _DISPLAY.subtract)(Decimal(100 * edge), step)
    return f"{rounded or rounded.copy_abs():f}"


def plain(value: Decimal) -> str:
    """
    Return a measured number as people write it, without an exponent.

    Args:
        value: An accepted number.

    Example:
        >>> plain(Decimal("1E+3")), plain(Decimal("99.90"))
        ('1000', '99.90')
    """
    return f"{value:f}"


def _from_text(text: str) -> Decimal:
    if len(text) > _LONGEST_TEXT or not _NUMERIC_TEXT.fullmatch(text):
        raise InvalidValue.of("not_a_number", f"{shown(text)} is not a number", hint=f"give {_ACCEPTED}")
    try:
        return _within_limits(Decimal(text))
    except InvalidOperation as error:  # pragma: no cover - the pattern admits only what Decimal reads
        raise InvalidValue.of("not_a_number", f"{shown(text)} is not a number") from error


def _within_limits(value: Decimal) -> Decimal:
    if not value.is_finite():
        hint = "give None, or leave it out, where nothing is known"
        raise InvalidValue.of("not_finite", f"{shown(str(value))} is not a finite number", hint=hint)
    if not value:
        return Decimal(0) if value.is_signed() or abs(value.adjusted()) > MOST_EXPONENT else value
    if abs(value.adjusted()) > MOST_EXPONENT:
        raise _too_large(value)
    digits = value.as_tuple().digits
    if len(digits) <= MOST_DIGITS:
        return value
    if any(digits[MOST_DIGITS:]):
        message = f"{shown(str(value))} has more than {MOST_DIGITS} significant digits"
        raise InvalidValue.of("too_many_digits", message, hint="round it first")
    return value.normalize(_SHORTENED)  # only zeros go, so it is exact


def _too_large(value: object) -> InvalidValue:
    message = f"{shown(value)} is beyond the magnitudes that can be measured"
    return InvalidValue.of("absurd_magnitude", message, hint="accepted are 1e-30 up to 1e31, and zero")
