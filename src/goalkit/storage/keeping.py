"""A workspace in memory: what the stores share that hold all of it at once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import islice, product
from typing import Final, Self, final

from attrs import evolve

from .batches import Batch, Put, Quiet
from .checking import check_place, checked_place, is_disturbed, wrong_with
from .deciding import Decision, decide, keys_of, replayed
from .records import Answered, Change, Commit, Head, Key, Kind, Page, Position, Query, Record


@final
class Kept:
    """
    All that is kept of one workspace.

    Attributes:
        records: The current records by their keys, deleted ones too.
        changes: The feed, in order.
        places: Where the records of a kind stand, of all of them, of those about something, of those of a type, and of
            those of both: their ``born`` and their keys.
        answered: What became of the requests that had a key, in the order of their commits.
        head: The last change.

    Example:
        >>> Kept().head.seq
        0
    """

    __slots__ = ("answered", "changes", "head", "places", "records")

    def __init__(self) -> None:
        self.records: Final[dict[Key, Record]] = {}
        self.places: Final[dict[tuple[Kind, str, str], list[tuple[int, Key]]]] = {}
        self.changes: Final[list[Change]] = []
        self.answered: Final[dict[str, Answered]] = {}
        self.head = Position()

    def copy(self) -> Self:
        """Return another one that holds the same and goes its own way."""
        other = type(self)()
        other.records.update(self.records)
        other.places.update({sort: [*places] for sort, places in self.places.items()})
        other.changes.extend(self.changes)
        other.answered.update(self.answered)
        other.head = self.head
        return other

    # -- reading --------------------------------------------------------------------------------

    def page(self, what: Query | Iterable[Key], after: int, limit: int) -> Page:
        """
        Return the records with some keys, or one page of those that are asked for.

        Args:
            what: The keys, or a query.
            after: The ``born`` after which the page begins; 0 for the first one.
            limit: The most records.
        """
        if not isinstance(what, Query):
            found = tuple(self.records[key] for key in dict.fromkeys(what) if key in self.records)
            return Page(records=found, head=self.head)
        some = tuple(islice(filter(what.takes, self._standing(what, after)), limit + 1))
        return Page(records=some[:limit], head=self.head, more=some[limit - 1].born if len(some) > limit else None)

    def _standing(self, query: Query, after: int) -> Iterator[Record]:
        """Yield the records of a kind, of a type, and about something, in their order, from a place on."""
        places = self.places.get((query.kind, query.about, query.type), [])
        if query.newest_first:
            span = range(bisect_left(places, after, key=_born) - 1 if after else len(places) - 1, -1, -1)
        else:
            span = range(bisect_right(places, after, key=_born), len(places))
        for at in span:
            born, key = places[at]
            if (record := self.records[key]).born == born:  # else it stands elsewhere now
                yield record

    def feed(self, after: Position, of: Key | None, limit: int) -> tuple[Change, ...]:
        """
        Return the changes after a place.

        Args:
            after: The place.
            of: The record of which changes are told; None for all.
            limit: The most changes.

        Raises:
            FeedReset: If the feed has no such place.
            InvalidValue: If it is no place.
        """
        known = self.changes
        checked_place(after)
        check_place(after, known[after.seq - 1].digest if 0 < after.seq <= len(known) else None)
        if of is None:
            return tuple(known[after.seq : after.seq + limit])
        found = (known[at] for at in range(after.seq, len(known)))
        return tuple(islice((each for each in found if each.key == of), limit))

    def standing(self, key: str) -> Head:
        """
        Return the last change, and what became of a request.

        Args:
            key: The idempotency key of the request; empty for none.
        """
        return Head(self.head, self.answered.get(key))

    def requests(self, first: int, last: int) -> tuple[tuple[str, Answered], ...]:
        """
        Return the requests that had a key, with what became of them, in the order of their commits.

        Args:
            first: The number of the first change with which their commits begin.
            last: That of the last one.
        """
        found = [(key, each) for key, each in self.answered.items() if first <= each.commit.first <= last]
        return tuple(sorted(found, key=_place))

    def wrong(self, name: str) -> Iterator[str]:
        """
        Yield what does not fit together.

        Args:
            name: The name of the workspace.
        """
        return wrong_with(name, self.records.values(), self.changes, self.head)

    # -- writing --------------------------------------------------------------------------------

    def known(self, batch: Batch) -> Commit | None:
        """
        Return what became of a batch the first time; None where it was never written, or has no key.

        Args:
            batch: The batch.

        Raises:
            KeyReused: If its key was used for something else.
        """
        return replayed(batch, self.answered.get(batch.key)) if batch.key else None

    def decision(self, batch: Batch) -> Decision:
        """
        Return what a batch writes. Nothing is written by this.

        Args:
            batch: The batch.

        Raises:
            Conflict: If an expectation does not hold.
        """
        current = {key: self.records[key] for key in keys_of(batch) if key in self.records}
        disturbed = [quiet for quiet in batch.quiet if self._is_disturbed(quiet)]
        return decide(batch, current=current, disturbed=disturbed, head=self.head)

    def _is_disturbed(self, quiet: Quiet) -> bool:
        # Whatever changed since then is in the feed since then, which is short where nearly nothing did.
        return any(is_disturbed(quiet, self.changes[at]) for at in range(quiet.since, len(self.changes)))

    def write(self, batch: Batch, decision: Decision) -> None:
        """
        Write what was decided.

        Args:
            batch: The batch.
            decision: What was decided on it.
        """
        self.put(change.record for change in decision.changes)
        self.changes.extend(decision.changes)
        self.head = decision.head
        if batch.key:
            self.answered[batch.key] = Answered(commit=decision.commit, fingerprint=batch.fingerprint)

    def put(self, records: Iterable[Record]) -> None:
        """
        Put records in the place of those that were there.

        Args:
            records: The records.
        """
        for record in records:
            self.records[record.key] = record
            place = (record.born, record.key)
            for about, type_ in product({"", record.about}, {"", record.type}):
                places = self.places.setdefault((record.key.kind, about, type_), [])
                at = bisect_right(places, place)
                if not at or places[at - 1] != place:
                    places.insert(at, place)

    def erase(self, keys: Iterable[Key], by: str, why: str) -> int:
        """
        Delete records, and erase their content in the feed too.

        Args:
            keys: The records.
            by: The id of who erases.
            why: Why.

        Returns:
            How many changes lost their content.
        """
        gone = {key: self.records[key] for key in keys if key in self.records}
        puts = [Put(key=key, expect=record.rev, doc=None) for key, record in gone.items() if not record.is_deleted]
        batch = Batch(puts=puts, by=by, why=why)
        self.write(batch, self.decision(batch))
        count = 0
        for at, change in enumerate(self.changes):
            if change.key in gone and change.doc is not None:
                self.changes[at] = evolve(change, doc=None)
                count += 1
        return count


def _born(place: tuple[int, Key]) -> int:
    return place[0]


def _place(request: tuple[str, Answered]) -> tuple[int, int, str]:
    # What changed nothing begins where the next commit does, and was there before it.
    key, answered = request
    return answered.commit.first, answered.commit.seq, key
