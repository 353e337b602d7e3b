"""Cases: a record comes back as it was written, whatever it says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from ..errors import InvalidValue
from ..storage import Batch, Key, Kind, Query, Record
from .cases import ACME, AT, DAY, Cases, every_record, for_each, goal, put, puts
from .corpus import DAYS, DOCUMENTS, IDS, MOMENTS, TEXTS
from .proving import holds, refused, same


class RecordCases(Cases):
    """What is written is what is read: no text is looked into, changed, or taken for another."""

    def test_a_record_comes_back_with_all_of_its_fields(self) -> None:
        """Each field is read as it was put, and the store's own are right."""
        key = Key(Kind.FACT, "f1")
        self.write(put("nps"), put(key, doc='{"v":"1.50"}', type="check_in", about="nps", on=DAY))
        wanted = Record(key=key, rev=1, doc='{"v":"1.50"}', type="check_in", about="nps", on=DAY, seq=2, born=2)
        same(self.found(key), wanted, "the record by its key")
        same(self.store.read(ACME, Query(kind=Kind.FACT)).records, (wanted,), "the record by a query")

    @for_each("doc", DOCUMENTS)
    def test_a_document_comes_back_character_by_character(self, doc: str) -> None:
        """A document is text; what is in it, and whether it can be read, is not for a store to say."""
        self.write(put("nps", doc=doc))
        self.write(put("other"))
        same(self.kept(goal("nps")).doc, doc, "the document by its key")
        same(self.store.read(ACME, Query(kind=Kind.GOAL)).records[0].doc, doc, "the document by a query")
        same(self.feed()[0].doc, doc, "the document in the feed")
        self.write(put("nps", 1, "{}"))
        same(self.feed()[0].doc, doc, "the document in the feed, after another took its place")

    @for_each("id", IDS)
    def test_an_id_comes_back_as_it_was(self, id: str) -> None:  # noqa: A002 - the field's word
        """An id is found by exactly its characters, changed and deleted by them, and stands in the feed with them."""
        self.write(put(id))
        same(self.kept(goal(id)).key, goal(id), "the key")
        same(self.ids(), [id], "the id by a query")
        self.write(put(id, 1, "{}"))
        self.write(put(id, 2, None))
        same([(change.key, change.rev) for change in self.feed()], [(goal(id), rev) for rev in (1, 2, 3)], "the feed")
        same(len(self.store.changes(ACME, self.feed()[0].position, of=goal(id))), 2, "its changes after the first")

    def test_ids_that_look_alike_are_different_records(self) -> None:
        """Case, accents, width, blanks, prefixes and numbers in another form all make another id."""
        self.write(*(put(each, doc=f'{{"n":{n}}}') for n, each in enumerate(IDS.values())))
        for n, each in enumerate(IDS.values()):
            found = self.kept(goal(each))
            same((found.key.id, found.doc, found.rev, found.born), (each, f'{{"n":{n}}}', 1, n + 1), "the record")
        same(self.ids(limit=7), [*IDS.values()], "all ids")

    def test_a_kind_is_part_of_the_key(self) -> None:
        """The same id under each kind is another record."""
        keys = [Key(kind, "same") for kind in Kind]
        self.write(*(put(key, doc=f'"{key.kind.value}"') for key in keys))
        for key in keys:
            same(self.kept(key).doc, f'"{key.kind.value}"', f"the document of {key}")
            same([found.key for found in self.store.read(ACME, Query(kind=key.kind)).records], [key], "the query")

    @for_each("text", {**IDS, "empty": ""})
    def test_what_a_record_is_found_by_comes_back_as_it_was(self, text: str) -> None:
        """The type of a record and the id that it is about are any text."""
        key = Key(Kind.FACT, "f1")
        self.write(put(key, type=text, about=text))
        record, change = self.kept(key), self.feed()[0]
        same((record.type, record.about, change.type, change.about), (text,) * 4, "type and about")

    @for_each("on", DAYS)
    def test_a_day_comes_back_as_it_was(self, on: date | None) -> None:
        """The day of a fact is any day, or none."""
        key = Key(Kind.FACT, "f1")
        self.write(put(key, on=on))
        same((self.kept(key).on, self.feed()[0].on), (on, on), "the day")
        holds(type(self.kept(key).on) in {date, type(None)}, "a day is a date and no datetime")

    @for_each("at", MOMENTS)
    def test_a_moment_comes_back_to_the_microsecond(self, at: datetime) -> None:
        """When something was written is kept as the same moment, in UTC."""
        commit = self.write(put("nps"), at=at, key="request-1")
        change = self.feed()[0]
        answered = self.store.head(ACME, "request-1").answered
        for found in (commit.at, change.at, answered and answered.commit.at):
            same(found, at.astimezone(UTC), "the moment")
            same(found and found.utcoffset(), timedelta(0), "its distance from UTC")

    @for_each("why", TEXTS)
    def test_a_reason_comes_back_as_it_was(self, why: str) -> None:
        """Why something was written is any text."""
        commit = self.write(put("nps"), why=why, key="request-1")
        again = self.write(put("nps"), why="another", key="request-1")
        same((commit.why, self.feed()[0].why, again.why), (why,) * 3, "the reason")

    @for_each("by", IDS)
    def test_who_writes_comes_back_as_they_were(self, by: str) -> None:
        """Who writes is any id."""
        commit = self.write(put("nps"), by=by, at=AT)
        same((commit.by, self.feed()[0].by), (by, by), "who wrote")

    def test_nobody_who_writes_is_none(self) -> None:
        """Where nobody said who writes, nobody is made up, in the commit, the feed, and what a request became."""
        commit = self.write(put("nps"), key="request-1")
        again = self.write(put("nps"), key="request-1")
        same((commit.by, self.feed()[0].by, again.by), (None,) * 3, "who wrote")

    def test_a_moment_of_the_stores_own_is_in_utc(self) -> None:
        """Where the batch does not say when, the store does, the same in the commit and in the feed."""
        commit = self.write(put("nps"))
        same(commit.at.utcoffset(), timedelta(0), "its distance from UTC")
        same(self.feed()[0].at, commit.at, "when it was written")

    @for_each("id", {"NUL": "a\0b", "NUL alone": "\0", "NUL at the end": "a\0"})
    def test_a_nul_in_an_id_is_refused(self, id: str) -> None:  # noqa: A002 - the field's word
        """An id with NUL in it is no id: it is never cut off there, and taken for another."""
        self.write(put("a"))
        refused(InvalidValue, lambda: self.write(put(id)))
        same(len(self.feed()), 1, "the changes after something was refused")
        same(self.kept(goal("a")).rev, 1, "the revision of what has the id up to the NUL")

    def test_many_records_are_written_and_read_at_once(self) -> None:
        """A batch has no limit of its own, nor have the keys that are read at once."""
        ids = [f"g{n}" for n in range(2_500)]
        same(self.write(*puts(ids)).changes, 2_500, "the changes")
        same(len(self.store.read(ACME, [*map(goal, ids)]).records), 2_500, "the records by their keys")
        found = [record.key.id for record in every_record(self.store, ACME, Query(kind=Kind.GOAL), 1000)]
        same(found, ids, "the ids by a query")

    def test_a_batch_is_not_what_was_kept_of_it(self) -> None:
        """What is read twice is the same, and a later change leaves what was read before as it was."""
        self.write(put("nps"))
        before = self.kept(goal("nps"))
        self.store.apply(ACME, Batch(puts=[put("nps", 1, '{"n":2}')]))
        same((before.rev, before.doc), (1, '{"n":1}'), "what was read before")
        same(self.kept(goal("nps")).rev, 2, "the revision")
