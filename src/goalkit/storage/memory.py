"""A store in memory: for tests, for scripts, and as the shortest example of a store."""

from __future__ import annotations

from collections.abc import Iterable
from threading import RLock
from typing import Final, final

from .batches import Batch
from .checking import (
    checked_batch,
    checked_born,
    checked_keys,
    checked_limit,
    checked_name,
    checked_of,
    checked_request,
    checked_what,
)
from .errors import StoreClosed
from .keeping import Kept
from .protocol import Store
from .records import Answered, Change, Commit, Head, Key, Page, Position, Query


@final
class MemoryStore(Store):
    """
    A store in memory. It is gone when the process ends.

    Documents are kept as text, as everywhere, so that nothing is shared with who saved it.

    Example:
        >>> with MemoryStore() as store:
        ...     store.head("acme").position.seq
        0
    """

    def __init__(self) -> None:
        self._kept: dict[str, Kept] | None = {}
        self._lock: Final = RLock()

    def read(self, workspace: str, what: Query | Iterable[Key], *, after: int = 0, limit: int = 1000) -> Page:
        """
        Return current records: those with some keys, or one page of those that are asked for.

        Args:
            workspace: The workspace.
            what: The keys, or a query.
            after: The ``born`` after which the page begins.
            limit: The most records, from 1 to 1000.
        """
        most = checked_limit(limit)
        with self._lock:
            return self._of(workspace).page(checked_what(what), checked_born(after), most)

    def apply(self, workspace: str, batch: Batch) -> Commit:
        """
        Write a batch: all of it or nothing.

        Args:
            workspace: The workspace.
            batch: The batch.
        """
        with self._lock:
            kept = self._of(workspace)
            if (first := kept.known(checked_batch(batch))) is not None:
                return first
            decision = kept.decision(batch)
            kept.write(batch, decision)
            self._open()[workspace] = kept
            return decision.commit

    def changes(
        self, workspace: str, after: Position, *, of: Key | None = None, limit: int = 1000
    ) -> tuple[Change, ...]:
        """
        Return the changes after a place in the feed.

        Args:
            workspace: The workspace.
            after: The place.
            of: The record of which changes are told; None for all.
            limit: The most changes, from 1 to 1000.
        """
        most = checked_limit(limit)
        with self._lock:
            return self._of(workspace).feed(after, checked_of(of), most)

    def head(self, workspace: str, key: str = "") -> Head:
        """
        Return the last change of a workspace, and what became of a request.

        Args:
            workspace: The workspace.
            key: The idempotency key of the request; empty for none.
        """
        with self._lock:
            return self._of(workspace).standing(checked_request(key))

    def close(self) -> None:
        """Let go of everything, for good."""
        with self._lock:
            self._kept = None

    # -- what an operator needs -----------------------------------------------------------------

    def workspaces(self) -> tuple[str, ...]:
        """Return the names of all workspaces that were written to, sorted."""
        with self._lock:
            return tuple(sorted(self._open()))

    def verify(self) -> tuple[str, ...]:
        """Return everything that is not as it should be."""
        with self._lock:
            return tuple(wrong for name, kept in sorted(self._open().items()) for wrong in kept.wrong(name))

    def requests(self, workspace: str, first: int, last: int) -> tuple[tuple[str, Answered], ...]:
        """
        Return the requests that had a key, with what became of them, in the order of their commits.

        Args:
            workspace: The workspace.
            first: The number of the first change with which their commits begin.
            last: That of the last one.
        """
        with self._lock:
            return self._of(workspace).requests(first, last)

    def purge(self, workspace: str, keys: Iterable[Key], *, by: str, why: str) -> int:
        """
        Erase the content of records, in the feed too.

        Args:
            workspace: The workspace.
            keys: The records.
            by: The id of who erases.
            why: Why.

        Raises:
            InvalidValue: If they are no keys.
        """
        wanted = checked_keys(keys)
        with self._lock:
            return self._of(workspace).erase(wanted, by, why)

    def _open(self) -> dict[str, Kept]:
        if self._kept is None:
            message = "the store was closed"
            raise StoreClosed(message)
        return self._kept

    def _of(self, workspace: str) -> Kept:
        return self._open().get(checked_name(workspace)) or Kept()
