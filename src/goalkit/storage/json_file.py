"""A store in one JSON file, which people can read, keep beside a notebook, or in git."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import PathLike
from typing import Final, final
from warnings import warn

from attrs import field, frozen

from .batches import Batch
from .checking import (
    checked_batch,
    checked_born,
    checked_keys,
    checked_limit,
    checked_name,
    checked_of,
    checked_path,
    checked_request,
    checked_timeout,
    checked_what,
)
from .errors import StoreClosed, StoreUnavailable
from .keeping import Kept
from .layout import BEGINNING, Drawn, text, understood
from .protocol import Store
from .records import Answered, Change, Commit, Head, Key, Page, Position, Query
from .whole_file import Mark, WholeFile

#: So many bytes a file may have at most, and from so many on a warning is given once.
MOST: Final = 64 * 2**20
MANY: Final = 8 * 2**20

_EMPTY: Final = Kept()


@frozen(kw_only=True)
class _State:
    """One state of the file. It is never changed, so that threads and forks may share it."""

    generation: int = 0
    workspaces: Mapping[str, Kept] = field(factory=dict)
    mark: Mark | None = None
    drawings: Mapping[str, Drawn] | None = None

    def of(self, workspace: str) -> Kept:
        return self.workspaces.get(workspace, _EMPTY)


@final
class JsonFileStore(Store):
    """
    A store in one JSON file: indented, sorted, and readable without goalkit.

    Every commit writes the whole file anew and waits until it outlives a power cut, so that a commit costs what the
    file is large: it suits what people would read or keep in git, up to some thousands of facts. Beside it there are
    ``<name>.lock``, which stays, ``<name>.previous``, the file as it was before the last commit, and, while writers
    wait for each other, the folder ``<name>.waiting``; none of them belongs in git.

    Several threads and processes of one machine may use it at once, and whoever has waited longest is the next to
    write. On a network drive, locks may not hold.

    Args:
        path: Where the file is, or will be; its folder has to be there. Symbolic links are followed.
        timeout: For how many seconds a writer waits for others, from 0 to 86,400, which is a day.

    Raises:
        InvalidValue: If it is no path, or no such number.
        StoreDamaged: If the file was cut off or changed, or is something else.
        StoreTooNew: If a newer goalkit has written it.
        StoreUnavailable: If it cannot be read, or is larger than 64 MiB.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder, JsonFileStore(f"{folder}/plans.json") as store:
        ...     store.head("acme").position.seq
        0
    """

    def __init__(self, path: str | PathLike[str], *, timeout: float = 10.0) -> None:
        self._file: Final = WholeFile(checked_path(path))
        self._timeout: Final = checked_timeout(timeout)
        self._state = _State()
        self._is_closed = False
        self._warned = False
        self._now()

    def __repr__(self) -> str:
        return f"<JsonFileStore {self._file!r}>"

    # -- reading --------------------------------------------------------------------------------

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
        return self._of(workspace).page(checked_what(what), checked_born(after), most)

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
        return self._of(workspace).feed(after, checked_of(of), most)

    def head(self, workspace: str, key: str = "") -> Head:
        """
        Return the last change of a workspace, and what became of a request.

        Args:
            workspace: The workspace.
            key: The idempotency key of the request; empty for none.
        """
        return self._of(workspace).standing(checked_request(key))

    def close(self) -> None:
        """Let go of what was read. No file is held open between two operations."""
        self._is_closed = True
        self._state = _State()

    # -- writing --------------------------------------------------------------------------------

    def apply(self, workspace: str, batch: Batch) -> Commit:
        """
        Write a batch: all of it or nothing.

        Args:
            workspace: The workspace.
            batch: The batch.

        Raises:
            StoreUnavailable: If the file cannot be written, or would have more than 64 MiB.
            CommitUnknown: If the file was written, and the disk does not say that it will stay so.
        """
        name, batch = checked_name(workspace), checked_batch(batch)
        self._check_open()
        with self._file.locked(self._timeout):
            state = self._now()
            kept = state.of(name)
            if (first := kept.known(batch)) is not None:
                # Whoever wrote it may have died before it was certain to stay.
                self._file.settle()
                return first
            decision = kept.decision(batch)
            after = kept.copy()
            after.write(batch, decision)
            drawings = {**self._drawn(state)}
            drawings[name] = drawings.get(name, Drawn()).after(kept, batch, decision, after)
            self._replace(state, {**state.workspaces, name: after}, drawings, keep=True)
            return decision.commit

    def purge(self, workspace: str, keys: Iterable[Key], *, by: str, why: str) -> int:
        """
        Erase the content of records, in the feed too, and the state of the file before it.

        What a disk, a backup or git still holds of older files is not reached.

        Args:
            workspace: The workspace.
            keys: The records.
            by: The id of who erases.
            why: Why.
        """
        name, wanted = checked_name(workspace), checked_keys(keys)
        self._check_open()
        with self._file.locked(self._timeout):
            state = self._now()
            after = state.of(name).copy()
            count = after.erase(wanted, by, why)
            if count:
                drawings = {**self._drawn(state), name: Drawn.of(after)}
                self._replace(state, {**state.workspaces, name: after}, drawings, keep=False)
            else:
                # Perhaps it was erased by somebody who died before this.
                self._file.forget()
            return count

    def _replace(
        self, state: _State, workspaces: Mapping[str, Kept], drawings: Mapping[str, Drawn], *, keep: bool
    ) -> None:
        data = text(state.generation + 1, drawings)
        if len(data) > MOST:
            message = f"{self._file!r} would have {len(data):,} bytes, and {MOST:,} are the most"
            raise StoreUnavailable(f"{message}; keep that much in a SQLite database")
        if len(data) > MANY and not self._warned:
            self._warned = True
            message = f"{self._file!r} has {len(data):,} bytes by now, all of which each commit writes"
            warn(f"{message}; a SQLite database would write only what changes", stacklevel=4)
        mark = self._file.replace(data, BEGINNING, keep=keep)
        self._state = _State(generation=state.generation + 1, workspaces=workspaces, mark=mark, drawings=drawings)

    def _drawn(self, state: _State) -> Mapping[str, Drawn]:
        if state.drawings is not None:
            return state.drawings
        return {name: Drawn.of(kept) for name, kept in state.workspaces.items()}

    # -- what an operator needs -----------------------------------------------------------------

    def workspaces(self) -> tuple[str, ...]:
        """Return the names of all workspaces that were written to, sorted."""
        return tuple(sorted(self._now().workspaces))

    def verify(self) -> tuple[str, ...]:
        """Return everything that is not as it should be, in the file as it is on the disk now."""
        self._check_open()
        self._state = _State()
        return tuple(wrong for name, kept in sorted(self._now().workspaces.items()) for wrong in kept.wrong(name))

    def requests(self, workspace: str, first: int, last: int) -> tuple[tuple[str, Answered], ...]:
        """
        Return the requests that had a key, with what became of them, in the order of their commits.

        Args:
            workspace: The workspace.
            first: The number of the first change with which their commits begin.
            last: That of the last one.
        """
        return self._of(workspace).requests(first, last)

    # -- the state ------------------------------------------------------------------------------

    def _check_open(self) -> None:
        if self._is_closed:
            message = "the store was closed"
            raise StoreClosed(message)

    def _of(self, workspace: str) -> Kept:
        return self._now().of(checked_name(workspace))

    def _now(self) -> _State:
        """Return the state of the file, which is only understood anew where it is another one than the last."""
        self._check_open()
        state = self._state
        found = self._file.read(state.mark, BEGINNING, MOST)
        if isinstance(found, Mark):
            return state
        if found is None:
            fresh = _State()
        else:
            mark, data = found
            generation, workspaces = understood(data, repr(self._file))
            fresh = _State(generation=generation, workspaces=workspaces, mark=mark)
        self._state = fresh
        return fresh
