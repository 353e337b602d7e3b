"""The SQLite store: the same answers as the store in memory, one file, and errors that say what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from traceback import format_exception

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import CheckIn, Increase, InvalidValue, KeyResult, Objective, Plan
from goalkit.documents.kinds import KINDS as DOCUMENTS
from goalkit.storage import (
    Batch,
    Change,
    Conflict,
    Erased,
    FeedReset,
    Guard,
    Key,
    KeyReused,
    Kind,
    Maintained,
    Position,
    Put,
    Query,
    Quiet,
    StorageError,
    Store,
    StoreBusy,
    StoreClosed,
    StoreDamaged,
    StoreUnavailable,
    open_store,
)
from goalkit.storage.memory import MemoryStore
from goalkit.storage.sqlite import Durability, SqliteStore
from goalkit.storage.sqlite.failures import translated
from goalkit.storage.sqlite.rows import KINDS, TYPES, packed
from processes import fact

AT = datetime(2026, 7, 6, 12, 30, 0, 123456, tzinfo=UTC)
NPS = Key(Kind.GOAL, "nps")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "plans.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with SqliteStore(path) as opened:
        yield opened


def goal(name: str, doc: str | None = "{}", expect: int = 0) -> Put:
    return Put(key=Key(Kind.GOAL, name), expect=expect, doc=doc, type="objective")


def plan() -> Plan:
    return Plan.of(
        Objective(id="app", title="App"),
        KeyResult(id="nps", title="NPS", parent="app", metric=Increase(start=42, target=70)),
    )


# -- the same as in memory ------------------------------------------------------------------------

NAMES = ["a", "b", "0123456789abcdef0123", "ABCDEF0123456789", "é" * 3, "12"]
KEYS = st.builds(Key, st.sampled_from(Kind), st.sampled_from(NAMES))
TYPE = st.sampled_from(["", "check_in", "revision", "one of tomorrow", "7"])
ABOUT = st.sampled_from(["", "a", "nps"])
DAYS = st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 5))
DOCS = st.none() | st.sampled_from(["{}", '{"a":1}', '{"text":"' + "long " * 2000 + '"}'])
WRITES = st.lists(
    st.tuples(
        st.sampled_from(["acme", "Acme"]),
        st.lists(st.tuples(KEYS, DOCS, TYPE, ABOUT, DAYS, st.booleans()), max_size=4, unique_by=lambda each: each[0]),
        st.sampled_from(["", "", "key-1", "key-2", "0123456789abcdef"]),
        st.sampled_from(["", "print", "0123456789abcdef0123"]),
        st.none()
        | st.builds(
            Quiet, kind=st.sampled_from(Kind), since=st.integers(0, 9) | st.just(10**15), about=ABOUT, type=TYPE
        ),
        st.booleans(),
    ),
    max_size=12,
)


def written(store: Store, writes: list[tuple[object, ...]]) -> list[object]:
    """Write some batches, with what is there as what is expected now and then not, and return what became of them."""
    told: list[object] = []
    for number, (workspace, puts, key, fingerprint, quiet, knows) in enumerate(writes):
        assert isinstance(workspace, str)
        assert isinstance(puts, list)
        page = store.read(workspace, [put[0] for put in puts])
        revs = {record.key: 0 if record.is_deleted else record.rev for record in page.records}
        batch = Batch(
            puts=[
                Put(
                    key=put_key,
                    expect=revs.get(put_key, 0) if knows else number % 3,
                    doc=doc,
                    type=kind,
                    about=about,
                    on=on,
                    anew=anew,
                )
                for put_key, doc, kind, about, on, anew in puts
            ],
            guards=[Guard(key=put[0], expect=revs.get(put[0], 0)) for put in puts[:1]],
            quiet=[quiet] if isinstance(quiet, Quiet) else [],
            key=str(key),
            fingerprint=str(fingerprint),
            by="ida" if number % 2 else "",
            why=f"because of {number}",
            at=AT + timedelta(seconds=number),
        )
        try:
            told.append(store.apply(workspace, batch))
        except Conflict as conflict:
            told.append((type(conflict), str(conflict), conflict.clashes))
    return told


def everything(store: Store) -> list[object]:
    """Read all that a store can tell, in pages of several sizes."""
    told: list[object] = []
    for workspace in ("acme", "Acme", "none"):
        told.append([store.head(workspace, key) for key in ("", "key-1", "key-2", "0123456789abcdef")])
        told.append(store.read(workspace, [Key(kind, name) for kind in Kind for name in NAMES]))
        for kind in Kind:
            for query in (
                Query(kind=kind),
                Query(kind=kind, deleted=True),
                Query(kind=kind, about="nps"),
                Query(kind=kind, newest_first=True),
                Query(kind=kind, about="nps", newest_first=True, deleted=True),
                Query(kind=kind, type="revision"),
                Query(kind=kind, type="check_in", newest_first=True),
                Query(kind=kind, type="7"),
                Query(kind=kind, about="a", type="check_in", since=date(2026, 1, 2), deleted=True),
                Query(kind=kind, until=date(2026, 1, 3)),
            ):
                told += [store.read(workspace, query, limit=limit) for limit in (1, 1000)]
                told += [store.read(workspace, query, after=after) for after in (0, 3, 2**53)]
        told.append(store.changes(workspace, Position(), limit=3))
        if isinstance(store, (MemoryStore, SqliteStore)):
            told += [store.requests(workspace, first, last) for first, last in ((1, 10**30), (2, 4), (-5, 1))]
        feed = store.changes(workspace, Position())
        told.append(feed)
        told += [store.changes(workspace, change.position, of=change.key, limit=2) for change in feed]
    return told


@given(WRITES)
def test_it_answers_as_the_store_in_memory_does(tmp_path_factory: pytest.TempPathFactory, writes: list[object]) -> None:
    given_writes: list[tuple[object, ...]] = [each for each in writes if isinstance(each, tuple)]
    path = tmp_path_factory.mktemp("law") / "plans.db"
    with MemoryStore() as memory, SqliteStore(path, durability="relaxed") as store:
        assert written(store, given_writes) == written(memory, given_writes)
        assert everything(store) == everything(memory)
        assert store.workspaces() == memory.workspaces()
        assert store.verify() == memory.verify() == ()
        keys = [Key(Kind.FACT, "a"), Key(Kind.GOAL, "0123456789abcdef0123"), Key(Kind.FACT, "a")]
        erased = store.purge("acme", keys, by="ida", why="asked for")
        assert erased == memory.purge("acme", keys, by="ida", why="asked for")
        assert store.verify() == memory.verify() == ()

        def without_times(changes: tuple[Change, ...]) -> list[tuple[object, ...]]:
            return [(each.seq, each.key, each.rev, each.doc, each.deleted, each.by, each.why) for each in changes]

        assert without_times(store.changes("acme", Position())) == without_times(memory.changes("acme", Position()))
    with SqliteStore(path) as again:
        assert again.verify() == ()


def test_a_plan_is_saved_and_found_again_by_another_store_on_the_file(path: Path) -> None:
    with open_store(f"sqlite:{path}") as store:
        store.workspace("acme").save(plan(), by="ida", why="the beginning")
    with open_store(f"sqlite:{path}") as store:
        acme = store.workspace("acme")
        assert acme.snapshot().plan == plan()
        assert [(change.by, change.why) for change in acme.history("nps")] == [("ida", "the beginning")]


def test_what_was_opened_is_maintained_by_an_operator(store: SqliteStore) -> None:
    assert isinstance(store, Maintained)


def test_every_kind_of_document_of_today_has_a_number_and_no_other_kind_needs_one() -> None:
    assert {*DOCUMENTS} <= {*TYPES}
    assert {*KINDS} == {*Kind}
    assert len({*TYPES}) == len(TYPES)


def test_a_derived_id_takes_half_the_bytes_and_comes_back(store: SqliteStore) -> None:
    name = CheckIn(goal="nps", on=date(2026, 7, 6), value=1).id
    assert packed(name) == bytes.fromhex(name)
    store.apply("acme", Batch(puts=[fact(name)]))
    assert store.changes("acme", Position())[0].key.id == name


def test_a_page_is_of_one_moment(path: Path) -> None:
    with SqliteStore(path, durability="relaxed") as store:
        done = Event()

        def write() -> None:
            for number in range(200):
                store.apply("acme", Batch(puts=[fact(str(number)), goal(f"goal-{number}")]))
            done.set()

        writer = Thread(target=write)
        writer.start()
        while not done.is_set():
            page = store.read("acme", Query(kind="fact"))
            assert page.head.seq == 2 * len(page.records)
        writer.join()


# -- arguments ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", ":memory:", "a\0b", b"plans.db", 7, None])
def test_what_is_no_path_is_refused(path: object) -> None:
    with pytest.raises(InvalidValue, match="is no path of a file"):
        SqliteStore(path)  # type: ignore[arg-type] # on purpose


def test_wrong_arguments_are_refused_before_anything_is_made(path: Path) -> None:
    for wrong in ({"timeout": -1}, {"timeout": 10**9}, {"journal": "memory"}, {"durability": "none"}):
        with pytest.raises(InvalidValue):
            SqliteStore(path, **wrong)
    assert not path.exists()


def test_half_a_character_is_refused_and_nothing_is_written(store: SqliteStore) -> None:
    half = "\ud800"
    for put in (
        Put(key=Key(Kind.FACT, half), expect=0, doc="{}"),
        Put(key=Key(Kind.FACT, "a"), expect=0, doc="{}", about=half),
        Put(key=Key(Kind.FACT, "a"), expect=0, doc="{}", type=half),
    ):
        with pytest.raises(InvalidValue, match=r"holds the character '\\ud800'"):
            store.apply("acme", Batch(puts=[put]))
    store.apply("acme", Batch(puts=[goal("a")]))
    with pytest.raises(InvalidValue, match="key:"):
        store.head("acme", half)
    assert store.head("acme").position.seq == 1


def test_a_limit_and_a_name_are_checked(store: SqliteStore) -> None:
    with pytest.raises(InvalidValue):
        store.read("acme", Query(kind="goal"), limit=0)
    with pytest.raises(InvalidValue):
        store.changes(" ", Position())


def test_a_place_that_is_not_in_the_feed_is_told(store: SqliteStore) -> None:
    store.apply("acme", Batch(puts=[goal("a")]))
    with pytest.raises(FeedReset):
        store.changes("acme", Position(2))
    with pytest.raises(FeedReset):
        store.changes("acme", Position(1, "0" * 32))
    with pytest.raises(FeedReset):
        store.changes("none", Position(10**30))
    with pytest.raises(InvalidValue):
        store.changes("acme", Position(-1))


def test_what_must_be_quiet_since_before_the_beginning_or_after_the_end_is_told_right(store: SqliteStore) -> None:
    store.apply("acme", Batch(puts=[goal("a")]))
    with pytest.raises(Conflict):
        store.apply("acme", Batch(quiet=[Quiet(kind=Kind.GOAL, since=-5)]))
    assert store.apply("acme", Batch(quiet=[Quiet(kind=Kind.GOAL, since=2**53)])).changes == 0
    # What another workspace did stands right before.
    assert store.apply("other", Batch(quiet=[Quiet(kind=Kind.GOAL, since=-5)])).changes == 0


def test_a_key_belongs_to_one_request(store: SqliteStore) -> None:
    first = store.apply("acme", Batch(key="key-1", fingerprint="one"))
    other = store.apply("acme", Batch(key="key-2", fingerprint="two"))
    assert (first.changes, other.changes) == (0, 0)
    assert store.apply("acme", Batch(key="key-1", fingerprint="one", puts=[goal("a")])).replayed
    with pytest.raises(KeyReused):
        store.apply("acme", Batch(key="key-1", fingerprint="two"))


# -- threads, and the end ---------------------------------------------------------------------------


def test_after_closing_everything_is_refused_in_every_thread(store: SqliteStore) -> None:
    told: list[str] = []
    ready, closed = Event(), Event()

    def work() -> None:
        store.head("acme")
        ready.set()
        closed.wait(10)
        told.extend(_told(store))

    thread = Thread(target=work)
    thread.start()
    assert ready.wait(10)
    store.close()
    store.close()
    closed.set()
    thread.join()
    assert [*told, *_told(store)] == ["StoreClosed"] * 20
    late = Thread(target=lambda: told.extend(_told(store)))
    late.start()
    late.join()
    assert told[10:] == ["StoreClosed"] * 10


def _told(store: SqliteStore) -> Iterator[str]:
    for action in (
        lambda: store.read("acme", Query(kind="goal")),
        lambda: store.read("acme", [NPS]),
        lambda: store.apply("acme", Batch()),
        lambda: store.changes("acme", Position()),
        lambda: store.head("acme"),
        store.workspaces,
        store.verify,
        lambda: store.purge("acme", [], by="ida", why=""),
        lambda: store.requests("acme", 1, 1),
        store.info,
    ):
        try:
            action()
        except StorageError as error:
            yield type(error).__name__


def test_what_is_no_text_is_not_shown_by_the_cause_of_the_error_either(path: Path, store: SqliteStore) -> None:
    store.apply("acme", Batch(puts=[goal("nps")]))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE gk_change SET doc = CAST(? AS TEXT)", (b'{"secret":"\xff',))
    with pytest.raises(StoreDamaged, match="text that is no text") as caught:
        store.read("acme", [NPS])
    assert "secret" not in "".join(format_exception(caught.value))


def test_a_file_that_has_all_the_workspaces_that_it_can_have_takes_no_more(path: Path, store: SqliteStore) -> None:
    store.apply("acme", Batch(puts=[goal("nps")]))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO gk_workspace VALUES (?, 'nearly', 0, x'')", (2**23 - 3,))
    store.apply("last", Batch(puts=[goal("nps")]))
    assert len(store.changes("last", Position())) == 1
    with pytest.raises(StoreUnavailable, match="no more"):
        store.apply("beyond", Batch(puts=[goal("nps")]))
    assert store.workspaces() == ("acme", "last", "nearly")


def test_the_connection_of_a_thread_ends_with_it(store: SqliteStore) -> None:
    for _ in range(5):
        thread = Thread(target=lambda: store.head("acme"))
        thread.start()
        thread.join()
    store.head("acme")
    session = store._session
    assert len(session._all) == 1  # type: ignore[attr-defined] # its own


def test_a_writer_that_waits_for_too_long_is_told_so_and_nothing_is_written(path: Path) -> None:
    with SqliteStore(path, timeout=0.05) as store:
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy, match="SQLITE_BUSY"):
            store.apply("acme", Batch(puts=[goal("a")]))
        holder.execute("ROLLBACK")
        holder.close()
        assert store.apply("acme", Batch(puts=[goal("a")])).seq == 1


def test_a_read_that_fails_lets_go_of_the_file(store: SqliteStore, path: Path) -> None:
    with pytest.raises(FeedReset):
        store.changes("acme", Position(7))
    other = sqlite3.connect(path, isolation_level=None, timeout=0)
    other.execute("BEGIN EXCLUSIVE")
    other.execute("ROLLBACK")
    other.close()


# -- errors -----------------------------------------------------------------------------------------


def test_a_folder_that_is_not_there_and_one_in_the_place_of_the_file_are_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no database, and long enough to be looked at as one " * 20)
    for path in (tmp_path / "none" / "plans.db", tmp_path, tmp_path / "file" / "plans.db"):
        with pytest.raises(StoreUnavailable):
            SqliteStore(path)
    with pytest.raises(StoreDamaged):
        SqliteStore(tmp_path / "file")


def test_an_error_never_shows_a_document(path: Path, store: SqliteStore) -> None:
    store.apply("acme", Batch(puts=[goal("a", '{"title":"very secret"}')]))
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute("UPDATE gk_change SET doc = CAST(x'ff' || doc AS TEXT)")
    with pytest.raises(StoreDamaged) as caught:
        store.read("acme", Query(kind="goal"))
    connection.execute("UPDATE gk_change SET doc = '{}', kind = 9")
    assert "secret" not in str(caught.value)
    with pytest.raises(StoreDamaged):
        store.changes("acme", Position())
    connection.execute("UPDATE gk_change SET kind = 1, type = 99")
    with pytest.raises(StoreDamaged):
        store.read("acme", Query(kind="goal"))
    connection.execute("UPDATE gk_change SET type = 2")
    connection.execute("UPDATE gk_commit SET at = 9223372036854775807")
    with pytest.raises(StoreDamaged):
        store.changes("acme", Position())
    connection.execute("DELETE FROM gk_commit")
    with pytest.raises(StoreDamaged, match="in no commit"):
        store.changes("acme", Position())
    connection.execute("DROP TABLE gk_commit")
    with pytest.raises(StoreDamaged, match="SQLITE_ERROR"):
        store.changes("acme", Position())
    connection.close()


def test_what_sqlite_says_is_told_as_the_right_error() -> None:
    connection = sqlite3.connect(":memory:")
    caught: list[StorageError] = []

    def tried(statement: str, on: sqlite3.Connection = connection) -> None:
        with pytest.raises(sqlite3.Error) as error:
            on.execute(statement)
        caught.append(translated(error.value))

    tried("SELECT * FROM nowhere")
    thread = Thread(target=tried, args=("SELECT 1",))
    thread.start()
    thread.join()
    tried("ATTACH '/nowhere/at/all' AS other")
    connection.close()
    tried("SELECT 1")
    assert [type(error) for error in caught] == [StoreDamaged, StoreUnavailable, StoreUnavailable, StoreClosed]


# -- operators --------------------------------------------------------------------------------------


@pytest.mark.parametrize("journal", ["truncate", "wal"])
def test_what_was_erased_is_in_no_byte_of_any_file(path: Path, journal: str) -> None:
    with SqliteStore(path, journal=journal) as store:
        private = "what nobody else than ida may ever read"
        for number in range(60):
            text = private * (1 + number * 7 % 50) if number % 3 else "open"
            store.apply("acme", Batch(puts=[fact(f"f{number}", text)]))
        for number in range(0, 60, 2):
            rev = store.read("acme", [Key(Kind.FACT, f"f{number}")]).records[0].rev
            doc = fact("x", f"{private} again").doc
            key = Key(Kind.FACT, f"f{number}")
            store.apply("acme", Batch(puts=[Put(key=key, expect=rev, doc=doc, type="check_in", about="nps")]))
        assert any(private.encode() in each.read_bytes() for each in path.parent.iterdir())
        keys = [Key(Kind.FACT, f"f{number}") for number in range(60)]
        assert store.purge("acme", keys, by="ida", why="asked for") == 90
        assert not any(private.encode() in each.read_bytes() for each in path.parent.iterdir())
        assert store.purge("acme", keys, by="ida", why="again") == 0
        assert store.verify() == ()
        assert all(record.is_deleted for record in store.read("acme", keys).records)
        assert store.head("acme").position.seq == 150
    assert not any(private.encode() in each.read_bytes() for each in path.parent.iterdir())


def test_a_plan_of_which_something_was_erased_cannot_be_had_any_more(store: SqliteStore) -> None:
    acme = store.workspace("acme")
    first = acme.save(plan(), by="ida")
    store.purge("acme", [NPS], by="ida", why="asked for")
    with pytest.raises(Erased):
        acme.snapshot(at=first)


def test_a_reader_who_stays_keeps_what_was_erased_in_the_log_and_that_is_told(path: Path) -> None:
    with SqliteStore(path, journal="wal", timeout=0.05) as store:
        store.apply("acme", Batch(puts=[fact("a", "secret")]))
        reader = sqlite3.connect(path, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM gk_change").fetchall()
        with pytest.raises(StoreBusy):
            store.purge("acme", [Key(Kind.FACT, "a")], by="ida", why="asked for")
        reader.close()
        store.purge("acme", [Key(Kind.FACT, "a")], by="ida", why="asked for")
        assert not any(b"secret" in each.read_bytes() for each in path.parent.iterdir())


def test_a_backup_is_of_one_moment_while_others_write(path: Path) -> None:
    with SqliteStore(path, durability="relaxed") as store:
        store.apply("acme", Batch(puts=[goal("first")]))
        done = Event()

        def write() -> None:
            number = 0
            while not done.is_set():
                store.apply("acme", Batch(puts=[fact(f"{number}-{part}", "x" * 500) for part in range(3)]))
                number += 1

        writer = Thread(target=write)
        writer.start()
        for number in range(10):
            store.backup(path.parent / f"copy-{number}.db")
        done.set()
        writer.join()
        for number in range(10):
            with SqliteStore(path.parent / f"copy-{number}.db") as copy:
                assert copy.verify() == ()
                assert copy.head("acme").position.seq % 3 == 1
        assert not [*path.parent.glob("*.part*")]


def test_a_backup_that_cannot_be_made_is_told(store: SqliteStore, path: Path) -> None:
    with pytest.raises(InvalidValue, match="is there already"):
        store.backup(path)
    with pytest.raises(StoreUnavailable):
        store.backup(path.parent / "none" / "copy.db")
    (path.parent / "copy.db.part").mkdir()
    with pytest.raises(StoreUnavailable):
        store.backup(path.parent / "copy.db")


def test_whoever_follows_the_feed_notices_that_a_backup_was_put_back(path: Path) -> None:
    with SqliteStore(path) as store:
        acme = store.workspace("acme")
        acme.save(plan(), by="ida")
        store.backup(path.parent / "copy.db")
        acme.update(lambda now: now.amend("nps", title="Lost"))
        seen = acme.snapshot().position
    (path.parent / "copy.db").replace(path)
    with SqliteStore(path) as store:
        acme = store.workspace("acme")
        with pytest.raises(FeedReset, match="shorter"):
            store.changes("acme", seen)
        acme.update(lambda now: now.amend("nps", title="Other"))
        with pytest.raises(FeedReset, match="another one"):
            store.changes("acme", seen)


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        ("UPDATE gk_change SET doc = '{\"a\":2}' WHERE place % 2", "is not what was written"),
        ("UPDATE gk_change SET rev = 5 WHERE place % 2", "makes revision 5"),
        ("UPDATE gk_change SET digest = zeroblob(16) WHERE place % 2", "is not what was written"),
        ("UPDATE gk_change SET replaced = 1 WHERE place % 2", "in the feed alone"),
        ("UPDATE gk_workspace SET seq = seq + 1", "is said to be"),
        ("UPDATE gk_change SET place = place + 1099511627776 * 7 WHERE NOT place % 2", "belong to no workspace"),
        ("DELETE FROM gk_commit", "in no commit"),
        ("DELETE FROM gk_workspace", "refers to one that is not there"),
        ("UPDATE gk_change SET deleted = 1", "CHECK constraint failed"),
        ("UPDATE gk_change SET about = 'x', doc = CAST(x'ff' AS TEXT)", "text that is no text"),
    ],
)
def test_what_was_changed_from_outside_is_found(path: Path, damage: str, finding: str) -> None:
    with SqliteStore(path) as store:
        store.apply("acme", Batch(puts=[goal("a"), goal("b")]))
        assert store.verify() == ()
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(damage)
        connection.close()
        assert any(finding in wrong for wrong in store.verify()), store.verify()


def test_it_says_what_it_is(path: Path) -> None:
    with SqliteStore(path) as store:
        info = store.info()
    assert (info.path, info.layout, info.durability) == (path, 1, Durability.FULL)
    assert info.sqlite == sqlite3.sqlite_version
    assert info.journal in {"truncate", "wal"}


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE gk_workspace SET digest = 'text'",
        "UPDATE gk_change SET digest = 'text'",
        "UPDATE gk_change SET doc = x'01'",
        "UPDATE gk_change SET born = 'text'",
        "UPDATE gk_commit SET why = x'01'",
        "UPDATE gk_commit SET at = 'text'",
        "UPDATE gk_commit SET fingerprint = NULL",
    ],
)
def test_a_column_with_something_of_another_kind_is_damage_wherever_it_is_read(path: Path, damage: str) -> None:
    with SqliteStore(path, journal="truncate") as store:
        store.apply("acme", Batch(puts=[goal("a")], key="key-1"))
    # As a flipped bit in the head of a row makes it: into these tables, SQLite itself would never write it.
    connection = sqlite3.connect(path, isolation_level=None)
    indexes = [
        sql for (sql,) in connection.execute("SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql NOTNULL")
    ]
    for table in ("gk_workspace", "gk_change", "gk_commit"):
        connection.execute(f"CREATE TABLE loose AS SELECT * FROM {table}")  # noqa: S608 - a name from here
        connection.execute(f"DROP TABLE {table}")
        connection.execute(f"ALTER TABLE loose RENAME TO {table}")
    for index in indexes:
        connection.execute(index)
    connection.execute(damage)
    connection.close()
    with SqliteStore(path) as store:
        with pytest.raises(StoreDamaged):
            read_all(store)
        assert store.verify() != () or "fingerprint" in damage


def read_all(store: SqliteStore) -> None:
    store.changes("acme", Position(1))
    store.changes("acme", Position())
    store.read("acme", Query(kind="goal"))
    store.head("acme", "key-1")


def test_a_line_of_the_feed_that_is_gone_is_noticed_by_whoever_follows_it(path: Path) -> None:
    with SqliteStore(path) as store:
        store.apply("acme", Batch(puts=[goal("a"), goal("b")]))
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("DELETE FROM gk_change WHERE place % 2")
        connection.close()
        with pytest.raises(FeedReset):
            store.changes("acme", Position(1))
        assert store.verify() != ()


def test_tables_whose_names_are_no_text_are_damage(path: Path) -> None:
    SqliteStore(path).close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA writable_schema = ON")
    broken = "UPDATE sqlite_schema SET sql = CAST(CAST('CREATE TABLE gk_meta (a \"' AS BLOB) || x'a0a0' AS TEXT)"
    connection.execute(f"{broken} WHERE name = 'gk_meta'")
    connection.close()
    with pytest.raises(StoreDamaged):
        SqliteStore(path)


def test_a_commit_that_waits_for_a_reader_for_too_long_is_undone_and_told(path: Path) -> None:
    with SqliteStore(path, journal="truncate", timeout=0.05) as store:
        reader = sqlite3.connect(path, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM gk_meta").fetchall()
        with pytest.raises(StoreBusy):
            store.apply("acme", Batch(puts=[goal("a")]))
        reader.close()
        assert store.apply("acme", Batch(puts=[goal("a")])).seq == 1


def test_an_id_that_only_looks_hexadecimal_stays_text() -> None:
    for name in ("ABCDEF0123456789", "01 23 45 67 89 ab cd ef", "0123456789abcdef0", "one-of-our-own-goals"):
        assert packed(name) == name
