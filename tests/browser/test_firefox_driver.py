"""The driver of Firefox does what it says: real clicks and keys, the history, requests, and nothing asked of others."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.browser.firefox import Firefox, firefox_at_hand

pytestmark = pytest.mark.browser
LATE = 0.4  # seconds before the last words of /late
SETTLE = 3.0  # seconds in which a Firefox that asks others for things has begun to

PAGE = """<!doctype html><html lang="en"><title>Page</title><link rel="icon" href="data:,"><h1>%s</h1>
<a href="/second">on</a> <button>press</button> <input>
<script>
  window.seen = [];
  for (const kind of ["keydown", "click"]) {
    document.addEventListener(kind, (one) => window.seen.push([one.key || one.target.localName, one.isTrusted]));
  }
</script>"""


class Answer(BaseHTTPRequestHandler):
    """One page for every path, with the path and the cookies as its heading."""

    def do_GET(self) -> None:
        body = (PAGE % f"{self.path} {self.headers.get('Cookie', '')}").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)
        if self.path == "/late":
            time.sleep(LATE)
        self.wfile.write(b"<p>end</p>")

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def others() -> Iterator[socket.socket]:
    """Stands for all the rest of the world."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(SETTLE)
        yield listening


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory, others: socket.socket) -> Iterator[Firefox]:
    port = others.getsockname()[1]
    prefs = {"network.proxy.http_port": port, "network.proxy.ssl_port": port}
    with Firefox(tmp_path_factory.mktemp("profile"), prefs) as opened:
        yield opened


def test_from_its_start_it_asks_nothing_of_other_sites(firefox: Firefox, others: socket.socket, address: str) -> None:
    firefox.tab.goto(f"{address}/first")

    with pytest.raises(TimeoutError):
        others.accept()

    firefox.tab.evaluate("void fetch('http://elsewhere.example/').catch(() => 0)")
    others.accept()[0].close()  # or nothing above could have been heard


def test_a_click_and_a_touch_are_real(firefox: Firefox, address: str) -> None:
    tab = firefox.tab
    tab.goto(f"{address}/first")

    tab.click("button")
    tab.click("input", pointer="touch")

    assert tab.evaluate("window.seen") == [["button", True], ["input", True]]


def test_keys_are_typed_by_name_together_and_as_letters(firefox: Firefox, address: str) -> None:
    tab = firefox.tab
    tab.goto(f"{address}/first")

    tab.click("input")
    tab.keys("Shift", "Shift", "1+2", "Shift+Tab")

    keys = ["Shift", "Shift", "1", "+", "2", "Shift", "Tab"]
    assert tab.evaluate("window.seen.slice(1)") == [[key, True] for key in keys]
    assert tab.evaluate("[document.querySelector('input').value, document.activeElement.localName]") == [
        "1+2",
        "button",
    ]


def test_the_history_grows_with_each_page_and_is_gone_through_both_ways(firefox: Firefox, address: str) -> None:
    tab = firefox.tab.new_tab()
    tab.goto(f"{address}/late")
    before = tab.history_length()

    tab.click("a")
    tab.wait_for("location.pathname === '/second'", "the second page")
    assert tab.history_length() == before + 1
    tab.back()
    assert (tab.url(), tab.text().split()[::3]) == (f"{address}/late", ["/late", "end"])
    tab.forward()
    assert (tab.url(), tab.text().split()[::3]) == (f"{address}/second", ["/second", "end"])
    tab.close()


def test_a_cookie_is_sent_and_stays_out_of_the_scripts_reach(firefox: Firefox, address: str) -> None:
    tab = firefox.tab

    tab.set_cookie("pass", "word", address)
    tab.goto(f"{address}/first")

    assert tab.evaluate("document.querySelector('h1').textContent") == "/first pass=word"
    assert tab.evaluate("document.cookie") == ""


def test_values_go_in_and_come_out_as_they_are(firefox: Firefox) -> None:
    given = {"words": ["a", None, True, 1, 2.5], "twice": {"b": -1}}

    out = firefox.tab.evaluate("async (given, extra) => [given, given.twice, extra, new Set([1]), 10n]", given, "c")

    assert out == [given, given["twice"], "c", [1], 10]


def test_requests_are_known_by_their_addresses(firefox: Firefox, address: str) -> None:
    before = len(firefox.requests())

    firefox.tab.goto(f"{address}/second")
    firefox.tab.evaluate("fetch('/fetched').then(() => true)")

    assert firefox.requests()[before:] == [f"{address}/second", f"{address}/fetched"]


def test_what_cannot_be_done_says_what_was_asked(firefox: Firefox, address: str) -> None:
    tab = firefox.tab
    tab.goto(f"{address}/first")

    with pytest.raises(AssertionError, match=r"nobody\.knows: ReferenceError"):
        tab.evaluate("nobody.knows")
    with pytest.raises(AssertionError, match=r"browsingContext\.navigate .*nonsense:"):
        tab.goto("nonsense://")


def test_a_picture_is_a_png(firefox: Firefox, tmp_path: Path) -> None:
    firefox.tab.screenshot(tmp_path / "picture.png")

    assert (tmp_path / "picture.png").read_bytes().startswith(b"\x89PNG")


def test_its_process_ends_with_it(tmp_path: Path) -> None:
    with Firefox(tmp_path) as opened:
        process = opened.process
        assert process is not None and process.poll() is None

    assert process.poll() == 0


def test_a_program_that_is_no_firefox_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    firefox_at_hand()
    monkeypatch.setenv("COMPANION_FIREFOX", "/bin/false")

    with pytest.raises(AssertionError, match="Firefox did not start"), Firefox(tmp_path):
        pass
