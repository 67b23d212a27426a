"""Everything that is kept, on SQLite or PostgreSQL, behind `companion.ports.Store`."""

from companion.store.store import SqlStore, open_store

__all__ = ["SqlStore", "open_store"]
