"""A workspace as lines of JSON, and back: all of it, or a refusal before anything is written."""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Callable, Iterable
from hashlib import sha256
from io import BytesIO, StringIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given

from file_feeds import DOCS, Erase, Step, everything, feeds, feeds_with_erasures, play
from file_processes import PLAN, check_in
from goalkit.errors import InvalidValue
from goalkit.storage import (
    Batch,
    Change,
    Commit,
    Conflict,
    Head,
    InvalidDocument,
    Key,
    Kind,
    Page,
    Position,
    Put,
    Query,
    Store,
    StoreDamaged,
    StoreTooNew,
    StoreUnavailable,
)
from goalkit.storage.deciding import digest_of
from goalkit.storage.json_file import JsonFileStore
from goalkit.storage.jsonl import export_workspace, import_workspace
from goalkit.storage.memory import MemoryStore

APP = Key(Kind.GOAL, "app")


def exported(store: Store, name: str = "acme") -> bytes:
    """Return the export of a workspace."""
    file = BytesIO()
    export_workspace(store, name, file)
    return file.getvalue()


def lines_of(data: bytes) -> list[dict[str, Any]]:
    """Return the rows of an export."""
    return [json.loads(line) for line in data.splitlines()]


def forged(rows: list[dict[str, Any]]) -> BytesIO:
    """An export with the right digest, whatever it says."""
    body = b"".join(f"{json.dumps(row)}\n".encode() for row in rows if "end" not in row)
    end = {"end": {"lines": body.count(b"\n"), "sha256": sha256(body).hexdigest()}}
    return BytesIO(body + json.dumps(end, separators=(",", ":")).encode() + b"\n")


class Plain(Store):
    """A store that can do what every store can, and nothing else; it may fail after some writes."""

    def __init__(self, writes: int = 10**9) -> None:
        self.inner = MemoryStore()
        self.writes = writes

    def read(self, workspace: str, what: Query | Iterable[Key], *, after: int = 0, limit: int = 1000) -> Page:
        return self.inner.read(workspace, what, after=after, limit=limit)

    def apply(self, workspace: str, batch: Batch) -> Commit:
        if self.writes == 0:
            message = "no room"
            raise StoreUnavailable(message)
        self.writes -= 1
        return self.inner.apply(workspace, batch)

    def changes(
        self, workspace: str, after: Position, *, of: Key | None = None, limit: int = 1000
    ) -> tuple[Change, ...]:
        return self.inner.changes(workspace, after, of=of, limit=limit)

    def head(self, workspace: str, key: str = "") -> Head:
        return self.inner.head(workspace, key)

    def close(self) -> None:
        self.inner.close()


class Careless(Plain):
    """A store that tells of everybody with half a character."""

    def changes(
        self, workspace: str, after: Position, *, of: Key | None = None, limit: int = 1000
    ) -> tuple[Change, ...]:
        return tuple(evolve(change, by="\ud800") for change in super().changes(workspace, after, of=of, limit=limit))


@pytest.fixture
def store() -> MemoryStore:
    """A workspace with a bit of everything, apart from what was erased."""
    store = MemoryStore()
    workspace = store.workspace("acme")
    store.apply("acme", Batch(key="nothing at first"))
    workspace.save(PLAN, by="ida", why="the beginning", key="first")
    for number in range(12):
        workspace.record(check_in(number), by="ola", key=f"r{number}" if number % 2 else None)
    workspace.record(check_in(3), key="the same again")
    gone = Put(key=Key(Kind.FACT, check_in(5).id), expect=1, doc=None)
    store.apply("acme", Batch(puts=[gone], by="ida", why="wrong"))
    store.apply(
        "acme", Batch(puts=[Put(key=Key(Kind.GOAL, f"doc{at}"), expect=0, doc=doc) for at, doc in enumerate(DOCS)])
    )
    store.apply("acme", Batch(key="nothing at last", fingerprint="f", why="because", by="eve"))
    return store


