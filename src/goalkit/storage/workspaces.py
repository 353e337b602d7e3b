"""A workspace: a plan that is kept in a store, with everything that it ever was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from random import random
from time import sleep
from typing import Any, Final, final

from attrs import evolve

from ..documents.diff import diff
from ..errors import InvalidPlan, InvalidValue, UnknownId, shown
from ..model.kpis import Observation
from ..model.plan import Plan
from ..model.records import Fact
from ..quantities import whole
from ..texts import text
from ..values import choice, instance
from .batches import Batch
from .checking import checked_name
from .deciding import replayed
from .errors import Conflict, KeyReused
from .protocol import Store
from .recording import Readings, every, fingerprint_of, recorded
from .records import Change, Commit, Key, Kind, Position, Query
from .saving import written
from .snapshots import Snapshot, as_it_was, beside, feed, snapshot_of

#: How often a decision is made again before the conflict is told.
ATTEMPTS: Final = 100

_FIRST_PAUSE: Final = 0.001
_LONGEST_PAUSE: Final = 0.1


@final
class Workspace:
    """
    A plan that is kept in a store: read, saved, and remembered.

    Attributes:
        store: The store.
        name: The name of the workspace.

    Example:
        >>> from goalkit import Objective
        >>> from goalkit.storage import open_store
        >>> with open_store("memory:") as store:
        ...     acme = store.workspace("acme")
        ...     commit = acme.save(Plan.of(Objective(id="app", title="App")), by="ida", why="the beginning")
        ...     acme.snapshot().plan["app"].title
        'App'
    """

    __slots__ = ("_readings", "_seen", "name", "store")

    def __init__(self, store: Store, name: str) -> None:
        self.store: Final = instance(Store, store, "open_store opens one")  # type: ignore[type-abstract] # any store
        self.name: Final = checked_name(name)
        self._seen: Snapshot | None = None
        self._readings: Final[Readings] = {}

    def __repr__(self) -> str:
        return f"<Workspace {self.name!r} of a {type(self.store).__name__}>"

    # -- reading --------------------------------------------------------------------------------

    def snapshot(self, at: Commit | Position | int | None = None) -> Snapshot:
        """
        Return the plan, as it is now or as it was stored at some time.

        What cannot be read is left out and told in ``problems``; it stays in the store as it is.

        Args:
            at: A commit, a position or the number of a change, for the plan as it was right after it; None for now.

        Raises:
            FeedReset: If there is no such change.
            Erased: If something was erased on purpose that was part of the plan then.
            InvalidValue: If it is no number of a change.

        Example:
            >>> from goalkit.storage import open_store
            >>> with open_store("memory:") as store:
            ...     store.workspace("acme").snapshot().plan
            <Plan of 0 goals, 0 cycles, 0 facts>
        """
        if at is not None:
            return as_it_was(self.store, self.name, _position(at))
        self._seen = fresh = snapshot_of(self.store, self.name, self._seen)
        return fresh

    # -- the history ----------------------------------------------------------------------------

    def changes(self, after: Position | int = 0) -> Iterator[Change]:
        """
        Yield the changes after a place in the feed, in their order, without a gap.

        Args:
            after: The position, or the number, of the last change that is known; 0 for none. With a position, a
                backup that was put back is noticed.

        Raises:
            FeedReset: If there is no such change, or it is another one.
            InvalidValue: If it is no number of a change.

        Example:
            >>> from goalkit import Objective
            >>> from goalkit.storage import open_store
            >>> with open_store("memory:") as store:
            ...     acme = store.workspace("acme")
            ...     commit = acme.save(Plan.of(Objective(id="app", title="App")), by="ida")
            ...     [(change.seq, change.by, str(change.key)) for change in acme.changes()]
            [(1, 'ida', "goal 'app'")]
        """
        return feed(self.store, self.name, _position(after))

    def history(self, id: str, kind: Kind | str = Kind.GOAL) -> tuple[Change, ...]:  # noqa: A002 - the field's word
        """
        Return every change of one record, the newest first: who changed it, when, why, and to what.

        Args:
            id: Its id.
            kind: Its kind; a goal, unless something else is meant.

        Raises:
            UnknownId: If there never was such a record.
            InvalidValue: If it is no text, or there is no such kind.

        Example:
            >>> from goalkit import Objective
            >>> from goalkit.storage import open_store
            >>> with open_store("memory:") as store:
            ...     acme = store.workspace("acme")
            ...     commit = acme.save(Plan.of(Objective(id="app", title="App")), by="ida", why="the beginning")
            ...     [(change.rev, change.why) for change in acme.history("app")]
            [(1, 'the beginning')]
        """
        key = Key(choice(Kind, kind), text(id))
        found = [*feed(self.store, self.name, Position(), key)]
        if not found:
            ids = [record.key.id for record in every(self.store, self.name, Query(kind=key.kind))]
            raise UnknownId.among(key.kind.value, id, ids)
        return tuple(reversed(found))

    # -- writing --------------------------------------------------------------------------------

    def save(
        self,
        plan: Plan,
        *,
        base: Snapshot | None = None,
        by: str | None = None,
        why: str = "",
        key: str | None = None,
        at: datetime | None = None,
    ) -> Commit:
        """
        Save a plan: what differs from the plan that it was made from, all at once or not at all.

        Args:
            plan: The plan.
            base: The snapshot that it was made from; None where it was made from nothing.
            by: The id of who saves.
            why: Why.
            key: The idempotency key of the request, so that it is done once, however often it is sent.
            at: When, for people only; None for now.

        Raises:
            Conflict: If somebody else has changed what differs, if both together are no plan, or if it is not known
                which of some facts about one thing came last.
            InvalidValue: If it is no plan, or the snapshot is of another workspace.

        Example:
            >>> from goalkit import Objective
            >>> from goalkit.storage import open_store
            >>> with open_store("memory:") as store:
            ...     acme = store.workspace("acme")
            ...     first = acme.save(Plan.of(Objective(id="app", title="App")), by="ida")
            ...     seen = acme.snapshot()
            ...     acme.save(seen.plan.amend("app", title="The app"), base=seen, by="ida", why="it has a name").seq
            2
        """
        instance(Plan, plan, "Plan.of and Plan.from_dicts make one")
        start = Snapshot(workspace=self.name, plan=Plan.of(), position=Position()) if base is None else base
        instance(Snapshot, start, "give what snapshot() returned")
        if start.workspace != self.name:
            message = f"it is a snapshot of {start.workspace!r}, and not of {self.name!r}"
            raise InvalidValue.of("another_workspace", message, path="base", hint="take a snapshot of this one")
        return self._save(plan, start, Batch(key=key or "", by=by or "", why=why, at=at))

    def _save(self, plan: Plan, base: Snapshot, told: Batch) -> Commit:
        changes = diff(base.plan, plan)
        puts = written(changes, base.plan, base.revs)
        if not puts:
            return self.store.apply(self.name, told)
        batch = evolve(told, puts=puts)
        # What differs has to be as it was. The rest may have moved on, as long as both together make a plan; and
        # that has to be the plan that is there when it is written.
        seen = base
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self.store.apply(self.name, evolve(batch, head=seen.position))
            except Conflict as conflict:
                if conflict.clashes or isinstance(conflict, KeyReused) or attempt == ATTEMPTS:
                    raise
            try:
                seen = beside(self.store, seen, changes, puts)
            except Conflict:
                # Perhaps it was this very request, sent twice, that changed what it starts from.
                if (first := self._answer(told)) is not None:
                    return first
                raise
        raise AssertionError("an attempt was made")  # pragma: no cover - there is at least one

    def update(
        self,
        decide: Callable[[Plan], Plan],
        *,
        by: str | None = None,
        why: str = "",
        key: str | None = None,
        at: datetime | None = None,
        attempts: int = ATTEMPTS,
    ) -> Commit:
        """
        Change the plan by a decision, which is made again on what is there where somebody else was quicker.

        Args:
            decide: Returns the plan as it is to be; it is called until its answer can be saved, and what it raises is
                raised, with nothing written.
            by: The id of who changes it.
            why: Why.
            key: The idempotency key of the request; where it is known, nothing is decided.
            at: When, for people only; None for now.
            attempts: How often it is decided at most.

        Raises:
            Conflict: If somebody else was quicker every time.
            InvalidValue: If what it returns is no plan.

        Example:
            >>> from goalkit import Objective
            >>> from goalkit.storage import open_store
            >>> with open_store("memory:") as store:
            ...     acme = store.workspace("acme")
            ...     acme.update(lambda plan: plan.add(Objective(id="app", title="App")), by="ida").seq
            1
        """
        try:
            most = whole(attempts, least=1, most=10**6)
        except InvalidValue as error:
            raise error.under("attempts") from None
        return self._update(decide, Batch(key=key or "", by=by or "", why=why, at=at), most)

    def _update(self, decide: Callable[[Plan], Plan], told: Batch, attempts: int = ATTEMPTS) -> Commit:
        if (first := self._answer(told)) is not None:
            return first
        refused_at: Position | None = None
        for attempt in range(1, attempts + 1):
            seen = self.snapshot()
            try:
                plan = instance(Plan, decide(seen.plan), "return the plan as it is to be")
            except Exception:
                # Perhaps it was this very request, sent twice, that changed what is decided on.
                if (first := self._answer(told)) is not None:
                    return first
                raise
            puts = written(diff(seen.plan, plan), seen.plan, seen.revs)
            # A decision may rest on anything, so nothing at all may have changed where there is something to write.
            head = seen.position if puts else None
            try:
                return self.store.apply(self.name, evolve(told, puts=puts, head=head))
            except Conflict as conflict:
                # Where nothing has happened since it was refused, as where an id belongs to what cannot be read, it
                # would be refused for ever.
                if isinstance(conflict, KeyReused) or attempt == attempts or seen.position == refused_at:
                    raise
            refused_at = seen.position
            _pause(attempt)
        raise AssertionError("an attempt was made")  # pragma: no cover - there is at least one

    def record(
        self,
        *facts: Fact | Observation,
        by: str | None = None,
        why: str = "",
        key: str | None = None,
        at: datetime | None = None,
    ) -> Commit:
        """
        Record facts without loading the plan: the everyday write.

        Each is checked beside the definition of its goal, or its KPI. The same fact again changes nothing.

        Args:
            *facts: Check-ins, observations, and all other facts.
            by: The id of who records.
            why: Why.
            key: The idempotency key of the request.
            at: When, for people only; None for now.

        Raises:
            InvalidPlan: If a fact is about something that is not there, says what that cannot mean, or has the id of
                another one.
            KeyReused: If the key was used for other facts.
            Conflict: If what they are about changed every time between reading and writing it.

        Example:
            >>> from goalkit import CheckIn, Milestone
            >>> from goalkit.storage import open_store
            >>> with open_store("memory:") as store:
            ...     acme = store.workspace("acme")
            ...     commit = acme.save(Plan.of(Milestone(id="m", title="Launch")), by="ida")
            ...     acme.record(CheckIn(goal="m", on="2026-09-01", value=True), by="ida", key="request-1").seq
            2
        """
        things = list(dict.fromkeys(_fact(each) for each in facts))
        fingerprint = fingerprint_of(things) if key else ""
        told = Batch(key=key or "", fingerprint=fingerprint, by=by or "", why=why, at=at)
        if (first := self._answer(told)) is not None:
            return first
        for attempt in range(1, ATTEMPTS + 1):  # pragma: no branch - the last attempt ends it
            try:
                batch = recorded(self.store, self.name, told, things, self._readings)
                if batch is not None:
                    return self.store.apply(self.name, batch)
                break
            except Conflict as conflict:
                if isinstance(conflict, KeyReused) or attempt == ATTEMPTS:
                    raise
            except InvalidPlan:
                if (first := self._answer(told)) is not None:  # sent twice, and what it is about has changed since
                    return first
                raise
            _pause(attempt)
        return self._update(lambda plan: plan.record(*things), told)

    def _answer(self, told: Batch) -> Commit | None:
        return replayed(told, self.store.head(self.name, told.key).answered) if told.key else None


def _pause(attempt: int) -> None:
    # Whoever waits longest for whom is left to chance, so that the same two do not meet again.
    sleep(random() * min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(attempt, 10)))  # noqa: S311 - no secret


def _position(at: Commit | Position | int) -> Position:
    if isinstance(at, Position):
        return at
    seq = at.seq if isinstance(at, Commit) else at
    if type(seq) is not int or seq < 0:
        hint = "give a commit, a position, or the number of a change, from 0"
        raise InvalidValue.of("out_of_range", f"{shown(seq)} is no place in a feed", path="at", hint=hint)
    return Position(seq)


def _fact(value: Any) -> Fact | Observation:
    if isinstance(value, (Fact, Observation)):
        return value
    hint = "give a CheckIn, an Observation, or another fact; goals are saved"
    raise InvalidValue.of("wrong_kind", f"{shown(value)} is not a fact", hint=hint)
