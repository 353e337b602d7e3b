"""A plan as it is, or was, in a workspace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from attrs import field, frozen

from ..documents.diff import Change as Difference
from ..errors import InvalidPlan, Problem
from ..model.plan import Plan
from ..values import FrozenDict
from .batches import Put
from .codec import loaded
from .errors import Conflict, Erased, FeedReset
from .following import followed, patched, replayed_onto
from .protocol import Store
from .recording import every
from .records import MOST_IN_A_PAGE, Change, Key, Kind, Position, Query, Record


@frozen(kw_only=True)
class Snapshot:
    """
    A plan as it is, or was, in a workspace, and where that stood.

    Two are equal that hold the same plan of the same workspace at the same place.

    Attributes:
        workspace: The name of the workspace.
        plan: The plan.
        position: The last change that is in it.
        problems: What could not be read, and is no part of the plan; it is kept in the store as it is.
        revs: The revisions of its records, without those that are in their first.
    """

    workspace: str
    plan: Plan
    position: Position
    problems: tuple[Problem, ...] = ()
    revs: FrozenDict[Key, int] = field(eq=False, repr=False, factory=FrozenDict)

    @property
    def seq(self) -> int:
        """The number of the last change that is in it; 0 for none."""
        return self.position.seq


def feed(store: Store, workspace: str, after: Position, of: Key | None = None) -> Iterator[Change]:
    """
    Yield the changes after a place in the feed, page by page.

    Args:
        store: The store.
        workspace: The workspace.
        after: The place.
        of: The record of which changes are told; None for all.

    Raises:
        FeedReset: If there is no such place.
    """
    while changes := store.changes(workspace, after, of=of, limit=MOST_IN_A_PAGE):
        yield from changes
        after = changes[-1].position


def snapshot_of(store: Store, workspace: str, seen: Snapshot | None) -> Snapshot:
    """
    Return the plan as it is now.

    Args:
        store: The store.
        workspace: The workspace.
        seen: What was seen before, from which it is caught up where that can be; None for nothing.
    """
    try:
        if seen is not None:
            return _after(store, seen, [*feed(store, workspace, seen.position)])
    except FeedReset:
        pass  # a backup was put back
    return _all_of(store, workspace)


def _all_of(store: Store, workspace: str) -> Snapshot:
    first = store.head(workspace).position
    records = {record.key: record for kind in Kind for record in every(store, workspace, Query(kind=kind))}
    # Pages are of different moments: what changed since the first is in the feed.
    return _of(workspace, *replayed_onto(records, feed(store, workspace, first), first))


def _of(workspace: str, records: dict[Key, Record], position: Position) -> Snapshot:
    plan, problems = loaded(sorted(records.values(), key=_born))
    revs = FrozenDict({key: record.rev for key, record in records.items() if record.rev > 1})
    return Snapshot(workspace=workspace, plan=plan, position=position, problems=problems, revs=revs)


def _born(record: Record) -> int:
    return record.born


def _after(store: Store, seen: Snapshot, missed: Sequence[Change]) -> Snapshot:
    """Return the plan after the changes that a snapshot missed."""
    if not missed:
        return seen
    # What could not be read may be readable beside what was missed; and nothing at all is read page by page.
    plan = followed(seen.plan, missed) if seen.seq and not seen.problems else None
    if plan is None:
        return _all_of(store, seen.workspace)
    revs = dict(seen.revs)
    for change in missed:
        revs.pop(change.key, None)
        if change.rev > 1 and not change.deleted:
            revs[change.key] = change.rev
    return Snapshot(workspace=seen.workspace, plan=plan, position=missed[-1].position, revs=FrozenDict(revs))


def beside(store: Store, seen: Snapshot, changes: Iterable[Difference], puts: Iterable[Put]) -> Snapshot:
    """
    Return what is there now, if a difference holds beside all that a snapshot missed.

    Args:
        store: The store.
        seen: The snapshot.
        changes: The difference.
        puts: The same as records.

    Raises:
        Conflict: If the two together are no plan, or it is not known which of some facts of one day came last.
    """
    since = f"what was written since change {seen.seq}"
    try:
        missed = [*feed(store, seen.workspace, seen.position)]
    except FeedReset as error:
        message = f"nothing was written: {error}"
        raise Conflict(message) from error
    fresh = _after(store, seen, missed)
    if missed and fresh.seq > missed[-1].seq:  # all was read again, and somebody has written before that
        missed += feed(store, seen.workspace, missed[-1].position)
    reordered = {(put.key.kind, put.about) for put in puts if put.anew}
    if any((change.key.kind, change.about) in reordered for change in missed):
        message = f"nothing was written: facts are put in another order, and {since} is about the same"
        raise Conflict(message)
    try:
        patched(fresh.plan, changes)
    except InvalidPlan as error:
        message = f"nothing was written, because it does not go with {since}: {error.problems[0]}"
        raise Conflict(message) from error
    return fresh


def as_it_was(store: Store, workspace: str, at: Position) -> Snapshot:
    """
    Return the plan as it was right after a change.

    Args:
        store: The store.
        workspace: The workspace.
        at: The place of the change; the beginning for the empty plan.

    Raises:
        FeedReset: If there is no such change.
        Erased: If something was erased on purpose that was part of the plan then.
    """
    store.changes(workspace, at, limit=1)  # it refuses a place that is not there
    then = takewhile(lambda change: change.seq <= at.seq, feed(store, workspace, Position()))
    records, position = replayed_onto({}, then, Position())
    for record in records.values():
        if record.is_deleted:
            message = f"{record.key} was erased, and with it the plan as it was at {at.seq}"
            raise Erased(message)
    return _of(workspace, records, position)
