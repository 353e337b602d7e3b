"""The text of a recurrence rule: what RFC 5545 allows of it where days are meant."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any, Final, NamedTuple

from ..errors import InvalidValue, Problem, did_you_mean, shown
from ..texts import identifier
from .weekdays import WEEK, Weekday

_MOST: Final = 9999
_DAYS: Final = {on[:2].upper(): number for number, on in enumerate(WEEK)}
_BY_DAY: Final = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,5}")
_UNTIL: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")


class Frequency(StrEnum):
    """
    How long the periods of a rule are.

    Example:
        >>> Frequency("MONTHLY")
        <Frequency.MONTHLY: 'MONTHLY'>
    """

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


class Parts(NamedTuple):
    """
    What a rule says.

    Attributes:
        frequency: How long a period is.
        until: The last day.
        times: How many days there are.
        interval: Every how many periods.
        by: Which days of a period, by the name of the part: numbers, and for BYDAY pairs of a number
            (0 for all) and a weekday from 0.
        week_start: On which day a week begins.
    """

    frequency: Frequency
    until: date | None
    times: int | None
    interval: int
    by: tuple[tuple[str, Any], ...]
    week_start: Weekday


def rule_text(value: object) -> str:
    """
    Return a rule in one order and in capitals, so that the same rule is the same text.

    Args:
        value: Such as ``FREQ=MONTHLY;BYDAY=-1FR``. ``RRULE:`` may stand before it.

    Raises:
        InvalidValue: If it is not a rule of days; everything that is wrong with it is named.

    Example:
        >>> rule_text("RRULE:interval=2;freq=weekly")
        'FREQ=WEEKLY;INTERVAL=2'
    """
    given = _split(identifier(value))
    _read(given)
    return ";".join(f"{name}={given[name]}" for name in _PARTS if name in given)


def parts_of(text: str) -> Parts:
    """
    Return what a rule says.

    Args:
        text: The rule.

    Raises:
        InvalidValue: If it is not a rule of days.

    Example:
        >>> parts_of("FREQ=WEEKLY;INTERVAL=2").interval
        2
    """
    return _read(_split(text))


def _split(text: str) -> dict[str, str]:
    given: dict[str, str] = {}
    problems: list[Problem] = []
    for part in text.upper().removeprefix("RRULE:").removesuffix(";").split(";"):
        name, equals, said = part.partition("=")
        if not (equals and name and said):
            hint = "write NAME=VALUE, and ; between two parts, such as FREQ=WEEKLY;BYDAY=MO"
            problems.append(Problem(code="bad_rule", message=f"{shown(part)} is not a part of a rule", hint=hint))
        elif name in given:
            problems.append(Problem(code="two_answers", path=name, message="it is given twice", hint="give it once"))
        else:
            given[name] = said
    if problems:
        raise InvalidValue(*problems)
    return given


def _read(given: dict[str, str]) -> Parts:
    got: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, said in given.items():
        try:
            got[name] = _PARTS.get(name, partial(_no_part, name))(said)
        except InvalidValue as error:
            problems.extend(error.under(name).problems)
    problems += _contradictions(got, given)
    if problems:
        raise InvalidValue(*problems)
    return Parts(
        frequency=got["FREQ"],
        until=got.get("UNTIL"),
        times=got.get("COUNT"),
        interval=got.get("INTERVAL", 1),
        by=tuple((name, got[name]) for name in _PARTS if name.startswith("BY") and name in got),
        week_start=WEEK[got.get("WKST", 0)],
    )


def _contradictions(got: dict[str, Any], given: dict[str, str]) -> list[Problem]:
    """Return what the parts may not say together."""

    def misplaced(name: str, message: str, hint: str) -> Problem:
        return Problem(code="misplaced_field", path=name, message=message, hint=hint)

    problems: list[Problem] = []
    if "FREQ" not in given:
        hint = f"give FREQ as one of {', '.join(Frequency)}"
        problems.append(Problem(code="missing_field", path="FREQ", message="it is missing", hint=hint))
    if "COUNT" in given and "UNTIL" in given:
        message, hint = "a rule ends after COUNT days or on UNTIL, not both", "leave one of them out"
        problems.append(Problem(code="two_answers", path="UNTIL", message=message, hint=hint))
    if "BYSETPOS" in given and not any(name in given for name in _BY_DAYS):
        problems.append(misplaced("BYSETPOS", "there is nothing to choose from", f"give one of {', '.join(_BY_DAYS)}"))
    frequency = got.get("FREQ")
    for name, allowed in _ALLOWED.items():
        if name in given and frequency is not None and frequency not in allowed:
            hint = f"use it with {' or '.join(allowed)}, or leave it out"
            problems.append(misplaced(name, f"a rule with FREQ={frequency} has no {name}", hint))
    if any(nth for nth, _ in got.get("BYDAY", ())):
        if frequency in {Frequency.DAILY, Frequency.WEEKLY}:
            message, hint = (
                f"a rule with FREQ={frequency} cannot count weekdays",
                "leave the numbers out, as in BYDAY=MO",
            )
            problems.append(misplaced("BYDAY", message, hint))
        elif "BYWEEKNO" in given:
            message, hint = "a week has each weekday once", "leave the numbers out, as in BYDAY=MO"
            problems.append(misplaced("BYDAY", message, hint))
    return problems


def _no_part(name: str, _: str) -> None:
    if name in {"BYHOUR", "BYMINUTE", "BYSECOND"}:
        message, hint = "a cadence gives days, without a time", "leave it out; moment() makes a moment of a day"
    else:
        message, hint = "it is not a part of a rule", did_you_mean(name, _PARTS) or f"give {', '.join(_PARTS)}"
    raise InvalidValue.of("unknown_field", message, hint=hint)


def _frequency(said: str) -> Frequency:
    try:
        return Frequency(said)
    except ValueError:
        hint = f"give one of {', '.join(Frequency)}"
        message = f"{shown(said)} is not a frequency of days"
        raise InvalidValue.of("unknown_choice", message, hint=hint) from None


def _until(said: str) -> date:
    hint = "give a day, such as UNTIL=20261231"
    match = _UNTIL.fullmatch(said)
    try:
        if match:
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError as error:
        raise InvalidValue.of("not_a_day", f"{shown(said)} is not a day: {error}", hint=hint) from None
    raise InvalidValue.of("not_a_day", f"{shown(said)} is not a day", hint=hint)


def _one(said: str, *, least: int, most: int) -> int:
    if not _NUMBER.fullmatch(said):
        hint = f"give a whole number from {least} to {most}"
        raise InvalidValue.of("not_a_number", f"{shown(said)} is not a whole number", hint=hint)
    got = int(said)
    if not least <= got <= most or (least < 0 and not got):
        hint = f"give a whole number from {least} to {most}" + (", but not 0" if least < 0 else "")
        raise InvalidValue.of("out_of_range", f"{got} is not within {least} and {most}", hint=hint)
    return got


def _several(said: str, *, least: int, most: int) -> tuple[int, ...]:
    return tuple(sorted({_one(each, least=least, most=most) for each in said.split(",")}))


def _by_day(said: str) -> tuple[tuple[int, int], ...]:
    found = []
    for each in said.split(","):
        match = _BY_DAY.fullmatch(each)
        if not match:
            hint = f"give some of {', '.join(_DAYS)}, perhaps with a number, as in -1FR"
            raise InvalidValue.of("unknown_choice", f"{shown(each)} is not a weekday", hint=hint)
        found.append((_one(match[1], least=-53, most=53) if match[1] else 0, _DAYS[match[2]]))
    return tuple(sorted(set(found)))


def _week_start(said: str) -> int:
    if said not in _DAYS:
        hint = f"give one of {', '.join(_DAYS)}"
        raise InvalidValue.of("unknown_choice", f"{shown(said)} is not a weekday", hint=hint)
    return _DAYS[said]


# What a rule may say, in the order in which it is written, and who reads it.
_PARTS: Final[dict[str, Callable[[str], Any]]] = {
    "FREQ": _frequency,
    "UNTIL": _until,
    "COUNT": partial(_one, least=1, most=_MOST),
    "INTERVAL": partial(_one, least=1, most=_MOST),
    "BYMONTH": partial(_several, least=1, most=12),
    "BYWEEKNO": partial(_several, least=-53, most=53),
    "BYYEARDAY": partial(_several, least=-366, most=366),
    "BYMONTHDAY": partial(_several, least=-31, most=31),
    "BYDAY": _by_day,
    "BYSETPOS": partial(_several, least=-366, most=366),
    "WKST": _week_start,
}
_BY_DAYS: Final = tuple(name for name in _PARTS if name.startswith("BY") and name != "BYSETPOS")
_ALLOWED: Final = {
    "BYWEEKNO": (Frequency.YEARLY,),
    "BYYEARDAY": (Frequency.YEARLY,),
    "BYMONTHDAY": (Frequency.DAILY, Frequency.MONTHLY, Frequency.YEARLY),
    # One day is the first and the last of itself.
    "BYSETPOS": (Frequency.WEEKLY, Frequency.MONTHLY, Frequency.YEARLY),
}
