"""What is refused is told in full: which argument it is, what was got, and what would be accepted."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest

from goalkit import CheckIn, InvalidValue, Objective, Plan
from goalkit.errors import shown
from goalkit.storage import Batch, Guard, Key, Kind, Position, Put, Query, Quiet, Workspace, open_store
from goalkit.storage.checking import (
    checked_batch,
    checked_born,
    checked_keys,
    checked_limit,
    checked_name,
    checked_path,
    checked_place,
    checked_what,
)
from goalkit.storage.json_file import JsonFileStore
from goalkit.storage.jsonl import export_workspace, import_workspace
from goalkit.storage.sqlite import SqliteStore

GOAL = Key(Kind.GOAL, "nps")
TEXT = "5 is not text (not_text); text is expected; write str(…) to make it so"
TIMES = "give a time such as datetime.now(UTC)"
PLACES = "give the position of a change, or Position() for the beginning"
HALF = r"the character '\ud800' at position 0"
REVISIONS = "give the revision that was read; 0 where there is none"
STORES = "give text that begins with memory:, file:, sqlite:, such as sqlite:plans.db"


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(InvalidValue) as caught:
        call()
    return str(caught.value)


def put(**fields: Any) -> Put:
    return Put(**{"key": GOAL, "expect": 0, "doc": "{}", **fields})


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"puts": [1]}, "puts: 1 is not a put (wrong_kind); give Put(key=..., expect=..., doc=...)"),
        ({"puts": [put(key=5)]}, "puts: 5 is no key (no_key); give Key(Kind.GOAL, 'nps')"),
        (
            {"puts": [put(doc=5)]},
            "puts: the document of goal 'nps' is no text (not_text); give canonical JSON",
        ),
        (
            {"puts": [put(type=5)]},
            "puts: goal 'nps' is found by 5 about '', which is no text (not_text); give text, or leave it out",
        ),
        (
            {"puts": [put(about=None)]},
            "puts: goal 'nps' is found by '' about None, which is no text (not_text); give text, or leave it out",
        ),
        (
            {"puts": [put(expect="0")]},
            f"puts: goal 'nps' is expected in revision '0', which is no whole number (not_a_number); {REVISIONS}",
        ),
        (
            {"guards": [Guard(key=GOAL, expect=True)]},
            f"guards: goal 'nps' is expected in revision True, which is no whole number (not_a_number); {REVISIONS}",
        ),
        *(
            ({"puts": [put(**field)]}, f"puts: '\\ud800' holds {HALF} (bad_text); leave that character out")
            for field in ({"type": "\ud800"}, {"about": "\ud800"}, {"key": Key(Kind.GOAL, "\ud800")})
        ),
        (
            {"puts": [put(on="today")]},
            "puts: goal 'nps' is of 'today', which is no day (not_a_day); give a date, or leave it out",
        ),
        ({"puts": [put(), put()]}, "puts: goal 'nps' is put twice (duplicate_key); put each record once"),
        ({"guards": [1]}, "guards: 1 is not a guard (wrong_kind); give Guard(key=..., expect=...)"),
        (
            {"guards": [Guard(key="nps", expect=1)]},  # type: ignore[arg-type] # that is what is refused
            "guards: 'nps' is no key (no_key); give Key(Kind.GOAL, 'nps')",
        ),
        ({"quiet": [1]}, "quiet: 1 is not a quiet (wrong_kind); give Quiet(kind=..., since=...)"),
        ({"head": 1}, "head: 1 is not a position (wrong_kind); give the position of a snapshot, or None"),
        ({"fingerprint": 5}, f"fingerprint: {TEXT}"),
        ({"why": 5}, f"why: {TEXT}"),
        ({"at": "noon"}, "at: 'noon' is not a datetime (wrong_kind); give a datetime with a time zone"),
        (
            {"at": datetime(2026, 8, 10)},  # noqa: DTZ001 - that is what is refused
            "at: 2026-08-10T00:00:00 has no time zone (no_zone); give one, such as datetime.now(UTC)",
        ),
        (
            {"at": datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-1)))},
            f"at: 9999-12-31T23:59:00-01:00 is beyond all days in UTC (out_of_range); {TIMES}",
        ),
    ],
)
def test_a_batch_tells_which_field_is_wrong_and_what_would_not_be(given: dict[str, Any], told: str) -> None:
    assert refused(lambda: Batch(**given)) == told


def test_the_time_of_a_batch_is_kept_in_utc() -> None:
    at = datetime(2026, 8, 10, 1, tzinfo=timezone(timedelta(hours=2)))
    assert str(Batch(at=at).at) == "2026-08-09 23:00:00+00:00"


@pytest.mark.parametrize("made", [Quiet, Query])
@pytest.mark.parametrize("name", ["about", "type"])
def test_records_are_found_by_texts_alone(made: Any, name: str) -> None:
    fields: dict[str, Any] = {"since": 1} if made is Quiet else {}
    assert refused(lambda: made(kind="goal", **fields, **{name: 5})) == f"{name}: {TEXT}"


def test_nothing_is_quiet_since_before_the_first_change() -> None:
    assert Quiet(kind="goal", since=-5).since == 0


@pytest.mark.parametrize(
    ("check", "value", "told"),
    [
        (
            checked_name,
            "x" * 201,
            f"workspace: '{'x' * 58}… has 201 characters (too_long); a workspace has at most 200",
        ),
        (checked_name, " x", "workspace: the id ' x' has whitespace around it (bad_id); write 'x'"),
        (checked_limit, 0, "limit: 0 is not within 1 and 1000 (out_of_range); give a whole number from 1 to 1000"),
        (
            checked_what,
            "nps",
            "what: 'nps' is no list of keys (not_a_list); give a Query, or a list of keys",
        ),
        (
            checked_what,
            [("goal", "nps")],
            "what: ('goal', 'nps') is no key (no_key); give Key(Kind.GOAL, 'nps')",
        ),
        (checked_keys, "nps", "keys: 'nps' is no list of keys (not_a_list); give a list of keys"),
        (checked_keys, GOAL, f"keys: {shown(GOAL)} is no list of keys (not_a_list); give a list of keys"),
        (
            checked_born,
            -1,
            f"after: -1 is not within 0 and {2**53} (out_of_range); give a whole number from 0 to {2**53}",
        ),
        (
            checked_place,
            Position(-1),
            f"after: {Position(-1)} is no place in a feed (out_of_range); {PLACES}",
        ),
        (
            checked_path,
            "a\0b",
            "path: this str is no path of a file (not_a_path); give text such as plans.db, or a Path",
        ),
        (
            checked_path,
            b"plans.db",
            "path: this bytes is no path of a file (not_a_path); give text such as plans.db, or a Path",
        ),
        (checked_batch, 5, "batch: 5 is not a batch (wrong_kind); give a Batch"),
    ],
    ids=range(12),
)
def test_a_store_tells_which_argument_is_wrong_and_what_would_not_be(
    check: Callable[[Any], object], value: object, told: str
) -> None:
    assert refused(lambda: check(value)) == told


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (5, f"an address is text, not of the type int (not_text); {STORES}"),
        ("plans.db", f"the address begins with no kind of store (unknown_store); {STORES}"),
        ("nfs:plans", f"'nfs' is no kind of store (unknown_store); {STORES}"),
        ("memory:plans", "a store in memory has no place (two_answers); write memory:"),
        ("file:", "the address names no file (missing_field); write file: and the path of a file"),
        ("sqlite:", "the address names no file (missing_field); write sqlite: and the path of a file"),
    ],
)
def test_an_address_that_is_refused_is_told_with_one_that_is_not(address: Any, told: str) -> None:
    assert refused(lambda: open_store(address)) == f"address: {told}"


@pytest.mark.parametrize("timeout", [-1, 86_401, "soon", True, float("nan")])
@pytest.mark.parametrize("store", [SqliteStore, JsonFileStore])
def test_a_time_to_wait_that_is_none_is_named(store: Any, timeout: Any, tmp_path: Path) -> None:
    told = refused(lambda: store(tmp_path / "plans", timeout=timeout))
    assert told == f"timeout: {timeout!r} is no time to wait (out_of_range); give seconds from 0 to 86,400"
    for most in (0, 86_400):
        store(tmp_path / "plans", timeout=most).close()


@pytest.mark.parametrize("name", ["journal", "durability"])
def test_a_choice_that_there_is_not_is_named(name: str, tmp_path: Path) -> None:
    wrong: Any = {name: "none"}
    assert refused(lambda: SqliteStore(tmp_path / "plans.db", **wrong)).startswith(f"{name}: 'none' is not ")


@pytest.mark.parametrize("name", ["deleted", "newest_first"])
def test_what_is_neither_true_nor_false_chooses_nothing(name: str) -> None:
    wrong: Any = {name: "no"}
    told = "'no' is neither true nor false (not_true_or_false); give True or False"
    assert refused(lambda: Query(kind="fact", **wrong)) == f"{name}: {told}"


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (
            lambda acme: acme.snapshot(-1),
            "at: -1 is no place in a feed (out_of_range); give a commit, a position, or the number of a change, from 0",
        ),
        (
            lambda acme: acme.record("nps rose"),
            "'nps rose' is not a fact (wrong_kind); give a CheckIn, an Observation, or another fact; goals are saved",
        ),
        (
            lambda acme: acme.record(CheckIn(goal="a", on=date(2026, 8, 10), value=1), by=" ida"),
            "by: the id ' ida' has whitespace around it (bad_id); write 'ida'",
        ),
        (
            lambda acme: acme.save(Plan.of(), base=acme.store.workspace("other").snapshot()),
            "base: it is a snapshot of 'other', and not of 'acme' (another_workspace); take a snapshot of this one",
        ),
        (
            lambda acme: export_workspace(acme.store, acme.name, 5),  # type: ignore[arg-type] # that is what is refused
            "file: 5 is no path and no such file (not_a_path); give a path, or a binary file with write()",
        ),
        (
            lambda acme: import_workspace(acme.store, acme.name, 5),  # type: ignore[arg-type] # as above
            "file: 5 is no path and no such file (not_a_path); give a path, or a binary file with seek()",
        ),
    ],
    ids=range(6),
)
def test_a_workspace_tells_what_is_wrong_and_what_would_not_be(call: Callable[[Workspace], object], told: str) -> None:
    with open_store("memory:") as store:
        acme = store.workspace("acme")
        acme.save(Plan.of(Objective(id="a", title="A")))
        assert refused(lambda: call(acme)) == told


def test_a_copy_takes_the_place_of_nothing(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "plans.db") as store:
        store.backup(tmp_path / "copy.db")
        assert refused(lambda: store.backup(tmp_path / "copy.db")) == (
            "path: 'copy.db' is there already (duplicate_path); give the path of a file that is not there yet"
        )


def test_a_database_is_a_file_of_its_own_or_the_database_of_a_host(tmp_path: Path) -> None:
    assert refused(lambda: SqliteStore(":memory:")) == (
        "path: ':memory:' is no path of a file (not_a_path); give the path of a file; memory: is a store in memory"
    )
    connection = connect(tmp_path / "host.db")
    bound = SqliteStore.bind(connection)
    assert refused(lambda: bound.backup(tmp_path / "copy.db")) == (
        "a store that is bound to a connection has no file of its own (not_supported); copy the database of the host"
    )
    connection.close()
