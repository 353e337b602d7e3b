"""Stores by their address."""

from typing import Any

import pytest

from goalkit import InvalidValue
from goalkit.storage import open_store


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("", "unknown_store"),
        (":", "unknown_store"),
        ("memory", "unknown_store"),
        ("plans.db", "unknown_store"),
        ("MEMORY:", "unknown_store"),
        (" memory:", "unknown_store"),
        ("mysql://ida:hunter2@host/db", "unknown_store"),
        ("hunter2", "unknown_store"),
        ("//ida:hunter2@host", "unknown_store"),
        ("hunter2@host:5432", "unknown_store"),
        ("\n:", "unknown_store"),
        ("x" * 100_000 + ":", "unknown_store"),
        ("memory:hunter2", "two_answers"),
        ("file:", "missing_field"),
        ("sqlite:", "missing_field"),
        (None, "not_text"),
        (5, "not_text"),
        (b"sqlite://ida:hunter2@host", "not_text"),
        (["sqlite:hunter2"], "not_text"),
    ],
    ids=range(19),
)
def test_what_is_no_address_is_refused_and_never_shown(address: Any, code: str) -> None:
    with pytest.raises(InvalidValue, match=code) as caught:
        open_store(address)
    assert caught.value.problems[0].path == "address"
    assert "hunter2" not in str(caught.value)
    assert "ida" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_a_scheme_that_is_nearly_right_is_guessed() -> None:
    with pytest.raises(InvalidValue, match="did you mean 'sqlite'"):
        open_store("sqlit:plans.db")


def test_a_store_in_memory_is_a_new_one_every_time() -> None:
    with open_store("memory:") as one, open_store("memory:") as other:
        assert one is not other
        assert repr(one) == "<MemoryStore>"


@pytest.mark.parametrize("scheme", ["file", "sqlite"])
def test_what_is_not_there_comes_about_and_is_there_when_it_is_opened_again(scheme: str, tmp_path: Any) -> None:
    from goalkit import Objective, Plan

    address = f"{scheme}:{tmp_path / 'plans'}"
    with open_store(address) as store:
        store.workspace("acme").save(Plan.of(Objective(id="app", title="App")))
    with open_store(address) as store:
        assert list(store.workspace("acme").snapshot().plan) == ["app"]
