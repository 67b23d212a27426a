"""S4: a browser that has gone silent opens nothing by its cookie alone, and its passcode opens it again."""

from __future__ import annotations

import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from companion.service import inviting
from companion.service.deps import Deps
from tests.live.evening import Served, Way, at_noon, free_port, lean_on, prepare
from tests.live.watched import eventually
from tests.live.wire import Wire


class Silence:
    """A served evening whose clock is ours."""

    def __init__(self, folder: Path) -> None:
        self.clock = folder / "clock"
        self.now = at_noon()
        self.turn(0)
        self.deps: Deps = lean_on(folder, free_port())
        self.ways = prepare(self.deps)
        self.served = Served(folder, self.deps.settings.port, clock=self.clock)
        self.served.start()

    def turn(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.clock.write_text(self.now.isoformat())

    def connect(self, alias: str) -> Wire:
        return self.served.connect(self.ways[alias])

    def goes(self, wire: Wire, alias: str) -> None:
        """Her page is gone, and the server has noticed."""
        wire.close()
        way = self.ways[alias]
        eventually(lambda: not self.deps.store.connected(way.access_id), "the end of her connection")

    def look(self, alias: str, path: str = "/here", cookie: str = "", **form: str) -> tuple[int, str, str]:
        """Status, words and new cookie of what a cookie alone opens."""
        data = urllib.parse.urlencode(form).encode() if form else None
        head = {"Cookie": cookie or self.ways[alias].cookie, "Origin": self.served.address}
        request = urllib.request.Request(self.served.address + path, data, head)  # noqa: S310
        opener = urllib.request.build_opener(Stay)
        try:
            answer = opener.open(request, timeout=10)
        except urllib.error.HTTPError as error:
            answer = error
        cookies = "; ".join(one.split(";")[0] for one in answer.headers.get_all("Set-Cookie") or [])
        return answer.code, answer.read().decode(), cookies


class Stay(urllib.request.HTTPRedirectHandler):
    """Follows nothing."""

    def redirect_request(self, *args: object) -> None:
        return None


@pytest.fixture
def silence(tmp_path: Path) -> Iterator[Silence]:
    begun = Silence(tmp_path)
    yield begun
    begun.served.stop()


def test_after_45_seconds_of_silence_the_cookie_opens_nothing(silence: Silence) -> None:
    wren = silence.connect("Wren")
    wren.tap("request_turn")
    silence.goes(wren, "Wren")

    silence.turn(44)
    assert silence.look("Wren")[0] == 200
    silence.turn(2)
    status, page, _ = silence.look("Wren")

    assert (status, "Wren" in page, "passcode" in page, "Ask to speak" in page) == (401, False, True, False)
    assert silence.look("Wren", "/act/withdraw_turn", reason="none")[0] == 401
    assert silence.look("Wren", "/call")[0] == 401
    saved = silence.deps.store.load(_session(silence, "Wren"))
    assert saved is not None
    assert [place.seat for place in saved.state.queue.line.places] == [silence.ways["Wren"].seat_id]


def test_a_page_that_is_still_open_comes_back_by_its_key(silence: Silence) -> None:
    silence.goes(silence.connect("Wren"), "Wren")
    silence.turn(600)

    again = silence.connect("Wren")

    assert silence.look("Wren")[0] == 200, "connected is not silent"
    again.close()


def test_a_page_out_of_sight_has_a_quarter_of_an_hour_unless_it_is_closed(silence: Silence) -> None:
    wren, ash = silence.connect("Wren"), silence.connect("Ash")
    wren.send_raw('42["rest"]')
    ash.send_raw('42["rest"]')
    ash.send_raw('42["awake"]')
    wren.whole()
    ash.whole()
    silence.goes(wren, "Wren")
    silence.goes(ash, "Ash")

    silence.turn(60)
    assert (silence.look("Wren")[0], silence.look("Ash")[0]) == (200, 401)
    silence.turn(900)
    assert silence.look("Wren")[0] == 401


def test_somebody_without_script_is_never_locked(silence: Silence) -> None:
    assert silence.look("Wren")[0] == 200
    silence.turn(3600)
    assert silence.look("Wren")[0] == 200


def test_reading_another_page_of_ours_is_no_silence(silence: Silence) -> None:
    silence.goes(silence.connect("Wren"), "Wren")
    silence.turn(30)
    silence.look("Wren", "/about")
    silence.turn(600)

    assert silence.look("Wren")[0] == 200


def test_the_passcode_opens_it_again_and_wrong_ones_count(silence: Silence) -> None:
    access = silence.deps.store.access(silence.ways["Wren"].access_id)
    assert access is not None
    passcode = inviting.reissue(silence.deps, access.invite_id).passcode
    silence.goes(silence.connect("Wren"), "Wren")
    silence.turn(60)
    _, page, cookies = silence.look("Wren")
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
    jar = f"{silence.ways['Wren'].cookie}; {cookies}"

    status, page, _ = silence.look("Wren", "/here/open", jar, csrf_token=token, passcode="12")
    assert (status, "eight digits" in page) == (422, True)
    status, page, _ = silence.look("Wren", "/here/open", jar, csrf_token=token, passcode="00000000")
    assert (status, "4 tries left" in page) == (422, True)
    status, _, fresh = silence.look("Wren", "/here/open", jar, csrf_token=token, passcode=passcode)

    assert status == 303
    assert silence.look("Wren", cookie=fresh)[0] == 200
    assert silence.look("Wren")[0] == 401, "the cookie from before is worth nothing now"
    kept = silence.deps.store.access(access.id)
    assert kept is not None
    assert (kept.seat_id, kept.state) == (access.seat_id, "in")


def test_nobody_else_hears_of_rest_silence_and_return(silence: Silence) -> None:
    wren, ash = silence.connect("Wren"), silence.connect("Ash")
    frames = len(ash.frames)

    wren.send_raw('42["rest"]')
    wren.whole()
    silence.goes(wren, "Wren")
    silence.turn(10)
    silence.look("Wren")
    silence.connect("Wren").close()
    ash.whole()

    assert [frame for frame in ash.frames[frames:] if '"whole":true' not in frame] == []
    ash.close()


def _session(silence: Silence, alias: str) -> str:
    way: Way = silence.ways[alias]
    access = silence.deps.store.access(way.access_id)
    assert access is not None
    return access.session_id
