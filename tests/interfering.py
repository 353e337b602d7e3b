"""A store in which somebody else is quicker, as often as a test wants it."""

from collections.abc import Callable, Iterable

from goalkit.storage import Batch, Change, Commit, Head, Key, Page, Position, Query, Store
from goalkit.storage.memory import MemoryStore


class Meanwhile(Store):
    """A store in memory in which something happens right before a batch is applied, or after something is read."""

    def __init__(self) -> None:
        self.inner = MemoryStore()
        self.before_apply: list[Callable[[], object]] = []
        self.before_changes: list[Callable[[], object]] = []
        self.after_read: list[Callable[[], object]] = []
        self.reads = 0

    def read(self, workspace: str, what: Query | Iterable[Key], *, after: int = 0, limit: int = 1000) -> Page:
        self.reads += 1
        page = self.inner.read(workspace, what, after=after, limit=limit)
        if self.after_read:
            self.after_read.pop(0)()
        return page

    def apply(self, workspace: str, batch: Batch) -> Commit:
        if self.before_apply:
            self.before_apply.pop(0)()
        return self.inner.apply(workspace, batch)

    def changes(
        self, workspace: str, after: Position, *, of: Key | None = None, limit: int = 1000
    ) -> tuple[Change, ...]:
        if self.before_changes:
            self.before_changes.pop(0)()
        return self.inner.changes(workspace, after, of=of, limit=limit)

    def head(self, workspace: str, key: str = "") -> Head:
        return self.inner.head(workspace, key)

    def close(self) -> None:
        self.inner.close()
