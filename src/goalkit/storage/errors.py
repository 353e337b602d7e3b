"""What can go wrong between a plan and the place where it is kept."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from ..errors import GoalkitError


class StorageError(GoalkitError):
    """
    Something that a store could not do. Every error of a store is one of its leaves.

    Example:
        >>> issubclass(Conflict, StorageError)
        True
    """


@frozen(kw_only=True)
class Clash:
    """
    One record that is not what a batch expects.

    Attributes:
        what: The record, such as ``goal 'nps'``.
        expected: The revision that the batch starts from; 0 where it expects none.
        actual: The revision that is there; 0 where there is none.
    """

    what: str
    expected: int
    actual: int

    def __str__(self) -> str:
        if not self.expected:
            return f"{self.what} is there already, in revision {self.actual}"
        if not self.actual:
            return f"{self.what} is gone, and was expected in revision {self.expected}"
        return f"{self.what} is in revision {self.actual}, and was expected in {self.expected}"


class Conflict(StorageError, RuntimeError):
    """
    Somebody else has changed what a batch starts from. Nothing was written.

    Decide again on what is there now: `Workspace.update` does that by itself.

    Attributes:
        clashes: Every record that is not as expected; empty where the whole workspace moved on.

    Example:
        >>> str(Conflict("nothing was saved", [Clash(what="goal 'nps'", expected=1, actual=2)]))
        "nothing was saved: goal 'nps' is in revision 2, and was expected in 1"
    """

    def __init__(self, message: str, clashes: Iterable[Clash] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.clashes = tuple(clashes)

    def __str__(self) -> str:
        return f"{self.message}: {in_short(map(str, self.clashes))}" if self.clashes else self.message


class KeyReused(Conflict):
    """
    An idempotency key that was used before, for something else. Nothing was written.

    Example:
        >>> issubclass(KeyReused, Conflict)
        True
    """


class StoreBusy(StorageError, TimeoutError):
    """
    Others have held the store for too long. Nothing was written; try again.

    Example:
        >>> issubclass(StoreBusy, TimeoutError)
        True
    """


class CommitUnknown(StorageError, ConnectionError):
    """
    The store was lost while it committed, so it is not known whether the batch was written.

    Apply it again with the same idempotency key: it is then written exactly once.

    Example:
        >>> issubclass(CommitUnknown, ConnectionError)
        True
    """


class StoreUnavailable(StorageError, OSError):
    """
    The store cannot be reached, opened, read or written: no room, no permission, an error of the disk.

    Nothing of the batch was written.

    Example:
        >>> issubclass(StoreUnavailable, OSError)
        True
    """


class StoreClosed(StorageError, ValueError):
    """
    A store that was used after it was closed.

    Example:
        >>> issubclass(StoreClosed, ValueError)
        True
    """


class StoreDamaged(StorageError, ValueError):
    """
    What is stored is not what was written: a file that was changed, cut off, or belongs to something else.

    Nothing was written or deleted.

    Example:
        >>> issubclass(StoreDamaged, ValueError)
        True
    """


class StoreTooNew(StorageError, ValueError):
    """
    A store that a newer goalkit has written. Nothing was touched; a newer goalkit can open it.

    Example:
        >>> issubclass(StoreTooNew, ValueError)
        True
    """


class InvalidDocument(StorageError, ValueError):
    """
    Text that is no document: no JSON, too large, too deep, or with numbers and names that JSON does not define.

    Example:
        >>> issubclass(InvalidDocument, ValueError)
        True
    """


class FeedReset(StorageError, RuntimeError):
    """
    A place in the feed of changes that the store has not, because a backup was put back since.

    Whoever follows the feed has to begin anew.

    Example:
        >>> issubclass(FeedReset, RuntimeError)
        True
    """


class Erased(StorageError, LookupError):
    """
    A plan as it was, of which something was erased since on purpose.

    Example:
        >>> issubclass(Erased, LookupError)
        True
    """


def in_short(parts: Iterable[str]) -> str:
    """
    Return parts of a message in a row, each once, the first of them and how many more there are.

    Args:
        parts: The parts.

    Example:
        >>> in_short(["goal 'nps' is gone", "goal 'csat' is gone", "goal 'nps' is gone"])
        "goal 'nps' is gone; goal 'csat' is gone"
    """
    every = [*dict.fromkeys(parts)]
    shown: list[str] = []
    room = _LONGEST
    for part in every:
        room -= len(part)
        if shown and room < 0:
            break
        shown.append(part if len(part) <= _LONGEST else f"{part[: _LONGEST - 1]}…")
    more = len(every) - len(shown)
    return "; ".join([*shown, *([f"and {more} more"] if more else [])])


# In characters: a message stays below 500 with what comes before.
_LONGEST = 200
