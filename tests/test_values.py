"""What every value type shares: errors that name their field, choices, read-only mappings, ids from content."""

import copy
import json
import pickle
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from attrs import field, frozen
from hypothesis import given
from hypothesis import strategies as st

from goalkit import CheckIn, InvalidValue, KeyResult, Outcome, Revision, Stage, Status
from goalkit.errors import Problem
from goalkit.quantities import number
from goalkit.texts import identifier, words
from goalkit.values import (
    EMPTY,
    FrozenDict,
    checked,
    choice,
    content_id,
    extra,
    field_problems,
    flag,
    instance,
    thaw,
)

plain_data = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text("aé \n"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=3), inner, max_size=3),
    max_leaves=8,
)


@checked
@frozen
class Pair:
    low: Decimal = field(converter=number)
    high: Decimal = field(converter=number, kw_only=True)
    note: str = field(default="")
    words: tuple[str, ...] = field(default=(), converter=words)

    def __attrs_post_init__(self) -> None:
        if self.low > self.high:
            raise InvalidValue.of("upside_down", "the low one is higher", path="high", hint="swap them")


def problems_of(make: Callable[[], object]) -> tuple[Problem, ...]:
    with pytest.raises(InvalidValue) as caught:
        make()
    assert all(problem.hint for problem in caught.value.problems)
    return caught.value.problems


def test_every_refused_field_is_named_however_it_was_given() -> None:
    found = problems_of(lambda: Pair("x", high="y", words=[1]))
    assert [problem.path for problem in found] == ["low", "high", "words[0]"]


def test_what_only_the_whole_value_shows_keeps_its_own_place() -> None:
    assert [(problem.code, problem.path) for problem in problems_of(lambda: Pair(2, high=1))] == [
        ("upside_down", "high")
    ]


def test_what_is_no_argument_is_still_a_type_error() -> None:
    with pytest.raises(TypeError):
        Pair(1, high=2, middle=3)  # type: ignore[call-arg]  # on purpose
    with pytest.raises(TypeError):
        Pair(1)  # type: ignore[call-arg]  # on purpose


def test_a_field_that_was_given_as_a_generator_is_named_too() -> None:
    def numbered() -> Iterator[Any]:
        yield 1

    assert [problem.path for problem in problems_of(lambda: Pair(1, high=2, words=numbered()))] == ["words[0]"]
    assert Pair(1, high=2, words=(word for word in "ab")).words == ("a", "b")


def test_the_cause_of_a_refused_field_is_not_shown_twice() -> None:
    with pytest.raises(InvalidValue) as caught:
        Pair("x", high=1)
    assert caught.value.__suppress_context__


def test_only_given_fields_are_looked_at() -> None:
    assert field_problems(Pair, {}) == []
    assert field_problems(Pair, {"low": 1, "note": 7}) == []
    assert [problem.path for problem in field_problems(Pair, {"low": "x", "high": True})] == ["low", "high"]


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


def test_a_choice_is_a_member_or_its_text() -> None:
    assert choice(Colour, "red") is choice(Colour, Colour.RED) is Colour.RED


@pytest.mark.parametrize("value", ["Red", "rde", "", None, 1, True, ["red"]])
def test_anything_else_is_refused_and_the_choices_are_named(value: Any) -> None:
    (found,) = problems_of(lambda: choice(Colour, value))
    assert found.code == "unknown_choice"
    assert "red, green" in found.hint


def test_a_near_miss_is_pointed_at() -> None:
    (found,) = problems_of(lambda: choice(Colour, "gren"))
    assert "did you mean 'green'?" in found.hint


@pytest.mark.parametrize("value", [True, False])
def test_true_and_false_are_flags(value: bool) -> None:
    assert flag(value) is value


@pytest.mark.parametrize("value", [0, 1, "true", None, []])
def test_what_merely_looks_true_is_no_flag(value: Any) -> None:
    assert problems_of(lambda: flag(value))[0].code == "not_true_or_false"


def test_an_instance_is_checked_and_its_class_is_named_in_words() -> None:
    assert instance(int, 7, "give one") == 7
    (found,) = problems_of(lambda: instance(KeyResult, 7, "give one"))
    assert (found.code, found.message) == ("wrong_kind", "7 is not a key result")


def test_a_frozen_mapping_reads_like_a_dict_and_cannot_be_changed() -> None:
    source = {"a": 1, "b": 2}
    frozen_dict = FrozenDict(source)
    source["a"] = 9
    assert frozen_dict == {"a": 1, "b": 2}
    assert list(frozen_dict) == ["a", "b"]
    assert len(frozen_dict) == 2
    assert repr(frozen_dict) == "FrozenDict({'a': 1, 'b': 2})"
    assert FrozenDict() == FrozenDict(None) == EMPTY
    with pytest.raises(TypeError):
        frozen_dict["a"] = 2  # type: ignore[index]  # on purpose
    with pytest.raises(KeyError):
        frozen_dict["c"]


@given(plain_data)
def test_what_is_kept_for_a_host_comes_back_as_it_was(data: Any) -> None:
    kept = extra({"data": data})
    assert thaw(kept) == {"data": data}
    assert json.loads(json.dumps(thaw(kept))) == thaw(kept)
    for other in (extra({"data": data}), pickle.loads(pickle.dumps(kept)), copy.deepcopy(kept), copy.copy(kept)):  # noqa: S301 - our own bytes
        assert other == kept
        assert hash(other) == hash(kept)


