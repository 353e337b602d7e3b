"""Cases: the feed tells every change once, in order, and notices when an older state was put back."""

from __future__ import annotations

from functools import partial
from typing import Any

from attrs import evolve

from ..errors import InvalidValue
from ..storage import Change, Conflict, FeedReset, Key, Kind, Position
from ..storage.deciding import digest_of
from .cases import ACME, AT, DAY, Cases, for_each, goal, pages, put, puts
from .corpus import NO_KEYS, NO_LIMITS
from .proving import refused, same

_NO_PLACES = {
    "negative": Position(-1),
    "true": Position(True),  # noqa: FBT003 - that is what is refused
    "text": Position("1"),  # type: ignore[arg-type] # as above
    "nothing": Position(None),  # type: ignore[arg-type] # as above
    "a half": Position(1.5),  # type: ignore[arg-type] # as above
}


class FeedCases(Cases):
    """Changes are told without a gap, page by page, to whoever follows."""

    def test_the_feed_of_an_empty_workspace_is_empty(self) -> None:
        """Nothing has happened there, and following it can begin."""
        same(self.store.changes(ACME, Position()), (), "the feed")

    def test_a_change_says_everything(self) -> None:
        """Which record became what, who did it, when, and why."""
        key = Key(Kind.FACT, "f1")
        self.write(put(key, doc='{"v":1}', type="check_in", about="nps", on=DAY), by="ida", why="because", at=AT)
        wanted = Change(
            seq=1,
            key=key,
            rev=1,
            doc='{"v":1}',
            type="check_in",
            about="nps",
            on=DAY,
            born=1,
            deleted=False,
            at=AT,
            by="ida",
            why="because",
            digest="",
        )
        same(evolve(self.feed()[0], digest=""), wanted, "the change")

    def test_the_feed_has_no_gap_and_ends_at_its_head(self) -> None:
        """Numbers go from 1 to the head, each once, whatever was refused or empty in between."""
        for n in range(20):
            self.write(*puts(f"{n}-{m}" for m in range(n % 4)))
            refused(Conflict, partial(self.write, put(f"refused-{n}", 7)))
        numbers = [change.seq for change in self.feed()]
        same(numbers, [*range(1, len(numbers) + 1)], "the numbers")
        same(len(numbers), 30, "how many there are")
        same(self.store.head(ACME).position, self.feed()[-1].position, "the head and the last change")

    def test_digests_are_a_chain(self) -> None:
        """Each digest is that of the change and of all before it, as `digest_of` works it out."""
        self._write_some()
        before = ""
        for change in self.feed():
            same(change.digest, digest_of(change, before), f"the digest of change {change.seq}")
            before = change.digest

    def _write_some(self) -> None:
        self.write(*puts("abc"), by="ida", why="the first", at=AT)
        self.write(put("a", 1, '{"n":2}'), put("b", 1, None))
        self.write(put("b"), put("c", 1, anew=True), by="caf\u00e9")

    @for_each("limit", {"one": 1, "two": 2, "three": 3, "all": 7, "more": 1000})
    def test_pages_of_any_size_tell_the_same(self, limit: int) -> None:
        """Page by page, every change is told once, and in order."""
        self._write_some()
        same([change.seq for change in self.feed(limit=limit)], [1, 2, 3, 4, 5, 6, 7], "the numbers")
        same(self.feed(limit=limit), self.feed(), "the changes")

    def test_following_goes_on_from_every_place(self) -> None:
        """After each change come those behind it, with the digest of the place and without."""
        self._write_some()
        feed = self.feed()
        same(len(feed), 7, "how many there are")
        for n, change in enumerate(feed, start=1):
            same(self.store.changes(ACME, change.position), feed[n:], f"what comes after {n}")
            same(self.store.changes(ACME, Position(n)), feed[n:], f"what comes after {n}, without a digest")

    def test_whoever_follows_is_told_what_is_written_meanwhile(self) -> None:
        """A change that is written between two pages is told in its turn, and none twice."""
        self.write(*puts("abc"))
        told: list[int] = []
        for change in pages(self.store, ACME, limit=2):
            told.append(change.seq)
            if change.seq in {1, 2, 4}:
                self.write(put(f"new-{change.seq}"))
        same(told, [1, 2, 3, 4, 5, 6], "the numbers")

    def test_the_end_of_the_feed_is_a_place(self) -> None:
        """Whoever has seen everything is told nothing, until there is something."""
        self._write_some()
        end = self.store.head(ACME).position
        same(self.store.changes(ACME, end), (), "what comes after the end")
        self.write(put("new"))
        same([change.seq for change in self.store.changes(ACME, end)], [8], "what comes after it now")

    @for_each("beyond", {"by one": 1, "by many": 1_000, "by a great many": 2**62})
    def test_a_place_beyond_the_end_is_a_reset(self, beyond: int) -> None:
        """The feed was longer once: an older state was put back."""
        refused(FeedReset, lambda: self.store.changes(ACME, Position(beyond)))
        self._write_some()
        refused(FeedReset, lambda: self.store.changes(ACME, Position(7 + beyond)))

    def test_a_place_with_another_digest_is_a_reset(self) -> None:
        """The change there is another one: an older state was put back, and went on from there."""
        self._write_some()
        for change in self.feed():
            refused(FeedReset, partial(self.store.changes, ACME, Position(change.seq, "0" * 32)))
        refused(FeedReset, lambda: self.store.changes(ACME, Position(7, "0" * 32), of=goal("a")))
        refused(FeedReset, lambda: self.store.changes(ACME, Position(7, self.feed()[0].digest)))

    @for_each("after", _NO_PLACES)
    def test_what_is_no_place_is_refused(self, after: Position) -> None:
        """A place is the beginning, or the number of a change."""
        self._write_some()
        refused(InvalidValue, lambda: self.store.changes(ACME, after))

    @for_each("limit", NO_LIMITS)
    def test_what_is_no_limit_of_a_feed_is_refused(self, limit: int) -> None:
        """A page has from 1 to 1000 changes."""
        self._write_some()
        refused(InvalidValue, lambda: self.store.changes(ACME, Position(), limit=limit))

    @for_each("of", NO_KEYS)
    def test_changes_of_what_is_no_key_are_refused(self, of: Any) -> None:
        """They are not taken for those of a record that never was."""
        self._write_some()
        refused(InvalidValue, lambda: self.store.changes(ACME, Position(), of=of))

    def test_the_changes_of_one_record_are_told_alone(self) -> None:
        """All changes of a record, deletions too, and none of any other."""
        self._write_some()
        feed = self.feed()
        for key in (goal("a"), goal("b"), goal("c")):
            wanted = tuple(change for change in feed if change.key == key)
            same(self.store.changes(ACME, Position(), of=key), wanted, f"the changes of {key}")
            same(self.store.changes(ACME, wanted[0].position, of=key), wanted[1:], f"those after the first of {key}")
            same(self.store.changes(ACME, Position(), of=key, limit=1), wanted[:1], f"the first of {key}")
        same(self.store.changes(ACME, Position(), of=Key(Kind.KPI, "a")), (), "the changes of another kind")
        same(self.store.changes(ACME, Position(), of=goal("never")), (), "the changes of what never was")

    def test_what_was_told_does_not_change(self) -> None:
        """A feed only grows: what it told before, it tells again."""
        self._write_some()
        before = self.feed()
        self._write_more()
        same(self.feed()[: len(before)], before, "the feed so far")

    def _write_more(self) -> None:
        self.write(put("a", 2, None), put("b", 3, '{"n":9}'))
        self.write(put("a"), put("d"))

    def test_the_feed_makes_the_records(self) -> None:
        """Whoever keeps the last change of each record, has what is there."""
        self._write_some()
        self._write_more()
        last = {change.key: change.record for change in self.feed()}
        alive = [record for record in last.values() if not record.is_deleted]
        same(self.ids(), [r.key.id for r in sorted(alive, key=lambda r: r.born)], "the ids")
        same({key: self.kept(key) for key in last}, last, "the records")
