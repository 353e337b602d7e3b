"""The difference of two plans as records that are put into a store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import evolve

from ..documents.diff import Change
from ..model.building import Thing
from ..model.kpis import Observation
from ..model.plan import Plan
from ..model.records import Fact
from .batches import Put
from .codec import about, encoded, key_of, type_of
from .following import held
from .records import Key


def written(changes: Iterable[Change], old: Plan, revs: Mapping[Key, int]) -> tuple[Put, ...]:
    """
    Return what it takes to make one plan of another in a store.

    What is taken out and put in again, because it counts after others from now on, takes its place behind them.

    Args:
        changes: The difference of the two plans.
        old: The plan that they start from.
        revs: The revisions of its records, without those that are in their first.

    Raises:
        InvalidDocument: If something is too large.

    Example:
        >>> from goalkit import Objective, diff
        >>> app = Objective(id="app", title="App")
        >>> [(str(put.key), put.expect) for put in written(diff(Plan(), Plan.of(app)), Plan(), {})]
        [("goal 'app'", 0)]
    """
    puts: dict[Key, Put] = {}
    for change in changes:
        key = key_of(change.thing)
        expect = 0 if held(old, key) is None else revs.get(key, 1)
        put = Put(key=key, expect=expect, doc=None) if change.after is None else put_of(change.after, expect)
        # It comes where it was put in, and not where it was taken out: records are ordered as they are put.
        puts[key] = evolve(put, anew=True) if puts.pop(key, None) is not None else put
    return tuple(puts.values())


def put_of(thing: Thing, expect: int) -> Put:
    """
    Return a thing as the record that is to be.

    Args:
        thing: A cycle, goal, KPI, fact or observation.
        expect: The revision that is there now; 0 where there is none.

    Raises:
        InvalidDocument: If it is too large.
    """
    return Put(
        key=key_of(thing),
        expect=expect,
        doc=encoded(thing),
        type=type_of(thing),
        about=about(thing),
        on=thing.on if isinstance(thing, (Fact, Observation)) else None,
    )
