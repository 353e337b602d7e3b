"""An export as it is read: checked line by line, and followed commit by commit without a store."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from gzip import BadGzipFile
from hashlib import sha256
from typing import Any, BinaryIO, Final, NoReturn, TypeAlias

from attrs import evolve, frozen

from ..errors import InvalidValue
from .batches import Batch, Put
from .codec import canonical
from .deciding import decide, digest_of
from .errors import StorageError, StoreDamaged, StoreTooNew
from .records import Answered, Change, Key, Position, Record
from .rows import answered_of, change_of, text_of

#: What is left of a record: revision, whether it is deleted, seq, born, type, about and day. Plain, as there are many.
_Last: TypeAlias = tuple[int, bool, int, int, str, str, date | None]
_NEVER: Final = (0, True)

FORMAT: Final = "goalkit feed"
VERSION: Final = 1

_LONGEST_LINE: Final = 64 * 2**20
#: What stands in the place of content that was erased, until it is erased there too.
_STAND_IN: Final = "{}"


@frozen(kw_only=True)
class Request:
    """
    One commit of an export.

    Attributes:
        key: The idempotency key of its request; empty without one.
        answered: The commit, and what the request said.
        changes: Its changes.
    """

    key: str
    answered: Answered
    changes: tuple[Change, ...]


class Replay:
    """
    What becomes of a workspace as the commits of an export are followed. Documents are not kept.

    Attributes:
        theirs: The last change that was followed, as the export says.
        ours: The same as a store has it after the import; another one once content was erased.
        has_erased: Whether content was erased.
    """

    def __init__(self) -> None:
        self.theirs = Position()
        self.ours = Position()
        self.has_erased = False
        self._last: Final[dict[Key, _Last]] = {}
        self._erased: Final[set[Key]] = set()

    def follow(self, request: Request) -> tuple[Batch, tuple[Key, ...]]:
        """
        Return the batch that makes a commit again, and the records of which content is to be erased after it.

        Args:
            request: The commit.

        Raises:
            StoreDamaged: If it does not follow from those before it.
        """
        commit, changes = request.answered.commit, request.changes
        if (commit.first, commit.seq) != (self.theirs.seq + 1, self.theirs.seq + len(changes)):
            _damaged(f"the commit of change {commit.first} follows change {self.theirs.seq}")
        try:
            batch = Batch(
                puts=[self._put(change) for change in changes],
                key=request.key,
                fingerprint=request.answered.fingerprint,
                by=commit.by,
                why=commit.why,
                at=commit.at,
            )
            made = decide(batch, current=self._current(changes), disturbed=(), head=self.ours)
        except (InvalidValue, StorageError, UnicodeEncodeError):
            _damaged(f"the commit of change {commit.first} could never be written")
        gone: list[Key] = []
        for told, change in zip(changes, made.changes, strict=True):
            self._check(told, change)
            found_by = (change.type, change.about, change.on)
            self._last[change.key] = (change.rev, change.doc is None, change.seq, change.born, *found_by)
            if told.deleted and told.key in self._erased:
                self._erased.discard(told.key)
                gone.append(told.key)
            self.theirs = told.position
        self.ours = made.head
        return batch, tuple(gone)

    def _current(self, changes: Iterable[Change]) -> dict[Key, Record]:
        return {
            change.key: _record(change.key, self._last[change.key]) for change in changes if change.key in self._last
        }

    def _put(self, change: Change) -> Put:
        rev, is_deleted, *_ = self._last.get(change.key, _NEVER)
        return Put(
            key=change.key,
            expect=0 if is_deleted else rev,
            doc=_STAND_IN if change.is_erased else change.doc,
            type=change.type,
            about=change.about,
            on=change.on,
            anew=not is_deleted and change.born == change.seq,
        )

    def _check(self, told: Change, made: Change) -> None:
        if told.is_erased:
            self.has_erased = True
            self._erased.add(told.key)
        elif self.has_erased:
            # From here on it is made with another digest, so that the one that is told is taken by itself.
            if digest_of(told, self.theirs.digest) != told.digest or (told.key in self._erased and not told.deleted):
                _damaged(f"change {told.seq} is not what was written")
        elif told == made:
            return
        if evolve(told, doc=made.doc, digest=made.digest if self.has_erased else told.digest) != made:
            _damaged(f"change {told.seq} does not follow from those before it")

    def finish(self) -> None:
        """
        Check that nothing is missing at the end.

        Raises:
            StoreDamaged: If content was erased of a record that is still there.
        """
        if self._erased:
            _damaged("something was erased that is still there")


def _record(key: Key, last: _Last) -> Record:
    rev, is_deleted, seq, born, type_, about, on = last
    doc = None if is_deleted else ""
    return Record(key=key, rev=rev, doc=doc, type=type_, about=about, on=on, seq=seq, born=born)


def requests_of(file: BinaryIO, most: int) -> Iterator[Request]:
    """
    Yield the commits of an export. Only when the last one was given, it is known that it is as it was written.

    Args:
        file: The export, from its first line on.
        most: The most bytes of it.

    Raises:
        StoreDamaged: If it was cut off or changed, or is something else.
        StoreTooNew: If a newer goalkit has written it.
    """
    lines = _checked(_lines(file, most))
    head = _head(next(lines, {}))
    last = Position()
    for line in lines:
        key, answered = answered_of(_told(line, "commit"))
        rows = [_told(next(lines, {}), "change") for _ in range(answered.commit.changes)]
        changes = tuple(change_of(row, text_of(row.get("doc"))) for row in rows)
        yield Request(key=key, answered=answered, changes=changes)
        last = changes[-1].position if changes else last
    if last != head:
        _damaged(f"it ends at change {last.seq}")


def _lines(file: BinaryIO, most: int) -> Iterator[bytes]:
    left = most
    while True:
        try:
            line = file.readline(min(left, _LONGEST_LINE) + 1)
        except (EOFError, BadGzipFile, zlib.error):
            _damaged("it cannot be unpacked")
        if not line:
            return
        if len(line) > min(left, _LONGEST_LINE):
            _damaged(f"a line is too long, or all of it more than {most:,} bytes")
        left -= len(line)
        yield line


def _checked(lines: Iterator[bytes]) -> Iterator[dict[str, Any]]:
    """Yield the rows up to the last line, which has to tell the digest of all before it."""
    digest = sha256()
    for count, line in enumerate(lines):
        if line.startswith(b'{"end":'):
            end = {"end": {"lines": count, "sha256": digest.hexdigest()}}
            if line != f"{canonical(end)}\n".encode() or next(lines, b""):
                _damaged("its digest is another one")
            return
        digest.update(line)
        try:
            yield json.loads(line.decode())
        except (ValueError, RecursionError):
            _damaged(f"line {count + 1} is no JSON")
    _damaged("its last line is missing")


def _head(row: Mapping[str, Any]) -> Position:
    if not isinstance(row, dict) or row.get("format") != FORMAT:
        _damaged("it is something else")
    version = row.get("version")
    if type(version) is int and version > VERSION:
        message = f"the export is of version {version}, and {VERSION} is the newest that is known here"
        raise StoreTooNew(f"{message}; a newer goalkit can read it")
    head = row.get("head")
    if version != VERSION or not isinstance(head, dict):
        _damaged("its first line says nothing")
    return Position(head.get("seq", 0), head.get("digest", ""))


def _told(row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = row.get(name) if isinstance(row, dict) else None
    if not isinstance(found, dict):
        _damaged(f"a {name} is missing")
    return found


def _damaged(what: str) -> NoReturn:
    message = f"the export is not as it was written: {what}; nothing was written"
    raise StoreDamaged(message)
