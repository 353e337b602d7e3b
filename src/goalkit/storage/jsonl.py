"""
A workspace as lines of JSON, with all that it ever was: for backups, and to move from one store to another.

The first line says what it is. Then comes each commit, with its request where that had a key, followed by its changes,
a line each. The last line counts the lines before it, and has their SHA-256.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import TextIOBase
from itertools import chain
from os import PathLike
from pathlib import Path
from secrets import token_hex
from typing import Any, BinaryIO, Final, Protocol, TypeAlias, cast, runtime_checkable

from attrs import evolve, frozen

from ..errors import InvalidValue, shown
from ..quantities import whole
from .batches import Quiet
from .checking import checked_name, checked_path
from .codec import canonical
from .errors import Conflict, InvalidDocument, StorageError, StoreUnavailable
from .jsonl_reading import FORMAT, VERSION, Replay, Request, requests_of
from .protocol import Maintained, Store
from .records import MOST_IN_A_PAGE, Answered, Change, Commit, Key, Kind, Position
from .rows import embedded, row_of, row_of_commit

#: Where an export is: a path, packed by gzip where it ends in ``.gz``, or an open binary file.
Place: TypeAlias = "str | PathLike[str] | BinaryIO"

#: The most bytes of an export, after it was unpacked.
MOST: Final = 2**32

_Answer: TypeAlias = tuple[str, Answered]

# What was written without a key is told apart by time, person and reason; so much of it may be one commit.
_MOST_AT_ONCE: Final = 1000


@runtime_checkable
class Remembering(Protocol):
    """A store that can tell which requests had a key, so that an export keeps what became of them."""

    def requests(self, workspace: str, first: int, last: int) -> tuple[tuple[str, Answered], ...]:
        """
        Return the requests that had a key, with what became of them, in the order of their commits.

        Args:
            workspace: The workspace.
            first: The number of the first change with which their commits begin.
            last: That of the last one.
        """


@frozen(kw_only=True)
class Imported:
    """
    What an import brought.

    Attributes:
        head: Where the workspace stands now, or would with ``dry_run``.
        changes: How many changes were written; fewer than the export has where an import that was broken off went on.
        is_same: Whether the digests are those of the export, so that whoever followed the one may follow the other;
            they cannot be where content was erased.
    """

    head: Position
    changes: int
    is_same: bool


# -- export ---------------------------------------------------------------------------------------


def export_workspace(store: Store, workspace: str, target: Place) -> Position:
    """
    Write a workspace, with its whole feed, as lines of JSON. The same workspace is always the same bytes.

    A path is written beside its place first, and put there when all of it is on the disk.

    Args:
        store: The store.
        workspace: The workspace.
        target: A path, packed where it ends in ``.gz``, or a binary file that is open for writing.

    Returns:
        The last change that is in it.

    Raises:
        StoreUnavailable: If the store cannot be read, or the target not written.
        Conflict: If something was erased meanwhile.

    Example:
        >>> from io import BytesIO
        >>> from goalkit import Objective, Plan
        >>> from goalkit.storage import open_store
        >>> with open_store("memory:") as store, open_store("memory:") as other, BytesIO() as file:
        ...     commit = store.workspace("acme").save(Plan.of(Objective(id="app", title="App")), by="ida")
        ...     head = export_workspace(store, "acme", file)
        ...     start = file.seek(0)
        ...     import_workspace(other, "acme", file).head == head
        True
    """
    name = checked_name(workspace)
    with _target(target) as file:
        return _export(store, name, file)


def _export(store: Store, name: str, file: BinaryIO) -> Position:
    head = store.head(name).position
    first: dict[str, Any] = {"format": FORMAT, "head": head._asdict(), "version": VERSION, "workspace": name}
    digest, count = sha256(), 0
    for row in chain([first], _rows(store, name, head)):
        line = _encoded(row)
        digest.update(line)
        count += 1
        file.write(line)
    file.write(_encoded({"end": {"lines": count, "sha256": digest.hexdigest()}}))
    return head


def _encoded(row: dict[str, Any]) -> bytes:
    try:
        return f"{canonical(row)}\n".encode()
    except UnicodeEncodeError:
        message = "a document holds half a character, which no file can hold"
        raise InvalidDocument(message) from None


def _rows(store: Store, name: str, head: Position) -> Iterator[dict[str, Any]]:
    erased: set[Key] = set()
    for request in _requests(store, name, head):
        commit = request.answered.commit
        yield {"commit": row_of_commit(commit, request.key, request.answered.fingerprint)}
        for change in request.changes:
            if change.is_erased:
                erased.add(change.key)
            elif change.deleted:
                erased.discard(change.key)
            yield {"change": row_of(change, embedded(change.doc))}
    if erased:
        message = f"something of {name!r} was erased meanwhile; export it again"
        raise Conflict(message)


def _requests(store: Store, name: str, head: Position) -> Iterator[Request]:
    """Yield the commits: those of requests with a key as they were, all others as the feed lets them be told apart."""
    changes: list[Change] = []
    keys: set[Key] = set()
    answer: _Answer | None = None
    for each in _in_time(store, name, head):
        if isinstance(each, Change):
            if changes and (_is_another(each, changes, answer) or (answer is None and each.key in keys)):
                yield _request(changes, answer)
                changes, keys, answer = [], set(), None
            changes.append(each)
            keys.add(each.key)
            continue
        if changes:
            yield _request(changes, answer)
            changes, keys, answer = [], set(), None
        if each[1].commit.changes:
            answer = each
        else:
            yield Request(key=each[0], answered=each[1], changes=())
    if changes:
        yield _request(changes, answer)


def _in_time(store: Store, name: str, head: Position) -> Iterator[Change | _Answer]:
    """Yield the changes up to a place, and before the first of each commit its request, where that had a key."""
    after = Position()
    while after.seq < head.seq:
        page = store.changes(name, after, limit=min(MOST_IN_A_PAGE, head.seq - after.seq))
        begun: dict[int, list[_Answer]] = {}
        for each in _remembered(store, name, after.seq + 1, page[-1].seq):
            begun.setdefault(each[1].commit.first, []).append(each)
        for change in page:
            yield from begun.get(change.seq, ())
            yield change
        after = page[-1].position
    # Those that came later begin there too.
    last = _remembered(store, name, head.seq + 1, head.seq + 1)
    yield from (each for each in last if each[1].commit.seq == head.seq)


def _remembered(store: Store, name: str, first: int, last: int) -> tuple[_Answer, ...]:
    return store.requests(name, first, last) if isinstance(store, Remembering) else ()


def _is_another(change: Change, changes: list[Change], answer: _Answer | None) -> bool:
    """Tell whether a change is of another commit than those before it."""
    if answer is not None:
        return change.seq > answer[1].commit.seq
    before = changes[-1]
    told = (before.at, before.by, before.why)
    return (change.at, change.by, change.why) != told or len(changes) == _MOST_AT_ONCE


def _request(changes: list[Change], answer: _Answer | None) -> Request:
    if answer is not None:
        return Request(key=answer[0], answered=answer[1], changes=tuple(changes))
    first, last = changes[0], changes[-1]
    commit = Commit(seq=last.seq, first=first.seq, at=first.at, by=first.by, why=first.why)
    return Request(key="", answered=Answered(commit=commit, fingerprint=""), changes=tuple(changes))


# -- import ---------------------------------------------------------------------------------------


def import_workspace(
    store: Store, workspace: str, source: Place, *, dry_run: bool = False, most: int = MOST
) -> Imported:
    """
    Bring a workspace back from an export: the same changes, with their numbers, revisions, times and people.

    All of the export is checked before anything is written: that it is whole, as it was written, and that every change
    follows from those before it. Then it is written commit by commit. Where that breaks off, the error has a note that
    says what is there by then, and the same import again goes on from there.

    Content that was erased is not there any more; its changes are, and from the first of them on their digests are
    others than those of the export.

    Args:
        store: The store.
        workspace: The workspace, which may have another name than the one that was exported.
        source: A path, unpacked where it ends in ``.gz``, or a binary file that is open for reading and can be
            gone through twice.
        dry_run: Whether everything is only checked.
        most: The most bytes that it may have, after it was unpacked.

    Raises:
        Conflict: If the workspace holds anything but the beginning of this very feed, or somebody writes to it now.
        StoreDamaged: If the export was cut off or changed, is something else, or unpacks to too much.
        StoreTooNew: If a newer goalkit has written it.
        StoreUnavailable: If it cannot be read, or the store not written.
        InvalidValue: If content of it was erased, and the store cannot do that; or it is no path and no such file.
    """
    name, limit = checked_name(workspace), _most(most)
    start = store.head(name).position
    replay, is_beginning = Replay(), start == Position()
    with _source(source) as file:
        for request in requests_of(file, limit):
            replay.follow(request)
            is_beginning = is_beginning or replay.ours == start
        replay.finish()
    if not is_beginning:
        message = f"{name!r} holds {start.seq} changes that are not the beginning of the export; nothing was written"
        raise Conflict(message)
    if replay.has_erased and not isinstance(store, Maintained):
        hint = "import it into a store that can erase, such as a SQLite database"
        message = "something of it was erased, which this store cannot do"
        raise InvalidValue.of("cannot_erase", message, path="store", hint=hint)
    if not dry_run:
        with _source(source) as file:
            _import(store, name, requests_of(file, limit), start)
    return Imported(head=replay.ours, changes=replay.ours.seq - start.seq, is_same=replay.ours == replay.theirs)


def _import(store: Store, name: str, requests: Iterator[Request], start: Position) -> None:
    replay = Replay()
    there = start.seq
    for request in requests:
        before = replay.ours
        batch, erased = replay.follow(request)
        now = replay.ours.seq
        if now < start.seq:
            continue
        try:
            if now > start.seq or not request.changes:
                quiet = [Quiet(kind=kind, since=before.seq) for kind in Kind]
                commit = store.apply(name, evolve(batch, quiet=quiet))
                if (commit.first, commit.seq) != (before.seq + 1, now):
                    message = f"the key {batch.key!r} was used for something else in {name!r}"
                    raise Conflict(message)
                there = now
            if erased:
                cast("Maintained", store).purge(name, erased, by=batch.by, why=batch.why)
        except StorageError as error:
            note = f"nothing of the export is in {name!r}"
            if there:
                note = f"changes 1 to {there} of the export are in {name!r}; the same import again goes on after them"
            error.add_note(note)
            raise


# -- files ----------------------------------------------------------------------------------------


@contextmanager
def _target(target: Place) -> Iterator[BinaryIO]:
    path = _path(target, "write")
    with _told("written"):
        if path is None:
            yield cast("BinaryIO", target)
            return
        # Whoever finds the path finds all of it.
        writing = path.with_name(f"{path.name}.{token_hex(8)}.writing")
        try:
            with writing.open("xb") as file:
                if path.suffix == ".gz":
                    # Without a name and a time in it, so that the same workspace is the same bytes.
                    with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
                        yield cast("BinaryIO", packed)
                else:
                    yield file
                file.flush()
                os.fsync(file.fileno())
            writing.replace(path)
        finally:
            writing.unlink(missing_ok=True)


@contextmanager
def _source(source: Place) -> Iterator[BinaryIO]:
    path = _path(source, "seek")
    with _told("read"):
        if path is None:
            file = cast("BinaryIO", source)
            start = file.tell()
            yield file
            file.seek(start)
        elif path.suffix == ".gz":
            with gzip.open(path, "rb") as packed:
                yield cast("BinaryIO", packed)
        else:
            with path.open("rb") as file:
                yield file


def _path(place: Any, verb: str) -> Path | None:
    if isinstance(place, (str, PathLike)):
        return Path(checked_path(place))
    if hasattr(place, verb) and not isinstance(place, TextIOBase):
        return None
    hint = f"give a path, or a binary file with {verb}()"
    raise InvalidValue.of("not_a_path", f"{shown(place)} is no path and no such file", path="file", hint=hint)


def _most(most: int) -> int:
    try:
        return whole(most, least=1, most=2**60)
    except InvalidValue as error:
        raise error.under("most") from None


@contextmanager
def _told(verb: str) -> Iterator[None]:
    try:
        yield
    except StorageError:
        raise
    except OSError as error:
        what = (error.strerror or type(error).__name__).lower()
        message = f"the export cannot be {verb}: {what}"
        raise StoreUnavailable(message) from None
