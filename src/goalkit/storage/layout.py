"""
The text of a JSON file of plans: laid out for people, and checked by a digest of what it says.

Everything stands in it once. The records are the documents as they are now, a line for each of their fields; the
changes are the feed, a line each, with the documents that are no longer current.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, Final, Self, final

from .batches import Batch
from .codec import canonical
from .deciding import Decision
from .errors import StoreDamaged, StoreTooNew
from .keeping import Kept
from .records import Change, Key, Kind, Position
from .rows import answered_of, change_of, embedded, row_of, row_of_commit, text_of

FORMAT: Final = "goalkit plans"
VERSION: Final = 1

#: So many bytes at the beginning of a file hold its generation and its digest.
BEGINNING: Final = 200


@final
class Drawn:
    """
    A workspace as lines of text, of which a commit makes only those anew that it changes.

    Attributes:
        changes: A line for each change.
        records: For each current record its document as canonical JSON, and in lines.
        answered: A line for each request that had a key.
    """

    __slots__ = ("answered", "changes", "records")

    def __init__(self) -> None:
        self.changes: Final[list[str]] = []
        self.records: Final[dict[Key, tuple[str, str]]] = {}
        self.answered: Final[dict[str, str]] = {}

    @classmethod
    def of(cls, kept: Kept) -> Self:
        """
        Draw all of a workspace.

        Args:
            kept: The workspace.
        """
        drawn = cls()
        for change in kept.changes:
            is_current = kept.records[change.key].seq == change.seq
            drawn.changes.append(_line(change, is_current=is_current))
            if is_current and change.doc is not None:
                drawn.records[change.key] = _document(change.doc)
        for key in kept.answered:
            drawn.answered[key] = _answer(kept, key)
        return drawn

    def after(self, before: Kept, batch: Batch, decision: Decision, after: Kept) -> Self:
        """
        Return the drawing after a commit.

        Args:
            before: The workspace before it.
            batch: What was written.
            decision: What it changed.
            after: The workspace after it.
        """
        drawn = type(self)()
        drawn.changes.extend(self.changes)
        drawn.records.update(self.records)
        drawn.answered.update(self.answered)
        for change in decision.changes:
            if (known := before.records.get(change.key)) is not None and known.doc is not None:
                # What was current is told by its change from now on.
                drawn.changes[known.seq - 1] = _line(before.changes[known.seq - 1], is_current=False)
                del drawn.records[change.key]
            drawn.changes.append(_line(change, is_current=True))
            if change.doc is not None:
                drawn.records[change.key] = _document(change.doc)
        if batch.key:
            drawn.answered[batch.key] = _answer(after, batch.key)
        return drawn

    def compact(self) -> str:
        """Return the workspace as canonical JSON."""
        answered = ",".join(f"{_word(key)}:{self.answered[key]}" for key in sorted(self.answered))
        kinds = ",".join(
            f"{_word(kind)}:{{{','.join(f'{_word(key.id)}:{self.records[key][0]}' for key in keys)}}}"
            for kind, keys in self._kinds()
        )
        return f'{{"answered":{{{answered}}},"changes":[{",".join(self.changes)}],"records":{{{kinds}}}}}'

    def lines(self) -> str:
        """Return the workspace for people."""
        answered = [f"{_word(key)}: {self.answered[key]}" for key in sorted(self.answered)]
        kinds = [
            f"{_word(kind)}: {_block('{}', [f'{_word(key.id)}: {self.records[key][1]}' for key in keys], 5)}"
            for kind, keys in self._kinds()
        ]
        parts = [
            f'"answered": {_block("{}", answered, 4)}',
            f'"changes": {_block("[]", self.changes, 4)}',
            f'"records": {_block("{}", kinds, 4)}',
        ]
        return _block("{}", parts, 3)

    def _kinds(self) -> Iterable[tuple[str, list[Key]]]:
        found: dict[str, list[Key]] = {}
        for key in sorted(self.records):
            found.setdefault(key.kind.value, []).append(key)
        return found.items()


def _line(change: Change, *, is_current: bool) -> str:
    return canonical(row_of(change, None if is_current else embedded(change.doc)))


def _answer(kept: Kept, key: str) -> str:
    answered = kept.answered[key]
    return canonical(row_of_commit(answered.commit, fingerprint=answered.fingerprint))


def _document(doc: str) -> tuple[str, str]:
    found = embedded(doc)
    if not isinstance(found, dict):
        return (canonical(found),) * 2
    return doc, _block("{}", [f"{_word(name)}: {canonical(value)}" for name, value in found.items()], 6)


def _block(brackets: str, parts: list[str], depth: int) -> str:
    if not parts:
        return brackets
    end, start = "\n" + "  " * (depth - 1), "\n" + "  " * depth
    return f"{brackets[0]}{start}{f',{start}'.join(parts)}{end}{brackets[1]}"


_word: Final = canonical


def text(generation: int, drawings: Mapping[str, Drawn]) -> bytes:
    """
    Return the file.

    Args:
        generation: How often the file was written, with this time.
        drawings: The workspaces.
    """
    names = sorted(drawings)
    workspaces = ",".join(f"{_word(name)}:{drawings[name].compact()}" for name in names)
    content = (
        f'{{"format":{_word(FORMAT)},"generation":{generation},"version":{VERSION},"workspaces":{{{workspaces}}}}}'
    )
    parts = [
        f'"format": {_word(FORMAT)}',
        f'"generation": {generation}',
        f'"sha256": "{sha256(content.encode()).hexdigest()}"',
        f'"version": {VERSION}',
        f'"workspaces": {_block("{}", [f"{_word(name)}: {drawings[name].lines()}" for name in names], 2)}',
    ]
    return f"{_block('{}', parts, 1)}\n".encode()


def understood(data: bytes, what: str) -> tuple[int, dict[str, Kept]]:
    """
    Return the generation of a file and its workspaces.

    Args:
        data: The file.
        what: What an error calls it.

    Raises:
        StoreDamaged: If it is no such file, or not as it was written.
        StoreTooNew: If a newer goalkit has written it.
    """
    try:
        tree = json.loads(data.removeprefix(b"\xef\xbb\xbf").decode())
    except (ValueError, RecursionError):
        message = f"{what} is no JSON: it was cut off, changed, or is something else"
        raise StoreDamaged(message) from None
    if not isinstance(tree, dict) or tree.get("format") != FORMAT:
        message = f"{what} is no file of plans, and is left alone"
        raise StoreDamaged(message)
    version = tree.get("version")
    if type(version) is int and version > VERSION:
        message = f"{what} is of version {version}, and {VERSION} is the newest that is known here"
        raise StoreTooNew(f"{message}; a newer goalkit can open it")
    try:
        is_whole = tree.pop("sha256", None) == sha256(canonical(tree).encode()).hexdigest() and (
            type(version),
            version,
        ) == (int, VERSION)
        found = (_generation(tree), {name: _kept(rows) for name, rows in tree["workspaces"].items()})
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        is_whole, found = False, (0, {})
    if not is_whole:
        message = f"{what} is not as it was written: it was changed, by hand or by chance; put back another"
        raise StoreDamaged(message)
    return found


def _generation(tree: Mapping[str, Any]) -> int:
    generation = tree["generation"]
    if type(generation) is not int or generation < 1:
        message = "there is no generation"
        raise StoreDamaged(message)
    return generation


def _kept(rows: Mapping[str, Any]) -> Kept:
    kept = Kept()
    records = {Key(Kind(kind), id_): doc for kind, docs in rows["records"].items() for id_, doc in docs.items()}
    current = {Key(Kind(row["kind"]), row["id"]): row["seq"] for row in rows["changes"]}
    for number, row in enumerate(rows["changes"], 1):
        if row["seq"] != number:
            message = f"change {number} is missing"
            raise StoreDamaged(message)
        key = Key(Kind(row["kind"]), row["id"])
        is_current = current[key] == number and not row.get("deleted")
        change = change_of(row, text_of(records.pop(key) if is_current else row.get("doc")))
        kept.changes.append(change)
        kept.put([change.record])
        kept.head = Position(change.seq, change.digest)
    if records:
        message = "there are records without a change"
        raise StoreDamaged(message)
    found = [(key, answered_of(row)[1]) for key, row in rows["answered"].items()]
    kept.answered.update(sorted(found, key=lambda each: (each[1].commit.first, each[1].commit.seq, each[0])))
    return kept
