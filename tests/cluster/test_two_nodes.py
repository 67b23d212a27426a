"""One session on two nodes: what is pressed at one is seen at the other, by whom it is for, and by nobody else."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import redis
import requests
import socketio
from socketio.exceptions import SocketIOError
from sqlalchemy import text

from companion.service import inviting
from companion.service.guesses import TRIES
from tests.cluster.cluster import Cluster, Evening
from tests.live.evening import session_of
from tests.live.watched import eventually, refusal

pytestmark = [pytest.mark.cluster, pytest.mark.postgres]
SOON = 15.0  # seconds: a slow machine under load; it is a tenth of a second on an idle one


def test_a_tap_at_one_node_shows_at_the_other_within_a_second(evening: Evening) -> None:
    here = {alias: evening.open(alias, node=0) for alias in ("Wren", "Kit")}
    there = {alias: evening.open(alias, node=1) for alias in ("Sol", "Rae", "Noor", "Ash")}
    evening.until_converged()
    before = {alias: len(page.panels()) for alias, page in there.items()}

    assert here["Wren"].tap("raise_break_signal", strength="check_on_me") == {"ok": True}

    evening.until_converged(SOON)
    signals = there["Sol"].views["signals"]["signals"]
    assert [signal["alias"] for signal in signals] == ["Wren"]
    heard = {alias for alias, page in there.items() if len(page.panels()) > before[alias]}
    assert heard == {"Sol", "Rae"}, "somebody heard something that was not for her"


def test_only_what_changed_is_sent_and_numbers_rise_by_one(evening: Evening) -> None:
    ash, sol = evening.open("Ash", node=0), evening.open("Sol", node=1)

    for number in range(4):
        evening.until_converged()
        assert ash.tap("request_turn" if number % 2 == 0 else "withdraw_turn")["ok"]
        evening.until_converged(SOON)
        assert sol.tap("write_note", desk="care", words=f"note {number}")["ok"]

    evening.until_converged()
    for page in (ash, sol):
        first, *rest = page.panels()
        assert first["whole"] and not any(panel["whole"] for panel in rest)
        numbers = [panel["number"] for panel in page.panels()]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        assert all(0 < len(panel["views"]) < len(first["views"]) for panel in rest)


def test_taps_of_both_nodes_at_once_converge(evening: Evening) -> None:
    for number, alias in enumerate(evening.ways):
        evening.open(alias, node=number % 2)

    _all_at_once(evening)

    evening.until_converged()
    assert all(page.regressed == 0 for page in evening.pages.values())


def test_two_pages_of_one_seat_at_two_nodes_show_the_same(evening: Evening) -> None:
    one, other = evening.open("Wren", node=0), evening.cluster.page(evening.ways["Wren"], node=1)

    assert one.tap("request_turn", note="mine")["ok"]
    eventually(lambda: other.views.get("turn", {}).get("place"), "her place on the other page")
    assert other.tap("withdraw_turn")["ok"]

    evening.until_converged()
    eventually(lambda: (one.number, one.views) == (other.number, other.views), "the same on both")
    other.close()


def test_a_tap_that_is_sent_again_to_the_other_node_has_its_effect_once(evening: Evening) -> None:
    one, other = evening.open("Sol", node=0), evening.cluster.page(evening.ways["Sol"], node=1)

    answers = [page.tap("write_note", "the-very-same-tap", desk="care", words="once") for page in (one, other)]

    assert answers == [{"ok": True}, {"ok": True}]
    assert [note.words for note in evening.state().notes] == ["once"]
    other.close()


def test_whoever_is_removed_at_one_node_is_cut_at_the_other_within_a_second(evening: Evening) -> None:
    wren, sol = evening.open("Wren", node=1), evening.open("Sol", node=0)

    assert sol.tap("remove_seat", seat=evening.ways["Wren"].seat_id)["ok"]

    eventually(lambda: wren.bye(), "a farewell", SOON)
    assert wren.bye()["code"] == "access_expired"
    eventually(lambda: not wren.connected, "the end of her connection", SOON)
    del evening.pages["Wren"]
    evening.until_converged()


def test_whoever_is_revoked_is_cut_at_both_nodes_within_a_second(evening: Evening) -> None:
    pages = [evening.cluster.page(evening.ways["Wren"], node) for node in (0, 1)]
    ash = evening.open("Ash", node=1)
    deps = evening.cluster.deps
    access = deps.store.access(evening.ways["Wren"].access_id)
    assert access is not None

    inviting.revoke(deps, access.invite_id)

    for page in pages:
        eventually(lambda page=page: page.bye(), "a farewell", SOON)
        page.close()
    assert ash.connected


def test_she_is_here_as_long_as_one_node_holds_a_page_of_hers(evening: Evening) -> None:
    evening.open("Sol", node=0)
    first, second = (evening.cluster.page(evening.ways["Wren"], node) for node in (0, 1))
    eventually(lambda: _connections(evening) == 2, "both of her pages")

    first.close()

    eventually(lambda: _connections(evening) == 1, "the end of the first")
    _hold_for(0.5, lambda: evening.state().seat(evening.ways["Wren"].seat_id).dropped_at is None)
    second.close()
    eventually(lambda: evening.state().seat(evening.ways["Wren"].seat_id).dropped_at, "her drop")
    evening.until_converged()


def test_what_falls_due_is_done_once(evening: Evening) -> None:
    sol, rae = evening.open("Sol", node=0), evening.open("Rae", node=1)
    wren = evening.open("Wren", node=0)
    eventually(lambda: _connections(evening) == 1, "her page")
    evening.pages.pop("Wren").close()
    seat_id = wren.way.seat_id

    eventually(lambda: evening.state().seat(seat_id).lost, "the mark of a lost connection", 25)

    evening.until_converged()
    assert evening.state().seat(seat_id).drops == 1
    for page in (sol, rae):
        assert [alert["alias"] for alert in page.views["now"]["alerts"] if alert["kind"] == "lost"] == ["Wren"]
        lost = [panel for panel in page.panels() if "now" in panel["views"] and not panel["whole"]]
        assert len(lost) == 1, "it was told more than once"


def test_taps_are_counted_over_both_nodes(evening: Evening) -> None:
    pages = [evening.cluster.page(evening.ways["Ash"], node) for node in (0, 1)]

    answers = [_raw_tap(pages[number % 2], number) for number in range(12)]

    assert answers[:10] == [{"ok": True}] * 10
    assert answers[10:] == [refusal("too_fast", again=10)] * 2
    for page in pages:
        page.close()


def test_wrong_passcodes_are_counted_over_both_nodes(cluster: Cluster) -> None:
    link = f"i/{cluster.deps.fresh_id()}"

    said = [_guess(cluster, number % 2, link) for number in range(TRIES + 3)]

    assert said[:TRIES] == said[:1] * TRIES
    assert said[TRIES:] == [429] * 3


def test_redis_is_told_nothing(cluster: Cluster, evening: Evening) -> None:
    client, seen = _tap_wire(cluster)
    page = evening.open("Sol", node=0)
    for number in range(3):
        assert page.tap("write_note", desk="care", words="words of hers" * (number + 1))["ok"]
    _guess(cluster, 0, f"i/{cluster.deps.fresh_id()}")
    eventually(lambda: _read(seen) and len(seen.hints) >= 3, "hints")

    assert len({len(hint) for hint in seen.hints}) == 1, "hints differ in length"
    assert len(set(seen.hints)) == len(seen.hints), "hints can be told to be of one session"
    kept = b" ".join([*seen.hints, *client.scan_iter()])
    way = evening.ways["Sol"]
    for told in (session_of(cluster.deps, way), way.seat_id, way.access_id, "words", "127.0.0.1", "Sol"):
        assert told.encode() not in kept
    assert all(client.pttl(key) > 0 for key in client.scan_iter()), "something in it stays for ever"
    client.close()


def test_pages_find_their_node_by_nginx(evening: Evening) -> None:
    for alias in evening.ways:
        evening.open(alias)
    _all_at_once(evening)

    evening.until_converged()

    wires = [page.wires for page in evening.pages.values()]
    assert wires == [1] * len(wires), "somebody had to come back"
    _strangers_knock(evening)  # seven people could all be sent to one node by chance; so many strangers cannot
    assert all("connection refused" in node.log.read_text() for node in evening.cluster.nodes), "all are on one node"
    log = evening.cluster.nginx.log()
    assert "127.0.0.1" not in log and "/i/" not in log


def test_long_polling_keeps_to_its_node_too(evening: Evening) -> None:
    for alias in ("Wren", "Ash", "Fern"):
        way = evening.ways[alias]
        session = requests.Session()
        session.headers.update({"Cookie": way.cookie, "Origin": evening.cluster.address})
        session.verify = str(evening.cluster.nginx.certificate)
        client = socketio.Client(reconnection=False, http_session=session)
        panels: list[Any] = []
        client.on("panel", panels.append)
        client.connect(
            evening.cluster.address,
            auth={"key": way.key, "format": "json"},
            headers=dict(session.headers),
            transports=["polling"],
        )
        eventually(lambda panels=panels: panels, "the first panel by polling")
        answer = client.call("tap", {"id": f"polled-{alias}", "name": "request_turn", "fields": {}}, timeout=10)
        assert answer == {"ok": True}
        eventually(lambda panels=panels: len(panels) > 1, "a panel by polling")
        client.disconnect()


def _all_at_once(evening: Evening) -> None:
    def press(alias: str) -> None:
        page, desk = evening.pages[alias], {"facilitator": "care", "peer_supporter": "care", "tech_helper": "tech"}
        for number in range(6):
            if page.way.role in desk:
                assert page.tap("write_note", desk=desk[page.way.role], words=f"{alias} {number}")["ok"]
            else:
                assert page.tap("request_turn" if number % 2 == 0 else "withdraw_turn")["ok"]

    with ThreadPoolExecutor(len(evening.pages)) as people:
        list(people.map(press, evening.pages))


def _connections(evening: Evening, alias: str = "Wren") -> int:
    with evening.cluster.deps.store.database.reading() as connection:  # type: ignore[attr-defined]
        found = connection.execute(
            text("SELECT count(*) FROM connections WHERE seat_id = :seat"), {"seat": evening.ways[alias].seat_id}
        )
        return int(found.scalar_one())


def _strangers_knock(evening: Evening) -> None:
    name = evening.ways["Wren"].cookie.partition("=")[0]
    for number in range(30):
        session = requests.Session()
        session.headers.update({"Cookie": f"{name}=stranger-{number}", "Origin": evening.cluster.address})
        session.verify = str(evening.cluster.nginx.certificate)
        client = socketio.Client(reconnection=False, http_session=session)
        with pytest.raises(SocketIOError):
            client.connect(
                evening.cluster.address, auth={"key": "none"}, headers=dict(session.headers), transports=["polling"]
            )


def _hold_for(seconds: float, holds: Any) -> None:
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        assert holds()
        time.sleep(0.05)


def _raw_tap(page: Any, number: int) -> Any:
    return page._wire.tap("choose_how", f"one-of-many-{number}", how=("audio", "video")[number % 2])


def _guess(cluster: Cluster, node: int, link: str) -> int:
    address = f"{cluster.nodes[node].address}/{link}"
    headers = {"X-Forwarded-For": "192.0.2.77", "X-Forwarded-Proto": "https", "Origin": cluster.address}
    with requests.Session() as browser:
        page = browser.get(address, headers=headers, timeout=20)
        token = page.text.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
        cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        said = requests.post(
            address,
            data={"csrf_token": token, "passcode": "12345678"},
            headers={**headers, "Cookie": cookies},
            allow_redirects=False,
            timeout=20,
        )
    return said.status_code


class _Seen:
    def __init__(self, channel: Any) -> None:
        self.channel = channel
        self.hints: list[bytes] = []


def _tap_wire(cluster: Cluster) -> tuple[Any, _Seen]:
    client = redis.Redis.from_url(cluster.redis.url)
    channel = client.pubsub(ignore_subscribe_messages=True)
    channel.psubscribe("*")
    channel.get_message(timeout=2)
    return client, _Seen(channel)


def _read(seen: _Seen) -> bool:
    while message := seen.channel.get_message(timeout=0.05):
        seen.hints.append(message["data"])
    return True
