"""The bad mobile line is as slow, far, lossy and broken as it claims; times are held against the model, and ratios."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random

import pytest

from tests.browser.packets import PACKET, Distance, Packet
from tests.browser.slow_line import SlowLine

QUICK = {"kbit_per_second": 8000, "round_trip_ms": 20, "loss": 0}
BODY = 6250  # bytes: a second at 50 kbit/s
LATE = 1.5  # seconds that a busy machine may add
UPGRADE = {"Connection": "keep-alive, Upgrade", "Upgrade": "websocket"}


def numbered(size: int) -> bytes:
    return b"".join(b"%07d\n" % number for number in range(size // 8 + 1))[:size]


class Answer(BaseHTTPRequestHandler):
    """Numbered bytes for a GET, the same again for a POST, and an echo for whoever asks for a WebSocket."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.server.seen.append(self.headers.get("Upgrade", "plain"))
        if self.headers.get("Upgrade"):
            self._echo()
        else:
            self._answer(numbered(int(self.path[1:])))

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _echo(self) -> None:
        self.send_response(101)
        self.end_headers()
        self.wfile.write(self.rfile.readline())
        self.close_connection = True

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Knows what kind of requests reached it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.seen: list[str] = []

    def handle_error(self, request: object, client_address: object) -> None:
        """A broken connection is what these tests are about."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        thread = threading.Thread(target=made.serve_forever, args=[0.02])
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@dataclass
class Visitor:
    """Somebody with one connection that she keeps."""

    line: SlowLine
    patience: float = 20
    took: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.http = HTTPConnection("127.0.0.1", self.line.port, timeout=self.patience)

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, *problem: object) -> None:
        self.http.close()

    def gets(self, size: int) -> bytes:
        return self._asks("GET", f"/{size}", None)

    def posts(self, body: bytes) -> bytes:
        return self._asks("POST", "/", body)

    def _asks(self, method: str, path: str, body: bytes | None) -> bytes:
        began = time.monotonic()
        self.http.request(method, path, body)
        answer = self.http.getresponse().read()
        self.took.append(time.monotonic() - began)
        return answer

    def upgrades(self) -> int:
        """The status of an answer to a request for a WebSocket."""
        self.http.request("GET", "/10", headers=UPGRADE)
        answer = self.http.getresponse()
        if answer.status != 101:
            answer.read()
        return answer.status


def seconds(line: SlowLine, size: int) -> float:
    with Visitor(line) as visitor:
        assert visitor.gets(size) == numbered(size)
        return visitor.took[0]


def test_a_body_takes_its_bits_and_two_round_trips_on_a_new_connection(server: Server) -> None:
    round_trip, rate = 0.3, 50 * 1000 / 8
    with SlowLine(server.server_port, round_trip_ms=round_trip * 1000, loss=0) as line:
        took = seconds(line, BODY)
        sent = line.bytes_down
    with SlowLine(server.server_port, kbit_per_second=100, round_trip_ms=round_trip * 1000, loss=0) as line:
        twice_as_fast = seconds(line, BODY)

    model = 2 * round_trip + (sent - PACKET) / rate
    assert model - 0.05 < took < model + LATE
    assert 1.5 < (took - 2 * round_trip) / (twice_as_fast - 2 * round_trip) < 2.7


def test_what_goes_up_is_as_slow(server: Server) -> None:
    with SlowLine(server.server_port, round_trip_ms=0, loss=0) as line, Visitor(line) as visitor:
        assert visitor.posts(numbered(BODY)) == numbered(BODY)
        assert line.bytes_up > BODY and line.bytes_down > BODY

    # Up and down: the server answers only when it has everything.
    model = 2 * (BODY - PACKET) / (50 * 1000 / 8)
    assert model < visitor.took[0] < model + LATE


def test_all_connections_share_one_line(server: Server) -> None:
    with SlowLine(server.server_port, kbit_per_second=100, round_trip_ms=20, loss=0) as line:
        alone = seconds(line, BODY)
        began = time.monotonic()
        with ThreadPoolExecutor(3) as pool:
            each = list(pool.map(lambda _: seconds(line, BODY), range(3)))
        together = time.monotonic() - began

    assert line.connections == 4
    assert 2.2 < together / alone < 4.5
    # None of them has to wait until another has had everything.
    assert min(each) > 1.5 * alone


def test_a_kept_connection_spares_the_round_trip_that_a_new_one_costs(server: Server) -> None:
    with (
        SlowLine(server.server_port, kbit_per_second=8000, round_trip_ms=400, loss=0) as line,
        Visitor(line) as visitor,
    ):
        visitor.gets(10)
        visitor.gets(10)

    first, second = visitor.took
    assert line.connections == 1
    assert 0.35 < second < 0.4 + LATE
    assert 1.5 < first / second < 2.5


def test_bytes_keep_their_order_whatever_is_lost(server: Server) -> None:
    body, far = numbered(40 * PACKET), {"kbit_per_second": 8000, "round_trip_ms": 40}
    with SlowLine(server.server_port, **far, loss=0) as line, Visitor(line) as lucky:
        assert lucky.posts(body) == body
    with SlowLine(server.server_port, **far, loss=0.2) as line, Visitor(line) as unlucky:
        assert unlucky.posts(body) == body
        assert line.bytes_up < len(body) + 500, "what is sent twice is not delivered twice"

    assert unlucky.took[0] > 2 * lucky.took[0]


def test_a_lost_packet_comes_a_round_trip_after_the_next_or_when_patience_ends() -> None:
    distance = Distance(round_trip=0.8, loss=0.05)
    lucky, alone, followed, unlucky = (Packet(b"x", 10, losses, distance) for losses in (0, 1, 1, 2))

    followed.is_missed(10.1)
    unlucky.is_missed(10.1)

    arrivals = [round(packet.arrives, 3) for packet in (lucky, alone, followed, unlucky)]
    assert arrivals == [10.4, 11.6, 11.3, 13.7]


def test_as_many_are_lost_as_was_asked_and_the_same_ones_each_time() -> None:
    distance = Distance(round_trip=0.8, loss=0.05)

    one, again = ([distance.losses(dice) for _ in range(10_000)] for dice in (Random(7), Random(7)))  # noqa: S311

    assert one == again
    assert 430 < sum(map(bool, one)) < 570


def test_a_stalled_line_takes_everything_and_delivers_nothing_until_it_goes_on(server: Server) -> None:
    with SlowLine(server.server_port, **QUICK) as line, Visitor(line, patience=0.5) as visitor:
        visitor.gets(10)
        line.stall()
        visitor.http.request("GET", "/20")
        with pytest.raises(TimeoutError):
            visitor.http.sock.recv(1)
        with Visitor(line, patience=0.5) as newcomer, pytest.raises(TimeoutError):
            newcomer.gets(30)
        assert server.seen == ["plain"]

        line.resume()
        assert visitor.http.sock.recv(15) == b"HTTP/1.1 200 OK"
        assert seconds(line, 40) < LATE


def test_a_cut_line_breaks_what_is_open_and_refuses_until_it_is_restored(server: Server) -> None:
    with SlowLine(server.server_port, **QUICK) as line, Visitor(line) as visitor:
        visitor.gets(10)
        line.cut()
        line.cut()
        with pytest.raises(ConnectionResetError):
            visitor.http.sock.recv(1)
        with pytest.raises(ConnectionRefusedError), Visitor(line) as newcomer:
            newcomer.gets(10)

        line.restore()
        with Visitor(line) as newcomer:
            assert newcomer.gets(10) == numbered(10)


def test_a_websocket_passes_with_all_that_is_said_in_it(server: Server) -> None:
    with SlowLine(server.server_port, **QUICK) as line, Visitor(line) as visitor:
        assert visitor.upgrades() == 101
        visitor.http.sock.sendall(b"hello\n")
        assert visitor.http.sock.recv(10) == b"hello\n"


def test_a_strict_proxy_answers_for_the_server_even_on_a_kept_connection(server: Server) -> None:
    with SlowLine(server.server_port, **QUICK) as line, Visitor(line) as visitor:
        visitor.posts(numbered(3 * PACKET))
        visitor.gets(10)
        line.drop_upgrade = True

        assert visitor.upgrades() == 400
        assert visitor.gets(10) == numbered(10)
        line.drop_upgrade = False
        assert visitor.upgrades() == 101
    assert server.seen == ["plain", "plain", "websocket"]


def test_a_careless_proxy_makes_a_plain_request_of_it(server: Server) -> None:
    with SlowLine(server.server_port, **QUICK) as line, Visitor(line) as visitor:
        line.strip_upgrade = True

        assert visitor.upgrades() == 200
    assert server.seen == ["plain"]


def test_without_a_server_behind_it_a_connection_ends_at_once(server: Server) -> None:
    server.server_close()

    with SlowLine(server.server_port, **QUICK) as line, Visitor(line) as visitor, pytest.raises(ConnectionError):
        visitor.gets(10)


def test_no_thread_is_left_behind_even_with_somebody_still_connected(server: Server) -> None:
    before = set(threading.enumerate())
    with SlowLine(server.server_port, **QUICK) as line:
        visitor = Visitor(line)
        visitor.gets(10)
        assert [thread.name for thread in set(threading.enumerate()) - before if thread.name == "slow line"]

    visitor.http.close()
    assert [thread.name for thread in threading.enumerate() if thread.name == "slow line"] == []