# -- what comes back ------------------------------------------------------------------------------


@given(feed=feeds)
def test_what_was_exported_and_imported_is_the_same_in_any_store(feed: list[Step]) -> None:
    with MemoryStore() as store, MemoryStore() as other, tempfile.TemporaryDirectory() as folder:
        play(store, feed)
        data = exported(store)
        with JsonFileStore(Path(folder, "plans.json")) as file:
            for target in (other, file):
                told = import_workspace(target, "acme", BytesIO(data))
                assert (told.head, told.changes, told.is_same) == (
                    store.head("acme").position,
                    store.head("acme").position.seq,
                    True,
                )
                assert everything(target) == everything(store)
                assert exported(target) == data
                assert target.verify() == ()


@given(feed=feeds_with_erasures)
def test_what_was_erased_is_erased_there_too_and_all_else_is_the_same(feed: list[Step | Erase]) -> None:
    with MemoryStore() as store, MemoryStore() as other:
        play(store, feed)
        told = import_workspace(other, "acme", BytesIO(exported(store)))
        changes, there = store.changes("acme", Position()), other.changes("acme", Position())
        assert [(each.rev, each.doc, each.deleted, each.born, each.at, each.by, each.why) for each in there] == [
            (each.rev, each.doc, each.deleted, each.born, each.at, each.by, each.why) for each in changes
        ]
        # What was erased may by chance have been what stands in for it.
        assert told.is_same or any(each.is_erased for each in changes)
        assert other.verify() == ()
        # What was imported has the digests that it has from then on.
        assert exported(other) == (exported(store) if told.is_same else exported(other))
        again = MemoryStore()
        import_workspace(again, "acme", BytesIO(exported(other)))
        assert exported(again) == exported(other)


def test_a_feed_of_many_pages_comes_back(tmp_path: Path) -> None:
    with MemoryStore() as store, MemoryStore() as other:
        for start, key in ((0, "large"), (2_500, ""), (2_600, "")):
            puts = [Put(key=Key(Kind.GOAL, f"{start + at}"), expect=0, doc="{}") for at in range(2_500 if key else 100)]
            store.apply("acme", Batch(puts=puts, key=key, at=check_in_time()))
        for at in range(1_500):
            store.apply("acme", Batch(puts=[Put(key=Key(Kind.KPI, f"{at}"), expect=0, doc="{}")], at=check_in_time()))
        head = export_workspace(store, "acme", tmp_path / "acme.jsonl")
        assert import_workspace(other, "acme", tmp_path / "acme.jsonl").head == head
        assert exported(other) == (tmp_path / "acme.jsonl").read_bytes()
        # A request is one commit again, however large; all else is cut where it grows too large.
        firsts = [row["commit"]["first"] for row in lines_of(exported(other)) if "commit" in row]
        assert firsts == [1, 2_501, 3_501]


def check_in_time() -> Any:
    from file_feeds import NOON

    return NOON


def test_requests_come_back_with_what_became_of_them(store: MemoryStore) -> None:
    with MemoryStore() as other:
        import_workspace(other, "acme", BytesIO(exported(store)))
        for key in ("nothing at first", "first", "r3", "the same again", "nothing at last"):
            assert other.head("acme", key).answered == store.head("acme", key).answered
            assert other.head("acme", key).answered is not None
        assert other.workspace("acme").record(check_in(3), key="r3").replayed


def test_a_store_that_does_not_tell_its_requests_exports_the_feed_alone() -> None:
    with Plain() as store, MemoryStore() as other:
        store.workspace("acme").save(PLAN, key="first")
        data = exported(store)
        assert b'"first"' not in data.replace(b'"first":1', b"")
        import_workspace(other, "acme", BytesIO(data))
        assert exported(other) == data


def test_an_empty_workspace_is_exported_and_imported(tmp_path: Path) -> None:
    with MemoryStore() as store, MemoryStore() as other:
        assert export_workspace(store, "acme", tmp_path / "a.jsonl") == Position()
        assert import_workspace(other, "acme", tmp_path / "a.jsonl").changes == 0
        assert other.workspaces() == ()


