"""Strategies for what stores keep: keys, batches on what is there, and queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from ..storage import Batch, Guard, Key, Kind, Put, Query, Quiet
from ..storage.codec import canonical
from .strategies_words import days, ids, plain_data, texts

_ABOUT: Final = ("", "nps", "NPS")
_TYPES: Final = ("", "check_in", "grade")
_DAYS: Final = (None, date(2026, 7, 1), date(2026, 7, 2))

# Few and small, because what a document says is nothing to a store, and many batches make one example.
_DOCS: Final = ("{}", '{"value":"1.50"}', '{"title":"caf\u00e9 \U0001f3af"}')
_MOMENTS: Final = (
    None,
    datetime(2026, 7, 1, 12, 0, 0, 1, tzinfo=UTC),
    datetime(2026, 7, 1, 0, 30, tzinfo=timezone(timedelta(hours=5, minutes=45))),
)


def keys() -> SearchStrategy[Key]:
    """
    Return a strategy for keys of every kind.

    Example:
        ``@given(keys())``
    """
    return st.builds(Key, st.sampled_from(Kind), ids())


def docs() -> SearchStrategy[str]:
    """
    Return a strategy for documents as canonical text: any JSON object.

    Example:
        ``@given(docs())``
    """
    return st.dictionaries(texts(), plain_data(), max_size=3).map(canonical)


@st.composite
def batches(
    draw: DrawFn, of: Sequence[Key] | None = None, revs: Mapping[Key, int] | None = None, seq: int = 0
) -> Batch:
    """
    Batches of puts, guards and quiet, of which most expect what is there, and some do not.

    Args:
        draw: Given by Hypothesis.
        of: The keys that it may be about, at least one; None for any.
        revs: The revision of each record that is there; those that are not named are not there.
        seq: The number of the last change.

    Example:
        ``@given(batches([Key(Kind.GOAL, "nps")], {Key(Kind.GOAL, "nps"): 3}, 7))``
    """
    known = revs or {}
    each = keys() if of is None else st.sampled_from(of)
    chosen = draw(st.lists(each, max_size=3, unique=True))
    guarded = draw(st.lists(each, max_size=1))
    is_stale = draw(st.integers(0, 4)) == 1
    since = st.sampled_from((seq, max(seq - 1, 0), 0) if is_stale else (seq,))
    return Batch(
        puts=[draw(_put(key, known.get(key, 0), is_stale=is_stale)) for key in chosen],
        guards=[Guard(key=key, expect=draw(_expected(known.get(key, 0), is_stale=is_stale))) for key in guarded],
        quiet=draw(st.lists(_quiet(since), max_size=1)) if draw(st.integers(0, 3)) == 1 else (),
        key=draw(st.sampled_from((*[""] * 7, "request-1", "request-2", "REQUEST-1"))),
        fingerprint=draw(st.sampled_from(("", "f1", "f2"))),
        by=draw(st.sampled_from(("", "ida"))),
        why=draw(st.sampled_from(("", "because"))),
        at=draw(st.sampled_from(_MOMENTS)),
    )


def _expected(there: int, *, is_stale: bool) -> SearchStrategy[int]:
    return st.sampled_from((there, 0, 1, there + 1)) if is_stale else st.just(there)


@st.composite
def _put(draw: DrawFn, key: Key, there: int, *, is_stale: bool) -> Put:
    expect = draw(_expected(there, is_stale=is_stale))
    deletes = expect > 0 and draw(st.integers(0, 3)) == 1
    return Put(
        key=key,
        expect=expect,
        doc=None if deletes else draw(st.sampled_from(_DOCS)),
        type=draw(st.sampled_from(_TYPES)),
        about=draw(st.sampled_from(_ABOUT)),
        on=draw(st.sampled_from(_DAYS)),
        anew=draw(st.integers(0, 3)) == 1,
    )


def _quiet(since: SearchStrategy[int]) -> SearchStrategy[Quiet]:
    kinds, about, types = st.sampled_from((Kind.GOAL, Kind.FACT)), st.sampled_from(_ABOUT), st.sampled_from(_TYPES)
    return st.builds(Quiet, kind=kinds, since=since, about=about, type=types)


def queries() -> SearchStrategy[Query]:
    """
    Return a strategy for queries by any of their fields.

    Example:
        ``@given(queries())``
    """
    return st.builds(
        Query,
        kind=st.sampled_from((Kind.GOAL, Kind.GOAL, Kind.FACT, Kind.FACT, Kind.KPI)),
        about=st.sampled_from((*_ABOUT, "n%")),
        type=st.sampled_from((*_TYPES, "check")),
        since=st.sampled_from(_DAYS) | days(),
        until=st.sampled_from(_DAYS) | days(),
        deleted=st.booleans(),
        newest_first=st.booleans(),
    )
