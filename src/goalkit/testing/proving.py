"""How a case says what it found: in the same words with pytest and without it, and under ``python -O`` too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ..errors import shown

_E = TypeVar("_E", bound=Exception)


def same(got: object, wanted: object, what: str = "") -> None:
    """
    Check that two values are equal.

    Args:
        got: What the store gave.
        wanted: What it has to give.
        what: What they are.

    Raises:
        AssertionError: If they are not.

    Example:
        >>> same(2, 1, "the number of the change")
        Traceback (most recent call last):
        AssertionError: the number of the change: got 2, and 1 was wanted
    """
    if got != wanted:
        message = f"{what or 'the answer'}: got {shown(got, _LONGEST)}, and {shown(wanted, _LONGEST)} was wanted"
        raise AssertionError(message)


def holds(truth: object, what: str) -> None:
    """
    Check that something is so.

    Args:
        truth: Whether it is.
        what: What has to be.

    Raises:
        AssertionError: If it is not.

    Example:
        >>> holds(1 > 2, "one is more than two")
        Traceback (most recent call last):
        AssertionError: one is more than two
    """
    if not truth:
        raise AssertionError(what)


def refused(kind: type[_E], ask: Callable[[], Any]) -> _E:
    """
    Check that something is refused, with an error of some kind and no other.

    Args:
        kind: The kind of the error.
        ask: What has to be refused.

    Returns:
        The error.

    Raises:
        AssertionError: If it is not, or with another error.

    Example:
        >>> str(refused(ZeroDivisionError, lambda: 1 // 0)) != ""
        True
        >>> refused(ValueError, lambda: None)
        Traceback (most recent call last):
        AssertionError: ValueError was wanted, and nothing was raised
    """
    try:
        ask()
    except kind as error:
        return error
    except Exception as error:
        message = f"{kind.__name__} was wanted, and {type(error).__name__} was raised: {error}"
        raise AssertionError(message) from error
    message = f"{kind.__name__} was wanted, and nothing was raised"
    raise AssertionError(message)


_LONGEST = 400
