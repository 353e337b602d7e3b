"""What every store checks alike: names, limits, places in the feed, and whether all of a workspace fits together."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any, Final

from ..errors import InvalidValue, shown
from ..quantities import whole
from ..texts import identifier
from ..values import instance
from .batches import Batch, Quiet
from .deciding import digest_of
from .errors import FeedReset
from .records import MOST_IN_A_PAGE, MOST_SEQ, Change, Key, Position, Query, Record, check_key

_LONGEST_NAME: Final = 200


def checked_name(workspace: str) -> str:
    """
    Return the name of a workspace.

    Args:
        workspace: What was given.

    Raises:
        InvalidValue: If it is no name: empty, too long, or with characters that nobody can see.

    Example:
        >>> checked_name("acme")
        'acme'
    """
    try:
        name = identifier(workspace)
    except InvalidValue as error:
        raise error.under("workspace") from None
    if len(name) > _LONGEST_NAME:
        message = f"{shown(name)} has {len(name)} characters"
        hint = f"a workspace has at most {_LONGEST_NAME}"
        raise InvalidValue.of("too_long", message, path="workspace", hint=hint)
    return name


def checked_limit(limit: int) -> int:
    """
    Return how many records or changes a page has at most.

    Args:
        limit: What was given.

    Raises:
        InvalidValue: If it is no whole number from 1 to 1000.

    Example:
        >>> checked_limit(100)
        100
    """
    try:
        return whole(limit, least=1, most=MOST_IN_A_PAGE)
    except InvalidValue as error:
        raise error.under("limit") from None


def checked_what(what: Query | Iterable[Key]) -> Query | tuple[Key, ...]:
    """
    Return what is to be read: a query, or keys, each once.

    Args:
        what: What was given.

    Raises:
        InvalidValue: If it is neither.

    Example:
        >>> from goalkit.storage import Kind
        >>> checked_what([Key(Kind.GOAL, "nps")])
        (Key(kind=<Kind.GOAL: 'goal'>, id='nps'),)
    """
    if isinstance(what, Query):
        return what
    return _keys(what, "what", "give a Query, or a list of keys")


def checked_keys(keys: Iterable[Key]) -> tuple[Key, ...]:
    """
    Return keys, each once.

    Args:
        keys: What was given.

    Raises:
        InvalidValue: If it is anything else: what is not found is not erased, and nobody would notice.

    Example:
        >>> from goalkit.storage import Kind
        >>> checked_keys([Key(Kind.GOAL, "nps")])
        (Key(kind=<Kind.GOAL: 'goal'>, id='nps'),)
    """
    return _keys(keys, "keys", "give a list of keys")


def _keys(given: Any, name: str, hint: str) -> tuple[Key, ...]:
    # A key is a tuple itself: one alone is taken for what it is, and not for a list.
    if isinstance(given, (str, bytes, Key)) or not isinstance(given, Iterable):
        raise InvalidValue.of("not_a_list", f"{shown(given)} is no list of keys", path=name, hint=hint)
    found = tuple(given)
    try:
        for key in found:
            check_key(key)
    except InvalidValue as error:
        raise error.under(name) from None
    return tuple(dict.fromkeys(found))


def checked_of(of: Key | None) -> Key | None:
    """
    Return the record of which changes are told; None for all.

    Args:
        of: What was given.

    Raises:
        InvalidValue: If it is no key.

    Example:
        >>> from goalkit.storage import Kind
        >>> str(checked_of(Key(Kind.GOAL, "nps")))
        "goal 'nps'"
    """
    try:
        if of is not None:
            check_key(of)
    except InvalidValue as error:
        raise error.under("of") from None
    return of


def checked_request(key: str) -> str:
    """
    Return the idempotency key of a request; empty for none.

    Args:
        key: What was given.

    Raises:
        InvalidValue: If no batch could have such a key.

    Example:
        >>> checked_request("request-1")
        'request-1'
    """
    try:
        return "" if key == "" else identifier(key)
    except InvalidValue as error:
        raise error.under("key") from None


def checked_born(after: int) -> int:
    """
    Return the place after which a page begins.

    Args:
        after: What was given.

    Raises:
        InvalidValue: If it is no whole number from 0.

    Example:
        >>> checked_born(0)
        0
    """
    try:
        return whole(after, least=0, most=MOST_SEQ)
    except InvalidValue as error:
        raise error.under("after") from None


def checked_place(after: Position) -> Position:
    """
    Return a place in a feed.

    Args:
        after: What was given.

    Raises:
        InvalidValue: If it is no place.

    Example:
        >>> checked_place(Position()).seq
        0
    """
    given: Any = after
    seq = given.seq if isinstance(given, Position) else None
    if type(seq) is not int or seq < 0:
        hint = "give the position of a change, or Position() for the beginning"
        raise InvalidValue.of("out_of_range", f"{shown(after)} is no place in a feed", path="after", hint=hint)
    return after


def check_place(after: Position, digest: str | None) -> None:
    """
    Check that the feed of a workspace has a place.

    Args:
        after: The place.
        digest: The digest of the change that is there; None where there is none.

    Raises:
        FeedReset: If there is none, or another one.
        InvalidValue: If it is no place.
    """
    if checked_place(after).seq == 0:
        return
    if digest is None:
        message = f"there is no change {after.seq}: the feed is shorter, so an older state was put back"
        raise FeedReset(f"{message}; follow it from the beginning")
    if after.digest and after.digest != digest:
        message = f"change {after.seq} is another one: an older state was put back, and went on from there"
        raise FeedReset(f"{message}; follow it from the beginning")


def is_disturbed(quiet: Quiet, change: Change) -> bool:
    """
    Tell whether a change is one that must not have been.

    Args:
        quiet: What must not have changed since when.
        change: A change.
    """
    return (
        change.seq > quiet.since
        and change.key.kind is quiet.kind
        and (not quiet.about or change.about == quiet.about)
        and (not quiet.type or change.type == quiet.type)
    )


def wrong_with(workspace: str, records: Iterable[Record], changes: Iterable[Change], head: Position) -> Iterator[str]:
    """
    Yield what does not fit together in a workspace.

    Args:
        workspace: Its name.
        records: All its records, deleted ones too.
        changes: All its changes, in order.
        head: Its last change, as the store says.
    """
    last: dict[Key, Change] = {}
    seq, digest = 0, ""
    for change in changes:
        if change.seq != seq + 1:
            yield f"{workspace}: change {change.seq} follows change {seq}"
        before = last.get(change.key)
        if change.rev != (0 if before is None else before.rev) + 1:
            yield f"{workspace}: change {change.seq} makes revision {change.rev} of {change.key}"
        # What was erased counts by a digest that is not kept, so that the chain goes on from what is written there.
        if not change.is_erased and digest_of(change, digest) != change.digest:
            yield f"{workspace}: change {change.seq} is not what was written"
        seq, digest = change.seq, change.digest
        last[change.key] = change
    if head != Position(seq, digest):
        yield f"{workspace}: the last change is {seq}, and {head.seq} is said to be"
    for record in records:
        change_of = last.pop(record.key, None)
        if change_of is None:
            yield f"{workspace}: {record.key} is in no change"
        elif record != change_of.record:
            yield f"{workspace}: {record.key} is not what change {change_of.seq} made it"
    for key in last:
        yield f"{workspace}: {key} is in the feed alone"


def checked_path(path: str | os.PathLike[str]) -> str:
    """
    Return the path of a file.

    Args:
        path: What was given.

    Raises:
        InvalidValue: If it is no path that a file could have.

    Example:
        >>> checked_path("plans.db")
        'plans.db'
    """
    given: Any = path
    written = os.fspath(given) if isinstance(given, (str, os.PathLike)) else None
    try:
        if isinstance(written, str) and written and "\0" not in written and len(written) <= _LONGEST_PATH:
            os.fsencode(written)
            return written
    except UnicodeEncodeError:
        pass
    # What it says is not shown: it may be an address with a password in it.
    message = f"this {type(given).__name__} is no path of a file"
    raise InvalidValue.of("not_a_path", message, path="path", hint="give text such as plans.db, or a Path")


def checked_batch(batch: Batch) -> Batch:
    """
    Return a batch.

    Args:
        batch: What was given.

    Raises:
        InvalidValue: If it is none.

    Example:
        >>> from goalkit.storage import Batch
        >>> checked_batch(Batch()).key
        ''
    """
    try:
        return instance(Batch, batch, "give a Batch")
    except InvalidValue as error:
        raise error.under("batch") from None


def checked_timeout(timeout: float) -> float:
    """
    Return for how many seconds a store waits for others.

    Args:
        timeout: What was given.

    Raises:
        InvalidValue: If it is no number from 0 to 86,400, which is a day.

    Example:
        >>> checked_timeout(10)
        10
    """
    if type(timeout) in {int, float} and 0 <= timeout <= _LONGEST_WAIT:
        return timeout
    hint = f"give seconds from 0 to {_LONGEST_WAIT:,}"
    raise InvalidValue.of("out_of_range", f"{shown(timeout)} is no time to wait", path="timeout", hint=hint)


_LONGEST_PATH: Final = 4096
_LONGEST_WAIT: Final = 86_400
