"""The stores under test: memory, SQLite and PostgreSQL, each empty; and pairs of nodes on one database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from companion.ports import Store
from companion.settings import Settings
from companion.store import SqlStore, open_store
from tests.fakes.memory_store import MemoryStore
from tests.postgres import fresh_database

DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=["memory", *DATABASES])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
        return
    with ExitStack() as stack:
        yield open_in(stack, settings_in(stack, request.param, tmp_path))


@pytest.fixture(params=DATABASES)
def two_nodes(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[SqlStore, SqlStore]]:
    with ExitStack() as stack:
        settings = settings_in(stack, request.param, tmp_path)
        yield open_in(stack, settings), open_in(stack, settings)


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[SqlStore]:
    with ExitStack() as stack:
        yield open_in(stack, settings_in(stack, "sqlite", tmp_path))


@pytest.fixture
def postgres_store(tmp_path: Path) -> Iterator[SqlStore]:
    with ExitStack() as stack:
        yield open_in(stack, settings_in(stack, "postgres", tmp_path))


@pytest.fixture(params=DATABASES)
def on_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    with ExitStack() as stack:
        yield open_in(stack, settings_in(stack, request.param, tmp_path))


@pytest.fixture(params=DATABASES)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    with ExitStack() as stack:
        yield settings_in(stack, request.param, tmp_path)


def settings_in(stack: ExitStack, kind: str, folder: Path) -> Settings:
    url = stack.enter_context(fresh_database()) if kind == "postgres" else ""
    return Settings(data=folder / "data", database_url=url)


def open_in(stack: ExitStack, settings: Settings) -> SqlStore:
    store = open_store(settings)
    stack.callback(store.dispose)
    return store
