"""A batch as writes of rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Final

from ..batches import Batch
from ..deciding import Decision, decide, keys_of, replayed
from ..errors import StoreUnavailable
from ..records import Commit, Key, Position, Record
from .layout import MOST_WORKSPACES, ROOM
from .modes import Standing
from .queries import answered, is_disturbed, rows_of
from .rows import commit_row, records_of, row_of

_ADD: Final = (
    "INSERT INTO gk_change (place, kind, id, rev, type, about, day, born, deleted, digest, doc) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_REPLACE: Final = "UPDATE gk_change SET replaced = ? WHERE place = ?"
_COMMITTED: Final = (
    "INSERT INTO gk_commit (ws, no, seq, first, at, who, why, key, fingerprint) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def applied(cursor: sqlite3.Cursor, workspace: str, place: Standing | None, batch: Batch) -> Commit:
    """
    Write a batch within a transaction of a writer.

    Args:
        cursor: The cursor.
        workspace: The workspace.
        place: Where it stands; None where it is new.
        batch: The batch.
    """
    number, seq, digest = place or (0, 0, b"")
    if (first := replayed(batch, answered(cursor, number, batch.key))) is not None:
        # Whoever wrote it may have died before it was certain to stay, and a commit waits only where something was
        # written. SQLite writes nothing where a row is given what it has.
        for step in (1, -1):
            cursor.execute("UPDATE gk_workspace SET seq = seq + ? WHERE id = ?", (step, number))
        return first
    base = number * ROOM
    records = records_of(rows_of(cursor, base, keys_of(batch)))
    current = {record.key: record for record in records}
    disturbed = [quiet for quiet in batch.quiet if is_disturbed(cursor, base, quiet)]
    decision = decide(batch, current=current, disturbed=disturbed, head=Position(seq, digest.hex()))
    if not number:
        cursor.execute("INSERT INTO gk_workspace (name, seq, digest) VALUES (?, 0, x'')", (workspace,))
        number = cursor.lastrowid or 0
        if number > MOST_WORKSPACES:
            raise StoreUnavailable(f"the file holds {MOST_WORKSPACES:,} workspaces, and no more; begin another")
    _write(cursor, number, batch, decision, current)
    return decision.commit


def _write(
    cursor: sqlite3.Cursor, number: int, batch: Batch, decision: Decision, current: Mapping[Key, Record]
) -> None:
    base, commit, head = number * ROOM, decision.commit, decision.head
    replaced = [(base + new.seq, base + current[new.key].seq) for new in decision.changes if new.key in current]
    if replaced:
        cursor.executemany(_REPLACE, replaced)
    cursor.executemany(_ADD, [row_of(change, base) for change in decision.changes])
    if decision.changes:
        cursor.execute(_COMMITTED, (number, 0, *commit_row(commit, batch)))
        cursor.execute(
            "UPDATE gk_workspace SET seq = ?, digest = ? WHERE id = ?", (head.seq, bytes.fromhex(head.digest), number)
        )
    elif batch.key:
        empty = "SELECT coalesce(max(no), 0) + 1 FROM gk_commit WHERE ws = ? AND seq = ?"
        (no,) = cursor.execute(empty, (number, commit.seq)).fetchone()
        cursor.execute(_COMMITTED, (number, no, *commit_row(commit, batch)))
