"""What is written at once: records as they are to be, and what must be as it was."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from attrs import field, frozen

from ..errors import InvalidValue, shown
from ..quantities import whole
from ..texts import identifier, text
from ..values import checked, instance
from .records import MOST_SEQ, Key, Kind, Position, check_key, kind_of


@frozen(kw_only=True)
class Put:
    """
    A record as it is to be.

    Attributes:
        key: The kind and the id.
        expect: The revision that is there now; 0 where there is none, or it is deleted.
        doc: The document as canonical JSON; None deletes the record.
        type: The kind of the document.
        about: The id of what a fact or an observation is about.
        on: The day of a fact or an observation.
        anew: Whether a record that is there takes its place behind all others, as if it were new.
    """

    key: Key
    expect: int
    doc: str | None
    type: str = ""
    about: str = ""
    on: date | None = None
    anew: bool = False


@frozen(kw_only=True)
class Guard:
    """
    A record that was read and is not written, and that has to be as it was.

    Attributes:
        key: The kind and the id.
        expect: The revision that was read; 0 where there was none.
    """

    key: Key
    expect: int


def _since(value: int) -> int:
    return max(0, whole(value, least=-MOST_SEQ, most=MOST_SEQ))  # before the first change is nothing


@checked
@frozen(kw_only=True)
class Quiet:
    """
    That no record of a sort has changed since something was read.

    Attributes:
        kind: The kind of the records.
        since: The number of the last change that was seen.
        about: The id of what they are about; empty for all.
        type: The kind of their documents; empty for all.
    """

    kind: Kind = field(converter=kind_of)
    since: int = field(converter=_since)
    about: str = field(default="", converter=text)
    type: str = field(default="", converter=text)

    def __str__(self) -> str:
        what = self.type or self.kind.value
        return f"some {what}{f' about {self.about!r}' if self.about else ''}"


def _time(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    given = instance(datetime, value, "give a datetime with a time zone")
    if given.tzinfo is None:
        message = f"{given.isoformat()} has no time zone"
        raise InvalidValue.of("no_zone", message, hint="give one, such as datetime.now(UTC)")
    try:
        return given.astimezone(UTC)
    except OverflowError:
        message = f"{given.isoformat()} is beyond all days in UTC"
        raise InvalidValue.of("out_of_range", message, hint="give a time such as datetime.now(UTC)") from None


# Each has its own, because a converter's signature is what a constructor's argument accepts.


def _puts(value: Iterable[Put]) -> tuple[Put, ...]:
    found = tuple(value)
    for put in found:
        check_key(instance(Put, put, "give Put(key=..., expect=..., doc=...)").key)
        if put.doc is not None and not isinstance(put.doc, str):
            raise InvalidValue.of("not_text", f"the document of {put.key} is no text", hint="give canonical JSON")
        if type(put.type) is not str or type(put.about) is not str:
            message = f"{put.key} is found by {shown(put.type)} about {shown(put.about)}, which is no text"
            raise InvalidValue.of("not_text", message, hint="give text, or leave it out")
        text(put.type)
        text(put.about)
        _check_expect(put)
        if put.on is not None and type(put.on) is not date:
            hint = "give a date, or leave it out"
            raise InvalidValue.of("not_a_day", f"{put.key} is of {shown(put.on)}, which is no day", hint=hint)
    return found


def _head(value: Position | None) -> Position | None:
    return None if value is None else instance(Position, value, "give the position of a snapshot, or None")


def _guards(value: Iterable[Guard]) -> tuple[Guard, ...]:
    found = tuple(value)
    for guard in found:
        check_key(instance(Guard, guard, "give Guard(key=..., expect=...)").key)
        _check_expect(guard)
    return found


def _quiet(value: Iterable[Quiet]) -> tuple[Quiet, ...]:
    return tuple(instance(Quiet, each, "give Quiet(kind=..., since=...)") for each in value)


def _check_expect(each: Put | Guard) -> None:
    if type(each.expect) is not int:
        message = f"{each.key} is expected in revision {shown(each.expect)}, which is no whole number"
        raise InvalidValue.of("not_a_number", message, hint="give the revision that was read; 0 where there is none")


def _by(value: str | None) -> str:
    return "" if value is None or value == "" else identifier(value)


@checked
@frozen(kw_only=True)
class Batch:
    """
    Everything that is written at once, or not at all.

    Attributes:
        puts: The records as they are to be, each named once, in the order in which they are to be.
        guards: The records that have to be as they were, though they are not written.
        quiet: What must not have changed since.
        head: The last change of the workspace that was seen, after which there must be none; None where it may have
            moved on.
        key: The idempotency key of the request; empty without one.
        fingerprint: What the request says, so that a key is not used for something else; empty where the key alone
            decides.
        by: The id of who writes.
        why: Why.
        at: When it was written, for people only: nothing is ordered by it. None for a store's own clock.
    """

    puts: tuple[Put, ...] = field(default=(), converter=_puts)
    guards: tuple[Guard, ...] = field(default=(), converter=_guards)
    quiet: tuple[Quiet, ...] = field(default=(), converter=_quiet)
    head: Position | None = field(default=None, converter=_head)
    key: str = field(default="", converter=_by)
    fingerprint: str = field(default="", converter=text)
    by: str = field(default="", converter=_by)
    why: str = field(default="", converter=text)
    at: datetime | None = field(default=None, converter=_time)

    def __attrs_post_init__(self) -> None:
        seen: set[Key] = set()
        for put in self.puts:
            if put.key in seen:
                hint = "put each record once"
                raise InvalidValue.of("duplicate_key", f"{put.key} is put twice", path="puts", hint=hint)
            seen.add(put.key)
