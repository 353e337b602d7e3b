"""Cases: a request that is sent several times is done once."""

from __future__ import annotations

from typing import Any

from attrs import evolve

from ..errors import InvalidValue
from ..storage import Answered, Conflict, Guard, KeyReused, Kind, Quiet
from .cases import ACME, AT, Cases, for_each, goal, put, puts
from .corpus import IDS, NO_REQUESTS
from .proving import holds, refused, same


class RequestCases(Cases):
    """Idempotency keys: the first answer is given again, whatever the records are now."""

    def test_a_request_that_is_sent_again_is_not_done_again(self) -> None:
        """The same commit is told, as one that was made before, and nothing is written."""
        first = self.write(*puts("ab"), key="request-1", by="ida", why="the first", at=AT)
        again = self.write(*puts("ab"), key="request-1", by="ida", why="the first", at=AT)
        same((first.replayed, again), (False, evolve(first, replayed=True)), "the second answer")
        same((len(self.feed()), self.kept(goal("a")).rev), (2, 1), "what is written")

    def test_a_key_is_looked_up_before_anything_is_expected(self) -> None:
        """What has changed since is no reason to refuse a request that was done."""
        first = self.write(put("a"), key="request-1")
        self.write(put("a", 1))
        self.write(put("b"))
        guards, quiet = [Guard(key=goal("b"), expect=0)], [Quiet(kind=Kind.GOAL, since=0)]
        again = self.write(put("a"), key="request-1", guards=guards, quiet=quiet)
        same(again, evolve(first, replayed=True), "the second answer")
        same((len(self.feed()), self.kept(goal("a")).rev), (3, 2), "what is written")

    def test_a_request_that_would_fit_again_is_not_done_again(self) -> None:
        """Not even where every expectation holds, because the record was deleted meanwhile."""
        first = self.write(put("a"), key="request-1")
        self.write(put("a", 1, None))
        same(self.write(put("a"), key="request-1"), evolve(first, replayed=True), "the second answer")
        holds(self.kept(goal("a")).is_deleted, "what was deleted stays deleted")

    def test_the_first_answer_stays_for_good(self) -> None:
        """After many other commits and requests, it is still the same."""
        first = self.write(put("a"), key="request-1", fingerprint="f1")
        for n in range(50):
            self.write(put(f"b{n}"), key=f"other-{n}", fingerprint=f"g{n}")
        for _ in range(3):
            same(self.write(key="request-1", fingerprint="f1"), evolve(first, replayed=True), "the answer")

    def test_a_key_that_was_used_for_something_else_is_refused(self) -> None:
        """Another fingerprint is another request; nothing of it is written, and the first stays known."""
        first = self.write(put("a"), key="request-1", fingerprint="f1")
        error = refused(KeyReused, lambda: self.write(put("b"), key="request-1", fingerprint="f2"))
        holds("request-1" in str(error), "the error names the key")
        same((self.found(goal("b")), len(self.feed())), (None, 1), "what is written")
        again = self.write(put("a"), key="request-1", fingerprint="f1")
        same(again, evolve(first, replayed=True), "the answer to the first request")

    @for_each("key", NO_REQUESTS)
    def test_what_is_no_key_of_a_request_is_refused(self, key: Any) -> None:
        """It is not taken for a request that was never made."""
        self.write(put("a"), key="request-1")
        refused(InvalidValue, lambda: self.store.head(ACME, key))

    @for_each("prints", {"the first time": ("", "f1"), "the second time": ("f1", ""), "both times": ("", "")})
    def test_without_a_fingerprint_the_key_alone_decides(self, prints: tuple[str, str]) -> None:
        """Where one of the two does not say what the request is, it is the same one."""
        first = self.write(put("a"), key="request-1", fingerprint=prints[0])
        again = self.write(put("b"), key="request-1", fingerprint=prints[1])
        same((again, len(self.feed())), (evolve(first, replayed=True), 1), "the second answer")

    def test_the_key_of_an_empty_batch_is_kept(self) -> None:
        """That nothing was to be done is an answer too."""
        self.write(put("a"))
        first = self.write(key="request-1", fingerprint="f1")
        self.write(put("b"))
        again = self.write(put("c"), key="request-1", fingerprint="f1")
        same((again, again.changes), (evolve(first, replayed=True), 0), "the second answer")
        same((self.found(goal("c")), len(self.feed())), (None, 2), "what is written")

    def test_a_batch_that_was_refused_leaves_its_key_unused(self) -> None:
        """Whoever decides again may send the new decision under the same key."""
        self.write(put("a"))
        refused(Conflict, lambda: self.write(put("a"), key="request-1", fingerprint="f1"))
        same(self.store.head(ACME, "request-1").answered, None, "what is known of the request")
        commit = self.write(put("a", 1), key="request-1", fingerprint="f2")
        same((commit.replayed, commit.seq), (False, 2), "the commit")

    def test_a_key_belongs_to_its_workspace(self) -> None:
        """The same key in another workspace is another request."""
        first = self.write(put("a"), key="request-1", fingerprint="f1")
        other = self.write(put("b"), to="other", key="request-1", fingerprint="f2")
        same((other.replayed, other.seq), (False, 1), "the commit")
        same(self.store.head("third", "request-1").answered, None, "what a third one knows")
        same(self.store.head(ACME, "request-1").answered, Answered(commit=first, fingerprint="f1"), "the first")

    def test_batches_without_a_key_are_never_the_same(self) -> None:
        """No key is no key that is used twice."""
        self.write(put("a"), fingerprint="f1")
        same(self.write(put("b"), fingerprint="f2").seq, 2, "the number of the second one")
        same((len(self.feed()), self.store.head(ACME, "").answered), (2, None), "what is kept")

    @for_each("key", IDS)
    def test_a_key_is_known_by_its_characters(self, key: str) -> None:
        """Keys are told apart as ids are, and what they became comes back with its fingerprint."""
        commit = self.write(put("a"), key=key, fingerprint=key)
        same(self.store.head(ACME, key).answered, Answered(commit=commit, fingerprint=key), "what is known")
        longer = key + key[:1] if len(key) < _LONGEST else "y"
        same(self.write(put("b"), key=longer).seq, 2, "the number of another request")

    def test_keys_that_look_alike_are_different_requests(self) -> None:
        """Each of many keys that look alike has an answer of its own."""
        commits = {key: self.write(put(key), key=key) for key in IDS.values()}
        for key, commit in commits.items():
            same(self.write(key=key), evolve(commit, replayed=True), f"the answer to {key!r}")


_LONGEST = 255
