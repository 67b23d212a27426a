"""S2, S3, S9 and S11 once more, in a real Firefox: it keeps pages for Back in its own way."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from companion.core.commands import OpenDoors
from tests.browser.firefox import Firefox, firefox_at_hand
from tests.browser.firefox_tab import Tab
from tests.browser.sitting import House, Sitting, until
from tests.browser.test_discreet import PRIVATE

pytestmark = pytest.mark.browser
PRESS = """(one) => {
  const button = document.querySelector(one);
  if (button) button.click();
  return Boolean(button);
}"""
PRESS_LEAVE = """() => {
  const began = performance.now();
  document.getElementById("leave").click();
  const root = document.documentElement;
  return [performance.now() - began < 100, root.classList.contains("covered"), root.textContent.trim()];
}"""


class Ordinary(BaseHTTPRequestHandler):
    """Stands for the weather page somewhere else: no request of a test leaves this machine."""

    def do_GET(self) -> None:
        body = b"<!doctype html><title>Weather</title><h1>Weather</h1>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("X-Referer", self.headers.get("Referer", "none"))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture(scope="module")
def weather() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Ordinary) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    firefox_at_hand()
    with Firefox(tmp_path_factory.mktemp("firefox")) as started:
        yield started


@pytest.fixture
def tab(firefox: Firefox) -> Iterator[Tab]:
    opened = firefox.tab.new_tab()
    yield opened
    opened.close()


def sits(tab: Tab, sitting: Sitting, weather: str) -> None:
    """Wren is at her page, and the button leads to our own weather."""
    name, token = sitting.ways["Wren"].cookie.split("=", 1)
    tab.set_cookie(name, token, sitting.house.address)
    tab.goto(f"{sitting.house.address}/here")
    is_here(tab, weather)


def is_here(tab: Tab, weather: str) -> None:
    tab.wait_for("() => document.documentElement.classList.contains('js')", "her page")
    tab.evaluate("(to) => { document.getElementById('leave').dataset.to = to; }", weather)


def told(tab: Tab) -> list[str]:
    html = tab.evaluate("() => document.documentElement.outerHTML + document.title")
    return [word for word in PRIVATE if word in html]


@pytest.mark.parametrize("stalled", [False, True], ids=["answering", "stalled"])
def test_leaving_covers_and_goes_at_once(tab: Tab, house: House, weather: str, stalled: bool) -> None:
    sitting = Sitting(house)
    sits(tab, sitting, weather)
    assert told(tab) != []

    if stalled:
        os.kill(house.served.pid, signal.SIGSTOP)
    try:
        assert tab.evaluate(PRESS_LEAVE) == [True, True, ""]
        tab.wait_for("() => document.title === 'Weather'", "the ordinary page")
    finally:
        if stalled:
            os.kill(house.served.pid, signal.SIGCONT)
    assert tab.evaluate("() => document.referrer") == ""
    access = sitting.ways["Wren"].access_id
    until(lambda: house.deps.store.access(access).state == "ended", "the end of her access")  # type: ignore[union-attr]
    sitting.close()


def test_back_five_times_and_forward_show_nothing(tab: Tab, house: House, weather: str) -> None:
    sitting = Sitting(house, phase="planned")
    sitting.perform(OpenDoors())
    wren = sitting.stranger("Wren")
    tab.goto(sitting.issue(wren).link)
    tab.evaluate("(code) => { document.getElementById('passcode').value = code; }", wren.issued.passcode)
    tab.click("main button.main")
    tab.wait_for("() => document.querySelector('input[value=yes]')", "the first step")
    tab.click('label[for="answer-yes"]')
    tab.click("main button.main")
    tab.wait_for("() => document.querySelector('form[action=\"/join/who_sees\"]')", "the second step")
    tab.click('form[action="/join/who_sees"] button')
    tab.wait_for("() => document.getElementById('agree')", "the third step")
    tab.click('label[for="agree"]')
    tab.click('form[action="/join/agreement"] button.main')
    tab.wait_for("() => document.getElementById('alias')", "the last step")
    tab.evaluate("() => { document.getElementById('alias').value = 'Wren'; }")
    tab.click("form button.main")
    is_here(tab, weather)
    assert told(tab) != []

    tab.click("#leave")
    tab.wait_for("() => document.title === 'Weather'", "the ordinary page")
    entries = tab.history_length()
    seen = []
    for way in (*[tab.back] * 5, *[tab.forward] * 5):
        try:
            way()
        except AssertionError as nowhere:
            print(nowhere)
            continue  # there is nowhere further to go
        tab.wait_for("() => document.readyState === 'complete'", "a page")
        seen.append(told(tab))

    assert [one for one in seen if one] == []
    assert len(seen) >= min(entries - 1, 5), (entries, seen)
    sitting.close()


def test_hide_and_come_back(tab: Tab, house: House, weather: str) -> None:
    sitting = Sitting(house)
    sits(tab, sitting, weather)

    tab.click("#hide")
    assert tab.evaluate("() => document.title") == "Shopping list"
    shown = tab.evaluate("() => document.body.innerText")
    assert [word for word in PRIVATE if word in shown] == []
    sitting.tap("Sol", "invite_to_speak", seat=sitting.seat("Wren"), turn=0)
    tab.wait_for("() => document.querySelector('[data-region=turn]').textContent.includes('your turn')", "her turn")
    assert "turn" not in tab.evaluate("() => document.body.innerText")
    tab.click("#aside-back")

    assert "It is your turn" in tab.evaluate("() => document.body.innerText")
    assert tab.evaluate("() => document.title") == "Notes"
    sitting.close()


def test_a_session_takes_one_entry_of_the_history(tab: Tab, house: House, weather: str) -> None:
    sitting = Sitting(house)
    sits(tab, sitting, weather)
    before = tab.history_length()

    for _ in range(10):
        for command, gone in (("request_turn", "withdraw_turn"), ("withdraw_turn", "request_turn")):
            tab.wait_for(PRESS, command, f'#panel form[action="/act/{command}"] button')
            tab.wait_for("(one) => document.querySelector(one)", gone, f'#panel form[action="/act/{gone}"]')

    assert tab.history_length() - before <= 2
    sitting.close()
