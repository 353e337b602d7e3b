"""The store that docs/own_store.md builds holds what its page says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from goalkit.storage import Batch, Key, Kind, Position, Put, Store, StoreDamaged, StoreUnavailable

resource = pytest.importorskip("resource", reason="files can be limited on POSIX alone")

PAGE: Final = Path(__file__).parent.parent / "docs" / "own_store.md"


@pytest.fixture(scope="module")
def store_of() -> Any:
    """Return the class that the page builds."""
    page = PAGE.read_text(encoding="utf-8").partition("That is all.")[0]
    names: dict[str, Any] = {"__name__": "own_store"}
    for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        exec(compile(block, str(PAGE), "exec"), names)  # noqa: S102 - it is what readers run
    return names["LineStore"]


def write(store: Store, name: str, doc: str = "{}") -> None:
    store.apply("acme", Batch(puts=[Put(key=Key(Kind.GOAL, name), expect=0, doc=doc)]))


def told(store: Store) -> list[tuple[int, str]]:
    return [(change.seq, change.key.id) for change in store.changes("acme", Position())]


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))


@pytest.mark.parametrize("length", [10, 3_000, 20_000])
def test_what_the_disk_refused_is_never_written(store_of: Any, tmp_path: Path, length: int) -> None:
    path = tmp_path / "plans.jsonl"
    with store_of(path) as store:
        write(store, "g1")
        with files_of_at_most(path.stat().st_size + length // 2), pytest.raises(StoreUnavailable):
            write(store, "g2", f'{{"note":"{"x" * length}"}}')
        write(store, "g3")
        assert told(store) == [(1, "g1"), (2, "g3")]
    with store_of(path) as store:
        assert told(store) == [(1, "g1"), (2, "g3")]


def test_a_line_that_was_cut_off_was_never_told(store_of: Any, tmp_path: Path) -> None:
    path = tmp_path / "plans.jsonl"
    with store_of(path) as store:
        write(store, "g1")
        before = path.read_bytes()
        write(store, "g2")
    for end in range(len(before), path.stat().st_size - 1, 17):
        cut = tmp_path / f"{end}.jsonl"
        cut.write_bytes(path.read_bytes()[:end])
        with store_of(cut) as store:
            write(store, "g3")
            assert told(store) == [(1, "g1"), (2, "g3")]


@pytest.mark.parametrize(
    "damage",
    [
        lambda lines: [*lines[:1], *lines[2:]],
        lambda lines: [*lines[:2], *lines[1:]],
        lambda lines: [*lines[:1], lines[1].replace(b"g2", b"g9"), *lines[2:]],
        lambda lines: [b"{}\n", *lines],
        lambda lines: [b"[]\n", *lines],
        lambda lines: [lines[0].replace(b'"rev": 1', b'"rev": null'), *lines[1:]],
        lambda lines: [b"no line\n", *lines],
    ],
    ids=["missing", "twice", "changed", "empty", "a list", "no revision", "no JSON"],
)
def test_damage_is_told(store_of: Any, tmp_path: Path, damage: Any) -> None:
    path = tmp_path / "plans.jsonl"
    with store_of(path) as store:
        for name in ("g1", "g2", "g3"):
            write(store, name)
    path.write_bytes(b"".join(damage(path.read_bytes().splitlines(keepends=True))))
    with pytest.raises(StoreDamaged):
        store_of(path)
