"""Connections to SQLite and PostgreSQL, set up so that a committed tap is on disk and a deleted one is gone."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError

PATIENCE = 5  # seconds: for a lock held by another process, for a connection, for the network
POOL: dict[str, Any] = {"pool_size": 10, "max_overflow": 20, "pool_timeout": 2 * PATIENCE}


def make_engine(url: str) -> Engine:
    """The engine for a DATABASE_URL. Error messages never carry parameters: those are people's words."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address)
    return _postgres(address)


def sqlite_file(engine: Engine) -> Path:
    """The database file of a SQLite engine."""
    return Path(engine.url.database or "").absolute()


def _sqlite(address: URL) -> Engine:
    path = Path(address.database or "").absolute()
    engine = create_engine(address, creator=lambda: _open_file(path), hide_parameters=True, **POOL)

    @event.listens_for(engine, "connect")
    def remember_which_file(connection: sqlite3.Connection, record: Any) -> None:
        record.info["file"] = _identity(path)

    @event.listens_for(engine, "checkout")
    def still_the_same_file(connection: sqlite3.Connection, record: Any, proxy: Any) -> None:
        # SQLite writes happily into a file that was deleted or replaced under it: such a tap would be lost.
        if record.info["file"] != _identity(path):
            raise DisconnectionError("the database file was moved")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes the lock at once: upgrading a read later can fail. Reads are single statements.
        if connection.get_execution_options().get("writing"):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _open_file(path: Path) -> sqlite3.Connection:
    # mode=rw: a missing file is an error, never a fresh and empty database. isolation_level=None: we say BEGIN.
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode=rw", uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False
    )
    _use_wal(connection)
    for pragma in ("synchronous=FULL", "secure_delete=ON", "foreign_keys=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _use_wal(connection: sqlite3.Connection) -> None:
    # Two nodes at their first start: changing the mode fails at once, without patience, while the other one does it.
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                connection.close()
                raise
            time.sleep(0.02)


def _identity(path: Path) -> tuple[int, int]:
    try:
        found = os.stat(path)
    except OSError:
        return (0, 0)
    return (found.st_dev, found.st_ino)


def _postgres(address: URL) -> Engine:
    engine = create_engine(
        address,
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={"connect_timeout": PATIENCE, "tcp_user_timeout": 2000 * PATIENCE, "autocommit": True},
        **POOL,
    )

    @event.listens_for(engine, "connect")
    def insist(connection: Any, record: Any) -> None:
        # A server may be set to answer before a commit is on disk: for us it never does.
        connection.execute("SET synchronous_commit = on")
        connection.execute(f"SET lock_timeout = '{2 * PATIENCE}s'")
        connection.execute(f"SET statement_timeout = '{3 * PATIENCE}s'")
        connection.autocommit = False

    return engine
