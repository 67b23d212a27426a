"""An application over a small world, and a browser that checks every page it opens."""

from __future__ import annotations

import pytest
from jinja2 import BytecodeCache

from companion.app import create_app
from tests.fakes.world import a_world
from tests.web.pages import Page, read


@pytest.fixture
def world():
    return a_world()


@pytest.fixture
def app(world):
    return make_app(world)


@pytest.fixture
def browser(app):
    return Browser(app)


class Compiled(BytecodeCache):
    """Templates are compiled once for all tests."""

    def __init__(self):
        self.kept = {}

    def load_bytecode(self, bucket):
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket):
        self.kept[bucket.key] = bucket.bytecode_to_string()


APPS = []
COMPILED = Compiled()


@pytest.fixture(autouse=True)
def close_apps():
    """The courier between threads and loop holds two sockets."""
    yield
    while APPS:
        courier = APPS.pop().extensions["companion_courier"]
        courier._bell.close()
        courier._ear.close()


def make_app(world):
    """An application of its own over this world; closed after the test."""
    APPS.append(create_app(world.deps))
    APPS[-1].jinja_env.bytecode_cache = COMPILED
    return APPS[-1]


class Browser:
    """One browser with its cookies; every page is checked as it is opened."""

    def __init__(self, app, address="192.0.2.1"):
        self.app = app
        self.client = app.test_client()
        self.address = address
        self.at = ""
        self.page: Page | None = None

    def open(self, path, **more):
        return self._follow(path, self._send("GET", path, **more))

    def send(self, path=None, **fields):
        """Send a form of the page that is open, with its token."""
        fields = {"csrf_token": self.page.csrf, **fields}
        path = path or self.at
        return self._follow(path, self._send("POST", path, data=fields), fields)

    def _send(self, method, path, **more):
        return self.client.open(path, method=method, environ_overrides={"REMOTE_ADDR": self.address}, **more)

    def _follow(self, path, response, fields=None):
        self.way = [(path, response.status_code)]
        while response.status_code in (303, 307):
            path = response.headers["Location"]
            assert path.startswith("/"), path
            response = self._send("GET", path) if response.status_code == 303 else self._send("POST", path, data=fields)
            self.way.append((path, response.status_code))
        self.at = path
        self.page = read(response)
        return self.page

    def cookies(self):
        return {cookie.key: cookie.value for cookie in self.client._cookies.values()}
