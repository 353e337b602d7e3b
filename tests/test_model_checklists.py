"""Progress by what is done of a list."""

import pickle
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import count
from math import isclose
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import Checklist, InvalidValue
from goalkit.model.checklists import ticked
from goalkit.model.progress import Reason
from goalkit.testing import strategies


def problem_of(make: Callable[[], object]) -> str:
    with pytest.raises(InvalidValue) as caught:
        make()
    (problem,) = caught.value.problems
    return str(problem)


# -- progress -------------------------------------------------------------------------------------


def test_what_is_done_may_be_anything_that_can_be_gone_through() -> None:
    checklist = Checklist({"design": 1, "build": 2, "translate": 1})
    assert checklist.progress(name for name in ("design", "build")).value == 0.75


@pytest.mark.parametrize(
    ("done", "progress"),
    [
        ([], 0.0),
        (["design"], 0.25),
        (["build"], 0.5),
        (["design", "build"], 0.75),
        (("build", "design", "build"), 0.75),
        ({"build", "translate"}, 0.75),
        (["design", "build", "translate"], 1.0),
        (["thanks"], 0.0),
        (["design", "build", "translate", "thanks"], 1.0),
    ],
    ids=map(str, count()),
)
def test_progress_is_the_weight_of_what_is_done_over_the_weight_of_all(done: Any, progress: float) -> None:
    checklist = Checklist({"design": 1, "build": 2, "translate": "1.0", "thanks": 0})
    got = checklist.progress(done)
    assert (got.value, got.raw, got.reason) == (progress, progress, None)


@given(st.data())
def test_progress_of_a_list_agrees_with_plain_arithmetic_in_any_order(data: st.DataObject) -> None:
    checklist = data.draw(strategies.checklists())
    done = data.draw(st.lists(st.sampled_from(sorted(checklist.items)), unique=True))
    got = checklist.progress(done).raw
    assert got is not None
    total = sum(map(Fraction, checklist.items.values()))
    assert isclose(got, sum(Fraction(checklist.items[name]) for name in done) / total, rel_tol=1e-14)
    other = data.draw(st.permutations(done))
    mixed = Checklist({name: checklist.items[name] for name in data.draw(st.permutations(sorted(checklist.items)))})
    assert got == checklist.progress(other).raw == mixed.progress(other).raw


@given(st.data())
def test_doing_more_is_never_less_and_all_is_exactly_one(data: st.DataObject) -> None:
    checklist = data.draw(strategies.checklists())
    names = data.draw(st.permutations(sorted(checklist.items)))
    steps = [checklist.progress(names[:done]).raw or 0.0 for done in range(len(names) + 1)]
    assert steps == sorted(steps)
    assert (steps[0], steps[-1]) == (0.0, 1.0)


def test_the_largest_and_smallest_weights_are_weights() -> None:
    checklist = Checklist({"much": "9e30", "little": "1e-30", "as much": "9e30"})
    assert checklist.progress(["little"]).raw == 1e-30 / 1.8e31
    assert checklist.progress(["much"]).raw == 0.5
    assert checklist.progress(["much", "little", "as much"]).raw == 1.0


def test_nothing_said_is_unknown_and_nothing_done_is_nothing() -> None:
    checklist = Checklist(["a"])
    assert checklist.progress(None).reason is Reason.NOT_MEASURED
    assert checklist.progress(None).value is None
    assert checklist.progress([]).value == 0.0
    assert checklist.at_start() == 0.0
    assert (Checklist.kind, Checklist.is_numeric) == ("checklist", False)


# -- the items ------------------------------------------------------------------------------------


def test_items_that_are_names_alone_weigh_the_same() -> None:
    assert Checklist(["a", "b", "a"]) == Checklist({"a": 1, "b": "1.0"}) == Checklist(("a", "b"))
    assert dict(Checklist({"b", "a"}).items) == {"a": 1.0, "b": 1.0}
    assert [*Checklist(["b", "a"]).items] == ["b", "a"]
    assert Checklist(name for name in "ab") == Checklist(["a", "b"])
    assert Checklist({"a": 1}) != Checklist({"a": 2})
    assert pickle.loads(pickle.dumps(Checklist(["a"]))) == Checklist(["a"])  # noqa: S301 - our own bytes


