"""What all cases share: a store of their own, and short words for what they do with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Final, TypeVar

import pytest

from ..storage import Batch, Change, Commit, Key, Kind, Position, Put, Query, Record, Store
from .factories import StoreFactory
from .proving import holds

_F = TypeVar("_F", bound=Callable[..., Any])

#: The workspace that most cases write to.
ACME: Final = "acme"

#: A moment to write at.
AT: Final = datetime(2026, 7, 1, 12, 30, 15, 123456, tzinfo=UTC)

#: A day to write about.
DAY: Final = date(2026, 7, 1)


class Cases:
    """
    Cases that each have a store of their own.

    Attributes:
        factory: Makes the factory of a store; the class of the factory is what is usually given.
        seed: What everything random begins with.
    """

    factory: ClassVar[Callable[[], StoreFactory]]
    seed: ClassVar[int] = 0
    made: StoreFactory
    store: Store

    def setup_method(self) -> None:
        """Make a new store; called before each case."""
        self.made = type(self).factory()
        self.store = self.made.create()
        self._handles: list[Store] = [self.store]

    def teardown_method(self) -> None:
        """Close every handle and remove the store; called after each case, whatever became of it."""
        for handle in self._handles:
            handle.close()
        self.made.destroy()

    def again(self) -> Store:
        """Return another handle on the same data."""
        handle = self.made.open_again()
        if handle is None:
            message = "the factory opens its store a second time"
            raise AssertionError(message)
        self._handles.append(handle)
        return handle

    def write(self, *puts: Put, to: str = ACME, **told: Any) -> Commit:
        """
        Apply a batch.

        Args:
            *puts: The records.
            to: The workspace.
            **told: The other fields of the batch.
        """
        return self.store.apply(to, Batch(puts=puts, **told))

    def found(self, key: Key, of: str = ACME) -> Record | None:
        """
        Return a record, deleted or not; None where there is none.

        Args:
            key: Its key.
            of: The workspace.
        """
        return next(iter(self.store.read(of, [key]).records), None)

    def kept(self, key: Key, of: str = ACME) -> Record:
        """
        Return a record that has to be there.

        Args:
            key: Its key.
            of: The workspace.
        """
        record = self.found(key, of)
        if record is None:
            message = f"{key} is there"
            raise AssertionError(message)
        return record

    def feed(self, of: str = ACME, limit: int = 1000) -> tuple[Change, ...]:
        """
        Return the whole feed of a workspace, page by page.

        Args:
            of: The workspace.
            limit: The most changes of a page.
        """
        return tuple(pages(self.store, of, limit))

    def ids(self, of: str = ACME, limit: int = 1000, **asked: Any) -> list[str]:
        """
        Return the ids of the records that are asked for, page by page.

        Args:
            of: The workspace.
            limit: The most records of a page.
            **asked: The fields of the query, which is about goals unless they say otherwise.
        """
        return [record.key.id for record in every_record(self.store, of, Query(**{"kind": Kind.GOAL, **asked}), limit)]


def pages(store: Store, workspace: str, limit: int = 1000, after: Position | None = None) -> Iterator[Change]:
    """
    Yield all changes of a feed, page by page.

    Args:
        store: The store.
        workspace: The workspace.
        limit: The most changes of a page.
        after: Where to begin; None for the beginning.
    """
    after = after or Position()
    while found := store.changes(workspace, after, limit=limit):
        holds(len(found) <= limit, f"a page of the feed has at most {limit} changes")
        holds(found[0].seq > after.seq, "a page of the feed begins after the place that was given")
        yield from found
        holds(found[-1].seq > after.seq, "the next page of the feed begins further on")
        after = found[-1].position


def every_record(store: Store, workspace: str, query: Query, limit: int) -> Iterator[Record]:
    """
    Yield all records that are asked for, page by page.

    Args:
        store: The store.
        workspace: The workspace.
        query: What is asked for.
        limit: The most records of a page.
    """
    after: int | None = 0
    while after is not None:
        page = store.read(workspace, query, after=after, limit=limit)
        holds(len(page.records) <= limit, f"a page has at most {limit} records")
        goes_on = page.more is None or (page.more < after if query.newest_first and after else page.more > after)
        holds(goes_on, "the next page begins further on")
        yield from page.records
        after = page.more


def goal(id: str) -> Key:  # noqa: A002 - the field's word
    """
    Return the key of a goal.

    Args:
        id: Its id.
    """
    return Key(Kind.GOAL, id)


def put(key: Key | str, expect: int = 0, doc: str | None = '{"n":1}', **told: Any) -> Put:
    """
    Return a record as it is to be.

    Args:
        key: Its key, or the id of a goal.
        expect: The revision that is there.
        doc: The document; None deletes it.
        **told: The other fields.
    """
    found = goal(key) if isinstance(key, str) else key
    return Put(key=found, expect=expect, doc=doc, **{"type": found.kind.value, **told})


def puts(ids: Iterable[str]) -> tuple[Put, ...]:
    """
    Return several new goals.

    Args:
        ids: Their ids.
    """
    return tuple(put(each) for each in ids)


def for_each(name: str, values: Mapping[str, Any]) -> Callable[[_F], _F]:
    """
    Make a case of each of some values.

    Args:
        name: The argument of the case.
        values: The values, by the name that the report gives to each.
    """

    def mark(case: _F) -> _F:
        marked: _F = pytest.mark.parametrize(name, [*values.values()], ids=[*values])(case)
        return marked

    return mark
