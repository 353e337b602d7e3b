"""Where plans are kept: stores, workspaces, and what can go wrong between them."""

from .batches import Batch, Guard, Put, Quiet
from .errors import (
    Clash,
    CommitUnknown,
    Conflict,
    Erased,
    FeedReset,
    InvalidDocument,
    KeyReused,
    StorageError,
    StoreBusy,
    StoreClosed,
    StoreDamaged,
    StoreTooNew,
    StoreUnavailable,
)
from .opening import open_store
from .protocol import Maintained, Store
from .records import Answered, Change, Commit, Head, Key, Kind, Page, Position, Query, Record
from .snapshots import Snapshot
from .workspaces import Workspace

__all__ = [
    "Answered",
    "Batch",
    "Change",
    "Clash",
    "Commit",
    "CommitUnknown",
    "Conflict",
    "Erased",
    "FeedReset",
    "Guard",
    "Head",
    "InvalidDocument",
    "Key",
    "KeyReused",
    "Kind",
    "Maintained",
    "Page",
    "Position",
    "Put",
    "Query",
    "Quiet",
    "Record",
    "Snapshot",
    "StorageError",
    "Store",
    "StoreBusy",
    "StoreClosed",
    "StoreDamaged",
    "StoreTooNew",
    "StoreUnavailable",
    "Workspace",
    "open_store",
]
