"""What a store has to do, told a second time: short, slow, and without a line in common with any store."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from ..storage import Batch, Change, Clash, Commit, Guard, Key, Kind, Put, Query, Record


class Row(NamedTuple):
    """
    One record as one change made it.

    Attributes:
        seq: The number of the change.
        key: The kind and the id.
        rev: The revision.
        doc: The document; None where it was deleted.
        type: The kind of the document.
        about: What it is about.
        on: Its day.
        born: The number of the change that brought it in.
    """

    seq: int
    key: Key
    rev: int
    doc: str | None
    type: str
    about: str
    on: date | None
    born: int


class Refused(NamedTuple):
    """
    That a batch is not written.

    Attributes:
        error: The name of the error.
        clashes: The records that are not as expected.
    """

    error: str
    clashes: frozenset[Clash] = frozenset()


class Answer(NamedTuple):
    """
    What became of a batch.

    Attributes:
        first: The number of its first change.
        seq: The number of its last change.
        replayed: Whether that was told before.
    """

    first: int
    seq: int
    replayed: bool = False


class Model:
    """
    One workspace, as it has to be.

    Attributes:
        rows: Every change so far; the change with the number n is at n - 1.
        answers: What became of each request, with its fingerprint.

    Example:
        >>> Model().apply(Batch(key="request-1"))
        Answer(first=1, seq=0, replayed=False)
    """

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.answers: dict[str, tuple[str, Answer]] = {}

    @property
    def seq(self) -> int:
        """The number of the last change."""
        return len(self.rows)

    def current(self, seq: int | None = None) -> dict[Key, Row]:
        """
        Return the last row of each record.

        Args:
            seq: The number of the last change that counts; None for all.
        """
        return {row.key: row for row in self.rows[:seq]}

    def rev(self, key: Key) -> int:
        """
        Return the revision that a batch has to expect.

        Args:
            key: The record.
        """
        row = self.current().get(key)
        return 0 if row is None or row.doc is None else row.rev

    def apply(self, batch: Batch) -> Answer | Refused:
        """
        Write a batch, and return what has to become of it.

        Args:
            batch: The batch.
        """
        if batch.key in self.answers:
            fingerprint, answer = self.answers[batch.key]
            # Whoever does not say what the request is, means the one that is known.
            differ = "" not in {fingerprint, batch.fingerprint} and fingerprint != batch.fingerprint
            return Refused("KeyReused") if differ else answer._replace(replayed=True)
        if (refusal := self.refusal(batch)) is not None:
            return refusal
        answer = Answer(self.seq + 1, self.seq + len(batch.puts))
        self.add(batch)
        if batch.key:
            self.answers[batch.key] = (batch.fingerprint, answer)
        return answer

    def refusal(self, batch: Batch, seq: int | None = None) -> Refused | None:
        """
        Return why a batch is not written on what was there after some change; None where it is.

        Args:
            batch: The batch.
            seq: The number of that change; None for the last.
        """
        now = self.current(seq)
        clashes = set()
        wanted: list[Put | Guard] = [*batch.puts, *batch.guards]
        for key, expect in [(each.key, each.expect) for each in wanted]:
            there = now[key].rev if key in now and now[key].doc is not None else 0
            if there != expect:
                clashes.add(Clash(what=str(key), expected=expect, actual=there))
        loud = [
            row
            for row in self.rows[:seq]
            for quiet in batch.quiet
            if row.seq > quiet.since
            and row.key.kind == quiet.kind
            and quiet.about in {"", row.about}
            and quiet.type in {"", row.type}
        ]
        return Refused("Conflict", frozenset(clashes)) if clashes or loud else None

    def add(self, batch: Batch) -> None:
        """
        Add the rows of a batch that is written.

        Args:
            batch: The batch.
        """
        now = self.current()
        for seq, each in enumerate(batch.puts, start=self.seq + 1):
            before = now.get(each.key)
            known = before if before is not None and each.doc is None else each
            moves = before is None or before.doc is None or each.anew
            self.rows.append(
                Row(
                    seq=seq,
                    key=each.key,
                    rev=before.rev + 1 if before is not None else 1,
                    doc=each.doc,
                    type=known.type,
                    about=known.about,
                    on=known.on,
                    born=seq if before is None or moves else before.born,
                )
            )

    def asked(self, query: Query, seq: int | None = None) -> list[Row]:
        """
        Return the rows that a query asks for, in their order.

        Args:
            query: The query.
            seq: The number of the last change that counts; None for all.
        """
        limited = query.since is not None or query.until is not None
        first, last = query.since or date.min, query.until or date.max
        found = [
            row
            for row in self.current(seq).values()
            if row.key.kind == query.kind
            and (query.deleted or row.doc is not None)
            and query.about in {"", row.about}
            and query.type in {"", row.type}
            and (not limited or (row.on is not None and first <= row.on <= last))
        ]
        return sorted(found, key=lambda row: -row.born if query.newest_first else row.born)


def row_of(record: Record | Change) -> Row:
    """
    Return a record, or the record that a change made, as a row.

    Args:
        record: The record, or the change.
    """
    return Row(
        seq=record.seq,
        key=Key(Kind(record.key.kind), record.key.id),
        rev=record.rev,
        doc=record.doc,
        type=record.type,
        about=record.about,
        on=record.on,
        born=record.born,
    )


def rows_of(records: Iterable[Record | Change]) -> list[Row]:
    """
    Return records or changes as rows.

    Args:
        records: The records, or the changes.
    """
    return [row_of(each) for each in records]


def answer_of(commit: Commit) -> Answer:
    """
    Return a commit as the model tells it.

    Args:
        commit: The commit.
    """
    return Answer(commit.first, commit.seq, commit.replayed)
