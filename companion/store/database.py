"""The one door to the database: reads, writes one after the other, and its troubles told as StoreDown."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from companion.ports import StoreDown
from companion.store.engine import PATIENCE, sqlite_file
from companion.store.fair_lock import FairLock

_locks: dict[Path, FairLock] = {}
_locks_door = Lock()


class Database:
    """Reads and writes of one database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._writer = engine.execution_options(writing=True)
        self._reader = engine if self.is_sqlite else engine.execution_options(isolation_level="AUTOCOMMIT")
        self._lock = _lock_of(sqlite_file(engine)) if self.is_sqlite else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """For statements that only read. Raises StoreDown."""
        with troubles_as_store_down(), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, on disk when it ends without an error, else without a trace. Raises StoreDown."""
        with troubles_as_store_down(), self._my_turn(), self._writer.begin() as connection:
            yield connection

    def scrub(self, *tables: str) -> None:
        """Leave no deleted byte in the files, as far as the database lets us. Raises StoreDown.

        PostgreSQL keeps old rows until a VACUUM, and its own log and backups for as long as its operator says: what
        stands there stays sealed.
        """
        with troubles_as_store_down():
            if self.is_sqlite:
                self._rewrite_file()
                self._empty_log()
            else:
                with self._reader.connect() as connection:
                    connection.execute(text(f"VACUUM {', '.join(tables)}"))

    def _rewrite_file(self) -> None:
        # secure_delete zeroes what is deleted, but not the copies left over in a page when its rows were moved about.
        with self._my_turn(), self.engine.connect() as connection:
            connection.exec_driver_sql("VACUUM")

    def _empty_log(self) -> None:
        give_up = time.monotonic() + 2 * PATIENCE
        while not self._try_to_empty_log():
            if time.monotonic() > give_up:
                raise StoreDown("the log of the database cannot be emptied while somebody reads it")
            time.sleep(0.05)  # without the lock: taps go on meanwhile

    def _try_to_empty_log(self) -> bool:
        with self._my_turn(), self.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=100")
            try:
                busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={PATIENCE * 1000}")
        return not busy

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        # SQLite has one writer: our threads queue here, in order, instead of racing for its lock.
        if self._lock is None:
            yield
            return
        if not self._lock.acquire(2 * PATIENCE):
            raise StoreDown("too many are waiting to write")
        try:
            yield
        finally:
            self._lock.release()


@contextmanager
def troubles_as_store_down() -> Iterator[None]:
    """Tell an unreachable, full, locked or broken database as StoreDown; our own mistakes stay what they are."""
    try:
        yield
    except (OperationalError, InterfaceError, InternalError, NoConnectionFree) as error:
        raise StoreDown(_short(error)) from error
    except DatabaseError as error:
        if type(error) is DatabaseError:  # "file is not a database", "disk image is malformed"
            raise StoreDown(_short(error)) from error
        raise


def _short(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return f"{type(cause).__name__}: {cause}"


def _lock_of(path: Path) -> FairLock:
    with _locks_door:
        return _locks.setdefault(path.resolve(), FairLock())
