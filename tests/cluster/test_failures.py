"""What goes wrong between nodes: a node is killed, Redis or PostgreSQL goes away, nodes are restarted one by one.

All the time people tap. Nothing that was acknowledged is lost or doubled, and every page shows what is kept afterwards
without anybody pressing anything.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import pytest
import requests

from companion.ports import StoreDown
from tests.cluster.cluster import Cluster, Evening
from tests.live.watched import eventually

pytestmark = [pytest.mark.cluster, pytest.mark.postgres]
DESKS = {"facilitator": "care", "peer_supporter": "care", "tech_helper": "tech"}
TAP_SECONDS = 1.2  # between two taps of one person: within ten in ten seconds
AWAY_SECONDS = 30.0


@dataclass
class Company:
    """Everybody of an evening, tapping away until told to stop.

    Staff write notes, which can be counted: each desk keeps its latest fifty, so they are looked through all the time.
    """

    evening: Evening
    acknowledged: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    written: set[str] = field(default_factory=set)
    doubled: set[str] = field(default_factory=set)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self) -> None:
        """Let everybody begin."""
        self._threads = [threading.Thread(target=self._tap_away, args=(alias,)) for alias in self.evening.pages]
        self._threads.append(threading.Thread(target=self._look_through_notes))
        for thread in self._threads:
            thread.start()
        self.until_more(len(self._threads))

    def until_more(self, taps: int) -> None:
        """Wait until so many more taps have been acknowledged."""
        wanted = self.acknowledged.total() + taps
        eventually(lambda: self.acknowledged.total() >= wanted, f"{taps} more taps", 60)

    def end(self) -> None:
        """Everybody stops; whatever is on its way is still answered."""
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=90)
        assert self.problems == []

    def check(self) -> None:
        """Nothing acknowledged is lost or doubled, and no page ever went back."""
        self.evening.until_converged(40)
        deps, state = self.evening.cluster.deps, self.evening.state()
        self._look()
        assert self.doubled == set()
        for alias, page in self.evening.pages.items():
            assert page.regressed == 0, f"the page of {alias} went back"
            for tap_id in page.acknowledged:
                assert deps.store.seen_tap(state.id, page.way.seat_id, tap_id) is not None, f"{tap_id} is lost"
                if page.way.role in DESKS:
                    assert tap_id in self.written, f"{tap_id} had no effect"

    def _look_through_notes(self) -> None:
        while not self._stop.wait(1):
            with suppress(StoreDown):
                self._look()

    def _look(self) -> None:
        words = Counter(note.words for note in self.evening.state().notes)
        self.written |= set(words)
        self.doubled |= {word for word, times in words.items() if times > 1}

    def _tap_away(self, alias: str) -> None:
        page, number = self.evening.pages[alias], 0
        try:
            while not self._stop.wait(TAP_SECONDS):
                number += 1
                tap_id = f"{alias}-tap-{number}"
                if page.way.role in DESKS:
                    answer = page.tap("write_note", tap_id, desk=DESKS[page.way.role], words=tap_id)
                else:
                    answer = page.tap("request_turn" if number % 2 else "withdraw_turn", tap_id)
                assert answer["ok"], f"{tap_id}: {answer}"
                with self._lock:
                    self.acknowledged[alias] += 1
        except Exception as problem:
            self.problems.append(f"{alias}: {problem!r}")


@contextmanager
def tapping(evening: Evening, where: Callable[[int], int | None]) -> Iterator[Company]:
    """Everybody has a page and taps meanwhile; afterwards all is checked."""
    for number, alias in enumerate(evening.ways):
        evening.open(alias, where(number))
    company = Company(evening)
    company.begin()
    try:
        yield company
        company.until_more(len(evening.ways))
    finally:
        company.end()
    company.check()


def by_nginx(number: int) -> None:
    """Where nginx leads."""
    return None


def by_turns(number: int) -> int:
    """At one node and the other by turns."""
    return number % 2


def test_a_node_is_killed_in_the_middle_of_taps(cluster: Cluster, evening: Evening) -> None:
    with tapping(evening, by_nginx) as company:
        for node in (0, 1):
            cluster.nodes[node].kill()
            company.until_more(14)
            assert _answer(cluster) == 200, "the way in is shut"
            cluster.nodes[node].start()
            company.until_more(7)


def test_nodes_are_restarted_one_by_one(cluster: Cluster, evening: Evening) -> None:
    with tapping(evening, by_nginx) as company:
        for node in cluster.nodes:
            node.stop()
            company.until_more(7)
            node.start()
            company.until_more(7)


def test_redis_is_away_for_half_a_minute(cluster: Cluster, evening: Evening) -> None:
    with tapping(evening, by_turns) as company:
        cluster.redis.stop()
        away_until = time.monotonic() + AWAY_SECONDS
        company.until_more(14)
        fresh = evening.cluster.page(evening.ways["Wren"], node=1)  # whoever comes now comes in
        fresh.close()
        while time.monotonic() < away_until:
            company.until_more(3)
        cluster.redis.start()

    quiet = evening.pages["Ash"].highest
    time.sleep(2)
    assert evening.pages["Ash"].highest == quiet, "pages are told something though nothing changes"
    assert all(page.wires == 1 for page in evening.pages.values()), "somebody had to come back"


def test_pages_elsewhere_converge_while_redis_is_away(cluster: Cluster, evening: Evening) -> None:
    wren, sol = evening.open("Wren", node=0), evening.open("Sol", node=1)
    cluster.redis.stop()
    try:
        for _ in range(2):
            assert wren.tap("request_turn")["ok"]
            evening.until_converged()
            assert wren.tap("withdraw_turn")["ok"]
            evening.until_converged()
    finally:
        cluster.redis.start()

    assert sol.wires == 1
    assert wren.tap("request_turn")["ok"]
    evening.until_converged()


def test_postgres_is_restarted(cluster: Cluster, evening: Evening) -> None:
    with tapping(evening, by_turns) as company:
        cluster.postgres.stop()
        time.sleep(3)
        cluster.postgres.start()
        company.until_more(7)


def _answer(cluster: Cluster) -> int:
    return requests.get(f"{cluster.address}/i/a-link-that-leads-nowhere", timeout=20).status_code
