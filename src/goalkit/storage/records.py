"""What stores keep: records, and the changes that made them. No goals, no metrics."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Final, NamedTuple

from attrs import field, frozen

from ..calendars import day
from ..errors import InvalidValue, shown
from ..texts import text
from ..values import checked, choice, flag


class Kind(StrEnum):
    """
    The kinds of records. Ids are unique within a workspace and a kind.

    Example:
        >>> Kind("fact") is Kind.FACT
        True
    """

    CYCLE = "cycle"
    GOAL = "goal"
    KPI = "kpi"
    FACT = "fact"
    OBSERVATION = "observation"


#: The highest number of a change.
MOST_SEQ: Final = 2**53


class Key(NamedTuple):
    """
    The name of a record within a workspace.

    Attributes:
        kind: The kind.
        id: The id.

    Example:
        >>> str(Key(Kind.GOAL, "nps"))
        "goal 'nps'"
    """

    kind: Kind
    id: str

    def __str__(self) -> str:
        return f"{self.kind.value} {self.id!r}"


class Position(NamedTuple):
    """
    A place in the feed of a workspace.

    Attributes:
        seq: The number of the last change that is seen, 0 for none.
        digest: The digest of that change, by which a store that was put back from a backup is noticed; empty for
            the beginning, and where nobody wants to notice.

    Example:
        >>> Position().seq
        0
    """

    seq: int = 0
    digest: str = ""


@frozen(kw_only=True)
class Record:
    """
    What a store keeps of one thing: text that it does not look into, and what it is found by.

    Attributes:
        key: The kind and the id.
        rev: The revision, from 1, one more with every change, never used twice, not even after the record was
            deleted and came back.
        doc: The document as canonical JSON; None where the record is deleted.
        type: The kind of the document, such as ``key_result`` or ``check_in``.
        about: The id of what a fact or an observation is about; empty for all others.
        on: The day of a fact or an observation; None for all others.
        seq: The number of the change that made it so.
        born: The number of the change that brought it in, by which records are ordered.
    """

    key: Key
    rev: int
    doc: str | None
    type: str
    about: str
    on: date | None
    seq: int
    born: int

    @property
    def is_deleted(self) -> bool:
        """Whether only the memory of it is left, so that its revisions are never used again."""
        return self.doc is None


def kind_of(value: Kind | str) -> Kind:
    """
    Return a kind of records.

    Args:
        value: The kind, or its name.

    Raises:
        InvalidValue: If there is no such kind.

    Example:
        >>> kind_of("goal")
        <Kind.GOAL: 'goal'>
    """
    return choice(Kind, value)


def check_key(key: Key) -> None:
    """
    Check that something is a key.

    Args:
        key: What was given.

    Raises:
        InvalidValue: If it is none.

    Example:
        >>> check_key(Key(Kind.GOAL, "nps"))
    """
    if type(key) is not Key or type(key.kind) is not Kind or not isinstance(key.id, str):
        raise InvalidValue.of("no_key", f"{shown(key)} is no key", hint="give Key(Kind.GOAL, 'nps')")
    text(key.id)


@frozen(kw_only=True)
class Commit:
    """
    What became of a batch.

    Attributes:
        seq: The number of its last change; where it changed nothing, of the last change before it.
        first: The number of its first change; one more than ``seq`` where it changed nothing.
        at: When it was written.
        by: The id of who wrote it; None where nobody said.
        why: Why.
        replayed: Whether the key of the request was known, so that this is what became of it the first time.

    Example:
        >>> from datetime import UTC
        >>> Commit(seq=3, first=2, at=datetime(2026, 7, 1, tzinfo=UTC)).changes
        2
    """

    seq: int
    first: int
    at: datetime
    by: str | None = None
    why: str = ""
    replayed: bool = False

    @property
    def changes(self) -> int:
        """How many records it changed."""
        return self.seq - self.first + 1


@frozen(kw_only=True)
class Answered:
    """
    What became of a request whose idempotency key is known.

    Attributes:
        commit: The commit.
        fingerprint: What the request said; empty where the key alone decides.
    """

    commit: Commit
    fingerprint: str


class Head(NamedTuple):
    """
    Where a workspace stands.

    Attributes:
        position: Its last change; the beginning where it is empty.
        answered: What became of the request whose key was asked for; None where there was none.

    Example:
        >>> Head().position.seq
        0
    """

    position: Position = Position()
    answered: Answered | None = None


@frozen(kw_only=True)
class Change:
    """
    One record that became another: a line of the feed.

    Attributes:
        seq: Its number in the workspace: 1, 2, 3 and so on, without a gap.
        key: The kind and the id of the record.
        rev: The revision that it became.
        doc: The document that it became; None where it was deleted, or its content was erased since.
        type: The kind of the document.
        about: The id of what a fact or an observation is about.
        on: The day of a fact or an observation.
        born: The number of the change that brought the record in.
        deleted: Whether the record was deleted.
        at: When it was written.
        by: The id of who wrote it; None where nobody said.
        why: Why.
        digest: The digest of this change and of all before it.
    """

    seq: int
    key: Key
    rev: int
    doc: str | None
    type: str
    about: str
    on: date | None
    born: int
    deleted: bool
    at: datetime
    by: str | None
    why: str
    digest: str

    @property
    def position(self) -> Position:
        """Where whoever follows the feed goes on from."""
        return Position(self.seq, self.digest)

    @property
    def record(self) -> Record:
        """The record that it became."""
        return Record(
            key=self.key,
            rev=self.rev,
            doc=self.doc,
            type=self.type,
            about=self.about,
            on=self.on,
            seq=self.seq,
            born=self.born,
        )

    @property
    def is_erased(self) -> bool:
        """Whether its content was erased on purpose."""
        return self.doc is None and not self.deleted


#: The most records, or changes, in one page.
MOST_IN_A_PAGE: Final = 1000


def _day(value: date | None) -> date | None:
    return None if value is None else day(value)


@checked
@frozen(kw_only=True)
class Query:
    """
    Which records are read. There is nothing else to ask for, so that every store can answer all of it.

    Attributes:
        kind: Their kind.
        about: The id of what they are about; empty for all.
        type: The kind of their documents; empty for all.
        since: The first day; None for all days. Records without a day are left out where one is given.
        until: The last day; None for all days.
        deleted: Whether deleted records are read too.
        newest_first: Whether those come first that came in last.

    Example:
        >>> Query(kind="fact", about="nps").kind
        <Kind.FACT: 'fact'>
    """

    kind: Kind = field(converter=kind_of)
    about: str = field(default="", converter=text)
    type: str = field(default="", converter=text)
    since: date | None = field(default=None, converter=_day)
    until: date | None = field(default=None, converter=_day)
    deleted: bool = field(default=False, converter=flag)
    newest_first: bool = field(default=False, converter=flag)

    def takes(self, record: Record) -> bool:
        """
        Tell whether a record is one of those that are asked for.

        Args:
            record: The record.
        """
        if record.key.kind is not self.kind or (record.doc is None and not self.deleted):
            return False
        if (self.about and record.about != self.about) or (self.type and record.type != self.type):
            return False
        if self.since is None and self.until is None:
            return True
        on = record.on
        return on is not None and (self.since is None or on >= self.since) and (self.until is None or on <= self.until)


@frozen(kw_only=True)
class Page:
    """
    Some records, as they were at one moment.

    Attributes:
        records: The records that a query asks for ordered by ``born``, from the highest down where it wants the newest
            first; those with some keys in any order.
        head: The last change of the workspace at that moment.
        more: The ``born`` to go on after; None where that was all.
    """

    records: tuple[Record, ...]
    head: Position
    more: int | None = None
