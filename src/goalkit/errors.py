"""
What can go wrong, as values and as exceptions.

A `Problem` is a finding: plain data that a program can sort and a person can read.
The exceptions carry problems, derive from `GoalkitError`, and also from the built-in exception
that a caller would expect, so that ``except ValueError`` keeps working.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from reprlib import Repr
from typing import Any, Self

from attrs import evolve, frozen

_SHORT = Repr()
# Python refuses to write out integers of more than about 14,000 bits, and nobody reads one of these.
_MOST_BITS = 1000
# A message of more lines is not read; the problems are all there as data.
_MOST_SHOWN = 20


@frozen(kw_only=True)
class Problem:
    """
    One thing that is wrong, where it is, and what would be accepted.

    Attributes:
        code: A stable, lower-case name such as ``zero_span`` or ``unknown_parent``.
        message: What was got, in words.
        path: Where it is, from the outside in, such as ``[2].metric.target``. Empty for the value
            itself.
        hint: What would be accepted, or what to do instead. May be empty.

    Example:
        >>> print(Problem(code="no_title", path="[2].title", message="the title is empty"))
        [2].title: the title is empty (no_title)
    """

    code: str
    message: str
    path: str = ""
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.path}: " if self.path else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{place}{self.message} ({self.code}){hint}"

    def under(self, prefix: str) -> Problem:
        """
        Return the same problem seen from further out.

        Args:
            prefix: The path of the value that holds this one.

        Example:
            >>> Problem(code="zero_span", message="…", path="target").under("[2].metric").path
            '[2].metric.target'
        """
        if not prefix or not self.path or self.path.startswith("["):
            return evolve(self, path=prefix + self.path)
        return evolve(self, path=f"{prefix}.{self.path}")


class GoalkitError(Exception):
    """
    The root of every exception that goalkit raises on purpose.

    Example:
        >>> issubclass(InvalidPlan, GoalkitError)
        True
    """


class InvalidValue(GoalkitError, ValueError):
    """
    A value that cannot be accepted.

    Attributes:
        problems: Everything that is wrong, never empty.

    Example:
        >>> from goalkit import Increase
        >>> try:
        ...     Increase(start=10, target=10)
        ... except InvalidValue as error:
        ...     error.problems[0].code
        'zero_span'
    """

    def __init__(self, problem: Problem, /, *more: Problem) -> None:
        super().__init__(problem, *more)
        self.problems: tuple[Problem, ...] = (problem, *more)

    def __str__(self) -> str:
        if len(self.problems) == 1:
            return str(self.problems[0])
        lines = [f"  {problem}" for problem in self.problems[:_MOST_SHOWN]]
        if len(self.problems) > _MOST_SHOWN:
            lines.append(f"  … and {len(self.problems) - _MOST_SHOWN} more")
        return "\n".join((f"{len(self.problems)} problems:", *lines))

    @classmethod
    def of(cls, code: str, message: str, *, path: str = "", hint: str = "") -> InvalidValue:
        """
        Make the error for one problem.

        Args:
            code: The problem's stable name.
            message: What was got, in words.
            path: Where it is.
            hint: What would be accepted.

        Example:
            >>> str(InvalidValue.of("not_a_number", "'x' is not a number"))
            "'x' is not a number (not_a_number)"
        """
        return cls(Problem(code=code, message=message, path=path, hint=hint))

    def under(self, prefix: str) -> Self:
        """
        Return the same error seen from further out.

        Args:
            prefix: The path of the value that holds this one.

        Example:
            >>> str(InvalidValue.of("not_a_number", "'x' is not a number").under("target"))
            "target: 'x' is not a number (not_a_number)"
        """
        return type(self)(*(problem.under(prefix) for problem in self.problems))


class InvalidPlan(InvalidValue):
    """
    Goals and facts that do not make a plan, or a change that would break one.

    Attributes:
        problems: Everything that is wrong, never empty.

    Example:
        >>> from goalkit import KeyResult, Plan
        >>> try:
        ...     Plan.of(KeyResult(id="k", title="K", parent="nowhere"))
        ... except InvalidPlan as error:
        ...     error.problems[0].code
        'unknown_parent'
    """


class IllegalMove(InvalidValue):
    """
    A move of a goal to a stage that cannot follow the one that it is in.

    Attributes:
        problems: Everything that is wrong, never empty; each says what would be allowed.

    Example:
        >>> from goalkit import Objective, Plan
        >>> plan = Plan.of(Objective(id="app", title="App"))
        >>> try:
        ...     plan.move("app", "archived", on="2026-08-01")
        ... except IllegalMove as error:
        ...     error.problems[0].code
        'illegal_move'
    """


class UnknownId(GoalkitError, KeyError):
    """
    An id that the plan does not hold.

    Attributes:
        id: What was asked for.
        message: What kind of thing was looked for, and the nearest ids that exist.

    Example:
        >>> from goalkit import Objective, Plan
        >>> try:
        ...     Plan.of(Objective(id="app", title="App"))["aap"]
        ... except UnknownId as error:
        ...     print(error)
        no goal has the id 'aap'; did you mean 'app'?
    """

    def __init__(self, id: str, message: str) -> None:  # noqa: A002 - the field's word
        super().__init__(id, message)
        self.id = id
        self.message = message

    def __str__(self) -> str:
        return self.message

    @classmethod
    def among(cls, kind: str, wanted: object, known: Iterable[str]) -> UnknownId:
        """
        Make the error with the nearest known ids as a hint.

        Args:
            kind: What was looked for, such as ``goal``.
            wanted: The id that was asked for.
            known: The ids that exist.

        Example:
            >>> print(UnknownId.among("goal", "aap", ["app", "web"]))
            no goal has the id 'aap'; did you mean 'app'?
        """
        word = str.__str__(wanted) if isinstance(wanted, str) else shown(wanted)
        return cls(word, f"no {kind} has the id {shown(wanted)}{did_you_mean(wanted, known, '; ')}")


def did_you_mean(wanted: object, known: Iterable[str], lead: str = "") -> str:
    """
    Return ``did you mean …?`` with the nearest known words, or nothing.

    Args:
        wanted: What was written.
        known: What exists.
        lead: Put before a hint that is not empty.

    Example:
        >>> did_you_mean("wieght", ["weight", "title"])
        "did you mean 'weight'?"
    """
    if not isinstance(wanted, str):
        return ""
    from difflib import get_close_matches  # noqa: PLC0415 - only needed once something is wrong

    near = get_close_matches(wanted[:100], list(islice(known, 2000)), n=2, cutoff=0.6)
    return f"{lead}did you mean {' or '.join(map(repr, near))}?" if near else ""


def shown(value: Any, limit: int = 60) -> str:
    """
    Return a value's repr, cut so that a message stays readable.

    Args:
        value: Anything, however large or hostile.
        limit: The most characters to show.

    Example:
        >>> shown("x" * 100, 10)
        "'xxxxxxxx…"
    """
    try:
        if isinstance(value, int) and int.bit_length(value) > _MOST_BITS:
            text = f"an integer of {int.bit_length(value)} bits"
        elif isinstance(value, (str, bytes, bytearray)):
            text = repr(value[: limit + 10])
        elif isinstance(value, (list, tuple, dict, set, frozenset)):
            text = _SHORT.repr(value)
        else:
            text = repr(value)
        if not text.isprintable():  # only a stranger's repr has line breaks or worse
            text = " ".join("".join(c if c.isprintable() else " " for c in text[: 10 * limit]).split())
    except Exception:  # noqa: BLE001 - a repr of a stranger may raise anything, and a message must still be made
        text = f"a {type(value).__name__}"
    return text if len(text) <= limit else text[: limit - 1] + "…"