def test_what_is_kept_shares_nothing_with_what_was_given() -> None:
    inner = [1]
    kept = extra({"a": inner, "b": {"c": inner}})
    inner.append(2)
    assert kept == {"a": (1,), "b": {"c": (1,)}}
    thaw(kept)["a"].append(2)
    assert kept["a"] == (1,)


def test_nothing_to_keep_is_one_shared_mapping() -> None:
    assert extra(None) is extra(FrozenDict()) is EMPTY
    assert extra({}) == EMPTY


def test_decimals_days_and_moments_are_kept_as_text() -> None:
    kept = extra({"a": Decimal("1.50"), "b": date(2026, 7, 1), "c": datetime(2026, 7, 1, 8)})  # noqa: DTZ001 - a host's own
    assert dict(kept) == {"a": "1.50", "b": "2026-07-01", "c": "2026-07-01 08:00:00"}


def test_texts_of_any_kind_are_kept_as_plain_ones() -> None:
    kept = extra({Colour.RED: Colour.GREEN})
    assert [(type(key), type(value)) for key, value in kept.items()] == [(str, str)]


def _nested(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "code", "path"),
    [
        ([("a", 1)], "not_a_mapping", ""),
        ("text", "not_a_mapping", ""),
        ({1: "a"}, "not_text", ""),
        ({"a": {1: "a"}}, "not_text", "['a']"),
        ({"a": [object()]}, "not_plain_data", "['a'][0]"),
        ({"a": {1, 2}}, "not_plain_data", "['a']"),
        ({"a": b"x"}, "not_plain_data", "['a']"),
        ({"a": float("nan")}, "not_plain_data", "['a']"),
        ({"a": float("inf")}, "not_plain_data", "['a']"),
        ({"a": 10**5000}, "not_plain_data", "['a']"),
        ({"a": "\ud800"}, "bad_text", "['a']"),
        ({"a": "\0"}, "bad_text", "['a']"),
        ({"\ud800": 1}, "bad_text", ""),
        ({"a": _nested(60)}, "too_deep", "['a']" + "[0]" * 50),
    ],
)
def test_what_json_cannot_hold_is_refused_with_its_place(value: Any, code: str, path: str) -> None:
    (found,) = problems_of(lambda: extra(value))
    assert (found.code, found.path) == (code, path)


def test_a_list_that_holds_itself_is_refused() -> None:
    loop: list[Any] = []
    loop.append(loop)
    assert problems_of(lambda: extra({"a": loop}))[0].code == "too_deep"


def test_equal_facts_have_equal_ids_however_they_were_written() -> None:
    one = CheckIn(goal="k", on="2026-08-10", value="56.0", extra={"a": 1, "b": [2]})
    other = CheckIn(goal="k", on=date(2026, 8, 10), value=56, extra={"b": (2,), "a": 1})
    assert one.id == other.id
    assert one == other
    assert len(one.id) == 20


def test_every_field_makes_a_difference_to_the_id() -> None:
    base: dict[str, Any] = {"goal": "k", "on": "2026-08-10"}
    changes: list[dict[str, Any]] = [
        {},
        {"goal": "l"},
        {"on": "2026-08-11"},
        {"by": "ida"},
        {"value": 0},
        {"value": 1},
        {"value": True},
        {"value": False},
        {"done": []},
        {"done": ["a"]},
        {"status": "on_track"},
        {"confidence": 0},
        {"note": "a"},
        {"next_steps": "a"},
        {"supersedes": "a"},
        {"extra": {"a": 1}},
        {"extra": {"a": "1"}},
        {"extra": {"a": None}},
        {"extra": {"a": [1, 2]}},
        {"extra": {"a": [12]}},
    ]
    assert len({CheckIn(**{**base, **change}).id for change in changes}) == len(changes)


def test_what_looks_like_a_field_in_a_text_is_no_field() -> None:
    assert (
        CheckIn(goal="k", on="2026-08-10", note="a,value=1").id
        != CheckIn(goal="k", on="2026-08-10", note="a", value=1).id
    )


def test_the_ids_of_what_was_recorded_long_ago_stay() -> None:
    """Ids are stored, so what they follow from may never change."""
    assert CheckIn(goal="nps", on="2026-08-10", value="56.0", confidence=0.7, by="ida").id == "099789ba067d972e186a"
    revised = Revision(goal="nps", on="2026-09-01", changes={"weight": 2, "parent": ["app"], "labels": ["a"]})
    assert revised.id == "723cc70d814ac1347940"


def test_an_id_looks_at_values_within_values() -> None:
    ids = {
        content_id("x", Revision(goal="k", on="2026-09-01", changes=changes))
        for changes in (
            {"parent": "a"},
            {"parent": ["b"]},
            {"metric": None},
            {"ambition": "committed"},
            {"first_day": "2026-09-01"},
            {"title": "2026-09-01"},
        )
    }
    assert len(ids) == 6


def test_a_word_of_another_list_is_taken_by_its_text() -> None:
    assert choice(Outcome, Status.ACHIEVED) is Outcome.ACHIEVED
    assert problems_of(lambda: choice(Stage, Status.ACHIEVED))[0].code == "unknown_choice"


def test_a_converter_that_finds_several_problems_keeps_them_all() -> None:
    found = field_problems(Pair, {"words": ["", " a", "b"]})
    assert [problem.path for problem in found] == ["words[0]", "words[1]"]
    assert identifier("b") == "b"


def test_a_list_that_holds_itself_in_disguise_is_not_kept() -> None:
    """Twenty lists, each holding the one before twice, are a million values on paper."""
    value: list[object] = []
    for _ in range(20):
        value = [value, value]
    with pytest.raises(InvalidValue, match="too_much"):
        extra({"nested": value})
