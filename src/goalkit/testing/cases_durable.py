"""Cases: what was committed outlives the handle, and the process."""

from __future__ import annotations

import multiprocessing
from itertools import cycle
from multiprocessing.connection import Connection
from typing import ClassVar

from attrs import evolve

from ..storage import Batch, Kind, Maintained, Query, Store
from .cases import ACME, Cases, every_record, goal, pages, put, puts
from .corpus import DOCUMENTS, IDS
from .factories import StoreFactory
from .proving import holds, same


class DurableCases(Cases):
    """A store that is opened again is as it was left, however it was left."""

    kills: ClassVar[int] = 5

    def _reopened(self) -> Store:
        self.store.close()
        return self.again()

    def test_everything_is_there_after_the_store_was_closed(self) -> None:
        """Records, feed, head and requests, and numbers and revisions go on."""
        commit = self.write(*puts("ab"), key="request-1", by="ida", why="because")
        self.write(put("a", 1, None))
        records = self.store.read(ACME, [goal("a"), goal("b")]).records
        feed, head = self.feed(), self.store.head(ACME, "request-1")
        store = self._reopened()
        same(store.read(ACME, [goal("a"), goal("b")]).records, records, "the records")
        same((tuple(pages(store, ACME)), store.head(ACME, "request-1")), (feed, head), "the feed and its head")
        same(store.apply(ACME, Batch(key="request-1")), evolve(commit, replayed=True), "the request again")
        same(store.apply(ACME, Batch(puts=[put("a")])).seq, 4, "the next number")
        same(store.read(ACME, [goal("a")]).records[0].rev, 3, "the next revision")

    def test_every_text_is_there_after_the_store_was_closed(self) -> None:
        """Ids and documents come back as they were."""
        docs = dict(zip(IDS.values(), cycle(DOCUMENTS.values()), strict=False))
        self.write(*(put(each, doc=doc) for each, doc in docs.items()))
        store = self._reopened()
        found = {record.key.id: record.doc for record in every_record(store, ACME, Query(kind=Kind.GOAL), 1000)}
        same(found, docs, "the documents")

    def test_workspaces_are_apart_after_the_store_was_closed(self) -> None:
        """Nothing of one is in another."""
        self.write(put("a"))
        self.write(*puts("ab"), to="ACME")
        store = self._reopened()
        same([store.head(name).position.seq for name in (ACME, "ACME", "other")], [1, 2, 0], "the heads")

    def test_what_was_told_outlives_a_killed_process(self) -> None:
        """A writer is killed in the middle of its work: every commit that it was told is there, and no half of one."""
        context = multiprocessing.get_context("spawn")
        told = 0
        for kill in range(self.kills):
            mine, others = context.Pipe(duplex=False)
            child = context.Process(target=_write_on, args=(self.made, others), daemon=True)
            child.start()
            others.close()
            for _ in range(3 + kill):
                told = mine.recv()
            child.kill()
            while True:  # what it told before it was killed counts too
                try:
                    told = mine.recv()
                except EOFError:
                    break
            child.join()
            child.close()
            mine.close()
            self._check(self._reopened(), told)

    def _check(self, store: Store, told: int) -> None:
        revs = [record.rev for record in store.read(ACME, [goal("a"), goal("b")]).records]
        holds(revs[0] == revs[1], "a batch is there as a whole, or not at all")
        holds(told <= revs[0] <= told + 1, f"commit {told} was told, and {revs[0]} is there")
        same([change.seq for change in pages(store, ACME)], [*range(1, 2 * revs[0] + 1)], "the numbers")
        wrong = store.verify() if isinstance(store, Maintained) else ()
        same(wrong, (), "what is wrong with the store")


def _write_on(made: StoreFactory, connection: Connection) -> None:
    """Change two records together, again and again, and tell each revision when it is committed."""
    store = made.open_again()
    if store is None:
        return
    records = store.read(ACME, [goal("a"), goal("b")]).records
    rev = records[0].rev if records else 0
    while True:
        store.apply(ACME, Batch(puts=[put("a", rev, f'"{rev}"'), put("b", rev, f'"{rev}"')]))
        rev += 1
        connection.send(rev)
