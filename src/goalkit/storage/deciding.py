"""What a batch does to a workspace: the same decision for every store, without a store."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from attrs import evolve, frozen

from .errors import Clash, Conflict, InvalidDocument, KeyReused
from .records import Answered, Batch, Change, Commit, Guard, Key, Position, Put, Quiet, Record


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
        raise Conflict("; ".join(["nothing was written", *moved]), clashes)
    at = batch.at or (now or datetime.now(UTC)).astimezone(UTC)
    changes: list[Change] = []
    seq, digest = head
    for put in batch.puts:
        seq += 1
        try:
            change = _change(put, current.get(put.key), batch, seq=seq, at=at, digest=digest)
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


def _change(put: Put, known: Record | None, batch: Batch, *, seq: int, at: datetime, digest: str) -> Change:
    # What is left of a deleted record is still found by what it was.
    found_by = known if put.doc is None and known is not None else put
    stays = known is not None and not known.is_deleted and not put.anew
    rev = 1 if known is None else known.rev + 1
    born = known.born if stays and known is not None else seq
    by = batch.by or None
    found = (found_by.type, found_by.about, None if found_by.on is None else found_by.on.isoformat())
    what = (seq, put.key.kind.value, put.key.id, rev, put.doc is None, *found)
    return Change(
        seq=seq,
        key=put.key,
        rev=rev,
        doc=put.doc,
        type=found_by.type,
        about=found_by.about,
        on=found_by.on,
        born=born,
        deleted=put.doc is None,
        at=at,
        by=by,
        why=batch.why,
        digest=_digest(digest, what, put.doc, (born, at.isoformat(), by, batch.why)),
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
    found = (change.type, change.about, None if change.on is None else change.on.isoformat())
    what = (change.seq, change.key.kind.value, change.key.id, change.rev, change.deleted, *found)
    return _digest(before, what, change.doc, (change.born, change.at.isoformat(), change.by, change.why))


def _digest(before: str, what: tuple[Any, ...], doc: str | None, told: tuple[Any, ...]) -> str:
    content = None if doc is None else sha256(doc.encode()).hexdigest()
    return sha256(_ENCODER.encode((before, *what, content, *told)).encode()).hexdigest()[:32]


_ENCODER: Final = json.JSONEncoder()