def test_a_workspace_may_come_back_under_another_name(store: MemoryStore) -> None:
    import_workspace(store, "copy", BytesIO(exported(store)))
    assert store.changes("copy", Position()) == store.changes("acme", Position())


def test_what_is_packed_is_the_same_bytes_every_time(store: MemoryStore, tmp_path: Path) -> None:
    path = tmp_path / "acme.jsonl.gz"
    export_workspace(store, "acme", path)
    first = path.read_bytes()
    export_workspace(store, "acme", path)
    assert path.read_bytes() == first
    assert gzip.decompress(first) == exported(store)
    with MemoryStore() as other:
        import_workspace(other, "acme", path)
        assert exported(other) == exported(store)
    assert [each.name for each in tmp_path.iterdir()] == ["acme.jsonl.gz"]


# -- what is checked before anything is written ---------------------------------------------------


def refused(data: bytes | BytesIO, error: type[Exception] = StoreDamaged, **more: Any) -> str:
    """Check that an export is refused before anything is written, and return why."""
    with MemoryStore() as other:
        with pytest.raises(error) as caught:
            import_workspace(other, "acme", BytesIO(data) if isinstance(data, bytes) else data, **more)
        assert other.workspaces() == ()
        return str(caught.value)


def test_an_export_that_was_cut_off_anywhere_is_refused(store: MemoryStore, tmp_path: Path) -> None:
    data = exported(store)
    for at in sorted({round(len(data) * part / 200) for part in range(200)} | {len(data) - 1}):
        refused(data[:at])
    path = tmp_path / "acme.gz"
    export_workspace(store, "acme", path)
    packed = path.read_bytes()
    for at in range(0, len(packed), 40):
        path.write_bytes(packed[:at])
        with MemoryStore() as other, pytest.raises(StoreDamaged):
            import_workspace(other, "acme", path)


def test_an_export_of_which_any_byte_was_changed_is_refused(store: MemoryStore) -> None:
    data, chance = exported(store), Random(3)  # noqa: S311 - no secret
    last = data.rindex(b"\n", 0, -1) + 1
    places = {*range(200), *range(last, len(data)), *(chance.randrange(len(data)) for _ in range(300))}
    for place in sorted(places):
        changed = bytearray(data)
        changed[place] ^= 1 << chance.randrange(8)
        with MemoryStore() as other:
            with pytest.raises((StoreDamaged, StoreTooNew)):
                import_workspace(other, "acme", BytesIO(changed))
            assert other.workspaces() == ()


def test_a_packed_export_of_which_any_byte_was_changed_is_refused_or_unpacks_to_the_same(
    store: MemoryStore, tmp_path: Path
) -> None:
    path = tmp_path / "acme.gz"
    export_workspace(store, "acme", path)
    packed, chance = path.read_bytes(), Random(5)  # noqa: S311 - no secret
    refusals = 0
    for place in range(0, len(packed), 7):
        changed = bytearray(packed)
        changed[place] ^= 1 << chance.randrange(8)
        path.write_bytes(changed)
        with MemoryStore() as other:
            try:
                import_workspace(other, "acme", path)
                assert exported(other) == exported(store)
            except (StoreDamaged, StoreTooNew):
                refusals += 1
                assert other.workspaces() == ()
    assert refusals > len(packed) / 7 - 10  # a few bytes say when and by what it was packed


def test_what_follows_the_last_line_is_refused(store: MemoryStore) -> None:
    refused(exported(store) + b"\n")
    refused(exported(store) * 2)


@pytest.mark.parametrize("data", [b"", b"\n", b"{}\n", b"[]\n", b"[" * 10_000, b"\xff\n", b"1" * 5_000 + b"\n"])
def test_what_is_something_else_is_refused(data: bytes) -> None:
    refused(data)


