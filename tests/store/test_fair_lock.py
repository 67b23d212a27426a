"""First come, first served; and whoever gives up leaves the line in order."""

from __future__ import annotations

import threading
import time

from companion.store.fair_lock import FairLock


def test_those_who_wait_are_served_in_the_order_in_which_they_came():
    lock, served, threads = FairLock(), [], []
    lock.acquire(1)

    for name in range(8):
        threads.append(start(lambda name=name: take(lock, served, name)))
        wait_until(lambda name=name: len(lock._waiting) == name + 1)
    lock.release()
    join(threads)

    assert served == list(range(8))


def test_whoever_just_released_does_not_jump_the_line():
    lock, served = FairLock(), []
    lock.acquire(1)
    waiting = start(lambda: take(lock, served, "waited"))
    wait_until(lambda: lock._waiting)

    lock.release()
    take(lock, served, "again")
    waiting.join()

    assert served == ["waited", "again"]


def test_one_who_gives_up_leaves_the_line():
    lock, served = FairLock(), []
    lock.acquire(1)

    assert lock.acquire(0.02) is False

    waiting = start(lambda: take(lock, served, "next"))
    wait_until(lambda: lock._waiting)
    lock.release()
    waiting.join()
    assert served == ["next"]
    assert lock.acquire(0.02) is True


def test_only_one_holds_it_at_a_time():
    lock, inside, most = FairLock(), [], []

    def work() -> None:
        for _ in range(200):
            if lock.acquire(0.0005):
                inside.append(1)
                most.append(len(inside))
                inside.pop()
                lock.release()

    join([start(work) for _ in range(8)])

    assert max(most) == 1
    assert lock.acquire(0) is True


def take(lock: FairLock, served: list[object], name: object) -> None:
    assert lock.acquire(5)
    served.append(name)
    lock.release()


def start(work):
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def join(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.join()


def wait_until(true) -> None:
    give_up = time.monotonic() + 5
    while not true():
        assert time.monotonic() < give_up
        time.sleep(0.001)
