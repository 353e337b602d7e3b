"""A store and the model of one, side by side: any sequence of operations that Hypothesis can think of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ..storage import Batch, Conflict, Key, Kind, Maintained, Position, Query, Store
from .factories import StoreFactory
from .model import Model, Refused, answer_of, row_of, rows_of
from .proving import holds, same
from .strategies_records import batches, queries

_WORKSPACES = ("acme", "Acme")
_KEYS = (Key(Kind.GOAL, "a"), Key(Kind.GOAL, "A"), Key(Kind.FACT, "a"), Key(Kind.FACT, "b"))


class StoreMachine(RuleBasedStateMachine):
    """
    Batches, stale writes, guards, requests sent again, reads, and followers, on a store and on the model.

    Whatever the store answers is compared with what the model does. Where the factory opens its store again, several
    handles take turns, and are closed and opened in between.

    Attributes:
        factory: Makes the factory of a store.

    Example:
        >>> from hypothesis import settings
        >>> from hypothesis.stateful import run_state_machine_as_test
        >>> from goalkit.storage import open_store
        >>> from goalkit.testing import StoreFactory
        >>> class Memory(StoreFactory):
        ...     def create(self):
        ...         return open_store("memory:")
        >>> class Machine(StoreMachine):
        ...     factory = Memory
        >>> run_state_machine_as_test(Machine, settings=settings(max_examples=3, stateful_step_count=5))
    """

    factory: ClassVar[Callable[[], StoreFactory]]

    def __init__(self) -> None:
        super().__init__()
        self.made = type(self).factory()
        self.handles: list[Store] = [self.made.create()]
        if (again := self.made.open_again()) is not None:
            self.handles.append(again)
        self.models: defaultdict[str, Model] = defaultdict(Model)
        self.sent: list[tuple[str, Batch]] = []
        self.followed: dict[str, Position] = dict.fromkeys(_WORKSPACES, Position())

    @initialize(workspace=st.sampled_from(_WORKSPACES), data=st.data())
    def begin(self, workspace: str, data: st.DataObject) -> None:
        """Begin with something in a workspace."""
        self.write(workspace, 0, data)

    @rule(workspace=st.sampled_from(_WORKSPACES), at=st.integers(0, 1), data=st.data())
    def write(self, workspace: str, at: int, data: st.DataObject) -> None:
        """Apply a batch, of which most expect what is there, and some do not."""
        model = self.models[workspace]
        batch = data.draw(batches(_KEYS, {key: model.rev(key) for key in _KEYS}, model.seq), label="batch")
        self.sent.append((workspace, batch))
        self._apply(workspace, at, batch)

    @rule(at=st.integers(0, 1), data=st.data(), other=st.booleans())
    def send_again(self, at: int, data: st.DataObject, *, other: bool) -> None:
        """Send a batch again, whatever happened since, or another one under its key."""
        workspace, batch = data.draw(st.sampled_from(self.sent), label="sent")
        if other:
            workspace = data.draw(st.sampled_from(_WORKSPACES), label="to")
            told = data.draw(st.sampled_from(("", "f1", "f2")), label="fingerprint")
            batch = Batch(key=batch.key, fingerprint=told, puts=batch.puts[:1])
        self._apply(workspace, at, batch)

    def _apply(self, workspace: str, at: int, batch: Batch) -> None:
        wanted = self.models[workspace].apply(batch)
        try:
            commit = self._handle(at).apply(workspace, batch)
        except Conflict as error:
            same(Refused(type(error).__name__, frozenset(error.clashes)), wanted, "what became of the batch")
            return
        same(answer_of(commit), wanted, "what became of the batch")
        if not commit.replayed:
            same((commit.by, commit.why), (batch.by or None, batch.why), "who wrote, and why")
            holds(batch.at is None or commit.at == batch.at, "when it was written is what the batch says")

    @rule(workspace=st.sampled_from(_WORKSPACES), at=st.integers(0, 1), limit=st.sampled_from((1, 2, 1000)))
    def follow(self, workspace: str, at: int, limit: int) -> None:
        """Read on in the feed, from where it was read to before."""
        after = self.followed[workspace]
        changes = self._handle(at).changes(workspace, after, limit=limit)
        same(
            rows_of(changes), self.models[workspace].rows[after.seq : after.seq + limit], "what comes next in the feed"
        )
        if changes:
            self.followed[workspace] = changes[-1].position

    @rule(workspace=st.sampled_from(_WORKSPACES), at=st.integers(0, 1), query=queries(), limit=st.integers(1, 5))
    def query(self, workspace: str, at: int, query: Query, limit: int) -> None:
        """Read all that a query asks for, page by page."""
        wanted = self.models[workspace].asked(query)
        found: list[Any] = []
        after: int | None = 0
        while after is not None:
            page = self._handle(at).read(workspace, query, after=after, limit=limit)
            same(page.head.seq, self.models[workspace].seq, "the head of the page")
            found += rows_of(page.records)
            holds(page.more is None or len(found) < len(wanted), "the next page begins only where something is left")
            after = page.more
        same(found, wanted, "what a query asks for")

    @rule(
        workspace=st.sampled_from(_WORKSPACES),
        at=st.integers(0, 1),
        keys=st.lists(st.sampled_from((*_KEYS, Key(Kind.KPI, "a"))), max_size=6),
    )
    def read(self, workspace: str, at: int, keys: list[Key]) -> None:
        """Read records by their keys."""
        current = self.models[workspace].current()
        page = self._handle(at).read(workspace, keys)
        same({row.key: row for row in rows_of(page.records)}, {k: current[k] for k in keys if k in current}, "records")
        same((len(page.records), page.head.seq), (len({*keys} & {*current}), self.models[workspace].seq), "the page")

    @rule(
        workspace=st.sampled_from(_WORKSPACES), at=st.integers(0, 1), key=st.sampled_from(_KEYS), after=st.integers(0)
    )
    def history(self, workspace: str, at: int, key: Key, after: int) -> None:
        """Read the changes of one record, from anywhere in the feed."""
        rows = self.models[workspace].rows
        place = after % (len(rows) + 1)
        wanted = [row for row in rows[place:] if row.key == key]
        same(rows_of(self._handle(at).changes(workspace, Position(place), of=key)), wanted, f"the changes of {key}")

    @rule(at=st.integers(0, 1), data=st.data())
    def ask(self, at: int, data: st.DataObject) -> None:
        """Ask what became of a request."""
        workspace, batch = data.draw(st.sampled_from(self.sent), label="sent")
        answered = self._handle(at).head(workspace, batch.key).answered
        found = answered and (answered.fingerprint, answer_of(answered.commit))
        same(found, self.models[workspace].answers.get(batch.key), "what became of the request")

    @precondition(lambda self: len(self.handles) > 1)
    @rule(at=st.integers(0, 1))
    def reopen(self, at: int) -> None:
        """Close a handle, and open the store again."""
        closed = self.handles[at]
        closed.close()
        self.handles[at:at] = [again for again in [self.made.open_again()] if again is not None]
        self.handles.remove(closed)
        same(len(self.handles), 2, "how often the factory opens its store")

    def _handle(self, at: int) -> Store:
        return self.handles[at % len(self.handles)]

    @invariant()
    def heads_are_right(self) -> None:
        """Every handle has the head that the model has."""
        for handle in self.handles:
            for workspace in _WORKSPACES:
                same(handle.head(workspace).position.seq, self.models[workspace].seq, f"the head of {workspace}")

    def teardown(self) -> None:
        """Compare everything once more, close all handles, and remove the store."""
        try:
            for workspace in _WORKSPACES:
                self._compare(workspace)
        finally:
            for handle in self.handles:
                handle.close()
            self.made.destroy()

    def _compare(self, workspace: str) -> None:
        rows = self.models[workspace].rows
        for handle in self.handles:
            same([row_of(change) for change in handle.changes(workspace, Position())], rows[:1000], "the feed")
            wrong = handle.verify() if isinstance(handle, Maintained) else ()
            same(wrong, (), "what is wrong with the store")
