"""Hints and counts through a real Redis: what arrives, what is kept of it, and what happens while it is away."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from companion.ports import Apart
from companion.store.keys import KeyRing
from companion.store.sealing import Sealer
from integrations.nodes import client, hints, tallies
from integrations.nodes.errands import Errands
from integrations.nodes.hints import RedisHints
from integrations.nodes.tallies import RedisTallies
from tests.cluster.machines import Redis
from tests.live.watched import eventually

KEYS = KeyRing(["the one key of these tests, long enough to be one"])
NOW, MINUTE = 1_800_000_000.0, 60.0


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    redis = Redis(tmp_path_factory.mktemp("redis"))
    redis.start()
    yield redis
    redis.stop()


@pytest.fixture
def fragile(tmp_path: Path) -> Iterator[Redis]:
    """One that a test may stop."""
    redis = Redis(tmp_path)
    redis.start()
    yield redis
    redis.stop()


@pytest.fixture
def counts(redis: Redis, request: pytest.FixtureRequest) -> RedisTallies:
    return RedisTallies(redis.url, lambda: request.node.name.encode().ljust(32))


def a_node(redis: Redis, keys: KeyRing = KEYS) -> RedisHints:
    return RedisHints(redis.url, Sealer.of(keys, "hints"))


def listening(node: RedisHints) -> list[str]:
    heard: list[str] = []
    node.listen(heard.append)
    eventually(lambda: node._connected, "a connection")
    return heard


def test_a_hint_reaches_the_other_nodes_and_not_its_own(redis: Redis) -> None:
    one, two, three = a_node(redis), a_node(redis), a_node(redis)
    own, others = listening(one), [listening(two), listening(three)]

    one.post("an-evening")

    eventually(lambda: others == [["an-evening"], ["an-evening"]], "the hint on both")
    assert own == []


def test_a_hint_made_with_another_key_is_no_hint(redis: Redis) -> None:
    heard = listening(a_node(redis))
    stranger, friend = a_node(redis, KeyRing(["another key, which is just as long as that one"])), a_node(redis)

    stranger.post("an-evening")
    client.connect(redis.url).publish(hints.CHANNEL, b"garbage")
    time.sleep(0.2)
    friend.post("another-evening")

    eventually(lambda: heard, "a hint")
    assert heard == ["another-evening"]


def test_hints_are_of_one_length_and_never_alike(redis: Redis) -> None:
    channel = client.connect(redis.url, 5).pubsub(ignore_subscribe_messages=True)
    channel.subscribe(hints.CHANNEL)
    channel.get_message(timeout=2)
    node = a_node(redis)

    seen = []
    for session_id in ("short", "a-very-much-longer-id-of-a-session", "short"):
        node.post(session_id)
        seen.append(eventually(lambda: channel.get_message(timeout=1), "a hint")["data"])

    assert len({len(hint) for hint in seen}) == 1
    assert len(set(seen)) == 3
    assert all(b"short" not in hint for hint in seen)


def test_posting_waits_for_nobody_and_says_later_what_it_could_not_say(fragile: Redis) -> None:
    one, two = a_node(fragile), a_node(fragile)
    heard = listening(two)
    two.missed()
    assert two.missed() is False
    fragile.stop()

    before = time.monotonic()
    for number in range(1000):
        one.post(f"evening-{number % 3}")
    assert time.monotonic() - before < 1.0
    eventually(two.missed, "a word that hints are missed")
    fragile.start()

    eventually(lambda: not two._missed.is_set() or two._connected, "the way back")
    one.post("after")
    eventually(lambda: "after" in heard, "a hint afterwards", 20)


def test_a_redis_that_hangs_is_noticed(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hints, "SILENCE_SECONDS", 0.1)
    monkeypatch.setattr(hints, "GONE_SECONDS", 0.5)
    node = a_node(redis)
    listening(node)
    node.missed()

    with redis.hung():
        eventually(lambda: not node._connected, "silence")
        assert node.missed()

    eventually(lambda: node._connected, "the way back")


def test_tries_are_counted_within_a_window(counts: RedisTallies) -> None:
    left = [counts.take("a link", NOW + second, MINUTE, 3) for second in (0, 10, 20, 30)]

    assert left == [2, 1, 0, -1]
    assert counts.recent("a link", NOW + 30, MINUTE) == (NOW, 3)
    assert counts.take("a link", NOW + 60, MINUTE, 3) == 0  # the first has left the window
    assert counts.recent("a link", NOW + 60, MINUTE) == (NOW + 10, 3)
    assert counts.take("another link", NOW, MINUTE, 3) == 2


def test_many_at_once_get_no_more_than_there_are(counts: RedisTallies) -> None:
    got: list[int] = []

    def take() -> None:
        got.append(counts.take("a link", NOW, MINUTE, 5))

    at_once(take, 20)

    assert sorted(got) == [-1] * 15 + [0, 1, 2, 3, 4]


def test_a_try_is_given_back_and_all_are_forgotten(counts: RedisTallies) -> None:
    for _ in range(3):
        counts.take("a link", NOW, MINUTE, 3)

    counts.give_back("a link")
    assert counts.take("a link", NOW, MINUTE, 3) == 0
    counts.forget("a link")
    assert counts.recent("a link", NOW, MINUTE) == (NOW, 0)


def test_a_plain_number_never_falls_below_nought(counts: RedisTallies) -> None:
    assert [counts.add("a link", many) for many in (0, 1, 1, -1, 0, -1, -1, 1)] == [0, 1, 2, 1, 1, 0, 0, 1]


def test_keys_tell_nothing_and_do_not_stay(redis: Redis, counts: RedisTallies) -> None:
    counts.take("192.0.2.1 a-link", NOW, MINUTE, 3)
    counts.add("192.0.2.1 a-link", 1)
    plain = client.connect(redis.url)

    keys = list(plain.scan_iter())

    assert keys and all(key.startswith(b"companion:") and b"192" not in key and b"link" not in key for key in keys)
    assert all(0 < plain.ttl(key) <= tallies.PLAIN_DAYS * 86_400 for key in keys)


def test_what_cannot_be_reached_is_asked_once_and_then_left_alone(fragile: Redis) -> None:
    counts = RedisTallies(fragile.url, lambda: b"k" * 32)
    counts.take("a link", NOW, MINUTE, 3)

    with fragile.hung():
        spent = [_apart_after(counts) for _ in range(20)]

    assert spent[0] < 3 and sum(spent[1:]) < 0.5, "everybody waits for it"
    counts._rests_until = 0.0
    assert counts.take("a link", NOW, MINUTE, 3) in (0, 1)  # what it was asked while it hung may be counted


def test_an_errand_waits_once_and_a_fault_stops_nothing() -> None:
    ran: list[str] = []
    go = threading.Event()

    def work(key: str) -> None:
        go.wait(5)
        ran.append(key)
        if key == "bad":
            raise ValueError("a word of somebody")

    errands = Errands(work)
    errands.add("first")
    for _ in range(50):
        for key in ("bad", "good"):
            errands.add(key)
    go.set()

    eventually(lambda: "good" in ran, "the last errand")
    assert sorted(set(ran)) == ["bad", "first", "good"]
    assert len(ran) <= 4


def at_once(work: Callable[[], object], times: int) -> None:
    threads = [threading.Thread(target=work) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)


def _apart_after(counts: RedisTallies) -> float:
    before = time.monotonic()
    with pytest.raises(Apart):
        counts.take("a link", NOW, MINUTE, 3)
    return time.monotonic() - before