_NOTHING = "items: nothing on the list weighs anything (no_weight); give items, and weights of more than 0"


@pytest.mark.parametrize(
    ("items", "found"),
    [
        ([], _NOTHING),
        ({}, _NOTHING),
        ({"a": 0, "b": 0.0}, _NOTHING),
        ("ab", "items: 'ab' is one text, not a list of words (not_a_list); put it in a list: ['ab']"),
        (7, "items: 7 is not a list of words (not_a_list); give a list of strings"),
        ({"a": -1}, "items['a']: the weight -1 is negative (negative_weight); give 0 to leave the goal out"),
        ({"a": 1, "": 1}, "items['']: the id '' is empty (empty_id); give it at least one character"),
        (["a", ""], "items[1]: the id '' is empty (empty_id); give it at least one character"),
    ],
    ids=map(str, count()),
)
def test_what_is_no_list_of_items_is_refused(items: Any, found: str) -> None:
    assert problem_of(lambda: Checklist(items)) == found


def test_every_wrong_item_is_named_at_once() -> None:
    wrong: Any = {"a": -1, " b": 1, "c": True, 4: 1, "d": 1}
    with pytest.raises(InvalidValue) as caught:
        Checklist(wrong)
    assert [(each.path, each.code) for each in caught.value.problems] == [
        ("items['a']", "negative_weight"),
        ("items[' b']", "bad_id"),
        ("items['c']", "boolean_value"),
        ("items[4]", "not_text"),
    ]


# -- what is said of it ---------------------------------------------------------------------------


@pytest.mark.parametrize("value", [True, False, 0, 1, 0.5, Decimal(1), float("nan"), np.float64(1.5)])
def test_a_number_does_not_say_what_is_done(value: Any) -> None:
    found = problem_of(lambda: Checklist({"design": 1, "build": 2}).progress(value))
    assert found.endswith("does not say which items are done (value_beside_items); name what is done of design, build")


def test_a_value_is_never_read() -> None:
    assert problem_of(lambda: Checklist(["a"]).read("5")) == (
        "'5' does not say which items are done (value_beside_items); name what is done of a"
    )


@pytest.mark.parametrize(
    ("done", "found"),
    [
        (["desing"], "the checklist has no item 'desing' (unknown_item); did you mean 'design'?"),
        (["build", "zzz", "yyy"], "the checklist has no item 'zzz' (unknown_item); there is design, build"),
        ("design", "'design' is one text, not a list of words (not_a_list); put it in a list: ['design']"),
        ({"design": True}, "{'design': True} is not a list of words (not_a_list); give a list of strings"),
        (1j, "1j is not a list of words (not_a_list); give a list of strings"),
        (
            ["design", 1],
            "[1]: 1 is not text (not_text); an id is text; write str(…) to make it so",
        ),
    ],
    ids=map(str, count()),
)
def test_what_names_no_items_is_refused(done: Any, found: str) -> None:
    assert problem_of(lambda: Checklist(["design", "build"]).progress(done)) == found


def test_names_that_are_ticked_come_once_and_in_their_order() -> None:
    assert ticked(["b", "a", "b"], iter(["a", "b", "c"]), "it") == ("b", "a")
    assert ticked([], [], "it") == ()
    assert problem_of(lambda: ticked(["a"], [], "'i'")) == (
        "'i' has no item 'a' (unknown_item); there is nothing to do"
    )


@pytest.mark.parametrize(("items", "words"), [(["a"], "of 1 item"), (["a", "b"], "of 2 items")])
def test_a_list_says_how_long_it_is(items: list[str], words: str) -> None:
    assert Checklist(items).describe() == words
