"""Stores that are broken on purpose, each in one way, with the case of the conformance suite that has to notice."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC
from time import sleep
from typing import Any, Final
from unicodedata import normalize

from attrs import evolve

from goalkit import InvalidValue
from goalkit.storage import (
    Batch,
    Change,
    Clash,
    Commit,
    Conflict,
    FeedReset,
    Guard,
    Head,
    Key,
    KeyReused,
    Kind,
    Page,
    Position,
    Put,
    Query,
    Record,
    Store,
)
from goalkit.storage.memory import MemoryStore


class Wrapped(Store):
    """A store that hands everything on to a sound one, and is the beginning of every broken one."""

    def __init__(self) -> None:
        self.inner = MemoryStore()

    def read(self, workspace: str, what: Query | Iterable[Key], *, after: int = 0, limit: int = 1000) -> Page:
        return self.inner.read(workspace, what, after=after, limit=limit)

    def apply(self, workspace: str, batch: Batch) -> Commit:
        return self.inner.apply(workspace, batch)

    def changes(
        self, workspace: str, after: Position, *, of: Key | None = None, limit: int = 1000
    ) -> tuple[Change, ...]:
        return self.inner.changes(workspace, after, of=of, limit=limit)

    def head(self, workspace: str, key: str = "") -> Head:
        return self.inner.head(workspace, key)

    def close(self) -> None:
        self.inner.close()

    def workspaces(self) -> tuple[str, ...]:
        return self.inner.workspaces()

    def verify(self) -> tuple[str, ...]:
        return self.inner.verify()

    def requests(self, workspace: str, first: int, last: int) -> Any:
        return self.inner.requests(workspace, first, last)

    def purge(self, workspace: str, keys: Iterable[Key], *, by: str, why: str) -> int:
        return self.inner.purge(workspace, keys, by=by, why=why)

    def rev(self, workspace: str, key: Key) -> int:
        """Return the revision that a batch has to expect."""
        found = self.inner.read(workspace, [key]).records
        return found[0].rev if found and not found[0].is_deleted else 0


#: Each broken store with the case that has to notice, by the names that a report gives.
SABOTEURS: Final[dict[type[Wrapped], str]] = {}


def caught_by(case: str) -> Callable[[type[Wrapped]], type[Wrapped]]:
    """Say which case has to notice a broken store."""

    def note(cls: type[Wrapped]) -> type[Wrapped]:
        SABOTEURS[cls] = case
        return cls

    return note


# -- writing ----------------------------------------------------------------------------------------


@caught_by("test_a_stale_revision_is_refused[an older one]")
class LosesUpdates(Wrapped):
    def apply(self, workspace: str, batch: Batch) -> Commit:
        puts = [evolve(put, expect=self.rev(workspace, put.key)) for put in batch.puts]
        return self.inner.apply(workspace, evolve(batch, puts=puts))


@caught_by("test_threads_lose_no_update")
class ChecksBeforeItLocks(Wrapped):
    def apply(self, workspace: str, batch: Batch) -> Commit:
        revs = {put.key: self.rev(workspace, put.key) for put in batch.puts}
        clashes = [
            Clash(what=str(put.key), expected=put.expect, actual=revs[put.key])
            for put in batch.puts
            if revs[put.key] != put.expect
        ]
        if clashes:
            raise Conflict("nothing was written", clashes)
        sleep(0.001)  # this is where another thread comes in
        puts = [evolve(put, expect=self.rev(workspace, put.key)) for put in batch.puts]
        return self.inner.apply(workspace, evolve(batch, puts=puts))


@caught_by("test_one_wrong_expectation_leaves_nothing[last]")
class WritesHalfOfABatch(Wrapped):
    def apply(self, workspace: str, batch: Batch) -> Commit:
        for put in batch.puts[:-1]:
            self.inner.apply(workspace, evolve(batch, puts=[put], key=""))
        return self.inner.apply(workspace, evolve(batch, puts=batch.puts[-1:]))


@caught_by("test_the_feed_has_no_gap_and_ends_at_its_head")
class BurnsANumberWhenItRefuses(Wrapped):
    def apply(self, workspace: str, batch: Batch) -> Commit:
        try:
            return self.inner.apply(workspace, batch)
        except Conflict:
            burnt = Key(Kind.CYCLE, "burnt")
            put = Put(key=burnt, expect=self.rev(workspace, burnt), doc="{}")
            self.inner.apply(workspace, Batch(puts=[put]))
            raise

    def changes(
        self, workspace: str, after: Position, *, of: Key | None = None, limit: int = 1000
    ) -> tuple[Change, ...]:
        found = self.inner.changes(workspace, after, of=of, limit=limit)
        return tuple(change for change in found if change.key.id != "burnt")


@caught_by("test_every_clash_of_a_batch_is_named")
class NamesOneClash(Wrapped):
    def apply(self, workspace: str, batch: Batch) -> Commit:
        try:
            return self.inner.apply(workspace, batch)
        except KeyReused:
            raise
        except Conflict as error:
            raise Conflict(error.message, error.clashes[:1]) from None


@caught_by("test_a_record_that_is_not_there_is_refused_where_one_is_expected")
class SwallowsErrors(Wrapped):
    def apply(self, workspace: str, batch: Batch) -> Commit:
        try:
            return self.inner.apply(workspace, batch)
        except Conflict:
            return self.inner.apply(workspace, Batch())


@caught_by("test_a_conflict_does_not_show_a_document")
class ShowsDocuments(Wrapped):
    def apply(self, workspace: str, batch: Batch) -> Commit:
        try:
            return self.inner.apply(workspace, batch)
        except KeyReused:
            raise
        except Conflict as error:
            raise Conflict(f"could not write {batch.puts}", error.clashes) from None


@caught_by("test_revisions_are_never_used_again")
class BeginsRevisionsAnew(Wrapped):
    def apply(self, workspace: str, batch: Batch) -> Commit:
        commit = self.inner.apply(workspace, batch)
        for put in batch.puts:
            if put.doc is None and not commit.replayed:
                self.inner._of(workspace).records.pop(put.key, None)
        return commit


@caught_by("test_a_guard_that_does_not_hold_refuses[none]")
class IgnoresGuards(Wrapped):
    def apply(self, workspace: str, batch: Batch) -> Commit:
        return self.inner.apply(workspace, evolve(batch, guards=()))


@caught_by("test_what_must_be_quiet_and_is_not_refuses[a new one]")
class IgnoresQuiet(Wrapped):
    def apply(self, workspace: str, batch: Batch) -> Commit:
        return self.inner.apply(workspace, evolve(batch, quiet=()))


@caught_by("test_what_must_be_quiet_and_is_not_refuses[a deletion]")
class DeletesQuietly(Wrapped):
    def apply(self, workspace: str, batch: Batch) -> Commit:
        deleted = self.inner.read(workspace, Query(kind=Kind.FACT, deleted=True)).records
        since = max((record.seq for record in deleted if record.is_deleted), default=0)
        quiet = [evolve(each, since=max(each.since, since)) for each in batch.quiet]
        return self.inner.apply(workspace, evolve(batch, quiet=quiet))


@caught_by("test_a_batch_is_checked_against_what_was_there_before_it")
class ReadsItsOwnBatch(Wrapped):
    def apply(self, workspace: str, batch: Batch) -> Commit:
        own = {put.key for put in batch.puts}
        guards = [
            evolve(guard, expect=guard.expect - 1 if guard.key in own else guard.expect) for guard in batch.guards
        ]
        return self.inner.apply(workspace, evolve(batch, guards=guards))


@caught_by("test_a_change_leaves_a_record_in_its_place")
class GivesEveryChangeAnotherPlace(Wrapped):
    def apply(self, workspace: str, batch: Batch) -> Commit:
        return self.inner.apply(workspace, evolve(batch, puts=[evolve(put, anew=True) for put in batch.puts]))


@caught_by("test_what_is_put_anew_comes_last")
class IgnoresAnew(Wrapped):
    def apply(self, workspace: str, batch: Batch) -> Commit:
        return self.inner.apply(workspace, evolve(batch, puts=[evolve(put, anew=False) for put in batch.puts]))


# -- requests ---------------------------------------------------------------------------------------


@caught_by("test_a_request_that_would_fit_again_is_not_done_again")
class DoesRequestsAgain(Wrapped):
    def apply(self, workspace: str, batch: Batch) -> Commit:
        known = self.inner.head(workspace, batch.key).answered
        try:
            return self.inner.apply(workspace, evolve(batch, key="") if known else batch)
        except Conflict:
            return self.inner.apply(workspace, batch)


@caught_by("test_a_key_is_looked_up_before_anything_is_expected")
class LooksKeysUpLast(Wrapped):
    def apply(self, workspace: str, batch: Batch) -> Commit:
        wanted: list[Put | Guard] = [*batch.puts, *batch.guards]
        wrong = [each for each in wanted if self.rev(workspace, each.key) != each.expect]
        if wrong:
            raise Conflict("nothing was written")
        return self.inner.apply(workspace, batch)


@caught_by("test_a_key_belongs_to_its_workspace")
class SharesKeys(Wrapped):
    def apply(self, workspace: str, batch: Batch) -> Commit:
        for name in self.inner.workspaces() if batch.key else ():
            if self.inner.head(name, batch.key).answered is not None:
                return self.inner.apply(name, batch)
        return self.inner.apply(workspace, batch)


@caught_by("test_what_is_no_key_of_a_request_is_refused[number]")
class TakesAnythingForARequest(Wrapped):
    def head(self, workspace: str, key: str = "") -> Head:
        try:
            return self.inner.head(workspace, key)
        except InvalidValue:
            return self.inner.head(workspace)


@caught_by("test_a_key_that_was_used_for_something_else_is_refused")
class IgnoresFingerprints(Wrapped):
    def apply(self, workspace: str, batch: Batch) -> Commit:
        return self.inner.apply(workspace, evolve(batch, fingerprint=""))


@caught_by("test_the_key_of_an_empty_batch_is_kept")
class ForgetsEmptyBatches(Wrapped):
    def apply(self, workspace: str, batch: Batch) -> Commit:
        known = self.inner.head(workspace, batch.key).answered
        return self.inner.apply(workspace, batch if batch.puts or known else evolve(batch, key=""))


@caught_by("test_a_batch_that_was_refused_leaves_its_key_unused")
class KeepsKeysOfWhatItRefused(Wrapped):
    def apply(self, workspace: str, batch: Batch) -> Commit:
        try:
            return self.inner.apply(workspace, batch)
        except KeyReused:
            raise
        except Conflict:
            self.inner.apply(workspace, evolve(batch, puts=(), guards=(), quiet=()))
            raise


# -- the feed ---------------------------------------------------------------------------------------


class _Feed(Wrapped):
    """A store that tells its changes otherwise."""

    def changes(
        self, workspace: str, after: Position, *, of: Key | None = None, limit: int = 1000
    ) -> tuple[Change, ...]:
        return tuple(self.told(self.inner.changes(workspace, after, of=of, limit=limit)))

    def told(self, changes: tuple[Change, ...]) -> Iterable[Change]:
        return changes


@caught_by("test_changes_are_numbered_in_the_order_of_the_batch")
class TellsChangesById(_Feed):
    def told(self, changes: tuple[Change, ...]) -> Iterable[Change]:
        return sorted(changes, key=lambda change: change.key.id)


@caught_by("test_following_goes_on_from_every_place")
class TellsAllButTheLast(_Feed):
    def told(self, changes: tuple[Change, ...]) -> Iterable[Change]:
        return changes[:-1]


@caught_by("test_digests_are_a_chain")
class BreaksTheChain(_Feed):
    def told(self, changes: tuple[Change, ...]) -> Iterable[Change]:
        return [evolve(change, digest=change.digest[::-1]) for change in changes]


@caught_by("test_what_was_told_does_not_change")
class RewritesThePast(_Feed):
    def told(self, changes: tuple[Change, ...]) -> Iterable[Change]:
        last = {change.key: change.doc for change in changes}
        return [evolve(change, doc=last[change.key]) for change in changes]


@caught_by("test_a_place_with_another_digest_is_a_reset")
class AcceptsAnyDigest(Wrapped):
    def changes(
        self, workspace: str, after: Position, *, of: Key | None = None, limit: int = 1000
    ) -> tuple[Change, ...]:
        return self.inner.changes(workspace, after._replace(digest=""), of=of, limit=limit)


@caught_by("test_a_place_beyond_the_end_is_a_reset[by one]")
class WaitsForWhatWasThere(Wrapped):
    def changes(
        self, workspace: str, after: Position, *, of: Key | None = None, limit: int = 1000
    ) -> tuple[Change, ...]:
        try:
            return self.inner.changes(workspace, after, of=of, limit=limit)
        except FeedReset:
            return ()


@caught_by("test_the_head_is_the_last_change")
class HasItsHeadAheadOfItsFeed(Wrapped):
    def head(self, workspace: str, key: str = "") -> Head:
        head = self.inner.head(workspace, key)
        return head._replace(position=head.position._replace(seq=head.position.seq + 1))


@caught_by("test_a_page_says_at_which_moment_it_was_so")
class SaysNoMoment(Wrapped):
    def read(self, workspace: str, what: Query | Iterable[Key], *, after: int = 0, limit: int = 1000) -> Page:
        return evolve(self.inner.read(workspace, what, after=after, limit=limit), head=Position())


# -- reading ----------------------------------------------------------------------------------------


class _Narrow(Wrapped):
    """A store that leaves one field of a query out."""

    left_out: dict[str, Any]

    def read(self, workspace: str, what: Query | Iterable[Key], *, after: int = 0, limit: int = 1000) -> Page:
        asked = evolve(what, **self.left_out) if isinstance(what, Query) else what
        return self.inner.read(workspace, asked, after=after, limit=limit)


@caught_by("test_a_query_by_one_field_gives_what_is_asked_for[about]")
class IgnoresAbout(_Narrow):
    left_out: dict[str, Any] = {"about": ""}  # noqa: RUF012 - never changed


@caught_by("test_a_query_by_one_field_gives_what_is_asked_for[type]")
class IgnoresType(_Narrow):
    left_out: dict[str, Any] = {"type": ""}  # noqa: RUF012 - never changed


@caught_by("test_a_query_by_one_field_gives_what_is_asked_for[since]")
class IgnoresSince(_Narrow):
    left_out: dict[str, Any] = {"since": None}  # noqa: RUF012 - never changed


@caught_by("test_a_query_by_one_field_gives_what_is_asked_for[until]")
class IgnoresUntil(_Narrow):
    left_out: dict[str, Any] = {"until": None}  # noqa: RUF012 - never changed


@caught_by("test_a_query_by_one_field_gives_what_is_asked_for[deleted]")
class IgnoresDeleted(_Narrow):
    left_out: dict[str, Any] = {"deleted": False}  # noqa: RUF012 - never changed


@caught_by("test_what_is_deleted_between_pages_hides_nothing")
class CountsPagesByOffset(Wrapped):
    def read(self, workspace: str, what: Query | Iterable[Key], *, after: int = 0, limit: int = 1000) -> Page:
        page = self.inner.read(workspace, what)
        if not isinstance(what, Query):
            return page
        more = after + limit if len(page.records) > after + limit else None
        return evolve(page, records=page.records[after : after + limit], more=more)


@caught_by("test_what_is_changed_between_pages_stays_in_its_place")
class OrdersByTheLastChange(Wrapped):
    def read(self, workspace: str, what: Query | Iterable[Key], *, after: int = 0, limit: int = 1000) -> Page:
        page = self.inner.read(workspace, what)
        if not isinstance(what, Query):
            return page
        found = sorted((each for each in page.records if each.seq > after), key=lambda record: record.seq)
        return evolve(page, records=tuple(found[:limit]), more=found[limit - 1].seq if len(found) > limit else None)


@caught_by("test_a_query_by_one_field_gives_what_is_asked_for[newest_first]")
class IgnoresNewestFirst(Wrapped):
    def read(self, workspace: str, what: Query | Iterable[Key], *, after: int = 0, limit: int = 1000) -> Page:
        asked = evolve(what, newest_first=False) if isinstance(what, Query) else what
        return self.inner.read(workspace, asked, after=after, limit=limit)


@caught_by("test_pages_of_any_size_give_the_same[two]")
class TurnsEachPageRound(Wrapped):
    def read(self, workspace: str, what: Query | Iterable[Key], *, after: int = 0, limit: int = 1000) -> Page:
        if not isinstance(what, Query) or not what.newest_first:
            return self.inner.read(workspace, what, after=after, limit=limit)
        page = self.inner.read(workspace, evolve(what, newest_first=False), after=after, limit=limit)
        return evolve(page, records=page.records[::-1])


@caught_by("test_the_newest_first_is_what_came_in_last")
class TakesTheLatestDayForTheNewest(Wrapped):
    def read(self, workspace: str, what: Query | Iterable[Key], *, after: int = 0, limit: int = 1000) -> Page:
        page = self.inner.read(workspace, what, after=after, limit=limit)
        if not isinstance(what, Query) or not what.newest_first or after or page.more:
            return page
        if not all(record.on for record in page.records):
            return page
        return evolve(page, records=tuple(sorted(page.records, key=lambda record: str(record.on), reverse=True)))


@caught_by("test_a_page_never_shows_half_of_a_batch")
class ReadsOneByOne(Wrapped):
    def read(self, workspace: str, what: Query | Iterable[Key], *, after: int = 0, limit: int = 1000) -> Page:
        if isinstance(what, Query):
            return self.inner.read(workspace, what, after=after, limit=limit)
        found: list[Record] = []
        for key in dict.fromkeys(what):
            found += self.inner.read(workspace, [key]).records
            sleep(0)
        return Page(records=tuple(found), head=self.inner.head(workspace).position)


@caught_by("test_records_are_read_by_their_keys")
class HidesDeletedRecords(Wrapped):
    def read(self, workspace: str, what: Query | Iterable[Key], *, after: int = 0, limit: int = 1000) -> Page:
        page = self.inner.read(workspace, what, after=after, limit=limit)
        if isinstance(what, Query):
            return page
        return evolve(page, records=tuple(record for record in page.records if not record.is_deleted))


# -- texts ------------------------------------------------------------------------------------------


class _Documents(Wrapped):
    """A store that reads documents, and writes them as it understands them."""

    def apply(self, workspace: str, batch: Batch) -> Commit:
        puts = [put if put.doc is None else evolve(put, doc=self.understood(put.doc)) for put in batch.puts]
        return self.inner.apply(workspace, evolve(batch, puts=puts))

    def understood(self, doc: str) -> str:
        try:
            return json.dumps(self.changed(json.loads(doc)), separators=(",", ":"), ensure_ascii=False)
        except (ValueError, RecursionError):
            return doc

    def changed(self, document: Any) -> Any:
        return document


@caught_by("test_a_document_comes_back_character_by_character[more digits than a float]")
class MakesFloats(_Documents):
    pass


@caught_by("test_a_document_comes_back_character_by_character[unknown fields]")
class DropsUnknownFields(_Documents):
    def changed(self, document: Any) -> Any:
        return {name: value for name, value in document.items() if name.isidentifier()}


@caught_by("test_a_document_comes_back_character_by_character[no JSON]")
class DeletesWhatItCannotRead(Wrapped):
    def read(self, workspace: str, what: Query | Iterable[Key], *, after: int = 0, limit: int = 1000) -> Page:
        page = self.inner.read(workspace, what, after=after, limit=limit)
        return evolve(page, records=tuple(record for record in page.records if _is_readable(record.doc)))


def _is_readable(doc: str | None) -> bool:
    try:
        json.loads(doc or "null")
    except (ValueError, RecursionError):
        return False
    return True


class _Ids(Wrapped):
    """A store that takes some ids for others."""

    def read(self, workspace: str, what: Query | Iterable[Key], *, after: int = 0, limit: int = 1000) -> Page:
        asked = what if isinstance(what, Query) else [self.taken(key) for key in what]
        return self.inner.read(workspace, asked, after=after, limit=limit)

    def apply(self, workspace: str, batch: Batch) -> Commit:
        puts = {self.taken(put.key): put for put in batch.puts}
        guards = [evolve(guard, key=self.taken(guard.key)) for guard in batch.guards]
        taken = [evolve(put, key=key) for key, put in puts.items()]
        return self.inner.apply(workspace, evolve(batch, puts=taken, guards=guards))

    def taken(self, key: Key) -> Key:
        return key


@caught_by("test_ids_that_look_alike_are_different_records")
class IgnoresCase(_Ids):
    def taken(self, key: Key) -> Key:
        return key._replace(id=key.id.casefold())


@caught_by("test_an_id_comes_back_as_it_was[decomposed]")
class Normalises(_Ids):
    def taken(self, key: Key) -> Key:
        return key._replace(id=normalize("NFC", key.id))


@caught_by("test_an_id_comes_back_as_it_was[longest]")
class CutsLongIds(_Ids):
    def taken(self, key: Key) -> Key:
        return key._replace(id=key.id[:191])


@caught_by("test_a_kind_is_part_of_the_key")
class IgnoresKinds(_Ids):
    def taken(self, key: Key) -> Key:
        return key._replace(kind=Kind.GOAL)


@caught_by("test_a_moment_comes_back_to_the_microsecond[microseconds]")
class CutsMoments(Wrapped):
    def apply(self, workspace: str, batch: Batch) -> Commit:
        at = None if batch.at is None else batch.at.replace(microsecond=0)
        return self.inner.apply(workspace, evolve(batch, at=at))


@caught_by("test_a_moment_of_the_stores_own_is_in_utc")
class ForgetsZones(Wrapped):
    def apply(self, workspace: str, batch: Batch) -> Commit:
        commit = self.inner.apply(workspace, batch)
        return evolve(commit, at=commit.at.astimezone(UTC).replace(tzinfo=None))


@caught_by("test_nobody_who_writes_is_none")
class MakesSomebodyUp(Wrapped):
    def apply(self, workspace: str, batch: Batch) -> Commit:
        return self.inner.apply(workspace, evolve(batch, by=batch.by or "system"))


# -- workspaces -------------------------------------------------------------------------------------


@caught_by("test_workspaces_know_nothing_of_each_other")
class TakesOneWorkspaceForAnother(Wrapped):
    def read(self, workspace: str, what: Query | Iterable[Key], *, after: int = 0, limit: int = 1000) -> Page:
        return self.inner.read(workspace.casefold(), what, after=after, limit=limit)

    def apply(self, workspace: str, batch: Batch) -> Commit:
        return self.inner.apply(workspace.casefold(), batch)


@caught_by("test_expectations_are_about_the_workspace_alone")
class ChecksAllWorkspaces(Wrapped):
    def apply(self, workspace: str, batch: Batch) -> Commit:
        for name in self.inner.workspaces():
            if name != workspace and any(self.rev(name, put.key) and not put.expect for put in batch.puts):
                raise Conflict("nothing was written")
        return self.inner.apply(workspace, batch)


@caught_by("test_what_is_no_name_is_refused[spaces around it]")
class TidiesNames(Wrapped):
    def head(self, workspace: str, key: str = "") -> Head:
        return self.inner.head(workspace.strip(), key)


@caught_by("test_a_closed_store_refuses[head]")
class AnswersWhenClosed(Wrapped):
    def close(self) -> None:
        """Do nothing."""


# -- maintenance ------------------------------------------------------------------------------------


@caught_by("test_what_is_purged_is_nowhere_any_more")
class LeavesWhatItPurged(Wrapped):
    def purge(self, workspace: str, keys: Iterable[Key], *, by: str, why: str) -> int:
        puts = [Put(key=key, expect=self.rev(workspace, key), doc=None) for key in keys]
        self.inner.apply(workspace, Batch(puts=puts, by=by, why=why))
        return len(puts) + 1


@caught_by("test_a_purge_stays_in_its_workspace")
class PurgesEverywhere(Wrapped):
    def purge(self, workspace: str, keys: Iterable[Key], *, by: str, why: str) -> int:
        wanted = [*keys]
        self.inner.head(workspace)
        return sum(self.inner.purge(name, wanted, by=by, why=why) for name in self.inner.workspaces())


@caught_by("test_workspaces_are_those_that_were_written_to")
class ForgetsWorkspaces(Wrapped):
    def workspaces(self) -> tuple[str, ...]:
        return self.inner.workspaces()[:1]
