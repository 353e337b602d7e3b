"""Cases: what an operator needs, of stores that offer it."""

from __future__ import annotations

from attrs import evolve

from ..errors import InvalidValue
from ..storage import Key, Kind, Maintained, Put, StoreClosed
from .cases import ACME, AT, DAY, Cases, for_each, goal, put, puts
from .corpus import NAMES, NO_NAMES
from .proving import holds, refused, same

_PRIVATE = '{"title":"not for everybody"}'


class MaintainedCases(Cases):
    """All workspaces, what is wrong with them, and how something is erased for good."""

    @property
    def kept_up(self) -> Maintained:
        """The store, as an operator sees it."""
        if not isinstance(self.store, Maintained):
            message = "the store offers workspaces, verify and purge"
            raise AssertionError(message)  # noqa: TRY004 - a case fails by that
        return self.store

    # -- workspaces -----------------------------------------------------------------------------

    def test_workspaces_are_those_that_were_written_to(self) -> None:
        """Sorted, each once, under its very name."""
        same(self.kept_up.workspaces(), (), "the workspaces of an empty store")
        for name in NAMES.values():
            self.write(put("a"), to=name)
            self.write(put("a", 1), to=name)
        same(self.kept_up.workspaces(), tuple(sorted(NAMES.values())), "the workspaces")

    def test_reading_does_not_bring_a_workspace_about(self) -> None:
        """Only writing does."""
        self.ids("read")
        self.feed("read")
        self.store.head("read", "request-1")
        same(self.kept_up.workspaces(), (), "the workspaces")

    # -- verify ---------------------------------------------------------------------------------

    def test_nothing_is_wrong_with_a_store_that_was_used(self) -> None:
        """Not after changes, deletions, new places, requests, and what was erased, in several workspaces."""
        same(self.kept_up.verify(), (), "what is wrong with an empty store")
        for name in ("one", "two"):
            self.write(*puts("abc"), to=name, key="request-1", by="ida", why="because")
            self.write(put("a", 1, None), put("b", 1, anew=True), to=name)
            self.write(put("a"), to=name)
            self.kept_up.purge(name, [goal("b")], by="ida", why="asked to")
            self.write(put("b"), to=name)
        same(self.kept_up.verify(), (), "what is wrong")

    # -- purge ----------------------------------------------------------------------------------

    def test_what_is_purged_is_nowhere_any_more(self) -> None:
        """Neither in the record, nor in any change of it; what else there is, stays."""
        self.write(put("a", doc=_PRIVATE), put("b", doc='{"n":1}'))
        self.write(put("a", 1, _PRIVATE))
        self.write(put("b", 1, '{"n":2}'))
        same(self.kept_up.purge(ACME, [goal("a")], by="ida", why="asked to"), 2, "how many changes lost their content")
        holds(self.kept(goal("a")).is_deleted, "the record is deleted")
        docs = [change.doc for change in self.feed()]
        same(docs, [None, '{"n":1}', None, '{"n":2}', None], "the documents in the feed")
        same(self.kept(goal("b")).doc, '{"n":2}', "the other record")

    def test_a_purge_is_a_change_as_every_other(self) -> None:
        """It is in the feed with who and why, and numbers, digests and revisions stay and go on."""
        self.write(put("a"), by="ola")
        before = self.feed()
        self.kept_up.purge(ACME, [goal("a")], by="ida", why="asked to")
        erased, deleted = self.feed()
        same(
            (erased.position, erased.rev, erased.by), (before[0].position, 1, "ola"), "what is left of the first change"
        )
        same((erased.is_erased, erased.deleted), (True, False), "that it is erased, and no deletion")
        same((deleted.deleted, deleted.rev, deleted.by, deleted.why), (True, 2, "ida", "asked to"), "the change")
        same(self.store.changes(ACME, before[0].position), (deleted,), "what comes after the first change")
        self.write(put("a"))
        same((self.kept(goal("a")).rev, self.feed()[-1].seq), (3, 3), "revision and number of what came back")

    def test_what_is_purged_keeps_who_when_and_why(self) -> None:
        """A change loses its document and nothing else, and each still tells what the record is found by."""
        fact = Put(key=Key(Kind.FACT, "f"), expect=0, doc=_PRIVATE, type="check_in", about="nps", on=DAY)
        self.write(fact, by="ola", why="said so", at=AT)
        self.write(evolve(fact, expect=1, about="csat", on=None), by="bo", why="mistaken")
        before = self.feed()
        self.kept_up.purge(ACME, [fact.key], by="ida", why="asked to")
        *left, deletion = self.feed()
        same(left, [evolve(change, doc=None) for change in before], "what is left of the changes")
        same((deletion.type, deletion.about, deletion.on), ("check_in", "csat", None), "what the deletion is found by")

    def test_a_request_of_what_is_purged_is_not_done_again(self) -> None:
        """Its key stays known: the content would come back where it is sent once more."""
        first = self.write(put("a", doc=_PRIVATE), key="request-1", fingerprint="f1")
        self.kept_up.purge(ACME, [goal("a")], by="ida", why="asked to")
        again = self.write(put("a", doc=_PRIVATE), key="request-1", fingerprint="f1")
        same(again, evolve(first, replayed=True), "the second answer")
        same([change.doc for change in self.feed()], [None, None], "the documents in the feed")

    def test_what_was_deleted_before_is_purged_too(self) -> None:
        """Its content goes; no other change is made."""
        self.write(put("a", doc=_PRIVATE))
        self.write(put("a", 1, None))
        same(self.kept_up.purge(ACME, [goal("a"), goal("a")], by="ida", why="asked to"), 1, "how many")
        same([change.doc for change in self.feed()], [None, None], "the documents in the feed")

    def test_purging_twice_erases_once(self) -> None:
        """What is gone is gone, and what never was, is no reason to refuse."""
        self.write(*puts("ab"))
        keys = [goal("a"), goal("never"), Key(Kind.KPI, "b")]
        counts = [self.kept_up.purge(ACME, iter(keys), by="ida", why="asked to") for _ in range(2)]
        same((counts, len(self.feed())), ([1, 0], 3), "how many changes, and how many there are")

    def test_a_purge_stays_in_its_workspace(self) -> None:
        """What has the same key elsewhere is not touched."""
        self.write(put("a"))
        self.write(put("a"), to="other")
        self.kept_up.purge(ACME, [goal("a")], by="ida", why="asked to")
        same([change.doc for change in self.feed("other")], ['{"n":1}'], "the documents of the other one")

    @for_each("name", NO_NAMES)
    def test_what_is_no_name_is_not_purged(self, name: str) -> None:
        """As by every other operation."""
        refused(InvalidValue, lambda: self.kept_up.purge(name, [goal("a")], by="ida", why="asked to"))

    def test_a_closed_store_refuses_operators_too(self) -> None:
        """After it was closed, nothing is told and nothing erased."""
        kept_up = self.kept_up
        self.store.close()
        refused(StoreClosed, kept_up.workspaces)
        refused(StoreClosed, kept_up.verify)
        refused(StoreClosed, lambda: kept_up.purge(ACME, [goal("a")], by="ida", why="asked to"))
