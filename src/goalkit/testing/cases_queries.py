"""Cases: queries give what is asked for, all of it, and each once, while others write."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any, Final

from attrs import evolve

from ..errors import InvalidValue
from ..storage import Key, Kind, Put, Query, Record
from .cases import ACME, Cases, every_record, for_each, goal, put, puts
from .corpus import NO_LIMITS
from .proving import holds, refused, same

_DAYS: Final = (None, date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 2))
_ABOUT: Final = ("", "nps", "NPS", "np", "nps2")
_TYPES: Final = ("check_in", "grade", "check")

_NOTHING_TO_READ: Final[dict[str, Any]] = {
    "nothing": None,
    "text": "nps",
    "ids": ["nps"],
    "a key": Key(Kind.GOAL, "nps"),
    "half a character": [Key(Kind.GOAL, "a\ud800")],
}
_NO_PLACES: Final[dict[str, Any]] = {"negative": -1, "text": "x", "nothing": None}

#: Each field of a query with what it may be; every combination of two is asked for.
_ASKED: Final[dict[str, tuple[Any, ...]]] = {
    "kind": (Kind.FACT, Kind.OBSERVATION),
    "about": ("", "nps", "NPS", "np", "n%", "n_s", "nobody"),
    "type": ("", "check_in", "check", "CHECK_IN", "none"),
    "since": (None, date(2026, 7, 1), date(2026, 7, 2), date(2027, 1, 1)),
    "until": (None, date(2026, 7, 1), date(2026, 6, 30), date(2025, 1, 1)),
    "deleted": (False, True),
    "newest_first": (False, True),
}


def _some() -> Iterator[Put]:
    for n, (kind, about, type_, on) in enumerate(product((Kind.FACT, Kind.OBSERVATION), _ABOUT, _TYPES, _DAYS)):
        yield Put(key=Key(kind, f"f{n}"), expect=0, doc="{}", type=type_, about=about, on=on)


def _is_asked_for(record: Record, asked: dict[str, Any]) -> bool:
    # Told anew from the description of a query, so that `Query.takes` is proved as well.
    since, until = asked.get("since"), asked.get("until")
    return (
        record.key.kind is asked["kind"]
        and (asked.get("deleted", False) or record.doc is not None)
        and asked.get("about", "") in {"", record.about}
        and asked.get("type", "") in {"", record.type}
        and (since is None or (record.on is not None and record.on >= since))
        and (until is None or (record.on is not None and record.on <= until))
    )


class QueryCases(Cases):
    """No field of a query is ever left out, and no page tells a record twice."""

    def _written(self) -> list[Record]:
        made = [*_some()]
        self.write(*made)
        self.write(*(Put(key=each.key, expect=1, doc=None) for each in made[::3]))
        return list({change.key: change.record for change in self.feed()}.values())

    def _answers(self, *names: str) -> None:
        known = self._written()
        for values in product(*(_ASKED[name] for name in names)):
            asked = {"kind": Kind.FACT, **dict(zip(names, values, strict=True))}
            wanted = [record for record in known if _is_asked_for(record, asked)]
            if asked.get("newest_first", False):
                wanted.reverse()
            same(self.store.read(ACME, Query(**asked)).records, tuple(wanted), f"what is asked for by {asked}")

    @for_each("name", {name: name for name in _ASKED})
    def test_a_query_by_one_field_gives_what_is_asked_for(self, name: str) -> None:
        """Each field of a query leaves out all others, exactly, and its limits are within."""
        self._answers(name)

    @for_each("names", {f"{a} and {b}": (a, b) for a, b in product(_ASKED, _ASKED) if a < b})
    def test_a_query_by_two_fields_gives_what_both_ask_for(self, names: tuple[str, str]) -> None:
        """Fields of a query hold together."""
        self._answers(*names)

    def test_a_query_by_all_fields_gives_what_all_ask_for(self) -> None:
        """All fields at once."""
        self._answers(*_ASKED)

    def test_a_query_of_an_empty_workspace_is_empty(self) -> None:
        """Nothing is there, at the beginning of its feed, and reading does not bring it about."""
        for kind in Kind:
            page = self.store.read(ACME, Query(kind=kind))
            same((page.records, page.more, page.head.seq), ((), None, 0), "the page")
        same(self.store.read(ACME, []).records, (), "no keys")
        same(self.store.head(ACME).position.seq, 0, "its head")

    @for_each("limit", {"one": 1, "two": 2, "seven": 7, "all": 10, "all but one": 9, "more": 11})
    def test_pages_of_any_size_give_the_same(self, limit: int) -> None:
        """Page by page, every record is told once, in the order of their birth, and the last page says so."""
        self.write(*puts("jihgfedcba"))
        self.write(put("e", 1))
        same(self.ids(limit=limit), [*"jihgfedcba"], "the ids")
        same(self.ids(limit=limit, newest_first=True), [*"abcdefghij"], "the ids, the newest first")
        for newest_first in (False, True):
            page = self.store.read(ACME, Query(kind=Kind.GOAL, newest_first=newest_first), limit=limit)
            same((len(page.records), page.more is None), (min(limit, 10), limit >= 10), "the first page")  # noqa: PLR2004

    def test_a_page_begins_after_any_place(self) -> None:
        """Whatever was the last of the page before, deleted since or never there."""
        self.write(*puts("abcd"))
        self.write(put("b", 1, None))
        for after, wanted in enumerate(("acd", "cd", "cd", "d", "", "")):
            found = self.store.read(ACME, Query(kind=Kind.GOAL), after=after).records
            same("".join(record.key.id for record in found), wanted, f"what comes after {after}")
        for after, wanted in enumerate(("dca", "", "a", "a", "ca", "dca", "dca")):
            found = self.store.read(ACME, Query(kind=Kind.GOAL, newest_first=True), after=after).records
            same("".join(record.key.id for record in found), wanted, f"what comes after {after}, the newest first")

    def test_what_is_deleted_between_pages_hides_nothing(self) -> None:
        """Records that stay are told once each, whatever of those before them is gone."""
        self.write(*puts("abcdefgh"))
        first = self.store.read(ACME, Query(kind=Kind.GOAL), limit=3)
        self.write(put("a", 1, None), put("b", 1, None))
        same(self._rest(first.more), [*"defgh"], "what comes after the first page")

    def test_what_is_added_between_pages_is_told_once(self) -> None:
        """New records come last, and those that are told already are not told again."""
        self.write(*puts("abcd"))
        first = self.store.read(ACME, Query(kind=Kind.GOAL), limit=2)
        self.write(*puts("xy"))
        same(self._rest(first.more), [*"cdxy"], "what comes after the first page")

    def test_what_is_added_between_pages_of_the_newest_first_is_not_told(self) -> None:
        """The pages go on into the past, past what is deleted since, and what is new is in the feed."""
        self.write(*puts("abcdef"))
        first = self.store.read(ACME, Query(kind=Kind.GOAL, newest_first=True), limit=2)
        same([record.key.id for record in first.records], [*"fe"], "the first page")
        self.write(*puts("xy"), put("e", 1, None), put("c", 1, None), put("b", 1, '{"n":2}'))
        same(self._rest(first.more, newest_first=True), [*"dba"], "what comes after the first page")

    def test_the_newest_first_is_what_came_in_last(self) -> None:
        """Neither the day nor a change brings a record to the front, but what was put anew comes before all others."""
        days = (date(2026, 7, 3), date(2026, 7, 1), date(2026, 7, 2))
        facts = [Put(key=Key(Kind.FACT, f"f{n}"), expect=0, doc="{}", about="nps", on=on) for n, on in enumerate(days)]
        self.write(*facts)
        wanted: dict[str, Any] = {"kind": Kind.FACT, "about": "nps", "newest_first": True}
        same(self.ids(**wanted), ["f2", "f1", "f0"], "the ids")
        self.write(evolve(facts[0], expect=1, doc='{"n":2}'), evolve(facts[1], expect=1, anew=True))
        same(self.ids(**wanted), ["f1", "f2", "f0"], "the ids after a change, and after one was put anew")
        latest = self.store.read(ACME, Query(**wanted), limit=1)
        same(([record.rev for record in latest.records], latest.more), ([2], 5), "the latest alone")

    def test_what_is_changed_between_pages_stays_in_its_place(self) -> None:
        """A change moves nothing: neither what was told already, nor what is still to come."""
        self.write(*puts("abcdef"))
        first = self.store.read(ACME, Query(kind=Kind.GOAL), limit=3)
        self.write(put("a", 1, '{"n":2}'), put("f", 1, '{"n":2}'))
        same(self._rest(first.more), [*"def"], "what comes after the first page")

    def test_what_is_deleted_under_the_page_is_no_obstacle(self) -> None:
        """The next page begins even where the last record of the one before is gone."""
        self.write(*puts("abcdef"))
        first = self.store.read(ACME, Query(kind=Kind.GOAL), limit=3)
        self.write(put("c", 1, None))
        same(self._rest(first.more), [*"def"], "what comes after the first page")

    def _rest(self, after: int | None, **asked: Any) -> list[str]:
        found: list[str] = []
        while after is not None:
            page = self.store.read(ACME, Query(kind=Kind.GOAL, **asked), after=after, limit=2)
            found += [record.key.id for record in page.records]
            after = page.more
        return found

    def test_a_page_says_at_which_moment_it_was_so(self) -> None:
        """The head of a page is the last change that it shows, by keys and by a query."""
        for n in range(3):
            self.write(put("a", n, f'{{"n":{n}}}'))
            for page in (self.store.read(ACME, [goal("a")]), self.store.read(ACME, Query(kind=Kind.GOAL))):
                same((page.head, page.head.seq), (self.store.head(ACME).position, n + 1), "the head of the page")
                same([record.seq for record in page.records], [n + 1], "the change that made the record so")
        same(self.store.read(ACME, Query(kind=Kind.KPI)).head.seq, 3, "the head of a page that is empty")

    def test_records_are_read_by_their_keys(self) -> None:
        """Deleted ones are among them, what never was is left out, and what is asked for twice is told once."""
        self.write(*puts("abc"))
        self.write(put("b", 1, None))
        keys = [goal("never"), goal("b"), goal("a"), goal("b"), Key(Kind.KPI, "a")]
        found = self.store.read(ACME, keys).records
        same(sorted(record.key.id for record in found), ["a", "b"], "the ids")
        same({record.key.id: record.is_deleted for record in found}, {"a": False, "b": True}, "what is deleted")
        same(len(self.store.read(ACME, iter(keys)).records), 2, "keys that can be gone through only once")
        page = self.store.read(ACME, keys, after=99, limit=1)
        same((len(page.records), page.more), (2, None), "with keys, no page is asked for")

    def test_deleted_records_are_told_in_their_places_where_they_are_asked_for(self) -> None:
        """And only there."""
        self.write(*puts("abc"))
        self.write(put("b", 1, None))
        same((self.ids(), self.ids(deleted=True)), ([*"ac"], [*"abc"]), "the ids")
        same(self.kept(goal("b")).born, 2, "born")

    @for_each("what", _NOTHING_TO_READ)
    def test_what_is_neither_a_query_nor_keys_is_refused(self, what: Any) -> None:
        """It is not taken for a question without an answer."""
        self.write(*puts("abc"))
        refused(InvalidValue, lambda: self.store.read(ACME, what))

    @for_each("after", _NO_PLACES)
    def test_what_is_no_place_in_the_order_of_records_is_refused(self, after: Any) -> None:
        """A page begins after a number of a change, or at the beginning."""
        self.write(*puts("abc"))
        refused(InvalidValue, lambda: self.store.read(ACME, Query(kind=Kind.GOAL), after=after))

    @for_each("limit", NO_LIMITS)
    def test_what_is_no_limit_of_a_page_is_refused(self, limit: int) -> None:
        """A page has from 1 to 1000 records."""
        self.write(*puts("abc"))
        refused(InvalidValue, lambda: self.store.read(ACME, Query(kind=Kind.GOAL), limit=limit))

    def test_the_longest_page_has_a_thousand_records(self) -> None:
        """The next one begins right behind it."""
        self.write(*puts(f"g{n}" for n in range(1_001)))
        page = self.store.read(ACME, Query(kind=Kind.GOAL))
        same((len(page.records), page.more), (1_000, 1_000), "the first page")
        rest = [*every_record(self.store, ACME, Query(kind=Kind.GOAL), 1_000)][1_000:]
        same([record.key.id for record in rest], ["g1000"], "what comes after it")
        holds(len(self.store.changes(ACME, self.feed()[0].position)) == 1_000, "the feed has such pages, too")  # noqa: PLR2004
