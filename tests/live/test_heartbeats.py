"""Pings leave in their turn, whoever has gone meanwhile and whatever goes wrong with one of them."""

from __future__ import annotations

import gc

import pytest

from companion.live import heartbeats
from companion.live.heartbeats import AT_A_TIME, Heartbeats


class Clock:
    """The time, which goes on only while somebody sleeps."""

    def __init__(self):
        self.now, self.slept, self.tasks = 100.0, [], []

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


class Page:
    def __init__(self, clock, told, name, trouble=None):
        self.clock, self.told, self.name, self.trouble = clock, told, name, trouble

    def ping(self):
        self.told.append((self.clock.now, self.name))
        if self.trouble:
            raise self.trouble


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(heartbeats.time, "monotonic", made.monotonic)
    monkeypatch.setattr(heartbeats.server, "sleep", made.sleep)
    monkeypatch.setattr(heartbeats.server, "spawn", made.tasks.append)
    return made


def test_each_is_pinged_when_it_is_due_by_one_task(clock):
    told, line = [], Heartbeats(Page.ping)
    pages = [Page(clock, told, name) for name in "abc"]
    for page in pages:
        line.after(8, page)
        clock.now += 1

    assert len(clock.tasks) == 1
    clock.tasks.pop()()
    assert told == [(108.0, "a"), (109.0, "b"), (110.0, "c")]

    line.after(8, pages[0])
    assert len(clock.tasks) == 1, "the task has ended, so there is another"
    clock.tasks.pop()()
    assert told[3:] == [(118.0, "a")]


def test_one_that_has_gone_is_not_kept_and_one_that_fails_stops_nobody(clock, caplog):
    told, line = [], Heartbeats(Page.ping)
    pages = [
        Page(clock, told, "gone"),
        Page(clock, told, "broken", ValueError("a fault of ours")),
        Page(clock, told, "c"),
    ]
    for page in pages:
        line.after(8, page)
    del page, pages[0]
    gc.collect()

    clock.tasks.pop()()

    assert [name for _, name in told] == ["broken", "c"]
    assert "could not be seen to" in caplog.text


def test_many_at_once_leave_room_for_others(clock):
    told, line = [], Heartbeats(Page.ping)
    pages = [Page(clock, told, number) for number in range(3 * AT_A_TIME)]
    for page in pages:
        line.after(8, page)

    clock.tasks.pop()()

    assert [name for _, name in told] == list(range(3 * AT_A_TIME))
    assert len(clock.slept) == 3
