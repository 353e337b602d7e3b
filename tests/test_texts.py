"""The boundary of texts: ids, free text, titles and lists of words."""

from collections.abc import Callable
from enum import Enum, StrEnum
from itertools import count
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit.errors import InvalidValue
from goalkit.texts import LONGEST_ID, identifier, text, title, words


class Level(StrEnum):
    TEAM = "team"


class Mixed(str, Enum):  # noqa: UP042 - the older kind, whose str() is not its value
    TEAM = "team"


class Loud(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "LOUD"


GIVEN = [Level.TEAM, Mixed.TEAM, Loud("team"), np.str_("team"), "team"]


def problem_of(convert: Callable[[object], object], value: object) -> tuple[str, str, str]:
    with pytest.raises(InvalidValue) as caught:
        convert(value)
    (problem,) = caught.value.problems
    str(problem).encode()
    return problem.code, problem.path, problem.hint


@pytest.mark.parametrize("convert", [identifier, text, title])
@pytest.mark.parametrize("value", GIVEN, ids=map(str, count()))
def test_any_kind_of_string_becomes_a_plain_one(convert: Callable[[object], str], value: str) -> None:
    got = convert(value)
    assert type(got) is str
    assert got == "team"


@pytest.mark.parametrize("convert", [identifier, text, title])
@pytest.mark.parametrize(
    "value",
    [None, 7, True, b"id", 1.5, UUID(int=7), ["id"], np.int64(7), 10**5000],
    ids=map(str, count()),
)
def test_what_is_not_a_string_is_refused_with_a_way_out(convert: Callable[[object], str], value: object) -> None:
    code, _, hint = problem_of(convert, value)
    assert code == "not_text"
    assert "str(" in hint


@pytest.mark.parametrize("value", ["", " ", "\t\n", "\u2003"])
def test_an_empty_id_is_refused(value: str) -> None:
    assert problem_of(identifier, value)[0] == "empty_id"


@pytest.mark.parametrize(
    "value",
    [
        " app",
        "app ",
        "app\n",
        "\u00a0app",
        "a\x00b",
        "a\nb",
        "a\x7fb",
        "a\x85b",
        "a\u2028b",
        "\ud800",
        "x" * (LONGEST_ID + 1),
    ],
)
def test_an_id_that_would_not_survive_is_refused(value: str) -> None:
    assert problem_of(identifier, value)[0] == "bad_id"


@pytest.mark.parametrize("value", ["x" * LONGEST_ID, "två ord", "目标", "a/b?c=1", "👩‍👧", "0", "-"])
def test_an_id_may_be_any_visible_text_on_one_line(value: str) -> None:
    assert identifier(value) == value


@pytest.mark.parametrize("value", ["a\x00", "\udfff", "ok \ud83d"])
def test_text_that_no_store_can_hold_is_refused(value: str) -> None:
    assert problem_of(text, value)[0] == "bad_text"
    assert problem_of(title, value)[0] == "bad_text"


@pytest.mark.parametrize("value", ["", "two\nlines", " padded ", "\t"])
def test_free_text_is_kept_as_it_is(value: str) -> None:
    assert text(value) == value


@pytest.mark.parametrize("value", ["", " \n"])
def test_a_title_must_show_something(value: str) -> None:
    assert problem_of(title, value)[0] == "no_title"


def test_words_are_kept_once_and_in_order() -> None:
    assert words(["b", "a", "b"]) == ("b", "a")
    assert words(word for word in ("b", "a")) == ("b", "a")
    assert words({"b": 1}.keys()) == ("b",)
    assert words(()) == ()


def test_the_words_of_a_set_have_the_same_order_in_every_run() -> None:
    labels = {"delta", "alpha", "charlie", "bravo"}
    assert words(labels) == words(frozenset(labels)) == ("alpha", "bravo", "charlie", "delta")


def test_one_string_is_not_a_list_of_its_letters() -> None:
    code, _, hint = problem_of(words, "mobile")
    assert (code, hint) == ("not_a_list", "put it in a list: ['mobile']")


@pytest.mark.parametrize("value", [None, 7, b"ab", bytearray(b"ab"), memoryview(b"ab"), {"a": 1}])
def test_what_is_not_a_list_of_words_is_refused(value: object) -> None:
    assert problem_of(words, value)[0] == "not_a_list"


def test_every_bad_word_is_reported_with_its_place() -> None:
    with pytest.raises(InvalidValue) as caught:
        words(["ok", 7, "", " x"])
    found = [(problem.code, problem.path) for problem in caught.value.problems]
    assert found == [("not_text", "[1]"), ("empty_id", "[2]"), ("bad_id", "[3]")]


@given(st.text())
def test_an_accepted_id_is_returned_unchanged_and_can_be_stored(value: str) -> None:
    try:
        got = identifier(value)
    except InvalidValue:
        return
    assert got == value == text(value) == title(value)
    assert identifier(got) == got
    assert len(got.splitlines()) == 1
    got.encode()


@given(st.lists(st.sampled_from("abcde")))
def test_words_of_words_are_the_same_words(value: list[str]) -> None:
    got = words(value)
    assert words(got) == got
    assert set(got) == set(value)
    assert len(set(got)) == len(got)
