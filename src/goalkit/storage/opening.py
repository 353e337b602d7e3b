"""Stores by their address."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from ..errors import InvalidValue, did_you_mean, shown
from .protocol import Store

#: The module and the class of each scheme; nothing else is ever imported because of an address.
_STORES: Final = {
    "memory": ("memory", "MemoryStore"),
    "file": ("json_file", "JsonFileStore"),
    "sqlite": ("sqlite", "SqliteStore"),
}
_HINT: Final = f"give text that begins with {', '.join(f'{name}:' for name in _STORES)}, such as sqlite:plans.db"


def open_store(address: str) -> Store:
    """
    Open a store by its address.

    Args:
        address: ``memory:`` for one that is gone with the process, ``file:plans.json`` for one JSON file,
            ``sqlite:plans.db`` for a SQLite database, the usual choice. What is not there comes about.

    Raises:
        InvalidValue: If it is no such address.
        StorageError: If the store cannot be opened.

    Example:
        >>> with open_store("memory:") as store:
        ...     store
        <MemoryStore>
    """
    # Whatever stands in an address may be a password, so that no message shows more of it than its scheme.
    given: object = address
    if not isinstance(given, str):
        message = f"an address is text, not of the type {type(given).__name__}"
        raise InvalidValue.of("not_text", message, path="address", hint=_HINT)
    scheme, colon, rest = given.partition(":")
    if not colon or scheme not in _STORES:
        is_scheme = colon and re.fullmatch("[A-Za-z][A-Za-z0-9+.-]{0,30}", scheme)
        message = f"{shown(scheme)} is no kind of store" if is_scheme else "the address begins with no kind of store"
        hint = (did_you_mean(scheme, _STORES) if is_scheme else "") or _HINT
        raise InvalidValue.of("unknown_store", message, path="address", hint=hint)
    module, name = _STORES[scheme]
    cls: Callable[..., Any] = getattr(import_module(f".{module}", __package__), name)
    if scheme == "memory":
        if rest:
            message = "a store in memory has no place"
            raise InvalidValue.of("two_answers", message, path="address", hint="write memory:")
        store: Store = cls()
        return store
    if not rest:
        hint = f"write {scheme}: and the path of a file"
        raise InvalidValue.of("missing_field", "the address names no file", path="address", hint=hint)
    opened: Store = cls(rest)
    return opened
