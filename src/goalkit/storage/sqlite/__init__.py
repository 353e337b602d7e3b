"""The SQLite store, the usual choice: one file, safe for several threads and processes of one machine."""

from .modes import Durability, Info, Journal
from .store import SqliteStore

__all__ = ["Durability", "Info", "Journal", "SqliteStore"]
