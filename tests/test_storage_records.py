"""Records, batches and changes: what stores keep."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from goalkit import InvalidValue
from goalkit.storage import (
    Batch,
    Change,
    Commit,
    Conflict,
    Guard,
    InvalidDocument,
    Key,
    Kind,
    Position,
    Put,
    Query,
    Quiet,
    Record,
)
from goalkit.storage.deciding import decide, digest_of, keys_of, replayed
from goalkit.storage.records import Answered

GOAL, FACT = Key(Kind.GOAL, "a"), Key(Kind.FACT, "f")
NOON = datetime(2026, 8, 10, 12, tzinfo=UTC)
RECORD = Record(key=FACT, rev=2, doc="{}", type="check_in", about="a", on=date(2026, 8, 10), seq=5, born=3)


def test_a_batch_puts_each_record_once() -> None:
    put = Put(key=GOAL, expect=0, doc="{}")
    with pytest.raises(InvalidValue, match="goal 'a' is put twice"):
        Batch(puts=[put, put])


@pytest.mark.parametrize(("name", "value"), [("by", " x"), ("key", 5), ("why", b"x"), ("at", "noon")])
def test_a_batch_says_which_of_its_fields_is_refused(name: str, value: Any) -> None:
    given_: dict[str, Any] = {name: value}
    with pytest.raises(InvalidValue, match=name):
        Batch(**given_)


def test_a_query_takes_what_it_asks_for_and_nothing_else() -> None:
    gone = evolve(RECORD, doc=None)
    day = date(2026, 8, 10)
    asked: Iterable[tuple[dict[str, Any], bool]] = (
        ({}, True),
        ({"kind": "goal"}, False),
        ({"about": "a", "type": "check_in", "since": day, "until": day}, True),
        ({"about": "b"}, False),
        ({"type": "revision"}, False),
        ({"since": date(2026, 8, 11)}, False),
        ({"until": date(2026, 8, 9)}, False),
    )
    for fields, takes in asked:
        assert Query(**{"kind": "fact", **fields}).takes(RECORD) is takes
    assert not Query(kind="fact").takes(gone)
    assert Query(kind="fact", deleted=True).takes(gone)
    assert not Query(kind="fact", since=day).takes(evolve(RECORD, on=None))
    with pytest.raises(InvalidValue, match="kind"):
        Query(kind="dream")


# -- what a batch does


def test_every_clash_is_named_before_anything_is_written() -> None:
    batch = Batch(
        puts=[Put(key=GOAL, expect=0, doc="{}"), Put(key=FACT, expect=0, doc="{}")],
        guards=[Guard(key=Key(Kind.KPI, "k"), expect=3)],
        head=Position(4, "x"),
    )
    quiet = Quiet(kind=Kind.FACT, since=4, about="a")
    assert keys_of(batch) == (GOAL, FACT, Key(Kind.KPI, "k"))
    with pytest.raises(Conflict) as caught:
        decide(batch, current={FACT: RECORD}, disturbed=[quiet], head=Position(5, "y"))
    assert str(caught.value) == (
        "nothing was written; some fact about 'a' changed since 4; the workspace moved on since change 4: "
        "fact 'f' is there already, in revision 2; kpi 'k' is gone, and was expected in revision 3"
    )


def test_a_change_goes_on_from_the_record_before_it() -> None:
    changed = Put(key=FACT, expect=2, doc='{"x":1}', type="check_in", about="a")
    for put, born, rev in ((changed, 3, 3), (evolve(changed, anew=True), 6, 3)):
        decision = decide(Batch(puts=[put]), current={FACT: RECORD}, disturbed=[], head=Position(5, "x"), now=NOON)
        (change,) = decision.changes
        assert (change.seq, change.born, change.rev, change.at) == (6, born, rev, NOON)
        assert decision.head == change.position == Position(6, digest_of(change, "x"))
        assert change.record.seq == 6
    (gone,) = decide(
        Batch(puts=[evolve(changed, doc=None)]), current={FACT: RECORD}, disturbed=[], head=Position()
    ).changes
    assert (gone.deleted, gone.type, gone.about, gone.on, gone.is_erased) == (True, "check_in", "a", RECORD.on, False)
    dead = evolve(RECORD, doc=None)
    (back,) = decide(
        Batch(puts=[evolve(changed, expect=0)]), current={FACT: dead}, disturbed=[], head=Position()
    ).changes
    assert (back.rev, back.born) == (3, 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [("seq", 9), ("key", GOAL), ("rev", 9), ("doc", "[]"), ("born", 9), ("by", "x"), ("why", "x"), ("doc", None)],
    ids=range(8),
)
def test_a_digest_is_of_everything_that_was_written(name: str, value: Any) -> None:
    (change,) = decide(
        Batch(puts=[Put(key=FACT, expect=0, doc="{}")], at=NOON), current={}, disturbed=[], head=Position()
    ).changes
    assert digest_of(change, "") == change.digest
    fields: dict[str, Any] = {name: value}
    assert digest_of(evolve(change, **fields), "") != change.digest
    assert digest_of(change, "x") != change.digest
    assert evolve(change, doc=None).is_erased


WORDS = st.text(st.characters(), max_size=5)


@given(
    change=st.builds(
        Change,
        seq=st.integers(1),
        key=st.builds(Key, st.sampled_from(Kind), WORDS),
        rev=st.integers(1),
        doc=st.none() | st.text(max_size=5),
        type=WORDS,
        about=WORDS,
        on=st.none() | st.dates(),
        born=st.integers(1),
        deleted=st.booleans(),
        at=st.datetimes(timezones=st.just(UTC)),
        by=st.none() | WORDS,
        why=WORDS,
        digest=st.just(""),
    ),
    before=WORDS,
)
def test_a_digest_is_that_of_a_list_in_json(change: Change, before: str) -> None:
    content = None if change.doc is None else sha256(change.doc.encode()).hexdigest()
    on = None if change.on is None else change.on.isoformat()
    what = [change.seq, change.key.kind.value, change.key.id, change.rev, change.deleted, change.type, change.about, on]
    told = [change.born, change.at.isoformat(), change.by, change.why]
    listed = json.dumps([before, *what, content, *told])
    assert digest_of(change, before) == sha256(listed.encode()).hexdigest()[:32]


def test_a_request_is_answered_unless_it_is_another_one() -> None:
    commit = Commit(seq=3, first=2, at=NOON)
    known = Answered(commit=commit, fingerprint="one")
    assert replayed(Batch(key="k", fingerprint="one"), None) is None
    for fingerprint in ("one", ""):
        assert replayed(Batch(key="k", fingerprint=fingerprint), known) == evolve(commit, replayed=True)
    with pytest.raises(Conflict, match="the key 'k' was used for something else on 2026-08-10"):
        replayed(Batch(key="k", fingerprint="other"), known)


def test_a_change_is_no_record_of_its_own() -> None:
    assert isinstance(decide(Batch(), current={}, disturbed=[], head=Position()).changes, tuple)
    assert Change.__hash__ is not None


@pytest.mark.parametrize(
    "given",
    [
        {"puts": [1]},
        {"puts": [Put(key=Key("goal", "x"), expect=0, doc="{}")]},  # type: ignore[arg-type] # that is what is refused
        {"puts": [Put(key=GOAL, expect=0, doc=5)]},  # type: ignore[arg-type] # as above
        {"guards": [GOAL]},
        {"guards": [Guard(key=("goal", "x"), expect=1)]},  # type: ignore[arg-type] # as above
        {"quiet": [GOAL]},
    ],
    ids=range(6),
)
def test_a_batch_holds_nothing_that_no_store_could_write(given: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        Batch(**given)


def test_half_a_character_is_no_document() -> None:
    batch = Batch(puts=[Put(key=GOAL, expect=0, doc='"\ud800"')])
    with pytest.raises(InvalidDocument, match="half a character"):
        decide(batch, current={}, disturbed=(), head=Position())


@pytest.mark.parametrize("since", [10**30, "soon", None])
def test_quiet_is_since_a_change(since: Any) -> None:
    with pytest.raises(InvalidValue, match="since"):
        Quiet(kind=Kind.GOAL, since=since)
