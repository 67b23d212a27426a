"""Starts a private PostgreSQL in a temporary folder; `python -m tests.postgres` says where it is installed."""

import atexit
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
import pytest

# Durability is the business of the server in production: here only speed counts, the folder is thrown away.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "60",
}
USER = "companion"
START_TIMEOUT = 30.0

_numbers = itertools.count(1)


def postgres_url() -> str:
    """The DATABASE_URL of this test run's own server; skips the test where there is none, and fails it in CI."""
    if postgres_folder() is None:
        reason = "PostgreSQL is not installed: `make test` brings it where apt-get is allowed"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return _url(_start(), "postgres")


@contextmanager
def fresh_database() -> Iterator[str]:
    """The DATABASE_URL of an empty database, dropped again afterwards."""
    postgres_url()
    port, name = _start(), f"test_{os.getpid()}_{next(_numbers)}"
    _say(port, f"CREATE DATABASE {name}")
    try:
        yield _url(port, name)
    finally:
        _say(port, f"DROP DATABASE {name} WITH (FORCE)")


@cache
def postgres_folder() -> Path | None:
    """Where initdb and postgres live, newest first among the versions that Debian keeps side by side."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    on_path = shutil.which("pg_ctl")
    folders = [*versions, Path("/usr/local/bin"), *([Path(on_path).resolve().parent] if on_path else [])]
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


class PostgresServer:
    """A server of its own in a temporary folder, thrown away when the tests end. ``settings`` go over those above."""

    def __init__(self, **settings: str) -> None:
        found = postgres_folder()
        assert found is not None
        self._bin_folder = found
        self.home = Path(tempfile.mkdtemp(prefix="companion-postgres-"))
        atexit.register(shutil.rmtree, self.home, ignore_errors=True)
        if os.geteuid() == 0:
            shutil.chown(self.home, *_unprivileged())
        initdb: list[str | Path] = [found / "initdb", "-D", self.home / "data", "-U", USER, "-A", "trust", "-E", "UTF8"]
        subprocess.run(
            [*_as_nobody_special(), *initdb, "--locale=C.UTF-8", "--no-sync"],
            cwd=self.home,
            check=True,
            capture_output=True,
        )
        self.port = _free_port()
        self._settings = {**SETTINGS, **settings}
        self._server: subprocess.Popen[bytes] | None = None
        atexit.register(self.stop)

    @property
    def url(self) -> str:
        """The DATABASE_URL of its first database."""
        return _url(self.port, "postgres")

    def start(self) -> None:
        """Start it, unless it is there, and wait until it answers."""
        if self._server is not None and self._server.poll() is None:
            return
        settings = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        program = [self._bin_folder / "postgres", "-D", self.home / "data", "-p", str(self.port), *settings]
        with (self.home / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [*_as_nobody_special(), *program], cwd=self.home, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        _wait_for(self._server, self.port, self.home / "log")

    def stop(self) -> None:
        """Stop it: whoever is connected is cut."""
        if self._server is None or self._server.poll() is not None:
            return
        self._server.send_signal(signal.SIGINT)
        try:
            self._server.wait(10)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()


@cache
def _start() -> int:
    server = PostgresServer()
    server.start()
    return server.port


def _as_nobody_special() -> list[str]:
    # PostgreSQL refuses to run as root. SIGINT at our death, even by SIGKILL, leaves no server behind.
    if shutil.which("setpriv") is None:
        return []
    command = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() == 0:
        uid, gid = _unprivileged()
        command += [f"--reuid={uid}", f"--regid={gid}", "--clear-groups"]
    return command


def _unprivileged() -> tuple[int, int]:
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    return entry.pw_uid, entry.pw_gid


def _wait_for(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    give_up = time.monotonic() + START_TIMEOUT
    while True:
        try:
            psycopg.connect(_plain_url(port, "postgres"), connect_timeout=5).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}") from None
            time.sleep(0.05)


def _say(port: int, statement: str) -> None:
    with psycopg.connect(_plain_url(port, "postgres"), autocommit=True) as connection:
        connection.execute(statement.encode())


def _url(port: int, database: str) -> str:
    return f"postgresql+psycopg://{USER}@127.0.0.1:{port}/{database}"


def _plain_url(port: int, database: str) -> str:
    return f"postgresql://{USER}@127.0.0.1:{port}/{database}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _version(bin_folder: Path) -> int:
    name = bin_folder.parent.name
    return int(name) if name.isdigit() else 0


if __name__ == "__main__":
    print(postgres_folder() or "")
