"""A plan after some more changes, without looking at the rest of it."""

from collections.abc import Sequence
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given

from goalkit import Change as Difference
from goalkit import CheckIn, InvalidPlan, Objective, Plan, Revision, diff, patch
from goalkit.storage import Batch, Change, Key, Kind, Position, Put, open_store
from goalkit.storage.codec import encoded, key_of
from goalkit.storage.following import followed, held, patched, replayed_onto
from goalkit.testing.strategies import plans, related_plans, things

APP = Objective(id="app", title="App")
FIRST, SECOND = (CheckIn(goal="app", on="2026-08-10", note=note, id=note) for note in ("one", "two"))
PLAN = Plan.of(APP, FIRST, SECOND)


@given(plans(names_kpis=True, max_goals=5, max_facts=4, details=False), plans(max_goals=5, max_facts=4, details=False))
def test_what_is_patched_is_what_a_patch_makes_of_any_two_plans(old: Plan, new: Plan) -> None:
    assert patched(old, diff(old, new)) == patch(old, diff(old, new)) == new


@given(related_plans(names_kpis=True, max_goals=5, max_facts=4))
def test_a_part_of_a_difference_is_refused_exactly_where_it_makes_no_plan(pair: tuple[Plan, Plan]) -> None:
    old, new = pair
    changes = diff(old, new)
    for size in range(len(changes) + 1):
        for some in (changes[:size], changes[size:]):
            wrong, right = _codes(patch, old, some), _codes(patched, old, some)
            if "changed_meanwhile" in wrong[0]:  # what a change starts from is looked at by a patch alone
                assert _splits(changes, size)
                continue
            assert bool(wrong[0]) is bool(right[0])
            assert wrong[1] == right[1]


def _splits(changes: Sequence[Difference], size: int) -> bool:
    # A fact that moves among others is taken out, and put in again by another change.
    return not {key_of(each.thing) for each in changes[:size]}.isdisjoint(key_of(each.thing) for each in changes[size:])


def _codes(make: Any, old: Plan, changes: Any) -> tuple[set[str], Plan | None]:
    try:
        return set(), make(old, changes)
    except InvalidPlan as error:
        return {problem.code for problem in error.problems}, None


@given(plans(names_kpis=True, max_goals=4, max_facts=3, details=False))
def test_a_plan_holds_what_it_is_made_of_and_nothing_else(plan: Plan) -> None:
    for thing in things(plan):
        assert held(plan, key_of(thing)) is thing
    for kind in Kind:
        assert held(plan, Key(kind, "nowhere")) is None


def test_a_plan_without_changes_is_that_plan() -> None:
    assert patched(PLAN, []) is PLAN
    assert followed(PLAN, []) is PLAN


def test_what_is_put_in_twice_is_there_once() -> None:
    plan = patched(PLAN, [Difference(after=FIRST)])
    assert plan.check_ins("app") == (SECOND, FIRST)
    assert patched(PLAN, [Difference(before=FIRST, after=evolve(FIRST, by="ada"))]).check_ins("app")[1].by == "ada"


def test_days_are_looked_at_again_when_a_revision_is_taken_out() -> None:
    one = Revision(goal="b", on="2026-08-01", changes={"parent": None})
    other = Revision(goal="app", on="2026-08-02", changes={"parent": "b"})
    plan = Plan.of(APP, Objective(id="b", title="B", parent="app"), one, other)
    with pytest.raises(InvalidPlan, match="loop"):
        patched(plan, [Difference(before=one)])


def _feed(*batches: Batch) -> list[Change]:
    with open_store("memory:") as store:
        store.workspace("acme").save(PLAN)
        for batch in batches:
            store.apply("acme", batch)
        return [*store.workspace("acme").changes(after=3)]


def _put(thing: Any, expect: int, **given_: Any) -> Put:
    on = getattr(thing, "on", None)
    doc = given_.pop("doc", encoded(thing))
    return Put(key=key_of(thing), expect=expect, doc=doc, about=getattr(thing, "goal", ""), on=on, **given_)


def test_what_comes_back_comes_last() -> None:
    other = Objective(id="other", title="Other")
    feed = _feed(
        Batch(puts=[_put(other, 0), _put(FIRST, 1, doc=None)]),
        Batch(puts=[_put(FIRST, 0)]),
        Batch(puts=[_put(APP, 1, anew=True)]),
    )
    plan = followed(PLAN, feed)
    assert plan is not None
    assert (list(plan), plan.check_ins("app")) == (["other", "app"], (SECOND, FIRST))


def test_what_came_and_went_meanwhile_was_never_there() -> None:
    new = Objective(id="new", title="New")
    assert followed(PLAN, _feed(Batch(puts=[_put(new, 0)]), Batch(puts=[_put(new, 1, doc=None)]))) == PLAN


@pytest.mark.parametrize(
    "put",
    [
        _put(evolve(FIRST, by="ada"), 1),
        _put(APP, 1, doc="no JSON"),
        _put(evolve(APP, parent="nowhere"), 1),
        _put(APP, 1, doc=None),
    ],
    ids=["a fact in its place", "no document", "no plan", "facts about nothing"],
)
def test_what_cannot_be_told_from_the_changes_alone_is_not(put: Put) -> None:
    assert followed(PLAN, _feed(Batch(puts=[put]))) is None


def test_what_was_erased_cannot_be_followed() -> None:
    erased = evolve(_feed(Batch(puts=[_put(evolve(APP, title="x"), 1)]))[0], doc=None)
    assert followed(PLAN, [erased]) is None


def test_records_after_changes_are_what_the_changes_made() -> None:
    feed = _feed(Batch(puts=[_put(evolve(APP, title="x"), 1)]), Batch(puts=[_put(FIRST, 1, doc=None)]))
    records, position = replayed_onto({}, feed, Position())
    assert ([*records], position) == ([key_of(APP)], feed[-1].position)
