"""
Where days meet clocks: a wall time on a day in a zone, and the instant at which a day is over.

Zones are those of the IANA, by name, as `zoneinfo` knows them. A moment without a zone is refused.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Final

from ..errors import InvalidValue, shown
from ..values import instance
from .days import Span, bounds
from .days import day as to_day

_ONE_DAY: Final = timedelta(1)
_TICK: Final = timedelta(microseconds=1)
_LONGEST_NAME: Final = 255
_ZONE_HINT: Final = "give a name of the IANA, such as Europe/Stockholm; on Windows, install goalkit-okr[zones]"


def zone(name: str | tzinfo) -> tzinfo:
    """
    Return a time zone.

    Args:
        name: Its name at the IANA, or itself as a ``zoneinfo.ZoneInfo``.

    Raises:
        InvalidValue: ``unknown_zone``.

    Example:
        >>> zone("Europe/Stockholm")
        zoneinfo.ZoneInfo(key='Europe/Stockholm')
    """
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - importing goalkit must not read about zones

    if isinstance(name, ZoneInfo):
        return name
    try:
        if isinstance(name, str) and len(name) <= _LONGEST_NAME:
            return ZoneInfo(str.__str__(name))
    except (LookupError, ValueError, OSError):  # unknown; no name at all; a folder of zones
        pass
    raise InvalidValue.of("unknown_zone", f"{shown(name)} is not a time zone", hint=_ZONE_HINT)


def moment(on: date, at: time | str, zone_name: str | tzinfo) -> datetime:
    """
    Return the moment of a wall time on a day in a zone.

    Where the clocks go forward over that time, the offset before the change holds, so that half past two
    becomes half past three. Where they go back over it, the first of the two is meant. Both are what
    RFC 5545 says of a local time (section 3.3.5).

    Args:
        on: The day.
        at: The time, or text such as ``09:00``; without a zone.
        zone_name: The zone, by its name at the IANA.

    Raises:
        InvalidValue: ``not_a_day``, ``not_a_time``, ``unknown_zone``, or ``out_of_range`` if the moment is
            not within the years 1 to 9999 of UTC.

    Example:
        >>> moment(date(2026, 3, 29), "02:30", "Europe/Stockholm").isoformat()
        '2026-03-29T03:30:00+02:00'
    """
    where = zone(zone_name)
    # The time may carry the mark of the second of two; the first is meant.
    local = datetime.combine(to_day(on), _time(at).replace(fold=0), where)
    return _there(local, where)


def closes_at(what: Span | date, zone_name: str | tzinfo) -> datetime:
    """
    Return the instant at which a cycle or a day is over in a zone: the first after its last local day.

    Args:
        what: A cycle, or anything else with a last day, or a day.
        zone_name: The zone, by its name at the IANA.

    Raises:
        InvalidValue: ``not_a_span``, ``not_a_day``, ``unknown_zone``, or ``out_of_range`` if the instant is
            not within the years 1 to 9999 of UTC.

    Example:
        >>> from goalkit.calendars import Cycle
        >>> closes_at(Cycle.quarter(2026, 1), "Europe/Stockholm").astimezone(UTC).isoformat()
        '2026-03-31T22:00:00+00:00'
    """
    where = zone(zone_name)
    last_day = to_day(what) if isinstance(what, (date, str)) else bounds(what)[1]
    if last_day == date.max:
        raise _out_of_range(last_day)
    midnight = datetime.combine(last_day + _ONE_DAY, time(), where)
    first = _instant(midnight)
    second = _instant(midnight.replace(fold=1))
    # Where the clocks go back over midnight, the day comes back for a while.
    comes_back = second > first and (second - _TICK).astimezone(where).date() == last_day
    return (second if comes_back else first).astimezone(where)


def civil_day(at: datetime, zone_name: str | tzinfo) -> date:
    """
    Return the day on which a moment falls in a zone.

    Args:
        at: The moment, with a zone of its own.
        zone_name: The zone, by its name at the IANA.

    Raises:
        InvalidValue: ``naive_moment`` if the moment has no zone; ``wrong_kind``, ``unknown_zone``, or
            ``out_of_range`` if the day is not within the years 1 to 9999.

    Example:
        >>> civil_day(datetime(2026, 3, 31, 22, 30, tzinfo=UTC), "Europe/Stockholm").isoformat()
        '2026-04-01'
    """
    instance(datetime, at, "give a datetime with a zone")
    where = zone(zone_name)
    if at != at or at.utcoffset() is None:  # noqa: PLR0124 - how a dataframe's missing time tells itself apart
        hint = "give it a zone, such as tzinfo=UTC"
        raise InvalidValue.of("naive_moment", f"{shown(at)} does not say in which zone it is", hint=hint)
    return _there(at, where).date()


def _time(value: Any) -> time:
    hint = "give a datetime.time, or text such as '09:00'; the zone is said apart"
    got = value
    if isinstance(value, str):
        try:
            got = time.fromisoformat(value)
        except ValueError:
            raise InvalidValue.of("not_a_time", f"{shown(value)} is not a time", hint=hint) from None
    if not isinstance(got, time) or got.tzinfo is not None:
        raise InvalidValue.of("not_a_time", f"{shown(value)} is not a time of the day", hint=hint)
    return got


def _instant(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise _out_of_range(at) from None


def _there(at: datetime, where: tzinfo) -> datetime:
    try:
        return _instant(at).astimezone(where)
    except OverflowError:
        raise _out_of_range(at) from None


def _out_of_range(value: object) -> InvalidValue:
    message = f"{value} is too close to an end of the calendar"
    return InvalidValue.of("out_of_range", message, hint="give a day within the years 1 to 9999 of UTC")