def test_an_export_of_a_newer_version_is_refused(store: MemoryStore) -> None:
    rows = lines_of(exported(store))
    rows[0]["version"] = 2
    assert "version 2" in refused(forged(rows), StoreTooNew)
    rows[0]["version"] = 0
    refused(forged(rows))
    rows[0] = {"format": "goalkit feed", "version": 1}
    refused(forged(rows))
    refused(forged([{"format": "other"}]))


def _place(rows: list[dict[str, Any]], what: str, nth: int = 0) -> int:
    return [at for at, row in enumerate(rows) if what in row][nth]


def _without(rows: list[dict[str, Any]]) -> None:
    del rows[_place(rows, "change", 2)]


def _another_head(rows: list[dict[str, Any]]) -> None:
    rows[0]["head"] = {"seq": 1, "digest": "0"}


def _another_seq(rows: list[dict[str, Any]]) -> None:
    rows[_place(rows, "commit", 1)]["commit"]["first"] = 9


def _another_doc(rows: list[dict[str, Any]]) -> None:
    rows[_place(rows, "change")]["change"]["doc"] = "{}"


def _number(rows: list[dict[str, Any]]) -> None:
    rows[_place(rows, "change")]["change"]["doc"] = 1


def _another_time(rows: list[dict[str, Any]]) -> None:
    rows[_place(rows, "commit", 1)]["commit"]["at"] = "2020-01-01T00:00:00+00:00"


def _no_zone(rows: list[dict[str, Any]]) -> None:
    rows[_place(rows, "commit", 1)]["commit"]["at"] = "2020-01-01T00:00:00"


def _no_time(rows: list[dict[str, Any]]) -> None:
    rows[_place(rows, "commit", 1)]["commit"]["at"] = "soon"


def _no_day(rows: list[dict[str, Any]]) -> None:
    rows[_place(rows, "change", 2)]["change"]["on"] = "soon"


def _no_kind(rows: list[dict[str, Any]]) -> None:
    rows[_place(rows, "change")]["change"]["kind"] = "team"


def _bad_key(rows: list[dict[str, Any]]) -> None:
    rows[_place(rows, "commit", 1)]["commit"]["key"] = " key "


def _more(rows: list[dict[str, Any]]) -> None:
    rows[_place(rows, "change")]["change"]["more"] = 1


def _half(rows: list[dict[str, Any]]) -> None:
    rows[_place(rows, "change")]["change"]["doc"] = "\ud800"


def _erased(rows: list[dict[str, Any]]) -> None:
    rows[_place(rows, "change")]["change"].pop("doc")


def _no_digest(rows: list[dict[str, Any]]) -> None:
    rows[_place(rows, "change")]["change"].pop("digest")


def _text(rows: list[dict[str, Any]]) -> None:
    rows[_place(rows, "change")]["change"]["rev"] = "1"


def _no_row(rows: list[dict[str, Any]]) -> None:
    rows[_place(rows, "commit")] = {"commit": 1}


def _list(rows: list[Any]) -> None:
    rows[1] = []


@pytest.mark.parametrize(
    "change",
    [
        _without,
        _another_head,
        _another_seq,
        _another_doc,
        _number,
        _another_time,
        _no_zone,
        _no_time,
        _no_day,
        _no_kind,
        _bad_key,
        _more,
        _half,
        _erased,
        _no_digest,
        _text,
        _no_row,
        _list,
    ],
)
def test_an_export_with_the_right_digest_that_does_not_fit_together_is_refused(
    store: MemoryStore, change: Callable[[list[Any]], None]
) -> None:
    rows = lines_of(exported(store))
    assert forged(rows).getvalue() != exported(store)
    change(rows)
    refused(forged(rows))


