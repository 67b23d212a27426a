"""Two real nodes on one PostgreSQL and one Redis, behind the nginx of deploy/."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from companion.core.model import SessionState
from companion.core.views import panel_for
from companion.service.deps import Deps
from companion.settings import from_environment
from companion.wiring import make_deps
from tests.cluster.machines import Nginx, Redis
from tests.cluster.page import Page
from tests.live.evening import Served, Way, free_port, prepare, session_of
from tests.live.watched import eventually
from tests.postgres import PostgresServer, postgres_url

SECRET = "a secret key of a test, long enough to be one"
CONVERGE_SECONDS = 20.0


@dataclass
class Evening:
    """One session spread over the nodes."""

    cluster: Cluster
    ways: dict[str, Way]
    pages: dict[str, Page] = field(default_factory=dict)

    def open(self, alias: str, node: int | None = None) -> Page:
        """Open somebody's page, at one node or by nginx."""
        self.pages[alias] = self.cluster.page(self.ways[alias], node)
        return self.pages[alias]

    def close(self) -> None:
        """Close every page."""
        for page in self.pages.values():
            page.close()

    def state(self) -> SessionState:
        """What is kept of the session now."""
        saved = self.cluster.deps.store.load(session_of(self.cluster.deps, next(iter(self.ways.values()))))
        assert saved is not None
        return saved.state

    def until_converged(self, seconds: float = CONVERGE_SECONDS) -> None:
        """Wait until every page shows what is kept, and nothing else."""
        eventually(lambda: not self.behind(), "the same on every page", seconds)

    def behind(self) -> list[str]:
        """Whose page shows something else than what is kept."""
        state = self.state()
        return [alias for alias, page in self.pages.items() if not _shows(page, state)]


class Cluster:
    """Two nodes and what they lean on."""

    def __init__(self, folder: Path) -> None:
        postgres_url()  # skips where there is none
        self.postgres = PostgresServer(max_connections="100")
        self.redis = Redis(folder)
        ports = (free_port(), free_port())
        (folder / "nginx").mkdir()
        self.nginx = Nginx(folder / "nginx", free_port(), ports)
        self.address = self.nginx.address
        self.nodes = tuple(self._node(folder / name, port) for name, port in zip("ab", ports, strict=True))
        self._folder = folder
        self._deps: Deps | None = None

    @property
    def deps(self) -> Deps:
        """For preparing, and for looking at what is kept."""
        assert self._deps is not None
        return self._deps

    def start(self) -> None:
        """Start everything."""
        os.environ["WEBSOCKET_CLIENT_CA_BUNDLE"] = os.environ["REQUESTS_CA_BUNDLE"] = str(self.nginx.certificate)
        self.postgres.start()
        self.redis.start()
        self._deps = make_deps(from_environment({**self._settings("test"), "COMPANION_DATA": str(self._folder)}))
        with ThreadPoolExecutor(len(self.nodes)) as at_once:
            list(at_once.map(_start, self.nodes))
        self.nginx.start()

    def stop(self) -> None:
        """Stop everything."""
        for node in self.nodes:
            node.stop()
        self.nginx.stop()
        self.redis.stop()
        if self._deps is not None:
            self._deps.store.dispose()  # type: ignore[attr-defined]
        self.postgres.stop()
        for name in ("WEBSOCKET_CLIENT_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
            os.environ.pop(name, None)

    def mend(self) -> None:
        """Start whatever a test has left dead."""
        self.postgres.start()
        self.redis.start()
        with ThreadPoolExecutor(len(self.nodes)) as at_once:
            list(at_once.map(_start, self.nodes))

    def evening(self) -> Evening:
        """A session of seven people, with nobody's page open."""
        return Evening(self, prepare(self.deps))

    def page(self, way: Way, node: int | None = None) -> Page:
        """A page at one node, or by nginx."""
        page = Page(way, self.address if node is None else self.nodes[node].address, self.address)
        eventually(lambda: page.number >= 0, "the first panel")
        return page

    def _node(self, data: Path, port: int) -> Served:
        data.mkdir()
        return Served(data, port, settings=self._settings(data.name))

    def _settings(self, name: str) -> dict[str, str]:
        return {
            "DATABASE_URL": self.postgres.url,
            "COMPANION_REDIS": self.redis.url,
            "COMPANION_SECRET_KEY": SECRET,
            "COMPANION_BASE_URL": self.address,
            "COMPANION_TRUSTED_PROXIES": "1",
            "COMPANION_NODE": f"node-{name}",
        }


def _shows(page: Page, state: SessionState) -> bool:
    seat = state.seat(page.way.seat_id)
    return page.number == seat.number and page.views == _as_json(panel_for(state, seat.id))


def _as_json(panel: Any) -> Any:
    return json.loads(json.dumps(msgspec.to_builtins(panel)))


def _start(node: Served) -> None:
    if not node.running:
        node.start()
