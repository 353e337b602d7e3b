"""Cases: expectations, guards and quiet; all of a batch or nothing; revisions, numbers and places."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..errors import InvalidValue
from ..storage import Clash, Conflict, Guard, Key, Kind, Put, Quiet
from .cases import ACME, DAY, Cases, for_each, goal, put, puts
from .corpus import NO_BATCHES
from .proving import holds, refused, same

_FACT = Key(Kind.FACT, "f1")


class WritingCases(Cases):
    """A batch is written as a whole, on what it expects, and in the order in which it names things."""

    @for_each("batch", NO_BATCHES)
    def test_what_is_no_batch_is_refused(self, batch: Any) -> None:
        """Nothing is written of it, and no workspace comes about."""
        refused(InvalidValue, lambda: self.store.apply(ACME, batch))
        same(self.store.head(ACME).position.seq, 0, "the last change")

    # -- expectations ---------------------------------------------------------------------------

    def test_revisions_count_from_one(self) -> None:
        """A record begins with revision 1 and has one more with every change."""
        for rev in range(5):
            self.write(put("nps", rev, f'{{"n":{rev}}}'))
            same((self.kept(goal("nps")).rev, self.kept(goal("nps")).seq), (rev + 1, rev + 1), "revision and number")

    @for_each("expect", {"none": 0, "an older one": 1, "a newer one": 3, "a much newer one": 2**40})
    def test_a_stale_revision_is_refused(self, expect: int) -> None:
        """A record in another revision than expected is a conflict that names both."""
        self.write(put("nps"))
        self.write(put("nps", 1, '{"n":2}'))
        error = refused(Conflict, lambda: self.write(put("nps", expect, '{"n":3}')))
        same(error.clashes, (Clash(what="goal 'nps'", expected=expect, actual=2),), "the clash")
        same((self.kept(goal("nps")).doc, len(self.feed())), ('{"n":2}', 2), "what is kept")

    def test_a_record_that_is_not_there_is_refused_where_one_is_expected(self) -> None:
        """Nothing is there in revision 0."""
        error = refused(Conflict, lambda: self.write(put("nps", 1)))
        same(error.clashes, (Clash(what="goal 'nps'", expected=1, actual=0),), "the clash")
        same((self.found(goal("nps")), self.feed()), (None, ()), "what is kept")

    @for_each("doc", {"changed": '{"n":2}', "deleted": None})
    def test_a_deleted_record_is_not_there(self, doc: str | None) -> None:
        """Whoever still expects the last revision of what was deleted meanwhile is told that it is gone."""
        self.write(put("nps"))
        self.write(put("nps", 1, None))
        for expect in (1, 2):
            error = refused(Conflict, partial(self.write, put("nps", expect, doc)))
            same(error.clashes, (Clash(what="goal 'nps'", expected=expect, actual=0),), "the clash")
        same(len(self.feed()), 2, "the changes")

    def test_revisions_are_never_used_again(self) -> None:
        """What comes back goes on counting where it was deleted."""
        self.write(put("nps"))
        self.write(put("nps", 1, None))
        self.write(put("nps", 0, '{"n":2}'))
        same(self.kept(goal("nps")).rev, 3, "the revision of what came back")
        self.write(put("nps", 3, None))
        self.write(put("nps", 0, '{"n":3}'))
        same([change.rev for change in self.feed()], [1, 2, 3, 4, 5], "the revisions in the feed")

    def test_every_clash_of_a_batch_is_named(self) -> None:
        """A conflict names each record that is not as expected, and none that is."""
        self.write(*puts("abc"))
        batch = (put("a", 2), put("b", 1), put("c", 0), put("d", 5))
        error = refused(Conflict, lambda: self.write(*batch, guards=[Guard(key=goal("e"), expect=1)]))
        wanted = {("goal 'a'", 2, 1), ("goal 'c'", 0, 1), ("goal 'd'", 5, 0), ("goal 'e'", 1, 0)}
        same({(clash.what, clash.expected, clash.actual) for clash in error.clashes}, wanted, "the clashes")

    def test_a_conflict_does_not_show_a_document(self) -> None:
        """What is in a document is nobody's business who reads a log."""
        self.write(put("nps", doc='{"a":"secret-1"}'))
        error = refused(Conflict, lambda: self.write(put("nps", 0, '{"a":"secret-2"}')))
        holds("secret" not in f"{error} {error!r} {error.args}", "an error does not show a document")

    # -- all or nothing -------------------------------------------------------------------------

    @for_each("at", {"first": 0, "in the middle": 2, "last": 4})
    def test_one_wrong_expectation_leaves_nothing(self, at: int) -> None:
        """Of a batch that is refused, nothing is written, wherever in it the wrong one stands."""
        self.write(put("there"))
        before = self.store.head(ACME)
        batch = [*puts(("a", "b", "c", "d"))]
        batch.insert(at, put("there", 7))
        refused(Conflict, lambda: self.write(*batch, key="request-1"))
        same(self.ids(deleted=True), ["there"], "what is there")
        same((len(self.feed()), self.store.head(ACME)), (1, before), "the feed and its head")
        same(self.store.head(ACME, "request-1").answered, None, "what is known of the request")

    def test_after_a_refusal_the_next_batch_is_written(self) -> None:
        """A batch that is refused leaves nothing that is in the way of the next one, and no number is lost."""
        refused(Conflict, lambda: self.write(put("a"), put("b", 1)))
        commit = self.write(*puts("ab"))
        same((commit.first, commit.seq), (1, 2), "the numbers")

    # -- guards and quiet -----------------------------------------------------------------------

    @for_each("expect", {"none": 0, "an older one": 1, "a newer one": 3})
    def test_a_guard_that_does_not_hold_refuses(self, expect: int) -> None:
        """What was read has to be as it was, though it is not written."""
        self.write(put("nps"))
        self.write(put("nps", 1))
        guard = Guard(key=goal("nps"), expect=expect)
        error = refused(Conflict, lambda: self.write(put("other"), guards=[guard]))
        same(error.clashes, (Clash(what="goal 'nps'", expected=expect, actual=2),), "the clash")
        same(self.found(goal("other")), None, "what the batch puts")

    def test_a_guard_that_holds_changes_nothing(self) -> None:
        """What is guarded is neither written nor told; what is not there can be guarded, and what is deleted."""
        self.write(put("nps"), put("gone"))
        self.write(put("gone", 1, None))
        guards = [Guard(key=goal(each), expect=expect) for each, expect in (("nps", 1), ("gone", 0), ("never", 0))]
        self.write(put("other"), guards=guards)
        same((self.kept(goal("nps")).rev, self.kept(goal("gone")).rev), (1, 2), "the revisions of what is guarded")
        same((self.found(goal("never")), len(self.feed())), (None, 4), "what is told")

    def test_a_batch_is_checked_against_what_was_there_before_it(self) -> None:
        """What a batch puts disturbs neither its own guards nor what it wants quiet."""
        self.write(put("nps"))
        guards = [Guard(key=goal("nps"), expect=1), Guard(key=goal("new"), expect=0)]
        self.write(put("nps", 1), put("new"), guards=guards, quiet=[Quiet(kind=Kind.GOAL, since=1)])
        same(len(self.feed()), 3, "the changes")

    @for_each(
        "disturbing",
        {
            "a new one": put(Key(Kind.FACT, "f2"), type="check_in", about="nps"),
            "a change": put(_FACT, 1, type="check_in", about="nps"),
            "a deletion": put(_FACT, 1, None, type="check_in", about="nps"),
        },
    )
    def test_what_must_be_quiet_and_is_not_refuses(self, disturbing: Put) -> None:
        """A record of that sort that was added, changed or deleted since is a conflict."""
        seen = self.write(put("nps"), put(_FACT, type="check_in", about="nps")).seq
        self.write(disturbing)
        for quiet in (
            Quiet(kind=Kind.FACT, since=seen),
            Quiet(kind=Kind.FACT, since=seen, about="nps"),
            Quiet(kind=Kind.FACT, since=seen, type="check_in"),
            Quiet(kind=Kind.FACT, since=seen, about="nps", type="check_in"),
        ):
            refused(Conflict, partial(self.write, put("other"), quiet=[quiet]))
        same((self.found(goal("other")), len(self.feed())), (None, 3), "what is kept")

    def test_what_is_of_another_sort_disturbs_nobody(self) -> None:
        """Another kind, another type, something about another goal, or before: all of that may change."""
        self.write(put("nps"), put(_FACT, type="check_in", about="nps"))
        quiet = [
            Quiet(kind=Kind.FACT, since=2),
            Quiet(kind=Kind.FACT, since=0, about="NPS"),
            Quiet(kind=Kind.FACT, since=0, about="np"),
            Quiet(kind=Kind.FACT, since=0, type="check"),
            Quiet(kind=Kind.FACT, since=0, about="nps", type="revision"),
            Quiet(kind=Kind.GOAL, since=1),
            Quiet(kind=Kind.KPI, since=0),
        ]
        same(self.write(put("other"), quiet=quiet).seq, 3, "the number of the change")

    # -- numbers and places ---------------------------------------------------------------------

    def test_changes_are_numbered_in_the_order_of_the_batch(self) -> None:
        """Each record of a batch has a number of its own, without a gap from batch to batch."""
        first = self.write(*puts("cab"))
        second = self.write(put("b", 1), put("d"), put("a", 1, None))
        same((first.first, first.seq, first.changes), (1, 3, 3), "the first commit")
        same((second.first, second.seq, second.changes), (4, 6, 3), "the second commit")
        told = [(change.seq, change.key.id) for change in self.feed()]
        same(told, [(1, "c"), (2, "a"), (3, "b"), (4, "b"), (5, "d"), (6, "a")], "the feed")

    def test_an_empty_batch_changes_nothing(self) -> None:
        """A batch without records takes no number."""
        commit = self.write()
        same((commit.first, commit.seq, commit.changes), (1, 0, 0), "a commit in an empty workspace")
        self.write(*puts("ab"))
        commit = self.write(guards=[Guard(key=goal("a"), expect=1)])
        same((commit.first, commit.seq, commit.changes), (3, 2, 0), "a commit after two changes")
        same((len(self.feed()), self.store.head(ACME).position.seq), (2, 2), "the feed and its head")

    def test_a_change_leaves_a_record_in_its_place(self) -> None:
        """A record is born once; what changes it, gives it no other place."""
        self.write(*puts("abc"))
        self.write(put("a", 1, '{"n":2}'))
        same((self.kept(goal("a")).born, self.kept(goal("a")).seq), (1, 4), "born and changed")
        same(self.ids(), ["a", "b", "c"], "the order")

    def test_what_is_put_anew_comes_last(self) -> None:
        """Anew, a record takes its place behind all others, in the order of its batch."""
        self.write(*puts("abc"))
        self.write(put("b", 1, anew=True), put("a", 1, anew=True))
        same(self.ids(), ["c", "b", "a"], "the order")
        same([self.kept(goal(each)).born for each in "abc"], [5, 4, 3], "born")
        same([change.born for change in self.feed()], [1, 2, 3, 4, 5], "born, in the feed")

    def test_what_comes_back_comes_last(self) -> None:
        """What was deleted has lost its place."""
        self.write(*puts("abc"))
        self.write(put("a", 1, None))
        self.write(put("a"))
        same(self.ids(), ["b", "c", "a"], "the order")
        same(self.kept(goal("a")).born, 5, "born")

    def test_what_is_left_of_a_deleted_record_is_found_by_what_it_was(self) -> None:
        """A record that is deleted keeps its type, what it was about, and its day, whatever the batch says of them."""
        self.write(put(_FACT, type="check_in", about="nps", on=DAY))
        self.write(Put(key=_FACT, expect=1, doc=None))
        left, change = self.kept(_FACT), self.feed()[-1]
        holds(left.is_deleted, "it is deleted")
        same((left.doc, left.rev, left.type, left.about, left.on), (None, 2, "check_in", "nps", DAY), "what is left")
        same((change.deleted, change.doc, change.is_erased), (True, None, False), "what the feed says")
        same(change.record, left, "the record of the last change")

    def test_a_record_is_what_its_last_change_made_it(self) -> None:
        """Feed and records say the same of each record, of its place too."""
        self.write(*puts("abc"))
        self.write(put("a", 1, '{"n":2}', about="x", on=DAY), put("b", 1, None))
        self.write(put("b"), put("c", 1, anew=True))
        for change in {change.key: change for change in self.feed()}.values():
            same(self.kept(change.key), change.record, f"{change.key} and its last change")
