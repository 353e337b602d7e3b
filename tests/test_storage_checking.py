"""What every store checks alike."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from goalkit import InvalidValue, Objective, Plan
from goalkit.storage import Change, FeedReset, Key, Kind, Maintained, Position, Query, Quiet, Record, open_store
from goalkit.storage.checking import (
    check_place,
    checked_born,
    checked_keys,
    checked_limit,
    checked_name,
    checked_what,
    is_disturbed,
    wrong_with,
)

RECORD = Record(key=Key(Kind.FACT, "f"), rev=1, doc="{}", type="check_in", about="a", on=None, seq=5, born=5)
CHANGE = Change(
    seq=5,
    key=RECORD.key,
    rev=1,
    doc="{}",
    type="check_in",
    about="a",
    on=None,
    born=5,
    deleted=False,
    at=datetime(2026, 8, 10, tzinfo=UTC),
    by=None,
    why="",
    digest="",
)


@pytest.mark.parametrize(
    "name", ["", " ", " acme", "ac\nme", "a\0", "x" * 201, "\ud800", None, 5, b"acme"], ids=range(10)
)
def test_what_is_no_name_of_a_workspace_is_refused(name: Any) -> None:
    with pytest.raises(InvalidValue, match="workspace"):
        checked_name(name)


@pytest.mark.parametrize("keys", [None, 5, "fact", ["f"], RECORD.key, [("fact", "f")], [Key("fact", "f")]])  # type: ignore[arg-type] # no kind
def test_what_are_no_keys_is_refused_and_not_taken_for_erased(keys: Any, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue):
        checked_keys(keys)
    for address in ("memory:", f"file:{tmp_path / 'plans.json'}", f"sqlite:{tmp_path / 'plans.db'}"):
        with open_store(address) as store:
            assert isinstance(store, Maintained)
            with pytest.raises(InvalidValue):
                store.purge("acme", keys, by="ida", why="asked to")


def test_erasing_nothing_brings_about_no_workspace(tmp_path: Path) -> None:
    for address in ("memory:", f"file:{tmp_path / 'plans.json'}", f"sqlite:{tmp_path / 'plans.db'}"):
        with open_store(address) as store:
            assert isinstance(store, Maintained)
            assert store.purge("nobody", [RECORD.key], by="ida", why="asked to") == 0
            assert store.workspaces() == ()


def test_a_name_stays_as_it_is() -> None:
    for name in ("a", "x" * 200, "é", "e\u0301", "a/b", "..", "'; drop table"):
        assert checked_name(name) == name


@pytest.mark.parametrize("limit", [0, -1, 1001, "many", None, 1.5])
def test_what_is_no_limit_is_refused(limit: Any) -> None:
    with pytest.raises(InvalidValue, match="limit"):
        checked_limit(limit)


def test_a_place_is_one_that_is_there() -> None:
    check_place(Position(), None)
    check_place(Position(3), "x")
    check_place(Position(3, "x"), "x")
    with pytest.raises(FeedReset, match="the feed is shorter"):
        check_place(Position(3), None)
    with pytest.raises(FeedReset, match="change 3 is another one"):
        check_place(Position(3, "x"), "y")
    for seq in (-1, True, "1"):
        wrong: Any = seq
        with pytest.raises(InvalidValue, match="no place in a feed"):
            check_place(Position(wrong), "x")


@pytest.mark.parametrize(
    ("quiet", "disturbed"),
    [
        (Quiet(kind=Kind.FACT, since=4), True),
        (Quiet(kind=Kind.FACT, since=4, about="a", type="check_in"), True),
        (Quiet(kind=Kind.FACT, since=5), False),
        (Quiet(kind=Kind.GOAL, since=4), False),
        (Quiet(kind=Kind.FACT, since=4, about="b"), False),
        (Quiet(kind=Kind.FACT, since=4, type="revision"), False),
    ],
    ids=range(6),
)
def test_a_change_disturbs_what_it_is_one_of(quiet: Quiet, disturbed: bool) -> None:
    assert is_disturbed(quiet, CHANGE) is disturbed
    assert is_disturbed(quiet, evolve(CHANGE, doc=None, deleted=True)) is disturbed


def test_whatever_does_not_fit_together_is_told() -> None:
    with open_store("memory:") as store:
        acme = store.workspace("acme")
        acme.save(Plan.of(*(Objective(id=name, title=name) for name in "ab")))
        acme.update(lambda plan: plan.amend("a", title="x"))
        records = store.read("acme", [Key(Kind.GOAL, name) for name in "ab"]).records
        changes = [*acme.changes()]
        head = changes[-1].position

    def wrong(records: Any = records, changes: Any = changes, head: Any = head) -> list[str]:
        return [*wrong_with("acme", records, changes, head)]

    assert wrong() == []
    assert wrong(changes=[evolve(changes[0], doc=None), *changes[1:]]) == []
    assert wrong(changes=[evolve(changes[0], why="x"), *changes[1:]]) == ["acme: change 1 is not what was written"]
    assert "acme: change 3 follows change 1" in wrong(changes=[changes[0], changes[2]])
    assert "acme: change 3 makes revision 3 of goal 'a'" in wrong(changes=[*changes[:2], evolve(changes[2], rev=3)])
    assert wrong(head=Position(9)) == ["acme: the last change is 3, and 9 is said to be"]
    assert wrong(records=records[:1]) == ["acme: goal 'b' is in the feed alone"]
    assert wrong(records=[*records, RECORD]) == ["acme: fact 'f' is in no change"]
    for spoiled in ({"doc": "{}"}, {"rev": 7}, {"about": "x"}, {"born": 9}, {"type": "x"}):
        fields: Any = spoiled
        assert wrong(records=[records[0], evolve(records[1], **fields)]) == [
            "acme: goal 'b' is not what change 2 made it"
        ]


@pytest.mark.parametrize("what", ["xyz", b"x", None, 5, ["nps"], [Key("goal", "nps")], [Key(Kind.GOAL, 5)]])  # type: ignore[arg-type]
def test_what_is_neither_a_query_nor_keys_is_not_read(what: Any) -> None:
    with pytest.raises(InvalidValue):
        checked_what(what)


def test_keys_are_read_once_each() -> None:
    key = Key(Kind.GOAL, "nps")
    assert checked_what(iter([key, key])) == (key,)
    assert checked_what(query := Query(kind="goal")) is query


@pytest.mark.parametrize("after", [-1, "x", None, 1.5])
def test_what_is_no_place_in_the_order_of_records_is_refused(after: Any) -> None:
    with pytest.raises(InvalidValue, match="after"):
        checked_born(after)