@pytest.mark.parametrize(("name", "value"), [("rev", 2), ("born", 2), ("deleted", True)])
def test_a_change_that_cannot_follow_is_refused_whatever_its_digest(name: str, value: Any) -> None:
    with MemoryStore() as store:
        store.apply("acme", Batch(puts=[Put(key=APP, expect=0, doc="{}")]))
        rows = lines_of(exported(store))
        change = evolve(store.changes("acme", Position())[0], **{name: value})
        digest = digest_of(change, "")
        rows[2]["change"].update({name: value, "digest": digest})
        rows[0]["head"]["digest"] = digest
        assert "does not follow" in refused(forged(rows))


def test_a_change_that_came_back_to_content_that_was_erased_is_refused() -> None:
    with MemoryStore() as store:
        for rev in range(3):
            store.apply("acme", Batch(puts=[Put(key=APP, expect=rev, doc=f"{rev}")]))
        rows = lines_of(exported(store))
        rows[_place(rows, "change", 1)]["change"].pop("doc")
        assert "change 3" in refused(forged(rows))


def test_what_unpacks_to_too_much_is_refused(store: MemoryStore, tmp_path: Path) -> None:
    data = exported(store)
    assert "more than" in refused(data, most=len(data) - 1)
    with MemoryStore() as other:
        assert import_workspace(other, "acme", BytesIO(data), most=len(data)).is_same
    bomb = tmp_path / "bomb.gz"
    with gzip.open(bomb, "wb") as file:
        for _ in range(100):
            file.write(bytes(2**20))
    with MemoryStore() as other, pytest.raises(StoreDamaged):
        import_workspace(other, "acme", bomb)


@pytest.mark.parametrize("most", [0, True, "x"])
def test_what_is_no_number_of_bytes_is_refused(store: MemoryStore, most: Any) -> None:
    refused(exported(store), InvalidValue, most=most)


def test_what_is_no_place_is_refused(store: MemoryStore, tmp_path: Path) -> None:
    for place in (None, 1, StringIO()):
        with pytest.raises(InvalidValue, match="no path"):
            export_workspace(store, "acme", place)  # type: ignore[arg-type]
        with pytest.raises(InvalidValue, match="no path"):
            import_workspace(store, "acme", place)  # type: ignore[arg-type]
    with pytest.raises(StoreUnavailable, match="cannot be read: no such file"):
        import_workspace(store, "acme", tmp_path / "missing")
    with pytest.raises(StoreUnavailable, match="cannot be written: no such file"):
        export_workspace(store, "acme", tmp_path / "missing" / "file")


def test_half_a_character_is_not_exported_and_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "acme.jsonl"
    path.write_bytes(b"before")
    with Careless() as store:
        store.apply("acme", Batch(puts=[Put(key=Key(Kind.GOAL, "a"), expect=0, doc="{}")]))
        with pytest.raises(InvalidDocument, match="half a character"):
            export_workspace(store, "acme", path)
    assert path.read_bytes() == b"before"
    assert [each.name for each in tmp_path.iterdir()] == ["acme.jsonl"]


# -- what is there already ------------------------------------------------------------------------


def test_checking_alone_writes_nothing_and_finds_everything(store: MemoryStore) -> None:
    with MemoryStore() as other:
        told = import_workspace(other, "acme", BytesIO(exported(store)), dry_run=True)
        assert (told.head, other.workspaces()) == (store.head("acme").position, ())
    refused(exported(store)[:-1], dry_run=True)


def test_a_workspace_with_anything_else_in_it_is_left_alone(store: MemoryStore) -> None:
    with MemoryStore() as other:
        other.workspace("acme").save(PLAN)
        before = everything(other)
        for dry_run in (True, False):
            with pytest.raises(Conflict, match="not the beginning of the export"):
                import_workspace(other, "acme", BytesIO(exported(store)), dry_run=dry_run)
        assert everything(other) == before


