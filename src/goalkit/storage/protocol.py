"""What a store is: four operations on records, and what is true before and after each of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self, runtime_checkable

from .batches import Batch
from .records import Change, Commit, Head, Key, Page, Position, Query

if TYPE_CHECKING:
    from .workspaces import Workspace


class Store(ABC):
    """
    A place where workspaces are kept, each a plan with its history; to make your own, write its four operations.

    A store knows records, not goals. It keeps for each workspace, which nothing of another workspace ever reaches:
    the current records, the feed of changes, and which request became which commit.

    What is true of every operation:

    - A workspace is a name of 1 to 200 characters, told apart exactly. One that was never written to is empty; reading
      does not bring it about.
    - Nothing raises anything but a `StorageError`, apart from a wrong argument (`InvalidValue`). An error says what was
      got and what would be accepted, and never shows a password or a document.
    - A store may be used by several threads, and, where it is a file or a server, by several processes. What one has
      committed, the next read of any other sees.
    - After `close`, every operation raises `StoreClosed`, a wrong argument perhaps first; closing twice is nothing.
    """

    def workspace(self, name: str) -> Workspace:
        """
        Return a workspace of the store, in which plans are read and saved.

        Args:
            name: The workspace, such as the id of a customer. It comes about when something is saved.

        Raises:
            InvalidValue: If it is no name.

        Example:
            >>> from goalkit.storage import open_store
            >>> with open_store("memory:") as store:
            ...     store.workspace("acme").snapshot().seq
            0
        """
        from .workspaces import Workspace  # noqa: PLC0415 - the two need each other

        return Workspace(self, name)

    @abstractmethod
    def read(self, workspace: str, what: Query | Iterable[Key], *, after: int = 0, limit: int = 1000) -> Page:
        """
        Return current records: those with some keys, or one page of those that are asked for.

        All of a page is as it was at one moment, which is its ``head``: the page shows every change up to there and
        none after it. With keys, deleted records are among them, and keys without a record are left out; ``after`` and
        ``limit`` are then without meaning. With a query, records come in the order of ``born``, or from the highest
        down where it wants the newest first; the next page begins after ``page.more``. A page may be of a later moment
        than the one before it: no record that stays where it was is told twice or left out, and what changed in between
        is in the feed. One that was put anew meanwhile may be told again, or with the newest first not at all.

        Args:
            workspace: The workspace.
            what: The keys, or a query.
            after: The ``born`` after which the page begins, in the order that is asked for; 0 for the first page.
            limit: The most records, from 1 to 1000.

        Raises:
            StoreBusy: If others hold the store for too long.
            StoreUnavailable: If it cannot be read.
            StoreDamaged: If what is read is not what was written.
        """

    @abstractmethod
    def apply(self, workspace: str, batch: Batch) -> Commit:
        """
        Write a batch: all of it or nothing, and the only way to write.

        Every put is a change, with the same document too. One without a document deletes the record, which keeps what
        it is found by (its type, what it is about, its day); to delete what is not there is a change as well.

        In this order, and with nobody else writing to the workspace meanwhile: the idempotency key is looked up, and
        where it is known, what became of it the first time is returned, whatever the records are now, and as durable
        as if it were written now. Then all expectations are checked. Then records, changes, and the key with its
        commit are written together. When it returns, the commit is as durable as the store is: it outlives the
        process, and a power cut where the store says so. When it raises, nothing was written, except for
        `CommitUnknown`, which says that nobody knows.

        Changes are numbered without a gap in the order of commits. An empty batch changes nothing; its key is kept.
        `goalkit.storage.deciding.decide` says what there is to write.

        Args:
            workspace: The workspace.
            batch: The batch.

        Raises:
            Conflict: If an expectation does not hold; every one that does not is named.
            KeyReused: If the key was used for something else.
            StoreBusy: If others hold the store for too long.
            StoreUnavailable: If it cannot be written.
            CommitUnknown: If the store was lost while it committed.
        """

    @abstractmethod
    def changes(
        self, workspace: str, after: Position, *, of: Key | None = None, limit: int = 1000
    ) -> tuple[Change, ...]:
        """
        Return the changes after a place in the feed, in their order, without a gap.

        A change is never told before the one before it is.

        Args:
            workspace: The workspace.
            after: The place; with a digest, it is checked that the store has that very change.
            of: The record of which changes are told, and no others; None for all.
            limit: The most changes, from 1 to 1000.

        Raises:
            FeedReset: If the place lies beyond the end, or the change there is another one: a backup was put back.
            InvalidValue: If it is no place, no key, or no limit.
        """

    @abstractmethod
    def head(self, workspace: str, key: str = "") -> Head:
        """
        Return the last change of a workspace, and what became of a request.

        Args:
            workspace: The workspace.
            key: The idempotency key of the request; empty for none.

        Raises:
            InvalidValue: If no batch could have such a key.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of everything that the store holds. What was committed stays."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@runtime_checkable
class Maintained(Protocol):
    """
    What only some stores can do: what an operator needs, beside what an application does.

    Example:
        >>> from goalkit.storage import open_store
        >>> with open_store("memory:") as store:
        ...     isinstance(store, Maintained)
        True
    """

    def workspaces(self) -> tuple[str, ...]:
        """Return the names of all workspaces that were written to, sorted."""

    def verify(self) -> tuple[str, ...]:
        """
        Return everything that is not as it should be: gaps, wrong digests, records that are not what the feed says.

        Nothing where all is well. `goalkit.storage.checking.wrong_with` finds it in the records and the changes.
        """

    def purge(self, workspace: str, keys: Iterable[Key], *, by: str, why: str) -> int:
        """
        Erase the content of records, in the feed too, so that nobody can read it any more; that cannot be undone.

        Records that are there are deleted, in the feed as every other change. All changes of the records lose their
        documents and keep everything else: ids, revisions, numbers, digests, times, people and reasons. What became of
        requests stays known, or one that is sent again would bring the content back. What is not there is passed over.

        Args:
            workspace: The workspace.
            keys: The records.
            by: The id of who erases.
            why: Why.

        Returns:
            How many changes lost a document.

        Raises:
            InvalidValue: If they are no keys, such as one key instead of a list.
        """
