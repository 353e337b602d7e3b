"""Changes, and what became of requests, as rows of plain data: what the JSON file and the export write alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final, TypeVar

from .codec import canonical, decoded
from .errors import InvalidDocument, StoreDamaged
from .records import Answered, Change, Commit, Key, Kind

_T = TypeVar("_T")

_OF_A_CHANGE: Final = frozenset(
    {"about", "at", "born", "by", "deleted", "digest", "doc", "id", "kind", "on", "rev", "seq", "type", "why"}
)
_OF_A_COMMIT: Final = frozenset({"at", "by", "fingerprint", "first", "key", "seq", "why"})


def embedded(doc: str | None) -> Any:
    """
    Return a document as plain data where that can be written as the same text again, else as the text.

    Args:
        doc: The text of the document; None for none.

    Example:
        >>> embedded('{"id":"nps"}'), embedded('{ "id": "nps" }')
        ({'id': 'nps'}, '{ "id": "nps" }')
    """
    if doc is None:
        return None
    try:
        found = decoded(doc)
    except InvalidDocument:
        return doc
    return found if canonical(found) == doc else doc


def text_of(value: Any) -> str | None:
    """
    Return the text of a document that was embedded.

    Args:
        value: Plain data, the text, or None.

    Raises:
        StoreDamaged: If it is none of them.

    Example:
        >>> text_of({"id": "nps"})
        '{"id":"nps"}'
    """
    if isinstance(value, dict):
        return canonical(value)
    if value is None or isinstance(value, str):
        return value
    message = f"a document is a {type(value).__name__}, and neither an object nor a text"
    raise StoreDamaged(message)


def row_of(change: Change, doc: Any = None) -> dict[str, Any]:
    """
    Return a change as a row: what says nothing is left out.

    Args:
        change: The change.
        doc: Its document as the row is to hold it; None where it is left out.

    Example:
        >>> from goalkit.storage import Batch, Position, Put, open_store
        >>> with open_store("memory:") as store:
        ...     put = Put(key=Key(Kind.GOAL, "app"), expect=0, doc="{}", type="objective")
        ...     commit = store.apply("acme", Batch(puts=[put], at=datetime(2026, 7, 1, tzinfo=UTC)))
        ...     row_of(store.changes("acme", Position())[0])["at"]
        '2026-07-01T00:00:00+00:00'
    """
    told = {
        "about": change.about or None,
        "at": change.at.isoformat(),
        "born": change.born,
        "by": change.by,
        "deleted": change.deleted or None,
        "digest": change.digest,
        "doc": doc,
        "id": change.key.id,
        "kind": change.key.kind.value,
        "on": None if change.on is None else change.on.isoformat(),
        "rev": change.rev,
        "seq": change.seq,
        "type": change.type or None,
        "why": change.why or None,
    }
    return {name: value for name, value in told.items() if value is not None}


def change_of(row: Mapping[str, Any], doc: str | None) -> Change:
    """
    Return the change that a row tells.

    Args:
        row: The row.
        doc: Its document.

    Raises:
        StoreDamaged: If it is no such row.
    """
    _check_names(row, _OF_A_CHANGE, "change")
    on = _told(row, "on", str, "")
    try:
        kind = Kind(_told(row, "kind", str))
        day = date.fromisoformat(on) if on else None
    except ValueError:
        message = "a change has no kind, or no day, that there is"
        raise StoreDamaged(message) from None
    return Change(
        seq=_told(row, "seq", int),
        key=Key(kind, _told(row, "id", str)),
        rev=_told(row, "rev", int),
        doc=doc,
        type=_told(row, "type", str, ""),
        about=_told(row, "about", str, ""),
        on=day,
        born=_told(row, "born", int),
        deleted=_told(row, "deleted", bool, default=False),
        at=_time(row),
        by=_told(row, "by", str, "") or None,
        why=_told(row, "why", str, ""),
        digest=_told(row, "digest", str),
    )


def row_of_commit(commit: Commit, key: str = "", fingerprint: str = "") -> dict[str, Any]:
    """
    Return a commit as a row, with the request that it answered: what says nothing is left out.

    Args:
        commit: The commit.
        key: The idempotency key of the request; empty without one.
        fingerprint: What the request said.

    Example:
        >>> row_of_commit(Commit(seq=2, first=1, at=datetime(2026, 7, 1, tzinfo=UTC)))
        {'at': '2026-07-01T00:00:00+00:00', 'first': 1, 'seq': 2}
    """
    told = {
        "at": commit.at.isoformat(),
        "by": commit.by,
        "fingerprint": fingerprint or None,
        "first": commit.first,
        "key": key or None,
        "seq": commit.seq,
        "why": commit.why or None,
    }
    return {name: value for name, value in told.items() if value is not None}


def answered_of(row: Mapping[str, Any]) -> tuple[str, Answered]:
    """
    Return the request, and what became of it, that the row of a commit tells.

    Args:
        row: The row.

    Returns:
        The idempotency key, empty without one, and the answer.

    Raises:
        StoreDamaged: If it is no such row.
    """
    _check_names(row, _OF_A_COMMIT, "commit")
    commit = Commit(
        seq=_told(row, "seq", int),
        first=_told(row, "first", int),
        at=_time(row),
        by=_told(row, "by", str, "") or None,
        why=_told(row, "why", str, ""),
    )
    return _told(row, "key", str, ""), Answered(commit=commit, fingerprint=_told(row, "fingerprint", str, ""))


def _check_names(row: object, names: frozenset[str], what: str) -> None:
    if not isinstance(row, dict) or not names.issuperset(row):
        message = f"a {what} has names that it cannot have"
        raise StoreDamaged(message)


def _told(row: Mapping[str, Any], name: str, cls: type[_T], default: _T | None = None) -> _T:
    value = row.get(name, default)
    if type(value) is not cls:
        message = f"{name} is {'missing' if value is None else f'a {type(value).__name__}'}"
        raise StoreDamaged(message)
    return value


def _time(row: Mapping[str, Any]) -> datetime:
    try:
        at = datetime.fromisoformat(_told(row, "at", str))
    except ValueError:
        at = None
    if at is None or at.tzinfo is not UTC:
        message = "a time is none, or not in UTC"
        raise StoreDamaged(message)
    return at
