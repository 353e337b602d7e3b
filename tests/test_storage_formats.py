"""What files say is the same for good: whatever an older goalkit wrote is read by a newer one."""

import json
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from sqlite3 import connect

import pytest

from goalkit.storage import Batch, Key, Kind, Put, StoreDamaged, open_store
from goalkit.storage.jsonl import export_workspace, import_workspace
from goalkit.storage.sqlite import SqliteStore
from goalkit.storage.sqlite.rows import commit_of, text_of

AT = datetime(2026, 8, 10, 12, 30, 0, 250_000, tzinfo=UTC)
KINDS = (Kind.CYCLE, Kind.GOAL, Kind.KPI, Kind.FACT, Kind.OBSERVATION)
TYPES = (
    "",
    "cycle",
    "objective",
    "key_result",
    "milestone",
    "initiative",
    "kpi",
    "check_in",
    "revision",
    "approval",
    "transition",
    "grade",
    "retrospective",
    "observation",
)


@pytest.mark.parametrize(("number", "kind"), [*enumerate(KINDS)])
def test_the_number_of_a_kind_stays_in_a_database(number: int, kind: Kind, tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "plans.db") as store:
        store.apply("acme", Batch(puts=[Put(key=Key(kind, "a"), expect=0, doc="{}")]))
    with closing(connect(tmp_path / "plans.db")) as connection:
        assert connection.execute("SELECT kind FROM gk_change").fetchall() == [(number,)]


@pytest.mark.parametrize(("number", "type_"), [*enumerate(TYPES), ("dream", "dream")])
def test_the_number_of_a_type_stays_in_a_database(number: int | str, type_: str, tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "plans.db") as store:
        store.apply("acme", Batch(puts=[Put(key=Key(Kind.FACT, "a"), expect=0, doc="{}", type=type_)]))
    with closing(connect(tmp_path / "plans.db")) as connection:
        assert connection.execute("SELECT type FROM gk_change").fetchall() == [(number,)]


def test_the_times_and_days_of_a_database_are_counted_from_where_they_were(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "plans.db") as store:
        put = Put(key=Key(Kind.FACT, "a"), expect=0, doc="{}", on=date(2026, 8, 10))
        store.apply("acme", Batch(puts=[put], at=AT))
    with closing(connect(tmp_path / "plans.db")) as connection:
        assert connection.execute("SELECT at FROM gk_commit").fetchall() == [(1_786_365_000_250_000,)]
        assert connection.execute("SELECT day FROM gk_change").fetchall() == [(739_838,)]


def test_the_first_line_of_an_export_says_what_it_is() -> None:
    with open_store("memory:") as store:
        store.apply("acme", Batch(puts=[Put(key=Key(Kind.GOAL, "a"), expect=0, doc="{}")], at=AT))
        head = store.head("acme").position
        export_workspace(store, "acme", file := BytesIO())
    assert json.loads(file.getvalue().splitlines()[0]) == {
        "format": "goalkit feed",
        "head": {"digest": head.digest, "seq": 1},
        "version": 1,
        "workspace": "acme",
    }


@pytest.mark.parametrize("who", [5, b"ida", ""])
def test_a_person_that_no_commit_has_is_told_as_damage(who: object) -> None:
    with pytest.raises(StoreDamaged):
        commit_of((1, 1, 0, who, ""))


@pytest.mark.parametrize("held", [None, 5, 1.5, b"nps"])
def test_what_is_no_text_in_a_column_of_texts_is_told_as_damage(held: object) -> None:
    with pytest.raises(StoreDamaged):
        text_of(held)


def test_commits_of_one_moment_are_told_apart_where_they_change_one_record() -> None:
    with open_store("memory:") as store, open_store("memory:") as other:
        for rev in range(3):
            put = Put(key=Key(Kind.GOAL, "a"), expect=rev, doc=f'{{"n":{rev}}}')
            store.apply("acme", Batch(puts=[put], by="ida", at=AT))
        export_workspace(store, "acme", file := BytesIO())
        file.seek(0)
        assert import_workspace(other, "acme", file).is_same
        assert other.head("acme") == store.head("acme")


def test_a_time_is_kept_in_utc() -> None:
    given = datetime(2026, 8, 10, 14, 30, tzinfo=timezone(timedelta(hours=2)))
    assert Batch(at=given).at == datetime(2026, 8, 10, 12, 30, tzinfo=UTC)
    assert getattr(Batch(at=given).at, "tzinfo", None) is UTC
