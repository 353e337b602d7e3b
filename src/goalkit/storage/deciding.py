"""What a batch does to a workspace: the same decision for every store, without a store."""

from __future__ import annotations

import json.encoder
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Final

from attrs import evolve, frozen

from .batches import Batch, Guard, Put, Quiet
from .errors import Clash, Conflict, InvalidDocument, KeyReused, in_short
from .records import Answered, Change, Commit, Key, Position, Record


@frozen(kw_only=True)
class Decision:
    """
    What a store has to write, all of it or nothing.

    Attributes:
        commit: What becomes of the batch.
        changes: The changes to add to the feed, in order; each says which record it makes.
        head: The last change of the workspace from now on.
    """

    commit: Commit
    changes: tuple[Change, ...]
    head: Position


def keys_of(batch: Batch) -> tuple[Key, ...]:
    """
    Return the keys of the records that a store has to look up to decide on a batch.

    Args:
        batch: The batch.
    """
    return tuple(dict.fromkeys([*(put.key for put in batch.puts), *(guard.key for guard in batch.guards)]))


def replayed(batch: Batch, known: Answered | None) -> Commit | None:
    """
    Return what became of a request the first time; None where its key is not known.

    Args:
        batch: The batch.
        known: What is known of its key.

    Raises:
        KeyReused: If the key was used for something else.
    """
    if known is None:
        return None
    if batch.fingerprint and known.fingerprint and batch.fingerprint != known.fingerprint:
        message = f"the key {batch.key!r} was used for something else on {known.commit.at:%Y-%m-%d}"
        raise KeyReused(f"{message}; a key belongs to one request")
    return evolve(known.commit, replayed=True)


def decide(
    batch: Batch,
    *,
    current: Mapping[Key, Record],
    disturbed: Iterable[Quiet],
    head: Position,
    now: datetime | None = None,
) -> Decision:
    """
    Return what a batch writes.

    The store holds the lock of the workspace from before it looks anything up until all of the decision is
    written. It looks the idempotency key up first, with `replayed`.

    Args:
        batch: The batch.
        current: The records that `keys_of` names, deleted ones too, as far as there are any.
        disturbed: Of what must be quiet, what is not.
        head: The last change of the workspace.
        now: The time, where the batch does not say; None for that of this machine.

    Raises:
        Conflict: If a record is not in the revision that the batch expects, something that must be quiet has
            changed, or the workspace has moved on where it must not have. Every clash is named.
        InvalidDocument: If a document is no text that can be written.
    """
    clashes = [*_clashes((*batch.puts, *batch.guards), current)]
    moved = [f"{quiet} changed since {quiet.since}" for quiet in disturbed]
    if batch.head is not None and batch.head != head:
        moved.append(f"the workspace moved on since change {batch.head.seq}")
    if clashes or moved:
        raise Conflict(f"nothing was written{'; ' if moved else ''}{in_short(moved)}", clashes)
    at = batch.at or (now or datetime.now(UTC)).astimezone(UTC)
    changes: list[Change] = []
    seq, digest = head
    for put in batch.puts:
        seq += 1
        try:
            change = _change(put, current.get(put.key), batch, Position(seq, digest), at)
        except UnicodeEncodeError:
            message = f"the document of {put.key} holds half a character, which no text can"
            raise InvalidDocument(message) from None
        digest = change.digest
        changes.append(change)
    commit = Commit(seq=seq, first=head.seq + 1, at=at, by=batch.by or None, why=batch.why)
    return Decision(commit=commit, changes=tuple(changes), head=Position(seq, digest))


def _clashes(wanted: Iterable[Put | Guard], current: Mapping[Key, Record]) -> Iterator[Clash]:
    for each in wanted:
        record = current.get(each.key)
        actual = 0 if record is None or record.is_deleted else record.rev
        if actual != each.expect:
            yield Clash(what=str(each.key), expected=each.expect, actual=actual)


def _change(put: Put, known: Record | None, batch: Batch, place: Position, at: datetime) -> Change:
    seq, before = place
    # What is left of a deleted record is still found by what it was.
    found_by = known if put.doc is None and known is not None else put
    stays = known is not None and not known.is_deleted and not put.anew
    rev = 1 if known is None else known.rev + 1
    born = known.born if stays and known is not None else seq
    by, deleted = batch.by or None, put.doc is None
    type_, about, on = found_by.type, found_by.about, found_by.on
    digest = _digest(before, seq, put.key, rev, deleted, type_, about, on, put.doc, born, at, by, batch.why)
    return Change(
        seq=seq,
        key=put.key,
        rev=rev,
        doc=put.doc,
        type=type_,
        about=about,
        on=on,
        born=born,
        deleted=deleted,
        at=at,
        by=by,
        why=batch.why,
        digest=digest,
    )


def digest_of(change: Change, before: str) -> str:
    """
    Return the digest of a change and of all before it.

    The content of a change counts by its own digest, so that a feed can be verified after content was erased on
    purpose, as long as that digest is kept. Times and people count too.

    Args:
        change: The change.
        before: The digest of the change before it; empty for the first.
    """
    return _digest(
        before,
        change.seq,
        change.key,
        change.rev,
        change.deleted,
        change.type,
        change.about,
        change.on,
        change.doc,
        change.born,
        change.at,
        change.by,
        change.why,
    )


def _digest(  # noqa: PLR0917 - all that a change says, in the order of the list
    before: str,
    seq: int,
    key: Key,
    rev: int,
    deleted: bool,
    type_: str,
    about: str,
    on: date | None,
    doc: str | None,
    born: int,
    at: datetime,
    by: str | None,
    why: str,
) -> str:
    # What json.dumps makes of a list of them, in two thirds of the time: every store needs it for every change.
    kind, id_ = key
    content = "null" if doc is None else f'"{sha256(doc.encode()).hexdigest()}"'
    listed = (
        f'[{_quoted(before)}, {seq}, "{kind.value}", {_quoted(id_)}, {rev}, {"true" if deleted else "false"}, '
        f"{_quoted(type_)}, {_quoted(about)}, {'null' if on is None else _quoted(on.isoformat())}, "
        f'{content}, {born}, "{at.isoformat()}", {"null" if by is None else _quoted(by)}, {_quoted(why)}]'
    )
    return sha256(listed.encode()).hexdigest()[:32]


_quoted: Final = json.encoder.encode_basestring_ascii
