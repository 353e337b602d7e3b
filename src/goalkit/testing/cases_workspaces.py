"""Cases: workspaces know nothing of each other, wrong arguments are refused, and a closed store is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ..calendars import Cycle
from ..errors import InvalidValue
from ..model.goals import KeyResult, Objective
from ..model.metrics import Increase
from ..model.plan import Plan
from ..model.records import CheckIn
from ..storage import Batch, Conflict, FeedReset, Guard, Head, Kind, Position, Query, Quiet, Store, StoreClosed
from .cases import ACME, DAY, Cases, for_each, goal, put, puts
from .corpus import NAMES, NO_NAMES
from .proving import holds, refused, same

#: Every operation of a store on a workspace.
_OPERATIONS: Final[dict[str, Callable[[Store, Any], object]]] = {
    "read by keys": lambda store, name: store.read(name, [goal("a")]),
    "read by a query": lambda store, name: store.read(name, Query(kind=Kind.GOAL)),
    "apply": lambda store, name: store.apply(name, Batch(puts=[put("a")])),
    "changes": lambda store, name: store.changes(name, Position()),
    "head": lambda store, name: store.head(name),
}


class WorkspaceCases(Cases):
    """Each workspace is a world of its own."""

    def test_workspaces_know_nothing_of_each_other(self) -> None:
        """Records, revisions, numbers and feeds of names that look alike are apart."""
        for n, name in enumerate(NAMES.values(), start=1):
            for rev in range(n):
                self.write(put("nps", rev, f'"{n}"'), to=name)
            self.write(put(f"only-{n}"), to=name)
        for n, name in enumerate(NAMES.values(), start=1):
            record = self.kept(goal("nps"), name)
            same((record.doc, record.rev), (f'"{n}"', n), f"the record of {name!r}")
            same(self.ids(name), ["nps", f"only-{n}"], f"the ids of {name!r}")
            same(self.store.head(name).position.seq, n + 1, f"the head of {name!r}")
            same({change.key.id for change in self.feed(name)}, {"nps", f"only-{n}"}, f"the feed of {name!r}")
            same([change.seq for change in self.feed(name)], [*range(1, n + 2)], f"the numbers of {name!r}")

    def test_expectations_are_about_the_workspace_alone(self) -> None:
        """What is there in another one is no reason to refuse, and no reason to accept."""
        self.write(*puts("ab"))
        self.write(put("b", 1))
        quiet, guards = [Quiet(kind=Kind.GOAL, since=0)], [Guard(key=goal("b"), expect=0)]
        same(self.write(put("a"), to="other", quiet=quiet, guards=guards).seq, 1, "the first change of the other one")
        refused(Conflict, lambda: self.write(put("b", 2), to="other"))

    def test_a_change_of_one_is_none_of_another(self) -> None:
        """A place in one feed is none in another."""
        self.write(*puts("ab"))
        self.write(*puts("ab"), to="other", by="ida")
        refused(FeedReset, lambda: self.store.changes("other", self.store.head(ACME).position))
        refused(FeedReset, lambda: self.store.changes("third", Position(1)))

    def test_a_workspace_that_was_never_written_to_is_empty(self) -> None:
        """Its head is the beginning, and nothing is known of any request."""
        self.write(put("a"), key="request-1")
        same(self.store.head("other"), Head(), "its head")
        same(self.store.head("other", "request-1"), Head(), "its head, and a request")
        same((self.ids("other"), self.feed("other")), ([], ()), "its records and its feed")

    def test_the_head_is_the_last_change(self) -> None:
        """With number and digest, after each commit and after none."""
        same(self.store.head(ACME), Head(), "the head of the beginning")
        for n in range(3):
            commit = self.write(put(f"{n}-a"), put(f"{n}-b"))
            head = self.store.head(ACME)
            same((head.position, head.answered), (self.feed()[-1].position, None), "the head")
            same(head.position.seq, commit.seq, "its number")

    def test_the_head_says_what_became_of_a_request(self) -> None:
        """The commit as it was told the first time, and the fingerprint."""
        commit = self.write(put("a"), key="request-1", fingerprint="f1", by="ida", why="because")
        self.write(put("b"))
        answered = self.store.head(ACME, "request-1").answered
        same(answered and (answered.commit, answered.fingerprint), (commit, "f1"), "what became of it")
        same(self.store.head(ACME, "request-2").answered, None, "what became of another")
        same(self.store.head(ACME).answered, None, "what became of none")

    @for_each("name", NO_NAMES)
    def test_what_is_no_name_is_refused(self, name: object) -> None:
        """By every operation alike, so that nothing is ever read or written under it."""
        for what, operation in _OPERATIONS.items():
            error = refused(InvalidValue, lambda: operation(self.store, name))  # noqa: B023 - called at once
            holds(error.problems[0].path == "workspace", f"the error of {what} says that it is the workspace")

    # -- closing --------------------------------------------------------------------------------

    @for_each("operation", _OPERATIONS)
    def test_a_closed_store_refuses(self, operation: Callable[[Store, Any], object]) -> None:
        """After it was closed, every operation says so."""
        self.write(put("b"))
        self.store.close()
        refused(StoreClosed, lambda: operation(self.store, ACME))

    def test_closing_twice_is_nothing(self) -> None:
        """A store that is closed is closed."""
        self.store.close()
        self.store.close()

    def test_leaving_the_with_block_closes(self) -> None:
        """And hands on what was raised in it."""
        with self.store as store:
            holds(store is self.store, "it is the store itself")
        refused(StoreClosed, lambda: self.store.head(ACME))

    def test_a_store_says_what_it_is_without_its_records(self) -> None:
        """Open or closed, its repr is short."""
        self.write(put("a", doc='{"a":"secret"}'))
        for shown in (repr(self.store), self._closed()):
            holds("secret" not in shown and 0 < len(shown) < _LONGEST, "its repr is short, and shows no document")

    def _closed(self) -> str:
        self.store.close()
        return repr(self.store)

    def test_plans_are_saved_and_read(self) -> None:
        """A plan makes the way into the store and back, with its history."""
        acme = self.store.workspace(ACME)
        first = acme.save(_plan(), by="ida", why="the beginning")
        seen = acme.snapshot()
        same((seen.plan, seen.problems, seen.seq), (_plan(), (), first.seq), "the plan")
        acme.update(lambda plan: plan.amend("nps", title="Another"), by="ola")
        same([change.by for change in acme.history("nps")], ["ola", "ida"], "its history")
        same((acme.snapshot(at=first).plan, acme.snapshot().plan["nps"].title), (_plan(), "Another"), "then and now")


def _plan() -> Plan:
    return Plan.of(
        Cycle.quarter(2026, 3),
        Objective(id="app", title="Make the app a joy to use", cycle="2026-Q3"),
        KeyResult(id="nps", title="Reach an NPS of 70", parent="app", metric=Increase(start="42.50", target=70)),
        CheckIn(goal="nps", on=DAY, value="49.10", extra={"from": ["elsewhere", None]}),
    )


_LONGEST = 400