def test_an_import_that_broke_off_says_what_is_there_and_goes_on(store: MemoryStore) -> None:
    data = exported(store)
    commits = sum("commit" in row for row in lines_of(data))
    for writes in range(commits):
        with Plain(writes) as other:
            with pytest.raises(StoreUnavailable, match="no room") as caught:
                import_workspace(other, "acme", BytesIO(data))
            there = other.head("acme").position.seq
            wanted = f"changes 1 to {there} of the export are in 'acme'" if there else "nothing of the export is in"
            assert caught.value.__notes__[0].startswith(wanted)
            assert other.changes("acme", Position()) == store.changes("acme", Position())[:there]
            other.writes = 10**9
            assert import_workspace(other, "acme", BytesIO(data)).changes == store.head("acme").position.seq - there
            assert exported(other.inner) == data


def test_an_import_goes_on_where_the_workspace_did(store: MemoryStore) -> None:
    with MemoryStore() as other:
        import_workspace(other, "acme", BytesIO(exported(store)))
        store.workspace("acme").record(check_in(99))
        assert import_workspace(other, "acme", BytesIO(exported(store))).changes == 1
        assert exported(other) == exported(store)


def test_a_writer_that_comes_between_is_noticed(store: MemoryStore) -> None:
    class Between(BytesIO):
        """It is written to the workspace as soon as the export was checked."""

        def seek(self, offset: int, whence: int = 0) -> int:
            other.workspace("acme").save(PLAN)
            return super().seek(offset, whence)

    with MemoryStore() as other:
        with pytest.raises(Conflict, match="changed since 0") as caught:
            import_workspace(other, "acme", Between(exported(store)))
        assert caught.value.__notes__ == ["nothing of the export is in 'acme'"]
        assert other.head("acme").position.seq == 1


def test_a_request_that_became_something_else_there_is_noticed(store: MemoryStore) -> None:
    with MemoryStore() as other:
        other.apply("acme", Batch(key="first"))
        with pytest.raises(Conflict, match="'first' was used for something else"):
            import_workspace(other, "acme", BytesIO(exported(store)))
        assert other.head("acme").position.seq == 0


# -- what was erased ------------------------------------------------------------------------------


@pytest.fixture
def erased() -> MemoryStore:
    """A workspace of which content was erased, and came back."""
    store = MemoryStore()
    for rev in range(2):
        store.apply("acme", Batch(puts=[Put(key=APP, expect=rev, doc=f"{rev}", type="t")]))
    store.purge("acme", [APP], by="eve", why="asked")
    store.apply("acme", Batch(puts=[Put(key=APP, expect=0, doc="{}", type="t")], key="back"))
    return store


def test_a_store_that_cannot_erase_takes_nothing_of_which_something_was_erased(erased: MemoryStore) -> None:
    with Plain() as other:
        with pytest.raises(InvalidValue, match="cannot_erase"):
            import_workspace(other, "acme", BytesIO(exported(erased)))
        assert other.inner.workspaces() == ()


def test_an_import_that_broke_off_before_it_erased_erases_when_it_goes_on(erased: MemoryStore) -> None:
    data = exported(erased)
    with MemoryStore() as other:
        import_workspace(other, "acme", BytesIO(data))
        wanted = exported(other)
        # The same, up to the moment before it was erased.
        kept = MemoryStore()
        for change in other.changes("acme", Position())[:3]:
            doc = None if change.deleted else "{}"
            put = Put(key=APP, expect=change.rev - 1, doc=doc, type="t")
            kept.apply("acme", Batch(puts=[put], at=change.at, by=change.by or "", why=change.why))
        assert [each.doc for each in kept.changes("acme", Position())] == ["{}", "{}", None]
        assert import_workspace(kept, "acme", BytesIO(data)).changes == 1
        assert exported(kept) == wanted


def test_what_is_erased_during_an_export_is_told(erased: MemoryStore, tmp_path: Path) -> None:
    class Erasing(BytesIO):
        """It is erased as soon as the first line is written."""

        def write(self, line: Any) -> int:
            erased.purge("acme", [APP], by="eve", why="again")
            return super().write(line)

    with pytest.raises(Conflict, match="erased meanwhile"):
        export_workspace(erased, "acme", Erasing())
    assert list(tmp_path.iterdir()) == []
